//! Random pairs of schemas on real databases: the script leads from one to the other with rows in place, nothing is
//! left to do then, and the way back leads back.
//!
//! The pairs are the same in every run; `MIGRATE_DIFF_PAIRS` asks for more.

use migrate_core::dialect::postgres::Postgres;
use migrate_core::dialect::sqlite::Sqlite;
use migrate_core::dialect::{Dialect, Statement, differences};
use migrate_core::diff::{Hints, Question, diff};
use migrate_core::introspect::{self, Filter};
use migrate_core::render;
use migrate_core::schema::Schema;
use migrate_test_support::postgres::Database;
use rusqlite::Connection;

use crate::random::{self, Random, Spec, Words};
use crate::{postgres, sqlite};

/// A database that statements run in.
trait Live {
    fn run(&mut self, sql: &str) -> Result<(), String>;
    fn migrate(&mut self, statements: &[Statement]) -> Result<(), String>;
    fn schema(&mut self) -> Schema;
    fn count(&mut self, table: &str) -> i64;
}

struct OnSqlite(Connection);

impl Live for OnSqlite {
    fn run(&mut self, sql: &str) -> Result<(), String> {
        self.0.execute_batch(sql).map_err(|error| error.to_string())
    }

    fn migrate(&mut self, statements: &[Statement]) -> Result<(), String> {
        sqlite::migrate(&self.0, statements)
    }

    fn schema(&mut self) -> Schema {
        sqlite::live(&self.0)
    }

    fn count(&mut self, table: &str) -> i64 {
        self.0.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0)).expect("a count")
    }
}

struct OnPostgres<'d> {
    database: &'d Database,
    session: migrate_core::postgres::Session<'static>,
}

impl Live for OnPostgres<'_> {
    fn run(&mut self, sql: &str) -> Result<(), String> {
        self.session.query(sql).map(drop).map_err(|error| error.to_string())
    }

    fn migrate(&mut self, statements: &[Statement]) -> Result<(), String> {
        let mut open = false;
        for statement in statements {
            match (statement.no_transaction, open) {
                (true, true) => self.run("COMMIT")?,
                (false, false) => self.run("BEGIN")?,
                _ => {}
            }
            open = !statement.no_transaction;
            self.run(&statement.sql).map_err(|error| format!("{}: {error}", statement.sql))?;
        }
        if open { self.run("COMMIT") } else { Ok(()) }
    }

    fn schema(&mut self) -> Schema {
        introspect::postgres::read(&mut self.session, &Filter::new()).expect("a schema")
    }

    fn count(&mut self, table: &str) -> i64 {
        self.database.query(&format!("SELECT count(*) FROM \"{table}\""))[0][0].parse().expect("a count")
    }
}

/// Answers every question, so that each row keeps a value of its own.
fn answer(hints: &mut Hints, question: &Question, after: &Schema) -> Result<(), String> {
    match question {
        Question::Renamed { table, old, .. } => {
            hints.drops.push(table.as_ref().map_or(old.clone(), |table| format!("{table}.{old}")));
        }
        Question::Value { table, column } | Question::Using { table, column, .. } => {
            let ty = after.tables[table].column(column).expect("it is there").ty.to_string();
            let value = match ty.as_str() {
                "public.mood" => "'1'",
                "public.mood[]" => "'{1}'",
                "jsonb" => "to_jsonb(id)",
                "text" | "character varying(10)" => "CAST(id AS text)",
                _ => "id",
            };
            hints.backfills.push((format!("{table}.{column}"), value.to_owned()));
        }
        other => return Err(other.to_string()),
    }
    Ok(())
}

/// What became of a pair.
#[derive(Default)]
struct Tally {
    pairs: u32,
    asked: u32,
    irreversible: u32,
}

fn one(
    live: &mut dyn Live,
    dialect: &dyn Dialect,
    first: &Spec,
    (before, after): (&Schema, &Schema),
    tally: &mut Tally,
) -> Result<(), String> {
    let equal = |what: &str, found: &Schema, wanted: &Schema| {
        let left = differences(found, wanted, dialect);
        if left.is_empty() { Ok(()) } else { Err(format!("{what}: {left:#?}")) }
    };
    let mut hints = Hints::default();
    let operations = loop {
        match diff(before, after, dialect, &hints) {
            Ok(operations) => break operations,
            Err(questions) => {
                questions.iter().try_for_each(|question| answer(&mut hints, question, after))?;
            }
        }
    };
    tally.pairs += 1;
    tally.asked += u32::from(!hints.drops.is_empty() || !hints.backfills.is_empty());
    let script = render::script(&operations, before, dialect)?;
    let shown = format!("{}---\n{}", render::section(&script.up), render::section(&script.down));
    live.run(&format!("{}{}", first.ddl(), first.rows()))?;
    equal("the database before", &live.schema(), before)?;
    live.migrate(&script.up).map_err(|error| format!("{error}\n{shown}"))?;
    equal("the upgrade", &live.schema(), after).map_err(|error| format!("{error}\n{shown}"))?;
    let again = diff(&live.schema(), after, dialect, &Hints::default());
    if again != Ok(Vec::new()) {
        return Err(format!("a second diff: {again:?}\n{shown}"));
    }
    for name in after.tables.keys() {
        let expect = if before.tables.contains_key(name) { 2 } else { 0 };
        let found = live.count(&name.name);
        if found != expect {
            return Err(format!("{name} has {found} rows\n{shown}"));
        }
    }
    if script.irreversible.is_some() {
        tally.irreversible += 1;
        return Ok(());
    }
    live.migrate(&script.down).map_err(|error| format!("down: {error}\n{shown}"))?;
    equal("the downgrade", &live.schema(), before).map_err(|error| format!("{error}\n{shown}"))
}

fn check(
    words: &'static Words,
    dialect: &dyn Dialect,
    fold: impl Fn(&str) -> Result<Schema, String>,
    with: impl Fn(&mut dyn FnMut(&mut dyn Live)),
    usual: u64,
) {
    let pairs = std::env::var("MIGRATE_DIFF_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let from = std::env::var("MIGRATE_DIFF_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for seed in from..from + pairs {
        let mut random = Random::new(seed);
        let (first, second) = (Spec::random(&mut random, words), Spec::random(&mut random, words));
        let folded = fold(&first.ddl()).and_then(|before| Ok((before, fold(&second.ddl())?)));
        let (before, after) = folded.unwrap_or_else(|error| panic!("pair {seed}: {error}"));
        let mut outcome = Ok(());
        with(&mut |live| outcome = one(live, dialect, &first, (&before, &after), &mut tally));
        if let Err(error) = outcome {
            wrong.push(format!("pair {seed}: {error}\nfrom\n{}\nto\n{}", first.ddl(), second.ddl()));
        }
    }
    println!(
        "{} pairs: {} with questions, {} irreversible, {} wrong",
        tally.pairs,
        tally.asked,
        tally.irreversible,
        wrong.len()
    );
    for error in &wrong {
        println!("{}", error.lines().take(14).collect::<Vec<_>>().join("\n"));
    }
    assert!(wrong.is_empty(), "{} pairs are wrong; the first:\n{}", wrong.len(), wrong[0]);
    assert!(tally.irreversible * 2 < tally.pairs, "most go back");
}

// Any schema of SQLite that structs can say becomes any other, with its rows, and becomes itself again.
#[test]
fn random_pairs_on_sqlite() {
    let fold = |ddl: &str| {
        let mut folder = migrate_core::fold::sqlite::SqliteFolder::default();
        sqlite::fold(&mut folder, ddl)?;
        Ok(migrate_core::fold::Folder::schema(&folder).clone())
    };
    let with = |call: &mut dyn FnMut(&mut dyn Live)| {
        call(&mut OnSqlite(Connection::open_in_memory().expect("a database")));
    };
    check(&random::SQLITE, &Sqlite, fold, with, 150);
}

// The same of PostgreSQL.
#[test]
fn random_pairs_on_postgresql() {
    let fold = |ddl: &str| {
        let mut folder = postgres::folder();
        postgres::fold(&mut folder, ddl)?;
        Ok(migrate_core::fold::Folder::schema(&folder).clone())
    };
    let with = |call: &mut dyn FnMut(&mut dyn Live)| {
        let database = Database::create("diff_laws");
        let session = migrate_core::postgres::connect(&database.url()).expect("it connects");
        call(&mut OnPostgres { database: &database, session });
    };
    check(&random::POSTGRES, &Postgres, fold, with, 25);
}
