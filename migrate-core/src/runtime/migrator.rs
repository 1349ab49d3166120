//! Plans and runs: upgrade, downgrade, stamp, and where a database is.

use std::time::Instant;

use super::step::{StepRun, Stop, new_row};
use super::{Backend, Event, Expect, Failure, Part, Record, Settings, TransactionMode};
use crate::error::{Edited, Error, ErrorKind, Refusal, Result};
use crate::plan::{self, Applied, Direction, Plan, Purge, Row, State, Step};
use crate::revision::{Graph, History, NodeSet, Target};

/// Runs the revisions of a history on a database.
#[derive(Clone, Copy, Debug)]
pub struct Migrator<'a> {
    history: &'a History,
    settings: &'a Settings,
}

/// What a run may do that it otherwise refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Goes on although applied revisions were edited.
    pub allow_edited: bool,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The revisions that ran, in order.
    pub finished: Vec<String>,
    /// The heads of the database afterwards.
    pub heads: Vec<String>,
}

/// Where a database is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The version table.
    pub applied: Applied,
    /// The revisions that the heads need and the database does not have, in order.
    pub pending: Vec<usize>,
    /// Applied revisions whose files were edited.
    pub edited: Vec<Edited>,
}

/// How often a plan is made anew because another migrator was here, before it is an error.
const REPLANS: usize = 1000;

type Observe<'o> = &'o mut dyn FnMut(Event);

impl<'a> Migrator<'a> {
    /// Returns a migrator of this history.
    pub fn new(history: &'a History, settings: &'a Settings) -> Self {
        Self { history, settings }
    }

    fn graph(&self) -> &'a Graph {
        self.history.graph()
    }

    /// Runs what these targets need and the database does not have.
    ///
    /// # Errors
    ///
    /// What [`plan::upgrade`] refuses; applied revisions that were edited; a statement that fails: the revisions before
    /// it stay, its own transaction is rolled back.
    pub fn upgrade(
        &self,
        db: &mut dyn Backend,
        targets: &[Target],
        options: Options,
        observe: Observe<'_>,
    ) -> Result<Report> {
        let mut fixed: Option<Vec<Target>> = None;
        self.locked(db, observe, &mut |applied| {
            self.check_edited(applied, options)?;
            if fixed.is_none() {
                fixed = Some(self.fix(targets, applied)?);
            }
            plan::upgrade(self.graph(), applied, fixed.as_deref().unwrap_or(targets))
        })
    }

    /// Runs the way down to a target.
    ///
    /// # Errors
    ///
    /// What [`plan::downgrade`] refuses; a revision on the way that is irreversible; a statement that fails.
    pub fn downgrade(&self, db: &mut dyn Backend, target: &Target, observe: Observe<'_>) -> Result<Report> {
        let mut fixed: Option<NodeSet> = None;
        self.locked(db, observe, &mut |applied| {
            let Some(remove) = &fixed else {
                let plan = plan::downgrade(self.graph(), applied, target)?;
                fixed = Some(self.graph().set(plan.steps.iter().map(|step| step.node)));
                return Ok(plan);
            };
            let left = remove.clone().and(&applied.nodes(self.graph()));
            let resume = |node| {
                let row = applied.row(self.graph().id(node)).filter(|row| row.state == State::Downgrading);
                row.map(|row| row.statements_done)
            };
            let steps =
                left.iter().rev().map(|node| Step { node, direction: Direction::Downgrade, resume: resume(node) });
            Ok(Plan { steps: steps.collect() })
        })
    }

    /// Writes the version table as if these targets had been reached; runs nothing.
    ///
    /// # Errors
    ///
    /// What [`plan::stamp`] refuses.
    pub fn stamp(
        &self,
        db: &mut dyn Backend,
        targets: &[Target],
        purge: Purge,
        observe: Observe<'_>,
    ) -> Result<plan::Stamp> {
        self.check_dialect(db)?;
        db.lock(self.settings, observe)?;
        let result = self.stamp_locked(db, targets, purge);
        let unlocked = db.unlock();
        let stamp = result?;
        unlocked?;
        Ok(stamp)
    }

    fn stamp_locked(&self, db: &mut dyn Backend, targets: &[Target], purge: Purge) -> Result<plan::Stamp> {
        for _ in 0..REPLANS {
            let applied = db.applied(self.settings)?;
            let stamp = plan::stamp(self.graph(), &applied, targets, purge)?;
            if stamp == plan::Stamp::default() {
                return Ok(stamp);
            }
            db.create_table(self.settings)?;
            let mut parts: Vec<Part<'_>> = Vec::new();
            for id in &stamp.delete {
                parts.push(part(id, expect(applied.row(id)), Record::Delete));
            }
            for node in &stamp.insert {
                let id = self.graph().id(*node);
                let row = new_row(self.history, *node, State::Applied, "stamp");
                parts.push(part(id, expect(applied.row(id)), Record::Write(row)));
            }
            match db.transact(self.settings, &parts, &mut |_| {}) {
                Ok(()) => return Ok(stamp),
                Err(Failure::Stale) => {}
                Err(Failure::Statement { error, .. }) => return Err((*error).into()),
                Err(Failure::Other(error)) => return Err(error),
            }
        }
        Err(never_settles())
    }

    /// Reads where the database is; takes no lock.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub fn status(&self, db: &mut dyn Backend) -> Result<Status> {
        self.check_dialect(db)?;
        let applied = db.applied(self.settings)?;
        let done = applied.nodes(self.graph());
        let pending = self.graph().with_ancestors(self.graph().heads()).without(&done).iter().collect();
        let edited = self.edited(&applied);
        Ok(Status { applied, pending, edited })
    }

    /// Makes a plan under the migrators' lock and runs it, and makes it anew when another migrator was here.
    fn locked(
        &self,
        db: &mut dyn Backend,
        observe: Observe<'_>,
        plan: &mut dyn FnMut(&Applied) -> Result<Plan>,
    ) -> Result<Report> {
        self.check_dialect(db)?;
        db.lock(self.settings, observe)?;
        let mut finished = Vec::new();
        let result = self.plan_and_run(db, observe, plan, &mut finished);
        let unlocked = db.unlock();
        let heads = result.map_err(|error| with_finished(error, &finished))?;
        unlocked?;
        Ok(Report { finished, heads })
    }

    fn plan_and_run(
        &self,
        db: &mut dyn Backend,
        observe: Observe<'_>,
        plan: &mut dyn FnMut(&Applied) -> Result<Plan>,
        finished: &mut Vec<String>,
    ) -> Result<Vec<String>> {
        for _ in 0..REPLANS {
            let applied = db.applied(self.settings)?;
            let plan = plan(&applied)?;
            if plan.steps.is_empty() {
                return Ok(applied.heads(self.graph()).iter().map(|row| row.revision.clone()).collect());
            }
            self.check_plan(&plan, &applied)?;
            observe(Event::Planned { steps: plan.steps.len() });
            db.create_table(self.settings)?;
            let ran = match self.settings.transaction {
                TransactionMode::PerRevision => self.run_each(db, &plan, observe, finished),
                TransactionMode::PerRun => self.run_whole(db, &plan, observe, finished),
            };
            match ran {
                // What was done is read once more: the plan is empty now, or somebody else went on meanwhile.
                Ok(()) | Err(Stop::Stale) => {}
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        Err(never_settles())
    }

    fn check_plan(&self, plan: &Plan, applied: &Applied) -> Result<()> {
        for step in &plan.steps {
            let run = StepRun::new(self.history, step);
            run.check(applied.row(self.graph().id(step.node)))?;
            if self.settings.transaction == TransactionMode::PerRun && run.has_outside() {
                let id = self.graph().id(step.node);
                return Err(Error::refused(Refusal::Other(format!(
                    "revision {id} has a statement that runs outside a transaction, and migrate.toml says transaction = \"per-run\""
                )))
                .hint("set transaction = \"per-revision\""));
            }
        }
        Ok(())
    }

    fn run_each(
        &self,
        db: &mut dyn Backend,
        plan: &Plan,
        observe: Observe<'_>,
        finished: &mut Vec<String>,
    ) -> Result<(), Stop> {
        for step in &plan.steps {
            let run = StepRun::new(self.history, step);
            let start = Instant::now();
            run.run(db, self.settings, &mut || observe(self.begin(step, run.script().statements.len())))?;
            let revision = self.graph().id(step.node).to_owned();
            finished.push(revision.clone());
            observe(Event::End { revision, took: start.elapsed() });
        }
        Ok(())
    }

    fn run_whole(
        &self,
        db: &mut dyn Backend,
        plan: &Plan,
        observe: Observe<'_>,
        finished: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let runs: Vec<_> = plan.steps.iter().map(|step| StepRun::new(self.history, step)).collect();
        let parts: Vec<_> = runs.iter().map(StepRun::whole).collect();
        let ran = db.transact(self.settings, &parts, &mut |part| {
            observe(self.begin(&plan.steps[part], runs[part].script().statements.len()));
        });
        match ran {
            Ok(()) => finished.extend(plan.steps.iter().map(|step| self.graph().id(step.node).to_owned())),
            Err(Failure::Stale) => return Err(Stop::Stale),
            Err(Failure::Other(error)) => return Err(error.into()),
            Err(Failure::Statement { part, index, character, error }) => {
                return Err(runs[part].failed(index, character, *error, None).into());
            }
        }
        Ok(())
    }

    fn begin(&self, step: &Step, statements: usize) -> Event {
        let node = self.graph().node(step.node);
        Event::Begin {
            direction: step.direction,
            revision: node.id.to_string(),
            revises: self.graph().texts(self.graph().parents(step.node)),
            message: node.summary().to_owned(),
            resume: step.resume.map(|done| (done, statements)),
        }
    }

    /// Replaces what is relative to the database by the revisions that it names now, so that a plan which is made anew
    /// has the same goal.
    fn fix(&self, targets: &[Target], applied: &Applied) -> Result<Vec<Target>> {
        let done = applied.nodes(self.graph());
        let mut fixed = Vec::new();
        for target in targets {
            if target.needs_current() && target.offset > 0 {
                let nodes = self.graph().resolve(target, &done)?;
                fixed.extend(nodes.iter().map(|node| Target::revision(self.graph().id(*node))));
            } else {
                fixed.push(target.clone());
            }
        }
        Ok(fixed)
    }

    fn check_dialect(&self, db: &dyn Backend) -> Result<()> {
        if db.dialect() == self.history.syntax().name {
            return Ok(());
        }
        let (own, other) = (self.history.syntax().name, db.dialect());
        Err(Error::usage(format!("the revisions were read for {own}, and the database is {other}")))
    }

    fn check_edited(&self, applied: &Applied, options: Options) -> Result<()> {
        let revisions = self.edited(applied);
        if revisions.is_empty() || options.allow_edited {
            return Ok(());
        }
        let mut error = Error::refused(Refusal::Edited { revisions: revisions.clone() });
        for edited in revisions {
            error = error.hint(format!(
                "if the database needs no change, accept the edit: write `-- migrate:was {}` into its upgrade section in {}",
                edited.recorded, edited.file
            ));
        }
        Err(error.hint("`--allow-edited` goes on this once"))
    }

    fn edited(&self, applied: &Applied) -> Vec<Edited> {
        let mut edited = Vec::new();
        for row in applied.rows().iter().filter(|row| row.state != State::Upgrading) {
            let (Some(node), Some(recorded)) = (self.graph().find(&row.revision), &row.checksum) else { continue };
            let scripts = self.history.scripts(node);
            let script = &scripts.upgrade;
            if script.checksum != *recorded && !script.was.contains(recorded) {
                edited.push(Edited {
                    revision: row.revision.clone(),
                    file: scripts.file.clone(),
                    recorded: recorded.clone(),
                    found: script.checksum.clone(),
                });
            }
        }
        edited
    }
}

fn part(revision: &str, expect: Expect, record: Record) -> Part<'_> {
    Part { revision, expect, session: Vec::new(), statements: Vec::new(), record }
}

fn expect(row: Option<&Row>) -> Expect {
    row.map_or(Expect::Absent, |row| Expect::Row { state: row.state, done: None })
}

fn never_settles() -> Error {
    Error::refused(Refusal::Other("another migrator keeps changing the version table; gave up".to_owned()))
}

fn with_finished(error: Error, finished: &[String]) -> Error {
    let hints = error.hints().to_vec();
    let mut error = match error.into_kind() {
        ErrorKind::Statement(mut failed) => {
            failed.finished = finished.to_vec();
            Error::new(ErrorKind::Statement(failed))
        }
        kind => Error::new(kind),
    };
    for hint in hints {
        error = error.hint(hint);
    }
    error
}
