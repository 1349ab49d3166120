//! The reference app: a data pipeline's bookkeeping, whose database is migrated by the program itself.
//!
//! Without an argument it brings its database to the head of the embedded revisions. The other commands use the tables
//! and insist on a database that is at head.

mod store;

use std::process::ExitCode;

use migrate_core::Error;
use store::Store;

migrate_core::embed!();

const USAGE: &str = "usage: dpo [upgrade]
       dpo start MODEL...      starts an execution with one step that reads these models, and prints its id
       dpo complete ID         completes an execution
       dpo list                lists the executions

The database is $DATABASE_URL, or sqlite:///dpo.db.";

/// The database of this app where the environment names none; migrate.toml says the same.
const DEFAULT_URL: &str = "sqlite:///dpo.db";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()).unwrap_or_else(|| DEFAULT_URL.into());
    let done = match words.as_slice() {
        [] | ["upgrade"] => upgrade(&url),
        ["start", models @ ..] if !models.is_empty() => ready(&url).and_then(|mut store| {
            let id = store.start(models)?;
            println!("{id}");
            Ok(())
        }),
        ["complete", id] => ready(&url).and_then(|mut store| store.complete(id)),
        ["list"] => ready(&url).and_then(|mut store| {
            store.list()?.iter().for_each(|line| println!("{line}"));
            Ok(())
        }),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dpo: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Brings the database to head, telling each revision.
fn upgrade(url: &str) -> Outcome<()> {
    let tell = &mut |event: migrate_core::Event| match event {
        migrate_core::Event::Planned { .. } | migrate_core::Event::End { .. } => {}
        event => println!("{event}"),
    };
    let report = if url.starts_with("sqlite:") {
        MIGRATIONS.upgrade_with(&mut migrate_core::sqlite::connect(url)?, "head", tell)
    } else {
        MIGRATIONS.upgrade_with(&mut migrate_core::postgres::connect(url)?, "head", tell)
    };
    let report = report.map_err(|error| with_hints(&error))?;
    let did = if report.finished.is_empty() { "The database is at head" } else { "The database is now at head" };
    println!("{did}: {}", report.heads.join(", "));
    Ok(())
}

/// Opens the database for use, which it is at head only.
fn ready(url: &str) -> Outcome<Box<dyn Store>> {
    let (store, newer) = store::open(url)?;
    for revision in newer {
        eprintln!("dpo: note: the database has revision {revision}, which is newer than this program");
    }
    Ok(store)
}

fn with_hints(error: &Error) -> Box<dyn std::error::Error> {
    let hints: Vec<String> = error.hints().iter().map(|hint| format!("\n  {hint}")).collect();
    format!("{error}{}", hints.concat()).into()
}
