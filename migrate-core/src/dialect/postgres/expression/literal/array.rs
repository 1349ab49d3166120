//! Arrays: `{a,"b c",NULL}`.

use std::iter::Peekable;
use std::str::Chars;

use super::{Canonical, canonical as canonical_element};
use crate::dialect::postgres::expression::environment::Environment;
use crate::dialect::postgres::expression::typename::Type;

/// The most dimensions that an array has.
const DIMENSIONS: usize = 6;

/// Returns an array in a text that only equal ones have, where its elements have one.
pub(super) fn canonical(text: &str, data_type: &Type, environment: &Environment) -> Canonical {
    let element = data_type.element();
    let mut reader = Reader { rest: text.trim().chars().peekable(), out: String::new(), unknown: None };
    let element = |text: &str| canonical_element(text, &element, environment);
    let read = reader.array(&element, 1);
    match (read, reader.unknown) {
        (Some(()), None) if reader.rest.next().is_none() => Canonical::Known(reader.out),
        (Some(()), Some(reason)) => Canonical::Unknown(reason),
        _ => Canonical::Unknown("it is not an array in the usual form"),
    }
}

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
    out: String,
    unknown: Option<&'static str>,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.rest.next_if(char::is_ascii_whitespace).is_some() {}
    }

    fn array(&mut self, element: &dyn Fn(&str) -> Canonical, depth: usize) -> Option<()> {
        self.rest.next_if_eq(&'{')?;
        if depth > DIMENSIONS {
            return None;
        }
        self.out.push('{');
        self.space();
        if self.rest.next_if_eq(&'}').is_some() {
            self.out.push('}');
            return Some(());
        }
        loop {
            self.space();
            if self.rest.peek() == Some(&'{') {
                self.array(element, depth + 1)?;
            } else {
                self.element(element)?;
            }
            self.space();
            self.out.push(',');
            match self.rest.next()? {
                ',' => {}
                '}' => {
                    self.out.push('}');
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    fn element(&mut self, element: &dyn Fn(&str) -> Canonical) -> Option<()> {
        let mut text = String::new();
        let mut escaped = false;
        if self.rest.next_if_eq(&'"').is_some() {
            escaped = true;
            loop {
                match self.rest.next()? {
                    '"' => break,
                    '\\' => text.push(self.rest.next()?),
                    c => text.push(c),
                }
            }
        } else {
            while let Some(c) = self.rest.next_if(|c| !",{}\"".contains(*c)) {
                if c == '\\' {
                    escaped = true;
                    text.push(self.rest.next()?);
                } else {
                    text.push(c);
                }
            }
            text.truncate(text.trim_end_matches(|c: char| c.is_ascii_whitespace()).len());
            if text.is_empty() {
                return None;
            }
        }
        if !escaped && text.eq_ignore_ascii_case("null") {
            self.out.push('\0');
            return Some(());
        }
        match element(&text) {
            Canonical::Known(text) => self.out.push_str(&format!("{}:{text}", text.len())),
            Canonical::Unknown(reason) => self.unknown = Some(reason),
        }
        Some(())
    }
}
