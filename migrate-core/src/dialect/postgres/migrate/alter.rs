//! Changes of a table: one ALTER TABLE, and a second one where rows need values in between.

use super::super::written::{identifier, object};
use super::value::nothing;
use super::{Script, definition};
use crate::dialect::Statement;
use crate::op::{ColumnState, Operation, TableChange};
use crate::schema::{Column, Object, ObjectName, Persistence, Table};

/// The statements that change a table, in their order.
#[derive(Default)]
pub(super) struct Actions {
    /// Statements before the table's own.
    pub(super) before: Vec<String>,
    /// Actions of the first ALTER TABLE.
    pub(super) first: Vec<String>,
    /// Statements between: values for rows.
    pub(super) values: Vec<Statement>,
    /// Actions of the second one, of the first where nothing stands between.
    pub(super) last: Vec<String>,
    /// Statements after: what belongs to sequences.
    pub(super) after: Vec<Statement>,
}

impl Script {
    /// Changes a table.
    pub(super) fn alter(&mut self, name: &ObjectName, changes: &[TableChange]) -> Result<(), String> {
        let table = object(name);
        let mut actions = Actions::default();
        let mut comments = Vec::new();
        // What the rows lost is told by the table as it shall be: a value that says nothing must suit its keys.
        let mut after = self.now.clone();
        let operation = Operation::AlterTable { table: name.clone(), changes: changes.to_vec() };
        after.apply(&operation, &super::rewrite).map_err(|problem| problem.to_string())?;
        for change in changes {
            match change {
                TableChange::RenameColumn { from, to } => {
                    self.push(format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", identifier(from), identifier(to)));
                }
                TableChange::RenameConstraint { from, to } => {
                    let (from, to) = (identifier(from), identifier(to));
                    self.push(format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}"));
                }
                TableChange::DropColumn { column, .. } => {
                    actions.first.push(format!("DROP COLUMN {}", identifier(&column.column.name)));
                }
                TableChange::AddColumn { column, backfill } => {
                    let new = after.tables.get(name).ok_or("the table is not there")?;
                    self.add_column(name, new, column, backfill.as_deref(), &mut actions)?;
                    let place = Object::Column(name.clone(), column.column.name.clone());
                    comments.extend(column.column.comment.clone().map(|text| (place, text)));
                }
                TableChange::AlterColumn { .. } => self.alter_column(name, change, &after, &mut actions)?,
                TableChange::DropConstraint { name, .. } => {
                    actions.first.push(format!("DROP CONSTRAINT {}", identifier(name)));
                }
                TableChange::AddConstraint { name: key, constraint } => {
                    actions.last.push(format!("ADD {}", definition::constraint(key, constraint)));
                    let place = Object::Constraint(name.clone(), key.clone());
                    comments.extend(constraint.comment.clone().map(|text| (place, text)));
                }
                TableChange::Options { before, after } => {
                    let gone = before.iter().filter(|option| !after.iter().any(|other| key(other) == key(option)));
                    let gone: Vec<&str> = gone.map(|option| key(option)).collect();
                    if !gone.is_empty() {
                        actions.first.push(format!("RESET ({})", gone.join(", ")));
                    }
                    let set: Vec<&str> =
                        after.iter().filter(|option| !before.contains(option)).map(String::as_str).collect();
                    if !set.is_empty() {
                        actions.first.push(format!("SET ({})", set.join(", ")));
                    }
                }
                TableChange::Persistence { after, .. } => {
                    let kind = if *after == Persistence::Unlogged { "UNLOGGED" } else { "LOGGED" };
                    actions.first.push(format!("SET {kind}"));
                }
            }
        }
        self.write(&table, actions);
        for (place, text) in comments {
            self.comment(&place, Some(&text));
        }
        self.now = after;
        Ok(())
    }

    fn write(&mut self, table: &str, actions: Actions) {
        let Actions { before, mut first, values, mut last, after } = actions;
        before.into_iter().for_each(|sql| self.push(sql));
        if values.is_empty() {
            first.append(&mut last);
        }
        self.alter_table(table, &first);
        self.statements.extend(values);
        self.alter_table(table, &last);
        self.statements.extend(after);
    }

    /// Writes one ALTER TABLE.
    pub(super) fn alter_table(&mut self, table: &str, actions: &[String]) {
        match actions {
            [] => {}
            [action] => self.push(format!("ALTER TABLE {table} {action}")),
            actions => self.push(format!("ALTER TABLE {table}\n    {}", actions.join(",\n    "))),
        }
    }

    fn add_column(
        &self,
        name: &ObjectName,
        table: &Table,
        state: &ColumnState,
        backfill: Option<&str>,
        actions: &mut Actions,
    ) -> Result<(), String> {
        let column = &state.column;
        let own = identifier(&column.name);
        super::column::own_sequences(state, name, actions);
        let mut text = format!("ADD COLUMN {}", definition::column(state));
        if let Some(value) = backfill {
            actions.first.push(text);
            actions.values.push(Statement::new(format!("UPDATE {} SET {own} = {value}", object(name))));
            if !column.nullable {
                actions.last.push(format!("ALTER COLUMN {own} SET NOT NULL"));
            }
        } else {
            let fills = super::fills_itself(&self.now, name, column);
            if !column.nullable && !fills {
                let value = self.nothing(name, table, column)?;
                text += &format!(" DEFAULT {value}");
                let comment = format!("rows without a value in {own} get {value}");
                let drop = format!("ALTER TABLE {} ALTER COLUMN {own} DROP DEFAULT", object(name));
                actions.after.push(Statement::new(drop).with_comment(comment));
            }
            actions.first.push(if column.nullable { text } else { text + " NOT NULL" });
        }
        super::column::settings(None, column, actions);
        Ok(())
    }

    /// Returns a value for rows whose own is gone.
    pub(super) fn nothing(&self, name: &ObjectName, table: &Table, column: &Column) -> Result<String, String> {
        nothing(&self.now, self.goal.tables.get(name).unwrap_or(table), column).ok_or_else(|| {
            format!("column {} is NOT NULL, and what the rows had in it is not known any more", column.name)
        })
    }
}

fn key(option: &str) -> &str {
    option.split('=').next().unwrap_or(option)
}
