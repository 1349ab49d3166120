//! Constraints of tables.

use super::super::expression::Environment;
use super::super::written;
use super::{Difference, Found, Pair, Side, flag, index, options, pairs, scope};
use crate::schema::{Constraint, ConstraintKind, ForeignKey, Key, ObjectName, ReferentialAction, Table};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>, name: &ObjectName, tables: Pair<&Table>) {
    let environments = [0, 1].map(|n| sides[n].with_columns(&tables[n].columns));
    for (constraint, pair) in pairs([&tables[0].constraints, &tables[1].constraints]) {
        // A copy goes with the constraint that it is a copy of.
        if pair.iter().flatten().any(|constraint| !constraint.local) && (is_partition(tables) || only_copies(pair)) {
            continue;
        }
        let object = format!("constraint {} of {}", written::identifier(constraint), written::object(name));
        if let Some(pair) = found.both(&object, pair) {
            one(found, &object, sides, tables, pair, [&environments[0], &environments[1]]);
        }
    }
}

fn is_partition(tables: Pair<&Table>) -> bool {
    tables.iter().any(|table| table.partition.is_some())
}

fn only_copies(pair: Pair<Option<&Constraint>>) -> bool {
    pair.iter().flatten().all(|constraint| !constraint.local)
}

fn one(
    found: &mut Found,
    object: &str,
    sides: &Pair<Side<'_>>,
    tables: Pair<&Table>,
    pair: Pair<&Constraint>,
    environments: Pair<&Environment>,
) {
    let [before, after] = pair;
    match (&before.kind, &after.kind) {
        (ConstraintKind::PrimaryKey(one), ConstraintKind::PrimaryKey(other))
        | (ConstraintKind::Unique(one), ConstraintKind::Unique(other)) => key(found, object, [one, other]),
        (ConstraintKind::ForeignKey(one), ConstraintKind::ForeignKey(other)) => {
            foreign_key(found, object, [one, other]);
        }
        (
            ConstraintKind::Check { expression: one, no_inherit },
            ConstraintKind::Check { expression: other, no_inherit: other_inherit },
        ) => {
            let targets = environments.map(|environment| environment.clone().target("boolean"));
            let verdict = scope::compare([one, other], [&targets[0], &targets[1]]);
            found.note(object, "the expression", scope::shown([one, other]), verdict);
            found.flag(object, "`NO INHERIT`", [*no_inherit, *other_inherit]);
        }
        (
            ConstraintKind::Exclusion { index: one, operators },
            ConstraintKind::Exclusion { index: other, operators: other_operators },
        ) => {
            index::definition(found, object, sides, tables.map(|table| table.columns.as_slice()), [one, other]);
            let operators = [operators, other_operators];
            let plain =
                operators.map(|list| list.iter().map(|name| plain_operator(name)).collect::<Vec<_>>().join(", "));
            if plain[0] != plain[1] {
                found.different(
                    object,
                    "the list of operators",
                    operators.map(|list| Some(format!("`{}`", list.join(", ")))),
                );
            }
        }
        (one, other) => found.different(object, "the kind", [Some(kind(one)), Some(kind(other))]),
    }
    found.flag(object, "`DEFERRABLE`", [before.deferrable, after.deferrable]);
    found.flag(object, "`INITIALLY DEFERRED`", [before.initially_deferred, after.initially_deferred]);
    found.flag(
        object,
        "`NOT VALID`",
        [!before.validated, !after.validated].map(|is| is && before.enforced && after.enforced),
    );
    found.flag(object, "`NOT ENFORCED`", [!before.enforced, !after.enforced]);
    found.flag(object, "a declaration of its own", [before.local, after.local]);
    found.text(object, "the comment", [before.comment.as_deref(), after.comment.as_deref()]);
}

/// Returns an operator without the schema that the other text may leave to the search path.
fn plain_operator(name: &str) -> &str {
    let inner = name.strip_prefix("OPERATOR(").and_then(|rest| rest.strip_suffix(')'));
    inner.map_or(name, |inner| inner.rsplit('.').next().unwrap_or(inner)).trim()
}

fn kind(kind: &ConstraintKind) -> String {
    match kind {
        ConstraintKind::PrimaryKey(_) => "a primary key",
        ConstraintKind::Unique(_) => "a unique key",
        ConstraintKind::Exclusion { .. } => "an exclusion",
        ConstraintKind::Check { .. } => "a check",
        ConstraintKind::ForeignKey(_) => "a foreign key",
    }
    .to_owned()
}

fn columns(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("({})", written::list(names)))
}

fn lists(found: &mut Found, object: &str, what: &str, sides: Pair<&[String]>) {
    if sides[0] != sides[1] {
        found.different(object, what, sides.map(columns));
    }
}

fn key(found: &mut Found, object: &str, keys: Pair<&Key>) {
    let [before, after] = keys;
    lists(found, object, "the list of columns", [&before.columns, &after.columns]);
    lists(found, object, "`INCLUDE`", [&before.include, &after.include]);
    found.flag(object, "`NULLS NOT DISTINCT`", [before.nulls_not_distinct, after.nulls_not_distinct]);
    found.flag(object, "`WITHOUT OVERLAPS`", [before.without_overlaps, after.without_overlaps]);
    found.text(object, "the tablespace", [before.tablespace.as_deref(), after.tablespace.as_deref()]);
    found.text(object, "the comment on its index", [before.index_comment.as_deref(), after.index_comment.as_deref()]);
    lists(found, object, Difference::OWN_COLUMNS, [&before.index_columns, &after.index_columns]);
    options(found, object, [&before.options, &after.options]);
}

fn foreign_key(found: &mut Found, object: &str, keys: Pair<&ForeignKey>) {
    let [before, after] = keys;
    lists(found, object, "the list of columns", [&before.columns, &after.columns]);
    found.shown(object, "the target", [&before.target, &after.target].map(written::object));
    lists(found, object, "the target's columns", [&before.target_columns, &after.target_columns]);
    found.shown(object, "`ON DELETE`", [before.on_delete, after.on_delete].map(action));
    found.shown(object, "`ON UPDATE`", [before.on_update, after.on_update].map(action));
    lists(found, object, "the list of columns to set", [&before.set_columns, &after.set_columns]);
    found.flag(object, "`MATCH FULL`", [before.match_full, after.match_full]);
    if before.period != after.period {
        found.different(object, "`PERIOD`", [flag(before.period), flag(after.period)]);
    }
}

fn action(action: ReferentialAction) -> String {
    written::action(action).to_owned()
}
