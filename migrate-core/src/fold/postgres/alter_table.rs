//! ALTER TABLE.

use std::collections::BTreeSet;

use super::alter_column::Change;
use super::column::Definition;
use super::constraint::Clause;
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{Behaviour, Column, ColumnType, Constraint, ConstraintKind, Object, ObjectName, RelationKind};

/// Sets `key=value` options: one that is there is taken out and appended anew, as the server does.
pub(super) fn set_options(options: &mut Vec<String>, settings: Vec<String>) {
    for setting in settings {
        reset_options(options, std::slice::from_ref(&setting));
        options.push(setting);
    }
}

/// Takes options out.
pub(super) fn reset_options(options: &mut Vec<String>, keys: &[String]) {
    let key = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
    let keys: Vec<String> = keys.iter().map(|text| key(text)).collect();
    options.retain(|option| !keys.contains(&key(option)));
}

/// Actions that no relation but a table has, and their names.
const TABLE_ONLY: &[(&[&str], &str)] = &[
    (&["ADD"], "ADD COLUMN"),
    (&["DROP"], "DROP COLUMN"),
    (&["ENABLE", "ROW"], "ENABLE ROW SECURITY"),
    (&["INHERIT"], "INHERIT"),
    (&["ATTACH"], "ATTACH PARTITION"),
];

/// One action, put in the pass in which the server runs it.
#[derive(Debug)]
pub(super) enum Action {
    DropColumn { name: String, lenient: bool, behaviour: Behaviour, at: std::ops::Range<usize> },
    DropConstraint { name: String, lenient: bool, behaviour: Behaviour, at: std::ops::Range<usize> },
    Type { column: String, ty: ColumnType, collation: Option<String>, using: bool, at: std::ops::Range<usize> },
    AddColumn { definition: Box<Definition>, lenient: bool },
    Change { column: String, change: Change, at: std::ops::Range<usize> },
    AddConstraint(Box<Clause>),
}

impl Action {
    fn pass(&self) -> u8 {
        match self {
            Self::DropColumn { .. } | Self::DropConstraint { .. } => 0,
            Self::Change {
                change:
                    Change::DropDefault | Change::DropNotNull | Change::DropIdentity { .. } | Change::DropExpression { .. },
                ..
            } => 0,
            Self::Type { .. } => 1,
            Self::AddColumn { .. } => 2,
            Self::Change { .. } => 3,
            Self::AddConstraint(clause) if clause.rank() == 2 || clause.rank() == 3 => 4,
            Self::AddConstraint(_) => 5,
        }
    }
}

impl Reader<'_, '_> {
    pub(super) fn alter_table(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        self.cursor.accept(&["ONLY"]);
        let written = self.written()?;
        self.cursor.accept(&["*"]);
        if self.is_temporary(&written) {
            self.pass_over();
            return Ok(());
        }
        let Some((name, kind)) = self.relation(&written) else {
            if lenient {
                self.pass_over();
                return Ok(());
            }
            return Err(self.missing("relation", &written));
        };
        if self.cursor.is("RENAME") || self.cursor.are(&["SET", "SCHEMA"]) {
            return self.rename_relation_statement(&name, kind);
        }
        if kind != RelationKind::Table {
            // ALTER TABLE reaches views, sequences and indexes too; what is left here is owners and settings.
            for (words, action) in TABLE_ONLY {
                if self.cursor.are(words) {
                    let message =
                        format!("ALTER action {action} cannot be performed on relation \"{}\"", written.last());
                    return Err(Problem::new("wrong-kind", written.at, message));
                }
            }
            self.pass_over();
            return Ok(());
        }
        let mut actions = Vec::new();
        loop {
            actions.extend(self.action_of(&name, &written)?);
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        actions.sort_by_key(Action::pass);
        for action in actions {
            self.apply(&name, action, &written)?;
        }
        Ok(())
    }

    /// Takes an action; what has no order is done at once.
    fn action_of(&mut self, name: &ObjectName, written: &Written) -> Result<Option<Action>, Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["ADD"]) {
            return self.add_action().map(Some);
        }
        if cursor.accept(&["DROP"]) {
            return self.drop_action().map(Some);
        }
        if cursor.accept(&["ALTER"]) {
            if cursor.accept(&["CONSTRAINT"]) {
                self.alter_constraint(name)?;
                return Ok(None);
            }
            cursor.accept(&["COLUMN"]);
            return self.column_action().map(Some);
        }
        if cursor.accept(&["VALIDATE", "CONSTRAINT"]) {
            let at = self.cursor.here();
            let constraint = self.identifier()?;
            let found = self.constraint_mut(name, &constraint, &at)?;
            if !matches!(found.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_)) {
                let message = format!(
                    "constraint \"{constraint}\" of relation \"{}\" is not a foreign key or check constraint",
                    name.name
                );
                return Err(Problem::new("wrong-kind", at, message));
            }
            found.validated = true;
            return Ok(None);
        }
        self.table_setting(name, written)?;
        Ok(None)
    }

    fn add_action(&mut self) -> Result<Action, Problem> {
        if !self.cursor.is("COLUMN") {
            if let Some(clause) = self.table_clause()? {
                return Ok(Action::AddConstraint(Box::new(clause)));
            }
        }
        self.cursor.accept(&["COLUMN"]);
        let lenient = self.if_not_exists();
        Ok(Action::AddColumn { definition: Box::new(self.column_definition()?), lenient })
    }

    fn drop_action(&mut self) -> Result<Action, Problem> {
        let constraint = self.cursor.accept(&["CONSTRAINT"]);
        if !constraint {
            self.cursor.accept(&["COLUMN"]);
        }
        let lenient = self.if_exists();
        let at = self.cursor.here();
        let name = self.identifier()?;
        let behaviour = self.behaviour();
        Ok(if constraint {
            Action::DropConstraint { name, lenient, behaviour, at }
        } else {
            Action::DropColumn { name, lenient, behaviour, at }
        })
    }

    pub(super) fn behaviour(&mut self) -> Behaviour {
        let cascade = self.cursor.accept(&["CASCADE"]);
        if !cascade {
            self.cursor.accept(&["RESTRICT"]);
        }
        if cascade { Behaviour::Cascade } else { Behaviour::Restrict }
    }

    fn apply(&mut self, table: &ObjectName, action: Action, written: &Written) -> Result<(), Problem> {
        match action {
            Action::DropColumn { name, lenient, behaviour, at } => {
                let exists = self.schema.tables.get(table).is_some_and(|found| found.column(&name).is_some());
                if !exists && lenient {
                    return Ok(());
                }
                self.column_mut(table, &name, &at)?;
                self.column_is_own(table, &name, "drop", &at)?;
                let object = Object::Column(table.clone(), name);
                self.drop_all(&[object], behaviour, &at)
            }
            Action::DropConstraint { name, lenient, behaviour, at } => {
                let exists = self.schema.tables.get(table).is_some_and(|found| found.constraints.contains_key(&name));
                if !exists && (self.drop_not_null_constraint(table, &name) || lenient) {
                    return Ok(());
                }
                if !self.constraint_mut(table, &name, &at)?.local {
                    let message = format!("cannot drop inherited constraint \"{name}\" of relation \"{}\"", table.name);
                    return Err(Problem::new("depends", at, message));
                }
                self.drop_all(&[Object::Constraint(table.clone(), name)], behaviour, &at)
            }
            Action::Type { column, ty, collation, using, at } => {
                self.set_type(table, &column, ty, collation, using, &at)
            }
            Action::AddColumn { definition, lenient } => self.add_column(table, &definition, lenient, written),
            Action::Change { column, change, at } => self.change_column(table, &column, change, &at),
            Action::AddConstraint(clause) => self.add_clause(table, &clause),
        }
    }

    /// Drops objects, or says what stands in the way.
    pub(super) fn drop_all(
        &mut self,
        objects: &[Object],
        behaviour: Behaviour,
        at: &std::ops::Range<usize>,
    ) -> Result<(), Problem> {
        self.schema.drop_objects(objects, behaviour).map_err(|blocking| {
            let object = blocking.first().map_or_else(String::new, |(object, _)| object.to_string());
            let details: Vec<String> =
                blocking.iter().map(|(object, dependent)| format!("{dependent} depends on {object}")).collect();
            let message = format!("cannot drop {object} because other objects depend on it: {}", details.join("; "));
            Problem::new("depends", at.clone(), self.shown(&message))
                .help("Use DROP ... CASCADE to drop the dependent objects too.")
        })
    }

    fn drop_not_null_constraint(&mut self, table: &ObjectName, name: &str) -> bool {
        let Some(found) = self.schema.tables.get_mut(table) else { return false };
        let implicit = format!("{}_", table.name);
        let column = found.columns.iter_mut().find(|column| {
            let made_up = name.strip_prefix(&implicit).and_then(|rest| rest.strip_suffix("_not_null"));
            column.not_null_name.as_deref() == Some(name) || (made_up == Some(&column.name) && !column.nullable)
        });
        let is_found = column.is_some();
        if let Some(column) = column {
            column.nullable = true;
            column.not_null_name = None;
        }
        is_found
    }

    fn add_column(
        &mut self,
        table: &ObjectName,
        definition: &Definition,
        lenient: bool,
        written: &Written,
    ) -> Result<(), Problem> {
        let name = &definition.column.name;
        let columns: BTreeSet<String> = self.columns_of(table).into_iter().chain([name.clone()]).collect();
        let column = self.finish_column(definition, &columns);
        let Some(found) = self.schema.tables.get_mut(table) else { return Ok(()) };
        if found.column(name).is_some() {
            if lenient {
                return Ok(());
            }
            let message = format!("column \"{name}\" of relation \"{}\" already exists", table.name);
            return Err(Problem::new("exists", definition.at.clone(), message));
        }
        found.columns.push(column.clone());
        self.add_to_children(table, &column);
        self.make_sequences(table, std::slice::from_ref(definition))?;
        let mut clauses = definition.clauses.clone();
        clauses.sort_by_key(Clause::rank);
        for clause in &clauses {
            self.add_clause(table, clause)?;
        }
        let _ = written;
        Ok(())
    }

    fn add_to_children(&mut self, table: &ObjectName, column: &Column) {
        let is_child = |found: &crate::schema::Table| {
            found.inherits.contains(table)
                || found.partition.as_ref().is_some_and(|partition| partition.parent == *table)
        };
        let children: Vec<ObjectName> =
            self.schema.tables.iter().filter(|(_, found)| is_child(found)).map(|(name, _)| name.clone()).collect();
        for child in children {
            if let Some(found) = self.schema.tables.get_mut(&child).filter(|found| found.column(&column.name).is_none())
            {
                let mut copy = column.clone();
                copy.local = false;
                found.columns.push(copy);
            }
        }
    }

    pub(super) fn column_mut(
        &mut self,
        table: &ObjectName,
        name: &str,
        at: &std::ops::Range<usize>,
    ) -> Result<&mut Column, Problem> {
        let message = format!("column \"{name}\" of relation \"{}\" does not exist", table.name);
        let column = self.schema.tables.get_mut(table).and_then(|found| found.column_mut(name));
        column.ok_or_else(|| Problem::new("unknown-column", at.clone(), message))
    }

    pub(super) fn constraint_mut(
        &mut self,
        table: &ObjectName,
        name: &str,
        at: &std::ops::Range<usize>,
    ) -> Result<&mut Constraint, Problem> {
        let message = format!("constraint \"{name}\" of relation \"{}\" does not exist", table.name);
        let constraint = self.schema.tables.get_mut(table).and_then(|found| found.constraints.get_mut(name));
        constraint.ok_or_else(|| Problem::new("unknown-object", at.clone(), message))
    }

    fn alter_constraint(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let name = self.identifier()?;
        loop {
            let cursor = &mut self.cursor;
            let (deferrable, deferred) = if cursor.accept(&["NOT", "DEFERRABLE"]) {
                (Some(false), Some(false))
            } else if cursor.accept(&["DEFERRABLE"]) {
                (Some(true), None)
            } else if cursor.accept(&["INITIALLY", "DEFERRED"]) {
                (Some(true), Some(true))
            } else if cursor.accept(&["INITIALLY", "IMMEDIATE"]) {
                (None, Some(false))
            } else {
                return Ok(());
            };
            let constraint = self.constraint_mut(table, &name, &at)?;
            if !matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                let message =
                    format!("constraint \"{name}\" of relation \"{}\" is not a foreign key constraint", table.name);
                return Err(Problem::new("wrong-kind", at, message));
            }
            constraint.deferrable = deferrable.unwrap_or(constraint.deferrable);
            constraint.initially_deferred = deferred.unwrap_or(constraint.initially_deferred);
        }
    }
}
