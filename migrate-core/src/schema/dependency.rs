//! What depends on what: from an object to those that cannot be without it.
//!
//! The links are derived from the model each time they are asked for; there is no second truth to keep.

use super::{
    ConstraintKind, Expression, ForeignKey, Index, KeyPart, ObjectName, OtherId, OtherKind, RoutineId, Schema, Table,
    UserTypeKind,
};

/// An object that can be dropped, or that goes with another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A namespace.
    Namespace(String),
    /// A table.
    Table(ObjectName),
    /// A column of a table.
    Column(ObjectName, String),
    /// The default of a column.
    Default(ObjectName, String),
    /// A constraint of a table.
    Constraint(ObjectName, String),
    /// An index of a table or materialized view.
    Index(ObjectName, String),
    /// A trigger of a table or view.
    Trigger(ObjectName, String),
    /// A view or materialized view.
    View(ObjectName),
    /// A sequence.
    Sequence(ObjectName),
    /// A type.
    Type(ObjectName),
    /// A check of a domain.
    DomainCheck(ObjectName, String),
    /// A function, procedure or aggregate.
    Routine(RoutineId),
    /// Anything else.
    Other(OtherId),
}

/// How an object depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It goes along silently.
    Part,
    /// It blocks, unless everything that depends goes too (`CASCADE`).
    Uses,
}

impl std::fmt::Display for Object {
    /// Writes the object as a server's message names it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "schema {name}"),
            Self::Table(name) => write!(f, "table {name}"),
            Self::Column(table, name) => write!(f, "column {name} of table {table}"),
            Self::Default(table, name) => write!(f, "default value for column {name} of table {table}"),
            Self::Constraint(table, name) => write!(f, "constraint {name} on table {table}"),
            Self::Index(_, name) => write!(f, "index {name}"),
            Self::Trigger(table, name) => write!(f, "trigger {name} on {table}"),
            Self::View(name) => write!(f, "view {name}"),
            Self::Sequence(name) => write!(f, "sequence {name}"),
            Self::Type(name) => write!(f, "type {name}"),
            Self::DomainCheck(name, check) => write!(f, "constraint {check} of domain {name}"),
            Self::Routine(id) => write!(f, "function {}({})", id.name, id.arguments),
            Self::Other(id) => write!(f, "{} {}", format!("{:?}", id.kind).to_lowercase(), id.name),
        }
    }
}

/// Collects links.
type Links = Vec<(Object, Link)>;

impl Schema {
    /// Returns what depends on an object directly.
    pub fn dependents(&self, object: &Object) -> Vec<(Object, Link)> {
        let mut links = Links::new();
        match object {
            Object::Namespace(name) => self.members(name, &mut links),
            Object::Table(name) => self.on_table(name, &mut links),
            Object::Column(table, column) => self.on_column(table, column, &mut links),
            Object::Constraint(table, name) => self.on_key(table, name, &mut links),
            Object::Index(table, name) => self.on_unique_index(table, name, &mut links),
            Object::View(name) => {
                self.expressions(&|e| uses_relation(e, name), &mut links);
                self.on_type(name, &mut links);
            }
            Object::Sequence(name) => {
                self.expressions(&|e| e.references.sequences.contains(name), &mut links);
            }
            Object::Type(name) => self.on_type(name, &mut links),
            Object::Routine(id) => self.on_routine(&id.name, &mut links),
            Object::Default(..) | Object::Trigger(..) | Object::DomainCheck(..) | Object::Other(_) => {}
        }
        links.retain(|(dependent, _)| dependent != object);
        links
    }

    fn members(&self, schema: &str, links: &mut Links) {
        let mut add = |object: Object| links.push((object, Link::Uses));
        let inside = |name: &&ObjectName| name.schema == schema;
        self.tables.keys().filter(inside).for_each(|name| add(Object::Table(name.clone())));
        self.views.keys().filter(inside).for_each(|name| add(Object::View(name.clone())));
        self.sequences.keys().filter(inside).for_each(|name| add(Object::Sequence(name.clone())));
        self.types.keys().filter(inside).for_each(|name| add(Object::Type(name.clone())));
        self.routines.keys().filter(|id| id.name.schema == schema).for_each(|id| add(Object::Routine(id.clone())));
        self.others
            .keys()
            .filter(|id| id.name.schema == schema && id.parent.is_none())
            .for_each(|id| add(Object::Other(id.clone())));
    }

    fn on_table(&self, name: &ObjectName, links: &mut Links) {
        for (sequence, found) in &self.sequences {
            if found.owner.as_ref().is_some_and(|owner| owner.table == *name) {
                links.push((Object::Sequence(sequence.clone()), Link::Part));
            }
        }
        for (other, table) in &self.tables {
            if table.partition.as_ref().is_some_and(|partition| partition.parent == *name) {
                links.push((Object::Table(other.clone()), Link::Part));
            }
            if table.inherits.contains(name) {
                links.push((Object::Table(other.clone()), Link::Uses));
            }
            for (constraint, key) in foreign_keys(table) {
                if key.target == *name && other != name {
                    links.push((Object::Constraint(other.clone(), constraint.to_owned()), Link::Uses));
                }
            }
        }
        self.expressions(&|e| uses_relation(e, name), links);
        links.retain(|(object, _)| !is_of_table(object, name));
        for id in self.others.keys().filter(|id| id.parent.as_ref() == Some(name)) {
            links.push((Object::Other(id.clone()), Link::Part));
        }
        self.on_type(name, links);
    }

    fn on_column(&self, table: &ObjectName, column: &str, links: &mut Links) {
        let Some(own) = self.tables.get(table) else { return };
        for (name, constraint) in &own.constraints {
            let is_part = match &constraint.kind {
                ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                    key.columns.iter().chain(&key.include).any(|c| c == column)
                }
                ConstraintKind::Exclusion { index, .. } => index_uses(index, column),
                ConstraintKind::Check { expression, .. } => expression.references.columns.contains(column),
                ConstraintKind::ForeignKey(key) => {
                    let points_here = key.target == *table && key.target_columns.iter().any(|c| c == column);
                    points_here || key.columns.iter().any(|c| c == column)
                }
            };
            if is_part {
                links.push((Object::Constraint(table.clone(), name.clone()), Link::Part));
            }
        }
        for (name, _) in own.indexes.iter().filter(|(_, index)| index_uses(index, column)) {
            links.push((Object::Index(table.clone(), name.clone()), Link::Part));
        }
        for other in own.columns.iter().filter(|c| c.name != column) {
            if other.generated.as_ref().is_some_and(|g| g.expression.references.columns.contains(column)) {
                links.push((Object::Column(table.clone(), other.name.clone()), Link::Uses));
            }
        }
        for (name, trigger) in &own.triggers {
            let watches = trigger.columns.iter().any(|c| c == column);
            if watches || trigger.definition.references.columns.contains(column) {
                links.push((Object::Trigger(table.clone(), name.clone()), Link::Uses));
            }
        }
        self.on_column_elsewhere(table, column, links);
    }

    fn on_column_elsewhere(&self, table: &ObjectName, column: &str, links: &mut Links) {
        for (sequence, found) in &self.sequences {
            if found.owner.as_ref().is_some_and(|owner| owner.table == *table && owner.column == column) {
                links.push((Object::Sequence(sequence.clone()), Link::Part));
            }
        }
        for (other, found) in self.tables.iter().filter(|(name, _)| *name != table) {
            for (name, key) in foreign_keys(found) {
                if key.target == *table && key.target_columns.iter().any(|c| c == column) {
                    links.push((Object::Constraint(other.clone(), name.to_owned()), Link::Uses));
                }
            }
        }
        for (id, other) in self.others.iter().filter(|(id, _)| id.parent.as_ref() == Some(table)) {
            if other.definition.references.columns.contains(column) {
                let link = if id.kind == OtherKind::Statistics { Link::Part } else { Link::Uses };
                links.push((Object::Other(id.clone()), link));
            }
        }
        let used = (table.clone(), column.to_owned());
        self.expressions(&|e| e.references.relations.contains(&used), links);
    }

    /// Foreign keys need the key that they point to.
    fn on_key(&self, table: &ObjectName, name: &str, links: &mut Links) {
        let Some(own) = self.tables.get(table) else { return };
        let key = own.constraints.get(name).and_then(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some(&key.columns),
            _ => None,
        });
        if let Some(columns) = key {
            if self.supports(own, columns) == Some(name) {
                self.pointing_at(table, columns, links);
            }
        }
    }

    fn on_unique_index(&self, table: &ObjectName, name: &str, links: &mut Links) {
        let Some(own) = self.tables.get(table) else { return };
        let Some(index) = own.indexes.get(name).filter(|index| index.unique && index.predicate.is_none()) else {
            return;
        };
        if let Some(columns) = index.columns().filter(|columns| self.supports(own, columns).is_none()) {
            self.pointing_at(table, &columns, links);
        }
    }

    /// Returns the constraint that foreign keys to these columns rest on, the primary key first.
    fn supports<'t>(&self, table: &'t Table, columns: &[String]) -> Option<&'t str> {
        let wanted = sorted(columns);
        let mut fits = table.constraints.iter().filter_map(|(name, constraint)| match &constraint.kind {
            ConstraintKind::PrimaryKey(key) if sorted(&key.columns) == wanted => Some((0, name.as_str())),
            ConstraintKind::Unique(key) if sorted(&key.columns) == wanted => Some((1, name.as_str())),
            _ => None,
        });
        let first = fits.next()?;
        Some(fits.fold(first, std::cmp::Ord::min).1)
    }

    fn pointing_at(&self, table: &ObjectName, columns: &[String], links: &mut Links) {
        for (other, found) in &self.tables {
            for (name, key) in foreign_keys(found) {
                if key.target == *table && sorted(&key.target_columns) == sorted(columns) {
                    links.push((Object::Constraint(other.clone(), name.to_owned()), Link::Uses));
                }
            }
        }
    }

    fn on_type(&self, name: &ObjectName, links: &mut Links) {
        for (table, found) in &self.tables {
            for column in found.columns.iter().filter(|column| column.ty.user_type() == Some(name)) {
                links.push((Object::Column(table.clone(), column.name.clone()), Link::Uses));
            }
        }
        for (other, found) in &self.types {
            let uses = match &found.kind {
                UserTypeKind::Domain(domain) => domain.base.user_type() == Some(name),
                UserTypeKind::Composite { attributes } => attributes.iter().any(|a| a.ty.user_type() == Some(name)),
                UserTypeKind::Enum(_) | UserTypeKind::Range { .. } => false,
            };
            if uses {
                links.push((Object::Type(other.clone()), Link::Uses));
            }
        }
        for (id, routine) in &self.routines {
            if routine.references.types.contains(name) {
                links.push((Object::Routine(id.clone()), Link::Uses));
            }
        }
        for (view, found) in &self.views {
            if found.columns.iter().any(|column| column.ty.user_type() == Some(name)) {
                links.push((Object::View(view.clone()), Link::Uses));
            }
        }
        self.expressions(&|e| e.references.types.contains(name), links);
    }

    fn on_routine(&self, name: &ObjectName, links: &mut Links) {
        self.expressions(&|e| e.references.routines.contains(name), links);
        let triggers =
            self.tables.iter().map(|(n, t)| (n, &t.triggers)).chain(self.views.iter().map(|(n, v)| (n, &v.triggers)));
        for (table, triggers) in triggers {
            for (trigger, found) in triggers {
                if found.function.as_ref() == Some(name) {
                    links.push((Object::Trigger(table.clone(), trigger.clone()), Link::Uses));
                }
            }
        }
    }

    /// Adds the objects whose expressions count.
    fn expressions(&self, counts: &dyn Fn(&Expression) -> bool, links: &mut Links) {
        // Few count: an owner is named when its expression does.
        let mut ask = |owner: &dyn Fn() -> Object, expression: &Expression| {
            if counts(expression) {
                links.push((owner(), Link::Uses));
            }
        };
        for (name, table) in &self.tables {
            for_each_of_table(name, table, &mut ask);
        }
        for (name, view) in &self.views {
            ask(&|| Object::View(name.clone()), &view.query);
            for (index, found) in &view.indexes {
                for_each_of_index(found, &mut |e| ask(&|| Object::Index(name.clone(), index.clone()), e));
            }
        }
        for (name, found) in &self.types {
            if let UserTypeKind::Domain(domain) = &found.kind {
                domain.default.iter().for_each(|e| ask(&|| Object::Type(name.clone()), e));
                domain
                    .checks
                    .iter()
                    .for_each(|(check, (e, _))| ask(&|| Object::DomainCheck(name.clone(), check.clone()), e));
            }
        }
        for (id, routine) in &self.routines {
            routine.sql_body.iter().for_each(|e| ask(&|| Object::Routine(id.clone()), e));
        }
        for (id, other) in &self.others {
            ask(&|| Object::Other(id.clone()), &other.definition);
        }
    }
}

/// Is given an expression, and how to name the object that goes with it.
type Ask<'a> = &'a mut dyn FnMut(&dyn Fn() -> Object, &Expression);

fn for_each_of_table(name: &ObjectName, table: &Table, ask: Ask<'_>) {
    for column in &table.columns {
        if let Some(default) = &column.default {
            ask(&|| Object::Default(name.clone(), column.name.clone()), default);
        }
        if let Some(generated) = &column.generated {
            ask(&|| Object::Column(name.clone(), column.name.clone()), &generated.expression);
        }
    }
    for (constraint, found) in &table.constraints {
        let object = || Object::Constraint(name.clone(), constraint.clone());
        match &found.kind {
            ConstraintKind::Check { expression, .. } => ask(&object, expression),
            ConstraintKind::Exclusion { index, .. } => for_each_of_index(index, &mut |e| ask(&object, e)),
            _ => {}
        }
    }
    for (index, found) in &table.indexes {
        for_each_of_index(found, &mut |e| ask(&|| Object::Index(name.clone(), index.clone()), e));
    }
    for (trigger, found) in &table.triggers {
        ask(&|| Object::Trigger(name.clone(), trigger.clone()), &found.definition);
    }
}

fn for_each_of_index(index: &Index, ask: &mut dyn FnMut(&Expression)) {
    for key in &index.keys {
        if let KeyPart::Expression(expression) = &key.part {
            ask(expression);
        }
    }
    if let Some(predicate) = &index.predicate {
        ask(predicate);
    }
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = (&str, &ForeignKey)> {
    table.constraints.iter().filter_map(|(name, constraint)| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some((name.as_str(), key)),
        _ => None,
    })
}

fn uses_relation(expression: &Expression, name: &ObjectName) -> bool {
    expression.references.relations.iter().any(|(relation, _)| relation == name)
}

/// Returns whether an index has a column in a key, as a carried one, or in an expression.
fn index_uses(index: &Index, column: &str) -> bool {
    let in_key = index.keys.iter().any(|key| match &key.part {
        KeyPart::Column(name) => name == column,
        KeyPart::Expression(expression) => expression.references.columns.contains(column),
    });
    let in_predicate = index.predicate.as_ref().is_some_and(|p| p.references.columns.contains(column));
    in_key || in_predicate || index.include.iter().any(|name| name == column)
}

fn is_of_table(object: &Object, name: &ObjectName) -> bool {
    match object {
        Object::Column(table, _)
        | Object::Default(table, _)
        | Object::Constraint(table, _)
        | Object::Index(table, _)
        | Object::Trigger(table, _) => table == name,
        _ => false,
    }
}

fn sorted(columns: &[String]) -> Vec<&str> {
    let mut columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    columns.sort_unstable();
    columns
}
