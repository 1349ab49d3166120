//! Located messages about the user's own sources: revision files, migrate.toml, entities.

use std::fmt;

/// A place in a file of the user's.
///
/// Lines and columns count from 1, columns in characters (not bytes), as editors show them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as the user would type it from the working folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Location {
    /// Returns the location of a character in a file.
    pub fn new(file: impl Into<String>, line: u32, column: u32) -> Self {
        Self { file: file.into(), line, column }
    }

    /// Returns the beginning of a file, for what concerns it as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self::new(file, 1, 1)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One thing that is wrong in the user's sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name of the rule, for tests and for tools that read `--json`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a final period.
    pub message: String,
    /// What helps: a command or an edit.
    pub help: Option<String>,
    /// Where; `None` only for what no file contains.
    pub location: Option<Location>,
    /// How many characters to underline, at least 1.
    pub length: u32,
}

impl Diagnostic {
    /// Returns a diagnostic at a location.
    pub fn new(code: &'static str, location: Location, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, location: Some(location), length: 1 }
    }

    /// Adds what helps.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets how many characters to underline.
    #[must_use]
    pub fn length(mut self, characters: usize) -> Self {
        self.length = u32::try_from(characters.max(1)).unwrap_or(u32::MAX);
        self
    }
}

impl fmt::Display for Diagnostic {
    /// Writes `file:line:column: message (help)`, the form that editors and cargo understand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}
