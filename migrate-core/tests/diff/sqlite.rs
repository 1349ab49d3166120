//! Cases on SQLite.

use migrate_core::dialect::sqlite::Sqlite;
use migrate_core::dialect::{Statement, differences};
use migrate_core::diff::{Hints, carry, diff};
use migrate_core::fold::Folder;
use migrate_core::fold::sqlite::SqliteFolder;
use migrate_core::introspect::{Filter, sqlite};
use migrate_core::schema::Schema;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::cases::{self, Case, hints, plan, shown, split};

pub(crate) fn fold(fold: &mut SqliteFolder, text: &str) -> Result<(), String> {
    fold.begin_revision();
    for statement in split(text, "sqlite") {
        fold.statement(&statement).map_err(|problem| format!("{statement}: the fold says {problem}"))?;
    }
    Ok(())
}

/// Runs statements as the runtime does: pragmas before the transaction, all others in it.
pub(crate) fn migrate(database: &Connection, statements: &[Statement]) -> Result<(), String> {
    let (pragmas, others): (Vec<_>, Vec<_>) =
        statements.iter().partition(|statement| statement.sql.starts_with("PRAGMA"));
    let run = |sql: &str| database.execute_batch(sql).map_err(|error| format!("{sql}: {error}"));
    run("PRAGMA foreign_keys=OFF")?;
    pragmas.iter().try_for_each(|pragma| run(&pragma.sql))?;
    run("BEGIN IMMEDIATE")?;
    let orphans = orphans(database);
    others.iter().try_for_each(|statement| run(&statement.sql))?;
    if self::orphans(database) > orphans {
        return Err("rows lost their parents".to_owned());
    }
    run("COMMIT; PRAGMA legacy_alter_table=OFF")
}

fn orphans(database: &Connection) -> usize {
    let mut statement = database.prepare("PRAGMA foreign_key_check").expect("a pragma");
    let rows = statement.query_map([], |_| Ok(()));
    rows.map_or(0, Iterator::count)
}

pub(crate) fn live(database: &Connection) -> Schema {
    sqlite::read(database, &Filter::new()).expect("a schema")
}

/// Returns all rows of all tables, each table's in the order of its rowid.
pub(crate) fn rows(database: &Connection) -> String {
    let mut text = String::new();
    for (name, table) in &live(database).tables {
        let without = table.options.iter().any(|option| option == "without_rowid");
        let own = table.column("rowid").is_some();
        let rowid = if without || own { "" } else { "rowid, " };
        let mut statement = database.prepare(&format!("SELECT {rowid}* FROM \"{}\"", name.name)).expect("a query");
        let count = statement.column_count();
        let mut found = statement.query([]).expect("rows");
        while let Some(row) = found.next().expect("a row") {
            let values: Vec<String> = (0..count)
                .map(|n| match row.get::<_, Value>(n).expect("a value") {
                    Value::Null => "NULL".to_owned(),
                    Value::Integer(value) => value.to_string(),
                    Value::Real(value) => format!("{value:?}"),
                    Value::Text(value) => format!("'{value}'"),
                    Value::Blob(value) => format!("x'{value:02x?}'"),
                })
                .collect();
            text += &format!("{}: {}\n", name.name, values.join(" "));
        }
    }
    if let Ok(mut statement) = database.prepare("SELECT name, seq FROM sqlite_sequence ORDER BY name") {
        let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
        for (name, seq) in found.expect("rows").flatten() {
            text += &format!("sqlite_sequence: {name} {seq}\n");
        }
    }
    text
}

/// Reads every view and compiles what fires every trigger.
pub(crate) fn works(database: &Connection) -> Result<(), String> {
    let schema = live(database);
    let run = |sql: String| database.prepare(&sql).map(drop).map_err(|error| format!("{sql}: {error}"));
    schema.views.keys().try_for_each(|name| run(format!("SELECT * FROM \"{}\"", name.name)))?;
    for (name, table) in schema.tables.iter().filter(|(_, table)| !table.triggers.is_empty()) {
        run(format!("EXPLAIN INSERT INTO \"{}\" DEFAULT VALUES", name.name))?;
        run(format!("EXPLAIN DELETE FROM \"{}\"", name.name))?;
        if let Some(column) = table.columns.iter().find(|column| column.generated.is_none()) {
            run(format!("EXPLAIN UPDATE \"{}\" SET \"{1}\" = \"{1}\"", name.name, column.name))?;
        }
    }
    Ok(())
}

fn equal(what: &str, found: &Schema, wanted: &Schema) -> Result<(), String> {
    let differences = differences(found, wanted, &Sqlite);
    if differences.is_empty() { Ok(()) } else { Err(format!("{what}: {differences:#?}")) }
}

/// Runs a case: the script up in a database with rows, and down again.
fn run(case: &Case) -> Result<String, String> {
    let (mut before, mut after) = (SqliteFolder::default(), SqliteFolder::default());
    fold(&mut before, &case.before)?;
    fold(&mut after, &case.after)?;
    let hints = hints(&case.flags);
    let (was, mut wanted) = (before.schema().clone(), after.schema().clone());
    let script = match plan(&was, &wanted, &Sqlite, &hints)? {
        Ok(script) => script,
        Err(questions) => return Ok(questions),
    };
    let mut result = shown(&script);
    let text = |statements: &[Statement]| migrate_core::render::section(statements);
    fold(&mut before, &text(&script.up)).map_err(|error| format!("{result}{error}"))?;
    if hints.described {
        let views = |schema: &Schema| schema.views.keys().cloned().collect::<Vec<_>>();
        if views(before.schema()) != views(&was) {
            return Err(format!("{result}the views are others"));
        }
        wanted = carry(before.schema(), &wanted);
    }
    equal("the fold of the script", before.schema(), &wanted).map_err(|error| format!("{result}{error}"))?;
    let database = Connection::open_in_memory().expect("a database");
    database.execute_batch(&case.before).map_err(|error| format!("before: {error}"))?;
    let before_rows = rows(&database);
    migrate(&database, &script.up).map_err(|error| format!("{result}{error}"))?;
    equal("after the upgrade", &live(&database), &wanted).map_err(|error| format!("{result}{error}"))?;
    works(&database).map_err(|error| format!("{result}{error}"))?;
    let again = diff(&live(&database), &wanted, &Sqlite, &Hints { described: hints.described, ..Hints::default() });
    if again != Ok(Vec::new()) {
        return Err(format!("{result}a second diff is not empty: {again:?}"));
    }
    let after_rows = rows(&database);
    result += &format!("-- rows\n{after_rows}");
    if script.irreversible.is_some() {
        return Ok(result);
    }
    fold(&mut before, &text(&script.down)).map_err(|error| format!("{result}{error}"))?;
    equal("the fold of the way back", before.schema(), &was).map_err(|error| format!("{result}{error}"))?;
    migrate(&database, &script.down).map_err(|error| format!("{result}{error}"))?;
    equal("after the downgrade", &live(&database), &was).map_err(|error| format!("{result}{error}"))?;
    works(&database).map_err(|error| format!("{result}{error}"))?;
    let back = rows(&database);
    if back == before_rows {
        result += "-- rows are back\n";
    } else {
        result += &format!("-- rows back\n{back}");
    }
    Ok(result)
}

// Each kind of change comes to the SQL of its case file, which does it on a database with rows, and takes it back.
#[test]
fn every_case_does_what_its_file_says_on_sqlite() {
    cases::run("sqlite", run);
}
