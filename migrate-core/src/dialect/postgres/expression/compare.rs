//! Two trees, node by node.
//!
//! Inference has put the same casts into both where it knew the types. What is left to this file is where it did not:
//! (a) a literal without a type is the one that stands on the other side, if that type makes the same of both texts;
//! (b) a cast that only the printed text has may be the server's own, (c) one that only the typed text has may have
//! been to the type that the value had. The second and third cannot be told without the types.

use super::catalog;
use super::environment::Environment;
use super::literal::{Canonical, canonical};
use super::node::{Kind, Node, Value};
use super::typename::Type;
use crate::dialect::Verdict;

/// Compares what a migration wrote with what a server prints, or two of either.
pub(super) struct Comparison<'e> {
    pub(super) environment: &'e Environment,
}

/// Whether the casts of an operand are as the server makes them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Casts {
    Settled,
    Unsettled,
}

impl Comparison<'_> {
    pub(super) fn trees(&self, typed: &Node, printed: &Node) -> Verdict {
        self.node(typed, printed, Casts::Settled)
    }

    fn node(&self, typed: &Node, printed: &Node, casts: Casts) -> Verdict {
        // A cast of an array is one of its elements.
        let inherited = casts == Casts::Unsettled && matches!(typed.kind, Kind::Array(_));
        let below = if typed.sure && printed.sure && !inherited { Casts::Settled } else { Casts::Unsettled };
        match (&typed.kind, &printed.kind) {
            (Kind::Literal(left), Kind::Literal(right)) => self.literals((left, typed), (right, printed), casts),
            (Kind::Cast(left, to), Kind::Cast(right, other)) if to == other => self.node(left, right, Casts::Settled),
            (Kind::Cast(left, to), Kind::Cast(right, other)) if to.name == other.name && to.array == other.array => {
                both(self.types(to, other), || self.node(left, right, Casts::Settled))
            }
            (Kind::Call(name, arguments), Kind::Cast(inner, to))
            | (Kind::Cast(inner, to), Kind::Call(name, arguments))
                if *name == to.name && arguments.len() == 1 =>
            {
                let skip = Verdict::Skip(format!("whether the call of {name} is a cast depends on a type"));
                both(skip, || self.node(&arguments[0], inner, Casts::Unsettled))
            }
            (Kind::Literal(_), Kind::Cast(inner, to)) | (Kind::Cast(inner, to), Kind::Literal(_))
                if matches!(inner.kind, Kind::Literal(_)) && self.may_be_domain(typed, printed, to) =>
            {
                Verdict::Skip(format!("whether {to} is a domain is not known"))
            }
            (Kind::Field(_, name), Kind::Cast(_, to)) if *name == to.name => {
                Verdict::Skip(format!("whether the field {name} is a cast depends on a type"))
            }
            (_, Kind::Cast(inner, to)) => self.extra(self.node(typed, inner, casts), typed, to, casts),
            (Kind::Cast(inner, to), _) => self.extra(self.node(inner, printed, casts), inner, to, casts),
            (Kind::Distinct(left, null), Kind::Test(test, right)) if test == "not null" && null.is_null() => {
                let skip = Verdict::Skip("IS DISTINCT FROM NULL depends on a type".into());
                both(skip, || self.node(left, right, below))
            }
            (Kind::In(..), _) | (_, Kind::In(..)) => Verdict::Skip("a list is too long to be compared".into()),
            _ => self.shape(typed, printed, below),
        }
    }

    /// Returns whether a literal of this type may be one of the type below a domain, with a cast.
    fn may_be_domain(&self, typed: &Node, printed: &Node, to: &Type) -> bool {
        let unknown = !catalog::is_type(&to.name) && !self.environment.is_enumeration(to);
        let same = |node: &Node| {
            node.data_type.as_ref().is_some_and(|of| !matches!(self.types(of, to), Verdict::Different(_)))
        };
        unknown && same(typed) && same(printed)
    }

    /// Compares nodes that must be alike.
    fn shape(&self, typed: &Node, printed: &Node, casts: Casts) -> Verdict {
        let head = match (&typed.kind, &printed.kind) {
            (Kind::Column(left), Kind::Column(right)) => words("the column", left, right),
            (Kind::Call(left, _), Kind::Call(right, _)) => names("the function", left, right),
            (Kind::Operator(left, _), Kind::Operator(right, _)) => names("the operator", left, right),
            (Kind::Named(left, _), Kind::Named(right, _)) => words("the parameter", left, right),
            (Kind::Test(left, _), Kind::Test(right, _)) => words("the test", left, right),
            (Kind::Field(_, left), Kind::Field(_, right)) => words("the field", left, right),
            (Kind::Collate(_, left), Kind::Collate(_, right)) => names("the collation", left, right),
            (Kind::Quantified(left, one, ..), Kind::Quantified(right, other, ..)) if one == other => {
                names("the operator", left, right)
            }
            (Kind::Subscript(_, left), Kind::Subscript(_, right))
                if left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.is_some() == r.is_some()) =>
            {
                Verdict::Equal
            }
            (Kind::Case(left, ..), Kind::Case(right, ..)) if left.is_some() == right.is_some() => Verdict::Equal,
            (Kind::And(_), Kind::And(_))
            | (Kind::Or(_), Kind::Or(_))
            | (Kind::Not(_), Kind::Not(_))
            | (Kind::Distinct(..), Kind::Distinct(..))
            | (Kind::Array(_), Kind::Array(_))
            | (Kind::Row(_), Kind::Row(_)) => Verdict::Equal,
            (left, right) => Verdict::Different(format!("one has {}, the other {}", what(left), what(right))),
        };
        let (left, right) = (typed.children(), printed.children());
        if left.len() != right.len() {
            let reason = format!("{} has {} parts, the other {}", what(&typed.kind), left.len(), right.len());
            return both(head, || Verdict::Different(reason));
        }
        // A comparison by a tree of another shape takes its casts as they are.
        let chain = matches!(typed.kind, Kind::And(_) | Kind::Or(_) | Kind::Not(_));
        let casts = if chain { Casts::Settled } else { casts };
        let pairs = left.into_iter().zip(right);
        pairs.fold(head, |verdict, (left, right)| both(verdict, || self.node(left, right, casts)))
    }

    /// Judges a cast that only one side has; `rest` is what the comparison without it says.
    fn extra(&self, rest: Verdict, value: &Node, to: &Type, casts: Casts) -> Verdict {
        if matches!(rest, Verdict::Different(_)) {
            return rest;
        }
        let settled = casts == Casts::Settled && value.data_type.is_some();
        let unseen = value.data_type.as_ref().is_some_and(|from| {
            // The value is the same with either type.
            to.modifier.is_none()
                && ((from.is("varchar") && to.is("text"))
                    || (self.environment.is_domain(from) && self.environment.below(from).base() == *to))
        });
        if settled {
            Verdict::Different(format!("only one has a cast to {to}"))
        } else if unseen {
            rest
        } else {
            Verdict::Skip(format!("whether a cast to {to} is the server's own depends on a type"))
        }
    }

    fn literals(&self, (left, typed): (&Value, &Node), (right, printed): (&Value, &Node), casts: Casts) -> Verdict {
        // The server makes text of a varchar without a trace in the value.
        let strings = |one: &Type| one.modifier.is_none() && one.is_one_of(&["varchar", "text"]);
        match (&typed.data_type, &printed.data_type) {
            (Some(one), Some(other)) if one == other => values(left, right, one),
            // What the fields cut off is cut off in the value.
            (Some(one), Some(other)) if one.is("interval") && other.is("interval") => values(left, right, one),
            (Some(one), Some(other)) if casts == Casts::Unsettled && strings(one) && strings(other) => {
                values(left, right, other)
            }
            (Some(one), Some(other)) => both(self.types(one, other), || values(left, right, one)),
            (None, Some(of)) => values(&self.read(left, of), right, of),
            (Some(of), None) => values(left, &self.read(right, of), of),
            (None, None) => match (left, right) {
                (left, right) if left == right => Verdict::Equal,
                (Value::Text(left), Value::Text(right)) if loose(left) == loose(right) => {
                    Verdict::Skip(format!("whether '{left}' is '{right}' depends on a type"))
                }
                _ => different(left, right),
            },
        }
    }

    /// Reads a literal without a type as one of a type.
    fn read(&self, value: &Value, data_type: &Type) -> Value {
        match value {
            Value::Text(text) => match canonical(text, data_type, self.environment) {
                Canonical::Known(text) => Value::Known(text),
                Canonical::Unknown(_) => Value::Text(text.clone()),
            },
            other => other.clone(),
        }
    }

    fn types(&self, left: &Type, right: &Type) -> Verdict {
        let same = left.name == right.name && left.array == right.array && left.modifier == right.modifier;
        if !same {
            return Verdict::Different(format!("one has the type {left}, the other {right}"));
        }
        if left.schema == right.schema {
            return Verdict::Equal;
        }
        if left.schema.is_some() && right.schema.is_some() {
            return Verdict::Different(format!("one has the type {left}, the other {right}"));
        }
        Verdict::Skip(format!("whether {left} is {right} depends on the search path"))
    }
}

/// Returns the worse of two verdicts; the second is asked only if it matters.
fn both(first: Verdict, second: impl FnOnce() -> Verdict) -> Verdict {
    match first {
        Verdict::Equal => second(),
        Verdict::Different(_) => first,
        Verdict::Skip(reason) => match second() {
            Verdict::Different(reason) => Verdict::Different(reason),
            _ => Verdict::Skip(reason),
        },
    }
}

fn values(left: &Value, right: &Value, data_type: &Type) -> Verdict {
    match (left, right) {
        (left, right) if left == right => Verdict::Equal,
        (Value::Text(text), Value::Text(_) | Value::Known(_)) | (Value::Known(_), Value::Text(text)) => {
            Verdict::Skip(format!("what the server makes of '{text}' as {data_type} is not known"))
        }
        _ => different(left, right),
    }
}

fn different(left: &Value, right: &Value) -> Verdict {
    let shown = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Text(text) | Value::Known(text) => format!("'{text}'"),
    };
    Verdict::Different(format!("one has {}, the other {}", shown(left), shown(right)))
}

/// Returns a text without what some types read over.
fn loose(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() && *c != '0');
    kept.flat_map(char::to_lowercase).collect()
}

fn words(what: &str, left: &str, right: &str) -> Verdict {
    if left == right {
        Verdict::Equal
    } else {
        Verdict::Different(format!("{what} is {left} in one, {right} in the other"))
    }
}

/// Compares names, of which one may have a schema that the other leaves to the search path.
fn names(what: &str, left: &str, right: &str) -> Verdict {
    let (left_schema, right_schema) = (left.rsplit_once('.'), right.rsplit_once('.'));
    match (left_schema, right_schema) {
        (Some((_, name)), None) if name == right => {
            Verdict::Skip(format!("whether {left} is {right} depends on the search path"))
        }
        (None, Some((_, name))) if name == left => {
            Verdict::Skip(format!("whether {left} is {right} depends on the search path"))
        }
        _ => words(what, left, right),
    }
}

fn what(kind: &Kind) -> &'static str {
    match kind {
        Kind::Column(_) => "a column",
        Kind::Literal(_) => "a literal",
        Kind::Cast(..) => "a cast",
        Kind::Call(..) => "a call",
        Kind::Named(..) => "a named argument",
        Kind::Operator(..) => "an operator",
        Kind::And(_) => "AND",
        Kind::Or(_) => "OR",
        Kind::Not(_) => "NOT",
        Kind::Test(..) => "a test with IS",
        Kind::Distinct(..) => "IS DISTINCT FROM",
        Kind::Quantified(..) => "ANY or ALL",
        Kind::In(..) => "IN",
        Kind::Array(_) => "an array",
        Kind::Row(_) => "a row",
        Kind::Case(..) => "CASE",
        Kind::Subscript(..) => "a subscript",
        Kind::Field(..) => "a field",
        Kind::Collate(..) => "COLLATE",
    }
}
