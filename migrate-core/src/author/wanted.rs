//! What entities want of a database, beside what the migrations make.

use std::collections::BTreeMap;

use super::entities::{Fault, entities};
use super::{Folded, Project, filter};
use crate::config::{Config, Tables};
use crate::diagnostic::{Diagnostic, Location};
use crate::dialect;
use crate::diff::Hints;
use crate::entity::lower::{Lowered, Owner, lower};
use crate::entity::scan::Scan;
use crate::schema::{ObjectName, Schema};
use crate::sql::Syntax;

/// What entities want in one dialect.
#[derive(Debug)]
pub struct Wanted {
    /// The schema of the migrations.
    pub before: Schema,
    /// The schema that the entities want; what they do not decide is as it is before.
    pub after: Schema,
    /// The entities' tables by their names there, each with its number in `lowered`.
    pub tables: BTreeMap<ObjectName, usize>,
    /// What the entities say, with the places.
    pub lowered: Lowered,
    /// The former names that the entities say.
    pub hints: Hints,
    /// What is wrong with what they say.
    pub problems: Vec<Diagnostic>,
}

impl Project {
    /// Returns what entities want in a dialect, where the migrations make a schema.
    pub fn wanted(&self, config: &Config, syntax: &'static Syntax, scan: &Scan, folded: &Folded) -> Wanted {
        let dialect = dialect::named(syntax.name).expect("every dialect folds");
        let before = folded.schema.clone();
        let lowered = lower(scan, syntax.name);
        let found = entities(&lowered, dialect, &self.settings(None), &before);
        let mut problems = lowered.problems.clone();
        problems.extend(found.faults.iter().map(|fault| told(syntax, scan, fault)));
        let mut after = found.schema;
        let filter = filter(config);
        if config.tables == Tables::All {
            let optional = |name: &ObjectName| lowered.optional_tables.iter().any(|known| meant(known, name));
            after.tables.retain(|name, _| {
                let missed = filter.has(name) && !folded.external.tables.contains_key(name) && !optional(name);
                found.tables.contains_key(name) || !missed
            });
        }
        let hints = hints(scan, &lowered, &found.tables);
        Wanted { before, after, tables: found.tables, lowered, hints, problems }
    }
}

/// Returns whether an entity's name can be that of a table.
fn meant(said: &ObjectName, name: &ObjectName) -> bool {
    said.name == name.name && (said.schema == name.schema || said.schema.is_empty() || name.schema.is_empty())
}

fn told(syntax: &Syntax, scan: &Scan, fault: &Fault) -> Diagnostic {
    let location: Option<Location> = match fault.owner {
        Owner::Entity(number) => scan.entities.get(number).map(|entity| entity.location(&fault.place)),
        Owner::Enum(number) => scan.enums.get(number).map(|found| found.location(&fault.place)),
    };
    let location = location.unwrap_or_else(|| Location::file("Cargo.toml"));
    let problem = Diagnostic::new("entity-sql", location, format!("{}: {}", syntax.name, fault.message));
    match &fault.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Collects the former names that entities say.
fn hints(scan: &Scan, lowered: &Lowered, tables: &BTreeMap<ObjectName, usize>) -> Hints {
    let mut hints = Hints { described: true, ..Hints::default() };
    for (name, number) in tables {
        let at = lowered.schema.tables[*number].at;
        let Some((Owner::Entity(number), _)) = lowered.origins.get(at.0) else { continue };
        let def = &scan.entities[*number].def;
        if let Some(old) = &def.renamed_from {
            hints.renamed_tables.push((former(&old.value, name), name.clone()));
        }
        for field in &def.fields {
            if let Some(old) = &field.renamed_from {
                hints.renamed_columns.push((name.clone(), old.value.clone(), field.column.clone()));
            }
        }
    }
    for found in &lowered.schema.enums {
        let Some((Owner::Enum(number), _)) = lowered.origins.get(found.at.0) else { continue };
        let def = &scan.enums[*number].def;
        if let Some(old) = &def.renamed_from {
            hints.renamed_enums.push((former(&old.value, &found.name), found.name.clone()));
        }
        for variant in &def.variants {
            if let Some(old) = &variant.renamed_from {
                hints.renamed_labels.push((found.name.clone(), old.value.clone(), variant.label.clone()));
            }
        }
    }
    hints
}

/// Returns a former name; one without a schema was in the same.
fn former(text: &str, now: &ObjectName) -> ObjectName {
    match text.rsplit_once('.') {
        Some((schema, name)) if !now.schema.is_empty() => ObjectName::new(schema, name),
        Some((_, name)) => ObjectName::new("", name),
        None => ObjectName::new(&now.schema, text),
    }
}
