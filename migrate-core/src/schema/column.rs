//! Columns and their types.

use std::fmt;

use super::{Expression, ObjectName};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The name of its NOT NULL constraint, where the server keeps one (PostgreSQL 18) or the author gave one.
    pub not_null_name: Option<String>,
    /// What is not plain about its NOT NULL constraint.
    pub not_null: NotNull,
    /// SQLite's conflict clause of its NOT NULL: `ROLLBACK`, `ABORT`, `FAIL`, `IGNORE`, `REPLACE`.
    pub not_null_conflict: Option<String>,
    /// Its default.
    pub default: Option<Expression>,
    /// The expression that generates it.
    pub generated: Option<Generated>,
    /// The sequence that numbers it.
    pub identity: Option<Identity>,
    /// Its collation, unless it is the type's.
    pub collation: Option<String>,
    /// PostgreSQL's storage, unless it is the type's: `plain`, `external`, `extended`, `main`.
    pub storage: Option<String>,
    /// PostgreSQL's compression method.
    pub compression: Option<String>,
    /// PostgreSQL's statistics target.
    pub statistics: Option<i32>,
    /// PostgreSQL's other options as `key=value`: `n_distinct`, and those of a foreign table's columns.
    pub options: Vec<String>,
    /// What its author says of it.
    pub comment: Option<String>,
    /// Whether the table itself declares it, rather than a table that it inherits from.
    pub local: bool,
}

impl Column {
    /// Returns a column that may be NULL and has nothing else.
    pub fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Self {
            name: name.into(),
            ty,
            nullable: true,
            not_null_name: None,
            not_null: NotNull::default(),
            not_null_conflict: None,
            default: None,
            generated: None,
            identity: None,
            collation: None,
            storage: None,
            compression: None,
            statistics: None,
            options: Vec::new(),
            comment: None,
            local: true,
        }
    }
}

/// What is not plain about a NOT NULL constraint; only PostgreSQL 18 and later know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotNull {
    /// Whether tables that inherit from this one have it not.
    pub no_inherit: bool,
    /// Whether rows that were there before were not checked (`NOT VALID`).
    pub unchecked: bool,
    /// Whether only a table that this one inherits from declares it.
    pub inherited: bool,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// A type, as the server prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// The type of an element.
    pub base: TypeBase,
    /// The modifiers of a type that is not the server's own, in parentheses: `(3)` of an extension's `vector(3)`.
    pub modifiers: String,
    /// Whether it is an array; dimensions are not told apart, as the server does not.
    pub array: bool,
}

/// A type without its array brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeBase {
    /// One of the server's own, with its modifiers: `character varying(10)`. In SQLite, the declared text.
    Builtin(String),
    /// One of the schema's, or of an extension.
    User(ObjectName),
}

impl ColumnType {
    /// Returns a type of the server's own.
    pub fn builtin(text: impl Into<String>) -> Self {
        Self { base: TypeBase::Builtin(text.into()), modifiers: String::new(), array: false }
    }

    /// Returns a type of the schema's.
    pub fn user(name: ObjectName) -> Self {
        Self { base: TypeBase::User(name), modifiers: String::new(), array: false }
    }

    /// Returns the schema's type that this is or is an array of.
    pub fn user_type(&self) -> Option<&ObjectName> {
        match &self.base {
            TypeBase::User(name) => Some(name),
            TypeBase::Builtin(_) => None,
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            TypeBase::Builtin(text) => f.write_str(text)?,
            TypeBase::User(name) => write!(f, "{name}")?,
        }
        f.write_str(&self.modifiers)?;
        f.write_str(if self.array { "[]" } else { "" })
    }
}

/// The expression that generates a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: Expression,
    /// Whether the value is stored, rather than computed when it is read.
    pub stored: bool,
}

/// The sequence that numbers a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `GENERATED ALWAYS`, rather than `BY DEFAULT`.
    pub always: bool,
    /// The sequence.
    pub sequence: ObjectName,
}
