//! Constraints and indexes without a name: which of the migrations' they are.

use std::collections::{BTreeMap, BTreeSet};

use super::name as made_up;
use crate::dialect::Dialect;
use crate::schema::logical::LogicalTable;
use crate::schema::{Constraint, ConstraintKind, ForeignKey, Index, ObjectName, Schema, Table};

/// Gives constraints and indexes without a name of their own the place of those that the migrations make, and names
/// that are free to the others.
pub(super) fn adopt(
    table: &mut Table,
    known: &Table,
    said: &LogicalTable,
    (name, before): (&ObjectName, &Schema),
    dialect: &dyn Dialect,
) -> Unclaimed {
    let compare = Compare { name, before, known, dialect };
    let given = said.constraints.iter().filter_map(|constraint| constraint.name.as_ref()).collect();
    let own = std::mem::take(&mut table.constraints);
    let same = |own: &Constraint, theirs: &Constraint| compare.constraints(table, own, theirs);
    let constraints = Matched::new(own, &known.constraints, &given, same);
    table.constraints = constraints.adopted;
    for (key, mut constraint) in constraints.fresh {
        let key = if given.contains(&key) { key } else { made_up::constraint(&name.name, &constraint, table) };
        constraint.named = true;
        table.constraints.insert(key, constraint);
    }
    let given = said.indexes.iter().filter_map(|index| index.name.as_ref()).collect();
    let own = std::mem::take(&mut table.indexes);
    let same = |own: &Index, theirs: &Index| compare.indexes(table, own, theirs);
    let indexes = Matched::new(own, &known.indexes, &given, same);
    table.indexes = indexes.adopted;
    for (key, index) in indexes.fresh {
        let taken = table.indexes.contains_key(&key) && !given.contains(&key);
        let key = if taken { made_up::index(&name.name, &index, table) } else { key };
        table.indexes.insert(key, index);
    }
    Unclaimed { constraints: constraints.unclaimed, indexes: indexes.unclaimed }
}

/// The constraints and indexes of the migrations that no struct says.
pub(super) struct Unclaimed {
    pub(super) constraints: Vec<String>,
    pub(super) indexes: Vec<String>,
}

/// What is there on both sides, and what on one.
struct Matched<V> {
    /// That of the migrations for each that a struct says too: where it stands and what is said of it no struct says.
    adopted: BTreeMap<String, V>,
    /// What only structs say.
    fresh: Vec<(String, V)>,
    /// What only the migrations make.
    unclaimed: Vec<String>,
}

impl<V: Clone> Matched<V> {
    fn new(
        own: BTreeMap<String, V>,
        known: &BTreeMap<String, V>,
        given: &BTreeSet<&String>,
        same: impl Fn(&V, &V) -> bool,
    ) -> Self {
        let mut free: BTreeMap<&String, &V> = known.iter().collect();
        let mut adopted = BTreeMap::new();
        let mut waiting = Vec::new();
        // Of several alike the one of the same name is the closest.
        for (key, value) in own {
            match free.get(&key).filter(|theirs| same(&value, theirs)) {
                Some(theirs) => {
                    adopted.insert(key.clone(), (*theirs).clone());
                    free.remove(&key);
                }
                None => waiting.push((key, value)),
            }
        }
        let mut fresh = Vec::new();
        for (key, value) in waiting {
            let alike = |(name, theirs): &(&&String, &&V)| !given.contains(**name) && same(&value, theirs);
            let found = free.iter().find(alike).map(|(name, _)| *name).filter(|_| !given.contains(&key));
            match found.and_then(|name| free.remove_entry(name)) {
                Some((name, theirs)) => {
                    adopted.insert(name.clone(), theirs.clone());
                }
                None => fresh.push((key, value)),
            }
        }
        Self { adopted, fresh, unclaimed: free.into_keys().cloned().collect() }
    }
}

/// Compares two definitions of a table.
struct Compare<'c> {
    name: &'c ObjectName,
    before: &'c Schema,
    known: &'c Table,
    dialect: &'c dyn Dialect,
}

impl Compare<'_> {
    fn constraints(&self, table: &Table, own: &Constraint, theirs: &Constraint) -> bool {
        let when = |constraint: &Constraint| (constraint.deferrable, constraint.initially_deferred);
        if when(own) != when(theirs) {
            return false;
        }
        match (&own.kind, &theirs.kind) {
            (ConstraintKind::ForeignKey(own), ConstraintKind::ForeignKey(theirs)) => self.foreign_keys(own, theirs),
            (ConstraintKind::PrimaryKey(one), ConstraintKind::PrimaryKey(other))
            | (ConstraintKind::Unique(one), ConstraintKind::Unique(other)) => {
                // What else a key has no struct says: where its index is and what is said of it.
                one.columns == other.columns
                    && one.include == other.include
                    && one.nulls_not_distinct == other.nulls_not_distinct
                    && one.without_overlaps == other.without_overlaps
            }
            (ConstraintKind::Check { .. }, ConstraintKind::Check { .. })
            | (ConstraintKind::Exclusion { .. }, ConstraintKind::Exclusion { .. }) => {
                own.kind == theirs.kind
                    || self.alike(table, |table, first| {
                        let mut one = if first { own.clone() } else { theirs.clone() };
                        one.named = true;
                        one.position = 0;
                        one.column = None;
                        one.comment = None;
                        table.constraints.insert("c".to_owned(), one);
                    })
            }
            _ => false,
        }
    }

    /// SQLite keeps no columns of a reference that means the primary key.
    fn foreign_keys(&self, own: &ForeignKey, theirs: &ForeignKey) -> bool {
        let columns = |key: &ForeignKey| -> Vec<String> {
            if !key.target_columns.is_empty() {
                return key.target_columns.clone();
            }
            let target = self.before.tables.get(&key.target);
            target.and_then(Table::primary_key).map(<[String]>::to_vec).unwrap_or_default()
        };
        columns(own) == columns(theirs)
            && ForeignKey { target_columns: Vec::new(), ..own.clone() }
                == ForeignKey { target_columns: Vec::new(), ..theirs.clone() }
    }

    fn indexes(&self, table: &Table, own: &Index, theirs: &Index) -> bool {
        if own.unique != theirs.unique || own.keys.len() != theirs.keys.len() {
            return false;
        }
        own == theirs
            || self.alike(table, |table, first| {
                let mut one = if first { own.clone() } else { theirs.clone() };
                one.comment = None;
                table.indexes.insert("i".to_owned(), one);
            })
    }

    /// Returns whether the dialect tells two tables apart that have the same columns and one thing beside.
    fn alike(&self, table: &Table, add: impl Fn(&mut Table, bool)) -> bool {
        let schema = |first: bool| {
            let mut bare = Table { columns: self.known.columns.clone(), ..Table::default() };
            if bare.columns.is_empty() {
                bare.columns.clone_from(&table.columns);
            }
            add(&mut bare, first);
            let mut schema = Schema {
                types: self.before.types.clone(),
                routines: self.before.routines.clone(),
                ..Schema::default()
            };
            schema.tables.insert(self.name.clone(), bare);
            schema
        };
        self.dialect.compare(&schema(true), &schema(false)).is_empty()
    }
}
