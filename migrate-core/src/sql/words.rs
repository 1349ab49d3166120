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
    each(statement, syntax).collect()
}

/// Statements about rows, of which no later word tells how they run.
const ROWS: [&str; 8] = ["INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE", "VALUES", "SELECT", "WITH"];

/// Returns the significant tokens that tell how a statement runs: of one about rows the first few, of others all.
pub fn leading<'t>(statement: &'t str, syntax: &'static Syntax) -> Vec<Word<'t>> {
    let mut words = each(statement, syntax);
    let Some(first) = words.next() else { return Vec::new() };
    let few = if ROWS.iter().any(|word| first.is(word)) { 8 } else { usize::MAX };
    std::iter::once(first).chain(words).take(few).collect()
}

fn each<'t>(statement: &'t str, syntax: &'static Syntax) -> impl Iterator<Item = Word<'t>> {
    let mut lexer = Lexer::new(statement, 0, syntax);
    std::iter::from_fn(move || {
        loop {
            let token = lexer.next_token().ok()??;
            if token.is_significant() {
                return Some(Word { kind: token.kind, text: token.text(statement) });
            }
        }
    })
}
