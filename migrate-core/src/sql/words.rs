//! The significant tokens of a statement, with their text.

use super::{Lexer, Syntax, TokenKind};

/// A significant token and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text as written.
    pub text: &'t str,
}

impl Word<'_> {
    /// Returns whether this is the given keyword, which stands in upper case.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Returns whether this is a name or keyword without quotes.
    pub fn is_keyword(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// Returns the name that this is, without its quotes; a name without quotes as written.
    pub fn unquoted(&self) -> String {
        if self.kind != TokenKind::QuotedName {
            return self.text.to_owned();
        }
        let inner = |text: &str| text[1..text.len() - 1].to_owned();
        match self.text.as_bytes()[0] {
            b'"' => inner(self.text).replace("\"\"", "\""),
            b'`' => inner(self.text).replace("``", "`"),
            _ => inner(self.text),
        }
    }
}

/// Returns the significant tokens of a statement that was split before; what cannot be read ends it.
pub fn significant<'t>(statement: &'t str, syntax: &'static Syntax) -> Vec<Word<'t>> {
    let mut lexer = Lexer::new(statement, 0, syntax);
    let mut words = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        if token.is_significant() {
            words.push(Word { kind: token.kind, text: token.text(statement) });
        }
    }
    words
}
