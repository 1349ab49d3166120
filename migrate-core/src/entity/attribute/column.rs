//! `#[column(…)]`.

use proc_macro2::Span;
use syn::ext::IdentExt;

use super::entry::{Entry, Value};
use super::{Reader, has_own, key};
use crate::entity::def::{ConstraintDef, ConstraintKindDef, FieldDef, FieldType, IndexDef, Presence, RustType, Stated};
use crate::entity::{Place, rust_type};
use crate::schema::ReferentialAction;
use crate::schema::logical::LogicalType;

const KEYS: [&str; 22] = [
    "name",
    "type",
    "length",
    "precision",
    "scale",
    "primary_key",
    "unique",
    "index",
    "default",
    "identity",
    "generated",
    "check",
    "references",
    "on_delete",
    "on_update",
    "deferrable",
    "initially_deferred",
    "collate",
    "comment",
    "renamed_from",
    "nullable",
    "skip",
];

/// What a field says that is no part of its column.
#[derive(Default)]
struct Extra {
    skip: Option<Span>,
    nullable: Option<Span>,
    on_delete: Option<ReferentialAction>,
    on_update: Option<ReferentialAction>,
    deferrable: bool,
    initially_deferred: bool,
    references: Option<ConstraintDef>,
    primary_key: Option<Span>,
    constraints: Vec<ConstraintDef>,
    indexes: Vec<IndexDef>,
}

/// Reads a field with its keys and indexes, or `None` where it is no column.
pub(in crate::entity) fn field(
    reader: &mut Reader,
    field: &syn::Field,
    constraints: &mut Vec<ConstraintDef>,
    indexes: &mut Vec<IndexDef>,
) -> Option<FieldDef> {
    let ident = field.ident.as_ref()?;
    reader.field = ident.unraw().to_string();
    reader.place("", ident.span());
    let (ty, option) = rust_type::read(&field.ty);
    let mut found = FieldDef {
        field: reader.field.clone(),
        column: reader.field.clone(),
        ty,
        rust: RustType(field.ty.clone()),
        nullable: option,
        presence: Presence::On,
        sql_type: None,
        length: None,
        precision: None,
        scale: None,
        default: None,
        generated: None,
        identity: None,
        collate: None,
        comment: None,
        renamed_from: None,
        skip_autogenerate: false,
        own: Default::default(),
    };
    let entries = reader.entries(&field.attrs, "column");
    let repeatable: Vec<&str> =
        ["check", "index"].into_iter().chain(crate::sql::Syntax::ALL.iter().map(|syntax| syntax.name)).collect();
    let entries = reader.once(entries, &repeatable);
    let mut extra = Extra::default();
    for entry in &entries {
        item(reader, &mut found, &mut extra, entry);
    }
    if let Some(span) = extra.skip {
        if entries.len() > 1 {
            reader.problems.at(span, "`skip` says that the field is no column: nothing else can be said of it");
        }
        return None;
    }
    together(reader, &mut found, &extra, &entries);
    types(reader, &found, &field.ty);
    keys(&mut found, extra, constraints, indexes, reader);
    Some(found)
}

fn item(reader: &mut Reader, found: &mut FieldDef, extra: &mut Extra, entry: &Entry) {
    if let Some((dialect, entries)) = Reader::dialect(entry) {
        reader.own(&mut found.own, dialect, entries);
        return;
    }
    match entry.key.as_str() {
        "name" => {
            if let Some(text) = reader.text(entry) {
                found.column = text.value;
            }
        }
        "type" => found.sql_type = reader.text(entry),
        "length" => found.length = reader.number(entry),
        "precision" => found.precision = reader.number(entry),
        "scale" => found.scale = reader.number(entry),
        "default" => found.default = reader.text(entry),
        "generated" => found.generated = reader.text(entry),
        "identity" => found.identity = identity(reader, entry),
        "collate" => found.collate = reader.text(entry),
        "comment" => found.comment = reader.text(entry),
        "renamed_from" => found.renamed_from = reader.text(entry),
        "skip" => extra.skip = reader.flag(entry).then_some(entry.span),
        "skip_autogenerate" => found.skip_autogenerate = reader.flag(entry),
        "nullable" => extra.nullable = reader.flag(entry).then_some(entry.span),
        _ => key_item(reader, found, extra, entry),
    }
}

fn key_item(reader: &mut Reader, found: &FieldDef, extra: &mut Extra, entry: &Entry) {
    let column = vec![found.column.clone()];
    match entry.key.as_str() {
        "primary_key" => extra.primary_key = reader.flag(entry).then_some(entry.span),
        "unique" => {
            let place = reader.place("unique", entry.span);
            let kind = ConstraintKindDef::Unique { columns: column, include: Vec::new(), nulls_not_distinct: false };
            let mut constraint = key::constraint(kind, place);
            if matches!(entry.value, Value::Text(_)) {
                constraint.name = reader.text(entry).map(|text| text.value);
            } else {
                reader.flag(entry);
            }
            extra.constraints.push(constraint);
        }
        "index" => {
            let place = reader.place("index", entry.span);
            let mut index = key::plain_index(vec![key::key_column(found.column.clone())], place);
            if matches!(entry.value, Value::Text(_)) {
                index.name = reader.text(entry).map(|text| text.value);
            } else {
                reader.flag(entry);
            }
            extra.indexes.push(index);
        }
        "check" => extra.constraints.extend(key::check(reader, entry)),
        "references" => {
            let place = reader.place("references", entry.span);
            let mut constraint = key::constraint(ConstraintKindDef::PrimaryKey(Vec::new()), place);
            if let Some(target) = key::references(reader, entry, &mut constraint) {
                constraint.kind = ConstraintKindDef::ForeignKey {
                    columns: column,
                    target,
                    on_delete: ReferentialAction::NoAction,
                    on_update: ReferentialAction::NoAction,
                };
                extra.references = Some(constraint);
            }
        }
        "on_delete" => extra.on_delete = key::action(reader, entry),
        "on_update" => extra.on_update = key::action(reader, entry),
        "deferrable" => extra.deferrable = reader.flag(entry),
        "initially_deferred" => extra.initially_deferred = reader.flag(entry),
        _ => reader.unknown("`#[column]`", entry, &[&KEYS[..], &["skip_autogenerate"]].concat()),
    }
}

/// Reads `identity` and `identity = "always"`.
fn identity(reader: &mut Reader, entry: &Entry) -> Option<Stated<bool>> {
    let always = match &entry.value {
        Value::Flag => false,
        Value::Text(text) if text.value().eq_ignore_ascii_case("always") => true,
        Value::Text(text) if text.value().eq_ignore_ascii_case("by default") => false,
        _ => {
            reader.problems.at(entry.value_span(), "expected `identity`, or `identity = \"always\"`");
            return None;
        }
    };
    let place = reader.place("identity", entry.span);
    Some(Stated { value: always, place })
}

/// Notes what cannot be said together.
fn together(reader: &mut Reader, found: &mut FieldDef, extra: &Extra, entries: &[Entry]) {
    let at = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.span);
    for (one, other, why) in [
        ("generated", "default", "a generated column has no default"),
        ("identity", "default", "the sequence of an identity is its default"),
        ("identity", "generated", "a column is numbered by a sequence or generated by an expression"),
        ("type", "length", "the length is a part of `type`: `type = \"varchar(100)\"`"),
        ("type", "precision", "the precision is a part of `type`: `type = \"numeric(12,2)\"`"),
        ("type", "scale", "the scale is a part of `type`: `type = \"numeric(12,2)\"`"),
    ] {
        if let (Some(_), Some(span)) = (at(one), at(other)) {
            reader.problems.at(span, format!("`{one}` and `{other}` exclude each other: {why}"));
        }
    }
    if !entries.iter().any(|entry| entry.key == "references") {
        for key in ["on_delete", "on_update", "deferrable", "initially_deferred"] {
            if let Some(span) = at(key) {
                reader.problems.at(span, format!("`{key}` belongs to a foreign key: say what it `references(…)`"));
            }
        }
    }
    if let (Some(span), None) = (at("scale"), at("precision")) {
        reader.problems.at(span, "`scale` needs `precision`: how many digits there are in all");
    }
    if let Some(span) = extra.nullable {
        if found.nullable {
            reader.problems.at(span, "`Option` says already that the column may be NULL");
        }
        found.nullable = true;
    }
    if let (true, Some(span)) = (found.nullable, extra.primary_key) {
        reader.problems.at(span, "a primary key is never NULL: take the `Option` away");
    }
    if let (true, Some(span)) = (found.nullable, at("identity")) {
        reader.problems.at(span, "an identity is never NULL: take the `Option` away");
    }
}

/// Notes settings that the type does not have, and a type that has no column type.
fn types(reader: &mut Reader, found: &FieldDef, ty: &syn::Type) {
    if let FieldType::Refused(why) = &found.ty {
        if found.sql_type.is_none() && !has_own(&found.own, "type") {
            reader.problems.push(syn::Error::new_spanned(ty, why));
        }
    }
    for (place, message) in misfits(found) {
        let span = reader.places.span(&place);
        reader.problems.at(span, message);
    }
}

/// Returns what is said of a field that its type does not have.
pub(in crate::entity) fn misfits(found: &FieldDef) -> Vec<(Place, String)> {
    // Of a name the scan knows more, and nothing is known of the user's own SQL.
    if matches!(found.ty, FieldType::Named(_) | FieldType::Refused(_)) || found.sql_type.is_some() {
        return Vec::new();
    }
    let known = match &found.ty {
        FieldType::Known(known) => Some(known),
        _ => None,
    };
    let text = matches!(known, Some(LogicalType::Text(_)));
    let decimal = matches!(known, Some(LogicalType::Decimal(..)));
    let counts = matches!(known, Some(LogicalType::SmallInt | LogicalType::Integer | LogicalType::BigInt));
    let mut misfits = Vec::new();
    let mut check = |key: &str, place: Option<&Place>, fits: bool, of: &str| {
        if let (Some(place), false) = (place, fits) {
            misfits.push((place.clone(), format!("`{key}` is for {of}, and the field is `{}`", found.rust)));
        }
    };
    check("length", found.length.as_ref().map(|length| &length.place), text, "texts");
    check("precision", found.precision.as_ref().map(|precision| &precision.place), decimal, "decimal numbers");
    check("scale", found.scale.as_ref().map(|scale| &scale.place), decimal, "decimal numbers");
    check("identity", found.identity.as_ref().map(|identity| &identity.place), counts, "integers");
    let list_of_texts =
        matches!(&found.ty, FieldType::Array(inner) if matches!(**inner, FieldType::Known(LogicalType::Text(_))));
    check("collate", found.collate.as_ref().map(|collate| &collate.place), text || list_of_texts, "texts");
    if let Some(length) = found.length.as_ref().filter(|length| length.value == 0) {
        misfits.push((length.place.clone(), "a length is at least 1".to_owned()));
    }
    misfits
}

/// Hands the field's keys and indexes to its table, with the column's name as it is now known.
fn keys(
    found: &mut FieldDef,
    extra: Extra,
    constraints: &mut Vec<ConstraintDef>,
    indexes: &mut Vec<IndexDef>,
    reader: &mut Reader,
) {
    let own = vec![found.column.clone()];
    if let Some(span) = extra.primary_key {
        let place = reader.place("primary_key", span);
        constraints.push(key::constraint(ConstraintKindDef::PrimaryKey(own.clone()), place));
    }
    for mut constraint in extra.constraints {
        if let ConstraintKindDef::Unique { columns, .. } = &mut constraint.kind {
            columns.clone_from(&own);
        }
        constraints.push(constraint);
    }
    if let Some(mut constraint) = extra.references {
        if let ConstraintKindDef::ForeignKey { columns, on_delete, on_update, .. } = &mut constraint.kind {
            columns.clone_from(&own);
            *on_delete = extra.on_delete.unwrap_or_default();
            *on_update = extra.on_update.unwrap_or_default();
        }
        constraint.deferrable = extra.deferrable || extra.initially_deferred;
        constraint.initially_deferred = extra.initially_deferred;
        constraints.push(constraint);
    }
    for mut index in extra.indexes {
        index.keys = vec![key::key_column(found.column.clone())];
        indexes.push(index);
    }
    // A check that only one dialect has stands among its own settings.
    for (dialect, settings) in &mut found.own {
        let Some(at) = settings.iter().position(|setting| setting.key == "check") else { continue };
        let mut setting = settings.remove(at);
        setting.key = "expr".to_owned();
        let field = &setting.place.field;
        let same = constraints.iter_mut().find(|constraint| {
            matches!(&constraint.kind, ConstraintKindDef::Check(_)) && constraint.place.field == *field
        });
        match same {
            Some(constraint) => constraint.own.entry(dialect.clone()).or_default().push(setting),
            None => {
                let mut constraint = key::constraint(ConstraintKindDef::Check(None), setting.place.clone());
                constraint.only = Some(dialect.clone());
                constraint.own.entry(dialect.clone()).or_default().push(setting);
                constraints.push(constraint);
            }
        }
    }
}
