//! The kinds of statements.

use migrate_core::fold::Folder;
use migrate_core::fold::sqlite::SqliteFolder;
use migrate_core::sql::{Syntax, significant};

/// Every kind by its words, the longest first where one begins like another.
pub(crate) const ACCEPTED: &[&str] = &[
    "CREATE TABLE",
    "CREATE TABLE IF NOT EXISTS",
    "CREATE TABLE AS",
    "CREATE TEMP TABLE",
    "CREATE VIRTUAL TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE INDEX",
    "CREATE VIEW",
    "CREATE TEMP VIEW",
    "CREATE TRIGGER",
    "CREATE TEMP TRIGGER",
    "DROP TABLE",
    "DROP INDEX",
    "DROP VIEW",
    "DROP TRIGGER",
    "ALTER TABLE RENAME TO",
    "ALTER TABLE RENAME COLUMN",
    "ALTER TABLE ADD COLUMN",
    "ALTER TABLE DROP COLUMN",
    "ALTER TABLE ADD CONSTRAINT",
    "ALTER TABLE DROP CONSTRAINT",
    "ALTER TABLE ALTER COLUMN",
    "INSERT",
    "REPLACE",
    "UPDATE",
    "DELETE",
    "SELECT",
    "WITH",
    "VALUES",
    "PRAGMA",
    "ANALYZE",
    "REINDEX",
    "VACUUM",
    "EXPLAIN",
];

/// The kinds that SQLite can refuse for what the schema is; the others are not read.
pub(crate) const REFUSED: &[&str] = &[
    "CREATE TABLE",
    "CREATE TABLE AS",
    "CREATE TEMP TABLE",
    "CREATE VIRTUAL TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE INDEX",
    "CREATE VIEW",
    "CREATE TRIGGER",
    "CREATE TEMP TRIGGER",
    "DROP TABLE",
    "DROP INDEX",
    "DROP VIEW",
    "DROP TRIGGER",
    "ALTER TABLE RENAME TO",
    "ALTER TABLE RENAME COLUMN",
    "ALTER TABLE ADD COLUMN",
    "ALTER TABLE DROP COLUMN",
    "ALTER TABLE ADD CONSTRAINT",
    "ALTER TABLE DROP CONSTRAINT",
    "ALTER TABLE ALTER COLUMN",
    "ATTACH",
    "DETACH",
    "BEGIN",
];

/// Returns the kind of a statement.
pub(crate) fn of(statement: &str) -> Option<&'static str> {
    let syntax = Syntax::named("sqlite").expect("a dialect");
    let words = significant(statement, syntax);
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    let kind = if is(0, "ALTER") {
        // The table's name may have its database before it.
        let verb = if words.get(3).is_some_and(|word| word.text == ".") { 5 } else { 3 };
        let what = match () {
            () if is(verb, "RENAME") && is(verb + 1, "TO") => "RENAME TO",
            () if is(verb, "RENAME") => "RENAME COLUMN",
            () if is(verb, "ALTER") => "ALTER COLUMN",
            () if is(verb, "ADD") && (is(verb + 1, "CONSTRAINT") || is(verb + 1, "CHECK")) => "ADD CONSTRAINT",
            () if is(verb, "DROP") && is(verb + 1, "CONSTRAINT") => "DROP CONSTRAINT",
            () if is(verb, "ADD") => "ADD COLUMN",
            () if is(verb, "DROP") => "DROP COLUMN",
            () => return None,
        };
        format!("ALTER TABLE {what}")
    } else if is(0, "CREATE") && is(1, "TABLE") && words.iter().take(5).any(|word| word.is("AS")) {
        "CREATE TABLE AS".to_owned()
    } else {
        let words: Vec<String> = words.iter().take(6).map(|word| word.text.to_ascii_uppercase()).collect();
        words.join(" ").replace("TEMPORARY", "TEMP")
    };
    let known =
        ACCEPTED.iter().chain(REFUSED).filter(|known| kind == **known || kind.starts_with(&format!("{known} ")));
    known.max_by_key(|known| known.len()).copied()
}

#[test]
fn what_cannot_be_told_is_listed() {
    // Promise: a statement whose effect is not understood is never skipped.
    let opaque = [
        "PRAGMA writable_schema = ON",
        "PRAGMA main.schema_version = 7",
        "UPDATE sqlite_schema SET sql = ''",
        "DELETE FROM sqlite_master",
        "INSERT INTO main.\"sqlite_master\" VALUES (1)",
        "UPDATE OR IGNORE temp.sqlite_temp_schema SET sql = ''",
    ];
    for statement in opaque {
        let effect = SqliteFolder::default().statement(statement);
        assert_eq!(effect, Ok(migrate_core::fold::Effect::Opaque), "{statement}");
    }
    let refused = [
        ("ATTACH 'x' AS y", "sql-unsupported"),
        ("DETACH y", "sql-unsupported"),
        ("BEGIN", "transaction-control"),
        ("SAVEPOINT a", "transaction-control"),
        ("COMMIT", "transaction-control"),
        ("CREATE TABLE c AS SELECT 1 UNION SELECT 2", "sql-opaque"),
        ("CREATE TABLE c AS SELECT (SELECT 1)", "sql-opaque"),
        ("CREATE TABLE c AS SELECT * FROM json_each('[]')", "sql-opaque"),
        ("CREATE TABLE c (a CHECK (my_function(a)))", "unknown-function"),
        ("CREATE TABLE c (a COLLATE my_collation)", "unknown-collation"),
    ];
    for (statement, code) in refused {
        let problem = SqliteFolder::default().statement(statement).expect_err(statement);
        assert_eq!(problem.code, code, "{statement}: {problem}");
    }
}
