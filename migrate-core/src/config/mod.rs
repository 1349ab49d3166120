//! migrate.toml: where it is, what it says, and what is wrong with it.

mod read;
mod substitute;

use std::path::{Path, PathBuf};

pub use read::parse_duration;
pub use substitute::Variables;

use crate::diagnostic::Location;
use crate::error::{Error, Result};
use crate::runtime::Settings;
use crate::sql::Syntax;

/// The file's name.
pub const FILE: &str = "migrate.toml";

/// The section that is read unless another is named.
pub const SECTION: &str = "migrate";

/// One section of migrate.toml.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file, as the user would type it.
    pub file: PathBuf,
    /// The section's name.
    pub section: String,
    /// The database's URL as written, before variables are put in.
    pub url: Option<String>,
    /// Where that stands.
    pub url_at: Location,
    /// The dialects that every revision serves.
    pub dialects: Vec<&'static Syntax>,
    /// The folders with revision files, as the user would type them.
    pub version_locations: Vec<PathBuf>,
    /// The folders and files with entities; `None` is the package's module tree.
    pub entities: Option<Vec<PathBuf>>,
    /// What a build does where entities and migrations disagree.
    pub stale: Stale,
    /// The file with the DDL of what others own.
    pub external: Option<PathBuf>,
    /// Where migrate.toml names it.
    pub external_at: Location,
    /// Which tables are compared and generated for.
    pub tables: Tables,
    /// Which objects of a database belong to the project.
    pub belonging: Belonging,
    /// How the name of a revision file is made.
    pub file_template: String,
    /// How long the slug in it may be.
    pub truncate_slug_length: usize,
    /// The time zone of dates.
    pub timezone: String,
    /// Where that stands.
    pub timezone_at: Location,
    /// How revisions run.
    pub settings: Settings,
}

/// Which tables are compared and generated for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tables {
    /// All that belong to the project.
    #[default]
    All,
    /// Those that an entity names.
    Mapped,
}

/// What a build does where entities and migrations disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stale {
    /// It fails.
    #[default]
    Deny,
    /// It warns.
    Warn,
    /// It says nothing.
    Allow,
}

impl Stale {
    /// Returns what a word of migrate.toml or of `MIGRATE_STALE` means.
    pub fn named(word: &str) -> Option<Self> {
        [("deny", Self::Deny), ("warn", Self::Warn), ("allow", Self::Allow)]
            .into_iter()
            .find_map(|(name, stale)| (name == word).then_some(stale))
    }
}

/// Which objects of a database belong to the project: the patterns of `[migrate.autogenerate]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belonging {
    /// The schemas; empty is all of them.
    pub include_schemas: Vec<String>,
    /// Objects that do; empty is all of them.
    pub include: Vec<String>,
    /// Objects that do not.
    pub exclude: Vec<String>,
}

impl Config {
    /// Returns the migrate.toml of a folder or of the closest folder above it.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        let here = folder.join(FILE);
        if here.is_file() {
            return Some(here);
        }
        // An empty path has no absolute form.
        let absolute = std::path::absolute(Path::new(".").join(folder)).ok()?;
        let mut up = folder.to_owned();
        for parent in absolute.ancestors().skip(1) {
            up.push("..");
            if parent.join(FILE).is_file() {
                return Some(up.join(FILE));
            }
        }
        None
    }

    /// Reads a section of a migrate.toml.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and everything that is wrong with it, with line and column.
    pub fn read(file: &Path, section: &str) -> Result<Self> {
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let error = Error::file(shown.as_str(), "read", &error);
            if missing {
                error.hint("`-c FILE` names it; without, it is searched for from here upwards")
            } else if file.is_dir() {
                error.hint(format!("name the file in it: {}", file.join(FILE).display()))
            } else {
                error
            }
        })?;
        read::config(file, &shown, &text, section).map_err(Error::sources)
    }

    /// Returns the folder that relative paths start from; empty is the working folder.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }
}
