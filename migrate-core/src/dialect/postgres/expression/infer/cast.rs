//! Casts, those that are written and those that the server adds.

use super::{Inference, typed};
use crate::dialect::postgres::expression::catalog;
use crate::dialect::postgres::expression::literal::restrict_interval;
use crate::dialect::postgres::expression::node::{Kind, Node, Value};
use crate::dialect::postgres::expression::typename::Type;

impl Inference<'_> {
    /// Reads a cast that is written.
    pub(super) fn cast(self, inner: Node, data_type: Type) -> Node {
        if let (Kind::Array(elements), true) = (&inner.kind, data_type.array) {
            // The elements become the array's type one by one.
            let element = data_type.element();
            let cast = |value: &Node| match &value.kind {
                Kind::Array(_) => self.cast(value.clone(), data_type.clone()),
                _ => self.cast(value.clone(), element.clone()),
            };
            let elements = elements.iter().map(cast).collect();
            return Node::of(Kind::Array(elements), data_type.base());
        }
        let inner = self.node(inner);
        self.cast_node(inner, data_type)
    }

    /// Casts what has its type already.
    pub(super) fn cast_node(self, inner: Node, data_type: Type) -> Node {
        if inner.is_untyped() && data_type.is("unknown") {
            return inner;
        }
        if inner.is_untyped() {
            let below = self.environment.below(&data_type);
            let literal = self.literal(inner, if below == data_type { &data_type } else { &below });
            return if below == data_type { literal } else { cast(literal, data_type) };
        }
        // A cast to the type that a value has already is none, but one that takes its modifier away is.
        if inner.data_type.as_ref() == Some(&data_type) {
            return inner;
        }
        if let Kind::Collate(collated, name) = inner.kind {
            return self.cast_collated(*collated, name, inner.data_type, data_type);
        }
        // The text of a string is the same with either type.
        if let (Kind::Literal(Value::Known(text)), Some(from)) = (&inner.kind, &inner.data_type) {
            if from.is("varchar") && data_type.is("text") {
                return Node::literal(text.clone(), data_type);
            }
            // It is printed as a literal of the type, whose text still has what the fields cut off.
            if let (true, true, Some(fields)) = (from.is("interval"), data_type.is("interval"), &data_type.modifier) {
                if let Some(text) = restrict_interval(text, fields) {
                    return Node::literal(text, data_type);
                }
            }
        }
        let sure = inner.data_type.is_some();
        let mut node = cast(inner, data_type);
        node.sure = sure;
        node
    }

    /// Casts below a COLLATE, which only the type of a string keeps.
    fn cast_collated(self, collated: Node, name: String, from: Option<Type>, to: Type) -> Node {
        let below = self.environment.below(&to).element();
        if below.is_one_of(&["text", "varchar", "bpchar", "name"]) {
            let node = self.cast_node(collated, to);
            return Node { data_type: node.data_type.clone(), sure: true, kind: Kind::Collate(Box::new(node), name) };
        }
        if catalog::is_type(&below.name) {
            return self.cast_node(collated, to);
        }
        let collated = Node { data_type: from, sure: true, kind: Kind::Collate(Box::new(collated), name) };
        cast(collated, to).unsure()
    }

    /// Makes a literal of a type; a modifier is a cast of its own.
    fn literal(self, node: Node, data_type: &Type) -> Node {
        let value = match node.kind {
            Kind::Literal(value) => value,
            Kind::Collate(inner, name) => {
                let inner = self.literal(*inner, data_type);
                return Node {
                    data_type: inner.data_type.clone(),
                    sure: true,
                    kind: Kind::Collate(Box::new(inner), name),
                };
            }
            _ => return node,
        };
        // The server reads an interval with its modifier at once.
        if data_type.modifier.is_none() || data_type.is("interval") {
            return typed(value, data_type.clone(), self.environment);
        }
        cast(typed(value, data_type.base(), self.environment), data_type.clone())
    }

    /// Makes a value one of another type, as the server does unasked.
    pub(super) fn coerce(self, node: Node, to: &Type) -> Node {
        if node.is_untyped() {
            return self.literal(node, to);
        }
        let Some(from) = &node.data_type else { return node };
        if from.base() == to.base() {
            return node;
        }
        match node.kind {
            Kind::Array(elements) if to.array => {
                let element = to.element();
                let elements = elements.into_iter().map(|value| match value.kind {
                    Kind::Array(_) => self.coerce(value, to),
                    _ => self.coerce(value, &element),
                });
                Node::of(Kind::Array(elements.collect()), to.clone())
            }
            kind => self.cast_node(Node { kind, ..node }, to.clone()),
        }
    }
}

fn cast(inner: Node, data_type: Type) -> Node {
    Node::of(Kind::Cast(Box::new(inner), data_type.clone()), data_type)
}
