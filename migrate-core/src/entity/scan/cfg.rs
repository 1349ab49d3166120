//! `cfg` and `cfg_attr`, evaluated with what is known of the build.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

use crate::entity::Presence;

/// What is known of the build.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The features that are on; `None` takes every one as on.
    pub features: Option<BTreeSet<String>>,
    /// The values of each other name: `target_os` is `linux`, `unix` is there without a value. A name that is not
    /// here is not known.
    pub values: BTreeMap<String, Vec<String>>,
}

/// Names that are there or not, and of which cargo tells only the former.
const TOLD: [&str; 2] = ["unix", "windows"];

impl Facts {
    /// Returns the facts of a build script's variables: `CARGO_FEATURE_X` and `CARGO_CFG_X`.
    ///
    /// The names of features are compared as cargo writes them there, in capitals and with `_`.
    ///
    /// ```
    /// use migrate_core::entity::scan::Facts;
    ///
    /// let facts = Facts::from_variables([("CARGO_FEATURE_A_B", "1"), ("CARGO_CFG_TARGET_OS", "linux")]);
    /// assert!(facts.features.unwrap().contains("A_B"));
    /// assert_eq!(facts.values["target_os"], ["linux"]);
    /// ```
    pub fn from_variables<N: AsRef<str>, V: AsRef<str>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut facts = Self { features: Some(BTreeSet::new()), values: BTreeMap::new() };
        for (name, value) in variables {
            if let Some(feature) = name.as_ref().strip_prefix("CARGO_FEATURE_") {
                facts.features.get_or_insert_default().insert(feature.to_owned());
            } else if let Some(name) = name.as_ref().strip_prefix("CARGO_CFG_") {
                let values = value.as_ref().split(',').filter(|value| !value.is_empty()).map(str::to_owned);
                facts.values.insert(name.to_ascii_lowercase(), values.collect());
            }
        }
        facts
    }

    /// Returns whether a predicate holds; `test` is what `cfg(test)` is.
    fn holds(&self, predicate: &Meta, test: bool) -> Presence {
        let name = predicate.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match predicate {
            Meta::List(list) => {
                let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
                let Ok(inner) = list.parse_args_with(parse) else { return Presence::Either };
                let mut inner = inner.iter().map(|predicate| self.holds(predicate, test));
                match name.as_str() {
                    "all" => inner.min().unwrap_or(Presence::On),
                    "any" => inner.max().unwrap_or(Presence::Off),
                    "not" => match inner.next() {
                        Some(Presence::On) => Presence::Off,
                        Some(Presence::Off) => Presence::On,
                        _ => Presence::Either,
                    },
                    _ => Presence::Either,
                }
            }
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => self.value(&name, &text.value()),
                    _ => Presence::Either,
                },
                _ => Presence::Either,
            },
            Meta::Path(_) => match name.as_str() {
                "test" => on(test),
                "doc" | "doctest" | "miri" | "clippy" | "rust_analyzer" => Presence::Off,
                "true" => Presence::On,
                "false" => Presence::Off,
                _ if self.values.contains_key(&name) => Presence::On,
                _ if TOLD.contains(&name.as_str()) && !self.values.is_empty() => Presence::Off,
                _ => Presence::Either,
            },
        }
    }

    fn value(&self, name: &str, value: &str) -> Presence {
        if name == "feature" {
            let written = value.to_ascii_uppercase().replace('-', "_");
            return self.features.as_ref().map_or(Presence::On, |features| on(features.contains(&written)));
        }
        match self.values.get(name) {
            Some(values) => on(values.iter().any(|known| known == value)),
            None => Presence::Either,
        }
    }

    /// Evaluates the `cfg` and `cfg_attr` among attributes, and leaves those that the compiler would show to a derive.
    pub(super) fn strip(&self, attributes: &mut Vec<Attribute>) -> Verdict {
        let mut verdict = Verdict { presence: Presence::On, test: false };
        let mut kept = Vec::new();
        let mut waiting: Vec<Attribute> = std::mem::take(attributes);
        waiting.reverse();
        while let Some(attribute) = waiting.pop() {
            if attribute.path().is_ident("cfg") {
                let Ok(predicate) = attribute.parse_args::<Meta>() else { continue };
                let holds = self.holds(&predicate, false);
                verdict.presence = verdict.presence.min(holds);
                verdict.test |= holds == Presence::Off && self.holds(&predicate, true) != Presence::Off;
            } else if attribute.path().is_ident("cfg_attr") {
                let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
                let Ok(parts) = attribute.parse_args_with(parse) else { continue };
                let mut parts = parts.into_iter();
                let Some(predicate) = parts.next() else { continue };
                let holds = self.holds(&predicate, false);
                if holds == Presence::Off {
                    continue;
                }
                let more: Vec<Attribute> = parts.map(|meta| Attribute { meta, ..attribute.clone() }).collect();
                if holds == Presence::Either && more.iter().any(decides) {
                    verdict.presence = verdict.presence.min(Presence::Either);
                }
                waiting.extend(more.into_iter().rev());
            } else {
                kept.push(attribute);
            }
        }
        *attributes = kept;
        verdict
    }
}

/// What `cfg` makes of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) presence: Presence,
    /// Whether only `cfg(test)` keeps it out.
    pub(super) test: bool,
}

/// Returns whether an attribute says what a table is.
fn decides(attribute: &Attribute) -> bool {
    ["derive", "entity", "column", "sql_enum", "path", "cfg", "cfg_attr"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

fn on(is: bool) -> Presence {
    if is { Presence::On } else { Presence::Off }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_hold_do_not_or_cannot_be_told() {
        // Promise: the scan sees what the derive sees, and says so where nobody can tell.
        let facts = Facts::from_variables([
            ("CARGO_FEATURE_ON", "1"),
            ("CARGO_FEATURE_TWO_WORDS", "1"),
            ("CARGO_CFG_TARGET_OS", "linux"),
            ("CARGO_CFG_TARGET_HAS_ATOMIC", "8,16,ptr"),
            ("CARGO_CFG_UNIX", ""),
            ("CARGO_CFG_MINE", ""),
        ]);
        for (predicate, expect) in [
            ("feature = \"on\"", Presence::On),
            ("feature = \"two-words\"", Presence::On),
            ("feature = \"off\"", Presence::Off),
            ("not(feature = \"on\")", Presence::Off),
            ("target_os = \"linux\"", Presence::On),
            ("target_os = \"macos\"", Presence::Off),
            ("target_has_atomic = \"16\"", Presence::On),
            ("unix", Presence::On),
            ("windows", Presence::Off),
            ("mine", Presence::On),
            ("tokio_unstable", Presence::Either),
            ("not(tokio_unstable)", Presence::Either),
            ("debug_assertions", Presence::Either),
            ("test", Presence::Off),
            ("not(test)", Presence::On),
            ("all(unix, tokio_unstable)", Presence::Either),
            ("all(windows, tokio_unstable)", Presence::Off),
            ("any(unix, tokio_unstable)", Presence::On),
            ("any()", Presence::Off),
            ("all()", Presence::On),
            ("version(\"1.80\")", Presence::Either),
        ] {
            let predicate: Meta = syn::parse_str(predicate).expect(predicate);
            assert_eq!(facts.holds(&predicate, false), expect, "{}", quote::ToTokens::to_token_stream(&predicate));
        }
        // The command line knows no build.
        let all = Facts::default();
        let predicate: Meta = syn::parse_str("feature = \"any\"").expect("a predicate");
        assert_eq!(all.holds(&predicate, false), Presence::On);
    }

    #[test]
    fn attributes_are_left_as_the_compiler_leaves_them() {
        // Promise: what `cfg_attr` adds is read, in its place, and what it does not add is not.
        let facts = Facts::from_variables([("CARGO_FEATURE_ON", "1")]);
        let mut item: syn::ItemStruct = syn::parse_quote! {
            #[doc = "a"]
            #[cfg_attr(feature = "on", derive(Entity), cfg_attr(feature = "on", entity(table = "a")))]
            #[cfg_attr(feature = "off", entity(table = "b"))]
            #[cfg(feature = "on")]
            struct A;
        };
        let verdict = facts.strip(&mut item.attrs);
        let names: Vec<String> =
            item.attrs.iter().map(|a| quote::ToTokens::to_token_stream(&a.meta).to_string()).collect();
        assert_eq!(names, ["doc = \"a\"", "derive (Entity)", "entity (table = \"a\")"]);
        assert_eq!((verdict.presence, verdict.test), (Presence::On, false));
        let mut item: syn::ItemStruct = syn::parse_quote! { #[cfg(test)] struct A; };
        let verdict = facts.strip(&mut item.attrs);
        assert_eq!((verdict.presence, verdict.test), (Presence::Off, true));
    }
}
