//! The checksum of a script: SHA-256 over a form that editors, line ends and comments do not change.
//!
//! Only quotes and comments are told from other text, no operator and no keyword, so that a better lexer changes no
//! checksum that a database has recorded.

use sha2::{Digest, Sha256};

use crate::sql::{Lexer, Syntax, Token, TokenKind};

/// Takes statements one by one, each whole or token by token.
#[derive(Clone)]
pub struct Checksum {
    hasher: Sha256,
    /// What is to be hashed: a token alone is too little to be worth the call.
    buffer: Vec<u8>,
    empty: bool,
    form: Form,
}

/// How much is hashed at once.
const BLOCK: usize = 4096;

impl Checksum {
    /// Begins with no statement.
    pub fn new() -> Self {
        Self { hasher: Sha256::new(), buffer: Vec::with_capacity(2 * BLOCK), empty: true, form: Form::default() }
    }

    /// Adds a statement.
    pub fn add(&mut self, statement: &str, syntax: &'static Syntax) {
        self.begin();
        let mut lexer = Lexer::new(statement, 0, syntax);
        while let Ok(Some(token)) = lexer.next_token() {
            self.token(token, statement);
        }
    }

    /// Begins a statement, of which the tokens follow.
    pub(super) fn begin(&mut self) {
        self.form = Form::default();
        if !std::mem::replace(&mut self.empty, false) {
            self.buffer.extend_from_slice(b";\n");
        }
    }

    /// Adds a token of the statement; what follows its last significant one adds nothing.
    pub(super) fn token(&mut self, token: Token, text: &str) {
        self.form.token(token, text, |piece| self.buffer.extend_from_slice(piece.as_bytes()));
        if self.buffer.len() >= BLOCK {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Returns the checksum of the statements so far: `1:` and 64 hex digits.
    pub fn text(&self) -> String {
        let digest = self.hasher.clone().chain_update(&self.buffer).finalize();
        let mut text = String::with_capacity(66);
        text.push_str("1:");
        for byte in digest {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
            }
        }
        text
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

/// The canonical form of a statement, as far as it was written.
#[derive(Clone, Default)]
struct Form {
    space: bool,
    last: Option<char>,
}

impl Form {
    /// Gives what a token adds to the form, piece by piece.
    fn token(&mut self, token: Token, text: &str, mut emit: impl FnMut(&str)) {
        if !token.is_significant() {
            self.space = true;
            return;
        }
        let text = token.text(text);
        let joins = self.last.is_some_and(holds_space) && text.chars().next().is_some_and(holds_space);
        if self.space && joins {
            emit(" ");
        }
        self.space = false;
        self.last = text.chars().next_back();
        if matches!(token.kind, TokenKind::String | TokenKind::DollarString | TokenKind::QuotedName) {
            let mut from = 0;
            for (at, _) in text.match_indices("\r\n") {
                emit(&text[from..at]);
                from = at + 1;
            }
            emit(&text[from..]);
        } else {
            emit(text);
        }
    }
}

/// White space between two of these means something.
fn holds_space(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '\'' | '"') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::super::super::sql::Syntax;
    use super::*;

    fn form(text: &str) -> String {
        let (mut out, mut form) = (String::new(), Form::default());
        let mut lexer = Lexer::new(text, 0, Syntax::named("postgres").unwrap());
        while let Ok(Some(token)) = lexer.next_token() {
            form.token(token, text, |piece| out.push_str(piece));
        }
        out
    }

    #[test]
    fn canonical_forms() {
        let check = |text: &str, expect: &str| assert_eq!(form(text), expect, "{text:?}");
        check("SELECT  1 , 'a  b' -- c\n + x /* d */ y", "SELECT 1,'a  b'+x y");
        check("a\r\n'b\r\nc'\t$$ \r\n $$", "a 'b\nc' $$ \n $$");
        check("a'b'", "a'b'");
        check("a 'b'", "a 'b'");
        check("ä ö < \"x\"  \"y\"", "ä ö<\"x\" \"y\"");
        check("f ( 1 ) . x", "f(1).x");
    }

    #[test]
    fn a_recorded_checksum_stays() {
        let sum = |statements: &[&str]| {
            let mut sum = Checksum::new();
            statements.iter().for_each(|s| sum.add(s, Syntax::named("postgres").unwrap()));
            sum.text()
        };
        // printf 'CREATE TABLE t(a int);\nSELECT 1' | sha256sum
        let expect = "1:b97a7d942899e0d8884f558f894553a10d6bd927b58d55bf519a3b6799f3efcf";
        let found = sum(&["CREATE TABLE t (a  int)", "SELECT 1"]);
        assert_eq!(found, expect);
        assert_eq!(found, sum(&["CREATE TABLE t(a\r\nint -- x\n)", "SELECT /* */ 1"]));
        assert_ne!(found, sum(&["CREATE TABLE t (a int)"]));
        assert_eq!(sum(&[]), "1:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
