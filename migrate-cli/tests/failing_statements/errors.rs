//! Kinds of errors, with and without a position from the server.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::*;

pub(crate) const SYNTAX: &str = "-- migrate:upgrade
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
        scope.spawn(|| database.try_psql("BEGIN; SELECT count(*) FROM item; SELECT pg_sleep(20);").unwrap_err());
        let holder =
            "SELECT pid FROM pg_locks WHERE relation = to_regclass('item') AND mode = 'AccessShareLock' AND granted";
        wait_for(|| !db.rows(holder).is_empty());
        fails(&cli, &db, "upgrade head", "Running upgrade a -> b, b\n", "upgrade", &failure);
        db.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()");
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
