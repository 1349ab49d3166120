//! JSON as `jsonb` keeps it: keys once and in order, numbers by value and scale.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use crate::dialect::postgres::expression::number;

/// The deepest nesting that is read.
const DEPTH: usize = 64;

/// Returns a value of `jsonb` in a text that only equal ones have.
pub(super) fn canonical(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text.chars().peekable(), out: String::with_capacity(text.len()), depth: 0 };
    reader.value()?;
    reader.space();
    reader.rest.next().is_none().then_some(reader.out)
}

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
    out: String,
    depth: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.rest.next_if(|c| matches!(c, ' ' | '\t' | '\n' | '\r')).is_some() {}
    }

    fn next_is(&mut self, expect: char) -> bool {
        self.space();
        self.rest.next_if_eq(&expect).is_some()
    }

    fn value(&mut self) -> Option<()> {
        self.space();
        match *self.rest.peek()? {
            '{' => self.object(),
            '[' => self.array(),
            '"' => {
                let text = self.string()?;
                self.quote(&text);
                Some(())
            }
            '-' | '0'..='9' => {
                let mut number = String::new();
                while let Some(c) = self.rest.next_if(|c| c.is_ascii_digit() || "+-.eE".contains(*c)) {
                    number.push(c);
                }
                self.out.push_str(&number::canonical(&number)?);
                Some(())
            }
            _ => {
                let mut word = String::new();
                while let Some(c) = self.rest.next_if(char::is_ascii_lowercase) {
                    word.push(c);
                }
                matches!(word.as_str(), "true" | "false" | "null").then(|| self.out.push_str(&word))
            }
        }
    }

    fn object(&mut self) -> Option<()> {
        self.rest.next();
        self.depth += 1;
        // The last of equal keys counts.
        let mut members = BTreeMap::new();
        if self.depth > DEPTH {
            return None;
        }
        while !self.next_is('}') {
            if !members.is_empty() && !self.next_is(',') {
                return None;
            }
            self.space();
            let key = self.string()?;
            if !self.next_is(':') {
                return None;
            }
            let before = std::mem::take(&mut self.out);
            self.value()?;
            members.insert(key, std::mem::replace(&mut self.out, before));
        }
        self.out.push('{');
        for (key, value) in members {
            self.quote(&key);
            self.out.push(':');
            self.out.push_str(&value);
            self.out.push(',');
        }
        self.out.push('}');
        self.depth -= 1;
        Some(())
    }

    fn array(&mut self) -> Option<()> {
        self.rest.next();
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        self.out.push('[');
        let mut first = true;
        while !self.next_is(']') {
            if !first && !self.next_is(',') {
                return None;
            }
            first = false;
            self.value()?;
            self.out.push(',');
        }
        self.out.push(']');
        self.depth -= 1;
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        self.rest.next_if_eq(&'"')?;
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '"' => return Some(text),
                '\\' => match self.rest.next()? {
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'u' => {
                        let mut code = 0;
                        for _ in 0..4 {
                            code = code * 16 + self.rest.next()?.to_digit(16)?;
                        }
                        // Half of a surrogate pair is none, and the literal stays unread.
                        text.push(char::from_u32(code).filter(|c| *c != '\0')?);
                    }
                    same @ ('"' | '\\' | '/') => text.push(same),
                    _ => return None,
                },
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn quote(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            if c == '"' || c == '\\' {
                self.out.push('\\');
            }
            self.out.push(c);
        }
        self.out.push('"');
    }
}
