//! What a failure leaves: of a downgrade, of a run that is one transaction, of a revision in several segments.

use super::*;
use crate::errors::SYNTAX;

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
    let told: Value = serde_json::from_str(stderr.strip_prefix(&as_notes(begins)).unwrap_or_default()).expect(&stderr);
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
    let db = Db::postgres("failing_role");
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
