//! One file per command.

pub(crate) mod current;
pub(crate) mod downgrade;
pub(crate) mod heads;
pub(crate) mod history;
pub(crate) mod revision;
pub(crate) mod show;
pub(crate) mod stamp;
pub(crate) mod upgrade;

use migrate_core::plan::Plan;
use migrate_core::revision::{Graph, Target};
use migrate_core::{Error, Event, Result};
use serde_json::json;

use crate::output::Output;

/// Reads targets.
fn targets(texts: &[String]) -> Result<Vec<Target>> {
    texts.iter().map(|text| Target::parse(text).map_err(Error::from)).collect()
}

/// Shows a plan without running it.
fn dry_run(graph: &Graph, plan: &Plan, output: &mut Output<'_>) {
    if output.is_json() {
        let steps: Vec<_> = plan
            .steps
            .iter()
            .map(|step| json!({ "revision": graph.id(step.node), "direction": step.direction.word(), "resume": step.resume }))
            .collect();
        output.value(&json!({ "would_run": steps }));
        return;
    }
    for step in &plan.steps {
        let line = Event::Begin {
            direction: step.direction,
            revision: graph.id(step.node).to_owned(),
            revises: graph.texts(graph.parents(step.node)),
            message: graph.node(step.node).summary().to_owned(),
            resume: None,
        };
        output.line(&line.to_string().replacen("Running", "Would run", 1));
    }
    if plan.steps.is_empty() {
        output.note("Nothing would run.");
    }
}
