//! `#[sql_enum(…)]`, on an enum and on its variants.

use syn::ext::IdentExt;
use syn::{Attribute, Ident};

use super::Reader;
use super::entity::{path, schema};
use crate::entity::def::{Named, SchemaDef, Stated, VariantDef};
use crate::entity::name;
use crate::suggest::did_you_mean;

const KEYS: [&str; 7] = ["name", "schema", "comment", "renamed_from", "rename_all", "unchecked", "crate"];

/// What the attributes of an enum say.
#[derive(Default)]
pub(in crate::entity) struct Enumeration {
    pub(in crate::entity) name: Option<Stated<String>>,
    pub(in crate::entity) schema: Option<Stated<SchemaDef>>,
    pub(in crate::entity) comment: Option<Stated<String>>,
    pub(in crate::entity) renamed_from: Option<Stated<String>>,
    pub(in crate::entity) rename_all: Option<String>,
    pub(in crate::entity) unchecked: bool,
    pub(in crate::entity) krate: Option<Named>,
}

impl Enumeration {
    pub(in crate::entity) fn read(reader: &mut Reader, attributes: &[Attribute]) -> Self {
        let mut found = Self::default();
        let entries = reader.entries(attributes, "sql_enum");
        for entry in reader.once(entries, &[]) {
            match entry.key.as_str() {
                "name" => found.name = reader.text(&entry),
                "schema" => found.schema = schema(reader, &entry),
                "comment" => found.comment = reader.text(&entry),
                "renamed_from" => found.renamed_from = reader.text(&entry),
                "rename_all" => {
                    let way = reader.text(&entry).map(|text| text.value);
                    if let Some(way) = way.as_deref().filter(|way| name::rename("A", way).is_none()) {
                        let message = format!("`rename_all` knows no `{way}`: {}", did_you_mean(way, name::RENAME_ALL));
                        reader.problems.at(entry.value_span(), message);
                    }
                    found.rename_all = way;
                }
                "unchecked" => found.unchecked = reader.flag(&entry),
                "crate" => found.krate = path(reader, &entry),
                _ => reader.unknown_word("`#[sql_enum]`", &entry, &KEYS),
            }
        }
        found
    }
}

/// Reads a variant.
pub(in crate::entity) fn variant(
    reader: &mut Reader,
    ident: &Ident,
    attributes: &[Attribute],
    rename_all: Option<&str>,
) -> VariantDef {
    let name = ident.unraw().to_string();
    reader.field.clone_from(&name);
    reader.place("", ident.span());
    let (mut rename, mut renamed_from) = (None, None);
    let entries = reader.entries(attributes, "sql_enum");
    for entry in reader.once(entries, &[]) {
        match entry.key.as_str() {
            "rename" => rename = reader.text(&entry).map(|text| text.value),
            "renamed_from" => renamed_from = reader.text(&entry),
            _ => reader.unknown_word("`#[sql_enum]` of a variant", &entry, &["rename", "renamed_from"]),
        }
    }
    let by_rule = rename_all.and_then(|way| name::rename(&name, way));
    let label = rename.or(by_rule).unwrap_or_else(|| name.clone());
    VariantDef { name, label, renamed_from }
}
