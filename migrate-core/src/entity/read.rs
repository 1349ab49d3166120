//! A struct or an enum as the derive gets it.

use std::collections::BTreeMap;

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields};

use super::attribute::{Enumeration, Reader, Table, field, resolve, variant};
use super::def::{ConstraintKindDef, EntityDef, EnumDef, Stated};
use super::snake_case;

impl EntityDef {
    /// Reads a struct with its attributes.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the attributes and types, each at its place.
    ///
    /// ```
    /// use migrate_core::entity::EntityDef;
    ///
    /// let input = syn::parse_quote! {
    ///     #[entity(schema = "dpo")]
    ///     struct ExecutionStep {
    ///         #[column(primary_key)]
    ///         id: i64,
    ///         rows_processed: Option<i64>,
    ///     }
    /// };
    /// let entity = EntityDef::from_derive_input(&input)?;
    /// assert_eq!(entity.table.value, "execution_step");
    /// assert!(entity.fields[1].nullable);
    /// # Ok::<(), syn::Error>(())
    /// ```
    pub fn from_derive_input(input: &DeriveInput) -> syn::Result<Self> {
        let name = input.ident.unraw().to_string();
        let mut reader = Reader::new();
        let place = reader.place("", input.ident.span());
        let table = Table::read(&mut reader, &input.attrs);
        let mut entity = Self {
            table: table.table.unwrap_or_else(|| Stated { value: snake_case(&name), place }),
            name,
            schema: table.schema,
            comment: table.comment,
            renamed_from: table.renamed_from,
            partial: table.partial,
            unchecked: table.unchecked,
            krate: table.krate,
            fields: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            own: table.own,
            places: super::Places::default(),
        };
        match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => entity.fields(&mut reader, fields),
                _ => reader.problems.at(input.ident.span(), "an entity has named fields: each is a column"),
            },
            _ => reader.problems.at(input.ident.span(), "an entity is a struct"),
        }
        reader.field.clear();
        entity.constraints.extend(table.constraints);
        entity.indexes.extend(table.indexes);
        resolve(&mut reader, &entity.fields, &mut entity.constraints, &mut entity.indexes);
        entity.one_primary_key(&mut reader);
        entity.distinct_columns(&mut reader);
        entity.places = reader.places;
        reader.problems.finish(entity)
    }

    fn fields(&mut self, reader: &mut Reader, fields: &syn::FieldsNamed) {
        for found in &fields.named {
            self.fields.extend(field(reader, found, &mut self.constraints, &mut self.indexes));
        }
        if self.fields.is_empty() {
            reader.field.clear();
            let span = reader.places.span(&super::Place::default());
            reader.problems.at(span, "the entity has no field that is a column");
        }
    }

    /// Makes one primary key of the fields that carry it.
    fn one_primary_key(&mut self, reader: &mut Reader) {
        let is_key = |kind: &ConstraintKindDef| matches!(kind, ConstraintKindDef::PrimaryKey(_));
        let (mut keys, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.constraints).into_iter().partition(|constraint| is_key(&constraint.kind));
        self.constraints = others;
        let of_table = keys.iter().position(|key| key.place.field.is_empty());
        if let (Some(_), Some(second)) = (of_table, keys.iter().find(|key| !key.place.field.is_empty())) {
            let span = reader.places.span(&second.place);
            reader.problems.at(span, "the primary key is said in `#[entity(primary_key(…))]` already");
        }
        let mut one = match of_table {
            Some(at) => keys.remove(at),
            None if keys.is_empty() => return,
            None => {
                let mut first = keys.remove(0);
                if let ConstraintKindDef::PrimaryKey(columns) = &mut first.kind {
                    for key in &keys {
                        if let ConstraintKindDef::PrimaryKey(more) = &key.kind {
                            columns.extend(more.iter().cloned());
                        }
                    }
                }
                first
            }
        };
        if let ConstraintKindDef::PrimaryKey(columns) = &mut one.kind {
            let nullable = self.fields.iter().find(|field| field.nullable && columns.contains(&field.column));
            if let (Some(field), true) = (nullable, one.place.field.is_empty()) {
                let span = reader.places.span(&one.place);
                reader.problems.at(span, format!("a primary key is never NULL, and `{}` is an `Option`", field.field));
            }
        }
        self.constraints.insert(0, one);
    }

    fn distinct_columns(&self, reader: &mut Reader) {
        let mut seen = BTreeMap::new();
        for field in &self.fields {
            if let Some(first) = seen.insert(field.column.to_lowercase(), &field.field) {
                let span = reader.places.span(&field.place());
                reader.problems.at(span, format!("the column `{}` is that of the field `{first}`", field.column));
            }
        }
    }
}

impl EnumDef {
    /// Reads an enum with its attributes.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the attributes and variants, each at its place.
    ///
    /// ```
    /// use migrate_core::entity::EnumDef;
    ///
    /// let input = syn::parse_quote! {
    ///     #[sql_enum(rename_all = "snake_case")]
    ///     enum JobState { Waiting, InProgress }
    /// };
    /// let found = EnumDef::from_derive_input(&input)?;
    /// assert_eq!(found.type_name.value, "job_state");
    /// assert_eq!(found.variants[1].label, "in_progress");
    /// # Ok::<(), syn::Error>(())
    /// ```
    pub fn from_derive_input(input: &DeriveInput) -> syn::Result<Self> {
        let name = input.ident.unraw().to_string();
        let mut reader = Reader::new();
        let place = reader.place("", input.ident.span());
        let read = Enumeration::read(&mut reader, &input.attrs);
        let mut found = Self {
            type_name: read.name.unwrap_or_else(|| Stated { value: snake_case(&name), place }),
            name,
            schema: read.schema,
            comment: read.comment,
            renamed_from: read.renamed_from,
            unchecked: read.unchecked,
            krate: read.krate,
            variants: Vec::new(),
            places: super::Places::default(),
        };
        match &input.data {
            Data::Enum(data) => {
                for one in &data.variants {
                    if !matches!(one.fields, Fields::Unit) {
                        reader.problems.at(one.ident.span(), "a label has no fields: a `SqlEnum` is an enum of names");
                    }
                    found.variants.push(variant(&mut reader, &one.ident, &one.attrs, read.rename_all.as_deref()));
                }
                if data.variants.is_empty() {
                    reader.problems.at(input.ident.span(), "a `SqlEnum` has at least one variant");
                }
            }
            _ => reader.problems.at(input.ident.span(), "a `SqlEnum` is an enum without fields"),
        }
        let mut seen = BTreeMap::new();
        for one in &found.variants {
            if let Some(first) = seen.insert(&one.label, &one.name) {
                let place = super::Place { field: one.name.clone(), ..super::Place::default() };
                let message = format!("the label `{}` is that of the variant `{first}`", one.label);
                reader.problems.at(reader.places.span(&place), message);
            }
        }
        found.places = reader.places;
        reader.problems.finish(found)
    }
}
