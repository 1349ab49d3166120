//! What changes in a schema, as values: self-contained, reversible, and without a word of SQL.
//!
//! `Schema::apply` says what each one means. A dialect renders a list of them; the reversed list of the reversed
//! operations is the way back, so everything that an operation takes away is in it.

mod apply;
mod hazard;
mod reverse;

use std::collections::BTreeMap;

pub use apply::Inapplicable;
pub use hazard::{Hazard, HazardKind};
pub use reverse::reversed;

use crate::schema::{
    Column, Constraint, Index, Namespace, Object, ObjectName, Persistence, Sequence, Table, Trigger, View,
};

/// A column together with the sequences that belong to it: that of `serial`, that of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnState {
    /// The column.
    pub column: Column,
    /// Its sequences.
    pub sequences: BTreeMap<ObjectName, Sequence>,
}

impl ColumnState {
    /// Returns a column of a table with its sequences.
    pub fn of(schema: &crate::schema::Schema, table: &ObjectName, column: &Column) -> Self {
        let mine = |sequence: &Sequence| {
            sequence.owner.as_ref().is_some_and(|owner| owner.table == *table && owner.column == column.name)
        };
        let sequences = schema.sequences.iter().filter(|(_, sequence)| mine(sequence));
        let sequences = sequences.map(|(name, sequence)| (name.clone(), sequence.clone()));
        Self { column: column.clone(), sequences: sequences.collect() }
    }
}

/// A change of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Makes a namespace.
    CreateNamespace {
        /// Its name.
        name: String,
        /// It.
        namespace: Namespace,
    },
    /// Drops a namespace that is empty.
    DropNamespace {
        /// Its name.
        name: String,
        /// It.
        namespace: Namespace,
    },
    /// Makes a table with everything that it has.
    CreateTable {
        /// Its name.
        name: ObjectName,
        /// It.
        table: Box<Table>,
        /// The sequences of its columns.
        sequences: BTreeMap<ObjectName, Sequence>,
    },
    /// Drops a table with everything that it has.
    DropTable {
        /// Its name.
        name: ObjectName,
        /// It.
        table: Box<Table>,
        /// The sequences of its columns.
        sequences: BTreeMap<ObjectName, Sequence>,
    },
    /// Gives a table another name, or moves it to another namespace.
    RenameTable {
        /// Its name.
        from: ObjectName,
        /// Its new one.
        to: ObjectName,
    },
    /// Changes a table.
    AlterTable {
        /// Its name.
        table: ObjectName,
        /// What changes, in the order in which it makes sense.
        changes: Vec<TableChange>,
    },
    /// Makes an index of a table.
    CreateIndex {
        /// The table.
        table: ObjectName,
        /// Its name.
        name: String,
        /// It.
        index: Box<Index>,
    },
    /// Drops an index of a table.
    DropIndex {
        /// The table.
        table: ObjectName,
        /// Its name.
        name: String,
        /// It.
        index: Box<Index>,
    },
    /// Gives an index another name.
    RenameIndex {
        /// The table.
        table: ObjectName,
        /// Its name.
        from: String,
        /// Its new one.
        to: String,
    },
    /// Makes a trigger of a table or view.
    CreateTrigger {
        /// The table or view.
        on: ObjectName,
        /// Its name.
        name: String,
        /// It.
        trigger: Box<Trigger>,
    },
    /// Drops a trigger of a table or view.
    DropTrigger {
        /// The table or view.
        on: ObjectName,
        /// Its name.
        name: String,
        /// It.
        trigger: Box<Trigger>,
    },
    /// Makes an enum.
    CreateEnum {
        /// Its name.
        name: ObjectName,
        /// Its labels.
        labels: Vec<String>,
        /// What its author says of it.
        comment: Option<String>,
    },
    /// Drops an enum that nothing uses.
    DropEnum {
        /// Its name.
        name: ObjectName,
        /// Its labels.
        labels: Vec<String>,
        /// What its author says of it.
        comment: Option<String>,
    },
    /// Gives an enum another name, or moves it to another namespace.
    RenameEnum {
        /// Its name.
        from: ObjectName,
        /// Its new one.
        to: ObjectName,
    },
    /// Adds a label to an enum.
    AddLabel {
        /// The enum.
        name: ObjectName,
        /// The labels that it has.
        labels: Vec<String>,
        /// The label.
        label: String,
        /// Before which of them it comes; their number is the end.
        at: usize,
        /// Whether an operation after it uses the label, which a server may not let it in one transaction.
        used: bool,
    },
    /// Gives a label of an enum another name.
    RenameLabel {
        /// The enum.
        name: ObjectName,
        /// The label.
        from: String,
        /// Its new name.
        to: String,
    },
    /// Gives an enum other labels: a value that goes must be in no row.
    ReplaceEnum {
        /// The enum.
        name: ObjectName,
        /// The labels that it has.
        before: Vec<String>,
        /// Those that it gets.
        after: Vec<String>,
    },
    /// Makes a view or materialized view with everything that it has.
    CreateView {
        /// Its name.
        name: ObjectName,
        /// It.
        view: Box<View>,
    },
    /// Drops a view or materialized view.
    DropView {
        /// Its name.
        name: ObjectName,
        /// It.
        view: Box<View>,
    },
    /// Changes what its author says of an object.
    Comment {
        /// The object.
        on: Object,
        /// What was said.
        before: Option<String>,
        /// What is said.
        after: Option<String>,
    },
}

/// A change of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    /// Adds a column at the end.
    AddColumn {
        /// It.
        column: Box<ColumnState>,
        /// What the rows that are there get, as SQL; the default where this is `None`.
        backfill: Option<String>,
    },
    /// Drops a column.
    DropColumn {
        /// It.
        column: Box<ColumnState>,
        /// What the rows get when it comes back.
        backfill: Option<String>,
    },
    /// Gives a column another name.
    RenameColumn {
        /// Its name.
        from: String,
        /// Its new one.
        to: String,
    },
    /// Changes a column; the name stays.
    AlterColumn {
        /// What it is.
        before: Box<ColumnState>,
        /// What it becomes.
        after: Box<ColumnState>,
        /// How the new value is made of the old row, and the old one of the new row, as SQL.
        using: (Option<String>, Option<String>),
        /// What NULL becomes, there and back.
        backfill: (Option<String>, Option<String>),
    },
    /// Adds a constraint.
    AddConstraint {
        /// The key under which the table has it.
        name: String,
        /// It.
        constraint: Box<Constraint>,
    },
    /// Drops a constraint.
    DropConstraint {
        /// The key under which the table has it.
        name: String,
        /// It.
        constraint: Box<Constraint>,
    },
    /// Gives a constraint another name.
    RenameConstraint {
        /// Its name.
        from: String,
        /// Its new one.
        to: String,
    },
    /// Changes the options.
    Options {
        /// What they are.
        before: Vec<String>,
        /// What they become.
        after: Vec<String>,
    },
    /// Changes how long the table lasts.
    Persistence {
        /// What it is.
        before: Persistence,
        /// What it becomes.
        after: Persistence,
    },
}
