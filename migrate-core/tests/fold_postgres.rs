//! The fold of PostgreSQL's statements against a server: each script is run and folded, and the two schemas agree on
//! every object, name, column and key. The texts of expressions are compared elsewhere.
#![cfg(all(feature = "fold", feature = "files", feature = "postgres"))]

#[path = "fold_postgres/differences.rs"]
mod differences;
#[path = "fold_postgres/refused.rs"]
mod refused;
#[path = "fold_postgres/render.rs"]
mod render;
#[path = "fold_postgres/shape.rs"]
mod shape;

use migrate_core::Migrator;
use migrate_core::dialect::{Dialect, Difference, Verdict};
use migrate_core::fold::postgres::PostgresFolder;
use migrate_core::fold::{Effect, Folder};
use migrate_core::introspect::{Filter, postgres};
use migrate_core::revision::script::Script;
use migrate_core::revision::{Directory, Target};
use migrate_core::runtime::{Options, Settings};
use migrate_core::schema::{ObjectName, Schema};
use migrate_core::sql::{Lexer, Splitter, Syntax};
use migrate_test_support::postgres::{Database, cluster};
use migrate_test_support::project::workspace_root;

fn syntax() -> &'static Syntax {
    Syntax::named("postgres").expect("it is a dialect")
}

fn folder() -> PostgresFolder {
    PostgresFolder::new(cluster().version(), &["public".to_owned()])
}

fn statements(script: &str) -> Vec<&str> {
    let mut lexer = Lexer::new(script, 0, syntax());
    let mut splitter = Splitter::new(syntax());
    let (mut from, mut found) = (0, Vec::new());
    while let Ok(Some(token)) = lexer.next_token() {
        if splitter.ends(token, script) {
            found.push(script[from..token.start].trim());
            from = token.end;
        }
    }
    found.push(script[from..].trim());
    found.retain(|statement| !statement.is_empty());
    found
}

type Session = migrate_core::postgres::Session<'static>;

fn connect(database: &Database) -> Session {
    migrate_core::postgres::connect(&database.url()).expect("it connects")
}

fn live(database: &Database) -> Schema {
    let mut session = connect(database);
    postgres::read(&mut session, &Filter::new().without(ObjectName::new("public", "migrate_version")))
        .expect("it reads")
}

#[track_caller]
fn agree(folded: &Schema, live: &Schema, script: &str) {
    let (ours, theirs) = (shape::of(folded), shape::of(live));
    if ours != theirs {
        let missing: Vec<_> = theirs.lines().filter(|line| !ours.contains(*line)).collect();
        let extra: Vec<_> = ours.lines().filter(|line| !theirs.contains(*line)).collect();
        panic!("{script}\n\nonly the server has\n{}\n\nonly the fold has\n{}\n", missing.join("\n"), extra.join("\n"));
    }
}

/// Runs and folds a script, and compares after each statement that both accept.
#[track_caller]
fn check(script: &str) {
    let database = Database::create("fold");
    let mut folder = folder();
    let mut session = connect(&database);
    for statement in statements(script) {
        session.query(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        if let Err(problem) = folder.statement(statement) {
            panic!("{script}\n\n{statement}\n{}: {problem}", problem.code);
        }
    }
    let live = live(&database);
    agree(folder.schema(), &live, script);
    same(folder.schema(), &live, script);
    // A project folds for one version and runs on others.
    for version in [16, 18] {
        let mut folder = PostgresFolder::new(version, &["public".to_owned()]);
        for statement in statements(script) {
            folder.statement(statement).unwrap_or_else(|problem| panic!("{statement}: {problem}"));
        }
        same(folder.schema(), &live, script);
    }
    render::check(folder.schema(), &database, script);
    render::check_fold(folder.schema(), script);
}

/// Compares a fold with what a server has: nothing differs, and only queries cannot be told.
#[track_caller]
fn same(folded: &Schema, live: &Schema, script: &str) {
    let mut found = dialect().compare(folded, live);
    found.retain(|difference| !is_query(difference) || matches!(difference.verdict, Verdict::Different(_)));
    let told: Vec<String> = found.iter().map(told).collect();
    assert!(found.is_empty(), "{script}\n\n{}", told.join("\n"));
}

/// Returns whether a difference is about a query: of a view, a rule, or in the body of a routine.
fn is_query(difference: &Difference) -> bool {
    ["the query", "the body"].contains(&difference.what.as_str()) || difference.object.starts_with("rule ")
}

fn dialect() -> &'static dyn Dialect {
    migrate_core::dialect::named("postgres").expect("it is one")
}

fn told(difference: &Difference) -> String {
    let doubt = match &difference.verdict {
        Verdict::Skip(reason) => format!(" ({reason})"),
        Verdict::Different(_) | Verdict::Equal => String::new(),
    };
    format!("{}: {}{doubt}", difference.object, difference.sentence("in the fold", "on the server"))
}

/// Runs every case of a file, and tells all that fail.
fn all(cases: &str, run: impl Fn(&str) + std::panic::RefUnwindSafe) {
    let mut failed = Vec::new();
    for case in cases.split("\n--\n") {
        let outcome = std::panic::catch_unwind(|| run(case));
        if outcome.is_err() {
            failed.push(case.trim());
        }
    }
    assert!(failed.is_empty(), "{} cases failed:\n\n{}", failed.len(), failed.join("\n\n"));
}

// Every statement of the kinds that the fold reads gives the objects that the server makes.
#[test]
fn statements_make_what_the_server_makes() {
    all(include_str!("fold_postgres/accepted.sql"), check);
}

// The revisions of the reference app fold to what the server has, at every revision up and down.
#[test]
fn the_reference_app_folds_to_what_the_server_has() {
    let directory = Directory::read(&[workspace_root().join("migrations")]).expect("the revisions are read");
    let history = directory.history(&[syntax()], syntax()).expect("their sections are read");
    let database = Database::create("fold_app");
    let settings = Settings::default();
    let mut session = connect(&database);
    let migrator = Migrator::new(&history, &settings);
    let mut folder = folder();
    let mut fold = |node: usize, script: &Script| {
        folder.begin_revision();
        let text = &history.scripts(node).text;
        for statement in &script.statements {
            let statement = &text[statement.start..statement.end];
            let effect = folder.statement(statement).unwrap_or_else(|problem| panic!("{statement}: {problem}"));
            assert_ne!(effect, Effect::Opaque, "{statement}");
        }
        folder.schema().clone()
    };
    let mut tell = |_| {};
    for node in 0..history.graph().nodes().len() {
        let target = Target::revision(history.graph().id(node));
        migrator.upgrade(&mut session, &[target], Options::default(), &mut tell).expect("it upgrades");
        let folded = fold(node, &history.scripts(node).upgrade);
        agree(&folded, &live(&database), history.graph().id(node));
    }
    for node in (0..history.graph().nodes().len()).rev() {
        let target = Target::parse("-1").expect("a target");
        migrator.downgrade(&mut session, &target, &mut tell).expect("it downgrades");
        let folded = fold(node, &history.scripts(node).downgrade);
        agree(&folded, &live(&database), &format!("down from {}", history.graph().id(node)));
    }
}

// A live database of every kind of object is written as DDL that makes the same again.
#[test]
fn what_a_server_has_is_rendered() {
    for (script, version) in [
        (include_str!("introspect_postgres/fixture.sql"), 15),
        (include_str!("introspect_postgres/fixture_18.sql"), 18),
    ] {
        if cluster().version() >= version {
            let database = Database::create("rendered");
            database.psql(script);
            render::check(&live(&database), &database, "the fixture");
        }
    }
}

// What may change the schema unseen is told, so that its author says what it does; the list is complete.
#[test]
fn what_is_opaque() {
    let mut folder = folder();
    let make = "CREATE FUNCTION makes() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE x (a int); END $$";
    let counts = "CREATE FUNCTION counts() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$";
    folder.statement(make).expect("it is read");
    folder.statement(counts).expect("it is read");
    for (statement, expect) in [
        ("DO $$ BEGIN END $$", Effect::Opaque),
        ("CALL p()", Effect::Opaque),
        ("SELECT makes()", Effect::Opaque),
        ("SELECT counts()", Effect::Data),
        ("SELECT setval('s', 1)", Effect::Data),
        ("WITH x AS (SELECT 1) SELECT * FROM x", Effect::Data),
        ("INSERT INTO t VALUES (@!)", Effect::Data),
        ("TRUNCATE t", Effect::Data),
        ("GRANT SELECT ON t TO PUBLIC", Effect::None),
        ("VACUUM", Effect::None),
        ("CREATE ROLE r", Effect::None),
        ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", Effect::None),
        ("FROBNICATE", Effect::Opaque),
    ] {
        assert_eq!(folder.statement(statement), Ok(expect), "{statement}");
    }
}
