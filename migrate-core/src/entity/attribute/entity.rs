//! `#[entity(…)]`.

use syn::Attribute;

use super::entry::{Entry, Value};
use super::{Reader, key};
use crate::entity::def::{ConstraintDef, IndexDef, Named, Own, SchemaDef, Stated};

const KEYS: [&str; 13] = [
    "table",
    "schema",
    "comment",
    "renamed_from",
    "primary_key",
    "unique",
    "index",
    "check",
    "foreign_key",
    "exclude",
    "partial",
    "unchecked",
    "crate",
];

/// What may be said several times.
const REPEATABLE: [&str; 5] = ["unique", "index", "check", "foreign_key", "exclude"];

/// What the attributes of a struct say.
#[derive(Default)]
pub(in crate::entity) struct Table {
    pub(in crate::entity) table: Option<Stated<String>>,
    pub(in crate::entity) schema: Option<Stated<SchemaDef>>,
    pub(in crate::entity) comment: Option<Stated<String>>,
    pub(in crate::entity) renamed_from: Option<Stated<String>>,
    pub(in crate::entity) partial: bool,
    pub(in crate::entity) unchecked: bool,
    pub(in crate::entity) krate: Option<Named>,
    pub(in crate::entity) constraints: Vec<ConstraintDef>,
    pub(in crate::entity) indexes: Vec<IndexDef>,
    pub(in crate::entity) own: Own,
}

impl Table {
    pub(in crate::entity) fn read(reader: &mut Reader, attributes: &[Attribute]) -> Self {
        let mut table = Self::default();
        let entries = reader.entries(attributes, "entity");
        let dialects: Vec<&str> = crate::sql::Syntax::ALL.iter().map(|syntax| syntax.name).collect();
        for entry in reader.once(entries, &[&REPEATABLE[..], &dialects].concat()) {
            table.entry(reader, &entry);
        }
        table
    }

    fn entry(&mut self, reader: &mut Reader, entry: &Entry) {
        if let Some((dialect, entries)) = Reader::dialect(entry) {
            for entry in entries {
                if !self.item(reader, entry, Some(dialect)) {
                    reader.own(&mut self.own, dialect, std::slice::from_ref(entry));
                }
            }
            return;
        }
        match entry.key.as_str() {
            "table" => self.table = reader.text(entry),
            "schema" => self.schema = schema(reader, entry),
            "comment" => self.comment = reader.text(entry),
            "renamed_from" => self.renamed_from = reader.text(entry),
            "partial" => self.partial = reader.flag(entry),
            "unchecked" => self.unchecked = reader.flag(entry),
            "crate" => self.krate = path(reader, entry),
            "primary_key" => self.constraints.extend(key::primary_key(reader, entry)),
            _ if self.item(reader, entry, None) => {}
            _ => reader.unknown("`#[entity]`", entry, &KEYS),
        }
    }

    /// Reads what a table can have several of, for every dialect or for one.
    fn item(&mut self, reader: &mut Reader, entry: &Entry, only: Option<&str>) -> bool {
        if !matches!(entry.value, Value::List(_)) && (only.is_some() || !REPEATABLE.contains(&entry.key.as_str())) {
            return false;
        }
        let constraints = self.constraints.len();
        let indexes = self.indexes.len();
        match entry.key.as_str() {
            "unique" => self.constraints.extend(key::unique(reader, entry)),
            "check" => self.constraints.extend(key::check(reader, entry)),
            "foreign_key" => self.constraints.extend(key::foreign_key(reader, entry)),
            "exclude" => self.constraints.extend(key::exclude(reader, entry)),
            "index" => self.indexes.extend(key::index(reader, entry)),
            _ => return false,
        }
        for constraint in &mut self.constraints[constraints..] {
            constraint.only = only.map(str::to_owned);
        }
        for index in &mut self.indexes[indexes..] {
            index.only = only.map(str::to_owned);
        }
        true
    }
}

/// Reads `schema = "dpo"` and `schema = DPO_SCHEMA`.
pub(super) fn schema(reader: &mut Reader, entry: &Entry) -> Option<Stated<SchemaDef>> {
    if let Value::Path(path) = &entry.value {
        reader.no_words(entry);
        let place = reader.place(&entry.key, entry.value_span());
        return Some(Stated { value: SchemaDef::Constant(Named(path.clone())), place });
    }
    if !matches!(entry.value, Value::Text(_)) {
        let message = format!("expected a text or the name of a `const &str`, and found {}", entry.shape());
        reader.problems.at(entry.value_span(), message);
        return None;
    }
    let text = reader.text(entry)?;
    Some(Stated { value: SchemaDef::Literal(text.value), place: text.place })
}

/// Reads `crate = path`.
pub(super) fn path(reader: &mut Reader, entry: &Entry) -> Option<Named> {
    reader.no_words(entry);
    match &entry.value {
        Value::Path(path) => Some(Named(path.clone())),
        _ => {
            let message = format!("expected a path, `crate = my_app::migrate_core`, and found {}", entry.shape());
            reader.problems.at(entry.value_span(), message);
            None
        }
    }
}
