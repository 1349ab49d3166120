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
        let at_options = at.clone();
        let values =
            Values::create(Integer::Big, &options).map_err(|error| Problem::new("sequence", at, error.to_string()))?;
        let mut sequence = sequence_of(&values);
        if unlogged {
            sequence.persistence = Persistence::Unlogged;
        }
        sequence.owner = self.owner(&name, options.owner.as_ref(), &at_options)?.flatten();
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

    /// Resolves OWNED BY of a sequence: `None` where it is not said, `Some(None)` for NONE.
    fn owner(
        &self,
        sequence: &ObjectName,
        owned: Option<&Vec<String>>,
        at: &Range<usize>,
    ) -> Result<Option<Option<SequenceOwner>>, Problem> {
        let Some(owned) = owned else { return Ok(None) };
        let Some((column, table)) = owned.split_last() else { return Ok(Some(None)) };
        let last = table.last().map_or("", String::as_str);
        let place = self.last_token_of(at, last);
        let Some(found) = self.session.find(table, |name| self.schema.tables.contains_key(name)) else {
            let message = format!("relation \"{}\" does not exist", table.join("."));
            return Err(Problem::new("unknown-object", place, message));
        };
        if !self.columns_of(&found).contains(column) {
            let message = format!("column \"{column}\" of relation \"{}\" does not exist", found.name);
            return Err(Problem::new("unknown-column", self.last_token_of(at, column), message));
        }
        if found.schema != sequence.schema {
            let message = "sequence must be in same schema as table it is linked to";
            return Err(Problem::new("refused", place, message));
        }
        Ok(Some(Some(SequenceOwner { table: found, column: column.clone(), identity: false })))
    }

    /// Changes the sequence of an identity by `SET INCREMENT 5 RESTART …`.
    pub(super) fn alter_identity(
        &mut self,
        table: &ObjectName,
        column: &str,
        sequence: &ObjectName,
        options: Range<usize>,
    ) -> Result<(), Problem> {
        let after = self.cursor.position();
        self.cursor.rewind(options.start);
        while self.cursor.position() < options.end {
            self.cursor.accept(&["SET"]);
            let generated = self.cursor.accept(&["GENERATED"]);
            if generated {
                let always = self.cursor.accept(&["ALWAYS"]);
                if !always {
                    self.cursor.expect("BY")?;
                    self.cursor.expect("DEFAULT")?;
                }
                let found = self.schema.tables.get_mut(table).and_then(|table| table.column_mut(column));
                if let Some(identity) = found.and_then(|found| found.identity.as_mut()) {
                    identity.always = always;
                }
                continue;
            }
            let from = self.cursor.position();
            let (options, at) = self.sequence_options()?;
            if self.cursor.position() == from {
                return Err(self.cursor.expected("an option of a sequence"));
            }
            let Some(found) = self.schema.sequences.get_mut(sequence) else { continue };
            let values =
                values_of(found).alter(&options).map_err(|error| Problem::new("sequence", at, error.to_string()))?;
            *found = Sequence {
                owner: found.owner.clone(),
                persistence: found.persistence,
                comment: found.comment.clone(),
                ..sequence_of(&values)
            };
        }
        self.cursor.rewind(after);
        Ok(())
    }

    pub(super) fn alter_sequence(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let written = self.written()?;
        if lenient && self.relation(&written).is_none() {
            self.pass_over();
            return Ok(());
        }
        let name = self.relation_of(&written, RelationKind::Sequence, "sequence")?;
        if self.cursor.is("RENAME") || self.cursor.are(&["SET", "SCHEMA"]) {
            let owned = self.schema.sequences.get(&name).is_some_and(|found| found.owner.is_some());
            if owned && self.cursor.is("SET") {
                let message = "cannot move an owned sequence into another schema";
                return Err(Problem::new("refused", written.at, message));
            }
            return self.rename_relation_statement(&name, RelationKind::Sequence);
        }
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.word().map(|_| ());
        }
        let (options, at) = self.sequence_options()?;
        let identity =
            self.schema.sequences.get(&name).and_then(|found| found.owner.as_ref()).is_some_and(|o| o.identity);
        if identity && options.owner.is_some() {
            let at = self.token_of(&at, "owned");
            return Err(Problem::new("refused", at, "cannot change ownership of identity sequence"));
        }
        let owner = self.owner(&name, options.owner.as_ref(), &at)?;
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
