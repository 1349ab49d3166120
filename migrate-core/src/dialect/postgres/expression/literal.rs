//! The canonical text of a literal: what the server prints after it has read the text as a value of the type.

use super::environment::Environment;
use super::number;
use super::typename::Type;

mod array;
mod bytes;
mod date;
mod interval;
mod json;
mod name;

pub(super) use interval::restrict as restrict_interval;
pub(super) use name::parts as name_parts;

/// What a literal's text means to its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Canonical {
    /// Two literals are equal if and only if these are.
    Known(String),
    /// Only literals of the same text are known to be equal.
    Unknown(&'static str),
}

/// Returns the canonical text of a literal.
pub(super) fn canonical(text: &str, data_type: &Type, environment: &Environment) -> Canonical {
    let known =
        |value: Option<String>| value.map_or(Canonical::Unknown("it is not in the usual form"), Canonical::Known);
    if data_type.array {
        return array::canonical(text, data_type, environment);
    }
    if data_type.schema.is_some() {
        return user_type(text, data_type, environment);
    }
    match data_type.name.as_str() {
        "int2" => known(number::integer(text, 16)),
        "int4" => known(number::integer(text, 32)),
        "int8" | "oid" => known(number::integer(text, 64)),
        "numeric" => known(number::canonical(text)),
        "float4" => known(number::float(text, true)),
        "float8" => known(number::float(text, false)),
        "bool" => known(boolean(text)),
        "text" | "varchar" | "bpchar" | "name" | "json" => Canonical::Known(text.to_owned()),
        // One byte, which may be written as an escape.
        "char" => known((text.len() == 1).then(|| text.to_owned())),
        "bit" | "varbit" => known(bytes::bits(text)),
        "uuid" => known(bytes::uuid(text)),
        "bytea" => known(bytes::bytea(text)),
        "date" => date::date(text),
        "timestamp" => date::timestamp(text),
        "timestamptz" => date::timestamptz(text),
        "time" => date::time(text),
        "interval" => interval::canonical(text, data_type.modifier.as_deref()),
        "jsonb" => known(json::canonical(text)),
        "regclass" | "regconfig" | "regdictionary" | "regproc" | "regcollation" => name::object(text, environment),
        "regtype" => known(Type::parse(text).map(|data_type| data_type.to_string())),
        _ if super::catalog::is_type(&data_type.name) => Canonical::Unknown("the server rewrites values of this type"),
        _ => user_type(text, data_type, environment),
    }
}

fn user_type(text: &str, data_type: &Type, environment: &Environment) -> Canonical {
    if environment.is_enumeration(data_type) {
        return Canonical::Known(text.to_owned());
    }
    Canonical::Unknown("what its type makes of it is not known")
}

/// Returns `t` or `f` for what the server reads as a boolean: words of which a beginning is enough.
fn boolean(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if begins("true", 1) || begins("yes", 1) || text == "on" || text == "1" {
        Some("t".into())
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0" {
        Some("f".into())
    } else {
        None
    }
}
