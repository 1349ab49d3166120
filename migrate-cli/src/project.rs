//! The project that a command is about: its migrate.toml, its revisions.

use std::path::{Path, PathBuf};

use migrate_core::config::{Config, FILE, Variables};
use migrate_core::revision::{Directory, History};
use migrate_core::runtime::Settings;
use migrate_core::sql::Syntax;
use migrate_core::{Error, ErrorKind, Result};

use crate::arguments::Global;
use crate::io::Io;

/// The environment's variable for `--config`.
const VARIABLE: &str = "MIGRATE_CONFIG";

/// Reads the migrate.toml that the arguments, the environment or the working folder name.
pub(crate) fn config(global: &Global, io: &Io) -> Result<Config> {
    let file = config_file(global, io)?;
    let from_environment = global.config.is_none() && io.environment.get(VARIABLE).is_some_and(|file| !file.is_empty());
    Config::read(&file, &global.name).map_err(|error| match error.kind() {
        ErrorKind::File { .. } if from_environment => {
            error.hint(format!("the environment's {VARIABLE} names this file"))
        }
        _ => error,
    })
}

fn config_file(global: &Global, io: &Io) -> Result<PathBuf> {
    if let Some(file) = &global.config {
        if file.as_os_str().is_empty() {
            return Err(Error::usage("`--config` is empty; was a variable empty?"));
        }
        return Ok(io.folder.join(file));
    }
    if let Some(file) = io.environment.get(VARIABLE).filter(|file| !file.is_empty()) {
        return Ok(io.folder.join(file));
    }
    Config::find(&io.folder).ok_or_else(|| {
        let here = if io.folder == Path::new("") { Path::new(".") } else { &io.folder };
        let here = std::path::absolute(here).unwrap_or_else(|_| here.to_owned());
        Error::usage(format!("there is no {FILE} in {} and none in a folder above", here.display()))
            .hint("go to the project's folder, or name the file with `-c FILE`")
    })
}

/// Reads the headers of the project's revisions.
pub(crate) fn directory(config: &Config) -> Result<Directory> {
    Directory::read(&config.version_locations)
}

/// Reads what the project's revisions run in one dialect.
pub(crate) fn history(config: &Config, syntax: &'static Syntax) -> Result<History> {
    directory(config)?.history(&config.dialects, syntax)
}

/// Reads what the project's revisions run in one dialect, and passes over what is wrong with the sections of others:
/// for commands that only look.
pub(crate) fn glance(config: &Config, syntax: &'static Syntax) -> Result<History> {
    directory(config)?.history(&[syntax], syntax)
}

/// Returns what values of migrate.toml may refer to.
pub(crate) fn variables(io: &Io, arguments: &std::collections::BTreeMap<String, String>) -> Variables {
    Variables { environment: io.environment.clone(), arguments: arguments.clone() }
}

/// Returns the project's settings with a time to wait that the command line gave.
pub(crate) fn settings(config: &Config, timeout: Option<&str>) -> Result<Settings> {
    let mut settings = config.settings.clone();
    if let Some(text) = timeout {
        settings.lock_wait = migrate_core::config::parse_duration(text)
            .ok_or_else(|| Error::usage(format!("`--timeout {text}` is no time; write 500ms, 30s, 10m or 1h")))?;
    }
    Ok(settings)
}
