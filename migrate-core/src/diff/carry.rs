//! What descriptions of tables and enums do not say.

use std::collections::BTreeSet;

use crate::schema::{ObjectName, Schema, Table, UserTypeKind};

/// Returns a schema that was described as tables and enums, completed by what another has besides: views, triggers,
/// routines, other types, free sequences, and what of a table no description says.
///
/// An enum that is not described stays as long as something that stays uses it.
pub fn carry(from: &Schema, described: &Schema) -> Schema {
    let mut schema = described.clone();
    for (name, namespace) in &from.namespaces {
        schema.namespaces.entry(name.clone()).or_insert_with(|| namespace.clone());
    }
    schema.views.clone_from(&from.views);
    schema.routines.clone_from(&from.routines);
    schema.others.clone_from(&from.others);
    schema.others.retain(|id, _| id.parent.as_ref().is_none_or(|parent| described.tables.contains_key(parent)));
    for (name, table) in &from.tables {
        let parent = table.partition.as_ref().map(|partition| &partition.parent);
        match schema.tables.get_mut(name) {
            Some(own) => complete(own, table),
            None if parent.is_some_and(|parent| described.tables.contains_key(parent)) => {
                schema.tables.insert(name.clone(), table.clone());
            }
            None => {}
        }
    }
    for (name, sequence) in &from.sequences {
        let free = sequence.owner.is_none();
        let kept = sequence.owner.as_ref().is_some_and(|owner| !described.tables.contains_key(&owner.table));
        let kept = kept && sequence.owner.as_ref().is_some_and(|owner| schema.tables.contains_key(&owner.table));
        if free || kept {
            schema.sequences.entry(name.clone()).or_insert_with(|| sequence.clone());
        }
    }
    types(from, &mut schema);
    schema
}

/// Completes a table by what no description says of it.
fn complete(own: &mut Table, from: &Table) {
    own.triggers.clone_from(&from.triggers);
    own.inherits.clone_from(&from.inherits);
    own.partition.clone_from(&from.partition);
    own.access_method.clone_from(&from.access_method);
    own.tablespace.clone_from(&from.tablespace);
    own.of_type.clone_from(&from.of_type);
    own.replica_identity = from.replica_identity.clone();
    own.clustered.clone_from(&from.clustered);
    own.row_security = from.row_security;
    for column in &mut own.columns {
        if let Some(known) = from.column(&column.name) {
            column.statistics = known.statistics;
            column.not_null.comment.clone_from(&known.not_null.comment);
        }
    }
}

fn types(from: &Schema, schema: &mut Schema) {
    let mut used: BTreeSet<ObjectName> = BTreeSet::new();
    for table in schema.tables.values() {
        used.extend(table.columns.iter().filter_map(|column| column.ty.user_type().cloned()));
    }
    for routine in schema.routines.values() {
        used.extend(routine.references.types.iter().cloned());
    }
    let mut texts = schema.clone();
    texts.each_expression(&mut |expression| used.extend(expression.references.types.iter().cloned()));
    for (name, found) in &from.types {
        let is_enum = matches!(found.kind, UserTypeKind::Enum(_));
        if !is_enum || used.contains(name) {
            schema.types.entry(name.clone()).or_insert_with(|| found.clone());
        }
    }
}
