//! Indexes.

use std::collections::BTreeMap;

use super::{Expression, ObjectName};

/// An index; its name is the key under which its table has it. Those of primary and unique keys are part of their
/// constraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Whether no two rows may agree.
    pub unique: bool,
    /// The access method; `btree` in SQLite.
    pub method: String,
    /// The keys in order.
    pub keys: Vec<IndexKey>,
    /// Columns that it carries along.
    pub include: Vec<String>,
    /// Which rows it has.
    pub predicate: Option<Expression>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// Storage parameters, as `key=value`, in order.
    pub options: Vec<String>,
    /// The names of the index's own columns, where they are not what they would be now.
    pub index_columns: Vec<String>,
    /// The index of the partitioned table that it is a part of.
    pub parent: Option<ObjectName>,
    /// Where it is, unless it is the database's default tablespace.
    pub tablespace: Option<String>,
    /// Statistics targets of its own columns, by their number from 1.
    pub statistics: BTreeMap<u32, i32>,
    /// Whether queries may use it: a failed concurrent build leaves one that is not.
    pub invalid: bool,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// A key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKey {
    /// What is indexed.
    pub part: KeyPart,
    /// Its collation, unless it is the column's.
    pub collation: Option<String>,
    /// Its operator class with parameters, unless it is the type's default.
    pub operator_class: Option<String>,
    /// Whether it runs downwards.
    pub descending: bool,
    /// Whether NULLs come first, where that is not the direction's default.
    pub nulls_first: Option<bool>,
}

/// What a key of an index indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// A column.
    Column(String),
    /// An expression.
    Expression(Expression),
}

impl Index {
    /// Returns the columns of its keys in order, `None` if one of the keys is an expression.
    pub fn columns(&self) -> Option<Vec<String>> {
        let column = |key: &IndexKey| match &key.part {
            KeyPart::Column(column) => Some(column.clone()),
            KeyPart::Expression(_) => None,
        };
        self.keys.iter().map(column).collect()
    }

    /// Returns the columns that it names itself, as keys or to carry along; not those inside of expressions.
    pub fn named_columns(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().filter_map(|key| match &key.part {
            KeyPart::Column(column) => Some(column.as_str()),
            KeyPart::Expression(_) => None,
        });
        keys.chain(self.include.iter().map(String::as_str))
    }
}

impl IndexKey {
    /// Returns an ascending key on a column.
    pub fn column(name: impl Into<String>) -> Self {
        Self::new(KeyPart::Column(name.into()))
    }

    /// Returns an ascending key.
    pub fn new(part: KeyPart) -> Self {
        Self { part, collation: None, operator_class: None, descending: false, nulls_first: None }
    }
}
