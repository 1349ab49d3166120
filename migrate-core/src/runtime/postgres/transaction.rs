//! One transaction of PostgreSQL as a list of statements: BEGIN, the session's settings, each part, COMMIT.
//!
//! 1. `BEGIN`, and what holds for this transaction alone (`SET LOCAL`): search_path, and that the server notices when
//!    the migrator is gone.
//! 2. The guard of each part: the row of a revision that must have none is inserted at once, so that a second migrator
//!    waits for the first and then finds it; a row that must be there is locked and counted, and a count that is not
//!    one fails as a division by zero.
//! 3. The statements, under `lock_timeout`.
//! 4. The row as it is to be, after the role is the migrator's again; `COMMIT`; `RESET ALL`.

use std::borrow::Cow;
use std::time::Duration;

use super::Server;
use crate::error::Error;
use crate::runtime::table::Table;
use crate::runtime::{Expect, Failure, Part, Record, Settings};
use crate::sql::{Run, name};

use super::wire::Rejected;

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Ours; it does not fail.
    Frame,
    /// Creates the version table.
    Create,
    /// Checks what a part expects.
    Guard,
    /// A statement of a part.
    Statement { part: usize, index: usize },
    /// Writes the version table.
    Record,
    /// Ends the transaction, when deferred constraints are checked.
    Commit,
}

/// Whether a transaction makes the version table first: then a first revision that fails leaves none behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Create {
    /// It does.
    Table,
    /// The table is there.
    Nothing,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Ours: everything that a revision sets is put back.
    Migrator,
    /// The app's, with the settings that it had: these are put back, the others left alone.
    App(Vec<(&'static str, String)>),
}

impl Owner {
    /// Returns the statement after which the role is the one before the revision.
    fn set_role(&self) -> String {
        match self {
            Self::App(had) => match had.iter().find(|(setting, _)| *setting == "role") {
                Some((_, role)) if role != "none" => format!("SET ROLE {}", name(role)),
                _ => "RESET ROLE".to_owned(),
            },
            Self::Migrator => "RESET ROLE".to_owned(),
        }
    }
}

/// The statements of a transaction.
pub(super) struct Transaction<'a> {
    pub(super) pieces: Vec<(Role, Cow<'a, str>)>,
    /// The first statement of each part.
    pub(super) starts: Vec<usize>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(
        server: &Server,
        settings: &Settings,
        table: &Table,
        parts: &'a [Part<'a>],
        session: &Owner,
        create: Create,
    ) -> Self {
        let mut transaction = Self { pieces: Vec::new(), starts: Vec::new() };
        transaction.frame("BEGIN ISOLATION LEVEL READ COMMITTED".to_owned());
        for setting in starting_settings(server, settings, "SET LOCAL") {
            transaction.frame(setting);
        }
        let wait = format!("SET LOCAL lock_timeout = {}", milliseconds(settings.lock_wait).max(1));
        let timeout = format!("SET LOCAL lock_timeout = {}", milliseconds(settings.lock_timeout));
        for (n, part) in parts.iter().enumerate() {
            transaction.starts.push(transaction.pieces.len());
            if n > 0 && !parts[n - 1].statements.is_empty() {
                transaction.start_again(server, settings, session);
            }
            transaction.frame(wait.clone());
            if n == 0 && create == Create::Table {
                transaction.pieces.push((Role::Create, Cow::Owned(table.create())));
            }
            transaction.pieces.push((Role::Guard, Cow::Owned(guard(table, part))));
            transaction.frame(timeout.clone());
            transaction.part(table, n, part, session);
        }
        transaction.pieces.push((Role::Commit, Cow::Borrowed("COMMIT")));
        if *session == Owner::Migrator {
            transaction.frame("RESET ALL".to_owned());
        }
        transaction
    }

    fn frame(&mut self, sql: String) {
        self.pieces.push((Role::Frame, Cow::Owned(sql)));
    }

    /// Lets a revision start as the first one of the transaction did, whatever the one before it has set.
    fn start_again(&mut self, server: &Server, settings: &Settings, session: &Owner) {
        if *session == Owner::Migrator {
            self.frame("RESET ALL".to_owned());
        }
        for setting in starting_settings(server, settings, "SET LOCAL") {
            self.frame(setting);
        }
    }

    fn part(&mut self, table: &Table, n: usize, part: &'a Part<'a>, session: &Owner) {
        let items = || part.session.iter().chain(&part.statements);
        for item in items() {
            self.pieces.push((Role::Statement { part: n, index: item.index }, Cow::Borrowed(item.sql)));
        }
        // A revision may have become another role, which need not own the version table. It may also have done so inside
        // of a body, and `RESET ALL` leaves the role alone; an app's own role is put back when all is over.
        let is_ours = *session == Owner::Migrator && items().next().is_some();
        if is_ours || items().any(|item| item.run == Run::Setting) {
            self.frame("SET SESSION AUTHORIZATION DEFAULT".to_owned());
            self.frame(session.set_role());
        }
        let record = match &part.record {
            Record::Keep => return,
            Record::Delete => table.delete(part.revision),
            Record::Write(row) if part.expect == Expect::Absent => table.set_duration(row),
            Record::Write(row) => table.update(row),
        };
        self.pieces.push((Role::Record, Cow::Owned(record)));
    }

    fn is_committed(&self, piece: Option<usize>) -> bool {
        let commit = self.pieces.iter().position(|(role, _)| *role == Role::Commit);
        piece > commit
    }

    /// Says what the failure of a statement means.
    pub(super) fn failure(&self, rejected: Rejected, settings: &Settings, database: &str, table: &Table) -> Failure {
        let Rejected { piece, character, error } = rejected;
        let code = error.code.clone().unwrap_or_default();
        let role = piece.map(|piece| self.pieces[piece].0);
        let other = |action: String| Failure::Other(crate::error::DatabaseError { action, ..(*error).clone() }.into());
        match role {
            None => other(format!("go on, the connection to {database} broke")),
            Some(Role::Statement { part, index }) => Failure::Statement { part, index: Some(index), character, error },
            Some(Role::Commit) => {
                let part = self.starts.len().saturating_sub(1);
                Failure::Statement { part, index: None, character: None, error }
            }
            // IF NOT EXISTS looks before it creates: the server process of a migrator that was killed may come between.
            Some(Role::Create) if code.ends_with("23505") || code.ends_with("42P07") => Failure::Stale,
            Some(Role::Create) => Failure::Other(create_failed(*error, table)),
            // The row was there already, or was not as expected.
            Some(Role::Guard) if code.ends_with("23505") || code.ends_with("22012") => Failure::Stale,
            // The server process of a migrator that was killed may still be at it.
            Some(Role::Guard) if code.ends_with("55P03") => Failure::Other(Error::locked(settings.lock_wait, None)),
            Some(Role::Guard | Role::Record) => other("write the version table".to_owned()),
            Some(Role::Frame) if self.is_committed(piece) => other("put the session's settings back".to_owned()),
            Some(Role::Frame) => other("begin a transaction".to_owned()),
        }
    }
}

/// Returns a time as the server's settings take it, zero for ever.
fn milliseconds(time: Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX)
}

/// Says what helps where the version table cannot be made.
fn create_failed(error: crate::error::DatabaseError, table: &Table) -> Error {
    let schema = table.qualified().rsplit_once('.').map_or("", |(schema, _)| schema).to_owned();
    let hint = match error.code.as_deref() {
        Some("SQLSTATE 3F000") => Some(format!(
            "create the schema before: CREATE SCHEMA {schema}; the version table cannot be in one that a revision creates"
        )),
        Some("SQLSTATE 42501") => Some(format!(
            "grant CREATE on the schema {schema}, or name another with `version_table_schema` in migrate.toml"
        )),
        _ => None,
    };
    let action = format!("create the version table {}", table.qualified());
    let error = Error::from(crate::error::DatabaseError { action, ..error });
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Returns the settings with which every revision starts, by `SET` or `SET LOCAL`.
pub(super) fn starting_settings(server: &Server, settings: &Settings, set: &str) -> Vec<String> {
    let path: Vec<String> = settings.search_path.iter().map(|schema| name(schema)).collect();
    let path = if path.is_empty() { "''".to_owned() } else { path.join(", ") };
    let mut list = vec![format!("{set} search_path = {path}")];
    if server.notices_lost_clients {
        list.push(format!("{set} client_connection_check_interval = 2000"));
    }
    list
}

fn guard(table: &Table, part: &Part<'_>) -> String {
    match (&part.record, part.expect) {
        (Record::Write(row), Expect::Absent) => table.insert(row),
        (_, Expect::Absent) => format!("SELECT 1 / ({})", table.count(part.revision, part.expect)),
        (_, expect) => {
            let rows = table.count(part.revision, expect).replacen("count(*)", "1", 1);
            format!("SELECT 1 / (SELECT count(*) FROM ({rows} FOR UPDATE) AS locked)")
        }
    }
}
