//! Indexes.

use super::super::catalog::{Catalog, Object};
use super::super::read::{Definition, Expr, IndexDef, Node, Quote};
use super::super::resolve::{Item, Names, Place, Resolver, Role, Use};
use super::{collation, key_collation, key_column};
use crate::fold::Problem;

/// Checks an index whose table is there.
pub(in crate::fold::sqlite) fn of(names: &Names<'_>, object: &Object, index: &IndexDef) -> Result<Vec<Use>, Problem> {
    let catalog: &Catalog = names.catalog;
    let Some(table) = catalog.relation_in(object.home, &index.table.name) else {
        let message = format!("no such table: {}.{}", object.home.name(), index.table.name);
        return Err(Problem::new("unknown-table", index.table.at.clone(), message));
    };
    let mut uses = vec![Use::Table { at: index.table.at.clone(), table: table.key(), role: Role::Own }];
    let Definition::Table(definition) = &table.definition else { return Ok(uses) };
    let item = || Item::of_columns(definition, table.key(), &table.name);
    for key in &index.keys {
        key_collation(key).map_or(Ok(()), collation)?;
        let Some(name) = key_column(key) else {
            uses.extend(expression(names, object, item(), key, Place::IndexKey)?);
            continue;
        };
        if let Some(column) = definition.columns.iter().find(|column| name.is(&column.name.name)) {
            let column = column.name.name.to_ascii_lowercase();
            uses.push(Use::Column { at: name.at.clone(), quote: name.quote, table: table.key(), column });
        } else if name.quote == Quote::Double && names.strings {
            // An index on a constant. No ALTER makes this string one in single quotes.
        } else if name.quote == Quote::Bare && (name.is("true") || name.is("false")) {
            // Constants too.
        } else {
            let message = format!("no such column: {}", name.name);
            return Err(Problem::new("unknown-column", name.at.clone(), message));
        }
    }
    if let Some(filter) = &index.filter {
        uses.extend(expression(names, object, item(), filter, Place::IndexFilter)?);
    }
    Ok(uses)
}

fn expression(names: &Names<'_>, object: &Object, table: Item, expr: &Expr, place: Place) -> Result<Vec<Use>, Problem> {
    collations(expr)?;
    let mut resolver = Resolver::new(names, object.home, place, &object.sql);
    resolver.own(table, expr, place)?;
    Ok(resolver.uses)
}

/// Demands that the collations of an expression are known.
pub(super) fn collations(expr: &Expr) -> Result<(), Problem> {
    for node in &expr.nodes {
        match node {
            Node::Collate(name) => collation(name)?,
            Node::Group(list) | Node::Case(list) => list.iter().try_for_each(collations)?,
            Node::Call(call) => call.arguments.iter().try_for_each(collations)?,
            _ => {}
        }
    }
    Ok(())
}
