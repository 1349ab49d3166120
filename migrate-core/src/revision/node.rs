//! What the header of a revision says.

use super::RevisionId;
use crate::diagnostic::Location;

/// A revision as the graph sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: RevisionId,
    /// The revisions that it revises; several make it a merge point, none a base.
    pub parents: Vec<RevisionId>,
    /// Revisions or branch labels that must be applied before it without being its parents.
    pub depends_on: Vec<String>,
    /// The names of the branch that it is on.
    pub labels: Vec<String>,
    /// What it does, in its author's words.
    pub message: String,
    /// When it was made, as written.
    pub create_date: String,
    /// Where its id stands.
    pub origin: Option<Location>,
    /// Where its parents stand.
    pub parents_origin: Option<Location>,
    /// Where its labels stand.
    pub labels_origin: Option<Location>,
    /// Where its dependencies stand.
    pub depends_origin: Option<Location>,
}

impl Node {
    /// Returns a node without parents, for what has no file.
    pub fn new(id: RevisionId) -> Self {
        Self {
            id,
            parents: Vec::new(),
            depends_on: Vec::new(),
            labels: Vec::new(),
            message: String::new(),
            create_date: String::new(),
            origin: None,
            parents_origin: None,
            labels_origin: None,
            depends_origin: None,
        }
    }

    /// Returns the first line of the message.
    pub fn summary(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}
