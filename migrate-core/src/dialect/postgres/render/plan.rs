//! What is made after what.

use std::collections::{BTreeMap, BTreeSet};

use super::path::Sql;
use crate::schema::{ObjectName, OtherId, References, RoutineId, Schema, UserTypeKind};

/// Kinds of nodes, in the order in which they are made where nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Namespace,
    /// An object of which only the text is known, that others may need unseen: an extension, a collation.
    Early(u8),
    Type,
    Sequence,
    Routine,
    /// An operator, a class, a cast: it needs routines, and indexes need it.
    Middle(u8),
    Table,
    Default,
    Constraint,
    Index,
    ForeignKey,
    Partition,
    TableSetting,
    View,
    Trigger,
    /// A rule, a policy, a publication.
    Late(u8),
}

/// An object or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    kind: Kind,
    name: ObjectName,
    part: String,
}

impl Node {
    pub(super) fn new(kind: Kind, name: &ObjectName) -> Self {
        Self::part(kind, name, "")
    }

    /// Returns a part of an object: a constraint of a table.
    pub(super) fn part(kind: Kind, name: &ObjectName, part: &str) -> Self {
        Self { kind, name: name.clone(), part: part.to_owned() }
    }

    pub(super) fn namespace(name: &str) -> Self {
        Self::new(Kind::Namespace, &ObjectName::new("", name))
    }

    pub(super) fn routine(id: &RoutineId) -> Self {
        Self::part(Kind::Routine, &id.name, &id.arguments)
    }

    pub(super) fn other(kind: Kind, id: &OtherId) -> Self {
        let parent = id.parent.as_ref().map(ToString::to_string).unwrap_or_default();
        Self::part(kind, &id.name, &format!("{:?} {parent}", id.kind))
    }
}

/// Nodes with what they need and what makes them.
pub(super) struct Plan<'s> {
    pub(super) schema: &'s Schema,
    steps: BTreeMap<Node, Step>,
    /// Parts that went into another node's statement.
    absorbed: BTreeMap<Node, Node>,
}

#[derive(Default)]
struct Step {
    needs: BTreeSet<Node>,
    statements: Vec<Sql>,
}

impl<'s> Plan<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema, steps: BTreeMap::new(), absorbed: BTreeMap::new() }
    }

    /// Adds a node with what it needs and its statements; to one that is there, more of both.
    pub(super) fn add(
        &mut self,
        node: Node,
        needs: impl IntoIterator<Item = Node>,
        statements: impl IntoIterator<Item = Sql>,
    ) {
        let needs = needs.into_iter().chain([Node::namespace(&node.name.schema)]).filter(|need| *need != node);
        let needs: Vec<Node> = needs.collect();
        let step = self.steps.entry(node).or_default();
        step.needs.extend(needs);
        step.statements.extend(statements);
    }

    /// Gives a node what a part needs, unless that needs the node; returns whether the part can be made with it.
    pub(super) fn absorb(&mut self, node: &Node, part: &Node, needs: &BTreeSet<Node>) -> bool {
        let others: BTreeSet<Node> =
            needs.iter().map(|need| self.made_by(need).clone()).filter(|n| n != node).collect();
        if others.iter().any(|need| self.reaches(need, node)) {
            return false;
        }
        self.absorbed.insert(part.clone(), node.clone());
        self.steps.entry(node.clone()).or_default().needs.extend(others);
        true
    }

    fn made_by<'n>(&'n self, node: &'n Node) -> &'n Node {
        self.absorbed.get(node).unwrap_or(node)
    }

    /// Returns whether a node needs another, directly or not.
    fn reaches(&self, from: &Node, to: &Node) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.made_by(from)];
        while let Some(node) = open.pop() {
            if node == to {
                return true;
            }
            if seen.insert(node) {
                open.extend(self.steps.get(node).into_iter().flat_map(|step| &step.needs).map(|n| self.made_by(n)));
            }
        }
        false
    }

    /// Returns the nodes that references need.
    pub(super) fn needs(&self, references: &References) -> BTreeSet<Node> {
        let mut needs = BTreeSet::new();
        for (relation, _) in &references.relations {
            needs.extend(self.relation(relation));
        }
        for ty in &references.types {
            needs.extend(self.data_type(ty));
        }
        for routine in &references.routines {
            let overloads = self.schema.routines.keys().filter(|id| id.name == *routine);
            needs.extend(overloads.map(Node::routine));
        }
        for sequence in references.sequences.iter().filter(|name| self.schema.sequences.contains_key(*name)) {
            needs.insert(self.sequence(sequence));
        }
        needs
    }

    /// Returns what makes a sequence: that of an identity comes with its table.
    fn sequence(&self, name: &ObjectName) -> Node {
        let owner = self.schema.sequences.get(name).and_then(|sequence| sequence.owner.as_ref());
        match owner.filter(|owner| owner.identity) {
            Some(owner) => Node::new(Kind::Table, &owner.table),
            None => Node::new(Kind::Sequence, name),
        }
    }

    /// Returns what makes a table, a view or a sequence.
    pub(super) fn relation(&self, name: &ObjectName) -> Option<Node> {
        if self.schema.tables.contains_key(name) {
            return Some(Node::new(Kind::Table, name));
        }
        if self.schema.views.contains_key(name) {
            return Some(Node::new(Kind::View, name));
        }
        if self.schema.sequences.contains_key(name) {
            return Some(self.sequence(name));
        }
        self.schema.types.contains_key(name).then(|| Node::new(Kind::Type, name))
    }

    /// Returns what makes a type: the row type of a table comes with that, a multirange with its range.
    pub(super) fn data_type(&self, name: &ObjectName) -> Option<Node> {
        let range = || {
            let mut types = self.schema.types.iter().filter(|(range, _)| range.schema == name.schema);
            types.find(
                |(_, found)| matches!(&found.kind, UserTypeKind::Range { multirange, .. } if *multirange == name.name),
            )
        };
        self.relation(name).or_else(|| range().map(|(range, _)| Node::new(Kind::Type, range)))
    }

    /// Returns the statements in order.
    ///
    /// What needs each other in a circle is made in the order of kinds and names: no such schema comes from a server.
    pub(super) fn ordered(mut self) -> Vec<Sql> {
        let mut statements = Vec::new();
        let absorbed = std::mem::take(&mut self.absorbed);
        let made_by = |node: &Node| absorbed.get(node).unwrap_or(node).clone();
        let known: BTreeSet<Node> = self.steps.keys().cloned().collect();
        let mut waiting: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        let mut needed_by: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (node, step) in &self.steps {
            let needs: BTreeSet<Node> =
                step.needs.iter().map(made_by).filter(|need| need != node && known.contains(need)).collect();
            for need in &needs {
                needed_by.entry(need.clone()).or_default().push(node.clone());
            }
            waiting.insert(node.clone(), needs);
        }
        let mut ready: BTreeSet<Node> =
            waiting.iter().filter(|(_, needs)| needs.is_empty()).map(|(node, _)| node.clone()).collect();
        while !waiting.is_empty() {
            let next = ready.pop_first().or_else(|| waiting.keys().next().cloned());
            let Some(node) = next.filter(|node| waiting.remove(node).is_some()) else { continue };
            for user in needed_by.get(&node).into_iter().flatten() {
                if let Some(needs) = waiting.get_mut(user) {
                    needs.remove(&node);
                    if needs.is_empty() {
                        ready.insert(user.clone());
                    }
                }
            }
            statements.extend(self.steps.remove(&node).into_iter().flat_map(|step| step.statements));
        }
        statements
    }
}
