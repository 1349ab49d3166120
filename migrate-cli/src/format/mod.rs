//! The lines that Alembic prints for a revision, so that scripts carry over; below, what others are printed as.

pub(crate) mod difference;
pub(crate) mod schema;

use migrate_core::plan::Row;
use migrate_core::revision::{Graph, Node, RevisionId};
use serde_json::{Value, json};

/// Which parts a line has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) parents: bool,
    pub(crate) labels: bool,
    pub(crate) tree: bool,
    pub(crate) message: bool,
}

/// Returns the line of a revision: `<base> -> 7d98 (label) (head), message`.
pub(crate) fn line(graph: &Graph, node: usize, parts: Parts, is_current: bool) -> String {
    let about = graph.node(node);
    let mut text = String::new();
    if parts.parents {
        text.push_str(&parents(about));
        if !about.depends_on.is_empty() {
            text.push_str(&format!(" ({})", about.depends_on.join(", ")));
        }
        text.push_str(" -> ");
    }
    text.push_str(about.id.as_str());
    if parts.labels && !about.labels.is_empty() {
        text.push_str(&format!(" ({})", about.labels.join(", ")));
    }
    text.push_str(&marks(graph, node, is_current, parts.tree));
    if parts.message {
        text.push_str(&format!(", {}", about.summary()));
    }
    text
}

fn marks(graph: &Graph, node: usize, is_current: bool, tree: bool) -> String {
    let mut text = String::new();
    let (revised, needed) = (!graph.children(node).is_empty(), !graph.dependents(node).is_empty());
    for (mark, is) in [
        (" (head)", !revised && !needed),
        (" (effective head)", !revised && needed),
        (" (current)", is_current),
        (" (branchpoint)", tree && graph.children(node).len() > 1),
        (" (mergepoint)", tree && graph.parents(node).len() > 1),
    ] {
        if is {
            text.push_str(mark);
        }
    }
    text
}

fn parents(node: &Node) -> String {
    if node.parents.is_empty() {
        return "<base>".to_owned();
    }
    node.parents.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}

/// Returns everything about a revision, with its message.
pub(crate) fn block(graph: &Graph, node: usize, path: &str, is_current: bool) -> String {
    let about = graph.node(node);
    let mut text = format!("Rev: {}{}\n", about.id, marks(graph, node, is_current, true));
    let word = if about.parents.len() > 1 { "Merges" } else { "Parent" };
    text.push_str(&format!("{word}: {}\n", parents(about)));
    if !about.depends_on.is_empty() {
        text.push_str(&format!("Also depends on: {}\n", about.depends_on.join(", ")));
    }
    if graph.children(node).len() > 1 {
        text.push_str(&format!("Branches into: {}\n", graph.texts(graph.children(node)).join(", ")));
    }
    if !about.labels.is_empty() {
        text.push_str(&format!("Branch names: {}\n", about.labels.join(", ")));
    }
    text.push_str(&format!("Path: {path}\n\n"));
    let own = about.parents.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ");
    let header = format!("Revision ID: {}\nRevises: {own}\nCreate Date: {}", about.id, about.create_date);
    for line in about.message.lines().chain([""]).chain(header.lines()) {
        text.push_str(format!("    {line}").trim_end());
        text.push('\n');
    }
    text
}

/// Returns a revision as JSON.
pub(crate) fn value(graph: &Graph, node: usize, path: &str) -> Value {
    let about = graph.node(node);
    json!({
        "revision": about.id.as_str(),
        "parents": about.parents.iter().map(RevisionId::as_str).collect::<Vec<_>>(),
        "depends_on": about.depends_on,
        "labels": about.labels,
        "message": about.message,
        "create_date": about.create_date,
        "path": path,
        "head": graph.children(node).is_empty(),
    })
}

/// Returns a row of the version table as JSON.
pub(crate) fn row_value(graph: &Graph, row: &Row) -> Value {
    json!({
        "revision": row.revision,
        "state": row.state.word(),
        "statements_done": row.statements_done,
        "statements_total": row.statements_total,
        "checksum": row.checksum,
        "message": row.message,
        "applied_at": row.applied_at,
        "duration_ms": row.duration_ms,
        "source": row.source,
        "revises": row.revises,
        "tool_version": row.tool_version,
        "known": graph.find(&row.revision).is_some(),
    })
}
