//! Views: those that change, and those that stand in the way of a table's change.

use std::collections::BTreeSet;

use super::Differ;
use crate::op::{Operation, TableChange};
use crate::schema::{Object, ObjectName, Schema, View};

impl Differ<'_> {
    /// Finds which views go, come, or are set aside and put back.
    pub(super) fn views(&mut self) {
        let mut aside: BTreeSet<ObjectName> = BTreeSet::new();
        for (name, view) in &self.now.views {
            let is_same = self.after.views.get(name).is_some_and(|other| {
                let alone = |view: &View| Schema { views: [(name.clone(), view.clone())].into(), ..Schema::default() };
                crate::dialect::differences(&alone(view), &alone(other), self.dialect).is_empty()
            });
            if !is_same {
                aside.insert(name.clone());
            }
        }
        if self.dialect.capabilities().bound_views {
            aside.extend(self.in_the_way());
            aside = self.with_dependents(aside);
        }
        let dropped = ordered(&self.now, &aside);
        self.parts.drop_views = dropped.iter().rev().map(|name| self.operation(&self.now, name, false)).collect();
        let new = self.after.views.keys().filter(|name| !self.now.views.contains_key(*name) || aside.contains(*name));
        let new: BTreeSet<ObjectName> = new.cloned().collect();
        self.parts.create_views =
            ordered(&self.after, &new).iter().map(|name| self.operation(&self.after, name, true)).collect();
    }

    fn operation(&self, schema: &Schema, name: &ObjectName, create: bool) -> Operation {
        let (name, view) = (name.clone(), Box::new(schema.views[name].clone()));
        if create { Operation::CreateView { name, view } } else { Operation::DropView { name, view } }
    }

    /// Returns the views that use what changes.
    fn in_the_way(&self) -> Vec<ObjectName> {
        let mut changed = Vec::new();
        for operation in self.parts.all() {
            match operation {
                Operation::DropTable { name, .. } => changed.push(Object::Table(name.clone())),
                Operation::ReplaceEnum { name, .. } => {
                    changed.push(Object::Type(name.clone()));
                    for (table, found) in &self.now.tables {
                        let uses = found.columns.iter().filter(|column| column.ty.user_type() == Some(name));
                        changed.extend(uses.map(|column| Object::Column(table.clone(), column.name.clone())));
                    }
                }
                Operation::AlterTable { table, changes } => {
                    let columns = changes.iter().filter_map(|change| match change {
                        TableChange::DropColumn { column, .. } => Some(&column.column.name),
                        TableChange::AlterColumn { before, after, .. } => {
                            let stays = before.column.ty == after.column.ty
                                && before.column.collation == after.column.collation
                                && before.column.generated == after.column.generated;
                            (!stays).then_some(&after.column.name)
                        }
                        _ => None,
                    });
                    changed.extend(columns.map(|column| Object::Column(table.clone(), column.clone())));
                }
                _ => {}
            }
        }
        let dependents = changed.iter().flat_map(|object| self.now.dependents(object));
        let views = dependents.filter_map(|(dependent, _)| match dependent {
            Object::View(name) => Some(name),
            _ => None,
        });
        views.collect()
    }

    fn with_dependents(&self, mut views: BTreeSet<ObjectName>) -> BTreeSet<ObjectName> {
        let mut open: Vec<ObjectName> = views.iter().cloned().collect();
        while let Some(name) = open.pop() {
            for (dependent, _) in self.now.dependents(&Object::View(name)) {
                if let Object::View(name) = dependent {
                    if views.insert(name.clone()) {
                        open.push(name);
                    }
                }
            }
        }
        views
    }
}

/// Returns views so that each follows those that it reads.
fn ordered(schema: &Schema, names: &BTreeSet<ObjectName>) -> Vec<ObjectName> {
    let reads = |name: &ObjectName| {
        let relations = schema.views[name].query.references.relations.iter().map(|(relation, _)| relation.clone());
        relations.filter(|relation| relation != name).collect::<BTreeSet<_>>()
    };
    super::order::sorted(names.iter().map(|name| (name.clone(), reads(name))).collect())
}
