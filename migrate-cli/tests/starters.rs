//! Migrators that start at the same time on an empty database, as the replicas of a service do, and what else has a
//! lock there while a revision runs.

mod disturbed;

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use disturbed::Project;
use migrate_test_support::postgres::{Bouncer, Database, cluster};
use postgres::{Client, NoTls};
use rusqlite::Connection;

const STARTERS: usize = 8;
const ROUNDS: usize = 20;

const SETTINGS: &str = "dialects = [\"postgres\"]\nlock_timeout = \"200ms\"";

/// Sleeps longer than `lock_timeout`.
const SLEEP: &str = "-- migrate:upgrade
CREATE TABLE journal (note text);
INSERT INTO journal VALUES ('a1');
SELECT pg_sleep(0.3);
-- migrate:downgrade
DROP TABLE journal;
";

/// Sleeps, builds an index beside its transactions, and goes on.
const INDEX: &str = "-- migrate:upgrade
INSERT INTO journal VALUES ('b2 one');
SELECT pg_sleep(0.22);
CREATE INDEX CONCURRENTLY journal_note ON journal (note);
INSERT INTO journal VALUES ('b2 two');
-- migrate:downgrade
DROP INDEX CONCURRENTLY journal_note;
";

#[test]
fn on_postgresql_one_of_eight_applies() {
    // Eight starters on an empty database, with a revision that sleeps longer than `lock_timeout` and one that has
    // CREATE INDEX CONCURRENTLY: one applies, all exit with 0, and every statement runs once.
    let project = Project::new(SETTINGS, &[("a1", SLEEP), ("b2", INDEX)]);
    for round in 0..ROUNDS {
        let database = Database::create("starters");
        one_applies(&project, &plain(&database.url()), round);
        check_rows(&database, round);
    }
}

#[test]
fn through_a_pooler_one_of_eight_applies() {
    // The same through PgBouncer in transaction mode, with a connection for each.
    let bouncer = Bouncer::start(cluster(), 20);
    through(&bouncer);
}

#[test]
fn through_a_small_pool_one_of_eight_applies() {
    // The same with fewer connections than migrators: those that wait leave the one that has the lock enough.
    let bouncer = Bouncer::start(cluster(), 3);
    through(&bouncer);
}

#[test]
fn on_sqlite_with_a_rollback_journal_one_of_eight_applies() {
    // The same on one SQLite file, with a revision that takes a while and one with VACUUM.
    sqlite("DELETE");
}

#[test]
fn on_sqlite_with_a_write_ahead_log_one_of_eight_applies() {
    // The same where readers do not stop the writer.
    sqlite("WAL");
}

#[test]
fn who_waits_says_for_whom_and_for_how_long() {
    // A migrator that waits names the server process that holds the lock; `--timeout` ends the wait with exit code 4.
    let project =
        Project::new(SETTINGS, &[("a1", "-- migrate:upgrade\nSELECT pg_sleep(2.5);\n-- migrate:downgrade\n")]);
    let database = Database::create("waits");
    let url = plain(&database.url());
    let first = start(&project, &url);
    let holder = eventually(|| {
        let query = "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                     WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()";
        database.query(query).concat().first().cloned()
    });

    let begin = Instant::now();
    let second = project.run(&url, "upgrade head --timeout 300ms");
    assert_eq!(second.code, 4, "{}", second.stderr);
    assert!(begin.elapsed() < Duration::from_millis(1500), "it waited {:?}", begin.elapsed());
    let (says, error) = (&second.stderr, format!("server process {holder}, connected at "));
    assert!(says.contains("Waiting for another migrator: "), "{says}");
    assert!(says.contains("error: the database is locked by another migrator; waited 300 ms for "), "{says}");
    assert_eq!(says.matches(&error).count(), 2, "{says}");
    assert!(says.contains("hint: `lock_wait` in migrate.toml, or --timeout, says how long to wait"), "{says}");

    let third = project.run(&url, "upgrade head").expect_success();
    assert!(third.stderr.contains("Waiting for another migrator: "), "{}", third.stderr);
    assert!(!third.stderr.contains("Running upgrade"), "{}", third.stderr);
    let first = first.wait_with_output().expect("the first starter ends");
    assert!(first.status.success());
}

#[test]
fn who_waits_for_a_sqlite_file_says_so() {
    // `--timeout` holds for SQLite too, and another connection's transaction is not waited for without a word.
    let up = "-- migrate:upgrade\nCREATE TABLE t (a integer);\n-- migrate:downgrade\nDROP TABLE t;\n";
    let project = Project::new("dialects = [\"sqlite\"]", &[("a1", up)]);
    let url = "sqlite:///app.db";
    let app = Connection::open(project.folder().join("app.db")).expect("the file opens");
    app.execute_batch("BEGIN IMMEDIATE; CREATE TABLE mine (a integer)").expect("the app begins");
    let waited = project.run(url, "upgrade head --timeout 300ms");
    assert_eq!(waited.code, 4, "{}", waited.stderr);
    assert!(
        waited.stderr.contains("Waiting for the database: another connection holds its lock\n"),
        "{}",
        waited.stderr
    );
    assert!(waited.stderr.contains("waited 300 ms"), "{}", waited.stderr);
    app.execute_batch("COMMIT").expect("the app goes on");
    let _ = project.run(url, "upgrade head").expect_success();
}

#[test]
fn a_reader_that_stays_open_stops_a_revision_after_lock_timeout() {
    // A table that a forgotten transaction has read: the revision gives up after `lock_timeout`, so that it does not
    // hold up the app behind it; it says where, and has changed nothing.
    locked_table("SELECT count(*) FROM t", "ALTER TABLE t ADD COLUMN b integer", "revisions/b2.sql:8:3");
}

#[test]
fn a_locked_table_stops_a_revision_after_lock_timeout() {
    // The same for a table that the app has locked.
    locked_table("LOCK TABLE t IN SHARE MODE", "INSERT INTO t VALUES (1)", "revisions/b2.sql:8:15");
}

fn locked_table(app: &str, statement: &str, place: &str) {
    let first = "-- migrate:upgrade\nCREATE TABLE t (a integer);\n-- migrate:downgrade\nDROP TABLE t;\n";
    let second = format!(
        "-- migrate:upgrade\nCREATE TABLE u (a integer);\n  {statement};\n-- migrate:downgrade\nDROP TABLE u;\n"
    );
    let project = Project::new(SETTINGS, &[("a1", first), ("b2", &second)]);
    let database = Database::create("locked");
    let url = plain(&database.url());
    let _ = project.run(&url, "upgrade a1").expect_success();
    let before = (database.dump(), database.psql("TABLE migrate_version"));
    let mut session = Client::connect(&url, NoTls).expect("the app connects");
    session.batch_execute(&format!("BEGIN; {app}")).expect("the app begins");

    let begin = Instant::now();
    let stopped = project.run(&url, "upgrade head");
    assert_eq!(stopped.code, 4, "{}", stopped.stderr);
    assert!(begin.elapsed() < Duration::from_millis(2000), "it waited {:?}", begin.elapsed());
    assert!(stopped.stderr.contains(place), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("55P03"), "{}", stopped.stderr);
    assert_eq!((database.dump(), database.psql("TABLE migrate_version")), before);

    session.batch_execute("COMMIT").expect("the app goes on");
    let _ = project.run(&url, "upgrade head").expect_success();
}

#[track_caller]
fn through(bouncer: &Bouncer) {
    let project = Project::new(SETTINGS, &[("a1", SLEEP), ("b2", INDEX)]);
    for round in 0..ROUNDS {
        let database = Database::create("starters");
        one_applies(&project, &bouncer.url(database.name()), round);
        check_rows(&database, round);
        let left = database.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        assert_eq!(left, "0", "a lock stays behind in round {round}");
    }
}

#[track_caller]
fn sqlite(journal_mode: &str) {
    let slow = "-- migrate:upgrade
CREATE TABLE journal (note text);
INSERT INTO journal VALUES ('a1');
WITH RECURSIVE g (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM g WHERE n < 200000) SELECT count(*) FROM g;
-- migrate:downgrade
DROP TABLE journal;
";
    let vacuum = "-- migrate:upgrade
INSERT INTO journal VALUES ('b2 one');
VACUUM;
INSERT INTO journal VALUES ('b2 two');
-- migrate:downgrade
";
    let project = Project::new("dialects = [\"sqlite\"]", &[("a1", slow), ("b2", vacuum)]);
    for round in 0..ROUNDS {
        let name = format!("{round}.db");
        let connection = Connection::open(project.folder().join(&name)).expect("the file opens");
        connection.pragma_update(None, "journal_mode", journal_mode).expect("the journal's mode can be set");
        one_applies(&project, &format!("sqlite:///{name}"), round);
        let read = |query: &str| connection.query_row(query, [], |row| row.get::<_, String>(0)).expect(query);
        assert_eq!(read("SELECT group_concat(note, ',') FROM journal"), "a1,b2 one,b2 two", "round {round}");
        let states =
            "SELECT group_concat(revision || ' ' || state || ' ' || statements_done, ',') FROM migrate_version";
        assert_eq!(read(states), "a1 applied 3,b2 applied 3", "round {round}");
    }
}

/// Starts all at once, and checks that each succeeds and that one says of each revision that it runs it.
#[track_caller]
fn one_applies(project: &Project, url: &str, round: usize) {
    let starters: Vec<Child> = (0..STARTERS).map(|_| start(project, url)).collect();
    let mut said = String::new();
    for starter in starters {
        let output = starter.wait_with_output().expect("a starter ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{:?} in round {round}:\n{stderr}", output.status);
        said.push_str(&format!("-----\n{stderr}"));
    }
    for line in ["Running upgrade  -> a1, ", "Running upgrade a1 -> b2, "] {
        // On SQLite the lock is that of each step, and another starter may go on where one was between two of them.
        let resumed = said.matches("(resumed after statement").count();
        let times = said.matches(line).count();
        assert!(
            times == 1 || (url.starts_with("sqlite:") && times <= 1 + resumed),
            "{times} in round {round}:\n{said}"
        );
    }
}

#[track_caller]
fn check_rows(database: &Database, round: usize) {
    let notes = database.psql("SELECT string_agg(note, ',') FROM journal");
    assert_eq!(notes, "a1,b2 one,b2 two", "round {round}");
    let states = "SELECT string_agg(concat_ws(' ', revision, state, statements_done), ',' ORDER BY revision) FROM migrate_version";
    assert_eq!(database.psql(states), "a1 applied 3,b2 applied 4", "round {round}");
    assert_eq!(database.psql("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0", "round {round}");
}

fn start(project: &Project, url: &str) -> Child {
    let mut command = project.command(url, "upgrade head");
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("migrate-cli starts")
}

#[track_caller]
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the URL without TLS, whose handshakes would take most of the time.
fn plain(url: &str) -> String {
    format!("{url}?sslmode=disable")
}
