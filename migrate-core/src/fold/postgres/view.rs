//! Views and materialized views.

use super::reader::Reader;
use crate::fold::Problem;
use crate::schema::{Column, ColumnType, Expression, ObjectName, RelationKind, View};

impl Reader<'_, '_> {
    pub(super) fn create_view(&mut self, replace: bool, materialized: bool) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        let written = self.written()?;
        let name = self.new_name(&written)?;
        let existing = self.schema.relation(&name);
        if lenient && existing.is_some() {
            self.pass_over();
            return Ok(());
        }
        let replaces = replace && existing == Some(RelationKind::View);
        if !replaces {
            self.free_relation(&name, &written.at)?;
        }
        let mut view = View { materialized, populated: true, ..View::default() };
        let columns = if self.cursor.is("(") { self.identifiers()? } else { Vec::new() };
        if self.cursor.accept(&["USING"]) {
            self.identifier()?;
        }
        if self.cursor.accept(&["WITH"]) {
            view.options = self.settings()?;
        }
        if self.cursor.accept(&["TABLESPACE"]) {
            self.identifier()?;
        }
        self.cursor.expect("AS")?;
        view.query = self.view_query(&mut view.options, &mut view.populated);
        view.columns = columns.into_iter().map(|column| Column::new(column, unknown_type())).collect();
        if replaces {
            self.keep_of_replaced(&name, &mut view);
        }
        self.schema.views.insert(name, view);
        Ok(())
    }

    /// Takes the query, and what stands behind it.
    fn view_query(&mut self, options: &mut Vec<String>, populated: &mut bool) -> Expression {
        let from = self.cursor.position();
        let rest = self.cursor.words().len();
        let mut to = from + rest;
        self.cursor.skip(rest);
        for (words, option) in [
            (&["WITH", "LOCAL", "CHECK", "OPTION"] as &[&str], Some("check_option=local")),
            (&["WITH", "CASCADED", "CHECK", "OPTION"], Some("check_option=cascaded")),
            (&["WITH", "CHECK", "OPTION"], Some("check_option=cascaded")),
            (&["WITH", "NO", "DATA"], None),
            (&["WITH", "DATA"], None),
        ] {
            let start = to.saturating_sub(words.len()).max(from);
            self.cursor.rewind(start);
            if self.cursor.are(words) {
                to = start;
                options.extend(option.map(str::to_owned));
                *populated &= !words.contains(&"NO");
                break;
            }
        }
        self.cursor.rewind(from + rest);
        let text = self.cursor.slice(from, to).to_owned();
        let references = self.query_references(&text);
        Expression { text, references }
    }

    fn keep_of_replaced(&mut self, name: &ObjectName, view: &mut View) {
        if let Some(old) = self.schema.views.remove(name) {
            view.comment = old.comment;
            view.triggers = old.triggers;
        }
    }

    pub(super) fn alter_view(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let written = self.written()?;
        let Some((name, kind)) = self.relation(&written) else {
            if lenient {
                self.pass_over();
                return Ok(());
            }
            return Err(self.missing("relation", &written));
        };
        if !matches!(kind, RelationKind::View | RelationKind::MaterializedView) {
            let message = format!("\"{}\" is not a view", written.last());
            return Err(Problem::new("wrong-kind", written.at, message));
        }
        if self.cursor.is("RENAME") || self.cursor.are(&["SET", "SCHEMA"]) {
            return self.rename_relation_statement(&name, kind);
        }
        if self.cursor.accept(&["SET"]) && self.cursor.is("(") {
            let settings = self.settings()?;
            if let Some(view) = self.schema.views.get_mut(&name) {
                super::alter_table::set_options(&mut view.options, settings);
            }
            return Ok(());
        }
        if self.cursor.accept(&["RESET"]) {
            let keys = self.settings()?;
            if let Some(view) = self.schema.views.get_mut(&name) {
                super::alter_table::reset_options(&mut view.options, &keys);
            }
            return Ok(());
        }
        // Owners, defaults of view columns, cluster marks: nothing that the model shows.
        self.pass_over();
        Ok(())
    }
}

/// The type of a view's column is the server's to tell.
fn unknown_type() -> ColumnType {
    ColumnType::builtin("")
}
