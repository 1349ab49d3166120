//! A cursor over the significant tokens of a text.

use std::collections::BTreeSet;

use super::super::keywords;
use crate::sql::{Lexer, POSTGRES, Token, TokenKind, Word};

/// The tokens of a text, and how many are read.
#[derive(Clone, Debug)]
pub(in super::super) struct Words<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'t> Words<'t> {
    pub(in super::super) fn new(text: &'t str) -> Self {
        let mut lexer = Lexer::new(text, 0, &POSTGRES);
        let mut tokens = Vec::new();
        while let Ok(Some(token)) = lexer.next_token() {
            if token.is_significant() {
                tokens.push(token);
            }
        }
        Self { text, tokens, at: 0 }
    }

    /// Returns a token ahead.
    pub(in super::super) fn word(&self, ahead: usize) -> Option<Word<'t>> {
        let token = self.tokens.get(self.at + ahead)?;
        Some(Word { kind: token.kind, text: token.text(self.text) })
    }

    /// Returns whether everything is read.
    pub(in super::super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Returns whether a keyword or symbol comes next.
    pub(in super::super) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    pub(in super::super) fn is_at(&self, ahead: usize, word: &str) -> bool {
        self.word(ahead).is_some_and(|found| {
            found.is(word) || (!matches!(found.kind, TokenKind::Word | TokenKind::QuotedName) && found.text == word)
        })
    }

    /// Takes keywords or symbols if they come next.
    pub(in super::super) fn accept(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(n, word)| self.is_at(n, word));
        if found {
            self.at += words.len();
        }
        found
    }

    /// Takes one token.
    pub(in super::super) fn take(&mut self) -> Option<Word<'t>> {
        let word = self.word(0)?;
        self.at += 1;
        Some(word)
    }

    /// Takes a name, with what stands before its periods.
    pub(in super::super) fn name(&mut self) -> Option<Vec<String>> {
        let (parts, taken) = keywords::qualified_name(&self.rest()).ok()?;
        self.at += taken;
        Some(parts)
    }

    /// Returns everything that is not read, as words.
    pub(in super::super) fn rest(&self) -> Vec<Word<'t>> {
        (0..self.tokens.len() - self.at.min(self.tokens.len())).filter_map(|ahead| self.word(ahead)).collect()
    }

    /// Takes words that somebody else has read.
    pub(in super::super) fn skip(&mut self, words: usize) {
        self.at = (self.at + words).min(self.tokens.len());
    }

    /// Takes `( … )` and returns what stands inside.
    pub(in super::super) fn group(&mut self) -> Option<&'t str> {
        if !self.is("(") {
            return None;
        }
        self.at += 1;
        let inside = self.until(&[]);
        self.accept(&[")"]).then_some(inside)
    }

    /// Takes everything up to one of the words outside parentheses and brackets, or up to what closes them.
    pub(in super::super) fn until(&mut self, stops: &[&str]) -> &'t str {
        let from = self.at;
        let mut depth = 0_u32;
        while let Some(word) = self.word(0) {
            if depth == 0 && (stops.iter().any(|stop| self.is(stop)) || word.text == ")" || word.text == "]") {
                break;
            }
            match word.text {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        self.since(from)
    }

    /// Returns the text from a position to here.
    pub(in super::super) fn since(&self, from: usize) -> &'t str {
        match (self.tokens.get(from), self.at.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if from < self.at => &self.text[first.start..last.end],
            _ => "",
        }
    }

    pub(in super::super) fn position(&self) -> usize {
        self.at
    }

    /// Splits a list at its commas.
    pub(in super::super) fn split(text: &'t str) -> Vec<&'t str> {
        let mut words = Self::new(text);
        let mut parts = Vec::new();
        while !words.is_done() {
            let before = words.at;
            parts.push(words.until(&[","]));
            if !words.accept(&[","]) && words.at == before {
                break;
            }
        }
        parts
    }
}

/// Returns the schema that CREATE EXTENSION names.
pub(in super::super) fn extension_schema(text: &str) -> Option<String> {
    let mut words = Words::new(text);
    while !words.is_done() {
        if words.accept(&["SCHEMA"]) {
            return words.name()?.pop();
        }
        words.take();
    }
    None
}

/// Returns every name in a text.
pub(in super::super) fn names(text: &str) -> BTreeSet<String> {
    let words = Words::new(text).rest().into_iter();
    let names = words.filter(|word| matches!(word.kind, TokenKind::Word | TokenKind::QuotedName));
    names.filter_map(|word| keywords::fold_identifier(&word).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_outside_parentheses() {
        assert_eq!(Words::split("a, f(b, c), ARRAY[1, 2], 'x,y' "), ["a", "f(b, c)", "ARRAY[1, 2]", "'x,y'"]);
        assert_eq!(Words::split(""), [""; 0]);
        assert_eq!(extension_schema("CREATE EXTENSION x WITH SCHEMA \"Y\" CASCADE").as_deref(), Some("Y"));
    }
}
