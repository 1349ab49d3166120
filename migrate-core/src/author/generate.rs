//! A revision that leads from the migrations to what is wanted, proved before anybody sees it.

use super::{Ddl, Folding, Project};
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect, applied, differences};
use crate::diff::{Hints, Question, carry, diff};
use crate::op::{Operation, TableChange};
use crate::render::{self, Script};
use crate::revision::NodeSet;
use crate::schema::Schema;
use crate::sql::Syntax;

/// Why no script was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The revisions themselves cannot be folded.
    Sources(Vec<Diagnostic>),
    /// Something has to be answered first.
    Questions(Vec<Question>),
    /// The script does not do what it should, in one direction: what it does otherwise.
    ///
    /// It is a mistake of this program, and the script is not written.
    Unfaithful {
        /// `upgrade` or `downgrade`.
        direction: &'static str,
        /// What cannot be read in the script, or is another after it.
        left: Vec<String>,
        /// The script.
        sql: String,
    },
}

impl Project {
    /// Returns the script that leads from the schema that some revisions make to another; an empty one where there is
    /// nothing to do.
    ///
    /// It is folded in both directions: the upgrade must make the schema that is wanted, and the downgrade the one that
    /// was there.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub fn script(
        &self,
        syntax: &'static Syntax,
        nodes: &NodeSet,
        wanted: &Schema,
        hints: &Hints,
    ) -> Result<Script, Refusal> {
        let dialect = dialect::named(syntax.name).expect("every dialect folds");
        let mut folding = Folding::new(self, syntax, None);
        for node in nodes.iter() {
            folding.upgrade(node);
        }
        if folding.has_failed() {
            return Err(Refusal::Sources(folding.problems));
        }
        let before = folding.schema().clone();
        let operations = diff(&before, wanted, dialect, hints).map_err(Refusal::Questions)?;
        if operations.is_empty() {
            return Ok(Script::default());
        }
        let unsupported = |reason: String| Refusal::Questions(vec![Question::Unsupported(vec![reason])]);
        let script = render::script(&operations, &before, dialect).map_err(unsupported)?;
        let after = applied(&before, dialect, &operations).map_err(|problem| unsupported(problem.to_string()))?;
        let renames = operations.iter().any(is_rename);
        folds_to(&mut folding, "upgrade", &render::section(&script.up), (&after, renames), dialect)?;
        if script.irreversible.is_none() {
            folds_to(&mut folding, "downgrade", &render::section(&script.down), (&before, renames), dialect)?;
        }
        Ok(script)
    }
}

fn is_rename(operation: &Operation) -> bool {
    match operation {
        Operation::RenameTable { .. } | Operation::RenameEnum { .. } => true,
        Operation::AlterTable { changes, .. } => {
            changes.iter().any(|change| matches!(change, TableChange::RenameColumn { .. }))
        }
        _ => false,
    }
}

/// Returns the views and triggers of a schema, by their names.
fn followers(schema: &Schema) -> Vec<String> {
    let views = schema.views.iter().map(|(name, view)| (name, &view.triggers));
    let tables = schema.tables.iter().map(|(name, table)| (name, &table.triggers));
    let mut names: Vec<String> = schema.views.keys().map(|name| format!("view {name}")).collect();
    for (name, triggers) in views.chain(tables) {
        names.extend(triggers.keys().map(|trigger| format!("trigger {trigger} of {name}")));
    }
    names
}

/// Folds a section on what is there, and compares.
///
/// Where something is renamed, the texts of views and triggers follow as the database edits them, which the fold knows
/// best: that none is lost is all that is asked then.
fn folds_to(
    folding: &mut Folding<'_>,
    direction: &'static str,
    sql: &str,
    (wanted, renames): (&Schema, bool),
    dialect: &dyn Dialect,
) -> Result<(), Refusal> {
    folding.ddl(&Ddl::new(format!("the generated {direction}"), sql));
    let mut left: Vec<String> = folding.problems.iter().map(ToString::to_string).collect();
    if left.is_empty() {
        let made = folding.schema();
        let followed = if renames { carry(made, wanted) } else { wanted.clone() };
        let found = differences(made, &followed, dialect);
        let tell = |found: &dialect::Difference| {
            format!("{}: {}", found.object, found.sentence("after the script", "in what it should make"))
        };
        left = found.iter().map(tell).collect();
        let kept = followers(made);
        let lost = followers(wanted).into_iter().filter(|name| !kept.contains(name));
        left.extend(lost.map(|name| format!("{name} is lost")));
    }
    if left.is_empty() { Ok(()) } else { Err(Refusal::Unfaithful { direction, left, sql: sql.to_owned() }) }
}
