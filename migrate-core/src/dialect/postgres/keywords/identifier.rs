//! Tokens to identifiers, as the server's scanner reads them.

use std::fmt;

use super::super::names;
use crate::sql::{TokenKind, Word};

/// What is wrong with some words, in the server's own sentence, and which word it is about.
///
/// Types, sequence options and identifiers all fail like this; whoever has the tokens' positions adds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordError {
    /// The index of the word; the number of words where they end too early.
    pub word: usize,
    /// The server's message, without `ERROR:`.
    pub message: String,
}

impl WordError {
    /// Returns an error about the word at an index.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::keywords::WordError;
    ///
    /// let error = WordError::new(2, "array of serial is not implemented");
    /// assert_eq!(error.to_string(), "array of serial is not implemented");
    /// assert_eq!(error.after(3).word, 5);
    /// ```
    pub fn new(word: usize, message: impl Into<String>) -> Self {
        Self { word, message: message.into() }
    }

    /// Returns the error of the grammar at the word of an index, which may be the end.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::keywords::WordError;
    ///
    /// assert_eq!(WordError::syntax(&[], 0).to_string(), "syntax error at end of input");
    /// ```
    pub fn syntax(words: &[Word<'_>], at: usize) -> Self {
        let message = match words.get(at) {
            Some(word) => format!("syntax error at or near \"{}\"", word.text),
            None => "syntax error at end of input".to_owned(),
        };
        Self { word: at, message }
    }

    /// Returns the same error, seen from a list that has this many words before.
    #[must_use]
    pub fn after(mut self, words: usize) -> Self {
        self.word += words;
        self
    }
}

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WordError {}

/// Reads one identifier, with the `UESCAPE '!'` that may follow a `U&"…"`, and returns how many words it took.
///
/// Whether a keyword may stand here is the caller's question.
///
/// # Errors
///
/// Anything but a name, `""`, and a `U&"…"` with a wrong escape.
///
/// ```
/// use migrate_core::dialect::postgres::keywords::identifier;
/// use migrate_core::sql::{Syntax, significant};
///
/// let syntax = Syntax::named("postgres").unwrap();
/// assert_eq!(identifier(&significant("Orders (id int)", syntax))?, ("orders".to_owned(), 1));
/// assert_eq!(identifier(&significant(r#"U&"!0066oo" UESCAPE '!'"#, syntax))?, ("foo".to_owned(), 3));
/// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
/// ```
pub fn identifier(words: &[Word<'_>]) -> Result<(String, usize), WordError> {
    let Some(first) = words.first() else { return Err(WordError::syntax(words, 0)) };
    let escape = words.get(1).filter(|word| is_unicode(first) && word.is("UESCAPE"));
    if escape.is_none() {
        return Ok((fold_identifier(first)?, 1));
    }
    let character = words.get(2).filter(|word| word.kind == TokenKind::String);
    let Some(character) = character else {
        return Err(WordError::new(2, "UESCAPE must be followed by a simple string literal"));
    };
    match escape_character(character.text) {
        Some(escape) => Ok((finish(decode(&inner(first), escape)?)?, 3)),
        None => Err(WordError::new(2, "invalid Unicode escape character")),
    }
}

/// Returns the identifier that a token is: lower case in ASCII and clipped to 63 bytes, or without its quotes.
///
/// A `U&"…"` has the backslash for its escape; [`identifier`] reads the `UESCAPE` that may follow.
///
/// # Errors
///
/// As [`identifier`].
///
/// ```
/// use migrate_core::dialect::postgres::keywords::fold_identifier;
/// use migrate_core::sql::{TokenKind, Word};
///
/// assert_eq!(fold_identifier(&Word { kind: TokenKind::Word, text: "USERS_Ä" })?, "users_Ä");
/// assert_eq!(fold_identifier(&Word { kind: TokenKind::QuotedName, text: "\"A \"\"b\"" })?, "A \"b");
/// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
/// ```
pub fn fold_identifier(word: &Word<'_>) -> Result<String, WordError> {
    match word.kind {
        TokenKind::Word => finish(word.text.to_ascii_lowercase()),
        TokenKind::QuotedName if is_unicode(word) => finish(decode(&inner(word), '\\')?),
        TokenKind::QuotedName => finish(inner(word)),
        _ => Err(WordError::syntax(&[*word], 0)),
    }
}

/// Reads `name`, `schema.name` and longer names, and returns how many words they took.
///
/// # Errors
///
/// As [`identifier`], with the index of the part.
///
/// ```
/// use migrate_core::dialect::postgres::keywords::qualified_name;
/// use migrate_core::sql::{Syntax, significant};
///
/// let words = significant("app.\"Users\" (id int)", Syntax::named("postgres").unwrap());
/// assert_eq!(qualified_name(&words)?, (vec!["app".to_owned(), "Users".to_owned()], 3));
/// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
/// ```
pub fn qualified_name(words: &[Word<'_>]) -> Result<(Vec<String>, usize), WordError> {
    let mut parts = Vec::new();
    let mut at = 0;
    loop {
        let (part, taken) = identifier(&words[at..]).map_err(|error| error.after(at))?;
        parts.push(part);
        at += taken;
        match words.get(at) {
            Some(word) if word.text == "." => at += 1,
            _ => return Ok((parts, at)),
        }
    }
}

fn is_unicode(word: &Word<'_>) -> bool {
    word.kind == TokenKind::QuotedName && word.text.starts_with(['u', 'U'])
}

/// Returns what stands between the quotes, each doubled quote once; [`Word::unquoted`] knows no `U&`.
fn inner(word: &Word<'_>) -> String {
    let text = if is_unicode(word) { &word.text[2..] } else { word.text };
    text[1..text.len() - 1].replace("\"\"", "\"")
}

/// The scanner counts the empty name before it looks at escapes, and clips after them.
fn finish(name: String) -> Result<String, WordError> {
    if name.is_empty() {
        return Err(WordError::new(0, "zero-length delimited identifier at or near \"\"\"\""));
    }
    let end = names::clip(&name, names::MAX).len();
    let mut name = name;
    name.truncate(end);
    Ok(name)
}

/// Returns the one character of `'!'`, if it may be an escape.
fn escape_character(text: &str) -> Option<char> {
    let mut characters = text.strip_prefix('\'')?.strip_suffix('\'')?.chars();
    let one = characters.next()?;
    let free = !one.is_ascii_hexdigit() && !matches!(one, '+' | '\'' | '"') && !one.is_ascii_whitespace();
    (free && one.is_ascii() && characters.next().is_none()).then_some(one)
}

/// Resolves `\0061`, `\+000061` and `\\`.
fn decode(text: &str, escape: char) -> Result<String, WordError> {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    let mut high: Option<u32> = None;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        let doubled = rest.starts_with(escape);
        if character != escape || doubled {
            if high.is_some() {
                return Err(WordError::new(0, "invalid Unicode surrogate pair"));
            }
            decoded.push(character);
            rest = if character == escape { &rest[escape.len_utf8()..] } else { rest };
            continue;
        }
        let (digits, skip) = if rest.starts_with('+') { (6, 1) } else { (4, 0) };
        let hexadecimal = rest.get(skip..skip + digits).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(hexadecimal) = hexadecimal else { return Err(WordError::new(0, "invalid Unicode escape")) };
        rest = &rest[skip + digits..];
        let code = u32::from_str_radix(hexadecimal, 16).unwrap_or(0);
        match (high.take(), code) {
            (None, 0xD800..=0xDBFF) => high = Some(code),
            (Some(first), 0xDC00..=0xDFFF) => {
                decoded.push(scalar(0x10000 + ((first - 0xD800) << 10) + (code - 0xDC00))?);
            }
            (Some(_), _) | (None, 0xDC00..=0xDFFF) => {
                return Err(WordError::new(0, "invalid Unicode surrogate pair"));
            }
            (None, code) => decoded.push(scalar(code)?),
        }
    }
    match high {
        Some(_) => Err(WordError::new(0, "invalid Unicode surrogate pair")),
        None => Ok(decoded),
    }
}

fn scalar(code: u32) -> Result<char, WordError> {
    char::from_u32(code).filter(|_| code != 0).ok_or_else(|| WordError::new(0, "invalid Unicode escape value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Syntax, significant};

    fn read(text: &str) -> Result<(String, usize), WordError> {
        identifier(&significant(text, Syntax::named("postgres").unwrap()))
    }

    fn is(text: &str, name: &str, taken: usize) {
        assert_eq!(read(text), Ok((name.to_owned(), taken)), "{text}");
    }

    fn fails(text: &str, word: usize, message: &str) {
        assert_eq!(read(text), Err(WordError::new(word, message)), "{text}");
    }

    #[test]
    fn case_is_folded_in_ascii_only() {
        is("FooBar x", "foobar", 1);
        is("ÄÉa", "ÄÉa", 1);
        is("\"FooBar\"", "FooBar", 1);
        is("\"a\"\"b\"", "a\"b", 1);
    }

    #[test]
    fn long_names_are_clipped_between_characters() {
        is(&"A".repeat(70), &"a".repeat(63), 1);
        is(&"ü".repeat(32), &"ü".repeat(31), 1);
        is(&format!("\"{}\"", "€".repeat(22)), &"€".repeat(21), 1);
        is(&format!("U&\"{}\"", "\\0061".repeat(64)), &"a".repeat(63), 1);
    }

    #[test]
    fn unicode_escapes() {
        is(r#"U&"\0066oo""#, "foo", 1);
        is(r#"u&"d\0061t\+000061""#, "data", 1);
        is(r#"U&"a\\b""#, "a\\b", 1);
        is(r#"U&"!0066!!oo" uescape '!' x"#, "f!oo", 3);
        is(r#"U&"\D83D\DE00""#, "😀", 1);
        is(r#"U&"a""b""#, "a\"b", 1);
        is(r#""\0066" UESCAPE '!'"#, "\\0066", 1);
        fails(r#"U&"\00g6""#, 0, "invalid Unicode escape");
        fails(r#"U&"\006""#, 0, "invalid Unicode escape");
        fails(r#"U&"\0000""#, 0, "invalid Unicode escape value");
        fails(r#"U&"\+110000""#, 0, "invalid Unicode escape value");
        fails(r#"U&"\D83Dx""#, 0, "invalid Unicode surrogate pair");
        fails(r#"U&"\DE00""#, 0, "invalid Unicode surrogate pair");
        fails(r#"U&"\D83D""#, 0, "invalid Unicode surrogate pair");
        fails(r#"U&"a" UESCAPE '+'"#, 2, "invalid Unicode escape character");
        fails(r#"U&"a" UESCAPE 'a'"#, 2, "invalid Unicode escape character");
        fails(r#"U&"a" UESCAPE x"#, 2, "UESCAPE must be followed by a simple string literal");
    }

    #[test]
    fn no_names() {
        fails("\"\"", 0, "zero-length delimited identifier at or near \"\"\"\"");
        fails("(", 0, "syntax error at or near \"(\"");
        fails("", 0, "syntax error at end of input");
    }

    #[test]
    fn qualified_names() {
        let words = significant("A . \"B\".c;", Syntax::named("postgres").unwrap());
        assert_eq!(qualified_name(&words), Ok((vec!["a".to_owned(), "B".to_owned(), "c".to_owned()], 5)));
        let words = significant("a.", Syntax::named("postgres").unwrap());
        assert_eq!(qualified_name(&words).unwrap_err().word, 2);
    }
}
