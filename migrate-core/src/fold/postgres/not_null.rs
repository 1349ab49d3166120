//! The names that the server makes up for NOT NULL constraints: of domains since PostgreSQL 17, of columns since 18.

use super::constraint::constraint_taken;
use crate::dialect::postgres::names;
use crate::schema::{ObjectName, Schema, UserTypeKind};

/// Names those that have no name yet; what has one keeps it when its table or column is renamed.
pub(super) fn choose_names(schema: &mut Schema, version: u32) {
    if version >= 17 {
        of_domains(schema);
    }
    if version >= 18 {
        of_columns(schema);
    }
}

fn of_domains(schema: &mut Schema) {
    let unnamed = |kind: &UserTypeKind| match kind {
        UserTypeKind::Domain(domain) => domain.not_null.as_deref() == Some(""),
        _ => false,
    };
    let domains: Vec<ObjectName> =
        schema.types.iter().filter(|(_, ty)| unnamed(&ty.kind)).map(|(name, _)| name.clone()).collect();
    for name in domains {
        let taken = |candidate: &str| match schema.types.get(&name).map(|ty| &ty.kind) {
            Some(UserTypeKind::Domain(domain)) => domain.checks.contains_key(candidate),
            _ => false,
        };
        let chosen = names::domain_not_null(&name.name, taken);
        if let Some(UserTypeKind::Domain(domain)) = schema.types.get_mut(&name).map(|ty| &mut ty.kind) {
            domain.not_null = Some(chosen);
        }
    }
}

fn of_columns(schema: &mut Schema) {
    let unnamed: Vec<(ObjectName, String)> = schema
        .tables
        .iter()
        .flat_map(|(name, table)| {
            let columns = table.columns.iter().filter(|column| !column.nullable && column.not_null_name.is_none());
            columns.map(|column| (name.clone(), column.name.clone()))
        })
        .collect();
    for (table, column) in unnamed {
        let chosen = names::not_null(&table.name, &column, |name| constraint_taken(schema, &table.schema, name));
        if let Some(found) = schema.tables.get_mut(&table).and_then(|table| table.column_mut(&column)) {
            found.not_null_name = Some(chosen);
        }
    }
}
