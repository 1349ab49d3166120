//! What the readers make of a statement: as much structure as names and edits need, with byte ranges of the text.

use std::ops::Range;

/// A name as it stands in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ident {
    /// The name without its quotes.
    pub(crate) name: String,
    /// Its bytes, quotes included.
    pub(crate) at: Range<usize>,
    /// How it is quoted.
    pub(crate) quote: Quote,
}

/// How a name is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    /// Not at all.
    Bare,
    /// `"…"`, which is a string where no column has that name.
    Double,
    /// `'…'`, which is a name only where nothing else can stand.
    Single,
    /// `` `…` `` or `[…]`.
    Other,
}

impl Ident {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// A name with its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Qualified {
    pub(crate) database: Option<Ident>,
    pub(crate) name: Ident,
}

/// An expression: its operands and operators in the order of the text. No rule about names depends on precedence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expr {
    pub(crate) nodes: Vec<Node>,
    pub(crate) at: Range<usize>,
}

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// `a`, `t.a`, `main.t.a`
    Name(Vec<Ident>),
    /// `'text'`, which an index reads as the name of a column.
    String(Ident),
    /// Any other literal, and NULL.
    Literal,
    /// `CURRENT_TIMESTAMP` and its like.
    Now(Range<usize>),
    Parameter(Range<usize>),
    Operator(Operator),
    Collate(Ident),
    Call(Box<Call>),
    /// `(a)`, `(a, b)`
    Group(Vec<Expr>),
    Case(Vec<Expr>),
    Cast(Box<Expr>, String),
    Query(Box<Select>),
    /// The table of `x IN t`.
    InTable(Qualified, Vec<Expr>),
    /// `RAISE(ABORT, …)`
    Raise(Range<usize>, Option<Box<Expr>>),
}

/// The operators that a rule tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// A sign before its operand.
    Sign,
    Other,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Expr>,
    /// `count(*)`
    pub(crate) star: bool,
    /// ORDER BY of an aggregate, FILTER.
    pub(crate) more: Vec<Expr>,
    pub(crate) window: Option<Window>,
}

/// What a window is made of: partition, order and frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) expressions: Vec<Expr>,
}

/// A query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Select {
    pub(crate) ctes: Vec<Cte>,
    /// The parts that UNION and its like connect.
    pub(crate) cores: Vec<Core>,
    /// The words between them.
    pub(crate) operators: Vec<&'static str>,
    pub(crate) order: Vec<Expr>,
    pub(crate) limit: Vec<Expr>,
    pub(crate) at: Range<usize>,
}

/// A query of a WITH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cte {
    pub(crate) name: Ident,
    pub(crate) columns: Vec<Ident>,
    pub(crate) query: Select,
}

/// One SELECT or VALUES.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Core {
    pub(crate) columns: Vec<ResultColumn>,
    pub(crate) from: Vec<Source>,
    /// WHERE.
    pub(crate) filter: Vec<Expr>,
    pub(crate) group: Vec<Expr>,
    /// HAVING and the WINDOW clause.
    pub(crate) rest: Vec<Expr>,
    /// The rows of VALUES.
    pub(crate) values: Vec<Vec<Expr>>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ResultColumn {
    Expr {
        expr: Expr,
        alias: Option<Ident>,
    },
    /// `*`, `t.*`
    Star(Option<Ident>, Range<usize>),
}

/// A term of a FROM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) kind: SourceKind,
    pub(crate) alias: Option<Ident>,
    pub(crate) natural: bool,
    /// RIGHT or FULL.
    pub(crate) right: bool,
    pub(crate) on: Option<Expr>,
    pub(crate) using: Vec<Ident>,
}

/// What a term of a FROM is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// A table, view or WITH query; with arguments a function.
    Table(Qualified, Option<Vec<Expr>>),
    Query(Box<Select>),
    /// Terms in parentheses.
    Group(Vec<Source>),
}

/// The body of CREATE TABLE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableDef {
    pub(crate) name: Ident,
    pub(crate) columns: Vec<ColumnDef>,
    pub(crate) constraints: Vec<Clause>,
    /// The comma before the first table constraint, else the closing parenthesis.
    pub(crate) columns_end: usize,
    /// The closing parenthesis.
    pub(crate) close: usize,
    pub(crate) without_rowid: bool,
    pub(crate) strict: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnDef {
    pub(crate) name: Ident,
    /// The declared type as written.
    pub(crate) ty: String,
    pub(crate) clauses: Vec<Clause>,
}

/// A constraint of a column or table, or a name without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) name: Option<Ident>,
    pub(crate) kind: ClauseKind,
    pub(crate) at: Range<usize>,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClauseKind {
    /// A name that no constraint follows.
    Nothing,
    Null,
    NotNull(Option<String>),
    /// Of a column or a table: a column's has no keys.
    PrimaryKey {
        keys: Vec<Expr>,
        orders: Vec<bool>,
        autoincrement: bool,
        conflict: Option<String>,
    },
    Unique {
        keys: Vec<Expr>,
        orders: Vec<bool>,
        conflict: Option<String>,
    },
    Check(Expr),
    /// The text with its parentheses, and the expression where there are some.
    Default(Range<usize>, Option<Expr>),
    Collate(Ident),
    ForeignKey(Fk),
    Generated {
        expr: Expr,
        stored: bool,
    },
    /// `DEFERRABLE …` of the foreign key before it: deferrable, initially deferred.
    Deferrable(bool, bool),
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fk {
    /// Empty for a column's own.
    pub(crate) columns: Vec<Ident>,
    pub(crate) target: Ident,
    pub(crate) target_columns: Vec<Ident>,
    /// The words of ON DELETE and ON UPDATE.
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) match_full: bool,
}

/// CREATE INDEX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexDef {
    pub(crate) unique: bool,
    pub(crate) name: Ident,
    pub(crate) table: Ident,
    pub(crate) keys: Vec<Expr>,
    pub(crate) orders: Vec<bool>,
    pub(crate) filter: Option<Expr>,
}

/// CREATE VIEW.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ViewDef {
    pub(crate) name: Ident,
    pub(crate) columns: Vec<Ident>,
    pub(crate) query: Select,
}

/// CREATE TRIGGER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TriggerDef {
    pub(crate) name: Ident,
    pub(crate) timing: Timing,
    pub(crate) event: Event,
    pub(crate) columns: Vec<Ident>,
    pub(crate) table: Qualified,
    pub(crate) when: Option<Expr>,
    pub(crate) steps: Vec<Step>,
    /// The byte after END.
    pub(crate) end: usize,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    Before,
    After,
    InsteadOf,
}

/// What a trigger fires on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Insert,
    Update,
    Delete,
}

/// A statement of a trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is written; a SELECT writes nothing.
    pub(crate) target: Option<Ident>,
    pub(crate) alias: Option<Ident>,
    /// The columns of INSERT, and those that UPDATE sets.
    pub(crate) columns: Vec<Ident>,
    /// The query of INSERT or SELECT.
    pub(crate) query: Option<Select>,
    /// The values of SET, WHERE.
    pub(crate) expressions: Vec<Expr>,
    /// UPDATE … FROM.
    pub(crate) from: Vec<Source>,
    /// The expressions of ON CONFLICT, which see `excluded`, and the columns that it sets.
    pub(crate) upsert: Vec<Expr>,
    pub(crate) upsert_columns: Vec<Ident>,
}
