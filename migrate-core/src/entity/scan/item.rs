//! The items of a module.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Fields, Item, Token};

use super::module::{Constant, segments};
use super::tree::Tree;
use super::{Entity, Enumeration, locate};
use crate::diagnostic::Diagnostic;
use crate::entity::{EntityDef, EnumDef, Presence, SchemaDef};

/// The derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derive {
    Entity,
    SqlEnum,
}

impl Derive {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "Entity" => Some(Self::Entity),
            "SqlEnum" => Some(Self::SqlEnum),
            _ => None,
        }
    }

    /// The attributes that only it has.
    fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Entity => &["entity", "column"],
            Self::SqlEnum => &["sql_enum"],
        }
    }
}

impl Tree<'_> {
    /// Reads items that stand in a file and belong to a module.
    ///
    /// Names come first: what a derive is, the imports of the module decide.
    pub(super) fn items(&mut self, module: usize, file: usize, items: &[Item]) {
        for item in items {
            self.name(module, file, item);
        }
        for item in items {
            match item {
                Item::Struct(item) => self.derived(module, file, &item.clone().into()),
                Item::Enum(item) => self.derived(module, file, &item.clone().into()),
                Item::Union(item) => self.derived(module, file, &item.clone().into()),
                Item::Fn(_) | Item::Impl(_) | Item::Trait(_) | Item::Const(_) | Item::Static(_)
                    if self.sources.get(file).may_derive() =>
                {
                    self.bodies(file, item.to_token_stream());
                }
                _ => {}
            }
        }
        for item in items {
            match item {
                Item::Mod(item) => self.child(module, file, item),
                Item::Macro(item) if item.mac.path.is_ident("include") => {
                    if let Ok(path) = item.mac.parse_body::<syn::LitStr>() {
                        self.include(module, file, &path.value());
                    }
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, module: usize, _file: usize, item: &Item) {
        let names = &mut self.modules[module].names;
        match item {
            Item::Use(item) => names.import(&item.tree, &[]),
            Item::Const(item) => {
                names.constants.insert(item.ident.unraw().to_string(), Constant::of(&item.expr));
            }
            Item::Static(item) => {
                names.constants.insert(item.ident.unraw().to_string(), Constant::of(&item.expr));
            }
            Item::Type(item) => {
                names.aliases.insert(item.ident.unraw().to_string(), (*item.ty).clone());
            }
            Item::ExternCrate(item) => {
                let name = item.ident.unraw().to_string();
                if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use")) {
                    names.macro_use |= name == super::resolve::MACROS;
                }
                if let Some((_, rename)) = &item.rename {
                    names.uses.push((rename.unraw().to_string(), vec![name]));
                }
            }
            _ => {}
        }
    }

    /// Notes the structs and enums in the bodies of functions: no build script looks at them.
    fn bodies(&mut self, file: usize, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.bodies(file, group.stream()),
                TokenTree::Ident(word) if word == "struct" || word == "enum" => {
                    if let Some(TokenTree::Ident(name)) = tokens.peek() {
                        let mark = self.mark(file, name);
                        self.found.outside.push(mark);
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads a struct or enum that derives one of ours.
    fn derived(&mut self, module: usize, file: usize, input: &DeriveInput) {
        if !self.sources.get(file).may_derive() && !self.modules[module].names.macro_use {
            return;
        }
        let mut input = input.clone();
        let verdict = self.facts.strip(&mut input.attrs);
        let Some(derive) = self.derive_of(module, &input) else { return };
        let above = &self.modules[module];
        let presence = above.presence.min(verdict.presence);
        let mark = self.mark(file, &input.ident);
        if above.test || verdict.test || !self.counts(file) {
            self.found.outside.push(mark);
            return;
        }
        let key = (file, mark.line, mark.name.clone());
        if let Some(number) = self.known.get(&key).copied() {
            self.again(module, derive, &mark.name, number, presence);
            return;
        }
        let absent = strip_fields(self, &mut input);
        let name = mark.name.clone();
        let number = match derive {
            Derive::Entity => {
                let read = EntityDef::from_derive_input(&input);
                let Some(mut def) = self.read(file, presence, read) else { return };
                if def.unchecked {
                    self.found.outside.push(mark);
                    return;
                }
                for field in &mut def.fields {
                    if absent.either.contains(&field.field) {
                        field.presence = Presence::Either;
                    }
                }
                let schema = literal(def.schema.as_ref().map(|schema| &schema.value));
                let targets = Default::default();
                let entity = Entity { def, mark, presence, absent: absent.off, schema, targets };
                self.entities.push((module, entity));
                self.modules[module].names.entities.insert(name, self.entities.len() - 1);
                self.entities.len() - 1
            }
            Derive::SqlEnum => {
                let read = EnumDef::from_derive_input(&input);
                let Some(def) = self.read(file, presence, read) else { return };
                if super::tree::is_off(&def, presence) {
                    self.found.outside.push(mark);
                    return;
                }
                let schema = literal(def.schema.as_ref().map(|schema| &schema.value));
                self.enums.push((module, Enumeration { def, mark, presence, schema }));
                self.modules[module].names.enums.insert(name, self.enums.len() - 1);
                self.enums.len() - 1
            }
        };
        self.known.insert(key, number);
    }

    /// Notes one that another crate of the package has too: it is one, and there if one of them has it.
    fn again(&mut self, module: usize, derive: Derive, name: &str, number: usize, presence: Presence) {
        let names = &mut self.modules[module].names;
        match derive {
            Derive::Entity => {
                names.entities.insert(name.to_owned(), number);
                let entity = &mut self.entities[number].1;
                entity.presence = entity.presence.max(presence);
            }
            Derive::SqlEnum => {
                names.enums.insert(name.to_owned(), number);
                let found = &mut self.enums[number].1;
                found.presence = found.presence.max(presence);
            }
        }
    }

    /// Returns a definition, or notes what is wrong with it, if this build has it.
    fn read<T>(&mut self, file: usize, presence: Presence, read: syn::Result<T>) -> Option<T> {
        let error = match read {
            Ok(def) => return Some(def),
            Err(error) => error,
        };
        if presence == Presence::On {
            let path = self.sources.get(file).path.clone();
            for error in error {
                let location = locate(&path, error.span());
                self.found.problems.push(Diagnostic::new("entity-attribute", location, error.to_string()));
            }
        }
        None
    }

    /// Returns which of our derives a struct or enum has.
    fn derive_of(&mut self, module: usize, input: &DeriveInput) -> Option<Derive> {
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let parse = Punctuated::<syn::Path, Token![,]>::parse_terminated;
            let Ok(paths) = attribute.parse_args_with(parse) else { continue };
            for path in &paths {
                let path = segments(path);
                match self.derive_named(module, &path) {
                    Some(Some(derive)) => return Some(derive),
                    Some(None) => {}
                    None => {
                        let derive = path.last().and_then(|name| Derive::named(name));
                        if let Some(derive) = derive.filter(|derive| has_attribute(input, derive.attributes())) {
                            return Some(derive);
                        }
                    }
                }
            }
        }
        None
    }
}

/// Fields that this build leaves out.
#[derive(Default)]
struct Absent {
    /// The columns of those that it does.
    off: Vec<String>,
    /// The fields of which nobody can tell.
    either: Vec<String>,
}

/// Takes the fields out that the compiler takes out before a derive sees the struct.
fn strip_fields(tree: &Tree<'_>, input: &mut DeriveInput) -> Absent {
    let mut absent = Absent::default();
    let mut strip = |fields: &mut Fields| {
        let Fields::Named(named) = fields else { return };
        let all = std::mem::take(&mut named.named);
        for mut field in all {
            let presence = tree.facts.strip(&mut field.attrs).presence;
            let name = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
            match presence {
                Presence::Off => absent.off.push(column_of(&field).unwrap_or(name)),
                // Two of one name exclude each other, whichever it is that is there.
                Presence::Either if absent.either.contains(&name) => continue,
                Presence::Either => absent.either.push(name),
                Presence::On => {}
            }
            if presence != Presence::Off {
                named.named.push(field);
            }
        }
    };
    match &mut input.data {
        syn::Data::Struct(data) => strip(&mut data.fields),
        syn::Data::Enum(data) => {
            let all = std::mem::take(&mut data.variants);
            for mut variant in all {
                if tree.facts.strip(&mut variant.attrs).presence != Presence::Off {
                    data.variants.push(variant);
                }
            }
        }
        syn::Data::Union(_) => {}
    }
    absent
}

/// Returns the column of a field that says its name.
fn column_of(field: &syn::Field) -> Option<String> {
    let input: DeriveInput = syn::parse_quote! { struct Lone { #field } };
    EntityDef::from_derive_input(&input).ok()?.fields.first().map(|field| field.column.clone())
}

fn literal(schema: Option<&SchemaDef>) -> Option<String> {
    match schema {
        Some(SchemaDef::Literal(text)) => Some(text.clone()),
        _ => None,
    }
}

fn has_attribute(input: &DeriveInput, names: &[&str]) -> bool {
    let has = |attributes: &[Attribute]| {
        attributes.iter().any(|attribute| names.iter().any(|name| attribute.path().is_ident(name)))
    };
    let in_fields = match &input.data {
        syn::Data::Struct(data) => data.fields.iter().any(|field| has(&field.attrs)),
        syn::Data::Enum(data) => data.variants.iter().any(|variant| has(&variant.attrs)),
        syn::Data::Union(_) => false,
    };
    has(&input.attrs) || in_fields
}
