//! Expressions and queries: kept as text, with the names that they use.

use std::collections::BTreeSet;

use super::ObjectName;

/// An expression or query as SQL text.
///
/// The text is the author's in a folded schema and the server's own in one that was read from it; two texts are
/// compared by the dialect, which knows what the server prints for what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The text.
    pub text: String,
    /// What it uses.
    pub references: References,
}

/// The names that an expression uses, resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Columns of the table that the expression belongs to.
    pub columns: BTreeSet<String>,
    /// Columns of other relations; an empty column is the relation as a whole.
    pub relations: BTreeSet<(ObjectName, String)>,
    /// Types.
    pub types: BTreeSet<ObjectName>,
    /// Functions, by name: which overload is not told.
    pub routines: BTreeSet<ObjectName>,
    /// Sequences, as in `nextval('s')`.
    pub sequences: BTreeSet<ObjectName>,
}

impl Expression {
    /// Returns an expression that uses nothing.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), references: References::default() }
    }
}
