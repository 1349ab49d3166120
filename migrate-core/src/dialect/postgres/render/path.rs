//! The names in texts that are their author's, and the search path that finds them.
//!
//! A text has its names as they were typed, under the search path of their time; its references tell what they meant.
//! The search path is set so that they mean that again: the schemas of the references first, none before another that
//! has something of a name that is meant there. A name with a schema that its object has left is given the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::statement::Words;
use super::super::{keywords, written};
use crate::schema::{Expression, ObjectName, OtherKind, References, Schema};
use crate::sql::{TokenKind, Word};

/// A statement, with what its texts need of the search path.
#[derive(Clone, Debug, Default)]
pub(super) struct Sql {
    pub(super) text: String,
    /// The schema in which the text makes its object, where it does not say so.
    own: Option<String>,
    /// What names without a schema mean.
    meant: BTreeSet<ObjectName>,
    /// Whether it has a text at all whose names may be an extension's.
    has_text: bool,
}

impl Sql {
    /// Returns a statement in which every name has its schema.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Returns the statement of a text that makes an object of a schema.
    pub(super) fn of(text: impl Into<String>, references: &References, own: &str) -> Self {
        let mut sql = Self { own: (!own.is_empty()).then(|| own.to_owned()), ..Self::default() };
        let text = sql.names(&text.into(), references);
        sql.text = text;
        sql
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Returns the text of an expression as it can stand in this statement.
    pub(super) fn expression(&mut self, expression: &Expression) -> String {
        self.names(&expression.text, &expression.references)
    }

    /// Notes the names of a text, and returns it with the schemas that its names have now.
    pub(super) fn names(&mut self, text: &str, references: &References) -> String {
        self.has_text = true;
        let meant = objects(references);
        let mut out = String::new();
        let mut words = Words::new(text);
        let mut copied = 0;
        while let Some(word) = words.word(0) {
            let at = offset(text, word.text);
            let is_name = matches!(word.kind, TokenKind::Word | TokenKind::QuotedName);
            let Some(parts) = (if is_name { words.name() } else { None }) else {
                if let Some(moved) = moved_string(word, references) {
                    out.push_str(&text[copied..at]);
                    out.push_str(&moved);
                    copied = at + word.text.len();
                }
                words.take();
                continue;
            };
            match parts.as_slice() {
                [name] => self.meant.extend(meant.iter().filter(|object| object.name == *name).cloned()),
                [schema, name, ..] if !meant.contains(&ObjectName::new(schema, name)) => {
                    let mut moved = meant.iter().filter(|object| object.name == *name);
                    if let (Some(object), None, true) = (moved.next(), moved.next(), is_schema(text, schema)) {
                        out.push_str(&text[copied..at]);
                        out.push_str(&written::identifier(&object.schema));
                        copied = at + word.text.len();
                    }
                }
                _ => {}
            }
        }
        // Names of sequences in strings are names like others.
        self.meant.extend(references.sequences.iter().filter(|name| in_string(text, name)).cloned());
        out.push_str(&text[copied..]);
        out
    }
}

/// Returns whether a qualifier is a schema, as far as the text tells: it is nowhere a name of its own.
fn is_schema(text: &str, qualifier: &str) -> bool {
    let mut words = Words::new(text);
    while let Some(word) = words.word(0) {
        let is_name = matches!(word.kind, TokenKind::Word | TokenKind::QuotedName);
        match if is_name { words.name() } else { None } {
            Some(parts) if parts.len() == 1 && parts[0] == qualifier => return false,
            Some(_) => {}
            None => _ = words.take(),
        }
    }
    true
}

/// Returns where a piece of a text begins.
fn offset(text: &str, piece: &str) -> usize {
    piece.as_ptr() as usize - text.as_ptr() as usize
}

/// Returns the name that a string is, as in `nextval('s')`.
fn name_in(word: Word<'_>) -> Option<Vec<String>> {
    if word.kind != TokenKind::String {
        return None;
    }
    let inner = word.text.trim_start_matches(['e', 'E']).trim_matches('\'').replace("''", "'");
    let words = Words::new(&inner).rest();
    keywords::qualified_name(&words).ok().filter(|(_, taken)| *taken == words.len()).map(|(parts, _)| parts)
}

/// Returns whether a string names a sequence without its schema: `nextval('s')`.
fn in_string(text: &str, name: &ObjectName) -> bool {
    Words::new(text).rest().into_iter().filter_map(name_in).any(|parts| parts == [name.name.clone()])
}

/// Returns a string with the schema that its sequence has now, where it names another.
fn moved_string(word: Word<'_>, references: &References) -> Option<String> {
    let parts = name_in(word)?;
    let [schema, name] = parts.as_slice() else { return None };
    if references.sequences.contains(&ObjectName::new(schema, name)) {
        return None;
    }
    let mut moved = references.sequences.iter().filter(|sequence| sequence.name == *name);
    match (moved.next(), moved.next()) {
        (Some(sequence), None) => Some(written::literal(&written::object(sequence))),
        _ => None,
    }
}

/// Returns every object that references name.
fn objects(references: &References) -> BTreeSet<ObjectName> {
    let relations = references.relations.iter().map(|(name, _)| name);
    relations
        .chain(&references.types)
        .chain(&references.routines)
        .chain(&references.sequences)
        .filter(|name| name.schema != "pg_catalog" && name.schema != "information_schema")
        .cloned()
        .collect()
}

/// Sets the search path where a statement needs another.
pub(super) struct Paths<'s> {
    /// What a new session has, and the schemas of objects that no reference names: extensions, operators.
    usual: Vec<String>,
    /// The names in each schema.
    names: BTreeMap<&'s str, BTreeSet<&'s str>>,
    current: Vec<String>,
}

const FIRST: &str = "public";

impl<'s> Paths<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        let mut unseen: BTreeSet<String> = BTreeSet::new();
        for (id, other) in &schema.others {
            match id.kind {
                OtherKind::Extension => {
                    unseen.extend(super::super::statement::extension_schema(&other.definition.text));
                }
                OtherKind::Statistics | OtherKind::Rule | OtherKind::Policy => {}
                _ if id.name.schema.is_empty() => {}
                _ => _ = unseen.insert(id.name.schema.clone()),
            }
        }
        unseen.remove(FIRST);
        unseen.remove("pg_catalog");
        let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let relations = schema.tables.keys().chain(schema.views.keys()).chain(schema.sequences.keys());
        let all = relations.chain(schema.types.keys()).chain(schema.routines.keys().map(|id| &id.name));
        for name in all {
            names.entry(&name.schema).or_default().insert(&name.name);
        }
        let usual = std::iter::once(FIRST.to_owned()).chain(unseen).collect();
        Self { usual, names, current: vec![FIRST.to_owned()] }
    }

    /// Returns the SET that a statement needs before it.
    pub(super) fn set(&mut self, sql: &Sql) -> Option<String> {
        if sql.own.is_none() && (!sql.has_text || (sql.meant.is_empty() && self.usual.len() == 1)) {
            return None;
        }
        let path = self.path(sql);
        if path == self.current {
            return None;
        }
        let names: Vec<String> = path.iter().map(|schema| written::identifier(schema)).collect();
        self.current = path;
        Some(format!("SET search_path TO {}", names.join(", ")))
    }

    /// Returns the SET that leaves the session as it was.
    pub(super) fn reset(&self) -> Option<String> {
        (self.current != [FIRST]).then(|| "RESET search_path".to_owned())
    }

    fn path(&self, sql: &Sql) -> Vec<String> {
        let mut path: Vec<String> = sql.own.iter().cloned().collect();
        let mut open: BTreeSet<&str> = sql.meant.iter().map(|name| name.schema.as_str()).collect();
        while !open.is_empty() {
            // A schema comes after those of which it would hide a name.
            let hides = |schema: &str| {
                sql.meant.iter().any(|name| {
                    name.schema != schema
                        && open.contains(name.schema.as_str())
                        && self.has(schema, &name.name)
                        && !sql.meant.contains(&ObjectName::new(schema, &name.name))
                })
            };
            let next = open.iter().find(|schema| !hides(schema)).or_else(|| open.iter().next()).copied();
            let Some(next) = next else { break };
            open.remove(next);
            if !path.iter().any(|schema| schema == next) {
                path.push(next.to_owned());
            }
        }
        for schema in &self.usual {
            if !path.contains(schema) {
                path.push(schema.clone());
            }
        }
        path
    }

    fn has(&self, schema: &str, name: &str) -> bool {
        self.names.get(schema).is_some_and(|names| names.contains(name))
    }
}
