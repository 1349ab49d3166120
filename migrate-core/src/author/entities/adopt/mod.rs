//! What an entity leaves open is as the migrations have it.
//!
//! A struct gives few names and no order: a constraint without a name is the one that the migrations make with the same
//! definition, whatever it is called there; columns stand where they stand. What no struct can say, such as triggers
//! and views, is kept. What the migrations do not have gets the names that PostgreSQL would make up, in every dialect.

mod constraint;
mod name;

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;
use crate::entity::lower::Lowered;
use crate::schema::logical::LogicalTable;
use crate::schema::{Column, ConstraintKind, ObjectName, Schema, Table};

/// Takes from the migrations' schema what the entities leave open.
pub(super) fn adopt(
    after: &mut Schema,
    before: &Schema,
    tables: &BTreeMap<ObjectName, usize>,
    lowered: &Lowered,
    dialect: &dyn Dialect,
) {
    for (name, number) in tables {
        let said = &lowered.schema.tables[*number];
        let Some(mut table) = after.tables.remove(name) else { continue };
        let nothing = Table::default();
        let known = before.tables.get(name).unwrap_or(&nothing);
        if before.tables.contains_key(name) {
            table_of(&mut table, known, said, lowered);
            identities(after, &mut table, before, known);
        }
        let unclaimed = constraint::adopt(&mut table, known, said, (name, before), dialect);
        if lowered.partial.contains(&said.name) {
            let constraints = unclaimed.constraints.iter().filter_map(|key| known.constraints.get_key_value(key));
            table.constraints.extend(constraints.map(|(key, one)| (key.clone(), one.clone())));
            let indexes = unclaimed.indexes.iter().filter_map(|key| known.indexes.get_key_value(key));
            table.indexes.extend(indexes.map(|(key, one)| (key.clone(), one.clone())));
        }
        after.tables.insert(name.clone(), table);
    }
    optional(after, before, tables, lowered);
    kept(after, before, tables);
}

/// Takes the order of the columns and what no struct can say of them.
fn table_of(table: &mut Table, known: &Table, said: &LogicalTable, lowered: &Lowered) {
    let partial = lowered.partial.contains(&said.name);
    let key = |column: &str| (said.name.clone(), column.to_owned());
    let mut columns: Vec<Column> = std::mem::take(&mut table.columns);
    for column in &known.columns {
        let at = columns.iter().position(|other| other.name == column.name);
        match at {
            Some(at) => {
                let mut own = columns.remove(at);
                if lowered.skipped.contains(&key(&column.name)) {
                    own = column.clone();
                }
                column_of(&mut own, column);
                table.columns.push(own);
            }
            None if partial || lowered.optional_columns.contains(&key(&column.name)) => {
                table.columns.push(column.clone());
            }
            None => {}
        }
    }
    let open = |column: &Column| {
        let key = key(&column.name);
        lowered.optional_columns.contains(&key) || lowered.skipped.contains(&key)
    };
    let (gone, new): (Vec<Column>, Vec<Column>) = columns.into_iter().partition(open);
    table.columns.extend(new);
    for column in gone {
        without(table, &column.name);
    }
    table.triggers.clone_from(&known.triggers);
    table.inherits.clone_from(&known.inherits);
    table.partition.clone_from(&known.partition);
    table.of_type.clone_from(&known.of_type);
    table.replica_identity.clone_from(&known.replica_identity);
    table.clustered.clone_from(&known.clustered);
    table.row_security = known.row_security;
    table.access_method = table.access_method.take().or_else(|| known.access_method.clone());
    table.tablespace = table.tablespace.take().or_else(|| known.tablespace.clone());
}

/// Takes what no struct can say of a column.
fn column_of(column: &mut Column, known: &Column) {
    column.statistics = known.statistics;
    column.options.clone_from(&known.options);
    column.storage = column.storage.take().or_else(|| known.storage.clone());
    column.compression = column.compression.take().or_else(|| known.compression.clone());
    column.local = known.local;
    if !column.nullable && !known.nullable {
        column.not_null_name.clone_from(&known.not_null_name);
        column.not_null.clone_from(&known.not_null);
        column.not_null_conflict.clone_from(&known.not_null_conflict);
    }
}

/// Takes the constraints and indexes of a column away that is not there.
fn without(table: &mut Table, column: &str) {
    let has = |columns: &[String]| columns.iter().any(|known| known == column);
    table.constraints.retain(|_, constraint| !match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => has(&key.columns) || has(&key.include),
        ConstraintKind::ForeignKey(key) => has(&key.columns),
        ConstraintKind::Check { expression, .. } => expression.references.columns.contains(column),
        ConstraintKind::Exclusion { index, .. } => index.columns().is_some_and(|columns| has(&columns)),
    });
    table.indexes.retain(|_, index| !index.columns().is_some_and(|columns| has(&columns)));
}

/// Takes the sequences of identities that both have, with their names.
fn identities(after: &mut Schema, table: &mut Table, before: &Schema, known: &Table) {
    for column in &mut table.columns {
        let theirs = known.column(&column.name).and_then(|column| column.identity.as_ref());
        let (Some(own), Some(theirs)) = (&mut column.identity, theirs) else { continue };
        after.sequences.remove(&own.sequence);
        own.sequence = theirs.sequence.clone();
        if let Some(sequence) = before.sequences.get(&theirs.sequence) {
            after.sequences.insert(theirs.sequence.clone(), sequence.clone());
        }
    }
}

/// Takes tables that may exist and need not as the migrations have them.
fn optional(after: &mut Schema, before: &Schema, tables: &BTreeMap<ObjectName, usize>, lowered: &Lowered) {
    let logical = |name: &ObjectName| tables.get(name).map(|number| &lowered.schema.tables[*number].name);
    let gone: BTreeSet<ObjectName> = tables
        .keys()
        .filter(|name| logical(name).is_some_and(|name| lowered.optional_tables.contains(name)))
        .filter(|name| !before.tables.contains_key(name))
        .cloned()
        .collect();
    after.tables.retain(|name, _| !gone.contains(name));
}

/// Keeps what no entity can say.
fn kept(after: &mut Schema, before: &Schema, tables: &BTreeMap<ObjectName, usize>) {
    after.views.clone_from(&before.views);
    for (name, table) in &before.tables {
        // SQLite's fold begins with nothing: what the entities do not name is as it is.
        if !tables.contains_key(name) && !after.tables.contains_key(name) {
            after.tables.insert(name.clone(), table.clone());
        }
    }
}
