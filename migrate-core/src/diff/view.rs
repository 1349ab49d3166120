//! Views: those that change, and those that stand in the way of a table's change.

use std::collections::BTreeSet;

use super::{Differ, Question};
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
        self.ask_for_renamed(&aside);
        let dropped = ordered(&self.now, &aside);
        self.parts.drop_views = dropped.iter().rev().map(|name| self.operation(&self.now, name, false)).collect();
        let new = self.after.views.keys().filter(|name| !self.now.views.contains_key(*name) || aside.contains(*name));
        let new: BTreeSet<ObjectName> = new.cloned().collect();
        self.parts.create_views =
            ordered(&self.after, &new).iter().map(|name| self.operation(&self.after, name, true)).collect();
    }

    /// Tells of views that are set aside, and in whose text it is not clear which names a rename changed.
    fn ask_for_renamed(&mut self, aside: &BTreeSet<ObjectName>) {
        let mut unclear = Vec::new();
        for operation in &self.parts.first {
            let Operation::AlterTable { table, changes } = operation else { continue };
            for change in changes {
                let TableChange::RenameColumn { from, to } = change else { continue };
                for name in aside.iter().filter(|name| self.after.views.contains_key(*name)) {
                    let relations = &self.now.views[name].query.references.relations;
                    let other = relations.iter().filter(|(relation, _)| relation != table).any(|(relation, _)| {
                        let tables = self.now.tables.get(relation).map(|found| &found.columns);
                        let views = self.now.views.get(relation).map(|found| &found.columns);
                        tables.or(views).is_some_and(|columns| columns.iter().any(|column| column.name == *from))
                    });
                    if other && relations.contains(&(table.clone(), to.clone())) {
                        unclear.push(format!(
                            "view {name} has to be written anew, and {from} in it may be what is renamed: rename \
                             {table}.{from} in a revision of its own"
                        ));
                    }
                }
            }
        }
        if !unclear.is_empty() {
            self.questions.push(Question::Unsupported(unclear));
        }
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
