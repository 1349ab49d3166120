//! SQL text as tokens and statements with positions, for every dialect.
//!
//! Everything that reads SQL stands on this folder: the revision files, the checksums, the runtime. It knows how a
//! dialect quotes, comments and ends a statement, and a statement's leading words; it does not know what a
//! statement means.

mod lexer;
mod position;
mod split;
mod syntax;
mod words;
mod write;

pub use lexer::{LexError, Lexer, Token, TokenKind};
pub(crate) use position::advance;
pub use position::{Positions, Walk};
pub use split::Splitter;
#[cfg(any(feature = "postgres", feature = "fold"))]
pub(crate) use syntax::POSTGRES;
#[cfg(any(feature = "sqlite", feature = "fold"))]
pub(crate) use syntax::SQLITE;
pub use syntax::{Run, Syntax, Unrunnable};
pub use words::{Word, leading, significant};
pub use write::{literal, name};
