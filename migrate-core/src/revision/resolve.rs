//! Targets to revisions of a graph.

use super::target::{Anchor, Target};
use super::{Graph, NodeSet};
use crate::error::TargetError;
use crate::suggest;

type Result<T> = std::result::Result<T, TargetError>;

impl Graph {
    /// Returns the revision that an id, the beginning of one, or a label names.
    ///
    /// # Errors
    ///
    /// A name that nothing has, or that several ids begin with.
    pub fn lookup(&self, name: &str) -> Result<usize> {
        if let Some(node) = self.find(name).or_else(|| self.find_label(name)) {
            return Ok(node);
        }
        let matches: Vec<usize> = self.starting_with(name).collect();
        match matches.as_slice() {
            [one] => Ok(*one),
            [] => Err(TargetError::UnknownRevision {
                given: name.to_owned(),
                candidates: suggest::near(name, self.names()).into_iter().take(3).map(str::to_owned).collect(),
            }),
            several => Err(TargetError::AmbiguousPrefix { given: name.to_owned(), matches: self.texts(several) }),
        }
    }

    /// Returns the revisions that a target names, where the applied ones are known; `base` names none.
    ///
    /// # Errors
    ///
    /// A target that names nothing, or not just one where it should.
    pub fn resolve(&self, target: &Target, applied: &NodeSet) -> Result<Vec<usize>> {
        let lineage = self.lineage_of(target)?;
        let from = match &target.anchor {
            Some(Anchor::Heads) if target.offset == 0 => return Ok(self.heads_in(lineage.as_ref())),
            Some(Anchor::Head | Anchor::Heads) => match self.heads_in(lineage.as_ref()).as_slice() {
                [] => None,
                [head] => Some(*head),
                heads => {
                    let (given, heads) = (target.given().to_owned(), self.texts(heads));
                    return Err(TargetError::MultipleHeads { given, heads });
                }
            },
            Some(Anchor::Base) => None,
            Some(Anchor::Current) if target.offset == 0 => {
                return Ok(self.current_in(lineage.as_ref(), applied));
            }
            Some(Anchor::Current) | None => match self.current_in(lineage.as_ref(), applied).as_slice() {
                [] => None,
                [one] => Some(*one),
                several => return Err(ambiguous(target, self.texts(several))),
            },
            Some(Anchor::Named(name)) => {
                let node = self.lookup(name)?;
                if let (Some(lineage), Some(branch)) = (&lineage, &target.branch) {
                    if !lineage.contains(node) {
                        let (revision, branch) = (self.id(node).to_owned(), branch.clone());
                        return Err(TargetError::NotOnBranch { revision, branch });
                    }
                }
                Some(node)
            }
        };
        Ok(self.walk(from, target, lineage.as_ref())?.into_iter().collect())
    }

    /// Returns the applied revisions that a downgrade to a target removes.
    ///
    /// # Errors
    ///
    /// As [`Graph::resolve`]; also a target that is not applied, and one that goes up.
    pub fn above(&self, target: &Target, applied: &NodeSet) -> Result<NodeSet> {
        if target.anchor.is_none() {
            return self.last(target, applied);
        }
        let branch = match &target.branch {
            Some(name) => Some(self.branch(self.lookup(name)?)),
            None => None,
        };
        let resolved = self.resolve(target, applied)?;
        let mut remove = match resolved.as_slice() {
            [] => applied.clone(),
            nodes => {
                if let Some(node) = nodes.iter().find(|node| !applied.contains(**node)) {
                    return Err(TargetError::Unsuitable {
                        given: target.given().to_owned(),
                        reason: format!("{} is not applied, so nothing above it is", self.id(*node)),
                    });
                }
                let above = nodes.iter().flat_map(|node| self.children(*node)).copied();
                self.with_descendants(above)
            }
        };
        if let Some(branch) = branch {
            remove = remove.and(&branch);
        }
        let remove = remove.and(applied);
        Ok(self.with_descendants(remove.iter()).and(applied))
    }

    /// Takes the last revision away, as often as a relative target says; there must be just one each time.
    fn last(&self, target: &Target, applied: &NodeSet) -> Result<NodeSet> {
        if target.offset > 0 {
            return Err(TargetError::Unsuitable {
                given: target.given().to_owned(),
                reason: "it goes up; `upgrade` does that".to_owned(),
            });
        }
        let own = match &target.branch {
            Some(name) => self.branch(self.lookup(name)?),
            None => self.set(0..self.nodes().len()),
        };
        let mut left = applied.clone();
        let mut removed = self.no_nodes();
        for step in 0..target.offset.unsigned_abs() {
            let heads: Vec<usize> = self.heads_of(&left).into_iter().filter(|n| own.contains(*n)).collect();
            match heads.as_slice() {
                [head] => {
                    left.remove(*head);
                    removed.insert(*head);
                }
                [] => {
                    let possible = usize::try_from(step).unwrap_or(usize::MAX);
                    return Err(TargetError::TooFar { given: target.given().to_owned(), possible });
                }
                several => return Err(ambiguous(target, self.texts(several))),
            }
        }
        Ok(removed)
    }

    fn lineage_of(&self, target: &Target) -> Result<Option<NodeSet>> {
        match &target.branch {
            Some(name) => Ok(Some(self.lineage(self.lookup(name)?))),
            None => Ok(None),
        }
    }

    fn heads_in(&self, lineage: Option<&NodeSet>) -> Vec<usize> {
        self.heads().into_iter().filter(|head| lineage.is_none_or(|set| set.contains(*head))).collect()
    }

    fn current_in(&self, lineage: Option<&NodeSet>, applied: &NodeSet) -> Vec<usize> {
        match lineage {
            Some(lineage) => self.heads_of(&applied.clone().and(lineage)),
            None => self.heads_of(applied),
        }
    }

    /// Walks up along children or down along parents; `None` is base.
    fn walk(&self, from: Option<usize>, target: &Target, within: Option<&NodeSet>) -> Result<Option<usize>> {
        let mut at = from;
        let steps = usize::try_from(target.offset.unsigned_abs()).unwrap_or(usize::MAX);
        for done in 0..steps {
            let candidates = match at {
                _ if target.offset > 0 => at.map_or_else(|| self.bases(), |node| self.children(node).to_vec()),
                Some(node) => self.parents(node).to_vec(),
                None => return Err(TargetError::TooFar { given: target.given().to_owned(), possible: done }),
            };
            let inside: Vec<usize> = candidates.into_iter().filter(|n| within.is_none_or(|s| s.contains(*n))).collect();
            at = match inside.as_slice() {
                [one] => Some(*one),
                [] if target.offset < 0 => None,
                [] => return Err(TargetError::TooFar { given: target.given().to_owned(), possible: done }),
                several => return Err(ambiguous(target, self.texts(several))),
            };
        }
        Ok(at)
    }

    /// Returns the ids of nodes as texts.
    pub fn texts(&self, nodes: &[usize]) -> Vec<String> {
        nodes.iter().map(|node| self.id(*node).to_owned()).collect()
    }
}

fn ambiguous(target: &Target, choices: Vec<String>) -> TargetError {
    TargetError::AmbiguousWalk { given: target.given().to_owned(), choices }
}
