//! Cases on PostgreSQL.

use migrate_core::dialect::postgres::Postgres;
use migrate_core::dialect::{Statement, differences};
use migrate_core::diff::{Hints, carry, diff};
use migrate_core::fold::Folder;
use migrate_core::fold::postgres::PostgresFolder;
use migrate_core::introspect::{Filter, postgres};
use migrate_core::schema::Schema;
use migrate_test_support::postgres::{Database, cluster};

use crate::cases::{self, Case, hints, plan, shown, split};

pub(crate) fn folder() -> PostgresFolder {
    PostgresFolder::new(cluster().version(), &["public".to_owned()])
}

pub(crate) fn fold(folder: &mut PostgresFolder, text: &str) -> Result<(), String> {
    folder.begin_revision();
    for statement in split(text, "postgres") {
        folder.statement(&statement).map_err(|problem| format!("{statement}: the fold says {problem}"))?;
    }
    Ok(())
}

/// Runs statements with psql as the runtime would: in one transaction, but for those that cannot.
pub(crate) fn migrate(database: &Database, statements: &[Statement]) -> Result<(), String> {
    let mut segment = String::new();
    let flush = |segment: &mut String| {
        let text = std::mem::take(segment);
        if text.is_empty() { Ok(String::new()) } else { database.try_psql(&format!("BEGIN;\n{text}COMMIT;")) }
    };
    for statement in statements {
        if statement.no_transaction {
            flush(&mut segment)?;
            database.try_psql(&statement.sql)?;
        } else {
            segment += &format!("{};\n", statement.sql);
        }
    }
    flush(&mut segment).map(drop)
}

pub(crate) fn live(database: &Database) -> Schema {
    let mut session = migrate_core::postgres::connect(&database.url()).expect("it connects");
    postgres::read(&mut session, &Filter::new()).expect("it reads")
}

/// Returns all rows of all tables.
pub(crate) fn rows(database: &Database) -> String {
    let schema = live(database);
    let mut text = String::new();
    for name in schema.tables.keys() {
        let query = format!("SELECT t::text FROM \"{}\".\"{}\" t ORDER BY 1", name.schema, name.name);
        for row in database.query(&query) {
            text += &format!("{}: {}\n", name.name, row.join(" "));
        }
    }
    for name in schema.sequences.keys() {
        let query = format!("SELECT last_value, is_called FROM \"{}\".\"{}\"", name.schema, name.name);
        text += &format!("{}: {}\n", name.name, database.query(&query)[0].join(" "));
    }
    text
}

fn works(database: &Database) -> Result<(), String> {
    for (name, view) in &live(database).views {
        if !view.materialized || view.populated {
            database.try_psql(&format!("SELECT * FROM \"{}\".\"{}\"", name.schema, name.name))?;
        }
    }
    Ok(())
}

pub(crate) fn equal(what: &str, found: &Schema, wanted: &Schema) -> Result<(), String> {
    let differences = differences(found, wanted, &Postgres);
    if differences.is_empty() { Ok(()) } else { Err(format!("{what}: {differences:#?}")) }
}

/// Runs a case: the script up in a database with rows, and down again.
fn run(case: &Case) -> Result<String, String> {
    let (mut before, mut after) = (folder(), folder());
    fold(&mut before, &case.before)?;
    fold(&mut after, &case.after)?;
    let hints = hints(&case.flags);
    let (was, mut wanted) = (before.schema().clone(), after.schema().clone());
    let script = match plan(&was, &wanted, &Postgres, &hints)? {
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
    let database = Database::create("diff");
    database.try_psql(&case.before).map_err(|error| format!("before: {error}"))?;
    let before_rows = rows(&database);
    migrate(&database, &script.up).map_err(|error| format!("{result}{error}"))?;
    equal("after the upgrade", &live(&database), &wanted).map_err(|error| format!("{result}{error}"))?;
    works(&database).map_err(|error| format!("{result}{error}"))?;
    let again = diff(&live(&database), &wanted, &Postgres, &Hints { described: hints.described, ..Hints::default() });
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
fn every_case_does_what_its_file_says_on_postgresql() {
    cases::run("postgres", run);
}
