//! What `build::check()` does in a build.rs of somebody else's package, with a real cargo: where rustc tells what the
//! structs and the migrations disagree in, and where nothing is told.

mod package;

use migrate_test_support::binary;
use migrate_test_support::{Output2, hermetic, run};

use package::{App, TARGET};

/// What helps against a stale struct.
const COMMAND: &str = "`migrate-cli revision -m \"…\" --autogenerate` writes the revision, or change the struct";

/// One struct, as `first` makes its table.
const MODEL: &str = "//! Rows.\n\
    use migrate_macros::Entity;\n\n\
    /// A job.\n\
    #[derive(Entity)]\n\
    #[entity(table = \"job\")]\n\
    pub struct Job {\n    \
        /// Its number.\n    \
        #[column(primary_key)]\n    \
        pub id: i64,\n    \
        /// Its name.\n    \
        pub name: String,\n\
    }\n";

impl App {
    fn checked(name: &'static str, folder: &'static str) -> Self {
        let app = Self::calling("check", "author", name, folder);
        app.write("src/lib.rs", "//! Has rows.\npub mod model;\n");
        app.write("src/model.rs", MODEL);
        app
    }

    /// Returns a package whose struct is what its migrations make, in both dialects.
    fn clean(name: &'static str, folder: &'static str) -> Self {
        let app = Self::checked(name, folder);
        app.write("migrate.toml", "[migrate]\ndialects = [\"sqlite\", \"postgres\"]\n");
        app.write("migrations/first.sql", &first("postgres", "sqlite"));
        app
    }

    fn check(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        let mut command = self.cargo(&["check", "--message-format", "short", "--target-dir", TARGET]);
        command.args(arguments).envs(variables.iter().copied());
        Told { output: run(&mut command), name: self.name }
    }
}

/// What cargo and rustc said.
struct Told {
    output: Output2,
    name: &'static str,
}

impl Told {
    /// Returns the lines of rustc that begin so after `file:line:column: `, as `file:line:column: message`.
    fn compiler(&self, kind: &str) -> Vec<String> {
        let lines = self.output.stderr.lines().filter(|line| line.starts_with("src/") || line.starts_with("tests/"));
        lines.filter_map(|line| line.split_once(kind).map(|(at, rest)| format!("{at}{rest}"))).collect()
    }

    /// Returns the lines of the build script.
    fn script(&self, kind: &str) -> Vec<String> {
        let begin = format!("{kind}: {}@0.1.0: ", self.name);
        self.output.stderr.lines().filter_map(|line| line.strip_prefix(&begin)).map(str::to_owned).collect()
    }

    /// The build passes, and warns of nothing.
    #[track_caller]
    fn silent(&self) {
        assert_eq!(self.output.code, 0, "{}", self.output.stderr);
        assert!(!self.output.stderr.contains("warning"), "{}", self.output.stderr);
    }
}

fn revision(id: &str, revises: &str, statements: &str) -> String {
    format!("-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {revises}\n\n{statements}")
}

/// The first revision, with the table of [`MODEL`] in two dialects.
fn first(one: &str, other: &str) -> String {
    let table = "CREATE TABLE job (\n    id bigint NOT NULL,\n    name text NOT NULL,\n    PRIMARY KEY (id)\n);\n";
    let sqlite = table.replace("bigint", "INTEGER").replace("text", "TEXT");
    revision(
        "first",
        "",
        &format!(
            "-- migrate:upgrade {one}\n{table}\n-- migrate:upgrade {other}\n{sqlite}\n-- migrate:downgrade\nDROP TABLE job;\n"
        ),
    )
}

#[test]
fn a_new_field_fails_the_build_until_its_revision_is_there() {
    // Promise: a build whose structs and migrations agree says nothing, runs build.rs once, and embeds; a field that no
    // migration makes is one error at the field, for both dialects; what --autogenerate writes cures it.
    let app = App::clean("checks-a-field", "app");
    app.check(&[], &[]).silent();
    let again = app.check(&[], &[]);
    again.silent();
    assert!(!again.output.stderr.contains("Checking"), "{}", again.output.stderr);
    assert_eq!(app.runs(), 1);

    app.write(
        "src/model.rs",
        &MODEL.replace("String,\n", "String,\n    /// How often.\n    pub retries: Option<i32>,\n"),
    );
    let told = app.check(&[], &[]);
    assert_eq!(told.output.code, 101, "{}", told.output.stderr);
    let errors = told.compiler("error: ");
    assert_eq!(errors, ["src/model.rs:14:9: column job.retries (INTEGER) is made by no migration"]);
    assert!(told.output.stderr.contains(COMMAND), "{}", told.output.stderr);

    let mut command = hermetic(binary("migrate-cli"));
    command.args(["revision", "-m", "add retries", "--autogenerate"]).current_dir(app.path(""));
    let written = run(&mut command);
    assert_eq!(written.code, 0, "{}", written.stderr);
    app.check(&[], &[]).silent();
    assert_eq!(app.runs(), 3);
}

/// Every kind of disagreement with [`KINDS_MADE`].
const KINDS: &str = "//! Rows.
pub mod more;
use migrate_macros::Entity;

/// An owner.
#[derive(Entity)]
#[entity(table = \"owner\")]
pub struct Owner {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
}

/// A job.
#[derive(Entity)]
#[entity(table = \"job\")]
pub struct Job {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
    /// Another type.
    pub kind: i32,
    /// Another nullability.
    pub note: Option<String>,
    /// Another default.
    #[column(default = \"1\")]
    pub retries: i32,
    /// An index.
    #[column(index)]
    pub state: String,
    /// A unique constraint.
    #[column(unique)]
    pub code: String,
    /// A foreign key.
    #[column(references(Owner))]
    pub owner: i64,
}
";

/// What the migrations make of [`KINDS`].
const KINDS_MADE: &str = "-- migrate:upgrade
CREATE TABLE owner (
    id bigint NOT NULL PRIMARY KEY
);
CREATE TABLE job (
    id bigint NOT NULL PRIMARY KEY,
    kind bigint NOT NULL,
    note text NOT NULL,
    retries integer NOT NULL DEFAULT 0,
    state text NOT NULL,
    code text NOT NULL,
    owner bigint NOT NULL,
    gone text
);
CREATE TABLE orphan (
    id bigint NOT NULL
);

-- migrate:downgrade
DROP TABLE orphan;
DROP TABLE job;
DROP TABLE owner;
";
/// The project of [`KINDS`], with a table that is none of its entities' left out.
const KINDS_EXCLUDED: &str = "[migrate]\ndialects = [\"postgres\"]\n\n[migrate.autogenerate]\nexclude = [\"orphan\"]\n";

/// A module below that of [`KINDS`].
const MORE: &str = "//! More rows.
use migrate_macros::Entity;

/// A step.
#[derive(Entity)]
#[entity(table = \"step\")]
pub struct Step {
    /// Its number.
    #[column(primary_key)]
    pub id: i64,
}
";

fn kinds(name: &'static str) -> App {
    let app = App::checked(name, "app");
    app.write("migrate.toml", "[migrate]\ndialects = [\"postgres\"]\n");
    app.write("src/model.rs", KINDS);
    app.write("src/model/more.rs", MORE);
    app.write("migrations/first.sql", &revision("first", "", KINDS_MADE));
    app
}

/// What is said of [`KINDS`] and [`MORE`], sorted by place.
const KINDS_TOLD: [&str; 8] = [
    "src/model.rs:17:12: column public.job.gone (text) is made by the migrations (migrations/first.sql:10) and no \
     struct has it",
    "src/model.rs:22:9: column public.job.kind: the type is `integer` in the struct and `bigint` in the migrations \
     (migrations/first.sql:10)",
    "src/model.rs:24:9: column public.job.note: nullability is NULL in the struct and NOT NULL in the migrations \
     (migrations/first.sql:10)",
    "src/model.rs:26:24: column public.job.retries: the default is `1` in the struct and `0` in the migrations \
     (migrations/first.sql:10)",
    "src/model.rs:29:14: index job_state_idx of public.job (`(state)`) is made by no migration",
    "src/model.rs:32:14: constraint job_code_key of public.job (`UNIQUE (code)`) is made by no migration",
    "src/model.rs:35:14: constraint job_owner_fkey of public.job (`FOREIGN KEY (owner) REFERENCES public.owner (id)`) \
     is made by no migration",
    "src/model/more.rs:7:12: table public.step is made by no migration",
];

#[test]
fn every_kind_is_told_at_its_field() {
    // Promise: what structs and migrations disagree in is told at the field, or at the struct where there is none: what
    // the one says and what the other makes where. What belongs to no struct is told at its CREATE TABLE; the derives
    // do not run then, and nothing is lost.
    let app = kinds("checks-kinds");
    let told = app.check(&[], &[]);
    assert_eq!(told.output.code, 101);
    let mut errors = told.script("error");
    errors.sort();
    let orphan = "migrations/first.sql:20:1: table public.orphan is made by the migrations (migrations/first.sql:20) and \
                  no struct has it; derive `Entity` for it, ";
    assert!(errors.first().is_some_and(|error| error.starts_with(orphan)), "{errors:#?}");
    assert_eq!(errors[1..], KINDS_TOLD.map(|told| format!("{told}; {COMMAND}")));
    assert_eq!(told.compiler("error: "), [""; 0]);

    app.write("migrate.toml", KINDS_EXCLUDED);
    let told = app.check(&[], &[]);
    assert_eq!(told.output.code, 101);
    assert_eq!(told.script("error"), [""; 0]);
    let mut errors = told.compiler("error: ");
    errors.sort();
    assert_eq!(errors, KINDS_TOLD);
    assert_eq!(told.output.stderr.matches(COMMAND).count(), KINDS_TOLD.len(), "{}", told.output.stderr);
}

#[test]
fn a_build_may_be_softer() {
    // Promise: MIGRATE_STALE makes disagreements warnings at the same places, or nothing; MIGRATE_CHECK=off is one
    // warning; in a published copy of the package the check is off by itself.
    let app = kinds("checks-softly");
    app.write("migrate.toml", KINDS_EXCLUDED);
    let told = app.check(&[], &[("MIGRATE_STALE", "warn")]);
    assert_eq!(told.output.code, 0, "{}", told.output.stderr);
    let mut warnings = told.compiler("warning: ");
    warnings.sort();
    assert_eq!(warnings.len(), KINDS_TOLD.len(), "{warnings:#?}");
    for (warning, said) in warnings.iter().zip(KINDS_TOLD) {
        let (place, said) = said.split_once(": ").expect("it begins with a place");
        assert!(warning.starts_with(place) && warning.ends_with(said), "{warnings:#?}");
    }
    app.check(&[], &[("MIGRATE_STALE", "allow")]).silent();

    let told = app.check(&[], &[("MIGRATE_STALE", "perhaps")]);
    assert_eq!(told.output.code, 101);
    assert_eq!(told.script("error"), ["MIGRATE_STALE is `perhaps`; it is deny, warn or allow"]);

    let told = app.check(&[], &[("MIGRATE_CHECK", "off")]);
    assert_eq!(told.output.code, 0, "{}", told.output.stderr);
    let off = ["MIGRATE_CHECK is off: nothing compares the entities with the migrations"];
    assert_eq!(told.script("warning"), off);
    assert_eq!(told.output.stderr.matches("warning").count(), 1, "{}", told.output.stderr);

    app.write("Cargo.toml.orig", "");
    app.check(&[], &[]).silent();
}

#[test]
fn broken_migrations_do_not_hide_the_structs() {
    // Promise: SQL that does not fold is an error with file, line and column; several heads are an error, and then the
    // derives do not run, so the build script tells their part, at the fields.
    let app = App::clean("checks-broken", "app");
    let field = MODEL.replace("String,\n", "String,\n    /// How often.\n    pub retries: Option<i32>,\n");
    app.write("src/model.rs", &field);
    app.write(
        "migrations/second.sql",
        &revision(
            "second",
            "first",
            "-- migrate:upgrade\nALTER TABLE nobody ADD COLUMN x text;\n-- migrate:downgrade\n",
        ),
    );
    let told = app.check(&[], &[]);
    assert_eq!(told.output.code, 101);
    eprintln!("{}", told.output.stderr);
    app.write("migrations/second.sql", &revision("second", "first", "-- migrate:upgrade\n-- migrate:downgrade\n"));
    app.write("migrations/third.sql", &revision("third", "first", "-- migrate:upgrade\n-- migrate:downgrade\n"));
    let told = app.check(&[], &[]);
    assert_eq!(told.output.code, 101);
    let errors = told.script("error");
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(
        errors[0].starts_with("migrations/third.sql:3:17: there are several heads: second, third; "),
        "{errors:#?}"
    );
    assert_eq!(
        errors[1],
        format!("src/model.rs:14:9: column job.retries (INTEGER) is made by no migration; {COMMAND}")
    );
}

/// Entities that nothing is to be said of.
const QUIET: &str = "//! Has rows.
pub mod model;

/// Structs that a macro makes are beyond the check.
macro_rules! row {
    ($name:ident) => {
        #[derive(migrate_macros::Entity)]
        #[entity(unchecked)]
        struct $name {
            id: i64,
        }
    };
}

/// Says what it is called.
pub fn table() -> &'static str {
    use migrate_core::meta::Entity as _;
    row!(Made);
    #[derive(migrate_macros::Entity)]
    struct Inner {
        id: i64,
    }
    let (made, inner) = (Made { id: 1 }, Inner { id: 2 });
    assert_ne!(made.id, inner.id);
    if Made::COLUMNS == Inner::COLUMNS { Made::TABLE } else { Inner::TABLE }
}

#[cfg(test)]
mod tests {
    #[derive(migrate_macros::Entity)]
    struct OfTests {
        id: i64,
    }

    #[test]
    fn it_has_an_id() {
        assert_eq!(OfTests { id: 1 }.id, 1);
    }
}
";

#[test]
fn nothing_is_told_of_what_no_migration_has_to_make() {
    // Promise: a module that the library and the program have both, a derive in tests/, under cfg(test), in a function
    // or from a macro, and a field of a feature that is off, are no disagreement; a path may have spaces, and no
    // database is asked.
    let app = App::clean("checks-quietly", "my projects/app");
    app.write("src/lib.rs", QUIET);
    app.write("src/main.rs", "//! The program.\n#![allow(unreachable_pub)]\nmod model;\n\nfn main() {\n    let job = model::Job { id: 1, name: String::new() };\n    assert_eq!((job.id, job.name.len()), (1, 0));\n}\n");
    app.write(
        "src/model.rs",
        &MODEL.replace(
            "String,\n",
            "String,\n    /// Off.\n    #[cfg(feature = \"extra\")]\n    pub retries: Option<i32>,\n",
        ),
    );
    app.write("tests/rows.rs", "//! A test.\n#[derive(migrate_macros::Entity)]\nstruct Fixture {\n    id: i64,\n}\n\n#[test]\nfn it_has_an_id() {\n    assert_eq!(Fixture { id: 1 }.id, 1);\n}\n");
    let told = app.check(&["--all-targets"], &[]);
    told.silent();

    let told = app.check(&["--lib", "--features", "extra"], &[]);
    assert_eq!(told.compiler("error: "), ["src/model.rs:15:9: column job.retries (INTEGER) is made by no migration"]);
}
