//! Operations as SQLite's statements: in place where ALTER TABLE can, else the table is made anew.

mod alter;
mod rebuild;
mod value;

use super::super::{Statement, applied};
use super::render::{render_index, render_table, render_view};
use super::{identifier, normal};
use crate::op::{Operation, TableChange};
use crate::schema::{Expression, Schema};

pub(super) use value::fills_itself;

/// Returns the statements that do operations.
pub(super) fn migrate(before: &Schema, operations: &[Operation]) -> Result<Vec<Statement>, String> {
    let mut script = Script {
        now: before.clone(),
        goal: applied(before, &super::Sqlite, operations).map_err(|problem| problem.to_string())?,
        statements: Vec::new(),
        renamed: operations.iter().flat_map(renamed).collect(),
        moves: operations.iter().any(|operation| matches!(operation, Operation::RenameTable { .. })),
        legacy: false,
    };
    for operation in operations {
        script.operation(operation)?;
    }
    let mut statements = script.statements;
    if script.legacy {
        statements.insert(0, Statement::new("PRAGMA legacy_alter_table=ON"));
    }
    Ok(statements)
}

/// Returns the former names, or the new ones on the way back, of what an operation renames.
fn renamed(operation: &Operation) -> Vec<String> {
    match operation {
        Operation::RenameTable { from, to } => vec![from.name.clone(), to.name.clone()],
        Operation::AlterTable { changes, .. } => {
            let names = changes.iter().filter_map(|change| match change {
                TableChange::RenameColumn { from, to } => Some([from.clone(), to.clone()]),
                _ => None,
            });
            names.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// A script that is being written.
struct Script {
    /// The schema so far.
    now: Schema,
    /// The schema at the end: what comes to a table later counts for what its rows get.
    goal: Schema,
    statements: Vec<Statement>,
    /// The former names of what is renamed.
    renamed: Vec<String>,
    /// Whether a table is renamed: the names in views and triggers follow it only without `legacy_alter_table`.
    moves: bool,
    /// Whether a statement needs `legacy_alter_table`.
    legacy: bool,
}

impl Script {
    fn push(&mut self, sql: impl Into<String>) {
        self.statements.push(Statement::new(sql));
    }

    fn operation(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::CreateTable { name, table, .. } => {
                self.push(render_table(name, table));
                for (index, found) in &table.indexes {
                    self.push(render_index(index, name, found));
                }
                for trigger in table.triggers.values() {
                    self.push(trigger.definition.text.clone());
                }
            }
            Operation::DropTable { name, .. } => self.push(format!("DROP TABLE {}", identifier(&name.name))),
            Operation::RenameTable { from, to } => {
                self.push(format!("ALTER TABLE {} RENAME TO {}", identifier(&from.name), identifier(&to.name)));
            }
            Operation::AlterTable { table, changes } => return self.alter(table, changes),
            Operation::CreateIndex { table, name, index } => self.push(render_index(name, table, index)),
            Operation::DropIndex { name, .. } => self.push(format!("DROP INDEX {}", identifier(name))),
            Operation::CreateTrigger { trigger, .. } => self.push(trigger.definition.text.clone()),
            Operation::DropTrigger { name, .. } => self.push(format!("DROP TRIGGER {}", identifier(name))),
            Operation::CreateView { name, view } => {
                self.push(render_view(name, view));
                for trigger in view.triggers.values() {
                    self.push(trigger.definition.text.clone());
                }
            }
            Operation::DropView { name, .. } => self.push(format!("DROP VIEW {}", identifier(&name.name))),
            other => return Err(format!("SQLite has nothing for {other:?}")),
        }
        self.apply(operation)
    }

    fn apply(&mut self, operation: &Operation) -> Result<(), String> {
        let rewrite = |expression: &Expression, from: &str, to: &str| normal::renamed(&expression.text, from, to);
        self.now.apply(operation, &rewrite).map_err(|problem| problem.to_string())
    }
}
