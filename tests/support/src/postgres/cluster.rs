//! The server that the tests use, and psql and pg_dump on it.

use std::fmt::Write as _;
use std::io::{Seek, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::external::External;
use super::throwaway::{self, Running};
use super::{ROLE_PASSWORD, SUPERUSER, SUPERUSER_PASSWORD, install};
use crate::{Output2, hermetic, must, run};

/// What RFC 3986 leaves as it is in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the server that all tests of this checkout share, and starts it if no process has.
///
/// It stays for as long as this process lives, and stops by itself some seconds after the last process that called
/// this has ended. Its superuser is `migrate`, and its other roles are:
///
/// | role | may connect |
/// | --- | --- |
/// | `tls_only` | with [`ROLE_PASSWORD`], over TCP with TLS |
/// | `plain_only` | with [`ROLE_PASSWORD`], over TCP without TLS |
/// | `cert_user` | with [`Cluster::client_crt`], over TCP with TLS |
/// | `limited` | with [`ROLE_PASSWORD`], in any way; it may create only in databases of its own |
///
/// With `MIGRATE_TEST_POSTGRES_URL` set, it is that server, which has none of these.
///
/// # Panics
///
/// Panics when no server is installed, with the package to install, and when the server does not start.
#[track_caller]
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    // Not `get_or_init`: a panic in a closure would not be at the line of the caller.
    if let Some(cluster) = CLUSTER.get() {
        return cluster;
    }
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = STARTING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if CLUSTER.get().is_none() {
        // CI sets variables to nothing where it means that they are not set.
        let cluster = match std::env::var("MIGRATE_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Cluster::external(&url),
            _ => Cluster::throwaway(),
        };
        CLUSTER.set(cluster).expect("nobody else sets it");
    }
    CLUSTER.get().expect("it was just set")
}

/// A PostgreSQL server.
#[derive(Debug)]
pub struct Cluster {
    at: External,
    bin: PathBuf,
    version: OnceLock<u32>,
    /// Only of a cluster that the tests have started.
    running: Option<Running>,
}

impl Cluster {
    #[track_caller]
    fn throwaway() -> Self {
        let bin = install::server_bin();
        let running = throwaway::join(&throwaway::home(&bin), &bin, throwaway::IDLE);
        let at = External {
            user: SUPERUSER.to_owned(),
            password: SUPERUSER_PASSWORD.to_owned(),
            host: "127.0.0.1".to_owned(),
            port: running.port,
            database: "postgres".to_owned(),
            params: String::new(),
        };
        Self { at, bin, version: OnceLock::new(), running: Some(running) }
    }

    #[track_caller]
    fn external(url: &str) -> Self {
        let at = must(External::parse(url), "use MIGRATE_TEST_POSTGRES_URL");
        Self { at, bin: install::client_bin(), version: OnceLock::new(), running: None }
    }

    /// Returns the host to connect to: 127.0.0.1, for which the certificate is valid as it is for `localhost`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.at.host
    }

    /// Returns the TCP port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.at.port
    }

    /// Returns the superuser's name.
    #[must_use]
    pub fn superuser(&self) -> &str {
        &self.at.user
    }

    /// Returns the superuser's password, which holds `@`, `/`, `%` and `:`.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.at.password
    }

    /// Returns the folder of PostgreSQL's programs.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        &self.bin
    }

    /// Returns the folder of the server's unix socket.
    #[track_caller]
    #[must_use]
    pub fn socket_dir(&self) -> PathBuf {
        self.folder("a unix socket").join("socket")
    }

    /// Returns the path of the certificate of the CA that has signed the server's and the client's.
    #[track_caller]
    #[must_use]
    pub fn ca_crt(&self) -> PathBuf {
        self.folder("a CA").join("tls/ca.crt")
    }

    /// Returns the path of the certificate of a CA that has signed nothing.
    #[track_caller]
    #[must_use]
    pub fn other_ca_crt(&self) -> PathBuf {
        self.folder("another CA").join("tls/other_ca.crt")
    }

    /// Returns the path of the certificate of the role `cert_user`.
    #[track_caller]
    #[must_use]
    pub fn client_crt(&self) -> PathBuf {
        self.folder("a client certificate").join("tls/client.crt")
    }

    /// Returns the path of the key of the role `cert_user`, which only the tests' account may read.
    #[track_caller]
    #[must_use]
    pub fn client_key(&self) -> PathBuf {
        self.folder("a client key").join("tls/client.key")
    }

    /// Returns the major version of the server.
    #[track_caller]
    #[must_use]
    pub fn version(&self) -> u32 {
        if let Some(version) = self.version.get() {
            return *version;
        }
        let number: u32 = must(self.psql(&self.at.database, "SHOW server_version_num").parse(), "read the version");
        *self.version.get_or_init(|| number / 10_000)
    }

    /// Returns the superuser's URL of a database.
    #[must_use]
    pub fn url(&self, dbname: &str) -> String {
        self.url_on(self.at.port, dbname)
    }

    /// Returns the URL of a database for one of the other roles: with [`ROLE_PASSWORD`], and over TCP, but without
    /// an `sslmode`.
    #[track_caller]
    #[must_use]
    pub fn url_as(&self, role: &str, dbname: &str) -> String {
        self.folder(&format!("the role {role}"));
        self.url_of(&format!("{}:{}", encode(role), encode(ROLE_PASSWORD)), self.at.port, dbname)
    }

    /// Runs SQL or psql's own commands as the superuser, each statement in a transaction of its own, and returns what
    /// the queries print: a row on a line, `|` between its columns, no newline at the end.
    #[track_caller]
    pub fn psql(&self, dbname: &str, sql: &str) -> String {
        match self.try_psql(dbname, sql) {
            Ok(stdout) => stdout,
            Err(stderr) => panic!("psql failed in {dbname}:\n{stderr}--- SQL\n{sql}"),
        }
    }

    /// Does the same as [`Cluster::psql`], and returns what psql says if a statement fails, which is the last that
    /// runs.
    ///
    /// # Errors
    ///
    /// Returns psql's standard error when a statement or the connection fails.
    #[track_caller]
    pub fn try_psql(&self, dbname: &str, sql: &str) -> Result<String, String> {
        let mut output = self.session(dbname, &[], sql);
        if output.code != 0 {
            return Err(output.stderr);
        }
        if output.stdout.ends_with('\n') {
            output.stdout.pop();
        }
        Ok(output.stdout)
    }

    /// Runs one query as the superuser and returns its rows of columns. NULL is an empty string.
    #[track_caller]
    #[must_use]
    pub fn query(&self, dbname: &str, sql: &str) -> Vec<Vec<String>> {
        let output = self.session(dbname, &["-F", "\u{1f}", "-R", "\u{1e}"], sql);
        assert!(output.code == 0, "psql failed in {dbname}:\n{}--- SQL\n{sql}", output.stderr);
        // psql ends the last row with a newline, whatever separates the rows.
        match output.stdout.strip_suffix('\n') {
            None => Vec::new(),
            Some(rows) => rows.split('\u{1e}').map(|row| row.split('\u{1f}').map(str::to_owned).collect()).collect(),
        }
    }

    /// Returns `pg_dump --schema-only` of a database, without the lines that differ from one run to the next or name
    /// a version.
    #[track_caller]
    #[must_use]
    pub fn pg_dump_schema(&self, dbname: &str) -> String {
        let output = run(self.client("pg_dump", dbname).arg("--schema-only"));
        assert!(output.code == 0, "pg_dump failed in {dbname}:\n{}", output.stderr);
        let passing = [r"\restrict ", r"\unrestrict ", "-- Dumped from ", "-- Dumped by "];
        let mut dump = String::new();
        for line in output.stdout.lines().filter(|line| !passing.iter().any(|start| line.starts_with(start))) {
            // The lines that are left out leave their empty neighbours behind.
            if !(line.is_empty() && (dump.is_empty() || dump.ends_with("\n\n"))) {
                writeln!(dump, "{line}").expect("a string takes every line");
            }
        }
        dump
    }

    /// Returns the folder of a cluster that the tests have started, and panics for another server, which has no such
    /// thing.
    #[track_caller]
    pub(super) fn folder(&self, thing: &str) -> &Path {
        match &self.running {
            Some(running) => &running.folder,
            None => panic!(
                "this test needs {thing}, which only a server that the tests start has: unset \
                 MIGRATE_TEST_POSTGRES_URL and install PostgreSQL's server (apt-get install postgresql)"
            ),
        }
    }

    /// Returns the database in which others are created and dropped.
    pub(super) fn maintenance_database(&self) -> &str {
        &self.at.database
    }

    /// Returns the superuser's URL of a database on another port of the server's host.
    pub(super) fn url_on(&self, port: u16, dbname: &str) -> String {
        let (user, password) = (encode(&self.at.user), encode(&self.at.password));
        self.url_of(&format!("{user}:{password}"), port, dbname)
    }

    fn url_of(&self, login: &str, port: u16, dbname: &str) -> String {
        let External { host, params, .. } = &self.at;
        let mark = if params.is_empty() { "" } else { "?" };
        format!("postgres://{login}@{host}:{port}/{}{mark}{params}", encode(dbname))
    }

    /// Runs psql with SQL on its standard input.
    #[track_caller]
    fn session(&self, dbname: &str, options: &[&str], sql: &str) -> Output2 {
        let mut input = must(tempfile::tempfile(), "make a temporary file");
        must(input.write_all(sql.as_bytes()).and_then(|()| input.rewind()), "write the SQL to a temporary file");
        let mut psql = self.client("psql", dbname);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]).args(options);
        run(psql.stdin(input))
    }

    /// Returns a client program that connects as the superuser. The password is not among its arguments, which
    /// everybody on the machine may read.
    fn client(&self, program: &str, dbname: &str) -> Command {
        let mut command = hermetic(self.bin.join(program));
        command
            .args(["-d", &self.url_of(&encode(&self.at.user), self.at.port, dbname)])
            .env("PGPASSWORD", &self.at.password)
            .env("PGCONNECT_TIMEOUT", "30");
        if self.running.is_some() {
            // A handshake costs more than most of the queries.
            command.env("PGSSLMODE", "disable");
        }
        command
    }
}

/// Encodes a part of a URL.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
