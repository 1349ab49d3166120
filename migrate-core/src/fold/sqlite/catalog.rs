//! The tables behind `sqlite_schema`: every object with its text, which SQLite stores and edits in place.

use std::sync::Arc;

use super::read::{ColumnDef, Definition, TableDef, stored};
use crate::fold::Problem;

/// The database of an object: the attached ones are no part of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    Main,
    Temp,
}

impl Home {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Temp => "temp",
        }
    }

    /// Returns the database of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Main, Self::Temp].into_iter().find(|home| name.eq_ignore_ascii_case(home.name()))
    }
}

/// What tells a table or view from others: its database, and its name in lower case.
pub(super) type Key = (Home, String);

/// A row of `sqlite_schema`.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) home: Home,
    pub(super) name: String,
    /// The table or view that an index or trigger is on; otherwise the name.
    pub(super) table: String,
    /// The database of that table: a temporary trigger may be on a table of another one.
    pub(super) table_home: Home,
    pub(super) sql: String,
    pub(super) definition: Definition,
}

impl Object {
    /// Reads a stored text.
    pub(super) fn new(home: Home, name: &str, table: &str, sql: String) -> Result<Self, Problem> {
        let definition = stored(&sql)?;
        Ok(Self { home, name: name.to_owned(), table: table.to_owned(), table_home: home, sql, definition })
    }

    pub(super) fn key(&self) -> Key {
        (self.home, self.name.to_ascii_lowercase())
    }

    pub(super) fn is_view(&self) -> bool {
        matches!(self.definition, Definition::View(_))
    }

    pub(super) fn is_trigger(&self) -> bool {
        matches!(self.definition, Definition::Trigger(_))
    }

    pub(super) fn is_index(&self) -> bool {
        matches!(self.definition, Definition::Index(_))
    }

    /// Returns whether it is a table, virtual ones too, or a view.
    pub(super) fn is_relation(&self) -> bool {
        !self.is_trigger() && !self.is_index()
    }

    pub(super) fn as_table(&self) -> Option<&TableDef> {
        match &self.definition {
            Definition::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Returns the word by which SQLite calls it.
    pub(super) fn kind(&self) -> &'static str {
        match &self.definition {
            Definition::Table(_) | Definition::Virtual { .. } => "table",
            Definition::Index(_) => "index",
            Definition::View(_) => "view",
            Definition::Trigger(_) => "trigger",
        }
    }
}

/// Every object, in the order of creation.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    pub(super) objects: Vec<Arc<Object>>,
}

impl Catalog {
    /// Returns a table or view of one database.
    pub(super) fn relation_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.objects
            .iter()
            .find(|object| object.home == home && object.is_relation() && object.name.eq_ignore_ascii_case(name))
    }

    /// Returns a table or view as an unqualified name finds it.
    pub(super) fn relation(&self, name: &str) -> Option<&Arc<Object>> {
        self.relation_in(Home::Temp, name).or_else(|| self.relation_in(Home::Main, name))
    }

    pub(super) fn index_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.objects
            .iter()
            .find(|object| object.home == home && object.is_index() && object.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn trigger_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.objects
            .iter()
            .find(|object| object.home == home && object.is_trigger() && object.name.eq_ignore_ascii_case(name))
    }

    /// Returns the virtual table to which a name belongs as a shadow table.
    pub(super) fn shadowed_by(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.objects.iter().filter(|object| object.home == home).find(|object| match &object.definition {
            Definition::Virtual { module, .. } => is_shadow(module, &object.name, name),
            _ => false,
        })
    }

    pub(super) fn push(&mut self, object: Object) {
        self.objects.push(Arc::new(object));
    }

    /// Replaces an object's text, which is read again.
    pub(super) fn replace(&mut self, at: usize, sql: String) -> Result<(), Problem> {
        if self.objects[at].sql == sql {
            return Ok(());
        }
        let before = &self.objects[at];
        let mut object = Object::new(before.home, &before.name, &before.table, sql)?;
        object.table_home = before.table_home;
        self.objects[at] = Arc::new(object);
        Ok(())
    }
}

/// The endings of the shadow tables of SQLite's own modules.
const SHADOWS: &[(&str, &[&str])] = &[
    ("fts3", &["content", "segments", "segdir", "docsize", "stat"]),
    ("fts4", &["content", "segments", "segdir", "docsize", "stat"]),
    ("fts5", &["data", "idx", "content", "docsize", "config"]),
    ("rtree", &["rowid", "node", "parent"]),
    ("rtree_i32", &["rowid", "node", "parent"]),
    ("geopoly", &["rowid", "node", "parent"]),
];

/// Returns whether a name is that of a shadow table of a virtual table.
pub(super) fn is_shadow(module: &str, table: &str, name: &str) -> bool {
    let Some((start, rest)) = table.len().checked_add(1).and_then(|at| name.split_at_checked(at)) else { return false };
    let Some(start) = start.strip_suffix('_') else { return false };
    start.eq_ignore_ascii_case(table)
        && SHADOWS
            .iter()
            .filter(|(known, _)| module.eq_ignore_ascii_case(known))
            .any(|(_, endings)| endings.iter().any(|ending| rest.eq_ignore_ascii_case(ending)))
}

/// Returns the column that is the table's rowid, if one is.
pub(super) fn rowid_alias(table: &TableDef) -> Option<&ColumnDef> {
    use super::read::ClauseKind::PrimaryKey;
    if table.without_rowid {
        return None;
    }
    let integer = |column: &&ColumnDef| is_integer(&column.ty);
    for column in &table.columns {
        for clause in &column.clauses {
            if let PrimaryKey { orders, .. } = &clause.kind {
                return Some(column).filter(integer).filter(|_| !orders.contains(&true));
            }
        }
    }
    table.constraints.iter().find_map(|clause| match &clause.kind {
        PrimaryKey { keys, .. } if keys.len() == 1 => {
            let name = super::check::key_column(&keys[0])?;
            table.columns.iter().find(|column| name.is(&column.name.name)).filter(integer)
        }
        _ => None,
    })
}

/// Returns whether a declared type is INTEGER and nothing else.
fn is_integer(ty: &str) -> bool {
    let bare = match ty.as_bytes() {
        [b'"' | b'`' | b'\'', .., _] | [b'[', .., b']'] if !ty.ends_with(')') => &ty[1..ty.len() - 1],
        _ => ty,
    };
    bare.eq_ignore_ascii_case("integer")
}
