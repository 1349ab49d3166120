//! What a migrator that is gone, or whose connections are, leaves on the server, and the next run.
//!
//! The server goes on with what it was sent: with a whole revision and its COMMIT, with the index that it builds. Where
//! that must last until the next run meets it, a session of psql plays the killed migrator, and an app holds it up.

mod disturbed;

use std::process::{Child, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use disturbed::Project;
use migrate_test_support::postgres::Database;
use postgres::{Client, NoTls};

const FIRST: &str = "-- migrate:upgrade
CREATE TABLE t (id serial PRIMARY KEY, n integer);
CREATE TABLE journal (note text);
INSERT INTO t (n) SELECT g % 10 FROM generate_series(1, 100) AS g;
CREATE TABLE part (id integer) PARTITION BY RANGE (id);
CREATE TABLE part_one PARTITION OF part FOR VALUES FROM (0) TO (10);
-- migrate:downgrade
DROP TABLE t, journal, part;
";

/// A project of two revisions with a database.
struct Case {
    project: Project,
    database: Database,
    url: String,
}

impl Case {
    #[track_caller]
    fn new(first: &str, second: &str) -> Self {
        let project = Project::new("dialects = [\"postgres\"]", &[("a1", first), ("b2", second)]);
        let database = Database::create("orphans");
        // Without TLS, which takes most of the time of a connection.
        let url = format!("{}?sslmode=disable", database.url());
        Self { project, database, url }
    }

    fn start(&self, arguments: &str) -> Child {
        let mut command = self.project.command(&self.url, arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("migrate-cli starts")
    }

    #[track_caller]
    fn upgrade(&self, target: &str) -> String {
        self.project.run(&self.url, &format!("upgrade {target}")).expect_success().stderr
    }

    fn current(&self) -> String {
        self.project.run(&self.url, "current").expect_success().stdout
    }

    fn journal(&self) -> String {
        self.database.psql("SELECT string_agg(note, ',') FROM journal")
    }

    /// Waits until a query returns something, and returns it.
    #[track_caller]
    fn eventually(&self, query: &str) -> String {
        let start = Instant::now();
        loop {
            let found = self.database.psql(query);
            if !found.is_empty() {
                return found;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nothing comes of {query}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Waits until so many server processes run such a statement, and returns one of them. A message is shown to its
    /// 1,024th byte; who sleeps is also told by what it waits for.
    #[track_caller]
    fn await_running(&self, statement: &str, count: usize) -> String {
        self.eventually(&format!(
            "SELECT max(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND state = 'active' AND (query LIKE '%{statement}%' OR wait_event ILIKE replace('{statement}', '_', '')) \
             HAVING count(*) >= {count}"
        ))
    }

    /// Opens a session of the app with an open transaction.
    fn app(&self, sql: &str) -> Client {
        let mut client = Client::connect(&self.url, NoTls).expect("the app connects");
        client.batch_execute(&format!("BEGIN; {sql}")).expect("the app begins");
        client
    }

    /// Runs a statement as the server process of a migrator that was killed does, to its end.
    fn orphan(&self, sql: &'static str) -> JoinHandle<()> {
        let mut client = Client::connect(&self.url, NoTls).expect("it connects");
        std::thread::spawn(move || client.batch_execute(sql).expect("the orphan finishes"))
    }

    fn terminate(&self, pid: &str) {
        assert_eq!(self.database.psql(&format!("SELECT pg_terminate_backend({pid})")), "t");
    }
}

#[track_caller]
fn ends(child: Child, code: i32) -> String {
    let output = child.wait_with_output().expect("migrate-cli ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    stderr
}

fn up(sql: &str) -> String {
    format!("-- migrate:upgrade\n{sql}\n-- migrate:downgrade\n")
}

#[test]
fn a_killed_revision_that_the_server_finishes_runs_once() {
    // The whole revision with its COMMIT is with the server when the migrator is killed: the next run waits for it and
    // finds it applied.
    let case = Case::new(FIRST, &up("INSERT INTO journal VALUES ('b2');\nSELECT pg_sleep(1);"));
    case.upgrade("a1");
    let mut killed = case.start("upgrade head");
    case.await_running("pg_sleep", 1);
    killed.kill().expect("it runs");
    killed.wait().expect("it ends");
    case.upgrade("head");
    assert_eq!((case.journal().as_str(), case.current().as_str()), ("b2", "b2 (head)\n"));
}

#[test]
fn the_server_gives_up_a_long_statement_of_a_killed_migrator() {
    // Within seconds the server notices that the migrator is gone, and the next run has the revision for itself.
    let mut case = Case::new(FIRST, &up("INSERT INTO journal VALUES ('b2');\nSELECT pg_sleep(60);"));
    case.upgrade("a1");
    let mut killed = case.start("upgrade head");
    case.await_running("pg_sleep", 1);
    killed.kill().expect("it runs");
    killed.wait().expect("it ends");
    case.project.revise("b2", &up("INSERT INTO journal VALUES ('b2');"));
    let start = Instant::now();
    case.upgrade("head");
    assert!(start.elapsed() < Duration::from_secs(8), "it took {:?}", start.elapsed());
    assert_eq!(case.journal(), "b2");
}

#[test]
fn an_index_that_the_server_still_builds_is_waited_for() {
    // CREATE INDEX CONCURRENTLY of a killed migrator waits for a writer: the next run waits for it, and takes its index.
    let statement = "CREATE INDEX CONCURRENTLY t_n ON t (n)";
    let case = Case::new(FIRST, &up(&format!("{statement};\nINSERT INTO journal VALUES ('b2');")));
    case.upgrade("a1");
    let mut writer = case.app("INSERT INTO t (n) VALUES (1)");
    let orphan = case.orphan(statement);
    case.eventually("SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'");
    let oid = case.database.psql("SELECT 't_n'::regclass::oid");
    let run = case.start("upgrade head");
    sleep(Duration::from_millis(500));
    writer.batch_execute("COMMIT").expect("the writer ends");
    ends(run, 0);
    orphan.join().expect("the orphan finishes");
    assert_eq!(
        case.database.psql("SELECT 't_n'::regclass::oid, indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"),
        format!("{oid}|t")
    );
    assert_eq!(case.journal(), "b2");
}

#[test]
fn an_index_that_the_server_begins_to_build_first_is_taken() {
    // The same where the killed migrator's statement has not begun, so that nothing shows it: both wait for the table.
    let statement = "CREATE INDEX CONCURRENTLY t_n ON t (n)";
    let case = Case::new(FIRST, &up(&format!("{statement};\nINSERT INTO journal VALUES ('b2');")));
    case.upgrade("a1");
    let mut other = case.app("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE");
    let orphan = case.orphan(statement);
    case.await_running(statement, 1);
    let run = case.start("upgrade head");
    case.await_running(statement, 2);
    sleep(Duration::from_millis(100));
    other.batch_execute("COMMIT").expect("the other ends");
    ends(run, 0);
    orphan.join().expect("the orphan finishes");
    assert_eq!(case.database.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"), "t");
    assert_eq!((case.journal().as_str(), case.current().as_str()), ("b2", "b2 (head)\n"));
}

#[test]
fn an_index_that_the_server_still_drops_is_dropped_once() {
    // DROP INDEX CONCURRENTLY of a killed migrator waits for a reader: the next run's own finds nothing to drop.
    let statement = "DROP INDEX CONCURRENTLY t_n";
    let case = Case::new(FIRST, &up(&format!("{statement};\nINSERT INTO journal VALUES ('b2');")));
    case.upgrade("a1");
    case.database.psql("CREATE INDEX t_n ON t (n)");
    let mut reader = case.app("SELECT count(*) FROM t");
    let orphan = case.orphan(statement);
    case.await_running(statement, 1);
    let run = case.start("upgrade head");
    case.await_running(statement, 2);
    sleep(Duration::from_millis(100));
    reader.batch_execute("COMMIT").expect("the reader ends");
    ends(run, 0);
    orphan.join().expect("the orphan finishes");
    assert_eq!(case.database.psql("SELECT to_regclass('t_n') IS NULL"), "t");
    assert_eq!(case.journal(), "b2");
}

#[test]
fn a_partition_that_the_server_still_detaches_is_detached_once() {
    // DETACH PARTITION CONCURRENTLY of a killed migrator waits for a reader: the next run finalises it with it.
    let statement = "ALTER TABLE part DETACH PARTITION part_one CONCURRENTLY";
    let case = Case::new(FIRST, &up(&format!("{statement};\nINSERT INTO journal VALUES ('b2');")));
    case.upgrade("a1");
    let mut reader = case.app("SELECT count(*) FROM part");
    let mut orphan = Client::connect(&case.url, NoTls).expect("it connects");
    // Either of the two may be the one that finds the work done.
    let orphan = std::thread::spawn(move || orphan.batch_execute(statement).is_ok());
    case.eventually("SELECT 1 FROM pg_inherits WHERE inhdetachpending");
    let run = case.start("upgrade head");
    sleep(Duration::from_millis(500));
    reader.batch_execute("COMMIT").expect("the reader ends");
    ends(run, 0);
    orphan.join().expect("the orphan ends");
    assert_eq!(case.database.psql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'part'::regclass"), "0");
    assert_eq!(case.journal(), "b2");
}

/// The server process that holds the migrators' lock.
const HOLDER: &str = "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                      WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()";

#[test]
fn a_run_that_loses_its_lock_stops_before_the_next_revision() {
    // Another migrator may have the lock then: the revision that runs is finished, no other is begun.
    let first = format!("{}\n", FIRST.replace("-- migrate:downgrade", "SELECT pg_sleep(0.8);\n-- migrate:downgrade"));
    let case = Case::new(&first, &up("INSERT INTO journal VALUES ('b2');"));
    let run = case.start("upgrade head");
    case.await_running("pg_sleep", 1);
    case.terminate(&case.eventually(HOLDER));
    let said = ends(run, 4);
    let error = "error: the connection that holds the migrators' lock was closed; stopped before the next revision\n";
    assert!(said.contains(error) && said.contains("hint: run the same command again"), "{said}");
    assert_eq!(case.current(), "a1\n");
    assert_eq!(case.journal(), "");
    case.upgrade("head");
    assert_eq!(case.journal(), "b2");
}

#[test]
fn a_revision_that_loses_its_lock_stops_before_the_next_segment() {
    // The same within a revision that is not one transaction.
    let statements =
        "INSERT INTO journal VALUES ('one');\nSELECT pg_sleep(0.8);\nVACUUM t;\nINSERT INTO journal VALUES ('two');";
    let case = Case::new(FIRST, &up(statements));
    case.upgrade("a1");
    let run = case.start("upgrade head");
    case.await_running("pg_sleep", 1);
    case.terminate(&case.eventually(HOLDER));
    ends(run, 4);
    assert_eq!(case.current(), "a1\nb2 (head) (partial 2/4)\n");
    case.upgrade("head");
    assert_eq!(case.journal(), "one,two");
}

#[test]
fn a_statement_that_loses_its_connection_has_changed_nothing() {
    // The server rolls back; the error names the statement, and the next run does it all.
    let case = Case::new(FIRST, &up("INSERT INTO journal VALUES ('b2');\nSELECT pg_sleep(1.2);"));
    case.upgrade("a1");
    let before = (case.database.dump(), case.database.psql("TABLE migrate_version"));
    let run = case.start("upgrade head");
    case.terminate(&case.await_running("pg_sleep", 1));
    let said = ends(run, 4);
    assert!(said.contains("error: revisions/b2.sql:8:1: upgrade of b2 failed: terminating connection"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    assert_eq!((case.database.dump(), case.database.psql("TABLE migrate_version")), before);
    assert_eq!(case.journal(), "");
    case.upgrade("head");
    assert_eq!(case.journal(), "b2");
}

#[test]
fn an_index_whose_connection_is_lost_is_built_again() {
    // It stays there, invalid, because nobody is left to drop it; the next run does.
    let statement = "CREATE INDEX CONCURRENTLY t_n ON t (n)";
    let case = Case::new(
        FIRST,
        &up(&format!("INSERT INTO journal VALUES ('one');\n{statement};\nINSERT INTO journal VALUES ('two');")),
    );
    case.upgrade("a1");
    let mut writer = case.app("INSERT INTO t (n) VALUES (1)");
    let run = case.start("upgrade head");
    case.eventually("SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'");
    case.terminate(&case.await_running(statement, 1));
    let said = ends(run, 4);
    assert!(said.contains("error: revisions/b2.sql:8:1: upgrade of b2 failed: terminating connection"), "{said}");
    assert!(said.contains("1 statements of 3 are done and stay"), "{said}");
    writer.batch_execute("COMMIT").expect("the writer ends");
    assert_eq!(case.database.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"), "f");
    case.upgrade("head");
    assert_eq!(case.database.psql("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass"), "t");
    assert_eq!(case.journal(), "one,two");
}

#[test]
fn what_a_stopped_reindex_left_is_dropped() {
    // REINDEX CONCURRENTLY runs again, and the invalid indexes of the one that was stopped do not stay: whether the
    // server process of the killed migrator is still at it, or is long gone.
    let statement = "REINDEX TABLE CONCURRENTLY t";
    let second = up(&format!("{statement};\nINSERT INTO journal VALUES ('b2');"));
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    let case = Case::new(FIRST, &second);
    case.upgrade("a1");
    let mut writer = case.app("INSERT INTO t (n) VALUES (1)");
    let mut killed = case.start("upgrade head");
    case.await_running(statement, 1);
    case.eventually("SELECT 1 FROM pg_index WHERE NOT indisvalid");
    killed.kill().expect("it runs");
    killed.wait().expect("it ends");
    let run = case.start("upgrade head");
    case.await_running("DROP INDEX CONCURRENTLY", 1);
    writer.batch_execute("COMMIT").expect("the writer ends");
    ends(run, 0);
    assert_eq!((case.database.psql(invalid).as_str(), case.journal().as_str()), ("0", "b2"));

    let case = Case::new(FIRST, &second);
    case.upgrade("a1");
    let mut writer = case.app("INSERT INTO t (n) VALUES (1)");
    case.database.try_psql(&format!("SET statement_timeout = '200ms'; {statement}")).expect_err("it waits");
    writer.batch_execute("COMMIT").expect("the writer ends");
    assert_eq!(case.database.psql(invalid), "1");
    case.upgrade("head");
    assert_eq!((case.database.psql(invalid).as_str(), case.journal().as_str()), ("0", "b2"));
}
