//! The revisions that a program carries in itself.

use std::borrow::Cow;

use super::{Backend, Event, Migrator, Options, Report, Settings, Status};
use crate::error::{Error, Refusal, Result};
use crate::revision::script::{Script, ScriptStatement, Scripts};
use crate::revision::{Graph, History, Node, RevisionId, Target};
use crate::sql::Syntax;

/// A statement of an embedded script.
pub type EmbeddedStatement = ScriptStatement;

/// The revisions of a program, written by `build::embed()` and included by `embed!`.
///
/// The fields are the format of the generated code, not an interface.
#[derive(Debug)]
pub struct Embedded {
    #[doc(hidden)]
    pub settings: Settings,
    #[doc(hidden)]
    pub revisions: &'static [EmbeddedRevision],
}

/// One embedded revision.
#[derive(Debug)]
#[doc(hidden)]
pub struct EmbeddedRevision {
    pub id: &'static str,
    pub parents: &'static [&'static str],
    pub depends_on: &'static [&'static str],
    pub labels: &'static [&'static str],
    pub message: &'static str,
    pub create_date: &'static str,
    pub file: &'static str,
    pub text: &'static str,
    /// The dialect, the way up, the way down.
    pub scripts: &'static [(&'static str, EmbeddedScript, EmbeddedScript)],
}

/// One embedded script.
#[derive(Debug)]
#[doc(hidden)]
pub struct EmbeddedScript {
    pub line: u32,
    pub statements: &'static [EmbeddedStatement],
    pub checksum: &'static str,
    pub prefixes: &'static [(usize, &'static str)],
    pub was: &'static [&'static str],
    pub irreversible: Option<&'static str>,
}

impl Embedded {
    /// Runs what a target needs and the database does not have; tells nothing while it runs.
    ///
    /// The call blocks, and may be made inside an async runtime.
    ///
    /// # Errors
    ///
    /// A target that cannot be resolved, applied revisions that were edited, a statement that fails: the revisions
    /// before it stay, its own transaction is rolled back.
    pub fn upgrade(&self, db: &mut dyn Backend, target: &str) -> Result<Report> {
        self.upgrade_with(db, target, &mut |_| {})
    }

    /// Runs what a target needs, telling each step.
    ///
    /// # Errors
    ///
    /// As [`Embedded::upgrade`].
    pub fn upgrade_with(&self, db: &mut dyn Backend, target: &str, observe: &mut dyn FnMut(Event)) -> Result<Report> {
        let history = self.history(db.dialect())?;
        let targets = [Target::parse(target)?];
        Migrator::new(&history, &self.settings).upgrade(db, &targets, Options::default(), observe)
    }

    /// Runs the way down to a target.
    ///
    /// # Errors
    ///
    /// A target that cannot be resolved or is not applied, an irreversible revision, a statement that fails.
    pub fn downgrade(&self, db: &mut dyn Backend, target: &str) -> Result<Report> {
        let history = self.history(db.dialect())?;
        Migrator::new(&history, &self.settings).downgrade(db, &Target::parse(target)?, &mut |_| {})
    }

    /// Passes when every embedded revision is applied as it is embedded, and returns the revisions of the database that
    /// this program does not know: a newer release may have applied them while this one still runs.
    ///
    /// # Errors
    ///
    /// Revisions that are missing or were edited.
    pub fn require_head(&self, db: &mut dyn Backend) -> Result<Vec<String>> {
        let history = self.history(db.dialect())?;
        let status = Migrator::new(&history, &self.settings).status(db)?;
        if !status.edited.is_empty() {
            return Err(Error::refused(Refusal::Edited { revisions: status.edited })
                .hint("the program was built from other files than those that were applied"));
        }
        let unknown: Vec<String> =
            status.applied.unknown(history.graph()).iter().map(|row| row.revision.clone()).collect();
        if status.pending.is_empty() {
            return Ok(unknown);
        }
        Err(not_at_head(&history, &status, Vec::new()))
    }

    /// As [`Embedded::require_head`], and refuses revisions that this program does not know.
    ///
    /// # Errors
    ///
    /// Revisions that are missing, were edited, or are not known.
    pub fn require_exactly_head(&self, db: &mut dyn Backend) -> Result<()> {
        let unknown = self.require_head(db)?;
        if unknown.is_empty() {
            return Ok(());
        }
        let refusal = Refusal::NotAtHead { pending: Vec::new(), unknown };
        Err(Error::refused(refusal).hint("run the newer release, or `downgrade` with its migrate-cli first"))
    }

    /// Returns the settings of the project's migrate.toml.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the revisions for one dialect.
    ///
    /// # Errors
    ///
    /// A dialect that migrate.toml did not list when the program was built.
    pub fn history(&self, dialect: &str) -> Result<History> {
        let wrong = |reason: &str| Error::usage(format!("the embedded revisions cannot serve {dialect}: {reason}"));
        let syntax = Syntax::named(dialect).ok_or_else(|| wrong("it is no dialect"))?;
        let graph = Graph::new(self.revisions.iter().map(EmbeddedRevision::node).collect()).map_err(Error::sources)?;
        let mut scripts = vec![None; self.revisions.len()];
        for revision in self.revisions {
            let found = revision.scripts.iter().find(|(name, _, _)| *name == dialect);
            let (_, up, down) = found.ok_or_else(|| {
                wrong("they were built without it")
                    .hint("add it to `dialects` in migrate.toml, and its sections to the files")
            })?;
            let node = graph.find(revision.id).ok_or_else(|| wrong("the graph lost a revision"))?;
            scripts[node] = Some(Scripts {
                file: revision.file.to_owned(),
                text: Cow::Borrowed(revision.text),
                upgrade: up.script(),
                downgrade: down.script(),
            });
        }
        Ok(History::new(syntax, graph, scripts.into_iter().flatten().collect()))
    }
}

fn not_at_head(history: &History, status: &Status, unknown: Vec<String>) -> Error {
    let pending = history.graph().texts(&status.pending);
    Error::refused(Refusal::NotAtHead { pending, unknown }).hint("run `migrate-cli upgrade head` before this program")
}

impl EmbeddedRevision {
    fn node(&self) -> Node {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Node {
            parents: self.parents.iter().map(|id| RevisionId::recorded(*id)).collect(),
            depends_on: own(self.depends_on),
            labels: own(self.labels),
            message: self.message.to_owned(),
            create_date: self.create_date.to_owned(),
            ..Node::new(RevisionId::recorded(self.id))
        }
    }
}

impl EmbeddedScript {
    fn script(&self) -> Script {
        Script {
            line: self.line,
            statements: self.statements.to_vec(),
            checksum: self.checksum.to_owned(),
            prefixes: self.prefixes.iter().map(|(n, text)| (*n, (*text).to_owned())).collect(),
            was: self.was.iter().map(|text| (*text).to_owned()).collect(),
            irreversible: self.irreversible.map(str::to_owned),
        }
    }
}
