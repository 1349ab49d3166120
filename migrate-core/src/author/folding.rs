//! Revisions folded one after the other.

use super::statement::Reading;
use super::{Ddl, Project};
use crate::diagnostic::{Diagnostic, Location};
use crate::error::{Error, Result};
use crate::fold::{self, Folder};
use crate::revision::section::{Section, Statement};
use crate::schema::Schema;
use crate::sql::{Positions, Syntax};

/// Is shown the schema after a statement, and can ask where that begins.
pub(super) type Watch<'w> = dyn FnMut(&Schema, &dyn Fn() -> Location) + 'w;

/// The way through a project's revisions in one dialect.
pub struct Folding<'p> {
    project: &'p Project,
    syntax: &'static Syntax,
    pub(super) folder: Box<dyn Folder>,
    external: Schema,
    /// Whether the schema lacks what a statement that failed would have made.
    pub(super) tainted: bool,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl std::fmt::Debug for Folding<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folding").field("dialect", &self.syntax.name).finish_non_exhaustive()
    }
}

/// What revisions make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The whole schema.
    pub schema: Schema,
    /// What of it is others', as they made it.
    pub external: Schema,
    /// What is not wrong but should be looked at.
    pub warnings: Vec<Diagnostic>,
}

impl Folded {
    /// Returns a schema of which a part is others'.
    pub fn new(schema: Schema, external: Schema) -> Self {
        Self { schema, external, warnings: Vec::new() }
    }
}

impl<'p> Folding<'p> {
    /// Begins with what others own, as a server of some major version would have it.
    ///
    /// # Panics
    ///
    /// Panics for a dialect that cannot be folded; every one of [`Syntax::ALL`] can.
    pub fn new(project: &'p Project, syntax: &'static Syntax, version: Option<u32>) -> Self {
        let folder = fold::folder(syntax, &project.settings(version)).expect("every dialect folds");
        let (external, problems, warnings) = Default::default();
        let mut folding = Self { project, syntax, folder, external, tainted: false, problems, warnings };
        if let Some(ddl) = &project.external {
            let empty = folding.schema().clone();
            folding.ddl(ddl);
            // What a new database has from the start is nobody's.
            folding.external = Folded::new(folding.schema().clone(), empty).ours();
        }
        folding
    }

    /// Returns the schema so far.
    pub fn schema(&self) -> &Schema {
        self.folder.schema()
    }

    /// Returns whether something could not be folded: the schema is then not what a database would have.
    pub fn has_failed(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Folds a file of DDL.
    pub fn ddl(&mut self, ddl: &Ddl) {
        match ddl.statements(self.syntax) {
            Ok(statements) => self.statements(&ddl.file, &ddl.text, &statements, &mut |_, _| {}),
            Err(problems) => {
                self.tainted = true;
                self.problems.extend(problems);
            }
        }
    }

    /// Folds the upgrade of a revision.
    pub fn upgrade(&mut self, node: usize) {
        self.upgrade_part(node, usize::MAX);
    }

    /// Folds the first statements of the upgrade of a revision, as many as a database that stands in its middle ran.
    pub fn upgrade_part(&mut self, node: usize, count: usize) {
        let sections = self.project.sections(node, self.syntax);
        self.section(node, sections.map(|sections| &sections.upgrade), count, &mut |_, _| {});
    }

    /// Folds the upgrade of a revision, and shows the schema after each statement, with where that begins.
    pub(super) fn upgrade_watched(&mut self, node: usize, watch: &mut Watch<'_>) {
        let sections = self.project.sections(node, self.syntax);
        self.section(node, sections.map(|sections| &sections.upgrade), usize::MAX, watch);
    }

    /// Folds the downgrade of a revision; an irreversible one has no statements.
    pub fn downgrade(&mut self, node: usize) {
        self.downgrade_part(node, usize::MAX);
    }

    /// Folds the first statements of the downgrade of a revision.
    pub fn downgrade_part(&mut self, node: usize, count: usize) {
        let sections = self.project.sections(node, self.syntax);
        self.section(node, sections.map(|sections| &sections.downgrade), count, &mut |_, _| {});
    }

    /// Returns what was made.
    ///
    /// # Errors
    ///
    /// Every problem that was met.
    pub fn finish(self) -> Result<Folded> {
        if self.has_failed() {
            return Err(Error::sources(self.problems));
        }
        let folded = Folded::new(self.folder.schema().clone(), self.external);
        Ok(Folded { warnings: self.warnings, ..folded })
    }

    fn section(&mut self, node: usize, section: Option<&'p Section>, count: usize, watch: &mut Watch<'_>) {
        let Some(section) = section else { return };
        let file = self.project.file(node);
        let count = count.min(section.statements.len());
        self.statements(&file.path, &file.text, &section.statements[..count], watch);
    }

    fn statements(&mut self, file: &str, text: &str, statements: &[Statement], watch: &mut Watch<'_>) {
        self.folder.begin_revision();
        let positions = Positions::new(text);
        let (syntax, tainted) = (self.syntax, self.tainted);
        let mut reading = Reading { file, text, positions: &positions, syntax, tainted, found: Vec::new() };
        for statement in statements {
            reading.fold(self.folder.as_mut(), statement);
            watch(self.folder.schema(), &|| reading.location(statement.start));
        }
        self.tainted = reading.tainted;
        let (warnings, problems) = reading.found.into_iter().partition(|(warning, _)| *warning);
        let only = |list: Vec<(bool, Diagnostic)>| list.into_iter().map(|(_, diagnostic)| diagnostic);
        self.warnings.extend(only(warnings));
        self.problems.extend(only(problems));
    }
}
