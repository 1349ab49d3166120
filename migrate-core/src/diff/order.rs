//! The order of operations: what is needed comes before what needs it.

use std::collections::{BTreeMap, BTreeSet};

use super::constraint::Paired;
use crate::op::{Operation, TableChange};
use crate::schema::{Constraint, ConstraintKind, Object, ObjectName, Schema, Table};

/// The operations by what they do, each list in the order of names.
#[derive(Default)]
pub(super) struct Parts {
    /// Namespaces that come and what is renamed, already in order.
    pub(super) first: Vec<Operation>,
    pub(super) drop_views: Vec<Operation>,
    pub(super) drop_triggers: Vec<Operation>,
    pub(super) drop_indexes: Vec<Operation>,
    pub(super) rename_indexes: Vec<Operation>,
    pub(super) drop_tables: Vec<Operation>,
    pub(super) create_types: Vec<Operation>,
    pub(super) replace_types: Vec<Operation>,
    pub(super) create_tables: Vec<Operation>,
    /// What goes before anything else of its table: foreign keys before what they point to, checks and defaults before
    /// a type that gets other labels.
    early: Vec<Operation>,
    pub(super) alter_tables: Vec<Operation>,
    pub(super) create_indexes: Vec<Operation>,
    /// Foreign keys that come after what they point to.
    add_references: Vec<Operation>,
    pub(super) drop_types: Vec<Operation>,
    pub(super) create_views: Vec<Operation>,
    pub(super) create_triggers: Vec<Operation>,
    pub(super) comments: Vec<Operation>,
    pub(super) drop_namespaces: Vec<Operation>,
    /// What becomes of the constraints of each table.
    paired: BTreeMap<ObjectName, (Vec<TableChange>, Paired)>,
    /// Whether a foreign key needs what it points to when it is made.
    pub(super) checked_references: bool,
}

impl Parts {
    /// Sets a foreign key aside that rests on a key which goes.
    pub(super) fn set_aside(&mut self, table: &ObjectName, name: &str, before: &Constraint, after: &Constraint) {
        if !self.paired.contains_key(table) {
            self.alter(table, Vec::new(), Paired::default());
        }
        if let Some((_, paired)) = self.paired.get_mut(table) {
            if !paired.gone.iter().any(|(known, _)| known == name) {
                paired.gone.push((name.to_owned(), before.clone()));
                paired.come.push((name.to_owned(), after.clone()));
            }
        }
    }

    /// Returns the keys that go, with their tables.
    pub(super) fn gone_keys(&self) -> Vec<Object> {
        let constraints = self.paired.iter().flat_map(|(table, (_, paired))| {
            paired.gone.iter().map(move |(name, _)| Object::Constraint(table.clone(), name.clone()))
        });
        let indexes = self.drop_indexes.iter().filter_map(|operation| match operation {
            Operation::DropIndex { table, name, .. } => Some(Object::Index(table.clone(), name.clone())),
            _ => None,
        });
        constraints.chain(indexes).collect()
    }

    /// Notes what changes in a table.
    pub(super) fn alter(&mut self, table: &ObjectName, changes: Vec<TableChange>, paired: Paired) {
        let operation = Operation::AlterTable { table: table.clone(), changes: changes.clone() };
        self.alter_tables.push(operation);
        self.paired.insert(table.clone(), (changes, paired));
    }

    /// Returns the operations that may stand in a view's way.
    pub(super) fn all(&self) -> impl Iterator<Item = &Operation> {
        self.drop_tables.iter().chain(&self.replace_types).chain(&self.alter_tables)
    }

    /// Returns the operations in order.
    pub(super) fn ordered(mut self) -> Vec<Operation> {
        self.alter_tables.clear();
        let changed = self.changed_tables();
        let keyed = self.keyed_tables();
        for (table, (columns, paired)) in std::mem::take(&mut self.paired) {
            self.alter_one(&table, columns, paired, &changed);
        }
        self.order_tables(&keyed);
        let lists = [
            self.first,
            self.drop_triggers,
            self.drop_views,
            self.early,
            self.drop_indexes,
            self.rename_indexes,
            self.drop_tables,
            self.create_types,
            self.replace_types,
            self.create_tables,
            self.alter_tables,
            self.create_indexes,
            self.add_references,
            self.drop_types,
            self.create_views,
            self.create_triggers,
            self.comments,
            self.drop_namespaces,
        ];
        let mut operations: Vec<Operation> = lists.into_iter().flatten().collect();
        mark_used_labels(&mut operations);
        operations
    }

    /// Returns the tables of which a foreign key may need or lose something.
    fn changed_tables(&self) -> BTreeSet<ObjectName> {
        let tables = self.drop_tables.iter().chain(&self.create_tables).chain(&self.create_indexes);
        let named = tables.chain(&self.drop_indexes).filter_map(|operation| match operation {
            Operation::DropTable { name, .. } | Operation::CreateTable { name, .. } => Some(name.clone()),
            Operation::CreateIndex { table, .. } | Operation::DropIndex { table, .. } => Some(table.clone()),
            _ => None,
        });
        named.chain(self.paired.keys().cloned()).collect()
    }

    /// Returns whether a column is of an enum that gets other labels.
    pub(super) fn is_replaced(&self, column: &crate::schema::Column) -> bool {
        self.replace_types.iter().any(|operation| match operation {
            Operation::ReplaceEnum { name, .. } => column.ty.user_type() == Some(name),
            _ => false,
        })
    }

    /// Returns the tables that get or lose a key, which a table that comes or goes may point to.
    fn keyed_tables(&self) -> BTreeSet<ObjectName> {
        let is_key =
            |found: &Constraint| matches!(found.kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_));
        let keyed = self
            .paired
            .iter()
            .filter(|(_, (_, paired))| paired.come.iter().chain(&paired.gone).any(|(_, found)| is_key(found)));
        let indexed = self.create_indexes.iter().chain(&self.drop_indexes).filter_map(|operation| match operation {
            Operation::CreateIndex { table, index, .. } | Operation::DropIndex { table, index, .. } => {
                index.unique.then(|| table.clone())
            }
            _ => None,
        });
        keyed.map(|(name, _)| name.clone()).chain(indexed).collect()
    }

    fn alter_one(
        &mut self,
        table: &ObjectName,
        columns: Vec<TableChange>,
        paired: Paired,
        changed: &BTreeSet<ObjectName>,
    ) {
        let apart = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => {
                self.checked_references && changed.contains(&key.target) && key.target != *table
            }
            _ => false,
        };
        let drop = |(name, constraint): (String, Constraint)| {
            let constraint = Box::new(constraint);
            TableChange::DropConstraint { name, constraint }
        };
        let add = |(name, constraint): (String, Constraint)| {
            let constraint = Box::new(constraint);
            TableChange::AddConstraint { name, constraint }
        };
        let (mut defaults, mut columns) = (Vec::new(), columns);
        for change in &mut columns {
            let split = match change {
                TableChange::AlterColumn { before, .. } if self.is_replaced(&before.column) => without_default(change),
                _ => None,
            };
            if let Some((first, rest)) = split {
                defaults.push(first);
                *change = rest;
            }
        }
        columns.retain(|change| !matches!(change, TableChange::AlterColumn { before, after, .. } if before == after));
        // A foreign key rests on a key of its own table or of another: it goes first and comes last.
        let is_reference =
            |(_, constraint): &(String, Constraint)| matches!(constraint.kind, ConstraintKind::ForeignKey(_));
        let first = |found: &Constraint| apart(found) || paired.replaced.contains(found);
        let (early, mut gone): (Vec<_>, Vec<_>) = paired.gone.into_iter().partition(|(_, found)| first(found));
        let (late, mut come): (Vec<_>, Vec<_>) = paired.come.into_iter().partition(|(_, found)| apart(found));
        gone.sort_by_key(|found| !is_reference(found));
        come.sort_by_key(is_reference);
        let renames = paired.renamed.into_iter().map(|(from, to)| TableChange::RenameConstraint { from, to });
        let changes: Vec<TableChange> =
            renames.chain(gone.into_iter().map(drop)).chain(columns).chain(come.into_iter().map(add)).collect();
        for (changes, list) in [
            (early.into_iter().map(drop).chain(defaults).collect(), &mut self.early),
            (changes, &mut self.alter_tables),
            (late.into_iter().map(add).collect::<Vec<_>>(), &mut self.add_references),
        ] {
            if !changes.is_empty() {
                list.push(Operation::AlterTable { table: table.clone(), changes });
            }
        }
    }

    /// Orders the tables that come and go by what points to what; what points around in a circle is made after all of
    /// them, and goes before.
    fn order_tables(&mut self, keyed: &BTreeSet<ObjectName>) {
        let create = std::mem::take(&mut self.create_tables);
        let (tables, references) = acyclic(create, self.checked_references, keyed);
        self.create_tables = tables;
        self.add_references.extend(references);
        let drop: Vec<Operation> = std::mem::take(&mut self.drop_tables).iter().map(Operation::reverse).collect();
        let (tables, references) = acyclic(drop, self.checked_references, keyed);
        self.drop_tables = crate::op::reversed(&tables);
        self.early.extend(crate::op::reversed(&references));
    }
}

/// Splits a change of a column whose default changes into the default's going and the rest.
fn without_default(change: &TableChange) -> Option<(TableChange, TableChange)> {
    let TableChange::AlterColumn { before, after, using, backfill } = change else { return None };
    if before.column.default.is_none() || before.column.default == after.column.default {
        return None;
    }
    let mut middle = before.clone();
    middle.column.default = None;
    let first = TableChange::AlterColumn {
        before: before.clone(),
        after: middle.clone(),
        using: (None, None),
        backfill: (None, None),
    };
    let (after, using, backfill) = (after.clone(), using.clone(), backfill.clone());
    Some((first, TableChange::AlterColumn { before: middle, after, using, backfill }))
}

/// Orders tables that are made, and takes out the foreign keys that point to a later one, or to one of `keyed`.
fn acyclic(create: Vec<Operation>, checked: bool, keyed: &BTreeSet<ObjectName>) -> (Vec<Operation>, Vec<Operation>) {
    let mut by_name: BTreeMap<ObjectName, Operation> = BTreeMap::new();
    let mut needs = BTreeMap::new();
    for operation in create {
        if let Operation::CreateTable { name, table, .. } = &operation {
            needs.insert(name.clone(), needed(name, table));
            by_name.insert(name.clone(), operation);
        }
    }
    let (mut made, mut tables, mut late) = (BTreeSet::new(), Vec::new(), Vec::new());
    for name in sorted(needs) {
        let Some(mut operation) = by_name.remove(&name) else { continue };
        if let (Operation::CreateTable { table, .. }, true) = (&mut operation, checked) {
            let to_later = |constraint: &Constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    let later = by_name.contains_key(&key.target) && !made.contains(&key.target);
                    later || keyed.contains(&key.target)
                }
                _ => false,
            };
            let names: Vec<String> =
                table.constraints.iter().filter(|(_, found)| to_later(found)).map(|(key, _)| key.clone()).collect();
            let changes: Vec<TableChange> = names
                .into_iter()
                .filter_map(|name| table.constraints.remove(&name).map(|found| (name, Box::new(found))))
                .map(|(name, constraint)| TableChange::AddConstraint { name, constraint })
                .collect();
            if !changes.is_empty() {
                late.push(Operation::AlterTable { table: name.clone(), changes });
            }
        }
        made.insert(name);
        tables.push(operation);
    }
    (tables, late)
}

fn needed(name: &ObjectName, table: &Table) -> BTreeSet<ObjectName> {
    let references = table.constraints.values().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key.target.clone()),
        _ => None,
    });
    let parents = table.inherits.iter().cloned().chain(table.partition.iter().map(|found| found.parent.clone()));
    references.chain(parents).filter(|needed| needed != name).collect()
}

/// Returns names so that each follows those that it needs, the first by name where several can; where they need each
/// other in a circle, the one that waits for the fewest.
pub(super) fn sorted(mut needs: BTreeMap<ObjectName, BTreeSet<ObjectName>>) -> Vec<ObjectName> {
    let mut order = Vec::new();
    while !needs.is_empty() {
        let open = |needed: &BTreeSet<ObjectName>| needed.iter().filter(|name| needs.contains_key(*name)).count();
        let next = needs.iter().min_by_key(|(name, needed)| (open(needed), (*name).clone()));
        let Some(next) = next.map(|(name, _)| name.clone()) else { break };
        needs.remove(&next);
        order.push(next);
    }
    order
}

/// Marks the labels that are added and that a later operation writes.
fn mark_used_labels(operations: &mut [Operation]) {
    let texts: Vec<String> = operations.iter().map(texts).collect();
    for (n, operation) in operations.iter_mut().enumerate() {
        if let Operation::AddLabel { label, used, .. } = operation {
            let literal = crate::schema::Expression::new(format!("'{}'", label.replace('\'', "''"))).text;
            *used = texts[n + 1..].iter().any(|text| text.contains(&literal));
        }
    }
}

/// Returns the SQL that an operation has in it.
fn texts(operation: &Operation) -> String {
    let mut schema = Schema::default();
    let mut table = Table::default();
    let mut text = String::new();
    match operation {
        Operation::CreateTable { table: found, .. } => table = (**found).clone(),
        Operation::CreateIndex { name, index, .. } => {
            table.indexes.insert(name.clone(), (**index).clone());
        }
        Operation::CreateView { name, view } => {
            schema.views.insert(name.clone(), (**view).clone());
        }
        Operation::AlterTable { changes, .. } => {
            for change in changes {
                match change {
                    TableChange::AddColumn { column, backfill } => {
                        table.columns.push(column.column.clone());
                        text += backfill.as_deref().unwrap_or_default();
                    }
                    TableChange::AlterColumn { after, using, backfill, .. } => {
                        table.columns.push(after.column.clone());
                        text += using.0.as_deref().unwrap_or_default();
                        text += backfill.0.as_deref().unwrap_or_default();
                    }
                    TableChange::AddConstraint { name, constraint } => {
                        table.constraints.insert(name.clone(), (**constraint).clone());
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    schema.tables.insert(ObjectName::default(), table);
    schema.each_expression(&mut |expression| {
        text += " ";
        text += &expression.text;
    });
    text
}
