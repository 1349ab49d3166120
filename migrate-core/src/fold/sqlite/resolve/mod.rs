//! What names mean: the tables, columns and strings that the names of an object's text stand for.
//!
//! The rules are those of `sqlite3ResolveExprNames`: from the innermost query outwards, tables before the aliases of
//! the result, and a name in double quotes that nothing has is a string. ALTER TABLE rewrites what was found here.

mod query;
mod scope;
mod trigger;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use query::OutColumn;
pub(super) use scope::Item;
use scope::Scope;

use super::catalog::{Catalog, Home, Key};
use super::read::{Cte, Definition, Event, Expr, Quote};
use crate::fold::Problem;

/// What a name in a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A column of a table, both in lower case.
    Column { at: Range<usize>, quote: Quote, table: Key, column: String },
    /// A table.
    Table { at: Range<usize>, table: Key, role: Role },
    /// A string in double quotes.
    Text { at: Range<usize> },
}

/// Why a text names a table: a rename follows some of them always, and others unless it is a legacy one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the table, or an index or trigger on it.
    Own,
    /// A foreign key points to it.
    Parent,
    /// An expression or query uses it.
    Inner,
}

/// Where an expression stands, which decides what it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    View,
    Trigger,
    Check,
    Generated,
    IndexKey,
    IndexFilter,
    /// A query by itself, as in CREATE TABLE AS.
    Query,
}

impl Place {
    /// Returns the words of a message, where the place forbids queries.
    fn restricted(self) -> Option<&'static str> {
        match self {
            Self::Check => Some("CHECK constraints"),
            Self::Generated => Some("generated columns"),
            Self::IndexKey => Some("index expressions"),
            Self::IndexFilter => Some("partial index WHERE clauses"),
            Self::View | Self::Trigger | Self::Query => None,
        }
    }

    /// Returns whether a string in double quotes may stand here.
    fn is_deterministic(self) -> bool {
        matches!(self, Self::Generated | Self::IndexKey | Self::IndexFilter)
    }
}

/// The catalog, with the columns of views that were already worked out.
pub(super) struct Names<'a> {
    pub(super) catalog: &'a Catalog,
    /// Whether a name in double quotes may be a string: not in the checks after an ALTER.
    pub(super) strings: bool,
    /// Whether a table is being created: SQLite looks for loops of generated columns then, and never again.
    pub(super) creating: bool,
    views: RefCell<BTreeMap<Key, View>>,
}

/// The columns of a view: being worked out, or known.
#[derive(Clone)]
enum View {
    Busy,
    Known(Result<Vec<OutColumn>, Problem>),
}

impl<'a> Names<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, strings: true, creating: false, views: RefCell::default() }
    }

    pub(super) fn without_strings(catalog: &'a Catalog) -> Self {
        Self { catalog, strings: false, creating: false, views: RefCell::default() }
    }

    /// Returns the columns of a view.
    fn view(&self, key: &Key, at: &Range<usize>) -> Result<Vec<OutColumn>, Problem> {
        let known = self.views.borrow().get(key).cloned();
        match known {
            Some(View::Known(columns)) => return columns.map_err(|problem| Problem { at: at.clone(), ..problem }),
            Some(View::Busy) => {
                let message = format!("view {} is circularly defined", key.1);
                return Err(Problem::new("sql-refused", at.clone(), message));
            }
            None => {}
        }
        self.views.borrow_mut().insert(key.clone(), View::Busy);
        let columns = self.view_columns(key);
        self.views.borrow_mut().insert(key.clone(), View::Known(columns.clone()));
        // Its own bytes say nothing in the text that uses the view.
        columns.map_err(|problem| Problem { at: at.clone(), ..problem })
    }

    fn view_columns(&self, key: &Key) -> Result<Vec<OutColumn>, Problem> {
        let Some(object) = self.catalog.relation_in(key.0, &key.1) else { return Ok(Vec::new()) };
        let Definition::View(view) = &object.definition else { return Ok(Vec::new()) };
        let mut resolver = Resolver::new(self, object.home, Place::View, &object.sql);
        let mut columns = resolver.query(&view.query)?;
        if view.columns.is_empty() {
            return Ok(columns);
        }
        if view.columns.len() != columns.len() {
            let message =
                format!("expected {} columns for '{}' but got {}", view.columns.len(), object.name, columns.len());
            return Err(Problem::new("sql-refused", 0..0, message));
        }
        for (column, name) in columns.iter_mut().zip(&view.columns) {
            column.name.clone_from(&name.name);
        }
        Ok(columns)
    }
}

/// Resolves the names of one text.
pub(super) struct Resolver<'n, 'a> {
    names: &'n Names<'n>,
    /// The database of the object: one of main sees only main.
    home: Home,
    place: Place,
    text: &'a str,
    scopes: Vec<Scope>,
    frames: Vec<Vec<CteState<'a>>>,
    trigger: Option<(Item, Event)>,
    pub(super) uses: Vec<Use>,
    /// A table was named whose columns nobody knows.
    unknown: bool,
}

/// A query of a WITH that is visible.
#[derive(Clone)]
struct CteState<'a> {
    cte: &'a Cte,
    columns: Option<Vec<OutColumn>>,
    busy: bool,
}

impl<'n, 'a> Resolver<'n, 'a> {
    pub(super) fn new(names: &'n Names<'n>, home: Home, place: Place, text: &'a str) -> Self {
        Self {
            names,
            home,
            place,
            text,
            scopes: Vec::new(),
            frames: Vec::new(),
            trigger: None,
            uses: Vec::new(),
            unknown: false,
        }
    }

    /// Resolves an expression of a table itself: a check, generated column, key or filter of an index.
    pub(super) fn own(&mut self, table: Item, expr: &'a Expr, place: Place) -> Result<(), Problem> {
        self.place = place;
        self.scopes = vec![Scope::of(vec![table])];
        self.expr(expr)?;
        self.scopes.clear();
        Ok(())
    }

    /// Returns whether a table was named whose columns nobody knows.
    pub(super) fn saw_unknown(&self) -> bool {
        self.unknown
    }
}
