//! `schema`: prints the schema that the revisions make, or that a database has.

use migrate_core::author::{self, Folded, Project};
use migrate_core::config::Config;
use migrate_core::revision::Target;
use migrate_core::{Error, Result};

use crate::Outcome;
use crate::arguments::{Format, Global, Schema};
use crate::connect::Database;
use crate::format;
use crate::output::Output;
use crate::project;
use crate::source::{self, Place, Source};

pub(crate) fn run(global: &Global, command: &Schema, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    let (syntax, folded) = if command.database {
        if command.dialect.is_some() || command.server_version.is_some() {
            let message = "`--dialect` and `--server-version` are about revisions; a database has its own";
            return Err(Error::usage(message));
        }
        let database = Database::find(global, &config, output.io)?;
        (database.syntax(), live(global, &config, &database, output)?)
    } else {
        let source = Source::Target(Target::parse(&command.target)?);
        let syntax = project::dialect(global, &config, command.dialect.as_deref(), output.io)?;
        let project = Project::read(&config)?;
        let place = Place { global, config: &config, project: &project, syntax, version: command.server_version };
        (syntax, place.folded(&source, output.io)?)
    };
    source::warn(&folded.warnings, output);
    if command.format == Format::Json || output.is_json() {
        output.value(&format::schema::value(syntax.name, &folded.ours()));
        return Ok(Outcome::Done);
    }
    for statement in folded.render(project::schemas(syntax)?) {
        output.line(&format!("{statement};"));
    }
    Ok(Outcome::Done)
}

/// Reads what a database has; what others own is told apart by the revisions that it has.
fn live(global: &Global, config: &Config, database: &Database, output: &Output<'_>) -> Result<Folded> {
    let live = source::live(database, config)?;
    let mut folded = Folded::new(live.schema, migrate_core::schema::Schema::default());
    if config.external.is_some() {
        let project = Project::read(config)?;
        let place = Place { global, config, project: &project, syntax: database.syntax(), version: live.version };
        let known = place.folded(&Source::Target(Target::parse("current")?), output.io)?;
        author::adopt(&mut folded.schema, &known);
        folded.external = known.external;
    }
    Ok(folded)
}
