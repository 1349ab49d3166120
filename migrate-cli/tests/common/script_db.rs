//! A database of either kind, as it looks from outside of migrate.

use std::collections::BTreeMap;
use std::path::PathBuf;

use migrate_test_support::postgres::Database;
use migrate_test_support::project::Scratch;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// An empty database that is dropped with the value.
pub(crate) enum Db {
    Postgres(Database),
    Sqlite(Scratch),
}

impl Db {
    pub(crate) fn postgres(hint: &str) -> Self {
        Self::Postgres(Database::create(hint))
    }

    /// Makes the file too, so that no command says that it does.
    pub(crate) fn sqlite() -> Self {
        let folder = Scratch::new();
        folder.write("test.db", "");
        Self::Sqlite(folder)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Postgres(database) => database.url(),
            Self::Sqlite(folder) => format!("sqlite:///{}", path(folder).display()),
        }
    }

    /// Runs SQL in a session of the test's own; SQLite enforces foreign keys in it.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) {
        match self {
            Self::Postgres(database) => {
                database.psql(sql);
            }
            Self::Sqlite(folder) => open(folder).execute_batch(sql).unwrap_or_else(|e| panic!("{e}\n{sql}")),
        }
    }

    /// Returns the rows of a query: a row on a line, `|` between its columns, NULL as nothing.
    #[track_caller]
    pub(crate) fn rows(&self, query: &str) -> String {
        let rows = match self {
            Self::Postgres(database) => database.query(query),
            Self::Sqlite(folder) => query_sqlite(&open(folder), query),
        };
        rows.iter().map(|row| format!("{}\n", row.join("|"))).collect()
    }

    /// Returns the whole schema as text.
    #[track_caller]
    pub(crate) fn schema(&self) -> String {
        match self {
            Self::Postgres(database) => database.dump(),
            Self::Sqlite(_) => self.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name, type"),
        }
    }

    /// Returns the rows of every table, sorted, by the table's name.
    #[track_caller]
    pub(crate) fn contents(&self) -> BTreeMap<String, String> {
        match self {
            Self::Postgres(database) => database
                .query(
                    "SELECT format('%I.%I', n.nspname, c.relname), \
                     query_to_xml(format('SELECT * FROM %I.%I AS t ORDER BY t::text', n.nspname, c.relname), true, true, '')::text \
                     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'",
                )
                .into_iter()
                .map(|row| (row[0].clone(), row[1].clone()))
                .collect(),
            Self::Sqlite(folder) => {
                let connection = open(folder);
                let tables = query_sqlite(&connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
                let contents = tables.into_iter().map(|row| {
                    let table = row[0].clone();
                    let query = format!("SELECT * FROM \"{}\"", table.replace('"', "\"\""));
                    let mut rows: Vec<_> = query_sqlite(&connection, &query).iter().map(|row| row.join("|")).collect();
                    rows.sort();
                    (table, rows.join("\n"))
                });
                contents.collect()
            }
        }
    }
}

fn path(folder: &Scratch) -> PathBuf {
    folder.path().join("test.db")
}

fn open(folder: &Scratch) -> Connection {
    let connection = Connection::open(path(folder)).expect("the test database opens");
    connection.pragma_update(None, "foreign_keys", true).expect("foreign keys can be enforced");
    connection
}

#[track_caller]
fn query_sqlite(connection: &Connection, query: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(query).unwrap_or_else(|e| panic!("{e}\n{query}"));
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("the query runs");
    let mut found = Vec::new();
    while let Some(row) = rows.next().expect("a row") {
        let text = |n| match row.get_ref(n).expect("a column") {
            ValueRef::Null => String::new(),
            ValueRef::Integer(n) => n.to_string(),
            ValueRef::Real(n) => n.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
        };
        found.push((0..columns).map(text).collect());
    }
    found
}
