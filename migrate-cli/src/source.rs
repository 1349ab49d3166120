//! Where a schema comes from: the revisions up to a target, a file of DDL, a live database.

use std::path::PathBuf;

use migrate_core::author::{self, Ddl, Folded, Folding, Project};
use migrate_core::config::Config;
use migrate_core::dialect::Difference;
use migrate_core::revision::{NodeSet, Target};
use migrate_core::sql::Syntax;
use migrate_core::{Diagnostic, Error, Migrator, Result};

use crate::arguments::Global;
use crate::connect::{Database, Live, Missing};
use crate::format::difference;
use crate::io::Io;
use crate::output::Output;

/// A source as it is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A revision.
    Target(Target),
    /// A file, relative to the working folder.
    File(PathBuf),
    /// The live database.
    Database,
}

impl Source {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("file:") {
            if path.is_empty() {
                return Err(Error::usage("`file:` names no file").hint("write `file:schema.sql`"));
            }
            return Ok(Self::File(PathBuf::from(path)));
        }
        match text {
            "database" => Ok(Self::Database),
            "entities" => Err(Error::usage("entities cannot be compared yet: a later version of migrate reads them")
                .hint("compare with a revision, `file:schema.sql` or `database`")),
            _ if text.ends_with(".sql") => {
                Err(Error::usage(format!("`{text}` is no target")).hint(format!("a file is written `file:{text}`")))
            }
            _ => Ok(Self::Target(Target::parse(text)?)),
        }
    }

    /// Returns its name as one side of a difference.
    pub(crate) fn side(&self, given: &str) -> String {
        match self {
            Self::Database => "in the database".to_owned(),
            Self::File(path) => format!("in {}", path.display()),
            Self::Target(_) => format!("at {given}"),
        }
    }
}

/// What schemas are made from.
pub(crate) struct Place<'a> {
    pub(crate) global: &'a Global,
    pub(crate) config: &'a Config,
    pub(crate) project: &'a Project,
    pub(crate) syntax: &'static Syntax,
    /// The server's major version, where there is one.
    pub(crate) version: Option<u32>,
}

impl Place<'_> {
    /// Folds a source that is no live database, as far as the project's filter has it.
    pub(crate) fn folded(&self, source: &Source, io: &Io) -> Result<Folded> {
        let folded = match source {
            Source::Target(target) => self.project.fold(self.syntax, self.version, &self.nodes(target, io)?),
            Source::File(path) => {
                let mut folding = Folding::new(self.project, self.syntax, self.version);
                folding.ddl(&Ddl::read(&io.folder.join(path))?);
                folding.finish()
            }
            Source::Database => self.project.fold(self.syntax, self.version, &self.project.graph().no_nodes()),
        };
        Ok(folded?.narrowed(&author::filter(self.config)))
    }

    /// Returns the revisions that a database at a target has.
    fn nodes(&self, target: &Target, io: &Io) -> Result<NodeSet> {
        let graph = self.project.graph();
        let applied = if target.needs_current() {
            let database = Database::find(self.global, self.config, io)?;
            let history = self.project.directory().history(&self.config.dialects, database.syntax())?;
            let mut db = database.connect(Missing::Refuse)?;
            Migrator::new(&history, &self.config.settings).status(db.as_mut())?.applied.nodes(graph)
        } else {
            graph.no_nodes()
        };
        Ok(graph.with_ancestors(graph.resolve(target, &applied)?))
    }
}

/// Reads what a database has, as far as the project's filter has it.
pub(crate) fn live(database: &Database, config: &Config) -> Result<Live> {
    let filter = author::filter(config);
    let mut live = database.introspect(&filter)?;
    filter.narrow(&mut live.schema);
    Ok(live)
}

/// Tells warnings, each once.
pub(crate) fn warn(warnings: &[Diagnostic], output: &mut Output<'_>) {
    for (n, warning) in warnings.iter().enumerate() {
        if !warnings[..n].contains(warning) {
            output.warning_at(warning);
        }
    }
}

/// Prints differences, and on stderr what cannot be told.
pub(crate) fn tell(differences: &[Difference], sides: [&str; 2], output: &mut Output<'_>) {
    for found in differences.iter().filter(|found| difference::is_certain(found)) {
        output.line(&difference::text(found, sides));
    }
    for line in difference::doubts(differences, sides, output.is_verbose()) {
        output.note(&line);
    }
}
