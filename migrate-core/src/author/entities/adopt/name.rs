//! Names for constraints and indexes that have none: those that PostgreSQL would make up, in every dialect.

use crate::dialect::postgres::names;
use crate::schema::{Constraint, ConstraintKind, Index, IndexKey, KeyPart, Table};

/// Returns a name that no constraint of the table has.
pub(super) fn constraint(name: &str, constraint: &Constraint, table: &Table) -> String {
    let taken = |name: &str| table.constraints.contains_key(name);
    match &constraint.kind {
        ConstraintKind::PrimaryKey(_) => names::primary_key(name, taken),
        ConstraintKind::Unique(key) => names::unique(name, &key.columns, taken),
        ConstraintKind::ForeignKey(key) => names::foreign_key(name, &key.columns, taken),
        ConstraintKind::Exclusion { index, .. } => names::exclusion(name, &elements(index), taken),
        ConstraintKind::Check { expression, .. } => {
            let used: Vec<&String> = expression.references.columns.iter().collect();
            names::check(name, &used, taken)
        }
    }
}

/// Returns a name that no index of the table has.
pub(super) fn index(name: &str, index: &Index, table: &Table) -> String {
    names::index(name, &elements(index), |name| table.indexes.contains_key(name))
}

fn elements(index: &Index) -> Vec<&str> {
    index.keys.iter().map(element).collect()
}

fn element(key: &IndexKey) -> &str {
    match &key.part {
        KeyPart::Column(column) => column,
        KeyPart::Expression(_) => "expr",
    }
}
