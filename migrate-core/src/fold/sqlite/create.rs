//! CREATE.

use super::catalog::{Catalog, Home, Object};
use super::check;
use super::read::{Definition, Ident, Reader, Select, Timing, TriggerDef, tables, trigger_tables};
use super::resolve::Names;
use crate::fold::{Effect, Problem};
use crate::sql::{Lexer, SQLITE, TokenKind};

/// Applies a CREATE whose first word was taken.
pub(super) fn statement(catalog: &mut Catalog, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
    let temporary = reader.accept(&["TEMP"]) || reader.accept(&["TEMPORARY"]);
    if reader.accept(&["TABLE"]) {
        return Create::begin(catalog, reader, temporary, "table")?.table();
    }
    if reader.accept(&["VIEW"]) {
        return Create::begin(catalog, reader, temporary, "view")?.view();
    }
    if reader.accept(&["TRIGGER"]) {
        return Create::begin(catalog, reader, temporary, "trigger")?.trigger();
    }
    if !temporary && reader.accept(&["VIRTUAL"]) {
        reader.expect("TABLE")?;
        return Create::begin(catalog, reader, false, "virtual table")?.virtual_table();
    }
    let unique = !temporary && reader.accept(&["UNIQUE"]);
    if temporary || !reader.accept(&["INDEX"]) {
        return Err(reader.near());
    }
    Create::begin(catalog, reader, false, "index")?.index(unique)
}

/// A CREATE whose name was read.
struct Create<'c, 'r, 't> {
    catalog: &'c mut Catalog,
    reader: &'r mut Reader<'t>,
    home: Home,
    /// Whether the statement itself says where the object goes.
    placed: bool,
    name: Ident,
    lenient: bool,
}

impl<'c, 'r, 't> Create<'c, 'r, 't> {
    fn begin(
        catalog: &'c mut Catalog,
        reader: &'r mut Reader<'t>,
        temporary: bool,
        kind: &str,
    ) -> Result<Self, Problem> {
        let lenient = reader.condition(&["NOT", "EXISTS"])?;
        let name = reader.qualified()?;
        let home = match &name.database {
            None if temporary => Home::Temp,
            None => Home::Main,
            Some(database) => {
                let home = known_database(database)?;
                if temporary && (kind == "trigger" || home != Home::Temp) {
                    let message = match kind {
                        "trigger" => "temporary trigger may not have qualified name",
                        _ => "temporary table name must be unqualified",
                    };
                    return Err(Problem::new("sql-refused", database.at.clone(), message));
                }
                home
            }
        };
        let placed = temporary || name.database.is_some();
        Ok(Self { catalog, reader, home, placed, name: name.name, lenient })
    }

    /// Refuses a name that a table, view or index has; returns whether there is nothing to do.
    fn taken(&self) -> Result<bool, Problem> {
        reserved(&self.name)?;
        if let Some(found) = self.catalog.relation_in(self.home, &self.name.name) {
            if self.lenient {
                return Ok(true);
            }
            let typed = &self.reader.text()[self.name.at.clone()];
            let message = format!("{} {typed} already exists", found.kind());
            return Err(Problem::new("name-taken", self.name.at.clone(), message));
        }
        if self.catalog.index_in(self.home, &self.name.name).is_some() {
            let message = format!("there is already an index named {}", self.name.name);
            return Err(Problem::new("name-taken", self.name.at.clone(), message));
        }
        if self.catalog.shadowed_by(self.home, &self.name.name).is_some() {
            let typed = &self.reader.text()[self.name.at.clone()];
            return Err(Problem::new("name-taken", self.name.at.clone(), format!("table {typed} already exists")));
        }
        Ok(false)
    }

    /// Adds the object, after SQLite's checks; problems point into the statement.
    ///
    /// What is stored are the first words as SQLite writes them, and the text from the name to a byte.
    fn add(self, table: &str, table_home: Home, start: &str, end: usize) -> Result<Effect, Problem> {
        let sql = format!("{start} {}", &self.reader.text()[self.name.at.start..end]);
        let offset = start.len() + 1;
        let mut object = Object::new(self.home, &self.name.name, table, sql)?;
        object.table_home = table_home;
        // Views and triggers are not looked into before they are used.
        if object.as_table().is_some() || object.is_index() {
            let mut names = Names::new(self.catalog);
            names.creating = true;
            check::object(&names, &object).map_err(|mut problem| {
                problem.at.start = problem.at.start - offset + self.name.at.start;
                problem.at.end = problem.at.end - offset + self.name.at.start;
                problem
            })?;
        }
        self.catalog.push(object);
        Ok(Effect::Schema)
    }

    fn table(self) -> Result<Effect, Problem> {
        let exists = self.taken()?;
        if self.reader.accept(&["AS"]) {
            return self.table_as(exists);
        }
        // From the name on again: the definition begins with it.
        let mut reader = self.reader.clone();
        let def = reader.table_after(self.name.clone())?;
        reader.finish()?;
        if exists {
            return Ok(Effect::Schema);
        }
        let end = if def.without_rowid || def.strict { reader.text().len() } else { def.close + 1 };
        let (name, home) = (self.name.name.clone(), self.home);
        self.add(&name, home, "CREATE TABLE", end)
    }

    fn table_as(self, exists: bool) -> Result<Effect, Problem> {
        let query: Select = self.reader.query()?;
        self.reader.finish()?;
        if exists {
            return Ok(Effect::Schema);
        }
        let sql = super::table_as::synthesize(self.catalog, self.reader.text(), &self.name, &query)?;
        let object = Object::new(self.home, &self.name.name, &self.name.name, sql)?;
        self.catalog.push(object);
        Ok(Effect::Schema)
    }

    fn virtual_table(self) -> Result<Effect, Problem> {
        let exists = self.taken()?;
        let mut reader = self.reader.clone();
        reader.module()?;
        if exists {
            return Ok(Effect::Schema);
        }
        let end = reader.taken();
        let (name, home) = (self.name.name.clone(), self.home);
        self.add(&name, home, "CREATE VIRTUAL TABLE", end)
    }

    fn view(self) -> Result<Effect, Problem> {
        if let Some(at) = parameter(self.reader.text()) {
            return Err(Problem::new("sql-refused", at, "parameters are not allowed in views"));
        }
        let exists = self.taken()?;
        let view = self.reader.view_after(self.name.clone())?;
        self.reader.finish()?;
        if exists {
            return Ok(Effect::Schema);
        }
        if self.home != Home::Temp {
            let mut problem = None;
            tables(&view.query, &mut |table, _| self.elsewhere("view", table.database.as_ref(), &mut problem));
            problem.map_or(Ok(()), Err)?;
        }
        let end = self.reader.text().trim_end().len();
        let (name, home) = (self.name.name.clone(), self.home);
        self.add(&name, home, "CREATE VIEW", end)
    }

    /// Notes a problem if a database is another one than the object's.
    fn elsewhere(&self, kind: &str, database: Option<&Ident>, problem: &mut Option<Problem>) {
        let Some(database) = database.filter(|database| !database.is(self.home.name())) else { return };
        let message = format!("{kind} {} cannot reference objects in database {}", self.name.name, database.name);
        problem.get_or_insert(Problem::new("sql-refused", database.at.clone(), message));
    }

    fn index(mut self, unique: bool) -> Result<Effect, Problem> {
        let definition = self.reader.index_after(unique, self.name.clone())?;
        self.reader.finish()?;
        if !self.placed && self.catalog.relation_in(Home::Temp, &definition.table.name).is_some() {
            self.home = Home::Temp;
        }
        let at = || definition.table.at.clone();
        let Some(table) = self.catalog.relation_in(self.home, &definition.table.name).cloned() else {
            if definition.table.name.to_ascii_lowercase().starts_with("sqlite_") {
                let name = definition.table.name.replace("schema", "master");
                let message = format!("table {name} may not be indexed");
                return Err(Problem::new("sql-refused", at(), message));
            }
            let in_main = self.catalog.relation_in(Home::Main, &definition.table.name).is_some();
            if self.home == Home::Temp && in_main {
                let message = format!("cannot create a TEMP index on non-TEMP table \"{}\"", definition.table.name);
                return Err(Problem::new("sql-refused", at(), message));
            }
            let message = format!("no such table: {}.{}", self.home.name(), definition.table.name);
            return Err(Problem::new("unknown-table", at(), message));
        };
        match &table.definition {
            Definition::View(_) => return Err(Problem::new("sql-refused", at(), "views may not be indexed")),
            Definition::Virtual { .. } => {
                return Err(Problem::new("sql-refused", at(), "virtual tables may not be indexed"));
            }
            _ => {}
        }
        reserved(&self.name)?;
        if self.catalog.relation_in(self.home, &self.name.name).is_some() {
            let message = format!("there is already a table named {}", self.name.name);
            return Err(Problem::new("name-taken", self.name.at.clone(), message));
        }
        if self.catalog.index_in(self.home, &self.name.name).is_some() {
            if self.lenient {
                return Ok(Effect::Schema);
            }
            let message = format!("index {} already exists", self.name.name);
            return Err(Problem::new("name-taken", self.name.at.clone(), message));
        }
        let start = if unique { "CREATE UNIQUE INDEX" } else { "CREATE INDEX" };
        let (home, end) = (self.home, self.reader.text().len());
        self.add(&table.name, home, start, end)
    }

    fn trigger(mut self) -> Result<Effect, Problem> {
        let trigger = self.reader.trigger_after(self.name.clone())?;
        self.reader.finish()?;
        let name = &trigger.table;
        let table = match &name.database {
            Some(database) => {
                let home = known_database(database)?;
                if self.home != Home::Temp && home != self.home {
                    let mut problem = None;
                    self.elsewhere("trigger", Some(database), &mut problem);
                    problem.map_or(Ok(()), Err)?;
                }
                self.catalog.relation_in(home, &name.name.name)
            }
            None => self.catalog.relation(&name.name.name),
        };
        let table = table.cloned();
        if !self.placed && name.database.is_none() && table.as_ref().is_some_and(|table| table.home == Home::Temp) {
            self.home = Home::Temp;
        }
        let table = table
            .filter(|table| self.home == Home::Temp || table.home == self.home)
            .or_else(|| self.catalog.relation_in(self.home, &name.name.name).cloned());
        let Some(table) = table else {
            let shown = match self.home {
                Home::Main => format!("main.{}", name.name.name),
                Home::Temp => name.name.name.clone(),
            };
            let message = format!("no such table: {shown}");
            return Err(Problem::new("unknown-table", name.name.at.clone(), message));
        };
        if let Some(at) = parameter(self.reader.text()) {
            return Err(Problem::new("sql-refused", at, "trigger cannot use variables"));
        }
        if matches!(table.definition, Definition::Virtual { .. }) {
            let at = trigger.table.name.at.clone();
            return Err(Problem::new("sql-refused", at, "cannot create triggers on virtual tables"));
        }
        reserved(&self.name)?;
        if self.catalog.trigger_in(self.home, &self.name.name).is_some() {
            if self.lenient {
                return Ok(Effect::Schema);
            }
            let message = format!("trigger {} already exists", &self.reader.text()[self.name.at.clone()]);
            return Err(Problem::new("name-taken", self.name.at.clone(), message));
        }
        right_timing(&trigger, &table)?;
        if self.home != Home::Temp {
            let mut problem = None;
            trigger_tables(&trigger, &mut |table, _| {
                self.elsewhere("trigger", table.database.as_ref(), &mut problem);
            });
            problem.map_or(Ok(()), Err)?;
        }
        // SQLite keeps the spelling of the ON clause here.
        self.add(&name.name.name, table.home, "CREATE TRIGGER", trigger.end)
    }
}

/// Demands that a trigger on a view stands instead of what fires it, and none on a table does.
fn right_timing(trigger: &TriggerDef, table: &Object) -> Result<(), Problem> {
    if table.is_view() == (trigger.timing == Timing::InsteadOf) {
        return Ok(());
    }
    let timing = match trigger.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let kind = if table.is_view() { "view" } else { "table" };
    let shown = match &trigger.table.database {
        Some(database) => format!("{}.{}", database.name, trigger.table.name.name),
        None => trigger.table.name.name.clone(),
    };
    let message = format!("cannot create {timing} trigger on {kind}: {shown}");
    Err(Problem::new("sql-refused", trigger.table.name.at.clone(), message))
}

/// Returns the database of a name.
pub(super) fn known_database(database: &Ident) -> Result<Home, Problem> {
    Home::named(&database.name).ok_or_else(|| {
        Problem::new("unknown-database", database.at.clone(), format!("unknown database {}", database.name))
    })
}

/// Refuses a name that SQLite keeps for itself.
pub(super) fn reserved(name: &Ident) -> Result<(), Problem> {
    let ours = name.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"));
    if !ours {
        return Ok(());
    }
    let message = format!("object name reserved for internal use: {}", name.name);
    Err(Problem::new("sql-refused", name.at.clone(), message))
}

/// Returns the first parameter of a statement.
fn parameter(text: &str) -> Option<std::ops::Range<usize>> {
    let mut lexer = Lexer::new(text, 0, &SQLITE);
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind == TokenKind::Parameter {
            return Some(token.start..token.end);
        }
    }
    None
}
