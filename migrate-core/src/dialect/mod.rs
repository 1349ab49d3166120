//! What differs between the databases: their types, names, expressions and DDL, one folder each.
//!
//! The folds and the differ come here with what a migration wrote and with what a server says; nothing here reads a
//! file or a database. There is no list of dialects to match on: shared code asks a [`Dialect`].

pub mod declare;
mod difference;
mod migration;
pub mod postgres;
pub mod sqlite;

pub use difference::{Difference, Verdict};
pub use migration::{Capabilities, Cast, Statement, applied, differences};

use crate::op::Operation;
use crate::schema::logical::LogicalSchema;
use crate::schema::{Column, ColumnType, Expression, ObjectName, Schema};
use declare::Declared;

/// What a schema means to one database.
pub trait Dialect: Sync {
    /// Returns the name under which `Syntax` and migrate.toml know it.
    fn name(&self) -> &'static str;

    /// Returns what two schemas differ in, object by object, in the order of the objects' names.
    ///
    /// What the database does not tell apart is no difference.
    fn compare(&self, before: &Schema, after: &Schema) -> Vec<Difference>;

    /// Returns the statements that make a schema in an empty database, each without `;`, in the order of what depends
    /// on what.
    fn render(&self, schema: &Schema) -> Vec<String>;

    /// Returns what the database can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Returns the text of an expression in which a name became another one.
    fn rewrite(&self, expression: &Expression, from: &str, to: &str) -> String;

    /// Returns how values of a type of one schema become those of a type of another.
    fn cast(&self, before: (&Schema, &ColumnType), after: (&Schema, &ColumnType)) -> Cast;

    /// Returns whether rows that say no value for a column of a table get one, or need none.
    fn fills_itself(&self, schema: &Schema, table: &ObjectName, column: &Column) -> bool;

    /// Returns the statements that do operations in a database that has a schema.
    ///
    /// # Errors
    ///
    /// Why they cannot be done: what rows would need is known to nobody.
    fn migrate(&self, before: &Schema, operations: &[Operation]) -> Result<Vec<Statement>, String>;

    /// Returns the statements that make what entities say, for the fold to read.
    fn declare(&self, schema: &LogicalSchema) -> Declared;
}

/// Every dialect.
pub const ALL: [&dyn Dialect; 2] = [&postgres::Postgres, &sqlite::Sqlite];

/// Returns the dialect of a name.
///
/// ```
/// let dialect = migrate_core::dialect::named("sqlite").expect("it is one");
/// assert_eq!(dialect.render(&Default::default()), [""; 0]);
/// ```
pub fn named(name: &str) -> Option<&'static dyn Dialect> {
    ALL.into_iter().find(|dialect| dialect.name() == name)
}
