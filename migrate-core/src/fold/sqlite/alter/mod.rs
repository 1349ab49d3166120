//! ALTER TABLE: edits of stored texts, and the checks around them.
//!
//! 1. The statement is read and its target found.
//! 2. RENAME and DROP COLUMN check every view and trigger first.
//! 3. The texts are edited token by token, where the names in them mean what is altered.
//! 4. Everything is read and checked again; what does not hold refuses the statement.

mod column;
mod constraint;
mod drop_column;
mod edit;
mod rename;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Session;
use super::catalog::{Catalog, Fact, Home, Id, Key, Object};
use super::check;
use super::drop::database_of;
use super::read::{Definition, Ident, Qualified, Reader};
use super::resolve::Names;
use crate::fold::{Effect, Problem};

/// Applies an ALTER whose first word was taken.
pub(super) fn statement(catalog: &mut Catalog, session: Session, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
    reader.expect("TABLE")?;
    let name = reader.qualified()?;
    let mut alter = Alter { catalog, session, name };
    if reader.accept(&["RENAME"]) {
        return alter.rename(reader);
    }
    if reader.accept(&["ADD"]) {
        if reader.is("CONSTRAINT") || reader.is("CHECK") {
            return alter.add_constraint(reader);
        }
        reader.accept(&["COLUMN"]);
        return alter.add_column(reader);
    }
    if reader.accept(&["DROP"]) {
        if reader.accept(&["CONSTRAINT"]) {
            return alter.drop_constraint(reader);
        }
        reader.accept(&["COLUMN"]);
        return alter.drop_column(reader);
    }
    reader.expect("ALTER")?;
    reader.accept(&["COLUMN"]);
    alter.alter_column(reader)
}

/// Whether strings in double quotes are read as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strings {
    Allowed,
    Rewritten,
}

/// An ALTER TABLE whose target was named.
struct Alter<'c> {
    catalog: &'c mut Catalog,
    session: Session,
    name: Qualified,
}

impl Alter<'_> {
    fn problem(&self, code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(code, self.name.name.at.clone(), message)
    }

    /// Returns the table or view that is named.
    fn target(&self) -> Result<Arc<Object>, Problem> {
        let found = match database_of(&self.name).ok().flatten() {
            Some(home) => self.catalog.relation_in(home, &self.name.name.name),
            None if self.name.database.is_some() => None,
            None => self.catalog.relation(&self.name.name.name),
        };
        if let Some(object) = found {
            return Ok(object.clone());
        }
        let name = &self.name.name.name;
        let lower = name.to_ascii_lowercase();
        if ["sqlite_master", "sqlite_schema", "sqlite_sequence"].contains(&lower.as_str()) {
            let shown = if lower == "sqlite_schema" { "sqlite_master" } else { &lower };
            return Err(self.problem("sql-refused", format!("table {shown} may not be altered")));
        }
        if self.catalog.shadowed_by(Home::Main, name).is_some() {
            let problem = self.problem("sql-opaque", "this table belongs to a virtual table");
            return Err(problem.help("alter the virtual table"));
        }
        let shown = match &self.name.database {
            Some(database) => format!("{}.{name}", database.name),
            None => name.clone(),
        };
        Err(self.problem("unknown-table", format!("no such table: {shown}")))
    }

    /// Returns the table, which is neither a view nor virtual.
    fn real_table(&self, what: &str) -> Result<Arc<Object>, Problem> {
        let object = self.target()?;
        let kind = match &object.definition {
            Definition::View(_) => "view",
            Definition::Virtual { .. } => "virtual table",
            _ => return Ok(object),
        };
        Err(self.problem("sql-refused", format!("cannot {what} {kind} \"{}\"", object.name)))
    }

    fn position(&self, object: &Object) -> Id {
        self.catalog.relation_id(object.home, &object.name).unwrap_or_default()
    }

    /// Returns these objects, in the order of creation.
    fn objects<'s>(&'s self, ids: &'s BTreeSet<Id>) -> impl Iterator<Item = (Id, &'s Arc<Object>)> {
        ids.iter().filter_map(|id| Some((*id, self.catalog.get(*id)?)))
    }

    /// Returns the objects in which a name of this table or view can stand, and those that may be broken.
    fn concerned(&self, key: &Key) -> BTreeSet<Id> {
        let mut ids = self.catalog.dependents(&key.1);
        ids.extend(self.catalog.unknown(Fact::Sound));
        ids
    }

    /// Checks every object that SQLite checks around an ALTER of a table of this database, but for those that are known
    /// to be sound.
    ///
    /// Where strings in double quotes were rewritten before, tables and indexes may have none; views and triggers may,
    /// because SQLite has its setting back when it looks into them.
    fn check_all(&mut self, home: Home, when: &str, strings: Strings) -> Result<(), Problem> {
        let names = Names::new(self.catalog);
        let without_strings = Names::without_strings(self.catalog);
        let homes: &[Home] = if home == Home::Main { &[Home::Main, Home::Temp] } else { &[Home::Temp] };
        let (names, fact) = match strings {
            Strings::Allowed => (&names, Fact::Sound),
            Strings::Rewritten => (&without_strings, Fact::SoundWithoutStrings),
        };
        let lenient = Names::new(self.catalog);
        let mut sound = Vec::new();
        for home in homes {
            for (id, object) in self.objects(self.catalog.unknown(fact)).filter(|(_, object)| object.home == *home) {
                let only_read = object.is_view() || object.is_trigger();
                if self.session.legacy && only_read {
                    continue;
                }
                let names = if only_read { &lenient } else { names };
                check::object(names, object).map_err(|problem| self.broken(object, when, problem))?;
                sound.push(id);
            }
        }
        // What is sound without such strings is so with them.
        self.catalog.learn(Fact::Sound, &sound);
        self.catalog.learn(fact, &sound);
        Ok(())
    }

    /// Checks views and triggers whatever the mode: what rewrites their texts looks into them.
    fn check_rewritable(&mut self, home: Home) -> Result<(), Problem> {
        let names = Names::new(self.catalog);
        let legacy = self.session.legacy;
        let mut sound = Vec::new();
        for (id, object) in self.objects(self.catalog.unknown(Fact::Sound)) {
            if home != Home::Main && object.home != home {
                continue;
            }
            check::object(&names, object).map_err(|problem| {
                if !legacy {
                    return self.broken(object, "", problem);
                }
                // All that SQLite says in this mode is the first of these.
                let broken = self.broken(object, "", problem).message;
                self.problem("sql-refused", "SQL logic error").help(broken)
            })?;
            sound.push(id);
        }
        self.catalog.learn(Fact::Sound, &sound);
        Ok(())
    }

    /// Returns SQLite's complaint about an object that the ALTER would leave broken.
    fn broken(&self, object: &Object, when: &str, problem: Problem) -> Problem {
        let space = if when.is_empty() { "" } else { " " };
        let message = format!("error in {} {}{space}{when}: {}", object.kind(), object.name, problem.message);
        let found = Problem::new(problem.code, self.name.name.at.clone(), message);
        match problem.help {
            Some(help) => found.help(help),
            None => found,
        }
    }

    /// Replaces an object's text.
    fn replace(&mut self, at: Id, when: &str, sql: String) -> Result<(), Problem> {
        let Some(before) = self.catalog.get(at).cloned() else { return Ok(()) };
        self.catalog.replace(at, sql).map_err(|problem| self.broken(&before, when, problem))
    }

    /// Checks a table and its indexes, as SQLite does when it reads the schema again; no other is read differently.
    fn check_read(&self, key: &Key, when: &str) -> Result<(), Problem> {
        let names = Names::new(self.catalog);
        for (_, object) in self.catalog.of_table(&key.1).filter(|(_, object)| object.home == key.0) {
            if object.as_table().is_some() || object.is_index() {
                check::object(&names, object).map_err(|problem| self.broken(object, when, problem))?;
            }
        }
        Ok(())
    }

    fn unknown_column(&self, column: &Ident, shown: &str) -> Problem {
        Problem::new("unknown-column", column.at.clone(), format!("no such column: {shown}"))
    }
}
