//! Laws: random statements, bytes that are no SQL, real statements with something cut out.
//!
//! The inputs are the same in every run.

use migrate_core::fold::Folder;
use migrate_core::fold::sqlite::SqliteFolder;
use migrate_core::sql::{Lexer, Splitter, Syntax};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::both::{Both, Outcome, split};
use crate::cases::{renders, statements};

/// Returns how many inputs there are: `MIGRATE_PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("MIGRATE_PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

#[track_caller]
fn check<S: Strategy>(cases: u32, inputs: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(&inputs, law) {
        panic!("{error}");
    }
}

/// Tables and views, in several spellings.
fn table() -> impl Strategy<Value = &'static str> {
    select(vec!["t", "T", "\"t\"", "u", "[u]", "v", "main.t", "w", "`w`", "new_t"])
}

fn column() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "A", "\"a\"", "b", "[b]", "c", "`c`", "id", "d"])
}

fn expression() -> impl Strategy<Value = String> {
    let templates = vec![
        "{} > 1",
        "t.{} IS NULL",
        "lower({}) || 'a'",
        "\"lit\" <> {}",
        "({} + 1)",
        "CASE {} WHEN 'a' THEN 1 END",
        "{} IN (1, 'x') AND NOT rowid",
        "{} COLLATE nocase LIKE 'b' /* a */",
        "coalesce({}, 1) BETWEEN 1 AND 2",
    ];
    (select(templates), column()).prop_map(|(template, column)| template.replace("{}", column))
}

fn definition() -> impl Strategy<Value = String> {
    let ty = select(vec!["", " int", " INTEGER", " varchar(10)", " text", " \"my type\"", " real"]);
    let fixed = select(vec![
        "",
        " NOT NULL",
        " PRIMARY KEY",
        " UNIQUE",
        " CONSTRAINT k NOT NULL ON CONFLICT FAIL",
        " DEFAULT 1",
        " DEFAULT \"x\"",
        " COLLATE nocase",
        " DEFAULT (1 + 2) NOT NULL",
        " /* c */",
        " REFERENCES u",
        " REFERENCES \"t\" (a) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
    ]);
    let own = prop_oneof![
        4 => Just(String::new()),
        1 => expression().prop_map(|expr| format!(" CHECK ({expr})")),
        1 => expression().prop_map(|expr| format!(" AS ({expr})")),
    ];
    (column(), ty, fixed, own).prop_map(|(column, ty, fixed, own)| format!("{column}{ty}{fixed}{own}"))
}

fn constraint() -> impl Strategy<Value = String> {
    prop_oneof![
        column().prop_map(|column| format!("UNIQUE ({column})")),
        (column(), column()).prop_map(|(a, b)| format!("PRIMARY KEY ({a} DESC, {b})")),
        expression().prop_map(|expr| format!("CONSTRAINT \"c k\" CHECK ({expr})")),
        (column(), table()).prop_map(|(column, target)| format!("FOREIGN KEY ({column}) REFERENCES {target}")),
    ]
}

fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        (column(), table()).prop_map(|(column, table)| format!("SELECT {column} FROM {table}")),
        table().prop_map(|table| format!("SELECT * FROM {table}")),
        (expression(), table()).prop_map(|(expr, table)| format!("SELECT {expr} AS e FROM {table} AS t ORDER BY e")),
        (column(), table(), table(), column())
            .prop_map(|(a, t, u, b)| format!("SELECT x.{a}, y.* FROM {t} x LEFT JOIN {u} y ON x.{b} = y.{a}")),
        (table(), column(), table(), column())
            .prop_map(|(t, a, u, b)| format!("SELECT {a} FROM {t} WHERE {a} IN (SELECT {b} FROM {u}) GROUP BY {a}")),
        (column(), table(), column(), table())
            .prop_map(|(a, t, b, u)| format!("SELECT {a} FROM {t} UNION SELECT {b} FROM {u} ORDER BY {a}")),
        (column(), table(), table())
            .prop_map(|(a, t, u)| format!("WITH t AS (SELECT {a} AS b FROM {t}) SELECT b FROM t, {u} AS z")),
        (table(), table(), column()).prop_map(|(t, u, a)| format!("SELECT 1 FROM {t} JOIN {u} USING ({a})")),
        (table(), table(), column()).prop_map(|(t, u, a)| format!("SELECT {a} FROM {t} NATURAL JOIN {u}")),
    ]
}

fn step() -> impl Strategy<Value = String> {
    let target = || select(vec!["t", "u", "\"w\"", "v"]);
    prop_oneof![
        query(),
        (target(), column(), column()).prop_map(|(t, a, b)| format!("UPDATE {t} SET {a} = new.{b} WHERE {b} > 1")),
        (target(), column(), query()).prop_map(|(t, a, query)| format!("INSERT INTO {t} ({a}) {query}")),
        (target(), column()).prop_map(|(t, a)| format!("DELETE FROM {t} WHERE {a} = old.{a}")),
        (target(), column()).prop_map(|(t, a)| format!(
            "INSERT INTO {t} ({a}) VALUES (1) ON CONFLICT ({a}) DO UPDATE SET {a} = excluded.{a}"
        )),
    ]
}

fn create() -> impl Strategy<Value = String> {
    let options = select(vec!["", "", "", " WITHOUT ROWID", " STRICT", " STRICT, WITHOUT ROWID"]);
    let event = select(vec!["INSERT", "UPDATE", "DELETE", "UPDATE OF a, \"b\""]);
    let timing = select(vec!["BEFORE", "AFTER", "INSTEAD OF", ""]);
    prop_oneof![
        4 => (table(), vec(definition(), 1..5), vec(constraint(), 0..2), options).prop_map(
            |(table, columns, constraints, options)| {
                let parts: Vec<String> = columns.into_iter().chain(constraints).collect();
                format!("CREATE TABLE {table} ({}){options}", parts.join(", -- c\n"))
            }
        ),
        1 => (table(), query()).prop_map(|(table, query)| format!("CREATE TEMP TABLE {table} AS {query}")),
        3 => (select(vec!["i", "j", "\"k\"", "t"]), select(vec!["t", "u", "w"]), column(), expression(), any::<bool>())
            .prop_map(|(index, table, column, expr, partial)| {
                let filter = if partial { format!(" WHERE {expr}") } else { String::new() };
                format!("CREATE INDEX {index} ON {table} ({column} DESC, {expr}){filter}").replace("t.", "")
            }),
        2 => (select(vec!["i", "u1"]), table(), column())
            .prop_map(|(index, table, column)| format!("CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {table} ({column})")),
        3 => (select(vec!["v", "w", "x"]), query()).prop_map(|(view, query)| format!("CREATE VIEW {view} AS {query}")),
        3 => (select(vec!["r", "s"]), timing, event, select(vec!["t", "u", "v", "w"]), vec(step(), 1..3)).prop_map(
            |(name, timing, event, table, steps)| {
                format!("CREATE TRIGGER {name} {timing} {event} ON {table} BEGIN {}; END", steps.join("; "))
            }
        ),
    ]
}

fn alter() -> impl Strategy<Value = String> {
    let new = select(vec!["e", "\"f g\"", "b", "[h]", "a"]);
    prop_oneof![
        3 => (table(), table()).prop_map(|(table, new)| format!("ALTER TABLE {table} RENAME TO {}", new.replace("main.", ""))),
        4 => (table(), column(), new).prop_map(|(table, a, b)| format!("ALTER TABLE {table} RENAME {a} TO {b}")),
        3 => (table(), definition()).prop_map(|(table, column)| format!("ALTER TABLE {table} ADD {column}")),
        3 => (table(), column()).prop_map(|(table, column)| format!("ALTER TABLE {table} DROP COLUMN {column}")),
        1 => (table(), column()).prop_map(|(table, column)| format!("ALTER TABLE {table} ALTER {column} SET NOT NULL")),
        1 => (table(), column()).prop_map(|(table, column)| format!("ALTER TABLE {table} ALTER {column} DROP NOT NULL")),
        1 => table().prop_map(|table| format!("ALTER TABLE {table} DROP CONSTRAINT k")),
        1 => (table(), expression()).prop_map(|(table, expr)| format!("ALTER TABLE {table} ADD CONSTRAINT n CHECK ({expr})")),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let drop = prop_oneof![
        table().prop_map(|table| format!("DROP TABLE {table}")),
        select(vec!["v", "w", "x"]).prop_map(|view| format!("DROP VIEW {view}")),
        select(vec!["i", "j", "k", "u1"]).prop_map(|index| format!("DROP INDEX {index}")),
        select(vec!["r", "s"]).prop_map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger}")),
    ];
    let pragma = select(vec!["PRAGMA legacy_alter_table = ON", "PRAGMA legacy_alter_table = OFF"]);
    let rebuild = select(vec![
        "CREATE TABLE new_t AS SELECT * FROM t",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b, c CHECK (c <> \"x\"))",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, a REFERENCES t (a), b AS (a || 1), d)",
        "ALTER TABLE t RENAME TO _old",
        "ALTER TABLE new_t RENAME TO t",
        "DROP TABLE _old",
    ]);
    prop_oneof![
        6 => create(),
        7 => alter(),
        3 => drop,
        1 => pragma.prop_map(str::to_owned),
        3 => rebuild.prop_map(str::to_owned),
    ]
}

#[test]
fn random_statements_come_to_the_same_in_both() {
    check(cases(300), vec(statement(), 1..24), |statements| {
        let mut both = Both { words: false, ..Both::new() };
        for statement in &statements {
            match both.run(statement) {
                Ok(Outcome::Unclear(_)) => return Ok(()),
                Ok(_) => {}
                Err(error) => return Err(TestCaseError::fail(format!("{error}\n{}", both.sql()))),
            }
        }
        match renders(&both) {
            // ALTER TABLE makes them, and CREATE TABLE refuses what it made.
            Err(error) if error.contains("generated column loop") => Ok(()),
            rendered => rendered.map_err(TestCaseError::fail),
        }
    });
}

/// What the readers look for.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "[",
    "]",
    "(",
    ")",
    ",",
    ";",
    ".",
    "--",
    "/*",
    "*/",
    "\n",
    " ",
    "\0",
    "\u{feff}",
    "é",
    "1",
    "0x",
    "1e",
    ":a",
    "?",
    "->>",
    "||",
    "CREATE ",
    "TABLE ",
    "VIEW v AS ",
    "TRIGGER r ",
    "INDEX i ON t ",
    "ALTER TABLE t ",
    "RENAME ",
    "TO ",
    "ADD ",
    "DROP ",
    "COLUMN ",
    "CONSTRAINT ",
    "CHECK (",
    "SELECT ",
    "FROM t ",
    "WITH x AS (",
    "VALUES (",
    "BEGIN ",
    "END",
    "CASE ",
    "WHEN ",
    "BETWEEN ",
    "AND ",
    "IN ",
    "NOT ",
    "NULL ",
    "PRIMARY KEY ",
    "REFERENCES ",
    "DEFAULT ",
    "AS (",
    "OVER (",
    "UNION ",
    "GENERATED ALWAYS ",
    "STRICT",
    "t",
    "a ",
    "PRAGMA ",
];

#[test]
fn bytes_that_are_no_sql_make_nothing_panic() {
    let text = vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat());
    check(2_000, text, |text| {
        let mut fold = SqliteFolder::default();
        fold.statement("CREATE TABLE t (a, b CHECK (b > 1))").expect("a table");
        let before = fold.schema().clone();
        let refused = fold.statement(&text);
        if let Err(problem) = refused {
            prop_assert!(text.get(problem.at.clone()).is_some(), "{:?} of {:?}", problem.at, text);
            prop_assert_eq!(fold.schema(), &before);
        }
        Ok(())
    });
}

#[test]
fn statements_with_something_cut_out_come_to_the_same_in_both() {
    let edits = vec((any::<Index>(), 0_usize..12, 0_usize..3, select(PIECES)), 1..3);
    check(cases(1_500), (select(statements()), edits), |(mut text, edits)| {
        for (at, length, kind, piece) in edits {
            let boundary = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let start = boundary(at.index(text.len() + 1));
            let end = boundary((start + length).min(text.len()));
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => text.insert_str(start, piece),
                _ => text.replace_range(start..end, piece),
            }
        }
        // SQLite stops reading at a NUL, runs several statements one by one, and leaves arguments to the module.
        if text.contains('\0') || text.to_ascii_uppercase().contains("VIRTUAL") || !is_one(&text) {
            let _ = SqliteFolder::default().statement(&text);
            return Ok(());
        }
        let mut both = Both { words: false, ..Both::new() };
        both.run("CREATE TABLE t (a, b, c)").map_err(TestCaseError::fail)?;
        both.run(&text).map_err(TestCaseError::fail)?;
        Ok(())
    });
}

/// Returns whether a text is one statement.
fn is_one(text: &str) -> bool {
    let syntax = Syntax::named("sqlite").expect("a dialect");
    let mut lexer = Lexer::new(text, 0, syntax);
    let mut splitter = Splitter::new(syntax);
    let mut first = None;
    loop {
        match lexer.next_token() {
            Ok(None) => return first.is_some(),
            Ok(Some(token)) if splitter.ends(token, text) => return false,
            Ok(Some(token)) => {
                // What is not read need not be right.
                first = first.or(token.is_significant().then(|| token.text(text).to_ascii_uppercase()));
                if first.as_ref().is_some_and(|word| !["CREATE", "ALTER", "DROP"].contains(&word.as_str())) {
                    return false;
                }
            }
            Err(_) => return false,
        }
    }
}

#[test]
fn deep_and_long_expressions_end() {
    let deep = format!("CREATE TABLE t (a CHECK ({}a{}))", "(".repeat(5_000), ")".repeat(5_000));
    SqliteFolder::default().statement(&deep).expect_err("too deep");
    let long = format!("CREATE TABLE t (a CHECK ({}a))", "a OR ".repeat(50_000));
    SqliteFolder::default().statement(&long).expect("a table");
    let queries = format!("CREATE VIEW v AS {}1{}", "SELECT (".repeat(5_000), ")".repeat(5_000));
    SqliteFolder::default().statement(&queries).expect_err("too deep");
    let signs = format!("CREATE TABLE u (a CHECK ({}a))", "NOT - ".repeat(50_000));
    SqliteFolder::default().statement(&signs).expect("a table");
    assert_eq!(split("a; b").len(), 2);
}
