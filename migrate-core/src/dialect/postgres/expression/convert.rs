//! From sqlparser's tree to ours: every way to write a thing becomes one.

use sqlparser::ast::{AccessExpr, BinaryOperator, DataType, Expr, Ident, ObjectName, Subscript, UnaryOperator, Value};

use super::node::{ALL, ANY, Kind, MARK, Node, Quantifier, Value as Literal};
use super::number;
use super::typename::Type;

mod call;
mod range;

/// The longest chain of subscripts and fields.
const CHAIN: usize = 50;

/// Makes the tree.
pub(super) struct Converter<'t> {
    types: &'t [Type],
    symmetric: std::slice::Iter<'t, bool>,
    depth: usize,
    most: usize,
}

impl<'t> Converter<'t> {
    /// Begins, with the types and the BETWEENs that were found on the way, and how deep the tree may be.
    pub(super) fn new(types: &'t [Type], symmetric: &'t [bool], most: usize) -> Self {
        Self { types, symmetric: symmetric.iter(), depth: 0, most }
    }

    /// Returns whether a tree was given up because of its depth.
    pub(super) fn is_too_deep(&self) -> bool {
        // The way back up was not counted.
        self.depth > self.most
    }

    /// Returns the tree of an expression; `None` is one that has something which is not known here.
    pub(super) fn node(&mut self, expression: &Expr) -> Option<Node> {
        self.depth += 1;
        if self.depth > self.most {
            return None;
        }
        let node = self.any(expression)?;
        self.depth -= 1;
        Some(node)
    }

    fn boxed(&mut self, expression: &Expr) -> Option<Box<Node>> {
        self.node(expression).map(Box::new)
    }

    fn nodes(&mut self, expressions: &[Expr]) -> Option<Vec<Node>> {
        expressions.iter().map(|expression| self.node(expression)).collect()
    }

    fn any(&mut self, expression: &Expr) -> Option<Node> {
        let kind = match expression {
            Expr::Nested(inner) => return self.any(inner),
            Expr::Identifier(name) => Kind::Column(plain(name)?),
            // What stands before is the table, and its schema.
            Expr::CompoundIdentifier(names) => Kind::Column(plain(names.last()?)?),
            Expr::CompoundFieldAccess { root, access_chain } => return self.access(root, access_chain),
            Expr::Value(value) => return literal(&value.value),
            Expr::Cast { expr, data_type, .. } => Kind::Cast(self.boxed(expr)?, self.data_type(data_type)?),
            Expr::IsNull(inner) => Kind::Test("null".into(), self.boxed(inner)?),
            Expr::IsNotNull(inner) => Kind::Test("not null".into(), self.boxed(inner)?),
            Expr::IsTrue(inner) => Kind::Test("true".into(), self.boxed(inner)?),
            Expr::IsNotTrue(inner) => Kind::Test("not true".into(), self.boxed(inner)?),
            Expr::IsFalse(inner) => Kind::Test("false".into(), self.boxed(inner)?),
            Expr::IsNotFalse(inner) => Kind::Test("not false".into(), self.boxed(inner)?),
            Expr::IsUnknown(inner) => Kind::Test("unknown".into(), self.boxed(inner)?),
            Expr::IsNotUnknown(inner) => Kind::Test("not unknown".into(), self.boxed(inner)?),
            Expr::IsDistinctFrom(left, right) => return self.distinct(left, right),
            Expr::IsNotDistinctFrom(left, right) => Kind::Not(Box::new(self.distinct(left, right)?)),
            Expr::In { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. } => {
                return self.range(expression);
            }
            Expr::BinaryOp { op: BinaryOperator::And | BinaryOperator::Or, .. } => return self.chain(expression),
            Expr::BinaryOp { left, op, right } => return self.binary(left, op, right),
            Expr::UnaryOp { op, expr } => return self.unary(op, expr),
            Expr::AtTimeZone { timestamp, time_zone } => return self.at_time_zone(timestamp, time_zone),
            Expr::Collate { expr, collation } => Kind::Collate(self.boxed(expr)?, name(collation)?),
            Expr::Tuple(values) => Kind::Row(self.nodes(values)?),
            Expr::Array(array) => Kind::Array(self.nodes(&array.elem)?),
            Expr::Function(function) => return self.call(function),
            Expr::Case { operand, conditions, else_result, .. } => {
                let operand = match operand {
                    Some(operand) => Some(self.boxed(operand)?),
                    None => None,
                };
                let mut arms = Vec::with_capacity(conditions.len());
                for arm in conditions {
                    arms.push((self.node(&arm.condition)?, self.node(&arm.result)?));
                }
                let otherwise = match else_result {
                    Some(otherwise) => self.node(otherwise)?,
                    None => Node::new(Kind::Literal(Literal::Null)),
                };
                Kind::Case(operand, arms, Box::new(otherwise))
            }
            _ => return None,
        };
        Some(Node::new(kind))
    }

    fn data_type(&self, data_type: &DataType) -> Option<Type> {
        let DataType::Custom(type_name, modifiers) = data_type else { return None };
        if !modifiers.is_empty() {
            return None;
        }
        let place = name(type_name)?.strip_prefix(MARK)?.parse::<usize>().ok()?;
        self.types.get(place).cloned()
    }

    fn distinct(&mut self, left: &Expr, right: &Expr) -> Option<Node> {
        let left = self.boxed(left)?;
        if let Expr::Identifier(predicate) = right {
            if let Some(predicate) = predicate.value.strip_prefix(MARK) {
                return Some(Node::new(Kind::Test(predicate.to_owned(), left)));
            }
        }
        Some(Node::new(Kind::Distinct(left, self.boxed(right)?)))
    }

    /// Flattens a chain of AND or OR without recursion along it.
    fn chain(&mut self, expression: &Expr) -> Option<Node> {
        let Expr::BinaryOp { op: chained, .. } = expression else { return None };
        let mut parts = Vec::new();
        let mut rest = vec![expression];
        while let Some(next) = rest.pop() {
            match next {
                Expr::BinaryOp { left, op, right } if op == chained => rest.extend([&**right, &**left]),
                Expr::Nested(inner) => rest.push(inner),
                other => parts.push(self.node(other)?),
            }
        }
        // A BETWEEN is itself a chain.
        let parts = parts.into_iter().flat_map(|part| match (part.kind, chained) {
            (Kind::And(parts), BinaryOperator::And) | (Kind::Or(parts), BinaryOperator::Or) => parts,
            (kind, _) => vec![Node::new(kind)],
        });
        let parts = parts.collect();
        Some(Node::new(if *chained == BinaryOperator::And { Kind::And(parts) } else { Kind::Or(parts) }))
    }

    fn binary(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Option<Node> {
        // PostgreSQL's own operators before an operand bind more loosely than arithmetic, sqlparser's do not.
        if arithmetic(operator) && ends_in_prefix(left) {
            return None;
        }
        let symbol = symbol(operator)?;
        let left_node = self.node(left)?;
        if let Expr::Function(function) = right {
            let quantifier = match name(&function.name)?.as_str() {
                ANY => Some(Quantifier::Any),
                ALL => Some(Quantifier::All),
                _ => None,
            };
            if let Some(quantifier) = quantifier {
                let mut arguments = self.arguments(function)?;
                let right = arguments.pop().filter(|_| arguments.is_empty())?;
                return Some(Node::new(Kind::Quantified(symbol, quantifier, Box::new(left_node), Box::new(right))));
            }
        }
        let right_node = self.node(right)?;
        Some(Node::new(Kind::Operator(symbol, vec![left_node, right_node])))
    }

    fn unary(&mut self, operator: &UnaryOperator, operand: &Expr) -> Option<Node> {
        let symbol = match operator {
            UnaryOperator::Not => return Some(Node::new(Kind::Not(self.boxed(operand)?))),
            UnaryOperator::Plus => "+",
            UnaryOperator::Minus => "-",
            UnaryOperator::BitwiseNot => "~",
            UnaryOperator::PGAbs => "@",
            UnaryOperator::PGSquareRoot => "|/",
            UnaryOperator::PGCubeRoot => "||/",
            _ => return None,
        };
        // A sign binds more tightly than these, but sqlparser takes them into its operand.
        let sign = symbol == "-" || symbol == "+";
        let taken = matches!(operand, Expr::Collate { .. } | Expr::AtTimeZone { .. })
            || matches!(operand, Expr::BinaryOp { op: BinaryOperator::PGExp, .. });
        if sign && taken {
            return None;
        }
        let node = self.node(operand)?;
        Some(Node::new(Kind::Operator(symbol.to_owned(), vec![node])))
    }

    fn at_time_zone(&mut self, time: &Expr, zone: &Expr) -> Option<Node> {
        let time = self.node(time)?;
        let arguments = match zone {
            Expr::Identifier(local) if local.value.starts_with(MARK) => vec![time],
            zone => vec![self.node(zone)?, time],
        };
        Some(Node::new(Kind::Call("timezone".into(), arguments)))
    }

    fn access(&mut self, root: &Expr, chain: &[AccessExpr]) -> Option<Node> {
        let mut node = self.node(root)?;
        if chain.len() > CHAIN {
            return None;
        }
        let named = matches!(root, Expr::Identifier(_));
        for (at, access) in chain.iter().enumerate() {
            let kind = match access {
                // `t.a[1]` is a column of a table, `(k).a` a field of a column.
                AccessExpr::Dot(Expr::Identifier(name)) if named && at == 0 => Kind::Column(plain(name)?),
                AccessExpr::Dot(Expr::Identifier(name)) => Kind::Field(Box::new(node), plain(name)?),
                AccessExpr::Subscript(Subscript::Index { index }) => {
                    Kind::Subscript(Box::new(node), vec![Some(self.node(index)?)])
                }
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride: None }) => {
                    let mut bounds = Vec::with_capacity(2);
                    for bound in [lower_bound, upper_bound] {
                        bounds.push(match bound {
                            Some(bound) => Some(self.node(bound)?),
                            None => None,
                        });
                    }
                    Kind::Subscript(Box::new(node), bounds)
                }
                _ => return None,
            };
            node = Node::new(kind);
        }
        Some(node)
    }
}

/// Returns a name; those that stand for something else are none.
fn plain(name: &Ident) -> Option<String> {
    (!name.value.starts_with(MARK)).then(|| name.value.clone())
}

fn name(name: &ObjectName) -> Option<String> {
    let parts: Option<Vec<&str>> = name.0.iter().map(|part| Some(part.as_ident()?.value.as_str())).collect();
    let parts = parts?;
    let parts = if parts.len() > 1 && parts[0] == "pg_catalog" { &parts[1..] } else { &parts };
    Some(parts.join("."))
}

fn literal(value: &Value) -> Option<Node> {
    let untyped = |value| Some(Node::new(Kind::Literal(value)));
    match value {
        Value::Null => untyped(Literal::Null),
        Value::SingleQuotedString(text) => untyped(Literal::Text(text.clone())),
        Value::Boolean(value) => Some(Node::literal(if *value { "t" } else { "f" }, Type::server("bool"))),
        Value::Number(text, _) => number::token(text),
        _ => None,
    }
}

fn symbol(operator: &BinaryOperator) -> Option<String> {
    let symbol = match operator {
        BinaryOperator::Eq => "=",
        BinaryOperator::NotEq => "<>",
        BinaryOperator::Lt => "<",
        BinaryOperator::Gt => ">",
        BinaryOperator::LtEq => "<=",
        BinaryOperator::GtEq => ">=",
        BinaryOperator::Plus => "+",
        BinaryOperator::Minus => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::PGExp => "^",
        BinaryOperator::Overlaps => "overlaps",
        BinaryOperator::Custom(symbol) => symbol,
        _ => return None,
    };
    Some(symbol.to_owned())
}

fn arithmetic(operator: &BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::PGExp
    )
}

/// Returns whether the last operand, outside of brackets, has one of PostgreSQL's own operators before it.
fn ends_in_prefix(expression: &Expr) -> bool {
    let mut last = expression;
    loop {
        last = match last {
            Expr::BinaryOp { right, .. } => right,
            Expr::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus, expr } => expr,
            Expr::UnaryOp { op, .. } => return *op != UnaryOperator::Not,
            _ => return false,
        };
    }
}
