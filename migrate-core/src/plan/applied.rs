//! The rows of the version table.

use std::collections::BTreeSet;

use crate::revision::{Graph, NodeSet};

/// Where an applied revision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is done.
    Applied,
    /// It was begun and not finished.
    Upgrading,
    /// Its downgrade was begun and not finished.
    Downgrading,
}

impl State {
    /// Returns the word in the version table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Upgrading => "upgrading",
            Self::Downgrading => "downgrading",
        }
    }

    /// Reads the word in the version table.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Applied, Self::Upgrading, Self::Downgrading].into_iter().find(|state| state.word() == word)
    }
}

/// One row of the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The revision's id.
    pub revision: String,
    /// The checksum of the upgrade section that ran.
    pub checksum: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Statements done, of the direction that the state names.
    pub statements_done: usize,
    /// Statements in all.
    pub statements_total: usize,
    /// The checksum of the statements that were done, where it is not finished.
    pub done_checksum: Option<String>,
    /// The message, as it was then.
    pub message: String,
    /// When it was applied, as the database writes it.
    pub applied_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What wrote the row: `run` or `stamp`.
    pub source: String,
    /// The parents, as they were then.
    pub revises: Vec<String>,
    /// The version of migrate that wrote the row.
    pub tool_version: String,
}

impl Row {
    fn assumed(revision: &str) -> Self {
        Self {
            revision: revision.to_owned(),
            checksum: None,
            state: State::Applied,
            statements_done: 0,
            statements_total: 0,
            done_checksum: None,
            message: String::new(),
            applied_at: String::new(),
            duration_ms: 0,
            source: String::new(),
            revises: Vec::new(),
            tool_version: String::new(),
        }
    }
}

/// Everything that the version table says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Sorted by revision, byte by byte: a database sorts by its own collation.
    rows: Vec<Row>,
}

impl Applied {
    /// Returns what the version table would say after an upgrade to these revisions, for plans without a database.
    pub fn assumed<'i>(revisions: impl IntoIterator<Item = &'i str>) -> Self {
        Self::new(revisions.into_iter().map(Row::assumed).collect())
    }

    /// Returns what these rows say.
    pub fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by(|a, b| a.revision.cmp(&b.revision));
        Self { rows }
    }

    /// Returns the rows, sorted by revision.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the row of a revision.
    pub fn row(&self, revision: &str) -> Option<&Row> {
        let at = self.rows.binary_search_by(|row| row.revision.as_str().cmp(revision)).ok()?;
        Some(&self.rows[at])
    }

    /// Returns the nodes whose upgrade is finished; one whose downgrade is not finished still counts.
    pub fn nodes(&self, graph: &Graph) -> NodeSet {
        let done = self.rows.iter().filter(|row| row.state != State::Upgrading);
        graph.set(done.filter_map(|row| graph.find(&row.revision)))
    }

    /// Returns the rows of revisions that the graph does not have.
    pub fn unknown<'a>(&'a self, graph: &Graph) -> Vec<&'a Row> {
        self.rows.iter().filter(|row| graph.find(&row.revision).is_none()).collect()
    }

    /// Returns the row of the revision that was left in the middle.
    pub fn partial(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.state != State::Applied)
    }

    /// Returns the rows that nothing applied revises or depends on, revisions without a file among them; a partial row
    /// is one too, and so is what it stands on.
    pub fn heads<'a>(&'a self, graph: &Graph) -> Vec<&'a Row> {
        let mut below: BTreeSet<&str> = BTreeSet::new();
        for row in self.rows.iter().filter(|row| row.state != State::Upgrading) {
            match graph.find(&row.revision) {
                Some(node) => {
                    let under = graph.parents(node).iter().chain(graph.dependencies(node));
                    below.extend(under.map(|node| graph.id(*node)));
                }
                None => below.extend(row.revises.iter().map(String::as_str)),
            }
        }
        self.rows.iter().filter(|row| !below.contains(row.revision.as_str())).collect()
    }

    /// Describes a row in words, for messages about a revision that has no file.
    pub fn describe(row: &Row) -> String {
        let mut text = row.revision.clone();
        if !row.message.is_empty() {
            text.push_str(&format!(" \"{}\"", row.message.lines().next().unwrap_or_default()));
        }
        if !row.revises.is_empty() {
            text.push_str(&format!(", revises {}", row.revises.join(" and ")));
        }
        text.push_str(&format!(", applied {} by migrate {}", row.applied_at, row.tool_version));
        text
    }
}
