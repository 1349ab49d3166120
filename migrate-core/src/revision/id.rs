//! Revision ids.

use std::fmt;

/// The id of a revision: a word that no target's syntax contains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(String);

impl RevisionId {
    /// Reads an id.
    ///
    /// # Errors
    ///
    /// Says why the text is no id: it is empty, one of the words that targets use, or has another character than
    /// letters, digits, `_` and `.`.
    ///
    /// ```
    /// use migrate_core::revision::RevisionId;
    /// assert_eq!(RevisionId::parse("7d9871ef8afa").unwrap().as_str(), "7d9871ef8afa");
    /// assert!(RevisionId::parse("a-b").is_err());
    /// assert!(RevisionId::parse("head").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a revision id cannot be empty".to_owned());
        }
        if is_reserved(text) {
            return Err(format!("`{text}` is a word of the target syntax and cannot name a revision"));
        }
        match text.chars().find(|c| !is_id_char(*c)) {
            Some(bad) => {
                Err(format!("`{text}` is no revision id: {bad:?} is not allowed, only letters, digits, `_` and `.`"))
            }
            None => Ok(Self(text.to_owned())),
        }
    }

    /// Takes an id that was checked when it was written: embedded, or recorded in a version table.
    pub fn recorded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Returns whether a character may stand in an id or a branch label; a label may have a `-` too.
pub(super) fn is_id_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// Returns whether a word is one of the target syntax's own.
pub(super) fn is_reserved(word: &str) -> bool {
    ["head", "heads", "base", "current", "none"].iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}
