//! What the parser of entities says of every misuse of an attribute, and where.

use std::fmt::Write as _;

use migrate_core::entity::{EntityDef, EnumDef};

/// The cases: a comment with the rule, the source, and behind `=>` what is said of it.
const CASES: &str = include_str!("attributes/misuse.txt");

/// The sources of the cases, each read on its own, with what is said of it.
fn told(cases: &str) -> String {
    let mut out = String::new();
    for case in cases.split_inclusive("\n\n") {
        let source: Vec<&str> = case.trim_end().lines().take_while(|line| !line.starts_with("=>")).collect();
        let source = source.join("\n");
        let _ = writeln!(out, "{source}");
        let input = syn::parse_str::<syn::DeriveInput>(&source).unwrap_or_else(|error| panic!("{error}: {source}"));
        let read = match input.data {
            syn::Data::Enum(_) => EnumDef::from_derive_input(&input).map(|_| ()),
            _ => EntityDef::from_derive_input(&input).map(|_| ()),
        };
        let errors = read.err().unwrap_or_else(|| panic!("nothing is said of:\n{source}"));
        for error in errors {
            let start = error.span().start();
            let _ = writeln!(out, "=> {}:{}: {error}", start.line, start.column + 1);
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[test]
fn every_misuse_is_told_where_it_is() {
    // Promise: a mistake in an attribute is one clear error at its place, and several are told at once.
    let told = told(CASES);
    if std::env::var_os("MIGRATE_BLESS").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/attributes/misuse.txt");
        std::fs::write(file, &told).expect("the cases are written");
    }
    assert!(told.matches("=> ").count() > 80, "only {} messages", told.matches("=> ").count());
    for (one, other) in told.split("\n\n").zip(CASES.split("\n\n")) {
        assert_eq!(one.trim_end(), other.trim_end());
    }
    assert_eq!(told.trim_end(), CASES.trim_end());
}

#[test]
fn what_is_right_is_read() {
    // Promise: every attribute of the documentation is read as it is meant.
    let input = syn::parse_str(include_str!("attributes/right.txt")).expect("the source is Rust");
    let entity = EntityDef::from_derive_input(&input).unwrap_or_else(|error| {
        let lines = error.into_iter().map(|e| format!("{:?}: {e}", e.span().start()));
        panic!("{:#?}", lines.collect::<Vec<_>>())
    });
    let read = format!("{entity:#?}\n");
    let read: String = read.split("    places: Places(").next().expect("a text has a beginning").to_owned();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/attributes/right.snap");
    if std::env::var_os("MIGRATE_BLESS").is_some() {
        std::fs::write(file, &read).expect("the snapshot is written");
    }
    let expect = std::fs::read_to_string(file).expect("the snapshot is there");
    for (n, (one, other)) in read.lines().zip(expect.lines()).enumerate() {
        assert_eq!(one, other, "line {}", n + 1);
    }
    assert_eq!(read, expect);
}
