//! What a reviewer should know of an operation.

use std::fmt;

use super::{Operation, TableChange};
use crate::schema::ConstraintKind;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HazardKind {
    /// Data is gone for good.
    DataLoss,
    /// Rows can make it fail.
    Rows,
    /// Every row is read or written while others wait.
    Scan,
    /// A program that still uses the old name or shape fails.
    Breaks,
}

/// What a reviewer should know of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hazard {
    /// What can go wrong.
    pub kind: HazardKind,
    /// In words.
    pub message: String,
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

fn hazard(kind: HazardKind, message: impl Into<String>) -> Hazard {
    Hazard { kind, message: message.into() }
}

impl Operation {
    /// Returns what a reviewer should know of it.
    pub fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::DropTable { name, .. } => {
                vec![hazard(HazardKind::DataLoss, format!("the rows of {name} go with it"))]
            }
            Self::RenameTable { from, .. } => {
                vec![hazard(HazardKind::Breaks, format!("a program that still uses {from} fails"))]
            }
            Self::ReplaceEnum { name, before, after } => {
                let gone: Vec<String> =
                    before.iter().filter(|label| !after.contains(label)).map(|label| format!("'{label}'")).collect();
                let mut found = vec![hazard(HazardKind::Scan, format!("every table that uses {name} is written anew"))];
                if !gone.is_empty() {
                    found.push(hazard(HazardKind::Rows, format!("it fails where a row has {}", gone.join(" or "))));
                }
                found
            }
            Self::CreateIndex { table, name, index } => {
                let mut found = vec![hazard(HazardKind::Scan, format!("{name} is built while writes to {table} wait"))];
                if index.unique {
                    found.push(hazard(HazardKind::Rows, format!("it fails where rows of {table} agree in {name}")));
                }
                found
            }
            Self::AlterTable { table, changes } => {
                changes.iter().flat_map(|change| change.hazards(&table.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl TableChange {
    fn hazards(&self, table: &str) -> Vec<Hazard> {
        match self {
            Self::DropColumn { column, .. } => {
                let name = &column.column.name;
                vec![hazard(HazardKind::DataLoss, format!("the values of {table}.{name} go with it"))]
            }
            Self::RenameColumn { from, .. } => {
                vec![hazard(HazardKind::Breaks, format!("a program that still uses {table}.{from} fails"))]
            }
            Self::AlterColumn { before, after, .. } if before.column.ty != after.column.ty => {
                let name = &after.column.name;
                vec![hazard(
                    HazardKind::Rows,
                    format!("the values of {table}.{name} become {}, as far as they can", after.column.ty),
                )]
            }
            Self::AddConstraint { name, constraint } => {
                let name = if constraint.named { name.as_str() } else { "the new constraint" };
                let rows = match constraint.kind {
                    ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => "agree in",
                    _ => "are against",
                };
                vec![hazard(HazardKind::Rows, format!("it fails where rows of {table} {rows} {name}"))]
            }
            _ => Vec::new(),
        }
    }
}
