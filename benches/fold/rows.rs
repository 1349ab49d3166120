//! A file of rows on its whole way: read, split, checksummed, folded; against tokenising its text, and in memory.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use migrate_core::fold::{Effect, Settings, folder};
use migrate_core::revision::Directory;
use migrate_core::sql::{Lexer, Syntax};

use crate::measure::ratio;

/// The argument by which this program tells its child to go the way once.
const CHILD: &str = "--fold-rows-of";

/// Measures one INSERT, and many small ones, of so many bytes.
pub(crate) fn measure(bytes: usize) {
    for (what, text) in [("one INSERT", one(bytes)), ("INSERTs of 100 bytes", many(bytes))] {
        let folder = tempfile::tempdir().expect("a folder");
        let header =
            "-- rows\n--\n-- Revision ID: aaaaaaaaaaaa\n-- Revises:\n-- Create Date: 2026-01-01 00:00:00+00:00\n\n";
        let text = format!(
            "{header}-- migrate:upgrade\nCREATE TABLE t (a integer, b text);\n{text}-- migrate:irreversible: rows\n"
        );
        fs::write(folder.path().join("aaaaaaaaaaaa_rows.sql"), &text).expect("write");
        for name in ["postgres", "sqlite"] {
            let syntax = Syntax::named(name).expect("a dialect of migrate");
            let what = format!("{name}, {} MB, {what}", text.len() / 1_000_000);
            ratio(&format!("{what}: fold / tokenise"), || way(folder.path(), syntax), || tokenise(&text, syntax));
            let nothing = tempfile::tempdir().expect("a folder");
            let size = text.len() as f64 / 1024.0;
            let peak = peak(folder.path(), name) - peak(nothing.path(), name);
            println!("{:<58} {:>8.0}kB {size:>8.0}kB {:>7.2}", format!("{what}: memory / size"), peak, peak / size);
        }
    }
}

fn one(bytes: usize) -> String {
    let mut text = "INSERT INTO t (a, b) VALUES\n".to_owned();
    for n in 0.. {
        let end = text.len() > bytes;
        let _ =
            writeln!(text, "({n}, 'a text of the row number {n}, with a quote: it''s'){}", if end { ";" } else { "," });
        if end {
            break;
        }
    }
    text
}

fn many(bytes: usize) -> String {
    let mut text = String::new();
    for n in 0.. {
        let _ = writeln!(
            text,
            "INSERT INTO t (a, b) VALUES ({n:07}, 'a text of the row, with a quote: it''s, and some more words');"
        );
        if text.len() > bytes {
            break;
        }
    }
    text
}

/// Reads the folder's revisions, and folds them.
fn way(path: &Path, syntax: &'static Syntax) {
    let directory = Directory::read(&[path.to_owned()]).expect("the headers are sound");
    let history = directory.history(&[syntax], syntax).expect("the sections are sound");
    let mut folder =
        folder(syntax, &Settings { search_path: vec!["public".to_owned()], version: None }).expect("the dialect folds");
    for node in 0..history.graph().nodes().len() {
        let scripts = history.scripts(node);
        folder.begin_revision();
        for statement in &scripts.upgrade.statements {
            let effect = folder.statement(&scripts.text[statement.start..statement.end]).expect("it is accepted");
            assert!(matches!(effect, Effect::Schema | Effect::Data));
        }
    }
    black_box(folder.schema());
}

fn tokenise(text: &str, syntax: &'static Syntax) {
    let mut lexer = Lexer::new(text, 0, syntax);
    while let Some(token) = lexer.next_token().expect("every quote is closed") {
        black_box(token);
    }
}

/// Goes the way in a process of its own and returns the most memory that it had, in kB.
fn peak(path: &Path, dialect: &str) -> f64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).arg(CHILD).arg(path).arg(dialect).output().expect("it runs again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// Goes the way if this process is a child that was told to; returns whether it was.
pub(crate) fn is_child() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, flag, path, dialect] = arguments.as_slice() else { return false };
    if flag != CHILD {
        return false;
    }
    way(Path::new(path), Syntax::named(dialect).expect("a dialect of migrate"));
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it is there");
    println!("{}", peak.trim().trim_end_matches(" kB"));
    true
}
