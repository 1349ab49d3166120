//! What differs between the databases: their types, names, expressions and DDL, one folder each.
//!
//! The folds and the differ come here with what a migration wrote and with what a server says; nothing here reads a
//! file or a database. There is no list of dialects to match on: shared code asks a [`Dialect`].

mod difference;
pub mod postgres;
pub mod sqlite;

pub use difference::{Difference, Verdict};

use crate::schema::Schema;

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
