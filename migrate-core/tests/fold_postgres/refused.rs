//! Statements that the server refuses.
//!
//! A case is a script whose last statement is refused. Its first line says where the fold points, what stands there,
//! and what both say: ``-- 2:15 `nope`: relation "nope" does not exist``. `MIGRATE_BLESS=1` writes those lines; read
//! what it has written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use migrate_core::fold::{Folder, Problem};
use migrate_core::sql::Positions;
use migrate_test_support::postgres::Database;

use crate::{Session, connect, folder, statements};

/// Returns the case files.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fold_postgres/refused");
    let mut paths: Vec<PathBuf> =
        folder.read_dir().expect("the cases").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
}

/// What the first line of a case says: where, what stands there, and the words of both.
struct Expected<'c> {
    at: &'c str,
    token: &'c str,
    message: &'c str,
}

impl<'c> Expected<'c> {
    fn read(case: &'c str) -> Option<(Self, &'c str)> {
        let (head, script) = case.trim().split_once('\n')?;
        let (at, rest) = head.strip_prefix("-- ")?.split_once(" `")?;
        let (token, message) = rest.split_once("`: ")?;
        Some((Self { at, token, message }, script))
    }
}

/// What came of a case: what the server said, and what the fold did.
struct Answers {
    server: String,
    fold: Problem,
    /// `line:column` of the problem in the script, and the text there.
    at: String,
    token: String,
}

/// Runs a script in both; its last statement is refused.
fn run(session: &mut Session, script: &str) -> Result<Answers, String> {
    session.query("BEGIN").expect("it begins");
    let answers = last_refused(session, script);
    session.query("ROLLBACK").expect("it ends");
    answers
}

fn last_refused(session: &mut Session, script: &str) -> Result<Answers, String> {
    let mut folder = folder();
    let all = statements(script);
    let (last, before) = all.split_last().ok_or("no statement")?;
    for statement in before {
        session.query(statement).map_err(|error| format!("{statement}: {error}"))?;
        folder.statement(statement).map_err(|problem| format!("{statement}: {problem}"))?;
    }
    let kept = folder.schema().clone();
    let Err(error) = session.query(last) else { return Err("the server accepts it".to_owned()) };
    let server = error.to_string();
    let fold = match folder.statement(last) {
        Err(problem) => problem,
        Ok(effect) => return Err(format!("the fold accepts it as {effect:?}; the server says {server}")),
    };
    if *folder.schema() != kept {
        return Err("a refused statement changes nothing".to_owned());
    }
    let start = script.len() - last.len() - script.rsplit(last).next().unwrap_or_default().len();
    let (line, column) = Positions::new(script).at(start + fold.at.start);
    let token = last[fold.at.clone()].to_owned();
    Ok(Answers { server, fold, at: format!("{line}:{column}"), token })
}

fn check(session: &mut Session, case: &str) -> Result<(), String> {
    let Some((expected, script)) = Expected::read(case) else {
        run(session, case)?;
        return Err("the first line says nothing".to_owned());
    };
    let answers = run(session, script)?;
    if expected.message.len() < 12 {
        return Err(format!("the two have little in common: {}; {}", answers.server, answers.fold));
    }
    for (who, said) in [("server", &answers.server), ("fold", &answers.fold.message)] {
        if !said.contains(expected.message) {
            return Err(format!("the {who} says {said}"));
        }
    }
    if (expected.at, expected.token) != (answers.at.as_str(), answers.token.as_str()) {
        return Err(format!("the fold points to {} `{}`: {}", answers.at, answers.token, answers.fold));
    }
    Ok(())
}

/// Returns a case with the first line that it deserves.
fn blessed(session: &mut Session, case: &str) -> String {
    let script: String = case.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    let Ok(answers) = run(session, script.trim()) else { return case.trim().to_owned() };
    let message = common(answers.server.lines().next().unwrap_or_default(), &answers.fold.message);
    format!("-- {} `{}`: {}\n{}", answers.at, answers.token, message.trim(), script.trim())
}

/// Returns the longest text that is in both.
fn common<'t>(server: &'t str, fold: &str) -> &'t str {
    let starts = server.char_indices().map(|(at, _)| at);
    let longest = starts.map(|from| {
        let ends = server[from..].char_indices().map(|(at, c)| from + at + c.len_utf8());
        let found = ends.take_while(|to| fold.contains(&server[from..*to])).last();
        &server[from..found.unwrap_or(from)]
    });
    longest.max_by_key(|text| text.len()).unwrap_or_default()
}

// What the server refuses the fold refuses, in the server's words, at the token that is to blame, and keeps what it had.
#[test]
fn the_fold_refuses_what_the_server_refuses() {
    let database = Database::create("fold_refused");
    let mut session = connect(&database);
    let bless = std::env::var_os("MIGRATE_BLESS").is_some();
    let mut failed = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a case file");
        let mut written = Vec::new();
        for case in text.split("\n--\n") {
            if bless {
                written.push(blessed(&mut session, case));
            }
            let case = written.last().map_or(case, String::as_str);
            if let Err(error) = check(&mut session, case) {
                failed.push(format!("{}\n=> {error}", case.trim()));
            }
        }
        if bless {
            std::fs::write(&path, written.join("\n--\n") + "\n").expect("a case file is written");
        }
    }
    assert!(failed.is_empty(), "{} cases failed:\n\n{}", failed.len(), failed.join("\n\n"));
}

// There are as many refusals as the project promises, and they are not the same few: of each database at least 50.
#[test]
fn there_are_enough_refusals() {
    let mut messages = BTreeSet::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a case file");
        messages.extend(text.split("\n--\n").filter_map(|case| {
            let (expected, _) = Expected::read(case)?;
            Some(expected.message.to_owned())
        }));
    }
    assert!(messages.len() >= 50, "{} different refusals of PostgreSQL", messages.len());
    let sqlite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sqlite");
    let mut messages = BTreeSet::new();
    for entry in sqlite.read_dir().expect("the cases") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("a case file");
        messages.extend(text.lines().filter_map(|line| {
            let (at, message) = line.strip_prefix("-- ")?.split_once(": refused: ")?;
            let (line, column) = at.split_once(':')?;
            assert!(line.parse::<usize>().is_ok() && column.parse::<usize>().is_ok(), "{at}");
            Some(message.to_owned())
        }));
    }
    assert!(messages.len() >= 50, "{} different refusals of SQLite", messages.len());
}
