//! Constraints of tables.

use super::{Expression, ObjectName};

/// A constraint; its name is the key under which its table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether its check can be put off to the end of the transaction.
    pub deferrable: bool,
    /// Whether it is put off unless the transaction says otherwise.
    pub initially_deferred: bool,
    /// Whether all rows were checked (not `NOT VALID`).
    pub validated: bool,
    /// Whether it is enforced (PostgreSQL 18).
    pub enforced: bool,
    /// Whether the table itself declares it, rather than a table that it inherits from.
    pub local: bool,
    /// Whether the author named it; SQLite keeps no name of its own for one without.
    pub named: bool,
    /// Its place among the table's constraints, from 0, where the server keeps one (SQLite).
    pub position: usize,
    /// The column in whose definition it stands, with which SQLite lets it go.
    pub column: Option<String>,
    /// What its author says of it.
    pub comment: Option<String>,
}

impl Constraint {
    /// Returns a constraint that is checked at once and on all rows.
    pub fn new(kind: ConstraintKind) -> Self {
        Self {
            kind,
            deferrable: false,
            initially_deferred: false,
            validated: true,
            enforced: true,
            local: true,
            named: true,
            position: 0,
            column: None,
            comment: None,
        }
    }
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// The primary key.
    PrimaryKey(Key),
    /// No two rows agree.
    Unique(Key),
    /// No two rows conflict by these operators.
    Exclusion {
        /// The index that finds conflicts.
        index: Box<super::Index>,
        /// The operator of each key of the index.
        operators: Vec<String>,
    },
    /// Every row fulfils an expression.
    Check {
        /// The expression.
        expression: Expression,
        /// Whether tables that inherit from this one have it not.
        no_inherit: bool,
    },
    /// Every row has a partner.
    ForeignKey(ForeignKey),
}

/// The columns of a primary or unique key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The columns in order.
    pub columns: Vec<String>,
    /// Columns that the index carries along.
    pub include: Vec<String>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// The names of the index's own columns, where they are not the columns' any more.
    pub index_columns: Vec<String>,
    /// Whether the last column is a range that may not overlap (`WITHOUT OVERLAPS`, PostgreSQL 18).
    pub without_overlaps: bool,
    /// Where the index is, unless it is the database's default tablespace.
    pub tablespace: Option<String>,
    /// What its author says of the index, rather than of the constraint.
    pub index_comment: Option<String>,
    /// Storage parameters of the index, as `key=value`.
    pub options: Vec<String>,
    /// SQLite's conflict clause: `ROLLBACK`, `ABORT`, `FAIL`, `IGNORE`, `REPLACE`.
    pub on_conflict: Option<String>,
    /// The order of each column in the index, where one has another than its default (SQLite); otherwise empty.
    pub orders: Vec<KeyOrder>,
}

/// The order of a column in the index of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyOrder {
    /// Its collation, unless it is the column's.
    pub collation: Option<String>,
    /// Whether it runs downwards.
    pub descending: bool,
}

impl Key {
    /// Returns a plain key of columns.
    pub fn new(columns: Vec<String>) -> Self {
        Self { columns, ..Self::default() }
    }
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The table that they point to.
    pub target: ObjectName,
    /// Its columns; empty in SQLite where the primary key is meant.
    pub target_columns: Vec<String>,
    /// What happens when the row that is pointed to goes.
    pub on_delete: ReferentialAction,
    /// What happens when its key changes.
    pub on_update: ReferentialAction,
    /// The columns that `SET NULL` and `SET DEFAULT` on delete set, unless they are all.
    pub set_columns: Vec<String>,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// Whether the last column is a range that has to be covered (`PERIOD`, PostgreSQL 18).
    pub period: bool,
}

/// What a foreign key does when the row that it points to changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReferentialAction {
    /// Refuse, at the end of the statement or transaction.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Do the same to the rows that point to it.
    Cascade,
    /// Set the columns to NULL.
    SetNull,
    /// Set the columns to their defaults.
    SetDefault,
}
