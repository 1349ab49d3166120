//! The way back.

use super::{Operation, TableChange};

impl Operation {
    /// Returns the operation that undoes this one, given the schema that it makes.
    pub fn reverse(&self) -> Self {
        match self.clone() {
            Self::CreateNamespace { name, namespace } => Self::DropNamespace { name, namespace },
            Self::DropNamespace { name, namespace } => Self::CreateNamespace { name, namespace },
            Self::CreateTable { name, table, sequences } => Self::DropTable { name, table, sequences },
            Self::DropTable { name, table, sequences } => Self::CreateTable { name, table, sequences },
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::AlterTable { table, changes } => {
                Self::AlterTable { table, changes: changes.iter().rev().map(TableChange::reverse).collect() }
            }
            Self::CreateIndex { table, name, index } => Self::DropIndex { table, name, index },
            Self::DropIndex { table, name, index } => Self::CreateIndex { table, name, index },
            Self::RenameIndex { table, from, to } => Self::RenameIndex { table, from: to, to: from },
            Self::CreateTrigger { on, name, trigger } => Self::DropTrigger { on, name, trigger },
            Self::DropTrigger { on, name, trigger } => Self::CreateTrigger { on, name, trigger },
            Self::CreateEnum { name, labels, comment } => Self::DropEnum { name, labels, comment },
            Self::DropEnum { name, labels, comment } => Self::CreateEnum { name, labels, comment },
            Self::RenameEnum { from, to } => Self::RenameEnum { from: to, to: from },
            Self::AddLabel { name, labels, label, at, .. } => {
                let mut before = labels.clone();
                before.insert(at.min(labels.len()), label);
                Self::ReplaceEnum { name, before, after: labels }
            }
            Self::RenameLabel { name, from, to } => Self::RenameLabel { name, from: to, to: from },
            Self::ReplaceEnum { name, before, after } => Self::ReplaceEnum { name, before: after, after: before },
            Self::CreateView { name, view } => Self::DropView { name, view },
            Self::DropView { name, view } => Self::CreateView { name, view },
            Self::Comment { on, before, after } => Self::Comment { on, before: after, after: before },
        }
    }
}

impl TableChange {
    /// Returns the change that undoes this one.
    pub fn reverse(&self) -> Self {
        match self.clone() {
            Self::AddColumn { column, backfill } => Self::DropColumn { column, backfill },
            Self::DropColumn { column, backfill } => Self::AddColumn { column, backfill },
            Self::RenameColumn { from, to } => Self::RenameColumn { from: to, to: from },
            Self::AlterColumn { before, after, using, backfill } => Self::AlterColumn {
                before: after,
                after: before,
                using: (using.1, using.0),
                backfill: (backfill.1, backfill.0),
            },
            Self::AddConstraint { name, constraint } => Self::DropConstraint { name, constraint },
            Self::DropConstraint { name, constraint } => Self::AddConstraint { name, constraint },
            Self::RenameConstraint { from, to } => Self::RenameConstraint { from: to, to: from },
            Self::Options { before, after } => Self::Options { before: after, after: before },
            Self::Persistence { before, after } => Self::Persistence { before: after, after: before },
        }
    }
}

/// Returns the operations that undo a list of them, in their order.
///
/// ```
/// use migrate_core::op::{Operation, reversed};
/// use migrate_core::schema::Namespace;
///
/// let make = Operation::CreateNamespace { name: "dpo".into(), namespace: Namespace::default() };
/// let back = reversed(std::slice::from_ref(&make));
/// assert_eq!(reversed(&back), [make]);
/// ```
pub fn reversed(operations: &[Operation]) -> Vec<Operation> {
    operations.iter().rev().map(Operation::reverse).collect()
}
