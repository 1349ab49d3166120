//! New revision files: their text and their names.

use super::Node;
use crate::sql::Syntax;

/// A moment in the project's time zone, for dates and file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// As in a header: `2026-11-22 10:00:00+00:00`.
    pub date: String,
    /// Seconds since 1970.
    pub epoch: i64,
}

/// Returns the text of a revision that does nothing yet.
///
/// A project of one dialect gets one section a direction, others one for each dialect.
pub fn empty(node: &Node, dialects: &[&'static Syntax]) -> String {
    let mut text = header(node);
    let names: Vec<String> = match dialects {
        [_] => vec![String::new()],
        several => several.iter().map(|syntax| format!(" {}", syntax.name)).collect(),
    };
    for way in ["upgrade", "downgrade"] {
        for name in &names {
            text.push_str(&format!("\n-- migrate:{way}{name}\n"));
        }
    }
    text
}

/// One section of a new revision: its marker after `-- migrate:`, and what stands in it.
pub type Filled = (String, String);

/// Returns the text of a revision with these sections.
pub fn filled(node: &Node, sections: &[Filled]) -> String {
    let mut text = header(node);
    for (marker, sql) in sections {
        text.push_str(&format!("\n-- migrate:{marker}\n{sql}"));
    }
    text
}

/// Returns the header of a revision file.
pub fn header(node: &Node) -> String {
    let mut text = String::new();
    for line in node.message.lines() {
        text.push_str(format!("-- {line}").trim_end());
        text.push('\n');
    }
    let parents: Vec<&str> = node.parents.iter().map(super::RevisionId::as_str).collect();
    text.push_str(&format!("--\n-- Revision ID: {}\n", node.id));
    for (key, value) in [
        ("Revises", parents.join(", ")),
        ("Create Date", node.create_date.clone()),
        ("Branch Labels", node.labels.join(", ")),
        ("Depends On", node.depends_on.join(", ")),
    ] {
        if !value.is_empty() || key == "Revises" {
            text.push_str(format!("-- {key}: {value}").trim_end());
            text.push('\n');
        }
    }
    text
}

/// Returns the name of a revision file by a template (`{rev}_{slug}`).
pub fn file_name(template: &str, slug_length: usize, node: &Node, moment: &Moment) -> String {
    let mut name = template.replace("{rev}", node.id.as_str()).replace("{slug}", &slug(node.summary(), slug_length));
    for (word, from, to) in [
        ("{year}", 0, 4),
        ("{month}", 5, 7),
        ("{day}", 8, 10),
        ("{hour}", 11, 13),
        ("{minute}", 14, 16),
        ("{second}", 17, 19),
    ] {
        name = name.replace(word, moment.date.get(from..to).unwrap_or_default());
    }
    name = name.replace("{epoch}", &moment.epoch.to_string());
    format!("{}.sql", name.trim_end_matches('_'))
}

/// Returns a message as a part of a file name: its words in lower case, cut back to whole words.
fn slug(message: &str, length: usize) -> String {
    let words = message.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let slug = words.map(str::to_lowercase).collect::<Vec<_>>().join("_");
    match slug.char_indices().nth(length) {
        None => slug,
        Some((end, _)) => {
            let cut = &slug[..end];
            cut.rsplit_once('_').map_or(cut, |(words, _)| words).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RevisionId, header};
    use super::*;

    fn node(message: &str) -> Node {
        let mut node = Node::new(RevisionId::parse("b2").unwrap());
        node.message = message.to_owned();
        node.parents.push(RevisionId::parse("a1").unwrap());
        node.create_date = "2026-11-22 10:00:00+00:00".to_owned();
        node
    }

    #[test]
    fn what_is_written_is_read_back() {
        for message in ["rename tables", "Two lines.\n\nWhy: so.", "ä 'quoted'"] {
            let node = node(message);
            let text = empty(&node, &[Syntax::named("sqlite").unwrap()]);
            let read = header::parse(&text, "f").unwrap().node;
            assert_eq!((read.message, read.parents, read.create_date), (node.message, node.parents, node.create_date));
            assert!(text.ends_with("\n-- migrate:upgrade\n\n-- migrate:downgrade\n"), "{text}");
        }
    }

    #[test]
    fn names() {
        let moment = Moment { date: "2026-11-22 10:01:02+00:00".into(), epoch: 7 };
        let check = |template: &str, message: &str, expect: &str| {
            assert_eq!(file_name(template, 40, &node(message), &moment), expect);
        };
        check("{rev}_{slug}", "Add retries, please!", "b2_add_retries_please.sql");
        check("{rev}_{slug}", "", "b2.sql");
        check("{year}{month}{day}_{hour}{minute}{second}_{epoch}_{rev}", "x", "20261122_100102_7_b2.sql");
        check(
            "{rev}_{slug}",
            "refactor schema to support steps and stats",
            "b2_refactor_schema_to_support_steps_and.sql",
        );
    }
}
