//! The words that name revisions on the command line: `head`, `ae10+2`, `reports@base`.

use std::fmt;

use crate::error::TargetError;

/// A target as written: `[branch@][anchor][±N]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    given: String,
    /// The branch label or id before the `@`.
    pub branch: Option<String>,
    /// What it starts from; `None` for `+1` and `-1`, which start from where the database is.
    pub anchor: Option<Anchor>,
    /// Steps up (positive) or down from there.
    pub offset: i64,
}

/// What a target starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The one head.
    Head,
    /// Every head.
    Heads,
    /// Before the first revision.
    Base,
    /// Where the database is.
    Current,
    /// An id, the beginning of one, or a branch label.
    Named(String),
}

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    ///
    /// Says why the text is no target.
    ///
    /// ```
    /// use migrate_core::revision::Target;
    /// assert_eq!(Target::parse("reports@head-2").unwrap().offset, -2);
    /// assert!(Target::parse("head-").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let syntax = |reason: &str| TargetError::Syntax { given: text.to_owned(), reason: reason.to_owned() };
        if text.is_empty() {
            return Err(syntax("it is empty; was a variable empty?"));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            // It may hold a password.
            let (given, reason) = (format!("{scheme}://…"), "a database's URL stands behind `-x`".to_owned());
            return Err(TargetError::Syntax { given, reason });
        }
        if text.contains(':') {
            return Err(syntax("a range of two revisions is for `history -r` and `--sql`"));
        }
        let (branch, rest) = match text.split_once('@') {
            Some(("", _)) => return Err(syntax("no branch stands before the `@`")),
            Some((_, rest)) if rest.contains('@') => return Err(syntax("only one `@` makes sense")),
            Some((branch, rest)) => (Some(branch.to_owned()), rest),
            None => (None, text),
        };
        let sign = rest.find(['+', '-']).unwrap_or(rest.len());
        let (word, steps) = rest.split_at(sign);
        let offset = match steps {
            "" => 0,
            _ => steps.parse::<i64>().map_err(|_| syntax("a number of steps follows the sign, as in `head-2`"))?,
        };
        if let Some(bad) = word.chars().find(|c| !super::id::is_id_char(*c)) {
            return Err(syntax(&format!("{bad:?} is not allowed")));
        }
        let anchor = match word {
            "" if steps.is_empty() => return Err(syntax("a revision, `head` or `base` follows the `@`")),
            "" => None,
            "head" => Some(Anchor::Head),
            "heads" => Some(Anchor::Heads),
            "base" => Some(Anchor::Base),
            "current" => Some(Anchor::Current),
            name => Some(Anchor::Named(name.to_owned())),
        };
        Ok(Self { given: text.to_owned(), branch, anchor, offset })
    }

    /// Returns the target of one revision.
    pub fn revision(id: &str) -> Self {
        Self { given: id.to_owned(), branch: None, anchor: Some(Anchor::Named(id.to_owned())), offset: 0 }
    }

    /// Returns the text as given.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// Returns whether the target depends on where the database is.
    pub fn needs_current(&self) -> bool {
        matches!(self.anchor, None | Some(Anchor::Current))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}
