//! ADD COLUMN.

use super::super::catalog::{Id, Object};
use super::super::check;
use super::super::read::{ClauseKind, Definition, Reader, TableDef};
use super::super::resolve::Names;
use super::Alter;
use crate::fold::{Effect, Problem};

impl Alter<'_> {
    pub(super) fn add_column(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        let start = reader.here().start;
        let column = reader.column_def()?;
        reader.finish()?;
        let object = self.target()?;
        match &object.definition {
            Definition::Virtual { .. } => {
                return Err(self.problem("sql-refused", "virtual tables may not be altered"));
            }
            Definition::View(_) => return Err(self.problem("sql-refused", "Cannot add a column to a view")),
            _ => {}
        }
        let Some(table) = object.as_table() else { return Ok(Effect::Schema) };
        if table.columns.iter().any(|known| column.name.is(&known.name.name)) {
            let message = format!("duplicate column name: {}", column.name.name);
            return Err(Problem::new("duplicate-column", column.name.at.clone(), message));
        }
        self.check_new(reader.text(), &object, table, &column)?;
        for clause in &column.clauses {
            let what = match clause.kind {
                ClauseKind::PrimaryKey { .. } => "PRIMARY KEY",
                ClauseKind::Unique { .. } => "UNIQUE",
                _ => continue,
            };
            return Err(Problem::new("sql-refused", clause.at.clone(), format!("Cannot add a {what} column")));
        }
        let text = reader.text()[start..].trim_end_matches(|c: char| c == ';' || c.is_ascii_whitespace());
        let at = table.columns_end;
        let sql = format!("{}, {text}{}", &object.sql[..at], &object.sql[at..]);
        let position = self.position(&object);
        self.replace(position, "after add column", sql)?;
        self.check_read(&object.key(), "after add column")?;
        let has = |wanted: fn(&ClauseKind) -> bool| column.clauses.iter().any(|clause| wanted(&clause.kind));
        let generated = has(|kind| matches!(kind, ClauseKind::Generated { .. }));
        let not_null = has(|kind| matches!(kind, ClauseKind::NotNull(_)));
        if table.strict || has(|kind| matches!(kind, ClauseKind::Check(_))) || (generated && not_null) {
            self.check_rows(position)?;
        }
        Ok(Effect::Schema)
    }

    /// Checks what SQLite finds when it computes the columns of the rows, even if there are none.
    fn check_rows(&self, position: Id) -> Result<(), Problem> {
        let mut names = Names::new(self.catalog);
        names.creating = true;
        let Some(object) = self.catalog.get(position) else { return Ok(()) };
        let checked = check::object(&names, object);
        checked.map(|_| ()).map_err(|problem| Problem { at: self.name.name.at.clone(), ..problem })
    }

    /// Checks what SQLite checks while it reads the column, before it is a part of the table.
    fn check_new(
        &self,
        text: &str,
        object: &Object,
        table: &TableDef,
        column: &super::super::read::ColumnDef,
    ) -> Result<(), Problem> {
        let names = Names::new(self.catalog);
        let scratch = Object { sql: text.to_owned(), ..object.clone() };
        check::new_column(&names, &scratch, table, column)
    }
}
