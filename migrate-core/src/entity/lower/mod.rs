//! Entities to a schema as one dialect is to declare it.
//!
//! What is said for that dialect alone takes the place of what is said for all; what only it knows it gets as
//! settings. Structs on one table become one table. What a build leaves out is left out here too, and its name kept.

mod column;
mod constraint;

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Entity, Enumeration, Scan};
use super::{Own, OwnSetting, Place, Presence, Stated};
use crate::diagnostic::{Diagnostic, Location};
use crate::schema::ObjectName;
use crate::schema::logical::{LogicalEnum, LogicalSchema, LogicalTable, Origin, Said, Setting};

/// What the entities of a package say to one dialect.
#[derive(Debug, Default)]
pub struct Lowered {
    /// The schema.
    pub schema: LogicalSchema,
    /// What each [`Origin`] is.
    pub origins: Vec<(Owner, Place)>,
    /// Tables of entities that this build leaves out, or of which nobody can tell: they may exist and need not.
    pub optional_tables: BTreeSet<ObjectName>,
    /// Columns of which the same holds, by their tables.
    pub optional_columns: BTreeSet<(ObjectName, String)>,
    /// Tables whose structs name only some of their columns.
    pub partial: BTreeSet<ObjectName>,
    /// Columns that check and autogenerate leave alone.
    pub skipped: BTreeSet<(ObjectName, String)>,
    /// What the entities say against each other.
    pub problems: Vec<Diagnostic>,
}

/// What a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// An entity, by its number in the scan.
    Entity(usize),
    /// An enum, by its number in the scan.
    Enum(usize),
}

impl Lowered {
    /// Returns where an origin is.
    pub fn location(&self, scan: &Scan, origin: Origin) -> Option<Location> {
        let (owner, place) = self.origins.get(origin.0)?;
        Some(match owner {
            Owner::Entity(number) => scan.entities.get(*number)?.location(place),
            Owner::Enum(number) => scan.enums.get(*number)?.location(place),
        })
    }

    /// Returns a new origin.
    fn origin(&mut self, owner: Owner, place: &Place) -> Origin {
        self.origins.push((owner, place.clone()));
        Origin(self.origins.len() - 1)
    }

    fn said(&mut self, owner: Owner, stated: &Stated<String>) -> Said {
        Said { text: stated.value.clone(), at: self.origin(owner, &stated.place), own: false }
    }
}

/// Says to a dialect what the entities of a scan say.
///
/// ```no_run
/// use migrate_core::entity::lower::lower;
/// use migrate_core::entity::scan::{Package, Request, scan};
///
/// let package = Package::conventional(std::path::Path::new(""));
/// let found = scan(&Request { packages: vec![package], ..Request::default() });
/// let lowered = lower(&found, "sqlite");
/// assert_eq!(lowered.schema.tables.len(), found.entities.len());
/// ```
pub fn lower(scan: &Scan, dialect: &str) -> Lowered {
    let mut lowering = Lowering { scan, dialect, out: Lowered::default(), enums: enums(scan) };
    for (number, entity) in scan.entities.iter().enumerate() {
        lowering.entity(number, entity);
    }
    lowering.enums();
    lowering.out
}

/// Returns the name of each enum: in its own schema, or in that of the first table that uses it.
fn enums(scan: &Scan) -> Vec<ObjectName> {
    let name = |(number, found): (usize, &Enumeration)| {
        let uses = |entity: &&Entity| entity.def.fields.iter().any(|field| column::uses(&field.ty, number));
        let schema = match found.schema.as_ref() {
            Some(schema) => Some(schema),
            None => scan.entities.iter().find(uses).and_then(|entity| entity.schema.as_ref()),
        };
        ObjectName::new(schema.cloned().unwrap_or_default(), &found.def.type_name.value)
    };
    scan.enums.iter().enumerate().map(name).collect()
}

/// Says one scan to one dialect.
struct Lowering<'s> {
    scan: &'s Scan,
    dialect: &'s str,
    out: Lowered,
    enums: Vec<ObjectName>,
}

impl Lowering<'_> {
    fn entity(&mut self, number: usize, entity: &Entity) {
        let owner = Owner::Entity(number);
        let name = ObjectName::new(entity.schema.clone().unwrap_or_default(), &entity.def.table.value);
        for column in &entity.absent {
            self.out.optional_columns.insert((name.clone(), column.clone()));
        }
        if entity.presence != Presence::On {
            self.out.optional_tables.insert(name.clone());
        }
        if entity.presence == Presence::Off {
            return;
        }
        let table = self.table(owner, entity, &name);
        match self.out.schema.tables.iter().position(|known| known.name == name) {
            Some(at) => self.merge(at, entity, table),
            None => {
                if entity.def.partial {
                    self.out.partial.insert(name);
                }
                self.out.schema.tables.push(table);
            }
        }
    }

    fn table(&mut self, owner: Owner, entity: &Entity, name: &ObjectName) -> LogicalTable {
        let def = &entity.def;
        let at = self.out.origin(owner, &Place::default());
        let (own, settings) = self.own(owner, &def.own, &["comment"]);
        let comment = self.text(owner, &own, "comment", def.comment.as_ref());
        let mut columns = Vec::new();
        for field in &def.fields {
            if field.presence != Presence::On {
                self.out.optional_columns.insert((name.clone(), field.column.clone()));
            }
            if field.skip_autogenerate {
                self.out.skipped.insert((name.clone(), field.column.clone()));
            }
            columns.push(self.column(owner, field));
        }
        let mut constraints = Vec::new();
        for constraint in &def.constraints {
            constraints.extend(self.constraint(owner, entity, constraint));
        }
        let mut indexes = Vec::new();
        for index in &def.indexes {
            indexes.extend(self.index(owner, index));
        }
        LogicalTable { name: name.clone(), columns, constraints, indexes, comment, settings, at }
    }

    /// Adds what a further struct says of a table.
    fn merge(&mut self, at: usize, entity: &Entity, table: LogicalTable) {
        let known = &mut self.out.schema.tables[at];
        let either = entity.presence != Presence::On || self.out.optional_tables.contains(&known.name);
        if !entity.def.partial && !self.out.partial.contains(&known.name) {
            // Of two that exclude each other the first stands for both.
            if !either {
                let (owner, place) = &self.out.origins[known.at.0];
                let first = match owner {
                    Owner::Entity(number) => self.scan.entities[*number].location(place).to_string(),
                    Owner::Enum(_) => String::new(),
                };
                let message = format!("the table {} has an entity already, at {first}", known.name);
                let location = entity.location(&Place::default());
                let help = "`#[entity(partial)]` says that a struct has only some of the columns";
                self.out.problems.push(Diagnostic::new("entity-table", location, message).help(help));
            }
            return;
        }
        for column in table.columns {
            match known.columns.iter().find(|other| other.name == column.name) {
                None => known.columns.push(column),
                Some(other) if other.ty == column.ty && other.nullable == column.nullable => {}
                Some(_) => {
                    let place = Place { field: self.out.origins[column.at.0].1.field.clone(), ..Place::default() };
                    let message = format!("another struct on {} says another type for this column", known.name);
                    self.out.problems.push(Diagnostic::new("entity-table", entity.location(&place), message));
                }
            }
        }
        known.constraints.extend(table.constraints);
        known.indexes.extend(table.indexes);
        known.settings.extend(table.settings);
        known.comment = known.comment.take().or(table.comment);
        if !entity.def.partial {
            self.out.partial.remove(&known.name);
        }
    }

    fn enums(&mut self) {
        for (number, found) in self.scan.enums.iter().enumerate() {
            if found.presence == Presence::Off {
                continue;
            }
            let owner = Owner::Enum(number);
            let at = self.out.origin(owner, &Place::default());
            let comment = found.def.comment.as_ref().map(|comment| self.out.said(owner, comment));
            let labels = found.def.variants.iter().map(|variant| variant.label.clone()).collect();
            let name = self.enums[number].clone();
            self.out.schema.enums.push(LogicalEnum { name, labels, comment, at });
        }
    }

    /// Splits what is said for this dialect: what takes the place of something, and what only the dialect knows.
    fn own<'o>(
        &mut self,
        owner: Owner,
        own: &'o Own,
        replaces: &[&str],
    ) -> (BTreeMap<&'o str, &'o OwnSetting>, Vec<Setting>) {
        let mut replaced = BTreeMap::new();
        let mut settings = Vec::new();
        for setting in own.get(self.dialect).into_iter().flatten() {
            if replaces.contains(&setting.key.as_str()) {
                replaced.insert(setting.key.as_str(), setting);
            } else {
                let at = self.out.origin(owner, &setting.place);
                settings.push(Setting { key: setting.key.clone(), value: setting.value.clone(), at });
            }
        }
        (replaced, settings)
    }

    /// Returns the text of a key: the dialect's own, else that of all.
    fn text(
        &mut self,
        owner: Owner,
        own: &BTreeMap<&str, &OwnSetting>,
        key: &str,
        of_all: Option<&Stated<String>>,
    ) -> Option<Said> {
        match own.get(key) {
            Some(setting) => {
                let at = self.out.origin(owner, &setting.place);
                Some(Said { text: setting.value.clone().unwrap_or_default(), at, own: true })
            }
            None => of_all.map(|stated| self.out.said(owner, stated)),
        }
    }
}
