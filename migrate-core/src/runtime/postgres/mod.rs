//! PostgreSQL, over tokio-postgres on a runtime of our own, or over the app's `postgres::Client`.

mod connect;
mod conninfo;
mod lock;
mod outside;
mod session;
mod shell;
#[cfg(feature = "postgres-tls")]
mod tls;
#[cfg(not(feature = "postgres-tls"))]
#[path = "tls/absent.rs"]
mod tls;
mod transaction;
mod wire;

pub use connect::probe;
use conninfo::Conninfo;
pub use session::{Session, connect, without_secrets, wrap};
pub use shell::Psql;

use super::table::Words;
use crate::sql::POSTGRES;

/// PostgreSQL's words in the version table's SQL.
const WORDS: Words = Words {
    syntax: &POSTGRES,
    instant: "timestamptz",
    long: "bigint",
    now: "pg_catalog.clock_timestamp()",
    applied_at: "pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"')",
    elapsed: "CAST(1000 * EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp()) AS bigint)",
};

/// What matters of a server.
#[derive(Clone, Debug)]
struct Server {
    /// As `server_version_num`: 150018.
    version: u32,
    /// Whether it can notice, while a statement runs, that the client is gone.
    notices_lost_clients: bool,
    /// The schema of the version table.
    schema: String,
}
