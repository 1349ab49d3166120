//! A thousand revisions: `upgrade head` against psql and sqlite3, which run the same SQL in the same transactions;
//! `current` and `history` at 1,000 and 10,000 revisions.
//!
//! `cargo bench --bench history` prints a table; each figure is the median of its rounds, each ratio that of one round
//! against the other tool in the same round.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use migrate_test_support::hermetic;
use migrate_test_support::postgres::{Database, cluster};
use migrate_test_support::project::Scratch;

const ROUNDS: usize = 7;

fn main() {
    let cli = release_binary();
    let thousand = Scratch::new();
    project(thousand.path(), 1000);
    println!("{:<46} {:>10} {:>10} {:>7}", "", "migrate", "other", "ratio");
    upgrade_sqlite(&cli, thousand.path());
    upgrade_postgres(&cli, thousand.path());
    let ten_thousand = Scratch::new();
    project(ten_thousand.path(), 10_000);
    for (folder, count) in [(thousand.path(), "1,000"), (ten_thousand.path(), "10,000")] {
        readers(&cli, folder, count);
    }
}

fn release_binary() -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let root = migrate_test_support::project::workspace_root();
    let built = Command::new(cargo).args(["build", "--release", "-q", "-p", "migrate-cli"]).current_dir(&root).status();
    assert!(built.expect("cargo runs").success(), "migrate-cli does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    target.join("release/migrate-cli")
}

/// The statements of one revision.
fn statements(n: usize) -> [String; 3] {
    [
        format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, parent bigint, name varchar(100) NOT NULL)"),
        format!("CREATE INDEX t{n}_name ON t{n} (name)"),
        format!("INSERT INTO t{n} (id, parent, name) VALUES ({n}, NULL, 'row {n}')"),
    ]
}

/// Writes the project, and beside it the same SQL for the shells.
fn project(folder: &Path, count: usize) {
    let config = "[migrate]\nurl = \"sqlite:///bench.db\"\ndialects = [\"sqlite\", \"postgres\"]\n";
    fs::write(folder.join("migrate.toml"), config).expect("write");
    fs::create_dir(folder.join("migrations")).expect("create");
    let row = "INSERT INTO migrate_version VALUES";
    let mut shell = String::from(
        "CREATE TABLE migrate_version (revision text NOT NULL PRIMARY KEY, checksum text, state text NOT NULL, \
         statements_done integer NOT NULL, statements_total integer NOT NULL, message text NOT NULL);\n",
    );
    let mut parent = String::new();
    for n in 0..count {
        let id = format!("{n:012x}");
        let body = statements(n).map(|s| s + ";\n").concat();
        let text = format!(
            "-- create table t{n}\n--\n-- Revision ID: {id}\n-- Revises: {parent}\n-- Create Date: 2026-01-01 00:00:00+00:00\n\n\
             -- migrate:upgrade\n{body}\n-- migrate:downgrade\nDROP TABLE t{n};\n"
        );
        fs::write(folder.join(format!("migrations/{id}_create_table_t{n}.sql")), text).expect("write");
        let _ = write!(
            shell,
            "BEGIN;\n{body}{row} ('{id}', '1:{n:064x}', 'applied', 3, 3, 'create table t{n}');\nCOMMIT;\n"
        );
        parent = id;
    }
    fs::write(folder.join("shell.sql"), shell).expect("write");
}

fn upgrade_sqlite(cli: &Path, folder: &Path) {
    let rounds = rounds(|tool| {
        let db = folder.join("bench.db");
        let _ = fs::remove_file(&db);
        match tool {
            Tool::Migrate => time(hermetic(cli).args(["-q", "upgrade", "head"]).current_dir(folder)),
            Tool::Other => {
                let script = fs::File::open(folder.join("shell.sql")).expect("open");
                time(hermetic("sqlite3").arg("-bail").arg(&db).stdin(script))
            }
        }
    });
    report("upgrade head, 1,000 revisions: sqlite3", &rounds);
}

fn upgrade_postgres(cli: &Path, folder: &Path) {
    let rounds = rounds(|tool| {
        let database = Database::create("bench");
        match tool {
            Tool::Migrate => {
                let url = database.url();
                time(hermetic(cli).args(["-q", "-x", &url, "upgrade", "head"]).current_dir(folder))
            }
            Tool::Other => {
                let psql = cluster().bin_dir().join("psql");
                let mut command = hermetic(psql);
                command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "shell.sql"]).arg(database.url());
                time(command.current_dir(folder))
            }
        }
    });
    report("upgrade head, 1,000 revisions: psql -f", &rounds);
}

fn readers(cli: &Path, folder: &Path, count: &str) {
    let _ = fs::remove_file(folder.join("bench.db"));
    time(hermetic(cli).args(["-q", "stamp", "head", "--url", "sqlite:///bench.db"]).current_dir(touch(folder)));
    for command in ["current", "history", "heads"] {
        let mut times: Vec<Duration> =
            (0..ROUNDS).map(|_| time(hermetic(cli).arg(command).current_dir(folder))).collect();
        times.sort();
        println!("{:<46} {:>8.1}ms", format!("{command}, {count} revisions"), millis(times[ROUNDS / 2]));
    }
}

/// `stamp` creates no file.
fn touch(folder: &Path) -> &Path {
    fs::write(folder.join("bench.db"), "").expect("write");
    folder
}

#[derive(Clone, Copy)]
enum Tool {
    Migrate,
    Other,
}

/// Runs both tools in each round, in changing order.
fn rounds(mut run: impl FnMut(Tool) -> Duration) -> Vec<(Duration, Duration)> {
    (0..ROUNDS)
        .map(|round| {
            if round % 2 == 0 {
                let ours = run(Tool::Migrate);
                (ours, run(Tool::Other))
            } else {
                let other = run(Tool::Other);
                (run(Tool::Migrate), other)
            }
        })
        .collect()
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status().expect("the tool runs");
    let took = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    took
}

fn report(what: &str, rounds: &[(Duration, Duration)]) {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let ours = median(rounds.iter().map(|(ours, _)| millis(*ours)).collect());
    let other = median(rounds.iter().map(|(_, other)| millis(*other)).collect());
    let ratio = median(rounds.iter().map(|(ours, other)| ours.as_secs_f64() / other.as_secs_f64()).collect());
    println!("{what:<46} {ours:>8.1}ms {other:>8.1}ms {ratio:>7.2}");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
