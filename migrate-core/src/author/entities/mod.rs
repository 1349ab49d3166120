//! What entities say, as the schema that a dialect makes of it.
//!
//! 1. The dialect declares the entities as statements (`dialect::declare`).
//! 2. The fold reads them on top of what the entities do not say: types, functions and tables of others (`base`).
//! 3. What an entity leaves open is taken from the migrations: names of constraints and indexes, the order of columns,
//!    triggers and views (`adopt`). So it differs from them in what it says, and in nothing else.

mod adopt;
mod base;

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;
use crate::dialect::declare::{Declaration, Declared};
use crate::entity::Place;
use crate::entity::lower::{Lowered, Owner};
use crate::fold::{Folder, Problem, Settings, folder_on};
use crate::schema::logical::Origin;
use crate::schema::{ObjectName, Schema};
use crate::sql::Syntax;

/// What the entities say to a dialect.
#[derive(Debug, Default)]
pub struct Entities {
    /// The schema, the parts that no entity says among it.
    pub schema: Schema,
    /// The tables of entities by their names in the schema, each with its number among those that were declared.
    pub tables: BTreeMap<ObjectName, usize>,
    /// What the dialect cannot read or say.
    pub faults: Vec<Fault>,
}

/// Something that is wrong with what an entity says, to one dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entity or enum.
    pub owner: Owner,
    /// The place in it.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What helps.
    pub help: Option<String>,
}

/// Returns what entities say to a dialect, beside what the migrations make there.
pub fn entities(lowered: &Lowered, dialect: &dyn Dialect, settings: &Settings, before: &Schema) -> Entities {
    let declared = dialect.declare(&lowered.schema);
    let mut found = Entities::default();
    for (origin, message) in &declared.refusals {
        found.fault(lowered, Some(*origin), message.clone(), None);
    }
    let search_path = settings.search_path.as_slice();
    let names = names(lowered, search_path, before);
    let start = base::without(before, &names, lowered, &declared);
    let Some(syntax) = Syntax::named(dialect.name()) else { return found };
    let Some(mut folder) = folder_on(syntax, settings, start) else { return found };
    if declared.refusals.is_empty() {
        found.fold(lowered, &declared, &mut *folder);
    }
    found.schema = folder.schema().clone();
    for (number, table) in lowered.schema.tables.iter().enumerate() {
        let name = candidates(&table.name, search_path).into_iter().find(|name| found.schema.tables.contains_key(name));
        if let Some(name) = name {
            found.tables.insert(name, number);
        }
    }
    if found.faults.is_empty() {
        adopt::adopt(&mut found.schema, before, &found.tables, lowered, dialect);
    }
    found
}

impl Entities {
    fn fault(&mut self, lowered: &Lowered, origin: Option<Origin>, message: String, help: Option<String>) {
        let Some((owner, place)) = origin.and_then(|origin| lowered.origins.get(origin.0)) else { return };
        self.faults.push(Fault { owner: *owner, place: place.clone(), message, help });
    }

    /// Folds the statements; of each that fails, the others are still read.
    fn fold(&mut self, lowered: &Lowered, declared: &Declared, folder: &mut dyn Folder) {
        let mut failed: BTreeSet<Option<Owner>> = BTreeSet::new();
        let owner = |declaration: &Declaration| {
            declaration.origin(0).and_then(|origin| lowered.origins.get(origin.0)).map(|(owner, _)| *owner)
        };
        for declaration in &declared.statements {
            if failed.contains(&owner(declaration)) {
                continue;
            }
            if let Err(problem) = folder.statement(&declaration.text) {
                let Problem { message, help, at, .. } = problem;
                self.fault(lowered, declaration.origin(at.start), message, help);
                failed.insert(owner(declaration));
            }
        }
    }
}

/// Returns the names that a table may have in a schema: what is not qualified is looked up along the path, and a
/// database without schemas has the name alone.
fn candidates(name: &ObjectName, search_path: &[String]) -> Vec<ObjectName> {
    let path = if name.schema.is_empty() { search_path.to_vec() } else { vec![name.schema.clone()] };
    let mut names: Vec<ObjectName> = path.iter().map(|schema| ObjectName::new(schema, &name.name)).collect();
    names.push(ObjectName::new("", &name.name));
    names
}

/// Returns the names of the entities' tables among those that the migrations make.
fn names(lowered: &Lowered, search_path: &[String], before: &Schema) -> BTreeSet<ObjectName> {
    let tables = lowered.schema.tables.iter();
    let named = tables.flat_map(|table| candidates(&table.name, search_path));
    named.filter(|name| before.tables.contains_key(name)).collect()
}
