//! Calls of functions.

use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::{Converter, name};
use crate::dialect::postgres::expression::node::{ALL, ANY, Kind, MARK, Node, VARIADIC};

impl Converter<'_> {
    pub(super) fn call(&mut self, function: &Function) -> Option<Node> {
        let arguments = self.arguments(function)?;
        let called = name(&function.name)?;
        // Only the right side of an operator can be one, and its operator takes it without asking here.
        if called == ANY || called == ALL {
            return None;
        }
        if called.strip_prefix(MARK) == Some("row") {
            return Some(Node::new(Kind::Row(arguments)));
        }
        Some(Node::new(Kind::Call(called, arguments)))
    }

    pub(super) fn arguments(&mut self, function: &Function) -> Option<Vec<Node>> {
        let simple = function.filter.is_none()
            && function.over.is_none()
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && function.parameters == FunctionArguments::None;
        let FunctionArguments::List(list) = &function.args else { return None };
        if !simple || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return None;
        }
        let mut arguments = Vec::with_capacity(list.args.len());
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => arguments.push(self.node(value)?),
                FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => {
                    self.named(&mut arguments, &name.value, value)?;
                }
                FunctionArg::ExprNamed { name: Expr::Identifier(name), arg: FunctionArgExpr::Expr(value), .. } => {
                    self.named(&mut arguments, &name.value, value)?;
                }
                _ => return None,
            }
        }
        Some(arguments)
    }

    fn named(&mut self, arguments: &mut Vec<Node>, name: &str, value: &Expr) -> Option<()> {
        let value = self.node(value)?;
        match (name, value.kind) {
            // The server collects the last arguments of a variadic function in an array and prints it.
            (VARIADIC, Kind::Array(elements)) => arguments.extend(elements),
            (name, kind) => {
                let value = Box::new(Node { kind, data_type: value.data_type, sure: value.sure });
                arguments.push(Node::new(Kind::Named(name.to_owned(), value)));
            }
        }
        Some(())
    }
}
