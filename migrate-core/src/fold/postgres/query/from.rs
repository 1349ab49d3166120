//! FROM: its relations, joins and aliases.

use std::ops::Range;

use super::scope::{Item, Joined, Scope, Visible};
use super::{Analyst, Output, Value, is_name};
use crate::dialect::postgres::keywords::{Category, category};
use crate::fold::Problem;
use crate::sql::TokenKind;

/// The words with which a join begins.
const JOINS: &[&str] = &["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"];

/// The alias of something in FROM.
#[derive(Clone, Debug, Default)]
pub(super) struct Alias {
    pub(super) name: Option<String>,
    /// Names of columns, with types where they are given.
    pub(super) columns: Vec<(String, Option<Value>)>,
}

impl Analyst<'_, '_> {
    /// Reads what follows FROM into a scope, and returns where the next clause begins.
    pub(super) fn from(&mut self, at: Range<usize>, scope: &mut Scope<'_>) -> Result<usize, Problem> {
        let mut next = at.start;
        loop {
            let (joined, end) = self.joined(next..at.end, scope)?;
            scope.add(joined);
            next = end;
            if !(self.is(next, ",") && next < at.end) {
                return Ok(next);
            }
            next += 1;
        }
    }

    /// Reads one part with its joins.
    fn joined(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<(Joined, usize), Problem> {
        self.deeper(at.start, |this| {
            let (mut left, mut next) = this.primary(at.clone(), scope)?;
            while next < at.end && this.is_any(next, JOINS) {
                let natural = this.is(next, "NATURAL");
                while this.is_any(next, JOINS) || this.is(next, "OUTER") {
                    let ends = this.is(next, "JOIN");
                    next += 1;
                    if ends {
                        break;
                    }
                }
                let beside = Scope::beside(scope, left.clone());
                let (right, end) = this.operand_of_join(next..at.end, &beside)?;
                (left, next) = this.condition(left, right, natural, end..at.end, scope)?;
            }
            Ok((left, next))
        })
    }

    /// Reads the right side of a join, which may itself be a join: `a JOIN b JOIN c ON … ON …`.
    fn operand_of_join(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<(Joined, usize), Problem> {
        let (left, next) = self.primary(at.clone(), scope)?;
        let nested = self.is_any(next, JOINS) && !self.is_any(next, &["CROSS", "NATURAL"]) && next < at.end;
        if !nested || !self.has_own_condition(next..at.end)? {
            return Ok((left, next));
        }
        let mut inner = next;
        while !self.is(inner, "JOIN") && inner < at.end {
            inner += 1;
        }
        let beside = Scope::beside(scope, left.clone());
        let (right, end) = self.operand_of_join(inner + 1..at.end, &beside)?;
        self.condition(left, right, false, end..at.end, scope)
    }

    /// Returns whether a join that begins before the condition of the one around it has a condition of its own: then
    /// there are as many conditions as joins.
    fn has_own_condition(&self, at: Range<usize>) -> Result<bool, Problem> {
        let (mut joins, mut conditions, mut next) = (1_usize, 0_usize, at.start);
        while next < at.end && !self.is(next, ",") && !self.is_clause(next) {
            if self.is(next, "JOIN") {
                let free = next > 0 && self.is_any(next - 1, &["CROSS", "NATURAL"]);
                joins += usize::from(!free);
            } else if self.is_any(next, &["ON", "USING"]) {
                conditions += 1;
                if conditions >= joins {
                    return Ok(true);
                }
            }
            next = if self.is(next, "(") { self.cursor.closing(next)? + 1 } else { next + 1 };
        }
        Ok(false)
    }

    /// Reads the condition of a join.
    fn condition(
        &mut self,
        left: Joined,
        right: Joined,
        natural: bool,
        at: Range<usize>,
        scope: &Scope<'_>,
    ) -> Result<(Joined, usize), Problem> {
        let mut next = at.start;
        let mut shared = Vec::new();
        if natural {
            let names = left.visible.iter().map(|column| column.name.clone());
            shared = names.filter(|name| right.visible.iter().any(|column| column.name == *name)).collect();
        } else if self.is(next, "USING") && next < at.end {
            let close = self.cursor.closing(next + 1)?;
            shared = (next + 2..close).filter_map(|at| self.name(at)).collect();
            next = close + 1;
        }
        let joined = self.merged(left, right, &shared, at.start)?;
        if self.is(next, "ON") && next < at.end && shared.is_empty() {
            let end = self.find(next + 1..at.end, &|this, at| {
                this.is(at, ",") || this.is_clause(at) || this.is_join(at) || this.is(at, "ON")
            })?;
            let inside = Scope::beside(scope, joined);
            self.expression(next + 1..end, &inside)?;
            return Ok((inside.joined, end));
        }
        Ok((joined, next))
    }

    /// Returns whether a join begins; `left(` is a function.
    fn is_join(&self, at: usize) -> bool {
        self.is_any(at, JOINS) && !self.is(at + 1, "(")
    }

    /// Joins two sides; each column that they share is one, and comes first.
    fn merged(&mut self, left: Joined, right: Joined, shared: &[String], at: usize) -> Result<Joined, Problem> {
        let mut visible = Vec::new();
        for name in shared {
            let mut values = Vec::new();
            let mut collation = None;
            for (side, complete) in [(&left.visible, left.complete), (&right.visible, right.complete)] {
                match side.iter().find(|column| column.name == *name) {
                    Some(column) => {
                        self.references.relations.extend(column.uses.clone());
                        collation = collation.or_else(|| column.collation.clone());
                        values.push(column.value.clone());
                    }
                    None if complete => {
                        let message = format!("column \"{name}\" specified in USING clause does not exist");
                        return Err(self.problem("unknown-column", at, message));
                    }
                    None => values.push(Value::Unknown),
                }
            }
            let value = self.common(values);
            visible.push(Visible { name: name.clone(), value, collation, uses: None, qualifier: None });
        }
        let rest = |side: Vec<Visible>| side.into_iter().filter(|column| !shared.contains(&column.name));
        visible.extend(rest(left.visible));
        visible.extend(rest(right.visible));
        let mut items = left.items;
        items.extend(right.items);
        Ok(Joined { items, visible, complete: left.complete && right.complete })
    }

    /// Reads one thing with its alias.
    fn primary(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<(Joined, usize), Problem> {
        let lateral = self.is(at.start, "LATERAL");
        let start = at.start + usize::from(lateral);
        if self.is(start, "(") {
            let close = self.cursor.closing(start)?;
            if self.is_subquery(start)? {
                let visible = if lateral { Some(scope) } else { outside(scope) };
                let outputs = self.query(start + 1..close, visible, None)?;
                let (alias, end) = self.alias(close + 1..at.end)?;
                return Ok((Joined::of(subquery(outputs, alias)), end));
            }
            let (joined, _) = self.joined(start + 1..close, scope)?;
            let (alias, end) = self.alias(close + 1..at.end)?;
            return Ok((hidden(joined, alias), end));
        }
        if self.is(start, "ROWS") && self.is(start + 1, "FROM") && self.is(start + 2, "(") {
            let close = self.cursor.closing(start + 2)?;
            self.leniently(|this| this.expression(start + 3..close, scope))?;
            let next = close + 1 + 2 * usize::from(self.is(close + 1, "WITH"));
            let (alias, end) = self.alias(next..at.end)?;
            return Ok((Joined::of(subquery(None, alias)), end));
        }
        let only = self.is(start, "ONLY");
        let name = start + usize::from(only);
        match self.chain(name, at.end) {
            Some((parts, end)) if self.is(end, "(") && end < at.end && !only => {
                self.function(&parts, name..end, at.end, scope)
            }
            _ => self.named_relation(name..at.end, true),
        }
    }

    /// Returns whether a parenthesis in FROM is a query, rather than a join.
    fn is_subquery(&self, open: usize) -> Result<bool, Problem> {
        if !self.starts_query(open + 1) {
            return Ok(false);
        }
        if !self.is(open + 1, "(") {
            return Ok(true);
        }
        let close = self.cursor.closing(open + 1)?;
        let goes_on = ["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", ")"];
        Ok(self.is_any(close + 1, &goes_on) && self.is_subquery(open + 1)?)
    }

    /// Reads an alias, with names of columns.
    pub(super) fn alias(&mut self, at: Range<usize>) -> Result<(Alias, usize), Problem> {
        let mut alias = Alias::default();
        let mut next = at.start;
        let marked = self.is(next, "AS") && next < at.end;
        next += usize::from(marked);
        let Some(word) = self.word(next).filter(|word| next < at.end && is_name(word.kind)) else {
            let columns = marked && self.is(next, "(");
            return if columns { self.alias_columns(alias, next) } else { Ok((alias, at.start)) };
        };
        let category = category(&word.text.to_ascii_lowercase(), self.session.version);
        let free = !matches!(category, Some(Category::Reserved | Category::TypeOrFunction));
        let samples = word.is("TABLESAMPLE") || (word.is("WITH") && self.is(next + 1, "ORDINALITY"));
        if word.kind == TokenKind::Word && (!free || samples) {
            return Ok((alias, at.start));
        }
        alias.name = self.name(next);
        next += 1;
        if self.is(next, "(") && next < at.end { self.alias_columns(alias, next) } else { Ok((alias, next)) }
    }

    fn alias_columns(&mut self, mut alias: Alias, open: usize) -> Result<(Alias, usize), Problem> {
        let close = self.cursor.closing(open)?;
        for part in self.list(open + 1..close)? {
            let Some(name) = self.name(part.start) else { return Err(self.unexpected(part.start, "a name")) };
            let value = (part.len() > 1).then(|| {
                let text = self.cursor.slice(part.start + 1, part.end).to_owned();
                self.read_type(&text)
            });
            alias.columns.push((name, value));
        }
        Ok((alias, close + 1))
    }
}

/// Returns the scope around the one that a query in FROM stands in, which it cannot see.
fn outside<'s>(scope: &'s Scope<'s>) -> Option<&'s Scope<'s>> {
    // The scopes of the joins that are still open are levels of the same FROM: nothing in them can be seen either.
    let mut level = Some(scope);
    while let Some(found) = level.filter(|found| found.is_open) {
        level = found.parent;
    }
    level.and_then(|found| found.parent)
}

/// Returns what a subquery is in FROM.
pub(super) fn subquery(outputs: Option<Vec<Output>>, alias: Alias) -> Item {
    let complete = outputs.is_some();
    let columns = outputs.into_iter().flatten().enumerate().map(|(n, output)| Visible {
        name: alias.columns.get(n).map_or(output.name, |(name, _)| name.clone()),
        value: output.value.settled(),
        collation: output.collation,
        uses: None,
        qualifier: alias.name.clone(),
    });
    let columns: Vec<Visible> = columns.collect();
    Item { alias: alias.name, relation: None, columns, complete }
}

/// Hides the parts of a join behind its alias.
fn hidden(joined: Joined, alias: Alias) -> Joined {
    let Some(name) = alias.name else { return joined };
    let mut columns = joined.visible;
    for (column, (name, _)) in columns.iter_mut().zip(&alias.columns) {
        name.clone_into(&mut column.name);
    }
    columns.iter_mut().for_each(|column| column.qualifier = Some(name.clone()));
    Joined::of(Item { alias: Some(name), relation: None, columns, complete: joined.complete })
}
