//! The command line of migrate, as a library: [`run`] takes the arguments and the streams and returns the exit code,
//! so that tests run it in process and an app can mount it as a subcommand.
//!
//! Exit codes: 0 done, 1 a difference or a pending change was found, 2 usage, 3 the project is wrong, 4 the database
//! failed or was refused.

mod arguments;
mod autogenerate;
mod commands;
mod connect;
mod format;
mod io;
mod output;
mod project;
mod source;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use migrate_core::Error;
use migrate_core::error::Class;

pub use io::Io;

use arguments::{Arguments, Command};
use output::Output;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It found a difference or a pending change.
    Found,
}

/// Runs the command line with these arguments, of which the first is the program's name.
///
/// ```
/// let mut io = migrate_cli::Io::captured();
/// let code = migrate_cli::run(["migrate-cli", "--version"].map(Into::into), &mut io);
/// assert_eq!(code, std::process::ExitCode::SUCCESS);
/// assert!(io.stdout_text().starts_with("migrate-cli "));
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>, io: &mut Io) -> ExitCode {
    let given: Vec<OsString> = arguments.into_iter().collect();
    // Where nobody looks at a terminal the help has one width, whatever is around.
    let command = Arguments::command();
    let mut command = if io.stdout_is_terminal { command } else { command.term_width(100) };
    let parsed = command
        .try_get_matches_from_mut(&given)
        .and_then(|matches| Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command)));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, &secrets(&given), io),
    };
    let mut output = Output::new(io, &arguments.global, secrets(&given));
    let result = run_command(&arguments, &mut output);
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(error) => {
            output.error(&error);
            ExitCode::from(match error.class() {
                Class::Usage => 2,
                Class::Project => 3,
                Class::Database => 4,
            })
        }
    }
}

fn run_command(arguments: &Arguments, output: &mut Output<'_>) -> Result<Outcome, Error> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Upgrade(command) => commands::upgrade::run(global, command, output),
        Command::Downgrade(command) => commands::downgrade::run(global, command, output),
        Command::Current(command) => commands::current::run(global, command, output),
        Command::History(command) => commands::history::run(global, command, output),
        Command::Heads(command) => commands::heads::run(global, command, output),
        Command::Show(command) => commands::show::run(global, command, output),
        Command::Stamp(command) => commands::stamp::run(global, command, output),
        Command::Init(command) => commands::init::run(global, command, output),
        Command::Revision(command) => commands::revision::run(global, command, output),
        Command::Check(command) => commands::check::run(global, command, output),
        Command::Diff(command) => commands::diff::run(global, command, output),
        Command::Schema(command) => commands::schema::run(global, command, output),
    }
}

/// Returns the arguments that may hold a password. Where one stands in the wrong place, a message would quote it: a URL
/// as a target, or a part of a connection string that lost its quotes.
fn secrets(given: &[OsString]) -> Vec<String> {
    let texts = given.iter().map(|argument| argument.to_string_lossy().into_owned());
    let has_login = |text: &str| {
        let login = text.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
        login.is_some_and(|(login, _)| login.contains(':'))
    };
    texts.filter(|text| has_login(text) || text.contains("password")).collect()
}

/// Prints clap's own message: help and version to stdout, errors to stderr.
fn usage(error: &clap::Error, secrets: &[String], io: &mut Io) -> ExitCode {
    let text = secrets.iter().fold(error.render().to_string(), |text, secret| text.replace(secret.as_str(), "…"));
    if error.use_stderr() {
        io.error(&text);
        return ExitCode::from(2);
    }
    io.print(&text);
    ExitCode::SUCCESS
}
