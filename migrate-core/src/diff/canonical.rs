//! One spelling for each name, where a database does not tell them apart.

use crate::dialect::Dialect;
use crate::schema::{ConstraintKind, ObjectName, Schema};

/// Returns a schema whose tables, views and columns are spelled as in another that has them too, and everywhere alike.
pub(super) fn names(schema: &Schema, like: &Schema, dialect: &dyn Dialect) -> Schema {
    let mut schema = schema.clone();
    if !dialect.capabilities().case_insensitive_names {
        return schema;
    }
    let tables = std::mem::take(&mut schema.tables);
    schema.tables = tables.into_iter().map(|(name, table)| (spelled(name, like.tables.keys()), table)).collect();
    let views = std::mem::take(&mut schema.views);
    schema.views = views.into_iter().map(|(name, view)| (spelled(name, like.views.keys()), view)).collect();
    let no_rewrite = |expression: &crate::schema::Expression, _: &str, _: &str| expression.text.clone();
    for (name, other) in &like.tables {
        let columns: Vec<(String, String)> = schema.tables.get(name).map_or_else(Vec::new, |table| {
            let pairs = other.columns.iter().filter_map(|column| {
                let found = table.columns.iter().find(|own| own.name.eq_ignore_ascii_case(&column.name))?;
                (found.name != column.name).then(|| (found.name.clone(), column.name.clone()))
            });
            pairs.collect()
        });
        for (from, to) in columns {
            schema.rename_column(name, &from, &to, &no_rewrite);
            let table = schema.tables.get_mut(name);
            for constraint in table.into_iter().flat_map(|table| table.constraints.values_mut()) {
                if constraint.column.as_ref() == Some(&from) {
                    constraint.column = Some(to.clone());
                }
            }
        }
    }
    targets(&mut schema);
    references(&mut schema);
    schema
}

fn spelled<'n>(name: ObjectName, mut others: impl Iterator<Item = &'n ObjectName>) -> ObjectName {
    others.find(|other| other.name.eq_ignore_ascii_case(&name.name)).cloned().unwrap_or(name)
}

/// Spells what foreign keys point to as the table itself does.
fn targets(schema: &mut Schema) {
    let known: Vec<(ObjectName, Vec<String>)> = schema
        .tables
        .iter()
        .map(|(name, table)| (name.clone(), table.columns.iter().map(|column| column.name.clone()).collect()))
        .collect();
    for table in schema.tables.values_mut() {
        for constraint in table.constraints.values_mut() {
            let ConstraintKind::ForeignKey(key) = &mut constraint.kind else { continue };
            let Some((name, columns)) = known.iter().find(|(name, _)| name.name.eq_ignore_ascii_case(&key.target.name))
            else {
                continue;
            };
            key.target = name.clone();
            for column in &mut key.target_columns {
                if let Some(found) = columns.iter().find(|known| known.eq_ignore_ascii_case(column)) {
                    column.clone_from(found);
                }
            }
        }
    }
}

/// Spells the relations that queries and triggers use as they are called.
fn references(schema: &mut Schema) {
    let known: Vec<ObjectName> = schema.tables.keys().chain(schema.views.keys()).cloned().collect();
    schema.each_expression(&mut |expression| {
        let relations = std::mem::take(&mut expression.references.relations);
        expression.references.relations = relations
            .into_iter()
            .map(|(relation, column)| {
                let found = known.iter().find(|name| name.name.eq_ignore_ascii_case(&relation.name));
                (found.cloned().unwrap_or(relation), column)
            })
            .collect();
    });
}
