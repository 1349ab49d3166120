//! Files: read once, parsed when somebody needs it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::diagnostic::Location;

/// A source file.
pub(super) struct Source {
    /// As the user would type it.
    pub(super) path: PathBuf,
    /// The file itself, whatever links lead to it.
    pub(super) real: PathBuf,
    pub(super) text: String,
    parsed: Option<Result<Rc<syn::File>, (Location, String)>>,
}

impl Source {
    /// Returns its syntax.
    pub(super) fn parse(&mut self) -> Result<Rc<syn::File>, (Location, String)> {
        let path = self.path.display().to_string();
        let text = &self.text;
        let parsed = self.parsed.get_or_insert_with(|| {
            syn::parse_file(text).map(Rc::new).map_err(|error| {
                let start = error.span().start();
                (Location::new(path, line(start.line), line(start.column + 1)), error.to_string())
            })
        });
        parsed.clone()
    }

    /// Returns whether it may have entities, or lead to files that have.
    pub(super) fn may_lead(&self) -> bool {
        self.may_derive() || has_word(&self.text, "mod") || has_word(&self.text, "include")
    }

    /// Returns whether it may derive an entity or an enum.
    pub(super) fn may_derive(&self) -> bool {
        has_word(&self.text, "Entity") || has_word(&self.text, "SqlEnum")
    }
}

pub(super) fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Returns whether a text has a word.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word))
}

/// Every file that was read.
#[derive(Default)]
pub(super) struct Sources {
    all: Vec<Source>,
    numbers: BTreeMap<PathBuf, usize>,
}

impl Sources {
    /// Reads a file, unless it was read, and returns its number; `None` where there is none.
    pub(super) fn read(&mut self, path: &Path) -> Option<usize> {
        let real = path.canonicalize().ok()?;
        if let Some(number) = self.numbers.get(&real) {
            return Some(*number);
        }
        let text = std::fs::read(&real).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let number = self.all.len();
        self.numbers.insert(real.clone(), number);
        self.all.push(Source { path: path.to_owned(), real, text, parsed: None });
        Some(number)
    }

    pub(super) fn get(&self, number: usize) -> &Source {
        &self.all[number]
    }

    pub(super) fn get_mut(&mut self, number: usize) -> &mut Source {
        &mut self.all[number]
    }

    pub(super) fn is_read(&self, real: &Path) -> bool {
        self.numbers.contains_key(real)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }
}
