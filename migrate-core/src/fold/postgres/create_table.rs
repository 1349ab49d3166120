//! CREATE TABLE.

use std::collections::BTreeSet;
use std::ops::Range;

use super::column::Definition;
use super::constraint::{Clause, ClauseKind};
use super::index_method::TABLE_PARAMETERS;
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{ConstraintKind, Expression, ObjectName, Partition, Partitioning, Persistence, Table, TableKind};

/// What stands between the parentheses of CREATE TABLE.
#[derive(Debug, Default)]
struct Elements {
    definitions: Vec<Definition>,
    clauses: Vec<Clause>,
    likes: Vec<Like>,
}

/// A LIKE clause: its table, the place of its columns, and what it copies.
#[derive(Debug)]
struct Like {
    table: ObjectName,
    place: usize,
    including: BTreeSet<String>,
}

/// What `INCLUDING ALL` includes.
const LIKE_OPTIONS: [&str; 9] =
    ["comments", "compression", "constraints", "defaults", "generated", "identity", "indexes", "statistics", "storage"];

impl Reader<'_, '_> {
    pub(super) fn create_table(&mut self, unlogged: bool) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        let written = self.written()?;
        let name = self.new_name(&written)?;
        if lenient && self.schema.relation(&name).is_some() {
            self.pass_over();
            return Ok(());
        }
        self.free_relation(&name, &written.at)?;
        let mut table = Table::default();
        if unlogged {
            table.persistence = Persistence::Unlogged;
        }
        if self.cursor.accept(&["PARTITION", "OF"]) {
            return self.create_partition(&name, table);
        }
        if let Some(names) = self.names_alone()? {
            self.table_options(&mut table)?;
            self.cursor.expect("AS")?;
            return self.create_table_as(&name, &written, table, names);
        }
        if self.cursor.is("OF") {
            return Err(self.not_written(self.cursor.here(), "the columns of this table are"));
        }
        let elements = self.elements()?;
        self.table_options(&mut table)?;
        self.make_table(&name, &written, table, elements)
    }

    /// Takes everything that is left of a statement which does nothing.
    pub(super) fn pass_over(&mut self) {
        let rest = self.cursor.words().len();
        self.cursor.skip(rest);
    }

    fn elements(&mut self) -> Result<Elements, Problem> {
        let mut elements = Elements::default();
        self.cursor.expect("(")?;
        if self.cursor.accept(&[")"]) {
            return Ok(elements);
        }
        loop {
            if self.cursor.accept(&["LIKE"]) {
                let like = self.like(elements.definitions.len())?;
                elements.likes.push(like);
            } else if let Some(clause) = self.table_clause()? {
                elements.clauses.push(clause);
            } else {
                let mut definition = self.column_definition()?;
                elements.clauses.append(&mut definition.clauses);
                elements.definitions.push(definition);
            }
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(elements)
    }

    fn like(&mut self, place: usize) -> Result<Like, Problem> {
        let written = self.written()?;
        let table = self.table(&written)?;
        let mut including = BTreeSet::new();
        loop {
            let include = self.cursor.accept(&["INCLUDING"]);
            if !include && !self.cursor.accept(&["EXCLUDING"]) {
                break;
            }
            let option = self.word()?;
            let all = LIKE_OPTIONS.map(str::to_owned);
            let chosen = if option == "all" { all.to_vec() } else { vec![option] };
            for option in chosen {
                if include {
                    including.insert(option);
                } else {
                    including.remove(&option);
                }
            }
        }
        Ok(Like { table, place, including })
    }

    fn table_options(&mut self, table: &mut Table) -> Result<(), Problem> {
        loop {
            if self.cursor.accept(&["INHERITS"]) {
                table.inherits = self.inherited()?;
            } else if self.cursor.accept(&["PARTITION", "BY"]) {
                table.kind = TableKind::Partitioned(self.partitioning()?);
            } else if self.cursor.accept(&["WITH"]) {
                let from = self.cursor.position();
                table.options = self.settings()?;
                self.parameters_fit(&table.options, TABLE_PARAMETERS, &self.cursor.since(from))?;
            } else if self.cursor.accept(&["TABLESPACE"]) || self.cursor.accept(&["USING"]) {
                self.identifier()?;
            } else if !(self.cursor.accept(&["WITHOUT", "OIDS"])
                || self.cursor.accept(&["ON", "COMMIT", "PRESERVE", "ROWS"]))
            {
                return Ok(());
            }
        }
    }

    fn partitioning(&mut self) -> Result<Partitioning, Problem> {
        let strategy = self.word()?;
        let inside = self.cursor.take_group()?;
        let after = self.cursor.position();
        self.cursor.rewind(inside.start);
        let mut keys = Vec::new();
        while self.cursor.position() < inside.end {
            let at = self.cursor.take_until(&[","]);
            keys.push(Expression::new(self.cursor.slice(at.start, at.end)));
            self.cursor.accept(&[","]);
        }
        self.cursor.rewind(after);
        Ok(Partitioning { strategy, keys })
    }

    fn make_table(
        &mut self,
        name: &ObjectName,
        written: &Written,
        mut table: Table,
        elements: Elements,
    ) -> Result<(), Problem> {
        self.inherit(&mut table);
        let names: BTreeSet<String> = elements.definitions.iter().map(|d| d.column.name.clone()).collect();
        for (n, definition) in elements.definitions.iter().enumerate() {
            for like in elements.likes.iter().filter(|like| like.place == n) {
                self.copy_columns(&mut table, like);
            }
            self.add_column_to(&mut table, definition, &names)?;
        }
        for like in elements.likes.iter().filter(|like| like.place == elements.definitions.len()) {
            self.copy_columns(&mut table, like);
        }
        self.partitioning_fits(&table, &(written.at.end..self.cursor.end_of_taken()))?;
        self.schema.tables.insert(name.clone(), table);
        self.make_sequences(name, &elements.definitions)?;
        self.add_clauses(name, merged(elements.clauses), written)?;
        for like in &elements.likes {
            self.copy_rest(name, like);
        }
        Ok(())
    }

    /// Adds a column that is not there yet, or merges it into one that was inherited.
    fn add_column_to(
        &self,
        table: &mut Table,
        definition: &Definition,
        names: &BTreeSet<String>,
    ) -> Result<(), Problem> {
        let column = self.finish_column(definition, names);
        match table.column_mut(&column.name) {
            Some(inherited) if !inherited.local && inherited.ty != column.ty => {
                let message = format!("column \"{}\" has a type conflict", column.name);
                Err(Problem::new("wrong-kind", definition.at.clone(), message))
            }
            Some(inherited) if !inherited.local => {
                let nullable = inherited.nullable && column.nullable;
                let default = column.default.clone().or_else(|| inherited.default.clone());
                *inherited = column;
                inherited.nullable = nullable;
                inherited.default = default;
                Ok(())
            }
            Some(_) => {
                let message = format!("column \"{}\" specified more than once", column.name);
                Err(Problem::new("exists", definition.at.clone(), message))
            }
            None => {
                table.columns.push(column);
                Ok(())
            }
        }
    }

    fn inherit(&self, table: &mut Table) {
        for parent in table.inherits.clone() {
            let Some(found) = self.schema.tables.get(&parent) else { continue };
            for column in &found.columns {
                match table.column_mut(&column.name) {
                    Some(own) => own.nullable &= column.nullable,
                    None => {
                        let mut copy = column.clone();
                        copy.local = false;
                        copy.identity = None;
                        table.columns.push(copy);
                    }
                }
            }
            for (name, constraint) in &found.constraints {
                if matches!(constraint.kind, ConstraintKind::Check { no_inherit: false, .. }) {
                    let mut copy = constraint.clone();
                    copy.local = false;
                    table.constraints.insert(name.clone(), copy);
                }
            }
        }
    }

    fn copy_columns(&self, table: &mut Table, like: &Like) {
        let Some(source) = self.schema.tables.get(&like.table) else { return };
        for column in &source.columns {
            let mut copy = column.clone();
            copy.local = true;
            let has = |option: &str| like.including.contains(option);
            if !has("defaults") {
                copy.default = None;
            }
            if !has("generated") {
                copy.generated = None;
            }
            if !has("comments") {
                copy.comment = None;
            }
            if !has("storage") {
                copy.storage = None;
            }
            if !has("compression") {
                copy.compression = None;
            }
            copy.statistics = None;
            copy.identity = None;
            table.columns.push(copy);
        }
    }

    fn copy_rest(&mut self, name: &ObjectName, like: &Like) {
        let Some(source) = self.schema.tables.get(&like.table).cloned() else { return };
        let has = |option: &str| like.including.contains(option);
        if has("constraints") {
            for (constraint, found) in &source.constraints {
                if matches!(found.kind, ConstraintKind::Check { .. }) {
                    if let Some(own) = self.schema.tables.get_mut(name) {
                        own.constraints.insert(constraint.clone(), found.clone());
                    }
                }
            }
        }
        if has("indexes") {
            self.copy_indexes(name, &source);
        }
    }

    /// Chooses and makes the sequences of serial and identity columns.
    pub(super) fn make_sequences(&mut self, table: &ObjectName, definitions: &[Definition]) -> Result<(), Problem> {
        for definition in definitions {
            if let Some(integer) = definition.serial {
                self.make_serial(table, &definition.column.name, integer, &definition.at)?;
            }
            if let Some((always, options)) = &definition.identity {
                self.make_identity(table, &definition.column.name, *always, options.as_ref(), &definition.at)?;
            }
        }
        Ok(())
    }

    /// Adds constraints in the order in which the server makes them.
    pub(super) fn add_clauses(
        &mut self,
        table: &ObjectName,
        mut clauses: Vec<Clause>,
        written: &Written,
    ) -> Result<(), Problem> {
        clauses.sort_by_key(Clause::rank);
        for clause in &mut clauses {
            // NOT VALID is ignored where there is no row yet.
            let checked = matches!(clause.kind, ClauseKind::Check(_) | ClauseKind::ForeignKey { .. });
            clause.not_valid &= !checked;
            self.add_clause(table, clause)?;
        }
        let _ = written;
        Ok(())
    }

    fn create_partition(&mut self, name: &ObjectName, mut table: Table) -> Result<(), Problem> {
        let written = self.written()?;
        let parent = self.table(&written)?;
        let Some(found) = self.schema.tables.get(&parent).cloned() else {
            return Err(self.missing("relation", &written));
        };
        if !matches!(found.kind, TableKind::Partitioned(_)) {
            let message = format!("\"{}\" is not partitioned", parent.name);
            return Err(Problem::new("wrong-kind", written.at, message));
        }
        if self.cursor.is("(") {
            return Err(Problem::new(
                "sql-unsupported",
                self.cursor.here(),
                "columns of a partition are not understood",
            )
            .help("alter the partition in a statement of its own"));
        }
        for column in &found.columns {
            let mut copy = column.clone();
            copy.local = false;
            if self.session.version < 17 {
                copy.identity = None;
            }
            table.columns.push(copy);
        }
        for (constraint, kind) in &found.constraints {
            if matches!(kind.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_)) {
                let mut copy = kind.clone();
                copy.local = false;
                table.constraints.insert(constraint.clone(), copy);
            }
        }
        let from = self.cursor.position();
        let bound = self.bound()?;
        self.bound_fits(name, &parent, &bound, &self.cursor.since(from))?;
        table.partition = Some(Partition { parent, bound });
        if self.cursor.accept(&["PARTITION", "BY"]) {
            table.kind = TableKind::Partitioned(self.partitioning()?);
        }
        self.schema.tables.insert(name.clone(), table);
        self.copy_indexes(name, &found);
        if let Some(own) = self.schema.tables.get_mut(name) {
            own.constraints.values_mut().for_each(|constraint| constraint.local = false);
        }
        Ok(())
    }

    /// Takes the bound of a partition.
    pub(super) fn bound(&mut self) -> Result<String, Problem> {
        if self.cursor.accept(&["DEFAULT"]) {
            return Ok("DEFAULT".to_owned());
        }
        let start = self.cursor.position();
        self.cursor.expect("FOR")?;
        self.cursor.expect("VALUES")?;
        let at: Range<usize> = self.cursor.take_until(&["PARTITION"]);
        Ok(self.cursor.slice(start, at.end).to_owned())
    }
}

/// Merges keys of the same columns, as CREATE TABLE does: a primary key takes an equal unique one in, and the first of
/// equal ones stays, under the first name that was given.
fn merged(clauses: Vec<Clause>) -> Vec<Clause> {
    let columns = |clause: &Clause| match &clause.kind {
        ClauseKind::PrimaryKey(key) | ClauseKind::Unique(key) => {
            Some((key.columns.clone(), key.include.clone(), key.nulls_not_distinct))
        }
        _ => None,
    };
    let mut kept: Vec<Clause> = Vec::new();
    for clause in clauses {
        let key = columns(&clause);
        let same = kept.iter_mut().find(|other| key.is_some() && columns(other) == key);
        match same {
            Some(other) => {
                if matches!(clause.kind, ClauseKind::PrimaryKey(_)) {
                    other.kind = clause.kind;
                }
                other.name = other.name.take().or(clause.name);
            }
            None => kept.push(clause),
        }
    }
    kept
}
