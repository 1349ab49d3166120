//! What a dialect says about changing a schema.

use super::{Dialect, Difference, Verdict};
use crate::op::{Inapplicable, Operation};
use crate::schema::{Column, ConstraintKind, Expression, Schema, Table};

/// What a database can do, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "it is a table of yes and no")]
pub struct Capabilities {
    /// Whether names that differ in case alone are the same.
    pub case_insensitive_names: bool,
    /// Whether a constraint can get another name.
    pub rename_constraint: bool,
    /// Whether an index can get another name.
    pub rename_index: bool,
    /// Whether objects have comments.
    pub comments: bool,
    /// Whether a view is bound to the columns that it reads, so that it stands in the way when they change.
    pub bound_views: bool,
    /// Whether what a foreign key points to must be there when it is made.
    pub checked_references: bool,
}

/// How values of one type become those of another when a column changes its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// By themselves.
    Implicit,
    /// By a cast that has to be written.
    Explicit,
    /// By nothing that the dialect knows.
    None,
}

/// A statement of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The SQL, without `;`.
    pub sql: String,
    /// What a reader should know, in one line.
    pub comment: Option<String>,
    /// Whether it has to run outside a transaction (`-- migrate:no-transaction`).
    pub no_transaction: bool,
}

impl Statement {
    /// Returns a plain statement.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), ..Self::default() }
    }

    /// Returns the statement with a comment.
    pub fn with_comment(self, comment: impl Into<String>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }
}

/// Returns the schema that operations make of another.
///
/// # Errors
///
/// Why one of them means nothing there.
pub fn applied(before: &Schema, dialect: &dyn Dialect, operations: &[Operation]) -> Result<Schema, Inapplicable> {
    let mut schema = before.clone();
    let rewrite = |expression: &Expression, from: &str, to: &str| dialect.rewrite(expression, from, to);
    for operation in operations {
        schema.apply(operation, &rewrite)?;
    }
    Ok(schema)
}

/// Returns what two schemas differ in, but for what is cosmetic and for what cannot be told.
pub fn differences(before: &Schema, after: &Schema, dialect: &dyn Dialect) -> Vec<Difference> {
    let mut found = dialect.compare(before, after);
    found.retain(|difference| !difference.is_cosmetic() && matches!(difference.verdict, Verdict::Different(_)));
    found
}

/// Returns whether rows cannot all have the same value in a column, or not any value: it tells rows apart, points to
/// other rows, or is checked.
pub(super) fn needs_own_value(table: &Table, column: &Column) -> bool {
    let keys = || {
        table.constraints.values().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some(key.columns.as_slice()),
            _ => None,
        })
    };
    // Together with another key, the rest of a key tells nothing more apart.
    let is_only = |columns: &[String]| {
        let rest: Vec<&String> = columns.iter().filter(|name| **name != column.name).collect();
        rest.len() < columns.len() && !keys().any(|key| key.iter().all(|name| rest.contains(&name)))
    };
    let by_constraint = table.constraints.values().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => is_only(&key.columns),
        ConstraintKind::ForeignKey(key) => key.columns.contains(&column.name),
        ConstraintKind::Check { expression, .. } => expression.references.columns.contains(&column.name),
        ConstraintKind::Exclusion { .. } => true,
    });
    let unique = table.indexes.values().filter(|index| index.unique);
    by_constraint
        || unique.map(crate::schema::Index::columns).any(|columns| columns.is_none_or(|names| is_only(&names)))
}
