//! PgBouncer in front of the throwaway cluster.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::cluster::encode;
use super::install::{self, Account};
use super::throwaway::free_port;
use super::{Cluster, ROLE_PASSWORD};
use crate::must;

const BOUNCER: &str = include_str!("bouncer.sh");
const PATIENCE: Duration = Duration::from_secs(20);

/// A PgBouncer in transaction mode, which stops when the value is dropped.
#[derive(Debug)]
pub struct Bouncer {
    child: Child,
    port: u16,
    /// The superuser's URL up to the name of a database.
    url: String,
}

impl Bouncer {
    /// Starts a pooler with so many connections to each database of the cluster and for each role. The superuser,
    /// `plain_only` and `limited` may use it, with their passwords.
    ///
    /// # Panics
    ///
    /// Panics when PgBouncer is not installed, with the package to install, and for a server that the tests have not
    /// started.
    #[track_caller]
    #[must_use]
    pub fn start(cluster: &Cluster, pool_size: u32) -> Self {
        cluster.folder("a pooler in front");
        let program = install::program("pgbouncer", "install PgBouncer: apt-get install pgbouncer");
        let account = Account::choose();
        let folder = must(tempfile::Builder::new().prefix("migrate-bouncer-").tempdir(), "make a folder for PgBouncer");
        let port = free_port();
        configure(folder.path(), cluster, port, pool_size, account);
        let log = folder.path().join("pgbouncer.log");
        // The script removes it.
        let folder = folder.keep();
        let mut command = account.command(Path::new("/bin/sh"), &folder);
        command.args(["-c", BOUNCER, "migrate-test-pgbouncer"]).args([&program, &folder]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = must(command.spawn(), "start PgBouncer");
        let mut bouncer = Self { child, port, url: cluster.url_on(port, "") };
        bouncer.await_ready(&log);
        bouncer
    }

    /// Returns the TCP port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the superuser's URL of a database behind the pooler; `pgbouncer` is its own console.
    #[must_use]
    pub fn url(&self, dbname: &str) -> String {
        format!("{}{}", self.url, encode(dbname))
    }

    #[track_caller]
    fn await_ready(&mut self, log: &Path) {
        let start = Instant::now();
        let mut said = String::new();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            said = fs::read_to_string(log).unwrap_or(said);
            let ended = must(self.child.try_wait(), "wait for PgBouncer").is_some();
            assert!(!ended && start.elapsed() < PATIENCE, "PgBouncer did not start:\n{said}");
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        // The end of its standard input is what the script waits for.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

#[track_caller]
fn configure(folder: &Path, cluster: &Cluster, port: u16, pool_size: u32, account: Account) {
    let mut settings = format!("[databases]\n* = host={} port={}\n[pgbouncer]\n", cluster.host(), cluster.port());
    let (pool_size, port) = (pool_size.to_string(), port.to_string());
    for (name, value) in [
        ("listen_addr", "127.0.0.1"),
        ("listen_port", &port),
        ("unix_socket_dir", ""),
        ("logfile", "pgbouncer.log"),
        ("auth_type", "scram-sha-256"),
        ("auth_file", "users.txt"),
        ("admin_users", cluster.superuser()),
        ("pool_mode", "transaction"),
        ("default_pool_size", &pool_size),
        ("max_client_conn", "200"),
    ] {
        writeln!(settings, "{name} = {value}").expect("a string takes every line");
    }
    let users = [(cluster.superuser(), cluster.password()), ("plain_only", ROLE_PASSWORD), ("limited", ROLE_PASSWORD)];
    let users = users.map(|(user, password)| format!("\"{user}\" \"{password}\"\n")).concat();
    let files: [(&str, String); 2] = [("pgbouncer.ini", settings), ("users.txt", users)];
    for (name, text) in files {
        let path: PathBuf = folder.join(name);
        must(fs::write(&path, text), format_args!("write {}", path.display()));
        account.give(&path);
    }
    account.give(folder);
}
