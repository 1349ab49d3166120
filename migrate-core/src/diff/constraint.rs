//! The constraints of two tables, paired.

use super::probe::Probe;
use crate::schema::{Constraint, Table};

/// What becomes of the constraints of a table.
#[derive(Default)]
pub(super) struct Paired {
    /// Those that go, by their keys.
    pub(super) gone: Vec<(String, Constraint)>,
    /// Those that come.
    pub(super) come: Vec<(String, Constraint)>,
    /// Those that only get another name.
    pub(super) renamed: Vec<(String, String)>,
    /// Of those that go, the checks on a column of an enum that gets other labels.
    pub(super) replaced: Vec<Constraint>,
    /// Those of which only the comment changes: the key, and the two comments.
    pub(super) comments: Vec<(String, Option<String>, Option<String>)>,
}

/// Pairs the constraints of two tables: by name where both have one, else by what they demand.
pub(super) fn pair(before: &Table, after: &Table, probe: &Probe<'_>, can_rename: bool, comments: bool) -> Paired {
    let mut paired = Paired::default();
    let mut come: Vec<(&String, &Constraint)> = after.constraints.iter().collect();
    let mut gone = Vec::new();
    let same = |one: &Constraint, other: &Constraint| {
        let set = |constraint: &Constraint| {
            let constraint = Constraint { comment: None, ..constraint.clone() };
            move |table: &mut Table| {
                table.constraints.clear();
                table.constraints.insert(String::from("c"), constraint);
            }
        };
        std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind) && !probe.differ(set(one), set(other))
    };
    for (key, constraint) in &before.constraints {
        let by_name = |(other, found): &(&String, &Constraint)| constraint.named && found.named && *other == key;
        let unnamed =
            |(_, found): &(&String, &Constraint)| !constraint.named && !found.named && same(constraint, found);
        let found = come.iter().position(by_name).or_else(|| come.iter().position(unnamed));
        match found {
            Some(at) if same(constraint, come[at].1) => {
                let (_, other) = come.remove(at);
                if comments && constraint.comment != other.comment {
                    paired.comments.push((key.clone(), constraint.comment.clone(), other.comment.clone()));
                }
            }
            _ => gone.push((key, constraint)),
        }
    }
    for (key, constraint) in gone {
        let twin = come.iter().position(|(other, found)| can_rename && *other != key && same(constraint, found));
        match twin {
            Some(at) => {
                let (other, found) = come.remove(at);
                paired.renamed.push((key.clone(), other.clone()));
                if comments && constraint.comment != found.comment {
                    paired.comments.push((other.clone(), constraint.comment.clone(), found.comment.clone()));
                }
            }
            None => paired.gone.push((key.clone(), constraint.clone())),
        }
    }
    paired.come =
        come.into_iter().map(|(key, constraint)| (free_key(key, constraint, before), constraint.clone())).collect();
    paired
}

/// Returns a key for a constraint that no other has; one without a name has none that counts.
fn free_key(key: &str, constraint: &Constraint, before: &Table) -> String {
    if constraint.named || !before.constraints.contains_key(key) {
        return key.to_owned();
    }
    // A NUL ends a statement, so nobody can write these names.
    let free = (0..).map(|n| format!("\0new{n:03}{key}")).find(|key| !before.constraints.contains_key(key));
    free.unwrap_or_default()
}
