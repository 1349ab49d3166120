//! What a revision may not do to a SQLite database without saying so.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::error::{DatabaseError, Result};
use crate::runtime::Part;
use crate::sql::{SQLITE, name, significant};

/// Rows whose foreign key points nowhere.
pub(super) type Violations = BTreeSet<Violation>;

/// The child table, its row (none WITHOUT ROWID), the parent table, and the number of the foreign key.
pub(super) type Violation = (String, Option<i64>, String, i64);

/// Returns every row whose foreign key points nowhere.
///
/// One foreign key that fits no parent key makes the check of all tables fail; then each table is asked by itself, and
/// those that cannot be checked are passed over, as SQLite itself would refuse to use them.
pub(super) fn violations(connection: &Connection) -> Result<Violations> {
    if let Ok(found) = read_violations(connection, "PRAGMA foreign_key_check") {
        return Ok(found);
    }
    let failed = |e: &rusqlite::Error| super::error("check the foreign keys", e);
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut statement = connection.prepare(tables).map_err(|e| failed(&e))?;
    let names: rusqlite::Result<Vec<String>> = statement.query_map([], |row| row.get(0)).and_then(Iterator::collect);
    let mut all = Violations::new();
    for table in names.map_err(|e| failed(&e))? {
        if let Ok(found) = read_violations(connection, &format!("PRAGMA foreign_key_check({})", name(&table))) {
            all.extend(found);
        }
    }
    Ok(all)
}

fn read_violations(connection: &Connection, pragma: &str) -> rusqlite::Result<Violations> {
    let mut statement = connection.prepare(pragma)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}

/// Describes the violations that are new.
pub(super) fn orphans(before: &Violations, after: &Violations) -> DatabaseError {
    let new: Vec<&Violation> = after.difference(before).collect();
    let count = new.len();
    let (rows, point) = if count == 1 { ("row", "points") } else { ("rows", "point") };
    let example = new.first().map(|(table, rowid, parent, _)| match rowid {
        Some(rowid) => format!("the row of {table} with rowid {rowid} has no parent in {parent}"),
        None => format!("a row of {table} has no parent in {parent}"),
    });
    DatabaseError {
        message: format!("the revision would leave {count} {rows} whose foreign key {point} nowhere"),
        detail: example,
        hint: Some("delete or repair such rows in the revision".to_owned()),
        ..DatabaseError::default()
    }
}

/// Indexes and triggers by name, with their table.
pub(super) type Attached = BTreeSet<(String, String)>;

/// Returns the indexes and triggers, if the part drops a table: nothing else takes one along without naming it.
pub(super) fn attached(connection: &Connection, part: &Part<'_>) -> Result<Option<Attached>> {
    let drops = part.statements.iter().any(|item| {
        let words = significant(item.sql, &SQLITE);
        words.first().is_some_and(|word| word.is("DROP")) && words.get(1).is_some_and(|w| w.is("TABLE") || w.is("VIEW"))
    });
    if !drops {
        return Ok(None);
    }
    read_attached(connection).map(Some).map_err(|e| super::error("read sqlite_master", &e))
}

fn read_attached(connection: &Connection) -> rusqlite::Result<Attached> {
    let query = "SELECT name, tbl_name FROM sqlite_master WHERE type IN ('index', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Refuses a part after which a table is still there and an index or trigger of it is not, although no statement names
/// it: it was made behind the migrations' back, and a rebuild of the table would lose it.
pub(super) fn vanished(
    connection: &Connection,
    part: &Part<'_>,
    before: Option<Attached>,
) -> Result<(), DatabaseError> {
    let Some(before) = before else { return Ok(()) };
    let read = |e: rusqlite::Error| super::database_error("read sqlite_master", &e);
    let after = read_attached(connection).map_err(read)?;
    let mut named: BTreeSet<String> = BTreeSet::new();
    for item in &part.statements {
        named.extend(significant(item.sql, &SQLITE).iter().map(|word| word.unquoted().to_lowercase()));
    }
    let still: BTreeSet<&String> = after.iter().map(|(name, _)| name).collect();
    for (object, table) in before.iter().filter(|(object, _)| !still.contains(object)) {
        let exists = "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?1)";
        let stays: i64 = connection.query_row(exists, [table], |row| row.get(0)).map_err(read)?;
        if stays > 0 && !named.contains(&object.to_lowercase()) {
            return Err(DatabaseError {
                message: format!(
                    "the revision would lose `{object}` of the table `{table}`, which no statement of it names"
                ),
                detail: Some("it was made outside the migrations".to_owned()),
                hint: Some(format!(
                    "create it again in the revision, or say DROP INDEX or DROP TRIGGER {}",
                    name(object)
                )),
                ..DatabaseError::default()
            });
        }
    }
    Ok(())
}
