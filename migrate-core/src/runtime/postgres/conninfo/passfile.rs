//! Reads the password file: `host:port:database:user:password` on a line, the first that fits counts.

use std::io;
use std::path::PathBuf;

use super::environment::Environment;
use super::settings::{Address, Host, Password};
use super::values::{Origin, Values};

/// The folders that libpq is built to look for a socket in: upstream's, and that of Debian and Red Hat.
pub(super) const SOCKET_FOLDERS: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// Gives each host its password from the file, and returns what the user should know about the file.
pub(super) fn apply(
    hosts: &mut [Host],
    (user, database): (&str, &str),
    values: &Values,
    environment: &dyn Environment,
) -> Option<String> {
    let named = values.text("passfile").map(PathBuf::from);
    let path = named.clone().or_else(|| default_path(environment))?;
    let shown = path.display().to_string();
    let file = match environment.read(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => return None,
        Err(error) => return Some(format!("the password file {shown} is not read: {error}")),
    };
    if file.open_to_others {
        return Some(format!("the password file {shown} is not read, because others may read it: chmod 600 {shown}"));
    }
    for host in hosts {
        let (name, port) = (host_name(&host.address), host.port.to_string());
        if let Some(text) = find(&file.text, [&name, &port, database, user]) {
            host.password = Some(Password { text, origin: Origin::Passfile(shown.clone()) });
        }
    }
    None
}

fn default_path(environment: &dyn Environment) -> Option<PathBuf> {
    let home = environment.home()?;
    Some(if cfg!(windows) { home.join("postgresql").join("pgpass.conf") } else { home.join(".pgpass") })
}

/// Returns the host as the file names it. A socket goes by its folder, or by `localhost` where it is the default one.
fn host_name(address: &Address) -> String {
    match address {
        Address::Socket(folder) => {
            let folder = folder.to_string_lossy();
            let usual = SOCKET_FOLDERS.contains(&folder.trim_end_matches('/'));
            if usual { "localhost".to_owned() } else { folder.into_owned() }
        }
        Address::Tcp { name: Some(name), .. } => name.clone(),
        Address::Tcp { name: None, ip } => ip.map(|ip| ip.to_string()).unwrap_or_default(),
    }
}

/// Returns the password of the first line whose fields fit. An empty one is none.
fn find(text: &str, wanted: [&str; 4]) -> Option<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let (fields, password) = split(line);
        let fits = |(field, wanted): (&Field, &str)| field.any || field.text == wanted;
        if fields.len() == wanted.len() && fields.iter().zip(wanted).all(fits) {
            return Some(password).filter(|password| !password.is_empty());
        }
    }
    None
}

/// A field of a line.
struct Field {
    /// Without its backslashes.
    text: String,
    /// Whether it was a bare `*`, which fits everything.
    any: bool,
}

/// Splits a line at its first four colons; a backslash takes the meaning of the character after it.
fn split(line: &str) -> (Vec<Field>, String) {
    let mut fields = Vec::new();
    let (mut text, mut raw) = (String::new(), String::new());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' if fields.len() < 4 => {
                fields.push(Field { any: raw == "*", text: std::mem::take(&mut text) });
                raw.clear();
            }
            '\\' => {
                // A backslash at the end stands for itself.
                let next = chars.next().unwrap_or('\\');
                text.push(next);
                raw.extend(['\\', next]);
            }
            c => {
                text.push(c);
                raw.push(c);
            }
        }
    }
    (fields, text)
}
