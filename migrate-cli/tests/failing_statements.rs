//! A statement that fails is told with its exact file, line and column, on both databases and in every form of output;
//! schema, rows and version table are as before it; and once its cause is removed the run goes on.

#[path = "failing_statements/errors.rs"]
mod errors;
#[path = "failing_statements/places.rs"]
mod places;
#[path = "common/script_cli.rs"]
mod script_cli;
#[path = "common/script_db.rs"]
mod script_db;
#[path = "failing_statements/states.rs"]
mod states;

use script_cli::{Cli, Ran};
use script_db::Db;
use serde_json::{Value, json};

/// The revision before the one that fails.
const BASE: &str = "-- migrate:upgrade
CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL, qty integer CHECK (qty >= 0));
INSERT INTO item VALUES (1, 'one', 1), (2, 'zwei', 0);
CREATE TABLE part (id integer PRIMARY KEY, item_id integer REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO part VALUES (1, 1);

-- migrate:downgrade
DROP TABLE part;
DROP TABLE item;
";

/// The revision after it.
const LAST: &str = "-- migrate:upgrade
CREATE TABLE last (id integer);

-- migrate:downgrade
DROP TABLE last;
";

/// A revision that fails. Its header takes five lines: what is given here begins on line 6, and all but a few cases
/// have a statement that succeeds on line 7.
struct Case {
    text: &'static str,
    /// What to replace in the file, so that it does not fail.
    mend: (&'static str, &'static str),
    failure: Failure,
}

/// What is told about it.
struct Failure {
    /// Line and column.
    at: (u32, u32),
    message: &'static str,
    code: Option<&'static str>,
    /// The first line of the statement, empty where the end of the transaction failed.
    statement: &'static str,
}

fn revision(id: &str, below: &str, text: &str) -> String {
    format!("-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {below}\n\n{text}")
}

/// Makes a project of the revisions a, b and c, of which b is given, and applies a.
#[track_caller]
fn project(db: &Db, settings: &str, second: &str) -> Cli {
    let cli = Cli::new(&db.url());
    let dialect = if db.is_postgres() { "postgres" } else { "sqlite" };
    cli.folder.write("migrate.toml", &format!("[migrate]\ndialects = [\"{dialect}\"]\n{settings}"));
    cli.folder.write("migrations/a.sql", &revision("a", "", BASE));
    cli.folder.write("migrations/b.sql", second);
    cli.folder.write("migrations/c.sql", &revision("c", "b", LAST));
    cli.expect("-x $URL upgrade a", 0, "", "Running upgrade  -> a, a\n");
    cli
}

/// Runs a command that fails twice, for people and as JSON, and checks what both tell and that nothing has changed.
#[track_caller]
fn fails(cli: &Cli, db: &Db, line: &str, begins: &str, direction: &str, failure: &Failure) {
    let Failure { at: (row, column), message, code, statement } = failure;
    let before = (db.schema(), db.contents());

    let Ran { code: exit, stdout, stderr } = cli.run(&format!("-x $URL {line}"));
    assert_eq!((exit, stdout.as_str()), (4, ""), "{stderr}");
    let told = stderr.strip_prefix(begins).unwrap_or_else(|| panic!("it begins otherwise: {stderr}"));
    let first = format!("error: migrations/b.sql:{row}:{column}: {direction} of b failed: {message}\n");
    assert!(told.starts_with(&first), "expected {first}{told}");
    let arrow = format!("\n{}--> migrations/b.sql:{row}:{column}\n", " ".repeat(row.to_string().len()));
    assert!(told.contains(&arrow), "expected {arrow}{told}");
    assert!(told.ends_with("\n  nothing was changed\n"), "{told}");
    assert_eq!((db.schema(), db.contents()), before, "everything is as before");

    let Ran { code: exit, stdout, stderr } = cli.run(&format!("-x $URL --json {line}"));
    assert_eq!((exit, stdout.as_str()), (4, ""), "{stderr}");
    let told: Value =
        serde_json::from_str(stderr.strip_prefix(&as_notes(begins)).unwrap_or_default()).expect("it is JSON");
    let expect = json!({
        "revision": "b",
        "direction": direction,
        "location": { "file": "migrations/b.sql", "line": row, "column": column },
        "statement": statement,
        "message": message,
        "code": code,
        "finished": [],
        "partial": null,
    });
    let mut found = told["error"]["statement"].clone();
    // It is absolute here, as the project's folder is no process's working folder.
    let file =
        found["location"]["file"].as_str().and_then(|file| file.rsplit_once("/migrations/")).map(|(_, f)| f.to_owned());
    if let Some(file) = file {
        found["location"]["file"] = json!(format!("migrations/{file}"));
    }
    assert_eq!(found, expect);
    assert_eq!(told["error"]["class"], json!("database"));
    assert_eq!((db.schema(), db.contents()), before, "everything is as before, again");
}

/// Returns what `--json` makes of lines for people.
fn as_notes(lines: &str) -> String {
    lines.lines().map(|line| format!("{}\n", json!({ "note": line }))).collect()
}

/// Runs on from b to the end.
#[track_caller]
fn goes_on(cli: &Cli) {
    cli.expect("-x $URL upgrade head", 0, "", "Running upgrade a -> b, b\nRunning upgrade b -> c, c\n");
    cli.expect("-x $URL current --check-heads", 0, "c (head)\n", "");
}

#[track_caller]
fn mend(cli: &Cli, (from, to): (&str, &str)) {
    let text = cli.folder.read("migrations/b.sql");
    assert_eq!(text.matches(from).count(), 1, "`{from}` is in the file once");
    cli.folder.write("migrations/b.sql", &text.replacen(from, to, 1));
}

#[track_caller]
fn check_file(db: &Db, settings: &str, case: &Case, file: &str) {
    let cli = project(db, settings, file);
    fails(&cli, db, "upgrade head", "Running upgrade a -> b, b\n", "upgrade", &case.failure);
    mend(&cli, case.mend);
    goes_on(&cli);
}

#[track_caller]
fn check(db: &Db, case: &Case) {
    check_file(db, "", case, &revision("b", "a", case.text));
}

#[track_caller]
fn on_postgres(case: &Case) {
    check(&Db::postgres("failing"), case);
}

#[track_caller]
fn on_sqlite(case: &Case) {
    check(&Db::sqlite(), case);
}
