//! The whole check of a build: revisions, downgrades, entities.
//!
//! What belongs to a struct is written for its derive, which tells it at the field; what belongs to none is told here.
//! Where something is told here the derives never run, so then their part is told here too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{configuration, embed_of, report as print, variable, watch};
use crate::author::{self, Project, Stale};
use crate::config::{self, Config};
use crate::entity::lower::Owner;
use crate::entity::report::{FILE, Report, Seen, Told};
use crate::entity::scan::{Entity, Facts, Scan};
use crate::entity::{Place, SchemaDef};
use crate::error::{Error, Result};

/// Checks the project's revisions and entities against each other, and embeds the revisions.
///
/// Looks for migrate.toml beside Cargo.toml, then upwards. Every revision is folded up and down in every dialect; what
/// a struct says and no migration makes, or the other way round, fails the build at the struct's field. No database is
/// asked. Revisions are embedded as [`embed`](super::embed) does.
///
/// `MIGRATE_STALE=warn` or `allow` softens what entities and migrations disagree in, as `stale` of migrate.toml does;
/// `MIGRATE_CHECK=off` leaves the check out. It is off by itself in a published copy of the package and in what cargo
/// fetched.
///
/// # Panics
///
/// Panics outside a build script.
///
/// ```no_run
/// // The whole of a build.rs, inside its `main`:
/// migrate_core::build::check();
/// ```
pub fn check() {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let checked = configuration(&folder).and_then(|config| {
        embed_of(&config, &out)?;
        run(&config, &folder, &out)
    });
    finish(checked, &out);
}

/// Checks the entities of a package whose migrate.toml is in the folder of another one, relative to its own.
///
/// # Panics
///
/// Panics outside a build script.
///
/// ```no_run
/// // The whole of a build.rs, inside its `main`:
/// migrate_core::build::check_in("../db");
/// ```
pub fn check_in(folder: &str) {
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let file = Path::new(folder).join(config::FILE);
    watch(&file);
    let checked = Config::read(&file, config::SECTION).and_then(|config| {
        config.version_locations.iter().for_each(|location| watch(location));
        run(&config, &package, &out)
    });
    finish(checked, &out);
}

fn finish(checked: Result<()>, out: &Path) {
    let Err(error) = checked else { return };
    print(&error);
    // The derives do not run, but for an editor's: it shall not show what an earlier build found.
    let _ = write(out, &Report { package: variable("CARGO_MANIFEST_DIR"), ..Report::default() });
}

/// Checks a project in the build of one of its packages.
fn run(config: &Config, package: &Path, out: &Path) -> Result<()> {
    println!("cargo::rerun-if-env-changed=MIGRATE_STALE");
    println!("cargo::rerun-if-env-changed=MIGRATE_CHECK");
    let switched_off = std::env::var("MIGRATE_CHECK").is_ok_and(|word| word == "off");
    if switched_off {
        println!("cargo::warning=MIGRATE_CHECK is off: nothing compares the entities with the migrations");
    }
    if switched_off || is_a_copy(package) {
        return write(out, &Report { package: variable("CARGO_MANIFEST_DIR"), ..Report::default() });
    }
    config.external.iter().for_each(|external| watch(external));
    let mode = mode(config)?;
    let project = Project::read(config)?;
    // Paths are shown as from the package's folder, where a build script runs.
    let own = if std::env::current_dir().is_ok_and(|here| here == package) { Path::new("") } else { package };
    let found = author::look(config, own, Facts::from_variables(std::env::vars()));
    found.files.iter().for_each(|file| watch(file));
    let mut problems = found.problems.clone();
    let mut warnings = found.warnings.clone();
    problems.extend(project.check_heads());
    for syntax in &config.dialects {
        let checked = project.check(syntax);
        problems.extend(checked.problems);
        warnings.extend(checked.warnings);
    }
    let compared = project.compare(config, &found);
    problems.extend(compared.problems);
    let stale = if mode == config::Stale::Allow { Vec::new() } else { compared.stale };
    let here = |stale: &&Stale| is_here(&found, stale, package);
    let (owned, free): (Vec<&Stale>, Vec<&Stale>) = stale.iter().partition(here);
    if mode == config::Stale::Deny {
        problems.extend(free.iter().map(|stale| stale.diagnostic()));
        if !problems.is_empty() {
            problems.extend(owned.iter().map(|stale| stale.diagnostic()));
        }
    } else {
        warnings.extend(free.iter().map(|stale| stale.diagnostic()));
    }
    for warning in warnings {
        println!("cargo::warning={warning}");
    }
    write(out, &report(&found, &owned, mode == config::Stale::Warn))?;
    if problems.is_empty() { Ok(()) } else { Err(Error::sources(problems)) }
}

/// Returns whether a package is not being developed here: a published copy, or one that cargo fetched.
fn is_a_copy(package: &Path) -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    package.join("Cargo.toml.orig").exists() || home.is_some_and(|home| package.starts_with(home))
}

/// Returns whether a derive of this package tells of a disagreement.
fn is_here(found: &Scan, stale: &Stale, package: &Path) -> bool {
    let file = match &stale.owner {
        Some((Owner::Entity(number), _)) => &found.entities[*number].mark.real,
        Some((Owner::Enum(number), _)) => &found.enums[*number].mark.real,
        None => return false,
    };
    package.canonicalize().is_ok_and(|package| file.starts_with(package))
}

/// Returns what a disagreement does: the environment's word, else migrate.toml's.
fn mode(config: &Config) -> Result<config::Stale> {
    match std::env::var("MIGRATE_STALE").ok().filter(|word| !word.is_empty()) {
        None => Ok(config.stale),
        Some(word) => config::Stale::named(&word)
            .ok_or_else(|| Error::usage(format!("MIGRATE_STALE is `{word}`")).hint("it is deny, warn or allow")),
    }
}

fn write(out: &Path, report: &Report) -> Result<()> {
    let path: PathBuf = out.join(FILE);
    let failed = |error: std::io::Error| Error::file(path.display().to_string(), "write", &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(&path, report.write()).map_err(failed)
}

/// Returns what the derives of the package are told.
fn report(found: &Scan, stale: &[&Stale], warn: bool) -> Report {
    let mismatches = |owner: Owner| -> Vec<(Place, String)> {
        let own = stale.iter().filter_map(|stale| match &stale.owner {
            Some((known, place)) if *known == owner => {
                Some((place.clone(), format!("{}\n{}", stale.message, stale.help)))
            }
            _ => None,
        });
        own.collect()
    };
    let entity = |(number, entity): (usize, &Entity)| Told {
        seen: Seen::from(&entity.mark),
        table: entity.table(),
        constants: constants(entity),
        targets: entity.targets.iter().map(|(place, at)| (place.clone(), found.entities[*at].table())).collect(),
        mismatches: mismatches(Owner::Entity(number)),
    };
    let mut entities: Vec<Told> = found.entities.iter().enumerate().map(entity).collect();
    entities.extend(found.enums.iter().enumerate().map(|(number, one)| Told {
        seen: Seen::from(&one.mark),
        table: one.def.type_name.value.clone(),
        constants: Vec::new(),
        targets: Vec::new(),
        mismatches: mismatches(Owner::Enum(number)),
    }));
    let files: BTreeSet<PathBuf> = found.files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    Report {
        package: variable("CARGO_MANIFEST_DIR"),
        checked: true,
        warn,
        files,
        outside: found.outside.iter().map(Seen::from).collect(),
        entities,
    }
}

fn constants(entity: &Entity) -> Vec<(Place, String)> {
    match (&entity.def.schema, &entity.schema) {
        (Some(said), Some(text)) if matches!(said.value, SchemaDef::Constant(_)) => {
            vec![(said.place.clone(), text.clone())]
        }
        _ => Vec::new(),
    }
}
