//! `upgrade`: runs the revisions up to a target.

use migrate_core::runtime::{Options, Report};
use migrate_core::{Migrator, Result, plan};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Upgrade};
use crate::connect::{Database, Missing};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Upgrade, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let targets = super::targets(std::slice::from_ref(&command.target))?;
    let settings = project::settings(&config, command.timeout.as_deref())?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::history(&config, database.syntax())?;
    if history.graph().nodes().is_empty() {
        output.warning("there are no revision files; `migrate-cli revision -m \"…\"` makes one");
    }
    let migrator = Migrator::new(&history, &settings);
    if command.dry_run {
        let status = migrator.status(database.connect(Missing::Refuse)?.as_mut())?;
        let plan = plan::upgrade(history.graph(), &status.applied, &targets)?;
        super::dry_run(history.graph(), &plan, output);
        return Ok(Outcome::Done);
    }
    let mut db = database.connect(Missing::Create)?;
    let options = Options { allow_edited: command.allow_edited };
    let report = migrator.upgrade(db.as_mut(), &targets, options, &mut |event| output.event(&event));
    output.end_progress();
    told(&report?, &command.target, output);
    Ok(Outcome::Done)
}

fn told(report: &Report, target: &str, output: &mut Output<'_>) {
    if output.is_json() {
        output.value(&json!({ "finished": report.finished, "heads": report.heads }));
        return;
    }
    if report.finished.is_empty() {
        let heads = report.heads.join(", ");
        match target {
            "head" | "heads" => output.note(&format!("The database is at head: {heads}")),
            _ => output.note(&format!("Nothing to do: {target} is applied already (the database is at {heads})")),
        }
    }
}
