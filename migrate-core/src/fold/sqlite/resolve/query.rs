//! Queries: their terms, their results.

use super::super::catalog::{Home, Key};
use super::super::read::{Core, Expr, Ident, Node, Qualified, Quote, ResultColumn, Select, Source, SourceKind};
use super::scope::{Item, Scope, refused};
use super::{CteState, Resolver, Role, Use};
use crate::dialect::sqlite::Affinity;
use crate::fold::Problem;

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fold::sqlite) struct OutColumn {
    pub(in crate::fold::sqlite) name: String,
    /// Nothing where no column and no CAST gives it one.
    pub(in crate::fold::sqlite) affinity: Option<Affinity>,
    /// The table and column that it is, in lower case.
    pub(super) origin: Option<(Key, String)>,
    /// `*` leaves it out.
    pub(super) hidden: bool,
}

impl<'a> Resolver<'_, 'a> {
    /// Resolves a query and returns its columns.
    pub(in crate::fold::sqlite) fn query(&mut self, select: &'a Select) -> Result<Vec<OutColumn>, Problem> {
        let frame = select.ctes.iter().map(|cte| CteState { cte, columns: None, busy: false }).collect();
        self.frames.push(frame);
        let result = self.query_in_frame(select);
        self.frames.pop();
        result
    }

    fn query_in_frame(&mut self, select: &'a Select) -> Result<Vec<OutColumn>, Problem> {
        let level = self.frames.len() - 1;
        for at in 0..select.ctes.len() {
            self.cte(level, at)?;
        }
        let compound = select.cores.len() > 1;
        let mut result: Option<Vec<OutColumn>> = None;
        let mut scopes = Vec::new();
        // SQLite looks at the last part first; the first one gives the columns.
        for (n, core) in select.cores.iter().enumerate().rev() {
            let (columns, scope) = self.core(core, if compound { &[] } else { &select.order })?;
            scopes.insert(0, scope);
            if result.as_ref().is_some_and(|next| next.len() != columns.len()) && !self.unknown_width(&scopes) {
                let message = format!(
                    "SELECTs to the left and right of {} do not have the same number of result columns",
                    select.operators[n]
                );
                return Err(refused(select.at.clone(), message));
            }
            result = Some(columns);
        }
        if compound {
            self.compound_order(&select.order, &scopes)?;
        }
        self.exprs(&select.limit)?;
        Ok(result.unwrap_or_default())
    }

    fn unknown_width(&self, scopes: &[Scope]) -> bool {
        scopes.iter().flat_map(|scope| &scope.items).any(|item| item.opaque)
    }

    /// Resolves an ORDER BY against the first part of a compound in which it means something.
    fn compound_order(&mut self, order: &'a [Expr], scopes: &[Scope]) -> Result<(), Problem> {
        for expr in order {
            if single_name(expr).is_some_and(|name| scopes.iter().any(|s| s.aliases.iter().any(|a| name.is(a)))) {
                continue;
            }
            let mut outcome = Ok(());
            for scope in scopes {
                let uses = self.uses.len();
                self.scopes.push(scope.clone());
                outcome = self.expr(expr);
                self.scopes.pop();
                if outcome.is_ok() {
                    break;
                }
                self.uses.truncate(uses);
            }
            outcome?;
        }
        Ok(())
    }

    /// Resolves a query of a WITH, once, where only it and those around it are visible.
    fn cte(&mut self, level: usize, at: usize) -> Result<Vec<OutColumn>, Problem> {
        let state = self.frames[level][at].clone();
        if let Some(columns) = state.columns {
            return Ok(columns);
        }
        if state.busy {
            let message = format!("circular reference: {}", state.cte.name.name);
            return Err(refused(state.cte.name.at.clone(), message));
        }
        self.frames[level][at].busy = true;
        let inner = self.frames.split_off(level + 1);
        let result = self.cte_columns(level, at);
        self.frames.truncate(level + 1);
        self.frames.extend(inner);
        self.frames[level][at].busy = false;
        let columns = result?;
        self.frames[level][at].columns = Some(columns.clone());
        Ok(columns)
    }

    fn cte_columns(&mut self, level: usize, at: usize) -> Result<Vec<OutColumn>, Problem> {
        let cte = self.frames[level][at].cte;
        let rename = |mut columns: Vec<OutColumn>| {
            for (column, name) in columns.iter_mut().zip(&cte.columns) {
                column.name.clone_from(&name.name);
            }
            columns
        };
        // A query that goes on with itself has the columns of its first part.
        if let (Some(first), true) = (cte.query.cores.first(), cte.query.cores.len() > 1) {
            let uses = self.uses.len();
            self.frames.push(cte.query.ctes.iter().map(|cte| CteState { cte, columns: None, busy: false }).collect());
            let columns = self.core(first, &[]);
            self.frames.pop();
            self.uses.truncate(uses);
            if let Ok((columns, _)) = columns {
                self.frames[level][at].columns = Some(rename(columns));
            }
        }
        let columns = self.query(&cte.query)?;
        if !cte.columns.is_empty() && cte.columns.len() != columns.len() {
            let message =
                format!("table {} has {} values for {} columns", cte.name.name, columns.len(), cte.columns.len());
            return Err(refused(cte.name.at.clone(), message));
        }
        Ok(rename(columns))
    }

    fn core(&mut self, core: &'a Core, order: &'a [Expr]) -> Result<(Vec<OutColumn>, Scope), Problem> {
        if !core.values.is_empty() {
            self.scopes.push(Scope::default());
            let resolved = core.values.iter().try_for_each(|row| self.exprs(row));
            self.scopes.pop();
            resolved?;
            let width = core.values[0].len();
            let columns = (1..=width).map(|n| OutColumn::plain(format!("column{n}"))).collect();
            return Ok((columns, Scope::default()));
        }
        let items = self.sources(&core.from)?;
        self.scopes.push(Scope::of(items));
        let result = self.core_in_scope(core, order);
        let scope = self.scopes.pop().unwrap_or_default();
        Ok((result?, scope))
    }

    fn core_in_scope(&mut self, core: &'a Core, order: &'a [Expr]) -> Result<Vec<OutColumn>, Problem> {
        self.conditions(&core.from)?;
        let mut columns = Vec::new();
        let mut aliases = Vec::new();
        for column in &core.columns {
            match column {
                ResultColumn::Star(table, at) => self.star(table.as_ref(), at, &mut columns)?,
                ResultColumn::Expr { expr, alias } => {
                    self.expr(expr)?;
                    let out = self.result(expr, alias.as_ref());
                    aliases.extend(alias.iter().map(|alias| alias.name.clone()));
                    columns.push(out);
                }
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.aliases = aliases;
        }
        self.exprs(&core.filter)?;
        self.exprs(&core.group)?;
        self.exprs(&core.rest)?;
        for expr in order {
            let aliased = single_name(expr)
                .is_some_and(|name| self.scopes.last().is_some_and(|s| s.aliases.iter().any(|alias| name.is(alias))));
            if !aliased {
                self.expr(expr)?;
            }
        }
        Ok(columns)
    }

    /// Returns what a column of the result is called and is.
    fn result(&self, expr: &Expr, alias: Option<&Ident>) -> OutColumn {
        let origin = self.origin(expr);
        let own_name = match single_path(expr) {
            Some(path) => match origin.as_ref() {
                Some(column) => column.name.clone(),
                // A string in double quotes: its text is the name.
                None if path.last().is_some_and(|ident| ident.quote == Quote::Double) && self.names.strings => {
                    self.text.get(expr.at.clone()).unwrap_or_default().to_owned()
                }
                None => path.last().map(|ident| ident.name.clone()).unwrap_or_default(),
            },
            None => self.text.get(expr.at.clone()).unwrap_or_default().to_owned(),
        };
        OutColumn {
            name: alias.map_or(own_name, |alias| alias.name.clone()),
            affinity: origin.map_or_else(|| self.affinity(expr), |column| column.affinity),
            origin: None,
            hidden: false,
        }
    }

    /// Returns the column that an expression is, if it is one.
    fn origin(&self, expr: &Expr) -> Option<OutColumn> {
        let path = single_path(expr)?;
        let (column, qualifiers) = path.split_last()?;
        for scope in self.scopes.iter().rev() {
            for item in &scope.items {
                if qualifiers.last().is_some_and(|table| !table.is(&item.name)) {
                    continue;
                }
                if let Some(at) = item.position(&column.name) {
                    return Some(item.columns[at].clone());
                }
                if item.rowid && super::scope::is_rowid(&column.name) {
                    let name = item.alias_of_rowid.as_ref().and_then(|alias| item.position(alias));
                    let name = name.map_or("rowid".to_owned(), |at| item.columns[at].name.clone());
                    let affinity = Some(Affinity::Integer);
                    return Some(OutColumn { affinity, ..OutColumn::plain(name) });
                }
            }
        }
        None
    }

    fn affinity(&self, expr: &Expr) -> Option<Affinity> {
        let nodes: Vec<&Node> = expr.nodes.iter().filter(|node| !matches!(node, Node::Collate(_))).collect();
        match nodes[..] {
            [Node::Cast(_, ty)] => Some(Affinity::of(ty)),
            [Node::Group(list)] if list.len() == 1 => {
                self.origin(&list[0]).map_or_else(|| self.affinity(&list[0]), |c| c.affinity)
            }
            [Node::Name(_)] => self.origin(expr).and_then(|column| column.affinity),
            _ => None,
        }
    }

    fn star(
        &mut self,
        table: Option<&Ident>,
        at: &std::ops::Range<usize>,
        columns: &mut Vec<OutColumn>,
    ) -> Result<(), Problem> {
        let Some(scope) = self.scopes.last() else { return Ok(()) };
        let mut found = false;
        let mut named = Vec::new();
        for (n, item) in scope.items.iter().enumerate() {
            if table.is_some_and(|table| !table.is(&item.name)) {
                continue;
            }
            found = true;
            if let (Some(table), Some(key), false) = (table, &item.table, item.aliased) {
                named.push(Use::Table { at: table.at.clone(), table: key.clone(), role: Role::Inner });
            }
            let own = item.columns.iter().filter(|column| !column.hidden);
            let own = own.filter(|c| table.is_some() || n == 0 || !item.shares(&c.name));
            columns.extend(own.cloned().map(|column| OutColumn { origin: None, hidden: false, ..column }));
        }
        self.uses.extend(named.into_iter().take(1));
        if found {
            return Ok(());
        }
        let message = table.map_or("no tables specified".to_owned(), |table| format!("no such table: {}", table.name));
        Err(refused(at.clone(), message))
    }

    /// Finds the terms of a FROM; what follows ON is resolved when all of them are known.
    pub(super) fn sources(&mut self, sources: &'a [Source]) -> Result<Vec<Item>, Problem> {
        let mut items: Vec<Item> = Vec::new();
        for source in sources {
            let mut new = self.source(source)?;
            let shared: Vec<String> = if source.natural {
                let both = |name: &String| items.iter().any(|item| item.position(name).is_some());
                new.iter().flat_map(|item| &item.columns).map(|column| column.name.clone()).filter(both).collect()
            } else {
                source.using.iter().map(|name| name.name.clone()).collect()
            };
            for name in &source.using {
                let has = |items: &[Item]| items.iter().any(|item| item.opaque || item.position(&name.name).is_some());
                if !has(&items) || !has(&new) {
                    let message = format!("cannot join using column {} - column not present in both tables", name.name);
                    return Err(refused(name.at.clone(), message));
                }
            }
            for item in &mut new {
                item.using.extend(shared.iter().cloned());
                item.right = source.right;
            }
            items.extend(new);
        }
        Ok(items)
    }

    fn source(&mut self, source: &'a Source) -> Result<Vec<Item>, Problem> {
        let alias = source.alias.as_ref().map(|alias| alias.name.clone());
        let item = match &source.kind {
            SourceKind::Table(name, arguments) => self.relation(name, arguments.is_none())?,
            SourceKind::Query(query) => Item { columns: self.query(query)?, ..Item::default() },
            SourceKind::Group(inner) => {
                let items = self.sources(inner)?;
                if alias.is_none() {
                    return Ok(items);
                }
                let opaque = items.iter().any(|item| item.opaque);
                let columns = items.into_iter().flat_map(|item| item.columns).collect();
                Item { columns, opaque, ..Item::default() }
            }
        };
        Ok(vec![match alias {
            Some(name) => Item { name, aliased: true, ..item },
            None => item,
        }])
    }

    /// Resolves what stands after ON, and the arguments of functions.
    pub(super) fn conditions(&mut self, sources: &'a [Source]) -> Result<(), Problem> {
        for source in sources {
            match &source.kind {
                SourceKind::Table(_, Some(arguments)) => self.exprs(arguments)?,
                SourceKind::Group(inner) => self.conditions(inner)?,
                _ => {}
            }
            source.on.iter().try_for_each(|on| self.expr(on))?;
        }
        Ok(())
    }

    /// Finds a table, view or WITH query.
    pub(super) fn relation(&mut self, name: &Qualified, no_function: bool) -> Result<Item, Problem> {
        if name.database.is_none() {
            for level in (0..self.frames.len()).rev() {
                if let Some(at) = self.frames[level].iter().position(|state| name.name.is(&state.cte.name.name)) {
                    let columns = self.cte(level, at)?;
                    return Ok(Item { name: name.name.name.clone(), aliased: true, columns, ..Item::default() });
                }
            }
        }
        if self.is_internal(&name.name) || !no_function {
            self.unknown = true;
            return Ok(Item { name: name.name.name.clone(), opaque: true, rowid: true, ..Item::default() });
        }
        let catalog = self.names.catalog;
        let database = name.database.as_ref();
        let found = match (database.map(|database| Home::named(&database.name)), self.home) {
            (Some(home), _) => home.and_then(|home| catalog.relation_in(home, &name.name.name)),
            (None, Home::Main) => catalog.relation_in(Home::Main, &name.name.name),
            (None, Home::Temp) => catalog.relation(&name.name.name),
        };
        let Some(object) = found else {
            // SQLite ties the names of an object of main to main before it looks for them.
            let shown = match (database, self.home, self.place) {
                (Some(database), ..) => format!("{}.{}", database.name, name.name.name),
                (None, Home::Main, super::Place::Query) | (None, Home::Temp, _) => name.name.name.clone(),
                (None, Home::Main, _) => format!("main.{}", name.name.name),
            };
            let message = format!("no such table: {shown}");
            return Err(Problem::new("unknown-table", name.name.at.clone(), message));
        };
        self.uses.push(Use::Table { at: name.name.at.clone(), table: object.key(), role: Role::Inner });
        match Item::of_table(object) {
            Some(item) => {
                self.unknown |= item.unknown;
                Ok(item)
            }
            None => {
                let columns = self.names.view(&object.key(), &name.name.at)?;
                Ok(Item { name: object.name.clone(), table: Some(object.key()), columns, ..Item::default() })
            }
        }
    }

    /// Returns whether a table is SQLite's own, or one that every connection has.
    fn is_internal(&self, name: &Ident) -> bool {
        let lower = name.name.to_ascii_lowercase();
        ["sqlite_", "pragma_", "json_", "jsonb_"].iter().any(|start| lower.starts_with(start))
            && self.names.catalog.relation(&lower).is_none()
            || self.names.catalog.shadowed_by(Home::Main, &lower).is_some()
            || ["fts5vocab", "dbstat", "bytecode", "tables_used"].contains(&lower.as_str())
    }
}

impl OutColumn {
    pub(super) fn plain(name: String) -> Self {
        Self { name, affinity: None, origin: None, hidden: false }
    }
}

/// Returns the path of an expression that is a column and nothing else.
fn single_path(expr: &Expr) -> Option<&[Ident]> {
    let mut nodes = expr.nodes.iter().filter(|node| !matches!(node, Node::Collate(_)));
    match (nodes.next(), nodes.next()) {
        (Some(Node::Name(path)), None) => Some(path),
        (Some(Node::Group(list)), None) if list.len() == 1 => single_path(&list[0]),
        _ => None,
    }
}

fn single_name(expr: &Expr) -> Option<&Ident> {
    single_path(expr).filter(|path| path.len() == 1).and_then(<[Ident]>::last)
}
