//! An app that migrates itself: inside a tokio runtime, over connections of the library and of the app, and over a
//! driver of the app's own.

use std::sync::{Arc, LazyLock};

use migrate_core::error::{DatabaseError, ErrorKind, Refusal};
use migrate_core::plan::Applied;
use migrate_core::revision::{Directory, History, Target};
use migrate_core::runtime::table::{self, Table, Words};
use migrate_core::runtime::{Backend, Expect, Failure, Item, Options, Part, Record};
use migrate_core::sql::{Run, Syntax};
use migrate_core::{Error, Event, Migrator, Settings};
use migrate_test_support::postgres::Database;
use migrate_test_support::project::{Scratch, workspace_root};
use postgres::{Client, NoTls, SimpleQueryMessage};
use rusqlite::Connection;

// The revisions of the reference app, as its tests see them.
migrate_core::embed!();

/// The app's revisions, from base to head.
const ALL: [&str; 3] = ["7d9871ef8afa", "fe9eed6d812f", "c5c34dd0b8f2"];

/// Does blocking work where an app would: in the main task of each kind of runtime, and in a task of its own.
fn in_tokio(work: impl Fn() + Send + Sync + 'static) {
    let current = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    current.block_on(async { work() });
    let several = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    several.block_on(async {
        work();
        let work = Arc::new(work);
        tokio::spawn(async move { work() }).await.expect("the task ends");
    });
}

/// Runs the app's revisions up, down and up again.
#[track_caller]
fn up_and_down(db: &mut dyn Backend) {
    let mut lines = Vec::new();
    let mut observe = |event: Event| {
        if matches!(event, Event::Begin { .. }) {
            lines.push(event.to_string());
        }
    };
    let report = MIGRATIONS.upgrade_with(db, "head", &mut observe).expect("it upgrades");
    assert_eq!(report.finished, ALL);
    assert_eq!(report.heads, [ALL[2]]);
    assert_eq!(lines[0], "Running upgrade  -> 7d9871ef8afa, initial revision");
    assert_eq!(lines.len(), 3);
    MIGRATIONS.require_exactly_head(db).expect("it is at head");
    assert_eq!(MIGRATIONS.upgrade(db, "head").expect("nothing to do").finished, [""; 0]);
    let report = MIGRATIONS.downgrade(db, "base").expect("it goes back");
    assert_eq!(report.finished, [ALL[2], ALL[1], ALL[0]]);
    assert_eq!(MIGRATIONS.upgrade(db, "+1").expect("it goes up again").finished, [ALL[0]]);
}

/// Connects as an app does. The driver's own calls panic inside a runtime, ours do not.
fn client(url: &str) -> Client {
    std::thread::scope(|scope| scope.spawn(|| Client::connect(url, NoTls)).join())
        .expect("the thread ends")
        .expect("the server answers")
}

#[test]
fn sqlite_migrates_inside_a_runtime() {
    // Promise: on SQLite `upgrade` works inside `#[tokio::main]`, over a connection of ours and over the app's.
    in_tokio(|| {
        let scratch = Scratch::new();
        let file = scratch.path().join("a.db");
        let mut db = migrate_core::sqlite::connect(&format!("sqlite:///{}", file.display())).expect("it connects");
        up_and_down(&mut db);
        drop(db);
        let mut connection = Connection::open(&file).expect("the file is there");
        MIGRATIONS.downgrade(&mut migrate_core::sqlite::wrap(&mut connection), "base").expect("it goes back");
        up_and_down(&mut migrate_core::sqlite::wrap(&mut connection));
    });
}

#[test]
fn postgres_migrates_inside_a_runtime_over_connections_of_ours() {
    // Promise: on PostgreSQL `connect` and `upgrade` work inside `#[tokio::main]`.
    in_tokio(|| {
        let database = Database::create("embedding");
        let mut db = migrate_core::postgres::connect(&database.url()).expect("it connects");
        up_and_down(&mut db);
    });
}

#[test]
fn postgres_migrates_inside_a_runtime_over_the_apps_client() {
    // Promise: on PostgreSQL `upgrade` over the app's client works inside `#[tokio::main]`.
    in_tokio(|| {
        let database = Database::create("embedding");
        let mut client = client(&database.url());
        up_and_down(&mut migrate_core::postgres::wrap(&mut client));
        std::thread::spawn(move || drop(client)).join().expect("the client is closed");
    });
}

#[test]
fn sessions_and_errors_can_move_between_threads() {
    // Promise: a session can be opened in one task and used in another, and an error fits into any error type.
    fn moves<T: Send + 'static>() {}
    fn shared<T: Send + Sync + std::error::Error + 'static>() {}
    moves::<migrate_core::sqlite::Session<'static>>();
    moves::<migrate_core::postgres::Session<'static>>();
    shared::<Error>();
}

/// A database by itself, for what only the app's side can do.
type Execute<'e> = &'e mut dyn FnMut(&str);

/// Runs a check on both databases.
fn on_both(check: fn(&mut dyn Backend, Execute<'_>, &str)) {
    let scratch = Scratch::new();
    let file = scratch.path().join("a.db");
    let mut db = migrate_core::sqlite::connect(&format!("sqlite:///{}", file.display())).expect("it connects");
    let other = Connection::open(&file).expect("it opens");
    check(&mut db, &mut |sql| other.execute_batch(sql).expect(sql), "");
    let database = Database::create("embedding");
    let mut db = migrate_core::postgres::connect(&database.url()).expect("it connects");
    check(&mut db, &mut |sql| drop(database.psql(sql)), "dpo.");
}

#[track_caller]
fn refusal(error: Error) -> Refusal {
    assert!(!error.hints().is_empty(), "{error}");
    match error.into_kind() {
        ErrorKind::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_app_can_insist_on_its_schema() {
    // Promise: `require_head` refuses what is missing or edited and tells what is newer; `require_exactly_head` refuses
    // that too.
    on_both(|db, execute, _| {
        let missing = |pending: &[&str]| Refusal::NotAtHead {
            pending: pending.iter().map(|id| (*id).to_owned()).collect(),
            unknown: Vec::new(),
        };
        assert_eq!(refusal(MIGRATIONS.require_head(db).expect_err("it is empty")), missing(&ALL));
        MIGRATIONS.upgrade(db, ALL[0]).expect("it upgrades");
        assert_eq!(refusal(MIGRATIONS.require_head(db).expect_err("two are missing")), missing(&ALL[1..]));
        assert_eq!(refusal(MIGRATIONS.require_exactly_head(db).expect_err("two are missing")), missing(&ALL[1..]));
        MIGRATIONS.upgrade(db, "head").expect("it upgrades");
        assert_eq!(MIGRATIONS.require_head(db).expect("it is at head"), [""; 0]);

        // A newer release was here.
        let (columns, others) = (table::COLUMNS.join(", "), table::COLUMNS[1..].join(", "));
        execute(&format!(
            "INSERT INTO migrate_version ({columns}) SELECT 'ffff', {others} FROM migrate_version LIMIT 1"
        ));
        assert_eq!(MIGRATIONS.require_head(db).expect("it has all"), ["ffff"]);
        let newer = Refusal::NotAtHead { pending: Vec::new(), unknown: vec!["ffff".to_owned()] };
        assert_eq!(refusal(MIGRATIONS.require_exactly_head(db).expect_err("one is unknown")), newer);
        execute("DELETE FROM migrate_version WHERE revision = 'ffff'");
        MIGRATIONS.require_exactly_head(db).expect("it is at head");

        execute("UPDATE migrate_version SET checksum = '1:00' WHERE revision = '7d9871ef8afa'");
        for outcome in [MIGRATIONS.require_head(db).map(drop), MIGRATIONS.require_exactly_head(db)] {
            match refusal(outcome.expect_err("one was edited")) {
                Refusal::Edited { revisions } => {
                    assert_eq!((revisions.len(), revisions[0].revision.as_str()), (1, ALL[0]));
                    assert_eq!(revisions[0].file, "migrations/7d9871ef8afa_initial_revision.sql");
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn a_failure_has_a_place_in_the_embedded_file() {
    // Promise: an embedded statement that fails is told with file, line and column, and leaves nothing of its revision.
    on_both(|db, execute, schema| {
        MIGRATIONS.upgrade(db, ALL[1]).expect("it upgrades");
        execute(&format!("CREATE TABLE {schema}execution_step (x integer)"));
        let error = MIGRATIONS.upgrade(db, "head").expect_err("the name is taken");
        let ErrorKind::Statement(failed) = error.kind() else { panic!("{error}") };
        let text = std::fs::read_to_string(workspace_root().join(&failed.location.file)).expect("the file is there");
        let line = text.lines().nth(failed.location.line as usize - 1).expect("the line is there");
        assert_eq!(line, format!("CREATE TABLE {schema}execution_step ("));
        assert_eq!((failed.revision.as_str(), failed.finished.len()), (ALL[2], 0));
        let pending = refusal(MIGRATIONS.require_head(db).expect_err("one is missing"));
        assert_eq!(pending, Refusal::NotAtHead { pending: vec![ALL[2].to_owned()], unknown: Vec::new() });
        execute(&format!("DROP TABLE {schema}execution_step"));
        assert_eq!(MIGRATIONS.upgrade(db, "head").expect("the cause is gone").finished, [ALL[2]]);
    });
}

/// Runs one revision that is not the app's.
fn run_revision(db: &mut dyn Backend, sql: &str) -> Result<(), Error> {
    let history = history(db.dialect(), sql);
    let head = Target::parse("head")?;
    Migrator::new(&history, &Settings::DEFAULT).upgrade(db, &[head], Options::default(), &mut |_| {}).map(drop)
}

fn history(dialect: &str, sql: &str) -> History {
    let scratch = Scratch::new();
    let text = format!("-- Revision ID: aaaa\n\n-- migrate:upgrade\n{sql}\n-- migrate:downgrade\n");
    scratch.write("aaaa.sql", &text);
    let directory = Directory::read(&[scratch.path().to_owned()]).expect("the header is right");
    let syntax = Syntax::named(dialect).expect("it is a dialect");
    directory.history(&[syntax], syntax).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_apps_sqlite_connection_comes_back_as_it_was() {
    // Promise: what a run sets on a connection that the app has is put back, whether it succeeds or fails.
    let settings = "PRAGMA foreign_keys = ON;\nPRAGMA legacy_alter_table = ON;\n";
    let runs = [
        ("CREATE TABLE t (x);", true),
        ("CREATE TABLE t (x);\nINSERT INTO nowhere VALUES (1);", false),
        ("CREATE TABLE t (x PRIMARY KEY);\nCREATE TABLE u (x REFERENCES t);\nPRAGMA foreign_keys = OFF;", true),
        ("CREATE TABLE t (x);\nVACUUM;\nCREATE TABLE u (x);", true),
        ("-- migrate:no-transaction\nINSERT INTO nowhere VALUES (1);", false),
        ("CREATE TABLE t (x PRIMARY KEY ON CONFLICT ROLLBACK);\nINSERT INTO t VALUES (1), (1);", false),
    ];
    for (foreign_keys, legacy) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for ((sql, succeeds), settings) in runs.iter().flat_map(|run| [(run, ""), (run, settings)]) {
            let mut connection = Connection::open_in_memory().expect("it opens");
            let app = format!(
                "PRAGMA foreign_keys = {foreign_keys}; PRAGMA legacy_alter_table = {legacy}; PRAGMA busy_timeout = 123"
            );
            connection.execute_batch(&app).expect("it is set");
            let outcome = run_revision(&mut migrate_core::sqlite::wrap(&mut connection), &format!("{settings}{sql}"));
            assert_eq!(outcome.is_ok(), *succeeds, "{settings}{sql}: {outcome:?}");
            assert!(connection.is_autocommit(), "{sql}");
            let read = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
            let found =
                ["foreign_keys", "legacy_alter_table", "busy_timeout"].map(|pragma| read(pragma).expect(pragma));
            assert_eq!(found, [foreign_keys, legacy, 123], "{settings}{sql}");
        }
    }
}

/// How many advisory locks this database has.
const HELD: &str = "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database \
    WHERE locktype = 'advisory' AND datname = current_database()";

#[test]
fn the_apps_postgres_session_comes_back_as_it_was() {
    // Promise: search_path and role of a client that the app has are put back, whether a run succeeds or fails.
    let settings = "SET search_path = pg_catalog;\nSET ROLE pg_read_all_settings;\n";
    let index = "CREATE INDEX CONCURRENTLY i ON pg_temp.nowhere (x);";
    let runs = [
        ("CREATE TEMPORARY TABLE t (x integer);".to_owned(), true),
        ("SELECT 1;\nSELECT 1 / 0;".to_owned(), false),
        ("SELECT pg_catalog.set_config('search_path', 'nowhere', false);".to_owned(), true),
        ("SELECT 1;\nVACUUM pg_catalog.pg_class;\nSELECT 2;".to_owned(), true),
        (index.to_owned(), false),
    ];
    for role in ["none", "pg_monitor"] {
        for ((sql, succeeds), settings) in runs.iter().flat_map(|run| [(run, ""), (run, settings)]) {
            let database = Database::create("session");
            database.psql("GRANT CREATE ON SCHEMA public TO pg_monitor");
            let mut client = client(&database.url());
            let app = format!("SET search_path = \"A \"\"b\", public; SET ROLE {role}; SET lock_timeout = '123ms'");
            client.batch_execute(&app).expect("it is set");
            let outcome = run_revision(&mut migrate_core::postgres::wrap(&mut client), &format!("{settings}{sql}"));
            assert_eq!(outcome.is_ok(), *succeeds, "{settings}{sql}: {outcome:?}");
            let names = ["search_path", "role", "lock_timeout", "client_connection_check_interval"];
            let question = names.map(|name| format!("current_setting('{name}')")).join(", ");
            let rows = client.simple_query(&format!("SELECT {question}")).expect("it answers");
            let row = rows.iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            });
            let row = row.expect("there is a row");
            let found: Vec<_> = (0..names.len()).map(|n| row.get(n).expect("a value")).collect();
            assert_eq!(found, ["\"A \"\"b\", public", role, "123ms", "0"], "{settings}{sql}");
            assert_eq!(database.query(HELD), [["0"]], "{settings}{sql}");
        }
    }
}

#[test]
fn a_connection_in_a_transaction_is_refused() {
    // Promise: a run never commits what the app has begun on its connection.
    let refused = |outcome: Result<(), Error>| {
        let refusal = refusal(outcome.expect_err("the app has begun a transaction"));
        assert_eq!(refusal.to_string(), "the connection is in a transaction; migrate begins its own");
    };
    let mut connection = Connection::open_in_memory().expect("it opens");
    connection.execute_batch("BEGIN; CREATE TABLE t (x)").expect("it begins");
    refused(run_revision(&mut migrate_core::sqlite::wrap(&mut connection), "SELECT 1;"));
    connection.execute_batch("ROLLBACK").expect("it is still open");
    assert_eq!(schema(&connection), []);

    let database = Database::create("transaction");
    let mut client = client(&database.url());
    client.batch_execute("BEGIN; CREATE TABLE t (x integer)").expect("it begins");
    refused(run_revision(&mut migrate_core::postgres::wrap(&mut client), "SELECT 1;"));
    client.batch_execute("ROLLBACK").expect("it is still open");
    assert_eq!(database.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), [["0"]]);
}

/// A backend that an app could write: SQLite by the plainest means, with what the library has in public.
struct Plain {
    connection: Connection,
    locked: bool,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    syntax: Syntax::named("sqlite").expect("it is a dialect"),
    instant: "text",
    long: "integer",
    now: "datetime('now')",
    applied_at: "applied_at",
    elapsed: "0",
});

fn failed(action: &str, error: &rusqlite::Error) -> Error {
    Error::database(action, error.to_string())
}

impl Plain {
    fn new() -> Self {
        Self { connection: Connection::open_in_memory().expect("it opens"), locked: false }
    }

    fn table(settings: &Settings) -> Table {
        Table::new(None, &settings.version_table, &WORDS)
    }

    fn statement(&self, part: usize, item: &Item<'_>) -> Result<(), Failure> {
        self.connection.execute_batch(item.sql).map_err(|error| Failure::Statement {
            part,
            index: Some(item.index),
            character: None,
            error: Box::new(DatabaseError { message: error.to_string(), ..DatabaseError::default() }),
        })
    }

    fn part(&self, table: &Table, n: usize, part: &Part<'_>, begin: &mut dyn FnMut(usize)) -> Result<(), Failure> {
        let write = |sql: &str| self.connection.execute_batch(sql).map_err(|e| failed("write the version table", &e));
        let count = self.connection.query_row(&table.count(part.revision, part.expect), [], |row| row.get::<_, i64>(0));
        if count.map_err(|e| failed("read the version table", &e))? != 1 {
            return Err(Failure::Stale);
        }
        begin(n);
        for item in part.session.iter().chain(&part.statements) {
            self.statement(n, item)?;
        }
        match &part.record {
            Record::Keep => Ok(()),
            Record::Delete => Ok(write(&table.delete(part.revision))?),
            Record::Write(row) if part.expect == Expect::Absent => Ok(write(&table.insert(row))?),
            Record::Write(row) => Ok(write(&table.update(row))?),
        }
    }
}

impl Backend for Plain {
    fn dialect(&self) -> &'static str {
        "sqlite"
    }

    fn lock(&mut self, _settings: &Settings, _observe: &mut dyn FnMut(Event)) -> Result<(), Error> {
        assert!(!self.locked, "it is unlocked first");
        self.locked = true;
        Ok(())
    }

    fn unlock(&mut self) -> Result<(), Error> {
        assert!(self.locked, "it is locked first");
        self.locked = false;
        Ok(())
    }

    fn applied(&mut self, settings: &Settings) -> Result<Applied, Error> {
        let action = "read the version table";
        let table = Self::table(settings);
        if self.connection.prepare(&format!("SELECT 1 FROM {}", table.qualified())).is_err() {
            return Ok(Applied::default());
        }
        let mut statement = self.connection.prepare(&table.select()).map_err(|e| failed(action, &e))?;
        let mut found = Vec::new();
        let mut rows = statement.query([]).map_err(|e| failed(action, &e))?;
        while let Some(row) = rows.next().map_err(|e| failed(action, &e))? {
            let text = |n: usize| match row.get(n).expect("the columns are those that were asked for") {
                rusqlite::types::Value::Integer(number) => Some(number.to_string()),
                rusqlite::types::Value::Text(text) => Some(text),
                _ => None,
            };
            let columns: Vec<_> = (0..table::COLUMNS.len()).map(text).collect();
            found.push(table::read_row(&columns).map_err(|message| Error::database(action, message))?);
        }
        Ok(Applied::new(found))
    }

    fn create_table(&mut self, settings: &Settings) -> Result<(), Error> {
        assert!(self.locked, "it is locked first");
        let created = self.connection.execute_batch(&Self::table(settings).create());
        created.map_err(|e| failed("create the version table", &e))
    }

    fn transact(
        &mut self,
        settings: &Settings,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Result<(), Failure> {
        assert!(self.locked, "it is locked first");
        let table = Self::table(settings);
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|e| failed("begin", &e))?;
        let ran = parts.iter().enumerate().try_for_each(|(n, part)| self.part(&table, n, part, begin));
        let end = if ran.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.connection.execute_batch(end).map_err(|e| failed("end", &e))?;
        ran
    }

    fn outside(&mut self, _settings: &Settings, part: &Part<'_>) -> Result<(), Failure> {
        assert!(self.locked && self.connection.is_autocommit(), "it is locked, and outside");
        part.statements.iter().filter(|item| item.run == Run::Outside).try_for_each(|item| self.statement(0, item))
    }
}

#[test]
fn an_app_can_bring_a_driver_of_its_own() {
    // Promise: `Backend` can be implemented outside of the crate, and the revisions then run as over ours.
    let mut plain = Plain::new();
    up_and_down(&mut plain);
    MIGRATIONS.upgrade(&mut plain, "head").expect("it upgrades");
    let mut ours = migrate_core::sqlite::connect("sqlite::memory:").expect("it connects");
    MIGRATIONS.upgrade(&mut ours, "head").expect("it upgrades");
    assert_eq!(schema(&plain.connection), schema(ours.connection()));
    assert!(schema(&plain.connection).len() > 6);
}

#[test]
fn a_driver_of_the_apps_own_resumes() {
    // Promise: what fails over an app's backend has a place, is recorded and goes on once the cause is gone.
    let mut plain = Plain::new();
    let sql = "CREATE TABLE t (x);\nVACUUM;\nINSERT INTO u VALUES (1);";
    let error = run_revision(&mut plain, sql).expect_err("there is no u");
    let ErrorKind::Statement(failed) = error.kind() else { panic!("{error}") };
    assert_eq!((failed.location.line, failed.location.column, failed.partial), (6, 1, Some((2, 3))));
    plain.connection.execute_batch("CREATE TABLE u (x)").expect("the cause is removed");
    run_revision(&mut plain, sql).expect("it goes on, and does not create t again");
    let rows = plain.connection.query_row("SELECT count(*) FROM u", [], |row| row.get::<_, i64>(0));
    assert_eq!(rows.expect("u is there"), 1);
    assert!(!plain.locked);
}

/// Returns every object of a database with its SQL.
fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").expect("it is read");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("it is read");
    rows.collect::<Result<_, _>>().expect("it is read")
}
