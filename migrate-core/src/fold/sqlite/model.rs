//! Stored texts to the schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalog::{Catalog, Home, Object, rowid_alias};
use super::check::{key_collation, key_column};
use super::read::{
    Clause, ClauseKind, ColumnDef, Definition, Expr, Fk, IndexDef, Node, Select, TableDef, TriggerDef, ViewDef, tables,
    trigger_tables,
};
use crate::schema::{
    Column, ColumnType, Constraint, ConstraintKind, Expression, ForeignKey, Generated, Index, IndexKey, Key, KeyOrder,
    KeyPart, ObjectName, References, ReferentialAction, Schema, Table, TableKind, Trigger, View,
};

/// Brings a schema up to date with what a statement changed.
pub(super) fn sync(schema: &mut Schema, catalog: &Catalog) {
    let mut dirty = BTreeSet::new();
    for object in catalog.changes().filter(|object| object.home == Home::Main) {
        let name = ObjectName::new("", object.table.clone());
        schema.tables.remove(&name);
        schema.views.remove(&name);
        dirty.insert(object.table.to_ascii_lowercase());
    }
    for name in dirty {
        if let Some(object) = catalog.relation_in(Home::Main, &name) {
            insert(schema, catalog, object);
        }
    }
}

fn insert(schema: &mut Schema, catalog: &Catalog, object: &Object) {
    let name = ObjectName::new("", object.name.clone());
    let on_it: Vec<&Arc<Object>> =
        catalog.of_table(&object.name).map(|(_, other)| other).filter(|other| other.home == Home::Main).collect();
    let triggers = on_it.iter().filter_map(|other| match &other.definition {
        Definition::Trigger(definition) => Some((other.name.clone(), trigger(other, definition))),
        _ => None,
    });
    match &object.definition {
        Definition::View(definition) => {
            let view = View { triggers: triggers.collect(), ..view(object, definition) };
            schema.views.insert(name, view);
        }
        Definition::Table(definition) => {
            let indexes = on_it.iter().filter_map(|other| match &other.definition {
                Definition::Index(found) => Some((other.name.clone(), index(other, definition, found))),
                _ => None,
            });
            let table = Table { indexes: indexes.collect(), triggers: triggers.collect(), ..table(object, definition) };
            schema.tables.insert(name, table);
        }
        Definition::Virtual { .. } => {
            let table = Table { kind: TableKind::External(object.sql.clone()), ..Table::default() };
            schema.tables.insert(name, table);
        }
        Definition::Index(_) | Definition::Trigger(_) => {}
    }
}

fn view(object: &Object, definition: &ViewDef) -> View {
    let mut references = References::default();
    relations(&definition.query, &mut references);
    let column = |name: &super::read::Ident| Column::new(name.name.clone(), ColumnType::builtin(""));
    View {
        columns: definition.columns.iter().map(column).collect(),
        query: Expression { text: object.sql[definition.query.at.clone()].to_owned(), references },
        ..View::default()
    }
}

fn relations(query: &Select, references: &mut References) {
    tables(query, &mut |table, hidden| {
        if !hidden {
            references.relations.insert((ObjectName::new("", table.name.name.clone()), String::new()));
        }
    });
}

fn trigger(object: &Object, definition: &TriggerDef) -> Trigger {
    let mut references = References::default();
    trigger_tables(definition, &mut |table, hidden| {
        if !hidden {
            references.relations.insert((ObjectName::new("", table.name.name.clone()), String::new()));
        }
    });
    for step in &definition.steps {
        let target = step.target.iter().map(|target| (ObjectName::new("", target.name.clone()), String::new()));
        references.relations.extend(target);
    }
    Trigger {
        definition: Expression { text: object.sql.clone(), references },
        columns: definition.columns.iter().map(|column| column.name.clone()).collect(),
        ..Trigger::default()
    }
}

fn index(object: &Object, table: &TableDef, definition: &IndexDef) -> Index {
    let keys = definition.keys.iter().zip(&definition.orders).map(|(key, descending)| {
        let column = key_column(key).and_then(|name| spelling(table, &name.name));
        let part = match column {
            Some(column) => KeyPart::Column(column),
            None => KeyPart::Expression(expression(&object.sql, table, key)),
        };
        let collation = match part {
            KeyPart::Column(_) => key_collation(key).map(|name| name.name.clone()),
            KeyPart::Expression(_) => None,
        };
        IndexKey { collation, descending: *descending, ..IndexKey::new(part) }
    });
    Index {
        unique: definition.unique,
        method: "btree".to_owned(),
        keys: keys.collect(),
        predicate: definition.filter.as_ref().map(|filter| expression(&object.sql, table, filter)),
        ..Index::default()
    }
}

/// Returns a column's name as the table spells it.
fn spelling(table: &TableDef, name: &str) -> Option<String> {
    let found = table.columns.iter().find(|column| column.name.is(name));
    found.map(|column| column.name.name.clone())
}

fn expression(sql: &str, table: &TableDef, expr: &Expr) -> Expression {
    let mut references = References::default();
    columns(table, expr, &mut references);
    Expression { text: sql[expr.at.clone()].to_owned(), references }
}

fn columns(table: &TableDef, expr: &Expr, references: &mut References) {
    for node in &expr.nodes {
        match node {
            Node::Name(path) => {
                references.columns.extend(path.last().and_then(|name| spelling(table, &name.name)));
            }
            Node::Call(call) => call.arguments.iter().for_each(|expr| columns(table, expr, references)),
            Node::Group(list) | Node::Case(list) => list.iter().for_each(|expr| columns(table, expr, references)),
            Node::Cast(expr, _) => columns(table, expr, references),
            _ => {}
        }
    }
}

fn table(object: &Object, definition: &TableDef) -> Table {
    let autoincrement = super::check::all_clauses(definition)
        .any(|clause| matches!(clause.kind, ClauseKind::PrimaryKey { autoincrement: true, .. }));
    let options =
        [("autoincrement", autoincrement), ("strict", definition.strict), ("without_rowid", definition.without_rowid)];
    let mut table = Table {
        columns: definition.columns.iter().map(|found| column(&object.sql, definition, found)).collect(),
        options: options.iter().filter(|(_, set)| *set).map(|(option, _)| (*option).to_owned()).collect(),
        ..Table::default()
    };
    let mut constraints = Constraints { sql: &object.sql, definition, found: Vec::new() };
    for column in &definition.columns {
        constraints.read(&column.clauses, Some(column));
    }
    constraints.read(&definition.constraints, None);
    for (position, (name, mut constraint)) in constraints.found.into_iter().enumerate() {
        constraint.position = position;
        // A NUL ends a statement, so nobody can write these names.
        let key = match name {
            Some(name) if !table.constraints.contains_key(&name) => name,
            Some(name) => format!("{name}\0{position:03}"),
            None => format!("\0{position:03}"),
        };
        table.constraints.insert(key, constraint);
    }
    let implied = if definition.without_rowid || (definition.strict && rowid_alias(definition).is_none()) {
        table.primary_key().map(<[String]>::to_vec).unwrap_or_default()
    } else {
        Vec::new()
    };
    for column in table.columns.iter_mut().filter(|column| implied.contains(&column.name)) {
        column.nullable = false;
    }
    table
}

fn column(sql: &str, table: &TableDef, definition: &ColumnDef) -> Column {
    let mut column = Column::new(definition.name.name.clone(), ColumnType::builtin(definition.ty.clone()));
    for clause in &definition.clauses {
        match &clause.kind {
            ClauseKind::NotNull(conflict) => {
                column.nullable = false;
                column.not_null_conflict.clone_from(conflict);
                column.not_null_name = clause.name.as_ref().map(|name| name.name.clone());
            }
            ClauseKind::Default(at, _) => column.default = Some(Expression::new(&sql[at.clone()])),
            ClauseKind::Collate(name) => column.collation = Some(name.name.clone()),
            ClauseKind::Generated { expr, stored } => {
                column.generated = Some(Generated { expression: expression(sql, table, expr), stored: *stored });
            }
            _ => {}
        }
    }
    column
}

/// The constraints of a table in the order of the text.
struct Constraints<'d> {
    sql: &'d str,
    definition: &'d TableDef,
    found: Vec<(Option<String>, Constraint)>,
}

impl Constraints<'_> {
    fn read(&mut self, clauses: &[Clause], column: Option<&ColumnDef>) {
        for clause in clauses {
            let kind = match &clause.kind {
                ClauseKind::PrimaryKey { keys, orders, conflict, .. } => {
                    ConstraintKind::PrimaryKey(self.key(keys, orders, conflict.as_ref(), column))
                }
                ClauseKind::Unique { keys, orders, conflict } => {
                    ConstraintKind::Unique(self.key(keys, orders, conflict.as_ref(), column))
                }
                ClauseKind::Check(expr) => {
                    let expression = expression(self.sql, self.definition, expr);
                    ConstraintKind::Check { expression, no_inherit: false }
                }
                ClauseKind::ForeignKey(fk) => ConstraintKind::ForeignKey(self.foreign_key(fk, column)),
                ClauseKind::Deferrable(deferrable, deferred) => {
                    let last = self.found.last_mut().map(|(_, constraint)| constraint);
                    if let Some(fk) = last.filter(|last| matches!(last.kind, ConstraintKind::ForeignKey(_))) {
                        (fk.deferrable, fk.initially_deferred) = (*deferrable, *deferred);
                    }
                    continue;
                }
                _ => continue,
            };
            let mut constraint = Constraint::new(kind);
            constraint.named = clause.name.is_some();
            constraint.column = column.map(|column| column.name.name.clone());
            self.found.push((clause.name.as_ref().map(|name| name.name.clone()), constraint));
        }
    }

    fn key(&self, keys: &[Expr], orders: &[bool], conflict: Option<&String>, column: Option<&ColumnDef>) -> Key {
        let own = column.map(|column| column.name.name.clone());
        let named = keys
            .iter()
            .filter_map(key_column)
            .map(|name| spelling(self.definition, &name.name).unwrap_or_else(|| name.name.clone()));
        let columns: Vec<String> = own.into_iter().chain(named).collect();
        let collations = keys.iter().map(|key| key_collation(key).map(|name| name.name.clone()));
        let collations = collations.chain(std::iter::repeat(None));
        let descending = orders.iter().copied().chain(std::iter::repeat(false));
        let mut orders: Vec<KeyOrder> = collations
            .zip(descending)
            .take(columns.len())
            .map(|(collation, descending)| KeyOrder { collation, descending })
            .collect();
        if orders.iter().all(|order| *order == KeyOrder::default()) {
            orders.clear();
        }
        Key { columns, orders, on_conflict: conflict.cloned(), ..Key::default() }
    }

    fn foreign_key(&self, fk: &Fk, column: Option<&ColumnDef>) -> ForeignKey {
        let own = column.map(|column| column.name.name.clone());
        let named =
            fk.columns.iter().map(|name| spelling(self.definition, &name.name).unwrap_or_else(|| name.name.clone()));
        ForeignKey {
            columns: own.into_iter().chain(named).collect(),
            target: ObjectName::new("", fk.target.name.clone()),
            target_columns: fk.target_columns.iter().map(|name| name.name.clone()).collect(),
            on_delete: action(&fk.on_delete),
            on_update: action(&fk.on_update),
            set_columns: Vec::new(),
            match_full: fk.match_full,
            period: false,
        }
    }
}

fn action(words: &str) -> ReferentialAction {
    match words {
        "RESTRICT" => ReferentialAction::Restrict,
        "CASCADE" => ReferentialAction::Cascade,
        "SET NULL" => ReferentialAction::SetNull,
        "SET DEFAULT" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}

/// The index that SQLite makes for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AutoIndex {
    pub(super) name: String,
    /// The key of a table WITHOUT ROWID is the table: it has a number and no row in the catalog.
    pub(super) stored: bool,
}

/// Returns the indexes that SQLite makes for a table's keys, in order.
pub(super) fn autoindexes(name: &str, table: &TableDef) -> Vec<AutoIndex> {
    let rowid_key = rowid_alias(&TableDef { without_rowid: false, ..table.clone() }).is_some();
    let mut seen: Vec<MadeFor> = Vec::new();
    let mut last = None;
    let own = table.columns.iter().flat_map(|column| column.clauses.iter().map(move |clause| (Some(column), clause)));
    for (column, clause) in own.chain(table.constraints.iter().map(|clause| (None, clause))) {
        let (keys, primary) = match &clause.kind {
            ClauseKind::PrimaryKey { keys, .. } => (keys, true),
            ClauseKind::Unique { keys, .. } => (keys, false),
            _ => continue,
        };
        let names = column.map(|column| (&column.name, None)).into_iter();
        let names = names.chain(keys.iter().filter_map(|key| key_column(key).map(|name| (name, key_collation(key)))));
        let key: Vec<(String, String)> =
            names.map(|(name, collation)| effective(table, &name.name, collation)).collect();
        if primary && rowid_key {
            // In a table WITHOUT ROWID it is made when the whole table is known.
            last = table.without_rowid.then_some(key);
        } else {
            merge(&mut seen, key, primary);
        }
    }
    if let Some(key) = last {
        merge(&mut seen, key, true);
    }
    let index = |(n, (_, primary)): (usize, MadeFor)| AutoIndex {
        name: format!("sqlite_autoindex_{name}_{}", n + 1),
        stored: !(primary && table.without_rowid),
    };
    seen.into_iter().enumerate().map(index).collect()
}

/// The columns of a key with their collations, and whether it is the primary key.
type MadeFor = (Vec<(String, String)>, bool);

/// Adds the index of a key, unless there is one of the same columns, which then serves both.
fn merge(seen: &mut Vec<MadeFor>, key: Vec<(String, String)>, primary: bool) {
    match seen.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => *known |= primary,
        None => seen.push((key, primary)),
    }
}

/// Returns a column of a key with the collation that counts, in lower case.
fn effective(table: &TableDef, name: &str, collation: Option<&super::read::Ident>) -> (String, String) {
    let own = table.columns.iter().find(|column| column.name.is(name)).and_then(|column| {
        column.clauses.iter().rev().find_map(|clause| match &clause.kind {
            ClauseKind::Collate(name) => Some(name),
            _ => None,
        })
    });
    let collation = collation.or(own).map_or("binary".to_owned(), |name| name.name.to_ascii_lowercase());
    (name.to_ascii_lowercase(), collation)
}
