//! Reads service files: parameters under a name in brackets.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

use super::environment::Environment;
use super::values::{Origin, Values};

/// Where Debian's packages look for `pg_service.conf`; everybody else's folder depends on how libpq was built.
const SYSTEM_FOLDER: &str = "/etc/postgresql-common";

/// Adds the parameters of the service that the values name, behind those that are there.
///
/// The files are asked in libpq's order: the one that is named, or `~/.pg_service.conf`; then the system's.
pub(super) fn apply(values: &mut Values, environment: &dyn Environment) -> Result<()> {
    let Some(service) = values.text("service").map(str::to_owned) else {
        return Ok(());
    };
    let mut asked = Vec::new();
    for (path, must_exist) in files(values, environment) {
        if !must_exist && !environment.exists(&path) {
            continue;
        }
        let shown = path.display().to_string();
        let file = environment.read(&path).map_err(|error| Error::file(&shown, "read", &error))?;
        if apply_file(&service, &file.text, &path, values)? {
            return Ok(());
        }
        asked.push(shown);
    }
    let error = values.wrong("service", &format!("names `{service}`, which no service file defines"));
    Err(match asked.as_slice() {
        [] => error.hint("a service is a section of ~/.pg_service.conf, or of the file that PGSERVICEFILE names"),
        asked => error.hint(format!("it would be a section [{service}] in {}", asked.join(" or "))),
    })
}

fn files(values: &Values, environment: &dyn Environment) -> Vec<(PathBuf, bool)> {
    let own = match values.text("servicefile") {
        Some(path) => Some((PathBuf::from(path), true)),
        None => environment.home().map(|home| {
            let folder = if cfg!(windows) { home.join("postgresql") } else { home };
            (folder.join(".pg_service.conf"), false)
        }),
    };
    let folder = environment.variable("PGSYSCONFDIR").filter(|folder| !folder.is_empty());
    let system = Path::new(folder.as_deref().unwrap_or(SYSTEM_FOLDER)).join("pg_service.conf");
    own.into_iter().chain([(system, false)]).collect()
}

/// Adds the parameters of a section, and says whether there is one.
fn apply_file(service: &str, text: &str, path: &Path, values: &mut Values) -> Result<bool> {
    let mut found = false;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            // As in libpq, a second section of the same name is not read.
            if found {
                return Ok(true);
            }
            found = section.strip_suffix(']') == Some(service);
            continue;
        }
        if !found {
            continue;
        }
        let at = || format!("{}:{}", path.display(), n + 1);
        let Some((name, value)) = line.split_once('=') else {
            return Err(Error::usage(format!("{}: a line of a service is name=value", at())));
        };
        if name != name.trim_end() {
            return Err(Error::usage(format!("{}: no space may stand before the `=`", at())));
        }
        if matches!(name, "service" | "servicefile") {
            return Err(Error::usage(format!("{}: a service cannot name another", at())));
        }
        let origin = Origin::Service { file: path.display().to_string(), line: n + 1 };
        values.set_default(name, value.to_owned(), origin)?;
    }
    Ok(found)
}
