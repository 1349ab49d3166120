//! Triggers.

use std::collections::BTreeSet;

use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{Expression, ObjectName, RelationKind, Trigger};

impl Reader<'_, '_> {
    pub(super) fn create_trigger(&mut self, replace: bool) -> Result<(), Problem> {
        self.cursor.accept(&["CONSTRAINT"]);
        self.cursor.expect("TRIGGER")?;
        let at = self.cursor.here();
        let name = self.identifier()?;
        let mut columns = Vec::new();
        let start = self.cursor.position();
        while !self.cursor.is("ON") {
            if self.cursor.is_done() {
                return Err(self.cursor.expected("`ON` and a table"));
            }
            if self.cursor.accept(&["OF"]) {
                columns.push(self.identifier()?);
                while self.cursor.accept(&[","]) {
                    columns.push(self.identifier()?);
                }
                continue;
            }
            self.cursor.take();
        }
        self.cursor.expect("ON")?;
        let written = self.written()?;
        let head = self.cursor.bytes_at(start).start..written.at.start;
        let Some((relation, kind)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        let rest = self.cursor.position();
        let function = self.trigger_function()?;
        self.timing_fits(kind, &written, &head, rest)?;
        let own: BTreeSet<String> = self.columns_of(&relation).into_iter().collect();
        if let Some(column) = columns.iter().find(|column| !own.contains(*column)) {
            let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
            return Err(Problem::new("unknown-column", self.token_of(&head, column), message));
        }
        let definition = Expression::new(self.cursor.text());
        let trigger = Trigger { definition, function, columns, enabled: Some('O'), ..Trigger::default() };
        let triggers = match (self.schema.tables.get_mut(&relation), self.schema.views.get_mut(&relation)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => return Err(self.missing("relation", &written)),
        };
        if triggers.contains_key(&name) && !replace {
            let message = format!("trigger \"{name}\" for relation \"{}\" already exists", relation.name);
            return Err(Problem::new("exists", at, message));
        }
        triggers.insert(name, trigger);
        Ok(())
    }

    /// Takes the rest of a trigger up to its function, which is returned.
    fn trigger_function(&mut self) -> Result<Option<ObjectName>, Problem> {
        while !self.cursor.accept(&["EXECUTE"]) {
            if self.cursor.take().is_none() {
                return Err(self.cursor.expected("`EXECUTE FUNCTION`"));
            }
        }
        let _ = self.cursor.accept(&["FUNCTION"]) || self.cursor.accept(&["PROCEDURE"]);
        let function = self.written()?;
        self.cursor.take_group()?;
        let is_own =
            |name: &ObjectName| self.schema.routines.keys().any(|id| id.name == *name && id.arguments.is_empty());
        if let Some(found) = self.session.find(&function.parts, is_own) {
            let returns = self.schema.routines.iter().find(|(id, _)| id.name == found && id.arguments.is_empty());
            if returns.is_some_and(|(_, routine)| !routine.returns.to_ascii_lowercase().ends_with("trigger")) {
                let message = format!("function {} must return type trigger", function.last());
                return Err(Problem::new("wrong-kind", function.at, message));
            }
            return Ok(Some(found));
        }
        // The server's own, and what extensions bring.
        let catalog = function.parts.len() > 1 && function.parts[0] == "pg_catalog";
        let own = ["suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"];
        if !catalog && !own.contains(&function.last()) && !self.brings_functions() {
            let message = format!("function {function}() does not exist");
            return Err(Problem::new("unknown-object", function.at, message));
        }
        Ok(Some(match function.parts.as_slice() {
            [schema, name] => ObjectName::new(schema, name),
            _ => ObjectName::new("pg_catalog", function.last()),
        }))
    }

    /// Returns whether there may be functions that no statement makes.
    fn brings_functions(&self) -> bool {
        self.schema.others.keys().any(|id| id.kind == crate::schema::OtherKind::Extension)
    }

    /// Refuses when a trigger fires, where its relation has no such moment.
    fn timing_fits(
        &self,
        kind: RelationKind,
        written: &Written,
        head: &std::ops::Range<usize>,
        rest: usize,
    ) -> Result<(), Problem> {
        let words = |word: &str| self.token_of(head, word) != *head;
        let tail = self.cursor.since(rest);
        let for_row = self.token_of(&tail, "row") != tail;
        let refuse = |message: String| Err(Problem::new("wrong-kind", written.at.clone(), message));
        let name = written.last();
        match kind {
            RelationKind::Table if words("instead") => refuse(format!("\"{name}\" is a table")),
            RelationKind::View if !words("instead") && for_row => refuse(format!("\"{name}\" is a view")),
            RelationKind::View if words("truncate") => refuse(format!("\"{name}\" is a view")),
            RelationKind::Table | RelationKind::View if words("truncate") && for_row => {
                let at = self.token_of(head, "truncate");
                Err(Problem::new("refused", at, "TRUNCATE FOR EACH ROW triggers are not supported"))
            }
            RelationKind::Table | RelationKind::View => Ok(()),
            _ => refuse(format!("relation \"{name}\" cannot have triggers")),
        }
    }

    pub(super) fn alter_trigger(&mut self) -> Result<(), Problem> {
        let at = self.cursor.here();
        let name = self.identifier()?;
        self.cursor.expect("ON")?;
        let written = self.written()?;
        let Some((relation, _)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        if !self.cursor.accept(&["RENAME", "TO"]) {
            self.pass_over();
            return Ok(());
        }
        let target = self.cursor.here();
        let to = self.identifier()?;
        let triggers = match (self.schema.tables.get_mut(&relation), self.schema.views.get_mut(&relation)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => return Ok(()),
        };
        if triggers.contains_key(&to) {
            let message = format!("trigger \"{to}\" for relation \"{}\" already exists", relation.name);
            return Err(Problem::new("exists", target, message));
        }
        match triggers.remove(&name) {
            Some(trigger) => {
                triggers.insert(to, trigger);
                Ok(())
            }
            None => {
                let message = format!("trigger \"{name}\" for table \"{}\" does not exist", relation.name);
                Err(Problem::new("unknown-object", at, message))
            }
        }
    }
}
