//! One file per command.

pub(crate) mod check;
pub(crate) mod current;
pub(crate) mod diff;
pub(crate) mod downgrade;
pub(crate) mod heads;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod revision;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod stamp;
pub(crate) mod upgrade;

use migrate_core::config::Config;
use migrate_core::error::TargetError;
use migrate_core::plan::{Applied, Plan};
use migrate_core::revision::{Directory, Graph, History, NodeSet, Target};
use migrate_core::runtime::offline;
use migrate_core::{Error, Event, Migrator, Result};
use serde_json::json;

use crate::arguments::Global;
use crate::connect::{Database, Missing};
use crate::output::Output;

/// Reads targets.
fn targets(texts: &[String]) -> Result<Vec<Target>> {
    texts.iter().map(|text| Target::parse(text).map_err(Error::from)).collect()
}

/// Refuses targets that are wrong wherever the database is, before it is connected to or created.
fn check_targets(graph: &Graph, targets: &[Target]) -> Result<()> {
    for target in targets.iter().filter(|target| !target.needs_current()) {
        graph.resolve(target, &graph.no_nodes())?;
    }
    Ok(())
}

/// Asks the database which revisions of a folder it has.
fn applied(global: &Global, config: &Config, directory: &Directory, output: &Output<'_>) -> Result<NodeSet> {
    let database = Database::find(global, config, output.io)?;
    let history = directory.history(&[database.syntax()], database.syntax())?;
    let mut db = database.connect(Missing::Refuse)?;
    Ok(Migrator::new(&history, &config.settings).status(db.as_mut())?.applied.nodes(directory.graph()))
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

/// Returns the version table of a database at a revision, as `--sql` assumes it.
fn applied_at(history: &History, target: &str) -> Result<Applied> {
    let graph = history.graph();
    let target = Target::parse(target)?;
    if target.needs_current() {
        let reason = "`--sql` asks no database; name a revision".to_owned();
        return Err(TargetError::Unsuitable { given: target.given().to_owned(), reason }.into());
    }
    let nodes = graph.resolve(&target, &graph.no_nodes())?;
    Ok(Applied::assumed(graph.with_ancestors(nodes).iter().map(|node| graph.id(node))))
}

/// Prints a plan as a script.
fn print_script(
    history: &History,
    config: &Config,
    applied: &Applied,
    plan: &Plan,
    database: &Database,
    output: &mut Output<'_>,
) {
    let from: Vec<&str> = applied.heads(history.graph()).iter().map(|row| row.revision.as_str()).collect();
    output.io.print(&offline::script(history, &config.settings, &from, plan, database.shell()));
}
