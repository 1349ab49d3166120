//! Names for constraints that have none.

use std::collections::BTreeSet;

use crate::dialect::postgres::names;
use crate::schema::{Constraint, ConstraintKind, ObjectName, Table};

/// Names the constraints of a table that the database itself leaves without a name, by PostgreSQL's rule, so that later
/// ones can be told apart; those that the migrations made without one keep none.
pub(super) fn unnamed(table: &mut Table, name: &ObjectName, made_before: &BTreeSet<String>) {
    let mut taken: BTreeSet<String> = table.constraints.keys().cloned().collect();
    let fresh = table.constraints.iter().filter(|(key, one)| !one.named && !made_before.contains(*key));
    let fresh: Vec<String> = fresh.map(|(key, _)| key.clone()).collect();
    for key in fresh {
        let Some(mut constraint) = table.constraints.remove(&key) else { continue };
        constraint.named = true;
        let made_up = made_up(&name.name, &constraint, &taken);
        taken.insert(made_up.clone());
        table.constraints.insert(made_up, constraint);
    }
}

fn made_up(table: &str, constraint: &Constraint, taken: &BTreeSet<String>) -> String {
    let taken = |name: &str| taken.contains(name);
    match &constraint.kind {
        ConstraintKind::PrimaryKey(_) => names::primary_key(table, taken),
        ConstraintKind::Unique(key) => names::unique(table, &key.columns, taken),
        ConstraintKind::ForeignKey(key) => names::foreign_key(table, &key.columns, taken),
        ConstraintKind::Exclusion { index, .. } => names::exclusion(table, &index.columns().unwrap_or_default(), taken),
        ConstraintKind::Check { expression, .. } => {
            let used: Vec<&String> = expression.references.columns.iter().collect();
            names::check(table, &used, taken)
        }
    }
}
