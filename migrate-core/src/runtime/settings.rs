//! What migrate.toml says about running.

use std::borrow::Cow;
use std::time::Duration;

/// How the runtime talks to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The version table's name.
    pub version_table: Cow<'static, str>,
    /// Its schema; `None` is the first of `search_path`. SQLite has none.
    pub version_table_schema: Option<Cow<'static, str>>,
    /// The schemas in which unqualified names are looked up; PostgreSQL only.
    pub search_path: Cow<'static, [Cow<'static, str>]>,
    /// What one transaction spans.
    pub transaction: TransactionMode,
    /// How long to wait for another migrator.
    pub lock_wait: Duration,
    /// How long a statement may wait for a lock, zero for ever; PostgreSQL only.
    pub lock_timeout: Duration,
}

/// What one transaction spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionMode {
    /// Each revision is its own transaction.
    PerRevision,
    /// A run is one transaction.
    PerRun,
}

impl Settings {
    /// The settings of an empty migrate.toml.
    pub const DEFAULT: Self = Self {
        version_table: Cow::Borrowed("migrate_version"),
        version_table_schema: None,
        search_path: Cow::Borrowed(&[Cow::Borrowed("public")]),
        transaction: TransactionMode::PerRevision,
        lock_wait: Duration::from_secs(600),
        lock_timeout: Duration::from_secs(5),
    };
}

impl Default for Settings {
    fn default() -> Self {
        Self::DEFAULT
    }
}
