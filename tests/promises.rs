//! What the README promises about weight, versions, features and packages, asked of cargo itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use migrate_test_support::project::{Scratch, workspace_root};
use migrate_test_support::{hermetic, run};
use serde_json::Value;

/// Below the workspace's own target folder, so that a second run finds everything built.
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/promises");

/// What no app shall compile for its migrations: parsers of Rust and SQL, and what brings them.
const HEAVY: [&str; 7] = ["syn", "sqlparser", "serde_derive", "thiserror", "async-trait", "darling", "clap"];

/// Async runtimes other than tokio, which PostgreSQL's driver brings.
const RUNTIMES: [&str; 5] = ["async-std", "async-global-executor", "async-executor", "smol", "actix-rt"];

/// The packages that are published, which others are built from.
const PUBLISHED: [&str; 3] = ["migrate-core", "migrate-macros", "migrate-cli"];

fn cargo(arguments: &[&str]) -> Command {
    let mut command = hermetic(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // One profile for the workspace's packages and the scratch ones: what they share is then built once.
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
    command.current_dir(workspace_root()).args(arguments);
    command
}

/// Returns the names of the packages in a tree of dependencies.
#[track_caller]
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let shown = run(cargo(&["tree", "--locked", "--prefix", "none"]).args(arguments)).expect_success();
    shown.stdout.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[track_caller]
fn refuse(tree: &BTreeSet<String>, names: &[&str]) {
    let found: Vec<_> = names.iter().filter(|name| tree.contains(**name)).collect();
    assert!(found.is_empty(), "{found:?} in {tree:?}");
}

fn metadata() -> Value {
    let shown = run(&mut cargo(&["metadata", "--locked", "--all-features", "--format-version", "1"])).expect_success();
    serde_json::from_str(&shown.stdout).expect("cargo writes JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is a text"))
}

#[track_caller]
fn package<'v>(metadata: &'v Value, name: &str) -> &'v Value {
    let found = list(metadata, "packages").iter().find(|p| text(p, "name") == name && p["source"].is_null());
    found.unwrap_or_else(|| panic!("the workspace has a package {name}"))
}

fn features(metadata: &Value) -> Vec<String> {
    let features = package(metadata, "migrate-core")["features"].as_object().expect("features are a table");
    features.keys().filter(|name| *name != "default").cloned().collect()
}

/// The reference app, which embeds its migrations and runs them on both databases, links no parser of Rust or SQL.
#[test]
fn the_app_links_no_syn_and_no_sqlparser() {
    // Promise: embedding and running migrations costs the drivers, and nothing that reads Rust or SQL grammars.
    let tree = tree(&["-p", "dpo", "-e", "normal,no-proc-macro"]);
    assert!(tree.contains("rusqlite") && tree.contains("tokio-postgres"), "{tree:?}");
    refuse(&tree, &HEAVY);
    refuse(&tree, &RUNTIMES);
}

#[test]
fn the_core_without_features_has_no_dependency() {
    // Promise: `default = []` plans and runs an embedded plan with nothing but the standard library.
    let only = BTreeSet::from(["migrate-core".to_owned()]);
    assert_eq!(tree(&["-p", "migrate-core", "-e", "normal,build", "--target", "all"]), only);
    assert_eq!(tree(&["-p", "migrate-core", "-e", "normal,build", "--no-default-features"]), only);
}

#[test]
fn sqlite_compiles_no_syn_and_no_tokio() {
    // Promise: an app on SQLite compiles neither syn nor an async runtime, not for its build.rs and not in a macro.
    let features = ["--no-default-features", "--features", "sqlite-bundled,files"];
    let tree = tree(&[&["-p", "migrate-core", "-e", "normal,build"], &features[..]].concat());
    assert!(tree.contains("rusqlite") && tree.contains("toml"), "{tree:?}");
    refuse(&tree, &HEAVY);
    refuse(&tree, &RUNTIMES);
    refuse(&tree, &["tokio", "postgres", "proc-macro2", "quote", "serde"]);
}

#[test]
fn syn_comes_with_the_driver_of_postgresql_alone() {
    // Promise: on PostgreSQL syn is compiled for the driver's own `async-trait`, and for nothing of ours.
    let features = "--features=postgres-tls,sqlite-bundled,files";
    let arguments = ["tree", "--locked", "--prefix", "depth", "-p", "migrate-core", "-e", "normal,build", features];
    let shown = run(&mut cargo(&arguments)).expect_success().stdout;
    // Each line begins with its depth; what a package depends on is listed once, below it.
    let mut path: Vec<&str> = Vec::new();
    let mut above = BTreeSet::new();
    for line in shown.lines() {
        let line = line.split(' ').next().unwrap_or_default();
        let name = line.trim_start_matches(|c: char| c.is_ascii_digit());
        path.truncate(line[..line.len() - name.len()].parse().expect("a depth"));
        path.push(name);
        if name == "syn" {
            above.insert(path[path.len() - 3..].to_vec());
        }
    }
    assert_eq!(above, BTreeSet::from([vec!["tokio-postgres", "async-trait", "syn"]]), "{shown}");
}

#[test]
fn every_dependency_compiles_with_the_declared_rust() {
    // Promise: no locked dependency, on any platform and with any feature, wants a newer Rust than `rust-version` says.
    let metadata = metadata();
    let wanted = version(text(package(&metadata, "migrate-core"), "rust_version"));
    let packages: BTreeMap<_, _> = list(&metadata, "packages").iter().map(|p| (text(p, "id"), p)).collect();
    let nodes: BTreeMap<_, _> = list(&metadata["resolve"], "nodes").iter().map(|n| (text(n, "id"), n)).collect();
    let mut waiting: Vec<&str> = list(&metadata, "workspace_members").iter().filter_map(Value::as_str).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut newer = Vec::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = packages[id];
        if package["rust_version"].as_str().is_some_and(|rust| version(rust) > wanted) {
            newer.push(format!("{} wants {}", id, text(package, "rust_version")));
        }
        let normal = |kind: &Value| kind["kind"].is_null() || kind["kind"] == "build";
        let below = list(nodes[id], "deps").iter().filter(|dep| list(dep, "dep_kinds").iter().any(normal));
        waiting.extend(below.map(|dep| text(dep, "pkg")));
    }
    assert!(seen.len() > 50, "only {} packages were looked at", seen.len());
    assert!(newer.is_empty(), "newer than Rust {wanted:?}: {newer:#?}");
}

/// Reads `1.85` or `1.85.0`.
fn version(text: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = text.split('.').map(|part| part.parse().expect(text)).collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn every_feature_compiles_alone() {
    // Promise: each feature of migrate-core, and none, compiles by itself without a warning.
    let metadata = metadata();
    let features = features(&metadata);
    assert!(["files", "postgres", "sqlite"].iter().all(|known| features.iter().any(|f| f == known)), "{features:?}");
    let mut wrong = String::new();
    for feature in [String::new()].iter().chain(&features) {
        let arguments =
            ["check", "-q", "--locked", "-p", "migrate-core", "--no-default-features", "--features", feature];
        let checked = run(cargo(&arguments).args(["--target-dir", TARGET]));
        if checked.code != 0 || !checked.stderr.is_empty() {
            wrong.push_str(&format!("feature `{feature}`:\n{}\n", checked.stderr));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Writes a package outside the workspace that depends on migrate-core on SQLite, and on something else.
fn app(dependency: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("src/lib.rs", "");
    let core = workspace_root().join("migrate-core");
    scratch.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             migrate-core = {{ path = {core:?}, features = [\"sqlite\"] }}\n{dependency}\n"
        ),
    );
    scratch
}

/// Returns the locked versions of a package.
fn locked(scratch: &Scratch, name: &str) -> Vec<String> {
    let lock = scratch.read("Cargo.lock");
    let mut lines = lock.lines();
    let mut versions = Vec::new();
    while let Some(line) = lines.next() {
        if line == format!("name = {name:?}") {
            let version = lines.next().and_then(|line| line.strip_prefix("version = "));
            versions.push(version.expect("a version follows the name").trim_matches('"').to_owned());
        }
    }
    versions
}

#[test]
fn an_app_with_entities_links_no_syn() {
    // Promise: the derives parse Rust on the host; nothing of that is in the program.
    let macros = workspace_root().join("migrate-macros");
    let app = app(&format!("migrate-macros = {{ path = {macros:?} }}"));
    app.write("Cargo.lock", &std::fs::read_to_string(workspace_root().join("Cargo.lock")).expect("the workspace's"));
    let shown = |edges: &str| {
        let arguments = ["tree", "--prefix", "none", "-e", edges];
        let shown = run(cargo(&arguments).current_dir(app.path())).expect_success();
        shown.stdout.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let linked = shown("normal,no-proc-macro");
    assert!(linked.contains("rusqlite"), "{linked:?}");
    refuse(&linked, &HEAVY);
    refuse(&linked, &["proc-macro2", "quote"]);
    // The derives themselves read Rust and no SQL.
    let compiled = shown("normal");
    assert!(compiled.contains("syn"), "{compiled:?}");
    refuse(&compiled, &["sqlparser", "toml", "sha2"]);
}

/// Resolves an app that uses SQLite through another package too.
#[track_caller]
fn resolves(name: &str, version: &str, features: &str) {
    let app = app(&format!("{name} = {{ version = {version:?}, features = [{features}] }}"));
    let resolved = run(cargo(&["generate-lockfile", "-q"]).current_dir(app.path()));
    assert_eq!(resolved.code, 0, "{}", resolved.stderr);
    let found = locked(&app, name);
    assert!(found.iter().any(|found| found.starts_with(&format!("{version}."))), "{name} {found:?}");
    assert_eq!(locked(&app, "rusqlite").len(), 1, "rusqlite");
    assert_eq!(locked(&app, "libsqlite3-sys").len(), 1, "libsqlite3-sys links once in a program");
}

#[test]
fn an_app_with_sqlx_0_8_resolves() {
    // Promise: an app that uses SQLite through sqlx 0.8 can add migrate-core's `sqlite`.
    resolves("sqlx", "0.8", r#""runtime-tokio", "sqlite""#);
}

#[test]
fn an_app_with_sqlx_0_9_resolves() {
    // Promise: an app that uses SQLite through sqlx 0.9 can add migrate-core's `sqlite`.
    resolves("sqlx", "0.9", r#""runtime-tokio", "sqlite""#);
}

#[test]
fn an_app_with_diesel_2_resolves() {
    // Promise: an app that uses SQLite through diesel 2 can add migrate-core's `sqlite`.
    resolves("diesel", "2", r#""sqlite""#);
}

#[test]
fn an_app_with_sea_orm_1_resolves() {
    // Promise: an app that uses SQLite through sea-orm 1 can add migrate-core's `sqlite`.
    resolves("sea-orm", "1", r#""runtime-tokio", "sqlx-sqlite""#);
}

/// Returns the minor versions of `>=0.A, <0.B`, migrate-core's range of rusqlite, both included.
fn rusqlite_range() -> (u32, u32) {
    let metadata = metadata();
    let dependencies = list(package(&metadata, "migrate-core"), "dependencies");
    let rusqlite = dependencies.iter().find(|d| text(d, "name") == "rusqlite").expect("migrate-core uses rusqlite");
    let (low, high) = text(rusqlite, "req").split_once(", ").expect("the requirement is a range");
    let minor = |bound: &str, mark: &str| -> u32 {
        let minor = bound.strip_prefix(mark).and_then(|bound| bound.strip_prefix("0."));
        minor.and_then(|minor| minor.parse().ok()).unwrap_or_else(|| panic!("{bound} is {mark}0.N"))
    };
    (minor(low, ">="), minor(high, "<") - 1)
}

/// Type-checks migrate-core on SQLite with a version of rusqlite.
#[track_caller]
fn compiles_with_rusqlite(requirement: &str, version: &str) {
    let app = app(&format!("rusqlite = {requirement:?}"));
    // Everything but rusqlite as in the workspace.
    app.write("Cargo.lock", &std::fs::read_to_string(workspace_root().join("Cargo.lock")).expect("the workspace's"));
    let arguments = ["check", "-q", "-p", "migrate-core", "--target-dir", TARGET];
    let checked = run(cargo(&arguments).current_dir(app.path()));
    assert!(checked.code == 0 && checked.stderr.is_empty(), "rusqlite {requirement}:\n{}", checked.stderr);
    let found = locked(&app, "rusqlite");
    assert!(found.len() == 1 && found[0].starts_with(version), "{found:?}");
}

#[test]
fn the_lowest_rusqlite_of_the_range_compiles() {
    // Promise: every rusqlite of the range works, so its lowest version compiles.
    let version = format!("0.{}.0", rusqlite_range().0);
    compiles_with_rusqlite(&format!("={version}"), &version);
}

#[test]
fn the_highest_rusqlite_of_the_range_compiles() {
    // Promise: every rusqlite of the range works, so its highest version compiles.
    let version = format!("0.{}", rusqlite_range().1);
    compiles_with_rusqlite(&version, &format!("{version}."));
}

#[test]
fn the_packages_can_be_published() {
    // Promise: each published crate says what it is, contains its sources and nothing else, and depends on versions.
    let metadata = metadata();
    for name in PUBLISHED {
        let package = package(&metadata, name);
        for key in ["description", "license", "readme", "rust_version"] {
            assert!(!text(package, key).is_empty(), "{name}: {key}");
        }
        for dependency in list(package, "dependencies").iter().filter(|d| d["kind"] != "dev") {
            assert_ne!(text(dependency, "req"), "*", "{name}: a version for {}", text(dependency, "name"));
        }
        let listed = run(&mut cargo(&["package", "--list", "--allow-dirty", "-p", name])).expect_success().stdout;
        let files: BTreeSet<&str> = listed.lines().collect();
        assert!(files.contains("Cargo.toml") && files.contains("src/lib.rs"), "{name}: {files:?}");
        let stray: Vec<_> = files.iter().filter(|file| !belongs(file)).collect();
        assert!(stray.is_empty(), "{name} would publish {stray:?}");
        let manifest = Path::new(text(package, "manifest_path"));
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            let exists = [workspace_root(), manifest.parent().expect("a folder").to_owned()]
                .iter()
                .any(|folder| folder.join(file).exists());
            assert!(
                files.contains(file) || !exists,
                "{name} leaves {file} out: name it in the manifest, or link to it"
            );
        }
    }
}

fn belongs(file: &str) -> bool {
    let made = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
    let told = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
    ["src/", "tests/", "benches/", "examples/"].iter().any(|folder| file.starts_with(folder))
        || made.contains(&file)
        || told.contains(&file)
}
