//! A statement's significant tokens, taken one after the other.

use std::ops::Range;

use super::Problem;
use crate::sql::{Lexer, Syntax, Token, TokenKind, Word};

/// A place in a statement.
#[derive(Clone, Debug)]
pub struct Cursor<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// Begins before a statement's first token.
    ///
    /// # Errors
    ///
    /// A quote that is opened and never closed.
    pub fn new(text: &'t str, syntax: &'static Syntax) -> Result<Self, Problem> {
        let mut lexer = Lexer::new(text, 0, syntax);
        let mut tokens = Vec::new();
        loop {
            match lexer.next_token() {
                Ok(None) => break,
                Ok(Some(token)) if token.is_significant() => tokens.push(token),
                Ok(Some(_)) => {}
                Err(error) => {
                    let message = format!("{} is opened here and never closed", error.unclosed);
                    return Err(Problem::new("sql-syntax", error.start..error.start + 1, message));
                }
            }
        }
        Ok(Self { text, tokens, at: 0 })
    }

    /// Returns the statement.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Returns how many tokens were taken.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes back to where [`position`](Self::position) was.
    pub fn rewind(&mut self, position: usize) {
        self.at = position;
    }

    /// Returns the next token without taking it.
    pub fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// Returns the token so many places ahead without taking it.
    pub fn peek_at(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// Returns the token at a position.
    pub fn token(&self, position: usize) -> Option<Token> {
        self.tokens.get(position).copied()
    }

    /// Returns whether the token at a position is this keyword or symbol.
    pub fn matches(&self, position: usize, keyword: &str) -> bool {
        self.token(position).is_some_and(|token| is_keyword(token, self.text_of(token), keyword))
    }

    /// Returns the position of what closes the parenthesis or bracket at a position.
    ///
    /// # Errors
    ///
    /// Nothing closes it.
    pub fn closing(&self, open: usize) -> Result<usize, Problem> {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match self.text_of(*token) {
                "(" | "[" if !is_quoted(*token) => depth += 1,
                ")" | "]" if !is_quoted(*token) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(at);
                    }
                }
                _ => {}
            }
        }
        Err(Problem::new("sql-syntax", self.bytes_at(open), "this parenthesis is never closed"))
    }

    /// Takes the next token.
    pub fn take(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Returns a token's text.
    pub fn text_of(&self, token: Token) -> &'t str {
        token.text(self.text)
    }

    /// Returns the text of tokens from one position to another, with what stands between them.
    pub fn slice(&self, from: usize, to: usize) -> &'t str {
        if from >= to {
            return "";
        }
        &self.text[self.tokens[from].start..self.tokens[to - 1].end]
    }

    /// Returns the bytes of the next token, or of the statement's end.
    pub fn here(&self) -> Range<usize> {
        match self.peek() {
            Some(token) => token.start..token.end,
            None => self.text.len()..self.text.len(),
        }
    }

    /// Returns the bytes from a position to the last token that was taken.
    pub fn since(&self, position: usize) -> Range<usize> {
        match (self.tokens.get(position), self.at.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if last.end > first.start => first.start..last.end,
            _ => self.here(),
        }
    }

    /// Returns where the last token that was taken ends.
    pub fn end_of_taken(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.end)
    }

    /// Returns whether every token was taken.
    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Returns whether the next token is this keyword, which stands in upper case.
    pub fn is(&self, keyword: &str) -> bool {
        self.is_at(0, keyword)
    }

    /// Returns whether the token so many places ahead is this keyword or symbol.
    pub fn is_at(&self, ahead: usize, keyword: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| is_keyword(token, self.text_of(token), keyword))
    }

    /// Returns whether these keywords come next.
    pub fn are(&self, keywords: &[&str]) -> bool {
        keywords.iter().enumerate().all(|(n, keyword)| self.is_at(n, keyword))
    }

    /// Takes these keywords if they all come next.
    pub fn accept(&mut self, keywords: &[&str]) -> bool {
        let found = self.are(keywords);
        if found {
            self.at += keywords.len();
        }
        found
    }

    /// Takes a keyword or symbol.
    ///
    /// # Errors
    ///
    /// Something else comes next.
    pub fn expect(&mut self, keyword: &str) -> Result<(), Problem> {
        if self.accept(&[keyword]) { Ok(()) } else { Err(self.expected(&format!("`{keyword}`"))) }
    }

    /// Returns the problem that something else was expected here.
    pub fn expected(&self, what: &str) -> Problem {
        let found = match self.peek() {
            Some(token) => format!("`{}`", self.text_of(token)),
            None => "the end of the statement".to_owned(),
        };
        Problem::new("sql-syntax", self.here(), format!("expected {what}, found {found}"))
    }

    /// Takes everything up to one of these symbols or keywords outside parentheses and brackets, or to the end, and
    /// returns the range of positions.
    pub fn take_until(&mut self, stops: &[&str]) -> Range<usize> {
        let from = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            if depth == 0 && stops.iter().any(|stop| self.is(stop)) {
                break;
            }
            match self.text_of(token) {
                "(" | "[" if !is_quoted(token) => depth += 1,
                ")" | "]" if !is_quoted(token) => {
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                }
                _ => {}
            }
            self.at += 1;
        }
        from..self.at
    }

    /// Takes a group in parentheses and returns the positions inside.
    ///
    /// # Errors
    ///
    /// No parenthesis comes next, or it is never closed.
    pub fn take_group(&mut self) -> Result<Range<usize>, Problem> {
        let open = self.here();
        self.expect("(")?;
        let inside = self.take_until(&[]);
        if !self.accept(&[")"]) {
            return Err(Problem::new("sql-syntax", open, "this parenthesis is never closed"));
        }
        Ok(inside)
    }

    /// Returns the tokens that are left, for readers of the dialects that take words.
    pub fn words(&self) -> Vec<Word<'t>> {
        self.tokens[self.at..].iter().map(|token| Word { kind: token.kind, text: self.text_of(*token) }).collect()
    }

    /// Takes so many tokens.
    pub fn skip(&mut self, tokens: usize) {
        self.at = (self.at + tokens).min(self.tokens.len());
    }

    /// Returns the bytes of the token at a position.
    pub fn bytes_at(&self, position: usize) -> Range<usize> {
        match self.tokens.get(position) {
            Some(token) => token.start..token.end,
            None => self.text.len()..self.text.len(),
        }
    }

    /// Demands that every token was taken.
    ///
    /// # Errors
    ///
    /// Something is left, which no reader knows.
    pub fn finish(&self) -> Result<(), Problem> {
        match self.peek() {
            None => Ok(()),
            Some(token) => Err(Problem::new(
                "sql-unsupported",
                token.start..token.end,
                format!("`{}` is not understood here", self.text_of(token)),
            )),
        }
    }
}

fn is_keyword(token: Token, text: &str, keyword: &str) -> bool {
    match token.kind {
        TokenKind::Word => text.eq_ignore_ascii_case(keyword),
        TokenKind::QuotedName | TokenKind::String | TokenKind::DollarString => false,
        _ => text == keyword,
    }
}

fn is_quoted(token: Token) -> bool {
    matches!(token.kind, TokenKind::QuotedName | TokenKind::String | TokenKind::DollarString)
}
