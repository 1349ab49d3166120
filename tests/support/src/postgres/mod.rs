//! PostgreSQL for tests: a cluster that is started from the installed binaries and shared by all test processes of a
//! checkout, fresh databases in it, and PgBouncer in front of it.
//!
//! A missing server or pooler panics with what to install; it never skips a test. What makes a cluster start once and
//! stop by itself is told in `throwaway.rs`.

mod bouncer;
mod cluster;
mod database;
mod external;
mod install;
mod throwaway;
mod tls;

pub use bouncer::Bouncer;
pub use cluster::{Cluster, cluster};
pub use database::Database;

/// The superuser of the throwaway cluster.
const SUPERUSER: &str = "migrate";
/// Holds every character that has a meaning of its own in a URL.
const SUPERUSER_PASSWORD: &str = "p@ss/w%rd:1";

/// The password of the throwaway cluster's roles that have one: `tls_only`, `plain_only` and `limited`.
pub const ROLE_PASSWORD: &str = "r@le/p%ss:2";
