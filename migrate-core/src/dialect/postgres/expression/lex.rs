//! The tokens of an expression: names folded, strings decoded, operators whole.

use crate::sql::{Lexer, POSTGRES, TokenKind};

/// What a token of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A name or keyword without quotes, in lower case.
    Word,
    /// A name in quotes, without them.
    Quoted,
    /// A string, decoded.
    Text,
    /// `B'…'` or `X'…'`, as zeros and ones.
    Bits,
    /// `N'…'`, decoded.
    National,
    /// A number as written.
    Number,
    /// An operator, and `::`, `:=` and `=>`.
    Operator,
    /// Brackets, commas, periods, colons and what has no meaning here.
    Punctuation,
}

/// A token of an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
}

impl Token {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Returns whether this is the given keyword, in lower case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text == keyword
    }

    /// Returns whether this is the given bracket, comma or the like.
    pub(super) fn punctuates(&self, mark: &str) -> bool {
        self.kind == Kind::Punctuation && self.text == mark
    }

    /// Returns whether this is a name, in quotes or not.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }
}

/// A token and the bytes that it was read from.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Returns the tokens of a text; what cannot be read is one token of its own at the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    placed(text).into_iter().map(|placed| placed.token).collect()
}

/// Returns the tokens of a text with their places.
pub(super) fn placed(text: &str) -> Vec<Placed> {
    let mut lexer = Lexer::new(text, 0, &POSTGRES);
    let mut found: Vec<Placed> = Vec::new();
    let mut symbols: Option<(usize, usize)> = None;
    let mut end = 0;
    loop {
        let next = lexer.next_token();
        let symbol = matches!(&next, Ok(Some(token)) if token.kind == TokenKind::Symbol);
        if let (Some((from, to)), false) = (symbols, symbol) {
            operators(text, from, to, &mut found);
            symbols = None;
        }
        match next {
            Ok(None) => return found,
            Err(_) => {
                found.push(Placed { token: Token::new(Kind::Punctuation, &text[end..]), start: end, end: text.len() });
                return found;
            }
            Ok(Some(token)) if symbol => {
                symbols = Some((symbols.map_or(token.start, |(from, _)| from), token.end));
                end = token.end;
            }
            Ok(Some(token)) => {
                let gap = &text[found.last().map_or(0, |last| last.end)..token.start];
                end = token.end;
                if token.is_significant() {
                    push(&mut found, read(token.kind, token.text(text)), (token.start, token.end), gap);
                }
            }
        }
    }
}

/// Adds a token; strings with a line end between them are one, as in standard SQL.
fn push(found: &mut Vec<Placed>, token: Token, (start, end): (usize, usize), gap: &str) {
    if let Some(last) = found.last_mut() {
        let continues = token.kind == Kind::Text && last.token.kind == Kind::Text && gap.contains('\n');
        if continues {
            last.token.text.push_str(&token.text);
            last.end = end;
            return;
        }
    }
    found.push(Placed { token, start, end });
}

fn read(kind: TokenKind, text: &str) -> Token {
    match kind {
        TokenKind::Word => Token::new(Kind::Word, text.to_ascii_lowercase()),
        TokenKind::QuotedName => Token::new(Kind::Quoted, quoted_name(text)),
        TokenKind::String => string(text),
        TokenKind::DollarString => {
            let tag = text[1..].find('$').map_or(0, |at| at + 2);
            Token::new(Kind::Text, text.get(tag..text.len().saturating_sub(tag)).unwrap_or_default())
        }
        TokenKind::Number => Token::new(Kind::Number, text.to_ascii_lowercase()),
        _ => Token::new(Kind::Punctuation, text),
    }
}

fn quoted_name(text: &str) -> String {
    match text.strip_prefix(['u', 'U']) {
        Some(rest) => unicode(&rest[2..rest.len() - 1].replace("\"\"", "\"")),
        None => text[1..text.len() - 1].replace("\"\"", "\""),
    }
}

fn string(text: &str) -> Token {
    let Some(open) = text.find('\'') else { return Token::new(Kind::Text, text) };
    let inner = text.get(open + 1..text.len() - 1).unwrap_or_default();
    match text.as_bytes()[0].to_ascii_lowercase() {
        b'e' => Token::new(Kind::Text, escapes(inner)),
        b'u' => Token::new(Kind::Text, unicode(&inner.replace("''", "'"))),
        b'n' => Token::new(Kind::National, inner.replace("''", "'")),
        b'b' => Token::new(Kind::Bits, inner),
        b'x' => Token::new(Kind::Bits, bits(inner)),
        _ => Token::new(Kind::Text, inner.replace("''", "'")),
    }
}

fn bits(hex: &str) -> String {
    hex.chars().map(|c| c.to_digit(16).map_or(String::from(c), |digit| format!("{digit:04b}"))).collect()
}

/// Decodes `E'…'`.
fn escapes(inner: &str) -> String {
    let mut decoded = Vec::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    let mut buffer = [0; 4];
    while let Some(c) = rest.next() {
        let c = match c {
            '\'' => {
                rest.next_if_eq(&'\'');
                '\''
            }
            '\\' => match rest.next().unwrap_or('\\') {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => digits(&mut rest, 16, 4).and_then(char::from_u32).unwrap_or('\u{fffd}'),
                'U' => digits(&mut rest, 16, 8).and_then(char::from_u32).unwrap_or('\u{fffd}'),
                'x' => {
                    decoded.push(byte(digits(&mut rest, 16, 2).unwrap_or(u32::from(b'x'))));
                    continue;
                }
                first if first.is_digit(8) => {
                    let more = first.to_digit(8).unwrap_or(0);
                    let mut value = more;
                    for _ in 0..2 {
                        let Some(digit) = rest.peek().and_then(|c| c.to_digit(8)) else { break };
                        value = value * 8 + digit;
                        rest.next();
                    }
                    decoded.push(byte(value));
                    continue;
                }
                other => other,
            },
            other => other,
        };
        decoded.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn byte(value: u32) -> u8 {
    u8::try_from(value & 0xff).unwrap_or(b'?')
}

fn digits(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: usize) -> Option<u32> {
    let mut value = None;
    for _ in 0..most {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(radix)) else { break };
        value = Some(value.unwrap_or(0_u32).wrapping_mul(radix).wrapping_add(digit));
        rest.next();
    }
    value
}

/// Decodes the `\0061` and `\+000061` of `U&'…'`.
fn unicode(inner: &str) -> String {
    let mut decoded = String::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            decoded.push(c);
        } else if rest.next_if_eq(&'\\').is_some() {
            decoded.push('\\');
        } else {
            let most = if rest.next_if_eq(&'+').is_some() { 6 } else { 4 };
            decoded.push(digits(&mut rest, 16, most).and_then(char::from_u32).unwrap_or('\u{fffd}'));
        }
    }
    decoded
}

/// Splits a run of symbols without space between them, by PostgreSQL's rule for the end of an operator.
///
/// See "Lexical structure, operators" in its manual: the longest run of operator characters, which ends in `+` or
/// `-` only where it also has a character that standard SQL has no operator with.
fn operators(text: &str, from: usize, to: usize, found: &mut Vec<Placed>) {
    let mut at = from;
    while at < to {
        let rest = &text[at..to];
        let run = rest.find(|c| !"+-*/<>=~!@#%^&|`?".contains(c)).unwrap_or(rest.len());
        let (kind, length) = if run == 0 {
            match rest {
                _ if rest.starts_with("::") || rest.starts_with(":=") => (Kind::Operator, 2),
                _ => (Kind::Punctuation, rest.chars().next().map_or(1, char::len_utf8)),
            }
        } else {
            (Kind::Operator, operator(&rest[..run]))
        };
        let written = &rest[..length];
        let token = Token::new(kind, if written == "!=" { "<>" } else { written });
        found.push(Placed { token, start: at, end: at + length });
        at += length;
    }
}

fn operator(run: &str) -> usize {
    let mut length = run.len();
    while length > 1 && run[..length].ends_with(['+', '-']) && !run[..length].contains(|c| "~!@#%^&|`?".contains(c)) {
        length -= 1;
    }
    length
}
