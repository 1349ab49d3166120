//! What a run tells while it goes on.

use std::fmt;
use std::time::Duration;

use crate::plan::Direction;

/// Something that a run tells; `Display` is the line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The run is planned.
    Planned {
        /// How many revisions it runs.
        steps: usize,
    },
    /// The run waits for somebody else.
    Waiting {
        /// Who holds the lock, where the database tells.
        holder: Option<String>,
    },
    /// A revision begins.
    Begin {
        /// Its way.
        direction: Direction,
        /// The revision.
        revision: String,
        /// The revisions that it revises.
        revises: Vec<String>,
        /// The first line of its message.
        message: String,
        /// The statements that an earlier run has done and all of them, where it is resumed.
        resume: Option<(usize, usize)>,
    },
    /// A revision is done.
    End {
        /// The revision.
        revision: String,
        /// How long it took.
        took: Duration,
    },
    /// Something to know that changes nothing.
    Note(String),
}

impl fmt::Display for Event {
    /// Writes Alembic's own line where Alembic has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Planned { steps: 1 } => f.write_str("1 revision to run"),
            Self::Planned { steps } => write!(f, "{steps} revisions to run"),
            Self::Waiting { holder: Some(holder) } => write!(f, "Waiting for another migrator: {holder}"),
            Self::Waiting { holder: None } => {
                f.write_str("Waiting for the database: another connection holds its lock")
            }
            Self::Begin { direction, revision, revises, message, resume } => {
                let below = revises.join(", ");
                match direction {
                    Direction::Upgrade => write!(f, "Running upgrade {below} -> {revision}, {message}")?,
                    Direction::Downgrade => write!(f, "Running downgrade {revision} -> {below}, {message}")?,
                }
                match resume {
                    Some((done, total)) => write!(f, " (resumed after statement {done} of {total})"),
                    None => Ok(()),
                }
            }
            Self::End { revision, took } => write!(f, "Finished {revision} in {} ms", took.as_millis()),
            Self::Note(text) => f.write_str(text),
        }
    }
}
