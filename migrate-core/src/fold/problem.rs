//! Why a statement cannot be folded.

use std::fmt;
use std::ops::Range;

/// A statement that cannot be read, or that the server would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule's name: `sql-syntax`, `sql-unsupported`, or one of the refusals such as `unknown-table`.
    pub code: &'static str,
    /// What is wrong, in the server's words where it has some.
    pub message: String,
    /// What helps.
    pub help: Option<String>,
    /// The bytes of the statement that it is about.
    pub at: Range<usize>,
}

impl Problem {
    /// Returns a problem at some bytes of the statement.
    pub fn new(code: &'static str, at: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, at }
    }

    /// Adds what helps.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}
