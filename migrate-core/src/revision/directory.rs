//! The folders with revision files.

use std::path::{Path, PathBuf};

use super::body::{self, Body};
use super::{Graph, History, Node, RevisionId, compile, header};
use crate::diagnostic::{Diagnostic, Location};
use crate::error::{Error, Result};
use crate::sql::Syntax;

/// A revision file, of which the header was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path, as the user would type it.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The byte at which the header ends.
    pub header_end: usize,
    id: RevisionId,
}

impl File {
    /// Reads the sections for these dialects.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn body(&self, dialects: &[&'static Syntax]) -> std::result::Result<Body, Vec<Diagnostic>> {
        body::parse(&self.text, &self.path, self.header_end, dialects)
    }
}

/// Every revision file of a project, with their graph.
#[derive(Clone, Debug)]
pub struct Directory {
    graph: Graph,
    /// In the graph's order.
    files: Vec<File>,
}

impl Directory {
    /// Reads the headers of the revision files in these folders: every `*.sql` that does not begin with a dot.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be read, and everything that is wrong with the headers and the graph.
    pub fn read(folders: &[PathBuf]) -> Result<Self> {
        let mut paths = Vec::new();
        for folder in folders {
            paths.extend(sql_files(folder)?);
        }
        let read = in_parallel(&paths, |path| read_file(path));
        let mut problems = Vec::new();
        let mut nodes = Vec::new();
        let mut files = Vec::new();
        for result in read {
            match result {
                Ok((node, file)) => {
                    nodes.push(node);
                    files.push(file);
                }
                Err(Failed::Problems(more)) => problems.extend(more),
                Err(Failed::Io(error)) => return Err(error),
            }
        }
        if !problems.is_empty() {
            return Err(Error::sources(problems));
        }
        let graph = Graph::new(nodes).map_err(Error::sources)?;
        files.sort_by_key(|file| graph.find(file.id.as_str()));
        Ok(Self { graph, files })
    }

    /// Returns the graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the file of a node.
    pub fn file(&self, node: usize) -> &File {
        &self.files[node]
    }

    /// Reads the sections of every file, for all of these dialects.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, in the order of the graph.
    pub fn bodies(&self, dialects: &[&'static Syntax]) -> Result<Vec<Body>> {
        let mut problems = Vec::new();
        let mut bodies = Vec::new();
        for result in in_parallel(&self.files, |file| file.body(dialects)) {
            match result {
                Ok(body) => bodies.push(body),
                Err(more) => problems.extend(more),
            }
        }
        if problems.is_empty() { Ok(bodies) } else { Err(Error::sources(problems)) }
    }

    /// Returns what each revision runs in one of the project's dialects.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the sections of any dialect, in the order of the graph.
    pub fn history(&self, dialects: &[&'static Syntax], syntax: &'static Syntax) -> Result<History> {
        let mut problems = Vec::new();
        let mut scripts = Vec::new();
        let compiled = in_parallel(&self.files, |file| {
            let body = file.body(dialects)?;
            let sections = body.dialects.iter().find(|sections| sections.syntax == syntax);
            Ok(sections.map(|sections| compile::scripts(&file.path, &file.text, sections)).unwrap_or_default())
        });
        for result in compiled {
            match result {
                Ok(compiled) => scripts.push(compiled),
                Err(more) => problems.extend::<Vec<Diagnostic>>(more),
            }
        }
        if !problems.is_empty() {
            return Err(Error::sources(problems));
        }
        Ok(History::new(syntax, self.graph.clone(), scripts))
    }
}

fn sql_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let shown = folder.display().to_string();
    let entries = std::fs::read_dir(folder).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let error = Error::file(shown.as_str(), "read", &error);
        if missing {
            error.hint("it is one of migrate.toml's `version_locations`; create it, or correct the path there")
        } else {
            error
        }
    })?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::file(shown.as_str(), "read", &error))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if name.ends_with(".sql") && !name.starts_with('.') && !is_folder {
            paths.push(folder.join(entry.file_name()));
        }
    }
    paths.sort();
    Ok(paths)
}

enum Failed {
    Problems(Vec<Diagnostic>),
    Io(Error),
}

fn read_file(path: &Path) -> std::result::Result<(Node, File), Failed> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failed::Io(Error::file(shown.as_str(), "read", &error)))?;
    let text = String::from_utf8(bytes).map_err(|error| Failed::Problems(vec![not_utf8(&shown, &error)]))?;
    if let Some(at) = text.find('\0') {
        let (line, column) = crate::sql::Positions::new(&text).at(at);
        let message = "the file has a NUL character, at which the databases stop reading";
        return Err(Failed::Problems(vec![
            Diagnostic::new("nul", Location::new(shown, line, column), message).help("remove it"),
        ]));
    }
    let header = header::parse(&text, &shown).map_err(Failed::Problems)?;
    let file = File { path: shown, header_end: header.end, id: header.node.id.clone(), text };
    Ok((header.node, file))
}

fn not_utf8(file: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let valid = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
    let (line, column) = crate::sql::Positions::new(&before).at(before.len());
    if matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Diagnostic::new("not-utf8", Location::file(file), "the file is UTF-16, not UTF-8")
            .help("save it as UTF-8");
    }
    Diagnostic::new("not-utf8", Location::new(file, line, column), "the file is not UTF-8 from here on")
        .help("save it as UTF-8")
}

/// Maps a list on all cores; the order stays.
fn in_parallel<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    /// Below this many files the threads cost more than they save.
    const WORTH: usize = 64;
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    if items.len() < WORTH || cores == 1 {
        return items.iter().map(map).collect();
    }
    let size = items.len().div_ceil(cores);
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            items.chunks(size).map(|chunk| scope.spawn(|| chunk.iter().map(&map).collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker does not panic")).collect()
    })
}
