//! Indexes.

use super::super::names::index_columns;
use super::super::types::derived_name;
use super::super::written;
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{Index, IndexKey, KeyPart, ObjectName};
use crate::sql::{POSTGRES, significant};

/// Plans the indexes of a relation, after a node.
pub(super) fn plan<'s>(
    plan: &mut Plan<'s>,
    relation: &ObjectName,
    after: &Node,
    indexes: impl Iterator<Item = (&'s String, &'s Index)>,
) {
    for (name, index) in indexes {
        let mut needs = std::collections::BTreeSet::from([after.clone()]);
        for key in &index.keys {
            if let KeyPart::Expression(expression) = &key.part {
                needs.extend(plan.needs(&expression.references));
            }
        }
        needs.extend(index.predicate.iter().flat_map(|predicate| plan.needs(&predicate.references)));
        let own = ObjectName::new(&relation.schema, name);
        let create = create(name, relation, index);
        plan.add(Node::part(Kind::Index, relation, name), needs, [create].into_iter().chain(settings(&own, index)));
    }
}

fn create(name: &str, relation: &ObjectName, index: &Index) -> Sql {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql =
        Sql::plain(format!("CREATE {unique}INDEX {} ON {}", written::identifier(name), written::object(relation)));
    let keys: Vec<String> = index.keys.iter().map(|found| key(&mut sql, found)).collect();
    sql.push(&format!(" USING {} ({})", written::identifier(&index.method), keys.join(", ")));
    if !index.include.is_empty() {
        sql.push(&format!(" INCLUDE ({})", written::list(&index.include)));
    }
    if index.nulls_not_distinct {
        sql.push(" NULLS NOT DISTINCT");
    }
    sql.push(&with(&index.options));
    if let Some(tablespace) = &index.tablespace {
        sql.push(&format!(" TABLESPACE {}", written::identifier(tablespace)));
    }
    if let Some(predicate) = &index.predicate {
        let text = sql.expression(predicate);
        sql.push(&format!(" WHERE {text}"));
    }
    sql
}

/// Returns a key.
pub(super) fn key(sql: &mut Sql, key: &IndexKey) -> String {
    let mut text = match &key.part {
        KeyPart::Column(name) => written::identifier(name),
        KeyPart::Expression(expression) => format!("({})", sql.expression(expression)),
    };
    if let Some(collation) = &key.collation {
        text += &format!(" COLLATE {collation}");
    }
    if let Some(class) = &key.operator_class {
        text += &format!(" {}", sql.names(class, &crate::schema::References::default()));
    }
    if key.descending {
        text += " DESC";
    }
    if let Some(first) = key.nulls_first {
        text += if first { " NULLS FIRST" } else { " NULLS LAST" };
    }
    text
}

/// Returns storage parameters.
pub(super) fn with(options: &[String]) -> String {
    if options.is_empty() {
        return String::new();
    }
    let option = |option: &String| {
        let (key, value) = option.split_once('=').unwrap_or((option, "true"));
        let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        let value = if plain && !value.is_empty() { value.to_owned() } else { written::literal(value) };
        format!("{key} = {value}")
    };
    format!(" WITH ({})", options.iter().map(option).collect::<Vec<_>>().join(", "))
}

/// Returns what follows an index: its comment, the names that its columns kept, their statistics targets.
pub(super) fn settings(name: &ObjectName, index: &Index) -> Vec<Sql> {
    let written = written::object(name);
    let mut statements: Vec<Sql> = comment("INDEX", &written, index.comment.as_deref()).into_iter().collect();
    let elements = index.keys.iter().map(|key| match &key.part {
        KeyPart::Column(name) => name.clone(),
        KeyPart::Expression(expression) => {
            derived_name(&significant(&expression.text, &POSTGRES)).unwrap_or_else(|| "expr".to_owned())
        }
    });
    let elements: Vec<String> = elements.chain(index.include.iter().cloned()).collect();
    statements.extend(own_columns(&written, &index_columns(&elements), &index.index_columns));
    for (column, target) in &index.statistics {
        let text = format!("ALTER INDEX {written} ALTER COLUMN {column} SET STATISTICS {target}");
        statements.push(Sql::plain(text));
    }
    statements
}

/// Returns the renames that give an index's own columns the names that they had: of names that are free at each step
/// first.
pub(super) fn own_columns(index: &str, now: &[String], wanted: &[String]) -> Vec<Sql> {
    let mut current = now.to_vec();
    let mut statements = Vec::new();
    let mut rename = |current: &mut Vec<String>, at: usize, to: &str| {
        let (from, to) = (written::identifier(&current[at]), written::identifier(to));
        statements.push(Sql::plain(format!("ALTER TABLE {index} RENAME COLUMN {from} TO {to}")));
    };
    for _ in 0..=wanted.len() {
        let open = (0..wanted.len().min(current.len())).filter(|at| current[*at] != wanted[*at]).collect::<Vec<_>>();
        let Some(first) = open.first().copied() else { break };
        let free = open.iter().copied().find(|at| !current.contains(&wanted[*at]));
        // In a circle of names one steps aside.
        let (at, to) = free.map_or_else(|| (first, format!("{}_", current[first])), |at| (at, wanted[at].clone()));
        rename(&mut current, at, &to);
        current[at] = to;
    }
    statements
}
