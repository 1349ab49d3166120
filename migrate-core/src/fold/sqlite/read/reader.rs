//! Tokens of a statement, with SQLite's names and its own words for what it did not expect.

use std::ops::Range;

use super::ast::{Ident, Qualified, Quote};
use crate::fold::{Cursor, Problem};
use crate::sql::{SQLITE, Token, TokenKind};

/// The depth of parentheses at which SQLite's own parser may give up too.
const DEPTH: usize = 100;

/// Reads one statement.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'t> {
    pub(super) cursor: Cursor<'t>,
    depth: usize,
}

/// Words that are never a name without quotes.
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// Words that are names, but neither a part of a type nor an alias without AS.
const JOINS: &[&str] = &["CROSS", "FULL", "INDEXED", "INNER", "LEFT", "NATURAL", "OUTER", "RIGHT"];

pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str) -> Result<Self, Problem> {
        let cursor = Cursor::new(text, &SQLITE)?;
        let mut all = cursor.clone();
        while let Some(token) = all.take() {
            let text = all.text_of(token);
            let legal = match token.kind {
                TokenKind::Number => is_number(text),
                TokenKind::String => text.starts_with('\'') || is_blob(text),
                _ => true,
            };
            if !legal {
                let message = format!("unrecognized token: \"{text}\"");
                return Err(Problem::new("sql-syntax", token.start..token.end, message));
            }
        }
        Ok(Self { cursor, depth: 0 })
    }

    pub(crate) fn text(&self) -> &'t str {
        self.cursor.text()
    }

    pub(crate) fn peek(&self) -> Option<Token> {
        self.cursor.peek()
    }

    pub(crate) fn here(&self) -> Range<usize> {
        self.cursor.here()
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.cursor.is(word)
    }

    pub(crate) fn are(&self, words: &[&str]) -> bool {
        self.cursor.are(words)
    }

    pub(crate) fn accept(&mut self, words: &[&str]) -> bool {
        self.cursor.accept(words)
    }

    pub(crate) fn expect(&mut self, word: &str) -> Result<(), Problem> {
        if self.accept(&[word]) { Ok(()) } else { Err(self.near()) }
    }

    /// Begins something that can contain itself.
    pub(super) fn enter(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth <= DEPTH {
            return Ok(());
        }
        Err(Problem::new("sql-unsupported", self.here(), "this is nested too deeply to be read"))
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Returns SQLite's complaint about the next token.
    pub(crate) fn near(&self) -> Problem {
        let Some(token) = self.peek() else {
            return Problem::new("sql-syntax", self.here(), "incomplete input");
        };
        let text = self.cursor.text_of(token);
        let message = if token.kind == TokenKind::Symbol && "#\\{}^:@$`![]".contains(text) && !self.pair("!", "=") {
            format!("unrecognized token: \"{text}\"")
        } else {
            format!("near \"{text}\": syntax error")
        };
        Problem::new("sql-syntax", self.here(), message)
    }

    /// Returns whether two symbols stand together as one operator.
    pub(super) fn pair(&self, first: &str, second: &str) -> bool {
        self.are(&[first, second])
            && matches!((self.peek(), self.cursor.peek_at(1)), (Some(a), Some(b)) if a.end == b.start)
    }

    /// Takes a name, if one comes next that may stand here.
    fn name_if(&mut self, allowed: impl Fn(&str) -> bool, strings: bool) -> Option<Ident> {
        let token = self.peek()?;
        let text = self.cursor.text_of(token);
        let (name, quote) = match token.kind {
            TokenKind::Word if allowed(text) => (text.to_owned(), Quote::Bare),
            TokenKind::QuotedName => unquoted(text),
            TokenKind::String if strings && text.starts_with('\'') => unquoted(text),
            _ => return None,
        };
        self.cursor.take();
        Some(Ident { name, at: token.start..token.end, quote })
    }

    /// Takes a name, which a string can be too.
    pub(crate) fn name(&mut self) -> Result<Ident, Problem> {
        self.name_if(|word| !is_reserved(word), true).ok_or_else(|| self.near())
    }

    /// Takes a name of a column in an expression.
    pub(super) fn column(&mut self) -> Option<Ident> {
        self.name_if(|word| !is_reserved(word), false)
    }

    /// Takes a name that joins cannot be: an alias without AS, a word of a type, a collation.
    pub(super) fn plain(&mut self, strings: bool) -> Option<Ident> {
        self.name_if(|word| !is_reserved(word) && !JOINS.iter().any(|join| word.eq_ignore_ascii_case(join)), strings)
    }

    /// Takes a name that may have its database before it.
    pub(crate) fn qualified(&mut self) -> Result<Qualified, Problem> {
        let first = self.name()?;
        if !self.accept(&["."]) {
            return Ok(Qualified { database: None, name: first });
        }
        Ok(Qualified { name: self.name()?, database: Some(first) })
    }

    /// Takes names in parentheses, separated by commas.
    pub(crate) fn names(&mut self) -> Result<Vec<Ident>, Problem> {
        self.expect("(")?;
        let mut names = vec![self.name()?];
        while self.accept(&[","]) {
            names.push(self.name()?);
        }
        self.expect(")")?;
        Ok(names)
    }

    /// Takes `IF NOT EXISTS` or `IF EXISTS`.
    pub(crate) fn condition(&mut self, words: &[&str]) -> Result<bool, Problem> {
        if !self.accept(&["IF"]) {
            return Ok(false);
        }
        for word in words {
            self.expect(word)?;
        }
        Ok(true)
    }

    /// Demands the statement's end.
    pub(crate) fn finish(&self) -> Result<(), Problem> {
        if self.cursor.is_done() { Ok(()) } else { Err(self.near()) }
    }

    /// Returns the end of the last token that was taken.
    pub(crate) fn taken(&self) -> usize {
        let at = self.cursor.position();
        if at == 0 { 0 } else { self.cursor.since(at - 1).end }
    }
}

/// Returns a quoted name without its quotes.
pub(crate) fn unquoted(text: &str) -> (String, Quote) {
    let inner = &text[1..text.len() - 1];
    match text.as_bytes()[0] {
        b'"' => (inner.replace("\"\"", "\""), Quote::Double),
        b'`' => (inner.replace("``", "`"), Quote::Other),
        b'\'' => (inner.replace("''", "'"), Quote::Single),
        _ => (inner.to_owned(), Quote::Other),
    }
}

/// Returns whether a token of digits is a number to SQLite.
fn is_number(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole) && digits(fraction) && digits(exponent) && !exponent.is_empty()
}

/// Returns whether `x'…'` holds whole bytes.
fn is_blob(text: &str) -> bool {
    let digits = &text[2..text.len() - 1];
    digits.len() % 2 == 0 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
