//! Relations and functions in FROM.

use std::ops::Range;

use super::from::Alias;
use super::scope::{Item, Joined, Scope, Visible};
use super::{Analyst, Output, Value, from};
use crate::fold::Problem;
use crate::schema::{Column, ObjectName, RelationKind};

/// The server's own functions that give rows of several columns.
const ROWS: &[(&str, &[(&str, &str)])] = &[
    ("json_array_elements", &[("value", "json")]),
    ("json_array_elements_text", &[("value", "text")]),
    ("json_each", &[("key", "text"), ("value", "json")]),
    ("json_each_text", &[("key", "text"), ("value", "text")]),
    ("jsonb_array_elements", &[("value", "jsonb")]),
    ("jsonb_array_elements_text", &[("value", "text")]),
    ("jsonb_each", &[("key", "text"), ("value", "jsonb")]),
    ("jsonb_each_text", &[("key", "text"), ("value", "text")]),
];

impl Analyst<'_, '_> {
    /// Reads a relation or a query of WITH by its name.
    pub(super) fn named_relation(&mut self, at: Range<usize>, aliased: bool) -> Result<(Joined, usize), Problem> {
        let Some((parts, mut end)) = self.chain(at.start, at.end) else {
            return Err(self.unexpected(at.start, "a relation"));
        };
        end += usize::from(self.is(end, "*") && end < at.end);
        let (alias, mut end) = if aliased { self.alias(end..at.end)? } else { (Alias::default(), end) };
        if self.is(end, "TABLESAMPLE") && end < at.end {
            end = self.find(end..at.end, &|this, at| this.is(at, "("))?;
            end = self.cursor.closing(end)? + 1;
            if self.is(end, "REPEATABLE") && end < at.end {
                end = self.cursor.closing(end + 1)? + 1;
            }
        }
        if let [name] = parts.as_slice() {
            if let Some(common) = self.commons.iter().rev().find(|common| common.name == *name) {
                let alias = Alias { name: alias.name.or_else(|| Some(name.clone())), columns: alias.columns };
                return Ok((Joined::of(from::subquery(common.outputs.clone(), alias)), end));
            }
        }
        let item = self.relation_item(&parts, alias, at.start)?;
        Ok((Joined::of(item), end))
    }

    fn relation_item(&mut self, parts: &[String], alias: Alias, at: usize) -> Result<Item, Problem> {
        let found = self.session.find(parts, |name| self.schema.relation(name).is_some());
        let last = parts.last().cloned();
        let Some(name) = found else {
            // The server's own, and what is temporary, are not known here.
            let own = parts.len() == 2 && (parts[0] == "pg_catalog" || parts[0] == "information_schema");
            if own || last.as_ref().is_some_and(|name| name.starts_with("pg_") || self.session.is_temporary(name)) {
                let alias = alias.name.or(last);
                return Ok(Item { alias, relation: None, columns: Vec::new(), complete: false });
            }
            let message = format!("relation \"{}\" does not exist", parts.join("."));
            return Err(self.problem("unknown-object", at, message));
        };
        if self.schema.relation(&name) == Some(RelationKind::Index) {
            let message = format!("cannot open relation \"{}\"", name.name);
            return Err(self.problem("wrong-kind", at, message));
        }
        self.references.relations.insert((name.clone(), String::new()));
        let relation = alias.name.is_none().then(|| name.clone());
        let shown = alias.name.clone().or(last);
        let (columns, complete) = self.columns_of_relation(&name);
        let columns = columns.into_iter().enumerate().map(|(n, column)| Visible {
            name: alias.columns.get(n).map_or(column.name, |(name, _)| name.clone()),
            qualifier: shown.clone(),
            ..column
        });
        let columns = columns.collect();
        Ok(Item { alias: shown, relation, columns, complete })
    }

    /// Returns the columns of a relation, and whether these are all.
    fn columns_of_relation(&self, name: &ObjectName) -> (Vec<Visible>, bool) {
        let visible = |column: &Column| Visible {
            name: column.name.clone(),
            value: if super::super::view::is_unknown(&column.ty) {
                Value::Unknown
            } else {
                Value::Known(column.ty.clone())
            },
            collation: column.collation.clone(),
            uses: Some((name.clone(), column.name.clone())),
            qualifier: None,
        };
        if let Some(table) = self.schema.tables.get(name) {
            return (table.columns.iter().map(visible).collect(), true);
        }
        match self.schema.views.get(name) {
            Some(view) => (view.columns.iter().map(visible).collect(), !view.columns.is_empty()),
            None => (Vec::new(), false),
        }
    }

    /// Reads a function in FROM.
    pub(super) fn function(
        &mut self,
        parts: &[String],
        name: Range<usize>,
        end: usize,
        scope: &Scope<'_>,
    ) -> Result<(Joined, usize), Problem> {
        let close = self.cursor.closing(name.end)?;
        let table_syntax = parts.len() == 1 && ["xmltable", "json_table"].contains(&parts[0].as_str());
        let at = name.start..close + 1;
        let sketch =
            if table_syntax { self.leniently(|this| this.expression(at, scope))? } else { self.expression(at, scope)? };
        let mut next = close + 1;
        let ordinality = self.is(next, "WITH") && self.is(next + 1, "ORDINALITY") && next < end;
        next += 2 * usize::from(ordinality);
        let (alias, next) = self.alias(next..end)?;
        let value = self.value(&sketch);
        let shown = alias.name.clone().or_else(|| parts.last().cloned());
        let outputs = if table_syntax { None } else { self.rows_of(parts, value, &alias, &shown) };
        let outputs = outputs.map(|mut outputs| {
            if ordinality {
                outputs.push(plain("ordinality", Value::builtin("bigint")));
            }
            outputs
        });
        let item = from::subquery(outputs, Alias { name: shown, columns: alias.columns });
        Ok((Joined::of(item), next))
    }

    /// Returns the columns that a function gives.
    fn rows_of(
        &mut self,
        parts: &[String],
        value: Value,
        alias: &Alias,
        shown: &Option<String>,
    ) -> Option<Vec<Output>> {
        if alias.columns.iter().any(|(_, value)| value.is_some()) {
            let outputs =
                alias.columns.iter().map(|(name, value)| plain(name, value.clone().unwrap_or(Value::Unknown)));
            return Some(outputs.collect());
        }
        if let Some(routine) = self.find_routine(parts) {
            if let Some(outputs) = self.rows_of_routine(&routine) {
                return Some(outputs);
            }
        } else if let Some((_, columns)) = ROWS.iter().find(|(name, _)| parts.last().is_some_and(|last| last == name)) {
            return Some(columns.iter().map(|(name, ty)| plain(name, Value::builtin(ty))).collect());
        }
        match value {
            Value::Known(ty) if ty.user_type().is_none_or(|name| !self.is_row(name)) => {
                Some(vec![plain(shown.as_deref().unwrap_or("?column?"), Value::Known(ty))])
            }
            _ => None,
        }
    }

    fn is_row(&self, name: &ObjectName) -> bool {
        !matches!(self.schema.relation(name), None | Some(RelationKind::Sequence | RelationKind::Index))
    }

    /// Returns the columns of `RETURNS TABLE (…)`.
    fn rows_of_routine(&self, routine: &ObjectName) -> Option<Vec<Output>> {
        let mut found = self.schema.routines.iter().filter(|(id, _)| id.name == *routine);
        let (only, None) = (found.next()?, found.next()) else { return None };
        let text = only.1.returns.trim();
        let table = text.get(..5).filter(|word| word.eq_ignore_ascii_case("table"))?;
        let columns = text[table.len()..].trim().strip_prefix('(')?.strip_suffix(')')?;
        let cursor = crate::fold::Cursor::new(columns, &crate::sql::POSTGRES).ok()?;
        let mut outputs = Vec::new();
        let mut rest = cursor;
        while !rest.is_done() {
            let words = rest.words();
            let name = crate::dialect::postgres::keywords::fold_identifier(words.first()?).ok()?;
            rest.skip(1);
            let at = rest.take_until(&[","]);
            outputs.push(plain(&name, self.read_type(rest.slice(at.start, at.end))));
            rest.accept(&[","]);
        }
        Some(outputs)
    }
}

fn plain(name: &str, value: Value) -> Output {
    Output { name: name.to_owned(), value, collation: None }
}
