//! A schema as entities describe it, before a dialect has said what its words are there.
//!
//! Names are as the user wrote them; a type is what the Rust type means, or the user's own SQL. Everything knows its
//! [`Origin`], so that what a dialect or the fold has against it can be told at the attribute that says it. What only
//! one dialect knows is a [`Setting`], which that dialect reads or refuses.

use super::{ObjectName, ReferentialAction};

/// Where something is said: a number that means a place to the one who made the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(pub usize);

/// A text, with where it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Where.
    pub at: Origin,
    /// Whether it is said for this dialect alone, and so stands as it is.
    pub own: bool,
}

/// What only one dialect knows: `strict`, `partition_by = "range (day)"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value; a flag has none.
    pub value: Option<String>,
    /// Where it is said.
    pub at: Origin,
}

/// The tables and enums of entities, for one dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogicalSchema {
    /// The tables.
    pub tables: Vec<LogicalTable>,
    /// The enums.
    pub enums: Vec<LogicalEnum>,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalEnum {
    /// Its name.
    pub name: ObjectName,
    /// The labels in order.
    pub labels: Vec<String>,
    /// What its author says of it.
    pub comment: Option<Said>,
    /// Where it is declared.
    pub at: Origin,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalTable {
    /// Its name.
    pub name: ObjectName,
    /// The columns in order.
    pub columns: Vec<LogicalColumn>,
    /// The constraints in order, the primary key among them.
    pub constraints: Vec<LogicalConstraint>,
    /// The indexes in order.
    pub indexes: Vec<LogicalIndex>,
    /// What its author says of it.
    pub comment: Option<Said>,
    /// What only this dialect knows.
    pub settings: Vec<Setting>,
    /// Where it is declared.
    pub at: Origin,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: LogicalType,
    /// Where its type is said.
    pub ty_at: Origin,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its default.
    pub default: Option<Said>,
    /// The expression that generates it.
    pub generated: Option<Said>,
    /// Whether a sequence numbers it, and whether always.
    pub identity: Option<LogicalIdentity>,
    /// Its collation.
    pub collation: Option<Said>,
    /// What its author says of it.
    pub comment: Option<Said>,
    /// What only this dialect knows.
    pub settings: Vec<Setting>,
    /// Where it is declared.
    pub at: Origin,
}

/// A column's numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogicalIdentity {
    /// Whether a row cannot bring its own number.
    pub always: bool,
    /// Where it is said.
    pub at: Origin,
}

/// A type, by what a Rust type means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogicalType {
    /// `bool`.
    Boolean,
    /// `i8`, `i16`, `u8`.
    SmallInt,
    /// `i32`, `u16`.
    Integer,
    /// `i64`, `u32`.
    BigInt,
    /// `f32`.
    Real,
    /// `f64`.
    Double,
    /// A string, with its greatest length.
    Text(Option<u32>),
    /// Bytes.
    Bytes,
    /// A UUID.
    Uuid,
    /// A moment.
    TimestampTz,
    /// A date and time of day that are no moment.
    Timestamp,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A decimal number, with its digits and those behind the point.
    Decimal(Option<u32>, Option<u32>),
    /// JSON.
    Json,
    /// An address of the internet.
    Inet,
    /// A network of the internet.
    Cidr,
    /// An enum, by its name among [`LogicalSchema::enums`].
    Enum(ObjectName),
    /// A list.
    Array(Box<LogicalType>),
    /// The user's own SQL.
    Sql(String),
    /// A type that no database has; the text says what to do.
    Refused(String),
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalConstraint {
    /// Its name, where one is given.
    pub name: Option<String>,
    /// What it demands.
    pub kind: LogicalConstraintKind,
    /// Whether its check can be put off.
    pub deferrable: bool,
    /// Whether it is put off.
    pub initially_deferred: bool,
    /// What only this dialect knows.
    pub settings: Vec<Setting>,
    /// Where it is said.
    pub at: Origin,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogicalConstraintKind {
    /// The primary key: its columns.
    PrimaryKey(Vec<String>),
    /// No two rows agree.
    Unique {
        /// The columns.
        columns: Vec<String>,
        /// Whether NULLs are equal to each other.
        nulls_not_distinct: bool,
        /// Columns that the index carries along.
        include: Vec<String>,
    },
    /// Every row fulfils an expression.
    Check(Said),
    /// Every row has a partner.
    ForeignKey {
        /// The columns.
        columns: Vec<String>,
        /// The table that they point to.
        target: ObjectName,
        /// Its columns; none where its primary key is meant.
        target_columns: Vec<String>,
        /// What happens when the partner goes.
        on_delete: ReferentialAction,
        /// What happens when its key changes.
        on_update: ReferentialAction,
    },
    /// No two rows conflict: the access method, the elements with their operators, and which rows.
    Exclusion {
        /// The access method.
        using: Option<String>,
        /// Each element, and its operator.
        elements: Vec<(Said, String)>,
        /// Which rows.
        predicate: Option<Said>,
    },
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalIndex {
    /// Its name, where one is given.
    pub name: Option<String>,
    /// Whether no two rows may agree.
    pub unique: bool,
    /// The access method.
    pub using: Option<Said>,
    /// The keys in order.
    pub keys: Vec<LogicalKey>,
    /// Columns that it carries along.
    pub include: Vec<String>,
    /// Which rows it has.
    pub predicate: Option<Said>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// Whether it is to be built beside writers.
    pub concurrently: bool,
    /// What only this dialect knows.
    pub settings: Vec<Setting>,
    /// Where it is said.
    pub at: Origin,
}

/// A key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalKey {
    /// A column, or an expression.
    pub part: LogicalPart,
    /// Its operator class.
    pub operator_class: Option<String>,
    /// Its collation.
    pub collation: Option<String>,
    /// Whether it runs downwards.
    pub descending: bool,
    /// Whether NULLs come first, where it is said.
    pub nulls_first: Option<bool>,
}

/// What a key of an index indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogicalPart {
    /// A column.
    Column(String),
    /// An expression.
    Expression(Said),
}
