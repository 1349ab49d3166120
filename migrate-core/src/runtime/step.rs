//! One step of a plan: its segments, their records, and where a failure is.

use std::time::{Duration, Instant};

use super::table::NewRow;
use super::{Backend, Expect, Failure, Item, Part, Record, Settings};
use crate::diagnostic::Location;
use crate::error::{Error, ErrorKind, Refusal, StatementError};
use crate::plan::{Direction, Row, State, Step};
use crate::revision::script::{Script, Segment};
use crate::revision::{History, Scripts};
use crate::sql::{Run, advance};

/// Why a step stopped.
pub(super) enum Stop {
    /// Another migrator was here: plan anew.
    Stale,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A step with what it needs.
pub(super) struct StepRun<'a> {
    history: &'a History,
    step: &'a Step,
}

impl<'a> StepRun<'a> {
    pub(super) fn new(history: &'a History, step: &'a Step) -> Self {
        Self { history, step }
    }

    fn scripts(&self) -> &'a Scripts {
        self.history.scripts(self.step.node)
    }

    pub(super) fn script(&self) -> &'a Script {
        match self.step.direction {
            Direction::Upgrade => &self.scripts().upgrade,
            Direction::Downgrade => &self.scripts().downgrade,
        }
    }

    fn id(&self) -> &'a str {
        self.history.graph().id(self.step.node)
    }

    /// Refuses what must not begin: no way back, or a middle that is not the one that was left.
    pub(super) fn check(&self, row: Option<&Row>) -> Result<(), Error> {
        let script = self.script();
        if let Some(reason) = &script.irreversible {
            return Err(Error::refused(Refusal::Irreversible {
                revision: self.id().to_owned(),
                reason: reason.clone(),
                location: Location::new(&self.scripts().file, script.line, 1),
            }));
        }
        let (Some(done), Some(row)) = (self.step.resume, row) else { return Ok(()) };
        let recorded = row.done_checksum.as_deref();
        if script.done_checksum(done).is_some_and(|found| Some(found) == recorded) {
            return Ok(());
        }
        Err(Error::refused(Refusal::Partial {
            revision: row.revision.clone(),
            state: row.state.word().to_owned(),
            done: row.statements_done as u64,
            total: row.statements_total as u64,
            reason: format!(
                "the statements that were done are not the first {done} of {} any more",
                self.scripts().file
            ),
        })
        .hint("put them back as they were, and change only the statements after them")
        .hint(format!("or finish by hand, then `migrate-cli stamp {}`", row.revision)))
    }

    /// Returns the segments that are not done as parts, and whether each runs outside a transaction.
    pub(super) fn parts(&self, extra: Duration) -> Vec<(Part<'a>, bool)> {
        let mut expect = self.expect();
        let mut parts = Vec::new();
        for segment in self.remaining() {
            parts.push((self.part(&segment, expect, extra), segment.outside));
            expect = Expect::Row { state: self.going(), done: Some(segment.statements.end) };
        }
        parts
    }

    /// Runs the segments that are not done; `begin` is called when the first of them begins.
    pub(super) fn run(&self, db: &mut dyn Backend, settings: &Settings, begin: &mut dyn FnMut()) -> Result<(), Stop> {
        let mut is_begun = false;
        let mut begin = |_| {
            if !std::mem::replace(&mut is_begun, true) {
                begin();
            }
        };
        let mut expect = self.expect();
        let mut extra = Duration::ZERO;
        for segment in &self.remaining() {
            let part = self.part(segment, expect, extra);
            let ran = if segment.outside {
                self.run_outside(db, settings, &part, &mut begin, &mut extra)
            } else {
                extra = Duration::ZERO;
                db.transact(settings, std::slice::from_ref(&part), &mut begin)
            };
            if let Err(failure) = ran {
                return Err(self.stop(db, settings, failure, expect));
            }
            expect = Expect::Row { state: self.going(), done: Some(segment.statements.end) };
        }
        Ok(())
    }

    /// Returns the segments with the statements that are not done; there is always one, for the record.
    ///
    /// What was done need not end where a segment does: the statements after it may have been mended, and an outside
    /// one among them have become one that joins its neighbours, or be gone.
    fn remaining(&self) -> Vec<Segment> {
        let done = self.step.resume.unwrap_or(0);
        let mut segments = self.script().segments();
        segments.retain(|segment| segment.statements.end > done);
        if let Some(first) = segments.first_mut() {
            first.statements.start = first.statements.start.max(done);
        } else {
            segments.push(Segment { statements: done..done, outside: false });
        }
        segments
    }

    fn run_outside(
        &self,
        db: &mut dyn Backend,
        settings: &Settings,
        part: &Part<'_>,
        begin: &mut dyn FnMut(usize),
        extra: &mut Duration,
    ) -> Result<(), Failure> {
        let nothing = |record: Record| Part { session: Vec::new(), statements: Vec::new(), record, ..part.clone() };
        db.transact(settings, &[nothing(Record::Keep)], begin)?;
        let start = Instant::now();
        db.outside(settings, part)?;
        *extra = start.elapsed();
        let mut record = part.record.clone();
        if let Record::Write(row) = &mut record {
            row.extra_ms = u64::try_from(extra.as_millis()).unwrap_or(u64::MAX);
        }
        db.transact(settings, &[nothing(record)], &mut |_| {})
    }

    /// The whole step as one part, for a run that is one transaction.
    pub(super) fn whole(&self) -> Part<'a> {
        let script = self.script();
        let segment = Segment { statements: self.step.resume.unwrap_or(0)..script.statements.len(), outside: false };
        self.part(&segment, self.expect(), Duration::ZERO)
    }

    pub(super) fn has_outside(&self) -> bool {
        self.remaining().iter().any(|segment| segment.outside)
    }

    fn expect(&self) -> Expect {
        match (self.step.direction, self.step.resume) {
            (Direction::Upgrade, None) => Expect::Absent,
            (Direction::Downgrade, None) => Expect::Row { state: State::Applied, done: None },
            (_, Some(done)) => Expect::Row { state: self.going(), done: Some(done) },
        }
    }

    fn going(&self) -> State {
        match self.step.direction {
            Direction::Upgrade => State::Upgrading,
            Direction::Downgrade => State::Downgrading,
        }
    }

    fn part(&self, segment: &Segment, expect: Expect, extra: Duration) -> Part<'a> {
        let script = self.script();
        let item = |index: usize| {
            let statement = &script.statements[index];
            let sql = &self.scripts().text[statement.start..statement.end];
            Item { index, sql, run: statement.run }
        };
        let settings = (0..segment.statements.start).map(item).filter(|i| matches!(i.run, Run::Setting | Run::Around));
        Part {
            revision: self.id(),
            expect,
            session: settings.collect(),
            statements: segment.statements.clone().map(item).collect(),
            record: self.record(segment.statements.end, extra),
        }
    }

    fn record(&self, end: usize, extra: Duration) -> Record {
        let script = self.script();
        let last = end == script.statements.len();
        let state = match self.step.direction {
            Direction::Downgrade if last => return Record::Delete,
            Direction::Upgrade if last => State::Applied,
            _ => self.going(),
        };
        let mut row = new_row(self.history, self.step.node, state, "run");
        row.statements_done = end;
        row.statements_total = script.statements.len();
        row.done_checksum = (!last).then(|| script.done_checksum(end).unwrap_or_default().to_owned());
        row.extra_ms = u64::try_from(extra.as_millis()).unwrap_or(u64::MAX);
        Record::Write(row)
    }

    /// Says where it failed; a failure after which the version table says something else is somebody else's success.
    fn stop(&self, db: &mut dyn Backend, settings: &Settings, failure: Failure, expect: Expect) -> Stop {
        let Failure::Statement { index, character, error, .. } = failure else {
            return match failure {
                Failure::Other(error) => Stop::Failed(error),
                _ => Stop::Stale,
            };
        };
        let now = db.applied(settings).ok();
        let moved = now.as_ref().is_some_and(|applied| {
            let row = applied.row(self.id());
            match expect {
                Expect::Absent => row.is_some(),
                Expect::Row { state, done } => {
                    !row.is_some_and(|row| row.state == state && done.is_none_or(|done| row.statements_done == done))
                }
            }
        });
        if moved {
            return Stop::Stale;
        }
        let partial = match expect {
            Expect::Row { state: State::Upgrading | State::Downgrading, done: Some(done) } => {
                Some((done as u64, self.script().statements.len() as u64))
            }
            _ => None,
        };
        Stop::Failed(self.failed(index, character, *error, partial))
    }

    pub(super) fn failed(
        &self,
        index: Option<usize>,
        character: Option<usize>,
        database: crate::error::DatabaseError,
        partial: Option<(u64, u64)>,
    ) -> Error {
        let scripts = self.scripts();
        let (location, length, statement) = match index.and_then(|index| self.script().statements.get(index)) {
            None => (Location::new(&scripts.file, self.script().line, 1), 1, String::new()),
            Some(statement) => {
                let text = &scripts.text[statement.start..statement.end];
                let (line, column) = advance((statement.line, statement.column), text, character.unwrap_or(0));
                let rest = text.char_indices().nth(character.unwrap_or(0)).map_or("", |(at, _)| &text[at..]);
                let length = match character {
                    Some(_) => rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').count(),
                    None => rest.lines().next().unwrap_or_default().trim_end().chars().count(),
                };
                let first = text.lines().next().unwrap_or_default().trim_end().to_owned();
                (Location::new(&scripts.file, line, column), length.max(1), first)
            }
        };
        Error::new(ErrorKind::Statement(Box::new(StatementError {
            revision: self.id().to_owned(),
            direction: self.step.direction.word(),
            location,
            length: u32::try_from(length).unwrap_or(1),
            statement,
            database,
            finished: Vec::new(),
            partial,
        })))
    }
}

/// Returns the row of a node whose upgrade is as its file says.
pub(super) fn new_row(history: &History, node: usize, state: State, source: &'static str) -> NewRow {
    let script = &history.scripts(node).upgrade;
    let graph = history.graph();
    NewRow {
        revision: graph.id(node).to_owned(),
        checksum: script.checksum.clone(),
        state,
        statements_done: script.statements.len(),
        statements_total: script.statements.len(),
        done_checksum: None,
        message: graph.node(node).summary().to_owned(),
        source,
        revises: graph.texts(graph.parents(node)).join(","),
        extra_ms: 0,
    }
}
