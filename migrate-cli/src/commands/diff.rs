//! `diff`: compares two schemas.

use migrate_core::author::{self, Folded, Project};
use migrate_core::{Error, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Diff, Global};
use crate::connect::Database;
use crate::format::difference;
use crate::output::Output;
use crate::project;
use crate::source::{self, Place, Source};

pub(crate) fn run(global: &Global, command: &Diff, output: &mut Output<'_>) -> Result<Outcome> {
    let (before, after) = (Source::parse(&command.before)?, Source::parse(&command.after)?);
    if before == Source::Database && after == Source::Database {
        return Err(Error::usage("both sides are the database"));
    }
    let config = project::config(global, output.io)?;
    let is_live = [&before, &after].contains(&&Source::Database);
    let (syntax, live) = if is_live {
        let database = Database::find(global, &config, output.io)?;
        if command.dialect.as_deref().is_some_and(|name| name != database.syntax().name) {
            return Err(Error::usage(format!("the database is {}, and `--dialect` is not", database.syntax().name)));
        }
        (database.syntax(), Some(source::live(&database, &config)?))
    } else {
        (project::dialect(global, &config, command.dialect.as_deref(), output.io)?, None)
    };
    let project = Project::read(&config)?;
    let version = command.server_version.or_else(|| live.as_ref().and_then(|live| live.version));
    let place = Place { global, config: &config, project: &project, syntax, version };
    let side = |source: &Source| match source {
        Source::Database => Ok(None),
        source => place.folded(source, output.io).map(Some),
    };
    let folded = [side(&before)?, side(&after)?];
    let warnings: Vec<_> = folded.iter().flatten().flat_map(|folded| folded.warnings.clone()).collect();
    source::warn(&warnings, output);
    let mut live = live.map(|live| live.schema).unwrap_or_default();
    for folded in folded.iter().flatten().filter(|_| is_live) {
        author::adopt(&mut live, folded);
    }
    let [one, other] = folded.each_ref().map(|folded| match folded {
        Some(Folded { schema, .. }) => schema,
        None => &live,
    });
    let differences = project::schemas(syntax)?.compare(one, other);
    let sides = [before.side(&command.before), after.side(&command.after)];
    let found = differences.iter().any(difference::is_certain);
    if output.is_json() {
        let values: Vec<_> = differences.iter().map(difference::value).collect();
        output.value(&json!({
            "format": 1,
            "dialect": syntax.name,
            "before": command.before,
            "after": command.after,
            "differences": values,
        }));
    } else {
        source::tell(&differences, [&sides[0], &sides[1]], output);
        if !found {
            output.note(&format!("No differences between {} and {}", command.before, command.after));
        }
    }
    Ok(if found && command.exit_code { Outcome::Found } else { Outcome::Done })
}
