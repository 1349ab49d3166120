//! The error of every operation: opaque, with a kind that carries the data which a hint needs.

mod display;

use std::time::Duration;

use crate::diagnostic::{Diagnostic, Location};

/// The result of the operations of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
///
/// # Design
///
/// The type is opaque so that it can grow; [`Error::kind`] tells the cases apart and holds their data, and
/// [`Error::hints`] are the next steps, most of them commands to run. No part of it ever contains a password.
#[derive(Debug)]
pub struct Error {
    kind: Box<ErrorKind>,
    hints: Vec<String>,
}

/// The cases of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The user's files are wrong; everything that was found, in the order of the files.
    Sources(Vec<Diagnostic>),
    /// An argument or a setting is wrong, said in one sentence.
    Usage(String),
    /// A target names no revision, or not just one.
    Target(TargetError),
    /// The operation was refused before it changed anything.
    Refused(Refusal),
    /// A statement of a revision failed; its transaction was rolled back.
    Statement(Box<StatementError>),
    /// The database failed outside a revision's statements.
    Database(Box<DatabaseError>),
    /// A file could not be read or written.
    File {
        /// The file.
        path: String,
        /// What was attempted: `read`, `write`, `create`.
        action: &'static str,
        /// The system's own message.
        message: String,
    },
}

/// Who has to act on an error; the command line makes its exit code from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The call is wrong (exit code 2).
    Usage,
    /// The project is wrong: configuration, files, graph, SQL, a target that cannot be resolved (exit code 3).
    Project,
    /// The database failed, or the operation was refused for what it contains (exit code 4).
    Database,
}

/// A target that cannot be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The text is no target.
    Syntax {
        /// The target as given.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No revision and no branch label has this name.
    UnknownRevision {
        /// The name as given.
        given: String,
        /// Names that are close to it.
        candidates: Vec<String>,
    },
    /// Several ids begin with the given text.
    AmbiguousPrefix {
        /// The prefix as given.
        given: String,
        /// Every id that begins so.
        matches: Vec<String>,
    },
    /// `head` was given and there are several.
    MultipleHeads {
        /// The target as given.
        given: String,
        /// The heads.
        heads: Vec<String>,
    },
    /// The revision exists, but not on the branch that was named.
    NotOnBranch {
        /// The revision.
        revision: String,
        /// The branch.
        branch: String,
    },
    /// A relative target leaves the graph.
    TooFar {
        /// The target as given.
        given: String,
        /// How many steps there are.
        possible: usize,
    },
    /// A relative target meets a branch point or a merge point.
    AmbiguousWalk {
        /// The target as given.
        given: String,
        /// Where it could go.
        choices: Vec<String>,
    },
    /// A target that makes no sense for this command, with the reason.
    Unsuitable {
        /// The target as given.
        given: String,
        /// Why.
        reason: String,
    },
}

/// Why an operation was refused, although nothing failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// An applied revision's upgrade section is not the one that ran.
    Edited {
        /// Each revision that was edited.
        revisions: Vec<Edited>,
    },
    /// The database has revisions that no file here has.
    UnknownApplied {
        /// Their ids, with message and time where the version table knows them.
        revisions: Vec<String>,
    },
    /// A revision stands in the middle, and the command goes the other way or past it.
    Partial {
        /// The revision.
        revision: String,
        /// `upgrading` or `downgrading`.
        state: String,
        /// Statements done.
        done: u64,
        /// Statements in all.
        total: u64,
        /// Why it cannot go on.
        reason: String,
    },
    /// The revision has no way back.
    Irreversible {
        /// The revision.
        revision: String,
        /// The reason that its author gave.
        reason: String,
        /// The directive.
        location: Location,
    },
    /// Another migrator, or another user of the database, held its lock for too long.
    Locked {
        /// How long this one waited, in words.
        waited: String,
        /// Who held it, where the database tells.
        holder: Option<String>,
    },
    /// The connection that held the migrators' lock is gone.
    LockLost,
    /// The database is not where the program needs it.
    NotAtHead {
        /// The revisions that are missing, oldest first.
        pending: Vec<String>,
        /// The revisions that this program does not know.
        unknown: Vec<String>,
    },
    /// Anything else, in one sentence.
    Other(String),
}

/// An applied revision whose file was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The revision.
    pub revision: String,
    /// Its file.
    pub file: String,
    /// The checksum in the version table.
    pub recorded: String,
    /// The checksum of the file.
    pub found: String,
}

/// What the database said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseError {
    /// What was being done: `connect to postgresql://app@db/dpo`, `read the version table`.
    pub action: String,
    /// The database's own message.
    pub message: String,
    /// PostgreSQL's SQLSTATE, SQLite's extended result code.
    pub code: Option<String>,
    /// The database's own detail.
    pub detail: Option<String>,
    /// The database's own hint.
    pub hint: Option<String>,
}

/// A statement of a revision that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementError {
    /// The revision.
    pub revision: String,
    /// `upgrade` or `downgrade`.
    pub direction: &'static str,
    /// The character that the database named, else the beginning of the statement.
    pub location: Location,
    /// How many characters of the statement to underline from there, at least 1.
    pub length: u32,
    /// The first line of the statement; empty where the transaction's end failed.
    pub statement: String,
    /// What the database said.
    pub database: DatabaseError,
    /// The revisions that this run had finished before, oldest first.
    pub finished: Vec<String>,
    /// What is left of this revision: statements done and in all, where it is not rolled back as a whole.
    pub partial: Option<(u64, u64)>,
}

impl Error {
    /// Returns an error of the given kind.
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind: Box::new(kind), hints: Vec::new() }
    }

    /// Returns an error about the user's files.
    pub fn sources(diagnostics: Vec<Diagnostic>) -> Self {
        Self::new(ErrorKind::Sources(diagnostics))
    }

    /// Returns an error about an argument or a setting.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage(message.into()))
    }

    /// Returns a refusal.
    pub fn refused(refusal: Refusal) -> Self {
        Self::new(ErrorKind::Refused(refusal))
    }

    /// Returns the refusal of a migrator that has waited this long for another one.
    pub fn locked(wait: Duration, holder: Option<String>) -> Self {
        let waited = if wait.subsec_millis() == 0 {
            format!("{} s", wait.as_secs())
        } else {
            format!("{} ms", wait.as_millis())
        };
        Self::refused(Refusal::Locked { waited, holder })
            .hint("`lock_wait` in migrate.toml, or --timeout, says how long to wait")
    }

    /// Returns an error of the database.
    pub fn database(action: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Database(Box::new(DatabaseError {
            action: action.into(),
            message: message.into(),
            ..DatabaseError::default()
        })))
    }

    /// Returns an error about a file.
    pub fn file(path: impl Into<String>, action: &'static str, error: &std::io::Error) -> Self {
        Self::new(ErrorKind::File { path: path.into(), action, message: error.to_string() })
    }

    /// Adds a hint: a command to run, or an edit to make.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the case and its data.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Returns the case and its data, as its own.
    pub fn into_kind(self) -> ErrorKind {
        *self.kind
    }

    /// Returns the next steps, the most likely first.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Returns who has to act.
    pub fn class(&self) -> Class {
        match *self.kind {
            ErrorKind::Usage(_) => Class::Usage,
            ErrorKind::Sources(_) | ErrorKind::Target(_) | ErrorKind::File { .. } => Class::Project,
            ErrorKind::Refused(_) | ErrorKind::Statement(_) | ErrorKind::Database(_) => Class::Database,
        }
    }
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Self {
        let hint = error.hint();
        let error = Self::new(ErrorKind::Target(error));
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::new(ErrorKind::Database(Box::new(error)))
    }
}

impl std::error::Error for Error {}

impl TargetError {
    /// Returns what helps, where the message does not say it already.
    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownRevision { candidates, .. } if candidates.is_empty() => {
                Some("`migrate-cli history` lists the revisions".to_owned())
            }
            Self::AmbiguousPrefix { .. } => Some("write more of the id".to_owned()),
            Self::MultipleHeads { heads, .. } => {
                let one = heads.first().map_or("ID", String::as_str);
                Some(format!("name one, as in `{one}` or `LABEL@head`, or `heads` for all of them"))
            }
            Self::AmbiguousWalk { given, choices } => {
                let one = choices.first().map_or("ID", String::as_str);
                Some(if given.starts_with(['+', '-']) {
                    format!("name the branch, as in `{one}@{given}`, or the revision to go to")
                } else {
                    format!("name the revision to go to, as in `{one}`")
                })
            }
            _ => None,
        }
    }
}

/// Joins ids; of many, names the first ones and the last.
///
/// ```
/// let ids: Vec<String> = (0..9).map(|n| n.to_string()).collect();
/// assert_eq!(migrate_core::error::few(&ids), "0, 1, 2, … 8 (9 revisions)");
/// ```
pub fn few(ids: &[String]) -> String {
    match ids {
        [a, b, c, _, _, _, .., last] => format!("{a}, {b}, {c}, … {last} ({} revisions)", ids.len()),
        _ => ids.join(", "),
    }
}
