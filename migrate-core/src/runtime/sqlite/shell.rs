//! Plans as scripts for the sqlite3 shell.

use super::version_table;
use crate::runtime::offline::Shell;
use crate::runtime::table::Table;
use crate::runtime::{Expect, Part, Record, Settings};
use crate::sql::Run;

/// The sqlite3 shell.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite3;

impl Shell for Sqlite3 {
    fn preamble(&self, settings: &Settings) -> String {
        format!(".bail on\n\n{};\n", version_table(settings).create())
    }

    fn transaction(&self, settings: &Settings, part: &Part<'_>) -> String {
        let table = version_table(settings);
        let mut text = String::from("PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = OFF;\n");
        let mut add = |sql: &str| text.push_str(&format!("{sql}\n;\n"));
        let is_around = |run: Run| run == Run::Around;
        let body = part.statements.iter().position(|item| !is_around(item.run)).unwrap_or(part.statements.len());
        part.session.iter().chain(&part.statements[..body]).for_each(|item| add(item.sql));
        add("BEGIN IMMEDIATE");
        add(&guard(&table, part));
        part.statements[body..].iter().filter(|item| !is_around(item.run)).for_each(|item| add(item.sql));
        match &part.record {
            Record::Write(row) if part.expect != Expect::Absent => add(&table.update(row)),
            Record::Delete => add(&table.delete(part.revision)),
            _ => {}
        }
        add("COMMIT");
        part.statements[body..].iter().filter(|item| is_around(item.run)).for_each(|item| add(item.sql));
        text
    }

    fn outside(&self, _settings: &Settings, part: &Part<'_>) -> String {
        part.session.iter().chain(&part.statements).map(|item| format!("{}\n;\n", item.sql)).collect()
    }
}

/// Returns a statement that fails unless the version table says what the part expects.
///
/// A row that must not be there is inserted first, and its key refuses a second one. Else a row without a name, which
/// the table refuses, is inserted if the expected one is not there.
fn guard(table: &Table, part: &Part<'_>) -> String {
    if let (Record::Write(row), Expect::Absent) = (&part.record, part.expect) {
        return table.insert(row);
    }
    let columns = "NULL, NULL, 'applied', 0, 0, NULL, '', '', 0, '', '', 0, ''";
    let count = table.count(part.revision, part.expect);
    format!("INSERT INTO {} SELECT {columns} WHERE ({count}) <> 1", table.qualified())
}
