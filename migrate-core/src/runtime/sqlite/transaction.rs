//! One transaction of SQLite: the pragmas around it, its statements, the checks before COMMIT.

use std::time::Instant;

use rusqlite::Connection;

use super::{Session, check, database_error, set_pragma};
use crate::error::DatabaseError;
use crate::runtime::table::Table;
use crate::runtime::{Expect, Failure, Item, Part, Record};
use crate::sql::{Run, SQLITE, significant};

/// The pragmas that a revision may set, and that every revision begins without.
const PRAGMAS: [&str; 2] = ["foreign_keys", "legacy_alter_table"];

type Outcome = Result<(), Failure>;

impl Session<'_> {
    pub(super) fn run_transaction(
        &mut self,
        table: &Table,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Outcome {
        let saved = self.save_pragmas()?;
        let mut outcome = self.try_transaction(table, parts, begin);
        if let Err(Attempt::Orphans(after)) = &outcome {
            // What was an orphan before BEGIN is no fault of this revision's; read it as it is now.
            let fresh = check::violations(&self.connection).map_err(Failure::from)?;
            let known = after.is_subset(&fresh);
            self.baseline = Some(fresh);
            if known {
                outcome = self.try_transaction(table, parts, begin);
            }
        }
        self.restore_pragmas(&saved);
        match outcome {
            Ok(()) => Ok(()),
            Err(Attempt::Failed(failure)) => Err(failure),
            Err(Attempt::Orphans(after)) => {
                let before = self.baseline.take().unwrap_or_default();
                Err(at_end(parts.len().saturating_sub(1), check::orphans(&before, &after)))
            }
        }
    }

    fn try_transaction(
        &mut self,
        table: &Table,
        parts: &[Part<'_>],
        begin: &mut dyn FnMut(usize),
    ) -> Result<(), Attempt> {
        self.set_pragmas()?;
        let touches = parts.iter().any(|part| !part.statements.is_empty());
        if touches && self.baseline.is_none() {
            self.baseline = Some(check::violations(&self.connection).map_err(Failure::from)?);
        }
        if let [part] = parts {
            for item in part.session.iter().chain(leading(part)) {
                self.statement(0, item)?;
            }
        }
        self.begin(|| {}).map_err(Failure::from)?;
        let made = self.make_table(table);
        let ran = made
            .and_then(|()| self.run_parts(table, parts, begin))
            .map_err(Attempt::from)
            .and_then(|()| self.check(parts, touches));
        let ran = ran.and_then(|after| {
            self.commit().map_err(|e| at_end(parts.len().saturating_sub(1), database_error("commit", &e)))?;
            Ok(after)
        });
        match ran {
            Ok(after) => {
                self.create = false;
                if touches {
                    self.baseline = after;
                }
                if let [part] = parts {
                    for item in trailing(part) {
                        self.statement(0, item)?;
                    }
                }
                Ok(())
            }
            Err(attempt) => {
                self.rollback();
                Err(attempt)
            }
        }
    }

    /// Makes the version table inside of the first transaction, so that a revision that fails leaves none behind.
    fn make_table(&self, table: &Table) -> Outcome {
        if !self.create {
            return Ok(());
        }
        let made = self.connection.execute_batch(&table.create());
        made.map_err(|e| Failure::Other(super::error(&format!("create the version table in {}", self.what()), &e)))
    }

    fn run_parts(&self, table: &Table, parts: &[Part<'_>], begin: &mut dyn FnMut(usize)) -> Outcome {
        for (n, part) in parts.iter().enumerate() {
            let start = Instant::now();
            self.expect(table, part)?;
            begin(n);
            if parts.len() > 1 {
                let _ = self.connection.execute_batch(&set_pragma("legacy_alter_table", 0));
            }
            let before = check::attached(&self.connection, part).map_err(Failure::from)?;
            for item in &part.statements {
                if item.run == Run::Around {
                    self.around_inside(n, parts.len(), item)?;
                } else {
                    self.statement(n, item)?;
                    self.still_inside(n, item)?;
                }
            }
            check::vanished(&self.connection, part, before).map_err(|error| at_end(n, error))?;
            let record = match &part.record {
                Record::Keep => continue,
                Record::Delete => table.delete(part.revision),
                Record::Write(row) => {
                    let mut row = row.clone();
                    row.extra_ms += u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
                    if part.expect == Expect::Absent { table.insert(&row) } else { table.update(&row) }
                }
            };
            let write = |e: rusqlite::Error| at_end(n, database_error("write the version table", &e));
            self.connection.execute_batch(&record).map_err(write)?;
        }
        Ok(())
    }

    fn expect(&self, table: &Table, part: &Part<'_>) -> Outcome {
        let count: rusqlite::Result<i64> =
            self.connection.query_row(&table.count(part.revision, part.expect), [], |row| row.get(0));
        match count {
            Ok(1) => Ok(()),
            Ok(_) => Err(Failure::Stale),
            Err(e) => Err(Failure::Other(super::error("read the version table", &e))),
        }
    }

    /// A pragma that stands at the section's edge was run outside already, unless several revisions share the
    /// transaction: `legacy_alter_table` works inside one, `foreign_keys` does not.
    fn around_inside(&self, part: usize, parts: usize, item: &Item<'_>) -> Outcome {
        if parts == 1 {
            return Ok(());
        }
        let words = significant(item.sql, &SQLITE);
        if words.iter().any(|word| word.text.eq_ignore_ascii_case("foreign_keys")) {
            let message = "SQLite ignores this pragma inside a transaction, and transaction = \"per-run\" has only one";
            let error = Box::new(DatabaseError { message: message.to_owned(), ..DatabaseError::default() });
            return Err(Failure::Statement { part, index: Some(item.index), character: None, error });
        }
        self.statement(part, item)
    }

    /// `ON CONFLICT ROLLBACK` and `RAISE(ROLLBACK)` end the transaction; what follows would run by itself.
    fn still_inside(&self, part: usize, item: &Item<'_>) -> Outcome {
        if !self.connection.is_autocommit() {
            return Ok(());
        }
        let message = "the statement ended the transaction; nothing after it was run".to_owned();
        let error = Box::new(DatabaseError { message, ..DatabaseError::default() });
        Err(Failure::Statement { part, index: Some(item.index), character: None, error })
    }

    fn check(&self, parts: &[Part<'_>], touches: bool) -> Result<Option<check::Violations>, Attempt> {
        if !touches {
            return Ok(None);
        }
        let after = check::violations(&self.connection).map_err(Failure::from)?;
        let known = self.baseline.as_ref().is_some_and(|before| after.is_subset(before));
        if known || parts.is_empty() { Ok(Some(after)) } else { Err(Attempt::Orphans(after)) }
    }

    /// Runs a statement to its end; the rows that it returns are read and dropped.
    fn statement(&self, part: usize, item: &Item<'_>) -> Outcome {
        execute(&self.connection, item.sql).map_err(|e| {
            let character = match &e {
                rusqlite::Error::SqlInputError { sql, offset, .. } => usize::try_from(*offset)
                    .ok()
                    .and_then(|offset| sql.get(..offset))
                    .map(|before| before.chars().count()),
                _ => None,
            };
            Failure::Statement { part, index: Some(item.index), character, error: Box::new(database_error("", &e)) }
        })
    }

    pub(super) fn run_outside(&mut self, part: &Part<'_>) -> Outcome {
        let saved = self.save_pragmas()?;
        let mut outcome = self.set_pragmas();
        for item in part.session.iter().chain(&part.statements) {
            outcome = outcome.and_then(|()| self.statement(0, item));
        }
        // A statement that its author took out of the transaction may have begun one.
        self.rollback();
        self.restore_pragmas(&saved);
        outcome
    }

    fn save_pragmas(&self) -> Result<Vec<i64>, Failure> {
        let read = |pragma: &&str| {
            self.connection
                .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
                .map_err(|e| Failure::Other(super::error(&format!("read PRAGMA {pragma} of {}", self.what()), &e)))
        };
        PRAGMAS.iter().map(read).collect()
    }

    fn set_pragmas(&self) -> Outcome {
        for pragma in PRAGMAS {
            let set = self.connection.execute_batch(&set_pragma(pragma, 0));
            set.map_err(|e| Failure::Other(super::error(&format!("set PRAGMA {pragma}"), &e)))?;
        }
        Ok(())
    }

    fn restore_pragmas(&self, saved: &[i64]) {
        for (pragma, value) in PRAGMAS.iter().zip(saved) {
            // The connection works without them, and the run's own outcome matters more.
            let _ = self.connection.execute_batch(&set_pragma(pragma, *value));
        }
    }
}

/// Why an attempt at a transaction did not commit.
enum Attempt {
    Failed(Failure),
    /// Foreign keys point nowhere that did not before.
    Orphans(check::Violations),
}

impl From<Failure> for Attempt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn at_end(part: usize, error: DatabaseError) -> Failure {
    Failure::Statement { part, index: None, character: None, error: Box::new(error) }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

fn leading<'p, 'a>(part: &'p Part<'a>) -> impl Iterator<Item = &'p Item<'a>> {
    part.statements.iter().take_while(|item| item.run == Run::Around)
}

fn trailing<'p, 'a>(part: &'p Part<'a>) -> Vec<&'p Item<'a>> {
    let count = part.statements.iter().rev().take_while(|item| item.run == Run::Around).count();
    let all = count == part.statements.len();
    part.statements.iter().skip(part.statements.len() - count).filter(|_| !all).collect()
}
