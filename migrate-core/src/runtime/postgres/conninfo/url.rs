//! Reads a database URL, by the rules of libpq's `conninfo_uri_parse`, which are looser than those of the web.
//!
//! libpq takes the first `@` for the end of the password and the first `/` for the end of the hosts, so that a password
//! with such a character in it moves into the host, the port or the database. Each such case is an error here, and no
//! error shows anything of the text but the names of parameters.

use crate::{Error, Result};

use super::keywords::is_word;
use super::parameter;
use super::values::{Origin, Values};

/// Reads a URL.
pub(super) fn read(text: &str) -> Result<Values> {
    let rest = after_scheme(text)?;
    if rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong("it has white space in it").hint("a space is written %20"));
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    if authority.matches('@').count() > 1 {
        return Err(wrong("more than one `@` stands before the path").hint("an `@` in a password is written %40"));
    }
    let mut values = Values::default();
    let places = match authority.split_once('@') {
        Some((login, places)) => {
            read_login(login, &mut values)?;
            places
        }
        None => authority,
    };
    read_hosts(places, &mut values)?;
    if let Some(database) = path.strip_prefix('/') {
        read_database(database, &mut values)?;
    }
    if let Some(query) = query {
        read_query(query, &mut values)?;
    }
    Ok(values)
}

fn wrong(what: &str) -> Error {
    Error::usage(format!("the database URL is wrong: {what}"))
}

fn after_scheme(text: &str) -> Result<&str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(wrong("it does not begin with postgresql://"));
    };
    let (name, driver) = scheme.split_once('+').unwrap_or((scheme, "driver"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if matches!(name, "postgres" | "postgresql") && !driver.is_empty() && driver.chars().all(is_name) {
        return Ok(rest);
    }
    let error = wrong("it is none of PostgreSQL");
    Err(match scheme.to_ascii_lowercase().as_str() {
        "jdbc:postgresql" => {
            error.hint("without `jdbc:`, and with the user before the host: postgresql://USER@HOST/DATABASE")
        }
        "postgres" | "postgresql" => error.hint("the scheme is written in lower case"),
        _ => error.hint("postgresql://USER@HOST:5432/DATABASE"),
    })
}

fn read_login(login: &str, values: &mut Values) -> Result<()> {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    if user.is_empty() {
        return Err(wrong("no user stands before the `@`").hint("was a variable not set?"));
    }
    values.set("user", decode(user, "the user")?, Origin::Given)?;
    values.set("password", decode(password, "the password")?, Origin::Given)
}

fn read_hosts(places: &str, values: &mut Values) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let mut hosts = Vec::new();
    let mut ports = Vec::new();
    for place in places.split(',') {
        let (host, port) = split_place(place)?;
        // libpq connects to the local server then, which is not where a URL with a variable in it should end.
        if host.is_empty() {
            return Err(
                wrong("a host is empty").hint("was a variable not set? the local server is named by ?port=5432")
            );
        }
        let port = match port {
            Some("") => return Err(wrong("a port is empty").hint("was a variable not set?")),
            Some(port) => decode(port, "a port")?,
            None => String::new(),
        };
        if !port.is_empty() && !parameter::is_port(&port) {
            return Err(wrong("a port is no number from 1 to 65535")
                .hint("in a password, `/` is written %2F, `?` %3F, `:` %3A and `@` %40"));
        }
        hosts.push(decode(host, "a host")?);
        ports.push(port);
    }
    values.set("host", hosts.join(","), Origin::Given)?;
    // A host without a port has libpq's default, but a list without any leaves the choice to the environment.
    if ports.iter().any(|port| !port.is_empty()) {
        values.set("port", ports.join(","), Origin::Given)?;
    }
    Ok(())
}

/// Splits `host:port`; an IPv6 address is in brackets.
fn split_place(place: &str) -> Result<(&str, Option<&str>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let Some((host, after)) = rest.split_once(']') else {
            return Err(wrong("the bracket of an IPv6 address is not closed"));
        };
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(wrong("something other than a port follows an IPv6 address")),
        };
    }
    match place.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(wrong("a host has more than one `:`")
            .hint("an IPv6 address stands in brackets: [::1]:5432; a password is followed by an `@`")),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((place, None)),
    }
}

fn read_database(database: &str, values: &mut Values) -> Result<()> {
    if database.contains(['/', '@']) {
        return Err(wrong("the database's name has a raw `/` or `@` in it")
            .hint("`/` is written %2F and `@` %40, in a name as in a password")
            .hint("the folder of a socket is given as ?host=/FOLDER"));
    }
    values.set("dbname", decode(database, "the database's name")?, Origin::Given)
}

fn read_query(query: &str, values: &mut Values) -> Result<()> {
    let mut seen: Vec<String> = Vec::new();
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(wrong("a parameter after the `?` has no `=`")
                .hint("in a password, `?` is written %3F, `&` %26 and `=` %3D"));
        };
        let name = decode(name, "a parameter's name")?;
        let value = decode(value, "a parameter's value")?;
        // What JDBC writes; libpq takes it, too.
        let (name, value) = match (name.as_str(), value.as_str()) {
            ("ssl", "true") => ("sslmode".to_owned(), "require".to_owned()),
            _ => (name, value),
        };
        if parameter::find(&name).is_none() && !may_be_shown(&name, query, seen.last()) {
            return Err(wrong("a parameter after the `?` is unknown, and may be a part of a password")
                .hint("in a password, `?` is written %3F, `&` %26, `=` %3D and `@` %40"));
        }
        if seen.contains(&name) {
            return Err(Error::usage(format!("`{name}` is given twice")).hint("several hosts are separated by commas"));
        }
        // As in libpq, it wins over what stands before the `?`: `postgresql://localhost/db?host=/tmp` is in use.
        values.set(&name, value, Origin::Given)?;
        seen.push(name);
    }
    Ok(())
}

/// Says whether an unknown name is surely none of the pieces into which `?`, `&`, `=` and `@` break a password.
fn may_be_shown(name: &str, query: &str, previous: Option<&String>) -> bool {
    is_word(name) && !query.contains('@') && previous.is_none_or(|previous| previous != "password")
}

/// Decodes `%20`.
fn decode(text: &str, what: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        match (rest.next().and_then(digit), rest.next().and_then(digit)) {
            (Some(high), Some(low)) => bytes.push(high << 4 | low),
            _ => {
                return Err(wrong(&format!("a `%` in {what} is not followed by two hexadecimal digits"))
                    .hint("a `%` itself is written %25"));
            }
        }
    }
    if bytes.contains(&0) {
        return Err(wrong(&format!("%00 cannot stand in {what}")));
    }
    String::from_utf8(bytes).map_err(|_| wrong(&format!("{what} is not UTF-8")))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
