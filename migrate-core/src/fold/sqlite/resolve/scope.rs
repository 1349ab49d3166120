//! Where a name is looked up.

use super::super::catalog::{Home, Key, Object, rowid_alias};
use super::super::functions;
use super::super::read::{Call, Definition, Event, Expr, Ident, Node, Quote, TableDef, VirtualColumn};
use super::query::OutColumn;
use super::{Place, Resolver, Role, Use};
use crate::dialect::sqlite::Affinity;
use crate::fold::Problem;

/// A term of a FROM with its columns.
#[derive(Clone, Debug, Default)]
pub(in crate::fold::sqlite) struct Item {
    /// Its alias, or the table's name.
    pub(super) name: String,
    pub(super) aliased: bool,
    pub(super) table: Option<Key>,
    pub(super) columns: Vec<OutColumn>,
    /// Nobody knows its columns: a virtual table, a function, one of SQLite's own tables.
    pub(super) opaque: bool,
    /// The types of its columns cannot be told.
    pub(super) unknown: bool,
    pub(super) rowid: bool,
    /// The column that is the rowid.
    pub(super) alias_of_rowid: Option<String>,
    /// The columns that it shares with the terms before it.
    pub(super) using: Vec<String>,
    /// It was joined by RIGHT or FULL.
    pub(super) right: bool,
}

/// The terms of one FROM, and the aliases of its result.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) items: Vec<Item>,
    pub(super) aliases: Vec<String>,
    /// `excluded` of an upsert.
    pub(super) excluded: Option<Item>,
}

impl Scope {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { items, ..Self::default() }
    }
}

impl Item {
    /// Returns a stored table; a view's columns depend on others.
    pub(super) fn of_table(object: &Object) -> Option<Self> {
        match &object.definition {
            Definition::Table(table) => Some(Self::of_columns(table, object.key(), &object.name)),
            Definition::Virtual { columns, .. } => {
                let column = |column: &VirtualColumn| OutColumn {
                    hidden: column.hidden,
                    ..OutColumn::plain(column.name.clone())
                };
                Some(Self {
                    name: object.name.clone(),
                    table: Some(object.key()),
                    columns: columns.iter().flatten().map(column).collect(),
                    opaque: columns.is_none(),
                    unknown: true,
                    rowid: true,
                    ..Self::default()
                })
            }
            _ => None,
        }
    }

    pub(in crate::fold::sqlite) fn of_columns(table: &TableDef, key: Key, name: &str) -> Self {
        let columns = table
            .columns
            .iter()
            .map(|column| OutColumn {
                name: column.name.name.clone(),
                affinity: Some(Affinity::of(&column.ty)),
                origin: Some((key.clone(), column.name.name.to_ascii_lowercase())),
                hidden: false,
            })
            .collect();
        Self {
            name: name.to_owned(),
            table: Some(key),
            columns,
            rowid: !table.without_rowid,
            alias_of_rowid: rowid_alias(table).map(|column| column.name.name.to_ascii_lowercase()),
            ..Self::default()
        }
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn shares(&self, name: &str) -> bool {
        self.using.iter().any(|shared| shared.eq_ignore_ascii_case(name))
    }
}

pub(super) fn is_rowid(name: &str) -> bool {
    ["rowid", "_rowid_", "oid"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What a name was found to be.
enum Found {
    Column(Item, Option<usize>),
    /// An alias of the result, or a column of something whose columns nobody knows.
    Other,
    Ambiguous,
}

impl<'a> Resolver<'_, 'a> {
    /// Resolves the names of an expression.
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Result<(), Problem> {
        expr.nodes.iter().try_for_each(|node| self.node(node))
    }

    pub(super) fn exprs(&mut self, list: &'a [Expr]) -> Result<(), Problem> {
        list.iter().try_for_each(|expr| self.expr(expr))
    }

    fn node(&mut self, node: &'a Node) -> Result<(), Problem> {
        match node {
            Node::String(_) | Node::Literal | Node::Operator(_) | Node::Collate(_) => Ok(()),
            Node::Name(names) => self.name(names),
            Node::Now(at) if self.place.is_deterministic() => Err(self.volatile(at.clone())),
            Node::Now(_) => Ok(()),
            Node::Parameter(at) => match self.place.restricted() {
                Some(place) => Err(refused(at.clone(), format!("parameters prohibited in {place}"))),
                None => Ok(()),
            },
            Node::Call(call) => self.call(call),
            Node::Group(list) | Node::Case(list) => self.exprs(list),
            Node::Cast(expr, _) => self.expr(expr),
            Node::Query(query) => {
                self.no_query(query.at.clone())?;
                self.query(query).map(|_| ())
            }
            Node::InTable(table, arguments) => {
                self.no_query(table.name.at.clone())?;
                // SQLite does not rewrite this one when the table is renamed: the uses of the name are not kept.
                let uses = self.uses.len();
                self.relation(table, arguments.is_empty())?;
                self.uses.truncate(uses);
                self.exprs(arguments)
            }
            Node::Raise(at, message) => {
                if self.place != Place::Trigger {
                    let text = "RAISE() may only be used within a trigger-program";
                    return Err(refused(at.clone(), text));
                }
                message.iter().try_for_each(|message| self.expr(message))
            }
        }
    }

    fn no_query(&self, at: std::ops::Range<usize>) -> Result<(), Problem> {
        match self.place.restricted() {
            Some(place) => Err(refused(at, format!("subqueries prohibited in {place}"))),
            None => Ok(()),
        }
    }

    fn volatile(&self, at: std::ops::Range<usize>) -> Problem {
        let place = self.place.restricted().unwrap_or_default();
        refused(at, format!("non-deterministic functions prohibited in {place}"))
    }

    fn call(&mut self, call: &'a Call) -> Result<(), Problem> {
        let name = &call.name;
        if self.place.restricted().is_some() {
            if !functions::is_known(&name.name) {
                let problem =
                    Problem::new("unknown-function", name.at.clone(), format!("no such function: {}", name.name));
                return Err(problem.help("if the program defines it, say what the statement does: `-- migrate:effect`"));
            }
            if call.window.is_some() {
                return Err(refused(name.at.clone(), format!("misuse of window function {}()", self.slice(name))));
            }
            if functions::is_aggregate(&name.name, call.arguments.len()) || call.star {
                return Err(refused(name.at.clone(), format!("misuse of aggregate function {}()", self.slice(name))));
            }
            if self.place.is_deterministic() && functions::is_volatile(&name.name) {
                return Err(self.volatile(name.at.clone()));
            }
        }
        self.exprs(&call.arguments)?;
        self.exprs(&call.more)?;
        call.window.iter().try_for_each(|window| self.exprs(&window.expressions))
    }

    fn slice(&self, ident: &Ident) -> &'a str {
        self.text.get(ident.at.clone()).unwrap_or_default()
    }

    fn name(&mut self, names: &'a [Ident]) -> Result<(), Problem> {
        let Some((column, qualifiers)) = names.split_last() else { return Ok(()) };
        if let (Some(first), true) = (qualifiers.first(), matches!(self.place, Place::Generated | Place::IndexKey)) {
            let ours = self.scopes.iter().flat_map(|scope| &scope.items).any(|item| {
                qualifiers.last().is_some_and(|table| table.is(&item.name)) && item.position(&column.name).is_some()
            });
            if ours || self.place == Place::IndexKey {
                let place = self.place.restricted().unwrap_or_default();
                return Err(refused(first.at.clone(), format!("the \".\" operator prohibited in {place}")));
            }
        }
        match self.lookup(qualifiers, column) {
            Some(Found::Column(item, index)) => {
                self.keep(&item, index, column, qualifiers.last());
                Ok(())
            }
            Some(Found::Other) => Ok(()),
            Some(Found::Ambiguous) => {
                let name = full(qualifiers, column);
                Err(Problem::new("unknown-column", column.at.clone(), format!("ambiguous column name: {name}")))
            }
            None => self.unfound(qualifiers, column),
        }
    }

    /// Remembers what a name stands for.
    fn keep(&mut self, item: &Item, index: Option<usize>, column: &Ident, qualifier: Option<&Ident>) {
        let origin = match index {
            Some(index) => item.columns[index].origin.clone().filter(|_| item.table.is_some()),
            // The rowid is the column that is its alias.
            None => item.table.clone().zip(item.alias_of_rowid.clone()),
        };
        if let Some((table, name)) = origin {
            self.uses.push(Use::Column { at: column.at.clone(), quote: column.quote, table, column: name });
        }
        if let (Some(table), Some(qualifier), false) = (&item.table, qualifier, item.aliased) {
            self.uses.push(Use::Table { at: qualifier.at.clone(), table: table.clone(), role: Role::Inner });
        }
    }

    fn unfound(&mut self, qualifiers: &[Ident], column: &Ident) -> Result<(), Problem> {
        if qualifiers.is_empty() {
            if column.quote == Quote::Double && self.names.strings {
                self.uses.push(Use::Text { at: column.at.clone() });
                return Ok(());
            }
            if column.quote == Quote::Bare && (column.is("true") || column.is("false")) {
                return Ok(());
            }
            if column.quote == Quote::Double {
                let message =
                    format!("no such column: \"{}\" - should this be a string literal in single-quotes?", column.name);
                return Err(Problem::new("unknown-column", column.at.clone(), message));
            }
        }
        let message = format!("no such column: {}", full(qualifiers, column));
        Err(Problem::new("unknown-column", column.at.clone(), message))
    }

    fn lookup(&self, qualifiers: &[Ident], column: &Ident) -> Option<Found> {
        let table = qualifiers.last();
        let database = (qualifiers.len() == 2).then(|| &qualifiers[0]);
        if self.scopes.is_empty() {
            return self.pseudo(table, column, None);
        }
        for scope in self.scopes.iter().rev() {
            let found = self.lookup_in(scope, database, table, column);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn lookup_in(
        &self,
        scope: &Scope,
        database: Option<&Ident>,
        table: Option<&Ident>,
        column: &Ident,
    ) -> Option<Found> {
        let (mut found, mut rowids, mut unknown) = (None, Vec::new(), false);
        for item in &scope.items {
            let ours = table.is_none_or(|table| table.is(&item.name));
            let right_database = database.is_none_or(|database| {
                item.table.as_ref().is_some_and(|(home, _)| Home::named(&database.name) == Some(*home))
            });
            if !ours || !right_database {
                continue;
            }
            unknown |= item.opaque;
            if let Some(index) = item.position(&column.name) {
                if found.is_some() {
                    if !item.shares(&column.name) {
                        return Some(Found::Ambiguous);
                    }
                    if !item.right {
                        continue;
                    }
                }
                found = Some(Found::Column(item.clone(), Some(index)));
            }
            if item.rowid {
                rowids.push(item);
            }
        }
        if found.is_none() && database.is_none() {
            found = self.pseudo(table, column, scope.excluded.as_ref());
        }
        let rowid_allowed = !matches!(self.place, Place::Generated | Place::IndexKey);
        if found.is_none() && rowid_allowed && is_rowid(&column.name) {
            found = match rowids[..] {
                [] => None,
                [item] => Some(Found::Column(item.clone(), None)),
                _ => Some(Found::Ambiguous),
            };
        }
        if found.is_none() && table.is_none() && scope.aliases.iter().any(|alias| column.is(alias)) {
            found = Some(Found::Other);
        }
        if found.is_none() && unknown {
            found = Some(Found::Other);
        }
        found
    }

    /// Looks in `new`, `old` and `excluded`.
    fn pseudo(&self, table: Option<&Ident>, column: &Ident, excluded: Option<&Item>) -> Option<Found> {
        let table = table?;
        let of_trigger = self.trigger.as_ref().and_then(|(item, event)| {
            let seen = (table.is("new") && *event != Event::Delete) || (table.is("old") && *event != Event::Insert);
            seen.then_some(item)
        });
        let item = match excluded.filter(|_| table.is("excluded")) {
            // When the table is renamed SQLite takes this word for its name, and rewrites it too.
            Some(item) => item.clone(),
            // No token of `new.a` names the table.
            None => Item { aliased: true, ..of_trigger?.clone() },
        };
        if let Some(index) = item.position(&column.name) {
            return Some(Found::Column(item, Some(index)));
        }
        if item.opaque {
            return Some(Found::Other);
        }
        if item.rowid && is_rowid(&column.name) { Some(Found::Column(item, None)) } else { None }
    }
}

pub(super) fn refused(at: std::ops::Range<usize>, message: impl Into<String>) -> Problem {
    Problem::new("sql-refused", at, message)
}

fn full(qualifiers: &[Ident], column: &Ident) -> String {
    let mut names: Vec<&str> = qualifiers.iter().map(|ident| ident.name.as_str()).collect();
    names.push(&column.name);
    names.join(".")
}
