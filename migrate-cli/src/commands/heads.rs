//! `heads`: lists the heads.

use migrate_core::Result;
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Heads};
use crate::format::{self, Parts};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Heads, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let directory = project::directory(&config)?;
    let graph = directory.graph();
    let mut heads = graph.heads();
    if command.resolve_dependencies {
        heads.retain(|head| graph.dependents(*head).is_empty());
    }
    let path = |node: usize| directory.file(node).path.clone();
    if output.is_json() {
        let values: Vec<_> = heads.iter().map(|head| format::value(graph, *head, &path(*head))).collect();
        output.value(&json!(values));
        return Ok(Outcome::Done);
    }
    for head in heads {
        let parts = Parts { labels: true, ..Parts::default() };
        let line = if output.is_verbose() {
            format::block(graph, head, &path(head), false)
        } else {
            format::line(graph, head, parts, false)
        };
        output.line(&line);
    }
    Ok(Outcome::Done)
}
