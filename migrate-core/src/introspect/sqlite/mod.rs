//! SQLite: the texts in `sqlite_schema`, read as the fold reads the statements that made them.
//!
//! The pragmas leave out more than they tell: checks, names of constraints, conflict clauses, deferrability, the
//! expressions of indexes and generated columns. The text has everything, and it is always what SQLite itself accepts.
//! See <https://sqlite.org/schematab.html>.

use rusqlite::Connection;

use super::Filter;
use crate::error::{Error, Result};
use crate::fold::sqlite::read_stored;
use crate::schema::Schema;

/// Reads the schema of a database.
///
/// SQLite's own tables, the shadow tables of virtual ones and what the filter leaves out are not part of it.
///
/// # Errors
///
/// A database that cannot be read.
///
/// ```
/// use migrate_core::introspect::{Filter, sqlite};
///
/// let connection = rusqlite::Connection::open_in_memory()?;
/// connection.execute_batch("CREATE TABLE job (id INTEGER PRIMARY KEY)")?;
/// let schema = sqlite::read(&connection, &Filter::new()).expect("a schema");
/// assert_eq!(schema.tables.len(), 1);
/// # Ok::<(), rusqlite::Error>(())
/// ```
pub fn read(connection: &Connection, filter: &Filter) -> Result<Schema> {
    let failed = |error: rusqlite::Error| Error::database("read the schema", error.to_string());
    let query = "SELECT name, tbl_name, sql FROM main.sqlite_master \
                 WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
    let mut statement = connection.prepare(query).map_err(failed)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(failed)?;
    let rows: Vec<(String, String, String)> = rows.collect::<rusqlite::Result<_>>().map_err(failed)?;
    let rows = rows.iter().map(|(name, table, sql)| (name.as_str(), table.as_str(), sql.as_str()));
    let mut schema = read_stored(rows).map_err(|(name, problem)| {
        Error::database("read the schema", format!("the text of {name} cannot be read: {problem}"))
    })?;
    filter.narrow(&mut schema);
    Ok(schema)
}
