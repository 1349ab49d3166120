//! Indexes, those of constraints too.

use std::collections::{BTreeMap, BTreeSet};

use super::relations::split_list;
use super::rows::Row;
use super::{Reader, Relation, references};
use crate::dialect::postgres::names::index_columns;
use crate::dialect::postgres::types::derived_name;
use crate::error::Result;
use crate::schema::{Expression, Index, IndexKey, Key, KeyPart, ObjectName, References};
use crate::sql::{Lexer, POSTGRES, TokenKind, significant};

/// Bits of `indoption`.
const DESCENDING: u8 = 1;
const NULLS_FIRST: u8 = 2;

/// An index with its table and name.
pub(super) struct Found {
    relation: u32,
    name: String,
    /// The columns of the table that it is on, one for each key that is no expression.
    columns: Vec<String>,
    pub(super) index: Index,
}

impl Found {
    /// Returns the table's columns that the index has.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the index as that of a primary or unique key.
    pub(super) fn key(&self) -> Key {
        let index = &self.index;
        let column = |key: &IndexKey| match &key.part {
            KeyPart::Column(name) => Some(name.clone()),
            KeyPart::Expression(_) => None,
        };
        Key {
            columns: index.keys.iter().filter_map(column).collect(),
            include: index.include.clone(),
            nulls_not_distinct: index.nulls_not_distinct,
            index_columns: index.index_columns.clone(),
            tablespace: index.tablespace.clone(),
            index_comment: index.comment.clone(),
            options: index.options.clone(),
            ..Key::default()
        }
    }
}

/// What a row says of each column of an index.
struct Parts {
    keys: usize,
    columns: Vec<Option<String>>,
    expressions: Vec<Option<String>>,
    classes: Vec<Option<String>>,
    collations: Vec<Option<String>>,
    options: Vec<Option<String>>,
    names: Vec<String>,
    statistics: Vec<Option<String>>,
    definition: Option<String>,
}

impl Reader<'_> {
    /// Reads the indexes of the relations that are kept, by oid.
    pub(super) fn indexes(&self, rows: Vec<Row>) -> Result<BTreeMap<u32, Found>> {
        let mut all = BTreeMap::new();
        for mut row in rows {
            let oid = row.number()?;
            let relation = row.number()?;
            if let Some(owner) = self.relations.get(&relation) {
                let references = self.references.of("pg_class", oid, Some(owner.name()));
                all.insert(oid, found(row, relation, &references)?);
            }
        }
        Ok(all)
    }

    /// Gives the tables and views those of their indexes that belong to no constraint.
    pub(super) fn plain_indexes(&mut self, indexes: BTreeMap<u32, Found>, backing: &BTreeSet<u32>) {
        for (oid, found) in indexes {
            let Some(owner) = self.relations.get(&found.relation).cloned() else { continue };
            let table = owner.name();
            let kept = found.columns.iter().all(|column| self.filter.has_column(table, column));
            if backing.contains(&oid) || !kept || !self.filter.has_index(table, &found.name) {
                continue;
            }
            let indexes = match &owner {
                Relation::Table(name) => self.schema.tables.get_mut(name).map(|table| &mut table.indexes),
                Relation::View(name) => self.schema.views.get_mut(name).map(|view| &mut view.indexes),
            };
            if let Some(indexes) = indexes {
                indexes.insert(found.name, found.index);
            }
        }
    }
}

fn found(mut row: Row, relation: u32, references: &References) -> Result<Found> {
    let name = row.text()?;
    let mut index = Index { method: row.text()?, unique: row.flag()?, ..Index::default() };
    index.nulls_not_distinct = row.flag()?;
    index.invalid = !row.flag()?;
    let parts = Parts {
        keys: row.number()?,
        columns: row.sparse()?,
        expressions: row.sparse()?,
        classes: row.sparse()?,
        collations: row.sparse()?,
        options: row.sparse()?,
        names: row.list()?,
        statistics: row.sparse()?,
        definition: row.optional()?,
    };
    let printed = parts.definition.as_deref().map_or_else(Vec::new, printed_keys);
    index.keys = (0..parts.keys).filter_map(|n| parts.key(n, printed.get(n).copied(), references)).collect();
    index.include = parts.columns.iter().skip(parts.keys).flatten().cloned().collect();
    let statistics = (1..).zip(&parts.statistics);
    index.statistics = statistics.filter_map(|(n, target)| Some((n, target.as_ref()?.parse().ok()?))).collect();
    if parts.names != expected_names(&index) {
        index.index_columns = parts.names;
    }
    index.predicate = row.optional()?.map(|text| references::narrowed(text, references));
    index.options = row.list()?;
    index.tablespace = row.optional()?;
    let (schema, parent) = (row.text()?, row.optional()?);
    index.parent = parent.map(|name| ObjectName::new(schema, name));
    index.comment = row.optional()?;
    Ok(Found { relation, name, columns: parts.columns.into_iter().flatten().collect(), index })
}

impl Parts {
    /// Returns a key; `printed` is how the definition of the whole index has it.
    fn key(&self, n: usize, printed: Option<&str>, references: &References) -> Option<IndexKey> {
        let cell = |cells: &[Option<String>]| cells.get(n).cloned().flatten();
        let mut key = match cell(&self.columns) {
            Some(column) => IndexKey { collation: cell(&self.collations), ..IndexKey::column(column) },
            None => {
                let text = cell(&self.expressions)?;
                let collation = printed.and_then(|printed| collation_after(printed, &text));
                let expression: Expression = references::narrowed(unwrapped(text), references);
                IndexKey { collation, ..IndexKey::new(KeyPart::Expression(expression)) }
            }
        };
        key.operator_class = cell(&self.classes);
        let option: u8 = cell(&self.options).and_then(|option| option.parse().ok()).unwrap_or(0);
        key.descending = option & DESCENDING != 0;
        let nulls_first = option & NULLS_FIRST != 0;
        key.nulls_first = (nulls_first != key.descending).then_some(nulls_first);
        Some(key)
    }
}

/// Returns the printed keys of a printed definition: `CREATE INDEX i ON t USING btree (a, lower(b)) WHERE …`.
///
/// Something follows the last of them.
fn printed_keys(definition: &str) -> Vec<&str> {
    let mut lexer = Lexer::new(definition, 0, &POSTGRES);
    while let Ok(Some(token)) = lexer.next_token() {
        // The first parenthesis that is in no quoted name.
        if token.kind == TokenKind::Open {
            return split_list(&definition[token.end..]);
        }
    }
    Vec::new()
}

/// Returns the collation that a printed key has behind its expression.
fn collation_after(printed: &str, expression: &str) -> Option<String> {
    let rest = printed.strip_prefix(expression)?.strip_prefix(" COLLATE ")?;
    let mut quoted = false;
    let end = rest.find(|c| {
        quoted ^= c == '"';
        !quoted && matches!(c, ' ' | ')')
    });
    Some(rest[..end.unwrap_or(rest.len())].to_owned())
}

/// Returns an expression without the parentheses that the syntax of indexes asks for.
fn unwrapped(text: String) -> String {
    match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => inner.to_owned(),
        None => text,
    }
}

/// Returns the names that the columns of an index would get if it were made now.
fn expected_names(index: &Index) -> Vec<String> {
    let keys = index.keys.iter().map(|key| match &key.part {
        KeyPart::Column(name) => name.clone(),
        KeyPart::Expression(expression) => {
            let words = significant(&expression.text, &POSTGRES);
            derived_name(&words).unwrap_or_else(|| "expr".to_owned())
        }
    });
    let elements: Vec<String> = keys.chain(index.include.iter().cloned()).collect();
    index_columns(&elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collations_of_expressions() {
        let definition = "CREATE INDEX \"i (\" ON app.\"t USING (\" USING btree (lower(a) COLLATE app.\"x )\" DESC, \
                          ((a || b)) COLLATE \"C\", f(a, b), (c) COLLATE \"POSIX\") INCLUDE (d) WHERE (a > 0)";
        let printed = printed_keys(definition);
        for (n, text, expect) in [
            (0, "lower(a)", Some("app.\"x )\"")),
            (1, "((a || b))", Some("\"C\"")),
            (2, "f(a, b)", None),
            (3, "(c)", Some("\"POSIX\"")),
        ] {
            assert_eq!(collation_after(printed[n], text).as_deref(), expect, "{text}");
        }
        assert_eq!(unwrapped("((a || b))".into()), "(a || b)");
        assert_eq!(unwrapped("lower(a)".into()), "lower(a)");
    }
}
