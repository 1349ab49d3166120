//! Operations to a script: what upgrades, what takes it back, and what a reviewer should know.

use crate::dialect::{Dialect, Statement, applied};
use crate::op::{Hazard, Operation, reversed};
use crate::schema::Schema;

/// A script in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What upgrades.
    pub up: Vec<Statement>,
    /// What takes it back; empty where nothing can.
    pub down: Vec<Statement>,
    /// Why nothing can take it back.
    pub irreversible: Option<String>,
    /// What a reviewer should know of the upgrade.
    pub hazards: Vec<Hazard>,
}

/// Renders operations on a schema.
///
/// # Errors
///
/// Why the operations mean nothing there, or cannot be done.
///
/// ```
/// use migrate_core::op::Operation;
/// use migrate_core::schema::{Column, ColumnType, ObjectName, Schema, Table};
/// use migrate_core::{dialect, render};
///
/// let mut table = Table::default();
/// table.columns.push(Column::new("id", ColumnType::builtin("INTEGER")));
/// let make = Operation::CreateTable {
///     name: ObjectName::new("", "job"),
///     table: Box::new(table),
///     sequences: Default::default(),
/// };
/// let dialect = dialect::named("sqlite").expect("it is one");
/// let script = render::script(&[make], &Schema::default(), dialect)?;
/// assert_eq!(render::section(&script.up), "CREATE TABLE job (\n    id INTEGER\n);\n");
/// assert_eq!(render::section(&script.down), "DROP TABLE job;\n");
/// # Ok::<(), String>(())
/// ```
pub fn script(operations: &[Operation], before: &Schema, dialect: &dyn Dialect) -> Result<Script, String> {
    let up = dialect.migrate(before, operations)?;
    let after = applied(before, dialect, operations).map_err(|problem| problem.to_string())?;
    let mut hazards = Vec::new();
    for hazard in operations.iter().flat_map(Operation::hazards) {
        if !hazards.contains(&hazard) {
            hazards.push(hazard);
        }
    }
    let (down, irreversible) = match dialect.migrate(&after, &reversed(operations)) {
        Ok(down) => (down, None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    Ok(Script { up, down, irreversible, hazards })
}

/// Returns statements as the text of a section.
pub fn section(statements: &[Statement]) -> String {
    let mut text = String::new();
    for statement in statements {
        if let Some(comment) = &statement.comment {
            text += &format!("-- {comment}\n");
        }
        if statement.no_transaction {
            text += "-- migrate:no-transaction\n";
        }
        text += &statement.sql;
        text += ";\n";
    }
    text
}
