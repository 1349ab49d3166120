//! Constraints of tables.

use super::super::written;
use super::{Sql, comment, index};
use crate::schema::{Constraint, ConstraintKind, ForeignKey, Key, ObjectName, ReferentialAction};

/// Returns a constraint as it stands in CREATE TABLE and behind ADD.
pub(super) fn clause(sql: &mut Sql, name: &str, constraint: &Constraint) -> String {
    let mut text = format!("CONSTRAINT {} ", written::identifier(name));
    text += &match &constraint.kind {
        ConstraintKind::PrimaryKey(found) => key("PRIMARY KEY", found),
        ConstraintKind::Unique(found) => {
            key(if found.nulls_not_distinct { "UNIQUE NULLS NOT DISTINCT" } else { "UNIQUE" }, found)
        }
        ConstraintKind::Exclusion { index, operators } => exclusion(sql, index, operators),
        ConstraintKind::Check { expression, no_inherit } => {
            let inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("CHECK ({}){inherit}", sql.expression(expression))
        }
        ConstraintKind::ForeignKey(found) => foreign_key(found),
    };
    if constraint.deferrable {
        text += " DEFERRABLE";
    }
    if constraint.initially_deferred {
        text += " INITIALLY DEFERRED";
    }
    if !constraint.enforced {
        text += " NOT ENFORCED";
    } else if !constraint.validated {
        text += " NOT VALID";
    }
    text
}

/// Returns whether a constraint can be a part of CREATE TABLE, which takes no rows for unchecked.
pub(super) fn is_immediate(constraint: &Constraint) -> bool {
    constraint.validated || !constraint.enforced
}

fn key(words: &str, key: &Key) -> String {
    let mut columns = written::list(&key.columns);
    if key.without_overlaps {
        columns += " WITHOUT OVERLAPS";
    }
    format!("{words} ({columns}){}", index_parameters(&key.include, &key.options, key.tablespace.as_deref()))
}

fn index_parameters(include: &[String], options: &[String], tablespace: Option<&str>) -> String {
    let mut text = String::new();
    if !include.is_empty() {
        text += &format!(" INCLUDE ({})", written::list(include));
    }
    text += &index::with(options);
    if let Some(tablespace) = tablespace {
        text += &format!(" USING INDEX TABLESPACE {}", written::identifier(tablespace));
    }
    text
}

fn exclusion(sql: &mut Sql, found: &crate::schema::Index, operators: &[String]) -> String {
    let keys = found.keys.iter().zip(operators).map(|(key, operator)| {
        let key = index::key(sql, key);
        format!("{key} WITH {operator}")
    });
    let keys: Vec<String> = keys.collect();
    let mut text = format!("EXCLUDE USING {} ({})", written::identifier(&found.method), keys.join(", "));
    text += &index_parameters(&found.include, &found.options, found.tablespace.as_deref());
    if let Some(predicate) = &found.predicate {
        text += &format!(" WHERE ({})", sql.expression(predicate));
    }
    text
}

fn foreign_key(key: &ForeignKey) -> String {
    let columns = |names: &[String]| match names.split_last() {
        Some((last, before)) if key.period => {
            let before = before.iter().map(|name| format!("{}, ", written::identifier(name)));
            format!("{}PERIOD {}", before.collect::<String>(), written::identifier(last))
        }
        _ => written::list(names),
    };
    let target = written::object(&key.target);
    let mut text =
        format!("FOREIGN KEY ({}) REFERENCES {target} ({})", columns(&key.columns), columns(&key.target_columns));
    if key.match_full {
        text += " MATCH FULL";
    }
    if key.on_update != ReferentialAction::NoAction {
        text += &format!(" ON UPDATE {}", written::action(key.on_update));
    }
    if key.on_delete != ReferentialAction::NoAction {
        text += &format!(" ON DELETE {}", written::action(key.on_delete));
        if !key.set_columns.is_empty() {
            text += &format!(" ({})", written::list(&key.set_columns));
        }
    }
    text
}

/// Returns what follows a constraint: its comments, and the names that its index's columns kept.
pub(super) fn settings(table: &ObjectName, name: &str, constraint: &Constraint) -> Vec<Sql> {
    let on = format!("{} ON {}", written::identifier(name), written::object(table));
    let mut statements: Vec<Sql> = comment("CONSTRAINT", &on, constraint.comment.as_deref()).into_iter().collect();
    let index_name = written::object(&ObjectName::new(&table.schema, name));
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            statements.extend(comment("INDEX", &index_name, key.index_comment.as_deref()));
            let now: Vec<String> = key.columns.iter().chain(&key.include).cloned().collect();
            statements.extend(index::own_columns(&index_name, &now, &key.index_columns));
        }
        ConstraintKind::Exclusion { index, .. } => {
            statements.extend(index::settings(&ObjectName::new(&table.schema, name), index));
        }
        _ => {}
    }
    statements
}
