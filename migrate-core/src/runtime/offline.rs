//! A plan as a script for psql or the sqlite3 shell, for those who apply it by other means.

use std::time::Duration;

use super::step::StepRun;
use super::{Event, Expect, Part, Record, Settings};
use crate::plan::{Plan, State};
use crate::revision::History;

/// How a database's shell runs parts.
pub trait Shell {
    /// Returns what comes first: the version table, and what makes the shell stop at an error.
    fn preamble(&self, settings: &Settings) -> String;

    /// Returns a part as one transaction.
    fn transaction(&self, settings: &Settings, part: &Part<'_>) -> String;

    /// Returns a part whose statement runs outside a transaction, without its record.
    fn outside(&self, settings: &Settings, part: &Part<'_>) -> String;
}

/// Returns the script that runs a plan on a database which is where the plan starts.
///
/// The statements are those that the migrator sends, with the checks of the version table in each transaction. First
/// comes a check that the revisions `from` are applied: on a database that is elsewhere the script stops before it
/// changes anything.
pub fn script(history: &History, settings: &Settings, from: &[&str], plan: &Plan, shell: &dyn Shell) -> String {
    let mut text = shell.preamble(settings);
    for revision in from {
        let expect = Expect::Row { state: State::Applied, done: None };
        let check = Part { revision, expect, session: Vec::new(), statements: Vec::new(), record: Record::Keep };
        text.push_str(&format!("\n-- Starting from {revision}\n\n{}", shell.transaction(settings, &check)));
    }
    for step in &plan.steps {
        let node = history.graph().node(step.node);
        let event = Event::Begin {
            direction: step.direction,
            revision: node.id.to_string(),
            revises: history.graph().texts(history.graph().parents(step.node)),
            message: node.summary().to_owned(),
            resume: None,
        };
        text.push_str(&format!("\n-- {event}\n\n"));
        for (part, outside) in StepRun::new(history, step).parts(Duration::ZERO) {
            if outside {
                let record = Part { session: Vec::new(), statements: Vec::new(), ..part.clone() };
                let check = Part { record: Record::Keep, ..record.clone() };
                text.push_str(&shell.transaction(settings, &check));
                text.push_str(&shell.outside(settings, &part));
                text.push_str(&shell.transaction(settings, &record));
            } else {
                text.push_str(&shell.transaction(settings, &part));
            }
        }
    }
    text
}
