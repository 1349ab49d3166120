//! The case files: a title, what is there with its rows, what shall be, the flags, and what it comes to.

use std::path::{Path, PathBuf};

use migrate_core::dialect::Dialect;
use migrate_core::diff::{Hints, diff};
use migrate_core::render::{self, Script};
use migrate_core::schema::Schema;
use migrate_core::sql::{Lexer, Splitter, Syntax};

/// A case of a file.
pub(crate) struct Case {
    pub(crate) title: String,
    /// Statements that make what is there, rows among them.
    pub(crate) before: String,
    /// Statements that make what shall be.
    pub(crate) after: String,
    /// The flags, one a line.
    pub(crate) flags: String,
    result: String,
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a case file");
    let cases = text.split("\n== ").skip(1).map(|case| {
        let (title, body) = case.split_once('\n').expect("a title");
        let (input, result) = body.split_once("\n-- result\n").unwrap_or((body, ""));
        let (input, flags) = input.split_once("\n-- flags\n").unwrap_or((input, ""));
        let (before, after) = input.split_once("-- after\n").unwrap_or((input, ""));
        let [before, after, flags, result] = [before, after, flags, result].map(|text| text.trim().to_owned());
        Case { title: title.to_owned(), before, after, flags, result }
    });
    cases.collect()
}

/// Runs every case of a folder and compares what each comes to with what its file says.
pub(crate) fn run(folder: &str, run: impl Fn(&Case) -> Result<String, String>) {
    let bless = std::env::var_os("MIGRATE_BLESS").is_some();
    let only = std::env::var("MIGRATE_CASE").unwrap_or_default();
    let folder = format!("{}/tests/cases/diff/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no cases");
    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a case file");
        let mut blessed = text.split("\n== ").next().unwrap_or_default().trim_end().to_owned();
        blessed.push('\n');
        for case in read(&path) {
            let outcome = if case.title.contains(&only) { run(&case) } else { Ok(case.result.clone()) };
            let result = outcome.unwrap_or_else(|error| {
                wrong.push(format!("{name}: {}: {error}", case.title));
                case.result.clone()
            });
            let result = result.trim();
            if !bless && result != case.result {
                wrong.push(format!("{name}: {}:\n{result}\n--- instead of ---\n{}", case.title, case.result));
            }
            let part = |head: &str, text: &str| if text.is_empty() { String::new() } else { format!("{head}{text}\n") };
            blessed += &format!("\n== {}\n", case.title);
            blessed += &part("", &case.before);
            blessed += &format!("-- after\n{}", part("", &case.after));
            blessed += &part("-- flags\n", &case.flags);
            blessed += &format!("\n-- result\n{result}\n");
        }
        if bless && blessed != text {
            std::fs::write(&path, blessed).expect("a case file is written");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Returns the flags of a case as hints.
pub(crate) fn hints(flags: &str) -> Hints {
    let mut hints = Hints::default();
    for line in flags.lines() {
        let (flag, value) = line.split_once(' ').unwrap_or((line, ""));
        let pair = || {
            let (one, other) = value.split_once('=').expect("an equals sign");
            (one.to_owned(), other.to_owned())
        };
        match flag {
            "--rename" => hints.renames.push(pair()),
            "--drop" => hints.drops.push(value.to_owned()),
            "--backfill" => hints.backfills.push(pair()),
            "--described" => hints.described = true,
            other => panic!("{other} is no flag"),
        }
    }
    hints
}

/// Returns what leads from one schema to another, or the questions as text.
pub(crate) fn plan(
    before: &Schema,
    after: &Schema,
    dialect: &dyn Dialect,
    hints: &Hints,
) -> Result<Result<Script, String>, String> {
    match diff(before, after, dialect, hints) {
        Ok(operations) => Ok(Ok(render::script(&operations, before, dialect)?)),
        Err(questions) => {
            let lines = questions.iter().map(|question| {
                let flags: String = question.flags().iter().map(|flag| format!("\n     {flag}")).collect();
                format!("-- ? {question}{flags}\n")
            });
            Ok(Err(lines.collect()))
        }
    }
}

/// Returns a script as a result shows it.
pub(crate) fn shown(script: &Script) -> String {
    let mut text = format!("-- up\n{}", render::section(&script.up));
    for hazard in &script.hazards {
        text += &format!("-- ! {hazard}\n");
    }
    match &script.irreversible {
        Some(reason) => text += &format!("-- irreversible: {reason}\n"),
        None => text += &format!("-- down\n{}", render::section(&script.down)),
    }
    text
}

/// Cuts a text into statements.
pub(crate) fn split(text: &str, dialect: &str) -> Vec<String> {
    let syntax = Syntax::named(dialect).expect("a dialect");
    let mut lexer = Lexer::new(text, 0, syntax);
    let mut splitter = Splitter::new(syntax);
    let (mut from, mut found) = (0, Vec::new());
    while let Ok(Some(token)) = lexer.next_token() {
        if splitter.ends(token, text) {
            found.push(text[from..token.start].trim().to_owned());
            from = token.end;
        }
    }
    found.push(text[from..].trim().to_owned());
    found.retain(|statement| !statement.is_empty());
    found
}
