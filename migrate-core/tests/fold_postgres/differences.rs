//! What two scripts differ in, sentence by sentence.

use migrate_core::dialect::Verdict;
use migrate_core::fold::Folder;
use migrate_core::schema::Schema;

use crate::{dialect, folder, statements};

fn fold(script: &str) -> Schema {
    let mut folder = folder();
    for statement in statements(script) {
        folder.statement(statement).unwrap_or_else(|problem| panic!("{statement}: {problem}"));
    }
    folder.schema().clone()
}

fn sentences(before: &str, after: &str) -> String {
    let found = dialect().compare(&fold(before), &fold(after));
    let lines = found.iter().map(|difference| {
        let doubt = matches!(difference.verdict, Verdict::Skip(_));
        let sentence = difference.sentence("before", "after");
        format!("{}: {sentence}{}\n", difference.object, if doubt { ", perhaps" } else { "" })
    });
    lines.collect()
}

// Each property of each kind of object is compared, and told in a sentence about the object that has it.
#[test]
fn what_differs_is_told() {
    let mut wrong = String::new();
    let mut found = 0;
    for case in include_str!("differences.txt").split("\n--\n") {
        let (before, rest) = case.trim().split_once("\n=>\n").unwrap_or_else(|| panic!("no `=>` in {case}"));
        let (after, expected) = rest.split_once("\n:\n").unwrap_or((rest.trim_end_matches("\n:"), ""));
        let told = sentences(before, after);
        if told.trim() != expected.trim() {
            wrong += &format!("{before}\n=>\n{after}\n:\n{told}--\n");
        }
        found += expected.lines().count();
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(found > 100, "only {found} differences are told");
}

// What the server does not tell apart is no difference, in either direction.
#[test]
fn what_is_the_same_is_not_told() {
    for case in include_str!("equal.txt").split("\n--\n") {
        let (before, after) = case.trim().split_once("\n=>\n").unwrap_or_else(|| panic!("no `=>` in {case}"));
        assert_eq!(sentences(before, after), "", "{case}");
        assert_eq!(sentences(after, before), "", "{case}");
    }
}
