//! Databases that live as long as a value.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::cluster::{Cluster, cluster};

/// A database of its own for one test, dropped with the value, whoever is still connected to it.
#[derive(Debug)]
pub struct Database {
    cluster: &'static Cluster,
    name: String,
}

impl Database {
    /// Creates an empty database of the superuser in [`cluster`]. The hint is a part of its name.
    #[track_caller]
    #[must_use]
    pub fn create(hint: &str) -> Self {
        let cluster = cluster();
        let name = unique_name(hint);
        cluster.psql(cluster.maintenance_database(), &format!("CREATE DATABASE {name} TEMPLATE template0"));
        Self { cluster, name }
    }

    /// Creates an empty database that belongs to another role of the throwaway cluster, such as `limited`.
    #[track_caller]
    #[must_use]
    pub fn create_for(role: &str, hint: &str) -> Self {
        let database = Self::create(hint);
        database.cluster.folder(&format!("the role {role}"));
        let name = database.name();
        // Before version 15 the schema does not belong to the database's owner.
        database.psql(&format!("ALTER DATABASE {name} OWNER TO {role}; ALTER SCHEMA public OWNER TO {role};"));
        database
    }

    /// Returns the name, which needs no quotes in SQL.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the superuser's URL of the database.
    #[must_use]
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// Returns the URL of the database for another role of the throwaway cluster; see [`Cluster::url_as`].
    #[track_caller]
    #[must_use]
    pub fn url_as(&self, role: &str) -> String {
        self.cluster.url_as(role, &self.name)
    }

    /// Runs SQL as the superuser; see [`Cluster::psql`].
    #[track_caller]
    pub fn psql(&self, sql: &str) -> String {
        self.cluster.psql(&self.name, sql)
    }

    /// Runs SQL that may fail; see [`Cluster::try_psql`].
    ///
    /// # Errors
    ///
    /// Returns psql's standard error when a statement fails.
    #[track_caller]
    pub fn try_psql(&self, sql: &str) -> Result<String, String> {
        self.cluster.try_psql(&self.name, sql)
    }

    /// Runs one query and returns its rows of columns; see [`Cluster::query`].
    #[track_caller]
    #[must_use]
    pub fn query(&self, sql: &str) -> Vec<Vec<String>> {
        self.cluster.query(&self.name, sql)
    }

    /// Returns the schema as pg_dump writes it; see [`Cluster::pg_dump_schema`].
    #[track_caller]
    #[must_use]
    pub fn dump(&self) -> String {
        self.cluster.pg_dump_schema(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // A second panic while a failed test unwinds would abort the process and hide the first.
        if let Err(error) = self.cluster.try_psql(self.cluster.maintenance_database(), &sql) {
            eprintln!("the test database {} stays: {error}", self.name);
        }
    }
}

/// Makes a name that no other test uses, in this process, in another, or in one that was killed before it could drop
/// its databases.
fn unique_name(hint: &str) -> String {
    static CREATED: AtomicU32 = AtomicU32::new(0);
    let letters = hint.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let hint: String = letters.take(30).collect();
    let time = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right").as_millis() % 100_000_000;
    format!("t_{hint}_{}_{}_{time}", std::process::id(), CREATED.fetch_add(1, Ordering::Relaxed))
}
