//! Places in a file: after bodies, multi-byte text and CRLF, without a semicolon, in a later section or message.

use super::*;

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
