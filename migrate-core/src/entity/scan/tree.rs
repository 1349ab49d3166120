//! The tree of modules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syn::ext::IdentExt;

use super::module::{Module, Names};
use super::source::Sources;
use super::{Entity, Enumeration, Facts, Mark, Package, Request, Scan};
use crate::diagnostic::{Diagnostic, Location};
use crate::entity::{EnumDef, Presence};

/// Everything that is known while the scan runs.
pub(super) struct Tree<'r> {
    pub(super) facts: &'r Facts,
    /// The folders and files whose entities count, as they are on disk.
    pub(super) within: Option<Vec<PathBuf>>,
    pub(super) sources: Sources,
    /// The roots of the crates, with their names.
    pub(super) crates: Vec<(Option<String>, usize)>,
    pub(super) modules: Vec<Module>,
    /// The entities, each with its module.
    pub(super) entities: Vec<(usize, Entity)>,
    pub(super) enums: Vec<(usize, Enumeration)>,
    /// Numbers of entities and enums by where they stand, so that one that is reached twice is one.
    pub(super) known: BTreeMap<(usize, u32, String), usize>,
    pub(super) found: Scan,
}

impl<'r> Tree<'r> {
    pub(super) fn new(request: &'r Request) -> Self {
        let real = |paths: &Vec<PathBuf>| paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        Self {
            facts: &request.facts,
            within: request.within.as_ref().map(real),
            sources: Sources::default(),
            crates: Vec::new(),
            modules: Vec::new(),
            entities: Vec::new(),
            enums: Vec::new(),
            known: BTreeMap::new(),
            found: Scan::default(),
        }
    }

    /// Follows the modules of a package's crates.
    pub(super) fn package(&mut self, package: &Package) {
        for (name, root) in &package.roots {
            self.root(name.clone(), root);
        }
    }

    /// Follows the modules of a crate.
    pub(super) fn root(&mut self, name: Option<String>, path: &Path) -> Option<usize> {
        let file = self.sources.read(path)?;
        let krate = self.crates.len();
        let module = self.module(Module {
            krate,
            parent: None,
            file,
            inline: false,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            presence: Presence::On,
            test: false,
            loaded: false,
            names: Names::default(),
        });
        self.crates.push((name, module));
        self.enter(module);
        Some(module)
    }

    pub(super) fn module(&mut self, module: Module) -> usize {
        self.modules.push(module);
        self.modules.len() - 1
    }

    /// Reads a module's items, if its file may have entities or lead to some.
    fn enter(&mut self, module: usize) {
        if self.sources.get(self.modules[module].file).may_lead() {
            self.load(module);
        }
    }

    /// Reads a module's items, whatever its file has.
    pub(super) fn load(&mut self, module: usize) {
        if std::mem::replace(&mut self.modules[module].loaded, true) {
            return;
        }
        let file = self.modules[module].file;
        match self.sources.get_mut(file).parse() {
            Ok(parsed) => {
                let mut attributes = parsed.attrs.clone();
                let verdict = self.facts.strip(&mut attributes);
                self.narrow(module, verdict.presence, verdict.test);
                self.items(module, file, &parsed.items);
            }
            Err((location, message)) => self.unreadable(module, file, location, &message),
        }
    }

    fn narrow(&mut self, module: usize, presence: Presence, test: bool) {
        let module = &mut self.modules[module];
        module.presence = module.presence.min(presence);
        module.test |= test;
    }

    /// A file that cannot be read is a problem where it has entities of this build.
    fn unreadable(&mut self, module: usize, file: usize, location: Location, message: &str) {
        let (source, module) = (self.sources.get(file), &self.modules[module]);
        let derives = source.may_derive() && source.text.contains("derive");
        if derives && module.presence == Presence::On && self.counts(file) {
            let message = format!("the file derives entities and cannot be read: {message}");
            let help = "syntax that is not stable yet has to stand in another file";
            self.found.problems.push(Diagnostic::new("entity-file", location, message).help(help));
        }
    }

    /// Returns whether the entities of a file count.
    pub(super) fn counts(&self, file: usize) -> bool {
        let real = &self.sources.get(file).real;
        self.within.as_ref().is_none_or(|within| within.iter().any(|path| real.starts_with(path)))
    }

    /// Returns whether a file, or the files of its modules, may have entities that count.
    fn may_count(&self, file: usize, folder: &Path) -> bool {
        let Some(within) = &self.within else { return true };
        let folder = folder.canonicalize();
        self.counts(file) || folder.is_ok_and(|folder| within.iter().any(|path| path.starts_with(&folder)))
    }

    /// Follows `mod name;`, or reads `mod name { … }`.
    pub(super) fn child(&mut self, parent: usize, file: usize, item: &syn::ItemMod) {
        let mut attributes = item.attrs.clone();
        let verdict = self.facts.strip(&mut attributes);
        let above = &self.modules[parent];
        let name = item.ident.unraw().to_string();
        let (presence, test) = (above.presence.min(verdict.presence), above.test || verdict.test);
        let path = attributes.iter().find_map(path_attribute);
        let beside = self.sources.get(file).path.parent().unwrap_or(Path::new("")).to_owned();
        // Inside of `mod a { … }` a path is relative to the folder of `a`.
        let base = if above.inline { above.folder.clone() } else { beside };
        let folder = above.folder.clone();
        let krate = above.krate;
        let mut module = Module {
            krate,
            parent: Some(parent),
            file,
            inline: true,
            folder: path.as_ref().map_or_else(|| folder.join(&name), |path| base.join(path)),
            presence,
            test,
            loaded: true,
            names: Names::default(),
        };
        if let Some((_, items)) = &item.content {
            let module = self.module(module);
            self.modules[parent].names.modules.insert(name, module);
            self.items(module, file, items);
            return;
        }
        let candidates = match &path {
            Some(path) => vec![base.join(path)],
            None => vec![folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")],
        };
        // A file that is not there is rustc's to tell.
        let Some((path_of, file)) =
            candidates.into_iter().find_map(|candidate| self.sources.read(&candidate).map(|file| (candidate, file)))
        else {
            return;
        };
        let owns_folder = path.is_some() || path_of.ends_with("mod.rs");
        if owns_folder {
            module.folder = path_of.parent().unwrap_or(Path::new("")).to_owned();
        }
        module.file = file;
        module.inline = false;
        module.loaded = false;
        let below = module.folder.clone();
        let module = self.module(module);
        self.modules[parent].names.modules.insert(name, module);
        if self.may_count(file, &below) {
            self.enter(module);
        }
    }

    /// Reads the items of an included file as if they stood here.
    pub(super) fn include(&mut self, module: usize, from: usize, path: &str) {
        let beside = self.sources.get(from).path.parent().unwrap_or(Path::new("")).join(path);
        let Some(file) = self.sources.read(&beside) else { return };
        if let (true, Ok(parsed)) = (file != from, self.sources.get_mut(file).parse()) {
            self.items(module, file, &parsed.items);
        }
    }

    /// Returns a mark of a name in a file.
    pub(super) fn mark(&self, file: usize, ident: &syn::Ident) -> Mark {
        let source = self.sources.get(file);
        Mark {
            file: source.path.clone(),
            real: source.real.clone(),
            name: ident.unraw().to_string(),
            line: super::source::line(ident.span().start().line),
            number: 0,
        }
    }

    /// Returns what was found.
    pub(super) fn finish(mut self) -> Scan {
        let mut found = std::mem::take(&mut self.found);
        found.entities = self.entities.into_iter().map(|(_, entity)| entity).collect();
        found.enums = self.enums.into_iter().map(|(_, enumeration)| enumeration).collect();
        found.outside.sort();
        found.outside.dedup();
        let mut marks: Vec<&mut Mark> = found.entities.iter_mut().map(|entity| &mut entity.mark).collect();
        marks.extend(found.enums.iter_mut().map(|enumeration| &mut enumeration.mark));
        marks.extend(found.outside.iter_mut());
        marks.sort();
        let mut before: Option<(PathBuf, String, usize)> = None;
        for mark in marks {
            let number = match &before {
                Some((file, name, number)) if *file == mark.real && *name == mark.name => number + 1,
                _ => 0,
            };
            mark.number = number;
            before = Some((mark.real.clone(), mark.name.clone(), number));
        }
        found.files = self.sources.iter().map(|source| source.path.clone()).collect();
        found.files.sort();
        found.problems.sort_by(|one, other| one.location.cmp(&other.location));
        found.problems.dedup();
        found.warnings.sort_by(|one, other| one.location.cmp(&other.location));
        found
    }
}

/// Returns the file of `#[path = "…"]`.
fn path_attribute(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    let syn::Expr::Lit(literal) = &pair.value else { return None };
    match &literal.lit {
        syn::Lit::Str(text) if attribute.path().is_ident("path") => Some(text.value()),
        _ => None,
    }
}

/// An enum without variants, for one that cannot be read and that this build does not have.
pub(super) fn is_off(def: &EnumDef, presence: Presence) -> bool {
    def.unchecked || presence == Presence::Off
}
