//! What names stand for: by the imports of the module, then by being the only one of that name.

use super::item::Derive;
use super::locate;
use super::module::{Constant, Names};
use super::source::has_word;
use super::tree::Tree;
use crate::diagnostic::Diagnostic;
use crate::entity::def::{ConstraintKindDef, FieldType, Named, SchemaDef, TargetDef};
use crate::entity::{Place, Places, Presence, attribute, rust_type};

/// The crate of the derives.
pub(super) const MACROS: &str = "migrate_macros";

/// How far imports of imports are followed.
const DEPTH: usize = 16;

/// What a name was found to be.
enum Only<T> {
    /// One thing.
    One(T),
    /// Several, by where they are.
    Several(Vec<String>),
    None,
}

impl Tree<'_> {
    /// Returns which of our derives a path is: `None` cannot be told, `Some(None)` is somebody else's.
    pub(super) fn derive_named(&mut self, module: usize, path: &[String]) -> Option<Option<Derive>> {
        self.macro_at(module, path, 0)
    }

    fn macro_at(&mut self, module: usize, path: &[String], depth: usize) -> Option<Option<Derive>> {
        if depth > DEPTH {
            return None;
        }
        self.load(module);
        let [first, rest @ ..] = path else { return None };
        let names = &self.modules[module].names;
        if rest.is_empty() {
            if let Some((_, path)) = names.uses.iter().find(|(name, _)| name == first) {
                let path = path.clone();
                // `use Entity;` would not compile; `use a::Entity` leads on.
                return if path.len() == 1 { None } else { self.macro_at(module, &path, depth + 1) };
            }
            let ours = Derive::named(first);
            let root = self.crates[self.modules[module].krate].1;
            if ours.is_some() && (names.macro_use || self.modules[root].names.macro_use) {
                return Some(ours);
            }
            for glob in names.globs.clone() {
                if glob.first().is_some_and(|name| name == MACROS) && ours.is_some() {
                    return Some(ours);
                }
                let target = self.module_at(module, &glob, depth + 1).filter(|target| *target != module);
                let found = target.and_then(|target| self.macro_at(target, path, depth + 1));
                if found.is_some() {
                    return found;
                }
            }
            // Without any import of that name it is none of the others that are written out.
            return if ours.is_some() { None } else { Some(None) };
        }
        if first == MACROS {
            return Some(path.last().and_then(|name| Derive::named(name)));
        }
        if let Some(target) = self.step(module, first, depth) {
            return self.macro_at(target, rest, depth + 1);
        }
        let alias = names_path(&self.modules[module].names, first);
        match alias.filter(|alias| alias.first() != Some(first)) {
            Some(alias) => self.macro_at(module, &[alias, rest.to_vec()].concat(), depth + 1),
            None => Some(None),
        }
    }

    /// Returns the module that the first name of a path leads to.
    fn step(&mut self, module: usize, name: &str, depth: usize) -> Option<usize> {
        let here = &self.modules[module];
        match name {
            "crate" => return Some(self.crates[here.krate].1),
            "self" => return Some(module),
            "super" => return here.parent,
            _ => {}
        }
        self.load(module);
        if let Some(child) = self.modules[module].names.modules.get(name) {
            return Some(*child);
        }
        if let Some(path) = names_path(&self.modules[module].names, name).filter(|path| path.len() > 1) {
            return self.module_at(module, &path, depth + 1);
        }
        self.crates.iter().find(|(known, _)| known.as_deref() == Some(name)).map(|(_, root)| *root)
    }

    fn module_at(&mut self, module: usize, path: &[String], depth: usize) -> Option<usize> {
        if depth > DEPTH {
            return None;
        }
        let mut at = module;
        for name in path {
            at = self.step(at, name, depth)?;
        }
        Some(at)
    }

    /// Returns what a path stands for, with the module that declares it.
    fn find<T>(
        &mut self,
        module: usize,
        path: &[String],
        pick: &dyn Fn(&Names, &str) -> Option<T>,
        depth: usize,
    ) -> Option<(usize, T)> {
        if depth > DEPTH {
            return None;
        }
        self.load(module);
        let [first, rest @ ..] = path else { return None };
        if !rest.is_empty() {
            let target = self.step(module, first, depth)?;
            return self.find(target, rest, pick, depth + 1);
        }
        let names = &self.modules[module].names;
        if let Some(found) = pick(names, first) {
            return Some((module, found));
        }
        if let Some(path) = names_path(names, first).filter(|path| path.len() > 1) {
            return self.find(module, &path, pick, depth + 1);
        }
        for glob in names.globs.clone() {
            let target = self.module_at(module, &glob, depth + 1).filter(|target| *target != module);
            let found = target.and_then(|target| self.find(target, path, pick, depth + 1));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Returns the only one of a name in all modules.
    fn only<T: PartialEq>(&mut self, name: &str, pick: &dyn Fn(&Names, &str) -> Option<T>) -> Only<(usize, T)> {
        for module in 0..self.modules.len() {
            if !self.modules[module].loaded && has_word(&self.sources.get(self.modules[module].file).text, name) {
                self.load(module);
            }
        }
        let mut found: Vec<(usize, T)> = Vec::new();
        for (number, module) in self.modules.iter().enumerate() {
            let Some(value) = pick(&module.names, name) else { continue };
            // A file that is a module of two crates has it once.
            if !found.iter().any(|(known, other)| self.modules[*known].file == module.file && *other == value) {
                found.push((number, value));
            }
        }
        match found.len() {
            0 => Only::None,
            1 => found.pop().map_or(Only::None, Only::One),
            _ => Only::Several(found.iter().map(|(module, _)| self.shown(*module)).collect()),
        }
    }

    fn shown(&self, module: usize) -> String {
        self.sources.get(self.modules[module].file).path.display().to_string()
    }

    /// Finds what the names of all entities and enums stand for.
    pub(super) fn resolve(&mut self) {
        for number in 0..self.entities.len() {
            let (module, entity) = &self.entities[number];
            let (module, presence) = (*module, entity.presence);
            let before = self.found.problems.len();
            if let Some(SchemaDef::Constant(path)) = entity.def.schema.as_ref().map(|schema| schema.value.clone()) {
                let places = entity.def.places.clone();
                let at = entity.def.schema.as_ref().map(|schema| schema.place.clone()).unwrap_or_default();
                let schema = self.text_of(module, &path, &places, &at);
                self.entities[number].1.schema = schema;
            }
            self.targets(module, number);
            self.types(module, number);
            if presence != Presence::On {
                self.found.problems.truncate(before);
            }
        }
        for number in 0..self.enums.len() {
            let (module, found) = &self.enums[number];
            let module = *module;
            if let Some(SchemaDef::Constant(path)) = found.def.schema.as_ref().map(|schema| schema.value.clone()) {
                let places = found.def.places.clone();
                let at = found.def.schema.as_ref().map(|schema| schema.place.clone()).unwrap_or_default();
                let schema = self.text_of(module, &path, &places, &at);
                self.enums[number].1.schema = schema;
            }
        }
    }

    fn problem(&mut self, module: usize, places: &Places, at: &Place, code: &'static str, message: String, help: &str) {
        let file = self.sources.get(self.modules[module].file).path.clone();
        let diagnostic = Diagnostic::new(code, locate(&file, places.span(at)), message);
        self.found.problems.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// Returns the text of a constant.
    fn text_of(&mut self, module: usize, path: &Named, places: &Places, at: &Place) -> Option<String> {
        let pick = |names: &Names, name: &str| names.constants.get(name).cloned();
        let segments = path.segments();
        let mut found = self.find(module, &segments, &pick, 0);
        if found.is_none() {
            let name = segments.last().cloned().unwrap_or_default();
            match self.only(&name, &pick) {
                Only::One(only) => found = Some(only),
                Only::Several(files) => {
                    let message = format!("several constants are called `{name}`: in {}", files.join(", "));
                    self.problem(module, places, at, "entity-name", message, "write its path: `crate::…`");
                    return None;
                }
                Only::None => {
                    let message = format!("there is no constant `{path}` in this package");
                    let help = "write the schema as a text, or a constant of this package";
                    self.problem(module, places, at, "entity-name", message, help);
                    return None;
                }
            }
        }
        for _ in 0..DEPTH {
            match found {
                Some((_, Constant::Text(text))) => return Some(text),
                Some((at, Constant::Path(path))) => found = self.find(at, &path, &pick, 0),
                _ => break,
            }
        }
        let message = format!("the constant `{path}` is no text that can be read without compiling");
        self.problem(module, places, at, "entity-name", message, "make it `const …: &str = \"…\";`");
        None
    }

    /// Finds the entities that foreign keys point to.
    fn targets(&mut self, module: usize, number: usize) {
        let def = &self.entities[number].1.def;
        let places = def.places.clone();
        let wanted: Vec<(Place, Named)> = def
            .constraints
            .iter()
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKindDef::ForeignKey { target, .. } => match &target.value {
                    TargetDef::Entity(path) => Some((target.place.clone(), path.clone())),
                    TargetDef::Table { .. } => None,
                },
                _ => None,
            })
            .collect();
        let own = def.name.clone();
        let pick = |names: &Names, name: &str| names.entities.get(name).copied();
        for (at, path) in wanted {
            let segments = path.segments();
            if segments == ["Self"] || segments == [own.as_str()] {
                self.entities[number].1.targets.insert(at, number);
                continue;
            }
            let name = segments.last().cloned().unwrap_or_default();
            let found = match self.find(module, &segments, &pick, 0) {
                Some((_, found)) => Only::One(found),
                None => match self.only(&name, &pick) {
                    Only::One((_, found)) => Only::One(found),
                    Only::Several(files) => Only::Several(files),
                    Only::None => Only::None,
                },
            };
            match found {
                Only::One(target) => {
                    self.entities[number].1.targets.insert(at, target);
                }
                Only::Several(files) => {
                    let message = format!("several entities are called `{name}`: in {}", files.join(", "));
                    self.problem(module, &places, &at, "entity-name", message, "write its path: `crate::…`");
                }
                Only::None => {
                    let message = format!("there is no entity `{path}` among those that are checked");
                    let help = "one of another crate is named by its table: `references(\"schema.table(column)\")`";
                    self.problem(module, &places, &at, "entity-name", message, help);
                }
            }
        }
    }

    /// Finds what the types of fields stand for that are no known ones.
    fn types(&mut self, module: usize, number: usize) {
        for at in 0..self.entities[number].1.def.fields.len() {
            let field = &self.entities[number].1.def.fields[at];
            let rust = field.rust.0.clone();
            let (ty, nullable) = self.meaning(module, &rust, 0);
            let field = &mut self.entities[number].1.def.fields[at];
            field.nullable |= nullable;
            field.ty = ty;
            let says = field.sql_type.is_some() || field.own.values().flatten().any(|setting| setting.key == "type");
            let place = field.place();
            let misfits = attribute::misfits(field);
            let unknown = match element(&field.ty) {
                FieldType::Named(path) if !says => Some((
                    format!(
                        "`{path}` is no type that has a column type of its own, and no enum or alias of this package"
                    ),
                    "say it, as in `#[column(type = \"text\")]`, or derive `SqlEnum` for it",
                )),
                FieldType::Refused(why) if !says => Some((why.clone(), "")),
                _ => None,
            };
            let places = self.entities[number].1.def.places.clone();
            if let Some((message, help)) = unknown {
                self.problem(module, &places, &place, "entity-type", message, help);
            }
            for (place, message) in misfits {
                self.problem(module, &places, &place, "entity-attribute", message, "");
            }
        }
    }

    /// Returns what a type means with aliases followed and enums found, and whether it may be NULL.
    fn meaning(&mut self, module: usize, ty: &syn::Type, depth: usize) -> (FieldType, bool) {
        let inner = rust_type::option(ty).unwrap_or(ty);
        let nullable = rust_type::option(ty).is_some();
        if let Some(path) = rust_type::plain_path(inner) {
            let segments = Named(path.clone()).segments();
            let alias = |names: &Names, name: &str| names.aliases.get(name).cloned();
            let enumeration = |names: &Names, name: &str| names.enums.get(name).copied();
            if let Some((_, found)) = self.find(module, &segments, &enumeration, 0) {
                return (FieldType::Enum(found), nullable);
            }
            if let Some((at, found)) = self.find(module, &segments, &alias, 0).filter(|_| depth < DEPTH) {
                let (ty, null) = self.meaning(at, &found, depth + 1);
                return (ty, nullable || null);
            }
            let name = segments.last().cloned().unwrap_or_default();
            let unknown = matches!(rust_type::read(inner).0, FieldType::Named(_));
            // What an import brings from another crate is none of ours, whatever its name.
            let imported = names_path(&self.modules[module].names, &name).is_some();
            if unknown && !imported {
                if let Only::One((_, found)) = self.only(&name, &enumeration) {
                    return (FieldType::Enum(found), nullable);
                }
            }
        }
        if let Some(element) = rust_type::element(inner) {
            return match self.meaning(module, element, depth + 1).0 {
                refused @ FieldType::Refused(_) => (refused, nullable),
                FieldType::Array(_) => rust_type::read(ty),
                found => (FieldType::Array(Box::new(found)), nullable),
            };
        }
        rust_type::read(ty)
    }
}

/// Returns the path that a `use` gives to a name.
fn names_path(names: &Names, name: &str) -> Option<Vec<String>> {
    names.uses.iter().find(|(known, _)| known == name).map(|(_, path)| path.clone())
}

fn element(ty: &FieldType) -> &FieldType {
    match ty {
        FieldType::Array(inner) => inner,
        _ => ty,
    }
}
