//! An earlier state and what was done since, by which a statement that was refused half way is undone.

use super::{Effect, Problem};

/// What a folder changes as it goes.
pub(super) trait State: Clone {
    /// Applies a statement; if it is refused, the state may be anything.
    fn apply(&mut self, text: &str) -> Result<Effect, Problem>;

    /// Begins a revision.
    fn begin_revision(&mut self);

    /// Returns about how many objects a copy copies.
    fn size(&self) -> usize;
}

/// A state with an earlier one of which it can be made again.
///
/// A copy before every statement would cost the square of a history's length. This one is renewed when some times as
/// many steps were taken as it has objects, so that all copies together cost little beside the statements.
#[derive(Clone, Debug)]
pub(super) struct Kept<S> {
    now: S,
    earlier: S,
    /// The way from the earlier state to now: statements that were accepted, and where revisions begin.
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Statement(String),
    Revision,
}

/// How many steps are kept at least.
const FEW: usize = 64;

impl<S: State> Kept<S> {
    /// Begins with a state.
    pub(super) fn new(state: S) -> Self {
        Self { earlier: state.clone(), now: state, steps: Vec::new() }
    }

    /// Returns the state.
    pub(super) fn now(&self) -> &S {
        &self.now
    }

    /// Applies a statement; if it is refused, the state is as it was.
    pub(super) fn statement(&mut self, text: &str) -> Result<Effect, Problem> {
        match self.now.apply(text) {
            Ok(effect) => {
                self.step(Step::Statement(text.to_owned()));
                Ok(effect)
            }
            Err(problem) => {
                self.undo();
                Err(problem)
            }
        }
    }

    /// Begins a revision.
    pub(super) fn begin_revision(&mut self) {
        self.now.begin_revision();
        self.step(Step::Revision);
    }

    fn step(&mut self, step: Step) {
        self.steps.push(step);
        if self.steps.len() > FEW.max(2 * self.now.size()) {
            self.steps.clear();
            self.earlier = self.now.clone();
        }
    }

    /// Makes the state again without the statement that was refused.
    fn undo(&mut self) {
        for step in self.steps.drain(..) {
            match step {
                Step::Statement(text) => {
                    let again = self.earlier.apply(&text);
                    debug_assert!(again.is_ok(), "{text} was accepted before: {again:?}");
                }
                Step::Revision => self.earlier.begin_revision(),
            }
        }
        // The next refusal costs no more than a copy.
        self.now = self.earlier.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::super::postgres::PostgresFolder;

    /// Pins that a statement which is refused half way changes neither the schema nor the session, however many
    /// statements were accepted since the last copy was taken.
    #[test]
    fn a_refused_statement_is_undone() {
        let mut folder = PostgresFolder::default();
        folder.statement("CREATE SCHEMA other").expect("it is new");
        for n in 0..300 {
            folder.begin_revision();
            let path = if n % 3 == 0 { "other" } else { "public" };
            folder.statement(&format!("SET search_path = {path}")).expect("a setting");
            folder.statement(&format!("CREATE TABLE t{n} (a serial PRIMARY KEY, b text)")).expect("it is new");
            let before = folder.schema().clone();
            let refused = format!("ALTER TABLE t{n} ADD COLUMN c integer UNIQUE, DROP COLUMN b, DROP COLUMN nothing");
            folder.statement(&refused).expect_err("there is no such column");
            assert_eq!(*folder.schema(), before, "table {n}");
            folder.statement(&format!("CREATE INDEX i{n} ON {path}.t{n} (b)")).expect("the column is still there");
            folder.statement(&format!("ALTER TABLE t{n} ADD COLUMN d integer")).expect("the path is still set");
        }
        assert_eq!(folder.schema().tables.len(), 300);
    }
}
