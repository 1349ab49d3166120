//! Schema migrations as plain SQL files in a revision graph, for PostgreSQL and SQLite.
//!
//! A project has a `migrate.toml` and a folder of revision files, plain SQL with a header. The crate reads them
//! ([`revision`]), plans the way from what a database has to a target ([`plan`]) and runs it ([`runtime`]). An app can
//! carry its revisions in itself: `build::embed()` in its build.rs, [`embed!`] in its code.
//!
//! | feature | brings |
//! | --- | --- |
//! | none | planning and running embedded revisions; no dependency |
//! | `files` | `migrate.toml`, the revision files, `build::embed()` |
//! | `author` | the schema that the revision files make, compared with others |
//! | `postgres`, `postgres-tls` | PostgreSQL, without and with TLS |
//! | `sqlite`, `sqlite-bundled` | SQLite: the library that the program links, or one compiled in |

#[cfg(feature = "author")]
pub mod author;
#[cfg(feature = "files")]
pub mod build;
#[cfg(feature = "files")]
pub mod config;
pub mod diagnostic;
#[cfg(feature = "fold")]
pub mod dialect;
#[cfg(feature = "fold")]
pub mod diff;
#[cfg(feature = "entity")]
pub mod entity;
pub mod error;
#[cfg(feature = "fold")]
pub mod fold;
#[cfg(feature = "fold")]
pub mod introspect;
pub mod meta;
#[cfg(feature = "fold")]
pub mod op;
pub mod plan;
#[cfg(feature = "fold")]
pub mod render;
pub mod revision;
pub mod runtime;
#[cfg(feature = "model")]
pub mod schema;
pub mod sql;
pub mod suggest;

pub use diagnostic::{Diagnostic, Location};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "postgres")]
pub use runtime::postgres;
#[cfg(feature = "sqlite")]
pub use runtime::sqlite;
pub use runtime::{Embedded, Event, Migrator, Settings, TransactionMode};

/// The types that generated code names.
#[doc(hidden)]
pub mod embedded {
    pub use crate::runtime::{EmbeddedRevision, EmbeddedScript, EmbeddedStatement};
}

/// Includes the revisions that `build::embed()` embedded, as `pub static MIGRATIONS`.
///
/// ```ignore
/// migrate_core::embed!();
///
/// fn main() -> Result<(), migrate_core::Error> {
///     let mut db = migrate_core::sqlite::connect("sqlite:///app.db")?;
///     MIGRATIONS.upgrade(&mut db, "head")?;
///     Ok(())
/// }
/// ```
#[macro_export]
macro_rules! embed {
    () => {
        /// The revisions of this program.
        pub static MIGRATIONS: $crate::Embedded = include!(concat!(env!("OUT_DIR"), "/migrate/embedded.rs"));
    };
}
