//! Live databases of many tables: how many messages the reading takes, and how long beside a dump of the schema.

use std::fmt::Write as _;
use std::hint::black_box;

use migrate_core::introspect::{Filter, postgres, sqlite};
use migrate_test_support::postgres::{Database, cluster};

use crate::measure::ratio;
use crate::proxy::Proxy;

/// Reads so many tables of five columns, two indexes and a foreign key.
pub(crate) fn measure(tables: usize) {
    let mut script = String::new();
    for n in 0..tables {
        let _ = write!(
            script,
            "CREATE TABLE t{n} (id integer PRIMARY KEY, parent integer REFERENCES t{} (id), name varchar(80) NOT NULL, \
             state text NOT NULL DEFAULT 'open', amount numeric(12, 2));\n\
             CREATE INDEX t{n}_parent ON t{n} (parent);\nCREATE INDEX t{n}_name ON t{n} (lower(name)) WHERE state = 'open';\n",
            n.saturating_sub(1)
        );
    }
    on_postgres(tables, &script);
    on_sqlite(tables, &script);
}

fn on_postgres(tables: usize, script: &str) {
    let database = Database::create("bench_live");
    database.psql(script);
    let proxy = Proxy::start(cluster().host(), cluster().port());
    let mut session = migrate_core::postgres::connect(&proxy.url(&database.url())).expect("the server is there");
    let connected = proxy.messages();
    let schema = postgres::read(&mut session, &Filter::new()).expect("the schema is read");
    assert_eq!(schema.tables.len(), tables);
    println!("{:<58} {:>10}", format!("postgres, {tables} tables: messages"), proxy.messages() - connected);
    let read = || {
        let mut session = migrate_core::postgres::connect(&database.url()).expect("the server is there");
        black_box(postgres::read(&mut session, &Filter::new()).expect("the schema is read"));
    };
    ratio(&format!("postgres, {tables} tables: read / pg_dump -s"), read, || {
        black_box(database.dump());
    });
}

fn on_sqlite(tables: usize, script: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let connection = rusqlite::Connection::open(folder.path().join("bench.db")).expect("a database");
    connection.execute_batch(&format!("BEGIN;\n{script}COMMIT;")).expect("the script runs");
    let read = || {
        let schema = sqlite::read(&connection, &Filter::new()).expect("the schema is read");
        assert_eq!(schema.tables.len(), tables);
    };
    let dump = || {
        let mut statement = connection.prepare("SELECT sql FROM sqlite_master").expect("it is SQL");
        let texts = statement.query_map([], |row| row.get::<_, Option<String>>(0)).expect("it runs");
        black_box(texts.collect::<Result<Vec<_>, _>>().expect("texts"));
    };
    ratio(&format!("sqlite, {tables} tables: read / SELECT sql"), read, dump);
}
