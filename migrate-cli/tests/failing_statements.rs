//! A statement that fails is told with its exact file, line and column, on both databases and in every form of output;
//! schema, rows and version table are as before it; and once its cause is removed the run goes on.

#[path = "common/script_cli.rs"]
mod script_cli;
#[path = "common/script_db.rs"]
mod script_db;

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use migrate_test_support::postgres::Database;
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
    let told: Value = serde_json::from_str(stderr.strip_prefix(begins).unwrap_or_default()).expect("it is JSON");
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

const SYNTAX: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
SELECT id
  FROM item
 WHERE WHERE id = 3;

-- migrate:downgrade
";

#[test]
fn postgres_syntax() {
    on_postgres(&Case {
        text: SYNTAX,
        mend: ("WHERE WHERE", "WHERE"),
        failure: Failure {
            at: (10, 8),
            message: "syntax error at or near \"WHERE\"",
            code: Some("SQLSTATE 42601"),
            statement: "SELECT id",
        },
    });
}

#[test]
fn sqlite_syntax() {
    on_sqlite(&Case {
        text: SYNTAX,
        mend: ("WHERE WHERE", "WHERE"),
        failure: Failure {
            at: (10, 8),
            message: "near \"WHERE\": syntax error",
            code: Some("SQLite 1"),
            statement: "SELECT id",
        },
    });
}

const UNKNOWN_COLUMN: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
/* a ; */ UPDATE item SET name = 'x' -- another ;
  WHERE nmae = 'three';
INSERT INTO item VALUES (4, 'four', 4);

-- migrate:downgrade
";

#[test]
fn postgres_unknown_column() {
    on_postgres(&Case {
        text: UNKNOWN_COLUMN,
        mend: ("nmae", "name"),
        failure: Failure {
            at: (9, 9),
            message: "column \"nmae\" does not exist",
            code: Some("SQLSTATE 42703"),
            statement: "UPDATE item SET name = 'x' -- another ;",
        },
    });
}

#[test]
fn sqlite_unknown_column() {
    on_sqlite(&Case {
        text: UNKNOWN_COLUMN,
        mend: ("nmae", "name"),
        failure: Failure {
            at: (9, 9),
            message: "no such column: nmae",
            code: Some("SQLite 1"),
            statement: "UPDATE item SET name = 'x' -- another ;",
        },
    });
}

const UNKNOWN_TABLE: &str = "-- migrate:upgrade
ALTER TABLE item ADD COLUMN note text;
INSERT INTO itm VALUES (3, 'three', 3);

-- migrate:downgrade
";

#[test]
fn postgres_unknown_table() {
    on_postgres(&Case {
        text: UNKNOWN_TABLE,
        mend: ("itm", "item"),
        failure: Failure {
            at: (8, 13),
            message: "relation \"itm\" does not exist",
            code: Some("SQLSTATE 42P01"),
            statement: "INSERT INTO itm VALUES (3, 'three', 3)",
        },
    });
}

#[test]
fn sqlite_unknown_table() {
    on_sqlite(&Case {
        text: UNKNOWN_TABLE,
        mend: ("itm VALUES (3, 'three', 3)", "item VALUES (3, 'three', 3, '')"),
        failure: Failure {
            at: (8, 1),
            message: "no such table: itm",
            code: Some("SQLite 1"),
            statement: "INSERT INTO itm VALUES (3, 'three', 3)",
        },
    });
}

const UNIQUE: &str = "-- migrate:upgrade
CREATE TABLE more (id integer PRIMARY KEY);
INSERT INTO more VALUES (1);
  INSERT INTO item VALUES (3, 'three', 3),
    (1, 'again', 1);

-- migrate:downgrade
";

#[test]
fn postgres_unique_violation() {
    on_postgres(&Case {
        text: UNIQUE,
        mend: ("(1, 'again', 1)", "(4, 'four', 4)"),
        failure: Failure {
            at: (9, 3),
            message: "duplicate key value violates unique constraint \"item_pkey\"",
            code: Some("SQLSTATE 23505"),
            statement: "INSERT INTO item VALUES (3, 'three', 3),",
        },
    });
}

#[test]
fn sqlite_unique_violation() {
    on_sqlite(&Case {
        text: UNIQUE,
        mend: ("(1, 'again', 1)", "(4, 'four', 4)"),
        failure: Failure {
            at: (9, 3),
            message: "UNIQUE constraint failed: item.id",
            code: Some("SQLite 1555"),
            statement: "INSERT INTO item VALUES (3, 'three', 3),",
        },
    });
}

const NOT_NULL: &str = "-- migrate:upgrade
DELETE FROM part; INSERT INTO item VALUES (3, NULL, 3);

-- migrate:downgrade
";

#[test]
fn postgres_not_null() {
    on_postgres(&Case {
        text: NOT_NULL,
        mend: ("NULL", "'three'"),
        failure: Failure {
            at: (7, 19),
            message: "null value in column \"name\" of relation \"item\" violates not-null constraint",
            code: Some("SQLSTATE 23502"),
            statement: "INSERT INTO item VALUES (3, NULL, 3)",
        },
    });
}

#[test]
fn sqlite_not_null() {
    on_sqlite(&Case {
        text: NOT_NULL,
        mend: ("NULL", "'three'"),
        failure: Failure {
            at: (7, 19),
            message: "NOT NULL constraint failed: item.name",
            code: Some("SQLite 1299"),
            statement: "INSERT INTO item VALUES (3, NULL, 3)",
        },
    });
}

const CHECK: &str = "-- migrate:upgrade
DROP TABLE part;
UPDATE item SET qty = qty - 1;

-- migrate:downgrade
";

#[test]
fn postgres_check_violation() {
    on_postgres(&Case {
        text: CHECK,
        mend: ("- 1", "+ 1"),
        failure: Failure {
            at: (8, 1),
            message: "new row for relation \"item\" violates check constraint \"item_qty_check\"",
            code: Some("SQLSTATE 23514"),
            statement: "UPDATE item SET qty = qty - 1",
        },
    });
}

#[test]
fn sqlite_check_violation() {
    on_sqlite(&Case {
        text: CHECK,
        mend: ("- 1", "+ 1"),
        failure: Failure {
            at: (8, 1),
            message: "CHECK constraint failed: qty >= 0",
            code: Some("SQLite 275"),
            statement: "UPDATE item SET qty = qty - 1",
        },
    });
}

#[test]
fn postgres_division_by_zero() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
UPDATE item SET name = 'x';
UPDATE item
   SET qty = 1 / qty;

-- migrate:downgrade
",
        mend: ("1 / qty", "1 / (qty + 1)"),
        failure: Failure {
            at: (8, 1),
            message: "division by zero",
            code: Some("SQLSTATE 22012"),
            statement: "UPDATE item",
        },
    });
}

#[test]
fn postgres_raise_in_a_body_with_semicolons() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
DELETE FROM part;
DO $body$
BEGIN
    PERFORM ';' || $$;$$;
    RAISE EXCEPTION 'no; not yet';
END;
$body$;

-- migrate:downgrade
",
        mend: ("EXCEPTION", "NOTICE"),
        failure: Failure { at: (8, 1), message: "no; not yet", code: Some("SQLSTATE P0001"), statement: "DO $body$" },
    });
}

#[test]
fn postgres_after_a_body_with_semicolons() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name := 'a; b'; -- ;
    RETURN NEW;
END;
$$;
CREATE FUNCTION g() RETURNS integer LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;
    SELECT 2;
END;
CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION f(); SELECT h();

-- migrate:downgrade
",
        mend: ("h()", "g()"),
        failure: Failure {
            at: (18, 82),
            message: "function h() does not exist",
            code: Some("SQLSTATE 42883"),
            statement: "SELECT h()",
        },
    });
}

#[test]
fn sqlite_after_a_trigger_with_semicolons() {
    on_sqlite(&Case {
        text: "-- migrate:upgrade
CREATE TRIGGER t AFTER INSERT ON item BEGIN
    UPDATE item SET name = 'a; b' WHERE id = NEW.id; -- ;
    SELECT CASE WHEN 1 THEN 2 END;
END;
INSERT INTO item VALUES (3, 'three', 3); SELECT h();

-- migrate:downgrade
",
        mend: ("h()", "abs(1)"),
        failure: Failure {
            at: (11, 49),
            message: "no such function: h",
            code: Some("SQLite 1"),
            statement: "SELECT h()",
        },
    });
}

#[test]
fn postgres_permission_denied() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
CREATE TABLE more (id integer);
SET ROLE limited;
INSERT INTO more VALUES (1);

-- migrate:downgrade
",
        mend: ("SET ROLE limited", "GRANT INSERT ON more TO limited;\nSET ROLE limited"),
        failure: Failure {
            at: (9, 1),
            message: "permission denied for table more",
            code: Some("SQLSTATE 42501"),
            statement: "INSERT INTO more VALUES (1)",
        },
    });
}

const DEFERRED: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
INSERT INTO part VALUES (2, 7);

-- migrate:downgrade
";

#[test]
fn postgres_deferred_constraint_at_commit() {
    on_postgres(&Case {
        text: DEFERRED,
        mend: ("(2, 7)", "(2, 3)"),
        failure: Failure {
            at: (6, 1),
            message: "insert or update on table \"part\" violates foreign key constraint \"part_item_id_fkey\"",
            code: Some("SQLSTATE 23503"),
            statement: "",
        },
    });
}

#[test]
fn sqlite_foreign_key_that_points_nowhere() {
    on_sqlite(&Case {
        text: DEFERRED,
        mend: ("(2, 7)", "(2, 3)"),
        failure: Failure {
            at: (6, 1),
            message: "the revision would leave 1 row whose foreign key points nowhere",
            code: None,
            statement: "",
        },
    });
}

const MULTI_BYTE: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'größe', 3); INSERT INTO item VALUES (4, '𝄞 日本', 4); SELECT '𝄞é', nmae FROM item;

-- migrate:downgrade
";

#[test]
fn postgres_after_multi_byte_text_on_the_line() {
    on_postgres(&Case {
        text: MULTI_BYTE,
        mend: ("nmae", "name"),
        failure: Failure {
            at: (7, 95),
            message: "column \"nmae\" does not exist",
            code: Some("SQLSTATE 42703"),
            statement: "SELECT '𝄞é', nmae FROM item",
        },
    });
}

#[test]
fn sqlite_after_multi_byte_text_on_the_line() {
    on_sqlite(&Case {
        text: MULTI_BYTE,
        mend: ("nmae", "name"),
        failure: Failure {
            at: (7, 95),
            message: "no such column: nmae",
            code: Some("SQLite 1"),
            statement: "SELECT '𝄞é', nmae FROM item",
        },
    });
}

const CRLF: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three
lines
long', 3);
UPDATE item
   SET name = 'x',
       nmae = 'y';

-- migrate:downgrade
";

/// The file begins with a byte order mark, and its lines end with CRLF.
#[track_caller]
fn check_crlf(db: &Db, case: &Case) {
    let file = format!("\u{feff}{}", revision("b", "a", case.text)).replace('\n', "\r\n");
    check_file(db, "", case, &file);
}

#[test]
fn postgres_crlf_and_a_byte_order_mark() {
    let case = Case {
        text: CRLF,
        mend: ("nmae = 'y'", "qty = NULL"),
        failure: Failure {
            at: (12, 8),
            message: "column \"nmae\" of relation \"item\" does not exist",
            code: Some("SQLSTATE 42703"),
            statement: "UPDATE item",
        },
    };
    check_crlf(&Db::postgres("failing_crlf"), &case);
}

#[test]
fn sqlite_crlf_and_a_byte_order_mark() {
    let case = Case {
        text: CRLF,
        mend: ("nmae = 'y'", "qty = NULL"),
        failure: Failure {
            at: (10, 1),
            message: "no such column: nmae",
            code: Some("SQLite 1"),
            statement: "UPDATE item",
        },
    };
    check_crlf(&Db::sqlite(), &case);
}

#[test]
fn postgres_the_last_statement_without_a_semicolon() {
    on_postgres(&Case {
        text: "-- migrate:downgrade

-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
SELECT nmae FROM item -- no semicolon",
        mend: ("nmae", "name"),
        failure: Failure {
            at: (10, 8),
            message: "column \"nmae\" does not exist",
            code: Some("SQLSTATE 42703"),
            statement: "SELECT nmae FROM item",
        },
    });
}

#[test]
fn sqlite_the_last_statement_without_a_semicolon() {
    on_sqlite(&Case {
        text: "-- migrate:downgrade

-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
SELECT nmae FROM item -- no semicolon",
        mend: ("nmae", "name"),
        failure: Failure {
            at: (10, 8),
            message: "no such column: nmae",
            code: Some("SQLite 1"),
            statement: "SELECT nmae FROM item",
        },
    });
}

const UNFINISHED: &str = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
SELECT id FROM item
 WHERE id IN (1, 2

-- migrate:downgrade
";

#[test]
fn postgres_the_end_of_a_statement_is_missing() {
    on_postgres(&Case {
        text: UNFINISHED,
        mend: ("(1, 2", "(1, 2)"),
        failure: Failure {
            at: (9, 18),
            message: "syntax error at or near \";\"",
            code: Some("SQLSTATE 42601"),
            statement: "SELECT id FROM item",
        },
    });
}

#[test]
fn sqlite_the_end_of_a_statement_is_missing() {
    on_sqlite(&Case {
        text: UNFINISHED,
        mend: ("(1, 2", "(1, 2)"),
        failure: Failure {
            at: (8, 1),
            message: "incomplete input",
            code: Some("SQLite 1"),
            statement: "SELECT id FROM item",
        },
    });
}

/// The failing statement is in the section that serves this database, the second one of its file.
#[track_caller]
fn check_second_section(db: &Db, first: &str, second: &str, failure: Failure) {
    let text = format!(
        "-- migrate:upgrade {first}\nCREATE TABLE other (id integer);\n\n-- migrate:upgrade {second}\n\
         INSERT INTO item VALUES (3, 'three', 3);\nUPDATE item SET qty = 1 WHERE nmae = 'x';\n\n-- migrate:downgrade\n"
    );
    let case = Case { text: "", mend: ("nmae", "name"), failure };
    check_file(db, "", &case, &revision("b", "a", &text));
}

#[test]
fn postgres_in_the_second_section() {
    let failure = Failure {
        at: (11, 31),
        message: "column \"nmae\" does not exist",
        code: Some("SQLSTATE 42703"),
        statement: "UPDATE item SET qty = 1 WHERE nmae = 'x'",
    };
    check_second_section(&Db::postgres("failing_section"), "sqlite", "postgres", failure);
}

#[test]
fn sqlite_in_the_second_section() {
    let failure = Failure {
        at: (11, 31),
        message: "no such column: nmae",
        code: Some("SQLite 1"),
        statement: "UPDATE item SET qty = 1 WHERE nmae = 'x'",
    };
    check_second_section(&Db::sqlite(), "postgres", "sqlite", failure);
}

/// The way down fails, stays where it was, and goes on once it is mended.
#[track_caller]
fn check_downgrade(db: &Db, failure: &Failure) {
    let text = "-- migrate:upgrade
CREATE TABLE more (id integer);

-- migrate:downgrade
DROP TABLE more;
DELETE FROM itm;
";
    let cli = project(db, "", &revision("b", "a", text));
    cli.expect("-x $URL upgrade b", 0, "", "Running upgrade a -> b, b\n");
    fails(&cli, db, "downgrade base", "Running downgrade b -> a, b\n", "downgrade", failure);
    cli.expect("-x $URL current", 0, "b\n", "Pending: c\n");
    mend(&cli, ("itm", "part"));
    cli.expect("-x $URL downgrade base", 0, "", "Running downgrade b -> a, b\nRunning downgrade a -> , a\n");
    let version = if db.is_postgres() { "public.migrate_version" } else { "migrate_version" };
    assert_eq!(db.contents().into_keys().collect::<Vec<_>>(), [version]);
}

#[test]
fn postgres_in_a_downgrade() {
    check_downgrade(
        &Db::postgres("failing_down"),
        &Failure {
            at: (11, 13),
            message: "relation \"itm\" does not exist",
            code: Some("SQLSTATE 42P01"),
            statement: "DELETE FROM itm",
        },
    );
}

#[test]
fn sqlite_in_a_downgrade() {
    check_downgrade(
        &Db::sqlite(),
        &Failure { at: (11, 1), message: "no such table: itm", code: Some("SQLite 1"), statement: "DELETE FROM itm" },
    );
}

/// Statements that fill several messages: lines of 100 kB, then one statement of 600 kB with the mistake in its last
/// line, which a message holds alone.
fn large() -> String {
    let mut text = "-- migrate:upgrade\n".to_owned();
    for id in 10..15 {
        text += &format!("INSERT INTO item VALUES ({id}, '{}', 1);\n", "ü".repeat(50_000));
    }
    text += "INSERT INTO item VALUES\n";
    for id in 20..32 {
        text += &format!("  ({id}, '{}', 1),\n", "𝄞".repeat(12_500));
    }
    text + "  (32, nmae, 1);\nUPDATE item SET qty = 2;\n\n-- migrate:downgrade\n"
}

#[test]
fn postgres_in_a_message_larger_than_256_kib() {
    let failure = Failure {
        at: (25, 8),
        message: "column \"nmae\" does not exist",
        code: Some("SQLSTATE 42703"),
        statement: "INSERT INTO item VALUES",
    };
    let case = Case { text: "", mend: ("nmae", "'x'"), failure };
    check_file(&Db::postgres("failing_large"), "", &case, &revision("b", "a", &large()));
}

#[test]
fn sqlite_in_a_statement_of_600_kb() {
    let failure = Failure {
        at: (25, 8),
        message: "no such column: nmae",
        code: Some("SQLite 1"),
        statement: "INSERT INTO item VALUES",
    };
    let case = Case { text: "", mend: ("nmae", "'x'"), failure };
    check_file(&Db::sqlite(), "", &case, &revision("b", "a", &large()));
}

#[test]
fn postgres_without_a_position_in_a_later_message() {
    let text = large().replace("nmae", "'x'").replace("SET qty = 2", "SET qty = 1 / (qty - 1)");
    let failure = Failure {
        at: (26, 1),
        message: "division by zero",
        code: Some("SQLSTATE 22012"),
        statement: "UPDATE item SET qty = 1 / (qty - 1)",
    };
    let case = Case { text: "", mend: ("1 / (qty - 1)", "1"), failure };
    check_file(&Db::postgres("failing_later"), "", &case, &revision("b", "a", &text));
}

#[test]
fn postgres_after_set_search_path() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
CREATE SCHEMA s;
SET search_path = s;
CREATE TABLE only_here (id integer);
INSERT INTO item VALUES (3, 'three', 3);

-- migrate:downgrade
",
        mend: ("INTO item", "INTO public.item"),
        failure: Failure {
            at: (10, 13),
            message: "relation \"item\" does not exist",
            code: Some("SQLSTATE 42P01"),
            statement: "INSERT INTO item VALUES (3, 'three', 3)",
        },
    });
}

const PER_RUN: &str = "-- migrate:upgrade
CREATE TABLE more (id integer);
INSERT INTO more VALUES (1);

-- migrate:downgrade
DROP TABLE more;
";

/// In a run that is one transaction, the revisions before the one that fails are taken back too.
#[track_caller]
fn check_per_run(db: &Db, failure: &Failure) {
    let text =
        LAST.replace("CREATE TABLE last (id integer)", "INSERT INTO more VALUES (2); INSERT INTO mroe VALUES (3)");
    let cli = project(db, "transaction = \"per-run\"\n", &revision("b", "a", &text));
    cli.folder.write("migrations/b.sql", &revision("b", "z", &text));
    cli.folder.write("migrations/z.sql", &revision("z", "a", PER_RUN));
    cli.folder.write("migrations/c.sql", &revision("c", "b", "-- migrate:upgrade\n-- migrate:downgrade\n"));
    let begins = "Running upgrade a -> z, z\nRunning upgrade z -> b, b\n";
    fails(&cli, db, "upgrade head", begins, "upgrade", failure);
    cli.expect("-x $URL current", 0, "a\n", "Pending: z, b, c\n");
    mend(&cli, ("mroe", "more"));
    let all = "Running upgrade a -> z, z\nRunning upgrade z -> b, b\nRunning upgrade b -> c, c\n";
    cli.expect("-x $URL upgrade head", 0, "", all);
    assert_eq!(db.rows("SELECT id FROM more ORDER BY id"), "1\n2\n3\n");
}

#[test]
fn postgres_in_a_run_that_is_one_transaction() {
    check_per_run(
        &Db::postgres("failing_run"),
        &Failure {
            at: (7, 42),
            message: "relation \"mroe\" does not exist",
            code: Some("SQLSTATE 42P01"),
            statement: "INSERT INTO mroe VALUES (3)",
        },
    );
}

#[test]
fn sqlite_in_a_run_that_is_one_transaction() {
    check_per_run(
        &Db::sqlite(),
        &Failure {
            at: (7, 30),
            message: "no such table: mroe",
            code: Some("SQLite 1"),
            statement: "INSERT INTO mroe VALUES (3)",
        },
    );
}

#[test]
fn postgres_lock_timeout() {
    let db = Db::postgres("failing_lock");
    let text = "-- migrate:upgrade
CREATE TABLE more (id integer);
  ALTER TABLE item ADD COLUMN note text;

-- migrate:downgrade
";
    let cli = project(&db, "lock_timeout = \"200ms\"\n", &revision("b", "a", text));
    let Db::Postgres(database) = &db else { unreachable!("it was just made") };
    let failure = Failure {
        at: (8, 3),
        message: "canceling statement due to lock timeout",
        code: Some("SQLSTATE 55P03"),
        statement: "ALTER TABLE item ADD COLUMN note text",
    };
    scope(|scope| {
        // A transaction that has read the table and stays open.
        scope.spawn(|| database.try_psql("BEGIN; SELECT count(*) FROM item; SELECT pg_sleep(60);").unwrap_err());
        let holder =
            "SELECT pid FROM pg_locks WHERE relation = to_regclass('item') AND mode = 'AccessShareLock' AND granted";
        wait_for(|| !db.rows(holder).is_empty());
        fails(&cli, &db, "upgrade head", "Running upgrade a -> b, b\n", "upgrade", &failure);
        db.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()");
    });
    goes_on(&cli);
}

#[track_caller]
fn wait_for(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not come");
        sleep(Duration::from_millis(50));
    }
}

const MIXED: &str = "-- migrate:upgrade
ALTER TABLE item ADD COLUMN note text;
CREATE UNIQUE INDEX CONCURRENTLY item_qty ON item (qty);
INSERT INTO item VALUES (3, 'three', 3);
UPDATE item SET note = 'x' WHERE nmae = 'three';

-- migrate:downgrade
";

/// Runs a command that fails and leaves a revision in the middle.
#[track_caller]
fn fails_in_the_middle(cli: &Cli, begins: &str, failure: &Failure, done: (u64, u64)) {
    let Failure { at: (row, column), message, code, statement } = failure;
    let Ran { code: exit, stdout, stderr } = cli.run("-x $URL --json upgrade head");
    assert_eq!((exit, stdout.as_str()), (4, ""), "{stderr}");
    let told: Value = serde_json::from_str(stderr.strip_prefix(begins).unwrap_or_default()).expect(&stderr);
    let told = &told["error"]["statement"];
    assert_eq!(
        (&told["message"], &told["code"], &told["statement"]),
        (&json!(message), &json!(code), &json!(statement))
    );
    assert_eq!((&told["location"]["line"], &told["location"]["column"]), (&json!(row), &json!(column)));
    assert_eq!(told["partial"], json!([done.0, done.1]));
    let ran = cli.run("-x $URL upgrade head");
    let first = format!("error: migrations/b.sql:{row}:{column}: upgrade of b failed: {message}\n");
    assert!(ran.code == 4 && ran.stderr.contains(&first), "expected {first}{}", ran.stderr);
    let kept = format!(
        "\n  {} statements of {} are done and stay; the same command goes on after them once the cause is removed\n",
        done.0, done.1
    );
    assert!(ran.stderr.ends_with(&kept), "{}", ran.stderr);
}

const STATE: &str = "SELECT state, statements_done, statements_total FROM migrate_version WHERE revision = 'b'";

#[test]
fn postgres_in_the_segment_after_a_concurrent_index() {
    let db = Db::postgres("failing_mixed");
    let cli = project(&db, "", &revision("b", "a", MIXED));
    let failure = Failure {
        at: (10, 34),
        message: "column \"nmae\" does not exist",
        code: Some("SQLSTATE 42703"),
        statement: "UPDATE item SET note = 'x' WHERE nmae = 'three'",
    };
    fails_in_the_middle(&cli, "Running upgrade a -> b, b\n", &failure, (2, 4));
    assert_eq!(db.rows(STATE), "upgrading|2|4\n");
    assert_eq!(db.rows("SELECT id, note FROM item ORDER BY id"), "1|\n2|\n", "the third segment is rolled back");
    assert_eq!(db.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'item_qty'::regclass"), "t\n");
    cli.expect(
        "-x $URL current",
        0,
        "a\nb (partial 2/4)\n",
        "b is upgrading: `migrate-cli upgrade b` goes on with it\nPending: b, c\n",
    );
    mend(&cli, ("nmae", "name"));
    let resumed = "Running upgrade a -> b, b (resumed after statement 2 of 4)\nRunning upgrade b -> c, c\n";
    cli.expect("-x $URL upgrade head", 0, "", resumed);
    assert_eq!(db.rows("SELECT id, note FROM item ORDER BY id"), "1|\n2|\n3|x\n");
    assert_eq!(db.rows(STATE), "applied|4|4\n");
}

#[test]
fn postgres_a_concurrent_index_that_fails_leaves_no_index() {
    let db = Db::postgres("failing_cic");
    let cli = project(&db, "", &revision("b", "a", &MIXED.replace("nmae", "name")));
    db.sql("UPDATE item SET qty = 5");
    let failure = Failure {
        at: (8, 1),
        message: "could not create unique index \"item_qty\"",
        code: Some("SQLSTATE 23505"),
        statement: "CREATE UNIQUE INDEX CONCURRENTLY item_qty ON item (qty)",
    };
    fails_in_the_middle(&cli, "Running upgrade a -> b, b\n", &failure, (1, 4));
    assert_eq!(db.rows(STATE), "upgrading|1|4\n");
    assert_eq!(db.rows("SELECT count(*) FROM pg_class WHERE relname = 'item_qty'"), "0\n");
    assert_eq!(db.rows("SELECT id, qty, note FROM item ORDER BY id"), "1|5|\n2|5|\n");
    db.sql("UPDATE item SET qty = id + 100");
    let resumed = "Running upgrade a -> b, b (resumed after statement 1 of 4)\nRunning upgrade b -> c, c\n";
    cli.expect("-x $URL upgrade head", 0, "", resumed);
    assert_eq!(
        db.rows("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'item_qty'::regclass"),
        "t|t\n"
    );
    assert_eq!(db.rows("SELECT id, qty, note FROM item ORDER BY id"), "1|101|\n2|102|\n3|3|x\n");
}

#[test]
fn postgres_in_the_segment_before_a_concurrent_index() {
    // Nothing of the revision stays: its first segment has failed.
    on_postgres(&Case {
        text: "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
UPDATE item SET nmae = 'x';
CREATE INDEX CONCURRENTLY item_name ON item (name);

-- migrate:downgrade
",
        mend: ("nmae", "name"),
        failure: Failure {
            at: (8, 17),
            message: "column \"nmae\" of relation \"item\" does not exist",
            code: Some("SQLSTATE 42703"),
            statement: "UPDATE item SET nmae = 'x'",
        },
    });
}

#[test]
fn postgres_a_concurrent_index_on_an_unknown_column() {
    let db = Db::postgres("failing_cic_column");
    let text = "-- migrate:upgrade
CREATE INDEX CONCURRENTLY item_name
    ON item (nmae);

-- migrate:downgrade
";
    let cli = project(&db, "", &revision("b", "a", text));
    let failure = Failure {
        at: (7, 1),
        message: "column \"nmae\" does not exist",
        code: Some("SQLSTATE 42703"),
        statement: "CREATE INDEX CONCURRENTLY item_name",
    };
    fails(&cli, &db, "upgrade head", "Running upgrade a -> b, b\n", "upgrade", &failure);
    mend(&cli, ("nmae", "name"));
    goes_on(&cli);
}

#[test]
fn postgres_a_type_error_has_a_position_in_its_value() {
    on_postgres(&Case {
        text: "-- migrate:upgrade
DELETE FROM part;
INSERT INTO item VALUES (3, 'three',
    'four');

-- migrate:downgrade
",
        mend: ("'four'", "4"),
        failure: Failure {
            at: (9, 5),
            message: "invalid input syntax for type integer: \"four\"",
            code: Some("SQLSTATE 22P02"),
            statement: "INSERT INTO item VALUES (3, 'three',",
        },
    });
}

#[test]
fn sqlite_datatype_mismatch() {
    on_sqlite(&Case {
        text: "-- migrate:upgrade
DELETE FROM part;
INSERT INTO item VALUES ('three', 'three', 3);

-- migrate:downgrade
",
        mend: ("('three'", "(3"),
        failure: Failure {
            at: (8, 1),
            message: "datatype mismatch",
            code: Some("SQLite 20"),
            statement: "INSERT INTO item VALUES ('three', 'three', 3)",
        },
    });
}

const TRIGGER: &str = "-- migrate:upgrade
CREATE TRIGGER guard BEFORE DELETE ON item BEGIN
    SELECT RAISE(ABORT, 'items; are kept');
END;
INSERT INTO item VALUES (3, 'three', 3);
DELETE FROM item WHERE id = 3;

-- migrate:downgrade
";

#[test]
fn sqlite_raise_in_a_trigger() {
    on_sqlite(&Case {
        text: TRIGGER,
        mend: ("DELETE FROM item WHERE id = 3", "DELETE FROM item WHERE id = 4"),
        failure: Failure {
            at: (11, 1),
            message: "items; are kept",
            code: Some("SQLite 1811"),
            statement: "DELETE FROM item WHERE id = 3",
        },
    });
}

#[test]
fn sqlite_raise_rollback_in_a_trigger() {
    let db = Db::sqlite();
    let text = TRIGGER.replace("ABORT", "ROLLBACK") + "-- the end\n";
    let failure = Failure {
        at: (11, 1),
        message: "items; are kept",
        code: Some("SQLite 1811"),
        statement: "DELETE FROM item WHERE id = 3",
    };
    let case = Case { text: "", mend: ("DELETE FROM item WHERE id = 3", "DELETE FROM item WHERE id = 4"), failure };
    check_file(&db, "", &case, &revision("b", "a", &text));
}

#[test]
fn sqlite_on_conflict_rollback() {
    on_sqlite(&Case {
        text: "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
INSERT OR ROLLBACK INTO item VALUES (1, 'again', 1);
INSERT INTO item VALUES (4, 'four', 4);

-- migrate:downgrade
",
        mend: ("(1, 'again', 1)", "(5, 'five', 5)"),
        failure: Failure {
            at: (8, 1),
            message: "UNIQUE constraint failed: item.id",
            code: Some("SQLite 1555"),
            statement: "INSERT OR ROLLBACK INTO item VALUES (1, 'again', 1)",
        },
    });
}

#[test]
fn sqlite_in_the_segment_after_vacuum() {
    let db = Db::sqlite();
    let text = "-- migrate:upgrade
INSERT INTO item VALUES (3, 'three', 3);
VACUUM;
INSERT INTO item VALUES (4, 'four', 4);
UPDATE item SET qty = 9 WHERE nmae = 'four';

-- migrate:downgrade
";
    let cli = project(&db, "", &revision("b", "a", text));
    let failure = Failure {
        at: (10, 31),
        message: "no such column: nmae",
        code: Some("SQLite 1"),
        statement: "UPDATE item SET qty = 9 WHERE nmae = 'four'",
    };
    fails_in_the_middle(&cli, "Running upgrade a -> b, b\n", &failure, (2, 4));
    assert_eq!(db.rows(STATE), "upgrading|2|4\n");
    assert_eq!(db.rows("SELECT id, qty FROM item ORDER BY id"), "1|1\n2|0\n3|3\n");
    mend(&cli, ("nmae", "name"));
    let resumed = "Running upgrade a -> b, b (resumed after statement 2 of 4)\nRunning upgrade b -> c, c\n";
    cli.expect("-x $URL upgrade head", 0, "", resumed);
    assert_eq!(db.rows("SELECT id, qty FROM item ORDER BY id"), "1|1\n2|0\n3|3\n4|9\n");
}

#[test]
fn what_was_finished_before_stays_and_is_told() {
    let db = Db::sqlite();
    let cli = project(&db, "", &revision("b", "a", SYNTAX));
    cli.folder.write("migrations/b.sql", &revision("b", "z", SYNTAX));
    cli.folder.write("migrations/z.sql", &revision("z", "a", PER_RUN));
    cli.expect(
        "-x $URL upgrade head",
        4,
        "",
        "Running upgrade a -> z, z
Running upgrade z -> b, b
error: migrations/b.sql:10:8: upgrade of b failed: near \"WHERE\": syntax error
  --> migrations/b.sql:10:8
   |
10 |  WHERE WHERE id = 3;
   |        ^^^^^ SQLite 1
  the revision was rolled back; z before it is done and stays
",
    );
    cli.expect("-x $URL current", 0, "z\n", "Pending: b, c\n");
    mend(&cli, ("WHERE WHERE", "WHERE"));
    cli.expect("-x $URL upgrade head", 0, "", "Running upgrade z -> b, b\nRunning upgrade b -> c, c\n");
}

#[test]
fn a_role_that_a_failed_revision_took_is_given_back() {
    let database = Database::create("failing_role");
    let db = Db::Postgres(database);
    let text = "-- migrate:upgrade
CREATE TABLE more (id integer);
SET ROLE limited;
SELECT 1 / 0;

-- migrate:downgrade
";
    let cli = project(&db, "", &revision("b", "a", text));
    let failure =
        Failure { at: (9, 8), message: "division by zero", code: Some("SQLSTATE 22012"), statement: "SELECT 1 / 0" };
    let failure = Failure { at: (9, 1), ..failure };
    fails(&cli, &db, "upgrade head", "Running upgrade a -> b, b\n", "upgrade", &failure);
    mend(&cli, ("1 / 0", "1 / 1"));
    goes_on(&cli);
    assert_eq!(
        db.rows("SELECT tableowner FROM pg_tables WHERE tablename IN ('more', 'last') AND tableowner = 'limited'"),
        ""
    );
}
