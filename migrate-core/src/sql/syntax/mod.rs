//! How each dialect quotes, ends and classes its statements: facts as data, one file per dialect.

mod postgres;
mod sqlite;

pub(crate) use postgres::POSTGRES;
pub(crate) use sqlite::SQLITE;

use super::Word;

/// The lexical rules of one dialect.
#[derive(Debug)]
pub struct Syntax {
    /// The dialect's name, as in migrate.toml and in section markers.
    pub name: &'static str,
    /// Other names by which people call it, for "did you mean".
    pub(super) aliases: &'static [&'static str],
    /// `$tag$ … $tag$` is a string.
    pub(super) dollar_quotes: bool,
    /// Block comments nest.
    pub(super) nested_comments: bool,
    /// A lone carriage return ends a line comment.
    pub(super) cr_ends_comment: bool,
    /// `` `a` `` is a name.
    pub(super) backticks: bool,
    /// `[a]` is a name.
    pub(super) brackets: bool,
    /// `U&'…'` and `U&"…"` exist.
    pub(super) unicode_quotes: bool,
    /// The letters that may stand before a string, in lower case.
    pub(super) string_prefixes: &'static [u8],
    /// A `;` inside parentheses ends no statement.
    pub(super) parentheses_hold: bool,
    /// `CREATE TRIGGER … BEGIN … ; END` is one statement.
    pub(super) trigger_bodies: bool,
    /// `CREATE FUNCTION … BEGIN ATOMIC … ; END` is one statement.
    pub(super) atomic_bodies: bool,
    /// How a statement runs, from its significant tokens.
    pub(super) run: fn(&[Word<'_>]) -> Result<Run, Unrunnable>,
}

impl PartialEq for Syntax {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Syntax {}

/// How the runtime treats a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Run {
    /// In a transaction with its neighbours.
    Transaction,
    /// By itself: the database refuses it in a transaction, or its author does.
    Outside,
    /// In a transaction, and its effect on the session holds to the end of the revision.
    Setting,
    /// Before the transaction begins, or after it has ended: a pragma that is ignored inside.
    Around,
}

/// A statement that has no place in a revision: why, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unrunnable {
    /// The rule's name.
    pub code: &'static str,
    /// What is wrong.
    pub message: &'static str,
    /// What helps.
    pub help: &'static str,
    /// Whether `-- migrate:no-transaction` answers it.
    pub outside_answers: bool,
}

impl Syntax {
    /// Every dialect.
    pub const ALL: &'static [&'static Self] = &[&POSTGRES, &SQLITE];

    /// Returns the dialect of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|syntax| syntax.name == name).copied()
    }

    /// Returns the dialect that people may have meant by a name.
    pub fn meant(name: &str) -> Option<&'static Self> {
        let lower = name.to_ascii_lowercase();
        Self::ALL.iter().find(|s| s.name == lower || s.aliases.contains(&lower.as_str())).copied()
    }

    /// Returns how a statement runs.
    ///
    /// # Errors
    ///
    /// A statement that has no place in a revision, such as `COMMIT`.
    pub fn run(&self, statement: &[Word<'_>]) -> Result<Run, Unrunnable> {
        (self.run)(statement)
    }

    /// Returns a string literal that is read as `text` whatever the session's settings.
    pub fn literal(&self, text: &str) -> String {
        if self.dollar_quotes && text.contains('\\') {
            format!(" E{}", super::literal(&text.replace('\\', "\\\\")))
        } else {
            super::literal(text)
        }
    }
}

/// Refuses what begins, ends or splits a transaction.
pub(super) fn transaction_control() -> Unrunnable {
    Unrunnable {
        code: "transaction-control",
        message: "a revision does not begin or end transactions: migrate owns them",
        help: "leave the statement out; each revision is one transaction by itself",
        outside_answers: false,
    }
}
