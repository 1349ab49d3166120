//! Which statement made an object: asked only where there is something to tell, so the revisions are folded once more.

use super::{Folding, Project};
use crate::diagnostic::Location;
use crate::schema::{Column, Constraint, Index, Object, Schema, UserType};
use crate::sql::Syntax;

impl Project {
    /// Returns for each object where the statement begins that last changed it on the way up; `None` for what no
    /// revision made. A table is made by what creates or renames it, not by what changes its columns.
    pub fn provenance(&self, syntax: &'static Syntax, objects: &[Object]) -> Vec<Option<Location>> {
        let mut found: Vec<(State, Option<Location>)> = objects.iter().map(|_| (State::Absent, None)).collect();
        if objects.is_empty() {
            return Vec::new();
        }
        let mut folding = Folding::new(self, syntax, None);
        for node in 0..self.graph().nodes().len() {
            folding.upgrade_watched(node, &mut |schema, at| {
                for (object, (state, place)) in objects.iter().zip(&mut found) {
                    if state.is(schema, object) {
                        continue;
                    }
                    *state = State::of(schema, object);
                    *place = Some(at());
                }
            });
        }
        found.into_iter().map(|(_, place)| place).collect()
    }
}

/// What an object was after a statement.
enum State {
    Absent,
    Present,
    Column(Box<Column>),
    Constraint(Box<Constraint>),
    Index(Box<Index>),
    Type(Box<UserType>),
}

impl State {
    fn of(schema: &Schema, object: &Object) -> Self {
        let found = match object {
            Object::Column(table, name) => {
                let column = schema.tables.get(table).and_then(|table| table.column(name));
                column.map(|column| Self::Column(Box::new(column.clone())))
            }
            Object::Constraint(table, name) => {
                let constraint = schema.tables.get(table).and_then(|table| table.constraints.get(name));
                constraint.map(|constraint| Self::Constraint(Box::new(constraint.clone())))
            }
            Object::Index(table, name) => {
                let index = schema.tables.get(table).and_then(|table| table.indexes.get(name));
                index.map(|index| Self::Index(Box::new(index.clone())))
            }
            Object::Type(name) => schema.types.get(name).map(|found| Self::Type(Box::new(found.clone()))),
            Object::Namespace(name) => schema.namespaces.contains_key(name).then_some(Self::Present),
            Object::Table(name) => schema.tables.contains_key(name).then_some(Self::Present),
            Object::View(name) => schema.views.contains_key(name).then_some(Self::Present),
            _ => None,
        };
        found.unwrap_or(Self::Absent)
    }

    /// Returns whether an object is still as it was, without copying it.
    fn is(&self, schema: &Schema, object: &Object) -> bool {
        match (self, object) {
            (Self::Column(was), Object::Column(table, name)) => {
                schema.tables.get(table).and_then(|table| table.column(name)) == Some(&**was)
            }
            (Self::Constraint(was), Object::Constraint(table, name)) => {
                schema.tables.get(table).and_then(|table| table.constraints.get(name)) == Some(&**was)
            }
            (Self::Index(was), Object::Index(table, name)) => {
                schema.tables.get(table).and_then(|table| table.indexes.get(name)) == Some(&**was)
            }
            (Self::Type(was), Object::Type(name)) => schema.types.get(name) == Some(&**was),
            (Self::Present, _) => matches!(Self::of(schema, object), Self::Present),
            (Self::Absent, _) => matches!(Self::of(schema, object), Self::Absent),
            _ => false,
        }
    }
}
