//! Command lines and what they print, as the text of a snapshot.
//!
//! A [`Transcript`] runs in-process in a scratch folder, which its text calls `/project`. What differs from one run to
//! the next (times, random ids, the server's port) has a fixed name in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use migrate_cli::Io;
use migrate_test_support::project::Scratch;
use migrate_test_support::{hermetic, run};

/// Runs command lines one after the other and writes down what happens.
pub(crate) struct Transcript {
    text: String,
    scratch: Scratch,
    environment: BTreeMap<String, String>,
    /// What is shown in place of what.
    names: Vec<(String, String)>,
    /// What no output may contain.
    secrets: Vec<String>,
    leaks: String,
    in_process: bool,
}

impl Transcript {
    /// Begins with an empty folder.
    #[track_caller]
    pub(crate) fn new() -> Self {
        Self {
            text: String::new(),
            scratch: Scratch::new(),
            environment: BTreeMap::new(),
            names: Vec::new(),
            secrets: Vec::new(),
            leaks: String::new(),
            in_process: true,
        }
    }

    /// Runs the binary instead, without the `PG*` of whoever runs the tests, which core reads from the process.
    pub(crate) fn binary(&mut self) -> &mut Self {
        self.in_process = false;
        self
    }

    /// Begins a case: an empty folder and environment, and a heading in the text.
    #[track_caller]
    pub(crate) fn case(&mut self, title: &str) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        writeln!(self.text, "## {title}").unwrap();
        self.scratch = Scratch::new();
        self.environment.clear();
        self
    }

    /// Writes a file of the folder.
    #[track_caller]
    pub(crate) fn file(&mut self, path: &str, text: &str) -> &mut Self {
        self.scratch.write(path, text);
        self
    }

    /// Returns the folder.
    pub(crate) fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Sets a variable of the environment.
    pub(crate) fn variable(&mut self, name: &str, value: &str) -> &mut Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Shows a text under another name.
    pub(crate) fn name(&mut self, text: &str, name: &str) -> &mut Self {
        self.names.push((text.to_owned(), name.to_owned()));
        self
    }

    /// Forbids a password in what is printed: as a whole, and each of its parts that a URL's syntax might cut out.
    pub(crate) fn secret(&mut self, password: &str) -> &mut Self {
        let parts = password.split(['@', '/', '%', ':']).filter(|part| part.len() > 3);
        // A server that trusts everybody has none.
        self.secrets.extend(parts.chain([password]).filter(|part| !part.is_empty()).map(str::to_owned));
        self
    }

    /// Runs a command line, whose words may stand in quotes, and writes down its code and output.
    #[track_caller]
    pub(crate) fn run(&mut self, line: &str) -> &mut Self {
        self.run_in("", line)
    }

    /// The same in a folder below.
    #[track_caller]
    pub(crate) fn run_in(&mut self, folder: &str, line: &str) -> &mut Self {
        let (code, stdout, stderr) = self.output(folder, line);
        let place = if folder.is_empty() { String::new() } else { format!("{folder} ") };
        let line = self.shown(line);
        writeln!(self.text, "{place}$ migrate-cli {line}\nexit {code}").unwrap();
        for (stream, output) in [("stdout", stdout), ("stderr", stderr)] {
            for secret in &self.secrets {
                if output.contains(secret.as_str()) {
                    self.leaks.push_str(&format!("`{secret}` is printed by {line}:\n{output}\n"));
                }
            }
            if output.is_empty() {
                continue;
            }
            writeln!(self.text, "--- {stream}\n{}", self.shown(&output).trim_end_matches('\n')).unwrap();
            if !output.ends_with('\n') {
                self.text.push_str("(no line end)\n");
            }
        }
        self
    }

    /// Runs a command line that only prepares a case and has to succeed.
    #[track_caller]
    pub(crate) fn prepare(&mut self, line: &str) -> &mut Self {
        let (code, stdout, stderr) = self.output("", line);
        assert!(code == 0, "migrate-cli {line}: {code}\n{stdout}{stderr}");
        self
    }

    /// Returns the code, the output and the errors of a command line.
    #[track_caller]
    pub(crate) fn output(&self, folder: &str, line: &str) -> (u8, String, String) {
        let folder = if folder.is_empty() { self.scratch.path().to_owned() } else { self.scratch.path().join(folder) };
        if !self.in_process {
            let mut program = hermetic(env!("CARGO_BIN_EXE_migrate-cli"));
            program.args(words(line)).current_dir(folder).env("HOME", self.scratch.path()).envs(&self.environment);
            let output = run(&mut program);
            return (u8::try_from(output.code).expect("no signal ends it"), output.stdout, output.stderr);
        }
        let mut io = Io::captured();
        io.folder = folder;
        io.environment = self.environment.clone();
        // 2026-11-22 10:00:00 UTC
        io.now = Some(1_795_341_600);
        let words = std::iter::once("migrate-cli".to_owned()).chain(words(line));
        let code = migrate_cli::run(words.map(Into::into), &mut io);
        let code = (0..=u8::MAX).find(|n| ExitCode::from(*n) == code).expect("a code is a byte");
        (code, io.stdout_text(), io.stderr_text())
    }

    /// Writes down a file.
    pub(crate) fn show(&mut self, path: &str, text: &str) {
        writeln!(self.text, "--- {path}\n{}", self.shown(text).trim_end_matches('\n')).unwrap();
    }

    /// Returns everything that was written down.
    ///
    /// # Panics
    ///
    /// Panics when a secret is in it.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        assert!(self.leaks.is_empty(), "{}", self.leaks);
        &self.text
    }

    fn shown(&self, text: &str) -> String {
        let mut text = text.replace(&self.scratch.path().display().to_string(), "/project");
        for (from, to) in &self.names {
            text = text.replace(from, to);
        }
        for (before, after, name) in [
            ("\"applied_at\": \"", "\"", "TIME"),
            ("\"duration_ms\": ", ",", "N"),
            (", applied ", " by ", "TIME"),
            ("Finished ", " ms", "ID in N"),
        ] {
            text = renamed_between(&text, before, after, name);
        }
        text
    }
}

/// Replaces what stands between two texts on one line.
fn renamed_between(text: &str, before: &str, after: &str, name: &str) -> String {
    let mut pieces = text.split(before);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let line = piece.find('\n').unwrap_or(piece.len());
        out.push_str(before);
        match piece[..line].find(after) {
            Some(at) => {
                out.push_str(name);
                out.push_str(&piece[at..]);
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// Splits a command line as a shell does, for words with and without quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match c {
            '\'' | '"' if quote.is_none_or(|open| open == c) => {
                quote = if quote.is_none() { Some(c) } else { None };
                word.get_or_insert_default();
            }
            ' ' if quote.is_none() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Compares a transcript with the snapshot of that name; `INSTA_UPDATE=always` writes it anew.
macro_rules! assert_transcript {
    ($name:literal, $transcript:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($name, $transcript.text()) })
    };
}
pub(crate) use assert_transcript;
