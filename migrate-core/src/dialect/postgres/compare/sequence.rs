//! Sequences.

use super::super::written;
use super::{Found, Pair, Side, flag, pairs};
use crate::schema::{ObjectName, Persistence, Schema, Sequence};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (name, pair) in pairs([&sides[0].schema.sequences, &sides[1].schema.sequences]) {
        if follows(sides, pair) {
            continue;
        }
        let object = format!("sequence {}", written::object(name));
        if let Some(pair) = found.both(&object, pair) {
            sequence(found, &object, sides, pair);
        }
    }
}

/// Returns whether a sequence is missing with its column, or with the column's identity: that is told of the column.
fn follows(sides: &Pair<Side<'_>>, pair: Pair<Option<&Sequence>>) -> bool {
    let (sequence, other) = match pair {
        [Some(sequence), None] => (sequence, sides[1].schema),
        [None, Some(sequence)] => (sequence, sides[0].schema),
        _ => return false,
    };
    let Some(owner) = &sequence.owner else { return false };
    match other.tables.get(&owner.table).and_then(|table| table.column(&owner.column)) {
        None => true,
        Some(column) => owner.identity && column.identity.is_none(),
    }
}

fn sequence(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Sequence>) {
    let [before, after] = pair;
    found.shown(object, "the type", [before.ty.clone(), after.ty.clone()]);
    for (what, value) in [
        ("the start", (|s: &Sequence| s.start) as fn(&Sequence) -> i64),
        ("the increment", |s| s.increment),
        ("the minimum", |s| s.min),
        ("the maximum", |s| s.max),
        ("the cache", |s| s.cache),
    ] {
        found.shown(object, what, pair.map(|sequence| value(sequence).to_string()));
    }
    found.flag(object, "`CYCLE`", [before.cycle, after.cycle]);
    let unlogged = |n: usize| lasts(pair[n], sides[n].schema) == Persistence::Unlogged;
    found.flag(object, "`UNLOGGED`", [unlogged(0), unlogged(1)]);
    let owner = |sequence: &Sequence| {
        let owner = sequence.owner.as_ref()?;
        Some(format!("{}.{}", written::object(&owner.table), written::identifier(&owner.column)))
    };
    let owners = pair.map(owner);
    found.text(object, "the owner", [owners[0].as_deref(), owners[1].as_deref()]);
    if owners[0] == owners[1] {
        let identity = pair.map(|sequence| flag(sequence.owner.as_ref().is_some_and(|owner| owner.identity)));
        if identity[0] != identity[1] && !identity_differs(sides, before) {
            found.different(object, "the identity", identity);
        }
    }
    found.text(object, "the comment", [before.comment.as_deref(), after.comment.as_deref()]);
}

/// Returns whether the column tells that it is an identity on one side alone.
fn identity_differs(sides: &Pair<Side<'_>>, sequence: &Sequence) -> bool {
    let Some(owner) = &sequence.owner else { return false };
    let of = |schema: &Schema, table: &ObjectName| {
        schema.tables.get(table).and_then(|table| table.column(&owner.column)).map(|column| column.identity.is_some())
    };
    of(sides[0].schema, &owner.table) != of(sides[1].schema, &owner.table)
}

/// Returns how long a sequence lasts: since PostgreSQL 15 one that belongs to a column goes with its table, before it
/// lasts whatever the table does.
fn lasts(sequence: &Sequence, schema: &Schema) -> Persistence {
    let table = sequence.owner.as_ref().and_then(|owner| schema.tables.get(&owner.table));
    match table {
        Some(table) if table.persistence == Persistence::Unlogged => Persistence::Unlogged,
        _ => sequence.persistence,
    }
}
