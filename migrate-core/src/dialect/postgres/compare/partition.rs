//! Partitioned tables and partitions.

use super::super::expression::Environment;
use super::super::statement::Words;
use super::super::written;
use super::{Found, Pair, Side, scope};
use crate::dialect::Verdict;
use crate::schema::{Expression, Partition, Partitioning, Table, TableKind};

pub(super) fn compare(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, tables: Pair<&Table>) {
    if let (TableKind::Partitioned(before), TableKind::Partitioned(after)) = (&tables[0].kind, &tables[1].kind) {
        let environments = [0, 1].map(|n| sides[n].with_columns(&tables[n].columns));
        partitioning(found, object, [&environments[0], &environments[1]], [before, after]);
    }
    let pair = tables.map(|table| table.partition.as_ref());
    match pair {
        [Some(before), Some(after)] => {
            found.shown(object, "the partitioned table", [&before.parent, &after.parent].map(written::object));
            if before.parent == after.parent {
                bound(found, object, sides, [before, after]);
            }
        }
        [None, None] => {}
        pair => found.different(object, "`PARTITION OF`", pair.map(|side| side.map(|p| written::object(&p.parent)))),
    }
}

fn partitioning(found: &mut Found, object: &str, environments: Pair<&Environment>, pair: Pair<&Partitioning>) {
    let shown = |partitioning: &Partitioning| {
        let keys: Vec<&str> = partitioning.keys.iter().map(|key| key.text.as_str()).collect();
        Some(format!("`{} ({})`", partitioning.strategy.to_uppercase(), keys.join(", ")))
    };
    let [before, after] = pair;
    if !before.strategy.eq_ignore_ascii_case(&after.strategy) || before.keys.len() != after.keys.len() {
        return found.different(object, "`PARTITION BY`", pair.map(shown));
    }
    for (one, other) in before.keys.iter().zip(&after.keys) {
        let [(one_part, one_rest), (other_part, other_rest)] = [one, other].map(key);
        let rest = super::other::plain(&one_rest, &other_rest, "it is compared as text");
        let part = |expression: &Expression, text: String| Expression { text, ..expression.clone() };
        let (one, other) = (part(one, one_part), part(other, other_part));
        let verdict = match scope::compare([&one, &other], environments) {
            Verdict::Equal => rest,
            verdict => verdict,
        };
        found.note(object, "`PARTITION BY`", pair.map(shown), verdict);
    }
}

/// Splits a key into what is hashed or ordered, and the collation and operator class behind it.
fn key(expression: &Expression) -> (String, String) {
    let mut words = Words::new(&expression.text);
    let from = words.position();
    if words.group().is_none() {
        words.name();
        words.group();
    }
    let part = words.since(from).to_owned();
    let rest = words.position();
    words.until(&[]);
    (part, words.since(rest).to_owned())
}

/// Compares bounds value by value: a server prints a literal as its type does.
fn bound(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Partition>) {
    let bounds = pair.map(|partition| partition.bound.as_str());
    if bounds[0] == bounds[1] {
        return;
    }
    let shown = bounds.map(|bound| Some(format!("`{bound}`")));
    let types = [0, 1].map(|n| key_types(sides, n, pair[n]));
    let [Some(before), Some(after)] = bounds.map(lists) else {
        return found.different(object, "the bound", shown);
    };
    let same_shape = before.len() == after.len()
        && before.iter().zip(&after).all(|(one, other)| one.0 == other.0 && one.1.len() == other.1.len());
    if !same_shape {
        return found.different(object, "the bound", shown);
    }
    let list = before.first().is_some_and(|(word, _)| *word == "IN");
    for ((_, one), (_, other)) in before.iter().zip(&after) {
        for (n, (left, right)) in one.iter().zip(other).enumerate() {
            let ty = |side: usize| types[side].get(if list { 0 } else { n }).cloned().unwrap_or_default();
            let environments = [0, 1].map(|side| sides[side].environment.clone().target(&ty(side)));
            let verdict = scope::texts([left, right], [&environments[0], &environments[1]]);
            if verdict != Verdict::Equal {
                return found.note(object, "the bound", shown, verdict);
            }
        }
    }
}

/// Returns the types of the columns that are the keys of a partitioned table; an expression's is not known.
fn key_types(sides: &Pair<Side<'_>>, side: usize, partition: &Partition) -> Vec<String> {
    let Some(parent) = sides[side].schema.tables.get(&partition.parent) else { return Vec::new() };
    let TableKind::Partitioned(partitioning) = &parent.kind else { return Vec::new() };
    let ty = |expression: &Expression| {
        let name = Words::new(&key(expression).0).name().and_then(|mut parts| parts.pop());
        let column = name.and_then(|name| parent.column(&name));
        column.map(|column| written::column_type(&column.ty)).unwrap_or_default()
    };
    partitioning.keys.iter().map(ty).collect()
}

/// Reads `FOR VALUES FROM (…) TO (…)`, `IN (…)`, `WITH (…)`; the values of `DEFAULT` are none.
fn lists(bound: &str) -> Option<Vec<(&'static str, Vec<String>)>> {
    let mut words = Words::new(bound);
    if words.accept(&["DEFAULT"]) {
        return words.is_done().then(|| vec![("DEFAULT", Vec::new())]);
    }
    words.accept(&["FOR", "VALUES"]).then_some(())?;
    let mut lists = Vec::new();
    while !words.is_done() {
        let word = ["FROM", "TO", "IN", "WITH"].into_iter().find(|word| words.accept(&[word]))?;
        let group = words.group()?;
        let mut values: Vec<String> = Words::split(group).into_iter().map(value).collect();
        if word == "IN" {
            values.sort();
        }
        lists.push((word, values));
    }
    Some(lists)
}

/// Returns a value; what is no expression is a word.
fn value(text: &str) -> String {
    let mut words = Words::new(text);
    for word in ["MINVALUE", "MAXVALUE"] {
        if words.is(word) && words.rest().len() == 1 {
            return format!("'{word}'::text");
        }
    }
    for word in ["MODULUS", "REMAINDER"] {
        if words.accept(&[word]) {
            return format!("'{word} {}'::text", words.until(&[]));
        }
    }
    text.to_owned()
}
