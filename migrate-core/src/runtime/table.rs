//! The version table: one row for each applied revision. Its SQL is the same in every database but for what
//! [`Words`] holds.

use super::Expect;
use crate::plan::State;
use crate::sql::{Syntax, name};

/// The version of the table's layout, in its column `format`.
pub const FORMAT: u32 = 1;

/// The columns, in the order in which [`Table::select`] reads them.
pub const COLUMNS: [&str; 13] = [
    "revision",
    "checksum",
    "state",
    "statements_done",
    "statements_total",
    "done_checksum",
    "message",
    "applied_at",
    "duration_ms",
    "source",
    "revises",
    "format",
    "tool_version",
];

/// What differs between the databases.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The dialect, for its literals.
    pub syntax: &'static Syntax,
    /// The type of `applied_at`.
    pub instant: &'static str,
    /// The type of `duration_ms`.
    pub long: &'static str,
    /// An expression for the time now.
    pub now: &'static str,
    /// An expression that reads `applied_at` as text in UTC.
    pub applied_at: &'static str,
    /// An expression for the milliseconds since the transaction began.
    pub elapsed: &'static str,
}

/// What a row becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// The revision's id.
    pub revision: String,
    /// The checksum of its upgrade section.
    pub checksum: String,
    /// Where it stands.
    pub state: State,
    /// Statements done.
    pub statements_done: usize,
    /// Statements in all.
    pub statements_total: usize,
    /// The checksum of those that were done, where it is not finished.
    pub done_checksum: Option<String>,
    /// Its message.
    pub message: String,
    /// `run` or `stamp`.
    pub source: &'static str,
    /// Its parents, separated by commas.
    pub revises: String,
    /// Milliseconds that it took outside this transaction.
    pub extra_ms: u64,
}

/// What helps where the table has other columns.
pub const FOREIGN: &str = "the table is not migrate's: name another with `version_table` in migrate.toml";
/// What helps where a row is not as this version writes it.
pub const NEWER: &str = "a newer migrate wrote it: update migrate-cli, and migrate-core in the app";

/// A version table by name.
#[derive(Clone, Debug)]
pub struct Table {
    qualified: String,
    words: &'static Words,
}

impl Table {
    /// Returns the table of this name.
    pub fn new(schema: Option<&str>, table: &str, words: &'static Words) -> Self {
        let qualified = match schema {
            Some(schema) => format!("{}.{}", name(schema), name(table)),
            None => name(table),
        };
        Self { qualified, words }
    }

    /// Returns the name as SQL.
    pub fn qualified(&self) -> &str {
        &self.qualified
    }

    /// Returns the statement that creates it.
    pub fn create(&self) -> String {
        let Words { instant, long, .. } = self.words;
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n    revision text NOT NULL PRIMARY KEY,\n    checksum text,\n    \
             state text NOT NULL,\n    statements_done integer NOT NULL,\n    statements_total integer NOT NULL,\n    \
             done_checksum text,\n    message text NOT NULL,\n    applied_at {instant} NOT NULL,\n    \
             duration_ms {long} NOT NULL,\n    source text NOT NULL,\n    revises text NOT NULL,\n    \
             format integer NOT NULL,\n    tool_version text NOT NULL\n)",
            self.qualified
        )
    }

    /// Returns the query of all rows, sorted by revision.
    pub fn select(&self) -> String {
        let columns: Vec<&str> =
            COLUMNS.iter().map(|c| if *c == "applied_at" { self.words.applied_at } else { c }).collect();
        format!("SELECT {} FROM {} ORDER BY revision", columns.join(", "), self.qualified)
    }

    /// Returns the statement that inserts a row.
    pub fn insert(&self, row: &NewRow) -> String {
        let [revision, checksum, state, done, total, done_checksum, message, source, revises] = self.values(row);
        let Words { now, elapsed, .. } = self.words;
        let version = self.literal(env!("CARGO_PKG_VERSION"));
        format!(
            "INSERT INTO {} ({}) VALUES ({revision}, {checksum}, {state}, {done}, {total}, {done_checksum}, {message}, \
             {now}, {} + {elapsed}, {source}, {revises}, {FORMAT}, {version})",
            self.qualified,
            COLUMNS.join(", "),
            row.extra_ms
        )
    }

    /// Returns the statement that updates a row.
    pub fn update(&self, row: &NewRow) -> String {
        let [revision, checksum, state, done, total, done_checksum, message, source, revises] = self.values(row);
        let Words { now, elapsed, .. } = self.words;
        let version = self.literal(env!("CARGO_PKG_VERSION"));
        format!(
            "UPDATE {} SET checksum = {checksum}, state = {state}, statements_done = {done}, \
             statements_total = {total}, done_checksum = {done_checksum}, message = {message}, applied_at = {now}, \
             duration_ms = duration_ms + {} + {elapsed}, source = {source}, revises = {revises}, format = {FORMAT}, \
             tool_version = {version} WHERE revision = {revision}",
            self.qualified, row.extra_ms
        )
    }

    /// Returns the statement that sets how long the transaction of a row that it inserted took.
    pub fn set_duration(&self, row: &NewRow) -> String {
        let (qualified, elapsed, extra) = (&self.qualified, self.words.elapsed, row.extra_ms);
        let revision = self.literal(&row.revision);
        format!("UPDATE {qualified} SET duration_ms = {extra} + {elapsed} WHERE revision = {revision}")
    }

    /// Returns the statement that deletes a row.
    pub fn delete(&self, revision: &str) -> String {
        format!("DELETE FROM {} WHERE revision = {}", self.qualified, self.literal(revision))
    }

    /// Returns the query that counts the rows which are as expected: 1 if they are.
    pub fn count(&self, revision: &str, expect: Expect) -> String {
        let (qualified, revision) = (&self.qualified, self.literal(revision));
        match expect {
            Expect::Absent => format!("SELECT 1 - count(*) FROM {qualified} WHERE revision = {revision}"),
            Expect::Row { state, done } => {
                let done = done.map_or(String::new(), |done| format!(" AND statements_done = {done}"));
                let state = self.literal(state.word());
                format!("SELECT count(*) FROM {qualified} WHERE revision = {revision} AND state = {state}{done}")
            }
        }
    }

    /// Returns a string literal.
    pub fn literal(&self, text: &str) -> String {
        self.words.syntax.literal(text)
    }

    fn values(&self, row: &NewRow) -> [String; 9] {
        [
            self.literal(&row.revision),
            self.literal(&row.checksum),
            self.literal(row.state.word()),
            row.statements_done.to_string(),
            row.statements_total.to_string(),
            row.done_checksum.as_ref().map_or("NULL".to_owned(), |text| self.literal(text)),
            self.literal(&row.message),
            self.literal(row.source),
            self.literal(&row.revises),
        ]
    }
}

/// Reads the columns of [`Table::select`] as texts.
///
/// # Errors
///
/// Says what is not as this version writes it.
pub fn read_row(columns: &[Option<String>]) -> Result<crate::plan::Row, String> {
    let text = |n: usize| columns.get(n).cloned().flatten().unwrap_or_default();
    let revision = text(0);
    let format = text(11);
    if format != FORMAT.to_string() {
        return Err(format!(
            "the row of {revision} has format {format}, this version of migrate knows {FORMAT}: it was written by migrate {}",
            text(12)
        ));
    }
    let state = text(2);
    let Some(state) = State::parse(&state) else {
        return Err(format!("the row of {revision} has the unknown state `{state}`"));
    };
    let number = |n: usize| text(n).parse::<i64>().unwrap_or(0);
    let count = |n: usize| usize::try_from(number(n)).unwrap_or(0);
    Ok(crate::plan::Row {
        checksum: columns.get(1).cloned().flatten(),
        state,
        statements_done: count(3),
        statements_total: count(4),
        done_checksum: columns.get(5).cloned().flatten(),
        message: text(6),
        applied_at: text(7),
        duration_ms: number(8),
        source: text(9),
        revises: text(10).split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        tool_version: text(12),
        revision,
    })
}
