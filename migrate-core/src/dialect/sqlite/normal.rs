//! Texts of SQL in a form in which those that mean the same are the same.

use super::super::Verdict;
use crate::sql::{Lexer, SQLITE, TokenKind, Word};

/// A token without what does not count: comments, white space, the case and the quotes of names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A name or keyword, in lower case.
    Name(String),
    /// A string's value.
    Text(String),
    /// A name in double quotes, which is a string where no column has it.
    Either(String),
    Other(String),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut lexer = Lexer::new(text, 0, &SQLITE);
    let mut pieces = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        if !token.is_significant() {
            continue;
        }
        let word = Word { kind: token.kind, text: token.text(text) };
        pieces.push(match token.kind {
            TokenKind::Word => Piece::Name(word.text.to_ascii_lowercase()),
            TokenKind::QuotedName if word.text.starts_with('"') => Piece::Either(word.unquoted()),
            TokenKind::QuotedName => Piece::Name(word.unquoted().to_ascii_lowercase()),
            TokenKind::String if word.text.starts_with('\'') => {
                Piece::Text(word.text[1..word.text.len() - 1].replace("''", "'"))
            }
            _ => Piece::Other(word.text.to_ascii_lowercase()),
        });
    }
    pieces
}

/// Returns the normal form of an expression over columns that are known.
pub(super) fn expression(text: &str, columns: &[&str]) -> String {
    let mut pieces = pieces(text);
    strip_parentheses(&mut pieces);
    let written = pieces.iter().map(|piece| match piece {
        Piece::Either(name) if !columns.iter().any(|column| name.eq_ignore_ascii_case(column)) => {
            crate::sql::literal(name)
        }
        Piece::Name(name) | Piece::Other(name) => name.clone(),
        Piece::Either(name) => name.to_ascii_lowercase(),
        Piece::Text(text) => crate::sql::literal(text),
    });
    written.collect::<Vec<_>>().join(" ")
}

/// Takes away parentheses around the whole, and around single names and literals that are no arguments.
fn strip_parentheses(pieces: &mut Vec<Piece>) {
    let is = |piece: Option<&Piece>, symbol: &str| matches!(piece, Some(Piece::Other(text)) if text == symbol);
    let mut at = 0;
    while at + 2 < pieces.len() {
        let argument = at > 0 && !matches!(pieces[at - 1], Piece::Other(_));
        let single = !matches!(&pieces[at + 1], Piece::Other(text) if text == "(" || text == ")");
        if !argument && single && is(pieces.get(at), "(") && is(pieces.get(at + 2), ")") {
            pieces.remove(at + 2);
            pieces.remove(at);
            at = at.saturating_sub(1);
        } else {
            at += 1;
        }
    }
    while is_grouped(pieces) {
        pieces.remove(0);
        pieces.pop();
    }
}

fn is_grouped(pieces: &[Piece]) -> bool {
    let is = |piece: &Piece, symbol: &str| matches!(piece, Piece::Other(text) if text == symbol);
    let [first, .., _] = pieces else { return false };
    let mut depth = 0_usize;
    for (n, piece) in pieces.iter().enumerate() {
        if is(piece, "(") {
            depth += 1;
        } else if is(piece, ")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return is(first, "(") && n + 1 == pieces.len();
            }
        } else if depth == 0 {
            return false;
        }
    }
    false
}

/// Returns a text in which every name that is one became another, whatever it stands for.
pub(super) fn renamed(text: &str, from: &str, to: &str) -> String {
    let mut lexer = Lexer::new(text, 0, &SQLITE);
    let (mut written, mut at) = (String::new(), 0);
    while let Ok(Some(token)) = lexer.next_token() {
        let word = Word { kind: token.kind, text: token.text(text) };
        let is_name = match token.kind {
            TokenKind::Word => word.text.eq_ignore_ascii_case(from),
            TokenKind::QuotedName => word.unquoted().eq_ignore_ascii_case(from),
            _ => false,
        };
        if is_name {
            written += &text[at..token.start];
            written += &super::identifier(to);
            at = token.end;
        }
    }
    written + &text[at..]
}

/// Returns whether a text qualifies something by this name: `name.x`.
pub(super) fn qualifies(text: &str, name: &str) -> bool {
    let pieces = pieces(text);
    let is_name = |piece: &Piece| match piece {
        Piece::Name(found) | Piece::Either(found) => found.eq_ignore_ascii_case(name),
        _ => false,
    };
    pieces.windows(2).any(|pair| is_name(&pair[0]) && pair[1] == Piece::Other(".".to_owned()))
}

/// Returns whether a text has this name in it, whatever it stands for.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    pieces(text).iter().any(|piece| match piece {
        Piece::Name(found) | Piece::Either(found) => found.eq_ignore_ascii_case(name),
        _ => false,
    })
}

/// Returns whether a default is a literal, as a column that is added in place may have.
pub(super) fn is_literal(text: &str) -> bool {
    let mut pieces = pieces(text);
    while is_grouped(&pieces) {
        pieces.remove(0);
        pieces.pop();
    }
    if let [Piece::Other(sign), _] = pieces.as_slice() {
        if sign == "-" || sign == "+" {
            pieces.remove(0);
        }
    }
    match pieces.as_slice() {
        [Piece::Name(word)] => !word.starts_with("current_"),
        [Piece::Text(_) | Piece::Either(_)] => true,
        [Piece::Other(text)] => text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == 'x'),
        _ => false,
    }
}

/// Returns a default as an expression: a bare word is a string in one, and a column in the other.
pub(super) fn default_value(text: &str) -> String {
    match pieces(text).as_slice() {
        [Piece::Name(word)] if !["null", "true", "false"].contains(&word.as_str()) && !word.starts_with("current_") => {
            crate::sql::literal(text)
        }
        [Piece::Either(word)] => crate::sql::literal(word),
        _ => text.to_owned(),
    }
}

/// Returns whether a default is NULL.
pub(super) fn is_null(text: &str) -> bool {
    let mut pieces = pieces(text);
    while is_grouped(&pieces) {
        pieces.remove(0);
        pieces.pop();
    }
    pieces == [Piece::Name("null".to_owned())]
}

/// Compares two queries or triggers.
pub(super) fn statements(before: &str, after: &str) -> Verdict {
    let (before, after) = (plain(pieces(before)), plain(pieces(after)));
    if before.len() != after.len() {
        return Verdict::Different("the texts differ".to_owned());
    }
    let mut unclear = None;
    for (one, other) in before.iter().zip(&after) {
        match (one, other) {
            _ if one == other => {}
            (Piece::Either(a) | Piece::Name(a), Piece::Either(b) | Piece::Name(b)) if a.eq_ignore_ascii_case(b) => {}
            (Piece::Either(a), Piece::Text(b)) | (Piece::Text(b), Piece::Either(a)) if a == b => {
                unclear = Some(format!("whether \"{a}\" is a column or a string depends on what it is read with"));
            }
            _ => return Verdict::Different("the texts differ".to_owned()),
        }
    }
    unclear.map_or(Verdict::Equal, Verdict::Skip)
}

/// Takes away what says nothing in a trigger: BEFORE, which is the default, and FOR EACH ROW, which is the only way.
fn plain(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let is = |piece: Option<&Piece>, word: &str| matches!(piece, Some(Piece::Name(name)) if name == word);
    if !(is(pieces.first(), "create") && is(pieces.get(1), "trigger")) {
        return pieces;
    }
    if is(pieces.get(3), "before") {
        pieces.remove(3);
    }
    let row = (0..pieces.len())
        .find(|n| is(pieces.get(*n), "for") && is(pieces.get(n + 1), "each") && is(pieces.get(n + 2), "row"));
    if let Some(row) = row {
        pieces.drain(row..row + 3);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_in_an_expression() {
        let check = |one: &str, other: &str, same: bool| {
            let columns = ["a", "b"];
            assert_eq!(expression(one, &columns) == expression(other, &columns), same, "{one} {other}");
        };
        check("(1)", "1", true);
        check("((a)+(b))", "(A) + (\"b\")", true);
        check("a /* x */ > 1 -- y", "[a]>1", true);
        check("\"zz\" || a", "'zz'||a", true);
        check("\"a\"", "'a'", false);
        check("'A'", "'a'", false);
        check("(a) + (b)", "a) + (b", false);
        check("x'0A'", "X'0a'", true);
    }

    #[test]
    fn what_counts_in_a_statement() {
        let check = |one: &str, other: &str, expect: fn(&Verdict) -> bool| {
            assert!(expect(&statements(one, other)), "{one} {other} {:?}", statements(one, other));
        };
        check("SELECT a FROM t", "select \"A\"  from [T]", |verdict| *verdict == Verdict::Equal);
        check("select \"x\"", "select 'x'", |verdict| matches!(verdict, Verdict::Skip(_)));
        check("select 'y'", "select 'x'", |verdict| matches!(verdict, Verdict::Different(_)));
        check(
            "create trigger r before insert on t for each row begin select 1; end",
            "CREATE TRIGGER R INSERT ON t BEGIN SELECT 1; END",
            |verdict| *verdict == Verdict::Equal,
        );
    }
}
