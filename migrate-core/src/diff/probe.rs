//! Whether two things differ, as the dialect tells it.

use crate::dialect::Dialect;
use crate::schema::{ObjectName, Schema, Table};

/// A table as it shall be, in which single things are exchanged to see whether it is another one then.
pub(super) struct Probe<'d> {
    dialect: &'d dyn Dialect,
    name: ObjectName,
    after: Schema,
}

impl<'d> Probe<'d> {
    pub(super) fn new(dialect: &'d dyn Dialect, name: &ObjectName, after: &Schema) -> Self {
        Self { dialect, name: name.clone(), after: alone(after, name) }
    }

    /// Returns whether the table is another one with something exchanged.
    pub(super) fn is_other(&self, exchange: impl FnOnce(&mut Table)) -> bool {
        self.is_other_schema(|schema, name| schema.tables.get_mut(name).into_iter().for_each(exchange_once(exchange)))
    }

    /// The same for what is not in the table itself.
    pub(super) fn is_other_schema(&self, exchange: impl FnOnce(&mut Schema, &ObjectName)) -> bool {
        let mut other = self.after.clone();
        exchange(&mut other, &self.name);
        !crate::dialect::differences(&other, &self.after, self.dialect).is_empty()
    }

    /// The same, where what cannot be told counts too.
    pub(super) fn may_be_other(&self, exchange: impl FnOnce(&mut Schema, &ObjectName)) -> bool {
        let mut other = self.after.clone();
        exchange(&mut other, &self.name);
        self.dialect.compare(&other, &self.after).iter().any(|difference| !difference.is_cosmetic())
    }

    /// Returns whether the table with one set of things is another than with a second.
    pub(super) fn differ(&self, one: impl FnOnce(&mut Table), other: impl FnOnce(&mut Table)) -> bool {
        let (mut left, mut right) = (self.after.clone(), self.after.clone());
        left.tables.get_mut(&self.name).into_iter().for_each(exchange_once(one));
        right.tables.get_mut(&self.name).into_iter().for_each(exchange_once(other));
        !crate::dialect::differences(&left, &right, self.dialect).is_empty()
    }
}

/// Makes of what can be called once something that can be called for each of at most one.
fn exchange_once(exchange: impl FnOnce(&mut Table)) -> impl FnMut(&mut Table) {
    let mut exchange = Some(exchange);
    move |table| {
        if let Some(exchange) = exchange.take() {
            exchange(table);
        }
    }
}

/// Returns a schema that has only one of its tables, and what the table may need.
pub(super) fn alone(schema: &Schema, name: &ObjectName) -> Schema {
    let mine = schema
        .sequences
        .iter()
        .filter(|(_, sequence)| sequence.owner.as_ref().is_some_and(|owner| owner.table == *name));
    Schema {
        namespaces: schema.namespaces.clone(),
        tables: schema.tables.get(name).map(|table| (name.clone(), table.clone())).into_iter().collect(),
        sequences: mine.map(|(name, sequence)| (name.clone(), sequence.clone())).collect(),
        types: schema.types.clone(),
        ..Schema::default()
    }
}
