//! Plans on the graphs on which Alembic's own tests stand, for a version table with a row for each applied revision.
//!
//! A case says where the database is by its heads, and what it expects by the steps and the heads after them, which are
//! the rows that Alembic would have.

use migrate_core::plan::{self, Applied, Direction, Purge};
use migrate_core::revision::{Graph, Node, RevisionId, Target};

/// Reads `a -> b(label) -> c ~ x, b c -> d`: edges from parents to children, labels, and dependencies after `~`.
fn graph(text: &str) -> Graph {
    let mut nodes: Vec<Node> = Vec::new();
    for line in text.split(',') {
        let mut parents: Vec<RevisionId> = Vec::new();
        for stage in line.split("->") {
            let (words, dependencies) = stage.split_once('~').unwrap_or((stage, ""));
            let mut ids = Vec::new();
            for word in words.split_whitespace() {
                let (id, label) = word.trim_end_matches(')').split_once('(').unwrap_or((word, ""));
                let id = RevisionId::parse(id).unwrap();
                let at = nodes.iter().position(|node| node.id == id).unwrap_or_else(|| {
                    nodes.push(Node::new(id.clone()));
                    nodes.len() - 1
                });
                let node = &mut nodes[at];
                node.parents.extend(parents.iter().filter(|p| !node.parents.contains(p)).cloned().collect::<Vec<_>>());
                node.depends_on.extend(dependencies.split_whitespace().map(str::to_owned));
                node.labels.extend((!label.is_empty()).then(|| label.to_owned()));
                ids.push(id);
            }
            parents = ids;
        }
    }
    Graph::new(nodes).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

fn applied(graph: &Graph, nodes: impl IntoIterator<Item = usize>) -> Applied {
    Applied::assumed(nodes.into_iter().map(|node| graph.id(node)).collect::<Vec<_>>())
}

/// Returns the steps and the heads after them, `b c => c`, or the error.
fn outcome(graph: &Graph, before: &str, command: &str) -> Result<String, String> {
    let heads = before.split_whitespace().map(|id| graph.find(id).unwrap_or_else(|| panic!("{id}")));
    let mut set = graph.with_ancestors(heads);
    let rows = applied(graph, set.iter());
    let (word, targets) = command.split_once(' ').unwrap();
    let targets: Vec<Target> = targets.split(' ').map(|text| Target::parse(text).unwrap()).collect();
    let mut steps = Vec::new();
    let plan = match word {
        "upgrade" => plan::upgrade(graph, &rows, &targets),
        "downgrade" => plan::downgrade(graph, &rows, &targets[0]),
        _ => {
            let stamp = plan::stamp(graph, &rows, &targets, Purge::No).map_err(|error| error.to_string())?;
            for node in stamp.insert {
                set.insert(node);
                steps.push(format!("+{}", graph.id(node)));
            }
            for id in stamp.delete {
                set.remove(graph.find(&id).unwrap());
                steps.push(format!("-{id}"));
            }
            Ok(plan::Plan::default())
        }
    };
    for step in plan.map_err(|error| error.to_string())?.steps {
        match step.direction {
            Direction::Upgrade => assert!(set.insert(step.node)),
            Direction::Downgrade => set.remove(step.node),
        }
        steps.push(graph.id(step.node).to_owned());
    }
    let rows = applied(graph, set.iter());
    let heads: Vec<&str> = rows.heads(graph).iter().map(|row| row.revision.as_str()).collect();
    Ok(format!("{} => {}", steps.join(" "), heads.join(" ")))
}

#[track_caller]
fn check(text: &str, cases: &[(&str, &str, &str)]) {
    let graph = graph(text);
    for (before, command, expect) in cases {
        let found = outcome(&graph, before, command);
        let is_it = match (&found, expect.strip_prefix("! ")) {
            (Err(found), Some(expect)) => found.contains(expect),
            (Ok(found), None) => found.trim() == *expect,
            _ => false,
        };
        assert!(is_it, "{text}\n{{{before}}} {command}\n found  {found:?}\n expect {expect}");
    }
}

#[test]
fn a_line() {
    // Absolute and relative targets count along the line; what is reached already is no step.
    check(
        "a -> b -> c -> d -> e",
        &[
            ("c", "upgrade e", "d e => e"),
            ("", "upgrade c", "a b c => c"),
            ("b", "upgrade +3", "c d e => e"),
            ("a", "upgrade b+2", "b c d => d"),
            ("a", "upgrade d-2", "b => b"),
            ("", "upgrade base+1", "a => a"),
            ("c", "upgrade c", "=> c"),
            ("c", "upgrade a", "=> c"),
            ("a", "upgrade -2", "! it goes down"),
            ("c", "upgrade +5", "! goes too far: there are 2 steps"),
            ("e", "downgrade c", "e d => c"),
            ("e", "downgrade -1", "e => d"),
            ("d", "downgrade -3", "d c b => a"),
            ("d", "downgrade a+2", "d => c"),
            ("d", "downgrade c-2", "d c b => a"),
            ("c", "downgrade -5", "! goes too far: there are 3 steps"),
            ("c", "downgrade +2", "! it goes up"),
            ("a", "downgrade -1", "a =>"),
            ("", "downgrade -1", "! there is nothing in that direction"),
            ("", "downgrade base", "=>"),
            ("c", "downgrade c", "=> c"),
            ("c", "downgrade d", "! d is not applied"),
            ("", "downgrade b", "! b is not applied"),
            ("d", "stamp base", "-d -c -b -a =>"),
        ],
    );
}

#[test]
fn branches() {
    // A branch goes up and down by itself, by its label or by an id on it; without a name several ways are an error.
    check(
        "a -> b -> c1(one) -> d1, b -> c2(two) -> d2",
        &[
            ("b", "upgrade d1", "c1 d1 => d1"),
            ("a", "upgrade d1 d2", "b c1 c2 d1 d2 => d1 d2"),
            ("c1", "upgrade two@+1", "c2 => c1 c2"),
            ("c1 c2", "upgrade two@+1", "d2 => c1 d2"),
            ("c1 c2", "upgrade +1", "! could lead to each of c1, c2"),
            ("", "upgrade +1", "a => a"),
            ("b", "upgrade two@head-1", "c2 => c2"),
            ("b", "upgrade heads", "c1 c2 d1 d2 => d1 d2"),
            ("d1 d2", "downgrade a", "d2 d1 c2 c1 b => a"),
            ("d1 d2", "downgrade base+2", "d2 d1 c2 c1 => b"),
            ("d1 d2", "downgrade two@base+2", "d2 c2 => d1"),
            ("d1 d2", "downgrade two@base+3", "d2 => c2 d1"),
            ("d1 d2", "downgrade -1", "! could lead to each of d1, d2"),
            ("d1 d2", "downgrade one@-1", "d1 => c1 d2"),
            ("d1 d2", "downgrade one@-2", "d1 c1 => d2"),
            ("d1 d2", "downgrade d2-1", "d2 => c2 d1"),
            ("d2 d1", "downgrade c2", "d2 => c2 d1"),
            ("d1 d2", "downgrade one@b", "d1 c1 => d2"),
            ("d1 d2", "downgrade two@b", "d2 c2 => d1"),
            ("d1 d2", "downgrade c2@b", "d2 c2 => d1"),
            ("d1 d2", "downgrade d1@b", "d1 c1 => d2"),
            ("d1 d2", "downgrade one@head-1", "d1 => c1 d2"),
            ("d1 d2", "downgrade one@base", "d1 c1 => d2"),
            ("d1 c2", "downgrade c2", "=> c2 d1"),
            ("d1 c2", "downgrade d1", "=> c2 d1"),
            ("d1 c2", "stamp b", "-d1 -c2 -c1 => b"),
            ("d1 c2", "stamp d1 d2", "+d2 => d1 d2"),
        ],
    );
}

#[test]
fn labels_and_ids_scope_targets() {
    // What stands before the `@` is a label or an id, whole or begun, and narrows what stands behind it.
    check(
        "a -> b1 -> c1, a -> b2(somelongername) -> c2",
        &[
            ("a", "upgrade somelongername@head", "b2 c2 => c2"),
            ("a", "upgrade c1@head", "b1 c1 => c1"),
            ("a", "upgrade b1@heads", "b1 c1 => c1"),
            ("a", "upgrade somelongername", "b2 => b2"),
            ("a", "upgrade c2@b2", "b2 => b2"),
            ("a", "upgrade c2@b1", "! b1 is not on the branch"),
            ("a", "upgrade x@head", "! no revision or branch label is called `x`"),
            ("a", "upgrade b", "! several revisions begin with `b`: b1, b2"),
        ],
    );
}

#[test]
fn merges() {
    // A merge needs both of its parents; below it each branch is one again.
    check(
        "a -> b -> c1(one) -> d1, b -> c2(two) -> d2, d1 d2 -> e -> f",
        &[
            ("b", "upgrade f", "c1 c2 d1 d2 e f => f"),
            ("f", "downgrade b", "f e d2 d1 c2 c1 => b"),
            ("f", "downgrade -2", "f e => d1 d2"),
            ("f", "downgrade -3", "! could lead to each of d1, d2"),
            ("f", "downgrade c1", "f e d1 => c1 d2"),
            ("e", "downgrade one@-1", "e => d1 d2"),
            ("e", "stamp c2", "-e -d2 -d1 -c1 => c2"),
            ("e", "stamp a", "-e -d2 -d1 -c2 -c1 -b => a"),
            ("c2", "stamp e", "+c1 +d1 +d2 +e => e"),
            ("d1 c2", "stamp e", "+d2 +e => e"),
            ("d1 c2", "stamp two@head", "+d2 +e +f => f"),
            ("b", "stamp e", "+c1 +c2 +d1 +d2 +e => e"),
        ],
    );
}

#[test]
fn a_branch_off_a_merged_parent() {
    // `c2` is merged and goes on by itself as well.
    check(
        "a1 -> b1 -> c1, a2 -> b2 -> c2, c1 c2 -> d1, c2 -> d2",
        &[
            ("d2 b1", "upgrade d1", "c1 d1 => d1 d2"),
            ("d1 d2", "downgrade b1", "d1 c1 => b1 d2"),
            ("d1", "upgrade d2", "d2 => d1 d2"),
            ("d1 d2", "downgrade d1", "=> d1 d2"),
            ("d1 d2", "downgrade c2", "d2 d1 => c1 c2"),
        ],
    );
    check(
        "a1 -> b1, a2 -> b2, a3 -> b3, b1 b2 b3 -> c1, b1 b2 b3 -> c2",
        &[
            ("b1 b2 b3", "upgrade c1", "c1 => c1"),
            ("c1", "upgrade c2", "c2 => c1 c2"),
            ("c1 c2", "downgrade c1@b1", "c1 => c2"),
            ("c1 c2", "downgrade b1", "c2 c1 => b1 b2 b3"),
        ],
    );
}

#[test]
fn roots() {
    // Trees that have nothing in common are one project all the same.
    check(
        "a1 -> b1, a2 -> b2",
        &[
            ("", "upgrade heads", "a1 a2 b1 b2 => b1 b2"),
            ("", "upgrade head", "! there are several: b1, b2"),
            ("", "stamp heads", "+a1 +a2 +b1 +b2 => b1 b2"),
            ("b1 b2", "stamp heads", "=> b1 b2"),
            ("b1 b2", "downgrade a1", "b1 => a1 b2"),
            ("b1 b2", "downgrade b2@base", "b2 a2 => b1"),
            ("b1 b2", "downgrade base", "b2 b1 a2 a1 =>"),
        ],
    );
}

#[test]
fn dependencies() {
    // A dependency comes before and stays behind; what needs a revision goes before it.
    check(
        "a1 -> b1 -> c1 -> d1, a2 -> b2(two) -> c2 ~ c1",
        &[
            ("a2", "upgrade c2", "a1 b1 b2 c1 c2 => c2"),
            ("d1 c2", "downgrade c1", "d1 => c2"),
            ("d1 c2", "stamp b1", "-d1 -c2 -c1 -b2 -a2 => b1"),
            ("d1 c2", "downgrade two@base", "c2 b2 a2 => d1"),
            ("d1 c2", "downgrade b1", "d1 c2 c1 => b1 b2"),
            ("d1 c2", "downgrade two@-1", "c2 => b2 d1"),
        ],
    );
    check(
        "a1, a2, a3, a1 a2 a3 -> am, b1, b2, b1 b2 -> bm, c1, c2, c1 c2 -> cm, d1 ~ a3 b2 c1",
        &[
            ("", "upgrade d1", "a3 b2 c1 d1 => d1"),
            ("am bm cm d1", "downgrade b2", "bm => am b1 cm d1"),
            ("am b1 cm d1", "downgrade d1@base", "d1 => am b1 b2 cm"),
            ("am bm cm d1", "downgrade b2@base", "d1 bm b2 => am b1 cm"),
        ],
    );
    check(
        "a1 -> a2 ~ b1 -> a3, b1 -> b2 ~ a3",
        &[("b2", "downgrade b1", "b2 => a3"), ("b1", "upgrade b2", "a1 a2 a3 b2 => b2")],
    );
    check("a -> b ~ a", &[("", "upgrade b", "a b => b"), ("b", "downgrade a", "b => a")]);
    check(
        "a, b ~ a, a b -> m",
        &[("b", "upgrade m", "m => m"), ("m", "downgrade b", "m => b"), ("m", "downgrade -1", "m => b")],
    );
    check(
        "x1(lib) -> x2, a -> b ~ lib",
        &[("a", "upgrade b", "x1 b => b"), ("b x2", "downgrade x1@base", "x2 b x1 => a")],
    );
}
