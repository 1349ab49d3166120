//! All of a project's revisions, up and down.

use super::{Folding, Project};
use crate::diagnostic::{Diagnostic, Location};
use crate::fold::Folder;
use crate::revision::directive::SectionKind;
use crate::sql::Syntax;

/// What is found in the revisions of one dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
    /// What should be looked at.
    pub warnings: Vec<Diagnostic>,
}

/// How many revisions lie between two states that are kept on the way up.
const STRIDE: usize = 16;

impl Project {
    /// Folds every revision in one dialect, up from nothing and down again, each downgrade on what the one before left.
    ///
    /// Below a revision that is irreversible, or whose downgrade cannot be folded, the way down goes on from what the
    /// upgrades had made there.
    pub fn check(&self, syntax: &'static Syntax) -> Checked {
        let count = self.graph().nodes().len();
        let mut folding = Folding::new(self, syntax, None);
        let mut kept: Vec<Box<dyn Folder>> = Vec::new();
        for node in 0..count {
            if node % STRIDE == 0 {
                kept.push(folding.folder.duplicate());
            }
            folding.upgrade(node);
        }
        // On top of a wrong schema only what cannot be read is told, wherever the way down goes on from.
        let sound = !folding.has_failed();
        let mut lost = false;
        for node in (0..count).rev() {
            let Some(sections) = self.sections(node, syntax) else { continue };
            if sections.downgrade.marker.kind == SectionKind::Irreversible {
                lost = true;
                continue;
            }
            if lost && sound {
                folding.folder = self.state(syntax, kept[node / STRIDE].duplicate(), node);
                folding.tainted = false;
            }
            let before = folding.problems.len();
            folding.downgrade(node);
            lost = folding.problems.len() > before;
        }
        Checked { problems: folding.problems, warnings: folding.warnings }
    }

    /// Returns the state above a revision, from one that was kept at or below it.
    fn state(&self, syntax: &'static Syntax, kept: Box<dyn Folder>, node: usize) -> Box<dyn Folder> {
        let mut folding = Folding::new(self, syntax, None);
        folding.folder = kept;
        for earlier in node / STRIDE * STRIDE..=node {
            folding.upgrade(earlier);
        }
        folding.folder
    }

    /// Returns what is wrong with the graph as a whole: several heads.
    pub fn check_heads(&self) -> Vec<Diagnostic> {
        let graph = self.graph();
        let heads = graph.heads();
        let [first, _, ..] = heads.as_slice() else { return Vec::new() };
        let ids = graph.texts(&heads);
        let origin = graph.node(*heads.last().unwrap_or(first)).origin.clone();
        let location = origin.unwrap_or_else(|| Location::file(self.file(*first).path.as_str()));
        let options: String = ids.iter().map(|id| format!(" --head {id}")).collect();
        let problem =
            Diagnostic::new("several-heads", location, format!("there are several heads: {}", ids.join(", ")));
        vec![problem.help(format!("`migrate-cli revision -m \"merge\"{options}` joins them"))]
    }
}
