//! The revision graph: parents, dependencies, labels, and which revision comes after which.

use std::collections::BTreeMap;

use super::{Node, RevisionId, order};
use crate::diagnostic::{Diagnostic, Location};
use crate::suggest;

/// Revisions with their edges, checked: every edge has both ends and there is no cycle.
///
/// Nodes are numbered in the order in which `upgrade` from nothing runs them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    by_id: BTreeMap<RevisionId, usize>,
    by_label: BTreeMap<String, usize>,
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    dependencies: Vec<Vec<usize>>,
    dependents: Vec<Vec<usize>>,
}

/// A set of nodes of one graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSet(Vec<bool>);

impl NodeSet {
    /// Returns whether a node is in the set.
    pub fn contains(&self, node: usize) -> bool {
        self.0[node]
    }

    /// Adds a node; `false` if it was there.
    pub fn insert(&mut self, node: usize) -> bool {
        !std::mem::replace(&mut self.0[node], true)
    }

    /// Removes a node.
    pub fn remove(&mut self, node: usize) {
        self.0[node] = false;
    }

    /// Returns the nodes in the graph's order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, member)| **member).map(|(node, _)| node)
    }

    /// Returns whether the set has no node.
    pub fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// Keeps the nodes that another set has too.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= *b);
        self
    }

    /// Removes the nodes that another set has.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !*b);
        self
    }
}

impl Graph {
    /// Connects revisions.
    ///
    /// # Errors
    ///
    /// Ids and labels that are given twice, edges to what does not exist, and cycles, each where the header says so.
    pub fn new(nodes: Vec<Node>) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut by_id = BTreeMap::new();
        for (n, node) in nodes.iter().enumerate() {
            if let Some(first) = by_id.insert(node.id.clone(), n) {
                problems.push(twice(&nodes[first], node));
            }
        }
        let by_label = labels(&nodes, &by_id, &mut problems);
        let mut edges = Edges { nodes: &nodes, by_id: &by_id, by_label: &by_label, problems: &mut problems };
        let parents: Vec<_> = (0..nodes.len()).map(|n| edges.parents(n)).collect();
        let dependencies: Vec<_> = (0..nodes.len()).map(|n| edges.dependencies(n)).collect();
        let needs: Vec<_> = parents.iter().zip(&dependencies).map(|(p, d)| [p.clone(), d.clone()].concat()).collect();
        match order::sort(&nodes, &needs) {
            Ok(order) if problems.is_empty() => Ok(Self::sorted(nodes, &order, &parents, &dependencies, &by_label)),
            Ok(_) => Err(problems),
            Err(left) => {
                problems.push(cycle(&nodes, &parents, &needs, &left));
                Err(problems)
            }
        }
    }

    fn sorted(
        nodes: Vec<Node>,
        order: &[usize],
        parents: &[Vec<usize>],
        dependencies: &[Vec<usize>],
        labels: &BTreeMap<String, usize>,
    ) -> Self {
        let mut place = vec![0; nodes.len()];
        for (at, n) in order.iter().enumerate() {
            place[*n] = at;
        }
        let moved = |lists: &[Vec<usize>]| -> Vec<Vec<usize>> {
            order.iter().map(|n| lists[*n].iter().map(|m| place[*m]).collect()).collect()
        };
        let (parents, dependencies) = (moved(parents), moved(dependencies));
        let mut slots: Vec<_> = nodes.into_iter().map(Some).collect();
        let nodes: Vec<Node> = order.iter().filter_map(|n| slots[*n].take()).collect();
        Self {
            by_id: nodes.iter().enumerate().map(|(n, node)| (node.id.clone(), n)).collect(),
            by_label: labels.iter().map(|(label, n)| (label.clone(), place[*n])).collect(),
            children: reversed(&parents),
            dependents: reversed(&dependencies),
            parents,
            dependencies,
            nodes,
        }
    }

    /// Returns the nodes in the order in which they run.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns a node.
    pub fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// Returns a node's id as text.
    pub fn id(&self, node: usize) -> &str {
        self.nodes[node].id.as_str()
    }

    /// Returns the number of the revision with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Returns the number of the revision that carries this label.
    pub fn find_label(&self, label: &str) -> Option<usize> {
        self.by_label.get(label).copied()
    }

    /// Returns every id and label.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(RevisionId::as_str).chain(self.by_label.keys().map(String::as_str))
    }

    /// Returns the ids that begin with a text, in alphabetical order.
    pub fn starting_with<'g>(&'g self, prefix: &'g str) -> impl Iterator<Item = usize> + 'g {
        let from = self.by_id.range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded));
        from.take_while(move |(id, _)| id.as_str().starts_with(prefix)).map(|(_, n)| *n)
    }

    /// Returns the revisions that a node revises.
    pub fn parents(&self, node: usize) -> &[usize] {
        &self.parents[node]
    }

    /// Returns the revisions that revise a node.
    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }

    /// Returns what a node depends on without revising it.
    pub fn dependencies(&self, node: usize) -> &[usize] {
        &self.dependencies[node]
    }

    /// Returns what depends on a node without revising it.
    pub fn dependents(&self, node: usize) -> &[usize] {
        &self.dependents[node]
    }

    /// Returns the nodes that nothing revises.
    pub fn heads(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|n| self.children[*n].is_empty()).collect()
    }

    /// Returns the nodes that revise nothing.
    pub fn bases(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|n| self.parents[*n].is_empty()).collect()
    }

    /// Returns the members of a set that no other member revises or depends on.
    pub fn heads_of(&self, set: &NodeSet) -> Vec<usize> {
        let above = |n: usize| self.children[n].iter().chain(&self.dependents[n]);
        set.iter().filter(|n| !above(*n).any(|m| set.contains(*m))).collect()
    }

    /// Returns an empty set.
    pub fn no_nodes(&self) -> NodeSet {
        NodeSet(vec![false; self.nodes.len()])
    }

    /// Returns the set of these nodes.
    pub fn set(&self, nodes: impl IntoIterator<Item = usize>) -> NodeSet {
        let mut set = self.no_nodes();
        for node in nodes {
            set.insert(node);
        }
        set
    }

    /// Returns the nodes and everything that must be applied before them.
    pub fn with_ancestors(&self, nodes: impl IntoIterator<Item = usize>) -> NodeSet {
        self.closure(nodes, |n| [&self.parents[n], &self.dependencies[n]])
    }

    /// Returns the nodes and everything that must be gone before they can go.
    pub fn with_descendants(&self, nodes: impl IntoIterator<Item = usize>) -> NodeSet {
        self.closure(nodes, |n| [&self.children[n], &self.dependents[n]])
    }

    /// Returns the nodes that share a line of parents with one: its ancestors, itself, its descendants.
    pub fn lineage(&self, node: usize) -> NodeSet {
        let none: &Vec<usize> = const { &Vec::new() };
        let down = self.closure([node], |n| [&self.parents[n], none]);
        let up = self.closure([node], |n| [&self.children[n], none]);
        self.set(down.iter().chain(up.iter()))
    }

    /// Returns the nodes of a branch alone: the node, its descendants, and its ancestors above the branch point or
    /// merge point that the branch begins at.
    pub fn branch(&self, node: usize) -> NodeSet {
        let none: &Vec<usize> = const { &Vec::new() };
        let mut members = self.closure([node], |n| [&self.children[n], none]);
        let mut at = node;
        while let [parent] = self.parents[at][..] {
            if self.children[parent].len() > 1 || self.parents[parent].len() > 1 {
                break;
            }
            members.insert(parent);
            at = parent;
        }
        members
    }

    fn closure<'g>(
        &'g self,
        nodes: impl IntoIterator<Item = usize>,
        next: impl Fn(usize) -> [&'g Vec<usize>; 2],
    ) -> NodeSet {
        let mut set = self.no_nodes();
        let mut open: Vec<usize> = nodes.into_iter().collect();
        while let Some(node) = open.pop() {
            if set.insert(node) {
                open.extend(next(node).into_iter().flatten());
            }
        }
        set
    }
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (n, list) in edges.iter().enumerate() {
        for m in list {
            reversed[*m].push(n);
        }
    }
    reversed
}

/// Reads the edges of the nodes, and what is wrong with them.
struct Edges<'g> {
    nodes: &'g [Node],
    by_id: &'g BTreeMap<RevisionId, usize>,
    by_label: &'g BTreeMap<String, usize>,
    problems: &'g mut Vec<Diagnostic>,
}

impl Edges<'_> {
    fn parents(&mut self, n: usize) -> Vec<usize> {
        let node = &self.nodes[n];
        let mut found = Vec::new();
        for parent in &node.parents {
            match self.by_id.get(parent).copied() {
                None => self.unknown(node, node.parents_origin.as_ref(), parent.as_str(), "revises"),
                Some(m) if m == n => self.itself(node, node.parents_origin.as_ref(), "revises"),
                Some(m) if found.contains(&m) => {}
                Some(m) => found.push(m),
            }
        }
        found
    }

    fn dependencies(&mut self, n: usize) -> Vec<usize> {
        let node = &self.nodes[n];
        let mut found = Vec::new();
        for name in &node.depends_on {
            let target = self.by_id.get(name.as_str()).or_else(|| self.by_label.get(name)).copied();
            match target {
                None => self.unknown(node, node.depends_origin.as_ref(), name, "depends on"),
                Some(m) if m == n => self.itself(node, node.depends_origin.as_ref(), "depends on"),
                // What is a parent already need not be waited for twice.
                Some(m) if found.contains(&m) || node.parents.contains(&self.nodes[m].id) => {}
                Some(m) => found.push(m),
            }
        }
        found
    }

    fn unknown(&mut self, node: &Node, origin: Option<&Location>, name: &str, verb: &str) {
        let known = self.by_id.keys().map(RevisionId::as_str);
        let near = suggest::near(name, known).first().map(|near| format!("did you mean `{near}`?"));
        let prefixes: Vec<_> = self.by_id.keys().filter(|id| id.as_str().starts_with(name)).collect();
        let help = match (prefixes.as_slice(), self.by_label.get(name)) {
            ([one], _) => format!("write the whole id, {one}"),
            (_, Some(labelled)) => {
                format!("`{name}` is a branch label; write the id of a revision, {}", self.nodes[*labelled].id)
            }
            _ => near.unwrap_or_else(|| {
                "is its file missing, or in a folder that `version_locations` does not list?".into()
            }),
        };
        self.problems.push(
            Diagnostic::new(
                "unknown-revision",
                at(node, origin),
                format!("{} {verb} {name}, which no file has", node.id),
            )
            .help(help)
            .length(name.chars().count()),
        );
    }

    fn itself(&mut self, node: &Node, origin: Option<&Location>, verb: &str) {
        self.problems.push(
            Diagnostic::new("cycle", at(node, origin), format!("{} {verb} itself", node.id))
                .help("name a revision that comes before it, or none")
                .length(node.id.as_str().chars().count()),
        );
    }
}

fn at(node: &Node, origin: Option<&Location>) -> Location {
    origin.or(node.origin.as_ref()).cloned().unwrap_or_else(|| Location::file("the embedded revisions"))
}

fn twice(first: &Node, second: &Node) -> Diagnostic {
    let elsewhere = first.origin.as_ref().map_or(String::new(), |origin| format!(" (also in {})", origin.file));
    Diagnostic::new(
        "revision-twice",
        at(second, None),
        format!("two files have the revision id {}{elsewhere}", second.id),
    )
    .help("give one of them an id of its own, or remove the copy")
    .length(second.id.as_str().chars().count())
}

fn labels(
    nodes: &[Node],
    by_id: &BTreeMap<RevisionId, usize>,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<String, usize> {
    let mut by_label: BTreeMap<String, usize> = BTreeMap::new();
    for (n, node) in nodes.iter().enumerate() {
        for label in &node.labels {
            let taken = by_label.insert(label.clone(), n).map(|m| format!("the branch label of {}", nodes[m].id));
            let taken = taken.or_else(|| by_id.get(label.as_str()).map(|_| "the id of a revision".to_owned()));
            if let Some(taken) = taken {
                let message = format!("the branch label `{label}` of {} is already {taken}", node.id);
                problems.push(
                    Diagnostic::new("label-twice", at(node, node.labels_origin.as_ref()), message)
                        .help("choose another label"),
                );
            }
        }
    }
    by_label
}

/// Finds one cycle among what could not be sorted.
fn cycle(nodes: &[Node], parents: &[Vec<usize>], needs: &[Vec<usize>], left: &[usize]) -> Diagnostic {
    let mut path = vec![left[0]];
    let start = loop {
        let last = path[path.len() - 1];
        // Every node that is left waits for another that is left.
        let next = needs[last].iter().copied().find(|n| left.contains(n)).unwrap_or(last);
        if let Some(at) = path.iter().position(|n| *n == next) {
            break at;
        }
        path.push(next);
    };
    let mut round: Vec<usize> = path[start..].to_vec();
    let first = (0..round.len()).min_by_key(|n| &nodes[round[*n]].id).unwrap_or(0);
    round.rotate_left(first);
    round.push(round[0]);
    let revises = |pair: &[usize]| parents[pair[0]].contains(&pair[1]);
    let edges: Vec<_> = round
        .windows(2)
        .map(|pair| {
            let verb = if revises(pair) { "revises" } else { "depends on" };
            format!("{} {verb} {}", nodes[pair[0]].id, nodes[pair[1]].id)
        })
        .collect();
    let node = &nodes[round[0]];
    let origin = if revises(&round) { &node.parents_origin } else { &node.depends_origin };
    Diagnostic::new("cycle", at(node, origin.as_ref()), format!("revisions form a cycle: {}", edges.join(", ")))
        .help("one of these must name an earlier revision")
}
