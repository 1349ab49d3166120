//! A schema written as DDL, run on a server and folded.

use migrate_core::fold::Folder;
use migrate_core::schema::Schema;
use migrate_test_support::postgres::{Database, cluster};

use crate::{dialect, folder, live, same, told};

/// Renders a schema into an empty database, and compares with the database that the schema is of.
#[track_caller]
pub(crate) fn check(schema: &Schema, original: &Database, script: &str) {
    let copy = Database::create("render");
    let statements = dialect().render(schema);
    let mut session = migrate_core::postgres::connect(&copy.url()).expect("it connects");
    for statement in &statements {
        if let Err(error) = session.query(statement) {
            panic!("{script}\n\n{}\n\n{statement}\n{error}", statements.join(";\n"));
        }
    }
    let (ours, theirs) = (live(&copy), live(original));
    let rendered = statements.join(";\n");
    empty(&theirs, &ours, &format!("{script}\n\n{rendered}"));
    empty(&ours, &theirs, &format!("{script}\n\n{rendered}"));
    // A newer server than pg_dump refuses it.
    if cluster().version() <= 15 {
        let (ours, theirs) = (dump(&copy), dump(original));
        let missing: Vec<_> = theirs.iter().filter(|part| !ours.contains(*part)).collect();
        let extra: Vec<_> = ours.iter().filter(|part| !theirs.contains(*part)).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{script}\n\n{rendered}\n\nmissing {missing:#?}\nextra {extra:#?}"
        );
    }
}

/// Folds what a fold is rendered as: it is the same again.
#[track_caller]
pub(crate) fn check_fold(schema: &Schema, script: &str) {
    let statements = dialect().render(schema);
    let mut again = folder();
    for statement in &statements {
        if let Err(problem) = again.statement(statement) {
            panic!("{script}\n\n{}\n\n{statement}\n{}: {problem}", statements.join(";\n"), problem.code);
        }
    }
    let context = format!("{script}\n\n{}", statements.join(";\n"));
    // A name whose object moved is rendered where that is now.
    same(schema, again.schema(), &context);
    same(again.schema(), schema, &context);
}

#[track_caller]
fn empty(before: &Schema, after: &Schema, context: &str) {
    let found = dialect().compare(before, after);
    let told: Vec<String> = found.iter().map(told).collect();
    assert!(found.is_empty(), "{context}\n\n{}", told.join("\n"));
}

/// Returns the objects of a dump in the order of their texts.
fn dump(database: &Database) -> Vec<String> {
    let dump = database.dump();
    let mut parts: Vec<String> = dump.split("\n--\n-- Name: ").map(statements).collect();
    parts.sort();
    parts
}

/// Returns a part without settings, of which pg_dump writes those that change.
fn statements(part: &str) -> String {
    part.lines().filter(|line| !line.starts_with("SET ") && !line.is_empty()).collect::<Vec<_>>().join("\n")
}
