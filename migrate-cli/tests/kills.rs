//! Runs that are killed at random times: the next run finishes, and nothing is lost or done twice.
//!
//! 1. An undisturbed run up, down and up again is measured, and what it leaves is read after each of the three.
//! 2. On a fresh database the same three ways are gone by runs that are killed after a random part of that time, until
//!    a run ends by itself; what is left must be the same.
//! 3. That is repeated until as many runs were killed as the test promises. A run that had ended before its kill counts
//!    for nothing.
//!
//! What a killed migrator had sent its server goes on running there for a while, so that the next run meets it.

mod disturbed;

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use disturbed::Project;
use migrate_test_support::postgres::Database;
use rusqlite::Connection;

const SEED: u64 = 0x5eed_4d16;

/// The ways of a round: each is gone to its end before the next begins.
const WAYS: [&str; 3] = ["upgrade head", "downgrade a1", "upgrade head"];

/// A database that is left as it was created.
trait Fresh {
    fn create() -> Self;
    fn url(&self) -> String;
    /// Reads everything that a second run must leave alike.
    fn read(&self, project: &Project) -> String;
}

#[test]
fn fifty_kills_on_postgresql_lose_nothing() {
    // After a SIGKILL at any time the next run finishes, and schema, rows and version table are those of an
    // undisturbed run; no INSERT was run twice.
    let project = Project::new("dialects = [\"postgres\"]", POSTGRES);
    kill::<Database>(&project, 50);
}

#[test]
fn fifty_kills_on_sqlite_lose_nothing() {
    // The same on SQLite, with a statement outside a transaction and a table that is rebuilt.
    let project = Project::new("dialects = [\"sqlite\"]", SQLITE);
    kill::<File>(&project, 50);
}

fn kill<D: Fresh>(project: &Project, kills: usize) {
    println!("seed {SEED:#x}");
    let mut random = Random(SEED);
    let calm = D::create();
    let mut expect = Vec::new();
    let mut times = Vec::new();
    for way in WAYS {
        let start = Instant::now();
        let _ = project.run(&calm.url(), way).expect_success();
        times.push(start.elapsed());
        expect.push(calm.read(project));
    }
    println!("undisturbed: {times:?}");
    let mut killed = 0;
    let mut rounds = 0;
    while killed < kills {
        rounds += 1;
        let database = D::create();
        for (n, way) in WAYS.into_iter().enumerate() {
            let mut tries = 0;
            let start = Instant::now();
            // Some delays are longer than the run, so that its end is met too.
            while !killed_after(project, &database.url(), way, random.below(times[n] * 11 / 10)) {
                killed += 1;
                tries += 1;
            }
            println!("{way}: {tries} kills in {:?}", start.elapsed());
            let found = database.read(project);
            let place = format!("after {way} in round {rounds} with {tries} kills");
            assert!(found == expect[n], "{place}:\n{found}\n--- undisturbed:\n{}", expect[n]);
        }
    }
    println!("{killed} kills in {rounds} rounds");
}

/// Runs a command and kills it after a while; returns whether it had ended before, which it must have done well.
#[track_caller]
fn killed_after(project: &Project, url: &str, way: &str, delay: Duration) -> bool {
    let mut command = project.command(url, way);
    let mut child: Child = command.stderr(Stdio::piped()).spawn().expect("migrate-cli starts");
    std::thread::sleep(delay);
    child.kill().expect("a child that was not waited for can be killed");
    let output = child.wait_with_output().expect("the child ends");
    if output.status.signal() == Some(9) {
        return false;
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{way} ended with {:?} after kills:\n{stderr}", output.status);
    true
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let micros = u64::try_from(limit.as_micros()).expect("a run takes no centuries");
        Duration::from_micros((z ^ (z >> 31)) % micros)
    }
}

/// The table `journal` has no key: a statement that ran twice shows.
const POSTGRES: &[(&str, &str)] = &[
    (
        "a1",
        "-- migrate:upgrade
CREATE SCHEMA app;
CREATE TABLE journal (note text);
CREATE TABLE item (id serial PRIMARY KEY, n integer NOT NULL, word text NOT NULL);
INSERT INTO item (n, word) SELECT g % 977, md5(g::text) FROM generate_series(1, 15000) AS g;
INSERT INTO journal VALUES ('a1');
-- migrate:downgrade
DROP TABLE item, journal;
DROP SCHEMA app;
",
    ),
    (
        "b2",
        "-- migrate:upgrade
ALTER TABLE item ADD COLUMN big bigint;
INSERT INTO journal VALUES ('b2 begin');
SELECT pg_sleep(0.04);
UPDATE item SET big = n * 2 WHERE id <= 5000;
INSERT INTO journal VALUES ('b2 end');
-- migrate:downgrade
INSERT INTO journal VALUES ('b2 down');
SELECT pg_sleep(0.03);
ALTER TABLE item DROP COLUMN big;
",
    ),
    (
        "c3",
        "-- migrate:upgrade
CREATE INDEX CONCURRENTLY item_n ON item (n);
CREATE UNIQUE INDEX CONCURRENTLY item_word ON item (word, id);
-- migrate:downgrade
DROP INDEX CONCURRENTLY item_word;
DROP INDEX CONCURRENTLY item_n;
",
    ),
    (
        "d4",
        "-- migrate:upgrade
SET search_path = app, public;
CREATE TABLE copy AS SELECT * FROM item;
INSERT INTO journal VALUES ('d4 one');
CREATE INDEX CONCURRENTLY copy_word ON copy (word);
INSERT INTO journal VALUES ('d4 two');
SELECT pg_sleep(0.03);
UPDATE copy SET n = n + 1;
VACUUM copy;
INSERT INTO journal VALUES ('d4 three');
SELECT pg_sleep(0.02);
-- migrate:downgrade
SET search_path = app, public;
INSERT INTO journal VALUES ('d4 down one');
DROP INDEX CONCURRENTLY copy_word;
INSERT INTO journal VALUES ('d4 down two');
VACUUM copy;
INSERT INTO journal VALUES ('d4 down three');
DROP TABLE copy;
",
    ),
    (
        "e5",
        "-- migrate:upgrade
CREATE TABLE part (id integer NOT NULL, note text) PARTITION BY RANGE (id);
CREATE TABLE part_one PARTITION OF part FOR VALUES FROM (0) TO (1000);
CREATE TABLE part_two PARTITION OF part FOR VALUES FROM (1000) TO (2000);
INSERT INTO part SELECT g, 'x' FROM generate_series(0, 1999) AS g;
ALTER TABLE part DETACH PARTITION part_two CONCURRENTLY;
INSERT INTO journal SELECT 'e5 ' || count(*) FROM part;
-- migrate:downgrade
ALTER TABLE part ATTACH PARTITION part_two FOR VALUES FROM (1000) TO (2000);
INSERT INTO journal SELECT 'e5 down ' || count(*) FROM part;
ALTER TABLE part DETACH PARTITION part_one CONCURRENTLY;
DROP TABLE part, part_one;
",
    ),
    (
        "f6",
        "-- migrate:upgrade
INSERT INTO journal SELECT 'f6 ' || count(*) FROM item;
REINDEX TABLE CONCURRENTLY item;
INSERT INTO journal VALUES ('f6 end');
-- migrate:downgrade
INSERT INTO journal VALUES ('f6 down');
",
    ),
];

impl Fresh for Database {
    fn create() -> Self {
        Self::create("kills")
    }

    fn url(&self) -> String {
        // The time of a handshake with TLS would be most of a run's.
        format!("{}?sslmode=disable", self.url())
    }

    fn read(&self, _project: &Project) -> String {
        let states = self.psql(
            "SELECT revision, checksum, state, statements_done, statements_total, done_checksum, message, source, \
             revises, format, tool_version FROM migrate_version ORDER BY revision; \
             SELECT note, count(*) FROM journal GROUP BY note ORDER BY note; \
             SELECT count(*), sum(n), max(id) FROM item; \
             SELECT 'invalid', indexrelid::regclass FROM pg_index WHERE NOT indisvalid; \
             SELECT 'pending', inhrelid::regclass FROM pg_inherits WHERE inhdetachpending;",
        );
        let tables = "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace IN \
                      ('public'::regnamespace, 'app'::regnamespace) ORDER BY 1";
        let counts: Vec<String> = self
            .query(tables)
            .concat()
            .iter()
            .map(|table| format!("SELECT '{table}', count(*) FROM {table};"))
            .collect();
        format!("{states}\n{}\n{}", self.psql(&counts.concat()), self.dump())
    }
}

const SQLITE: &[(&str, &str)] = &[
    (
        "a1",
        "-- migrate:upgrade
CREATE TABLE journal (note text);
CREATE TABLE item (id integer PRIMARY KEY, n integer NOT NULL, word text NOT NULL);
INSERT INTO item (n, word)
WITH RECURSIVE g (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM g WHERE n < 20000) SELECT n % 977, hex(n * 7919) FROM g;
INSERT INTO journal VALUES ('a1');
-- migrate:downgrade
DROP TABLE item;
DROP TABLE journal;
",
    ),
    (
        "b2",
        "-- migrate:upgrade
CREATE INDEX item_word ON item (word);
INSERT INTO journal SELECT 'b2 ' || count(*) FROM item;
UPDATE item SET n = n + 1;
-- migrate:downgrade
UPDATE item SET n = n - 1;
INSERT INTO journal VALUES ('b2 down');
DROP INDEX item_word;
",
    ),
    (
        "c3",
        "-- migrate:upgrade
INSERT INTO journal VALUES ('c3 one');
CREATE TABLE copy AS SELECT * FROM item;
VACUUM;
INSERT INTO journal VALUES ('c3 two');
DELETE FROM copy WHERE id % 2 = 0;
VACUUM;
INSERT INTO journal VALUES ('c3 three');
-- migrate:downgrade
INSERT INTO journal VALUES ('c3 down one');
VACUUM;
DROP TABLE copy;
INSERT INTO journal VALUES ('c3 down two');
",
    ),
    (
        "d4",
        "-- migrate:upgrade
CREATE TABLE item_new (id integer PRIMARY KEY, n text NOT NULL, word text NOT NULL, CHECK (length(word) > 0));
INSERT INTO item_new SELECT id, n, word FROM item;
DROP TABLE item;
ALTER TABLE item_new RENAME TO item;
CREATE INDEX item_word ON item (word);
INSERT INTO journal VALUES ('d4');
-- migrate:downgrade
CREATE TABLE item_old (id integer PRIMARY KEY, n integer NOT NULL, word text NOT NULL);
INSERT INTO item_old SELECT id, n, word FROM item;
DROP TABLE item;
ALTER TABLE item_old RENAME TO item;
CREATE INDEX item_word ON item (word);
INSERT INTO journal VALUES ('d4 down');
",
    ),
];

/// The file of a SQLite database, by a number that no other has.
struct File(String);

impl Fresh for File {
    fn create() -> Self {
        static CREATED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        Self(format!("{}.db", CREATED.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
    }

    fn url(&self) -> String {
        format!("sqlite:///{}", self.0)
    }

    fn read(&self, project: &Project) -> String {
        let connection = Connection::open(project.folder().join(&self.0)).expect("the file opens");
        let mut text = String::new();
        for query in [
            "PRAGMA integrity_check",
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name",
            "SELECT concat_ws(' ', revision, checksum, state, statements_done, statements_total, done_checksum, \
             message, source, revises, format, tool_version) FROM migrate_version ORDER BY revision",
            "SELECT note || ' ' || count(*) FROM journal GROUP BY note ORDER BY note",
            "SELECT concat_ws(' ', count(*), sum(n), max(id), min(word)) FROM item",
        ] {
            let mut statement = connection.prepare(query).expect(query);
            let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect(query);
            rows.for_each(|row| text.push_str(&format!("{}\n", row.expect(query))));
        }
        text
    }
}
