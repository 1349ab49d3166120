//! What to do: the graph, what is applied and a target give a plan. Pure; the runtime executes it.

mod applied;
mod downgrade;
mod stamp;
mod upgrade;

pub use applied::{Applied, Row, State};
pub use downgrade::downgrade;
pub use stamp::{Purge, Stamp, stamp};
pub use upgrade::upgrade;

/// The way of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The revision's upgrade section runs.
    Upgrade,
    /// The revision's downgrade section runs.
    Downgrade,
}

impl Direction {
    /// Returns `upgrade` or `downgrade`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }
}

/// One revision to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the graph.
    pub node: usize,
    /// Its way.
    pub direction: Direction,
    /// The statements that an earlier run has done, where the revision was left in the middle.
    pub resume: Option<usize>,
}

/// The revisions to run, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::{Graph, Node, RevisionId, Target};

    /// Reads `a -> b -> c, a -> d(x) ~ c`: edges from parent to child, a label in parentheses, dependencies after `~`.
    fn graph(text: &str) -> Graph {
        let mut nodes: Vec<Node> = Vec::new();
        for part in text.split(',') {
            let mut parents: Vec<String> = Vec::new();
            for stage in part.split("->") {
                let mut names = Vec::new();
                let (words, depends) = stage.split_once('~').unwrap_or((stage, ""));
                for word in words.split_whitespace() {
                    let (id, label) = word.trim_end_matches(')').split_once('(').unwrap_or((word, ""));
                    let at = nodes.iter().position(|n| n.id.as_str() == id).unwrap_or_else(|| {
                        nodes.push(Node::new(RevisionId::parse(id).unwrap()));
                        nodes.len() - 1
                    });
                    nodes[at].parents.extend(parents.iter().map(|p| RevisionId::parse(p).unwrap()));
                    nodes[at].depends_on.extend(depends.split_whitespace().map(str::to_owned));
                    nodes[at].labels.extend((!label.is_empty()).then(|| label.to_owned()));
                    names.push(id.to_owned());
                }
                parents = names;
            }
        }
        Graph::new(nodes).unwrap_or_else(|e| panic!("{text}: {e:?}"))
    }

    fn row(id: &str, state: State) -> Row {
        Row {
            revision: id.to_owned(),
            checksum: None,
            state,
            statements_done: 1,
            statements_total: 2,
            done_checksum: None,
            message: String::new(),
            applied_at: String::new(),
            duration_ms: 0,
            source: "run".to_owned(),
            revises: Vec::new(),
            tool_version: String::new(),
        }
    }

    /// Reads `a b c>` (upgrading) `d<` (downgrading) `x:a` (revises a).
    fn applied(text: &str) -> Applied {
        let rows = text.split_whitespace().map(|word| {
            let state = match word.as_bytes()[word.len() - 1] {
                b'>' => State::Upgrading,
                b'<' => State::Downgrading,
                _ => State::Applied,
            };
            let (id, revises) = word.trim_end_matches(['<', '>']).split_once(':').unwrap_or((word, ""));
            let mut row = row(id.trim_end_matches(['<', '>']), state);
            row.revises.extend((!revises.is_empty()).then(|| revises.to_owned()));
            row
        });
        Applied::new(rows.collect())
    }

    fn outcome(graph: &Graph, plan: crate::Result<Plan>) -> String {
        match plan {
            Ok(plan) => plan.steps.iter().map(|step| graph.id(step.node)).collect::<Vec<_>>().join(" "),
            Err(error) => format!("! {}", error.to_string().lines().next().unwrap_or_default()),
        }
    }

    #[track_caller]
    fn up(text: &str, rows: &str, targets: &str, expect: &str) {
        let graph = graph(text);
        let targets: Vec<_> = targets.split(' ').map(|t| Target::parse(t).unwrap()).collect();
        let found = outcome(&graph, upgrade(&graph, &applied(rows), &targets));
        assert!(if expect.starts_with('!') { found.contains(&expect[2..]) } else { found == expect }, "{found}");
    }

    #[track_caller]
    fn down(text: &str, rows: &str, target: &str, expect: &str) {
        let graph = graph(text);
        let found = outcome(&graph, downgrade(&graph, &applied(rows), &Target::parse(target).unwrap()));
        assert!(if expect.starts_with('!') { found.contains(&expect[2..]) } else { found == expect }, "{found}");
    }

    const LINE: &str = "a -> b -> c -> d -> e";
    const BRANCHED: &str = "a -> b -> c1(one) -> d1, b -> c2(two) -> d2";
    const MERGED: &str = "a -> b -> c1 -> d1, b -> c2 -> d2, d1 d2 -> e -> f";

    #[test]
    fn up_a_line() {
        up(LINE, "", "head", "a b c d e");
        up(LINE, "a b c", "e", "d e");
        up(LINE, "", "c", "a b c");
        up(LINE, "a", "+2", "b c");
        up(LINE, "", "+1", "a");
        up(LINE, "a b c", "b+2", "d");
        up(LINE, "", "d-2", "a b");
        up(LINE, "", "base+2", "a b");
        up(LINE, "a b c d e", "head", "");
        up(LINE, "a b c", "b", "");
        up(LINE, "a", "-1", "! it goes down");
        up(LINE, "a b c d", "+2", "! `+2` goes too far: there is 1 step in that direction");
        up(LINE, "", "x", "! no revision or branch label is called `x`");
    }

    #[test]
    fn up_branches_and_merges() {
        up(BRANCHED, "a b", "head", "! there are several: d1, d2");
        up(BRANCHED, "a", "heads", "b c1 c2 d1 d2");
        up(BRANCHED, "a b", "one@head", "c1 d1");
        up(BRANCHED, "a b", "two@head-1", "c2");
        up(BRANCHED, "a b c1", "two@+1", "c2");
        up(BRANCHED, "a b c1 c2", "two@+1", "d2");
        up(BRANCHED, "a b c1 c2", "+1", "! could lead to each of c1, c2");
        up(BRANCHED, "a b", "+1", "! could lead to each of c1, c2");
        up(BRANCHED, "", "one@c2", "! c2 is not on the branch `one`");
        up(BRANCHED, "a b", "d1 c2", "c1 c2 d1");
        up(MERGED, "a b", "f", "c1 c2 d1 d2 e f");
        up("a, b -> c ~ a", "", "c", "a b c");
        up("x(lib), a -> b ~ lib", "a", "head", "! there are several");
        up("x(lib), a -> b ~ lib", "a", "b", "x b");
    }

    #[test]
    fn down_a_line() {
        down(LINE, "a b c d e", "c", "e d");
        down(LINE, "a b c d e", "base", "e d c b a");
        down(LINE, "a b c", "-1", "c");
        down(LINE, "a b c", "-3", "c b a");
        down(LINE, "a b c", "-4", "! goes too far: there are 3 steps");
        down(LINE, "a b c d", "a+2", "d");
        down(LINE, "a b c", "b-1", "c b");
        down(LINE, "a b c", "c", "");
        down(LINE, "", "base", "");
        down(LINE, "a b", "c", "! c is not applied");
        down(LINE, "a b", "+1", "! it goes up");
    }

    #[test]
    fn down_branches_and_merges() {
        let all = "a b c1 c2 d1 d2";
        down(BRANCHED, all, "-1", "! could lead to each of d1, d2");
        down(BRANCHED, all, "one@-1", "d1");
        down(BRANCHED, all, "one@-2", "d1 c1");
        down(BRANCHED, all, "b", "d2 d1 c2 c1");
        down(BRANCHED, all, "c1", "d1");
        down(BRANCHED, all, "one@b", "d1 c1");
        down(BRANCHED, all, "d1@b", "d1 c1");
        down(BRANCHED, all, "one@base", "d1 c1");
        down(MERGED, "a b c1 c2 d1 d2 e", "-1", "e");
        down(MERGED, "a b c1 c2 d1 d2 e", "-2", "! could lead to each of d1, d2");
        down(MERGED, "a b c1 c2 d1 d2 e f", "c1", "f e d1");
        down("a -> b, x -> y ~ a", "a b x y", "x", "y");
        down("a -> b, x -> y ~ b", "a b x y", "a", "y b");
        down("a -> b, x -> y ~ a", "a b x y", "b@base", "y b a");
    }

    #[test]
    fn partial_and_unknown_rows() {
        up(LINE, "a b>", "head", "b c d e");
        up(LINE, "a b<", "head", "! revision b is downgrading (partial 1/2)");
        up(BRANCHED, "a b c1>", "d2", "! it must be finished first");
        down(LINE, "a b>", "base", "! its upgrade was begun");
        down(LINE, "a b<", "-1", "b");
        down(LINE, "a b<", "base", "b a");
        up(LINE, "a x:a", "head", "! the database has revisions that no file here has: x, revises a");
        up(LINE, "a b c d e x:e", "head", "");
        down(LINE, "a b x:b", "-1", "! no file here has");
        down(LINE, "a b x:b", "a", "! no file here has");
        down("a -> b, q", "a b q x:q", "a", "b");
    }

    #[test]
    fn stamps() {
        #[track_caller]
        fn check(text: &str, rows: &str, targets: &str, purge: Purge, expect: &str) {
            let graph = graph(text);
            let targets: Vec<_> = targets.split(' ').map(|t| Target::parse(t).unwrap()).collect();
            let found = match stamp(&graph, &applied(rows), &targets, purge) {
                Ok(found) => format!("+{} -{}", graph.texts(&found.insert).join(" "), found.delete.join(" ")),
                Err(error) => format!("! {error}"),
            };
            assert!(if expect.starts_with('!') { found.contains(&expect[2..]) } else { found == expect }, "{found}");
        }
        check(LINE, "", "c", Purge::No, "+a b c -");
        check(LINE, "a b c", "a", Purge::No, "+ -c b");
        check(LINE, "a b c", "base", Purge::No, "+ -c b a");
        check(LINE, "a b>", "b", Purge::No, "+b -");
        check(LINE, "a b c d", "head", Purge::No, "+e -");
        check(BRANCHED, "", "one@head", Purge::No, "+a b c1 d1 -");
        check(BRANCHED, "a b c1", "c2", Purge::No, "+c2 -c1");
        check(BRANCHED, "a b c1", "c1 c2", Purge::No, "+c2 -");
        check(BRANCHED, "", "one@base", Purge::No, "! names no revision");
        check(LINE, "a x", "a", Purge::No, "! no file here has");
        check(LINE, "a x", "a", Purge::Yes, "+ -x");
        check("a, q", "", "heads", Purge::No, "+a q -");
    }

    #[test]
    fn heads_count_revisions_without_a_file() {
        let graph = graph(BRANCHED);
        let heads =
            |rows: &str| applied(rows).heads(&graph).iter().map(|r| r.revision.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(heads("a b c1 c2"), "c1 c2");
        assert_eq!(heads("a b x:b"), "x");
        assert_eq!(heads("a b c1>"), "b c1");
    }
}
