//! Changes of a table, in place where ALTER TABLE can.

use super::super::render::render_column;
use super::super::{identifier, normal};
use super::Script;
use super::value::{is_rowid, nothing};
use crate::op::{Operation, TableChange};
use crate::schema::{Column, Constraint, ConstraintKind, ObjectName, Table};

impl Script {
    /// Changes a table.
    pub(super) fn alter(&mut self, table: &ObjectName, changes: &[TableChange]) -> Result<(), String> {
        let name = identifier(&table.name);
        let (renames, others): (Vec<_>, Vec<_>) =
            changes.iter().cloned().partition(|change| matches!(change, TableChange::RenameColumn { .. }));
        for change in renames {
            if let TableChange::RenameColumn { from, to } = &change {
                self.push(format!("ALTER TABLE {name} RENAME COLUMN {} TO {}", identifier(from), identifier(to)));
            }
            self.apply(&Operation::AlterTable { table: table.clone(), changes: vec![change] })?;
        }
        if others.is_empty() {
            return Ok(());
        }
        let old = self.now.tables.get(table).cloned().ok_or_else(|| format!("table {table} is not there"))?;
        match in_place(&name, &old, &others) {
            Some(statements) => {
                statements.into_iter().for_each(|sql| self.push(sql));
                self.apply(&Operation::AlterTable { table: table.clone(), changes: others })
            }
            None => self.rebuild(table, &old, &others),
        }
    }
}

/// Returns the statements that change a table in place, if there are.
fn in_place(name: &str, old: &Table, changes: &[TableChange]) -> Option<Vec<String>> {
    let mut statements = Vec::new();
    let mut inline: Vec<&Constraint> = Vec::new();
    for change in changes {
        match change {
            TableChange::DropColumn { column, .. } => {
                can_drop(old, &column.column, changes).then_some(())?;
                statements.push(format!("ALTER TABLE {name} DROP COLUMN {}", identifier(&column.column.name)));
            }
            TableChange::AddColumn { column, backfill: None } => {
                let own = constraints_of(&column.column, changes);
                inline.extend(own.iter().map(|(_, constraint)| *constraint));
                can_add(&column.column, &own).then_some(())?;
                let own = own.iter().map(|(key, constraint)| (key.as_str(), *constraint));
                let definition = render_column(&column.column, own, false);
                statements.push(format!("ALTER TABLE {name} ADD COLUMN {definition}"));
            }
            // A constraint that stands in the definition of a column comes and goes with it.
            TableChange::AddConstraint { constraint, .. } if inline.iter().any(|own| **own == **constraint) => {}
            TableChange::DropConstraint { constraint, .. } => goes_along(constraint, changes).then_some(())?,
            TableChange::AddConstraint { constraint, .. } => comes_along(constraint, changes).then_some(())?,
            _ => return None,
        }
    }
    Some(statements)
}

/// Returns the constraints that come with a column and are about it alone.
fn constraints_of<'c>(column: &Column, changes: &'c [TableChange]) -> Vec<(&'c String, &'c Constraint)> {
    let added = changes.iter().filter_map(|change| match change {
        TableChange::AddConstraint { name, constraint } => Some((name, &**constraint)),
        _ => None,
    });
    added.filter(|(_, constraint)| is_about(constraint, &column.name)).collect()
}

/// Returns whether a constraint can stand in the definition of a column that is added or dropped.
fn is_about(constraint: &Constraint, column: &str) -> bool {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => key.columns == [column.to_owned()],
        ConstraintKind::Check { expression, .. } => {
            expression.references.columns.iter().eq([column]) && !expression.text.contains('"')
        }
        _ => false,
    }
}

fn comes_along(constraint: &Constraint, changes: &[TableChange]) -> bool {
    changes.iter().any(|change| match change {
        TableChange::AddColumn { column, .. } => is_about(constraint, &column.column.name),
        _ => false,
    })
}

fn goes_along(constraint: &Constraint, changes: &[TableChange]) -> bool {
    changes.iter().any(|change| match change {
        TableChange::DropColumn { column, .. } => {
            constraint.column.as_ref() == Some(&column.column.name) && is_about(constraint, &column.column.name)
        }
        _ => false,
    })
}

fn can_add(column: &Column, own: &[(&String, &Constraint)]) -> bool {
    let default = column.default.as_ref().map(|default| default.text.as_str());
    let is_null = default.is_none_or(normal::is_null);
    let plain_default = default.is_none_or(normal::is_literal);
    let references = own.iter().any(|(_, constraint)| matches!(constraint.kind, ConstraintKind::ForeignKey(_)));
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    // With a default, every row would point to what may not be there.
    let filled = column.nullable || !is_null;
    let checked = column.generated.is_some() && !column.nullable;
    plain_default && !stored && filled && !checked && (is_null || !references)
}

fn can_drop(table: &Table, column: &Column, changes: &[TableChange]) -> bool {
    let name = &column.name;
    let in_constraint = table.constraints.values().any(|constraint| {
        let uses = match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key.columns.contains(name),
            ConstraintKind::ForeignKey(key) => key.columns.contains(name),
            ConstraintKind::Check { expression, .. } => normal::mentions(&expression.text, name),
            ConstraintKind::Exclusion { .. } => false,
        };
        uses && !goes_along(constraint, changes)
    });
    let in_generated = table.columns.iter().filter(|other| other.name != *name).any(|other| {
        other.generated.as_ref().is_some_and(|generated| normal::mentions(&generated.expression.text, name))
    });
    let left = table.columns.iter().filter(|other| {
        let dropped = changes.iter().any(|change| match change {
            TableChange::DropColumn { column, .. } => column.column.name == other.name,
            _ => false,
        });
        !dropped && other.generated.is_none()
    });
    !in_constraint && !in_generated && !is_rowid(table, name) && left.count() > 0
}

/// Returns what a row gets in a column that is new or may be NULL no more; `None` where nothing is known.
pub(super) fn value(table: &Table, column: &Column, given: Option<&String>) -> Option<(String, bool)> {
    let default = column.default.as_ref().filter(|default| !normal::is_null(&default.text));
    match (given, default) {
        (Some(value), _) => Some((value.clone(), false)),
        (None, Some(default)) => Some((normal::default_value(&default.text), false)),
        (None, None) => nothing(table, column).map(|value| (value.to_owned(), true)),
    }
}
