//! `#[derive(SqlEnum)]`.

use migrate_core::entity::EnumDef;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use crate::entity::krate;
use crate::report;

/// Returns what an enum with this derive has beside itself.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    match EnumDef::from_derive_input(&input) {
        Ok(found) => checked(&input, &found),
        Err(error) => error.into_compile_error(),
    }
}

fn checked(input: &DeriveInput, found: &EnumDef) -> TokenStream {
    let krate = krate(found.krate.as_ref());
    let name = &input.ident;
    let labels: Vec<&str> = found.variants.iter().map(|variant| variant.label.as_str()).collect();
    let variants: Vec<_> = match &input.data {
        Data::Enum(data) => data.variants.iter().map(|variant| &variant.ident).collect(),
        _ => Vec::new(),
    };
    let mut out = quote! {
        #[automatically_derived]
        impl #krate::meta::SqlEnum for #name {
            const LABELS: &'static [&'static str] = &[#(#labels),*];

            fn label(&self) -> &'static str {
                match self {
                    #(Self::#variants => #labels),*
                }
            }
        }
    };
    if found.unchecked {
        return out;
    }
    match report::look(name, "sql_enum") {
        report::Look::Told(told) => {
            for (place, message) in &told.entity.mismatches {
                out.extend(report::mismatch(found.places.span(place), message, told.warn));
            }
        }
        report::Look::Warning(message) => out.extend(report::warning(name.span(), &message)),
        report::Look::Nothing => {}
    }
    out
}
