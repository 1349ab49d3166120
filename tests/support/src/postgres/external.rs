//! Reads the URL of a server that somebody else runs.

use percent_encoding::percent_decode_str;

/// The parts of a server's URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct External {
    pub(super) user: String,
    pub(super) password: String,
    pub(super) host: String,
    pub(super) port: u16,
    /// The database to connect to in order to create others.
    pub(super) database: String,
    /// What follows the question mark, as it was given.
    pub(super) params: String,
}

impl External {
    /// Parses `postgres://user:password@host[:port][/database][?params]`.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        let rest = rest.ok_or("it does not start with postgres://")?;
        let (rest, params) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) = authority.rsplit_once('@').ok_or("it names no user")?;
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        // The colons inside of brackets belong to the address.
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| format!("{port} is not a port"))?)
            }
            _ => (place, 5432),
        };
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        let database = if database.is_empty() { "postgres" } else { database };
        Ok(Self {
            user: decode(user)?,
            password: decode(password)?,
            host: host.to_owned(),
            port,
            database: decode(database)?,
            params: params.to_owned(),
        })
    }
}

fn decode(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8().map_err(|error| error.to_string())?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expect: Result<[&str; 6], &str>) {
        let found = External::parse(url);
        let parts = found.map(|it| [it.user, it.password, it.host, it.port.to_string(), it.database, it.params]);
        assert_eq!(parts, expect.map(|parts| parts.map(str::to_owned)).map_err(str::to_owned));
    }

    #[test]
    fn urls() {
        check(
            "postgres://u:p%40ss%3A@db:6000/x?sslmode=require",
            Ok(["u", "p@ss:", "db", "6000", "x", "sslmode=require"]),
        );
        check("postgresql://u@[::1]", Ok(["u", "", "[::1]", "5432", "postgres", ""]));
        check("postgres://u@[::1]:1/", Ok(["u", "", "[::1]", "1", "postgres", ""]));
        check("postgres://host/db", Err("it names no user"));
        check("postgres://u@:5432/db", Err("it names no host"));
        check("postgres://u@h:port/db", Err("port is not a port"));
        check("mysql://u@h", Err("it does not start with postgres://"));
    }
}
