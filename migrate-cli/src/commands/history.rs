//! `history`: lists the revisions, the newest first.

use std::collections::BTreeSet;

use migrate_core::error::TargetError;
use migrate_core::revision::{Anchor, Directory, Graph, NodeSet, Target};
use migrate_core::{Error, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, History};
use crate::format::{self, Parts};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &History, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let range = command.rev_range.as_deref().map(Range::parse).transpose()?;
    let directory = project::directory(&config)?;
    let graph = directory.graph();
    let needs_database = command.indicate_current || range.as_ref().is_some_and(Range::names_current);
    let applied = if needs_database { super::applied(global, &config, &directory, output)? } else { graph.no_nodes() };
    let members = match &range {
        Some(range) => range.members(graph, &applied)?,
        None => graph.set(0..graph.nodes().len()),
    };
    let current = if command.indicate_current { graph.heads_of(&applied) } else { Vec::new() };
    print(&directory, &members, &current, command.limit.unwrap_or(usize::MAX), output);
    Ok(Outcome::Done)
}

fn print(directory: &Directory, members: &NodeSet, current: &[usize], limit: usize, output: &mut Output<'_>) {
    let graph = directory.graph();
    let newest = members.iter().rev().take(limit);
    if output.is_json() {
        let values: Vec<_> = newest
            .map(|node| {
                let mut value = format::value(graph, node, &directory.file(node).path);
                if !current.is_empty() {
                    value["current"] = json!(current.contains(&node));
                }
                value
            })
            .collect();
        output.value(&json!(values));
        return;
    }
    let parts = Parts { parents: true, labels: true, tree: true, message: true };
    let mut text = String::new();
    for node in newest {
        let is_current = current.contains(&node);
        text.push_str(&if output.is_verbose() {
            format::block(graph, node, &directory.file(node).path, is_current)
        } else {
            format::line(graph, node, parts, is_current)
        });
        text.push('\n');
    }
    output.io.print(&text);
}

/// `A:B`, of which each end may be left out.
struct Range {
    given: String,
    lower: Option<Target>,
    upper: Option<Target>,
}

impl Range {
    fn parse(text: &str) -> Result<Self> {
        let bad = |reason: &str| {
            let error = Error::usage(format!("`-r {text}` is no range: {reason}"));
            error.hint("write A:B, A: or :B")
        };
        let Some((lower, upper)) = text.split_once(':') else { return Err(bad("it has no colon")) };
        if upper.contains(':') {
            return Err(bad("it has two colons"));
        }
        let end = |text: &str| {
            if text.is_empty() { Ok(None) } else { Target::parse(text).map(Some).map_err(Error::from) }
        };
        Ok(Self { given: text.to_owned(), lower: end(lower)?, upper: end(upper)? })
    }

    fn names_current(&self) -> bool {
        let current = |target: &Option<Target>| target.as_ref().is_some_and(|t| t.anchor == Some(Anchor::Current));
        let both_relative = |target: &Option<Target>| target.as_ref().is_some_and(|t| t.anchor.is_none());
        current(&self.lower) || current(&self.upper) || (both_relative(&self.lower) && both_relative(&self.upper))
    }

    /// Returns the revisions that come after the lower end and before the upper one, with both ends.
    fn members(&self, graph: &Graph, applied: &NodeSet) -> Result<NodeSet> {
        let relative = |target: &Option<Target>| {
            target.as_ref().filter(|t| t.anchor.is_none() && t.branch.is_none()).map(|t| t.offset)
        };
        let resolve = |target: &Target| graph.resolve(target, applied).map_err(Error::from);
        let (lower, upper) = match (relative(&self.lower), relative(&self.upper)) {
            // `-2:b` counts down from the other end, `a:+2` up from it; what goes past the end stops there.
            (Some(offset), None) => {
                let upper = self.upper.as_ref().map_or(Ok(graph.heads()), resolve)?;
                (Some(walk(graph, &upper, offset)), upper)
            }
            (None, Some(offset)) => {
                let lower = self.lower.as_ref().map_or(Ok(Vec::new()), resolve)?;
                let from = if lower.is_empty() { graph.bases() } else { lower.clone() };
                let upper = walk(graph, &from, offset);
                (self.lower.as_ref().map(|_| lower), upper)
            }
            _ => {
                (self.lower.as_ref().map(resolve).transpose()?, self.upper.as_ref().map_or(Ok(graph.heads()), resolve)?)
            }
        };
        let below = graph.with_ancestors(upper);
        let Some(lower) = lower.filter(|lower| !lower.is_empty()) else { return Ok(below) };
        if let Some(node) = lower.iter().find(|node| !below.contains(**node)) {
            let reason = format!("{} does not come before its other end", graph.id(*node));
            return Err(TargetError::Unsuitable { given: self.given.clone(), reason }.into());
        }
        Ok(graph.with_descendants(lower).and(&below))
    }
}

/// Goes so many steps from each node, down for a negative number, and stops where there is no more.
fn walk(graph: &Graph, from: &[usize], offset: i64) -> Vec<usize> {
    let mut at: BTreeSet<usize> = from.iter().copied().collect();
    for _ in 0..offset.unsigned_abs() {
        // A set: the ways through a row of merges double with each.
        let next: BTreeSet<usize> = at
            .iter()
            .flat_map(|node| {
                let next = if offset < 0 { graph.parents(*node) } else { graph.children(*node) };
                if next.is_empty() { vec![*node] } else { next.to_vec() }
            })
            .collect();
        if next == at {
            break;
        }
        at = next;
    }
    at.into_iter().collect()
}
