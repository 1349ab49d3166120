//! Calls.

use super::{Inference, kinds};
use crate::dialect::postgres::expression::catalog;
use crate::dialect::postgres::expression::node::{Kind, MARK, Node, VARIADIC};
use crate::dialect::postgres::expression::resolve;
use crate::dialect::postgres::expression::typename::Type;

impl Inference<'_> {
    pub(super) fn call(self, name: String, arguments: Vec<Node>) -> Node {
        let name = self.visible_name(name);
        let arguments: Vec<Node> = arguments.into_iter().map(|argument| self.node(argument)).collect();
        if let Some(keyword) = name.strip_prefix(MARK) {
            return self.keyword(keyword, name.clone(), arguments);
        }
        if arguments.iter().any(|argument| matches!(argument.kind, Kind::Named(..))) {
            return self.with_names(name, arguments);
        }
        if let [argument] = &arguments[..] {
            if let Some(data_type) = self.function_cast(&name, argument) {
                return self.cast_node(argument.clone(), data_type);
            }
        }
        let resolved = resolve::function(&name, &kinds(&arguments), self.environment);
        self.applied(arguments, resolved, |arguments| Kind::Call(name, arguments))
    }

    fn visible_name(self, name: String) -> String {
        match name.split_once('.') {
            Some((schema, function)) if self.environment.searches(schema) => function.to_owned(),
            _ => name,
        }
    }

    /// Returns the type that a function's name is, where the call is a cast to it.
    ///
    /// As `func_get_detail`: no function takes exactly this type, and the cast needs none.
    fn function_cast(self, name: &str, argument: &Node) -> Option<Type> {
        let to = Type::server(name);
        if !catalog::is_type(name) {
            return None;
        }
        if argument.is_untyped() {
            return Some(to);
        }
        let from = self.environment.below(argument.data_type.as_ref()?).base();
        let exact = catalog::functions(name).iter().any(|function| function.parameters == [from.clone()]);
        if exact || from.array || from.schema.is_some() {
            return None;
        }
        let needs_none = from.name == name
            || match catalog::cast(&from.name, name) {
                Some(cast) => !cast.function,
                // By the text of the value, to a string or from one.
                None => {
                    [&from.name[..], name].iter().any(|name| catalog::category(name).is_some_and(|(c, _)| c == 'S'))
                }
            };
        needs_none.then_some(to)
    }

    /// Infers a function that is called with names of parameters, or with `VARIADIC`.
    fn with_names(self, name: String, mut arguments: Vec<Node>) -> Node {
        let variadic = |argument: &Node| matches!(&argument.kind, Kind::Named(name, _) if name == VARIADIC);
        let results: Vec<&Type> = catalog::functions(&name).iter().map(|function| &function.result).collect();
        let result = match &results[..] {
            [first, rest @ ..] if rest.iter().all(|other| other == first) && !first.name.starts_with("any") => {
                Some((*first).clone())
            }
            _ => None,
        };
        if !arguments.iter().any(variadic) {
            // The order of named arguments is free.
            arguments.sort_by(|left, right| match (&left.kind, &right.kind) {
                (Kind::Named(left, _), Kind::Named(right, _)) => left.cmp(right),
                (Kind::Named(..), _) => std::cmp::Ordering::Greater,
                (_, Kind::Named(..)) => std::cmp::Ordering::Less,
                _ => std::cmp::Ordering::Equal,
            });
        }
        Node { kind: Kind::Call(name, arguments), data_type: result, sure: false }
    }

    /// Infers what the grammar has a keyword for.
    fn keyword(self, keyword: &str, name: String, mut arguments: Vec<Node>) -> Node {
        match keyword {
            "coalesce" | "greatest" | "least" => {
                let (arguments, data_type) = self.alike(arguments);
                let sure = data_type.is_some();
                Node { kind: Kind::Call(name, arguments), data_type, sure }
            }
            "nullif" if arguments.len() == 2 => {
                let resolved = resolve::operator("=", &kinds(&arguments), self.environment);
                let mut node =
                    self.applied(std::mem::take(&mut arguments), resolved, |values| Kind::Call(name, values));
                node.data_type = match &node.kind {
                    Kind::Call(_, values) => values[0].data_type.clone(),
                    _ => None,
                };
                node
            }
            _ => {
                let data_type = match keyword {
                    "current_date" => "date",
                    "current_time" => "timetz",
                    "current_timestamp" => "timestamptz",
                    "localtime" => "time",
                    "localtimestamp" => "timestamp",
                    _ => "name",
                };
                // `current_catalog` and its like are of type name, `system_user` is text.
                let text = keyword == "system_user" || keyword.starts_with("xmlserialize");
                let data_type = if text { "text" } else { data_type };
                Node::of(Kind::Call(name, arguments), Type::server(data_type))
            }
        }
    }
}
