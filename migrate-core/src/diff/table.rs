//! Tables: which come, which go, and what changes in those that stay.

use std::collections::{BTreeMap, BTreeSet};

use super::constraint::{self, Paired};
use super::probe::{Probe, alone};
use super::{Differ, Question};
use crate::dialect::Cast;
use crate::op::{ColumnState, Operation, TableChange};
use crate::schema::{Column, ConstraintKind, Index, Object, ObjectName, Schema, Sequence, Table};

impl Differ<'_> {
    /// Finds what happens to the tables.
    pub(super) fn tables(&mut self) {
        let (now, after) = (self.now.clone(), self.after.clone());
        for (name, table) in &now.tables {
            match after.tables.get(name) {
                Some(_) => self.table(name),
                None => {
                    let sequences = sequences(&now, name);
                    let operation =
                        Operation::DropTable { name: name.clone(), table: Box::new(table.clone()), sequences };
                    self.parts.drop_tables.push(operation);
                }
            }
        }
        for (name, table) in after.tables.iter().filter(|(name, _)| !now.tables.contains_key(*name)) {
            let sequences = sequences(&after, name);
            let operation = Operation::CreateTable { name: name.clone(), table: Box::new(table.clone()), sequences };
            self.parts.create_tables.push(operation);
        }
        self.parts.checked_references = self.dialect.capabilities().checked_references;
        if self.parts.checked_references {
            self.set_references_aside();
        }
    }

    /// Sets the foreign keys aside that stay and rest on a key which goes.
    fn set_references_aside(&mut self) {
        for key in self.parts.gone_keys() {
            for (dependent, _) in self.now.dependents(&key) {
                let Object::Constraint(table, name) = dependent else { continue };
                let of =
                    |schema: &Schema| schema.tables.get(&table).and_then(|table| table.constraints.get(&name)).cloned();
                if let (Some(before), Some(after)) = (of(&self.now), of(&self.after)) {
                    self.parts.set_aside(&table, &name, &before, &after);
                }
            }
        }
    }

    fn table(&mut self, name: &ObjectName) {
        let (now, after) = (alone(&self.now, name), alone(&self.after, name));
        if crate::dialect::differences(&now, &after, self.dialect).is_empty() {
            return;
        }
        let probe = Probe::new(self.dialect, name, &self.after);
        let (before, wanted) = (&now.tables[name], &after.tables[name]);
        let capabilities = self.dialect.capabilities();
        let mut paired =
            constraint::pair(before, wanted, &probe, capabilities.rename_constraint, capabilities.comments);
        self.replaced(before, &mut paired);
        let mut changes = Vec::new();
        if before.options != wanted.options && probe.is_other(|table| table.options.clone_from(&before.options)) {
            changes.push(TableChange::Options { before: before.options.clone(), after: wanted.options.clone() });
        }
        if probe.is_other(|table| table.persistence = before.persistence) {
            changes.push(TableChange::Persistence { before: before.persistence, after: wanted.persistence });
        }
        self.columns(name, (&now, &after), &probe, &mut changes);
        self.comments(name, before, wanted, &paired);
        self.indexes(name, before, wanted, &probe);
        self.triggers(name, before, wanted);
        self.parts.alter(name, changes, paired);
    }

    /// Notes the checks that go before an enum gets other labels.
    fn replaced(&self, before: &Table, paired: &mut Paired) {
        let of_type: Vec<&String> =
            before.columns.iter().filter(|column| self.parts.is_replaced(column)).map(|column| &column.name).collect();
        let checks = paired.gone.iter().filter(|(_, constraint)| match &constraint.kind {
            ConstraintKind::Check { expression, .. } => {
                of_type.iter().any(|name| expression.references.columns.contains(*name))
            }
            _ => false,
        });
        paired.replaced = checks.map(|(_, constraint)| constraint.clone()).collect();
    }

    fn columns(
        &mut self,
        name: &ObjectName,
        (now, after): (&Schema, &Schema),
        probe: &Probe<'_>,
        changes: &mut Vec<TableChange>,
    ) {
        let (before, wanted) = (&now.tables[name], &after.tables[name]);
        let gone: Vec<&Column> = before.columns.iter().filter(|c| wanted.column(&c.name).is_none()).collect();
        let come: Vec<&Column> = wanted.columns.iter().filter(|c| before.column(&c.name).is_none()).collect();
        self.ask_for_columns(name, &gone, &come, probe);
        for column in gone {
            let backfill = self.backfill(name, &column.name);
            self.is_used(name, &column.name);
            let column = Box::new(ColumnState::of(now, name, column));
            changes.push(TableChange::DropColumn { column, backfill });
        }
        for column in &wanted.columns {
            let Some(known) = before.column(&column.name) else {
                let backfill = self.backfill(name, &column.name);
                if backfill.is_none() && !self.dialect.fills_itself(after, name, column) {
                    self.questions.push(Question::Value { table: name.clone(), column: column.name.clone() });
                }
                let column = Box::new(ColumnState::of(after, name, column));
                changes.push(TableChange::AddColumn { column, backfill });
                continue;
            };
            let (known, wanted) = (ColumnState::of(now, name, known), ColumnState::of(after, name, column));
            if let Some(change) = self.column(name, known, &wanted, probe) {
                changes.push(change);
            }
        }
    }

    /// Asks whether a column that went and one that came are the same.
    fn ask_for_columns(&mut self, name: &ObjectName, gone: &[&Column], come: &[&Column], probe: &Probe<'_>) {
        for old in gone {
            if let Some(flag) = self.hints.drop_of(name, Some(&old.name)) {
                self.note(&flag);
                continue;
            }
            let exchange = |new: &Column| {
                probe.is_other(|table| {
                    if let Some(column) = table.column_mut(&new.name) {
                        column.ty.clone_from(&old.ty);
                    }
                })
            };
            let new: Vec<String> = come.iter().filter(|new| !exchange(new)).map(|new| new.name.clone()).collect();
            if !new.is_empty() {
                self.questions.push(Question::Renamed { table: Some(name.clone()), old: old.name.clone(), new });
            }
        }
    }

    /// Tells what uses a column that goes and is not of its table.
    fn is_used(&mut self, table: &ObjectName, column: &str) {
        let used = |relations: &BTreeSet<(ObjectName, String)>| relations.contains(&(table.clone(), column.to_owned()));
        let mut by = Vec::new();
        for (name, view) in &self.after.views {
            // A query that reads another relation with such a column may mean that one.
            let others = view.query.references.relations.iter().map(|(relation, _)| relation);
            let other = others.filter(|relation| *relation != table).any(|relation| {
                let views = self.after.views.get(relation).map(|view| &view.columns);
                let tables = self.after.tables.get(relation).map(|table| &table.columns);
                tables.or(views).is_some_and(|columns| columns.iter().any(|found| found.name == column))
            });
            if used(&view.query.references.relations) && !other {
                by.push(format!("view {name}"));
            }
        }
        if let Some(found) = self.after.tables.get(table) {
            let watching = |trigger: &crate::schema::Trigger| {
                trigger.columns.iter().any(|name| name == column)
                    || trigger.definition.references.columns.contains(column)
            };
            let triggers = found.triggers.iter().filter(|(_, trigger)| watching(trigger));
            by.extend(triggers.map(|(name, _)| format!("trigger {name}")));
        }
        let object = Object::Column(table.clone(), column.to_owned());
        let others = self.now.dependents(&object).into_iter().filter_map(|(dependent, link)| match &dependent {
            Object::Other(id) if link == crate::schema::Link::Uses && self.after.others.contains_key(id) => {
                Some(dependent.to_string())
            }
            Object::Routine(id) if self.after.routines.contains_key(id) => Some(dependent.to_string()),
            _ => None,
        });
        by.extend(others);
        if !by.is_empty() {
            self.questions.push(Question::InUse { object: object.to_string(), by });
        }
    }

    fn column(
        &mut self,
        table: &ObjectName,
        before: ColumnState,
        wanted: &ColumnState,
        probe: &Probe<'_>,
    ) -> Option<TableChange> {
        let after = narrowed(&before, wanted, probe);
        if after == before {
            return None;
        }
        let name = after.column.name.clone();
        let value = self.backfill(table, &name);
        let retyped = before.column.ty != after.column.ty;
        let narrowed = before.column.nullable && !after.column.nullable;
        let cast = self.dialect.cast((&self.now, &before.column.ty), (&self.after, &after.column.ty));
        if retyped && value.is_none() && cast == Cast::None {
            self.questions.push(Question::Using {
                table: table.clone(),
                column: name.clone(),
                from: before.column.ty.to_string(),
                to: after.column.ty.to_string(),
            });
        }
        let had_value = self.now.tables[table].primary_key().is_some_and(|key| key.contains(&name));
        if narrowed && value.is_none() && !had_value && !self.dialect.fills_itself(&self.after, table, &after.column) {
            self.questions.push(Question::Value { table: table.clone(), column: name });
        }
        let (using, backfill) = if retyped { (value, None) } else { (None, value) };
        Some(TableChange::AlterColumn {
            before: Box::new(before),
            after: Box::new(after),
            using: (using, None),
            backfill: (backfill, None),
        })
    }

    fn comments(&mut self, name: &ObjectName, before: &Table, wanted: &Table, paired: &Paired) {
        if !self.dialect.capabilities().comments {
            return;
        }
        let mut note = |on: Object, before: &Option<String>, after: &Option<String>| {
            if before != after {
                let (before, after) = (before.clone(), after.clone());
                self.parts.comments.push(Operation::Comment { on, before, after });
            }
        };
        note(Object::Table(name.clone()), &before.comment, &wanted.comment);
        for column in &wanted.columns {
            if let Some(known) = before.column(&column.name) {
                note(Object::Column(name.clone(), column.name.clone()), &known.comment, &column.comment);
            }
        }
        for (constraint, before, after) in &paired.comments {
            note(Object::Constraint(name.clone(), constraint.clone()), before, after);
        }
    }

    fn indexes(&mut self, name: &ObjectName, before: &Table, wanted: &Table, probe: &Probe<'_>) {
        let capabilities = self.dialect.capabilities();
        let plain = |index: &Index| {
            if capabilities.comments { Index { comment: None, ..index.clone() } } else { index.clone() }
        };
        let same = |one: &Index, other: &Index| {
            let set = |index: Index| {
                move |table: &mut Table| {
                    table.indexes.clear();
                    table.indexes.insert(String::from("i"), index);
                }
            };
            !probe.differ(set(plain(one)), set(plain(other)))
        };
        let mut come: Vec<(&String, &Index)> = wanted.indexes.iter().collect();
        let (mut gone, mut renamed, mut comments) = (Vec::new(), Vec::new(), Vec::new());
        for (key, index) in &before.indexes {
            let named = |(other, _): &(&String, &Index)| match capabilities.case_insensitive_names {
                true => other.eq_ignore_ascii_case(key),
                false => *other == key,
            };
            match come.iter().position(named) {
                Some(at) if same(index, come[at].1) => comments.push((key, index, come.remove(at).1)),
                _ => gone.push((key, index)),
            }
        }
        for (key, index) in gone {
            let twin = come.iter().position(|(other, found)| {
                capabilities.rename_index && *other != key && !before.indexes.contains_key(*other) && same(index, found)
            });
            match twin {
                Some(at) => {
                    let (to, found) = come.remove(at);
                    comments.push((to, index, found));
                    renamed.push(Operation::RenameIndex { table: name.clone(), from: key.clone(), to: to.clone() });
                }
                None => self.parts.drop_indexes.push(Operation::DropIndex {
                    table: name.clone(),
                    name: key.clone(),
                    index: Box::new(index.clone()),
                }),
            }
        }
        self.parts.rename_indexes.extend(renamed);
        for (key, index) in come {
            let (table, index) = (name.clone(), Box::new(index.clone()));
            self.parts.create_indexes.push(Operation::CreateIndex { table, name: key.clone(), index });
        }
        for (key, before, after) in comments {
            if capabilities.comments && before.comment != after.comment {
                let on = Object::Index(name.clone(), key.clone());
                let (before, after) = (before.comment.clone(), after.comment.clone());
                self.parts.comments.push(Operation::Comment { on, before, after });
            }
        }
    }

    fn triggers(&mut self, name: &ObjectName, before: &Table, wanted: &Table) {
        for (key, trigger) in &before.triggers {
            let probe = Probe::new(self.dialect, name, &self.after);
            let changed = wanted.triggers.contains_key(key)
                && probe.is_other(|table| {
                    table.triggers.insert(key.clone(), trigger.clone());
                });
            if changed || !wanted.triggers.contains_key(key) {
                let (on, trigger) = (name.clone(), Box::new(trigger.clone()));
                self.parts.drop_triggers.push(Operation::DropTrigger { on, name: key.clone(), trigger });
            }
            if !changed {
                continue;
            }
            let (on, trigger) = (name.clone(), Box::new(wanted.triggers[key].clone()));
            self.parts.create_triggers.push(Operation::CreateTrigger { on, name: key.clone(), trigger });
        }
        for (key, trigger) in wanted.triggers.iter().filter(|(key, _)| !before.triggers.contains_key(*key)) {
            let (on, trigger) = (name.clone(), Box::new(trigger.clone()));
            self.parts.create_triggers.push(Operation::CreateTrigger { on, name: key.clone(), trigger });
        }
    }
}

/// What makes up a column, each of which may change alone: takes it from one column for another.
type Part = fn(&mut Column, &Column);

const PARTS: [Part; 9] = [
    |to, from| to.ty.clone_from(&from.ty),
    |to, from| {
        to.nullable = from.nullable;
        to.not_null_name.clone_from(&from.not_null_name);
        to.not_null.clone_from(&from.not_null);
        to.not_null_conflict.clone_from(&from.not_null_conflict);
    },
    |to, from| to.generated.clone_from(&from.generated),
    |to, from| to.collation.clone_from(&from.collation),
    |to, from| to.storage.clone_from(&from.storage),
    |to, from| to.compression.clone_from(&from.compression),
    |to, from| to.statistics = from.statistics,
    |to, from| to.options.clone_from(&from.options),
    // These come with their sequences.
    |to, from| {
        to.default.clone_from(&from.default);
        to.identity.clone_from(&from.identity);
    },
];

/// Returns the column before with only that changed in which the wanted one is another.
fn narrowed(before: &ColumnState, wanted: &ColumnState, probe: &Probe<'_>) -> ColumnState {
    let (old, new) = (&before.column, &wanted.column);
    let mut after = before.clone();
    for (n, part) in PARTS.iter().enumerate() {
        let with_sequences = n + 1 == PARTS.len();
        let mut exchanged = new.clone();
        part(&mut exchanged, old);
        if exchanged == *new && !(with_sequences && before.sequences != wanted.sequences) {
            continue;
        }
        let exchange = |schema: &mut Schema, table: &ObjectName| {
            let column = schema.tables.get_mut(table).and_then(|table| table.column_mut(&new.name));
            if let Some(column) = column {
                *column = exchanged.clone();
            }
            if with_sequences {
                schema.sequences.retain(|name, _| !wanted.sequences.contains_key(name));
                schema.sequences.extend(before.sequences.clone());
            }
        };
        // An expression for another type is taken as another one, unless it is known to be the same.
        let retyped = after.column.ty != old.ty;
        let is_other = if retyped { probe.may_be_other(exchange) } else { probe.is_other_schema(exchange) };
        if is_other {
            part(&mut after.column, new);
            if with_sequences {
                after.sequences.clone_from(&wanted.sequences);
            }
        }
    }
    after
}

fn sequences(schema: &Schema, table: &ObjectName) -> BTreeMap<ObjectName, Sequence> {
    let mine = |sequence: &Sequence| sequence.owner.as_ref().is_some_and(|owner| owner.table == *table);
    let found = schema.sequences.iter().filter(|(_, sequence)| mine(sequence));
    found.map(|(name, sequence)| (name.clone(), sequence.clone())).collect()
}
