//! What a build.rs calls: the revision files become a part of the program.
//!
//! The only code of the libraries that prints: lines for cargo.

#[cfg(feature = "author")]
mod check;
mod generate;

#[cfg(feature = "author")]
pub use check::{check, check_in};

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::revision::Directory;

/// Embeds the revision files of the project, for `migrate_core::embed!()`.
///
/// Looks for migrate.toml beside Cargo.toml, then upwards. Cargo runs the build script again when migrate.toml or a
/// revision file is changed, added or removed. What is wrong with the files fails the build with file, line and column.
///
/// # Panics
///
/// Panics outside a build script.
///
/// ```no_run
/// // The whole of a build.rs, inside its `main`:
/// migrate_core::build::embed();
/// ```
pub fn embed() {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    if let Err(error) = embed_in(&folder, &out) {
        report(&error);
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: migrate_core::build is for build scripts"))
}

fn embed_in(folder: &Path, out: &Path) -> Result<()> {
    let config = configuration(folder)?;
    embed_of(&config, out)
}

/// Reads the migrate.toml that is beside Cargo.toml or above it.
fn configuration(folder: &Path) -> Result<Config> {
    // Paths are shown as from the package's folder, where a build script runs.
    let start = if std::env::current_dir().is_ok_and(|here| here == folder) { Path::new("") } else { folder };
    let Some(file) = Config::find(start) else {
        println!("cargo::rerun-if-changed=build.rs");
        let wanted = folder.join(crate::config::FILE);
        return Err(Error::usage(format!("there is no {} and none in a folder above", wanted.display()))
            .hint("`migrate-cli init` writes one"));
    };
    watch(&file);
    Config::read(&file, crate::config::SECTION)
}

fn embed_of(config: &Config, out: &Path) -> Result<()> {
    config.version_locations.iter().for_each(|location| watch(location));
    let directory = Directory::read(&config.version_locations)?;
    let bodies = directory.bodies(&config.dialects)?;
    generate::write(config, &directory, &bodies, &out.join("migrate"))
}

/// Has cargo run the script again when a file changes; one that is not there would make it run every time.
fn watch(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Prints an error as cargo's: it fails the build after the script has ended.
fn report(error: &Error) {
    let hints = error.hints().iter().map(|hint| format!("; {hint}")).collect::<String>();
    match error.kind() {
        ErrorKind::Sources(diagnostics) => {
            for diagnostic in diagnostics {
                println!("cargo::error={diagnostic}");
            }
        }
        _ => println!("cargo::error={}{hints}", error.to_string().replace('\n', " ")),
    }
}
