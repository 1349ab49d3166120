//! Drops with what goes along and what stands in the way.

use std::collections::BTreeSet;

use super::dependency::{Link, Object};
use super::{Schema, UserTypeKind};

/// What happens to objects that use those which are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// They stand in the way.
    Restrict,
    /// They are dropped too.
    Cascade,
}

impl Schema {
    /// Drops objects together with their parts.
    ///
    /// # Errors
    ///
    /// With [`Behaviour::Restrict`], the objects that use one of them and are not among them: the object that is used,
    /// and the one that uses it. The schema is as it was.
    pub fn drop_objects(&mut self, objects: &[Object], behaviour: Behaviour) -> Result<(), Vec<(Object, Object)>> {
        let parts = self.with_parts(objects);
        let mut all = parts.clone();
        let mut blocking = Vec::new();
        loop {
            let mut grown = BTreeSet::new();
            for object in &all {
                for (dependent, link) in self.dependents(object) {
                    if !all.contains(&dependent) && !is_inside(&dependent, &all) {
                        if link == Link::Uses {
                            blocking.push((object.clone(), dependent.clone()));
                        }
                        grown.insert(dependent);
                    }
                }
            }
            if grown.is_empty() {
                break;
            }
            all.extend(grown);
        }
        if behaviour == Behaviour::Restrict && all.len() > parts.len() {
            let mut told = BTreeSet::new();
            blocking.retain(|(object, dependent)| {
                parts.contains(object) && !parts.contains(dependent) && told.insert(dependent.clone())
            });
            return Err(blocking);
        }
        for object in &all {
            self.remove(object);
        }
        Ok(())
    }

    /// Returns the objects with everything that goes along silently.
    fn with_parts(&self, objects: &[Object]) -> BTreeSet<Object> {
        let mut found: BTreeSet<Object> = objects.iter().cloned().collect();
        let mut open: Vec<Object> = objects.to_vec();
        while let Some(object) = open.pop() {
            for (dependent, link) in self.dependents(&object) {
                if link == Link::Part && found.insert(dependent.clone()) {
                    open.push(dependent);
                }
            }
        }
        found
    }

    /// Removes one object and nothing else.
    fn remove(&mut self, object: &Object) {
        match object {
            Object::Namespace(name) => {
                self.namespaces.remove(name);
            }
            Object::Table(name) => {
                self.tables.remove(name);
            }
            Object::Column(table, name) => {
                if let Some(found) = self.tables.get_mut(table) {
                    found.columns.retain(|column| column.name != *name);
                }
            }
            Object::Default(table, name) => {
                if let Some(column) = self.tables.get_mut(table).and_then(|table| table.column_mut(name)) {
                    column.default = None;
                }
            }
            Object::Constraint(table, name) => {
                if let Some(found) = self.tables.get_mut(table) {
                    found.constraints.remove(name);
                }
            }
            Object::Index(table, name) => {
                if let Some(found) = self.tables.get_mut(table) {
                    found.indexes.remove(name);
                } else if let Some(found) = self.views.get_mut(table) {
                    found.indexes.remove(name);
                }
            }
            Object::Trigger(table, name) => {
                if let Some(found) = self.tables.get_mut(table) {
                    found.triggers.remove(name);
                } else if let Some(found) = self.views.get_mut(table) {
                    found.triggers.remove(name);
                }
            }
            Object::View(name) => {
                self.views.remove(name);
            }
            Object::Sequence(name) => {
                self.sequences.remove(name);
            }
            Object::Type(name) => {
                self.types.remove(name);
            }
            Object::DomainCheck(name, check) => {
                if let Some(UserTypeKind::Domain(domain)) = self.types.get_mut(name).map(|found| &mut found.kind) {
                    domain.checks.remove(check);
                }
            }
            Object::Routine(id) => {
                self.routines.remove(id);
            }
            Object::Other(id) => {
                self.others.remove(id);
            }
        }
    }
}

/// Returns whether an object is a piece of one that goes: a column's default, whatever a table has.
fn is_inside(object: &Object, set: &BTreeSet<Object>) -> bool {
    match object {
        Object::Default(table, column) => {
            set.contains(&Object::Column(table.clone(), column.clone())) || set.contains(&Object::Table(table.clone()))
        }
        Object::Column(table, _)
        | Object::Constraint(table, _)
        | Object::Index(table, _)
        | Object::Trigger(table, _) => {
            set.contains(&Object::Table(table.clone())) || set.contains(&Object::View(table.clone()))
        }
        Object::DomainCheck(name, _) => set.contains(&Object::Type(name.clone())),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Column, ColumnType, Constraint, ConstraintKind, Expression, ForeignKey, Key, ObjectName, ReferentialAction,
        Table, View,
    };
    use super::*;

    fn name(text: &str) -> ObjectName {
        ObjectName::new("public", text)
    }

    /// Tables p(a primary key, b) and c(a references p), a view v that reads p.b and a view w that reads v.
    fn schema() -> Schema {
        let mut schema = Schema::default();
        let table = |columns: &[&str]| Table {
            columns: columns.iter().map(|c| Column::new(*c, ColumnType::builtin("integer"))).collect(),
            ..Table::default()
        };
        let mut parent = table(&["a", "b"]);
        let key = Constraint::new(ConstraintKind::PrimaryKey(Key::new(vec!["a".into()])));
        parent.constraints.insert("p_pkey".into(), key);
        let mut child = table(&["a"]);
        let key = ForeignKey {
            columns: vec!["a".into()],
            target: name("p"),
            target_columns: vec!["a".into()],
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::NoAction,
            set_columns: Vec::new(),
            match_full: false,
            period: false,
        };
        child.constraints.insert("c_a_fkey".into(), Constraint::new(ConstraintKind::ForeignKey(key)));
        schema.tables.insert(name("p"), parent);
        schema.tables.insert(name("c"), child);
        for (view, table, column) in [("v", "p", "b"), ("w", "v", "b")] {
            let mut query = Expression::new("select");
            query.references.relations.insert((name(table), column.to_owned()));
            schema.views.insert(name(view), View { query, ..View::default() });
        }
        schema
    }

    fn check(object: Object, behaviour: Behaviour, expect: &str) {
        let mut schema = schema();
        let before = schema.clone();
        let found = match schema.drop_objects(&[object], behaviour) {
            Err(blocking) => {
                assert_eq!(schema, before, "unchanged when refused");
                blocking.iter().map(|(_, dependent)| format!("! {dependent}")).collect::<Vec<_>>().join(", ")
            }
            Ok(()) => {
                let tables = schema.tables.iter().map(|(name, table)| {
                    let columns: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
                    let constraints: Vec<_> = table.constraints.keys().map(String::as_str).collect();
                    format!("{}({})[{}]", name.name, columns.join(" "), constraints.join(" "))
                });
                tables.chain(schema.views.keys().map(|name| name.name.clone())).collect::<Vec<_>>().join(" ")
            }
        };
        assert_eq!(found, expect);
    }

    #[test]
    fn drops_cascade_as_a_server_does() {
        use Behaviour::{Cascade, Restrict};
        check(Object::Table(name("c")), Restrict, "p(a b)[p_pkey] v w");
        check(Object::Table(name("p")), Restrict, "! constraint c_a_fkey on table public.c, ! view public.v");
        check(Object::Table(name("p")), Cascade, "c(a)[]");
        check(Object::Column(name("p"), "b".into()), Restrict, "! view public.v");
        check(Object::Column(name("p"), "b".into()), Cascade, "c(a)[c_a_fkey] p(a)[p_pkey]");
        check(Object::Column(name("p"), "a".into()), Restrict, "! constraint c_a_fkey on table public.c");
        check(Object::Column(name("p"), "a".into()), Cascade, "c(a)[] p(b)[] v w");
        check(Object::Column(name("c"), "a".into()), Restrict, "c()[] p(a b)[p_pkey] v w");
        check(Object::Constraint(name("p"), "p_pkey".into()), Restrict, "! constraint c_a_fkey on table public.c");
        check(Object::View(name("v")), Restrict, "! view public.w");
        check(Object::View(name("v")), Cascade, "c(a)[c_a_fkey] p(a b)[p_pkey]");
    }
}
