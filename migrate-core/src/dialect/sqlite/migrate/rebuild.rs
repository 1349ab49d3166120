//! A table made anew: the old one is renamed away, the new one is made under its name, and the rows are copied.
//!
//! With `legacy_alter_table` nothing follows the old table's name, so that views, triggers and foreign keys of other
//! tables go on naming the new one. Where a name has to be followed in the same script, or a text of the old table
//! would not survive its renaming, the rows are copied out and back instead.

use super::super::render::{render_index, render_table};
use super::super::{identifier, normal};
use super::Script;
use super::alter::value;
use super::value::is_rowid;
use crate::op::{Operation, TableChange};
use crate::schema::{Column, ConstraintKind, ObjectName, Table};

impl Script {
    /// Makes a table anew, with changes.
    pub(super) fn rebuild(&mut self, name: &ObjectName, old: &Table, changes: &[TableChange]) -> Result<(), String> {
        let operation = Operation::AlterTable { table: name.clone(), changes: changes.to_vec() };
        self.apply(&operation)?;
        let new = self.now.tables.get(name).cloned().ok_or_else(|| format!("table {name} is not there"))?;
        let aside = self.free_name(&format!("_old_{}", name.name));
        let copy = Copy::of(name, old, &new, (changes, self.goal.tables.get(name).unwrap_or(&new)))?;
        let away = !self.moves && !names_itself(name, old);
        let (table, aside) = (identifier(&name.name), identifier(&aside));
        if away {
            self.legacy = true;
            for (index, found) in &old.indexes {
                let filter = found.predicate.as_ref().is_some_and(|filter| normal::qualifies(&filter.text, &name.name));
                if filter {
                    self.push(format!("DROP INDEX {}", identifier(index)));
                }
            }
            self.push(format!("ALTER TABLE {table} RENAME TO {aside}"));
        } else {
            // Columns without a type keep each value as it is.
            let (to, from) = copy.out();
            self.push(format!("CREATE TABLE {aside} ({to})"));
            self.push(format!("INSERT INTO {aside} ({to}) SELECT {from} FROM {table}"));
            if copy.numbered {
                self.push(format!("CREATE TABLE {} (seq)", copy.sequence));
                let name = crate::sql::literal(&name.name);
                let number = format!("SELECT seq FROM sqlite_sequence WHERE name = {name}");
                self.push(format!("INSERT INTO {} (seq) {number}", copy.sequence));
            }
            self.push(format!("DROP TABLE {table}"));
        }
        self.push(render_table(name, &new));
        let comments = copy.comments.join("; ");
        self.push(copy.back(&table, &aside, away));
        if !comments.is_empty() {
            self.statements.last_mut().into_iter().for_each(|last| last.comment = Some(comments.clone()));
        }
        self.sequence(name, &aside, &copy, away);
        self.push(format!("DROP TABLE {aside}"));
        for (index, found) in &new.indexes {
            self.push(render_index(index, name, found));
        }
        for (key, trigger) in &new.triggers {
            // SQLite itself knows what a name in a trigger stands for, and edits its text; a text that is written anew
            // would have to be edited here.
            let text = &trigger.definition.text;
            if let Some(word) = self.renamed.iter().find(|word| normal::mentions(text, word)) {
                return Err(format!(
                    "trigger {key} of table {} has to be written anew, and {word} in it may be what is renamed: do the \
                     rename in a revision of its own",
                    name.name
                ));
            }
            self.push(trigger.definition.text.clone());
        }
        Ok(())
    }

    /// Carries the number of an AUTOINCREMENT over.
    fn sequence(&mut self, name: &ObjectName, aside: &str, copy: &Copy, away: bool) {
        if !copy.numbered {
            return;
        }
        let name = crate::sql::literal(&name.name);
        self.push(format!("DELETE FROM sqlite_sequence WHERE name = {name}"));
        if away {
            let aside = crate::sql::literal(aside.trim_matches('"'));
            self.push(format!("UPDATE sqlite_sequence SET name = {name} WHERE name = {aside}"));
        } else {
            self.push(format!("INSERT INTO sqlite_sequence (name, seq) SELECT {name}, seq FROM {}", copy.sequence));
            self.push(format!("DROP TABLE {}", copy.sequence));
        }
    }

    fn free_name(&self, wanted: &str) -> String {
        let is_taken = |name: &str| {
            let relations = self.now.tables.keys().chain(self.now.views.keys());
            let mut indexes = self.now.tables.values().flat_map(|table| table.indexes.keys());
            relations.into_iter().any(|known| known.name.eq_ignore_ascii_case(name))
                || indexes.any(|known| known.eq_ignore_ascii_case(name))
        };
        let numbered = (2..).map(|n| format!("{wanted}_{n}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
    }
}

/// Returns whether a text of the table qualifies a column by the table's name, which would not survive its renaming.
fn names_itself(name: &ObjectName, table: &Table) -> bool {
    let qualifies = |text: &str| normal::qualifies(text, &name.name);
    let checks = table.constraints.values().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression, .. } => Some(expression),
        _ => None,
    });
    let generated = table.columns.iter().filter_map(|column| column.generated.as_ref());
    checks.chain(generated.map(|generated| &generated.expression)).any(|expression| qualifies(&expression.text))
}

/// How rows are copied.
struct Copy {
    /// The columns of the new table with what each gets of the old one.
    columns: Vec<(String, String)>,
    /// The columns of the old table that are copied out.
    old: Vec<String>,
    /// The name of the rowid in both tables, where it is no column and has to be copied.
    rowid: Option<&'static str>,
    /// Whether the number of an AUTOINCREMENT is carried over.
    numbered: bool,
    /// The table that holds the number meanwhile.
    sequence: String,
    /// What a reader should know.
    comments: Vec<String>,
}

impl Copy {
    fn of(
        name: &ObjectName,
        old: &Table,
        new: &Table,
        (changes, goal): (&[TableChange], &Table),
    ) -> Result<Self, String> {
        let mut copy = Self {
            columns: Vec::new(),
            old: old.columns.iter().filter(|c| c.generated.is_none()).map(|c| c.name.clone()).collect(),
            rowid: rowid(old, new),
            numbered: [old, new].iter().all(|table| table.options.iter().any(|option| option == "autoincrement")),
            sequence: identifier(&format!("_seq_{}", name.name)),
            comments: Vec::new(),
        };
        for column in new.columns.iter().filter(|column| column.generated.is_none()) {
            if let Some(source) = copy.source(old, new, column, (changes, goal))? {
                copy.columns.push((identifier(&column.name), source));
            }
        }
        Ok(copy)
    }

    /// Returns what a column of the new table gets, `None` where SQLite gives it a value.
    fn source(
        &mut self,
        old: &Table,
        new: &Table,
        column: &Column,
        (changes, goal): (&[TableChange], &Table),
    ) -> Result<Option<String>, String> {
        let own = identifier(&column.name);
        let change = changes.iter().find_map(|change| match change {
            TableChange::AddColumn { column: added, backfill } if added.column.name == column.name => {
                Some((None, backfill.as_ref()))
            }
            TableChange::AlterColumn { after, using, backfill, .. } if after.column.name == column.name => {
                Some((using.0.as_ref(), backfill.0.as_ref()))
            }
            _ => None,
        });
        let (using, given) = change.unwrap_or_default();
        let known = old.column(&column.name);
        let Some(known) = known else {
            let fills = super::fills_itself(new, column);
            return match given {
                None if fills => Ok(None),
                _ => self.required(goal, column, given).map(Some),
            };
        };
        let source = match using {
            Some(using) => format!("({using})"),
            None if is_strict(new) && !is_strict(old) || (is_strict(new) && known.ty != column.ty) => {
                strict(&own, &column.ty.to_string())
            }
            None => own,
        };
        // What the author says is taken as it is.
        let narrowed = known.nullable && !column.nullable && using.is_none();
        if narrowed && !is_rowid(new, &column.name) {
            let value = self.required(goal, column, given)?;
            return Ok(Some(format!("coalesce({source}, {value})")));
        }
        Ok(Some(source))
    }

    fn required(&mut self, table: &Table, column: &Column, given: Option<&String>) -> Result<String, String> {
        let (value, made_up) = value(table, column, given).ok_or_else(|| {
            format!("column {} is NOT NULL, and what the rows had in it is not known any more", column.name)
        })?;
        if made_up {
            self.comments.push(format!("rows without a value in {} get {value}", identifier(&column.name)));
        }
        Ok(value)
    }

    /// Returns the columns that are copied out of the old table, as they are called there and here.
    fn out(&self) -> (String, String) {
        let columns: Vec<String> = self.old.iter().map(|name| identifier(name)).collect();
        let list = |rowid: Option<&str>| {
            rowid.into_iter().map(str::to_owned).chain(columns.clone()).collect::<Vec<_>>().join(", ")
        };
        (list(self.rowid.map(|_| ROWID)), list(self.rowid))
    }

    fn back(&self, table: &str, aside: &str, away: bool) -> String {
        let mut to: Vec<&str> = self.rowid.into_iter().collect();
        let mut from: Vec<&str> = self.rowid.iter().map(|rowid| if away { rowid } else { ROWID }).collect();
        to.extend(self.columns.iter().map(|(to, _)| to.as_str()));
        from.extend(self.columns.iter().map(|(_, from)| from.as_str()));
        format!("INSERT OR ABORT INTO {table} ({}) SELECT {} FROM {aside}", to.join(", "), from.join(", "))
    }
}

/// What the rowid is called where it was copied out.
const ROWID: &str = "_old_rowid";

/// Returns the name by which both tables know the rowid, if both have one that is no column of the new one.
fn rowid(old: &Table, new: &Table) -> Option<&'static str> {
    let without = |table: &Table| table.options.iter().any(|option| option == "without_rowid");
    let is_column = new.columns.iter().any(|column| is_rowid(new, &column.name));
    if without(old) || without(new) || is_column {
        return None;
    }
    let is_taken = |name: &&str| {
        let mut columns = old.columns.iter().chain(&new.columns);
        columns.any(|column| column.name.eq_ignore_ascii_case(name))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_taken(name))
}

fn is_strict(table: &Table) -> bool {
    table.options.iter().any(|option| option == "strict")
}

/// Returns a column's value as a STRICT table takes it: converted where nothing is lost, else as it is, which fails.
fn strict(column: &str, ty: &str) -> String {
    match ty.to_ascii_uppercase().as_str() {
        "TEXT" => {
            format!("CASE WHEN typeof({column}) IN ('integer', 'real') THEN CAST({column} AS TEXT) ELSE {column} END")
        }
        _ => column.to_owned(),
    }
}
