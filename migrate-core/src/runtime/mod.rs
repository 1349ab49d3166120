//! Applies plans: history × backend → a changed database and a report.
//!
//! [`Migrator`] decides what runs when and what the version table says of it; a [`Backend`] moves the text to one
//! database. Neither knows what a statement means: no schema is ever seen here.

mod backend;
mod embedded;
mod event;
mod migrator;
pub mod offline;
#[cfg(feature = "postgres")]
pub mod postgres;
mod settings;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod step;
pub mod table;

pub use backend::{Backend, Expect, Failure, Item, Part, Record};
pub use embedded::{Embedded, EmbeddedRevision, EmbeddedScript, EmbeddedStatement};
pub use event::Event;
pub use migrator::{Migrator, Options, Report, Status};
pub use settings::{Settings, TransactionMode};
