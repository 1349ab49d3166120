//! What differs between the databases: their types, names and expressions, one folder each.
//!
//! The folds and the differ come here with what a migration wrote and with what a server says; nothing here reads a
//! file or a database.

pub mod postgres;
pub mod sqlite;

/// Whether two texts of SQL mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Equal,
    /// They do not, and why.
    Different(String),
    /// It cannot be told from the texts, and why; the texts themselves differ.
    Skip(String),
}
