//! What ALTER TABLE says of a table as a whole.

use super::alter_table::{reset_options, set_options};
use super::index_method::TABLE_PARAMETERS;
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{ConstraintKind, ObjectName, Persistence, Table};

impl Reader<'_, '_> {
    /// Takes an action about the table as a whole.
    pub(super) fn table_setting(&mut self, name: &ObjectName, written: &Written) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["OWNER", "TO"]) || cursor.accept(&["SET", "TABLESPACE"]) {
            return self.word().map(|_| ());
        }
        if cursor.accept(&["CLUSTER", "ON"]) || cursor.accept(&["REPLICA", "IDENTITY", "USING", "INDEX"]) {
            return self.index_of(name);
        }
        if cursor.accept(&["SET", "WITHOUT"])
            || cursor.accept(&["REPLICA", "IDENTITY"])
            || cursor.accept(&["NOT", "OF"])
        {
            cursor.take_until(&[","]);
            return Ok(());
        }
        if cursor.accept(&["ATTACH", "PARTITION"]) {
            return self.attach(name);
        }
        if cursor.accept(&["DETACH", "PARTITION"]) {
            return self.detach(name);
        }
        if cursor.accept(&["INHERIT"]) {
            return self.alter_inherit(name);
        }
        if cursor.accept(&["NO", "INHERIT"]) {
            return self.alter_no_inherit(name);
        }
        if cursor.is("ENABLE") || cursor.is("DISABLE") || cursor.is("FORCE") || cursor.are(&["NO", "FORCE"]) {
            return self.enable(name);
        }
        let Some(table) = self.schema.tables.get_mut(name) else { return Err(self.missing("relation", written)) };
        if cursor.accept(&["SET", "LOGGED"]) {
            let targets = foreign_targets(table);
            let unlogged = |target: &&ObjectName| {
                *target != name
                    && self.schema.tables.get(*target).is_some_and(|found| found.persistence == Persistence::Unlogged)
            };
            if let Some(target) = targets.iter().find(unlogged) {
                let message = format!(
                    "could not change table \"{}\" to logged because it references unlogged table \"{}\"",
                    name.name, target.name
                );
                return Err(Problem::new("refused", written.at.clone(), message));
            }
            if let Some(table) = self.schema.tables.get_mut(name) {
                table.persistence = Persistence::Permanent;
            }
            self.follow_persistence(name);
        } else if cursor.accept(&["SET", "UNLOGGED"]) {
            table.persistence = Persistence::Unlogged;
            self.follow_persistence(name);
        } else if cursor.are(&["SET", "("]) {
            cursor.take();
            let from = cursor.position();
            let settings = self.settings()?;
            self.parameters_fit(&settings, TABLE_PARAMETERS, &self.cursor.since(from))?;
            if let Some(table) = self.schema.tables.get_mut(name) {
                set_options(&mut table.options, settings);
            }
        } else if cursor.accept(&["RESET"]) {
            let keys = self.settings()?;
            if let Some(table) = self.schema.tables.get_mut(name) {
                reset_options(&mut table.options, &keys);
            }
        } else {
            return Err(cursor.expected("an action of ALTER TABLE"));
        }
        Ok(())
    }

    /// Takes the name of an index of the table.
    fn index_of(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let index = self.identifier()?;
        let found = self.schema.table_of_index(&ObjectName::new(&table.schema, &index));
        if found == Some(table) {
            return Ok(());
        }
        let message = format!("index \"{index}\" for table \"{}\" does not exist", table.name);
        Err(Problem::new("unknown-object", at, message))
    }

    fn enable(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let no_force = self.cursor.accept(&["NO"]);
        let verb = self.word()?;
        if self.cursor.accept(&["ROW", "LEVEL", "SECURITY"]) {
            if let Some(table) = self.schema.tables.get_mut(name) {
                match verb.as_str() {
                    "force" => table.row_security.1 = !no_force,
                    _ => table.row_security.0 = verb == "enable",
                }
            }
            return Ok(());
        }
        let always = self.cursor.accept(&["ALWAYS"]);
        let replica = self.cursor.accept(&["REPLICA"]);
        if self.cursor.accept(&["RULE"]) {
            return self.identifier().map(|_| ());
        }
        self.cursor.expect("TRIGGER")?;
        let at = self.cursor.here();
        let trigger = self.word()?;
        let state = match (verb.as_str(), always, replica) {
            ("disable", _, _) => Some('D'),
            (_, true, _) => Some('A'),
            (_, _, true) => Some('R'),
            _ => Some('O'),
        };
        let Some(table) = self.schema.tables.get_mut(name) else { return Ok(()) };
        if trigger == "all" || trigger == "user" {
            table.triggers.values_mut().for_each(|trigger| trigger.enabled = state);
            return Ok(());
        }
        match table.triggers.get_mut(&trigger) {
            Some(found) => {
                found.enabled = state;
                Ok(())
            }
            None => {
                let message = format!("trigger \"{trigger}\" for table \"{}\" does not exist", name.name);
                Err(Problem::new("unknown-object", at, message))
            }
        }
    }
}

/// Returns the tables to which foreign keys of a table point.
fn foreign_targets(table: &Table) -> Vec<ObjectName> {
    let target = |kind: &ConstraintKind| match kind {
        ConstraintKind::ForeignKey(key) => Some(key.target.clone()),
        _ => None,
    };
    table.constraints.values().filter_map(|constraint| target(&constraint.kind)).collect()
}
