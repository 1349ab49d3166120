//! Renames and moves: every mention of a name follows, the names that were made up from it stay.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Column, ConstraintKind, Expression, Index, KeyPart, ObjectName, References, Schema, Table, TypeBase, UserTypeKind,
};

/// Rewrites the text of an expression when a name in it changes: the text, the old word, the new word.
pub type Rewrite<'r> = &'r dyn Fn(&Expression, &str, &str) -> String;

impl Schema {
    /// Gives a table, view, sequence or composite type another name or namespace; the name must be free.
    pub fn rename_relation(&mut self, from: &ObjectName, to: &ObjectName, rewrite: Rewrite<'_>) {
        move_key(&mut self.tables, from, to);
        move_key(&mut self.views, from, to);
        move_key(&mut self.sequences, from, to);
        move_key(&mut self.types, from, to);
        for table in self.tables.values_mut() {
            follow_table(table, from, to);
        }
        for sequence in self.sequences.values_mut() {
            if let Some(owner) = sequence.owner.as_mut().filter(|owner| owner.table == *from) {
                owner.table = to.clone();
            }
        }
        self.rename_type_uses(from, to);
        let others = std::mem::take(&mut self.others);
        self.others = others
            .into_iter()
            .map(|(mut id, other)| {
                if id.parent.as_ref() == Some(from) {
                    id.parent = Some(to.clone());
                }
                (id, other)
            })
            .collect();
        self.each_expression(&mut |expression| {
            let mentions = follow_relation(&mut expression.references, from, to);
            if mentions && from.name != to.name {
                expression.text = rewrite(expression, &from.name, &to.name);
            }
        });
    }

    /// Gives a type another name or namespace; the name must be free.
    pub fn rename_type(&mut self, from: &ObjectName, to: &ObjectName, rewrite: Rewrite<'_>) {
        move_key(&mut self.types, from, to);
        self.rename_type_uses(from, to);
        self.each_expression(&mut |expression| {
            if replace(&mut expression.references.types, from, to) && from.name != to.name {
                expression.text = rewrite(expression, &from.name, &to.name);
            }
        });
    }

    /// Gives the routines of a name another one; the name must be free.
    pub fn rename_routine_uses(&mut self, from: &ObjectName, to: &ObjectName, rewrite: Rewrite<'_>) {
        let tables = self.tables.values_mut().map(|table| &mut table.triggers);
        let views = self.views.values_mut().map(|view| &mut view.triggers);
        for trigger in tables.chain(views).flat_map(BTreeMap::values_mut) {
            if trigger.function.as_ref() == Some(from) {
                trigger.function = Some(to.clone());
            }
        }
        self.each_expression(&mut |expression| {
            if replace(&mut expression.references.routines, from, to) && from.name != to.name {
                expression.text = rewrite(expression, &from.name, &to.name);
            }
        });
    }

    /// Gives a column another name; the name must be free.
    pub fn rename_column(&mut self, table: &ObjectName, from: &str, to: &str, rewrite: Rewrite<'_>) {
        if let Some(own) = self.tables.get_mut(table) {
            rename_in_table(own, from, to, rewrite);
        }
        for other in self.tables.values_mut() {
            for constraint in other.constraints.values_mut() {
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                    if key.target == *table {
                        rename_in(&mut key.target_columns, from, to);
                    }
                }
            }
        }
        for sequence in self.sequences.values_mut() {
            if let Some(owner) = sequence.owner.as_mut().filter(|o| o.table == *table && o.column == from) {
                to.clone_into(&mut owner.column);
            }
        }
        for (_, other) in self.others.iter_mut().filter(|(id, _)| id.parent.as_ref() == Some(table)) {
            rename_own(&mut other.definition, from, to, rewrite);
        }
        let (old, new) = ((table.clone(), from.to_owned()), (table.clone(), to.to_owned()));
        self.each_expression(&mut |expression| {
            if expression.references.relations.remove(&old) {
                expression.references.relations.insert(new.clone());
                expression.text = rewrite(expression, from, to);
            }
        });
    }

    fn rename_type_uses(&mut self, from: &ObjectName, to: &ObjectName) {
        let follow = |column: &mut Column| {
            if let TypeBase::User(name) = &mut column.ty.base {
                if name == from {
                    *name = to.clone();
                }
            }
        };
        self.tables.values_mut().flat_map(|table| &mut table.columns).for_each(follow);
        self.views.values_mut().flat_map(|view| &mut view.columns).for_each(follow);
        for found in self.types.values_mut() {
            match &mut found.kind {
                UserTypeKind::Composite { attributes } => attributes.iter_mut().for_each(follow),
                UserTypeKind::Domain(domain) => {
                    if let TypeBase::User(name) = &mut domain.base.base {
                        if name == from {
                            *name = to.clone();
                        }
                    }
                }
                UserTypeKind::Enum(_) | UserTypeKind::Range { .. } => {}
            }
        }
        for routine in self.routines.values_mut() {
            replace(&mut routine.references.types, from, to);
        }
    }

    /// Calls with every expression of the schema.
    pub fn each_expression(&mut self, call: &mut dyn FnMut(&mut Expression)) {
        for table in self.tables.values_mut() {
            each_of_table(table, call);
        }
        for view in self.views.values_mut() {
            call(&mut view.query);
            view.indexes.values_mut().for_each(|index| each_of_index(index, call));
            view.triggers.values_mut().for_each(|trigger| call(&mut trigger.definition));
        }
        for found in self.types.values_mut() {
            if let UserTypeKind::Domain(domain) = &mut found.kind {
                domain.default.iter_mut().for_each(&mut *call);
                domain.checks.values_mut().for_each(|(check, _)| call(check));
            }
        }
        self.routines.values_mut().filter_map(|routine| routine.sql_body.as_mut()).for_each(&mut *call);
        self.others.values_mut().for_each(|other| call(&mut other.definition));
    }
}

fn move_key<V>(map: &mut BTreeMap<ObjectName, V>, from: &ObjectName, to: &ObjectName) {
    if let Some(value) = map.remove(from) {
        map.insert(to.clone(), value);
    }
}

fn follow_table(table: &mut Table, from: &ObjectName, to: &ObjectName) {
    for constraint in table.constraints.values_mut() {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
            if key.target == *from {
                key.target = to.clone();
            }
        }
    }
    for parent in table.inherits.iter_mut().chain(table.partition.as_mut().map(|partition| &mut partition.parent)) {
        if parent == from {
            *parent = to.clone();
        }
    }
    for column in &mut table.columns {
        if let Some(identity) = column.identity.as_mut().filter(|identity| identity.sequence == *from) {
            identity.sequence = to.clone();
        }
    }
}

/// Renames a relation among references; returns whether it was there.
fn follow_relation(references: &mut References, from: &ObjectName, to: &ObjectName) -> bool {
    let found: Vec<_> = references.relations.iter().filter(|(relation, _)| relation == from).cloned().collect();
    for (relation, column) in &found {
        references.relations.remove(&(relation.clone(), column.clone()));
        references.relations.insert((to.clone(), column.clone()));
    }
    let types = replace(&mut references.types, from, to);
    let sequences = replace(&mut references.sequences, from, to);
    !found.is_empty() || types || sequences
}

fn replace<T: Ord + Clone>(set: &mut BTreeSet<T>, from: &T, to: &T) -> bool {
    let found = set.remove(from);
    if found {
        set.insert(to.clone());
    }
    found
}

fn rename_in(names: &mut [String], from: &str, to: &str) {
    names.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
}

fn rename_own(expression: &mut Expression, from: &str, to: &str, rewrite: Rewrite<'_>) {
    if expression.references.columns.remove(from) {
        expression.references.columns.insert(to.to_owned());
        expression.text = rewrite(expression, from, to);
    }
}

fn rename_in_table(table: &mut Table, from: &str, to: &str, rewrite: Rewrite<'_>) {
    if let Some(column) = table.column_mut(from) {
        to.clone_into(&mut column.name);
    }
    for constraint in table.constraints.values_mut() {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                rename_in(&mut key.columns, from, to);
                rename_in(&mut key.include, from, to);
            }
            ConstraintKind::ForeignKey(key) => {
                rename_in(&mut key.columns, from, to);
                rename_in(&mut key.set_columns, from, to);
            }
            ConstraintKind::Exclusion { index, .. } => rename_in_index(index, from, to),
            ConstraintKind::Check { .. } => {}
        }
    }
    table.indexes.values_mut().for_each(|index| rename_in_index(index, from, to));
    table.triggers.values_mut().for_each(|trigger| rename_in(&mut trigger.columns, from, to));
    each_of_table(table, &mut |expression| rename_own(expression, from, to, rewrite));
}

fn rename_in_index(index: &mut Index, from: &str, to: &str) {
    for key in &mut index.keys {
        if let KeyPart::Column(name) = &mut key.part {
            if name == from {
                to.clone_into(name);
            }
        }
    }
    rename_in(&mut index.include, from, to);
}

fn each_of_table(table: &mut Table, call: &mut dyn FnMut(&mut Expression)) {
    for column in &mut table.columns {
        column.default.iter_mut().for_each(&mut *call);
        column.generated.iter_mut().for_each(|generated| call(&mut generated.expression));
    }
    for constraint in table.constraints.values_mut() {
        match &mut constraint.kind {
            ConstraintKind::Check { expression, .. } => call(expression),
            ConstraintKind::Exclusion { index, .. } => each_of_index(index, call),
            _ => {}
        }
    }
    table.indexes.values_mut().for_each(|index| each_of_index(index, call));
    table.triggers.values_mut().for_each(|trigger| call(&mut trigger.definition));
}

fn each_of_index(index: &mut Index, call: &mut dyn FnMut(&mut Expression)) {
    for key in &mut index.keys {
        if let KeyPart::Expression(expression) = &mut key.part {
            call(expression);
        }
    }
    index.predicate.iter_mut().for_each(call);
}
