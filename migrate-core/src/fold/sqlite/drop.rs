//! DROP.

use super::catalog::{Catalog, Home, Id, Object, is_shadow};
use super::create::known_database;
use super::model::autoindexes;
use super::read::{Definition, Qualified, Reader};
use crate::fold::{Effect, Problem};

/// Applies a DROP whose first word was taken.
pub(super) fn statement(catalog: &mut Catalog, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
    let kinds = ["TABLE", "VIEW", "INDEX", "TRIGGER"];
    let Some(kind) = kinds.into_iter().find(|kind| reader.accept(&[kind])) else { return Err(reader.near()) };
    let lenient = reader.condition(&["EXISTS"])?;
    let name = reader.qualified()?;
    reader.finish()?;
    let homes = match &name.database {
        Some(database) if lenient => Home::named(&database.name).into_iter().collect(),
        Some(database) => vec![Home::named(&database.name).ok_or_else(|| missing(kind, &name))?],
        None => vec![Home::Temp, Home::Main],
    };
    let found = homes.iter().find_map(|home| find(catalog, kind, *home, &name.name.name));
    let Some(at) = found else {
        return absent(catalog, kind, &name, &homes, lenient);
    };
    let Some(object) = catalog.get(at).cloned() else { return Ok(Effect::Schema) };
    match kind {
        "TABLE" | "VIEW" => drop_relation(catalog, &object, kind, &name)?,
        _ => catalog.set(at, None),
    }
    Ok(Effect::Schema)
}

fn find(catalog: &Catalog, kind: &str, home: Home, name: &str) -> Option<Id> {
    match kind {
        "INDEX" => catalog.index_id(home, name),
        "TRIGGER" => catalog.trigger_id(home, name),
        _ => catalog.relation_id(home, name),
    }
}

/// Answers a DROP of what the fold does not have.
fn absent(catalog: &Catalog, kind: &str, name: &Qualified, homes: &[Home], lenient: bool) -> Result<Effect, Problem> {
    let is_autoindex = kind == "INDEX"
        && catalog.iter().filter(|object| homes.contains(&object.home)).any(|object| {
            let table = object.as_table();
            table.is_some_and(|table| {
                autoindexes(&object.name, table).iter().any(|index| name.name.is(&index.name) && index.stored)
            })
        });
    if is_autoindex {
        let message = "index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped";
        return Err(Problem::new("sql-refused", name.name.at.clone(), message));
    }
    if kind == "TABLE" {
        internal(catalog, name, homes)?;
    }
    if lenient {
        return Ok(Effect::Schema);
    }
    Err(missing(kind, name))
}

/// Refuses tables that SQLite or a module keeps.
fn internal(catalog: &Catalog, name: &Qualified, homes: &[Home]) -> Result<(), Problem> {
    let lower = name.name.name.to_ascii_lowercase();
    if lower.starts_with("sqlite_") && !lower.starts_with("sqlite_stat") && !lower.starts_with("sqlite_autoindex") {
        let message = format!("table {} may not be dropped", name.name.name);
        return Err(Problem::new("sql-refused", name.name.at.clone(), message));
    }
    if homes.iter().any(|home| catalog.shadowed_by(*home, &name.name.name).is_some()) {
        let message = "this table belongs to a virtual table, of which nothing would be left that works";
        let problem = Problem::new("sql-opaque", name.name.at.clone(), message);
        return Err(problem.help("drop the virtual table"));
    }
    Ok(())
}

fn missing(kind: &str, name: &Qualified) -> Problem {
    let (code, word) = match kind {
        "TABLE" => ("unknown-table", "table"),
        "VIEW" => ("unknown-view", "view"),
        "INDEX" => ("unknown-index", "index"),
        _ => ("unknown-trigger", "trigger"),
    };
    let shown = match &name.database {
        Some(database) => format!("{}.{}", database.name, name.name.name),
        None => name.name.name.clone(),
    };
    Problem::new(code, name.name.at.clone(), format!("no such {word}: {shown}"))
}

fn drop_relation(catalog: &mut Catalog, object: &Object, kind: &str, name: &Qualified) -> Result<(), Problem> {
    let wrong = match (kind, object.is_view()) {
        ("TABLE", true) => Some(format!("use DROP VIEW to delete view {}", object.name)),
        ("VIEW", false) => Some(format!("use DROP TABLE to delete table {}", object.name)),
        _ => None,
    };
    if let Some(message) = wrong {
        return Err(Problem::new("sql-refused", name.name.at.clone(), message));
    }
    let on_it = |other: &Object| {
        let itself = other.is_relation() && other.home == object.home;
        itself || (!other.is_relation() && other.table_home == object.home)
    };
    let mut gone: Vec<Id> =
        catalog.of_table(&object.name).filter(|(_, other)| on_it(other)).map(|(id, _)| id).collect();
    if let Definition::Virtual { module, .. } = &object.definition {
        let shadows = catalog.iter().filter(|o| o.home == object.home && is_shadow(module, &object.name, &o.table));
        gone.extend(shadows.flat_map(|shadow| catalog.of_table(&shadow.table)).map(|(id, _)| id));
    }
    gone.into_iter().for_each(|id| catalog.set(id, None));
    Ok(())
}

/// Demands that a database is known.
pub(super) fn database_of(name: &Qualified) -> Result<Option<Home>, Problem> {
    name.database.as_ref().map(known_database).transpose()
}
