//! SQL statements to a schema: what the database would have if it ran them.
//!
//! Statements are read one by one from their tokens, each kind of object in a file of its own. What a reader does not
//! consume is an error with its position, never skipped; what a server refuses the fold refuses too. Expressions and
//! queries are kept as text with the names that they use.

mod cursor;
mod kept;
pub mod postgres;
mod problem;
pub mod sqlite;

pub use cursor::Cursor;
pub use problem::Problem;

use crate::schema::Schema;
use crate::sql::Syntax;

/// What a statement does to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changed the schema, or would have if it had not been there already.
    Schema,
    /// It is DDL that no schema shows: GRANT, ANALYZE, VACUUM.
    None,
    /// It is about rows.
    Data,
    /// What it does cannot be read: it needs a `-- migrate:effect`.
    Opaque,
}

/// How a dialect folds.
pub trait Folder {
    /// Applies a statement, which stands without its `;`.
    ///
    /// # Errors
    ///
    /// A statement that cannot be read, or that the server would refuse; the schema is as it was before.
    fn statement(&mut self, text: &str) -> Result<Effect, Problem>;

    /// Begins a revision: what statements set of the session ends.
    fn begin_revision(&mut self);

    /// Returns the schema so far.
    fn schema(&self) -> &Schema;

    /// Returns a folder that goes on from the same state.
    fn duplicate(&self) -> Box<dyn Folder>;
}

/// What the statements themselves do not say of the database that would run them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The server's major version; `None` is one that the dialect assumes.
    pub version: Option<u32>,
    /// The schemas in which every revision starts to look names up, where the database has schemas.
    pub search_path: Vec<String>,
}

/// Returns a folder of a dialect that starts from a new database.
///
/// ```
/// use migrate_core::fold::{self, Settings};
/// use migrate_core::sql::Syntax;
///
/// let sqlite = Syntax::named("sqlite").expect("it is one");
/// let mut folder = fold::folder(sqlite, &Settings::default()).expect("it folds");
/// folder.statement("CREATE TABLE job (id INTEGER PRIMARY KEY)")?;
/// assert_eq!(folder.schema().tables.len(), 1);
/// # Ok::<(), fold::Problem>(())
/// ```
pub fn folder(syntax: &Syntax, settings: &Settings) -> Option<Box<dyn Folder>> {
    FOLDERS.iter().find(|(name, ..)| *name == syntax.name).map(|(_, make, _)| make(settings))
}

/// Returns a folder of a dialect that starts with a schema, as far as the names in a statement are looked up there.
///
/// SQLite looks up no name but that of the table itself: its folder starts from nothing.
pub fn folder_on(syntax: &Syntax, settings: &Settings, schema: Schema) -> Option<Box<dyn Folder>> {
    FOLDERS.iter().find(|(name, ..)| *name == syntax.name).map(|(.., make)| make(settings, schema))
}

type Make = fn(&Settings) -> Box<dyn Folder>;
type MakeOn = fn(&Settings, Schema) -> Box<dyn Folder>;

/// Every dialect that folds.
const FOLDERS: &[(&str, Make, MakeOn)] = &[
    (
        postgres::NAME,
        |settings| Box::new(postgres::PostgresFolder::with(settings)),
        |settings, schema| Box::new(postgres::PostgresFolder::on(settings, schema)),
    ),
    (sqlite::NAME, |_| Box::new(sqlite::SqliteFolder::default()), |_, _| Box::new(sqlite::SqliteFolder::default())),
];
