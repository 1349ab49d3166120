//! What has several values of one type: IN, ARRAY, CASE; and parts of values.

use super::{Inference, kinds, operand};
use crate::dialect::postgres::expression::node::{Kind, Node, Quantifier};
use crate::dialect::postgres::expression::resolve;
use crate::dialect::postgres::expression::typename::Type;

/// The most nodes that an IN list of other things than constants may become.
const EXPANDED: usize = 20_000;

impl Inference<'_> {
    /// Reads an IN list: an array of its constants, and a comparison for each of the rest.
    pub(super) fn any_of(self, operator: String, value: Node, list: Vec<Node>) -> Node {
        let is_row = matches!(value.kind, Kind::Row(_));
        // Only from two constants on is there an array, before the rest.
        let constants: Vec<&Node> = list.iter().filter(|element| !is_row && is_constant(element)).collect();
        let array = if constants.len() > 1 { self.array_of(&operator, value.clone(), &constants) } else { None };
        let others: Vec<Node> = list.into_iter().filter(|element| array.is_none() || !is_constant(element)).collect();
        let too_large = !others.is_empty() && !value.is_smaller_than((EXPANDED / others.len()).max(2));
        if too_large {
            let list = array.into_iter().chain(others).collect();
            return Node::of(Kind::In(operator, Box::new(value), list), Type::server("bool")).unsure();
        }
        let mut parts: Vec<Node> = array.into_iter().collect();
        parts.extend(others.into_iter().map(|other| self.operator(operator.clone(), vec![value.clone(), other])));
        // What comparing rows made is a chain by itself.
        let flat = |part: Node| match (part.kind, operator.as_str()) {
            (Kind::Or(parts), "=") | (Kind::And(parts), "<>") => parts,
            (kind, _) => vec![Node { kind, data_type: part.data_type, sure: part.sure }],
        };
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let parts = parts.into_iter().flat_map(flat).collect();
        let kind = if operator == "=" { Kind::Or(parts) } else { Kind::And(parts) };
        Node::of(kind, Type::server("bool"))
    }

    /// Compares with an array of constants; `None` where they have no type in common that has an array.
    fn array_of(self, operator: &str, value: Node, constants: &[&Node]) -> Option<Node> {
        let value = self.node(value);
        let constants: Vec<Node> = constants.iter().map(|constant| self.node((*constant).clone())).collect();
        let mut all = vec![operand(&value)];
        all.extend(kinds(&constants));
        if resolve::conflict(&all, self.environment) {
            return None;
        }
        let common = resolve::common(&all, self.environment);
        let (elements, array) = match &common {
            Some(common) => {
                let elements = constants.into_iter().map(|constant| self.coerce(constant, common)).collect();
                (elements, Some(common.array_of()))
            }
            None => (constants, None),
        };
        let sure = array.is_some();
        let array = Node { kind: Kind::Array(elements), data_type: array, sure };
        let quantifier = if operator == "=" { Quantifier::Any } else { Quantifier::All };
        Some(self.quantified(operator.to_owned(), quantifier, value, array))
    }

    pub(super) fn array(self, elements: Vec<Node>) -> Node {
        if elements.is_empty() {
            return Node::new(Kind::Array(elements)).unsure();
        }
        let elements: Vec<Node> = elements.into_iter().map(|element| self.node(element)).collect();
        let nested = elements.iter().any(|element| matches!(element.kind, Kind::Array(_)));
        let (elements, data_type) = self.alike(elements);
        let sure = data_type.is_some();
        let data_type = data_type.map(|element| if nested { element } else { element.array_of() });
        Node { kind: Kind::Array(elements), data_type, sure }
    }

    /// Makes values one type, and returns it.
    pub(super) fn alike(self, values: Vec<Node>) -> (Vec<Node>, Option<Type>) {
        match resolve::common(&kinds(&values), self.environment) {
            Some(common) => {
                let values: Vec<Node> = values.into_iter().map(|value| self.coerce(value, &common)).collect();
                // What restricts all of them restricts the result.
                let first = values.first().and_then(|value| value.data_type.clone());
                let alike = values.iter().all(|value| value.data_type == first);
                (values, if alike && first.is_some() { first } else { Some(common) })
            }
            None => (values, None),
        }
    }

    pub(super) fn case(self, operand: Option<Box<Node>>, arms: Vec<(Node, Node)>, otherwise: Node) -> Node {
        let operand = operand.map(|operand| {
            let operand = self.node(*operand);
            if operand.is_untyped() { self.coerce(operand, &Type::server("text")) } else { operand }
        });
        let mut results = vec![self.node(otherwise)];
        let mut conditions = Vec::with_capacity(arms.len());
        let mut sure = true;
        for (condition, result) in arms {
            let condition = self.node(condition);
            conditions.push(match &operand {
                None => self.coerce(condition, &Type::server("bool")),
                Some(operand) => {
                    let (condition, known) = self.compared(operand, condition);
                    sure &= known;
                    condition
                }
            });
            results.push(self.node(result));
        }
        // The server asks the ELSE first.
        let (results, data_type) = self.alike(results);
        sure &= data_type.is_some();
        let mut results = results.into_iter();
        let otherwise = results.next().unwrap_or_else(|| Node::new(Kind::Row(Vec::new())));
        let kind =
            Kind::Case(operand.map(Box::new), conditions.into_iter().zip(results).collect(), Box::new(otherwise));
        Node { kind, data_type, sure }
    }

    /// Casts what the operand of a CASE is compared with; the operand itself is printed without its cast.
    fn compared(self, value: &Node, condition: Node) -> (Node, bool) {
        let resolved = resolve::operator("=", &kinds(&[value.clone(), condition.clone()]), self.environment);
        match resolved.parameters.as_deref() {
            Some([_, Some(parameter)]) => (self.coerce(condition, parameter), true),
            _ => (condition, false),
        }
    }

    pub(super) fn subscript(self, inner: Node, bounds: Vec<Option<Node>>) -> Node {
        let inner = self.node(inner);
        let slice = bounds.len() > 1;
        let json = inner.data_type.as_ref().is_some_and(|data_type| data_type.is("jsonb"));
        let index = Type::server(if json { "text" } else { "int4" });
        let known = inner.data_type.is_some();
        let bound = |bound: Node| {
            let bound = self.node(bound);
            if known && bound.is_untyped() { self.coerce(bound, &index) } else { bound }
        };
        let bounds = bounds.into_iter().map(|each| each.map(bound)).collect();
        let data_type = inner.data_type.as_ref().and_then(|data_type| match data_type {
            _ if json || slice => Some(data_type.base()),
            array if array.array => Some(array.element()),
            _ => None,
        });
        Node { kind: Kind::Subscript(Box::new(inner), bounds), data_type, sure: known }
    }
}

/// Returns whether an element of an IN list has no column, so that the server takes it into the array.
fn is_constant(node: &Node) -> bool {
    let mut rest = vec![node];
    while let Some(node) = rest.pop() {
        if matches!(node.kind, Kind::Column(_)) {
            return false;
        }
        rest.extend(node.children());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::super::number;
    use super::*;

    #[test]
    fn a_call_without_a_column_is_a_constant() {
        let one = number::token("1").unwrap();
        assert!(is_constant(&Node::new(Kind::Call("f".into(), vec![one]))));
        assert!(!is_constant(&Node::new(Kind::Call("f".into(), vec![Node::new(Kind::Column("a".into()))]))));
    }
}
