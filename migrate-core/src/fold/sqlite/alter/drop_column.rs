//! DROP COLUMN.

use super::super::check;
use super::super::read::{ClauseKind, Reader, TableDef};
use super::{Alter, Strings};
use crate::fold::{Effect, Problem};

impl Alter<'_> {
    pub(super) fn drop_column(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        let column = reader.name()?;
        reader.finish()?;
        let object = self.real_table("drop column from")?;
        let Some(table) = object.as_table() else { return Ok(Effect::Schema) };
        let Some(index) = table.columns.iter().position(|known| column.is(&known.name.name)) else {
            let shown = format!("\"{}\"", &reader.text()[column.at.clone()]);
            return Err(self.unknown_column(&column, &shown));
        };
        if let Some(what) = key_of(table, index) {
            let message = format!("cannot drop {what} column: \"{}\"", column.name);
            return Err(Problem::new("sql-refused", column.at.clone(), message));
        }
        if table.columns.len() == 1 {
            let message = format!("cannot drop column \"{}\": no other columns exist", column.name);
            return Err(Problem::new("sql-refused", column.at.clone(), message));
        }
        self.check_rewritable(object.home)?;
        self.fix_strings(object.home, "after drop column")?;
        let position = self.position(&object);
        let Some(fixed) = self.catalog.get(position).cloned() else { return Ok(Effect::Schema) };
        let Some(table) = fixed.as_table() else { return Ok(Effect::Schema) };
        let sql = without(&fixed.sql, table, index);
        self.replace(position, "after drop column", sql)?;
        self.check_read(&object.key(), "after drop column")?;
        self.check_all(object.home, "after drop column", Strings::Rewritten)?;
        Ok(Effect::Schema)
    }
}

/// Returns the key that a column is in, of those that refuse the drop by themselves.
fn key_of(table: &TableDef, index: usize) -> Option<&'static str> {
    let column = &table.columns[index];
    let own = |clause: &super::super::read::Clause| matches!(clause.kind, ClauseKind::PrimaryKey { .. });
    let named = table.constraints.iter().any(|clause| match &clause.kind {
        ClauseKind::PrimaryKey { keys, .. } => {
            keys.iter().filter_map(check::key_column).any(|name| name.is(&column.name.name))
        }
        _ => false,
    });
    if named || column.clauses.iter().any(own) {
        return Some("PRIMARY KEY");
    }
    let unique = column.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Unique { .. }));
    unique.then_some("UNIQUE")
}

fn without(sql: &str, table: &TableDef, index: usize) -> String {
    let start = table.columns[index].name.at.start;
    if let Some(next) = table.columns.get(index + 1) {
        return format!("{}{}", &sql[..start], &sql[next.name.at.start..]);
    }
    // SQLite looks for the last comma before the name, wherever it stands.
    let comma = sql[..start].rfind(',').unwrap_or(start);
    format!("{}{}", &sql[..comma], &sql[table.columns_end..])
}
