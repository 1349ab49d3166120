//! Views and materialized views.

use std::collections::BTreeSet;
use std::ops::Range;

use super::query::{Output, Value};
use super::reader::{Reader, Written};
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
        let at = self.view_query(&mut view.options, &mut view.populated);
        let query = self.read_query(at)?;
        view.query = Expression { text: query.text, references: query.references };
        view.columns = view_columns(query.outputs, columns, &written)?;
        if replaces {
            self.replace_view(&name, &mut view, &written)?;
        }
        self.schema.views.insert(name, view);
        Ok(())
    }

    /// Takes the query, and what stands behind it.
    fn view_query(&mut self, options: &mut Vec<String>, populated: &mut bool) -> Range<usize> {
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
        from..to
    }

    /// Takes over what a view keeps when its query is replaced, if the new columns begin as the old ones.
    fn replace_view(&mut self, name: &ObjectName, view: &mut View, written: &Written) -> Result<(), Problem> {
        let Some(old) = self.schema.views.get(name) else { return Ok(()) };
        if !old.columns.is_empty() && !view.columns.is_empty() {
            let refuse = |message: String| Err(Problem::new("view-columns", written.at.clone(), message));
            if view.columns.len() < old.columns.len() {
                return refuse("cannot drop columns from view".to_owned());
            }
            for (old, new) in old.columns.iter().zip(&view.columns) {
                if old.name != new.name {
                    return refuse(format!("cannot change name of view column \"{}\" to \"{}\"", old.name, new.name));
                }
                if old.ty != new.ty && !is_unknown(&old.ty) && !is_unknown(&new.ty) {
                    let message = "cannot change data type of view column";
                    return refuse(format!("{message} \"{}\" from {} to {}", old.name, old.ty, new.ty));
                }
            }
            for (old, new) in old.columns.iter().zip(&mut view.columns) {
                new.comment.clone_from(&old.comment);
                new.default.clone_from(&old.default);
            }
        }
        view.comment.clone_from(&old.comment);
        view.triggers.clone_from(&old.triggers);
        Ok(())
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

/// Returns the columns of a view, of which the first may be given other names.
fn view_columns(outputs: Option<Vec<Output>>, names: Vec<String>, written: &Written) -> Result<Vec<Column>, Problem> {
    let Some(mut outputs) = outputs else {
        return Ok(names.into_iter().map(|name| Column::new(name, unknown_type())).collect());
    };
    if names.len() > outputs.len() {
        let message = "CREATE VIEW specifies more column names than columns";
        return Err(Problem::new("view-columns", written.at.clone(), message));
    }
    for (output, name) in outputs.iter_mut().zip(names) {
        output.name = name;
    }
    unique(&outputs, written)?;
    let column = |output: Output| {
        let ty = match output.value {
            Value::Known(ty) => ty,
            _ => unknown_type(),
        };
        Column { collation: output.collation, ..Column::new(output.name, ty) }
    };
    Ok(outputs.into_iter().map(column).collect())
}

/// Refuses a relation of which two columns have one name.
pub(super) fn unique(outputs: &[Output], written: &Written) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    match outputs.iter().find(|output| !seen.insert(&output.name)) {
        Some(twice) => {
            let message = format!("column \"{}\" specified more than once", twice.name);
            Err(Problem::new("exists", written.at.clone(), message))
        }
        None => Ok(()),
    }
}

/// The type of a view's column that only the server can tell.
fn unknown_type() -> ColumnType {
    ColumnType::builtin("")
}

/// Returns whether a view's column has a type that only the server can tell.
pub(super) fn is_unknown(ty: &ColumnType) -> bool {
    *ty == unknown_type()
}
