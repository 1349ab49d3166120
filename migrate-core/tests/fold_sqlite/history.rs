//! The repository's own revisions: the fold is the database at every one of them, on the way up and down.

use std::path::Path;

use migrate_core::fold::Folder;
use migrate_core::revision::{Directory, History};
use migrate_core::schema::Schema;
use migrate_core::sql::Syntax;

use crate::both::{Both, Outcome};
use crate::cases::renders;

fn history() -> History {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let dialects = [Syntax::named("postgres"), Syntax::named("sqlite")].map(|syntax| syntax.expect("a dialect"));
    let directory = Directory::read(&[folder]).expect("revision files");
    directory.history(&dialects, dialects[1]).expect("sections")
}

/// Runs a section in both; rows are none.
fn run(both: &mut Both, history: &History, node: usize, up: bool) {
    both.fold.begin_revision();
    let scripts = history.scripts(node);
    let script = if up { &scripts.upgrade } else { &scripts.downgrade };
    for statement in &script.statements {
        let text = &scripts.text[statement.start..statement.end];
        match both.run(text) {
            Ok(Outcome::Accepted(_)) => {}
            other => panic!("{}:{}: {other:?}", scripts.file, statement.line),
        }
    }
    renders(both).expect("the schema");
}

#[test]
fn the_repository_s_revisions_come_to_the_same_at_every_one() {
    let history = history();
    let order: Vec<usize> = (0..history.graph().nodes().len()).collect();
    assert!(order.len() >= 3, "the repository has revisions");
    let mut both = Both::new();
    let mut before: Vec<Schema> = Vec::new();
    for node in &order {
        before.push(both.fold.schema().clone());
        run(&mut both, &history, *node, true);
    }
    assert!(!both.fold.schema().tables.is_empty());
    for node in order.iter().rev() {
        run(&mut both, &history, *node, false);
        assert_eq!(before.pop().as_ref(), Some(both.fold.schema()), "the way down of {node} is that up");
    }
}
