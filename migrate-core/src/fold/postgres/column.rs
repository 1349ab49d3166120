//! The definition of a column, and the constraints that stand in it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::constraint::{Clause, ClauseKind};
use super::reader::Reader;
use crate::dialect::postgres::types::Integer;
use crate::fold::Problem;
use crate::schema::{Column, Generated};

/// A column as it is defined, before names are chosen.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) column: Column,
    /// Where its name stands.
    pub(super) at: Range<usize>,
    /// The integer type, where the column is a serial.
    pub(super) serial: Option<Integer>,
    /// Whether it is an identity, and `ALWAYS`, with the positions of its options.
    pub(super) identity: Option<(bool, Option<Range<usize>>)>,
    /// The positions of its default and of the expression that generates it: resolved when all columns are known.
    pub(super) default: Option<Range<usize>>,
    pub(super) generated: Option<(Range<usize>, bool)>,
    /// The constraints that stand in it, in order.
    pub(super) clauses: Vec<Clause>,
}

/// Where an expression of a column ends.
const STOPS: &[&str] = &[
    ",",
    "CONSTRAINT",
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "DEFAULT",
    "GENERATED",
    "COLLATE",
    "STORAGE",
    "COMPRESSION",
    "DEFERRABLE",
    "INITIALLY",
];

impl Reader<'_, '_> {
    /// Takes a column's definition.
    pub(super) fn column_definition(&mut self) -> Result<Definition, Problem> {
        let at = self.cursor.here();
        let name = self.identifier()?;
        let (ty, serial) = self.column_type()?;
        let mut definition = Definition {
            column: Column::new(name, ty),
            at,
            serial,
            identity: None,
            default: None,
            generated: None,
            clauses: Vec::new(),
        };
        while self.column_part(&mut definition)? {}
        if serial.is_some() {
            definition.column.nullable = false;
        }
        Ok(definition)
    }

    fn column_part(&mut self, definition: &mut Definition) -> Result<bool, Problem> {
        let start = self.cursor.position();
        let name = if self.cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
        let cursor = &mut self.cursor;
        if cursor.accept(&["NOT", "NULL"]) {
            definition.column.nullable = false;
            definition.column.not_null_name = name;
            if self.session.version >= 18 {
                definition.column.not_null.no_inherit = self.cursor.accept(&["NO", "INHERIT"]);
            }
        } else if cursor.accept(&["NULL"]) {
        } else if cursor.accept(&["DEFAULT"]) {
            definition.default = Some(self.default_range());
        } else if cursor.accept(&["COLLATE"]) {
            definition.column.collation = Some(self.collation()?);
        } else if cursor.accept(&["STORAGE"]) {
            definition.column.storage = Some(self.identifier()?).filter(|storage| storage != "default");
        } else if cursor.accept(&["COMPRESSION"]) {
            definition.column.compression = Some(self.identifier()?).filter(|method| method != "default");
        } else if cursor.accept(&["GENERATED"]) {
            self.generated(definition)?;
        } else if let Some(kind) = self.column_clause(&definition.column.name)? {
            let mut clause = Clause::new(name, kind, self.cursor.since(start));
            self.clause_attributes(&mut clause)?;
            definition.clauses.push(clause);
        } else if name.is_some() {
            return Err(self.cursor.expected("a constraint"));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Takes a default: a restricted expression, so that what follows it is told from it.
    pub(super) fn default_range(&mut self) -> Range<usize> {
        let from = self.cursor.position();
        // These words may be the default itself.
        if self.cursor.is("NULL") || self.cursor.is("NOT") {
            self.cursor.take();
        }
        from..self.cursor.take_until(STOPS).end
    }

    fn generated(&mut self, definition: &mut Definition) -> Result<(), Problem> {
        let always = self.cursor.accept(&["ALWAYS"]);
        if !always {
            self.cursor.expect("BY")?;
            self.cursor.expect("DEFAULT")?;
        }
        self.cursor.expect("AS")?;
        if self.cursor.accept(&["IDENTITY"]) {
            let options = if self.cursor.is("(") { Some(self.cursor.take_group()?) } else { None };
            definition.identity = Some((always, options));
            definition.column.nullable = false;
            return Ok(());
        }
        let inside = self.cursor.take_group()?;
        let stored = self.cursor.accept(&["STORED"]);
        if !stored {
            self.cursor.accept(&["VIRTUAL"]);
        }
        definition.generated = Some((inside, stored));
        Ok(())
    }

    /// Returns the column with its expressions, for a table that has these columns.
    pub(super) fn finish_column(&self, definition: &Definition, columns: &BTreeSet<String>) -> Column {
        let mut column = definition.column.clone();
        column.default = definition
            .default
            .as_ref()
            .map(|at| self.expression_at(at, columns))
            .filter(|default| !default.text.eq_ignore_ascii_case("null"));
        column.generated = definition
            .generated
            .as_ref()
            .map(|(at, stored)| Generated { expression: self.expression_at(at, columns), stored: *stored });
        column
    }

    fn column_clause(&mut self, column: &str) -> Result<Option<ClauseKind>, Problem> {
        let own = vec![column.to_owned()];
        let cursor = &mut self.cursor;
        if cursor.accept(&["PRIMARY", "KEY"]) {
            return self.key_options(own).map(|key| Some(ClauseKind::PrimaryKey(key)));
        }
        if cursor.accept(&["UNIQUE"]) {
            let nulls = self.nulls_not_distinct();
            let mut key = self.key_options(own)?;
            key.nulls_not_distinct = nulls;
            return Ok(Some(ClauseKind::Unique(key)));
        }
        if cursor.accept(&["CHECK"]) {
            return self.check().map(Some);
        }
        if cursor.accept(&["REFERENCES"]) {
            return self.references_clause(own).map(Some);
        }
        Ok(None)
    }
}
