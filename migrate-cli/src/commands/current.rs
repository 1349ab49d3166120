//! `current`: shows where the database is.

use std::collections::BTreeSet;

use migrate_core::error::few;
use migrate_core::plan::{Applied, Row, State};
use migrate_core::revision::Graph;
use migrate_core::runtime::Status;
use migrate_core::{Migrator, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Current, Global};
use crate::connect::{Database, Missing};
use crate::format::{self, Parts};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Current, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::glance(&config, database.syntax())?;
    let mut db = database.connect(Missing::Refuse)?;
    let status = Migrator::new(&history, &config.settings).status(db.as_mut())?;
    let graph = history.graph();
    if output.is_json() {
        let edited: Vec<_> = status.edited.iter().map(|edited| &edited.revision).collect();
        output.value(&json!({
            "heads": heads(&status.applied, graph).iter().map(|row| format::row_value(graph, row)).collect::<Vec<_>>(),
            "applied": status.applied.rows().iter().map(|row| format::row_value(graph, row)).collect::<Vec<_>>(),
            "pending": graph.texts(&status.pending),
            "edited": edited,
        }));
    } else {
        if output.is_verbose() {
            output.line(&format!("Current revision(s) for {}:", database.shown()));
        }
        for row in heads(&status.applied, graph) {
            let node = graph.find(&row.revision);
            let mut line = match node {
                Some(node) if output.is_verbose() => format::block(graph, node, &history.scripts(node).file, false),
                Some(node) => format::line(graph, node, Parts { tree: true, ..Parts::default() }, false),
                None => format!("{} (unknown)", row.revision),
            };
            if row.state != State::Applied {
                line.push_str(&format!(" (partial {}/{})", row.statements_done, row.statements_total));
            }
            output.line(&line);
        }
        tell(&status, graph, output);
    }
    let at_heads = status.pending.is_empty() && status.applied.partial().is_none();
    Ok(if command.check_heads && !at_heads { Outcome::Found } else { Outcome::Done })
}

/// Returns the rows that nothing applied revises; as in Alembic, what others only depend on is among them.
fn heads<'a>(applied: &'a Applied, graph: &Graph) -> Vec<&'a Row> {
    let mut below: BTreeSet<&str> = BTreeSet::new();
    for row in applied.rows().iter().filter(|row| row.state != State::Upgrading) {
        match graph.find(&row.revision) {
            Some(node) => below.extend(graph.parents(node).iter().map(|parent| graph.id(*parent))),
            None => below.extend(row.revises.iter().map(String::as_str)),
        }
    }
    applied.rows().iter().filter(|row| !below.contains(row.revision.as_str())).collect()
}

/// Says on stderr what the lines of stdout do not.
fn tell(status: &Status, graph: &Graph, output: &mut Output<'_>) {
    for row in status.applied.unknown(graph) {
        output.warning(&format!("no file here has the revision {}", Applied::describe(row)));
    }
    for edited in &status.edited {
        output.warning(&format!(
            "{}: revision {} was changed after it had been applied; `-- migrate:was {}` in its upgrade section accepts that",
            edited.file, edited.revision, edited.recorded
        ));
    }
    if let Some(row) = status.applied.partial() {
        let command = match row.state {
            State::Upgrading => format!("upgrade {}", row.revision),
            _ => format!("downgrade {}@-1", row.revision),
        };
        output.note(&format!("{} is {}: `migrate-cli {command}` goes on with it", row.revision, row.state.word()));
    }
    if !status.pending.is_empty() {
        output.note(&format!("Pending: {}", few(&graph.texts(&status.pending))));
    }
}
