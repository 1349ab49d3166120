//! `upgrade`: runs the revisions up to a target.

use migrate_core::config::Config;
use migrate_core::error::Class;
use migrate_core::plan::{self, Applied};
use migrate_core::revision::{Graph, Target};
use migrate_core::runtime::{Options, Report};
use migrate_core::{Error, Migrator, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Upgrade};
use crate::connect::{Database, Missing};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Upgrade, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    if command.sql {
        return sql(global, &config, &command.target, output);
    }
    let targets = super::targets(std::slice::from_ref(&command.target))?;
    let settings = project::settings(&config, command.timeout.as_deref())?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::history(&config, database.syntax())?;
    if history.graph().nodes().is_empty() {
        output.warning("there are no revision files; `migrate-cli revision -m \"…\"` makes one");
        told(&Report::default(), history.graph(), &command.target, output);
        return Ok(Outcome::Done);
    }
    super::check_targets(history.graph(), &targets)?;
    let migrator = Migrator::new(&history, &settings);
    if command.dry_run {
        let applied = match database.connect(Missing::Refuse) {
            Ok(mut db) => migrator.status(db.as_mut())?.applied,
            Err(error) if database.is_missing() && error.class() == Class::Database => {
                output.note("The database does not exist yet: the upgrade creates it");
                Applied::default()
            }
            Err(error) => return Err(error),
        };
        let plan = plan::upgrade(history.graph(), &applied, &targets)?;
        super::dry_run(history.graph(), &plan, output);
        return Ok(Outcome::Done);
    }
    let mut db = database.connect(Missing::Create)?;
    let options = Options { allow_edited: command.allow_edited };
    let report = migrator.upgrade(db.as_mut(), &targets, options, &mut |event| output.event(&event));
    output.end_progress();
    told(&report?, history.graph(), &command.target, output);
    Ok(Outcome::Done)
}

/// Prints the script from one revision, or from nothing, to another.
fn sql(global: &Global, config: &Config, range: &str, output: &mut Output<'_>) -> Result<Outcome> {
    let (from, to) = range.split_once(':').unwrap_or(("base", range));
    if to.contains(':') {
        return Err(Error::usage(format!("`{range}` has two colons")).hint("write FROM:TO"));
    }
    let database = Database::find(global, config, output.io)?;
    let history = project::history(config, database.syntax())?;
    let applied = super::applied_at(&history, if from.is_empty() { "base" } else { from })?;
    let plan = plan::upgrade(history.graph(), &applied, &[Target::parse(if to.is_empty() { "head" } else { to })?])?;
    super::print_script(&history, config, &applied, &plan, &database, output);
    Ok(Outcome::Done)
}

fn told(report: &Report, graph: &Graph, target: &str, output: &mut Output<'_>) {
    if output.is_json() {
        output.value(&json!({ "finished": report.finished, "heads": report.heads }));
        return;
    }
    if report.finished.is_empty() {
        let (known, unknown): (Vec<_>, Vec<_>) = report.heads.iter().cloned().partition(|id| graph.find(id).is_some());
        if !unknown.is_empty() {
            output.warning(&format!("the database has revisions that no file here has: {}", unknown.join(", ")));
        }
        let heads = known.join(", ");
        match target {
            _ if heads.is_empty() => output.note("Nothing to do"),
            "head" | "heads" => output.note(&format!("The database is at head: {heads}")),
            _ => output.note(&format!("Nothing to do: {target} is applied already (the database is at {heads})")),
        }
    }
}
