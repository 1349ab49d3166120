//! `revision`: makes a new revision file.

use std::path::{Path, PathBuf};

use migrate_core::config::Config;
use migrate_core::error::TargetError;
use migrate_core::revision::template::{self, Moment};
use migrate_core::revision::{Anchor, Directory, Graph, Node, RevisionId, Target, header};
use migrate_core::{Error, ErrorKind, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Revision};
use crate::autogenerate;
use crate::io::Io;
use crate::output::Output;
use crate::project;

pub(crate) fn run(global: &Global, command: &Revision, output: &mut Output<'_>) -> Result<Outcome> {
    let config = project::config(global, output.io)?;
    make_folders(&config, command)?;
    let directory = project::directory(&config)?;
    let graph = directory.graph();
    let parents = parents(graph, command)?;
    let moment = moment(&config, output.io)?;
    let node = node(graph, command, &parents, &moment)?;
    let text = if command.autogenerate {
        let nodes = graph.with_ancestors(parents.iter().copied());
        let sections = autogenerate::sections(&config, command, &nodes, output)?;
        if sections.is_empty() && !command.allow_empty {
            return Err(Error::usage("the migrations make what the entities say: there is nothing to write")
                .hint("`--allow-empty` writes a revision all the same"));
        }
        if sections.is_empty() { template::empty(&node, &config.dialects) } else { template::filled(&node, &sections) }
    } else {
        template::empty(&node, &config.dialects)
    };
    check_text(&node, &text)?;
    if command.sql {
        output.io.print(&text);
        return Ok(Outcome::Done);
    }
    let folder = folder(&config, &directory, command, &parents, output.io)?;
    let path = folder.join(template::file_name(&config.file_template, config.truncate_slug_length, &node, &moment));
    write_new(&path, &text)?;
    let shown = path.display().to_string();
    if output.is_json() {
        output.value(&json!({ "revision": node.id.as_str(), "path": shown }));
    } else {
        output.line(&shown);
    }
    Ok(Outcome::Done)
}

/// Makes the folders of a project that has no revision yet.
fn make_folders(config: &Config, command: &Revision) -> Result<()> {
    for folder in config.version_locations.iter().filter(|folder| !command.sql && !folder.exists()) {
        let failed = |error: std::io::Error| Error::file(folder.display().to_string(), "create", &error);
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    Ok(())
}

fn parents(graph: &Graph, command: &Revision) -> Result<Vec<usize>> {
    if command.head.is_empty() {
        let heads = graph.heads();
        if heads.len() > 1 {
            let (given, heads) = ("head".to_owned(), graph.texts(&heads));
            return Err(Error::new(ErrorKind::Target(TargetError::MultipleHeads { given, heads }))
                .hint("name the one to go on from with `--head REV`, or several `--head` to merge them"));
        }
        return Ok(heads);
    }
    let mut parents = Vec::new();
    for text in &command.head {
        let target = Target::parse(text)?;
        if target.needs_current() {
            let reason = "a new revision does not depend on where a database is".to_owned();
            return Err(TargetError::Unsuitable { given: text.clone(), reason }.into());
        }
        for node in graph.resolve(&target, &graph.no_nodes())? {
            if !graph.children(node).is_empty() && !command.splice {
                let reason = format!("{} is no head", graph.id(node));
                return Err(Error::from(TargetError::Unsuitable { given: text.clone(), reason })
                    .hint("`--splice` begins a new branch there"));
            }
            if !parents.contains(&node) {
                parents.push(node);
            }
        }
        if target.anchor == Some(Anchor::Base) && command.head.len() > 1 {
            return Err(Error::usage("`--head base` begins a new root and has no other parents"));
        }
    }
    Ok(parents)
}

fn node(graph: &Graph, command: &Revision, parents: &[usize], moment: &Moment) -> Result<Node> {
    let id = match &command.rev_id {
        Some(text) => RevisionId::parse(text).map_err(Error::usage)?,
        None => RevisionId::parse(&random_id()?).map_err(Error::usage)?,
    };
    if let Some(taken) = graph.find(id.as_str()) {
        let origin = graph.node(taken).origin.as_ref().map_or(String::new(), |at| format!(" ({})", at.file));
        return Err(Error::usage(format!("there is a revision {id} already{origin}")).hint("choose another `--rev-id`"));
    }
    if let Some(labelled) = graph.find_label(id.as_str()) {
        return Err(Error::usage(format!("`{id}` is the branch label of revision {}", graph.id(labelled)))
            .hint("choose another `--rev-id`"));
    }
    for (n, label) in command.branch_label.iter().enumerate() {
        header::check_label(label).map_err(Error::usage)?;
        if label == id.as_str() || command.branch_label[..n].contains(label) {
            return Err(
                Error::usage(format!("`{label}` would name two things")).hint("choose another `--branch-label`")
            );
        }
        if let Some(taken) = graph.find_label(label).or_else(|| graph.find(label)) {
            return Err(Error::usage(format!("`{label}` is taken by revision {}", graph.id(taken)))
                .hint("choose another `--branch-label`"));
        }
    }
    let mut depends_on = Vec::new();
    for name in &command.depends_on {
        // A label stays one; the beginning of an id is written out.
        let found = graph.lookup(name)?;
        depends_on.push(if graph.find_label(name).is_some() { name.clone() } else { graph.id(found).to_owned() });
    }
    let message = command.message.clone().unwrap_or_default();
    let mut node = Node::new(id);
    node.parents = parents.iter().map(|parent| graph.node(*parent).id.clone()).collect();
    node.depends_on = depends_on;
    node.labels.clone_from(&command.branch_label);
    node.message = if message.trim().is_empty() { "empty message".to_owned() } else { message.trim().to_owned() };
    node.create_date.clone_from(&moment.date);
    Ok(node)
}

/// Refuses a message that would be read as a header line or as a directive.
fn check_text(node: &Node, text: &str) -> Result<()> {
    let lines = |node: &Node| node.message.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    match header::parse(text, "") {
        Ok(read) if read.node.id == node.id && lines(&read.node) == lines(node) => Ok(()),
        _ => Err(Error::usage("a line of the message would be read as a header line or a directive")
            .hint("word it in another way: no line of it may begin with `migrate:` or with a key as `Revises:`")),
    }
}

/// Returns twelve random hex digits, as Alembic's ids are.
fn random_id() -> Result<String> {
    let mut bytes = [0_u8; 6];
    getrandom::fill(&mut bytes).map_err(|e| Error::usage(format!("the system gives no random numbers: {e}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn moment(config: &Config, io: &Io) -> Result<Moment> {
    let zone = jiff::tz::TimeZone::get(&config.timezone).map_err(|_| {
        Error::sources(vec![
            migrate_core::Diagnostic::new(
                "timezone",
                config.timezone_at.clone(),
                format!("`timezone` names no time zone: {}", config.timezone),
            )
            .help("write a name of the IANA database, as in \"Europe/Berlin\", or \"UTC\""),
        ])
    })?;
    let now = match io.now {
        Some(seconds) => jiff::Timestamp::from_second(seconds).unwrap_or_default(),
        None => jiff::Timestamp::now(),
    };
    let date = now.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S%:z").to_string();
    Ok(Moment { date, epoch: now.as_second() })
}

fn folder(config: &Config, directory: &Directory, command: &Revision, parents: &[usize], io: &Io) -> Result<PathBuf> {
    let locations = &config.version_locations;
    if let Some(path) = &command.version_path {
        let path = io.folder.join(path);
        let same =
            |a: &Path, b: &Path| a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        let found = locations.iter().find(|location| same(location, &path));
        return found.cloned().ok_or_else(|| {
            let known: Vec<_> = locations.iter().map(|location| location.display().to_string()).collect();
            Error::usage(format!("{} is none of the `version_locations` of migrate.toml", path.display()))
                .hint(format!("known are {}", known.join(", ")))
        });
    }
    if let [only] = locations.as_slice() {
        return Ok(only.clone());
    }
    let parent =
        parents.first().and_then(|parent| Path::new(&directory.file(*parent).path).parent().map(Path::to_owned));
    parent.ok_or_else(|| {
        Error::usage("there are several `version_locations`").hint("name the folder with `--version-path`")
    })
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let failed = |error: std::io::Error| {
        let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
        let error = Error::file(path.display().to_string(), "create", &error);
        if exists {
            error.hint("`file_template` in migrate.toml gives two revisions this name; add {rev}")
        } else {
            error
        }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
