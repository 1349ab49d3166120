//! A schema as DDL.

use std::collections::{BTreeMap, BTreeSet};

use super::identifier;
use crate::schema::{
    Column, Constraint, ConstraintKind, ForeignKey, Index, Key, KeyOrder, KeyPart, ObjectName, ReferentialAction,
    Schema, Table, TableKind, View,
};

/// Returns the statements that make a schema, in the order of what depends on what.
///
/// Names, expressions and the texts of triggers and virtual tables are those of the schema, so that what SQLite makes
/// of the statements is the same schema again.
pub(super) fn render(schema: &Schema) -> Vec<String> {
    let mut statements = Vec::new();
    let parents = |table: &Table| {
        let targets = table.constraints.values().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some(fold(&key.target)),
            _ => None,
        });
        targets.collect::<BTreeSet<_>>()
    };
    let tables = schema.tables.iter().map(|(name, table)| (name, parents(table))).collect();
    for name in ordered(&tables) {
        let table = &schema.tables[name];
        statements.push(render_table(name, table));
        statements.extend(table.indexes.iter().map(|(index, found)| render_index(index, name, found)));
    }
    let used = |view: &View| view.query.references.relations.iter().map(|(name, _)| fold(name)).collect();
    let views = schema.views.iter().map(|(name, view)| (name, used(view))).collect();
    for name in ordered(&views) {
        statements.push(render_view(name, &schema.views[name]));
    }
    let of_tables = schema.tables.values().flat_map(|table| table.triggers.values());
    let of_views = schema.views.values().flat_map(|view| view.triggers.values());
    statements.extend(of_tables.chain(of_views).map(|trigger| trigger.definition.text.clone()));
    statements
}

fn fold(name: &ObjectName) -> String {
    name.name.to_ascii_lowercase()
}

/// Returns names so that each follows those that it depends on, as far as they do not depend on each other.
fn ordered<'s>(names: &BTreeMap<&'s ObjectName, BTreeSet<String>>) -> Vec<&'s ObjectName> {
    let mut waiting: Vec<(&ObjectName, &BTreeSet<String>)> = names.iter().map(|(name, used)| (*name, used)).collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let open: BTreeSet<String> = waiting.iter().map(|(name, _)| fold(name)).collect();
        let free = waiting.iter().position(|(name, used)| used.iter().all(|u| *u == fold(name) || !open.contains(u)));
        order.push(waiting.remove(free.unwrap_or(0)).0);
    }
    order
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

/// Returns CREATE TABLE.
pub(super) fn render_table(name: &ObjectName, table: &Table) -> String {
    if let TableKind::External(text) = &table.kind {
        return text.clone();
    }
    let mut constraints: Vec<(&String, &Constraint)> = table.constraints.iter().collect();
    constraints.sort_by_key(|(_, constraint)| constraint.position);
    let (inline, own): (Vec<_>, Vec<_>) =
        constraints.into_iter().partition(|(_, constraint)| constraint.column.is_some());
    let autoincrement = table.options.iter().any(|option| option == "autoincrement");
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let ours = inline.iter().filter(|(_, constraint)| constraint.column.as_ref() == Some(&column.name));
            render_column(column, ours.map(|(key, constraint)| (key.as_str(), *constraint)), autoincrement)
        })
        .collect();
    lines.extend(own.iter().map(|(key, constraint)| {
        let columns = match &constraint.kind {
            ConstraintKind::ForeignKey(key) => format!("FOREIGN KEY ({}) ", list(&key.columns)),
            _ => String::new(),
        };
        format!("{}{columns}{}", named(key, constraint), render_constraint(constraint, autoincrement))
    }));
    let mut options = Vec::new();
    for (option, words) in [("strict", "STRICT"), ("without_rowid", "WITHOUT ROWID")] {
        if table.options.iter().any(|set| set == option) {
            options.push(words);
        }
    }
    let space = if options.is_empty() { "" } else { " " };
    format!("CREATE TABLE {} (\n    {}\n){space}{}", identifier(&name.name), lines.join(",\n    "), options.join(", "))
}

pub(super) fn render_column<'c>(
    column: &Column,
    constraints: impl Iterator<Item = (&'c str, &'c Constraint)>,
    autoincrement: bool,
) -> String {
    let mut parts = vec![identifier(&column.name)];
    let ty = column.ty.to_string();
    if !ty.is_empty() {
        parts.push(ty);
    }
    if !column.nullable {
        let name = column.not_null_name.as_ref().map(|name| format!("CONSTRAINT {} ", identifier(name)));
        let conflict = conflict(column.not_null_conflict.as_deref());
        parts.push(format!("{}NOT NULL{conflict}", name.unwrap_or_default()));
    }
    for (key, constraint) in constraints {
        parts.push(format!("{}{}", named(key, constraint), render_constraint(constraint, autoincrement)));
    }
    if let Some(default) = &column.default {
        parts.push(format!("DEFAULT {}", default.text));
    }
    if let Some(collation) = &column.collation {
        parts.push(format!("COLLATE {}", identifier(collation)));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        parts.push(format!("GENERATED ALWAYS AS ({}) {kind}", generated.expression.text));
    }
    parts.join(" ")
}

fn named(key: &str, constraint: &Constraint) -> String {
    // What follows a NUL tells constraints of the same name apart.
    let name = key.split('\0').next().unwrap_or_default();
    if constraint.named { format!("CONSTRAINT {} ", identifier(name)) } else { String::new() }
}

fn conflict(word: Option<&str>) -> String {
    word.map(|word| format!(" ON CONFLICT {word}")).unwrap_or_default()
}

pub(super) fn render_constraint(constraint: &Constraint, autoincrement: bool) -> String {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => render_key("PRIMARY KEY", key, constraint.column.is_some(), autoincrement),
        ConstraintKind::Unique(key) => render_key("UNIQUE", key, constraint.column.is_some(), false),
        ConstraintKind::Check { expression, .. } => format!("CHECK ({})", expression.text),
        ConstraintKind::ForeignKey(key) => render_foreign_key(constraint, key),
        ConstraintKind::Exclusion { .. } => String::new(),
    }
}

fn render_key(words: &str, key: &Key, inline: bool, autoincrement: bool) -> String {
    let conflict = conflict(key.on_conflict.as_deref());
    let last = if autoincrement { " AUTOINCREMENT" } else { "" };
    if inline {
        let descending = if key.orders.iter().any(|order| order.descending) { " DESC" } else { "" };
        return format!("{words}{descending}{conflict}{last}");
    }
    let plain = KeyOrder::default();
    let orders = key.orders.iter().chain(std::iter::repeat(&plain));
    let columns = key.columns.iter().zip(orders).map(|(column, order)| {
        let collation = order.collation.as_ref().map(|name| format!(" COLLATE {}", identifier(name)));
        let descending = if order.descending { " DESC" } else { "" };
        format!("{}{}{descending}", identifier(column), collation.unwrap_or_default())
    });
    format!("{words} ({}{last}){conflict}", columns.collect::<Vec<_>>().join(", "))
}

fn render_foreign_key(constraint: &Constraint, key: &ForeignKey) -> String {
    let mut text = format!("REFERENCES {}", identifier(&key.target.name));
    if !key.target_columns.is_empty() {
        text += &format!(" ({})", list(&key.target_columns));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != ReferentialAction::NoAction {
            text += &format!(" ON {event} {}", words(action));
        }
    }
    if key.match_full {
        text += " MATCH FULL";
    }
    if constraint.deferrable {
        text += " DEFERRABLE";
    }
    if constraint.initially_deferred {
        text += " INITIALLY DEFERRED";
    }
    text
}

pub(super) fn words(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

/// Returns CREATE INDEX.
pub(super) fn render_index(name: &str, table: &ObjectName, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys = index.keys.iter().map(|key| {
        let part = match &key.part {
            KeyPart::Column(column) => identifier(column),
            KeyPart::Expression(expression) => expression.text.clone(),
        };
        let collation = key.collation.as_ref().map(|name| format!(" COLLATE {}", identifier(name)));
        let descending = if key.descending { " DESC" } else { "" };
        format!("{part}{}{descending}", collation.unwrap_or_default())
    });
    let keys: Vec<String> = keys.collect();
    let filter = index.predicate.as_ref().map(|filter| format!(" WHERE {}", filter.text)).unwrap_or_default();
    format!("CREATE {unique}INDEX {} ON {} ({}){filter}", identifier(name), identifier(&table.name), keys.join(", "))
}

pub(super) fn render_view(name: &ObjectName, view: &View) -> String {
    let columns: Vec<String> = view.columns.iter().map(|column| column.name.clone()).collect();
    let columns = if columns.is_empty() { String::new() } else { format!(" ({})", list(&columns)) };
    format!("CREATE VIEW {}{columns} AS {}", identifier(&name.name), view.query.text)
}
