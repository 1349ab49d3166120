//! Finds the installed programs of PostgreSQL, and the account that may run a server.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{hermetic, must, run};

/// What a cluster needs in one folder.
const SERVER: [&str; 4] = ["initdb", "postgres", "psql", "pg_dump"];
/// What the use of a server that runs elsewhere needs in one folder.
const CLIENT: [&str; 2] = ["psql", "pg_dump"];

/// Returns the folder of a server's binaries.
#[track_caller]
pub(super) fn server_bin() -> PathBuf {
    bin(&SERVER, "install PostgreSQL's server: apt-get install postgresql")
}

/// Returns the folder of the client programs.
#[track_caller]
pub(super) fn client_bin() -> PathBuf {
    bin(&CLIENT, "install PostgreSQL's client programs: apt-get install postgresql-client")
}

/// Returns the path of a program that Debian keeps where not every user's `PATH` leads.
#[track_caller]
pub(super) fn program(name: &str, advice: &str) -> PathBuf {
    let system = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let found = path_folders().into_iter().chain(system).find(|folder| has_all(folder, &[name]));
    match found {
        Some(folder) => folder.join(name),
        None => panic!("{name} was not found: {advice}"),
    }
}

#[track_caller]
fn bin(programs: &[&str], advice: &str) -> PathBuf {
    if let Some(folder) = std::env::var_os("MIGRATE_TEST_PG_BIN").filter(|folder| !folder.is_empty()) {
        let folder = PathBuf::from(folder);
        assert!(
            has_all(&folder, programs),
            "MIGRATE_TEST_PG_BIN is {}, which does not have all of {}",
            folder.display(),
            programs.join(", ")
        );
        return folder;
    }
    let folders = path_folders().into_iter().chain(pg_config_folder()).chain(debian_folders());
    match folders.into_iter().find(|folder| has_all(folder, programs)) {
        Some(folder) => folder,
        None => panic!(
            "PostgreSQL's {} were not found: {advice} (or name their folder in MIGRATE_TEST_PG_BIN, or a server in \
             MIGRATE_TEST_POSTGRES_URL)",
            programs.join(", ")
        ),
    }
}

fn has_all(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| folder.join(program).is_file())
}

fn path_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect()
}

fn pg_config_folder() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end()))
}

/// Lists where Debian keeps each major version, the highest first.
fn debian_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

/// The account that servers run under. PostgreSQL and PgBouncer refuse to be root.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account {
    /// The one that the tests run under.
    Own,
    /// Another one, because the tests run as root.
    Other { user: u32, group: u32 },
}

impl Account {
    /// Chooses the account: for root it is `postgres`, or else `nobody`.
    #[track_caller]
    pub(super) fn choose() -> Self {
        if !rustix::process::geteuid().is_root() {
            return Self::Own;
        }
        for name in ["postgres", "nobody"] {
            if let (Some(user), Some(group)) = (id("-u", name), id("-g", name)) {
                return Self::Other { user, group };
            }
        }
        panic!("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody");
    }

    /// Returns a hermetic command that runs under the account, in a folder that it may enter.
    pub(super) fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = hermetic(program);
        command.current_dir(folder);
        if let Self::Other { user, group } = self {
            // As root, this also drops all supplementary groups.
            command.gid(group).uid(user);
        }
        command
    }

    /// Gives a file or a folder to the account.
    #[track_caller]
    pub(super) fn give(self, path: &Path) {
        if let Self::Other { user, group } = self {
            must(chown(path, Some(user), Some(group)), format_args!("give {} to user {user}", path.display()));
        }
    }
}

fn id(option: &str, user: &str) -> Option<u32> {
    run(Command::new("id").args([option, user])).stdout.trim().parse().ok()
}
