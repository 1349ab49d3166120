//! Revisions that were left in the middle, and what the next run makes of them.

mod disturbed;

use disturbed::Project;
use migrate_test_support::postgres::{Bouncer, Database, cluster};
use postgres::{Client, NoTls};
use rusqlite::Connection;

const POSTGRES: &str = "dialects = [\"postgres\"]";
const SQLITE: &str = "dialects = [\"sqlite\"]";

/// Rows of which `n` is not unique.
const ROWS: &str = "-- migrate:upgrade
CREATE TABLE t (id serial PRIMARY KEY, n integer);
CREATE TABLE journal (note text);
INSERT INTO t (n) SELECT g % 10 FROM generate_series(1, 100) AS g;
-- migrate:downgrade
DROP TABLE t, journal;
";

/// Five statements, of which the third fails on [`ROWS`].
const FIVE: &str = "-- migrate:upgrade
CREATE TABLE u (a integer);
INSERT INTO journal VALUES ('one');
CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n);
INSERT INTO journal VALUES ('two');
INSERT INTO journal VALUES ('three');
-- migrate:downgrade
INSERT INTO journal VALUES ('down one');
DROP INDEX CONCURRENTLY t_n;
INSERT INTO journal SELECT 'down ' || missing FROM u;
DROP TABLE u;
";

/// A project of [`ROWS`] and a second revision, and a database at the first.
#[track_caller]
fn begin(second: &str) -> (Project, Database, String) {
    let project = Project::new(POSTGRES, &[("a1", ROWS), ("b2", second)]);
    let database = Database::create("resume");
    let url = plain(&database.url());
    let _ = project.run(&url, "upgrade a1").expect_success();
    (project, database, url)
}

/// The same after a run of [`FIVE`] that has failed at its third statement.
#[track_caller]
fn begin_partial() -> (Project, Database, String) {
    let (project, database, url) = begin(FIVE);
    fails(&project, &url, "upgrade head", &["revisions/b2.sql:9:1: upgrade of b2 failed", "SQLSTATE 23505"]);
    (project, database, url)
}

/// Runs a command that must end with exit code 4 and these texts on stderr.
#[track_caller]
fn fails(project: &Project, url: &str, arguments: &str, texts: &[&str]) {
    let output = project.run(url, arguments);
    assert_eq!(output.code, 4, "{}", output.stderr);
    for text in texts {
        assert!(output.stderr.contains(text), "`{text}` is not in:\n{}", output.stderr);
    }
}

#[track_caller]
fn upgrade(project: &Project, url: &str) -> String {
    project.run(url, "upgrade head").expect_success().stderr
}

#[track_caller]
fn current(project: &Project, url: &str) -> String {
    project.run(url, "current").expect_success().stdout
}

fn journal(database: &Database) -> String {
    database.psql("SELECT string_agg(note, ',') FROM journal")
}

/// Returns the name, validity and uniqueness of an index, and whether any is invalid.
fn index(database: &Database, name: &str) -> String {
    database.psql(&format!(
        "SELECT c.relname, i.indisvalid, i.indisunique, (SELECT count(*) FROM pg_index WHERE NOT indisvalid) \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = '{name}'"
    ))
}

/// Returns the URL without TLS, which takes most of the time of a connection.
fn plain(url: &str) -> String {
    format!("{url}?sslmode=disable")
}

#[test]
fn a_failure_in_the_middle_stays_there_and_is_resumed() {
    // What was done before a statement outside a transaction failed stays, `current` says how far it went, no invalid
    // index is left, and the run goes on at the mended statement.
    let (mut project, database, url) = begin_partial();
    assert_eq!(current(&project, &url), "a1\nb2 (head) (partial 2/5)\n");
    assert_eq!((journal(&database), index(&database, "t_n")), ("one".to_owned(), String::new()));
    assert_eq!(database.psql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
    fails(&project, &url, "upgrade head", &["2 statements of 5 are done and stay"]);

    project.revise("b2", &FIVE.replace("UNIQUE ", ""));
    let said = upgrade(&project, &url);
    assert!(said.contains("Running upgrade a1 -> b2, Revision b2. (resumed after statement 2 of 5)\n"), "{said}");
    assert_eq!(current(&project, &url), "b2 (head)\n");
    assert_eq!((journal(&database), index(&database, "t_n")), ("one,two,three".to_owned(), "t_n|t|f|0".to_owned()));
}

#[test]
fn what_was_done_may_not_be_changed() {
    // The statements that ran must still be the first of the file; comments and white space are not part of them.
    let (mut project, database, url) = begin_partial();
    let before = database.psql("TABLE migrate_version");
    let mended = FIVE.replace("UNIQUE ", "");
    project.revise("b2", &mended.replace("'one'", "'first'"));
    let refusal = "error: revision b2 is upgrading (partial 2/5): the statements that were done are not the first 2 of";
    fails(&project, &url, "upgrade head", &[refusal, "hint: put them back as they were", "migrate-cli stamp b2"]);
    assert_eq!(database.psql("TABLE migrate_version"), before);
    assert_eq!(journal(&database), "one");

    project.revise("b2", &mended.replace("(a integer)", "(a -- a number\n  integer)"));
    upgrade(&project, &url);
    assert_eq!(journal(&database), "one,two,three");
}

#[test]
fn what_comes_after_may_become_anything() {
    // The statement that failed may become one that joins the transaction of those that were done, and be taken out
    // with all that followed.
    let (mut project, database, url) = begin_partial();
    project.revise("b2", &FIVE.replace("UNIQUE INDEX CONCURRENTLY", "INDEX"));
    upgrade(&project, &url);
    assert_eq!((journal(&database), index(&database, "t_n")), ("one,two,three".to_owned(), "t_n|t|f|0".to_owned()));
    assert_eq!(
        database
            .psql("SELECT state, statements_done, done_checksum IS NULL FROM migrate_version WHERE revision = 'b2'"),
        "applied|5|t"
    );

    let (mut project, database, url) = begin_partial();
    let (head, rest) = FIVE.split_once("CREATE UNIQUE").expect("it has that statement");
    let down = rest.find("-- migrate:downgrade").expect("it has a downgrade");
    project.revise("b2", &format!("{head}{}", &rest[down..]));
    upgrade(&project, &url);
    assert_eq!(journal(&database), "one");
    assert_eq!(database.psql("SELECT state, statements_done FROM migrate_version WHERE revision = 'b2'"), "applied|2");
    assert_eq!(current(&project, &url), "b2 (head)\n");
}

#[test]
fn the_other_way_round_is_refused_and_stamp_decides() {
    // Only the command that began a revision finishes it; `stamp` says by hand where the database is.
    let (mut project, database, url) = begin_partial();
    for target in ["-1", "base", "a1"] {
        let refusal = "error: revision b2 is upgrading (partial 2/5): its upgrade was begun and must be finished first";
        fails(&project, &url, &format!("downgrade {target}"), &[refusal, "`migrate-cli upgrade b2` goes on with it"]);
    }
    let _ = project.run(&url, "stamp a1").expect_success();
    assert_eq!(current(&project, &url), "a1\n");
    database.psql("DROP TABLE u; TRUNCATE journal");
    project.revise("b2", &FIVE.replace("UNIQUE ", ""));
    upgrade(&project, &url);

    fails(&project, &url, "downgrade -1", &["revisions/b2.sql:15:", "downgrade of b2 failed", "SQLSTATE 42703"]);
    assert_eq!(current(&project, &url), "b2 (head) (partial 2/4)\n");
    let refusal = "error: revision b2 is downgrading (partial 2/4): its downgrade was begun and must be finished first";
    fails(&project, &url, "upgrade head", &[refusal, "`migrate-cli downgrade b2@-1` goes on with it"]);
    project.revise("b2", &FIVE.replace("UNIQUE ", "").replace("missing", "count(a)"));
    let _ = project.run(&url, "downgrade b2@-1").expect_success();
    assert_eq!(current(&project, &url), "a1\n");
    assert_eq!(journal(&database), "one,two,three,down one,down 0");
    assert_eq!(database.psql("SELECT to_regclass('u') IS NULL, to_regclass('t_n') IS NULL"), "t|t");

    let (project, database, url) = begin_partial();
    let _ = project.run(&url, "stamp b2").expect_success();
    assert_eq!(current(&project, &url), "b2 (head)\n");
    assert_eq!(journal(&database), "one");
}

#[test]
fn a_valid_index_is_done_and_an_invalid_one_is_built_again() {
    // A killed run leaves no record of the index that the server went on to build, or leaves an invalid one.
    let (project, database, url) = begin_partial();
    database.psql("UPDATE t SET n = id; CREATE UNIQUE INDEX t_n ON t (n)");
    let built = database.psql("SELECT 't_n'::regclass::oid");
    upgrade(&project, &url);
    assert_eq!(database.psql("SELECT 't_n'::regclass::oid"), built);
    assert_eq!(journal(&database), "one,two,three");

    let (project, database, url) = begin_partial();
    database.try_psql("CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n)").expect_err("the rows are not unique");
    assert_eq!(index(&database, "t_n"), "t_n|f|t|1");
    database.psql("UPDATE t SET n = id");
    upgrade(&project, &url);
    assert_eq!((journal(&database), index(&database, "t_n")), ("one,two,three".to_owned(), "t_n|t|t|0".to_owned()));
}

#[test]
fn an_index_that_was_dropped_is_done() {
    // DROP INDEX CONCURRENTLY of an absent index has nothing to do.
    let (mut project, database, url) = begin(&FIVE.replace("UNIQUE ", "").replace("missing", "count(a)"));
    upgrade(&project, &url);
    database.psql("DROP INDEX t_n");
    let _ = project.run(&url, "downgrade a1").expect_success();
    assert_eq!(journal(&database), "one,two,three,down one,down 0");
    // In an upgrade too, and where the name has a schema and quotes.
    project.revise("b2", "-- migrate:upgrade\nDROP INDEX CONCURRENTLY public.\"T n\";\n-- migrate:downgrade\n");
    upgrade(&project, &url);
}

/// Two partitions, one of which the second revision detaches.
const DETACH: &str = "-- migrate:upgrade
CREATE TABLE part (id integer) PARTITION BY RANGE (id);
CREATE TABLE part_one PARTITION OF part FOR VALUES FROM (0) TO (10);
INSERT INTO part VALUES (1);
ALTER TABLE part DETACH PARTITION part_one CONCURRENTLY;
INSERT INTO journal SELECT 'rows ' || count(*) FROM part;
SELECT missing;
-- migrate:downgrade
";

#[test]
fn a_pending_detach_is_finalised_and_a_finished_one_is_done() {
    // A DETACH PARTITION CONCURRENTLY that was cancelled leaves the partition pending, and cannot be run again.
    let (mut project, database, url) =
        begin(&DETACH.replace("DETACH PARTITION part_one CONCURRENTLY", "DETACH PARTITION missing CONCURRENTLY"));
    fails(&project, &url, "upgrade head", &["revisions/b2.sql:10:1"]);
    let mut reader = Client::connect(&url, NoTls).expect("the reader connects");
    reader.batch_execute("BEGIN; SELECT * FROM part").expect("the reader reads");
    let detach = "SET statement_timeout = '300ms'; ALTER TABLE part DETACH PARTITION part_one CONCURRENTLY";
    database.try_psql(detach).expect_err("it waits for the reader");
    assert_eq!(database.psql("SELECT inhdetachpending FROM pg_inherits WHERE inhparent = 'part'::regclass"), "t");
    reader.batch_execute("COMMIT").expect("the reader ends");

    project.revise("b2", DETACH);
    fails(&project, &url, "upgrade head", &["revisions/b2.sql:12:8", "4 statements of 6 are done and stay"]);
    assert_eq!(database.psql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'part'::regclass"), "0");
    project.revise("b2", &DETACH.replace("SELECT missing;\n", ""));
    upgrade(&project, &url);
    assert_eq!((journal(&database).as_str(), database.psql("TABLE part_one").as_str()), ("rows 0", "1"));

    // What was detached by hand is not detached again.
    let (mut project, database, url) =
        begin(&DETACH.replace("DETACH PARTITION part_one CONCURRENTLY", "DETACH PARTITION missing CONCURRENTLY"));
    fails(&project, &url, "upgrade head", &["revisions/b2.sql:10:1"]);
    database.psql("ALTER TABLE part DETACH PARTITION part_one");
    project.revise("b2", &DETACH.replace("SELECT missing;\n", ""));
    upgrade(&project, &url);
    assert_eq!(journal(&database), "rows 0");
}

#[test]
fn what_a_revision_set_holds_after_a_resume() {
    // SET and set_config of the segments that are done hold in those that follow: outside a transaction, inside one,
    // and in a later run. Behind a pooler nothing of it stays on the server's connections.
    let bouncer = Bouncer::start(cluster(), 2);
    for (is_local, fail) in [("false", "SELECT missing"), ("true", "SELECT missing"), ("false", "VACUUM missing")] {
        let second = format!(
            "-- migrate:upgrade
SET search_path = app, public;
SET ROLE pg_database_owner;
SELECT set_config('my.value', '42', {is_local});
CREATE TABLE own (n integer);
INSERT INTO own VALUES (current_setting('my.value')::integer);
CREATE INDEX CONCURRENTLY own_n ON own (n);
INSERT INTO own VALUES (current_setting('my.value')::integer + 1);
VACUUM own;
{fail};
CREATE INDEX CONCURRENTLY own_m ON own (n);
INSERT INTO own VALUES (current_setting('my.value')::integer + 2);
-- migrate:downgrade
SET search_path = app, public;
DROP INDEX CONCURRENTLY own_n;
DROP TABLE own;
"
        );
        let first = "-- migrate:upgrade\nCREATE SCHEMA app;\nGRANT ALL ON SCHEMA app TO pg_database_owner;\n-- migrate:downgrade\n";
        let mut project = Project::new(POSTGRES, &[("a1", first), ("b2", &second)]);
        let database = Database::create("settings");
        let url = bouncer.url(database.name());
        fails(&project, &url, "upgrade head", &["revisions/b2.sql:15:", "8 statements of 11 are done and stay"]);
        project.revise("b2", &second.replace(fail, "SELECT 1"));
        upgrade(&project, &url);
        assert_eq!(database.psql("SELECT string_agg(n::text, ',') FROM app.own"), "42,43,44", "{is_local} {fail}");
        let owners = "SELECT string_agg(concat_ws(' ', relnamespace::regnamespace, relname, relowner::regrole), ', ' \
                      ORDER BY relname) FROM pg_class WHERE relname LIKE 'own%'";
        let owner = "pg_database_owner";
        let expect = format!("app own {owner}, app own_m {owner}, app own_n {owner}");
        assert_eq!(database.psql(owners), expect, "{is_local} {fail}");
        assert_eq!(
            database.psql("SELECT relowner::regrole FROM pg_class WHERE relname = 'migrate_version'"),
            "migrate"
        );

        let mut clients: Vec<Client> = (0..2).map(|_| Client::connect(&url, NoTls).expect("it connects")).collect();
        for client in &mut clients {
            // Each takes a connection of the pool of its own.
            client.batch_execute("BEGIN").expect("it begins");
            let query = "SELECT current_setting('search_path'), current_user, current_setting('lock_timeout'), \
                         coalesce(current_setting('my.value', true), ''), \
                         current_setting('client_connection_check_interval')";
            let messages = client.simple_query(query).expect("it asks");
            let row = messages.iter().find_map(|message| match message {
                postgres::SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            });
            let row = row.expect("there is a row");
            let found: Vec<&str> = (0..5).filter_map(|n| row.get(n)).collect();
            assert_eq!(found, ["\"$user\", public", "migrate", "0", "", "0"], "{is_local} {fail}");
        }
        drop(clients);
        let _ = project.run(&url, "downgrade a1").expect_success();
        assert_eq!(database.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'own%'"), "0");
    }
}

#[test]
fn one_transaction_for_a_run_has_no_outside() {
    // `transaction = "per-run"` promises all or nothing: a plan with a statement outside a transaction is refused as a
    // whole.
    let project = Project::new(&format!("{POSTGRES}\ntransaction = \"per-run\""), &[("a1", ROWS), ("b2", FIVE)]);
    let database = Database::create("per_run");
    let before = database.dump();
    let refusal = "error: revision b2 has a statement that runs outside a transaction";
    fails(&project, &plain(&database.url()), "upgrade head", &[refusal, "set transaction = \"per-revision\""]);
    assert_eq!(database.dump(), before);

    let project = Project::new(&format!("{SQLITE}\ntransaction = \"per-run\""), SQLITE_REVISIONS);
    fails(&project, "sqlite:///app.db", "upgrade head", &[refusal]);
    let file = Connection::open(project.folder().join("app.db")).expect("the file opens");
    let tables = file.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    assert_eq!(tables.expect("it can be read"), 0);
}

const SQLITE_REVISIONS: &[(&str, &str)] = &[
    ("a1", "-- migrate:upgrade\nCREATE TABLE journal (note text);\n-- migrate:downgrade\nDROP TABLE journal;\n"),
    ("b2", SQLITE_FIVE),
];

/// Five statements, of which the fourth fails.
const SQLITE_FIVE: &str = "-- migrate:upgrade
CREATE TABLE u (a integer);
INSERT INTO journal VALUES ('one');
VACUUM;
INSERT INTO journal SELECT missing FROM u;
INSERT INTO journal VALUES ('three');
-- migrate:downgrade
INSERT INTO journal VALUES ('down one');
VACUUM;
DROP TABLE missing;
";

#[test]
fn on_sqlite_a_failure_in_the_middle_is_resumed() {
    // The same states on SQLite: partial, resumed at the mended statement, refused the other way round.
    let mut project = Project::new(SQLITE, SQLITE_REVISIONS);
    let url = "sqlite:///app.db";
    let file = Connection::open(project.folder().join("app.db")).expect("the file opens");
    let journal = || {
        let notes = file.query_row("SELECT group_concat(note, ',') FROM journal", [], |row| row.get::<_, String>(0));
        notes.expect("the journal can be read")
    };
    fails(&project, url, "upgrade head", &["revisions/b2.sql:10:28", "3 statements of 5 are done and stay"]);
    assert_eq!((current(&project, url).as_str(), journal().as_str()), ("a1\nb2 (head) (partial 3/5)\n", "one"));
    fails(&project, url, "downgrade -1", &["its upgrade was begun and must be finished first"]);

    let mended = SQLITE_FIVE.replace("SELECT missing FROM u", "VALUES ('two')");
    project.revise("b2", &mended.replace("'one'", "'first'"));
    fails(&project, url, "upgrade head", &["the statements that were done are not the first 3 of"]);
    project.revise("b2", &mended);
    upgrade(&project, url);
    assert_eq!(journal(), "one,two,three");

    fails(&project, url, "downgrade -1", &["revisions/b2.sql:15:", "2 statements of 3 are done and stay"]);
    fails(&project, url, "upgrade head", &["its downgrade was begun and must be finished first"]);
    project.revise("b2", &mended.replace("DROP TABLE missing", "DROP TABLE u"));
    let _ = project.run(url, "downgrade b2@-1").expect_success();
    assert_eq!((current(&project, url).as_str(), journal().as_str()), ("a1\n", "one,two,three,down one"));
}
