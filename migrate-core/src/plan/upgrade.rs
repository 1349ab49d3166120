//! The plan of an upgrade.

use super::{Applied, Direction, Plan, Row, State, Step};
use crate::error::{Error, Refusal, Result, TargetError};
use crate::revision::{Graph, Target};

/// Plans the way up to all of these targets.
///
/// # Errors
///
/// A target that cannot be resolved or that goes down; a revision that was left in the middle and is not on the way;
/// something to do in a database that has revisions which no file has.
///
/// ```
/// use migrate_core::plan::{self, Applied};
/// use migrate_core::revision::{Graph, Node, RevisionId, Target};
/// let graph = Graph::new(vec![Node::new(RevisionId::parse("a")?)]).unwrap();
/// let plan = plan::upgrade(&graph, &Applied::default(), &[Target::parse("head").unwrap()]).unwrap();
/// assert_eq!(plan.steps.len(), 1);
/// # Ok::<(), String>(())
/// ```
pub fn upgrade(graph: &Graph, applied: &Applied, targets: &[Target]) -> Result<Plan> {
    let done = applied.nodes(graph);
    let mut goal = Vec::new();
    for target in targets {
        if target.anchor.is_none() && target.offset < 0 {
            let reason = "it goes down; `downgrade` does that".to_owned();
            return Err(TargetError::Unsuitable { given: target.given().to_owned(), reason }.into());
        }
        goal.extend(graph.resolve(target, &done)?);
    }
    let missing = graph.with_ancestors(goal).without(&done);
    let mut steps = Vec::new();
    for node in missing.iter() {
        let resume = applied.row(graph.id(node)).map(|row| row.statements_done);
        steps.push(Step { node, direction: Direction::Upgrade, resume });
    }
    if let Some(row) = applied.partial() {
        let on_the_way = graph.find(&row.revision).is_some_and(|node| missing.contains(node));
        if row.state == State::Downgrading || (!on_the_way && !steps.is_empty()) {
            return Err(stands_in_the_middle(row, State::Upgrading));
        }
    }
    if !steps.is_empty() {
        refuse_unknown(graph, applied)?;
    }
    Ok(Plan { steps })
}

pub(super) fn refuse_unknown(graph: &Graph, applied: &Applied) -> Result<()> {
    let unknown = applied.unknown(graph);
    if unknown.is_empty() {
        return Ok(());
    }
    let revisions = unknown.into_iter().map(Applied::describe).collect();
    Err(Error::refused(Refusal::UnknownApplied { revisions })
        .hint("get the files: they may be on another git branch, or in a newer release")
        .hint("`migrate-cli stamp --purge REV` forgets them, if the database is at REV without them"))
}

pub(super) fn stands_in_the_middle(row: &Row, going: State) -> Error {
    let (reason, hint) = match row.state {
        State::Downgrading if going == State::Upgrading => (
            "its downgrade was begun and must be finished first",
            format!("`migrate-cli downgrade {}@-1` goes on with it; `migrate-cli stamp` decides by hand", row.revision),
        ),
        State::Upgrading if going == State::Downgrading => (
            "its upgrade was begun and must be finished first",
            format!("`migrate-cli upgrade {}` goes on with it; `migrate-cli stamp` decides by hand", row.revision),
        ),
        _ => (
            "it must be finished first",
            match row.state {
                State::Upgrading => format!("`migrate-cli upgrade {}` goes on with it", row.revision),
                _ => format!("`migrate-cli downgrade {}@-1` goes on with it", row.revision),
            },
        ),
    };
    Error::refused(Refusal::Partial {
        revision: row.revision.clone(),
        state: row.state.word().to_owned(),
        done: row.statements_done as u64,
        total: row.statements_total as u64,
        reason: reason.to_owned(),
    })
    .hint(hint)
}
