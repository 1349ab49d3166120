//! The seam to a database: what a driver must do for a plan to run over it.

use super::{Event, Settings};
use crate::error::{DatabaseError, Error, Result};
use crate::plan::{Applied, State};
use crate::sql::Run;

/// A database that plans run on.
///
/// An app can implement it over a driver of its own; [`table`](super::table) has the SQL of the version table.
pub trait Backend {
    /// Returns the dialect's name: which sections of the revision files this database runs.
    fn dialect(&self) -> &'static str;

    /// Keeps other migrators out until [`unlock`](Backend::unlock), waiting for one that is at work.
    ///
    /// # Errors
    ///
    /// The database fails, or `lock_wait` is over.
    fn lock(&mut self, settings: &Settings, observe: &mut dyn FnMut(Event)) -> Result<()>;

    /// Lets the next migrator in.
    ///
    /// # Errors
    ///
    /// The database fails.
    fn unlock(&mut self) -> Result<()>;

    /// Reads the version table; no table means no row.
    ///
    /// # Errors
    ///
    /// The database fails, or the table is not ours.
    fn applied(&mut self, settings: &Settings) -> Result<Applied>;

    /// Sees to it that the version table is there when the next transaction checks what its parts expect. It may create
    /// the table in that transaction, so that one that fails leaves none behind.
    ///
    /// # Errors
    ///
    /// The database fails.
    fn create_table(&mut self, settings: &Settings) -> Result<()>;

    /// Runs parts in one transaction, in order: each checks what it expects, runs its statements, writes its record.
    ///
    /// `begin` is called with the number of each part before its statements run. When this returns an error nothing of
    /// any part has happened, and what statements changed of the session is put back either way.
    ///
    /// # Errors
    ///
    /// See [`Failure`].
    fn transact(
        &mut self,
        settings: &Settings,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Result<(), Failure>;

    /// Runs the one [`Run::Outside`] statement of a part outside a transaction, unless the database shows that an
    /// earlier run has done it. Neither checks what the part expects nor writes its record.
    ///
    /// # Errors
    ///
    /// See [`Failure`]; what the statement did before it failed stays.
    fn outside(&mut self, settings: &Settings, part: &Part<'_>) -> Result<(), Failure>;
}

/// A piece of a revision that runs in one transaction.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// The revision.
    pub revision: &'a str,
    /// What the version table must say of it before anything runs.
    pub expect: Expect,
    /// Earlier statements of the revision whose settings must hold now.
    pub session: Vec<Item<'a>>,
    /// The statements.
    pub statements: Vec<Item<'a>>,
    /// What the version table says afterwards.
    pub record: Record,
}

/// A statement of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Its number in the revision's script.
    pub index: usize,
    /// Its text, without the `;`.
    pub sql: &'a str,
    /// How it runs.
    pub run: Run,
}

/// What the version table must say of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It has no row.
    Absent,
    /// It has a row in this state.
    Row {
        /// The state.
        state: State,
        /// The statements done, unless the state alone matters.
        done: Option<usize>,
    },
}

/// What becomes of a revision's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// It stays as it is.
    Keep,
    /// It is written: inserted if it was expected to be absent, else updated.
    Write(super::table::NewRow),
    /// It is deleted.
    Delete,
}

/// Why a part did not run.
#[derive(Debug)]
pub enum Failure {
    /// The version table does not say what the part expects: another migrator was here.
    Stale,
    /// A statement failed.
    Statement {
        /// The number of the part.
        part: usize,
        /// The statement's number in the script; `None` where the transaction's end failed.
        index: Option<usize>,
        /// The character of the statement that the database named, from 0.
        character: Option<usize>,
        /// What the database said.
        error: Box<DatabaseError>,
    },
    /// Anything else.
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}
