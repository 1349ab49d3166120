//! Text to tokens, by the quoting rules of one dialect.

use super::Syntax;

/// What a token is; white space and comments are tokens too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// White space.
    Space,
    /// `-- …` without its line end.
    LineComment,
    /// `/* … */`
    BlockComment,
    /// A name or keyword without quotes.
    Word,
    /// A name in quotes: `"a"`, and in SQLite `` `a` `` and `[a]`.
    QuotedName,
    /// A string in quotes, with its prefix (`E'…'`, `X'…'`).
    String,
    /// `$tag$ … $tag$`
    DollarString,
    /// A number.
    Number,
    /// `$1`, `?1`, `:a`.
    Parameter,
    /// One character of anything else, but for `;`, `(` and `)`.
    Symbol,
    /// `;`
    Semicolon,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// A piece of the text, as a byte range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Token {
    /// Returns whether the token is neither white space nor a comment.
    pub fn is_significant(self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Returns the token's text.
    pub fn text(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// What cannot be read as tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexError {
    /// What it is: `a string`, `a quoted name`, `a block comment`, `a $$ body`, or empty for a character.
    pub unclosed: &'static str,
    /// Where it begins.
    pub start: usize,
}

/// Reads one token after the other.
#[derive(Clone, Debug)]
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    syntax: &'static Syntax,
}

impl<'t> Lexer<'t> {
    /// Begins at a byte offset of a text, which must be a character's first.
    pub fn new(text: &'t str, at: usize, syntax: &'static Syntax) -> Self {
        Self { text, at, syntax }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Returns the next token, `None` at the end.
    ///
    /// # Errors
    ///
    /// What is opened and never closed, and a NUL, at which the servers stop reading.
    pub fn next_token(&mut self) -> Result<Option<Token>, LexError> {
        let start = self.at;
        let rest = self.rest();
        let Some(&first) = rest.first() else { return Ok(None) };
        let second = rest.get(1).copied().unwrap_or(0);
        let (kind, length) = match first {
            0 => return Err(LexError { unclosed: "", start }),
            b'-' if second == b'-' => (TokenKind::LineComment, self.line_comment(rest)),
            b'/' if second == b'*' => (TokenKind::BlockComment, self.block_comment(rest)?),
            b'\'' => (TokenKind::String, self.quoted(rest, 0, b'\'', false, "a string")?),
            b'"' => (TokenKind::QuotedName, self.quoted(rest, 0, b'"', false, "a quoted name")?),
            b'`' if self.syntax.backticks => {
                (TokenKind::QuotedName, self.quoted(rest, 0, b'`', false, "a quoted name")?)
            }
            b'[' if self.syntax.brackets => (TokenKind::QuotedName, self.bracketed(rest)?),
            b';' => (TokenKind::Semicolon, 1),
            b'(' => (TokenKind::Open, 1),
            b')' => (TokenKind::Close, 1),
            b'$' if self.syntax.dollar_quotes => self.dollar(rest)?,
            b'$' | b'?' | b':' | b'@' | b'#' => self.parameter(rest),
            b'0'..=b'9' => (TokenKind::Number, number(rest)),
            b'.' if second.is_ascii_digit() => (TokenKind::Number, number(rest)),
            _ if is_space(first) => (TokenKind::Space, rest.iter().take_while(|b| is_space(**b)).count()),
            _ if rest.starts_with("\u{feff}".as_bytes()) => (TokenKind::Space, 3),
            _ if is_word_start(first) => self.word(rest)?,
            _ => (TokenKind::Symbol, 1),
        };
        self.at += length;
        Ok(Some(Token { kind, start, end: self.at }))
    }

    fn line_comment(&self, rest: &[u8]) -> usize {
        let end = rest.iter().position(|b| *b == b'\n' || (*b == b'\r' && self.syntax.cr_ends_comment));
        let length = end.unwrap_or(rest.len());
        // The CR of a CRLF belongs to the line end.
        if rest[..length].last() == Some(&b'\r') { length - 1 } else { length }
    }

    fn block_comment(&self, rest: &[u8]) -> Result<usize, LexError> {
        let mut depth = 1;
        let mut at = 2;
        while at < rest.len() {
            if rest[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Ok(at);
                }
            } else if self.syntax.nested_comments && rest[at..].starts_with(b"/*") {
                depth += 1;
                at += 2;
            } else {
                at += 1;
            }
        }
        Err(LexError { unclosed: "a block comment", start: self.at })
    }

    /// Returns the length of a quoted text whose quote stands at `open`.
    fn quoted(
        &self,
        rest: &[u8],
        open: usize,
        quote: u8,
        escapes: bool,
        what: &'static str,
    ) -> Result<usize, LexError> {
        let mut at = open + 1;
        while at < rest.len() {
            match rest[at] {
                0 => return Err(LexError { unclosed: "", start: self.at + at }),
                b'\\' if escapes => at += 2,
                byte if byte == quote && rest.get(at + 1) == Some(&quote) => at += 2,
                byte if byte == quote => return Ok(at + 1),
                _ => at += 1,
            }
        }
        Err(LexError { unclosed: what, start: self.at })
    }

    fn bracketed(&self, rest: &[u8]) -> Result<usize, LexError> {
        match rest.iter().position(|b| *b == b']') {
            Some(end) => Ok(end + 1),
            None => Err(LexError { unclosed: "a quoted name", start: self.at }),
        }
    }

    fn dollar(&self, rest: &[u8]) -> Result<(TokenKind, usize), LexError> {
        let tag = rest[1..].iter().take_while(|b| is_word_part(**b) && **b != b'$').count();
        let opens = rest.get(1 + tag) == Some(&b'$') && !rest[1].is_ascii_digit();
        if !opens {
            let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            return Ok(if digits > 0 { (TokenKind::Parameter, 1 + digits) } else { (TokenKind::Symbol, 1) });
        }
        let delimiter = &rest[..tag + 2];
        let body = &rest[delimiter.len()..];
        match find(body, delimiter) {
            Some(end) => Ok((TokenKind::DollarString, end + 2 * delimiter.len())),
            None => Err(LexError { unclosed: "a $$ body", start: self.at }),
        }
    }

    fn parameter(&self, rest: &[u8]) -> (TokenKind, usize) {
        let length = rest[1..].iter().take_while(|b| is_word_part(**b)).count();
        // `::` is PostgreSQL's cast and `a:b` nobody's; only SQLite has parameters with these signs.
        if self.syntax.dollar_quotes || (length == 0 && rest[0] != b'?') {
            (TokenKind::Symbol, 1)
        } else {
            (TokenKind::Parameter, 1 + length)
        }
    }

    fn word(&self, rest: &[u8]) -> Result<(TokenKind, usize), LexError> {
        let length = rest.iter().take_while(|b| is_word_part(**b)).count();
        let next = rest.get(length).copied().unwrap_or(0);
        if next == b'\'' && length == 1 {
            let prefix = rest[0].to_ascii_lowercase();
            if self.syntax.string_prefixes.contains(&prefix) {
                let escapes = prefix == b'e';
                return Ok((TokenKind::String, self.quoted(rest, 1, b'\'', escapes, "a string")?));
            }
        }
        if self.syntax.unicode_quotes && next == b'&' && length == 1 && rest[0].eq_ignore_ascii_case(&b'u') {
            match rest.get(2) {
                Some(b'\'') => return Ok((TokenKind::String, self.quoted(rest, 2, b'\'', false, "a string")?)),
                Some(b'"') => {
                    return Ok((TokenKind::QuotedName, self.quoted(rest, 2, b'"', false, "a quoted name")?));
                }
                _ => {}
            }
        }
        Ok((TokenKind::Word, length))
    }
}

/// Space, tab, line feed, form feed, carriage return; a vertical tab is space to PostgreSQL and an error to SQLite.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word_part(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// Takes digits and what may follow them; `1e-5` has the one sign that belongs to a number.
fn number(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        let exponent_sign = (byte == b'-' || byte == b'+')
            && at > 0
            && rest[at - 1].eq_ignore_ascii_case(&b'e')
            && !rest[..2.min(at)].eq_ignore_ascii_case(b"0x")
            && rest.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || exponent_sign) {
            break;
        }
        // `1..2` in a PL/pgSQL loop or an array slice is two numbers.
        if byte == b'.' && rest.get(at + 1) == Some(&b'.') {
            break;
        }
        at += 1;
    }
    at.max(1)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle[0];
    let mut from = 0;
    while let Some(found) = haystack[from..].iter().position(|b| *b == first) {
        if haystack[from + found..].starts_with(needle) {
            return Some(from + found);
        }
        from += found + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::syntax::{POSTGRES, SQLITE};
    use super::*;

    fn check(syntax: &'static Syntax, text: &str, expect: &[(TokenKind, &str)]) {
        let mut lexer = Lexer::new(text, 0, syntax);
        let mut found = Vec::new();
        while let Some(token) = lexer.next_token().expect(text) {
            if token.kind != TokenKind::Space {
                found.push((token.kind, token.text(text)));
            }
        }
        assert_eq!(found, expect, "{text}");
    }

    fn fails(syntax: &'static Syntax, text: &str, unclosed: &str, start: usize) {
        let mut lexer = Lexer::new(text, 0, syntax);
        let error = loop {
            match lexer.next_token() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("{text}: no error"),
                Err(error) => break error,
            }
        };
        assert_eq!((error.unclosed, error.start), (unclosed, start), "{text}");
    }

    #[test]
    fn postgres_tokens() {
        use TokenKind::{BlockComment, DollarString, LineComment, Number, Parameter, QuotedName, String, Symbol, Word};
        check(&POSTGRES, "a$b 'it''s' \"x\"\"y\"", &[(Word, "a$b"), (String, "'it''s'"), (QuotedName, "\"x\"\"y\"")]);
        check(&POSTGRES, r"E'a\'b' e'\\' 'a\'", &[(String, r"E'a\'b'"), (String, r"e'\\'"), (String, r"'a\'")]);
        check(
            &POSTGRES,
            "U&'d\\0061' u&\"x\" b'01'",
            &[(String, "U&'d\\0061'"), (QuotedName, "u&\"x\""), (String, "b'01'")],
        );
        check(&POSTGRES, "$$ ; $a$ $$ $ä$ $$ ; $ä$", &[(DollarString, "$$ ; $a$ $$"), (DollarString, "$ä$ $$ ; $ä$")]);
        check(&POSTGRES, "$1 a$$b", &[(Parameter, "$1"), (Word, "a$$b")]);
        check(
            &POSTGRES,
            "/* a /* b */ ; */ -- c\rd",
            &[(BlockComment, "/* a /* b */ ; */"), (LineComment, "-- c"), (Word, "d")],
        );
        check(
            &POSTGRES,
            "1.5e-3-2 0x1F 1..2",
            &[
                (Number, "1.5e-3"),
                (Symbol, "-"),
                (Number, "2"),
                (Number, "0x1F"),
                (Number, "1"),
                (Symbol, "."),
                (Number, ".2"),
            ],
        );
        check(
            &POSTGRES,
            "a::b[1]",
            &[(Word, "a"), (Symbol, ":"), (Symbol, ":"), (Word, "b"), (Symbol, "["), (Number, "1"), (Symbol, "]")],
        );
        fails(&POSTGRES, "a 'b", "a string", 2);
        fails(&POSTGRES, "a \"b", "a quoted name", 2);
        fails(&POSTGRES, "ü $x$ $y$", "a $$ body", 3);
        fails(&POSTGRES, "/* /* */", "a block comment", 0);
        fails(&POSTGRES, "a\0b", "", 1);
        fails(&POSTGRES, r"E'a\'", "a string", 0);
    }

    #[test]
    fn sqlite_names() {
        use TokenKind::{QuotedName, Symbol};
        check(&SQLITE, "[a]] `x``y`", &[(QuotedName, "[a]"), (Symbol, "]"), (QuotedName, "`x``y`")]);
    }

    #[test]
    fn sqlite_comments_and_strings() {
        use TokenKind::{BlockComment, LineComment, Parameter, String, Word};
        check(&SQLITE, "-- a\rb\nc", &[(LineComment, "-- a\rb"), (Word, "c")]);
        check(
            &SQLITE,
            "/* /* */ x'3b' ?1 :a @b $c",
            &[
                (BlockComment, "/* /* */"),
                (String, "x'3b'"),
                (Parameter, "?1"),
                (Parameter, ":a"),
                (Parameter, "@b"),
                (Parameter, "$c"),
            ],
        );
        check(&SQLITE, r"'a\' e'b'", &[(String, r"'a\'"), (Word, "e"), (String, "'b'")]);
        fails(&SQLITE, "[a", "a quoted name", 0);
    }
}
