//! What ALTER TABLE says of a table as a whole.

use super::alter_table::{reset_options, set_options};
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{ObjectName, Partition, Persistence, TableKind};

impl Reader<'_, '_> {
    /// Takes an action about the table as a whole.
    pub(super) fn table_setting(&mut self, name: &ObjectName, written: &Written) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["OWNER", "TO"]) || cursor.accept(&["SET", "TABLESPACE"]) || cursor.accept(&["CLUSTER", "ON"])
        {
            return self.identifier().map(|_| ());
        }
        if cursor.accept(&["SET", "WITHOUT"])
            || cursor.accept(&["REPLICA", "IDENTITY"])
            || cursor.accept(&["NOT", "OF"])
        {
            cursor.take_until(&[","]);
            return Ok(());
        }
        if cursor.accept(&["ATTACH", "PARTITION"]) {
            let partition = self.written()?;
            let partition = self.table(&partition)?;
            let bound = self.bound()?;
            if let Some(table) = self.schema.tables.get_mut(&partition) {
                table.partition = Some(Partition { parent: name.clone(), bound });
            }
            return Ok(());
        }
        if cursor.accept(&["DETACH", "PARTITION"]) {
            let partition = self.written()?;
            let partition = self.table(&partition)?;
            let _ = self.cursor.accept(&["CONCURRENTLY"]) || self.cursor.accept(&["FINALIZE"]);
            if let Some(table) = self.schema.tables.get_mut(&partition) {
                table.partition = None;
                table.columns.iter_mut().for_each(|column| column.local = true);
                table.constraints.values_mut().for_each(|constraint| constraint.local = true);
            }
            return Ok(());
        }
        if cursor.is("ENABLE") || cursor.is("DISABLE") || cursor.is("FORCE") || cursor.are(&["NO", "FORCE"]) {
            return self.enable(name);
        }
        let Some(table) = self.schema.tables.get_mut(name) else { return Err(self.missing("relation", written)) };
        if cursor.accept(&["SET", "LOGGED"]) {
            table.persistence = Persistence::Permanent;
            self.follow_persistence(name);
        } else if cursor.accept(&["SET", "UNLOGGED"]) {
            table.persistence = Persistence::Unlogged;
            self.follow_persistence(name);
        } else if cursor.are(&["SET", "("]) {
            cursor.take();
            let settings = self.settings()?;
            if let Some(table) = self.schema.tables.get_mut(name) {
                set_options(&mut table.options, settings);
            }
        } else if cursor.accept(&["RESET"]) {
            let keys = self.settings()?;
            if let Some(table) = self.schema.tables.get_mut(name) {
                reset_options(&mut table.options, &keys);
            }
        } else if cursor.accept(&["INHERIT"]) || cursor.accept(&["NO", "INHERIT"]) {
            let parent = self.written()?;
            let parent = self.table(&parent)?;
            if let Some(table) = self.schema.tables.get_mut(name) {
                let had = table.inherits.len();
                table.inherits.retain(|other| *other != parent);
                if table.inherits.len() == had && !matches!(table.kind, TableKind::External(_)) {
                    table.inherits.push(parent);
                }
            }
        } else {
            return Err(cursor.expected("an action of ALTER TABLE"));
        }
        Ok(())
    }

    fn enable(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let no_force = self.cursor.accept(&["NO"]);
        let verb = self.identifier()?;
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
        let trigger = self.identifier()?;
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
