//! Triggers of tables and views.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{statement, written};
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{ObjectName, Schema, Table, Trigger};

pub(super) fn plan(
    plan: &mut Plan<'_>,
    relation: &ObjectName,
    after: &Node,
    triggers: &BTreeMap<String, Trigger>,
    table: Option<&Table>,
) {
    for (name, trigger) in triggers {
        let mut needs = plan.needs(&trigger.definition.references);
        needs.insert(after.clone());
        if let Some(function) = &trigger.function {
            let called = crate::schema::References {
                routines: BTreeSet::from([function.clone()]),
                ..crate::schema::References::default()
            };
            needs.extend(plan.needs(&called));
        }
        let on = format!("{} ON {}", written::identifier(name), written::object(relation));
        let mut statements = Vec::new();
        let mut usual = Some('O');
        if trigger.inherited {
            // It comes with the partitioned table's.
            let parent = table.and_then(|table| table.partition.as_ref()).map(|partition| &partition.parent);
            let parent = parent.and_then(|parent| Some((parent, plan.schema.tables.get(parent)?.triggers.get(name)?)));
            if let Some((parent, found)) = parent {
                usual = found.enabled;
                needs.insert(Node::part(Kind::Trigger, parent, name));
                needs.insert(Node::new(Kind::Partition, relation));
            }
        } else {
            let create = create(plan.schema, relation, name, trigger);
            needs.extend(create.1.and_then(|other| plan.relation(&other)));
            statements.push(create.0);
        }
        if trigger.enabled != usual && trigger.enabled.is_some() {
            let words = match trigger.enabled {
                Some('D') => "DISABLE",
                Some('R') => "ENABLE REPLICA",
                Some('A') => "ENABLE ALWAYS",
                _ => "ENABLE",
            };
            let (table, name) = (written::object(relation), written::identifier(name));
            statements.push(Sql::plain(format!("ALTER TABLE {table} {words} TRIGGER {name}")));
        }
        statements.extend(comment("TRIGGER", &on, trigger.comment.as_deref()));
        plan.add(Node::part(Kind::Trigger, relation, name), needs, statements);
    }
}

/// Returns CREATE TRIGGER, and the other table of a constraint trigger.
fn create(schema: &Schema, relation: &ObjectName, name: &str, trigger: &Trigger) -> (Sql, Option<ObjectName>) {
    let references = &trigger.definition.references;
    let Some(parts) = statement::Trigger::parse(&trigger.definition.text) else {
        return (Sql::of(trigger.definition.text.clone(), references, &relation.schema), None);
    };
    let constraint = if parts.constraint { "CONSTRAINT " } else { "" };
    let mut sql = Sql::plain(format!("CREATE {constraint}TRIGGER {} {}", written::identifier(name), parts.timing));
    let events = parts.events.iter().map(|event| match event.as_str() {
        "UPDATE" if !trigger.columns.is_empty() => format!("UPDATE OF {}", written::list(&trigger.columns)),
        event => event.to_owned(),
    });
    sql.push(&format!(" {} ON {}", events.collect::<Vec<_>>().join(" OR "), written::object(relation)));
    let from = parts.from.as_ref().map(|from| other_table(schema, relation, from));
    if let Some(from) = &from {
        sql.push(&format!(" FROM {}", written::object(from)));
    }
    if parts.deferrable {
        sql.push(" DEFERRABLE");
    }
    if parts.initially_deferred {
        sql.push(" INITIALLY DEFERRED");
    }
    if !parts.transitions.is_empty() {
        sql.push(&format!(" REFERENCING {}", parts.transitions.join(" ")));
    }
    sql.push(if parts.each_row { " FOR EACH ROW" } else { " FOR EACH STATEMENT" });
    if let Some(condition) = &parts.condition {
        let condition = sql.names(condition, references);
        sql.push(&format!(" WHEN ({condition})"));
    }
    let function = match &trigger.function {
        Some(function) => written::object(function),
        None => parts.function.iter().map(|part| written::identifier(part)).collect::<Vec<_>>().join("."),
    };
    let arguments: Vec<String> = parts.arguments.iter().map(|argument| written::literal(argument)).collect();
    sql.push(&format!(" EXECUTE FUNCTION {function}({})", arguments.join(", ")));
    (sql, from)
}

/// Returns the table that a name means: with its schema as it is, else beside the trigger's, else the only one.
fn other_table(schema: &Schema, relation: &ObjectName, written: &[String]) -> ObjectName {
    match written {
        [schema, name] => ObjectName::new(schema, name),
        _ => {
            let name = written.last().cloned().unwrap_or_default();
            let beside = ObjectName::new(&relation.schema, &name);
            let elsewhere = || schema.tables.keys().find(|table| table.name == name).cloned();
            if schema.tables.contains_key(&beside) { beside } else { elsewhere().unwrap_or(beside) }
        }
    }
}
