//! The plan of a downgrade.

use super::upgrade::{refuse_unknown, stands_in_the_middle};
use super::{Applied, Direction, Plan, State, Step};
use crate::error::Result;
use crate::revision::{Graph, NodeSet, Target};

/// Plans the way down to a target: what is above it goes, the newest first.
///
/// # Errors
///
/// A target that cannot be resolved, that is not applied, or that could mean several heads; a revision that was left
/// in the middle and is not on the way; a revision without a file that stands above what would go.
pub fn downgrade(graph: &Graph, applied: &Applied, target: &Target) -> Result<Plan> {
    if let Some(row) = applied.partial().filter(|row| row.state == State::Upgrading) {
        return Err(stands_in_the_middle(row, State::Downgrading));
    }
    let done = applied.nodes(graph);
    // A revision without a file may be the one that `-1` means.
    if target.anchor.is_none() && applied.heads(graph).iter().any(|row| graph.find(&row.revision).is_none()) {
        refuse_unknown(graph, applied)?;
    }
    let remove = graph.above(target, &done)?;
    if is_below_unknown(graph, applied, &remove) {
        refuse_unknown(graph, applied)?;
    }
    if let Some(row) = applied.partial() {
        let on_the_way = graph.find(&row.revision).is_some_and(|node| remove.contains(node));
        if !on_the_way && !remove.is_empty() {
            return Err(stands_in_the_middle(row, State::Downgrading));
        }
    }
    let steps = remove.iter().rev().map(|node| {
        let row = applied.row(graph.id(node)).filter(|row| row.state == State::Downgrading);
        Step { node, direction: Direction::Downgrade, resume: row.map(|row| row.statements_done) }
    });
    Ok(Plan { steps: steps.collect() })
}

/// Returns whether a revision without a file revises, directly or through others without one, something that goes.
fn is_below_unknown(graph: &Graph, applied: &Applied, remove: &NodeSet) -> bool {
    let gone = |id: &str| graph.find(id).is_some_and(|node| remove.contains(node));
    applied.unknown(graph).iter().any(|row| row.revises.iter().any(|parent| gone(parent)))
}
