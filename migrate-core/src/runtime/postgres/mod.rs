//! PostgreSQL.

mod connect;
mod conninfo;
#[cfg(feature = "postgres-tls")]
mod tls;
#[cfg(not(feature = "postgres-tls"))]
#[path = "tls/absent.rs"]
mod tls;

pub use connect::probe;
