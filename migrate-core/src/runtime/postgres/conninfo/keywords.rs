//! Reads libpq's `key = value` text, by the rules of its `conninfo_parse`.

use crate::{Error, Result};

use super::parameter;
use super::values::{Origin, Values};

/// Reads the text.
///
/// What stands where a parameter should is never shown: an unquoted password with a space in it goes on there.
pub(super) fn read(text: &str) -> Result<Values> {
    let mut values = Values::default();
    let mut previous: Option<&'static str> = None;
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(after) = after.trim_start().strip_prefix('=') else {
            return Err(no_value(previous));
        };
        let Some(parameter) = parameter::find(name) else {
            return Err(unknown(name, previous));
        };
        if values.get(parameter.name).is_some() {
            return Err(Error::usage(format!("`{}` is given twice", parameter.name)));
        }
        let (value, after) = read_value(after.trim_start(), parameter.name)?;
        values.set(parameter.name, value, Origin::Given)?;
        previous = Some(parameter.name);
        rest = after.trim_start();
    }
    Ok(values)
}

/// Reads a value, quoted or not, and returns what follows it.
fn read_value<'t>(text: &'t str, name: &str) -> Result<(String, &'t str)> {
    let quoted = text.starts_with('\'');
    let text = text.strip_prefix('\'').unwrap_or(text);
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            c if !quoted && c.is_whitespace() => return Ok((value, &text[at..])),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    if quoted {
        return Err(Error::usage(format!("the quote that opens the value of `{name}` is not closed"))
            .hint("a quote in a value is written \\' and a backslash \\\\"));
    }
    Ok((value, ""))
}

fn no_value(previous: Option<&str>) -> Error {
    match previous {
        Some(previous) => Error::usage(format!("a word without `=` follows the value of `{previous}`"))
            .hint(format!("a value with spaces is quoted: {previous}='…'")),
        None => Error::usage("the connection string is neither a URL nor a list of key=value")
            .hint("postgresql://USER@HOST:5432/DATABASE, or host=HOST dbname=DATABASE user=USER"),
    }
}

fn unknown(name: &str, previous: Option<&str>) -> Error {
    if previous == Some("password") || !is_word(name) {
        return Error::usage(
            "what stands before a `=` is no parameter of a connection, and may be a part of a password",
        )
        .hint("a value with spaces is quoted: password='…'; a quote in it is written \\' and a backslash \\\\");
    }
    parameter::unknown(&Origin::Given.label(name), name)
}

/// Says whether a name can be shown: it looks like one, and is not long enough to be a key.
pub(super) fn is_word(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}
