//! Constraints and indexes without a name: which of the migrations' they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Dialect;
use crate::schema::logical::LogicalTable;
use crate::schema::{Constraint, ConstraintKind, ForeignKey, Index, ObjectName, Schema, Table};

/// Gives constraints and indexes without a name of their own the place of those that the migrations make, and returns
/// the keys of the constraints that have one.
pub(super) fn adopt(
    table: &mut Table,
    known: &Table,
    said: &LogicalTable,
    (name, before): (&ObjectName, &Schema),
    dialect: &dyn Dialect,
) -> BTreeSet<String> {
    let mut adopted = BTreeSet::new();
    let compare = Compare { name, before, known, dialect };
    let given: BTreeSet<&String> = said.constraints.iter().filter_map(|constraint| constraint.name.as_ref()).collect();
    let mut free: BTreeMap<&String, &Constraint> =
        known.constraints.iter().filter(|(key, _)| !given.contains(key)).collect();
    for (key, constraint) in std::mem::take(&mut table.constraints) {
        let same = |theirs: &Constraint| compare.constraints(table, &constraint, theirs);
        let found = if given.contains(&key) {
            // One that has its name keeps what no struct says: where it stands, and what is said of it.
            known.constraints.get_key_value(&key).filter(|(_, theirs)| same(theirs))
        } else {
            // Of several alike the one of the same name is the closest.
            let by_name = free.get_key_value(&key).filter(|(_, theirs)| same(theirs));
            let any = || free.iter().find(|(_, theirs)| same(theirs));
            by_name.or_else(any).map(|(key, theirs)| (*key, *theirs))
        };
        match found {
            Some((key, theirs)) => {
                free.remove(key);
                adopted.insert(key.clone());
                table.constraints.insert(key.clone(), theirs.clone());
            }
            None => {
                table.constraints.insert(key, constraint);
            }
        }
    }
    let given: BTreeSet<&String> = said.indexes.iter().filter_map(|index| index.name.as_ref()).collect();
    let mut free: BTreeMap<&String, &Index> = known.indexes.iter().filter(|(key, _)| !given.contains(key)).collect();
    for (key, index) in std::mem::take(&mut table.indexes) {
        let same = |theirs: &Index| compare.indexes(table, &index, theirs);
        let found = if given.contains(&key) {
            known.indexes.get_key_value(&key).filter(|(_, theirs)| same(theirs))
        } else {
            let by_name = free.get_key_value(&key).filter(|(_, theirs)| same(theirs));
            by_name.or_else(|| free.iter().find(|(_, theirs)| same(theirs))).map(|(key, theirs)| (*key, *theirs))
        };
        match found {
            Some((key, theirs)) => {
                free.remove(key);
                table.indexes.insert(key.clone(), theirs.clone());
            }
            None => {
                table.indexes.insert(key, index);
            }
        }
    }
    adopted
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
