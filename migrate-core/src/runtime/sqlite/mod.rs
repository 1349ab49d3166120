//! SQLite, over rusqlite.
//!
//! Every revision runs with `foreign_keys = OFF`, set before `BEGIN IMMEDIATE`, as the sqlite3 shell runs the same file;
//! what its foreign keys then point at is checked before COMMIT. See <https://sqlite.org/lang_altertable.html>.

mod check;
mod location;
mod shell;
mod transaction;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use location::Location;
pub use shell::Sqlite3;

use super::table::{self, Table, Words};
use super::{Backend, Event, Failure, Part, Settings};
use crate::error::{DatabaseError, Error, Refusal, Result};
use crate::plan::Applied;
use crate::sql::{SQLITE, name};

/// SQLite's words in the version table's SQL; the elapsed time is filled in by the transaction.
const WORDS: Words = Words {
    syntax: &SQLITE,
    instant: "text",
    long: "integer",
    now: "strftime('%Y-%m-%d %H:%M:%SZ', 'now')",
    applied_at: "applied_at",
    elapsed: "0",
};

/// A SQLite database that plans run on: a connection of its own, or the app's.
#[derive(Debug)]
pub struct Session<'c> {
    connection: Handle<'c>,
    /// The file, where the session opened it.
    file: Option<PathBuf>,
    created: bool,
    /// Whether the next transaction makes the version table first.
    create: bool,
    /// Between `lock` and `unlock`: what is read is read under SQLite's write lock.
    locked: bool,
    lock_wait: Duration,
    /// The busy timeout, in milliseconds, that the connection had before `lock`.
    busy_timeout: Option<u32>,
    baseline: Option<check::Violations>,
}

#[derive(Debug)]
enum Handle<'c> {
    Own(Connection),
    App(&'c mut Connection),
}

impl std::ops::Deref for Handle<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Own(connection) => connection,
            Self::App(connection) => connection,
        }
    }
}

/// Opens the database of a URL (`sqlite:///relative.db`, `sqlite:////absolute.db`), creating its file if there is none.
///
/// # Errors
///
/// A URL that is none, and a file that cannot be opened.
///
/// ```
/// let mut db = migrate_core::sqlite::connect("sqlite::memory:")?;
/// # Ok::<(), migrate_core::Error>(())
/// ```
pub fn connect(url: &str) -> Result<Session<'static>> {
    Session::create(&Location::parse(url)?)
}

/// Runs plans on a connection that the app has; it must not be in a transaction.
///
/// What a run sets on the connection is put back.
///
/// ```
/// let mut connection = rusqlite::Connection::open_in_memory()?;
/// let db = migrate_core::sqlite::wrap(&mut connection);
/// # Ok::<(), rusqlite::Error>(())
/// ```
pub fn wrap(connection: &mut Connection) -> Session<'_> {
    Session::over(Handle::App(connection), None, false)
}

impl Session<'static> {
    /// Opens a database, creating its file if there is none.
    ///
    /// # Errors
    ///
    /// A file that cannot be opened or created.
    pub fn create(location: &Location) -> Result<Self> {
        Self::open_with(location, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens a database whose file must exist.
    ///
    /// # Errors
    ///
    /// A file that is not there or cannot be opened.
    pub fn open(location: &Location) -> Result<Self> {
        if let Some(path) = location.path().filter(|path| !path.exists()) {
            return Err(Error::database(format!("open {}", path.display()), "there is no such file")
                .hint("`migrate-cli upgrade head` creates it"));
        }
        Self::open_with(location, OpenFlags::empty())
    }

    fn open_with(location: &Location, flags: OpenFlags) -> Result<Self> {
        location.check_spelling()?;
        let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let Some(path) = location.path() else {
            let connection = Connection::open_in_memory().map_err(|e| error("open a database in memory", &e))?;
            return Ok(Session::over(Handle::Own(connection), None, false));
        };
        let created = !path.exists();
        let action = format!("{} {}", if created { "create" } else { "open" }, path.display());
        let connection = Connection::open_with_flags(path, flags).map_err(|e| error(&action, &e))?;
        Ok(Session::over(Handle::Own(connection), Some(path.to_owned()), created))
    }
}

impl<'c> Session<'c> {
    fn over(connection: Handle<'c>, file: Option<PathBuf>, created: bool) -> Self {
        Self {
            connection,
            file,
            created,
            create: false,
            locked: false,
            lock_wait: Duration::ZERO,
            busy_timeout: None,
            baseline: None,
        }
    }

    /// Returns the file that the session created, if it did.
    pub fn created(&self) -> Option<&Path> {
        self.file.as_deref().filter(|_| self.created)
    }

    /// Returns the connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    fn what(&self) -> String {
        self.file.as_ref().map_or("the database".to_owned(), |file| file.display().to_string())
    }

    /// Begins a transaction that writes, waiting for another one to end.
    fn begin(&self, mut waiting: impl FnMut()) -> Result<()> {
        let start = Instant::now();
        let mut first = true;
        let _ = self.connection.busy_timeout(self.lock_wait.min(Duration::from_millis(100)));
        loop {
            match self.connection.execute_batch("BEGIN IMMEDIATE") {
                Ok(()) => break,
                Err(e) if is_busy(&e) && start.elapsed() < self.lock_wait => {
                    if std::mem::replace(&mut first, false) {
                        waiting();
                    }
                }
                Err(e) if is_busy(&e) => {
                    return Err(Error::locked(self.lock_wait, None));
                }
                Err(e) => return Err(error(&format!("begin a transaction in {}", self.what()), &e)),
            }
        }
        // SQLite counts in milliseconds, and no more than 24 days of them.
        let wait = self.lock_wait.clamp(Duration::from_secs(5), Duration::from_secs(86_400));
        let _ = self.connection.busy_timeout(wait);
        Ok(())
    }

    fn restore_busy_timeout(&mut self) {
        if let Some(before) = self.busy_timeout.take() {
            let _ = self.connection.busy_timeout(Duration::from_millis(before.into()));
        }
    }

    /// Commits; a reader may hold the database for a while, and the transaction then stays open.
    fn commit(&self) -> rusqlite::Result<()> {
        let start = Instant::now();
        loop {
            match self.connection.execute_batch("COMMIT") {
                Err(e) if is_busy(&e) && start.elapsed() < self.lock_wait => {}
                done => return done,
            }
        }
    }

    fn rollback(&self) {
        if !self.connection.is_autocommit() {
            // There is nothing left to do if this fails: closing the connection rolls back too.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn read_table(&self, table: &Table) -> Result<Applied> {
        let failed = |e: &rusqlite::Error| error(&format!("read the version table of {}", self.what()), e);
        let exists = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?1)";
        let wanted = table.qualified().trim_matches('"').replace("\"\"", "\"");
        let count: i64 = self.connection.query_row(exists, [wanted], |row| row.get(0)).map_err(|e| failed(&e))?;
        if count == 0 {
            return Ok(Applied::default());
        }
        let mut statement = self.connection.prepare(&table.select()).map_err(|e| {
            let foreign = e.to_string().contains("no such column");
            if foreign { failed(&e).hint(table::FOREIGN) } else { failed(&e) }
        })?;
        let mut rows = statement.query([]).map_err(|e| failed(&e))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|e| failed(&e))? {
            let columns: rusqlite::Result<Vec<Option<String>>> =
                (0..table::COLUMNS.len()).map(|n| row.get_ref(n).map(text)).collect();
            let columns = columns.map_err(|e| failed(&e))?;
            let row = table::read_row(&columns);
            found.push(row.map_err(|m| Error::database("read the version table", m).hint(table::NEWER))?);
        }
        Ok(Applied::new(found))
    }
}

/// Returns a value as text; the version table has no blobs.
fn text(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null | ValueRef::Blob(_) => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(n) => Some(n.to_string()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn version_table(settings: &Settings) -> Table {
    Table::new(None, &settings.version_table, &WORDS)
}

impl Backend for Session<'_> {
    fn dialect(&self) -> &'static str {
        SQLITE.name
    }

    fn lock(&mut self, settings: &Settings, observe: &mut dyn FnMut(Event)) -> Result<()> {
        self.lock_wait = settings.lock_wait;
        if !self.connection.is_autocommit() {
            return Err(Error::refused(Refusal::Other(
                "the connection is in a transaction; migrate begins its own".to_owned(),
            ))
            .hint("commit or roll back before"));
        }
        if let Some(path) = self.created() {
            observe(Event::Note(format!("Creating {}", absolute(path).display())));
            self.created = false;
        }
        self.baseline = None;
        self.busy_timeout = self.connection.query_row("PRAGMA busy_timeout", [], |row| row.get(0)).ok();
        let begun = self.begin(|| observe(Event::Waiting { holder: None }));
        match &begun {
            Ok(()) => self.locked = true,
            Err(_) => self.restore_busy_timeout(),
        }
        begun
    }

    fn unlock(&mut self) -> Result<()> {
        self.locked = false;
        self.rollback();
        self.restore_busy_timeout();
        Ok(())
    }

    fn applied(&mut self, settings: &Settings) -> Result<Applied> {
        let table = version_table(settings);
        if !self.locked {
            return self.read_table(&table);
        }
        if self.connection.is_autocommit() {
            self.begin(|| {})?;
        }
        let applied = self.read_table(&table);
        self.rollback();
        applied
    }

    fn create_table(&mut self, _settings: &Settings) -> Result<()> {
        self.create = true;
        Ok(())
    }

    fn transact(
        &mut self,
        settings: &Settings,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Result<(), Failure> {
        self.run_transaction(&version_table(settings), parts, begin)
    }

    fn outside(&mut self, _settings: &Settings, part: &Part<'_>) -> Result<(), Failure> {
        self.run_outside(part)
    }
}

/// Returns the absolute path, without the `..` of a migrate.toml that was found in a folder above.
fn absolute(path: &Path) -> PathBuf {
    let folder = path.parent().map(|folder| Path::new(".").join(folder).canonicalize());
    match (folder, path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy))
}

/// Returns what SQLite said, with its extended code.
fn database_error(action: &str, error: &rusqlite::Error) -> DatabaseError {
    let (message, code) = match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            (message.clone().unwrap_or_else(|| code.to_string()), Some(code.extended_code))
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => (msg.clone(), Some(error.extended_code)),
        other => (other.to_string(), None),
    };
    DatabaseError {
        action: action.to_owned(),
        message,
        code: code.map(|code| format!("SQLite {code}")),
        ..DatabaseError::default()
    }
}

fn error(action: &str, cause: &rusqlite::Error) -> Error {
    let error = Error::from(database_error(action, cause));
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => error.hint("the file is no SQLite database, or it is encrypted"),
        Some(ErrorCode::ReadOnly) => error.hint("the file or its folder is read-only for this user"),
        Some(ErrorCode::CannotOpen) => error.hint("does its folder exist, and may this user write there?"),
        _ => error,
    }
}

/// Returns a statement that sets a pragma.
fn set_pragma(pragma: &str, value: i64) -> String {
    format!("PRAGMA {} = {value}", name(pragma))
}
