//! What people read of an error: one line for each thing that is wrong.

use std::fmt;

use super::{DatabaseError, Error, ErrorKind, Refusal, StatementError, TargetError, few};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            ErrorKind::Sources(diagnostics) => {
                for (n, diagnostic) in diagnostics.iter().enumerate() {
                    if n > 0 {
                        f.write_str("\n")?;
                    }
                    write!(f, "{diagnostic}")?;
                }
                Ok(())
            }
            ErrorKind::Usage(message) => f.write_str(message),
            ErrorKind::Target(error) => write!(f, "{error}"),
            ErrorKind::Refused(refusal) => write!(f, "{refusal}"),
            ErrorKind::Statement(error) => write!(f, "{error}"),
            ErrorKind::Database(error) => write!(f, "{error}"),
            ErrorKind::File { path, action, message } => write!(f, "cannot {action} {path}: {message}"),
        }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { given, reason } => write!(f, "`{given}` is no target: {reason}"),
            Self::UnknownRevision { given, candidates } => {
                write!(f, "no revision or branch label is called `{given}`")?;
                if let [candidate] = candidates.as_slice() {
                    write!(f, "; did you mean `{candidate}`?")?;
                } else if !candidates.is_empty() {
                    write!(f, "; did you mean one of {}?", candidates.join(", "))?;
                }
                Ok(())
            }
            Self::AmbiguousPrefix { given, matches } => {
                write!(f, "several revisions begin with `{given}`: {}", matches.join(", "))
            }
            Self::MultipleHeads { given, heads } => {
                write!(f, "`{given}` names one head and there are several: {}", heads.join(", "))
            }
            Self::NotOnBranch { revision, branch } => {
                write!(f, "revision {revision} is not on the branch `{branch}`")
            }
            Self::TooFar { given, possible } => {
                write!(
                    f,
                    "`{given}` goes too far: there {} in that direction",
                    match possible {
                        0 => "is nothing".to_owned(),
                        1 => "is 1 step".to_owned(),
                        n => format!("are {n} steps"),
                    }
                )
            }
            Self::AmbiguousWalk { given, choices } => {
                write!(f, "`{given}` could lead to each of {}", choices.join(", "))
            }
            Self::Unsuitable { given, reason } => write!(f, "`{given}` cannot be used here: {reason}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { revisions } => {
                for (n, edited) in revisions.iter().enumerate() {
                    if n > 0 {
                        f.write_str("\n")?;
                    }
                    write!(
                        f,
                        "{}: revision {} was changed after it had been applied (applied as {}, the file is {})",
                        edited.file,
                        edited.revision,
                        short(&edited.recorded),
                        short(&edited.found),
                    )?;
                }
                Ok(())
            }
            Self::UnknownApplied { revisions } => {
                write!(f, "the database has revisions that no file here has: {}", revisions.join(", "))
            }
            Self::Partial { revision, state, done, total, reason } => {
                write!(f, "revision {revision} is {state} (partial {done}/{total}): {reason}")
            }
            Self::Irreversible { revision, reason, location } => {
                write!(f, "{location}: revision {revision} is irreversible")?;
                if !reason.is_empty() {
                    write!(f, ": {reason}")?;
                }
                Ok(())
            }
            Self::Locked { waited, holder } => {
                write!(f, "the database is locked by another migrator; waited {waited}")?;
                if let Some(holder) = holder {
                    write!(f, " for {holder}")?;
                }
                Ok(())
            }
            Self::LockLost => f.write_str(
                "the connection that holds the migrators' lock was closed; stopped before the next revision",
            ),
            Self::NotAtHead { pending, unknown } => {
                if !pending.is_empty() {
                    write!(f, "the database is not at head: {} missing", few(pending))?;
                }
                if !unknown.is_empty() {
                    if !pending.is_empty() {
                        f.write_str("; ")?;
                    }
                    write!(f, "the database has revisions that this program does not know: {}", unknown.join(", "))?;
                }
                Ok(())
            }
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.action.is_empty() {
            write!(f, "cannot {}: ", self.action)?;
        }
        f.write_str(&self.message)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, "; {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {} failed: {}", self.location, self.direction, self.revision, self.database)
    }
}

/// Returns the beginning of a checksum, enough to tell two apart by eye.
fn short(checksum: &str) -> &str {
    checksum.get(..14).unwrap_or(checksum)
}
