//! Expressions: their text and what it uses, as far as tokens tell.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::reader::Reader;
use crate::dialect::postgres::keywords;
use crate::schema::{Expression, ObjectName, References, RelationKind};
use crate::sql::{POSTGRES, Token, TokenKind, Word, significant};

/// Returns the value of a string literal.
pub(super) fn string_value(text: &str, kind: TokenKind) -> Option<String> {
    match kind {
        TokenKind::DollarString => {
            let tag = text[1..].find('$')? + 2;
            Some(text[tag..text.len() - tag].to_owned())
        }
        TokenKind::String => {
            let quote = text.find('\'')?;
            let inner = text[quote + 1..text.len() - 1].replace("''", "'");
            let escapes = text.as_bytes()[0].eq_ignore_ascii_case(&b'e');
            Some(if escapes { unescape(&inner) } else { inner })
        }
        _ => None,
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

impl Reader<'_, '_> {
    /// Returns the expression that stands at some positions; `columns` are those of the table that it belongs to.
    pub(super) fn expression_at(&self, at: &Range<usize>, columns: &BTreeSet<String>) -> Expression {
        let text = self.cursor.slice(at.start, at.end);
        Expression { text: text.to_owned(), references: self.references(text, columns) }
    }

    /// Returns the names that a text uses. Whatever could be one counts: a dependency too many refuses a drop that the
    /// server would refuse with another reason at most, one too few loses an object.
    pub(super) fn references(&self, text: &str, columns: &BTreeSet<String>) -> References {
        let words = significant(text, &POSTGRES);
        let mut references = References::default();
        let mut at = 0;
        while at < words.len() {
            let word = words[at];
            if word.kind == TokenKind::String {
                self.sequence_in(&words, at, &mut references);
                at += 1;
                continue;
            }
            let is_name = matches!(word.kind, TokenKind::Word | TokenKind::QuotedName);
            let Some((parts, taken)) = keywords::qualified_name(&words[at..]).ok().filter(|_| is_name) else {
                at += 1;
                continue;
            };
            let before = at.checked_sub(1).map(|n| words[n]);
            let after = words.get(at + taken).copied();
            self.name_in(&parts, before, after, columns, &mut references);
            at += taken;
        }
        references
    }

    fn name_in(
        &self,
        parts: &[String],
        before: Option<Word<'_>>,
        after: Option<Word<'_>>,
        columns: &BTreeSet<String>,
        references: &mut References,
    ) {
        if after.is_some_and(|word| word.text == "(") {
            let called = self.session.find(parts, |name| self.schema.routines.keys().any(|id| id.name == *name));
            references.routines.extend(called);
        }
        if before.is_some_and(|word| word.text == ":" || word.is("AS"))
            || after.is_some_and(|w| w.kind == TokenKind::String)
        {
            let named = self.session.find(parts, |name| self.schema.types.contains_key(name));
            references.types.extend(named);
        }
        let last = parts.last().map_or("", String::as_str);
        if columns.contains(last) {
            references.columns.insert(last.to_owned());
        }
    }

    /// Finds the sequence of `nextval('s')` and `'s'::regclass`.
    fn sequence_in(&self, words: &[Word<'_>], at: usize, references: &mut References) {
        let called = at >= 2
            && words[at - 1].text == "("
            && ["NEXTVAL", "CURRVAL", "SETVAL"].iter().any(|f| words[at - 2].is(f));
        let cast = words.get(at + 3).is_some_and(|word| word.is("REGCLASS"));
        if !called && !cast {
            return;
        }
        let Some(value) = string_value(words[at].text, words[at].kind) else { return };
        let inner = significant(&value, &POSTGRES);
        let Ok((parts, _)) = keywords::qualified_name(&inner) else { return };
        references.sequences.extend(self.session.find(&parts, |name| self.schema.sequences.contains_key(name)));
    }

    /// Returns the relations that a query could read, with each of their columns that it could name.
    pub(super) fn query_references(&self, text: &str) -> References {
        let words = significant(text, &POSTGRES);
        let mut references = self.references(text, &BTreeSet::new());
        let aliases = self.aliases(&words);
        let relations: BTreeSet<&ObjectName> = aliases.values().collect();
        for relation in &relations {
            references.relations.insert(((*relation).clone(), String::new()));
        }
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).map(|n| words[n]);
            let qualifier = before.filter(|b| b.text == ".").and_then(|_| at.checked_sub(2)).map(|n| words[n]);
            let owner = qualifier.and_then(|word| keywords::fold_identifier(&word).ok());
            let owner = owner.map(|name| aliases.get(&name));
            let column = match word.kind {
                TokenKind::Word | TokenKind::QuotedName => keywords::fold_identifier(word).ok(),
                _ if word.text == "*" && is_star(before) => None,
                _ => continue,
            };
            let read: Vec<&ObjectName> = match owner {
                Some(Some(relation)) => vec![relation],
                // What is qualified by something else is a composite's field, or a name with its schema.
                Some(None) => continue,
                None => relations.iter().copied().collect(),
            };
            for relation in read {
                for own in self.columns_of(relation) {
                    if column.as_ref().is_none_or(|column| *column == own) {
                        references.relations.insert((relation.clone(), own));
                    }
                }
            }
        }
        references
    }

    /// Returns the names by which a query calls the relations that it reads, those of their own among them.
    fn aliases(&self, words: &[Word<'_>]) -> BTreeMap<String, ObjectName> {
        let mut aliases = BTreeMap::new();
        let mut at = 0;
        while at < words.len() {
            let is_name = matches!(words[at].kind, TokenKind::Word | TokenKind::QuotedName);
            let Some((parts, taken)) = keywords::qualified_name(&words[at..]).ok().filter(|_| is_name) else {
                at += 1;
                continue;
            };
            at += taken;
            let found = self.session.find(&parts, |name| self.schema.relation(name).is_some());
            let found = found.filter(|name| self.schema.relation(name) != Some(RelationKind::Index));
            let Some(relation) = found else { continue };
            let alias = words.get(at).filter(|word| word.is("AS")).map_or(at, |_| at + 1);
            if let Some(alias) = words.get(alias).and_then(|word| keywords::fold_identifier(word).ok()) {
                aliases.insert(alias, relation.clone());
            }
            aliases.insert(relation.name.clone(), relation);
        }
        aliases
    }

    /// Returns the names of a relation's columns.
    pub(super) fn columns_of(&self, relation: &ObjectName) -> Vec<String> {
        if let Some(table) = self.schema.tables.get(relation) {
            return table.columns.iter().map(|column| column.name.clone()).collect();
        }
        let view = self.schema.views.get(relation);
        view.map(|view| view.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default()
    }
}

/// Returns whether a `*` stands for all columns, rather than in `count(*)` or for a product.
fn is_star(before: Option<Word<'_>>) -> bool {
    before.is_some_and(|word| {
        word.text == "." || word.text == "," || ["SELECT", "DISTINCT", "ALL"].iter().any(|keyword| word.is(keyword))
    })
}

/// Rewrites the string of `nextval('a.s')` and `'s'::regclass`, where its last name is the old word.
fn rewrite_string(text: &str, token: Token, from: &str, to: &str) -> Option<String> {
    let before = text[..token.start].trim_end();
    let called = before.strip_suffix('(').map(str::trim_end).is_some_and(|before| {
        let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        ["nextval", "currval", "setval"].iter().any(|function| name.eq_ignore_ascii_case(function))
    });
    let after = significant(&text[token.end..], &POSTGRES);
    let cast = after.len() > 2 && after[0].text == ":" && after[1].text == ":" && after[2].is("REGCLASS");
    let value = string_value(token.text(text), token.kind).filter(|_| called || cast)?;
    let (mut parts, _) = keywords::qualified_name(&significant(&value, &POSTGRES)).ok()?;
    let last = parts.last_mut().filter(|last| *last == from)?;
    to.clone_into(last);
    let parts: Vec<String> = parts.iter().map(|part| keywords::quote_ident(part, keywords::NEWEST)).collect();
    Some(crate::sql::literal(&parts.join(".")))
}

/// Rewrites a name in an expression's text: every identifier that is the old word, whatever its quotes and case.
pub(super) fn rewrite(expression: &Expression, from: &str, to: &str) -> String {
    let quoted = keywords::quote_ident(to, u32::MAX);
    let mut text = String::new();
    let mut end = 0;
    let mut lexer = crate::sql::Lexer::new(&expression.text, 0, &POSTGRES);
    while let Ok(Some(token)) = lexer.next_token() {
        let word = Word { kind: token.kind, text: token.text(&expression.text) };
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
        if is_name && keywords::fold_identifier(&word).is_ok_and(|name| name == from) {
            text.push_str(&expression.text[end..token.start]);
            text.push_str(&quoted);
            end = token.end;
        } else if let Some(string) = rewrite_string(&expression.text, token, from, to) {
            text.push_str(&expression.text[end..token.start]);
            text.push_str(&string);
            end = token.end;
        }
    }
    text.push_str(&expression.text[end..]);
    text
}
