//! Triggers of tables and views.

use std::collections::BTreeMap;

use super::rows::Row;
use super::{Reader, Relation};
use crate::error::Result;
use crate::schema::{Expression, ObjectName, Trigger};

impl Reader<'_> {
    pub(super) fn triggers(&mut self, rows: Vec<Row>) -> Result<()> {
        let mut all = BTreeMap::new();
        for mut row in rows {
            let oid = row.number::<u32>()?;
            let (relation, parent) = (row.number::<u32>()?, row.number::<u32>()?);
            let internal = row.flag()?;
            all.insert(oid, (relation, parent, internal, row));
        }
        let parents: BTreeMap<u32, (u32, bool)> =
            all.iter().map(|(oid, (_, parent, internal, _))| (*oid, (*parent, *internal))).collect();
        for (oid, (relation, parent, _, row)) in all {
            if !is_the_servers_own(&parents, oid) {
                self.trigger(oid, relation, parent != 0, row)?;
            }
        }
        Ok(())
    }

    fn trigger(&mut self, oid: u32, relation: u32, inherited: bool, mut row: Row) -> Result<()> {
        let Some(owner) = self.relations.get(&relation) else { return Ok(()) };
        let name = row.text()?;
        let references = self.references.of("pg_trigger", oid, Some(owner.name()));
        let trigger = Trigger {
            definition: Expression { text: row.text()?, references },
            function: Some(ObjectName::new(row.text()?, row.text()?)),
            columns: row.list()?,
            inherited,
            enabled: Some(row.character()?),
            comment: row.optional()?,
        };
        let triggers = match owner {
            Relation::Table(name) => self.schema.tables.get_mut(name).map(|table| &mut table.triggers),
            Relation::View(name) => self.schema.views.get_mut(name).map(|view| &mut view.triggers),
        };
        if let Some(triggers) = triggers {
            triggers.insert(name, trigger);
        }
        Ok(())
    }
}

/// Returns whether the trigger that a chain of copies begins with was made by the server, as for a foreign key.
fn is_the_servers_own(parents: &BTreeMap<u32, (u32, bool)>, mut oid: u32) -> bool {
    loop {
        match parents.get(&oid) {
            Some((0, internal)) => return *internal,
            Some((parent, _)) => oid = *parent,
            None => return true,
        }
    }
}
