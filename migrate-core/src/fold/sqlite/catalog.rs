//! The tables behind `sqlite_schema`: every object with its text, which SQLite stores and edits in place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::read::{ClauseKind, ColumnDef, Definition, TableDef, stored, unquoted};
use crate::fold::Problem;
use crate::sql::{Lexer, SQLITE, TokenKind};

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

/// The number of an object: one that was created later has a greater one.
pub(super) type Id = u64;

/// What objects share their names with: relations and indexes have spaces of their own here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    Relation,
    Index,
    Trigger,
}

impl Space {
    fn of(object: &Object) -> Self {
        match &object.definition {
            Definition::Index(_) => Self::Index,
            Definition::Trigger(_) => Self::Trigger,
            _ => Self::Relation,
        }
    }
}

/// What is remembered of an object until it, or a relation that it depends on, is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// It is sound where strings in double quotes are allowed.
    Sound,
    /// It is sound where they are not.
    SoundWithoutStrings,
    /// It has no such strings.
    NoStrings,
}

/// Every object, in the order of creation, with what finds it.
///
/// Objects are changed by [`set`](Self::set) alone, which keeps the rest in step.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    objects: BTreeMap<Id, Arc<Object>>,
    /// The number that is given next.
    next: Id,
    names: BTreeMap<(Space, Home, String), Id>,
    /// The objects whose texts have a name, which is in lower case.
    mentions: BTreeMap<String, BTreeSet<Id>>,
    temporary: BTreeSet<Id>,
    virtuals: BTreeSet<Id>,
    /// The objects of which each fact is not known.
    unknown: [BTreeSet<Id>; 3],
    /// What the statement changed, with what was there before.
    changes: Vec<(Id, Option<Arc<Object>>)>,
}

impl Catalog {
    /// Returns every object.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }

    /// Returns an object by its number.
    pub(super) fn get(&self, id: Id) -> Option<&Arc<Object>> {
        self.objects.get(&id)
    }

    fn id(&self, space: Space, home: Home, name: &str) -> Option<Id> {
        self.names.get(&(space, home, name.to_ascii_lowercase())).copied()
    }

    /// Returns the number of a table or view of one database.
    pub(super) fn relation_id(&self, home: Home, name: &str) -> Option<Id> {
        self.id(Space::Relation, home, name)
    }

    /// Returns the number of an index of one database.
    pub(super) fn index_id(&self, home: Home, name: &str) -> Option<Id> {
        self.id(Space::Index, home, name)
    }

    /// Returns the number of a trigger of one database.
    pub(super) fn trigger_id(&self, home: Home, name: &str) -> Option<Id> {
        self.id(Space::Trigger, home, name)
    }

    /// Returns a table or view of one database.
    pub(super) fn relation_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.get(self.relation_id(home, name)?)
    }

    /// Returns a table or view as an unqualified name finds it.
    pub(super) fn relation(&self, name: &str) -> Option<&Arc<Object>> {
        self.relation_in(Home::Temp, name).or_else(|| self.relation_in(Home::Main, name))
    }

    pub(super) fn index_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.get(self.index_id(home, name)?)
    }

    pub(super) fn trigger_in(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.get(self.trigger_id(home, name)?)
    }

    /// Returns the virtual table to which a name belongs as a shadow table.
    pub(super) fn shadowed_by(&self, home: Home, name: &str) -> Option<&Arc<Object>> {
        self.virtuals.iter().filter_map(|id| self.get(*id)).find(|object| match &object.definition {
            Definition::Virtual { module, .. } => object.home == home && is_shadow(module, &object.name, name),
            _ => false,
        })
    }

    /// Returns a table or view of a name with its indexes and triggers, in the order of creation.
    pub(super) fn of_table(&self, name: &str) -> impl Iterator<Item = (Id, &Arc<Object>)> {
        let ids = self.mentions.get(&name.to_ascii_lowercase()).into_iter().flatten();
        let objects = ids.filter_map(|id| Some((*id, self.get(*id)?)));
        objects.filter(move |(_, object)| object.table.eq_ignore_ascii_case(name))
    }

    /// Returns the objects whose texts may depend on a table or view of this name, through views too, and the table.
    pub(super) fn dependents(&self, name: &str) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_ascii_lowercase()];
        while let Some(name) = open.pop() {
            for id in self.mentions.get(&name).into_iter().flatten() {
                if found.insert(*id) {
                    open.extend(self.get(*id).filter(|object| object.is_view()).map(|view| view.key().1));
                }
            }
        }
        found
    }

    /// Returns the objects of which a fact is not known.
    pub(super) fn unknown(&self, fact: Fact) -> &BTreeSet<Id> {
        &self.unknown[fact as usize]
    }

    /// Remembers that a fact holds of objects.
    pub(super) fn learn(&mut self, fact: Fact, of: &[Id]) {
        for id in of {
            self.unknown[fact as usize].remove(id);
        }
    }

    pub(super) fn push(&mut self, object: Object) {
        let id = self.next;
        self.next += 1;
        self.set(id, Some(object));
    }

    /// Replaces an object's text, which is read again.
    pub(super) fn replace(&mut self, at: Id, sql: String) -> Result<(), Problem> {
        let Some(before) = self.get(at).filter(|before| before.sql != sql) else { return Ok(()) };
        let mut object = Object::new(before.home, &before.name, &before.table, sql)?;
        object.table_home = before.table_home;
        self.set(at, Some(object));
        Ok(())
    }

    /// Puts an object in the place of another, or none.
    pub(super) fn set(&mut self, id: Id, object: Option<Object>) {
        let before = self.put(id, object.map(Arc::new));
        self.changes.push((id, before));
    }

    fn put(&mut self, id: Id, object: Option<Arc<Object>>) -> Option<Arc<Object>> {
        let before = self.objects.remove(&id);
        if let Some(before) = &before {
            self.forget(before);
            self.names.remove(&(Space::of(before), before.home, before.key().1));
            for name in names_of(before) {
                if let Some(ids) = self.mentions.get_mut(&name) {
                    ids.remove(&id);
                }
            }
        }
        for set in [&mut self.temporary, &mut self.virtuals].into_iter().chain(&mut self.unknown) {
            set.remove(&id);
        }
        if let Some(object) = object {
            self.names.insert((Space::of(&object), object.home, object.key().1), id);
            for name in names_of(&object) {
                self.mentions.entry(name).or_default().insert(id);
            }
            if object.home == Home::Temp {
                self.temporary.insert(id);
            }
            if matches!(object.definition, Definition::Virtual { .. }) {
                self.virtuals.insert(id);
            }
            self.unknown.iter_mut().for_each(|set| _ = set.insert(id));
            self.objects.insert(id, object.clone());
            self.forget(&object);
        }
        before
    }

    /// Forgets the facts of the objects that depend on one which changes.
    fn forget(&mut self, object: &Object) {
        let dependents = match &object.definition {
            Definition::Index(_) | Definition::Trigger(_) => return,
            // Names of shadow tables are not in its text.
            Definition::Virtual { .. } => self.objects.keys().copied().collect(),
            _ => self.dependents(&object.name),
        };
        for set in &mut self.unknown {
            set.extend(dependents.iter().filter(|id| self.objects.contains_key(id)));
        }
    }

    /// Begins a statement.
    pub(super) fn begin(&mut self) {
        self.changes.clear();
    }

    /// Returns what the statement changed: what was there, and what is there now.
    pub(super) fn changes(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.changes.iter().flat_map(|(id, before)| before.iter().chain(self.get(*id)))
    }

    /// Takes back what the statement changed.
    pub(super) fn undo(&mut self) {
        for (id, before) in std::mem::take(&mut self.changes).into_iter().rev() {
            self.put(id, before);
        }
    }

    /// Removes what is temporary.
    pub(super) fn end_session(&mut self) {
        for id in std::mem::take(&mut self.temporary) {
            self.put(id, None);
        }
    }
}

/// Returns every name by which an object's text may find a relation, in lower case.
fn names_of(object: &Object) -> BTreeSet<String> {
    let mut names = BTreeSet::from([object.key().1, object.table.to_ascii_lowercase()]);
    match &object.definition {
        Definition::Table(table) => {
            let parents = super::check::all_clauses(table).filter_map(|clause| match &clause.kind {
                ClauseKind::ForeignKey(key) => Some(key.target.name.to_ascii_lowercase()),
                _ => None,
            });
            names.extend(parents);
        }
        // More than the tables that they name, and never less.
        Definition::View(_) | Definition::Trigger(_) => names.extend(words_of(&object.sql)),
        Definition::Index(_) | Definition::Virtual { .. } => {}
    }
    names
}

/// Returns every word, name and string of a text.
fn words_of(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut lexer = Lexer::new(sql, 0, &SQLITE);
    while let Ok(Some(token)) = lexer.next_token() {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Word => words.push(text.to_ascii_lowercase()),
            TokenKind::QuotedName => words.push(unquoted(text).0.to_ascii_lowercase()),
            TokenKind::String if text.starts_with('\'') => words.push(unquoted(text).0.to_ascii_lowercase()),
            _ => {}
        }
    }
    words
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
