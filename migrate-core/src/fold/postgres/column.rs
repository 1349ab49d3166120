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
    /// Whether NULL is written.
    null: bool,
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
        self.no_system_column(&name, &at)?;
        let (ty, serial) = self.column_type()?;
        let mut definition = Definition {
            column: Column::new(name, ty),
            at,
            serial,
            null: false,
            identity: None,
            default: None,
            generated: None,
            clauses: Vec::new(),
        };
        loop {
            let from = self.cursor.position();
            let before = definition.clone();
            if !self.column_part(&mut definition)? {
                break;
            }
            self.parts_agree(&before, &definition, self.cursor.bytes_at(from))?;
        }
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
            definition.null = true;
        } else if cursor.accept(&["DEFAULT"]) {
            definition.default = Some(self.default_range());
        } else if cursor.accept(&["COLLATE"]) {
            let at = cursor.here();
            definition.column.collation = Some(self.collation()?);
            self.can_collate(&definition.column.ty, at)?;
        } else if cursor.accept(&["STORAGE"]) {
            let at = cursor.here();
            definition.column.storage = Some(self.word()?).filter(|storage| storage != "default");
            self.can_store(&definition.column, definition.column.storage.as_deref().or(Some("default")), at)?;
        } else if cursor.accept(&["COMPRESSION"]) {
            let at = cursor.here();
            definition.column.compression = Some(self.word()?).filter(|method| method != "default");
            self.can_store(&definition.column, None, at)?;
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

    /// Refuses a part that contradicts those before it.
    fn parts_agree(&self, before: &Definition, after: &Definition, at: Range<usize>) -> Result<(), Problem> {
        let name = &after.column.name;
        let refuse = |message: String| Err(Problem::new("refused", at.clone(), message));
        let given = |definition: &Definition| {
            [
                definition.default.is_some() || definition.serial.is_some(),
                definition.identity.is_some(),
                definition.generated.is_some(),
            ]
        };
        let (had, has) = (given(before), given(after));
        let twice = |kind: usize, changed: bool| had[kind] && changed;
        if twice(0, before.default != after.default) {
            return refuse(format!("multiple default values specified for column \"{name}\""));
        }
        let generates = self.cursor.text()[at.clone()].eq_ignore_ascii_case("generated");
        if twice(1, generates && before.generated == after.generated) {
            return refuse(format!("multiple identity specifications for column \"{name}\""));
        }
        if twice(2, generates && before.identity == after.identity) {
            return refuse(format!("multiple generation clauses specified for column \"{name}\""));
        }
        let both = match has {
            [true, true, _] => "default and identity",
            [true, _, true] => "default and generation expression",
            [_, true, true] => "identity and generation expression",
            _ => "",
        };
        if !both.is_empty() && had != has {
            return refuse(format!("both {both} specified for column \"{name}\""));
        }
        let filled = !after.column.nullable || after.serial.is_some() || after.identity.is_some();
        if after.null && filled {
            return refuse(format!("conflicting NULL/NOT NULL declarations for column \"{name}\""));
        }
        Ok(())
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
        if !always {
            let message = "for a generated column, GENERATED ALWAYS must be specified";
            return Err(Problem::new("sql-syntax", self.cursor.here(), message));
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
