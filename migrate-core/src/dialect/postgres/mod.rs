//! PostgreSQL: its words, names, types and sequences.
//!
//! What the server would make of a statement without asking it: the names that it makes up, the text of a type, the
//! values of a sequence. The expected results of the tests were taken from servers of the versions 15 to 18.

pub mod expression;
pub mod keywords;
pub mod names;
pub mod sequences;
pub mod types;
