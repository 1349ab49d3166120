//! COMMENT ON.

use super::drop::{ROUTINES, missing_routine};
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{OtherKind, RelationKind, UserTypeKind};

impl Reader<'_, '_> {
    pub(super) fn comment(&mut self) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["COLUMN"]) {
            return self.comment_on_column();
        }
        if cursor.accept(&["CONSTRAINT"]) || cursor.is("TRIGGER") {
            return self.comment_on_part();
        }
        if cursor.accept(&["SCHEMA"]) {
            let written = self.written()?;
            let comment = self.comment_text()?;
            return match self.schema.namespaces.get_mut(written.last()) {
                Some(namespace) => {
                    namespace.comment = comment;
                    Ok(())
                }
                None => Err(self.missing("schema", &written)),
            };
        }
        if cursor.accept(&["TYPE"]) || cursor.accept(&["DOMAIN"]) {
            let written = self.written()?;
            let found = self.session.find(&written.parts, |name| self.schema.types.contains_key(name));
            let comment = self.comment_text()?;
            let Some(found) = found.and_then(|name| self.schema.types.get_mut(&name)) else {
                return Err(self.missing("type", &written));
            };
            found.comment = comment;
            return Ok(());
        }
        if let Some(kind) = ROUTINES.iter().find(|word| cursor.accept(&[word])) {
            let written = self.written()?;
            let arguments = if self.cursor.is("(") { Some(self.argument_types()?) } else { None };
            let id = self.routine(&written, arguments.as_deref())?;
            let comment = self.comment_text()?;
            let Some(routine) = id.and_then(|id| self.schema.routines.get_mut(&id)) else {
                return Err(missing_routine(kind, &written, arguments.as_deref()));
            };
            routine.comment = comment;
            return Ok(());
        }
        for (words, kind, name) in [
            (&["MATERIALIZED", "VIEW"] as &[&str], RelationKind::MaterializedView, "materialized view"),
            (&["TABLE"], RelationKind::Table, "table"),
            (&["FOREIGN", "TABLE"], RelationKind::Table, "foreign table"),
            (&["VIEW"], RelationKind::View, "view"),
            (&["SEQUENCE"], RelationKind::Sequence, "sequence"),
            (&["INDEX"], RelationKind::Index, "index"),
        ] {
            if cursor.accept(words) {
                return self.comment_on_relation(kind, name);
            }
        }
        self.comment_on_other()
    }

    fn comment_text(&mut self) -> Result<Option<String>, Problem> {
        self.cursor.expect("IS")?;
        Ok(self.string_or_null()?.filter(|text| !text.is_empty()))
    }

    fn comment_on_column(&mut self) -> Result<(), Problem> {
        let mut written = self.written()?;
        let column = written.parts.pop().unwrap_or_default();
        let at = self.last_token_of(&written.at, &column);
        written.at = self.token_of(&written.at, written.last());
        let Some((relation, _)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        let comment = self.comment_text()?;
        let is_table = self.schema.tables.contains_key(&relation);
        let columns = match (self.schema.tables.get_mut(&relation), self.schema.views.get_mut(&relation)) {
            (Some(table), _) => &mut table.columns,
            (None, Some(view)) => &mut view.columns,
            (None, None) => return Ok(()),
        };
        match columns.iter_mut().find(|found| found.name == column) {
            Some(found) => found.comment = comment,
            None if is_table => {
                let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
                return Err(Problem::new("unknown-column", at, message));
            }
            // The columns of a view are known to the server alone.
            None => {}
        }
        Ok(())
    }

    fn comment_on_part(&mut self) -> Result<(), Problem> {
        let trigger = self.cursor.accept(&["TRIGGER"]);
        let at = self.cursor.here();
        let name = self.identifier()?;
        self.cursor.expect("ON")?;
        let domain = self.cursor.accept(&["DOMAIN"]);
        let written = self.written()?;
        let comment = self.comment_text()?;
        if domain {
            return self.comment_on_domain_check(&name, &at, &written, comment);
        }
        let Some((relation, _)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        if trigger {
            let tables = self.schema.tables.get_mut(&relation).map(|table| &mut table.triggers);
            let triggers = tables.or(self.schema.views.get_mut(&relation).map(|view| &mut view.triggers));
            let Some(found) = triggers.and_then(|triggers| triggers.get_mut(&name)) else {
                let message = format!("trigger \"{name}\" for table \"{}\" does not exist", relation.name);
                return Err(Problem::new("unknown-object", at, message));
            };
            found.comment = comment;
            return Ok(());
        }
        if let Some(found) = self.schema.tables.get_mut(&relation).and_then(|table| table.constraints.get_mut(&name)) {
            found.comment = comment;
            return Ok(());
        }
        let message = format!("constraint \"{name}\" for table \"{}\" does not exist", relation.name);
        Err(Problem::new("unknown-object", at, message))
    }

    fn comment_on_domain_check(
        &mut self,
        check: &str,
        at: &std::ops::Range<usize>,
        written: &Written,
        comment: Option<String>,
    ) -> Result<(), Problem> {
        let found = self.session.find(&written.parts, |name| self.schema.types.contains_key(name));
        let found = found.and_then(|name| self.schema.types.get_mut(&name));
        let Some(UserTypeKind::Domain(domain)) = found.map(|found| &mut found.kind) else {
            return Err(self.missing("type", written));
        };
        if !domain.checks.contains_key(check) {
            let message = format!("constraint \"{check}\" for domain {} does not exist", written.last());
            return Err(Problem::new("unknown-object", at.clone(), message));
        }
        match comment {
            Some(comment) => domain.comments.insert(check.to_owned(), comment),
            None => domain.comments.remove(check),
        };
        Ok(())
    }

    fn comment_on_relation(&mut self, kind: RelationKind, words: &str) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.relation_of(&written, kind, words)?;
        let comment = self.comment_text()?;
        match kind {
            RelationKind::Index => {
                let table = self.schema.table_of_index(&name).cloned();
                let indexes = table.and_then(|table| match self.schema.tables.get_mut(&table) {
                    Some(found) => Some(&mut found.indexes),
                    None => self.schema.views.get_mut(&table).map(|view| &mut view.indexes),
                });
                if let Some(index) = indexes.and_then(|indexes| indexes.get_mut(&name.name)) {
                    index.comment = comment;
                }
            }
            RelationKind::Table => {
                self.schema.tables.entry(name).and_modify(|table| table.comment = comment);
            }
            RelationKind::View | RelationKind::MaterializedView => {
                self.schema.views.entry(name).and_modify(|view| view.comment = comment);
            }
            RelationKind::Sequence => {
                self.schema.sequences.entry(name).and_modify(|sequence| sequence.comment = comment);
            }
            RelationKind::Composite => {}
        }
        Ok(())
    }

    fn comment_on_other(&mut self) -> Result<(), Problem> {
        let Some(kind) = self.other_kind() else {
            // Databases, roles and tablespaces are no part of the schema.
            self.pass_over();
            return Ok(());
        };
        let written = self.written()?;
        let mut parent = None;
        if self.cursor.accept(&["ON"]) {
            let table = self.written()?;
            parent = self.relation(&table).map(|(name, _)| name);
        }
        let id = self.find_other(kind, &written, parent.as_ref());
        let comment = self.comment_text()?;
        match id.and_then(|id| self.schema.others.get_mut(&id)) {
            Some(other) => other.comment = comment,
            // The language that every database has.
            None if kind == OtherKind::Language || kind == OtherKind::AccessMethod => {}
            None => return Err(self.missing_other(kind, &written, parent.as_ref())),
        }
        Ok(())
    }
}
