//! `downgrade`: runs the way back down to a target.

use migrate_core::config::Config;
use migrate_core::revision::Target;
use migrate_core::{Error, Migrator, Result, plan};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Downgrade, Global};
use crate::connect::{Database, Missing};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Downgrade, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    if command.sql {
        return sql(global, &config, &command.target, output);
    }
    let target = Target::parse(&command.target)?;
    let settings = project::settings(&config, command.timeout.as_deref())?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::history(&config, database.syntax())?;
    super::check_targets(history.graph(), std::slice::from_ref(&target))?;
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

/// Prints the script from one revision down to another.
fn sql(global: &Global, config: &Config, range: &str, output: &mut Output<'_>) -> Result<Outcome> {
    if range.matches(':').count() > 1 {
        return Err(Error::usage(format!("`{range}` has two colons")).hint("write FROM:TO"));
    }
    let Some((from, to)) = range.split_once(':').filter(|(from, to)| !from.is_empty() && !to.is_empty()) else {
        return Err(Error::usage(format!("`downgrade --sql {range}` does not say where to start"))
            .hint(format!("write `downgrade --sql head:{range}`")));
    };
    let database = Database::find(global, config, output.io)?;
    let history = project::history(config, database.syntax())?;
    let applied = super::applied_at(&history, from)?;
    let plan = plan::downgrade(history.graph(), &applied, &Target::parse(to)?)?;
    super::print_script(&history, config, &applied, &plan, &database, output);
    Ok(Outcome::Done)
}
