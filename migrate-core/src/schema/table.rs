//! Tables.

use std::collections::BTreeMap;

use super::{Column, Constraint, ConstraintKind, Expression, Index, ObjectName, Trigger};

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is.
    pub kind: TableKind,
    /// How long it and its rows last.
    pub persistence: Persistence,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The constraints by name. In SQLite those without a name are numbered in their order: they have keys that no
    /// author can write.
    pub constraints: BTreeMap<String, Constraint>,
    /// The indexes that belong to no constraint, by name.
    pub indexes: BTreeMap<String, Index>,
    /// The triggers by name.
    pub triggers: BTreeMap<String, Trigger>,
    /// The tables that it inherits from.
    pub inherits: Vec<ObjectName>,
    /// The partitioned table that it is a partition of.
    pub partition: Option<Partition>,
    /// Storage parameters as `key=value`, in order; SQLite's `autoincrement`, `strict` and `without_rowid`.
    pub options: Vec<String>,
    /// The access method, unless it is `heap`.
    pub access_method: Option<String>,
    /// Where it is, unless it is the database's default tablespace.
    pub tablespace: Option<String>,
    /// The composite type that it takes its columns from (`OF`).
    pub of_type: Option<ObjectName>,
    /// What tells its rows apart in logical replication.
    pub replica_identity: ReplicaIdentity,
    /// The index by which `CLUSTER` orders it, also one of a constraint.
    pub clustered: Option<String>,
    /// Row level security: enabled, and forced for the owner too.
    pub row_security: (bool, bool),
    /// What its author says of it.
    pub comment: Option<String>,
}

/// What tells the rows of a table apart in logical replication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    #[default]
    Default,
    /// Nothing.
    Nothing,
    /// All columns.
    Full,
    /// The columns of an index, also one of a constraint.
    Index(String),
}

/// What a table is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    /// One with rows of its own.
    #[default]
    Ordinary,
    /// One whose rows are in its partitions.
    Partitioned(Partitioning),
    /// A virtual or foreign table, kept as text.
    External(String),
}

/// How a partitioned table spreads its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitioning {
    /// `range`, `list` or `hash`.
    pub strategy: String,
    /// The keys, as SQL.
    pub keys: Vec<Expression>,
}

/// Where a partition belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub parent: ObjectName,
    /// The bound as the server prints it: `FOR VALUES FROM (1) TO (10)`, `DEFAULT`.
    pub bound: String,
}

/// How long a table or sequence and its contents last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// They last.
    #[default]
    Permanent,
    /// A crash empties it.
    Unlogged,
    /// It ends with the session.
    Temporary,
}

impl Table {
    /// Returns a column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns a column by name, to be changed.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// Returns the columns of the primary key.
    pub fn primary_key(&self) -> Option<&[String]> {
        self.constraints.values().find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) => Some(key.columns.as_slice()),
            _ => None,
        })
    }

    /// Returns whether a constraint of this name has an index.
    pub fn has_index_constraint(&self, name: &str) -> bool {
        self.constraints.get(name).is_some_and(|constraint| {
            matches!(
                constraint.kind,
                ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) | ConstraintKind::Exclusion { .. }
            )
        })
    }
}
