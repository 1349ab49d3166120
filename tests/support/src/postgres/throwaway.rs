//! Starts the throwaway cluster, once for all processes that use it at the same time.
//!
//! 1. The *home* is a folder below the target directory. It holds two locks and the state: the path of the cluster's
//!    own folder, and its port once the server is ready. The cluster's folder is elsewhere, because a server that root
//!    starts runs under another account, which may not reach the target directory.
//! 2. To join, a process takes `start.lock`, so that there is one starter at a time, then a shared lock on
//!    `users.lock`, which it holds until it ends, however it ends. It uses the cluster of the state if that answers on
//!    its socket, and otherwise removes what is left of it and starts another.
//! 3. `supervise.sh` is the parent of the server. When nobody has held `users.lock` for a while it takes the lock
//!    itself, stops the server and removes its folder. It never touches the state: a state whose socket is gone is
//!    stale. If the folder disappears under the server, the supervisor stops it too.

use std::fs::{self, File, OpenOptions, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::FlockOperation;

use super::install::Account;
use super::{ROLE_PASSWORD, SUPERUSER, SUPERUSER_PASSWORD, tls};
use crate::binary::{lock_file, target_dir};
use crate::{hermetic, must, run};

const SUPERVISE: &str = include_str!("supervise.sh");
const SETTINGS: &str = include_str!("postgresql.conf");
const HBA: &str = include_str!("pg_hba.conf");
const ROLES: &str = include_str!("roles.sql");

/// What the name of every cluster's folder starts with.
const PREFIX: &str = "migrate-pg-";
/// How long a cluster outlives its last user.
pub(super) const IDLE: Duration = Duration::from_secs(20);
/// How long a server may take to start on a machine that is busy compiling.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster that runs, and this process's claim on it.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) folder: PathBuf,
    pub(super) port: u16,
    /// Its shared lock is the claim.
    _user: File,
}

/// Returns the home of the clusters that these binaries start. Another version, or another account or configuration
/// of this crate, has another home.
pub(super) fn home(bin: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    (bin, rustix::process::geteuid().as_raw(), SUPERVISE, SETTINGS, HBA, ROLES).hash(&mut hasher);
    target_dir().join("migrate-test-support").join(format!("postgres-{:016x}", hasher.finish()))
}

/// Joins the cluster of a home, and starts it where none answers.
#[track_caller]
pub(super) fn join(home: &Path, bin: &Path, idle: Duration) -> Running {
    must(fs::create_dir_all(home), format_args!("make {}", home.display()));
    let start = open_lock(&home.join("start.lock"));
    lock_file(&start, FlockOperation::LockExclusive);
    let user = open_lock(&home.join("users.lock"));
    lock_file(&user, FlockOperation::LockShared);
    let (folder, port) = match read_state(home) {
        (Some(folder), Some(port)) if UnixStream::connect(socket(&folder, port)).is_ok() => (folder, port),
        (stale, _) => {
            if let Some(stale) = stale {
                remove(&stale);
            }
            launch(home, bin, idle)
        }
    };
    Running { folder, port, _user: user }
}

/// Finds a free port of 127.0.0.1 below those that the system gives to outgoing connections, so that none of them
/// takes it before its server does.
pub(super) fn free_port() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    loop {
        let mut hasher = DefaultHasher::new();
        (std::process::id(), TRIED.fetch_add(1, Ordering::Relaxed), Instant::now()).hash(&mut hasher);
        let port = 16_384 + u16::try_from(hasher.finish() % 16_384).expect("the remainder is small");
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

#[track_caller]
fn open_lock(path: &Path) -> File {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    must(file, format_args!("open {}", path.display()))
}

fn read_state(home: &Path) -> (Option<PathBuf>, Option<u16>) {
    let text = fs::read_to_string(home.join("state")).unwrap_or_default();
    let mut lines = text.lines();
    (lines.next().map(PathBuf::from), lines.next().and_then(|port| port.parse().ok()))
}

#[track_caller]
fn write_state(home: &Path, text: &str) {
    let (draft, state) = (home.join("state.new"), home.join("state"));
    must(fs::write(&draft, text), format_args!("write {}", draft.display()));
    must(fs::rename(&draft, &state), format_args!("write {}", state.display()));
}

/// Removes a dead cluster's folder. The supervisor may be doing the same.
fn remove(folder: &Path) {
    let ours = folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX));
    if ours {
        fs::remove_dir_all(folder).ok();
    }
}

fn socket(folder: &Path, port: u16) -> PathBuf {
    folder.join("socket").join(format!(".s.PGSQL.{port}"))
}

#[track_caller]
fn launch(home: &Path, bin: &Path, idle: Duration) -> (PathBuf, u16) {
    let account = Account::choose();
    let folder = must(
        tempfile::Builder::new().prefix(PREFIX).permissions(Permissions::from_mode(0o755)).tempdir(),
        "make a folder for the cluster",
    )
    .keep();
    // Before anything else, so that whoever comes after a killed test finds what to remove.
    write_state(home, &format!("{}\n", folder.display()));
    account.give(&folder);
    initialize(&folder, bin, account);
    certify(&folder, account);
    let port = free_port();
    let supervisor = supervise(home, bin, &folder, port, idle, account);
    await_ready(supervisor, &folder);
    create_roles(&folder, bin, port);
    write_state(home, &format!("{}\n{port}\n", folder.display()));
    (folder, port)
}

#[track_caller]
fn initialize(folder: &Path, bin: &Path, account: Account) {
    for name in ["data", "socket", "tls"] {
        let path = folder.join(name);
        must(fs::create_dir(&path), format_args!("make {}", path.display()));
        account.give(&path);
    }
    let data = folder.join("data");
    must(fs::set_permissions(&data, Permissions::from_mode(0o700)), "close the data folder");
    let password = folder.join("password");
    must(fs::write(&password, SUPERUSER_PASSWORD), "write the superuser's password");
    // The locale that every machine has, and the same order of strings on all of them.
    let options = ["-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N", "--pwfile=password"];
    let output = run(account.command(&bin.join("initdb"), folder).args(options).args(["-D", "data"]));
    assert!(output.code == 0, "initdb failed in {}:\n{}{}", folder.display(), output.stdout, output.stderr);
    must(fs::remove_file(&password), "remove the superuser's password");
    let settings = data.join("postgresql.conf");
    let mut text = must(fs::read_to_string(&settings), "read postgresql.conf");
    text.push_str(SETTINGS);
    must(fs::write(&settings, text), "write postgresql.conf");
    must(fs::write(data.join("pg_hba.conf"), HBA), "write pg_hba.conf");
}

/// Makes the certificates. Both keys are readable only for their owners: the server's account and the tests'.
#[track_caller]
fn certify(folder: &Path, account: Account) {
    let folder = folder.join("tls");
    tls::generate(&folder);
    for key in ["server.key", "client.key"] {
        must(fs::set_permissions(folder.join(key), Permissions::from_mode(0o600)), format_args!("close {key}"));
    }
    account.give(&folder.join("server.key"));
}

/// Starts the supervisor, which starts the server, so that both outlive this process.
#[track_caller]
fn supervise(home: &Path, bin: &Path, folder: &Path, port: u16, idle: Duration, account: Account) -> Child {
    let log = must(File::create(folder.join("server.log")), "write server.log");
    let errors = must(log.try_clone(), "write server.log");
    let mut command: Command = account.command(Path::new("/bin/sh"), folder);
    command
        .args(["-c", SUPERVISE, "migrate-test-postgres"])
        .args([folder, bin])
        .args([port.to_string(), idle.as_secs().to_string()])
        .stdin(open_lock(&home.join("users.lock")))
        .stdout(Stdio::from(log))
        .stderr(Stdio::from(errors))
        // Away from the signals of the terminal, and of a test runner that kills a test's process group.
        .process_group(0);
    must(command.spawn(), "start the supervisor of the cluster")
}

#[track_caller]
fn await_ready(mut supervisor: Child, folder: &Path) {
    let log = || fs::read_to_string(folder.join("server.log")).unwrap_or_default();
    let start = Instant::now();
    loop {
        // The eighth line of this file is the server's own account of its state.
        let status = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
            return;
        }
        let said = log();
        if must(supervisor.try_wait(), "wait for the supervisor").is_some() {
            panic!("the PostgreSQL server did not start:\n{said}");
        }
        assert!(start.elapsed() < PATIENCE, "the PostgreSQL server is not ready after {PATIENCE:?}:\n{said}");
        sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn create_roles(folder: &Path, bin: &Path, port: u16) {
    let script = folder.join("roles.sql");
    must(fs::write(&script, ROLES), "write roles.sql");
    let mut psql = hermetic(bin.join("psql"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", &format!("password={ROLE_PASSWORD}")])
        .args(["-U", SUPERUSER, "-d", "postgres", "-p", &port.to_string(), "-h"])
        .arg(folder.join("socket"))
        .arg("-f")
        .arg(&script)
        .env("PGPASSWORD", SUPERUSER_PASSWORD);
    let output = run(&mut psql);
    assert!(output.code == 0, "cannot create the roles:\n{}", output.stderr);
}

#[cfg(test)]
mod tests {
    use super::super::install;
    use super::*;

    #[track_caller]
    fn eventually(what: &str, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < Duration::from_secs(30), "{what}");
            sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn a_killed_server_is_replaced_and_an_idle_one_stops() {
        let home = tempfile::tempdir().unwrap();
        let bin = install::server_bin();
        let first = join(home.path(), &bin, Duration::from_secs(2));
        let again = join(home.path(), &bin, Duration::from_secs(2));
        assert_eq!((&again.folder, again.port), (&first.folder, first.port));

        let status = fs::read_to_string(first.folder.join("data/postmaster.pid")).unwrap();
        let pid = status.lines().next().unwrap().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        eventually("the killed server's folder stays", || !first.folder.exists());
        let second = join(home.path(), &bin, Duration::from_secs(2));
        assert_ne!(second.folder, first.folder);
        assert!(UnixStream::connect(socket(&second.folder, second.port)).is_ok());

        drop((first, again));
        sleep(Duration::from_secs(4));
        assert!(UnixStream::connect(socket(&second.folder, second.port)).is_ok(), "it stopped under its user");
        let folder = second.folder.clone();
        drop(second);
        eventually("the idle server's folder stays", || !folder.exists());
    }
}
