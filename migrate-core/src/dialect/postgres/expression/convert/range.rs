//! BETWEEN, IN and LIKE, which the server makes comparisons of.

use sqlparser::ast::{Expr, InTarget};

use super::Converter;
use crate::dialect::postgres::expression::node::{Kind, Node};

/// The largest tree that is copied.
const COPIED: usize = 1000;

impl Converter<'_> {
    pub(super) fn range(&mut self, expression: &Expr) -> Option<Node> {
        match expression {
            Expr::Between { expr, negated, low, high } => {
                let value = self.node(expr)?;
                // It is copied, and may have others in it which were.
                value.is_smaller_than(COPIED).then_some(())?;
                let symmetric = *self.symmetric.next()?;
                let (low, high) = (self.node(low)?, self.node(high)?);
                Some(between(&value, (low, high), *negated, symmetric))
            }
            Expr::In { expr, target: InTarget::List(list), negated, global: false } => {
                let value = self.boxed(expr)?;
                let operator = if *negated { "<>" } else { "=" };
                Some(Node::new(Kind::In(operator.to_owned(), value, self.nodes(list)?)))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(if *negated { "!~~" } else { "~~" }, "like_escape", (expr, pattern, escape_char.as_deref()))
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(if *negated { "!~~*" } else { "~~*" }, "like_escape", (expr, pattern, escape_char.as_deref()))
            }
            Expr::SimilarTo { negated, expr, pattern, escape_char } => {
                let operator = if *negated { "!~" } else { "~" };
                let value = self.node(expr)?;
                let mut arguments = vec![self.node(pattern)?];
                if let Some(escape) = escape_char {
                    arguments.push(self.node(escape)?);
                }
                let pattern = Node::new(Kind::Call("similar_to_escape".into(), arguments));
                Some(Node::new(Kind::Operator(operator.to_owned(), vec![value, pattern])))
            }
            _ => None,
        }
    }

    fn like(&mut self, operator: &str, escaper: &str, parts: (&Expr, &Expr, Option<&Expr>)) -> Option<Node> {
        let (value, pattern, escape) = parts;
        let value = self.node(value)?;
        let mut pattern = self.node(pattern)?;
        if let Some(escape) = escape {
            pattern = Node::new(Kind::Call(escaper.to_owned(), vec![pattern, self.node(escape)?]));
        }
        Some(Node::new(Kind::Operator(operator.to_owned(), vec![value, pattern])))
    }
}

fn between(value: &Node, (low, high): (Node, Node), negated: bool, symmetric: bool) -> Node {
    let compare = |operator: &str, bound: &Node| {
        Node::new(Kind::Operator(operator.to_owned(), vec![value.clone(), bound.clone()]))
    };
    let inside = |low: &Node, high: &Node| vec![compare(">=", low), compare("<=", high)];
    let outside = |low: &Node, high: &Node| vec![compare("<", low), compare(">", high)];
    let pair = |kind| Node::new(kind);
    Node::new(match (negated, symmetric) {
        (false, false) => Kind::And(inside(&low, &high)),
        (true, false) => Kind::Or(outside(&low, &high)),
        (false, true) => Kind::Or(vec![pair(Kind::And(inside(&low, &high))), pair(Kind::And(inside(&high, &low)))]),
        (true, true) => Kind::And(vec![pair(Kind::Or(outside(&low, &high))), pair(Kind::Or(outside(&high, &low)))]),
    })
}
