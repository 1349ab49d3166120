//! What a query gives, and what it uses.
//!
//! The server keeps the tree of a view's query: its columns with their types, and for each column of a table whether
//! the query reads it. Both are found here as the server finds them: 1. a query is split at its clauses (`select`),
//! 2. FROM makes a scope of names (`from`, `scope`), 3. each expression is walked for the names that it uses, a column
//! being replaced by a name of ours whose type is known (`expression`), 4. what is left is an expression like any other,
//! of which the dialect tells the type (`value`), 5. `*` becomes the columns that it stands for (`target`).
//!
//! A type that cannot be told is unknown and never guessed. A name that is certainly nobody's is refused.

mod expression;
mod from;
mod relation;
mod scope;
mod select;
mod target;
mod value;

use std::ops::Range;

use super::reader::Reader;
use super::session::Session;
use crate::dialect::postgres::expression::Environment;
use crate::dialect::postgres::keywords::fold_identifier;
use crate::fold::{Cursor, Problem};
use crate::schema::{References, Schema};
use crate::sql::{Token, TokenKind, Word};
pub(super) use value::{Value, environment_of, plain_column};

/// What is told of a query.
#[derive(Debug)]
pub(super) struct Query {
    /// Its columns; `None` where they are not known.
    pub(super) outputs: Option<Vec<Output>>,
    /// What it uses.
    pub(super) references: References,
    /// Its text, with the columns that each `*` stands for.
    pub(super) text: String,
}

/// A column that a query gives.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) collation: Option<String>,
}

/// A query of WITH, by its name.
#[derive(Clone, Debug)]
struct Common {
    name: String,
    outputs: Option<Vec<Output>>,
}

/// How deep parentheses and queries may be nested.
const DEPTH: usize = 100;

/// Reads one query.
struct Analyst<'r, 't> {
    schema: &'r Schema,
    session: &'r Session,
    cursor: Cursor<'t>,
    references: References,
    commons: Vec<Common>,
    /// The text that each `*` stands for, by its bytes.
    stars: Vec<(Range<usize>, String)>,
    /// What the dialect has to know of the schema.
    environment: Environment,
    /// How many columns have a name of ours.
    holes: usize,
    /// Whether words that are nobody's are not refused.
    lenient: bool,
    depth: usize,
}

impl Reader<'_, '_> {
    /// Reads the query at some positions of the statement.
    pub(super) fn read_query(&self, at: Range<usize>) -> Result<Query, Problem> {
        let mut analyst = Analyst {
            schema: self.schema,
            session: self.session,
            cursor: self.cursor.clone(),
            references: References::default(),
            commons: Vec::new(),
            stars: Vec::new(),
            environment: value::environment(self.schema, self.session),
            holes: 0,
            lenient: false,
            depth: 0,
        };
        let mut outputs = analyst.query(at.clone(), None, None)?;
        for output in outputs.iter_mut().flatten() {
            output.value = output.value.clone().settled();
        }
        let text = analyst.expanded(&at);
        Ok(Query { outputs, references: analyst.references(), text })
    }
}

impl Analyst<'_, '_> {
    /// Returns what is used: a relation as a whole only where none of its columns is.
    fn references(&self) -> References {
        let mut references = self.references.clone();
        let all = &self.references.relations;
        references.relations.retain(|(relation, column)| {
            !column.is_empty() || !all.iter().any(|(other, column)| other == relation && !column.is_empty())
        });
        references
    }

    /// Returns the text with each `*` replaced.
    fn expanded(&mut self, at: &Range<usize>) -> String {
        let (start, end) = (self.cursor.bytes_at(at.start).start, self.bytes(at).end);
        let whole = self.cursor.text();
        self.stars.sort_by_key(|(range, _)| range.start);
        let mut text = String::new();
        let mut from = start;
        for (range, columns) in &self.stars {
            text.push_str(&whole[from..range.start]);
            text.push_str(columns);
            from = range.end;
        }
        text.push_str(&whole[from..end.max(from)]);
        text
    }

    /// Returns the bytes of some positions.
    fn bytes(&self, at: &Range<usize>) -> Range<usize> {
        let start = self.cursor.bytes_at(at.start).start;
        start..at.end.checked_sub(1).map_or(start, |last| self.cursor.bytes_at(last).end.max(start))
    }

    /// Returns the token at a position as a word.
    fn word(&self, at: usize) -> Option<Word<'_>> {
        let token = self.cursor.token(at)?;
        Some(Word { kind: token.kind, text: self.cursor.text_of(token) })
    }

    /// Returns the words at some positions.
    fn words(&self, at: Range<usize>) -> Vec<Word<'_>> {
        at.filter_map(|at| self.word(at)).collect()
    }

    /// Returns the name at a position.
    fn name(&self, at: usize) -> Option<String> {
        let word = self.word(at).filter(|word| is_name(word.kind))?;
        fold_identifier(&word).ok()
    }

    fn is(&self, at: usize, keyword: &str) -> bool {
        self.cursor.matches(at, keyword)
    }

    fn is_any(&self, at: usize, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(at, keyword))
    }

    /// Takes a name with what stands before its periods, and returns where it ends.
    fn chain(&self, at: usize, end: usize) -> Option<(Vec<String>, usize)> {
        let mut parts = vec![self.name(at)?];
        let mut next = at + 1;
        while next + 1 < end && self.is(next, ".") {
            let Some(part) = self.name(next + 1) else { break };
            parts.push(part);
            next += 2;
        }
        Some((parts, next))
    }

    /// Returns the first position of one of some keywords outside parentheses, else the end.
    fn find(&self, at: Range<usize>, wanted: &dyn Fn(&Self, usize) -> bool) -> Result<usize, Problem> {
        let mut next = at.start;
        while next < at.end {
            let after_period = next > at.start && self.is(next - 1, ".");
            if !after_period && wanted(self, next) {
                return Ok(next);
            }
            next = if self.is_any(next, &["(", "["]) { self.cursor.closing(next)? + 1 } else { next + 1 };
        }
        Ok(at.end)
    }

    /// Splits at commas outside parentheses.
    fn list(&self, at: Range<usize>) -> Result<Vec<Range<usize>>, Problem> {
        let mut parts = Vec::new();
        let mut from = at.start;
        while from < at.end {
            let to = self.find(from..at.end, &|this, at| this.is(at, ","))?;
            parts.push(from..to);
            from = to + 1;
        }
        Ok(parts)
    }

    /// Goes one level down.
    fn deeper<T>(&mut self, at: usize, call: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if self.depth >= DEPTH {
            let message = "this is nested too deep to be read";
            return Err(Problem::new("sql-unsupported", self.cursor.bytes_at(at), message));
        }
        self.depth += 1;
        let result = call(self);
        self.depth -= 1;
        result
    }

    fn problem(&self, code: &'static str, at: usize, message: String) -> Problem {
        Problem::new(code, self.cursor.bytes_at(at), message)
    }

    fn unexpected(&self, at: usize, expected: &str) -> Problem {
        let found = self.word(at).map_or("the end of the statement".to_owned(), |word| format!("`{}`", word.text));
        self.problem("sql-syntax", at, format!("expected {expected}, found {found}"))
    }

    fn token(&self, at: usize) -> Option<Token> {
        self.cursor.token(at)
    }
}

fn is_name(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::QuotedName)
}
