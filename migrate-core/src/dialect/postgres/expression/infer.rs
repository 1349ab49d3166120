//! Types and implicit casts, put into a tree as the server does when it reads the expression.
//!
//! What a migration wrote gets the casts that the server prints; what the server printed has them already and only
//! gets its types. Where a type is not known the casts stay as they are written, and the node is marked as unsure.

use std::cell::Cell;

use super::environment::Environment;
use super::literal::{Canonical, canonical};
use super::node::{Kind, Node, Quantifier, Value};
use super::number;
use super::resolve::{self, Operand, Resolved};
use super::typename::Type;

mod call;
mod cast;
mod compound;

/// Puts types and casts into trees.
#[derive(Clone, Copy)]
pub(super) struct Inference<'e> {
    environment: &'e Environment,
    /// How many nodes are still looked at: an IN list of columns copies what it compares.
    budget: &'e Cell<usize>,
}

impl<'e> Inference<'e> {
    /// Begins with what is known of the schema.
    pub(super) fn new(environment: &'e Environment, budget: &'e Cell<usize>) -> Self {
        Self { environment, budget }
    }

    /// Returns the tree of an expression that stands alone.
    pub(super) fn whole(self, node: Node) -> Node {
        let node = self.node(node);
        match self.environment.target_type() {
            Some(target) if node.is_untyped() => self.coerce(node, &target),
            // The fields of an interval go with it into a column that has none.
            Some(target) if target == Type::server("interval") => match (&node.kind, &node.data_type) {
                (Kind::Literal(_), Some(data_type)) if data_type.is("interval") => {
                    Node { data_type: Some(target), ..node }
                }
                _ => node,
            },
            _ => node,
        }
    }

    fn node(self, node: Node) -> Node {
        let Some(budget) = self.budget.get().checked_sub(1) else { return node.unsure() };
        self.budget.set(budget);
        let boolean = Type::server("bool");
        match node.kind {
            Kind::Column(name) => {
                Node { data_type: self.environment.column_type(&name), sure: true, kind: Kind::Column(name) }
            }
            Kind::Literal(value) => Node { kind: Kind::Literal(value), ..node },
            Kind::Cast(inner, data_type) => self.cast(*inner, self.environment.visible(data_type)),
            Kind::Call(name, arguments) => self.call(name, arguments),
            Kind::Named(name, inner) => {
                let inner = self.node(*inner);
                Node { data_type: inner.data_type.clone(), sure: false, kind: Kind::Named(name, Box::new(inner)) }
            }
            Kind::Operator(name, operands) => self.operator(name, operands),
            Kind::And(parts) => Node::of(Kind::And(self.conditions(parts)), boolean),
            Kind::Or(parts) => Node::of(Kind::Or(self.conditions(parts)), boolean),
            Kind::Not(inner) => {
                let inner = self.node(*inner);
                if let Some(test) = self.turned(&inner) {
                    return test;
                }
                Node::of(Kind::Not(Box::new(self.coerce(inner, &boolean))), boolean)
            }
            Kind::Test(what, inner) => self.test(what, *inner),
            Kind::Distinct(left, right) => self.distinct(*left, *right),
            Kind::Quantified(name, quantifier, left, right) => {
                self.quantified(name, quantifier, self.node(*left), self.node(*right))
            }
            Kind::In(operator, value, list) => self.any_of(operator, *value, list),
            Kind::Array(elements) => self.array(elements),
            Kind::Row(values) => {
                let values = values.into_iter().map(|value| self.node(value)).collect();
                Node::of(Kind::Row(values), Type::server("record"))
            }
            Kind::Case(operand, arms, otherwise) => self.case(operand, arms, *otherwise),
            Kind::Subscript(inner, bounds) => self.subscript(*inner, bounds),
            Kind::Field(inner, name) => Node::new(Kind::Field(Box::new(self.node(*inner)), name)),
            Kind::Collate(inner, name) => {
                let inner = self.node(*inner);
                Node { data_type: inner.data_type.clone(), sure: true, kind: Kind::Collate(Box::new(inner), name) }
            }
        }
    }

    fn conditions(self, parts: Vec<Node>) -> Vec<Node> {
        let boolean = Type::server("bool");
        parts.into_iter().map(|part| self.coerce(self.node(part), &boolean)).collect()
    }

    fn test(self, what: String, inner: Node) -> Node {
        let inner = self.node(inner);
        let boolean = Type::server("bool");
        if what.ends_with("null") {
            // The one place where a literal stays without a type.
            return Node::of(Kind::Test(what, Box::new(inner)), boolean);
        }
        let of =
            if what.contains("json") || what.contains("normalized") { Type::server("text") } else { boolean.clone() };
        let inner = if inner.is_untyped() { self.coerce(inner, &of) } else { inner };
        Node::of(Kind::Test(what, Box::new(inner)), boolean)
    }

    /// Returns NOT (value IS NOT NULL) as what it is, IS NULL.
    fn turned(self, node: &Node) -> Option<Node> {
        let Kind::Test(what, inner) = &node.kind else { return None };
        let turned = match what.as_str() {
            "null" => "not null",
            "not null" => "null",
            _ => return None,
        };
        let node = Node::of(Kind::Test(turned.into(), inner.clone()), Type::server("bool"));
        (inner.is_untyped() || self.is_scalar(inner)).then_some(node)
    }

    /// Returns whether a value is no composite one, of which IS NOT NULL is not the opposite of IS NULL.
    fn is_scalar(self, node: &Node) -> bool {
        node.data_type.as_ref().is_some_and(|data_type| {
            super::catalog::is_type(&data_type.name)
                || self.environment.is_domain(data_type)
                || self.environment.is_enumeration(data_type)
        })
    }

    fn operator(self, name: String, operands: Vec<Node>) -> Node {
        if let [left, right] = &operands[..] {
            if let (Kind::Row(left), Kind::Row(right)) = (&left.kind, &right.kind) {
                if left.len() == right.len() && (name == "=" || name == "<>") {
                    return self.rows(&name, left.clone(), right.clone());
                }
            }
        }
        let operands: Vec<Node> = operands.into_iter().map(|operand| self.node(operand)).collect();
        if let ("-", [operand]) = (name.as_str(), &operands[..]) {
            if let Some(negative) = negative(operand) {
                return negative;
            }
        }
        let resolved = resolve::operator(&name, &kinds(&operands), self.environment);
        self.applied(operands, resolved, |operands| Kind::Operator(name, operands))
    }

    /// Compares rows column by column.
    fn rows(self, operator: &str, left: Vec<Node>, right: Vec<Node>) -> Node {
        let pairs = left.into_iter().zip(right);
        let parts = pairs.map(|(left, right)| self.operator(operator.to_owned(), vec![left, right])).collect();
        let kind = if operator == "=" { Kind::And(parts) } else { Kind::Or(parts) };
        Node::of(kind, Type::server("bool"))
    }

    fn distinct(self, left: Node, right: Node) -> Node {
        let boolean = Type::server("bool");
        if let (Kind::Row(left), Kind::Row(right)) = (&left.kind, &right.kind) {
            if left.len() == right.len() {
                let pairs = left.iter().cloned().zip(right.iter().cloned());
                let parts = pairs.map(|(left, right)| self.distinct(left, right)).collect();
                return Node::of(Kind::Or(parts), boolean);
            }
        }
        let (left, right) = (self.node(left), self.node(right));
        let is_null = |node: &Node| node.is_untyped() && node.is_null();
        let (left, right) = if is_null(&left) && !is_null(&right) { (right, left) } else { (left, right) };
        if is_null(&right) && (left.is_untyped() || self.is_scalar(&left)) {
            return Node::of(Kind::Test("not null".into(), Box::new(left)), boolean);
        }
        let resolved = resolve::operator("=", &kinds(&[left.clone(), right.clone()]), self.environment);
        self.applied(vec![left, right], resolved, |operands| {
            let mut operands = operands.into_iter();
            match (operands.next(), operands.next()) {
                (Some(left), Some(right)) => Kind::Distinct(Box::new(left), Box::new(right)),
                _ => Kind::Row(Vec::new()),
            }
        })
    }

    /// Casts the operands of ANY or ALL, which have their types already.
    fn quantified(self, name: String, quantifier: Quantifier, left: Node, right: Node) -> Node {
        let element = match &right.data_type {
            Some(array) if array.array => Operand::Of(array.element()),
            Some(_) => Operand::Unknown,
            None if right.is_untyped() => Operand::Literal,
            None => Operand::Unknown,
        };
        let resolved = resolve::operator(&name, &[operand(&left), element], self.environment);
        let Some([Some(of_left), Some(of_right)]) = resolved.parameters.as_deref() else {
            let kind = Kind::Quantified(name, quantifier, Box::new(left), Box::new(right));
            return Node::of(kind, Type::server("bool")).unsure();
        };
        let (left, right) = (self.coerce(left, of_left), self.coerce(right, &of_right.array_of()));
        Node::of(Kind::Quantified(name, quantifier, Box::new(left), Box::new(right)), Type::server("bool"))
    }

    /// Casts the operands as was resolved.
    fn applied(self, operands: Vec<Node>, resolved: Resolved, kind: impl FnOnce(Vec<Node>) -> Kind) -> Node {
        let Some(parameters) = resolved.parameters else {
            return Node { kind: kind(operands), data_type: resolved.result, sure: false };
        };
        let mut parameters = parameters.into_iter();
        let operands = operands
            .into_iter()
            .map(|operand| match parameters.next().flatten() {
                Some(parameter) => self.coerce(operand, &parameter),
                None => operand,
            })
            .collect();
        Node { kind: kind(operands), data_type: resolved.result, sure: true }
    }
}

fn operand(node: &Node) -> Operand {
    match &node.data_type {
        Some(data_type) => Operand::Of(data_type.clone()),
        None if node.is_untyped() => Operand::Literal,
        None => Operand::Unknown,
    }
}

fn kinds(nodes: &[Node]) -> Vec<Operand> {
    nodes.iter().map(operand).collect()
}

/// Returns a number with its sign, which the server puts into the literal.
fn negative(operand: &Node) -> Option<Node> {
    let (Kind::Literal(Value::Known(text)), Some(data_type)) = (&operand.kind, &operand.data_type) else { return None };
    data_type.is_one_of(&["int4", "int8", "numeric"]).then(|| Node::literal(number::negate(text), data_type.clone()))
}

/// Returns a literal in the canonical text of its type.
fn typed(value: Value, data_type: Type, environment: &Environment) -> Node {
    let value = match value {
        Value::Text(text) => match canonical(&text, &data_type, environment) {
            Canonical::Known(text) => Value::Known(text),
            Canonical::Unknown(_) => Value::Text(text),
        },
        other => other,
    };
    Node::of(Kind::Literal(value), data_type)
}
