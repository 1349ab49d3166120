//! Where the entities of a package are, and what their names stand for.
//!
//! 1. `tree` follows the modules from the crates' roots, as rustc does, with `cfg` evaluated by `cfg`.
//! 2. `item` reads the items of a module: entities, enums, constants, aliases, imports.
//! 3. `resolve` finds what a name in an attribute or a type stands for.
//! 4. `unreached` looks for files that derive an entity and that no module reaches.
//!
//! This reads files and knows nothing of a compiler: what it took for true is put to the compiler by the derive.

mod cfg;
mod item;
mod module;
mod resolve;
mod source;
mod tree;
mod unreached;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use cfg::Facts;

use super::{EntityDef, EnumDef, Place, Presence};
use crate::diagnostic::{Diagnostic, Location};

/// The crates of a package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The folder of its Cargo.toml, as the user would type it.
    pub folder: PathBuf,
    /// The roots of its library and binaries, each with the name under which other crates know it.
    pub roots: Vec<(Option<String>, PathBuf)>,
}

impl Package {
    /// Returns a package whose crates are where cargo looks for them without being told.
    pub fn conventional(folder: &Path) -> Self {
        let source = folder.join("src");
        let mut roots = vec![source.join("lib.rs"), source.join("main.rs")];
        let mut below: Vec<PathBuf> =
            std::fs::read_dir(source.join("bin")).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        below.sort();
        for path in below {
            let main = path.join("main.rs");
            roots.push(if main.is_file() { main } else { path });
        }
        let is_source = |path: &PathBuf| path.extension().is_some_and(|end| end == "rs") && path.is_file();
        let roots = roots.into_iter().filter(is_source).map(|path| (None, path)).collect();
        Self { folder: folder.to_owned(), roots }
    }
}

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The packages.
    pub packages: Vec<Package>,
    /// The folders and files whose entities count; `None` is every one.
    pub within: Option<Vec<PathBuf>>,
    /// What is known of the build.
    pub facts: Facts,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Scan {
    /// The entities, in the order in which the modules have them.
    pub entities: Vec<Entity>,
    /// The enums.
    pub enums: Vec<Enumeration>,
    /// Structs and enums that are outside the check, where a derive need not wonder.
    pub outside: Vec<Mark>,
    /// What is wrong with them.
    pub problems: Vec<Diagnostic>,
    /// What may be wrong.
    pub warnings: Vec<Diagnostic>,
    /// The files that were read, as the user would type them.
    pub files: Vec<PathBuf>,
}

/// A struct or an enum in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The file, as the user would type it.
    pub file: PathBuf,
    /// The file itself, absolute.
    pub real: PathBuf,
    /// The name.
    pub name: String,
    /// The line of the name, from 1.
    pub line: u32,
    /// Its number among those of its name in the file, from 0.
    pub number: usize,
}

/// An entity.
#[derive(Debug)]
pub struct Entity {
    /// What it says.
    pub def: EntityDef,
    /// Where it is.
    pub mark: Mark,
    /// Whether this build has it.
    pub presence: Presence,
    /// Columns of fields that this build leaves out: they may exist and need not.
    pub absent: Vec<String>,
    /// The schema, with constants resolved.
    pub schema: Option<String>,
    /// The entities that it points to, by the place that says so, as numbers in [`Scan::entities`].
    pub targets: BTreeMap<Place, usize>,
}

/// An enum.
#[derive(Debug)]
pub struct Enumeration {
    /// What it says.
    pub def: EnumDef,
    /// Where it is.
    pub mark: Mark,
    /// Whether this build has it.
    pub presence: Presence,
    /// The schema, with constants resolved.
    pub schema: Option<String>,
}

impl Entity {
    /// Returns the table's name with its schema, as the derive writes it.
    pub fn table(&self) -> String {
        let table = &self.def.table.value;
        self.schema.as_ref().map_or_else(|| table.clone(), |schema| format!("{schema}.{table}"))
    }

    /// Returns where a place of it is.
    pub fn location(&self, place: &Place) -> Location {
        locate(&self.mark.file, self.def.places.span(place))
    }
}

impl Enumeration {
    /// Returns where a place of it is.
    pub fn location(&self, place: &Place) -> Location {
        locate(&self.mark.file, self.def.places.span(place))
    }
}

/// Returns where a span of a file is.
fn locate(file: &Path, span: proc_macro2::Span) -> Location {
    let start = span.start();
    Location::new(file.display().to_string(), source::line(start.line), source::line(start.column + 1))
}

/// Looks for the entities of packages.
///
/// ```no_run
/// use migrate_core::entity::scan::{Package, Request, scan};
///
/// let package = Package::conventional(std::path::Path::new(""));
/// let found = scan(&Request { packages: vec![package], ..Request::default() });
/// for entity in &found.entities {
///     println!("{}:{} {}", entity.mark.file.display(), entity.mark.line, entity.table());
/// }
/// ```
pub fn scan(request: &Request) -> Scan {
    let mut tree = tree::Tree::new(request);
    for package in &request.packages {
        tree.package(package);
    }
    tree.unreached(&request.packages);
    tree.resolve();
    tree.finish()
}
