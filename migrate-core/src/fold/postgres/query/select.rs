//! The clauses of a query.

use std::ops::Range;

use super::scope::Scope;
use super::{Analyst, Common, Output, Value};
use crate::fold::Problem;

/// What can follow the list of SELECT.
const CLAUSES: &[&str] =
    &["FROM", "WHERE", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "LIMIT", "OFFSET", "FETCH", "FOR", "INTO"];

/// The columns of a query, as far as they are known.
pub(super) type Outputs = Option<Vec<Output>>;

impl Analyst<'_, '_> {
    /// Returns whether a query begins at a position, be it in parentheses.
    pub(super) fn starts_query(&self, at: usize) -> bool {
        let mut at = at;
        while self.is(at, "(") {
            at += 1;
        }
        self.is_any(at, &["SELECT", "WITH", "VALUES"]) || (self.is(at, "TABLE") && self.name(at + 1).is_some())
    }

    /// Returns whether the token ends an expression of a query, being the beginning of the next clause.
    pub(super) fn is_clause(&self, at: usize) -> bool {
        if at > 0 && self.is(at - 1, "AS") {
            return false;
        }
        if self.is(at, "FROM") {
            return !(at > 0 && self.is(at - 1, "DISTINCT") && at > 1 && self.is_any(at - 2, &["IS", "NOT"]));
        }
        (self.is(at, "GROUP") && !(at > 0 && self.is(at - 1, "WITHIN")))
            || (self.is(at, "ORDER") && self.is(at + 1, "BY"))
            || self.is_any(at, CLAUSES)
    }

    /// Reads the query at some positions; `recursive` is that of WITH RECURSIVE which it is.
    pub(super) fn query(
        &mut self,
        at: Range<usize>,
        outer: Option<&Scope<'_>>,
        recursive: Option<usize>,
    ) -> Result<Outputs, Problem> {
        self.deeper(at.start, |this| {
            let known = this.commons.len();
            let start = if this.is(at.start, "WITH") { this.with(at.clone(), outer)? } else { at.start };
            let (mut outputs, mut next) = this.operand(start..at.end, outer, recursive, true)?;
            while this.is_any(next, &["UNION", "EXCEPT", "INTERSECT"]) && next < at.end {
                if let (Some(place), true) = (recursive, this.is(next, "UNION")) {
                    this.name_common(place, &outputs);
                }
                next += 1;
                next += usize::from(this.is_any(next, &["ALL", "DISTINCT"]));
                let (right, end) = this.operand(next..at.end, outer, None, false)?;
                outputs = this.united(outputs, right);
                next = end;
            }
            let end = this.tail(next..at.end, outer)?;
            this.commons.truncate(known);
            if end < at.end {
                return Err(this.unexpected(end, "the end of the query"));
            }
            Ok(outputs)
        })
    }

    /// Tells what a recursive query's first part gives; its names may be given already.
    fn name_common(&mut self, place: usize, outputs: &Outputs) {
        let Some(common) = self.commons.get_mut(place) else { return };
        let names: Vec<String> = common.outputs.iter().flatten().map(|output| output.name.clone()).collect();
        common.outputs = outputs.clone().map(|outputs| renamed(outputs, &names));
    }

    /// Reads WITH and returns where the query after it begins.
    fn with(&mut self, at: Range<usize>, outer: Option<&Scope<'_>>) -> Result<usize, Problem> {
        let mut next = at.start + 1;
        let recursive = self.is(next, "RECURSIVE");
        next += usize::from(recursive);
        loop {
            let Some(name) = self.name(next) else { return Err(self.unexpected(next, "a name")) };
            next += 1;
            let mut names = Vec::new();
            if self.is(next, "(") {
                let close = self.cursor.closing(next)?;
                names = (next + 1..close).filter_map(|at| self.name(at)).collect();
                next = close + 1;
            }
            if !self.is(next, "AS") {
                return Err(self.unexpected(next, "`AS`"));
            }
            next += 1;
            next += usize::from(self.is(next, "NOT"));
            next += usize::from(self.is(next, "MATERIALIZED"));
            if !self.is(next, "(") {
                return Err(self.unexpected(next, "`(`"));
            }
            let close = self.cursor.closing(next)?;
            self.common_query(&name, &names, next + 1..close, recursive, outer)?;
            next = close + 1;
            if self.is_any(next, &["SEARCH", "CYCLE"]) {
                // They add columns.
                next = self.find(next..at.end, &|this, at| this.is(at, ",") || this.starts_query(at))?;
                if let Some(common) = self.commons.last_mut() {
                    common.outputs = None;
                }
            }
            if !self.is(next, ",") {
                return Ok(next);
            }
            next += 1;
        }
    }

    fn common_query(
        &mut self,
        name: &str,
        names: &[String],
        at: Range<usize>,
        recursive: bool,
        outer: Option<&Scope<'_>>,
    ) -> Result<(), Problem> {
        let place = self.commons.len();
        if recursive {
            let unknown = |name: &String| Output { name: name.clone(), value: Value::Unknown, collation: None };
            let outputs = (!names.is_empty()).then(|| names.iter().map(unknown).collect());
            self.commons.push(Common { name: name.to_owned(), outputs });
        }
        // What changes rows gives what its RETURNING says, which nobody needs here.
        let reads = self.starts_query(at.start);
        let outputs = if reads { self.query(at, outer, recursive.then_some(place))? } else { None };
        let outputs = outputs.map(|outputs| renamed(settled(outputs), names));
        self.commons.truncate(place);
        self.commons.push(Common { name: name.to_owned(), outputs });
        Ok(())
    }

    /// Reads one side of a set operation; INTERSECT binds more than the others.
    fn operand(
        &mut self,
        at: Range<usize>,
        outer: Option<&Scope<'_>>,
        recursive: Option<usize>,
        first: bool,
    ) -> Result<(Outputs, usize), Problem> {
        let (mut outputs, mut next) = self.term(at.clone(), outer, recursive, first)?;
        while self.is(next, "INTERSECT") && next < at.end {
            next += 1;
            next += usize::from(self.is_any(next, &["ALL", "DISTINCT"]));
            let (right, end) = self.term(next..at.end, outer, None, false)?;
            outputs = self.united(outputs, right);
            next = end;
        }
        Ok((outputs, next))
    }

    fn term(
        &mut self,
        at: Range<usize>,
        outer: Option<&Scope<'_>>,
        recursive: Option<usize>,
        first: bool,
    ) -> Result<(Outputs, usize), Problem> {
        if self.is(at.start, "(") {
            let close = self.cursor.closing(at.start)?;
            let outputs = self.query(at.start + 1..close, outer, recursive)?;
            return Ok((outputs, close + 1));
        }
        if self.is(at.start, "VALUES") {
            return self.values(at, outer);
        }
        if self.is(at.start, "TABLE") {
            let mut scope = Scope::inside(outer);
            let (joined, end) = self.named_relation(at.start + 1..at.end, false)?;
            scope.add(joined);
            let visible = scope.joined.complete.then(|| scope.joined.visible.clone());
            let outputs = visible.map(|visible| {
                let output = |column: super::scope::Visible| {
                    self.references.relations.extend(column.uses);
                    Output { name: column.name, value: column.value, collation: column.collation }
                };
                visible.into_iter().map(output).collect()
            });
            return Ok((outputs, end));
        }
        if self.is(at.start, "SELECT") {
            return self.select(at.start + 1..at.end, outer, first);
        }
        Err(self.unexpected(at.start, "a query"))
    }

    fn values(&mut self, at: Range<usize>, outer: Option<&Scope<'_>>) -> Result<(Outputs, usize), Problem> {
        let scope = Scope::inside(outer);
        let mut columns: Vec<Vec<Value>> = Vec::new();
        let mut next = at.start;
        while next == at.start || (self.is(next, ",") && next < at.end) {
            if !self.is(next + 1, "(") {
                return Err(self.unexpected(next + 1, "`(`"));
            }
            let close = self.cursor.closing(next + 1)?;
            let row = self.list(next + 2..close)?;
            if next > at.start && row.len() != columns.len() {
                let message = "VALUES lists must all be the same length".to_owned();
                return Err(self.problem("sql-syntax", next + 1, message));
            }
            columns.resize(row.len(), Vec::new());
            for (n, part) in row.into_iter().enumerate() {
                let sketch = self.expression(part, &scope)?;
                columns[n].push(self.value(&sketch));
            }
            next = close + 1;
        }
        let outputs = columns.into_iter().enumerate().map(|(n, values)| Output {
            name: format!("column{}", n + 1),
            value: self.common(values),
            collation: None,
        });
        Ok((Some(outputs.collect()), next))
    }

    /// Reads what follows SELECT; `first` tells whether ORDER BY can be about this one alone.
    fn select(
        &mut self,
        at: Range<usize>,
        outer: Option<&Scope<'_>>,
        first: bool,
    ) -> Result<(Outputs, usize), Problem> {
        let mut start = at.start + usize::from(self.is_any(at.start, &["ALL", "DISTINCT"]));
        let mut distinct = start..start;
        if self.is(start, "ON") && start > at.start {
            let close = self.cursor.closing(start + 1)?;
            distinct = start + 2..close;
            start = close + 1;
        }
        let list = start..self.find(start..at.end, &Self::is_clause)?;
        let mut scope = Scope::inside(outer);
        let mut next = list.end;
        if self.is(next, "FROM") && next < at.end {
            next = self.from(next + 1..at.end, &mut scope)?;
        }
        let mut outputs = Some(Vec::new());
        for part in self.list(list)? {
            let given = self.target(part, &scope)?;
            outputs = outputs.zip(given).map(|(mut all, given)| {
                all.extend(given);
                all
            });
        }
        self.keys(distinct, &scope, &outputs)?;
        let next = self.rest(next..at.end, &scope, &outputs, first)?;
        Ok((outputs, next))
    }

    /// Reads the clauses after FROM.
    fn rest(&mut self, at: Range<usize>, scope: &Scope<'_>, outputs: &Outputs, first: bool) -> Result<usize, Problem> {
        let mut next = at.start;
        loop {
            let from = next;
            if next >= at.end {
                return Ok(next);
            }
            if self.is_any(next, &["WHERE", "HAVING"]) {
                next = self.find(from + 1..at.end, &Self::is_clause)?;
                self.expression(from + 1..next, scope)?;
            } else if self.is(next, "GROUP") {
                next = self.find(from + 1..at.end, &Self::is_clause)?;
                let start = from + 2 + usize::from(self.is_any(from + 2, &["ALL", "DISTINCT"]));
                self.leniently(|this| this.expression(start..next, scope))?;
            } else if self.is(next, "WINDOW") {
                next = self.find(from + 1..at.end, &Self::is_clause)?;
                self.leniently(|this| this.expression(from + 1..next, scope))?;
            } else if self.is(next, "ORDER") && first {
                next = self.find(from + 1..at.end, &Self::is_clause)?;
                self.keys(from + 2..next, scope, outputs)?;
            } else {
                return Ok(next);
            }
        }
    }

    /// Reads the keys of ORDER BY or DISTINCT ON: the name of an output is that output.
    fn keys(&mut self, at: Range<usize>, scope: &Scope<'_>, outputs: &Outputs) -> Result<(), Problem> {
        for key in self.list(at)? {
            let alone = self
                .find(key.clone(), &|this, at| this.is_any(at, &["ASC", "DESC", "NULLS", "USING"]))?
                .saturating_sub(key.start)
                == 1;
            let name = if alone { self.name(key.start) } else { None };
            let is_output = name.is_some_and(|name| outputs.iter().flatten().any(|output| output.name == name));
            if !is_output {
                self.leniently(|this| this.expression(key, scope))?;
            }
        }
        Ok(())
    }

    /// Reads what follows the last SELECT.
    fn tail(&mut self, at: Range<usize>, outer: Option<&Scope<'_>>) -> Result<usize, Problem> {
        let mut next = at.start;
        let scope = Scope::inside(outer);
        while next < at.end {
            let from = next;
            next = self.find(from + 1..at.end, &Self::is_clause)?;
            if self.is_any(from, &["LIMIT", "OFFSET"]) {
                self.leniently(|this| this.expression(from + 1..next, &scope))?;
            } else if !self.is_any(from, &["ORDER", "FETCH", "FOR"]) {
                return Ok(from);
            }
        }
        Ok(next)
    }

    /// Reads something in which a word may be the grammar's.
    pub(super) fn leniently<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        let before = std::mem::replace(&mut self.lenient, true);
        let result = read(self);
        self.lenient = before;
        result
    }
}

/// Gives the first columns other names.
pub(super) fn renamed(mut outputs: Vec<Output>, names: &[String]) -> Vec<Output> {
    for (output, name) in outputs.iter_mut().zip(names) {
        name.clone_into(&mut output.name);
    }
    outputs
}

/// Makes literals texts, as the columns of a subquery are.
pub(super) fn settled(mut outputs: Vec<Output>) -> Vec<Output> {
    for output in &mut outputs {
        output.value = output.value.clone().settled();
    }
    outputs
}
