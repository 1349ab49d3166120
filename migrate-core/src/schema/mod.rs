//! The model of a database's schema: what the migrations make, what a live database has, what entities describe.
//!
//! Everything is named, nothing points: objects refer to each other by [`ObjectName`], so that a schema can be cloned,
//! compared and dumped. The edits keep it consistent as a server does: they cascade, follow renames, and refuse what a
//! server refuses. The model knows no dialect; what only one has is a field that the other leaves empty.

mod column;
mod constraint;
mod dependency;
mod drop;
mod expression;
mod index;
pub mod logical;
mod name;
mod object;
mod rename;
mod table;

use std::collections::BTreeMap;

pub use column::{Column, ColumnType, Generated, Identity, NotNull, TypeBase};
pub use constraint::{Constraint, ConstraintKind, ForeignKey, Key, KeyOrder, ReferentialAction};
pub use dependency::{Link, Object};
pub use drop::Behaviour;
pub use expression::{Expression, References};
pub use index::{Index, IndexKey, KeyPart};
pub use name::ObjectName;
pub use object::{
    Domain, EnumType, Namespace, Other, OtherId, OtherKind, Routine, RoutineId, Sequence, SequenceOwner, Trigger,
    UserType, UserTypeKind, View,
};
pub use rename::Rewrite;
pub use table::{Partition, Partitioning, Persistence, ReplicaIdentity, Table, TableKind};

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The namespaces by name; SQLite has the one without a name.
    pub namespaces: BTreeMap<String, Namespace>,
    /// The tables.
    pub tables: BTreeMap<ObjectName, Table>,
    /// Views and materialized views.
    pub views: BTreeMap<ObjectName, View>,
    /// Sequences, those of serial and identity columns among them.
    pub sequences: BTreeMap<ObjectName, Sequence>,
    /// Enums, domains, composite and range types.
    pub types: BTreeMap<ObjectName, UserType>,
    /// Functions, procedures, aggregates.
    pub routines: BTreeMap<RoutineId, Routine>,
    /// Objects of which the model knows name, owner and text only.
    pub others: BTreeMap<OtherId, Other>,
}

/// What a name of the relations' space belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A sequence.
    Sequence,
    /// An index, also one that backs a constraint.
    Index,
    /// A composite type.
    Composite,
}

impl Schema {
    /// Returns what a name of the space that tables, views, sequences and indexes share belongs to.
    pub fn relation(&self, name: &ObjectName) -> Option<RelationKind> {
        if self.tables.contains_key(name) {
            return Some(RelationKind::Table);
        }
        if let Some(view) = self.views.get(name) {
            return Some(if view.materialized { RelationKind::MaterializedView } else { RelationKind::View });
        }
        if self.sequences.contains_key(name) {
            return Some(RelationKind::Sequence);
        }
        if self.types.get(name).is_some_and(|found| matches!(found.kind, UserTypeKind::Composite { .. })) {
            return Some(RelationKind::Composite);
        }
        self.table_of_index(name).map(|_| RelationKind::Index)
    }

    /// Returns the table or materialized view that an index is on.
    pub fn table_of_index(&self, index: &ObjectName) -> Option<&ObjectName> {
        let on_table = self
            .tables
            .iter()
            .filter(|(name, _)| name.schema == index.schema)
            .find(|(_, table)| table.indexes.contains_key(&index.name) || table.has_index_constraint(&index.name));
        let on_view = || {
            let mut views = self.views.iter().filter(|(name, _)| name.schema == index.schema);
            views.find(|(_, view)| view.indexes.contains_key(&index.name)).map(|(name, _)| name)
        };
        on_table.map(|(name, _)| name).or_else(on_view)
    }
}
