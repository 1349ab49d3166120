//! The tree of an expression.

use super::typename::Type;

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Its type, where it is known; a literal without one is still to take that of its neighbour.
    pub(super) data_type: Option<Type>,
    /// Whether the casts of its operands are as the server makes them; if not, one may be missing or too much.
    pub(super) sure: bool,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A column, without the name of its table.
    Column(String),
    /// A literal.
    Literal(Value),
    /// `value::type`
    Cast(Box<Node>, Type),
    /// A function, also where the grammar has a syntax of its own for it.
    Call(String, Vec<Node>),
    /// `name => value` in a call; `VARIADIC value` has the name [`VARIADIC`].
    Named(String, Box<Node>),
    /// An operator before or between its operands.
    Operator(String, Vec<Node>),
    /// A chain of AND; chains in it are part of it.
    And(Vec<Node>),
    /// A chain of OR; chains in it are part of it.
    Or(Vec<Node>),
    /// `NOT value`
    Not(Box<Node>),
    /// `value IS …`, by what follows.
    Test(String, Box<Node>),
    /// `left IS DISTINCT FROM right`
    Distinct(Box<Node>, Box<Node>),
    /// `left operator ANY (right)`, or ALL.
    Quantified(String, Quantifier, Box<Node>, Box<Node>),
    /// `value IN (…)`, as it was typed; NOT IN has the operator `<>`.
    In(String, Box<Node>, Vec<Node>),
    /// `ARRAY[…]`
    Array(Vec<Node>),
    /// `ROW(…)`
    Row(Vec<Node>),
    /// CASE: its operand, its pairs and its ELSE.
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Box<Node>),
    /// `value[index]`, and `value[from:to]` with two.
    Subscript(Box<Node>, Vec<Option<Node>>),
    /// `(value).name`
    Field(Box<Node>, String),
    /// `value COLLATE name`
    Collate(Box<Node>, String),
}

/// ANY or ALL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// For one element at least.
    Any,
    /// For every element.
    All,
}

/// What a literal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// NULL.
    Null,
    /// A text as it is written: it has no type yet, or one of which the canonical text is not known.
    Text(String),
    /// The canonical text of its type: other literals of the type that have another are different.
    Known(String),
}

/// Marks what the grammar knows by a keyword, so that no name of a user can be taken for it.
pub(super) const MARK: char = '\u{1}';

/// The name of what stands for `ANY (…)` until its operator is known.
pub(super) const ANY: &str = "\u{1}any";

/// The same for `ALL (…)`.
pub(super) const ALL: &str = "\u{1}all";

/// The name of a `VARIADIC` argument.
pub(super) const VARIADIC: &str = "\u{1}variadic";

impl Node {
    /// Returns a node whose type is still to be found.
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, data_type: None, sure: true }
    }

    /// Returns a node of a known type.
    pub(super) fn of(kind: Kind, data_type: Type) -> Self {
        Self { kind, data_type: Some(data_type), sure: true }
    }

    /// Returns a literal of a type, in its canonical text.
    pub(super) fn literal(text: impl Into<String>, data_type: Type) -> Self {
        Self::of(Kind::Literal(Value::Known(text.into())), data_type)
    }

    /// Returns whether this is a literal that has no type yet, be it with a collation.
    pub(super) fn is_untyped(&self) -> bool {
        let literal = match &self.kind {
            Kind::Literal(_) => true,
            Kind::Collate(inner, _) => inner.is_untyped(),
            _ => false,
        };
        literal && self.data_type.is_none()
    }

    /// Returns whether this is NULL.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Literal(Value::Null))
    }

    /// Returns the node with something said about its operands' casts.
    pub(super) fn unsure(mut self) -> Self {
        self.sure = false;
        self
    }

    /// Returns the nodes right below this one.
    pub(super) fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Column(_) | Kind::Literal(_) => Vec::new(),
            Kind::Cast(inner, _)
            | Kind::Named(_, inner)
            | Kind::Not(inner)
            | Kind::Test(_, inner)
            | Kind::Field(inner, _)
            | Kind::Collate(inner, _) => vec![inner],
            Kind::Call(_, nodes)
            | Kind::Operator(_, nodes)
            | Kind::And(nodes)
            | Kind::Or(nodes)
            | Kind::Array(nodes)
            | Kind::Row(nodes) => nodes.iter().collect(),
            Kind::Distinct(left, right) | Kind::Quantified(_, _, left, right) => vec![left, right],
            Kind::In(_, value, list) => std::iter::once(&**value).chain(list).collect(),
            Kind::Case(operand, arms, otherwise) => {
                let arms = arms.iter().flat_map(|(when, then)| [when, then]);
                operand.as_deref().into_iter().chain(arms).chain(std::iter::once(&**otherwise)).collect()
            }
            Kind::Subscript(inner, bounds) => std::iter::once(&**inner).chain(bounds.iter().flatten()).collect(),
        }
    }

    /// Returns whether the tree has fewer nodes than this.
    pub(super) fn is_smaller_than(&self, most: usize) -> bool {
        let mut rest = vec![self];
        let mut count = 0;
        while let Some(node) = rest.pop() {
            count += 1;
            if count >= most {
                return false;
            }
            rest.extend(node.children());
        }
        true
    }

    /// Returns whether some node has this many above it.
    pub(super) fn is_deeper_than(&self, most: usize) -> bool {
        let mut rest = vec![(self, 0)];
        while let Some((node, depth)) = rest.pop() {
            if depth >= most {
                return true;
            }
            rest.extend(node.children().into_iter().map(|child| (child, depth + 1)));
        }
        false
    }
}
