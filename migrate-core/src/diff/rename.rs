//! Renames: by `renamed_from`, by a flag, and the question where one may be meant.

use std::collections::BTreeSet;

use super::hints::{names, rename_flag};
use super::{Differ, Question};
use crate::op::{Operation, TableChange};
use crate::schema::{ObjectName, Schema, Table};

impl Differ<'_> {
    /// Renames what the hints say, and asks where something may be meant.
    pub(super) fn renames(&mut self) {
        for (from, to) in self.hints.renamed_enums.clone() {
            if is_free(&self.now.types, &self.after.types, &from, &to) {
                self.first(Operation::RenameEnum { from, to });
            }
        }
        for (from, to) in self.hints.renamed_tables.clone() {
            if is_free(&self.now.tables, &self.after.tables, &from, &to) {
                self.first(Operation::RenameTable { from, to });
            }
        }
        self.tables_by_flag();
        self.ask_for_tables();
        for (table, from, to) in self.hints.renamed_columns.clone() {
            if self.column_is_free(&table, &from, &to) {
                self.first_column(&table, from, to);
            }
        }
        self.columns_by_flag();
        self.labels();
    }

    fn tables_by_flag(&mut self) {
        for (old, new) in self.hints.renames.clone() {
            let gone = self.gone(|name| names(&old, name, None));
            let come = self.come(|name| names(&new, name, None));
            if let ([from], [to]) = (gone.as_slice(), come.as_slice()) {
                self.note(&rename_flag(&old, &new));
                self.first(Operation::RenameTable { from: from.clone(), to: to.clone() });
            }
        }
    }

    fn gone(&self, wanted: impl Fn(&ObjectName) -> bool) -> Vec<ObjectName> {
        let gone = self.now.tables.keys().filter(|name| !self.after.tables.contains_key(*name) && wanted(name));
        gone.cloned().collect()
    }

    fn come(&self, wanted: impl Fn(&ObjectName) -> bool) -> Vec<ObjectName> {
        let come = self.after.tables.keys().filter(|name| !self.now.tables.contains_key(*name) && wanted(name));
        come.cloned().collect()
    }

    fn ask_for_tables(&mut self) {
        let come = self.come(|_| true);
        for old in self.gone(|_| true) {
            if let Some(flag) = self.hints.drop_of(&old, None) {
                self.note(&flag);
                continue;
            }
            let table = &self.now.tables[&old];
            let like = come.iter().filter(|name| are_alike(table, &self.after.tables[*name]));
            let new: Vec<String> = like.map(ToString::to_string).collect();
            if !new.is_empty() {
                self.questions.push(Question::Renamed { table: None, old: old.to_string(), new });
            }
        }
    }

    fn column_is_free(&self, table: &ObjectName, from: &str, to: &str) -> bool {
        let has = |schema: &Schema, column: &str| {
            schema.tables.get(table).is_some_and(|table| table.column(column).is_some())
        };
        has(&self.now, from) && !has(&self.now, to) && has(&self.after, to) && !has(&self.after, from)
    }

    fn first_column(&mut self, table: &ObjectName, from: String, to: String) {
        let changes = vec![TableChange::RenameColumn { from, to }];
        self.first(Operation::AlterTable { table: table.clone(), changes });
    }

    fn columns_by_flag(&mut self) {
        for (old, new) in self.hints.renames.clone() {
            let flag = rename_flag(&old, &new);
            if self.used_hints.contains(&flag) {
                continue;
            }
            let mut found = Vec::new();
            for (name, table) in &self.now.tables {
                // Before its own rename the table had another name, which may be the one that was typed.
                let former = self.former(name);
                let from = table
                    .columns
                    .iter()
                    .filter(|column| names(&old, name, Some(&column.name)) || names(&old, &former, Some(&column.name)));
                let to = self.after.tables.get(name).into_iter().flat_map(|table| &table.columns);
                let to: Vec<_> = to.filter(|column| names(&new, name, Some(&column.name))).collect();
                for (from, to) in from.flat_map(|from| to.iter().map(move |to| (from, to))) {
                    if self.column_is_free(name, &from.name, &to.name) {
                        found.push((name.clone(), from.name.clone(), to.name.clone()));
                    }
                }
            }
            if let [(table, from, to)] = found.as_slice() {
                self.note(&flag);
                self.first_column(table, from.clone(), to.clone());
            }
        }
    }

    /// Returns the name that a table had before it was renamed.
    pub(super) fn former(&self, name: &ObjectName) -> ObjectName {
        let renames = self.parts.first.iter().rev();
        renames.fold(name.clone(), |name, operation| match operation {
            Operation::RenameTable { from, to } if *to == name => from.clone(),
            _ => name,
        })
    }
}

/// Returns whether what was renamed is there under its old name alone.
fn is_free<V>(
    now: &std::collections::BTreeMap<ObjectName, V>,
    after: &std::collections::BTreeMap<ObjectName, V>,
    from: &ObjectName,
    to: &ObjectName,
) -> bool {
    now.contains_key(from) && !now.contains_key(to) && after.contains_key(to) && !after.contains_key(from)
}

/// Returns whether two tables have most of their columns in common, by name.
fn are_alike(one: &Table, other: &Table) -> bool {
    let columns =
        |table: &Table| table.columns.iter().map(|column| column.name.to_ascii_lowercase()).collect::<BTreeSet<_>>();
    let (one, other) = (columns(one), columns(other));
    one.intersection(&other).count() * 2 > one.len().max(other.len())
}
