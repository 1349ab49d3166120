//! Programs that run in an environment which the developer's shell does not leak into.

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::must;

/// Prefixes of the variables that change what PostgreSQL's clients, migrate or the locale do.
const CLEARED_PREFIXES: [&str; 3] = ["PG", "MIGRATE", "LC_"];

/// Other variables that change what a command line tool connects to, prints or asks.
const CLEARED: [&str; 18] = [
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "DATABASE_URL",
    "EDITOR",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "LINES",
    "NO_COLOR",
    "PAGER",
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
    "RUST_LOG",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "VISUAL",
];

/// What a finished program left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output2 {
    /// The exit code; for a program that a signal ended, 128 plus the signal's number, as in a shell.
    pub code: i32,
    /// All of the standard output.
    pub stdout: String,
    /// All of the standard error.
    pub stderr: String,
}

impl Output2 {
    /// Returns itself when the code is 0, and panics with the code and both streams otherwise.
    #[track_caller]
    #[must_use]
    pub fn expect_success(self) -> Self {
        assert!(self.code == 0, "exit code {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr);
        self
    }
}

/// Returns a command whose environment is free of what a developer's shell or CI sets: `PG*`, `MIGRATE*`, `LC_*`,
/// `DATABASE_URL`, colour, locale, width and log settings. `LC_ALL` is `C.UTF-8` and `TZ` is `UTC`.
#[must_use]
pub fn hermetic(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let cleared = name.to_str().is_some_and(|name| {
            CLEARED.contains(&name) || CLEARED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        });
        if cleared {
            command.env_remove(&name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command
}

/// Runs the command to its end, whatever its exit code; its standard input is empty unless the command sets one.
#[track_caller]
pub fn run(command: &mut Command) -> Output2 {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = must(command.output(), format_args!("run {program}"));
    let code = output.status.code().or_else(|| output.status.signal().map(|signal| 128 + signal));
    Output2 {
        code: code.expect("a finished process has a code or a signal"),
        stdout: must(String::from_utf8(output.stdout), format_args!("read the output of {program}")),
        stderr: must(String::from_utf8(output.stderr), format_args!("read the errors of {program}")),
    }
}
