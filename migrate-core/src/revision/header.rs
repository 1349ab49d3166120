//! The header of a revision file: comment lines with the message, the id and the edges.

use super::{Node, RevisionId, id};
use crate::diagnostic::{Diagnostic, Location};
use crate::suggest;

const REVISION_ID: &str = "Revision ID";
const REVISES: &str = "Revises";
const CREATE_DATE: &str = "Create Date";
const BRANCH_LABELS: &str = "Branch Labels";
const DEPENDS_ON: &str = "Depends On";
const FORMAT: &str = "Migrate-Format";
const KEYS: [&str; 6] = [REVISION_ID, REVISES, CREATE_DATE, BRANCH_LABELS, DEPENDS_ON, FORMAT];

/// The highest format of a revision file that this version reads.
const NEWEST_FORMAT: &str = "1";

/// A header that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it says.
    pub node: Node,
    /// The byte at which the rest of the file begins.
    pub end: usize,
}

/// One `-- Key: value` line.
struct Line<'t> {
    number: u32,
    key: &'t str,
    value: &'t str,
    /// The column of the value, from 1.
    column: u32,
}

/// Reads the header of a revision file.
///
/// # Errors
///
/// Every line that is wrong, and an id that is missing.
pub fn parse(text: &str, file: &str) -> Result<Header, Vec<Diagnostic>> {
    let mut message: Vec<&str> = Vec::new();
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut problems = Vec::new();
    let mut end = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut number = 0;
    for raw in text[end..].split_inclusive('\n') {
        number += 1;
        let line = raw.trim_end();
        let Some(comment) = line.strip_prefix("--").filter(|rest| !is_directive(rest)) else {
            // White space between comment blocks is fine until the header begins; it ends the header.
            if line.is_empty() && lines.is_empty() {
                end += raw.len();
                message.push("");
                continue;
            }
            break;
        };
        end += raw.len();
        let content = comment.strip_prefix(' ').unwrap_or(comment);
        match split_line(content, number, line) {
            Some(header) if KEYS.contains(&header.key) => lines.push(header),
            header if lines.is_empty() => {
                if let Some(problem) = header.and_then(|header| misspelt(&header, file)) {
                    problems.push(problem);
                }
                message.push(content.trim_end());
            }
            header if !content.trim().is_empty() => problems.push(unknown_line(header.as_ref(), number, content, file)),
            _ => {}
        }
    }
    let header = interpret(&lines, &message, file, &mut problems);
    match header {
        Some(node) if problems.is_empty() => Ok(Header { node, end }),
        _ => Err(problems),
    }
}

fn is_directive(comment: &str) -> bool {
    comment.trim_start().get(..8).is_some_and(|word| word.eq_ignore_ascii_case("migrate:"))
}

fn split_line<'t>(content: &'t str, number: u32, line: &'t str) -> Option<Line<'t>> {
    let (key, value) = content.split_once(':')?;
    let before = line.len() - value.len() + (value.len() - value.trim_start().len());
    let column = u32::try_from(line.get(..before)?.chars().count() + 1).ok()?;
    Some(Line { number, key: key.trim(), value: value.trim(), column })
}

fn misspelt(line: &Line<'_>, file: &str) -> Option<Diagnostic> {
    let near = suggest::near(line.key, KEYS).first().copied()?;
    Some(
        Diagnostic::new(
            "unknown-header",
            Location::new(file, line.number, 4),
            format!("`{}` is no header line", line.key),
        )
        .help(format!("did you mean `{near}`?"))
        .length(line.key.chars().count()),
    )
}

fn unknown_line(line: Option<&Line<'_>>, number: u32, content: &str, file: &str) -> Diagnostic {
    let word = line.map_or(content.trim(), |line| line.key);
    Diagnostic::new("unknown-header", Location::new(file, number, 4), format!("`{word}` is no header line"))
        .help(match line {
            Some(line) => suggest::did_you_mean(line.key, KEYS),
            None => "the message stands above `-- Revision ID:`; a blank line ends the header".to_owned(),
        })
        .length(word.chars().count())
}

fn interpret(lines: &[Line<'_>], message: &[&str], file: &str, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    for (n, line) in lines.iter().enumerate() {
        if lines[..n].iter().any(|earlier| earlier.key == line.key) {
            let help = match line.key {
                REVISES | BRANCH_LABELS | DEPENDS_ON => "write everything on one line, separated by commas",
                _ => "remove one of the lines",
            };
            problems.push(at_key(line, file, "header-twice", format!("`{}` is given twice", line.key)).help(help));
        }
    }
    let find = |key: &str| lines.iter().find(|line| line.key == key);
    if let Some(line) = find(FORMAT).filter(|line| line.value != NEWEST_FORMAT) {
        // What else looks wrong may be right in that format.
        *problems = vec![at_value(line, file, "newer-format", format!("this file has format {}", line.value)).help(
            format!("this version of migrate reads format {NEWEST_FORMAT}; update migrate-cli and migrate-core"),
        )];
        return None;
    }
    let Some(id_line) = find(REVISION_ID) else {
        let near_miss = problems.iter().any(|problem| problem.code == "unknown-header");
        if !near_miss {
            problems.push(missing_id(lines, file));
        }
        return None;
    };
    let id = read_id(id_line, id_line.value, file, problems)?;
    for line in [REVISES, BRANCH_LABELS, DEPENDS_ON].into_iter().filter_map(find) {
        let texts: Vec<_> = list(Some(line)).collect();
        if let Some((_, twice)) = texts.iter().enumerate().find(|(n, text)| texts[..*n].contains(text)) {
            let message = format!("`{}` names {twice} twice", line.key);
            problems.push(at_value(line, file, "header-twice", message).help("remove one of them"));
        }
    }
    let parents = list(find(REVISES)).filter_map(|text| read_id(find(REVISES)?, text, file, problems)).collect();
    let labels = list(find(BRANCH_LABELS)).map(str::to_owned).collect::<Vec<_>>();
    for label in &labels {
        if let (Err(reason), Some(line)) = (check_label(label), find(BRANCH_LABELS)) {
            problems.push(at_value(line, file, "bad-label", reason).help("choose another label"));
        }
    }
    let origin = |key: &str| find(key).map(|line| Location::new(file, line.number, line.column));
    Some(Node {
        id,
        parents,
        depends_on: list(find(DEPENDS_ON)).map(str::to_owned).collect(),
        labels,
        message: message.join("\n").trim().to_owned(),
        create_date: find(CREATE_DATE).map_or_else(String::new, |line| line.value.to_owned()),
        origin: origin(REVISION_ID),
        parents_origin: origin(REVISES),
        labels_origin: origin(BRANCH_LABELS),
        depends_origin: origin(DEPENDS_ON),
    })
}

fn missing_id(lines: &[Line<'_>], file: &str) -> Diagnostic {
    let location = lines.first().map_or_else(|| Location::file(file), |line| Location::new(file, line.number, 1));
    Diagnostic::new("missing-revision-id", location, "this file has no `-- Revision ID:` line at its head").help(
        "`migrate-cli revision -m \"…\"` writes a file with a header; a file that is no revision belongs elsewhere",
    )
}

fn at_key(line: &Line<'_>, file: &str, code: &'static str, message: String) -> Diagnostic {
    Diagnostic::new(code, Location::new(file, line.number, 4), message).length(line.key.chars().count())
}

fn at_value(line: &Line<'_>, file: &str, code: &'static str, message: String) -> Diagnostic {
    Diagnostic::new(code, Location::new(file, line.number, line.column), message).length(line.value.chars().count())
}

fn list<'t>(line: Option<&Line<'t>>) -> impl Iterator<Item = &'t str> {
    let value = line.map_or("", |line| line.value);
    value.split(',').map(str::trim).filter(|text| !text.is_empty())
}

fn read_id(line: &Line<'_>, text: &str, file: &str, problems: &mut Vec<Diagnostic>) -> Option<RevisionId> {
    match RevisionId::parse(text) {
        Ok(id) => Some(id),
        Err(reason) => {
            let problem = at_value(line, file, "bad-revision-id", reason);
            let several = text.split([',', ' ', '\t']).filter(|word| !word.is_empty()).count() > 1;
            problems.push(match line.key {
                REVISION_ID if several => {
                    problem.help("a file is one revision; what it revises stands in `-- Revises:`")
                }
                REVISION_ID => problem.help("choose another id"),
                _ if several => problem.help("several revisions are separated by commas"),
                _ => problem.help("write the id of the revision that comes before, or nothing"),
            });
            None
        }
    }
}

/// Checks a branch label.
///
/// # Errors
///
/// Says why the text is no label.
pub fn check_label(label: &str) -> Result<(), String> {
    if label.is_empty() {
        return Err("a branch label cannot be empty".to_owned());
    }
    if id::is_reserved(label) {
        return Err(format!("`{label}` is a word of the target syntax and cannot be a branch label"));
    }
    match label.chars().find(|c| !id::is_id_char(*c)) {
        Some(bad) => {
            Err(format!("`{label}` is no branch label: {bad:?} is not allowed, only letters, digits, `_` and `.`"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-- Rename the tables.\n--\n-- Why: it reads better.\n--\n-- Revision ID: b2\n-- Revises: a1, a2\n-- Create Date: 2026-11-22 10:00:00+00:00\n-- Branch Labels: x\n-- Depends On:\n\n-- migrate:upgrade\n";

    #[test]
    fn a_header_is_read() {
        for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n"), format!("\u{feff}{GOOD}"), format!("\n\n{GOOD}")] {
            let header = parse(&text, "f.sql").expect(&text);
            assert_eq!(header.node.id.as_str(), "b2");
            assert_eq!(header.node.parents.iter().map(RevisionId::as_str).collect::<Vec<_>>(), ["a1", "a2"]);
            assert_eq!(header.node.labels, ["x"]);
            assert!(header.node.depends_on.is_empty());
            assert_eq!(header.node.summary(), "Rename the tables.");
            assert!(text[header.end..].trim_start().starts_with("-- migrate:upgrade"), "{:?}", &text[header.end..]);
        }
        assert_eq!(parse("-- one\n-- Revision ID: a\n-- Revises:", "f").unwrap().node.message, "one");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let check = |text: &str, expect: &str| {
            let problems = parse(text, "f.sql").expect_err(text);
            let found: Vec<_> = problems.iter().map(|p| format!("{} {p}", p.code)).collect();
            assert!(found.iter().any(|p| p.contains(expect)), "{text:?}: {found:#?}");
            assert_eq!(found.len(), 1, "{found:#?}");
        };
        check("SELECT 1", "missing-revision-id f.sql:1:1:");
        check("-- x\n", "missing-revision-id f.sql:1:1:");
        check("-- x\n-- Revises: a\n", "missing-revision-id f.sql:2:1:");
        check(
            "-- Revision Id: a\n",
            "unknown-header f.sql:1:4: `Revision Id` is no header line; did you mean `Revision ID`?",
        );
        check(
            "-- Revision ID: a\n-- Revise: b\n",
            "unknown-header f.sql:2:4: `Revise` is no header line; did you mean `Revises`?",
        );
        check(
            "-- Revision ID: a\n-- free text\n",
            "unknown-header f.sql:2:4: `free text` is no header line; the message stands above",
        );
        check("-- Revision ID: a-b\n", "bad-revision-id f.sql:1:17:");
        check("-- Revision ID:\n", "bad-revision-id f.sql:1:16: a revision id cannot be empty");
        check("-- Revision ID: a\n-- Revises: b c\n", "several revisions are separated by commas");
        check("-- Revision ID: a\n-- Revision ID: a\n", "header-twice f.sql:2:4:");
        check("-- Revision ID: a\n-- Branch Labels: head\n", "bad-label f.sql:2:19:");
        check("-- Revision ID: a\n-- Migrate-Format: 2\n", "newer-format f.sql:2:20: this file has format 2");
    }
}
