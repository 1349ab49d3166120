//! The sections of a revision that makes what the entities say.

use migrate_core::author::{Project, Refusal, look};
use migrate_core::config::Config;
use migrate_core::diff::{Hints, Question};
use migrate_core::entity::scan::{Facts, Scan};
use migrate_core::render::{Script, section};
use migrate_core::revision::NodeSet;
use migrate_core::revision::template::Filled;
use migrate_core::sql::Syntax;
use migrate_core::{Error, Result};

use crate::arguments::Revision;
use crate::output::Output;

/// Looks for the project's entities.
pub(crate) fn entities(config: &Config, output: &mut Output<'_>) -> Result<Scan> {
    // The command line knows no build: every feature counts as on.
    let found = look(config, config.folder(), Facts::default());
    for warning in &found.warnings {
        output.warning(&warning.to_string());
    }
    if found.problems.is_empty() { Ok(found) } else { Err(Error::sources(found.problems)) }
}

/// Returns the sections that lead from some revisions to the entities; none where there is nothing to do.
pub(crate) fn sections(
    config: &Config,
    command: &Revision,
    nodes: &NodeSet,
    output: &mut Output<'_>,
) -> Result<Vec<Filled>> {
    let project = Project::read(config)?;
    let found = entities(config, output)?;
    if found.entities.is_empty() {
        return Err(Error::usage("no struct that derives `Entity` was found, and every table would go").hint(
            "`entities` of migrate.toml names folders and files with entities; without, it is the package beside it",
        ));
    }
    let mut scripts: Vec<(&'static Syntax, Script)> = Vec::new();
    for syntax in &config.dialects {
        let folded = project.fold(syntax, None, nodes)?;
        let wanted = project.wanted(config, syntax, &found, &folded);
        if !wanted.problems.is_empty() {
            return Err(Error::sources(wanted.problems));
        }
        let hints = hints(command, wanted.hints)?;
        let script =
            project.script(syntax, nodes, &wanted.after, &hints).map_err(|refusal| refused(syntax, refusal))?;
        for hazard in &script.hazards {
            output.note(&format!("{}: {hazard}", syntax.name));
        }
        scripts.push((syntax, script));
    }
    if scripts.iter().all(|(_, script)| script.up.is_empty()) {
        return Ok(Vec::new());
    }
    Ok(written(&scripts))
}

/// Adds what the command line says.
fn hints(command: &Revision, mut hints: Hints) -> Result<Hints> {
    let pair = |flag: &str, text: &str| match text.split_once('=') {
        Some((left, right)) if !left.trim().is_empty() && !right.trim().is_empty() => {
            Ok((left.trim().to_owned(), right.trim().to_owned()))
        }
        _ => Err(Error::usage(format!("`{flag} {text}` has two sides: {flag} left=right"))),
    };
    for text in &command.rename {
        hints.renames.push(pair("--rename", text)?);
    }
    for text in &command.backfill {
        hints.backfills.push(pair("--backfill", text)?);
    }
    hints.drops.extend(command.drop.iter().cloned());
    Ok(hints)
}

fn refused(syntax: &Syntax, refusal: Refusal) -> Error {
    match refusal {
        Refusal::Sources(problems) => Error::sources(problems),
        Refusal::Questions(questions) => {
            let asked: Vec<String> = questions.iter().map(ToString::to_string).collect();
            let error = Error::usage(format!("{}: {}", syntax.name, asked.join("; ")));
            questions.iter().flat_map(Question::flags).fold(error, |error, flag| error.hint(format!("`{flag}`")))
        }
        Refusal::Unfaithful { direction, left, sql } => Error::usage(format!(
            "the {direction} that was made for {} does not do what it should, so nothing is written: {}\n{sql}",
            syntax.name,
            left.join("; ")
        ))
        .hint("write the revision by hand, and report this: it is a mistake of migrate's"),
    }
}

/// Returns the sections: one for all dialects where they agree, else one for each.
fn written(scripts: &[(&'static Syntax, Script)]) -> Vec<Filled> {
    let up = scripts.iter().map(|(syntax, script)| (syntax.name, "upgrade".to_owned(), section(&script.up)));
    let down = scripts.iter().map(|(syntax, script)| match &script.irreversible {
        Some(reason) => (syntax.name, "irreversible".to_owned(), reason.clone()),
        None => (syntax.name, "downgrade".to_owned(), section(&script.down)),
    });
    let mut sections = together(&up.collect::<Vec<_>>());
    sections.extend(together(&down.collect::<Vec<_>>()));
    sections
}

/// Writes what all dialects have in common once.
fn together(parts: &[(&str, String, String)]) -> Vec<Filled> {
    let marker = |word: &str, name: &str, sql: &str| match word {
        "irreversible" => (format!("{word}{name}: {}", sql.replace('\n', " ")), String::new()),
        _ => (format!("{word}{name}"), sql.to_owned()),
    };
    let Some((_, word, sql)) = parts.first() else { return Vec::new() };
    if parts.iter().all(|(_, other, text)| other == word && text == sql) {
        return vec![marker(word, "", sql)];
    }
    parts.iter().map(|(name, word, sql)| marker(word, &format!(" {name}"), sql)).collect()
}
