//! The list of what SELECT gives.

use std::ops::Range;

use super::scope::{Scope, Visible};
use super::{Analyst, Output, is_name};
use crate::dialect::postgres::keywords::{Category, category, quote_ident};
use crate::dialect::postgres::types::derived_name;
use crate::fold::Problem;
use crate::sql::TokenKind;

/// Words that cannot be the name of a column without AS.
const NOT_BARE: &[&str] = &[
    "DAY",
    "FILTER",
    "HOUR",
    "ISNULL",
    "MINUTE",
    "MONTH",
    "NOTNULL",
    "OVER",
    "OVERLAPS",
    "PRECISION",
    "SECOND",
    "VARYING",
    "WITHIN",
    "WITHOUT",
    "YEAR",
];

/// Words after which a name is an operand.
const BEFORE_OPERAND: &[&str] =
    &["AT", "BETWEEN", "COLLATE", "ESCAPE", "ILIKE", "IS", "LIKE", "OVER", "SIMILAR", "TIME", "ZONE", "DOUBLE"];

impl Analyst<'_, '_> {
    /// Reads one part of the list; `None` where its columns are not known.
    pub(super) fn target(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<Option<Vec<Output>>, Problem> {
        if at.is_empty() {
            return Err(self.unexpected(at.start, "an expression"));
        }
        if self.is(at.end - 1, "*") && (at.len() == 1 || self.is(at.end - 2, ".")) {
            return self.star(at, scope);
        }
        let (expression, alias) = self.alias_of(at);
        let name = match alias {
            Some(alias) => alias,
            None => derived_name(&self.words(expression.clone())).unwrap_or_else(|| "?column?".to_owned()),
        };
        let sketch = self.expression(expression.clone(), scope)?;
        let collation = self.collation_of(&expression).or_else(|| sketch.collation.clone());
        Ok(Some(vec![Output { name, value: self.value(&sketch), collation }]))
    }

    fn star(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<Option<Vec<Output>>, Problem> {
        let bytes = self.bytes(&at);
        if at.len() == 1 {
            let joined = &scope.joined;
            if joined.items.is_empty() && joined.complete {
                let message = "SELECT * with no tables specified is not valid".to_owned();
                return Err(self.problem("sql-syntax", at.start, message));
            }
            let columns = joined.complete.then(|| joined.visible.clone());
            return Ok(columns.map(|columns| self.stand_for(bytes, columns)));
        }
        let Some((parts, end)) = self.chain(at.start, at.end) else {
            // The fields of a composite value.
            self.expression(at.start..at.end - 2, scope)?;
            return Ok(None);
        };
        let item = match parts.as_slice() {
            [alias] if end + 2 == at.end => scope.item(alias),
            [schema, name] if end + 2 == at.end => scope.relation(schema, name),
            _ => None,
        };
        let Some(item) = item else {
            if end + 2 == at.end {
                let message = format!("missing FROM-clause entry for table \"{}\"", parts.join("."));
                return Err(self.problem("unknown-object", at.start, message));
            }
            self.expression(at.start..at.end - 2, scope)?;
            return Ok(None);
        };
        let columns = item.complete.then(|| item.columns.clone());
        Ok(columns.map(|columns| self.stand_for(bytes, columns)))
    }

    /// Returns the columns of a `*`, which the text has instead from now on.
    fn stand_for(&mut self, bytes: Range<usize>, columns: Vec<Visible>) -> Vec<Output> {
        let version = self.session.version;
        let quote = |name: &str| quote_ident(name, version);
        let text: Vec<String> = columns
            .iter()
            .map(|column| match &column.qualifier {
                Some(qualifier) => format!("{}.{}", quote(qualifier), quote(&column.name)),
                None => quote(&column.name),
            })
            .collect();
        if !text.is_empty() {
            self.stars.push((bytes, text.join(", ")));
        }
        let outputs = columns.into_iter().map(|column| {
            self.references.relations.extend(column.uses);
            Output { name: column.name, value: column.value, collation: column.collation }
        });
        outputs.collect()
    }

    /// Splits the name that a column is given from its expression.
    fn alias_of(&self, at: Range<usize>) -> (Range<usize>, Option<String>) {
        let last = at.end - 1;
        if at.len() < 2 {
            return (at, None);
        }
        let Some(name) = self.name(last) else { return (at, None) };
        if self.is(last - 1, "AS") {
            return (at.start..last - 1, Some(name));
        }
        let (Some(before), Some(word)) = (self.word(last - 1), self.word(last)) else { return (at, None) };
        let reserved =
            |text: &str| category(&text.to_ascii_lowercase(), self.session.version) == Some(Category::Reserved);
        let ends_operand = match before.kind {
            TokenKind::Word => {
                !BEFORE_OPERAND.iter().any(|keyword| before.is(keyword))
                    && (!reserved(before.text)
                        || self.is_any(last - 1, &["END", "NULL", "TRUE", "FALSE"])
                        || before.text.to_ascii_lowercase().starts_with("current_"))
            }
            TokenKind::QuotedName | TokenKind::String | TokenKind::DollarString | TokenKind::Number => true,
            _ => self.is_any(last - 1, &[")", "]"]),
        };
        let bare = word.kind == TokenKind::QuotedName
            || (!reserved(word.text) && !NOT_BARE.iter().any(|keyword| word.is(keyword)));
        if ends_operand && bare { (at.start..last, Some(name)) } else { (at, None) }
    }

    /// Returns the collation that ends an expression.
    fn collation_of(&self, at: &Range<usize>) -> Option<String> {
        let mut from = at.end.checked_sub(1)?;
        while from > at.start + 1 && self.is(from - 1, ".") {
            from -= 2;
        }
        if from <= at.start || !self.is(from - 1, "COLLATE") || !is_name(self.token(from)?.kind) {
            return None;
        }
        let (parts, _) = self.chain(from, at.end)?;
        let quoted = parts.iter().filter(|part| *part != "pg_catalog");
        Some(quoted.map(|part| quote_ident(part, self.session.version)).collect::<Vec<_>>().join("."))
    }
}
