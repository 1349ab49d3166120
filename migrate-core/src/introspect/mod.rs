//! A live database to a schema: what it has, as the model says it.
//!
//! Each database is read by few queries that return whole sets, in one transaction that only reads. What belongs to
//! the server, to an extension or to nobody that the [`Filter`] names is left out.

mod filter;
#[cfg(feature = "postgres")]
pub mod postgres;
// Its reader is the fold's: what is stored are statements.
#[cfg(feature = "sqlite")]
pub mod sqlite;

pub use filter::Filter;
