//! The app's tables, in either database.

mod postgres;
mod sqlite;

use crate::{MIGRATIONS, Outcome, with_hints};

/// What the app does with its tables.
pub(crate) trait Store {
    /// Starts an execution with a step that reads these models, and returns its id.
    fn start(&mut self, models: &[&str]) -> Outcome<String>;

    /// Completes an execution and its steps.
    fn complete(&mut self, id: &str) -> Outcome<()>;

    /// Returns a line for each execution, the oldest first.
    fn list(&mut self) -> Outcome<Vec<String>>;
}

/// Opens a database that is at head, and returns the revisions that this program does not know.
pub(crate) fn open(url: &str) -> Outcome<(Box<dyn Store>, Vec<String>)> {
    if url.starts_with("sqlite:") {
        let location = migrate_core::sqlite::Location::parse(url)?;
        let path = location.path().ok_or("a database in memory is empty; name a file")?;
        // Only `upgrade` creates the file.
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let opened = rusqlite::Connection::open_with_flags(path, flags);
        let mut connection = opened.map_err(|error| format!("{error}; `dpo upgrade` creates the database"))?;
        let newer = MIGRATIONS
            .require_head(&mut migrate_core::sqlite::wrap(&mut connection))
            .map_err(|error| with_hints(&error))?;
        Ok((Box::new(connection), newer))
    } else {
        let mut session = migrate_core::postgres::connect(url)?;
        let newer = MIGRATIONS.require_head(&mut session).map_err(|error| with_hints(&error))?;
        Ok((Box::new(session), newer))
    }
}
