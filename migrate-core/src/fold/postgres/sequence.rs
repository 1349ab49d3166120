//! Sequences: their own statements, and those of serial and identity columns.

use std::ops::Range;

use super::reader::Reader;
use crate::dialect::postgres::names;
use crate::dialect::postgres::sequences::{Options, Values};
use crate::dialect::postgres::types::Integer;
use crate::fold::Problem;
use crate::schema::{Expression, Identity, ObjectName, Persistence, RelationKind, Sequence, SequenceOwner};

/// Gives an identity's sequence the type of its column.
pub(super) fn rescale(sequence: &mut Sequence, ty: &str) {
    let Some(ty) = integer(ty) else { return };
    if let Ok(values) = values_of(sequence).alter(&Options { ty: Some(ty), ..Options::default() }) {
        *sequence = Sequence {
            owner: sequence.owner.clone(),
            persistence: sequence.persistence,
            comment: sequence.comment.clone(),
            ..sequence_of(&values)
        };
    }
}

fn integer(ty: &str) -> Option<Integer> {
    [Integer::Small, Integer::Int, Integer::Big].into_iter().find(|integer| integer.name() == ty)
}

fn sequence_of(values: &Values) -> Sequence {
    Sequence {
        ty: values.ty.name().to_owned(),
        start: values.start,
        increment: values.increment,
        min: values.min,
        max: values.max,
        cache: values.cache,
        cycle: values.cycle,
        persistence: Persistence::Permanent,
        owner: None,
        comment: None,
    }
}

fn values_of(sequence: &Sequence) -> Values {
    let ty = integer(&sequence.ty).unwrap_or(Integer::Big);
    Values {
        ty,
        start: sequence.start,
        increment: sequence.increment,
        min: sequence.min,
        max: sequence.max,
        cache: sequence.cache,
        cycle: sequence.cycle,
    }
}

impl Reader<'_, '_> {
    pub(super) fn create_sequence(&mut self, unlogged: bool) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        let written = self.written()?;
        let name = self.new_name(&written)?;
        if lenient && self.schema.relation(&name).is_some() {
            self.pass_over();
            return Ok(());
        }
        self.free_relation(&name, &written.at)?;
        let (options, at) = self.sequence_options()?;
        let values =
            Values::create(Integer::Big, &options).map_err(|error| Problem::new("sequence", at, error.to_string()))?;
        let mut sequence = sequence_of(&values);
        if unlogged {
            sequence.persistence = Persistence::Unlogged;
        }
        sequence.owner = self.owner(options.owner.as_ref())?.flatten();
        self.schema.sequences.insert(name, sequence);
        Ok(())
    }

    fn sequence_options(&mut self) -> Result<(Options, Range<usize>), Problem> {
        let from = self.cursor.position();
        match Options::parse(&self.cursor.words()) {
            Ok((options, taken)) => {
                self.cursor.skip(taken);
                Ok((options, self.cursor.since(from)))
            }
            Err(error) => Err(Problem::new("sql-syntax", self.cursor.bytes_at(from + error.word), error.to_string())),
        }
    }

    /// Resolves OWNED BY: `None` where it is not said, `Some(None)` for NONE.
    fn owner(&self, owned: Option<&Vec<String>>) -> Result<Option<Option<SequenceOwner>>, Problem> {
        let Some(owned) = owned else { return Ok(None) };
        let Some((column, table)) = owned.split_last() else { return Ok(Some(None)) };
        let found = self.session.find(table, |name| self.schema.tables.contains_key(name));
        match found {
            Some(table) => Ok(Some(Some(SequenceOwner { table, column: column.clone(), identity: false }))),
            None => {
                let message = format!("relation \"{}\" does not exist", table.join("."));
                Err(Problem::new("unknown-object", 0..self.cursor.text().len(), message))
            }
        }
    }

    pub(super) fn alter_sequence(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let written = self.written()?;
        let Some((name, RelationKind::Sequence)) = self.relation(&written) else {
            if lenient {
                self.pass_over();
                return Ok(());
            }
            return Err(self.missing("relation", &written));
        };
        if self.cursor.is("RENAME") || self.cursor.are(&["SET", "SCHEMA"]) {
            return self.rename_relation_statement(&name, RelationKind::Sequence);
        }
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.identifier().map(|_| ());
        }
        let (options, at) = self.sequence_options()?;
        let owner = self.owner(options.owner.as_ref())?;
        let Some(sequence) = self.schema.sequences.get_mut(&name) else { return Ok(()) };
        let values =
            values_of(sequence).alter(&options).map_err(|error| Problem::new("sequence", at, error.to_string()))?;
        let altered = sequence_of(&values);
        *sequence = Sequence {
            owner: owner.unwrap_or_else(|| sequence.owner.clone()),
            persistence: sequence.persistence,
            comment: sequence.comment.clone(),
            ..altered
        };
        Ok(())
    }

    /// Makes the sequence of a serial column, and the default that uses it.
    pub(super) fn make_serial(
        &mut self,
        table: &ObjectName,
        column: &str,
        integer: Integer,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let name = self.sequence_name(table, column);
        self.free_relation(&name, at)?;
        let mut sequence = sequence_of(&Values::new(integer));
        sequence.owner = Some(SequenceOwner { table: table.clone(), column: column.to_owned(), identity: false });
        sequence.persistence = self.owned_persistence(table);
        self.schema.sequences.insert(name.clone(), sequence);
        let quote = |part: &str| crate::dialect::postgres::keywords::quote_ident(part, self.session.version);
        let text = format!("nextval('{}.{}'::regclass)", quote(&name.schema), quote(&name.name).replace('\'', "''"));
        let mut default = Expression::new(text);
        default.references.sequences.insert(name);
        if let Some(found) = self.schema.tables.get_mut(table).and_then(|table| table.column_mut(column)) {
            found.default = Some(default);
            found.nullable = false;
        }
        Ok(())
    }

    /// Makes the sequence of an identity column.
    pub(super) fn make_identity(
        &mut self,
        table: &ObjectName,
        column: &str,
        always: bool,
        options: Option<&Range<usize>>,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let ty =
            self.schema.tables.get(table).and_then(|table| table.column(column)).map(|column| column.ty.to_string());
        let Some(integer) = integer(&ty.unwrap_or_default()) else {
            let message = "identity column type must be smallint, integer, or bigint";
            return Err(Problem::new("wrong-kind", at.clone(), message));
        };
        let options = match options {
            Some(range) => {
                let after = self.cursor.position();
                self.cursor.rewind(range.start);
                let (options, _) = self.sequence_options()?;
                self.cursor.rewind(after);
                options
            }
            None => Options::default(),
        };
        let created = Values::create(integer, &options);
        let values = created.map_err(|error| Problem::new("sequence", at.clone(), error.to_string()))?;
        let name = match &options.name {
            Some(parts) => ObjectName::new(&table.schema, parts.last().cloned().unwrap_or_default()),
            None => self.sequence_name(table, column),
        };
        self.free_relation(&name, at)?;
        let mut sequence = sequence_of(&values);
        sequence.owner = Some(SequenceOwner { table: table.clone(), column: column.to_owned(), identity: true });
        sequence.persistence = self.owned_persistence(table);
        self.schema.sequences.insert(name.clone(), sequence);
        if let Some(found) = self.schema.tables.get_mut(table).and_then(|table| table.column_mut(column)) {
            found.identity = Some(Identity { always, sequence: name });
            found.nullable = false;
        }
        Ok(())
    }

    /// Returns how long the sequence of a table's column lasts: as long as the table, since PostgreSQL 15.
    fn owned_persistence(&self, table: &ObjectName) -> Persistence {
        let found = self.schema.tables.get(table).filter(|_| self.session.version >= 15);
        found.map_or(Persistence::Permanent, |table| table.persistence)
    }

    /// Gives the sequences of a table's columns its persistence.
    pub(super) fn follow_persistence(&mut self, table: &ObjectName) {
        let persistence = self.owned_persistence(table);
        let owned = self.schema.sequences.values_mut();
        for sequence in owned.filter(|sequence| sequence.owner.as_ref().is_some_and(|owner| owner.table == *table)) {
            sequence.persistence = persistence;
        }
    }

    fn sequence_name(&self, table: &ObjectName, column: &str) -> ObjectName {
        let taken = |name: &str| self.schema.relation(&ObjectName::new(&table.schema, name)).is_some();
        ObjectName::new(&table.schema, names::sequence(&table.name, column, taken))
    }
}
