//! Triggers.

use super::super::catalog::Object;
use super::super::read::{Step, TriggerDef};
use super::scope::{Item, Scope};
use super::{Resolver, Role, Use};
use crate::fold::Problem;

impl<'a> Resolver<'_, 'a> {
    /// Resolves everything that a trigger names, in the way and as far as SQLite does.
    pub(in crate::fold::sqlite) fn trigger(&mut self, object: &Object, trigger: &'a TriggerDef) -> Result<(), Problem> {
        let table = self.names.catalog.relation_in(object.table_home, &object.table);
        if let Some(table) = table {
            let item = match Item::of_table(table) {
                Some(item) => item,
                None => {
                    let columns = self.names.view(&table.key(), &trigger.table.name.at)?;
                    Item { name: table.name.clone(), table: Some(table.key()), columns, ..Item::default() }
                }
            };
            self.uses.push(Use::Table { at: trigger.table.name.at.clone(), table: table.key(), role: Role::Own });
            self.columns(&item, &trigger.columns);
            self.trigger = Some((item, trigger.event));
        }
        trigger.when.iter().try_for_each(|when| self.expr(when))?;
        trigger.steps.iter().try_for_each(|step| self.step(step))
    }

    /// Remembers names of columns that SQLite rewrites and never checks.
    fn columns(&mut self, item: &Item, names: &[super::super::read::Ident]) {
        for name in names {
            let Some(origin) = item.position(&name.name).and_then(|at| item.columns[at].origin.clone()) else {
                continue;
            };
            let (table, column) = origin;
            self.uses.push(Use::Column { at: name.at.clone(), quote: name.quote, table, column });
        }
    }

    fn step(&mut self, step: &'a Step) -> Result<(), Problem> {
        if let Some(query) = &step.query {
            self.query(query)?;
        }
        let Some(target) = &step.target else { return Ok(()) };
        let name = super::super::read::Qualified { database: None, name: target.clone() };
        let item = self.target(&name)?;
        self.columns(&item, &step.columns);
        self.columns(&item, &step.upsert_columns);
        let mut items = vec![match &step.alias {
            Some(alias) => Item { name: alias.name.clone(), aliased: true, ..item.clone() },
            None => item.clone(),
        }];
        items.extend(self.sources(&step.from)?);
        self.scopes.push(Scope::of(items));
        let result = self.conditions(&step.from).and_then(|()| self.exprs(&step.expressions));
        let scope = self.scopes.pop().unwrap_or_default();
        result?;
        self.scopes.push(Scope { excluded: Some(item), ..scope });
        let result = self.exprs(&step.upsert);
        self.scopes.pop();
        result
    }

    /// Finds the table that a statement writes.
    fn target(&mut self, name: &super::super::read::Qualified) -> Result<Item, Problem> {
        // The names of WITH are no targets.
        let frames = std::mem::take(&mut self.frames);
        let found = self.relation(name, true);
        self.frames = frames;
        found
    }
}
