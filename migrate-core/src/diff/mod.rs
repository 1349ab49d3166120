//! What leads from one schema to another, in an order in which a server takes it.
//!
//! 1. `hints` are renames, drops and values that no schema says; they are done first, on a copy of the schema.
//! 2. `table`, `constraint`, `types` and `view` find what is left by name. Whether two things differ is asked of
//!    `Dialect::compare` (`probe`), so that nothing is a difference here that is none there.
//! 3. `order` puts the operations in an order that depends on nothing but the two schemas.
//! 4. What the operations come to is compared with what was asked for; what is left over is a question, never silence.

mod canonical;
mod carry;
mod constraint;
mod hints;
mod order;
mod probe;
mod question;
mod rename;
mod table;
mod types;
mod view;

use std::collections::BTreeSet;

pub use carry::carry;
pub use hints::Hints;
pub use question::Question;

use crate::dialect::{Dialect, applied, differences};
use crate::op::Operation;
use crate::schema::{Expression, ObjectName, Schema};

/// Returns the operations that lead from one schema to another.
///
/// # Errors
///
/// What has to be answered first: each question names the flag that answers it.
///
/// ```
/// use migrate_core::{dialect, diff};
/// use migrate_core::schema::Schema;
///
/// let dialect = dialect::named("sqlite").expect("it is one");
/// let schema = Schema::default();
/// let operations = diff::diff(&schema, &schema, dialect, &diff::Hints::default()).expect("no question");
/// assert_eq!(operations, []);
/// ```
pub fn diff(
    before: &Schema,
    after: &Schema,
    dialect: &dyn Dialect,
    hints: &Hints,
) -> Result<Vec<Operation>, Vec<Question>> {
    let (operations, questions) = changes(before, after, dialect, hints);
    if questions.is_empty() { Ok(operations) } else { Err(questions) }
}

/// Returns the operations that would lead from one schema to another, whatever is asked, and what is asked.
pub fn changes(
    before: &Schema,
    after: &Schema,
    dialect: &dyn Dialect,
    hints: &Hints,
) -> (Vec<Operation>, Vec<Question>) {
    let before = canonical::names(before, &Schema::default(), dialect);
    let mut differ = Differ {
        dialect,
        now: before.clone(),
        after: canonical::names(after, &before, dialect),
        hints,
        used_hints: BTreeSet::new(),
        parts: order::Parts::default(),
        questions: Vec::new(),
    };
    differ.namespaces();
    differ.renames();
    if hints.described {
        differ.after = carry(&differ.now, &differ.after);
    }
    differ.types();
    differ.tables();
    differ.views();
    differ.unused_hints();
    let Differ { parts, after, mut questions, .. } = differ;
    let operations = parts.ordered();
    if questions.is_empty() {
        questions.extend(leftover(&before, &after, dialect, &operations));
    }
    (operations, questions)
}

fn leftover(before: &Schema, after: &Schema, dialect: &dyn Dialect, operations: &[Operation]) -> Option<Question> {
    let made = match applied(before, dialect, operations) {
        Ok(made) => made,
        Err(problem) => return Some(Question::Unsupported(vec![problem.to_string()])),
    };
    let left = differences(&made, after, dialect);
    let sentences =
        left.iter().map(|left| format!("{}: {}", left.object, left.sentence("so far", "in what was asked for")));
    (!left.is_empty()).then(|| Question::Unsupported(sentences.collect()))
}

/// A diff that is being made.
struct Differ<'d> {
    dialect: &'d dyn Dialect,
    /// The schema before, with what was renamed under its new names.
    now: Schema,
    after: Schema,
    hints: &'d Hints,
    /// The flags that answered something.
    used_hints: BTreeSet<String>,
    parts: order::Parts,
    questions: Vec<Question>,
}

impl Differ<'_> {
    /// Adds an operation to those that come first, and does it.
    fn first(&mut self, operation: Operation) {
        let dialect = self.dialect;
        let rewrite = |expression: &Expression, from: &str, to: &str| dialect.rewrite(expression, from, to);
        match self.now.apply(&operation, &rewrite) {
            Ok(()) => self.parts.first.push(operation),
            Err(problem) => self.questions.push(Question::Unsupported(vec![problem.to_string()])),
        }
    }

    fn namespaces(&mut self) {
        for (name, namespace) in self.after.namespaces.clone() {
            match self.now.namespaces.get(&name) {
                None => self.first(Operation::CreateNamespace { name, namespace }),
                Some(known) if known.comment != namespace.comment && !self.hints.described => {
                    let on = crate::schema::Object::Namespace(name);
                    self.first(Operation::Comment {
                        on,
                        before: known.comment.clone(),
                        after: namespace.comment.clone(),
                    });
                }
                Some(_) => {}
            }
        }
        if !self.hints.described {
            let gone = self.now.namespaces.iter().filter(|(name, _)| !self.after.namespaces.contains_key(*name));
            self.parts.drop_namespaces = gone
                .map(|(name, namespace)| Operation::DropNamespace { name: name.clone(), namespace: namespace.clone() })
                .collect();
        }
    }

    /// Notes that a flag answered something.
    fn note(&mut self, flag: &str) {
        self.used_hints.insert(flag.to_owned());
    }

    /// Returns what the rows of a column get, by a flag.
    fn backfill(&mut self, table: &ObjectName, column: &str) -> Option<String> {
        let found = self.hints.backfill(table, column)?;
        let (flag, value) = (found.0.to_owned(), found.1.to_owned());
        self.note(&flag);
        Some(value)
    }

    fn unused_hints(&mut self) {
        let unused: Vec<String> = self.hints.flags().filter(|flag| !self.used_hints.contains(flag)).collect();
        self.questions.extend(unused.into_iter().map(|flag| Question::Unused { flag }));
    }
}
