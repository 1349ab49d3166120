//! `stamp`: writes the version table without running anything.

use migrate_core::plan::Purge;
use migrate_core::{Migrator, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Stamp};
use crate::connect::{Database, Missing};
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Stamp, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let targets = super::targets(&command.targets)?;
    let database = Database::find(global, &config, output.io)?;
    let history = project::history(&config, database.syntax())?;
    super::check_targets(history.graph(), &targets)?;
    let purge = if command.purge { Purge::Yes } else { Purge::No };
    let mut db = database.connect(Missing::Refuse)?;
    let migrator = Migrator::new(&history, &config.settings);
    let stamp = migrator.stamp(db.as_mut(), &targets, purge, &mut |event| output.event(&event))?;
    let inserted = history.graph().texts(&stamp.insert);
    if output.is_json() {
        output.value(&json!({ "inserted": inserted, "deleted": stamp.delete }));
        return Ok(Outcome::Done);
    }
    for id in &inserted {
        output.note(&format!("Stamped {id} as applied"));
    }
    for id in &stamp.delete {
        output.note(&format!("Forgot {id}"));
    }
    if inserted.is_empty() && stamp.delete.is_empty() {
        output.note("Nothing to do: the version table says so already");
    }
    Ok(Outcome::Done)
}
