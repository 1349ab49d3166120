//! Schema migrations as plain SQL files in a revision graph.

pub mod diagnostic;
pub mod error;
pub mod plan;
pub mod revision;
pub mod runtime;
pub mod sql;
pub mod suggest;

pub use diagnostic::{Diagnostic, Location};
pub use error::{Error, ErrorKind, Result};
