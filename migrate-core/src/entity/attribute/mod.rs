//! Attributes to definitions: one file per attribute, what they share here.
//!
//! Nothing stops at the first mistake; each is told where it is. What is said for one dialect is kept under its name
//! and not understood here.

mod column;
mod entity;
mod entry;
mod enumeration;
mod key;

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::Attribute;

use super::def::{Own, OwnSetting, Stated};
use super::problems::Problems;
use super::{Place, Places};
use crate::sql::Syntax;
use crate::suggest::did_you_mean;
pub(super) use column::{field, misfits};
pub(super) use entity::Table;
use entry::{Entry, Value};
pub(super) use enumeration::{Enumeration, variant};
pub(super) use key::resolve;

/// Reads attributes, noting places and problems.
pub(super) struct Reader {
    pub(super) problems: Problems,
    pub(super) places: Places,
    /// The field whose attributes are read; empty for the struct's.
    pub(super) field: String,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { problems: Problems::default(), places: Places::default(), field: String::new() }
    }

    pub(super) fn place(&mut self, key: &str, span: Span) -> Place {
        self.places.add(&self.field, key, span)
    }

    /// Returns the items of all attributes of a name.
    fn entries(&mut self, attributes: &[Attribute], name: &str) -> Vec<Entry> {
        let mut all = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            match entry::entries(attribute) {
                Ok(entries) => all.extend(entries),
                Err(error) => self.problems.push(error),
            }
        }
        all
    }

    /// Notes an item that an attribute, which can say things for one dialect, does not know.
    fn unknown(&mut self, what: &str, entry: &Entry, known: &[&str]) {
        let dialects = Syntax::ALL.iter().map(|syntax| syntax.name);
        self.unknown_word(what, entry, &known.iter().copied().chain(dialects).collect::<Vec<_>>());
    }

    /// Notes an item that is none of the known ones.
    fn unknown_word(&mut self, what: &str, entry: &Entry, known: &[&str]) {
        let known = known.iter().copied();
        let message = if entry.key.is_empty() {
            format!("expected a name: {}", did_you_mean("", known))
        } else {
            format!("{what} knows no `{}`: {}", entry.key, did_you_mean(&entry.key, known))
        };
        self.problems.at(entry.span, message);
    }

    /// Notes items that are said more than once, and returns those that are said first.
    fn once(&mut self, entries: Vec<Entry>, repeatable: &[&str]) -> Vec<Entry> {
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for entry in entries {
            let repeats = entry.key.is_empty() || repeatable.contains(&entry.key.as_str());
            if repeats || seen.insert(entry.key.clone()) {
                kept.push(entry);
            } else {
                self.problems.at(entry.span, format!("`{}` is said twice", entry.key));
            }
        }
        kept
    }

    fn no_words(&mut self, entry: &Entry) {
        if let Some((word, span)) = entry.words.first() {
            self.problems.at(*span, format!("expected `,` before `{word}`"));
        }
    }

    /// Reads `key = "text"`.
    fn text(&mut self, entry: &Entry) -> Option<Stated<String>> {
        self.no_words(entry);
        match &entry.value {
            Value::Text(text) if text.value().trim().is_empty() => {
                self.problems.at(text.span(), format!("`{}` is empty", entry.key));
                None
            }
            Value::Text(text) => {
                let place = self.place(&entry.key, text.span());
                Some(Stated { value: text.value(), place })
            }
            _ => {
                let message = format!("expected a text, `{} = \"…\"`, and found {}", entry.key, entry.shape());
                self.problems.at(entry.value_span(), message);
                None
            }
        }
    }

    /// Reads `key = 10`.
    fn number(&mut self, entry: &Entry) -> Option<Stated<u32>> {
        self.no_words(entry);
        let number = match &entry.value {
            Value::Integer(number) => number.base10_parse::<u32>().ok(),
            _ => None,
        };
        if number.is_none() {
            let message = format!("expected a number, `{} = 10`, and found {}", entry.key, entry.shape());
            self.problems.at(entry.value_span(), message);
        }
        let place = self.place(&entry.key, entry.value_span());
        number.map(|value| Stated { value, place })
    }

    /// Reads a word that stands for itself.
    fn flag(&mut self, entry: &Entry) -> bool {
        self.no_words(entry);
        let flag = matches!(entry.value, Value::Flag);
        if !flag {
            let message = format!("`{}` stands alone, and here it has {}", entry.key, entry.shape());
            self.problems.at(entry.value_span(), message);
        }
        flag
    }

    /// Returns the dialect of an item such as `sqlite(type = "TEXT")`.
    fn dialect(entry: &Entry) -> Option<(&'static str, &[Entry])> {
        let syntax = Syntax::ALL.iter().find(|syntax| syntax.name == entry.key)?;
        match &entry.value {
            Value::List(entries) => Some((syntax.name, entries)),
            _ => None,
        }
    }

    /// Keeps what is said for one dialect.
    fn own(&mut self, own: &mut Own, dialect: &str, entries: &[Entry]) {
        for entry in entries {
            let value = match &entry.value {
                Value::Flag => None,
                Value::Text(text) => Some(text.value()),
                Value::Integer(number) => Some(number.base10_digits().to_owned()),
                _ => {
                    let message = format!("expected `{0}` or `{0} = \"…\"`, and found {1}", entry.key, entry.shape());
                    self.problems.at(entry.value_span(), message);
                    continue;
                }
            };
            self.no_words(entry);
            if entry.key.is_empty() {
                self.problems.at(entry.span, "expected a name");
                continue;
            }
            let settings = own.entry(dialect.to_owned()).or_default();
            if settings.iter().any(|setting| setting.key == entry.key) {
                self.problems.at(entry.span, format!("`{}` is said twice for {dialect}", entry.key));
                continue;
            }
            let place = self.places.add(&self.field, &format!("{dialect}.{}", entry.key), entry.value_span());
            settings.push(OwnSetting { key: entry.key.clone(), value, place });
        }
    }
}

/// Returns what two dialects' settings of the same item say; later ones of a dialect are added.
fn has_own(own: &Own, key: &str) -> bool {
    own.values().flatten().any(|setting| setting.key == key)
}
