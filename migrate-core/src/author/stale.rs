//! Entities against migrations, in every dialect of a project.

use super::{Folded, Folding, Mismatch, Project, Wanted, mismatches};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::dialect;
use crate::diff;
use crate::entity::Place;
use crate::entity::lower::Owner;
use crate::entity::scan::Scan;
use crate::schema::Object;
use crate::sql::Syntax;

/// What is found between entities and migrations.
#[derive(Debug, Default)]
pub struct Compared {
    /// What is wrong with the entities themselves, and with the migrations.
    pub problems: Vec<Diagnostic>,
    /// Where they disagree.
    pub stale: Vec<Stale>,
}

/// A place where entities and migrations disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The entity or enum and the place in it; `None` for what belongs to no entity.
    pub owner: Option<(Owner, Place)>,
    /// Where that is: in the entity, else at the statement that made the object.
    pub location: Location,
    /// What the entity says, and what the migrations make and where.
    pub message: String,
    /// What helps.
    pub help: String,
}

impl Stale {
    /// Returns it as a diagnostic.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new("stale", self.location.clone(), self.message.clone()).help(self.help.clone())
    }
}

impl Project {
    /// Compares entities with what the migrations make at head. A project without any entity has nothing to compare.
    pub fn compare(&self, config: &Config, scan: &Scan) -> Compared {
        let (mut problems, mut merged) = (Vec::new(), Merged::default());
        if scan.entities.is_empty() && scan.enums.is_empty() {
            return Compared::default();
        }
        for syntax in &config.dialects {
            let Some(folded) = self.at_head(syntax) else { continue };
            let wanted = self.wanted(config, syntax, scan, &folded);
            for problem in &wanted.problems {
                if !problems.contains(problem) {
                    problems.push(problem.clone());
                }
            }
            if problems.is_empty() {
                self.tell(syntax, scan, &wanted, &mut merged);
            }
        }
        Compared { problems, stale: merged.told(config.dialects.len()) }
    }

    /// Returns what the migrations make at head; `None` where they cannot be folded.
    fn at_head(&self, syntax: &'static Syntax) -> Option<Folded> {
        let mut folding = Folding::new(self, syntax, None);
        for node in 0..self.graph().nodes().len() {
            folding.upgrade(node);
        }
        folding.finish().ok()
    }

    fn tell(&self, syntax: &'static Syntax, scan: &Scan, wanted: &Wanted, merged: &mut Merged) {
        let dialect = dialect::named(syntax.name).expect("every dialect folds");
        let (operations, _) = diff::changes(&wanted.before, &wanted.after, dialect, &wanted.hints);
        let found = mismatches(&operations, &wanted.lowered.schema, &wanted.tables);
        let made: Vec<Object> = found.iter().filter_map(|mismatch| mismatch.made.clone()).collect();
        let mut places = self.provenance(syntax, &made).into_iter();
        for mismatch in found {
            let made_at = mismatch.made.as_ref().and_then(|_| places.next()).flatten();
            let at = mismatch.at.map(|at| wanted.lowered.origins[at.0].clone());
            let location = mismatch.at.and_then(|at| wanted.lowered.location(scan, at)).or_else(|| made_at.clone());
            let Some(location) = location else { continue };
            let stale = tell(syntax, &mismatch, at, location, made_at.as_ref());
            merged.add(&mismatch, stale, syntax.name);
        }
    }
}

fn tell(
    syntax: &Syntax,
    mismatch: &Mismatch,
    owner: Option<(Owner, Place)>,
    location: Location,
    made_at: Option<&Location>,
) -> Stale {
    let at = made_at.map(|at| format!("{}:{}", at.file, at.line));
    let message = mismatch.sentence(at.as_deref());
    let help = if owner.is_some() {
        "`migrate-cli revision -m \"…\" --autogenerate` writes the revision, or change the struct".to_owned()
    } else {
        format!(
            "derive `Entity` for it, `migrate-cli revision -m \"…\" --autogenerate` drops it, or `exclude` of \
             [migrate.autogenerate] leaves it out ({})",
            syntax.name
        )
    };
    Stale { owner, location, message, help }
}

/// What tells one disagreement from another, whatever the words of a dialect.
type Key = (Option<(Owner, Place)>, &'static str, bool, bool, String);

/// Disagreements with the dialects that have them.
#[derive(Default)]
struct Merged(Vec<(Key, Stale, Vec<&'static str>)>);

impl Merged {
    /// Adds a disagreement; one that several dialects have is told once, in the words of the first.
    fn add(&mut self, mismatch: &Mismatch, stale: Stale, dialect: &'static str) {
        // What belongs to no entity has no place of its own to be told by.
        let (sides, subject) = ((mismatch.entity.is_some(), mismatch.migrations.is_some()), bare(&mismatch.subject));
        let key = (stale.owner.clone(), mismatch.what, sides.0, sides.1, subject);
        match self.0.iter_mut().find(|(known, _, dialects)| *known == key && !dialects.contains(&dialect)) {
            Some((_, _, dialects)) => dialects.push(dialect),
            None => self.0.push((key, stale, vec![dialect])),
        }
    }

    /// Returns them, with the dialects where these are not all.
    fn told(self, all: usize) -> Vec<Stale> {
        let tell = |(_, stale, dialects): (Key, Stale, Vec<&str>)| {
            let message = if dialects.len() == all {
                stale.message
            } else {
                format!("{}: {}", dialects.join(", "), stale.message)
            };
            Stale { message, ..stale }
        };
        self.0.into_iter().map(tell).collect()
    }
}

/// Returns the kind and the last name of a subject: not every dialect has the schemas before it.
fn bare(subject: &str) -> String {
    let mut words = subject.split(' ');
    let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    format!("{kind} {}", name.rsplit('.').next().unwrap_or_default())
}
