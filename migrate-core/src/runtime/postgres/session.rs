//! The backend: a session with a server that plans run on.

use super::conninfo::{Conninfo, Process};
use super::transaction::{Create, Owner, Transaction};
use super::wire::Wire;
use super::{Server, WORDS};
use crate::error::{Error, ErrorKind, Refusal, Result};
use crate::plan::Applied;
use crate::runtime::table::{self, Table};
use crate::runtime::{Backend, Event, Failure, Part, Settings};
use crate::sql::POSTGRES;

/// The settings of the app's session that are put back.
const KEPT: [&str; 4] = ["search_path", "role", "lock_timeout", "client_connection_check_interval"];

/// A PostgreSQL database that plans run on: connections of its own, or the app's client.
pub struct Session<'c> {
    pub(super) wire: Wire<'c>,
    pub(super) lock_key: Option<i64>,
    server: Option<Server>,
    create: Create,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("database", &self.wire.name()).finish_non_exhaustive()
    }
}

/// Connects to the database of a URL (`postgresql://…`) or of libpq's `key=value` text.
///
/// What it leaves out comes from `PG*`, service files and `~/.pgpass`, as with libpq. The call blocks, and may be made
/// inside of a runtime. A second connection is opened while revisions run; it holds the migrators' lock.
///
/// # Errors
///
/// A text that is none, and a server that cannot be reached or refuses.
///
/// ```no_run
/// let mut db = migrate_core::postgres::connect("postgresql://app@db.example.com/app?sslmode=verify-full")?;
/// # Ok::<(), migrate_core::Error>(())
/// ```
pub fn connect(input: &str) -> Result<Session<'static>> {
    Ok(Session { wire: Wire::connect(input)?, lock_key: None, server: None, create: Create::Nothing })
}

/// Runs plans on a client that the app has; it must not be in a transaction.
///
/// Each statement is a message of its own, and the lock is one of the session: behind a pooler that hands out
/// transactions use [`connect`].
///
/// ```no_run
/// let mut client = postgres::Client::connect("host=localhost user=app", postgres::NoTls)?;
/// let db = migrate_core::postgres::wrap(&mut client);
/// # Ok::<(), postgres::Error>(())
/// ```
pub fn wrap(client: &mut ::postgres::Client) -> Session<'_> {
    Session { wire: Wire::App(client), lock_key: None, server: None, create: Create::Nothing }
}

/// Returns what a URL or a key-value text names, as a URL without password and parameters.
///
/// ```
/// let shown = migrate_core::postgres::without_secrets("postgresql://app:secret@db/dpo?sslmode=require");
/// assert_eq!(shown, "postgresql://app@db:5432/dpo");
/// ```
pub fn without_secrets(input: &str) -> String {
    let settings = Conninfo::parse(input).and_then(|info| info.resolve(&Process));
    settings.map_or_else(|_| "postgresql://…".to_owned(), |settings| settings.display())
}

impl Session<'_> {
    /// Returns the rows of a query as texts, with `None` for NULL; of several statements, those of the last one.
    ///
    /// The text is sent as one simple-query message.
    ///
    /// # Errors
    ///
    /// A query that the server refuses, and a connection that broke.
    pub fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
        self.wire.query(sql, "run a query")
    }

    /// Returns the server's major version.
    ///
    /// # Errors
    ///
    /// A connection that broke.
    pub fn major_version(&mut self) -> Result<u32> {
        let rows = self.wire.query("SHOW server_version_num", "ask for the server's version")?;
        let text = rows.first().and_then(|row| row.first().cloned().flatten()).unwrap_or_default();
        Ok(text.parse::<u32>().unwrap_or(0) / 10_000)
    }

    /// Asks once what kind of server this is, and in which schema the version table is.
    fn server(&mut self, settings: &Settings) -> Result<Server> {
        if let Some(server) = &self.server {
            return Ok(server.clone());
        }
        let question = "SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.version(), current_user";
        let rows = self.wire.query(question, "ask for the server's version")?;
        let text = |n: usize| rows.first().and_then(|row| row.get(n).cloned().flatten()).unwrap_or_default();
        let version = text(0).parse().unwrap_or(0);
        let first = settings.search_path.first().map_or("public", AsRef::as_ref);
        let schema = settings.version_table_schema.as_deref().unwrap_or(first);
        let server = Server {
            version,
            // The setting is refused where the server's system cannot tell that a client is gone.
            notices_lost_clients: version >= 140_000 && text(1).contains("linux"),
            schema: if schema == "$user" { text(2) } else { schema.to_owned() },
        };
        self.server = Some(server.clone());
        Ok(server)
    }

    fn table(&mut self, settings: &Settings) -> Result<Table> {
        let server = self.server(settings)?;
        Ok(Table::new(Some(&server.schema), &settings.version_table, &WORDS))
    }

    /// Reads what a revision or a run may change of the app's session.
    fn owner(&mut self) -> Result<Owner> {
        if !self.wire.is_the_apps() {
            return Ok(Owner::Migrator);
        }
        // An older server does not have the last one.
        let columns = KEPT.map(|setting| format!("pg_catalog.current_setting('{setting}', true)")).join(", ");
        let rows = self.wire.query(&format!("SELECT {columns}"), "read the session's settings")?;
        let values = rows.into_iter().next().unwrap_or_default();
        Ok(Owner::App(KEPT.into_iter().zip(values).filter_map(|(setting, value)| Some((setting, value?))).collect()))
    }

    fn restore(&mut self, owner: &Owner) -> Result<()> {
        let Owner::App(had) = owner else { return Ok(()) };
        let set = |(setting, value): &(&str, String)| {
            format!("pg_catalog.set_config('{setting}', {}, false)", POSTGRES.literal(value))
        };
        let columns: Vec<String> = had.iter().map(set).collect();
        self.wire.query(&format!("SELECT {}", columns.join(", ")), "put the session's settings back").map(|_| ())
    }

    fn run_transaction(
        &mut self,
        settings: &Settings,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
        owner: &Owner,
    ) -> Result<(), Failure> {
        let server = self.server(settings)?;
        let table = Table::new(Some(&server.schema), &settings.version_table, &WORDS);
        let transaction = Transaction::new(&server, settings, &table, parts, owner, self.create);
        let pieces: Vec<&str> = transaction.pieces.iter().map(|(_, sql)| sql.as_ref()).collect();
        let mut before = |piece: usize| {
            if let Some(part) = transaction.starts.iter().position(|start| *start == piece) {
                begin(part);
            }
        };
        // What comes after statements begins with a message, so that it is told only when they are done.
        let after_statements =
            transaction.starts.iter().skip(1).zip(parts).filter(|(_, part)| !part.statements.is_empty());
        let mut sent = Ok(());
        let mut from = 0;
        for to in after_statements.map(|(start, _)| *start).chain([pieces.len()]) {
            sent = self.wire.send(&pieces[from..to], &mut |piece| before(from + piece)).map_err(|mut rejected| {
                rejected.piece = rejected.piece.map(|piece| piece + from);
                rejected
            });
            if sent.is_err() {
                break;
            }
            from = to;
        }
        sent.map_err(|rejected| {
            if rejected.piece.is_some() {
                // Whatever it answers, the transaction is over: the server has given it up already.
                let end = if self.wire.is_the_apps() { "ROLLBACK" } else { "ROLLBACK; RESET ALL" };
                let _ = self.wire.query(end, "roll back");
            }
            transaction.failure(rejected, settings, &self.wire.name(), &table)
        })
    }

    /// Refuses a client on which the app has begun a transaction: our COMMIT would end it.
    pub(crate) fn check_outside(&mut self) -> Result<()> {
        if !self.wire.is_the_apps() {
            return Ok(());
        }
        let question = "SELECT pg_catalog.transaction_timestamp() <> pg_catalog.statement_timestamp()";
        let rows = self.wire.query(question, "ask whether a transaction is open")?;
        if rows.first().is_some_and(|row| row[0].as_deref() == Some("t")) {
            return Err(Error::refused(Refusal::Other(
                "the connection is in a transaction; migrate begins its own".to_owned(),
            ))
            .hint("commit or roll back before"));
        }
        Ok(())
    }

    fn check_lock(&self) -> Result<()> {
        if self.lock_key.is_some() && self.wire.lock_is_lost() {
            return Err(Error::refused(Refusal::LockLost).hint("run the same command again"));
        }
        Ok(())
    }
}

fn code_of(error: &Error) -> &str {
    match error.kind() {
        ErrorKind::Database(database) => database.code.as_deref().unwrap_or_default(),
        _ => "",
    }
}

impl Backend for Session<'_> {
    fn dialect(&self) -> &'static str {
        POSTGRES.name
    }

    fn lock(&mut self, settings: &Settings, observe: &mut dyn FnMut(Event)) -> Result<()> {
        self.check_outside()?;
        let server = self.server(settings)?;
        self.take_lock(settings, &server, observe)
    }

    fn unlock(&mut self) -> Result<()> {
        self.release_lock()
    }

    fn applied(&mut self, settings: &Settings) -> Result<Applied> {
        let table = self.table(settings)?;
        let action = "read the version table";
        let exists = format!("SELECT pg_catalog.to_regclass({}) IS NULL", table.literal(table.qualified()));
        let missing = self.wire.query(&exists, action)?;
        if missing.first().is_some_and(|row| row[0].as_deref() == Some("t")) {
            return Ok(Applied::default());
        }
        let rows = self.wire.query(&table.select(), action).map_err(|error| match code_of(&error) {
            "SQLSTATE 42703" => error.hint(table::FOREIGN),
            _ => error,
        })?;
        let rows: Result<Vec<_>, String> = rows.iter().map(|row| table::read_row(row)).collect();
        rows.map(Applied::new).map_err(|message| Error::database(action, message).hint(table::NEWER))
    }

    fn create_table(&mut self, settings: &Settings) -> Result<()> {
        let table = self.table(settings)?;
        let exists = format!("SELECT pg_catalog.to_regclass({}) IS NOT NULL", table.literal(table.qualified()));
        let rows = self.wire.query(&exists, "look for the version table")?;
        let exists = rows.first().is_some_and(|row| row[0].as_deref() == Some("t"));
        self.create = if exists { Create::Nothing } else { Create::Table };
        Ok(())
    }

    fn transact(
        &mut self,
        settings: &Settings,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Result<(), Failure> {
        self.check_lock()?;
        let owner = self.owner()?;
        let outcome = self.run_transaction(settings, parts, begin, &owner);
        if outcome.is_ok() {
            self.create = Create::Nothing;
        }
        self.restore(&owner)?;
        outcome
    }

    fn outside(&mut self, settings: &Settings, part: &Part<'_>) -> Result<(), Failure> {
        self.check_lock()?;
        let server = self.server(settings)?;
        let owner = self.owner()?;
        let outcome = self.run_outside(settings, &server, part);
        self.restore(&owner)?;
        outcome
    }
}
