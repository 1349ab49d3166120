//! Files of DDL that are folded and never run.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::revision::plain;
use crate::revision::section::Statement;
use crate::sql::Syntax;

/// A file of DDL: what others own, or a schema to compare with.
#[derive(Clone, Debug)]
pub struct Ddl {
    /// Its path, as the user would type it.
    pub(super) file: String,
    /// Its text.
    pub(super) text: String,
}

impl Ddl {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Error::file(file.as_str(), "read", &error))?;
        Ok(Self { file, text })
    }

    /// Returns a text that stands in no file, under a name for messages.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { file: name.into(), text: text.into() }
    }

    pub(super) fn statements(&self, syntax: &'static Syntax) -> Result<Vec<Statement>, Vec<Diagnostic>> {
        plain::statements(&self.text, &self.file, syntax)
    }
}
