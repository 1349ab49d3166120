//! Folders that tests write projects into.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::must;

/// A temporary folder that is removed when the value is dropped.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// Creates an empty folder. Its path has no symbolic link in it, so that it compares with what programs print.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it makes a folder, which a default value should not")]
    #[must_use]
    pub fn new() -> Self {
        let parent = must(std::env::temp_dir().canonicalize(), "find the folder for temporary files");
        let folder = tempfile::Builder::new().prefix("migrate-scratch-").tempdir_in(parent);
        Self(must(folder, "make a temporary folder"))
    }

    /// Returns the folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file and the folders above it, and returns its path.
    #[track_caller]
    pub fn write(&self, relative: &str, text: &str) -> PathBuf {
        let path = self.path().join(relative);
        let folder = path.parent().expect("a file has a folder");
        must(fs::create_dir_all(folder), format_args!("make {}", folder.display()));
        must(fs::write(&path, text), format_args!("write {}", path.display()));
        path
    }

    /// Reads a file.
    #[track_caller]
    #[must_use]
    pub fn read(&self, relative: &str) -> String {
        let path = self.path().join(relative);
        must(fs::read_to_string(&path), format_args!("read {}", path.display()))
    }

    /// Lists all files below the folder, relative to it, with `/` between the parts, sorted.
    #[track_caller]
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = files_below(self.path())
            .iter()
            .map(|file| file.to_str().expect("the names of scratch files are UTF-8").to_owned())
            .collect();
        files.sort();
        files
    }
}

/// Copies the files below one folder to the same places below another, which is made if it is missing.
#[track_caller]
pub fn copy_dir(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    let (from, to) = (from.as_ref(), to.as_ref());
    must(fs::create_dir_all(to), format_args!("make {}", to.display()));
    for file in files_below(from) {
        let target = to.join(&file);
        let folder = target.parent().expect("a file has a folder");
        must(fs::create_dir_all(folder), format_args!("make {}", folder.display()));
        must(fs::copy(from.join(&file), &target), format_args!("copy to {}", target.display()));
    }
}

/// Returns the folder of the workspace's `Cargo.toml`.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate is two folders deep").to_owned()
}

/// Lists the files below a folder, relative to it, in no particular order.
#[track_caller]
fn files_below(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in must(fs::read_dir(&folder), format_args!("list {}", folder.display())) {
            let path = must(entry, format_args!("list {}", folder.display())).path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(root).expect("it was found below the root").to_owned());
            }
        }
    }
    files
}
