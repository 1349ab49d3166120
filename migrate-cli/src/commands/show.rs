//! `show`: everything about a revision.

use migrate_core::Result;
use migrate_core::error::TargetError;
use migrate_core::revision::Target;
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Show};
use crate::format;
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Show, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let target = Target::parse(&command.target)?;
    let directory = project::directory(&config)?;
    let graph = directory.graph();
    let applied =
        if target.needs_current() { super::applied(global, &config, &directory, output)? } else { graph.no_nodes() };
    let nodes = graph.resolve(&target, &applied)?;
    if nodes.is_empty() {
        let reason = "it names no revision".to_owned();
        return Err(TargetError::Unsuitable { given: command.target.clone(), reason }.into());
    }
    if output.is_json() {
        let values: Vec<_> = nodes.iter().map(|n| format::value(graph, *n, &directory.file(*n).path)).collect();
        output.value(&json!(values));
        return Ok(Outcome::Done);
    }
    for node in nodes {
        output.line(&format::block(graph, node, &directory.file(node).path, false));
    }
    Ok(Outcome::Done)
}
