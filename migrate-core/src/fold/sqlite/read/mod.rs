//! Text to structure: the grammar of what SQLite stores, as far as names, edits and the schema need it.

mod ast;
mod expression;
mod module;
mod object;
mod reader;
mod select;
mod table;
mod visit;

pub(super) use ast::{
    Call, Clause, ClauseKind, ColumnDef, Core, Cte, Event, Expr, Fk, Ident, IndexDef, Node, Qualified, Quote,
    ResultColumn, Select, Source, SourceKind, Step, TableDef, Timing, TriggerDef, ViewDef,
};
pub(super) use module::VirtualColumn;
pub(super) use object::{Definition, stored};
pub(super) use reader::{Reader, unquoted};
pub(super) use visit::{tables, trigger_tables};
