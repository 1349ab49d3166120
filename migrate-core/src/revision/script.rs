//! What runs: the statements of each revision for one dialect, up and down.

use std::borrow::Cow;
use std::ops::Range;

use super::Graph;
use crate::sql::{Run, Syntax};

/// A statement as the runtime needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptStatement {
    /// Its first byte in the revision's text.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The column at which it begins, from 1, in characters.
    pub column: u32,
    /// How it runs.
    pub run: Run,
}

/// The statements of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The line of the section's marker.
    pub line: u32,
    /// The statements in order.
    pub statements: Vec<ScriptStatement>,
    /// The checksum of all of them.
    pub checksum: String,
    /// The checksums of the first statements, by how many they are; a script of one segment need not have them.
    pub prefixes: Vec<(usize, String)>,
    /// Former checksums that are accepted.
    pub was: Vec<String>,
    /// Why there is no way, where the section is `irreversible`.
    pub irreversible: Option<String>,
}

/// Consecutive statements that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Their range in the script.
    pub statements: Range<usize>,
    /// Whether this is one statement that runs outside a transaction.
    pub outside: bool,
}

impl Script {
    /// Cuts the script into what can run in one transaction; there is always at least one segment.
    pub fn segments(&self) -> Vec<Segment> {
        segments(&self.statements.iter().map(|statement| statement.run).collect::<Vec<_>>())
    }

    /// Returns the checksum of the first `done` statements, if it is known.
    pub fn done_checksum(&self, done: usize) -> Option<&str> {
        if done == self.statements.len() {
            return Some(&self.checksum);
        }
        self.prefixes.iter().find(|(count, _)| *count == done).map(|(_, checksum)| checksum.as_str())
    }
}

/// See [`Script::segments`].
fn segments(runs: &[Run]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (n, run) in runs.iter().enumerate() {
        let outside = *run == Run::Outside;
        match segments.last_mut() {
            // A pragma around the transaction belongs to the segment before it, wherever that ran.
            Some(last) if *run == Run::Around || (!outside && !last.outside) => last.statements.end = n + 1,
            _ => segments.push(Segment { statements: n..n + 1, outside }),
        }
    }
    // Pragmas at the beginning stand before a first statement that runs outside: one segment all the same.
    if segments.len() > 1
        && !segments[0].outside
        && runs[segments[0].statements.clone()].iter().all(|r| *r == Run::Around)
    {
        let first = segments.remove(0);
        segments[0].statements.start = first.statements.start;
    }
    if segments.is_empty() {
        segments.push(Segment { statements: 0..0, outside: false });
    }
    segments
}

/// What one revision runs in one dialect.
#[derive(Clone, Debug, Default)]
pub struct Scripts {
    /// Its file, as the user would type it.
    pub file: String,
    /// The file's text, of which the statements are ranges.
    pub text: Cow<'static, str>,
    /// The way up.
    pub upgrade: Script,
    /// The way down.
    pub downgrade: Script,
}

/// The graph with what each revision runs in one dialect.
#[derive(Clone, Debug)]
pub struct History {
    syntax: &'static Syntax,
    graph: Graph,
    scripts: Vec<Scripts>,
}

impl History {
    /// Joins a graph with the scripts of its nodes, which stand in the graph's order.
    ///
    /// # Panics
    ///
    /// Panics if there is not one script for each node.
    pub fn new(syntax: &'static Syntax, graph: Graph, scripts: Vec<Scripts>) -> Self {
        assert_eq!(graph.nodes().len(), scripts.len(), "one script for each node");
        Self { syntax, graph, scripts }
    }

    /// Returns the dialect that the scripts are for.
    pub fn syntax(&self) -> &'static Syntax {
        self.syntax
    }

    /// Returns the graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns what a node runs.
    pub fn scripts(&self, node: usize) -> &Scripts {
        &self.scripts[node]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_a_script() {
        let check = |runs: &str, expect: &[(Range<usize>, bool)]| {
            let runs: Vec<Run> = runs
                .chars()
                .map(|c| match c {
                    't' => Run::Transaction,
                    'o' => Run::Outside,
                    's' => Run::Setting,
                    _ => Run::Around,
                })
                .collect();
            let found: Vec<_> = segments(&runs).into_iter().map(|s| (s.statements, s.outside)).collect();
            assert_eq!(found, expect, "{runs:?}");
        };
        check("", &[(0..0, false)]);
        check("tts", &[(0..3, false)]);
        check("tot", &[(0..1, false), (1..2, true), (2..3, false)]);
        check("oo", &[(0..1, true), (1..2, true)]);
        check("attoa", &[(0..3, false), (3..5, true)]);
        check("aoa", &[(0..3, true)]);
        check("aa", &[(0..2, false)]);
    }
}
