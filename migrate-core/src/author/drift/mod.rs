//! Where entities and migrations disagree, each place told with both sides.
//!
//! The differ finds what would have to be done; here each operation is told as what is wrong now, at the attribute or
//! field that says otherwise. So the check never tells of anything that autogenerate has no answer to, and the other
//! way round.

mod place;
mod words;

use std::collections::BTreeMap;

use crate::op::{ColumnState, Operation, TableChange};
use crate::schema::logical::{LogicalSchema, Origin};
use crate::schema::{Column, Constraint, Index, Object, ObjectName};

use place::Places;

/// A place where entities and migrations disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where an entity says otherwise; `None` where no entity knows the object.
    pub at: Option<Origin>,
    /// What it is about: `column dpo.job.retries`.
    pub subject: String,
    /// What of it differs: `the default`; empty for the object as a whole.
    pub what: &'static str,
    /// What the entity says, `None` where it does not know it.
    pub entity: Option<String>,
    /// What the migrations make, `None` where they do not make it.
    pub migrations: Option<String>,
    /// The object that the migrations make, to find the statement that made it.
    pub made: Option<Object>,
}

impl Mismatch {
    /// Returns the mismatch as a sentence: what the struct says, what the migrations make and where.
    ///
    /// ```
    /// use migrate_core::author::Mismatch;
    ///
    /// let mismatch = Mismatch {
    ///     at: None,
    ///     subject: "column job.retries".into(),
    ///     what: "the default",
    ///     entity: Some("`1`".into()),
    ///     migrations: Some("`0`".into()),
    ///     made: None,
    /// };
    /// assert_eq!(
    ///     mismatch.sentence(Some("migrations/1a_jobs.sql:12")),
    ///     "column job.retries: the default is `1` in the struct and `0` in the migrations (migrations/1a_jobs.sql:12)"
    /// );
    /// ```
    pub fn sentence(&self, made_at: Option<&str>) -> String {
        let Self { subject, what, .. } = self;
        let place = made_at.map(|at| format!(" ({at})")).unwrap_or_default();
        let property = if what.is_empty() { String::new() } else { format!("{what} ") };
        let shown = |text: &str| if text.is_empty() { String::new() } else { format!(" {text}") };
        match (&self.entity, &self.migrations) {
            (Some(one), Some(other)) => {
                format!("{subject}: {property}is {one} in the struct and {other} in the migrations{place}")
            }
            (Some(one), None) if what.is_empty() => {
                let says = if one.is_empty() { String::new() } else { format!(" ({one})") };
                format!("{subject}{says} is made by no migration")
            }
            (Some(one), None) => {
                format!("{subject}: {property}is{} in the struct and none in the migrations", shown(one))
            }
            (None, Some(other)) if what.is_empty() => {
                let makes = if other.is_empty() { String::new() } else { format!(" ({other})") };
                format!("{subject}{makes} is made by the migrations{place} and no struct has it")
            }
            (None, Some(other)) => {
                format!("{subject}: {property}is{} in the migrations{place} and none in the struct", shown(other))
            }
            (None, None) => format!("{subject}: {property}differs"),
        }
    }
}

/// Tells what operations that lead from the migrations to the entities say of the two.
///
/// `tables` has the entities' tables by their names in the schema, each with its number in what was described.
pub fn mismatches(
    operations: &[Operation],
    described: &LogicalSchema,
    tables: &BTreeMap<ObjectName, usize>,
) -> Vec<Mismatch> {
    let mut drift = Drift { places: Places::new(described, tables), found: Vec::new(), halves: BTreeMap::new() };
    for operation in operations {
        drift.operation(operation);
    }
    drift.halves();
    let mut found = drift.found;
    found.sort_by_key(|mismatch| mismatch.at.map_or((1, Origin::default()), |at| (0, at)));
    found
}

/// A constraint or index that goes, comes, or does both: it is then one that differs.
#[derive(Default)]
struct Half {
    subject: String,
    at: Option<Origin>,
    entity: Option<String>,
    migrations: Option<String>,
    made: Option<Object>,
}

struct Drift<'l> {
    places: Places<'l>,
    found: Vec<Mismatch>,
    halves: BTreeMap<(ObjectName, String), Half>,
}

impl Drift<'_> {
    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateNamespace { name, .. } => {
                let at = self.places.in_namespace(name);
                self.whole(at, format!("schema {name}"), Some(String::new()), None, None);
            }
            Operation::CreateTable { name, .. } => {
                let at = self.places.table(name);
                self.whole(at, format!("table {name}"), Some(String::new()), None, None);
            }
            Operation::DropTable { name, .. } => {
                let made = Some(Object::Table(name.clone()));
                self.whole(None, format!("table {name}"), None, Some(String::new()), made);
            }
            Operation::RenameTable { from, to } => {
                let (at, made) = (self.places.table(to), Some(Object::Table(from.clone())));
                self.differs(at, format!("table {to}"), "the name", to.to_string(), from.to_string(), made);
            }
            Operation::AlterTable { table, changes } => {
                for change in changes {
                    self.change(table, change);
                }
            }
            Operation::CreateIndex { table, name, index } => self.index(table, name, index, true),
            Operation::DropIndex { table, name, index } => self.index(table, name, index, false),
            Operation::RenameIndex { table, from, to } => {
                let (at, made) = (self.places.index(table, to, None), Some(Object::Index(table.clone(), from.clone())));
                self.differs(at, format!("index {to} of {table}"), "the name", to.clone(), from.clone(), made);
            }
            Operation::Comment { on, before, after } => self.comment(on, before.as_ref(), after.as_ref()),
            // These follow from a change of what they use.
            Operation::CreateTrigger { .. }
            | Operation::DropTrigger { .. }
            | Operation::CreateView { .. }
            | Operation::DropView { .. } => {}
            Operation::DropNamespace { .. } => {}
            of_enum => self.of_enum(of_enum),
        }
    }

    fn of_enum(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateEnum { name, labels, .. } => {
                let at = self.places.enumeration(name);
                self.whole(at, format!("enum {name}"), Some(words::labels(labels)), None, None);
            }
            Operation::DropEnum { name, labels, .. } => {
                let made = Some(Object::Type(name.clone()));
                self.whole(None, format!("enum {name}"), None, Some(words::labels(labels)), made);
            }
            Operation::RenameEnum { from, to } => {
                let (at, made) = (self.places.enumeration(to), Some(Object::Type(from.clone())));
                self.differs(at, format!("enum {to}"), "the name", to.to_string(), from.to_string(), made);
            }
            Operation::AddLabel { name, label, .. } => {
                let at = self.places.enumeration(name);
                self.whole(at, format!("label '{label}' of enum {name}"), Some(String::new()), None, None);
            }
            Operation::RenameLabel { name, from, to } => {
                let (at, made) = (self.places.enumeration(name), Some(Object::Type(name.clone())));
                let (entity, migrations) = (format!("'{to}'"), format!("'{from}'"));
                self.differs(at, format!("enum {name}"), "a label", entity, migrations, made);
            }
            Operation::ReplaceEnum { name, before, after } => {
                let (at, made) = (self.places.enumeration(name), Some(Object::Type(name.clone())));
                let (entity, migrations) = (words::labels(after), words::labels(before));
                self.differs(at, format!("enum {name}"), "the list of labels", entity, migrations, made);
            }
            _ => {}
        }
    }

    fn change(&mut self, table: &ObjectName, change: &TableChange) {
        match change {
            TableChange::AddColumn { column, .. } => {
                let column = &column.column;
                let at = self.places.column(table, &column.name);
                self.whole(at, format!("column {table}.{}", column.name), Some(words::column(column)), None, None);
            }
            TableChange::DropColumn { column, .. } => {
                let column = &column.column;
                let (at, made) = (self.places.table(table), Object::Column(table.clone(), column.name.clone()));
                let subject = format!("column {table}.{}", column.name);
                self.whole(at, subject, None, Some(words::column(column)), Some(made));
            }
            TableChange::RenameColumn { from, to } => {
                let (at, made) = (self.places.column(table, to), Some(Object::Column(table.clone(), from.clone())));
                self.differs(at, format!("column {table}.{to}"), "the name", to.clone(), from.clone(), made);
            }
            TableChange::AlterColumn { before, after, .. } => self.column(table, before, after),
            TableChange::AddConstraint { name, constraint } => self.constraint(table, name, constraint, true),
            TableChange::DropConstraint { name, constraint } => self.constraint(table, name, constraint, false),
            TableChange::RenameConstraint { from, to } => {
                let at = self.places.constraint(table, to, None);
                let made = Some(Object::Constraint(table.clone(), from.clone()));
                self.differs(at, format!("constraint {to} of {table}"), "the name", to.clone(), from.clone(), made);
            }
            TableChange::Options { before, after } => {
                let (at, made) = (self.places.table(table), Some(Object::Table(table.clone())));
                let (entity, migrations) = (words::options(after), words::options(before));
                self.differs(at, format!("table {table}"), "the list of options", entity, migrations, made);
            }
            TableChange::Persistence { before, after } => {
                let (at, made) = (self.places.table(table), Some(Object::Table(table.clone())));
                let (entity, migrations) = (words::persistence(*after), words::persistence(*before));
                self.differs(at, format!("table {table}"), "its kind", entity, migrations, made);
            }
        }
    }

    fn column(&mut self, table: &ObjectName, before: &ColumnState, after: &ColumnState) {
        let (before, after): (&Column, &Column) = (&before.column, &after.column);
        let made = Object::Column(table.clone(), after.name.clone());
        let many = self.found.len();
        for (what, value) in words::PROPERTIES {
            let (entity, migrations) = (value(after), value(before));
            if entity == migrations {
                continue;
            }
            let at = self.places.property(table, &after.name, what);
            let (subject, made) = (format!("column {table}.{}", after.name), Some(made.clone()));
            self.found.push(Mismatch { at, subject, what, entity, migrations, made });
        }
        if self.found.len() == many {
            // What the properties do not show: the numbers of a sequence, a name.
            let (at, subject) = (self.places.column(table, &after.name), format!("column {table}.{}", after.name));
            self.found.push(Mismatch { at, subject, what: "", entity: None, migrations: None, made: Some(made) });
        }
    }

    fn constraint(&mut self, table: &ObjectName, name: &str, constraint: &Constraint, comes: bool) {
        let at = if comes { self.places.constraint(table, name, Some(constraint)) } else { self.places.table(table) };
        let object = Object::Constraint(table.clone(), name.to_owned());
        let shown = if constraint.named { format!(" {name}") } else { String::new() };
        let subject = format!("constraint{shown} of {table}");
        self.half((table, name), (at, subject, object), words::constraint(constraint), comes);
    }

    fn index(&mut self, table: &ObjectName, name: &str, index: &Index, comes: bool) {
        let at = if comes { self.places.index(table, name, Some(index)) } else { self.places.table(table) };
        let object = Object::Index(table.clone(), name.to_owned());
        let subject = format!("index {name} of {table}");
        self.half((table, name), (at, subject, object), words::index(index), comes);
    }

    fn half(
        &mut self,
        (table, name): (&ObjectName, &str),
        (at, subject, object): (Option<Origin>, String, Object),
        text: String,
        comes: bool,
    ) {
        let half = self.halves.entry((table.clone(), name.to_owned())).or_default();
        half.subject = subject;
        if comes {
            half.at = at;
            half.entity = Some(text);
        } else {
            half.at = half.at.or(at);
            half.migrations = Some(text);
            half.made = Some(object);
        }
    }

    /// Tells of constraints and indexes, now that both halves of each are known.
    fn halves(&mut self) {
        for half in std::mem::take(&mut self.halves).into_values() {
            let Half { subject, at, entity, migrations, made } = half;
            let what = if entity.is_some() && migrations.is_some() { "it" } else { "" };
            self.found.push(Mismatch { at, subject, what, entity, migrations, made });
        }
    }

    fn comment(&mut self, on: &Object, before: Option<&String>, after: Option<&String>) {
        let at = match on {
            Object::Table(table) => self.places.table(table),
            Object::Column(table, column) => self.places.property(table, column, words::COMMENT),
            Object::Constraint(table, name) => self.places.constraint(table, name, None),
            Object::Index(table, name) => self.places.index(table, name, None),
            Object::Type(name) => self.places.enumeration(name),
            _ => None,
        };
        let (entity, migrations) = (after.map(|text| format!("{text:?}")), before.map(|text| format!("{text:?}")));
        let (subject, made) = (on.to_string(), Some(on.clone()));
        self.found.push(Mismatch { at, subject, what: words::COMMENT, entity, migrations, made });
    }

    fn whole(
        &mut self,
        at: Option<Origin>,
        subject: String,
        entity: Option<String>,
        migrations: Option<String>,
        made: Option<Object>,
    ) {
        self.found.push(Mismatch { at, subject, what: "", entity, migrations, made });
    }

    fn differs(
        &mut self,
        at: Option<Origin>,
        subject: String,
        what: &'static str,
        entity: String,
        migrations: String,
        made: Option<Object>,
    ) {
        let (entity, migrations) = (Some(entity), Some(migrations));
        self.found.push(Mismatch { at, subject, what, entity, migrations, made });
    }
}
