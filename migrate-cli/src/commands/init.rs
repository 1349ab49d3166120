//! `init`: what a package needs before its first revision.
//!
//! Nothing that is there is written over: where a file would need a line, the line is told.

use std::path::{Path, PathBuf};

use migrate_core::config::{FILE, SECTION};
use migrate_core::sql::Syntax;
use migrate_core::{Error, Result};
use serde_json::json;

use crate::Outcome;
use crate::arguments::{Global, Init};
use crate::connect;
use crate::output::Output;

/// The whole of a build.rs that has nothing else to do.
const BUILD_SCRIPT: &str = "fn main() {\n    migrate_core::build::check();\n}\n";

/// What a build.rs calls, whichever of the functions it is.
const CALL: &str = "migrate_core::build::";

pub(crate) fn run(global: &Global, command: &Init, output: &mut Output<'_>) -> Result<Outcome> {
    if global.config.is_some() || global.name != SECTION {
        return Err(Error::usage("`init` is for the folder it is run in; `--config` and `--name` are not taken")
            .hint("go to the folder first"));
    }
    let folder = output.io.folder.clone();
    let package = Package::read(&folder)?;
    let named = dialects(&command.dialect)?;
    let database = connect::Template::new(global, &named, package.as_ref().map_or("app", |package| &package.name))?;
    let mut report = Report::default();
    report.file(&folder.join(FILE), &configuration(&database), None)?;
    report.folder(&folder.join("migrations"))?;
    if let Some(package) = &package {
        report.file(&folder.join("build.rs"), BUILD_SCRIPT, Some((CALL, "migrate_core::build::check();")))?;
        report.next.extend(package.missing(&database.features()));
    }
    let generate = if package.is_some() { " --autogenerate" } else { "" };
    if package.is_some() {
        report.next.push("derive `migrate_macros::Entity` for a struct".to_owned());
    }
    report.next.push(format!("migrate-cli revision -m \"create the first table\"{generate}"));
    report.print(output);
    Ok(Outcome::Done)
}

fn dialects(names: &[String]) -> Result<Vec<&'static Syntax>> {
    let mut found: Vec<&'static Syntax> = Vec::new();
    for name in names {
        let syntax = Syntax::named(name).ok_or_else(|| {
            let known = Syntax::ALL.iter().map(|syntax| syntax.name);
            Error::usage(format!("`{name}` is no dialect")).hint(migrate_core::suggest::did_you_mean(name, known))
        })?;
        if !found.contains(&syntax) {
            found.push(syntax);
        }
    }
    Ok(found)
}

fn configuration(database: &connect::Template) -> String {
    let names: Vec<String> = database.dialects().iter().map(|syntax| format!("\"{}\"", syntax.name)).collect();
    format!(
        "[{SECTION}]\nurl = \"{}\"\ndialects = [{}]\nversion_locations = [\"migrations\"]\n",
        database.url(),
        names.join(", ")
    )
}

/// The package in whose folder init runs.
struct Package {
    name: String,
    manifest: toml::Table,
}

impl Package {
    /// Reads Cargo.toml; without one, and in a workspace that is no package, there is none.
    fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join("Cargo.toml");
        let shown = path.display().to_string();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(shown, "read", &error)),
        };
        let manifest: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            Error::usage(format!("{shown} cannot be read: {}", error.message())).hint("`cargo metadata` says where")
        })?;
        let name = manifest.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
        Ok(name.map(|name| Self { name: name.to_owned(), manifest: manifest.clone() }))
    }

    /// Returns the commands that add the dependencies that are missing.
    fn missing(&self, features: &str) -> Vec<String> {
        let has = |table: &str, name: &str| self.manifest.get(table).is_some_and(|table| table.get(name).is_some());
        let mut commands = Vec::new();
        if !has("dependencies", "migrate-core") {
            commands.push(format!("cargo add migrate-core --features {features}"));
        }
        if !has("dependencies", "migrate-macros") {
            commands.push("cargo add migrate-macros".to_owned());
        }
        if !has("build-dependencies", "migrate-core") {
            commands.push("cargo add migrate-core --build --features author".to_owned());
        }
        commands
    }
}

/// What init did, and what is left to do.
#[derive(Default)]
struct Report {
    written: Vec<String>,
    kept: Vec<String>,
    next: Vec<String>,
}

impl Report {
    /// Writes a file unless it is there; `wanted` is what a file that is there should contain, and the line that adds
    /// it.
    fn file(&mut self, path: &Path, text: &str, wanted: Option<(&str, &str)>) -> Result<()> {
        use std::io::Write;
        let shown = path.display().to_string();
        match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes()).map_err(|error| Error::file(&shown, "write", &error))?;
                self.written.push(shown);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let found = std::fs::read_to_string(path).map_err(|error| Error::file(&shown, "read", &error))?;
                if let Some((_, line)) = wanted.filter(|(wanted, _)| !found.contains(wanted)) {
                    self.next.push(format!("add to the main of {shown}: {line}"));
                }
                self.kept.push(shown);
            }
            Err(error) => return Err(Error::file(&shown, "create", &error)),
        }
        Ok(())
    }

    fn folder(&mut self, path: &PathBuf) -> Result<()> {
        let shown = path.display().to_string();
        if path.is_dir() {
            self.kept.push(shown);
            return Ok(());
        }
        std::fs::create_dir(path).map_err(|error| Error::file(&shown, "create", &error))?;
        self.written.push(shown);
        Ok(())
    }

    fn print(&self, output: &mut Output<'_>) {
        if output.is_json() {
            output.value(&json!({ "written": self.written, "kept": self.kept, "next": self.next }));
            return;
        }
        for path in &self.written {
            output.line(&format!("Wrote {path}"));
        }
        for path in &self.kept {
            output.note(&format!("{path} is there already and stays as it is"));
        }
        output.note("Next:");
        for step in &self.next {
            output.note(&format!("  {step}"));
        }
    }
}
