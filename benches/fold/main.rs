//! What the fold costs: a thousand revisions against sqlparser's own parsing of the same text, fifty megabytes of rows
//! against their tokenising, a thousand tables of a live database against `pg_dump -s`.
//!
//! `cargo bench --bench fold` prints ratios, each the median of rounds in which both sides ran one after the other, and
//! then what criterion measures of the fold alone. Without `--bench`, as `cargo test --benches` runs it, everything runs
//! once and small.

mod history;
mod live;
mod measure;
#[path = "../../migrate-core/tests/introspect_postgres/proxy.rs"]
mod proxy;
mod rows;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use measure::ratio;
use migrate_core::fold::{Settings, folder};
use migrate_core::sql::Syntax;
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

fn main() {
    if rows::is_child() {
        return;
    }
    let full = std::env::args().any(|argument| argument == "--bench");
    println!("{:<58} {:>10} {:>10} {:>7}", "", "migrate", "other", "ratio");
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    for (name, dialect) in DIALECTS {
        histories(&mut criterion, name, dialect, if full { &[1_000, 10_000] } else { &[100] });
    }
    rows::measure(if full { 50_000_000 } else { 100_000 });
    live::measure(if full { 1_000 } else { 20 });
    criterion.final_summary();
}

const DIALECTS: [(&str, &dyn Dialect); 2] = [("postgres", &PostgreSqlDialect {}), ("sqlite", &SQLiteDialect {})];

/// Folds a history, and parses the same statements.
fn histories(criterion: &mut Criterion, name: &str, dialect: &dyn Dialect, counts: &[usize]) {
    let syntax = Syntax::named(name).expect("a dialect of migrate");
    let mut group = criterion.benchmark_group(format!("fold/{name}"));
    for count in counts {
        let revisions = history::revisions(syntax, *count);
        ratio(
            &format!("{name}, {count} revisions: fold / sqlparser"),
            || fold(syntax, &revisions),
            || parse(dialect, &revisions),
        );
        let bytes = revisions.iter().flatten().map(String::len).sum::<usize>();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(count.to_string(), |bencher| bencher.iter(|| fold(syntax, &revisions)));
    }
    group.finish();
}

fn fold(syntax: &Syntax, revisions: &[Vec<String>]) {
    let mut folder =
        folder(syntax, &Settings { search_path: vec!["public".to_owned()], version: None }).expect("the dialect folds");
    for revision in revisions {
        folder.begin_revision();
        for statement in revision {
            folder.statement(statement).unwrap_or_else(|problem| panic!("{statement}: {problem}"));
        }
    }
    black_box(folder.schema());
}

fn parse(dialect: &dyn Dialect, revisions: &[Vec<String>]) {
    for statement in revisions.iter().flatten() {
        black_box(Parser::parse_sql(dialect, statement)).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}
