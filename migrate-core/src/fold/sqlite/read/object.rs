//! What SQLite stores as text: tables, indexes, views, triggers.

use super::ast::{Event, Ident, IndexDef, Step, TableDef, Timing, TriggerDef, ViewDef};
use super::module::VirtualColumn;
use super::reader::Reader;
use crate::fold::Problem;

/// A stored statement, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Definition {
    Table(TableDef),
    /// A virtual table: its name, its module, and its columns where the module is known.
    Virtual {
        name: Ident,
        module: String,
        columns: Option<Vec<VirtualColumn>>,
    },
    Index(IndexDef),
    View(ViewDef),
    Trigger(TriggerDef),
}

/// Reads a statement as SQLite stores it.
pub(crate) fn stored(text: &str) -> Result<Definition, Problem> {
    let mut reader = Reader::new(text)?;
    reader.expect("CREATE")?;
    let definition = if reader.accept(&["TABLE"]) {
        Definition::Table(reader.table()?)
    } else if reader.accept(&["VIRTUAL", "TABLE"]) {
        return reader.virtual_table();
    } else if reader.accept(&["VIEW"]) {
        Definition::View(reader.view()?)
    } else if reader.accept(&["TRIGGER"]) {
        Definition::Trigger(reader.trigger()?)
    } else {
        let unique = reader.accept(&["UNIQUE"]);
        reader.expect("INDEX")?;
        Definition::Index(reader.index(unique)?)
    };
    reader.finish()?;
    Ok(definition)
}

impl Reader<'_> {
    /// Takes a virtual table from its name on.
    fn virtual_table(&mut self) -> Result<Definition, Problem> {
        let name = self.name()?;
        let (module, arguments) = self.module()?;
        let columns = super::module::columns(&name.name, &module, &arguments);
        Ok(Definition::Virtual { name, module, columns })
    }

    /// Takes the module of a virtual table and the text of its arguments.
    pub(crate) fn module(&mut self) -> Result<(String, String), Problem> {
        self.expect("USING")?;
        let module = self.name()?;
        let mut arguments = String::new();
        if self.is("(") {
            let inside = self.cursor.take_group().map_err(|_| self.near())?;
            self.cursor.slice(inside.start, inside.end).clone_into(&mut arguments);
        }
        self.finish()?;
        Ok((module.name, arguments))
    }

    /// Takes an index from its name on.
    pub(crate) fn index(&mut self, unique: bool) -> Result<IndexDef, Problem> {
        let name = self.name()?;
        self.index_after(unique, name)
    }

    /// Takes an index after its name.
    pub(crate) fn index_after(&mut self, unique: bool, name: Ident) -> Result<IndexDef, Problem> {
        self.expect("ON")?;
        let table = self.name()?;
        self.expect("(")?;
        let (keys, orders) = self.keys()?;
        self.expect(")")?;
        let filter = if self.accept(&["WHERE"]) { Some(self.expression()?) } else { None };
        Ok(IndexDef { unique, name, table, keys, orders, filter })
    }

    /// Takes a view from its name on.
    pub(crate) fn view(&mut self) -> Result<ViewDef, Problem> {
        let name = self.name()?;
        self.view_after(name)
    }

    /// Takes a view after its name.
    pub(crate) fn view_after(&mut self, name: Ident) -> Result<ViewDef, Problem> {
        let columns = if self.is("(") { self.names()? } else { Vec::new() };
        self.expect("AS")?;
        let query = self.query()?;
        Ok(ViewDef { name, columns, query })
    }

    /// Takes a trigger from its name on.
    pub(crate) fn trigger(&mut self) -> Result<TriggerDef, Problem> {
        let name = self.name()?;
        self.trigger_after(name)
    }

    /// Takes a trigger after its name.
    pub(crate) fn trigger_after(&mut self, name: Ident) -> Result<TriggerDef, Problem> {
        let timing = if self.accept(&["AFTER"]) {
            Timing::After
        } else if self.accept(&["INSTEAD"]) {
            self.expect("OF")?;
            Timing::InsteadOf
        } else {
            self.accept(&["BEFORE"]);
            Timing::Before
        };
        let event = if self.accept(&["INSERT"]) {
            Event::Insert
        } else if self.accept(&["DELETE"]) {
            Event::Delete
        } else {
            self.expect("UPDATE")?;
            Event::Update
        };
        let mut columns = Vec::new();
        if event == Event::Update && self.accept(&["OF"]) {
            columns.push(self.name()?);
            while self.accept(&[","]) {
                columns.push(self.name()?);
            }
        }
        self.expect("ON")?;
        let table = self.qualified()?;
        if self.accept(&["FOR"]) {
            self.expect("EACH")?;
            self.expect("ROW")?;
        }
        let when = if self.accept(&["WHEN"]) { Some(self.expression()?) } else { None };
        self.expect("BEGIN")?;
        let mut steps = Vec::new();
        loop {
            let step = self.step()?;
            steps.push(step);
            self.expect(";")?;
            if self.accept(&["END"]) {
                break;
            }
        }
        Ok(TriggerDef { name, timing, event, columns, table, when, steps, end: self.taken() })
    }

    fn step(&mut self) -> Result<Step, Problem> {
        if self.accept(&["UPDATE"]) {
            return self.update();
        }
        if self.accept(&["DELETE"]) {
            self.expect("FROM")?;
            let mut step = Step::default();
            self.target(&mut step)?;
            if self.accept(&["WHERE"]) {
                step.expressions.push(self.expression()?);
            }
            return Ok(step);
        }
        if self.accept(&["REPLACE"]) {
            return self.insert();
        }
        if self.accept(&["INSERT"]) {
            self.or_conflict()?;
            return self.insert();
        }
        if !self.at_query() {
            return Err(self.near());
        }
        Ok(Step { query: Some(self.query()?), ..Step::default() })
    }

    fn or_conflict(&mut self) -> Result<(), Problem> {
        if !self.accept(&["OR"]) {
            return Ok(());
        }
        let known = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"].iter().any(|word| self.accept(&[word]));
        if known { Ok(()) } else { Err(self.near()) }
    }

    /// Takes the table that a statement writes.
    fn target(&mut self, step: &mut Step) -> Result<(), Problem> {
        let table = self.qualified()?;
        if table.database.is_some() {
            return Err(Problem::new(
                "sql-refused",
                table.name.at,
                "qualified table names are not allowed on INSERT, UPDATE, and DELETE statements within triggers",
            ));
        }
        step.target = Some(table.name);
        if self.accept(&["AS"]) {
            step.alias = Some(self.name()?);
        }
        if self.is("INDEXED") || self.are(&["NOT", "INDEXED"]) {
            let word = if self.is("NOT") { "NOT INDEXED" } else { "INDEXED BY" };
            let message = format!("the {word} clause is not allowed on UPDATE or DELETE statements within triggers");
            return Err(Problem::new("sql-refused", self.here(), message));
        }
        Ok(())
    }

    fn update(&mut self) -> Result<Step, Problem> {
        let mut step = Step::default();
        self.or_conflict()?;
        self.target(&mut step)?;
        self.expect("SET")?;
        let mut values = Vec::new();
        self.assignments(&mut step.columns, &mut values)?;
        step.expressions = values;
        if self.accept(&["FROM"]) {
            step.from = self.sources()?;
        }
        if self.accept(&["WHERE"]) {
            step.expressions.push(self.expression()?);
        }
        Ok(step)
    }

    fn assignments(
        &mut self,
        columns: &mut Vec<super::ast::Ident>,
        values: &mut Vec<super::ast::Expr>,
    ) -> Result<(), Problem> {
        loop {
            if self.is("(") {
                columns.extend(self.names()?);
            } else {
                columns.push(self.name()?);
            }
            self.expect("=")?;
            values.push(self.expression()?);
            if !self.accept(&[","]) {
                return Ok(());
            }
        }
    }

    fn insert(&mut self) -> Result<Step, Problem> {
        let mut step = Step::default();
        self.expect("INTO")?;
        self.target(&mut step)?;
        if self.is("(") {
            step.columns = self.names()?;
        }
        if !self.at_query() {
            return Err(self.near());
        }
        step.query = Some(self.query()?);
        while self.accept(&["ON"]) {
            self.upsert(&mut step)?;
        }
        Ok(step)
    }

    fn upsert(&mut self, step: &mut Step) -> Result<(), Problem> {
        self.expect("CONFLICT")?;
        if self.accept(&["("]) {
            let (keys, _) = self.keys()?;
            step.upsert.extend(keys);
            self.expect(")")?;
            if self.accept(&["WHERE"]) {
                step.upsert.push(self.expression()?);
            }
        }
        self.expect("DO")?;
        if self.accept(&["NOTHING"]) {
            return Ok(());
        }
        self.expect("UPDATE")?;
        self.expect("SET")?;
        let mut values = Vec::new();
        self.assignments(&mut step.upsert_columns, &mut values)?;
        step.upsert.extend(values);
        if self.accept(&["WHERE"]) {
            step.upsert.push(self.expression()?);
        }
        Ok(())
    }
}
