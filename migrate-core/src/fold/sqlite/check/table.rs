//! Tables, in the order in which `sqlite3AddColumn` and its neighbours look at them, and then `sqlite3EndTable`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::catalog::{Key, Object, rowid_alias};
use super::super::functions;
use super::super::read::{Clause, ClauseKind, ColumnDef, Expr, Fk, Ident, Node, Quote, TableDef};
use super::super::resolve::{Item, Names, Place, Resolver, Role, Use};
use super::{collation, key_collation, key_column, refused};
use crate::fold::Problem;

/// Checks a table and returns what its text names.
pub(in crate::fold::sqlite) fn of(names: &Names<'_>, object: &Object, table: &TableDef) -> Result<Vec<Use>, Problem> {
    let mut check = Check {
        names,
        object,
        table,
        uses: vec![Use::Table { at: table.name.at.clone(), table: object.key(), role: Role::Own }],
        primary: false,
    };
    for (n, column) in table.columns.iter().enumerate() {
        check.column(n, column)?;
    }
    for clause in &table.constraints {
        check.clause(clause)?;
    }
    check.end()?;
    Ok(check.uses)
}

struct Check<'c> {
    names: &'c Names<'c>,
    object: &'c Object,
    table: &'c TableDef,
    uses: Vec<Use>,
    /// A primary key was found.
    primary: bool,
}

impl<'c> Check<'c> {
    fn key(&self) -> Key {
        self.object.key()
    }

    fn find(&self, name: &Ident) -> Option<&'c ColumnDef> {
        self.table.columns.iter().find(|column| name.is(&column.name.name))
    }

    fn use_column(&mut self, at: &Ident, column: &str) {
        let column = column.to_ascii_lowercase();
        self.uses.push(Use::Column { at: at.at.clone(), quote: at.quote, table: self.key(), column });
    }

    fn column(&mut self, n: usize, column: &'c ColumnDef) -> Result<(), Problem> {
        if self.table.columns[..n].iter().any(|before| column.name.is(&before.name.name)) {
            let message = format!("duplicate column name: {}", column.name.name);
            return Err(Problem::new("duplicate-column", column.name.at.clone(), message));
        }
        self.use_column(&column.name, &column.name.name);
        let mut generated = false;
        for clause in &column.clauses {
            match &clause.kind {
                ClauseKind::Default(at, expr) => {
                    if generated {
                        return Err(refused(at, "cannot use DEFAULT on a generated column"));
                    }
                    default(column, at, expr.as_ref())?;
                }
                ClauseKind::Generated { expr, .. } => {
                    let at = &expr.at;
                    if column
                        .clauses
                        .iter()
                        .any(|other| matches!(&other.kind, ClauseKind::Default(default, _) if default.start < at.start))
                    {
                        return Err(refused(at, format!("error in generated column \"{}\"", column.name.name)));
                    }
                    generated = true;
                }
                ClauseKind::Collate(name) => collation(name)?,
                ClauseKind::PrimaryKey { autoincrement, .. } => self.primary_key(clause, *autoincrement)?,
                ClauseKind::ForeignKey(fk) => self.own_foreign_key(column, fk)?,
                _ => {}
            }
        }
        let key = column.clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::PrimaryKey { .. }));
        if let (Some(clause), true) = (key, generated) {
            return Err(refused(&clause.at, "generated columns cannot be part of the PRIMARY KEY"));
        }
        Ok(())
    }

    fn own_foreign_key(&mut self, column: &ColumnDef, fk: &Fk) -> Result<(), Problem> {
        if fk.target_columns.len() > 1 {
            let message = format!(
                "foreign key on {} should reference only one column of table {}",
                column.name.name, fk.target.name
            );
            return Err(refused(&fk.target_columns[1].at, message));
        }
        self.parent(fk);
        Ok(())
    }

    /// Remembers the table and columns that a foreign key points to, which need not be there.
    fn parent(&mut self, fk: &Fk) {
        let table = (self.object.home, fk.target.name.to_ascii_lowercase());
        self.uses.push(Use::Table { at: fk.target.at.clone(), table: table.clone(), role: Role::Parent });
        for column in &fk.target_columns {
            let name = column.name.to_ascii_lowercase();
            self.uses.push(Use::Column {
                at: column.at.clone(),
                quote: column.quote,
                table: table.clone(),
                column: name,
            });
        }
    }

    fn primary_key(&mut self, clause: &Clause, autoincrement: bool) -> Result<(), Problem> {
        if std::mem::replace(&mut self.primary, true) {
            let message = format!("table \"{}\" has more than one primary key", self.table.name.name);
            return Err(refused(&clause.at, message));
        }
        if autoincrement && rowid_alias(&TableDef { without_rowid: false, ..self.table.clone() }).is_none() {
            return Err(refused(&clause.at, "AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY"));
        }
        Ok(())
    }

    fn clause(&mut self, clause: &'c Clause) -> Result<(), Problem> {
        match &clause.kind {
            ClauseKind::PrimaryKey { keys, autoincrement, .. } => {
                self.primary_key(clause, *autoincrement)?;
                // The rowid has no index, so that nothing looks at its collation.
                let plain = TableDef { without_rowid: false, ..self.table.clone() };
                self.keys(keys, rowid_alias(&plain).is_some())?;
                let generated = keys.iter().filter_map(key_column).find(|name| {
                    self.find(name).is_some_and(|column| {
                        column.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Generated { .. }))
                    })
                });
                match generated {
                    Some(name) => Err(refused(&name.at, "generated columns cannot be part of the PRIMARY KEY")),
                    None => Ok(()),
                }
            }
            ClauseKind::Unique { keys, .. } => self.keys(keys, false),
            ClauseKind::ForeignKey(fk) => self.foreign_key(fk),
            _ => Ok(()),
        }
    }

    fn keys(&mut self, keys: &'c [Expr], rowid: bool) -> Result<(), Problem> {
        for key in keys {
            if !rowid {
                key_collation(key).map_or(Ok(()), collation)?;
            }
            match key_column(key) {
                None => {
                    let message = "expressions prohibited in PRIMARY KEY and UNIQUE constraints";
                    return Err(refused(&key.at, message));
                }
                Some(name) => match self.find(name) {
                    Some(column) => self.use_column(name, &column.name.name),
                    None if name.quote == Quote::Double && self.names.strings => {
                        let message = "expressions prohibited in PRIMARY KEY and UNIQUE constraints";
                        return Err(refused(&key.at, message));
                    }
                    None => {
                        let message = format!("no such column: {}", name.name);
                        return Err(Problem::new("unknown-column", name.at.clone(), message));
                    }
                },
            }
        }
        Ok(())
    }

    fn foreign_key(&mut self, fk: &Fk) -> Result<(), Problem> {
        if !fk.target_columns.is_empty() && fk.target_columns.len() != fk.columns.len() {
            let message =
                "number of columns in foreign key does not match the number of columns in the referenced table";
            return Err(refused(&fk.target.at, message));
        }
        for name in &fk.columns {
            let Some(column) = self.find(name) else {
                let message = format!("unknown column \"{}\" in foreign key definition", name.name);
                return Err(Problem::new("unknown-column", name.at.clone(), message));
            };
            self.use_column(name, &column.name.name);
        }
        self.parent(fk);
        Ok(())
    }

    /// What is checked when the whole table is known.
    fn end(&mut self) -> Result<(), Problem> {
        self.conflicts()?;
        if self.table.strict {
            self.strict_types()?;
        }
        if self.table.without_rowid {
            let autoincrement =
                all_clauses(self.table).find(|c| matches!(c.kind, ClauseKind::PrimaryKey { autoincrement: true, .. }));
            if let Some(clause) = autoincrement {
                return Err(refused(&clause.at, "AUTOINCREMENT not allowed on WITHOUT ROWID tables"));
            }
            if !self.primary {
                let message = format!("PRIMARY KEY missing on table {}", self.table.name.name);
                return Err(refused(&self.table.name.at, message));
            }
        }
        for clause in all_clauses(self.table) {
            if let ClauseKind::Check(expr) = &clause.kind {
                super::index::collations(expr)?;
                self.expression(expr, Place::Check)?;
            }
        }
        self.generated()
    }

    fn expression(&mut self, expr: &'c Expr, place: Place) -> Result<Vec<Use>, Problem> {
        let item = Item::of_columns(self.table, self.key(), &self.object.name);
        let mut resolver = Resolver::new(self.names, self.object.home, place, &self.object.sql);
        resolver.own(item, expr, place)?;
        self.uses.extend(resolver.uses.iter().cloned());
        Ok(resolver.uses)
    }

    fn generated(&mut self) -> Result<(), Problem> {
        let mut uses_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut ordinary = 0;
        for column in &self.table.columns {
            let own = column.clauses.iter().find_map(|clause| match &clause.kind {
                ClauseKind::Generated { expr, .. } => Some(expr),
                _ => None,
            });
            let Some(expr) = own else {
                ordinary += 1;
                continue;
            };
            super::index::collations(expr)?;
            let uses = self.expression(expr, Place::Generated)?;
            let columns = uses.into_iter().filter_map(|used| match used {
                Use::Column { column, .. } => Some(column),
                _ => None,
            });
            uses_of.insert(column.name.name.to_ascii_lowercase(), columns.collect());
        }
        if ordinary == 0 {
            return Err(refused(&self.table.name.at, "must have at least one non-generated column"));
        }
        if self.names.creating { self.no_loop(&uses_of) } else { Ok(()) }
    }

    /// Refuses columns that are generated from themselves; SQLite names the last one that it cannot compute.
    fn no_loop(&self, uses_of: &BTreeMap<String, BTreeSet<String>>) -> Result<(), Problem> {
        let mut stuck: Vec<&ColumnDef> = self.table.columns.iter().collect();
        loop {
            let before = stuck.len();
            let names: BTreeSet<String> = stuck.iter().map(|column| column.name.name.to_ascii_lowercase()).collect();
            stuck.retain(|column| {
                let uses = uses_of.get(&column.name.name.to_ascii_lowercase());
                uses.is_some_and(|uses| uses.iter().any(|used| names.contains(used)))
            });
            if stuck.len() == before {
                break;
            }
        }
        let Some(column) = stuck.last() else { return Ok(()) };
        Err(refused(&column.name.at, format!("generated column loop on \"{}\"", column.name.name)))
    }

    fn strict_types(&self) -> Result<(), Problem> {
        for column in &self.table.columns {
            let place = format!("{}.{}", self.table.name.name, column.name.name);
            let bare = column.ty.trim_matches(['"', '\'', '`', '[', ']']);
            if column.ty.is_empty() {
                return Err(refused(&column.name.at, format!("missing datatype for {place}")));
            }
            if !["int", "integer", "real", "text", "blob", "any"].iter().any(|ty| bare.eq_ignore_ascii_case(ty)) {
                let message = format!("unknown datatype for {place}: \"{}\"", column.ty);
                return Err(refused(&column.name.at, message));
            }
        }
        Ok(())
    }

    /// Refuses two keys of the same columns whose conflict clauses differ.
    fn conflicts(&self) -> Result<(), Problem> {
        let mut seen: BTreeMap<Vec<(String, String)>, &str> = BTreeMap::new();
        let own = self.table.columns.iter().flat_map(|column| column.clauses.iter().map(move |c| (Some(column), c)));
        for (column, clause) in own.chain(self.table.constraints.iter().map(|clause| (None, clause))) {
            let (ClauseKind::PrimaryKey { keys, conflict, .. } | ClauseKind::Unique { keys, conflict, .. }) =
                &clause.kind
            else {
                continue;
            };
            let alias = rowid_alias(self.table).is_some();
            if alias && matches!(clause.kind, ClauseKind::PrimaryKey { .. }) {
                continue;
            }
            let names = column.map(|column| &column.name).into_iter().chain(keys.iter().filter_map(key_column));
            let collations = keys.iter().map(key_collation).chain(std::iter::repeat(None));
            let key = names.zip(collations).map(|(name, collation)| {
                let collation = collation.map(|collation| collation.name.as_str()).unwrap_or_default();
                (name.name.to_ascii_lowercase(), collation.to_ascii_lowercase())
            });
            let word = conflict.as_deref().unwrap_or_default();
            let before = seen.entry(key.collect()).or_insert(word);
            if !before.is_empty() && !word.is_empty() && *before != word {
                return Err(refused(&clause.at, "conflicting ON CONFLICT clauses specified"));
            }
            if before.is_empty() {
                *before = word;
            }
        }
        Ok(())
    }
}

/// Returns every constraint, those of columns first.
pub(in crate::fold::sqlite) fn all_clauses(table: &TableDef) -> impl Iterator<Item = &Clause> {
    table.columns.iter().flat_map(|column| &column.clauses).chain(&table.constraints)
}

fn default(column: &ColumnDef, at: &std::ops::Range<usize>, expr: Option<&Expr>) -> Result<(), Problem> {
    if expr.is_none_or(is_constant) {
        return Ok(());
    }
    Err(refused(at, format!("default value of column [{}] is not constant", column.name.name)))
}

fn is_constant(expr: &Expr) -> bool {
    expr.nodes.iter().all(|node| match node {
        Node::Name(path) => {
            path.len() == 1 && path[0].quote == Quote::Bare && (path[0].is("true") || path[0].is("false"))
        }
        Node::Parameter(_) | Node::Query(_) | Node::InTable(..) | Node::Raise(..) => false,
        Node::Call(call) => {
            call.window.is_none()
                && !(call.star && functions::is_aggregate(&call.name.name, 0))
                && call.arguments.iter().all(is_constant)
        }
        Node::Group(list) | Node::Case(list) => list.iter().all(is_constant),
        Node::Cast(expr, _) => is_constant(expr),
        Node::String(_) | Node::Literal | Node::Now(_) | Node::Operator(_) | Node::Collate(_) => true,
    })
}

/// Checks a column that ALTER TABLE adds, as far as SQLite does before it is a part of the table.
pub(in crate::fold::sqlite) fn new_column(
    names: &Names<'_>,
    object: &Object,
    table: &TableDef,
    column: &ColumnDef,
) -> Result<(), Problem> {
    let mut table = table.clone();
    table.columns.push(column.clone());
    let mut check = Check { names, object, table: &table, uses: Vec::new(), primary: false };
    let last = table.columns.len() - 1;
    check.column(last, &table.columns[last])
}
