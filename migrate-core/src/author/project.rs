//! What there is to fold: the revision files and what others own.

use super::{Ddl, Folded, Folding};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::error::{Error, ErrorKind, Result};
use crate::fold;
use crate::introspect::Filter;
use crate::revision::body::{Body, Sections};
use crate::revision::directory::File;
use crate::revision::{Directory, Graph, NodeSet};
use crate::sql::Syntax;

/// The revision files of a project, with their sections in every dialect.
#[derive(Clone, Debug)]
pub struct Project {
    directory: Directory,
    /// In the graph's order.
    bodies: Vec<Body>,
    /// The DDL of what others own.
    pub(super) external: Option<Ddl>,
    search_path: Vec<String>,
}

impl Project {
    /// Reads everything that a migrate.toml names.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and everything that is wrong with headers, graph and sections.
    pub fn read(config: &Config) -> Result<Self> {
        let external = match &config.external {
            Some(path) => Some(Ddl::read(path).map_err(|error| missing(error, config))?),
            None => None,
        };
        let directory = Directory::read(&config.version_locations)?;
        let bodies = directory.bodies(&config.dialects)?;
        let search_path = config.settings.search_path.iter().map(|schema| schema.clone().into_owned()).collect();
        Ok(Self { directory, bodies, external, search_path })
    }

    /// Returns the graph of the revisions.
    pub fn graph(&self) -> &Graph {
        self.directory.graph()
    }

    /// Returns the files.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Returns the schema of a database that has these revisions and no others, as one server version would have it.
    ///
    /// They are folded in the graph's order, which is that of an upgrade from nothing.
    ///
    /// # Errors
    ///
    /// Every statement that cannot be folded, see the [module](super).
    pub fn fold(&self, syntax: &'static Syntax, version: Option<u32>, nodes: &NodeSet) -> Result<Folded> {
        let mut folding = Folding::new(self, syntax, version);
        for node in nodes.iter() {
            folding.upgrade(node);
        }
        folding.finish()
    }

    pub(super) fn file(&self, node: usize) -> &File {
        self.directory.file(node)
    }

    /// Returns what one of the configured dialects runs.
    pub(super) fn sections(&self, node: usize, syntax: &Syntax) -> Option<&Sections> {
        self.bodies[node].dialects.iter().find(|sections| sections.syntax == syntax)
    }

    pub(super) fn settings(&self, version: Option<u32>) -> fold::Settings {
        fold::Settings { version, search_path: self.search_path.clone() }
    }
}

/// A file that migrate.toml names and that is not there is a mistake there.
fn missing(error: Error, config: &Config) -> Error {
    let ErrorKind::File { path, message, .. } = error.kind() else { return error };
    let problem = Diagnostic::new("external", config.external_at.clone(), format!("{path} cannot be read: {message}"));
    Error::sources(vec![problem.help("`external` names a file with the DDL of what others own")])
}

/// Returns which objects of a database belong to a project: what `[migrate.autogenerate]` says, and not the version
/// table.
pub fn filter(config: &Config) -> Filter {
    let (belonging, settings) = (&config.belonging, &config.settings);
    let first = || settings.search_path.first().map(AsRef::as_ref).filter(|schema| *schema != "$user");
    let schema = settings.version_table_schema.as_deref().or_else(first).unwrap_or_default();
    Filter::new()
        .schemas(&belonging.include_schemas)
        .include(&belonging.include)
        .exclude(&belonging.exclude)
        .without(crate::schema::ObjectName::new(schema, settings.version_table.as_ref()))
}
