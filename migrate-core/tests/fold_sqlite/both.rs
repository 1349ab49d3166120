//! A fold and a database that run the same statements.

use migrate_core::fold::sqlite::SqliteFolder;
use migrate_core::fold::{Effect, Folder, Problem};
use migrate_core::introspect::{Filter, sqlite};
use migrate_core::schema::Schema;
use migrate_core::sql::{Lexer, Splitter, Syntax};
use rusqlite::Connection;

/// A row of `sqlite_schema`: type, name, table, text.
pub(crate) type Row = (String, String, String, Option<String>);

/// The two.
pub(crate) struct Both {
    pub(crate) fold: SqliteFolder,
    pub(crate) database: Connection,
    /// Whether what both refuse must be refused in the same words: of two things that are wrong, either may be told.
    pub(crate) words: bool,
}

/// What a statement came to.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    Accepted(Effect),
    /// Both refuse it, in the same words.
    Refused(Problem),
    /// Only the fold does: what the statement does cannot be told from its text.
    Unclear(Problem),
    /// Only the database does, because of rows.
    Rows(String),
}

impl Both {
    pub(crate) fn new() -> Self {
        let database = Connection::open_in_memory().expect("a database");
        database.execute_batch("PRAGMA foreign_keys = OFF").expect("a pragma");
        let mut fold = SqliteFolder::default();
        fold.begin_revision();
        Self { fold, database, words: true }
    }

    /// Runs a statement in both.
    ///
    /// # Errors
    ///
    /// They differ.
    pub(crate) fn run(&mut self, statement: &str) -> Result<Outcome, String> {
        let folded = self.fold.statement(statement);
        let ran = self.database.execute_batch(statement);
        let outcome = match (folded, ran) {
            (Ok(effect), Ok(())) => Outcome::Accepted(effect),
            (Ok(_), Err(error)) => {
                let message = message(&error);
                if !depends_on_rows(&message) {
                    return Err(format!("only the database refuses {statement:?}: {message}"));
                }
                Outcome::Rows(message)
            }
            (Err(problem), ran) if is_unclear(&problem) && refusal(&ran) != problem.message => {
                Outcome::Unclear(problem)
            }
            (Err(problem), Ok(())) => {
                return Err(format!("only the fold refuses {statement:?}: {problem} ({})", problem.code));
            }
            (Err(problem), Err(error)) => {
                let message = message(&error);
                if self.words && !same_words(&problem.message, &message) {
                    return Err(format!("{statement:?}:\n    fold: {problem}\n  sqlite: {message}"));
                }
                Outcome::Refused(problem)
            }
        };
        if statement.get(problem_bytes(&outcome)).is_none() {
            return Err(format!("{statement:?}: the problem is at bytes that are none of it: {outcome:?}"));
        }
        if !matches!(outcome, Outcome::Rows(_) | Outcome::Unclear(_)) {
            self.compare().map_err(|difference| format!("after {statement:?}: {difference}"))?;
        }
        Ok(outcome)
    }

    /// Compares what both have.
    ///
    /// # Errors
    ///
    /// What differs.
    pub(crate) fn compare(&self) -> Result<(), String> {
        let (mut folded, mut stored) = (self.fold.stored(), self.rows());
        folded.sort();
        stored.sort();
        if folded != stored {
            return Err(format!("\n    fold: {}\n  sqlite: {}", show(&folded, &stored), show(&stored, &folded)));
        }
        let schema = self.schema();
        if *self.fold.schema() != schema {
            return Err(format!("the schemas differ:\n{:#?}\n{schema:#?}", self.fold.schema()));
        }
        Ok(())
    }

    pub(crate) fn schema(&self) -> Schema {
        sqlite::read(&self.database, &Filter::new()).expect("a schema")
    }

    /// Returns the rows of `sqlite_schema` but for those that the fold does not keep.
    pub(crate) fn rows(&self) -> Vec<Row> {
        rows(&self.database)
    }
}

pub(crate) fn rows(database: &Connection) -> Vec<Row> {
    let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema AS s \
                 WHERE (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name LIKE 'sqlite\\_autoindex%' ESCAPE '\\') \
                 AND NOT EXISTS (SELECT 1 FROM sqlite_schema AS v WHERE v.sql LIKE 'create virtual%' \
                                 AND substr(s.tbl_name, 1, length(v.name) + 1) = v.name || '_') \
                 ORDER BY rowid";
    let mut statement = database.prepare(query).expect("a query");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    rows.expect("rows").collect::<Result<_, _>>().expect("a row")
}

fn show(rows: &[Row], others: &[Row]) -> String {
    rows.iter().filter(|row| !others.contains(row)).map(|row| format!("{row:?}\n          ")).collect()
}

fn problem_bytes(outcome: &Outcome) -> std::ops::Range<usize> {
    match outcome {
        Outcome::Refused(problem) | Outcome::Unclear(problem) => problem.at.clone(),
        _ => 0..0,
    }
}

/// Returns whether the fold says that it cannot tell, rather than that SQLite refuses.
fn is_unclear(problem: &Problem) -> bool {
    ["sql-opaque", "sql-unsupported", "transaction-control"].contains(&problem.code)
}

fn refusal(ran: &rusqlite::Result<()>) -> String {
    ran.as_ref().err().map(message).unwrap_or_default()
}

fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Returns whether two messages are the same but for the advice that later versions add.
fn same_words(fold: &str, sqlite: &str) -> bool {
    let core = |text: &str| {
        let text = text.split(" - should this be a string").next().unwrap_or_default();
        text.replace('"', "").to_lowercase()
    };
    core(fold) == core(sqlite)
}

/// Returns whether a refusal is about rows or the arguments of a module, neither of which the fold looks at.
pub(crate) fn depends_on_rows(message: &str) -> bool {
    let starts = [
        "Cannot add a NOT NULL column",
        "Cannot add a column with non-constant default",
        "Cannot add a REFERENCES column",
        "cannot add a STORED column",
        "constraint failed",
        "type mismatch on DEFAULT",
        "no such module",
        "vtable constructor failed",
        "Too few columns for an rtree table",
        "Wrong number of columns for an rtree table",
        "unrecognized option",
        "reserved fts5 column name",
    ];
    starts.iter().any(|start| message.starts_with(start)) || message.contains("constraint failed")
}

/// Cuts a text into statements with the byte at which each begins.
pub(crate) fn split(text: &str) -> Vec<(usize, String)> {
    let syntax = Syntax::named("sqlite").expect("a dialect");
    let mut lexer = Lexer::new(text, 0, syntax);
    let mut splitter = Splitter::new(syntax);
    let (mut statements, mut start, mut end) = (Vec::new(), None, 0);
    loop {
        let token = lexer.next_token().expect("tokens");
        let ends = token.is_none_or(|token| splitter.ends(token, text));
        if ends {
            let stop = token.map_or(text.len(), |token| token.start);
            if let Some(start) = start.take() {
                // What stands before the `;` belongs to the statement: SQLite stores some of it.
                let stop = if token.is_some() { stop } else { end };
                statements.push((start, text[start..stop].to_owned()));
            }
        } else if let Some(token) = token.filter(|token| token.is_significant()) {
            start.get_or_insert(token.start);
            end = token.end;
        }
        if token.is_none() {
            return statements;
        }
    }
}

impl Both {
    /// Returns the texts that the database has.
    pub(crate) fn sql(&self) -> String {
        self.rows().into_iter().filter_map(|(.., sql)| sql).map(|sql| format!("{sql};\n")).collect()
    }
}
