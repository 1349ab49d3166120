//! `check`: folds every revision up and down, or compares a database with the revisions that it has.

use migrate_core::author::{self, Folded, Folding, Project};
use migrate_core::config::{Config, Tables};
use migrate_core::dialect::Difference;
use migrate_core::error::few;
use migrate_core::plan::{Applied, State};
use migrate_core::revision::Graph;
use migrate_core::runtime::Status;
use migrate_core::sql::Syntax;
use migrate_core::{Error, Migrator, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Check, Global};
use crate::autogenerate;
use crate::connect::{Database, Missing};
use crate::format::{self, difference};
use crate::output::Output;
use crate::project;
use crate::source;

/// The two sides of a comparison.
const SIDES: [&str; 2] = ["in the migrations", "in the database"];

pub(crate) fn run(global: &Global, command: &Check, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    if command.database { database(global, &config, output) } else { offline(global, &config, output) }
}

/// Folds every revision of every dialect.
fn offline(global: &Global, config: &Config, output: &mut Output<'_>) -> Result<Outcome> {
    if Database::is_given(global) {
        output.note("The database is not looked at: `check --database` compares it with the revisions");
    }
    let project = Project::read(config)?;
    let mut problems = project.check_heads();
    let mut warnings = Vec::new();
    for syntax in &config.dialects {
        let checked = project.check(syntax);
        // What is wrong in a section that serves several dialects is told once.
        let more: Vec<_> = checked.problems.into_iter().filter(|found| !problems.contains(found)).collect();
        problems.extend(more);
        warnings.extend(checked.warnings);
    }
    source::warn(&warnings, output);
    if !problems.is_empty() {
        return Err(Error::sources(problems));
    }
    let found = autogenerate::entities(config, output)?;
    let compared = project.compare(config, &found);
    if !compared.problems.is_empty() {
        return Err(Error::sources(compared.problems));
    }
    let stale: Vec<_> = compared.stale.iter().map(author::Stale::diagnostic).collect();
    let dialects: Vec<&str> = config.dialects.iter().map(|syntax| syntax.name).collect();
    let (graph, count) = (project.graph(), project.graph().nodes().len());
    if output.is_json() {
        let heads = graph.texts(&graph.heads());
        let told: Vec<String> = stale.iter().map(ToString::to_string).collect();
        output.value(&json!({
            "format": 1, "revisions": count, "dialects": dialects, "heads": heads,
            "entities": found.entities.len(), "stale": told,
        }));
    } else {
        let revisions = if count == 1 { "1 revision folds".to_owned() } else { format!("{count} revisions fold") };
        output.line(&format!("{revisions} up and down: {}", dialects.join(", ")));
        for one in &stale {
            output.line(&one.to_string());
        }
        match found.entities.len() {
            0 => {}
            1 if stale.is_empty() => output.line("The entity agrees with them"),
            count if stale.is_empty() => output.line(&format!("The {count} entities agree with them")),
            _ => output.note("`migrate-cli revision -m \"…\" --autogenerate` writes what is missing"),
        }
    }
    Ok(if stale.is_empty() { Outcome::Done } else { Outcome::Found })
}

/// Compares a database with the revisions that its version table has.
fn database(global: &Global, config: &Config, output: &mut Output<'_>) -> Result<Outcome> {
    let database = Database::find(global, config, output.io)?;
    let syntax = database.syntax();
    let project = Project::read(config)?;
    let history = project.directory().history(&config.dialects, syntax)?;
    let mut db = database.connect(Missing::Refuse)?;
    let status = Migrator::new(&history, &config.settings).status(db.as_mut())?;
    drop(db);
    let mut live = source::live(&database, config)?;
    let folded = folded(&project, syntax, live.version, &status.applied)?.narrowed(&author::filter(config));
    author::adopt(&mut live.schema, &folded);
    source::warn(&folded.warnings, output);
    if config.tables == Tables::Mapped {
        output
            .note("`tables = \"mapped\"` is about entities, which this version does not read: all tables are compared");
    }
    let differences = project::schemas(syntax)?.compare(&folded.schema, &live.schema);
    let graph = project.graph();
    let unknown = status.applied.unknown(graph);
    let found = differences.iter().any(difference::is_certain)
        || !status.edited.is_empty()
        || !unknown.is_empty()
        || status.applied.partial().is_some();
    if output.is_json() {
        print_json(syntax, &status, graph, &differences, output);
    } else {
        print(&status, graph, &differences, output);
    }
    Ok(if found { Outcome::Found } else { Outcome::Done })
}

/// Folds what a database has run, also of a revision that it stands in the middle of.
fn folded(project: &Project, syntax: &'static Syntax, version: Option<u32>, applied: &Applied) -> Result<Folded> {
    let graph = project.graph();
    let mut folding = Folding::new(project, syntax, version);
    for node in applied.nodes(graph).iter() {
        folding.upgrade(node);
    }
    if let Some((row, node)) = applied.partial().and_then(|row| Some((row, graph.find(&row.revision)?))) {
        if row.state == State::Upgrading {
            folding.upgrade_part(node, row.statements_done);
        } else {
            folding.downgrade_part(node, row.statements_done);
        }
    }
    folding.finish()
}

fn print(status: &Status, graph: &Graph, differences: &[Difference], output: &mut Output<'_>) {
    let mut count = differences.iter().filter(|found| difference::is_certain(found)).count();
    for row in status.applied.unknown(graph) {
        output.line(&format!("revision {}: no file here has it", Applied::describe(row)));
        count += 1;
    }
    for edited in &status.edited {
        output.line(&format!(
            "revision {}: its upgrade section was changed after it had been applied ({}); `-- migrate:was {}` in it \
             accepts that",
            edited.revision, edited.file, edited.recorded
        ));
        count += 1;
    }
    if let Some(row) = status.applied.partial() {
        output.line(&format!(
            "revision {}: it is {}, {} of {} statements are done",
            row.revision,
            row.state.word(),
            row.statements_done,
            row.statements_total
        ));
        count += 1;
    }
    source::tell(differences, SIDES, output);
    let heads: Vec<String> = status.applied.heads(graph).iter().map(|row| row.revision.clone()).collect();
    let at = if heads.is_empty() { "base".to_owned() } else { few(&heads) };
    match count {
        0 => output.line(&format!("The database agrees with the migrations at {at}")),
        1 => output.note(&format!("1 difference from the migrations at {at}")),
        _ => output.note(&format!("{count} differences from the migrations at {at}")),
    }
    if !status.pending.is_empty() {
        output.note(&format!("Pending: {}", few(&graph.texts(&status.pending))));
    }
}

fn print_json(syntax: &Syntax, status: &Status, graph: &Graph, differences: &[Difference], output: &mut Output<'_>) {
    let row = |row| format::row_value(graph, row);
    let edited: Vec<_> = status
        .edited
        .iter()
        .map(|edited| {
            json!({
                "revision": edited.revision,
                "path": edited.file,
                "recorded": edited.recorded,
                "found": edited.found,
            })
        })
        .collect();
    output.value(&json!({
        "format": 1,
        "dialect": syntax.name,
        "heads": status.applied.heads(graph).iter().map(|row| &row.revision).collect::<Vec<_>>(),
        "pending": graph.texts(&status.pending),
        "unknown": status.applied.unknown(graph).into_iter().map(row).collect::<Vec<_>>(),
        "edited": edited,
        "partial": status.applied.partial().map(row),
        "differences": differences.iter().map(difference::value).collect::<Vec<_>>(),
    }));
}
