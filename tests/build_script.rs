//! What `build::embed()` does in a build.rs of somebody else's package, with a real cargo: when it runs again, what it
//! embeds, and what it says about broken files.

mod package;

use std::collections::BTreeMap;
use std::path::Path;

use migrate_test_support::project::workspace_root;
use migrate_test_support::{Output2, hermetic, run};

use package::{App, TARGET};

// The revisions of the reference app, as its tests see them.
migrate_core::embed!();

const CONFIG: &str = "[migrate]\ndialects = [\"sqlite\"]\n";

/// Prints each embedded revision with its first statement.
const MAIN: &str = r#"//! Shows what is embedded.

/// The revisions, in a module of their own.
mod db {
    migrate_core::embed!();
}

fn main() {
    let history = db::MIGRATIONS.history("sqlite").expect("sqlite is embedded");
    for node in 0..history.graph().nodes().len() {
        let scripts = history.scripts(node);
        let first = scripts.upgrade.statements.first().expect("a revision has a statement");
        println!("{} {} {}", history.graph().id(node), scripts.file, &scripts.text[first.start..first.end]);
    }
}
"#;

impl App {
    fn new(name: &'static str, folder: &'static str) -> Self {
        let app = Self::calling("embed", "files", name, folder);
        app.write("src/main.rs", MAIN);
        app
    }

    /// Returns a package with a migrate.toml and the revisions `aaaa` and `bbbb`.
    fn with_revisions(name: &'static str, folder: &'static str) -> Self {
        let app = Self::new(name, folder);
        app.write("migrate.toml", CONFIG);
        app.write("migrations/aaaa.sql", &revision("aaaa", "", "CREATE TABLE a (x)"));
        app.write("migrations/bbbb.sql", &revision("bbbb", "aaaa", "CREATE TABLE b (x)"));
        app
    }

    fn remove(&self, file: &str) {
        std::fs::remove_file(self.path(file)).expect("the file was there");
    }

    fn try_build(&self) -> Output2 {
        run(&mut self.cargo(&["build", "--target-dir", TARGET]))
    }

    /// Builds, and returns what is embedded.
    #[track_caller]
    fn build(&self) -> Vec<String> {
        let built = self.try_build().expect_success();
        assert!(!built.stderr.contains(&format!("warning: `{}`", self.name)), "{}", built.stderr);
        let program = Path::new(TARGET).join("debug").join(self.name);
        let shown = run(&mut hermetic(program)).expect_success().stdout;
        shown.lines().map(str::to_owned).collect()
    }

    /// Builds what cannot be built, and returns the errors of its build script.
    #[track_caller]
    fn errors(&self) -> Vec<String> {
        let built = self.try_build();
        assert_eq!(built.code, 101, "{}", built.stderr);
        let begin = format!("error: {}@0.1.0: ", self.name);
        built.stderr.lines().filter_map(|line| line.strip_prefix(&begin)).map(str::to_owned).collect()
    }

    /// Returns every file of the package with its text.
    fn files(&self) -> BTreeMap<String, String> {
        let files = self.scratch.files().into_iter().filter(|file| file != "runs");
        files.map(|file| (file.clone(), self.scratch.read(&file))).collect()
    }
}

fn revision(id: &str, revises: &str, statement: &str) -> String {
    format!(
        "-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n\n-- migrate:upgrade\n{statement};\n\n\
         -- migrate:downgrade\n"
    )
}

#[test]
fn nothing_changed_runs_nothing() {
    // Promise: a build without changes does not run build.rs again, and neither does a change of the app's own code.
    let app = App::with_revisions("embeds-nothing-new", "app");
    let embedded = ["aaaa migrations/aaaa.sql CREATE TABLE a (x)", "bbbb migrations/bbbb.sql CREATE TABLE b (x)"];
    assert_eq!(app.build(), embedded);
    assert_eq!(app.runs(), 1);
    let again = app.try_build().expect_success();
    assert!(!again.stderr.contains("Compiling"), "{}", again.stderr);
    app.write("src/main.rs", &MAIN.replace("{} {} {}", "{}|{}|{}"));
    assert_eq!(app.build(), embedded.map(|line| line.replacen(' ', "|", 2)));
    assert_eq!(app.runs(), 1);
}

#[test]
fn a_change_embeds_the_new_plan() {
    // Promise: touching migrate.toml, and changing, adding or removing a revision runs build.rs; the plan is the new one.
    let app = App::with_revisions("embeds-changes", "app");
    let a = "aaaa migrations/aaaa.sql CREATE TABLE a (x)";
    let b = "bbbb migrations/bbbb.sql CREATE TABLE b (x)";
    assert_eq!(app.build(), [a, b]);

    app.write("migrate.toml", CONFIG);
    assert_eq!(app.build(), [a, b]);
    assert_eq!(app.runs(), 2);

    app.write("migrations/bbbb.sql", &revision("bbbb", "aaaa", "CREATE TABLE b (y)"));
    let b = "bbbb migrations/bbbb.sql CREATE TABLE b (y)";
    assert_eq!(app.build(), [a, b]);
    assert_eq!(app.runs(), 3);

    app.write("migrations/cccc.sql", &revision("cccc", "bbbb", "CREATE TABLE c (x)"));
    assert_eq!(app.build(), [a, b, "cccc migrations/cccc.sql CREATE TABLE c (x)"]);
    assert_eq!(app.runs(), 4);

    app.remove("migrations/cccc.sql");
    assert_eq!(app.build(), [a, b]);
    assert_eq!(app.runs(), 5);

    // A renamed file keeps its time.
    std::fs::rename(app.path("migrations/bbbb.sql"), app.path("migrations/second.sql")).expect("the file was there");
    assert_eq!(app.build(), [a, "bbbb migrations/second.sql CREATE TABLE b (y)"]);
    assert_eq!(app.runs(), 6);

    app.build();
    assert_eq!(app.runs(), 6);
}

#[test]
fn every_location_is_watched() {
    // Promise: each of several version_locations, inside the package or beside it, is embedded and watched.
    let app = App::with_revisions("embeds-locations", "app");
    app.write("migrate.toml", &format!("{CONFIG}version_locations = [\"migrations\", \"../shared sql\"]\n"));
    app.write("../shared sql/cccc.sql", &revision("cccc", "bbbb", "CREATE TABLE c (x)"));
    let own = app.build();
    assert_eq!(own[2], "cccc ../shared sql/cccc.sql CREATE TABLE c (x)");
    assert_eq!((own.len(), app.runs()), (3, 1));
    app.build();
    assert_eq!(app.runs(), 1);
    app.write("../shared sql/dddd.sql", &revision("dddd", "cccc", "CREATE TABLE d (x)"));
    assert_eq!(app.build()[3], "dddd ../shared sql/dddd.sql CREATE TABLE d (x)");
    assert_eq!(app.runs(), 2);
    app.remove("migrations/aaaa.sql");
    assert_eq!(app.errors().len(), 1);
}

#[test]
fn migrate_toml_may_lie_above_the_package() {
    // Promise: the closest migrate.toml above the package counts, and is watched with its revisions.
    let app = App::new("embeds-from-above", "project/crates/app");
    app.write("../../migrate.toml", CONFIG);
    app.write("../../migrations/aaaa.sql", &revision("aaaa", "", "CREATE TABLE a (x)"));
    assert_eq!(app.build(), ["aaaa ../../migrations/aaaa.sql CREATE TABLE a (x)"]);
    app.build();
    assert_eq!(app.runs(), 1);
    app.write("../../migrations/bbbb.sql", &revision("bbbb", "aaaa", "CREATE TABLE b (x)"));
    assert_eq!(app.build().len(), 2);
    app.write("../../migrate.toml", &CONFIG.replace("sqlite", "postgres"));
    let built = app.try_build().expect_success();
    assert!(built.stderr.contains("Compiling"), "{}", built.stderr);
    assert_eq!(app.runs(), 3);
}

#[test]
fn a_path_may_have_spaces_and_quotes() {
    // Promise: the package may lie anywhere, its files may have any name, and both are watched all the same.
    let app = App::with_revisions("embeds-anywhere", "my projects/b\u{fc}ro #1 \"x\" {y}");
    app.write("migrations/3 \"third\" \\ {c}.sql", &revision("cccc", "bbbb", "CREATE TABLE \"\u{e4} \\ {}\" (x)"));
    let embedded = app.build();
    assert_eq!(embedded[2], "cccc migrations/3 \"third\" \\ {c}.sql CREATE TABLE \"\u{e4} \\ {}\" (x)");
    app.build();
    assert_eq!(app.runs(), 1);
    app.remove("migrations/3 \"third\" \\ {c}.sql");
    assert_eq!(app.build().len(), 2);
}

#[test]
fn a_broken_file_fails_the_build_at_its_place() {
    // Promise: what is wrong with the files fails the build, each with file, line and column first, and mending cures it.
    let app = App::with_revisions("embeds-broken", "app");
    app.write("migrations/aaaa.sql", &revision("aaaa", "", "SELECT '\u{e4}'; SELECT 'open"));
    app.write("migrations/bbbb.sql", &revision("bbbb", "aaaa", "COMMIT"));
    let errors = app.errors();
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(errors[0].starts_with("migrations/aaaa.sql:7:20: "), "{errors:#?}");
    assert!(errors[1].starts_with("migrations/bbbb.sql:7:1: "), "{errors:#?}");

    app.write("migrations/aaaa.sql", &revision("aaaa", "", "CREATE TABLE a (x)"));
    app.write("migrations/bbbb.sql", &revision("bbbb", "nobody", "CREATE TABLE b (x)"));
    let errors = app.errors();
    assert!(errors.len() == 1 && errors[0].starts_with("migrations/bbbb.sql:4:13: "), "{errors:#?}");

    app.write("migrations/bbbb.sql", &revision("bbbb", "aaaa", "CREATE TABLE b (x)"));
    app.write("migrate.toml", &format!("{CONFIG}dialect = 1\n"));
    let errors = app.errors();
    assert!(errors.len() == 1 && errors[0].starts_with("migrate.toml:3:1: "), "{errors:#?}");

    app.write("migrate.toml", CONFIG);
    assert_eq!(app.build().len(), 2);
}

#[test]
fn without_files_the_build_says_what_is_missing() {
    // Promise: no migrate.toml, or a folder that is not there, is one line that names the path and what helps.
    let app = App::new("embeds-nothing", "app");
    let errors = app.errors();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].contains(app.path("migrate.toml").to_str().expect("UTF-8")), "{errors:#?}");
    assert!(errors[0].contains("migrate-cli init"), "{errors:#?}");

    app.write("migrate.toml", CONFIG);
    let errors = app.errors();
    assert!(errors.len() == 1 && errors[0].contains("cannot read migrations: "), "{errors:#?}");

    app.write("migrations/aaaa.sql", &revision("aaaa", "", "CREATE TABLE a (x)"));
    assert_eq!(app.build().len(), 1);
}

#[test]
fn the_sources_may_be_read_only() {
    // Promise: a build writes into OUT_DIR alone, so that packages in a registry, in Nix or in Bazel can embed.
    let app = App::with_revisions("embeds-read-only", "app");
    // Cargo itself writes the lock file, which a published package may not need.
    let locked = run(&mut app.cargo(&["metadata", "--format-version", "1", "-q"])).expect_success();
    assert!(locked.stdout.contains(app.name));
    let before = app.files();
    let folders = ["", "migrations", "src"];
    let read_only = |only: bool| {
        for folder in folders {
            let mut permissions = std::fs::metadata(app.path(folder)).expect("it exists").permissions();
            std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, if only { 0o555 } else { 0o755 });
            std::fs::set_permissions(app.path(folder), permissions).expect("they are ours");
        }
    };
    read_only(true);
    let built = app.try_build();
    read_only(false);
    assert_eq!(app.build().len(), 2, "{}", built.stderr);
    assert_eq!((app.files(), app.runs()), (before, 1));
}

#[test]
fn the_app_itself_embeds_what_its_folder_has() {
    // Promise: the reference app carries every file of `migrations/`, in both dialects.
    let embedded = MIGRATIONS.history("sqlite").expect("the app has SQLite").graph().nodes().len();
    let files = std::fs::read_dir(workspace_root().join("migrations")).expect("the app has migrations");
    assert_eq!(embedded, files.count());
    MIGRATIONS.history("postgres").expect("the app has PostgreSQL");
    let missing = MIGRATIONS.history("mysql").expect_err("there is no such dialect");
    assert!(missing.to_string().contains("mysql"), "{missing}");
}
