//! Schema migrations as plain SQL files in a revision graph.

pub mod diagnostic;
pub mod error;
pub mod runtime;

pub use diagnostic::{Diagnostic, Location};
pub use error::{Error, ErrorKind, Result};
