//! What a run prints: results on stdout, everything else on stderr.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use indicatif::{ProgressBar, ProgressStyle};
use migrate_core::error::{Class, StatementError};
use migrate_core::{Diagnostic, Error, ErrorKind, Event, Location};
use serde_json::{Value, json};

use crate::arguments::{Color, Global};
use crate::io::Io;

/// The streams, with what the global flags say about them.
pub(crate) struct Output<'a> {
    pub(crate) io: &'a mut Io,
    quiet: bool,
    verbose: bool,
    json: bool,
    color: bool,
    progress: Option<ProgressBar>,
    done: usize,
    /// What no error may quote.
    secrets: Vec<String>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(io: &'a mut Io, global: &Global, secrets: Vec<String>) -> Self {
        let no_color = io.environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => io.stderr_is_terminal && !no_color,
        };
        let (quiet, verbose, json) = (global.quiet, global.verbose, global.json);
        Self { io, quiet, verbose, json, color, progress: None, done: 0, secrets }
    }

    /// Returns whether results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Returns whether more is wanted.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Prints a line of the result.
    pub(crate) fn line(&mut self, text: &str) {
        self.io.print(&format!("{text}\n"));
    }

    /// Prints the result as JSON.
    pub(crate) fn value(&mut self, value: &Value) {
        self.line(&format!("{value:#}"));
    }

    /// Prints a line for people, unless they want none; to a program it is an object on a line of its own.
    pub(crate) fn note(&mut self, text: &str) {
        if self.json && !self.quiet {
            self.aside(&json!({ "note": text }).to_string());
        } else if !self.quiet {
            self.aside(text);
        }
    }

    /// Prints a warning; `-q` does not hide it.
    pub(crate) fn warning(&mut self, text: &str) {
        if self.json {
            self.aside(&json!({ "warning": text }).to_string());
        } else {
            self.aside(&format!("warning: {text}"));
        }
    }

    /// Prints a warning about a place in the user's files.
    pub(crate) fn warning_at(&mut self, diagnostic: &Diagnostic) {
        match &diagnostic.location {
            Some(location) if !self.json => {
                let help = diagnostic.help.as_deref();
                let text = self.snippet(Level::WARNING, &diagnostic.message, location, diagnostic.length, "", help);
                self.aside(&text);
            }
            _ => self.warning(&diagnostic.to_string()),
        }
    }

    fn aside(&mut self, text: &str) {
        match &self.progress {
            Some(bar) => bar.suspend(|| self.io.error(&format!("{text}\n"))),
            None => self.io.error(&format!("{text}\n")),
        }
    }

    /// Prints what a run tells.
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::Planned { steps } => {
                if self.io.stderr_is_terminal && !self.quiet && !self.json && self.progress.is_none() {
                    self.progress = Some(bar(*steps));
                    self.done = 0;
                }
                if self.verbose {
                    self.note(&event.to_string());
                }
            }
            Event::Begin { revision, .. } => {
                self.note(&event.to_string());
                if let Some(bar) = &self.progress {
                    bar.set_message(revision.clone());
                }
            }
            Event::End { .. } => {
                self.done += 1;
                if let Some(bar) = &self.progress {
                    bar.set_position(self.done as u64);
                }
                if self.verbose {
                    self.note(&event.to_string());
                }
            }
            Event::Note(text) => self.note(text),
            _ => self.note(&event.to_string()),
        }
    }

    /// Takes the progress bar away.
    pub(crate) fn end_progress(&mut self) {
        if let Some(bar) = self.progress.take() {
            bar.finish_and_clear();
        }
    }

    /// Prints an error.
    pub(crate) fn error(&mut self, error: &Error) {
        self.end_progress();
        if self.json {
            let text = format!("{}\n", error_value(error));
            self.io.error(&self.without_secrets(text));
            return;
        }
        let text = match error.kind() {
            ErrorKind::Sources(diagnostics) => {
                diagnostics.iter().map(|diagnostic| self.diagnostic(diagnostic)).collect::<Vec<_>>().join("\n\n")
            }
            ErrorKind::Statement(failed) => self.statement(failed),
            _ => error
                .to_string()
                .lines()
                .map(|line| format!("{} {line}", self.paint("error:")))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        let hints: String = error.hints().iter().map(|hint| format!("{} {hint}\n", self.paint("hint:"))).collect();
        self.io.error(&self.without_secrets(format!("{text}\n{hints}")));
    }

    fn without_secrets(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| text.replace(secret.as_str(), "…"))
    }

    fn paint(&self, word: &str) -> String {
        match (self.color, word) {
            (true, "error:") => format!("\u{1b}[1;31m{word}\u{1b}[0m"),
            (true, _) => format!("\u{1b}[1;36m{word}\u{1b}[0m"),
            (false, _) => word.to_owned(),
        }
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> String {
        let help = diagnostic.help.as_deref();
        match &diagnostic.location {
            Some(location) => self.snippet(Level::ERROR, &diagnostic.message, location, diagnostic.length, "", help),
            None => format!("{} {}", self.paint("error:"), diagnostic.message),
        }
    }

    fn statement(&self, failed: &StatementError) -> String {
        let title = format!("{} of {} failed: {}", failed.direction, failed.revision, failed.database.message);
        let code = failed.database.code.as_deref().unwrap_or_default();
        let mut text =
            self.snippet(Level::ERROR, &title, &failed.location, failed.length, code, failed.database.hint.as_deref());
        if let Some(detail) = &failed.database.detail {
            text.push_str(&format!("\n  detail: {detail}"));
        }
        let kept = match (failed.partial, failed.finished.as_slice()) {
            (Some((done, total)), _) => {
                format!(
                    "{} statements of {total} are done and stay; the same command goes on after them once the cause is removed",
                    done
                )
            }
            (None, []) => "nothing was changed".to_owned(),
            (None, [only]) => format!("the revision was rolled back; {only} before it is done and stays"),
            (None, [.., last]) => {
                let count = failed.finished.len();
                format!("the revision was rolled back; the {count} before it are done and stay, the last is {last}")
            }
        };
        format!("{text}\n  {kept}")
    }

    /// Shows a place with its line, where the file can be read.
    fn snippet(
        &self,
        level: Level<'static>,
        title: &str,
        location: &Location,
        length: u32,
        label: &str,
        help: Option<&str>,
    ) -> String {
        let path = self.io.folder.join(&location.file);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let text = if location.file.ends_with(".toml") { without_urls(&text) } else { text };
        let place = format!("{location}");
        let title = format!("{place}: {title}");
        let Some((line, span)) = line_and_span(&text, location, length) else {
            let help = help.map_or(String::new(), |help| format!("\n  help: {help}"));
            return format!("{} {title}{help}", self.paint("error:"));
        };
        let annotation = AnnotationKind::Primary.span(span);
        let annotation = if label.is_empty() { annotation } else { annotation.label(label.to_owned()) };
        let snippet = Snippet::source(line).line_start(location.line as usize).path(location.file.clone());
        let mut group = level.primary_title(title).element(snippet.annotation(annotation));
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help.to_owned()));
        }
        let renderer = if self.color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group]).to_string()
    }
}

/// Empties the lines of a migrate.toml that may hold a password.
fn without_urls(text: &str) -> String {
    let is_secret = |line: &str| line.contains("url") || line.contains("://") || line.contains("password");
    text.lines().map(|line| if is_secret(line) { "\n".to_owned() } else { format!("{line}\n") }).collect()
}

/// Returns a line of a text and the bytes of some of its characters.
fn line_and_span(text: &str, location: &Location, length: u32) -> Option<(String, std::ops::Range<usize>)> {
    let line = text.lines().nth(location.line.checked_sub(1)? as usize)?;
    let line = if location.line == 1 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
    let line = line.trim_end().to_owned();
    // A place on an empty line has nothing to show.
    if line.is_empty() {
        return None;
    }
    let byte = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
    let start = location.column.saturating_sub(1) as usize;
    let span = byte(start)..byte(start + length as usize).max(byte(start));
    Some((line.clone(), span))
}

fn bar(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    bar
}

fn error_value(error: &Error) -> Value {
    let class = match error.class() {
        Class::Usage => "usage",
        Class::Project => "project",
        Class::Database => "database",
    };
    let place =
        |location: &Location| json!({ "file": location.file, "line": location.line, "column": location.column });
    let mut value = json!({ "class": class, "message": error.to_string(), "hints": error.hints() });
    match error.kind() {
        ErrorKind::Sources(diagnostics) => {
            value["diagnostics"] = diagnostics
                .iter()
                .map(|d| {
                    json!({ "code": d.code, "message": d.message, "help": d.help, "location": d.location.as_ref().map(place) })
                })
                .collect();
        }
        ErrorKind::Statement(failed) => {
            value["statement"] = json!({
                "revision": failed.revision,
                "direction": failed.direction,
                "location": place(&failed.location),
                "statement": failed.statement,
                "message": failed.database.message,
                "code": failed.database.code,
                "finished": failed.finished,
                "partial": failed.partial,
            });
        }
        _ => {}
    }
    json!({ "error": value })
}
