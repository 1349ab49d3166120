//! Laws that hold for every input: what is read, hashed and planned.
//!
//! The cases are the same in every run: a failure is one for everybody, and the smallest input is printed.

#![cfg(feature = "files")]

use std::fs;
use std::path::Path;

use migrate_core::plan::{self, Applied, Direction, Purge};
use migrate_core::revision::checksum::Checksum;
use migrate_core::revision::section::Section;
use migrate_core::revision::{Directory, Graph, Node, NodeSet, RevisionId, Target, body, header};
use migrate_core::sql::{Lexer, Positions, Syntax};
use migrate_core::{Diagnostic, ErrorKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

type Outcome = Result<(), TestCaseError>;

/// Runs a law on so many inputs, always the same.
#[track_caller]
fn check<S: Strategy>(cases: u32, inputs: S, law: impl Fn(S::Value) -> Outcome) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(&inputs, law) {
        panic!("{error}");
    }
}

/// What the readers of SQL and of revision files look for.
const PIECES: [&str; 48] = [
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$",
    "$$",
    "$a$",
    "$1",
    "--",
    "-- x\n",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    ";",
    "(",
    ")",
    "\\",
    "E'",
    "x'",
    "U&\"",
    ".",
    "1",
    "1e-",
    ":a",
    "::",
    "?",
    "é",
    "𝄞",
    "\u{feff}",
    "\0",
    "a",
    "CREATE ",
    "TRIGGER ",
    "BEGIN ",
    "ATOMIC ",
    "CASE ",
    "END",
    "COPY t FROM STDIN",
    "-- migrate:upgrade\n",
    "-- migrate:downgrade sqlite\n",
    "-- migrate:no-transaction\n",
    "-- Revision ID: a\n",
    "-- Revises: b, c\n",
];

fn pieces() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat())
}

/// The repository's own revision files.
fn seeds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(!seeds.is_empty());
    seeds
}

/// A real file in which a few places are cut out, doubled, or have a piece put in.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), 0_usize..40, 0_usize..3, select(&PIECES[..]));
    (select(seeds()), vec(edit, 1..5)).prop_map(|(mut text, edits)| {
        for (at, length, kind, piece) in edits {
            let boundary = |mut at: usize| {
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let start = boundary(at.index(text.len() + 1));
            let end = boundary((start + length).min(text.len()));
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => {
                    let doubled = text[start..end].to_owned();
                    text.insert_str(end, &doubled);
                }
                _ => text.insert_str(start, piece),
            }
        }
        text
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), pieces(), mutated()]
}

#[test]
fn tokens_cover_the_text() {
    // Whatever the text is, its tokens are it, one after the other; or an error has a place in what is left.
    check(1500, any_text(), |text| {
        for syntax in Syntax::ALL {
            let mut lexer = Lexer::new(&text, 0, syntax);
            let mut at = 0;
            loop {
                match lexer.next_token() {
                    Ok(Some(token)) => {
                        prop_assert!(token.start == at && token.end > at, "{token:?} after {at}");
                        prop_assert!(text.is_char_boundary(token.end), "{token:?}");
                        at = token.end;
                    }
                    Ok(None) => {
                        prop_assert_eq!(at, text.len());
                        break;
                    }
                    Err(error) => {
                        prop_assert!(error.start >= at && error.start < text.len(), "{error:?} after {at}");
                        prop_assert!(text.is_char_boundary(error.start), "{error:?}");
                        break;
                    }
                }
            }
        }
        Ok(())
    });
}

/// Checks that a place is one of the text: on its last character's right at most.
fn in_range(text: &str, problems: &[Diagnostic]) -> Outcome {
    prop_assert!(!problems.is_empty());
    for problem in problems {
        let at = problem.location.as_ref().expect("a file has it");
        let line = text.split('\n').nth(at.line as usize - 1);
        let columns = line.map_or(0, |line| line.chars().count() + 1);
        prop_assert!((1..=columns).contains(&(at.column as usize)), "{problem} of {} columns", columns);
        prop_assert!(problem.length >= 1 && !problem.message.is_empty());
    }
    Ok(())
}

fn in_order(text: &str, section: &Section) -> Outcome {
    let mut at = section.start;
    for statement in &section.statements {
        prop_assert!(at <= statement.start && statement.start < statement.end && statement.end <= section.end);
        let statement_text = text.get(statement.start..statement.end);
        prop_assert!(statement_text.is_some_and(|text| text.trim_end_matches([' ', '\n', '\r', '\t']) == text));
        at = statement.end;
    }
    Ok(())
}

#[test]
fn revision_files_are_read_or_refused() {
    // The readers never panic; what they refuse has a place in the file, and what they read is made of its pieces.
    let dialects: [Vec<&'static Syntax>; 3] =
        [Syntax::ALL.to_vec(), Syntax::ALL.iter().rev().copied().collect(), vec![Syntax::ALL[1]]];
    check(1500, any_text(), |text| {
        let end = match header::parse(&text, "f.sql") {
            Ok(header) => header.end,
            Err(problems) => {
                in_range(&text, &problems)?;
                0
            }
        };
        prop_assert!(text.is_char_boundary(end));
        for dialects in &dialects {
            match body::parse(&text, "f.sql", end, dialects) {
                Ok(body) => {
                    prop_assert_eq!(body.dialects.len(), dialects.len());
                    for sections in &body.dialects {
                        in_order(&text, &sections.upgrade)?;
                        in_order(&text, &sections.downgrade)?;
                    }
                }
                Err(problems) => in_range(&text, &problems)?,
            }
        }
        Ok(())
    });
}

#[test]
fn folders_of_any_bytes_are_read_or_refused() {
    // A file of bytes that are no text is an error with a place, like any other.
    let folder = tempfile::tempdir().unwrap();
    let header = b"-- Revision ID: a\n".as_slice();
    let bytes = prop_oneof![vec(any::<u8>(), 0..200), mutated().prop_map(String::into_bytes)];
    check(200, (any::<bool>(), bytes), |(with_header, bytes)| {
        let bytes = if with_header { [header, &bytes].concat() } else { bytes };
        fs::write(folder.path().join("a.sql"), bytes).unwrap();
        match Directory::read(&[folder.path().to_owned()]) {
            Ok(directory) => {
                directory.bodies(Syntax::ALL).ok();
            }
            Err(error) => {
                let ErrorKind::Sources(problems) = error.kind() else {
                    return Err(TestCaseError::fail(format!("{error:?}")));
                };
                // A revision that no file has is said of the header, which is there.
                prop_assert!(problems.iter().all(|problem| problem.location.is_some()));
            }
        }
        Ok(())
    });
}

#[test]
fn positions_count_lines_and_characters() {
    // A place is one line below and one column right of what stands before it, whatever the text.
    check(500, (any_text(), any::<Index>()), |(text, index)| {
        let positions = Positions::new(&text);
        let offset = index.index(text.len() + 1);
        let (line, column) = positions.at(offset);
        let mut start = offset;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let before = text[..start].strip_prefix('\u{feff}').unwrap_or(&text[..start]);
        prop_assert_eq!(line as usize, before.matches('\n').count() + 1);
        let last = before.rsplit('\n').next().unwrap_or_default();
        prop_assert_eq!(column as usize, last.chars().count() + 1);
        Ok(())
    });
}

/// Tokens of which none begins another, so that different rows of them are different texts.
const TOKENS: [&str; 14] =
    ["alpha", "beta", "x$1", "\"q  x\"", "\"-- q\"", "'str; /* '", "'it''s'", "'a\nb'", "12", "(", ")", ",", "=", "é_"];
const GAPS: [&str; 10] =
    [" ", "\n", "\r\n", "\t", "  ", "/* c; ' */", " -- it's\n", "--\r\n", "/**/ \n", " /* \" */ /* $$ */ "];

fn statement(tokens: &[&str], gaps: &[&str]) -> String {
    let mut text = String::new();
    for (n, token) in tokens.iter().enumerate() {
        if n > 0 {
            text.push_str(gaps[n % gaps.len()]);
        }
        text.push_str(token);
    }
    text
}

fn checksum(statements: &[String], syntax: &'static Syntax) -> String {
    let mut checksum = Checksum::new();
    for statement in statements {
        checksum.add(statement, syntax);
    }
    checksum.text()
}

#[test]
fn checksums_know_tokens_only() {
    // White space, comments and line ends between tokens change no checksum; another token does.
    let tokens = vec(select(&TOKENS[..]), 1..12);
    let gaps = || vec(select(&GAPS[..]), 1..6);
    let changed = (any::<Index>(), select(&TOKENS[..]));
    check(800, (tokens, gaps(), gaps(), changed), |(tokens, first, second, (at, other))| {
        for syntax in Syntax::ALL {
            let one = checksum(&[statement(&tokens, &first)], syntax);
            let laid_out = statement(&tokens, &second);
            prop_assert_eq!(&one, &checksum(std::slice::from_ref(&laid_out), syntax));
            prop_assert_eq!(&one, &checksum(&[laid_out.replace("\r\n", "\n").replace('\n', "\r\n")], syntax));
            let mut edited = tokens.clone();
            let at = at.index(tokens.len());
            edited[at] = other;
            let edited_sum = checksum(&[statement(&edited, &second)], syntax);
            prop_assert_eq!(edited_sum == one, other == tokens[at], "{:?} {:?}", tokens, edited);
            // Where a statement ends is part of it.
            if tokens.len() > 1 && at > 0 {
                let (left, right) = tokens.split_at(at);
                prop_assert_ne!(&one, &checksum(&[statement(left, &first), statement(right, &first)], syntax));
            }
        }
        Ok(())
    });
}

/// A revision of a random graph: what it revises and depends on among those before it, and when it was made.
type Draft = (Vec<Index>, Vec<Index>, u8);

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    vec((vec(any::<Index>(), 0..3), vec(any::<Index>(), 0..2), 0_u8..4), 1..14)
}

fn nodes(drafts: &[Draft]) -> Vec<Node> {
    // Ids do not sort as the revisions were made.
    let id = |n: usize| format!("r{}_{n}", (n * 7 + 3) % 10);
    let mut nodes = Vec::new();
    for (n, (parents, dependencies, hour)) in drafts.iter().enumerate() {
        let mut node = Node::new(RevisionId::parse(&id(n)).unwrap());
        if n > 0 {
            node.parents = parents.iter().map(|index| RevisionId::parse(&id(index.index(n))).unwrap()).collect();
            node.depends_on = dependencies.iter().map(|index| id(index.index(n))).collect();
        }
        node.create_date = format!("2026-01-01 {hour:02}:00:00+00:00");
        nodes.push(node);
    }
    nodes
}

fn graph(drafts: &[Draft]) -> Graph {
    let mut nodes = nodes(drafts);
    nodes.reverse();
    Graph::new(nodes).unwrap()
}

fn ids(graph: &Graph, nodes: impl IntoIterator<Item = usize>) -> Vec<&str> {
    nodes.into_iter().map(|node| graph.id(node)).collect()
}

fn is_closed(graph: &Graph, set: &NodeSet) -> bool {
    let needs = |node: usize| graph.parents(node).iter().chain(graph.dependencies(node));
    set.iter().all(|node| needs(node).all(|needed| set.contains(*needed)))
}

fn targets(text: &str) -> Vec<Target> {
    vec![Target::parse(text).unwrap()]
}

#[test]
fn plans_up_and_down_are_inverse() {
    // Every step of an upgrade has what it needs; the way down is the way up backwards; a run that stopped anywhere
    // goes on with the rest.
    check(400, (drafts(), any::<Index>()), |(drafts, stop)| {
        let graph = graph(&drafts);
        let up = plan::upgrade(&graph, &Applied::default(), &targets("heads")).unwrap();
        let up: Vec<usize> = up.steps.iter().map(|step| step.node).collect();
        prop_assert_eq!(up.len(), drafts.len());
        for end in 0..=up.len() {
            prop_assert!(is_closed(&graph, &graph.set(up[..end].iter().copied())));
        }
        let applied = Applied::assumed(ids(&graph, up.iter().copied()));
        let down = plan::downgrade(&graph, &applied, &Target::parse("base").unwrap()).unwrap();
        prop_assert!(down.steps.iter().all(|step| step.direction == Direction::Downgrade));
        let down: Vec<usize> = down.steps.iter().rev().map(|step| step.node).collect();
        prop_assert_eq!(&up, &down);
        let stop = stop.index(up.len() + 1);
        let applied = Applied::assumed(ids(&graph, up[..stop].iter().copied()));
        let rest = plan::upgrade(&graph, &applied, &targets("heads")).unwrap();
        prop_assert_eq!(rest.steps.iter().map(|step| step.node).collect::<Vec<_>>(), &up[stop..]);
        Ok(())
    });
}

#[test]
fn a_target_is_reached() {
    // Up to a revision: it and what it needs, nothing else. Down to one: it stays, nothing above it does, and what is
    // left has what it needs. A stamp leaves the same rows as the upgrade.
    check(400, (drafts(), any::<Index>()), |(drafts, index)| {
        let graph = graph(&drafts);
        let node = index.index(drafts.len());
        let target = graph.id(node).to_owned();
        let needed = graph.with_ancestors([node]);
        let up = plan::upgrade(&graph, &Applied::default(), &targets(&target)).unwrap();
        prop_assert_eq!(graph.set(up.steps.iter().map(|step| step.node)), needed.clone());
        let stamp = plan::stamp(&graph, &Applied::default(), &targets(&target), Purge::No).unwrap();
        prop_assert_eq!(graph.set(stamp.insert), needed);

        let all = Applied::assumed(ids(&graph, 0..drafts.len()));
        let down = plan::downgrade(&graph, &all, &Target::parse(&target).unwrap()).unwrap();
        let mut left = graph.set(0..drafts.len());
        for step in &down.steps {
            left.remove(step.node);
            prop_assert!(is_closed(&graph, &left));
        }
        prop_assert!(left.contains(node));
        prop_assert!(graph.children(node).iter().all(|child| !left.contains(*child)));
        let kept = plan::stamp(&graph, &all, &targets(&target), Purge::No).unwrap();
        prop_assert!(kept.insert.is_empty());
        Ok(())
    });
}

#[test]
fn a_new_revision_moves_no_other() {
    // The order of those that were there stays, wherever a revision is added and in whatever order files are read.
    check(400, (drafts(), any::<Index>()), |(drafts, shuffle)| {
        let before = graph(&drafts[..drafts.len() - 1]);
        let after = graph(&drafts);
        let added = nodes(&drafts).pop().unwrap().id;
        let order = |graph: &Graph| -> Vec<String> {
            graph.nodes().iter().map(|node| node.id.as_str().to_owned()).filter(|id| *id != added.as_str()).collect()
        };
        prop_assert_eq!(order(&before), order(&after));
        let mut moved = nodes(&drafts);
        moved.rotate_left(shuffle.index(drafts.len()));
        prop_assert_eq!(order(&Graph::new(moved).unwrap()), order(&after));
        Ok(())
    });
}

#[test]
fn targets_are_read_or_refused() {
    // No text makes the reader of targets panic, nor what looks the target up, however far it goes.
    let words = [
        "head",
        "heads",
        "base",
        "current",
        "@",
        "+",
        "-",
        "1",
        "9",
        "99999999999999999999",
        "9223372036854775807",
        ":",
        "r3_0",
        "r",
        "r0_1",
        "é",
        " ",
        "://",
        "a",
    ];
    let text = prop_oneof![any::<String>(), vec(select(words.to_vec()), 0..6).prop_map(|words| words.concat())];
    check(3000, (text, drafts(), any::<Index>()), |(text, drafts, stop)| {
        let Ok(target) = Target::parse(&text) else { return Ok(()) };
        prop_assert_eq!(target.given(), &text);
        let graph = graph(&drafts);
        let applied = graph.set(0..stop.index(drafts.len() + 1));
        if let Ok(found) = graph.resolve(&target, &applied) {
            prop_assert!(found.iter().all(|node| *node < drafts.len()));
        }
        if let Ok(removed) = graph.above(&target, &applied) {
            prop_assert!(removed.iter().all(|node| applied.contains(node)));
            prop_assert!(is_closed(&graph, &applied.clone().without(&removed)));
        }
        Ok(())
    });
}
