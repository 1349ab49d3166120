//! The columns of the virtual tables of SQLite's own modules.

use super::ast::Quote;
use super::reader::unquoted;
use crate::sql::{Lexer, SQLITE, TokenKind};

/// A column of a virtual table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VirtualColumn {
    pub(crate) name: String,
    /// `*` leaves it out.
    pub(crate) hidden: bool,
}

/// Returns the columns, where the module is known.
pub(super) fn columns(table: &str, module: &str, arguments: &str) -> Option<Vec<VirtualColumn>> {
    let is = |known: &[&str]| known.iter().any(|known| module.eq_ignore_ascii_case(known));
    let full_text = is(&["fts3", "fts4", "fts5"]);
    if !full_text && !is(&["rtree", "rtree_i32"]) {
        return None;
    }
    let mut names: Vec<String> = split(arguments).into_iter().filter_map(column).collect();
    if names.is_empty() && full_text && !is(&["fts5"]) {
        names.push("content".to_owned());
    }
    let mut columns: Vec<VirtualColumn> = names.into_iter().map(|name| VirtualColumn { name, hidden: false }).collect();
    if full_text {
        let more = if is(&["fts5"]) { "rank" } else { "docid" };
        let hidden = [table, more].map(|name| VirtualColumn { name: name.to_owned(), hidden: true });
        columns.extend(hidden);
    }
    Some(columns)
}

fn split(arguments: &str) -> Vec<&str> {
    let mut lexer = Lexer::new(arguments, 0, &SQLITE);
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    while let Ok(Some(token)) = lexer.next_token() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Symbol if depth == 0 && token.text(arguments) == "," => {
                parts.push(&arguments[start..token.start]);
                start = token.end;
            }
            _ => {}
        }
    }
    parts.push(&arguments[start..]);
    parts
}

/// Returns the column of an argument, if it is one and no option.
fn column(argument: &str) -> Option<String> {
    let mut lexer = Lexer::new(argument, 0, &SQLITE);
    let mut name: Option<(String, Quote)> = None;
    while let Ok(Some(token)) = lexer.next_token() {
        let text = token.text(argument);
        match token.kind {
            // `key=value`; fts4 also has `tokenize porter`.
            TokenKind::Symbol if text == "=" => return None,
            TokenKind::Word if name.is_none() => name = Some((text.to_owned(), Quote::Bare)),
            TokenKind::QuotedName | TokenKind::String if name.is_none() => name = Some(unquoted(text)),
            _ => {}
        }
    }
    name.map(|(name, _)| name).filter(|name| !name.eq_ignore_ascii_case("tokenize"))
}
