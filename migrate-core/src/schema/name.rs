//! Names of objects.

use std::fmt;

/// The name of an object with its namespace, both as the server stores them: folded, without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The namespace; empty in SQLite.
    pub schema: String,
    /// The name in it.
    pub name: String,
}

impl ObjectName {
    /// Returns a name in a namespace.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

impl fmt::Display for ObjectName {
    /// Writes the name for messages, without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema.is_empty() { f.write_str(&self.name) } else { write!(f, "{}.{}", self.schema, self.name) }
    }
}
