//! Modules with the names that they declare.

use std::collections::BTreeMap;
use std::path::PathBuf;

use syn::ext::IdentExt;
use syn::{Expr, Lit, UseTree};

use crate::entity::Presence;

/// A module of a crate.
pub(super) struct Module {
    /// The number of its crate.
    pub(super) krate: usize,
    pub(super) parent: Option<usize>,
    /// The file in which its items stand.
    pub(super) file: usize,
    /// Whether it stands inside another module's file.
    pub(super) inline: bool,
    /// Where the files of its modules are.
    pub(super) folder: PathBuf,
    pub(super) presence: Presence,
    /// Whether only tests have it.
    pub(super) test: bool,
    /// Whether its names were read.
    pub(super) loaded: bool,
    pub(super) names: Names,
}

/// What a module's names stand for.
#[derive(Default)]
pub(super) struct Names {
    pub(super) modules: BTreeMap<String, usize>,
    /// Names that `use` brings, with their paths.
    pub(super) uses: Vec<(String, Vec<String>)>,
    /// Paths that `use` brings everything of.
    pub(super) globs: Vec<Vec<String>>,
    pub(super) constants: BTreeMap<String, Constant>,
    pub(super) aliases: BTreeMap<String, syn::Type>,
    /// The entities by name, with their numbers.
    pub(super) entities: BTreeMap<String, usize>,
    /// The enums by name, with their numbers.
    pub(super) enums: BTreeMap<String, usize>,
    /// Whether derives come from `#[macro_use] extern crate`.
    pub(super) macro_use: bool,
}

/// What a constant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Constant {
    Text(String),
    /// Another constant.
    Path(Vec<String>),
    /// Something that is not read.
    Other,
}

impl Constant {
    pub(super) fn of(value: &Expr) -> Self {
        match value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Self::Text(text.value()),
                _ => Self::Other,
            },
            Expr::Path(path) => Self::Path(segments(&path.path)),
            Expr::Group(group) => Self::of(&group.expr),
            Expr::Paren(paren) => Self::of(&paren.expr),
            _ => Self::Other,
        }
    }
}

/// Returns the names of a path.
pub(super) fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect()
}

impl Names {
    /// Notes what a `use` brings.
    pub(super) fn import(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.unraw().to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident)),
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = before.last() {
                    self.uses.push((last.clone(), before.to_vec()));
                }
            }
            UseTree::Name(name) => self.uses.push((name.ident.unraw().to_string(), with(&name.ident))),
            UseTree::Rename(rename) => {
                let path = if rename.ident == "self" { before.to_vec() } else { with(&rename.ident) };
                self.uses.push((rename.rename.unraw().to_string(), path));
            }
            UseTree::Glob(_) => self.globs.push(before.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
        }
    }
}
