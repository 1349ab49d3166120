//! SQLite's statements.
//!
//! SQLite keeps its schema as the texts of its objects, and ALTER TABLE edits these texts token by token. The fold does
//! the same: its state is what `sqlite_schema` would hold, byte for byte, and the schema is read from it.
//!
//! 1. `read/` is the grammar, as far as names, edits and the schema need it.
//! 2. `resolve/` tells what the names in a text stand for, by SQLite's own rules of scope.
//! 3. `check/` is what SQLite demands of an object when it reads its text.
//! 4. `create`, `drop` and `alter/` are the statements; `model` is the way to the schema.
//!
//! What depends on rows is accepted: whether a column can be added as NOT NULL is known when the statement runs.

mod alter;
mod catalog;
mod check;
mod create;
mod drop;
mod functions;
mod model;
mod read;
mod resolve;
mod session;
mod table_as;

use super::{Effect, Folder, Problem};
use crate::schema::Schema;
use crate::sql::SQLITE;
use catalog::{Catalog, Home, Object};
use session::Session;

/// The dialect's name.
pub(super) const NAME: &str = SQLITE.name;

/// Folds SQLite's statements.
#[derive(Clone, Debug, Default)]
pub struct SqliteFolder {
    catalog: Catalog,
    schema: Schema,
    session: Session,
}

impl SqliteFolder {
    /// Returns the rows of `sqlite_schema` as type, name, table and text, in the order of creation; the indexes that
    /// SQLite makes for keys stand after their table and have no text, what SQLite keeps for itself is not there.
    pub fn stored(&self) -> Vec<(String, String, String, Option<String>)> {
        let mut rows = Vec::new();
        for object in self.catalog.iter().filter(|object| object.home == Home::Main) {
            let sql = Some(object.sql.clone());
            rows.push((object.kind().to_owned(), object.name.clone(), object.table.clone(), sql));
            let Some(table) = object.as_table() else { continue };
            for index in model::autoindexes(&object.name, table).into_iter().filter(|index| index.stored) {
                rows.push(("index".to_owned(), index.name, object.name.clone(), None));
            }
        }
        rows
    }
}

impl Folder for SqliteFolder {
    fn statement(&mut self, text: &str) -> Result<Effect, Problem> {
        let mut session = self.session;
        self.catalog.begin();
        match session::statement(&mut self.catalog, &mut session, text) {
            Ok(effect) => {
                model::sync(&mut self.schema, &self.catalog);
                self.session = session;
                Ok(effect)
            }
            Err(problem) => {
                self.catalog.undo();
                Err(problem)
            }
        }
    }

    fn begin_revision(&mut self) {
        self.session = Session::default();
        // Whether the next revision runs on the same connection is not known: temporary objects end with this one.
        self.catalog.end_session();
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn duplicate(&self) -> Box<dyn Folder> {
        Box::new(self.clone())
    }
}

/// Returns the schema of stored texts, each with its type, name and table; shadow tables of the virtual ones and what
/// SQLite keeps for itself are left out.
///
/// # Errors
///
/// The name and the problem of a text that cannot be read, which SQLite itself would not have stored.
pub fn read_stored<'r>(
    rows: impl IntoIterator<Item = (&'r str, &'r str, &'r str)>,
) -> Result<Schema, (String, Problem)> {
    let mut all = Catalog::default();
    for (name, table, sql) in rows {
        let object = Object::new(Home::Main, name, table, sql.to_owned());
        all.push(object.map_err(|problem| (name.to_owned(), problem))?);
    }
    let mut catalog = Catalog::default();
    for object in all.iter().filter(|object| all.shadowed_by(Home::Main, &object.table).is_none()) {
        catalog.push(Object::clone(object));
    }
    let mut schema = Schema::default();
    model::sync(&mut schema, &catalog);
    Ok(schema)
}
