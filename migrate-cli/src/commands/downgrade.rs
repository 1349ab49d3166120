//! `downgrade`: runs the way back down to a target.

use migrate_core::revision::Target;
use migrate_core::{Migrator, Result, plan};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Downgrade, Global};
use crate::connect::{Database, Missing};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Downgrade, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let target = Target::parse(&command.target)?;
    let settings = project::settings(&config, command.timeout.as_deref())?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::history(&config, database.syntax())?;
    let migrator = Migrator::new(&history, &settings);
    let mut db = database.connect(Missing::Refuse)?;
    if command.dry_run {
        let status = migrator.status(db.as_mut())?;
        let plan = plan::downgrade(history.graph(), &status.applied, &target)?;
        super::dry_run(history.graph(), &plan, output);
        return Ok(Outcome::Done);
    }
    let report = migrator.downgrade(db.as_mut(), &target, &mut |event| output.event(&event));
    output.end_progress();
    let report = report?;
    if output.is_json() {
        output.value(&json!({ "finished": report.finished, "heads": report.heads }));
    } else if report.finished.is_empty() {
        output.note(&format!("Nothing to do: nothing above {} is applied", command.target));
    }
    Ok(Outcome::Done)
}
