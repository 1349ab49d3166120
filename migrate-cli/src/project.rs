//! The project that a command is about: its migrate.toml, its revisions.

use std::path::{Path, PathBuf};

use migrate_core::config::{Config, FILE, Variables};
use migrate_core::dialect::{self, Dialect};
use migrate_core::revision::{Directory, History};
use migrate_core::runtime::Settings;
use migrate_core::sql::Syntax;
use migrate_core::{Error, ErrorKind, Result};

use crate::arguments::Global;
use crate::connect::Database;
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

/// Returns the dialect that a command without a database is about: the one that it names, else that of the database
/// that is configured, else the first of the project's.
pub(crate) fn dialect(global: &Global, config: &Config, named: Option<&str>, io: &Io) -> Result<&'static Syntax> {
    let known = || config.dialects.iter().map(|syntax| syntax.name);
    if let Some(name) = named {
        let found = config.dialects.iter().find(|syntax| syntax.name == name).copied();
        return found.ok_or_else(|| {
            Error::usage(format!("`--dialect {name}` is none of the project's dialects"))
                .hint(migrate_core::suggest::did_you_mean(name, known()))
        });
    }
    match (Database::find(global, config, io), config.dialects.as_slice()) {
        (Ok(database), _) => Ok(database.syntax()),
        // What was given has to be right; a URL of migrate.toml may need a variable that is not set here.
        (Err(error), _) if global.url.is_some() || !global.x.is_empty() => Err(error),
        (Err(_), [first, ..]) => Ok(first),
        (Err(error), []) => Err(error),
    }
}

/// Returns the schemas' side of a dialect.
pub(crate) fn schemas(syntax: &Syntax) -> Result<&'static dyn Dialect> {
    dialect::named(syntax.name)
        .ok_or_else(|| Error::usage(format!("schemas of {} are not compared and printed", syntax.name)))
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
