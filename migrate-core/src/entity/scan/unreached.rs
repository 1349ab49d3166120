//! Files that derive an entity and that no module reaches.

use std::path::{Path, PathBuf};

use super::Package;
use super::tree::Tree;
use crate::diagnostic::{Diagnostic, Location};

impl Tree<'_> {
    /// Warns of files beside the crates' roots that derive an entity and that no `mod` reaches; a folder of `within`
    /// that no package has is read file by file.
    pub(super) fn unreached(&mut self, packages: &[Package]) {
        let mut files = Vec::new();
        for package in packages {
            for (_, root) in &package.roots {
                // The roots below `src/bin` are crates of their own, and their folder is in `src`.
                if let Some(folder) = root.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    rust_files(folder, &mut files);
                }
            }
        }
        files.sort();
        files.dedup();
        let before = (self.entities.len(), self.enums.len());
        for path in files {
            let Ok(real) = path.canonicalize() else { continue };
            if self.sources.is_read(&real) || !self.is_within(&real) {
                continue;
            }
            self.lonely(&path);
        }
        // They were read to tell which they are, and are no part of the package.
        self.entities.truncate(before.0);
        self.enums.truncate(before.1);
    }

    fn is_within(&self, real: &Path) -> bool {
        self.within.as_ref().is_none_or(|within| within.iter().any(|path| real.starts_with(path)))
    }

    /// Looks at a file that no module reaches.
    fn lonely(&mut self, path: &Path) {
        let (entities, problems, crates, modules) =
            (self.entities.len(), self.found.problems.len(), self.crates.len(), self.modules.len());
        let enums = self.enums.len();
        let Some(root) = self.root(None, path) else { return };
        let file = self.modules[root].file;
        let names = self.entities[entities..]
            .iter()
            .map(|(_, entity)| &entity.mark)
            .chain(self.enums[enums..].iter().map(|(_, enumeration)| &enumeration.mark));
        let first = names.filter(|mark| mark.real == self.sources.get(file).real).min_by_key(|mark| mark.line).cloned();
        self.found.problems.truncate(problems);
        self.crates.truncate(crates);
        self.modules.truncate(modules);
        if let Some(mark) = first {
            let location = Location::new(path.display().to_string(), mark.line, 1);
            let message = format!("`{}` is not checked: no `mod` reaches this file", mark.name);
            self.found.warnings.push(Diagnostic::new("entity-unreached", location, message));
        }
    }
}

/// Collects the source files below a folder, in order.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}
