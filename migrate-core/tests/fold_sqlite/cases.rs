//! The case files: statements, and what each comes to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use migrate_core::dialect::Dialect;
use migrate_core::dialect::sqlite::Sqlite;
use migrate_core::fold::{Effect, Folder};
use migrate_core::introspect::{Filter, sqlite};
use migrate_core::schema::Schema;
use migrate_core::sql::Positions;

use crate::both::{Both, Outcome, split};
use crate::{kinds, pragmas};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/sqlite");

/// What separates a case's statements from what they come to.
const RESULT: &str = "\n-- result\n";

/// A case of a file: what it pins, the oldest SQLite that it is about, its statements, its result.
struct Case {
    title: String,
    since: i32,
    sql: String,
    result: String,
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a case file");
    let cases = text.split("\n== ").skip(1).map(|case| {
        let (head, body) = case.split_once('\n').expect("a title");
        let (title, since) = match head.split_once(" (since ") {
            Some((title, since)) => (title, since.trim_end_matches(')').parse().expect("a version number")),
            None => (head, 0),
        };
        let (sql, result) = body.split_once(RESULT).unwrap_or((body, ""));
        Case { title: title.to_owned(), since, sql: sql.trim_end().to_owned(), result: result.trim_end().to_owned() }
    });
    cases.collect()
}

fn files() -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(FOLDER).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    paths
}

/// Runs a case in both and returns what it comes to.
fn run(case: &Case) -> Result<String, String> {
    let mut both = Both::new();
    let mut result = String::new();
    let positions = Positions::new(&case.sql);
    for (start, statement) in split(&case.sql) {
        let (line, _) = positions.at(start);
        match both.run(&statement)? {
            Outcome::Accepted(Effect::Schema) => {}
            Outcome::Accepted(effect) => writeln!(result, "-- {line}: {effect:?}").expect("text"),
            Outcome::Refused(problem) => {
                let (line, column) = positions.at(start + problem.at.start);
                writeln!(result, "-- {line}:{column}: refused: {problem}").expect("text");
            }
            Outcome::Unclear(problem) => {
                let (line, column) = positions.at(start + problem.at.start);
                writeln!(result, "-- {line}:{column}: unclear: {problem}").expect("text");
                return Ok(result.trim_end().to_owned());
            }
            Outcome::Rows(message) => {
                writeln!(result, "-- {line}: SQLite alone: {message}").expect("text");
                return Ok(result.trim_end().to_owned());
            }
        }
    }
    result += &rendered(both.fold.schema());
    pragmas::check(&both);
    renders(&both)?;
    Ok(result.trim_end().to_owned())
}

fn rendered(schema: &Schema) -> String {
    Sqlite.render(schema).iter().map(|statement| format!("{statement};\n")).collect()
}

/// Checks that the rendered schema makes the same schema again, in both.
pub(crate) fn renders(both: &Both) -> Result<(), String> {
    let schema = both.fold.schema();
    let text = rendered(schema);
    let mut again = Both::new();
    for (_, statement) in split(&text) {
        match again.run(&statement) {
            Ok(Outcome::Accepted(Effect::Schema)) => {}
            other => return Err(format!("of the rendered schema: {statement}: {other:?}\n{text}")),
        }
    }
    if again.fold.schema() != schema {
        return Err(format!("the rendered schema is another one:\n{text}\n{:#?}\n{schema:#?}", again.fold.schema()));
    }
    let live = sqlite::read(&again.database, &Filter::new()).map_err(|error| error.to_string())?;
    let differences = Sqlite.compare(schema, &live);
    if differences.is_empty() { Ok(()) } else { Err(format!("{differences:#?}")) }
}

#[test]
fn every_case_comes_to_what_its_file_says_and_to_what_sqlite_makes_of_it() {
    let bless = std::env::var_os("MIGRATE_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in files() {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a case file");
        let mut blessed = text.split("\n== ").next().unwrap_or_default().to_owned();
        for case in read(&path) {
            let known = rusqlite::version_number() >= case.since;
            let result = if known { run(&case) } else { Ok(case.result.clone()) };
            let result = result.unwrap_or_else(|error| {
                wrong.push(format!("{name}: {}: {error}", case.title));
                case.result.clone()
            });
            if !bless && result != case.result {
                wrong.push(format!("{name}: {}:\n{result}\ninstead of\n{}", case.title, case.result));
            }
            let since = if case.since > 0 { format!(" (since {})", case.since) } else { String::new() };
            write!(blessed, "\n== {}{since}\n{}\n{RESULT}{result}\n", case.title, case.sql).expect("text");
        }
        if bless && blessed != text {
            std::fs::write(&path, blessed).expect("a case file is written");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_kind_of_statement_has_cases() {
    // Promise: what the fold reads is listed, and every kind has a case that SQLite accepts and one that it refuses.
    let (mut accepted, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for case in files().iter().flat_map(|path| read(path)) {
        let mut both = Both::new();
        if rusqlite::version_number() < case.since {
            accepted.extend(split(&case.sql).iter().filter_map(|(_, statement)| kinds::of(statement)));
            continue;
        }
        for (_, statement) in split(&case.sql) {
            let Some(kind) = kinds::of(&statement) else { continue };
            match both.run(&statement) {
                Ok(Outcome::Accepted(_)) => drop(accepted.insert(kind)),
                Ok(Outcome::Refused(_) | Outcome::Unclear(_)) => drop(refused.insert(kind)),
                _ => {}
            }
        }
    }
    let missing = |found: &BTreeSet<&str>, list: &[&'static str]| {
        list.iter().filter(|kind| !found.contains(**kind)).copied().collect::<Vec<_>>()
    };
    assert_eq!(missing(&accepted, kinds::ACCEPTED), [""; 0], "no case accepts these");
    assert_eq!(missing(&refused, kinds::REFUSED), [""; 0], "no case refuses these");
}

/// Returns every statement of the case files.
pub(crate) fn statements() -> Vec<String> {
    let cases = files().iter().flat_map(|path| read(path)).collect::<Vec<_>>();
    cases.iter().flat_map(|case| split(&case.sql)).map(|(_, statement)| statement).collect()
}
