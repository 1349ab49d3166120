//! What two schemas differ in, a file for each kind of object.
//!
//! Either schema may be folded from migrations or read from a server. What PostgreSQL does not tell apart is no
//! difference: how a name or type is spelled, what is the default anyway, the order of columns and options, and
//! expressions that the server prints alike. What follows from another object is not told twice: the columns and
//! indexes of a missing table, the copies that partitions have, the sequence of an identity.
//!
//! Before PostgreSQL 18 a NOT NULL constraint has no name, so that one is compared only where both sides know it.

mod column;
mod constraint;
mod found;
mod index;
mod other;
mod partition;
mod routine;
mod scope;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use super::super::Difference;
use super::written;
use crate::schema::Schema;
use found::{Found, flag};
use scope::Side;

/// Two sides of the same thing.
type Pair<T> = [T; 2];

/// Returns what two schemas differ in, object by object.
pub(super) fn compare(before: &Schema, after: &Schema) -> Vec<Difference> {
    let mut found = Found::default();
    let sides = scope::sides(before, after);
    namespaces(&mut found, &sides);
    other::extensions(&mut found, &sides);
    types::compare(&mut found, &sides);
    sequence::compare(&mut found, &sides);
    table::compare(&mut found, &sides);
    view::compare(&mut found, &sides);
    routine::compare(&mut found, &sides);
    other::compare(&mut found, &sides);
    found.into_differences()
}

fn namespaces(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (name, pair) in pairs([&sides[0].schema.namespaces, &sides[1].schema.namespaces]) {
        let object = format!("schema {}", written::identifier(name));
        if let Some([before, after]) = found.both(&object, pair) {
            found.text(&object, "the comment", [before.comment.as_deref(), after.comment.as_deref()]);
        }
    }
}

/// Pairs what has the same name.
fn pairs<K: Ord, V>(sides: Pair<&BTreeMap<K, V>>) -> Vec<(&K, Pair<Option<&V>>)> {
    let names: BTreeSet<&K> = sides[0].keys().chain(sides[1].keys()).collect();
    names.into_iter().map(|name| (name, sides.map(|side| side.get(name)))).collect()
}

/// Compares `key=value` options, whatever their order.
fn options(found: &mut Found, object: &str, sides: Pair<&[String]>) {
    let maps = sides.map(|options| {
        let options = options.iter().map(|option| option.split_once('=').unwrap_or((option, "true")));
        options.map(|(key, value)| (key.to_ascii_lowercase(), value.to_owned())).collect::<BTreeMap<_, _>>()
    });
    for (key, pair) in pairs([&maps[0], &maps[1]]) {
        let equal = match pair {
            [Some(before), Some(after)] => same_setting(before, after),
            _ => false,
        };
        if !equal {
            let shown = pair.map(|value| value.map(|value| format!("`{value}`")));
            found.different(object, &format!("the option `{key}`"), shown);
        }
    }
}

/// Returns whether two values of a storage parameter are the same: the server keeps them as they were typed.
fn same_setting(before: &str, after: &str) -> bool {
    let plain = |value: &str| {
        let value = value.trim().trim_matches('\'').to_ascii_lowercase();
        match value.as_str() {
            "on" | "yes" => "true".to_owned(),
            "off" | "no" => "false".to_owned(),
            _ => value.parse::<f64>().map_or(value, |number| number.to_string()),
        }
    };
    plain(before) == plain(after)
}
