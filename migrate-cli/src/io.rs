//! The streams, the environment and the clock, so that tests can give their own.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What a run reads and writes besides files and databases.
pub struct Io {
    stdout: Stream,
    stderr: Stream,
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The working folder; empty is the process's.
    pub folder: PathBuf,
    /// Whether stdout is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether stderr is a terminal.
    pub stderr_is_terminal: bool,
    /// Seconds since 1970, instead of the clock's.
    pub now: Option<i64>,
}

enum Stream {
    Process(Box<dyn Write + Send>),
    Captured(Vec<u8>),
}

impl Stream {
    fn write(&mut self, text: &str) {
        // A reader that is gone (`| head`) is no error of ours.
        let _ = match self {
            Self::Process(stream) => stream.write_all(text.as_bytes()).and_then(|()| stream.flush()),
            Self::Captured(bytes) => bytes.write_all(text.as_bytes()),
        };
    }

    fn text(&self) -> String {
        match self {
            Self::Process(_) => String::new(),
            Self::Captured(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

impl std::fmt::Debug for Io {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Io").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Io {
    /// Returns the process's own.
    pub fn process() -> Self {
        Self {
            stdout: Stream::Process(Box::new(std::io::stdout())),
            stderr: Stream::Process(Box::new(std::io::stderr())),
            environment: std::env::vars_os()
                .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            folder: PathBuf::new(),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            now: None,
        }
    }

    /// Returns streams in memory and an empty environment.
    pub fn captured() -> Self {
        Self {
            stdout: Stream::Captured(Vec::new()),
            stderr: Stream::Captured(Vec::new()),
            environment: BTreeMap::new(),
            folder: PathBuf::new(),
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            now: None,
        }
    }

    /// Returns what was written to a captured stdout.
    pub fn stdout_text(&self) -> String {
        self.stdout.text()
    }

    /// Returns what was written to a captured stderr.
    pub fn stderr_text(&self) -> String {
        self.stderr.text()
    }

    pub(crate) fn print(&mut self, text: &str) {
        self.stdout.write(text);
    }

    pub(crate) fn error(&mut self, text: &str) {
        self.stderr.write(text);
    }
}
