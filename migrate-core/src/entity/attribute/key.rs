//! Keys, checks, references and indexes: `unique(…)`, `index(…)`, `check(…)`, `foreign_key(…)`, `exclude(…)`.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::Reader;
use super::entry::{Entry, Value};
use crate::entity::Place;
use crate::entity::def::{
    ConstraintDef, ConstraintKindDef, FieldDef, IndexDef, KeyDef, KeyPartDef, Named, Stated, TargetDef,
};
use crate::schema::ReferentialAction;
use crate::suggest::did_you_mean;

const ACTIONS: [(&str, ReferentialAction); 5] = [
    ("no action", ReferentialAction::NoAction),
    ("restrict", ReferentialAction::Restrict),
    ("cascade", ReferentialAction::Cascade),
    ("set null", ReferentialAction::SetNull),
    ("set default", ReferentialAction::SetDefault),
];

/// Returns a constraint of a kind.
pub(super) fn constraint(kind: ConstraintKindDef, place: Place) -> ConstraintDef {
    ConstraintDef {
        name: None,
        kind,
        deferrable: false,
        initially_deferred: false,
        only: None,
        own: BTreeMap::new(),
        place,
    }
}

/// Returns an index on columns.
pub(super) fn plain_index(keys: Vec<KeyDef>, place: Place) -> IndexDef {
    IndexDef {
        name: None,
        unique: false,
        using: None,
        keys,
        include: Vec::new(),
        predicate: None,
        nulls_not_distinct: false,
        concurrently: false,
        only: None,
        own: BTreeMap::new(),
        place,
    }
}

/// Returns a key on a column.
pub(super) fn key_column(column: String) -> KeyDef {
    KeyDef { part: KeyPartDef::Column(column), ops: None, collate: None, descending: false, nulls_first: None }
}

/// Returns the items of a list, without those that are said twice.
fn list(reader: &mut Reader, entry: &Entry) -> Option<Vec<Entry>> {
    let Value::List(entries) = &entry.value else {
        let message = format!("expected a list, `{}(…)`, and found {}", entry.key, entry.shape());
        reader.problems.at(entry.value_span(), message);
        return None;
    };
    reader.no_words(entry);
    let dialects: Vec<&str> = crate::sql::Syntax::ALL.iter().map(|syntax| syntax.name).collect();
    Some(reader.once(entries.clone(), &dialects))
}

/// Reads the columns of `columns(a, b)` or of a list that has them directly.
fn columns(reader: &mut Reader, entries: &[Entry]) -> Vec<String> {
    let mut names = Vec::new();
    for entry in entries {
        reader.no_words(entry);
        match &entry.value {
            Value::Flag => names.push(entry.key.clone()),
            Value::Text(text) if entry.key.is_empty() => names.push(text.value()),
            _ => reader.problems.at(entry.span, "expected the name of a field"),
        }
    }
    names
}

fn columns_of(reader: &mut Reader, entry: &Entry) -> Vec<String> {
    list(reader, entry).map(|entries| columns(reader, &entries)).unwrap_or_default()
}

fn name(reader: &mut Reader, entry: &Entry) -> Option<String> {
    reader.text(entry).map(|text| text.value)
}

fn is_column(entry: &Entry) -> bool {
    matches!(entry.value, Value::Flag) || (entry.key.is_empty() && matches!(entry.value, Value::Text(_)))
}

/// Notes a list without columns.
fn not_empty(reader: &mut Reader, what: &str, span: Span, empty: bool) {
    if empty {
        reader.problems.at(span, format!("`{what}` names no column"));
    }
}

/// Reads `primary_key(a, b)`.
pub(super) fn primary_key(reader: &mut Reader, entry: &Entry) -> Option<ConstraintDef> {
    let entries = list(reader, entry)?;
    let place = reader.place("primary_key", entry.span);
    let mut found = constraint(ConstraintKindDef::PrimaryKey(Vec::new()), place);
    let mut names = Vec::new();
    for item in &entries {
        match item.key.as_str() {
            "name" if !is_column(item) => found.name = name(reader, item),
            "columns" if !is_column(item) => names.extend(columns_of(reader, item)),
            _ if settings(reader, &mut found, item) => {}
            _ if is_column(item) => names.extend(columns(reader, std::slice::from_ref(item))),
            _ => reader.unknown("`primary_key`", item, &["name", "columns", "deferrable", "initially_deferred"]),
        }
    }
    not_empty(reader, "primary_key", entry.span, names.is_empty());
    found.kind = ConstraintKindDef::PrimaryKey(names);
    Some(found)
}

/// Reads what every constraint may say: when it is checked, and what one dialect knows.
fn settings(reader: &mut Reader, found: &mut ConstraintDef, item: &Entry) -> bool {
    if let Some((dialect, entries)) = Reader::dialect(item) {
        reader.own(&mut found.own, dialect, entries);
        return true;
    }
    match (item.key.as_str(), &item.value) {
        ("deferrable", Value::Flag) => found.deferrable = true,
        ("initially_deferred", Value::Flag) => {
            found.deferrable = true;
            found.initially_deferred = true;
        }
        _ => return false,
    }
    true
}

/// Reads `unique(a, b)`.
pub(super) fn unique(reader: &mut Reader, entry: &Entry) -> Option<ConstraintDef> {
    const KEYS: [&str; 6] = ["name", "columns", "include", "nulls_not_distinct", "deferrable", "initially_deferred"];
    let entries = list(reader, entry)?;
    let place = reader.place("unique", entry.span);
    let mut found = constraint(ConstraintKindDef::PrimaryKey(Vec::new()), place);
    let (mut names, mut include, mut nulls_not_distinct) = (Vec::new(), Vec::new(), false);
    for item in &entries {
        match item.key.as_str() {
            "name" if !is_column(item) => found.name = name(reader, item),
            "columns" if !is_column(item) => names.extend(columns_of(reader, item)),
            "include" if !is_column(item) => include.extend(columns_of(reader, item)),
            "nulls_not_distinct" => nulls_not_distinct = reader.flag(item),
            _ if settings(reader, &mut found, item) => {}
            _ if is_column(item) => names.extend(columns(reader, std::slice::from_ref(item))),
            _ => reader.unknown("`unique`", item, &KEYS),
        }
    }
    not_empty(reader, "unique", entry.span, names.is_empty());
    found.kind = ConstraintKindDef::Unique { columns: names, include, nulls_not_distinct };
    Some(found)
}

/// Reads `check(name = "ck", expr = "a > 0")`, and `check = "a > 0"`.
pub(super) fn check(reader: &mut Reader, entry: &Entry) -> Option<ConstraintDef> {
    let place = reader.place("check", entry.span);
    let mut found = constraint(ConstraintKindDef::Check(None), place);
    let mut expression = None;
    if matches!(entry.value, Value::Text(_)) {
        expression = reader.text(entry);
    } else {
        for item in &list(reader, entry)? {
            match item.key.as_str() {
                "name" => found.name = name(reader, item),
                "expr" => expression = reader.text(item),
                _ => match Reader::dialect(item) {
                    Some((dialect, entries)) => reader.own(&mut found.own, dialect, entries),
                    None => reader.unknown("`check`", item, &["name", "expr"]),
                },
            }
        }
        if expression.is_none() && !super::has_own(&found.own, "expr") {
            reader.problems.at(entry.span, "a check needs its expression: `check(expr = \"…\")`");
        }
    }
    found.kind = ConstraintKindDef::Check(expression);
    Some(found)
}

/// Reads `foreign_key(columns(a, b), references("t(a, b)"), on_delete = "cascade")`.
pub(super) fn foreign_key(reader: &mut Reader, entry: &Entry) -> Option<ConstraintDef> {
    const KEYS: [&str; 7] =
        ["name", "columns", "references", "on_delete", "on_update", "deferrable", "initially_deferred"];
    let entries = list(reader, entry)?;
    let place = reader.place("foreign_key", entry.span);
    let mut found = constraint(ConstraintKindDef::PrimaryKey(Vec::new()), place);
    let (mut names, mut target, mut on_delete, mut on_update) = (Vec::new(), None, None, None);
    for item in &entries {
        match item.key.as_str() {
            "name" => found.name = name(reader, item),
            "columns" => names = columns_of(reader, item),
            "references" => target = references(reader, item, &mut found),
            "on_delete" => on_delete = action(reader, item),
            "on_update" => on_update = action(reader, item),
            _ if settings(reader, &mut found, item) => {}
            _ => reader.unknown("`foreign_key`", item, &KEYS),
        }
    }
    not_empty(reader, "foreign_key", entry.span, names.is_empty());
    if !entries.iter().any(|item| item.key == "references") {
        reader.problems.at(entry.span, "a foreign key needs what it points to: `references(…)`");
    }
    let (on_delete, on_update) = (on_delete.unwrap_or_default(), on_update.unwrap_or_default());
    found.kind = ConstraintKindDef::ForeignKey { columns: names, target: target?, on_delete, on_update };
    Some(found)
}

/// Reads `on_delete = "cascade"`.
pub(super) fn action(reader: &mut Reader, entry: &Entry) -> Option<ReferentialAction> {
    let text = reader.text(entry)?;
    let word = text.value.to_ascii_lowercase().replace('_', " ");
    let found = ACTIONS.iter().find(|(name, _)| *name == word).map(|(_, action)| *action);
    if found.is_none() {
        let hint = did_you_mean(&word, ACTIONS.iter().map(|(name, _)| *name));
        reader.problems.at(entry.value_span(), format!("`{}` knows no `{}`: {hint}", entry.key, text.value));
    }
    found
}

/// Reads `references(Execution)` and `references("dpo.execution(execution_id)")`.
pub(super) fn references(reader: &mut Reader, entry: &Entry, found: &mut ConstraintDef) -> Option<Stated<TargetDef>> {
    let mut target = None;
    let items = list(reader, entry)?;
    for item in &items {
        reader.no_words(item);
        let said = match &item.value {
            Value::Text(text) if item.key.is_empty() => {
                let read = table_and_columns(&text.value());
                if read.is_none() {
                    let message =
                        "expected a table, with its columns in parentheses: `\"dpo.execution(execution_id)\"`";
                    reader.problems.at(text.span(), message);
                }
                read
            }
            Value::Flag => Some(TargetDef::Entity(Named(syn::Ident::new_raw_or_plain(&item.key, item.span).into()))),
            Value::Path(path) if item.key.is_empty() => Some(TargetDef::Entity(Named(path.clone()))),
            _ if item.key == "name" => {
                found.name = name(reader, item);
                continue;
            }
            _ => {
                reader.unknown_word("`references`", item, &["name"]);
                continue;
            }
        };
        if target.is_some() {
            reader.problems.at(item.span, "one table is referred to; more columns stand in `foreign_key(…)`");
        }
        let place = reader.place("references", item.span);
        target = said.map(|value| Stated { value, place });
    }
    if items.iter().all(|item| item.key == "name" && !matches!(item.value, Value::Flag)) {
        reader.problems.at(entry.span, "expected an entity or a table in quotes: `references(Execution)`");
    }
    target
}

/// An identifier of a key whose `r#` was taken off.
trait Plain {
    fn new_raw_or_plain(name: &str, span: Span) -> syn::Ident;
}

impl Plain for syn::Ident {
    fn new_raw_or_plain(name: &str, span: Span) -> syn::Ident {
        syn::parse_str::<syn::Ident>(name).map_or_else(
            |_| syn::Ident::new_raw(name, span),
            |mut plain| {
                plain.set_span(span);
                plain
            },
        )
    }
}

/// Reads `schema.table(a, b)`; names in double quotes keep their case and what is in them.
fn table_and_columns(text: &str) -> Option<TargetDef> {
    let mut rest = text.trim();
    let mut names = vec![identifier(&mut rest)?];
    while let Some(after) = rest.strip_prefix('.') {
        rest = after.trim_start();
        names.push(identifier(&mut rest)?);
    }
    let mut columns = Vec::new();
    if let Some(after) = rest.strip_prefix('(') {
        rest = after.trim_start();
        loop {
            columns.push(identifier(&mut rest)?);
            match rest.strip_prefix(',') {
                Some(after) => rest = after.trim_start(),
                None => break,
            }
        }
        rest = rest.strip_prefix(')')?.trim_start();
    }
    let table = names.pop()?;
    let schema = names.pop();
    (rest.is_empty() && names.is_empty()).then_some(TargetDef::Table { schema, table, columns })
}

fn identifier(rest: &mut &str) -> Option<String> {
    let text = *rest;
    let (name, length) = if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find('"')?;
        (quoted[..end].to_owned(), end + 2)
    } else {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
        (text[..end].to_lowercase(), end)
    };
    *rest = text[length..].trim_start();
    (!name.is_empty()).then_some(name)
}

/// Reads `index(name = "ix", columns(a, "lower(b)", c desc nulls_last), where = "…")`.
pub(super) fn index(reader: &mut Reader, entry: &Entry) -> Option<IndexDef> {
    let entries = list(reader, entry)?;
    let place = reader.place("index", entry.span);
    let mut found = plain_index(Vec::new(), place);
    let mut ops = BTreeMap::new();
    for item in &entries {
        index_item(reader, &mut found, &mut ops, item);
    }
    not_empty(reader, "index", entry.span, found.keys.is_empty());
    for key in &mut found.keys {
        if let KeyPartDef::Column(column) = &key.part {
            key.ops = ops.remove(column).or(key.ops.take());
        }
    }
    if let Some(column) = ops.keys().next() {
        reader.problems.at(entry.span, format!("`ops` names `{column}`, which is no column of this index"));
    }
    Some(found)
}

fn index_item(reader: &mut Reader, found: &mut IndexDef, ops: &mut BTreeMap<String, String>, item: &Entry) {
    const KEYS: [&str; 9] =
        ["name", "columns", "unique", "using", "include", "where", "ops", "nulls_not_distinct", "concurrently"];
    if let Some((dialect, entries)) = Reader::dialect(item) {
        reader.own(&mut found.own, dialect, entries);
        return;
    }
    match item.key.as_str() {
        "name" if !is_column(item) => found.name = name(reader, item),
        "columns" if !is_column(item) => {
            let entries = list(reader, item).unwrap_or_default();
            found.keys.extend(entries.iter().filter_map(|entry| key(reader, entry)));
        }
        "unique" => found.unique = reader.flag(item),
        "nulls_not_distinct" => found.nulls_not_distinct = reader.flag(item),
        "concurrently" => found.concurrently = reader.flag(item),
        "using" if !is_column(item) => found.using = reader.text(item),
        "where" => found.predicate = reader.text(item),
        "include" if !is_column(item) => found.include = columns_of(reader, item),
        "ops" if !is_column(item) => {
            for entry in list(reader, item).unwrap_or_default() {
                if let Some(text) = reader.text(&entry) {
                    ops.insert(entry.key, text.value);
                }
            }
        }
        _ if is_column(item) => found.keys.extend(key(reader, item)),
        _ => reader.unknown("`index`", item, &KEYS),
    }
}

/// Reads `c desc nulls_last`, `"lower(b)" collate "C"`.
fn key(reader: &mut Reader, entry: &Entry) -> Option<KeyDef> {
    let part = match &entry.value {
        Value::Flag => KeyPartDef::Column(entry.key.clone()),
        Value::Text(text) if entry.key.is_empty() => {
            let place = reader.place("columns", text.span());
            KeyPartDef::Expression(Stated { value: text.value(), place })
        }
        _ => {
            reader.problems.at(entry.span, "expected the name of a field, or an expression in quotes");
            return None;
        }
    };
    let mut found = KeyDef { part, ops: None, collate: None, descending: false, nulls_first: None };
    let mut words = entry.words.iter();
    while let Some((word, span)) = words.next() {
        match word.as_str() {
            "asc" => found.descending = false,
            "desc" => found.descending = true,
            "nulls_first" => found.nulls_first = Some(true),
            "nulls_last" => found.nulls_first = Some(false),
            "collate" => match words.next() {
                Some((name, _)) => found.collate = Some(name.clone()),
                None => reader.problems.at(*span, "expected the collation behind `collate`"),
            },
            _ => {
                let known = ["asc", "desc", "nulls_first", "nulls_last", "collate"];
                reader
                    .problems
                    .at(*span, format!("a key of an index knows no `{word}`: {}", did_you_mean(word, known)));
            }
        }
    }
    Some(found)
}

/// Reads `exclude(using = "gist", elements("room" with "=", "during" with "&&"), where = "…")`.
pub(super) fn exclude(reader: &mut Reader, entry: &Entry) -> Option<ConstraintDef> {
    const KEYS: [&str; 6] = ["name", "using", "elements", "where", "deferrable", "initially_deferred"];
    let entries = list(reader, entry)?;
    let place = reader.place("exclude", entry.span);
    let mut found = constraint(ConstraintKindDef::PrimaryKey(Vec::new()), place);
    let (mut using, mut elements, mut predicate) = (None, Vec::new(), None);
    for item in &entries {
        match item.key.as_str() {
            "name" => found.name = name(reader, item),
            "using" => using = reader.text(item).map(|text| text.value),
            "where" => predicate = reader.text(item),
            "elements" => {
                let items = list(reader, item).unwrap_or_default();
                elements.extend(items.iter().filter_map(|item| element(reader, item)));
            }
            _ if settings(reader, &mut found, item) => {}
            _ => reader.unknown("`exclude`", item, &KEYS),
        }
    }
    if elements.is_empty() {
        let message = "an exclusion needs its elements: `exclude(elements(room with \"=\", during with \"&&\"))`";
        reader.problems.at(entry.span, message);
    }
    found.kind = ConstraintKindDef::Exclusion { using, elements, predicate };
    Some(found)
}

fn element(reader: &mut Reader, entry: &Entry) -> Option<(Stated<String>, String)> {
    let text = match &entry.value {
        Value::Flag => entry.key.clone(),
        Value::Text(text) if entry.key.is_empty() => text.value(),
        _ => String::new(),
    };
    let words: Vec<&str> = entry.words.iter().map(|(word, _)| word.as_str()).collect();
    let ["with", operator] = words[..] else {
        reader.problems.at(entry.span, "expected an element and its operator, as in `room with \"=\"`");
        return None;
    };
    let place = reader.place("elements", entry.span);
    Some((Stated { value: text, place }, operator.to_owned()))
}

/// Replaces the fields that keys and indexes name by their columns, and notes names that are neither.
pub(in crate::entity) fn resolve(
    reader: &mut Reader,
    fields: &[FieldDef],
    constraints: &mut [ConstraintDef],
    indexes: &mut [IndexDef],
) {
    let mut names: Vec<(&mut String, &Place)> = Vec::new();
    for constraint in constraints {
        match &mut constraint.kind {
            ConstraintKindDef::PrimaryKey(columns) | ConstraintKindDef::ForeignKey { columns, .. } => {
                names.extend(columns.iter_mut().map(|column| (column, &constraint.place)));
            }
            ConstraintKindDef::Unique { columns, include, .. } => {
                names.extend(columns.iter_mut().chain(include).map(|column| (column, &constraint.place)));
            }
            ConstraintKindDef::Check(_) | ConstraintKindDef::Exclusion { .. } => {}
        }
    }
    for index in indexes {
        names.extend(index.include.iter_mut().map(|column| (column, &index.place)));
        for key in &mut index.keys {
            if let KeyPartDef::Column(column) = &mut key.part {
                names.push((column, &index.place));
            }
        }
    }
    for (name, place) in names {
        // What stands on a field names its column already, and what `cfg` leaves out cannot be told from a mistake
        // by the derive: a field by that name, then a column.
        if place.field.is_empty() {
            let field = fields.iter().find(|field| field.field == *name);
            let found = field.or_else(|| fields.iter().find(|field| field.column == *name));
            match found {
                Some(field) => name.clone_from(&field.column),
                None => {
                    let hint = did_you_mean(name, fields.iter().map(|field| field.field.as_str()));
                    let span = reader.places.span(place);
                    reader.problems.at(span, format!("`{}` names no field `{name}`: {hint}", place.key));
                }
            }
        }
    }
}
