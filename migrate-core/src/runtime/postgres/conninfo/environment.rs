//! What the resolution of a connection string knows of the outer world.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// The environment, the files and the account of a process.
pub(crate) trait Environment {
    /// Returns a variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// Returns the name of the account that the process runs as.
    fn user(&self) -> Option<String>;

    /// Reads a file.
    fn read(&self, path: &Path) -> io::Result<File>;

    /// Says whether something has this path.
    fn exists(&self, path: &Path) -> bool;

    /// Returns the account's folder: for files with a dot in front, and for `.postgresql`.
    fn home(&self) -> Option<PathBuf> {
        // On Windows libpq keeps all of them in a folder of its own, without the dot.
        let name = if cfg!(windows) { "APPDATA" } else { "HOME" };
        self.variable(name).filter(|home| !home.is_empty()).map(PathBuf::from)
    }

    /// Returns the path of one of the account's files in `.postgresql`.
    fn own_file(&self, name: &str) -> Option<PathBuf> {
        let folder = if cfg!(windows) { "postgresql" } else { ".postgresql" };
        self.home().map(|home| home.join(folder).join(name))
    }
}

/// A file that was read.
pub(crate) struct File {
    /// What is in it.
    pub(crate) text: String,
    /// Whether other accounts may read it.
    pub(crate) open_to_others: bool,
}

/// The environment of this process.
pub(crate) struct Process;

impl Environment for Process {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn user(&self) -> Option<String> {
        whoami::username().ok()
    }

    fn read(&self, path: &Path) -> io::Result<File> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no plain file"));
        }
        Ok(File { text: fs::read_to_string(path)?, open_to_others: is_open_to_others(&metadata) })
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

/// Says whether accounts other than the owner have any right to a file. Windows has no such bits, and libpq asks for
/// none there.
fn is_open_to_others(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.permissions().mode() & 0o077 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}
