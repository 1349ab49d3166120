//! What is a difference between two schemas, and what is none.

use migrate_core::dialect::Dialect;
use migrate_core::dialect::Verdict;
use migrate_core::dialect::sqlite::Sqlite;
use migrate_core::introspect::{Filter, sqlite};
use migrate_core::schema::{ObjectName, Schema};
use rusqlite::Connection;

fn schema(sql: &str) -> Schema {
    let database = Connection::open_in_memory().expect("a database");
    database.execute_batch(sql).expect(sql);
    sqlite::read(&database, &Filter::new()).expect("a schema")
}

#[track_caller]
fn check(before: &str, after: &str, expect: &[&str]) {
    let differences = Sqlite.compare(&schema(before), &schema(after));
    let found: Vec<String> =
        differences.iter().map(|d| format!("{}: {}", d.object, d.sentence("before", "after"))).collect();
    assert_eq!(found, expect, "{before}\n{after}");
    assert!(differences.iter().all(|difference| difference.verdict != Verdict::Equal));
}

#[test]
fn what_sqlite_does_not_tell_apart_is_no_difference() {
    let same = |before: &str, after: &str| check(before, after, &[]);
    same("CREATE TABLE t (a int)", "create table [T] (/* x */ \"A\" BIGINT)");
    same("CREATE TABLE t (a varchar(10) DEFAULT (1))", "CREATE TABLE t (a text DEFAULT 1)");
    same("CREATE TABLE t (a text PRIMARY KEY)", "CREATE TABLE t (a text NOT NULL, PRIMARY KEY (a))");
    same("CREATE TABLE t (a CHECK (a > 1))", "CREATE TABLE t (a, CHECK ( (\"a\" >1 )))");
    same("CREATE TABLE t (a CHECK (a <> \"x\"))", "CREATE TABLE t (a CHECK (a <> 'x'))");
    same("CREATE TABLE t (a UNIQUE ON CONFLICT ABORT)", "CREATE TABLE t (a, UNIQUE (a COLLATE BINARY))");
    same("CREATE TABLE t (a REFERENCES u (x))", "CREATE TABLE t (a, FOREIGN KEY (A) REFERENCES U (X) MATCH FULL)");
    same(
        "CREATE TABLE t (a); CREATE INDEX i ON t (a COLLATE NOCASE) WHERE a > 1",
        "CREATE TABLE t (a); CREATE INDEX I ON T (\"A\" collate nocase ASC) WHERE (a)>1",
    );
    same(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a); CREATE VIEW V AS select [a] from \"t\" -- x",
    );
}

#[test]
fn what_changed_is_told_with_both_sides() {
    check(
        "CREATE TABLE t (a); CREATE TABLE u (a)",
        "CREATE TABLE t (a)",
        &["table u: is there before and missing after"],
    );
    check("", "CREATE VIEW v AS SELECT 1", &["view v: is there after and missing before"]);
    check(
        "CREATE TABLE t (a text, b DEFAULT 1, c)",
        "CREATE TABLE t (a int, b DEFAULT 2 NOT NULL, d COLLATE NOCASE)",
        &[
            "table t: the type of a is `text` before and `int` after",
            "table t: the nullability of b is NULL before and NOT NULL after",
            "table t: the default of b is `1` before and `2` after",
            "table t: the column c is there before and missing after",
            "table t: the column d is there after and missing before",
        ],
    );
    check(
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE t (a INT PRIMARY KEY)",
        &[
            "table t: AUTOINCREMENT is there before and missing after",
            "table t: the type of a is `INTEGER` before and `INT` after",
        ],
    );
    check(
        "CREATE TABLE t (a, b)",
        "CREATE TABLE t (b, a)",
        &["table t: the order of the columns is a, b before and b, a after"],
    );
    check(
        "CREATE TABLE t (a, CONSTRAINT x CHECK (a > 1))",
        "CREATE TABLE t (a, CONSTRAINT y CHECK (a > 1))",
        &[
            "table t: the constraint `CONSTRAINT x CHECK (a > 1)` is there before and missing after",
            "table t: the constraint `CONSTRAINT y CHECK (a > 1)` is there after and missing before",
        ],
    );
    check(
        "CREATE TABLE t (a, b AS (a)); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a)",
        "CREATE TABLE t (a, b AS (a) STORED); CREATE INDEX i ON t (a DESC)",
        &[
            "table t: the generation of b is `(a) virtual` before and `(a) stored` after",
            "index i: the definition is `CREATE INDEX i ON t (a)` before and `CREATE INDEX i ON t (a DESC)` after",
            "index j: is there before and missing after",
        ],
    );
    let trigger = |body: &str| format!("CREATE TABLE t (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN {body}; END");
    check(&trigger("SELECT 1"), "CREATE TABLE t (a)", &["trigger r: is there before and missing after"]);
    let found = Sqlite.compare(&schema(&trigger("SELECT 1")), &schema(&trigger("SELECT 2")));
    assert_eq!(found.len(), 1);
    let found = Sqlite.compare(&schema(&trigger("SELECT \"x\"")), &schema(&trigger("SELECT 'x'")));
    assert!(matches!(found[0].verdict, Verdict::Skip(_)), "{found:?}");
}

#[test]
fn what_the_filter_leaves_out_is_no_part_of_the_schema() {
    let database = Connection::open_in_memory().expect("a database");
    let sql = "CREATE TABLE _version (id); CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, secret); \
               INSERT INTO t DEFAULT VALUES; ANALYZE; CREATE VIRTUAL TABLE f USING fts5 (a); CREATE TEMP TABLE x (a)";
    database.execute_batch(sql).expect("a schema");
    let filter = Filter::new().without(ObjectName::new("", "_version")).exclude(["*.t.secret"]);
    let found = sqlite::read(&database, &filter).expect("a schema");
    let names: Vec<&str> = found.tables.keys().map(|name| name.name.as_str()).collect();
    assert_eq!(names, ["f", "t"]);
    assert_eq!(found.tables[&ObjectName::new("", "t")].columns.len(), 1);
}
