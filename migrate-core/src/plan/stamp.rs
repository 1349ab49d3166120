//! What `stamp` writes.

use super::Applied;
use super::upgrade::refuse_unknown;
use crate::error::{Result, TargetError};
use crate::revision::{Anchor, Graph, Target};

/// The rows that a stamp writes and deletes; nothing runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The nodes that become applied, in the graph's order; those that were left in the middle are among them.
    pub insert: Vec<usize>,
    /// The ids of the rows that go, the newest first.
    pub delete: Vec<String>,
}

/// Plans a stamp: the targets and their ancestors become rows, and every other row goes.
///
/// With `purge` the rows of revisions that no file has go too; otherwise they are refused.
///
/// # Errors
///
/// A target that cannot be resolved, or that names a branch's base; revisions that no file has.
pub fn stamp(graph: &Graph, applied: &Applied, targets: &[Target], purge: Purge) -> Result<Stamp> {
    if purge == Purge::No {
        refuse_unknown(graph, applied)?;
    }
    let done = applied.nodes(graph);
    let mut nodes = Vec::new();
    for target in targets {
        let resolved = graph.resolve(target, &done)?;
        if resolved.is_empty() && (target.branch.is_some() || target.anchor != Some(Anchor::Base)) {
            let reason = "it names no revision to stamp; name the one below it".to_owned();
            if !(matches!(target.anchor, Some(Anchor::Heads | Anchor::Current)) && target.branch.is_none()) {
                return Err(TargetError::Unsuitable { given: target.given().to_owned(), reason }.into());
            }
        }
        nodes.extend(resolved);
    }
    let goal = graph.with_ancestors(nodes);
    let is_done = |node: usize| applied.row(graph.id(node)).is_some_and(|row| row.state == super::State::Applied);
    let insert = goal.iter().filter(|node| !is_done(*node)).collect();
    let known = (0..graph.nodes().len()).rev().filter(|node| !goal.contains(*node)).map(|node| graph.id(node));
    let mut delete: Vec<String> = applied.unknown(graph).iter().map(|row| row.revision.clone()).collect();
    delete.extend(known.filter(|id| applied.row(id).is_some()).map(str::to_owned));
    Ok(Stamp { insert, delete })
}

/// Whether a stamp forgets revisions that no file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purge {
    /// It does.
    Yes,
    /// It refuses them.
    No,
}
