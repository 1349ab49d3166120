//! Views and materialized views.

use std::collections::BTreeSet;

use super::super::{statement, written};
use super::{Found, Pair, Side, index, options, other, pairs, scope, trigger};
use crate::dialect::Verdict;
use crate::schema::{Expression, ObjectName, View};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (name, pair) in pairs([&sides[0].schema.views, &sides[1].schema.views]) {
        let materialized = pair.iter().flatten().all(|view| view.materialized);
        let kind = if materialized { "materialized view" } else { "view" };
        let object = format!("{kind} {}", written::object(name));
        if let Some(pair) = found.both(&object, pair) {
            view(found, &object, sides, name, pair);
        }
    }
}

fn view(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, name: &ObjectName, pair: Pair<&View>) {
    found.flag(object, "`MATERIALIZED`", pair.map(|view| view.materialized));
    columns(found, object, name, pair);
    let verdict = query(pair.map(|view| &view.query));
    found.note(object, "the query", scope::shown(pair.map(|view| &view.query)), verdict);
    options(found, object, pair.map(|view| view.options.as_slice()));
    found.text(object, "the access method", pair.map(|view| view.access_method.as_deref().filter(|m| *m != "heap")));
    found.text(object, "the tablespace", pair.map(|view| view.tablespace.as_deref()));
    found.text(object, "`CLUSTER`", pair.map(|view| view.clustered.as_deref()));
    found.text(object, "the comment", pair.map(|view| view.comment.as_deref()));
    let columns = pair.map(|view| view.columns.as_slice());
    index::compare(found, sides, name, columns, pair.map(|view| &view.indexes));
    let environments = [0, 1].map(|n| sides[n].with_columns(columns[n]));
    trigger::compare(found, [&environments[0], &environments[1]], name, pair.map(|view| &view.triggers));
}

/// Compares the columns as far as both sides know them: without a server their types may not be known, nor, without a
/// list, their names.
fn columns(found: &mut Found, object: &str, name: &ObjectName, pair: Pair<&View>) {
    if pair.iter().any(|view| view.columns.is_empty()) {
        return;
    }
    let names = pair.map(|view| {
        let names: Vec<String> = view.columns.iter().map(|column| written::identifier(&column.name)).collect();
        format!("({})", names.join(", "))
    });
    if names[0] != names[1] {
        return found.shown(object, "the list of columns", names);
    }
    for (before, after) in pair[0].columns.iter().zip(&pair[1].columns) {
        let object = format!("column {}.{}", written::object(name), written::identifier(&before.name));
        let types = [before, after].map(|column| written::column_type(&column.ty));
        if types.iter().all(|ty| !ty.is_empty()) {
            found.shown(&object, "the type", types);
        }
        found.text(&object, "the comment", [before.comment.as_deref(), after.comment.as_deref()]);
    }
}

/// Compares queries: the same words are the same query, other relations another one; the rest is the server's to tell.
pub(super) fn query(pair: Pair<&Expression>) -> Verdict {
    let [before, after] = pair.map(other::unqualified);
    let doubt = "the texts differ, and only a server could tell whether the queries do";
    let verdict = other::plain(&before, &after, doubt);
    match scope::conflict(&pair[0].references, &pair[1].references).or_else(|| relations(pair)) {
        Some(reason) => Verdict::Different(reason),
        None => verdict,
    }
}

/// Tells of a relation that only one of two queries can name. Those of a fold are never too few, those that a server
/// recorded are exact; so it is enough to look for the words.
fn relations(pair: Pair<&Expression>) -> Option<String> {
    let named = pair.map(|query| statement::names(&query.text));
    let of =
        |n: usize| -> BTreeSet<&ObjectName> { pair[n].references.relations.iter().map(|(name, _)| name).collect() };
    let missing = |n: usize, other: usize| {
        of(n).into_iter().find(|name| named[n].contains(&name.name) && !named[other].contains(&name.name))
    };
    let name = missing(0, 1).or_else(|| missing(1, 0))?;
    Some(format!("only one reads {name}"))
}
