//! Objects other than tables.

use std::collections::BTreeMap;

use super::{Column, ColumnType, Expression, Index, ObjectName, Persistence, References};

/// A namespace: what PostgreSQL calls a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// What its author says of it.
    pub comment: Option<String>,
}

/// A view or materialized view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Whether its rows are stored.
    pub materialized: bool,
    /// Its columns, as far as they are known without a server: their names in order.
    pub columns: Vec<Column>,
    /// The query.
    pub query: Expression,
    /// Options as `key=value`, in order.
    pub options: Vec<String>,
    /// The access method of a materialized view, unless it is `heap`.
    pub access_method: Option<String>,
    /// Where a materialized view is, unless it is the database's default tablespace.
    pub tablespace: Option<String>,
    /// The index by which `CLUSTER` orders a materialized view.
    pub clustered: Option<String>,
    /// The indexes of a materialized view.
    pub indexes: BTreeMap<String, Index>,
    /// The triggers.
    pub triggers: BTreeMap<String, Trigger>,
    /// Whether a materialized view has its rows.
    pub populated: bool,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub ty: String,
    /// Its first value.
    pub start: i64,
    /// The step.
    pub increment: i64,
    /// The least value.
    pub min: i64,
    /// The greatest value.
    pub max: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again after the last value.
    pub cycle: bool,
    /// How long it lasts.
    pub persistence: Persistence,
    /// The column that it belongs to.
    pub owner: Option<SequenceOwner>,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// The column that a sequence belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceOwner {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Whether it is the column's identity, rather than owned (`serial`, `OWNED BY`).
    pub identity: bool,
}

/// A type of the schema's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserType {
    /// What it is.
    pub kind: UserTypeKind,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// What a type of the schema's is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserTypeKind {
    /// An enumeration.
    Enum(EnumType),
    /// A domain.
    Domain(Box<Domain>),
    /// A composite type.
    Composite {
        /// Its attributes.
        attributes: Vec<Column>,
    },
    /// A range type.
    Range {
        /// Its options as `key=value`.
        options: Vec<String>,
        /// The name of its multirange type.
        multirange: String,
    },
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type below it.
    pub base: ColumnType,
    /// The name of its NOT NULL constraint, where NULL is refused; empty where the server keeps none.
    pub not_null: Option<String>,
    /// Its default.
    pub default: Option<Expression>,
    /// Its collation, unless it is the type's.
    pub collation: Option<String>,
    /// Its checks by name, each with whether all rows were checked.
    pub checks: BTreeMap<String, (Expression, bool)>,
    /// What its author says of its constraints, by their names.
    pub comments: BTreeMap<String, String>,
}

/// An enumeration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnumType {
    /// The labels in order.
    pub labels: Vec<String>,
}

/// What tells a routine from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoutineId {
    /// Its name.
    pub name: ObjectName,
    /// The types of its input arguments, as the server prints them, separated by `, `.
    pub arguments: String,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routine {
    /// `function`, `procedure`, `aggregate` or `window`.
    pub kind: String,
    /// The arguments with names, modes and defaults.
    pub arguments: String,
    /// What it returns.
    pub returns: String,
    /// The language.
    pub language: String,
    /// The attributes that are not their default, as words: `STABLE`, `STRICT`, `COST 10`, sorted.
    pub attributes: Vec<String>,
    /// The body, verbatim; empty for an SQL-standard body.
    pub body: String,
    /// An SQL-standard body, and what it uses.
    pub sql_body: Option<Expression>,
    /// The types of arguments and result.
    pub references: References,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// A trigger; its name is the key under which its table or view has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trigger {
    /// The whole definition as SQL.
    pub definition: Expression,
    /// The function that it calls; SQLite's have a body of their own.
    pub function: Option<ObjectName>,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<String>,
    /// Whether it is here because the partitioned table has it.
    pub inherited: bool,
    /// `O` (the default), `D`, `R` or `A`, as PostgreSQL has it.
    pub enabled: Option<char>,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// What tells an object of which only the text is known from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherId {
    /// What it is.
    pub kind: OtherKind,
    /// Its name; an extension and a publication have no namespace.
    pub name: ObjectName,
    /// The table that a rule or policy is on.
    pub parent: Option<ObjectName>,
}

/// Kinds of objects of which only the text is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the server's own word")]
pub enum OtherKind {
    Extension,
    Collation,
    Cast,
    Operator,
    OperatorClass,
    OperatorFamily,
    Statistics,
    Rule,
    Policy,
    Publication,
    Subscription,
    EventTrigger,
    ForeignServer,
    ForeignDataWrapper,
    BaseType,
    Conversion,
    Transform,
    TextSearch,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    AccessMethod,
    Language,
}

/// An object of which only the text is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Other {
    /// The definition.
    pub definition: Expression,
    /// What its author says of it.
    pub comment: Option<String>,
}
