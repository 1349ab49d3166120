//! `#[derive(Entity)]`.

use migrate_core::entity::report::Told;
use migrate_core::entity::{ConstraintKindDef, EntityDef, Named, Place, SchemaDef, TargetDef};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::DeriveInput;

use crate::report;

/// Returns what a struct with this derive has beside itself.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    match EntityDef::from_derive_input(&input) {
        Ok(entity) => checked(&input, &entity),
        Err(error) => {
            // The trait is there all the same, so that its users do not hide the mistake behind errors of their own.
            let error = error.into_compile_error();
            let name = migrate_core::entity::snake_case(&input.ident.to_string());
            let implementation = implement(&input, &krate(None), &quote!(#name), &[]);
            quote!(#error #implementation)
        }
    }
}

fn checked(input: &DeriveInput, entity: &EntityDef) -> TokenStream {
    let krate = krate(entity.krate.as_ref());
    let table = table(&krate, entity);
    let columns: Vec<&str> = entity.fields.iter().map(|field| field.column.as_str()).collect();
    let mut out = implement(input, &krate, &table, &columns);
    let targets = targets(entity);
    // Whatever the build script knows, what a field refers to is an entity.
    for (place, path) in &targets {
        let span = entity.places.span(place);
        let path = respanned(path, span);
        out.extend(quote_spanned!(span=> const _: &str = <#path as #krate::meta::Entity>::TABLE;));
    }
    if entity.unchecked {
        return out;
    }
    let told = match report::look(&input.ident, "entity") {
        report::Look::Told(told) => told,
        report::Look::Warning(message) => {
            out.extend(report::warning(input.ident.span(), &message));
            return out;
        }
        report::Look::Nothing => return out,
    };
    out.extend(asserts(&krate, entity, &targets, &told.entity));
    for (place, message) in &told.entity.mismatches {
        out.extend(report::mismatch(entity.places.span(place), message, told.warn));
    }
    out
}

/// Returns the path of migrate_core.
pub(crate) fn krate(path: Option<&Named>) -> TokenStream {
    path.map_or_else(|| quote!(::migrate_core), |path| path.0.to_token_stream())
}

fn implement(input: &DeriveInput, krate: &TokenStream, table: &TokenStream, columns: &[&str]) -> TokenStream {
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #krate::meta::Entity for #name #arguments #bounds {
            const TABLE: &'static str = #table;
            const COLUMNS: &'static [&'static str] = &[#(#columns),*];
        }
    }
}

/// Returns the table's name with its schema, which may be a constant that only the compiler knows.
fn table(krate: &TokenStream, entity: &EntityDef) -> TokenStream {
    let table = &entity.table.value;
    match entity.schema.as_ref().map(|schema| (&schema.value, &schema.place)) {
        None => quote!(#table),
        Some((SchemaDef::Literal(schema), _)) => {
            let name = format!("{schema}.{table}");
            quote!(#name)
        }
        Some((SchemaDef::Constant(path), place)) => {
            let span = entity.places.span(place);
            let path = respanned(path, span);
            // Read once, so that a constant that is no text is one error.
            quote! {{
                const SCHEMA: &str = #path;
                const BYTES: [u8; SCHEMA.len() + 1 + #table.len()] = #krate::meta::qualified(SCHEMA, #table);
                #krate::meta::text(&BYTES)
            }}
        }
    }
}

fn respanned(path: &Named, span: proc_macro2::Span) -> TokenStream {
    let path = &path.0;
    quote_spanned!(span=> #path)
}

/// Returns the entities that the struct refers to, with the places that say so.
fn targets(entity: &EntityDef) -> Vec<(Place, Named)> {
    let target = |kind: &ConstraintKindDef| match kind {
        ConstraintKindDef::ForeignKey { target, .. } => match &target.value {
            TargetDef::Entity(path) => Some((target.place.clone(), path.clone())),
            TargetDef::Table { .. } => None,
        },
        _ => None,
    };
    entity.constraints.iter().filter_map(|constraint| target(&constraint.kind)).collect()
}

/// Puts to the compiler what the scan took names to be.
fn asserts(krate: &TokenStream, entity: &EntityDef, targets: &[(Place, Named)], told: &Told) -> TokenStream {
    let mut out = TokenStream::new();
    for (place, text) in &told.constants {
        let Some(SchemaDef::Constant(path)) = entity.schema.as_ref().map(|schema| &schema.value) else { continue };
        let span = entity.places.span(place);
        let message = format!(
            "the check took `{path}` to be {text:?}, and the compiler does not: write the constant's whole path, `crate::…`"
        );
        let path = respanned(path, span);
        out.extend(quote_spanned!(span=> const _: () = ::core::assert!(#krate::meta::same(#path, #text), #message);));
    }
    for (place, table) in &told.targets {
        let Some((_, path)) = targets.iter().find(|(known, _)| known == place) else { continue };
        let span = entity.places.span(place);
        let message = format!(
            "the check took `{path}` to be the table `{table}`, and the compiler does not: write the entity's whole path, \
             `crate::…`"
        );
        let path = respanned(path, span);
        out.extend(quote_spanned! {span=>
            const _: () =
                ::core::assert!(#krate::meta::same(<#path as #krate::meta::Entity>::TABLE, #table), #message);
        });
    }
    out
}
