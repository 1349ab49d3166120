//! Where entities are found, and what their names stand for.

use std::fmt::Write as _;
use std::path::PathBuf;

use migrate_core::entity::FieldType;
use migrate_core::entity::scan::{Facts, Package, Request, Scan, scan};
use migrate_test_support::project::Scratch;

/// Writes files, each behind a line `== path`, and looks for entities in them.
fn scan_files(files: &str, change: impl FnOnce(&mut Request, &Scratch)) -> (Scratch, Scan) {
    let scratch = Scratch::new();
    for file in files.split("== ").skip(1) {
        let (path, text) = file.split_once('\n').expect("a path stands on its own line");
        scratch.write(path.trim(), text);
    }
    let facts =
        Facts::from_variables([("CARGO_FEATURE_ON", "1"), ("CARGO_CFG_TARGET_OS", "linux"), ("CARGO_CFG_UNIX", "")]);
    let package = Package::conventional(scratch.path());
    let mut request = Request { packages: vec![package], within: None, facts };
    change(&mut request, &scratch);
    let found = scan(&request);
    (scratch, found)
}

/// Returns what was found, a line for each.
fn shown(scratch: &Scratch, scan: &Scan) -> String {
    let mut out = String::new();
    let root = format!("{}/", scratch.path().display());
    for entity in &scan.entities {
        let mark = &entity.mark;
        let _ = write!(
            out,
            "{} {:?} {}:{}#{}",
            entity.table(),
            entity.presence,
            mark.file.display(),
            mark.line,
            mark.number
        );
        for field in &entity.def.fields {
            let ty = match &field.ty {
                FieldType::Known(known) => format!("{known:?}"),
                FieldType::Enum(number) => scan.enums[*number].def.type_name.value.clone(),
                other => format!("{other:?}"),
            };
            let either = if field.presence == migrate_core::entity::Presence::On { "" } else { " either" };
            let _ = write!(out, "; {} {ty}{}{either}", field.column, if field.nullable { "?" } else { "" });
        }
        for target in entity.targets.values() {
            let _ = write!(out, "; -> {}", scan.entities[*target].table());
        }
        for column in &entity.absent {
            let _ = write!(out, "; absent {column}");
        }
        out.push('\n');
    }
    for mark in &scan.outside {
        let _ = writeln!(out, "outside {} {}:{}#{}", mark.name, mark.file.display(), mark.line, mark.number);
    }
    for problem in &scan.problems {
        let _ = writeln!(out, "problem {problem}");
    }
    for warning in &scan.warnings {
        let _ = writeln!(out, "warning {warning}");
    }
    out.replace(&root, "")
}

#[track_caller]
fn check(files: &str, expect: &str) {
    let (scratch, found) = scan_files(files, |_, _| {});
    assert_eq!(shown(&scratch, &found), expect);
}

#[test]
fn modules_are_followed_as_rustc_does() {
    // Promise: an entity is found where the module tree has it: files, folders, `#[path]`, inline modules, `include!`.
    check(
        "== src/lib.rs
mod a;
mod b;
#[path = \"odd/place.rs\"]
mod c;
mod d { pub mod e; mod f { use migrate_macros::Entity; #[derive(Entity)] struct F { id: i32 } } }
include!(\"more.rs\");
use migrate_macros::Entity;
== src/a.rs
pub mod x;
use migrate_macros::Entity;
#[derive(Debug, Entity)]
struct A { id: i32 }
== src/a/x.rs
#[derive(migrate_macros::Entity)]
struct X { id: i32 }
== src/b/mod.rs
mod y;
== src/b/y.rs
use migrate_macros::*;
#[derive(Entity)] struct Y { id: i32 }
== src/odd/place.rs
mod z;
== src/odd/z.rs
use migrate_macros::Entity as Table;
#[derive(Table)]
struct Z { id: i32 }
== src/d/e.rs
use migrate_macros as mm;
#[derive(mm::Entity)]
struct E { id: i32 }
== src/more.rs
#[derive(Entity)]
struct More { id: i32 }
",
        "a On src/a.rs:4#0; id Integer
x On src/a/x.rs:2#0; id Integer
y On src/b/y.rs:2#0; id Integer
z On src/odd/z.rs:3#0; id Integer
e On src/d/e.rs:3#0; id Integer
f On src/lib.rs:5#0; id Integer
more On src/more.rs:2#0; id Integer
",
    );
}

#[test]
fn an_entity_of_two_crates_is_one() {
    // Promise: a module of both lib.rs and main.rs has its entities once; binaries are followed too.
    check(
        "== src/lib.rs
#[cfg(feature = \"off\")]
pub mod model;
== src/main.rs
mod model;
== src/bin/tool.rs
use migrate_macros::Entity;
#[derive(Entity)] struct Tool { id: i32 }
== src/bin/other/main.rs
mod deep;
== src/bin/other/deep.rs
use migrate_macros::Entity;
#[derive(Entity)] struct Deep { id: i32 }
== src/model.rs
use migrate_macros::Entity;
#[derive(Entity)] struct Model { id: i32 }
",
        "model On src/model.rs:2#0; id Integer
deep On src/bin/other/deep.rs:2#0; id Integer
tool On src/bin/tool.rs:2#0; id Integer
",
    );
}

#[test]
fn cfg_is_evaluated_first() {
    // Promise: the scan sees what the derive sees, knows what a build leaves out, and says where it cannot tell.
    check(
        "== src/lib.rs
use migrate_macros::Entity;
#[cfg(feature = \"off\")]
mod gone;
#[cfg(my_flag)]
mod perhaps { use migrate_macros::Entity; #[derive(Entity)] struct Perhaps { id: i32 } }
#[cfg_attr(feature = \"on\", derive(Entity), entity(table = \"yes\"))]
#[cfg_attr(feature = \"off\", entity(table = \"no\"))]
struct A {
    id: i32,
    #[cfg(feature = \"off\")]
    #[cfg_attr(all(), column(name = \"other\"))]
    off: i32,
    #[cfg(feature = \"off\")]
    #[column(unknown)]
    broken: u64,
    #[cfg(my_flag)]
    maybe: i32,
    #[cfg_attr(feature = \"on\", column(type = \"text\"))]
    thing: u64,
    #[cfg(windows)]
    on_windows: i32,
}
#[cfg_attr(feature = \"off\", derive(Entity))]
struct B { id: u64 }
#[cfg(test)]
mod tests { use super::*; #[derive(Entity)] struct T { id: u64 } }
== src/gone.rs
use migrate_macros::Entity;
#[derive(Entity)] struct Gone { id: i32 }
#[derive(Entity)] struct Broken { id: u64 }
",
        "yes On src/lib.rs:8#0; id Integer; maybe Integer either; thing Refused(\"no column type holds every `u64`: use another Rust \
         type, or say what it is, as in `#[column(type = \\\"numeric(20)\\\")]`\"); absent other; absent broken; absent on_windows
gone Off src/gone.rs:2#0; id Integer
perhaps Either src/lib.rs:5#0; id Integer
outside T src/lib.rs:26#0
",
    );
}

#[test]
fn what_is_outside_the_check_is_noted() {
    // Promise: structs in functions, in tests and those that are `unchecked` are no entities, and the derive is told so.
    check(
        "== src/lib.rs
use migrate_macros::Entity;
fn f() {
    #[derive(Entity)]
    struct InFunction { id: u64 }
}
impl A { fn g() { { #[derive(Entity)] struct InMethod { id: i32 } } } }
#[derive(Entity)]
#[entity(unchecked)]
struct A { id: i32 }
#[cfg(test)]
mod tests;
#[cfg(test)]
#[derive(Entity)]
struct Fixture { id: i32 }
== src/tests.rs
use migrate_macros::Entity;
#[derive(Entity)] struct Row { id: u64 }
#[derive(Entity)] struct Row { id: u64 }
",
        "outside A src/lib.rs:9#0
outside Fixture src/lib.rs:14#0
outside InFunction src/lib.rs:4#0
outside InMethod src/lib.rs:6#0
outside Row src/tests.rs:2#0
outside Row src/tests.rs:3#1
",
    );
}

#[test]
fn the_derive_of_another_crate_is_not_ours() {
    // Promise: `Entity` is ours where it is imported from us, also through a module of the package.
    check(
        "== src/lib.rs
mod prelude { pub use migrate_macros::{Entity, SqlEnum}; }
mod other { use sea_orm::Entity; #[derive(Entity)] struct A { id: u64 } }
mod path { #[derive(sea_orm::Entity)] struct B { id: u64 } }
mod through { use crate::prelude::Entity; #[derive(Entity)] struct C { id: i32 } }
mod glob { use super::prelude::*; #[derive(Entity)] struct D { id: i32 } }
mod far { use some_crate::prelude::*; #[derive(Entity)] struct E { id: u64 } }
mod far_ours { use some_crate::prelude::*; #[derive(Entity)] #[entity(table = \"f\")] struct F { id: i32 } }
mod same_name { use migrate_macros::Entity; #[derive(Entity)] struct C { id: i32 } }
",
        "c On src/lib.rs:4#0; id Integer
d On src/lib.rs:5#0; id Integer
f On src/lib.rs:7#0; id Integer
c On src/lib.rs:8#1; id Integer
",
    );
}

#[test]
fn constants_are_followed() {
    // Promise: a schema is a text or a constant of the package, wherever it is declared.
    check(
        "== src/lib.rs
use migrate_macros::Entity;
mod names;
mod rows;
pub const HERE: &str = \"here\";
#[derive(Entity)] #[entity(schema = HERE)] struct A { id: i32 }
#[derive(Entity)] #[entity(schema = crate::names::schema::DPO)] struct B { id: i32 }
#[derive(Entity)] #[entity(schema = LONELY)] struct C { id: i32 }
#[derive(Entity)] #[entity(schema = TWICE)] struct D { id: i32 }
#[derive(Entity)] #[entity(schema = NOWHERE)] struct E { id: i32 }
#[derive(Entity)] #[entity(schema = names::COMPUTED)] struct F { id: i32 }
== src/names.rs
pub mod schema { pub const DPO: &str = \"dpo\"; pub const TWICE: &str = \"a\"; }
pub const ALIAS: &str = schema::DPO;
pub const LONELY: &str = \"lonely\";
pub const TWICE: &str = \"b\";
pub const COMPUTED: &str = concat!(\"a\", \"b\");
== src/rows.rs
use migrate_macros::Entity;
use super::names::{self, ALIAS as SCHEMA};
#[derive(Entity)] #[entity(schema = SCHEMA)] struct G { id: i32 }
#[derive(Entity)] #[entity(schema = names::schema::TWICE)] struct H { id: i32 }
",
        "here.a On src/lib.rs:5#0; id Integer
dpo.b On src/lib.rs:6#0; id Integer
lonely.c On src/lib.rs:7#0; id Integer
d On src/lib.rs:8#0; id Integer
e On src/lib.rs:9#0; id Integer
f On src/lib.rs:10#0; id Integer
dpo.g On src/rows.rs:3#0; id Integer
a.h On src/rows.rs:4#0; id Integer
problem src/lib.rs:8:37: several constants are called `TWICE`: in src/names.rs, src/names.rs; write its path: `crate::…`
problem src/lib.rs:9:37: there is no constant `NOWHERE` in this package; write the schema as a text, or a constant of this package
problem src/lib.rs:10:37: the constant `names::COMPUTED` is no text that can be read without compiling; make it `const …: &str = \"…\";`
",
    );
}

#[test]
fn references_find_their_entities() {
    // Promise: an entity that a field refers to is the imported one, else the only one of its name; several ask for a path.
    check(
        "== src/lib.rs
use migrate_macros::Entity;
mod one { use migrate_macros::Entity; #[derive(Entity)] #[entity(schema = \"one\")] pub struct Execution { id: i32 } }
mod two { use migrate_macros::Entity; #[derive(Entity)] #[entity(schema = \"two\")] pub struct Execution { id: i32 }
          #[derive(Entity)] pub struct Lone { id: i32, #[column(references(Execution))] near: i32 } }
mod user { use crate::one::Execution; use migrate_macros::Entity;
           #[derive(Entity)] struct User { #[column(references(Execution))] a: i32, #[column(references(User))] own: Option<i32> } }
#[derive(Entity)] struct A { #[column(references(Execution))] a: i32, #[column(references(Lone))] b: i32,
    #[column(references(two::Execution))] c: i32, #[column(references(Nobody))] d: i32 }
",
        "a On src/lib.rs:7#0; a Integer; b Integer; c Integer; d Integer; -> lone; -> two.execution
one.execution On src/lib.rs:2#0; id Integer
two.execution On src/lib.rs:3#1; id Integer
lone On src/lib.rs:4#0; id Integer; near Integer; -> two.execution
user On src/lib.rs:6#0; a Integer; own Integer?; -> one.execution; -> user
problem src/lib.rs:7:50: several entities are called `Execution`: in src/lib.rs, src/lib.rs; write its path: `crate::…`
problem src/lib.rs:8:71: there is no entity `Nobody` among those that are checked; one of another crate is named by its table: \
         `references(\"schema.table(column)\")`
",
    );
}

#[test]
fn types_are_followed_to_aliases_and_enums() {
    // Promise: an alias is what it stands for, an enum of the package is an enum, and what is neither says what to write.
    check(
        "== src/lib.rs
use migrate_macros::{Entity, SqlEnum};
mod ty;
use ty::{Money, Maybe};
use foreign::Kind;
type Id = ty::Key;
#[derive(SqlEnum)] enum State { A, B }
#[derive(Entity)] struct A {
    id: Id, price: Money, note: Maybe, state: State, states: Vec<State>, other: Option<ty::Colour>, date: ty::Date,
    kind: Kind, #[column(length = 5)] wrong: Id, #[column(length = 5)] right: Option<ty::Name>, lone: Colour,
}
== src/ty.rs
use migrate_macros::SqlEnum;
pub type Key = Uuid;
pub type Money = rust_decimal::Decimal;
pub type Maybe = Option<String>;
pub type Name = String;
#[derive(SqlEnum)] #[sql_enum(name = \"color\")] pub enum Colour { Red }
pub type Date = i64;
#[derive(SqlEnum)] pub enum Kind { X }
",
        "a On src/lib.rs:7#0; id Uuid; price Decimal(None, None); note Text(None)?; state state; states Array(Enum(0)); other color?; \
         date BigInt; kind Named(Kind); wrong Uuid; right Text(None)?; lone color
problem src/lib.rs:9:5: `Kind` is no type that has a column type of its own, and no enum or alias of this package; say it, as in \
         `#[column(type = \"text\")]`, or derive `SqlEnum` for it
problem src/lib.rs:9:35: `length` is for texts, and the field is `Id`
",
    );
}

#[test]
fn files_that_cannot_be_read_matter_where_they_derive() {
    // Promise: syntax that is not stable is nobody's concern in a file without entities; one with entities says so.
    check(
        "== src/lib.rs
mod nightly;
mod entities;
mod missing;
== src/nightly.rs
mod deeper { fn f() { let x = do yeet 5 ~~ 6; } }
== src/entities.rs
use migrate_macros::Entity;
#[derive(Entity)] struct A { id: i32 }
fn f() { ~~ }
",
        "problem src/entities.rs:3:10: the file derives entities and cannot be read: expected an expression; syntax that is not stable \
         yet has to stand in another file
",
    );
}

#[test]
fn a_file_that_no_module_reaches_is_a_warning() {
    // Promise: an entity in a file that was forgotten is told; one of another crate's derive is not.
    check(
        "== src/lib.rs
mod a;
== src/a.rs
== src/forgotten.rs
use migrate_macros::Entity;

#[derive(Entity)] struct Forgotten { id: i32 }
== src/folder/foreign.rs
use sea_orm::Entity;
#[derive(Entity)] struct Foreign { id: i32 }
== tests/t.rs
use migrate_macros::Entity;
#[derive(Entity)] struct T { id: i32 }
",
        "warning src/forgotten.rs:3:1: `Forgotten` is not checked: no `mod` reaches this file\n",
    );
}

#[test]
fn listed_folders_narrow_what_is_read() {
    // Promise: `entities` names where entities are; modules above lead there, and others are not read for them.
    let files = "== src/lib.rs
mod entities;
mod other;
mod names;
== src/entities/mod.rs
use migrate_macros::Entity;
use crate::names::S;
#[derive(Entity)] #[entity(schema = S)] struct A { id: i32 }
== src/other.rs
mod deep;
use migrate_macros::Entity;
#[derive(Entity)] struct B { id: u64 }
== src/other/deep.rs
== src/names.rs
pub const S: &str = \"s\";
";
    let (scratch, found) = scan_files(files, |request, scratch| {
        request.within = Some(vec![scratch.path().join("src/entities")]);
    });
    assert_eq!(shown(&scratch, &found), "s.a On src/entities/mod.rs:3#0; id Integer\n");
    let read: Vec<PathBuf> =
        found.files.iter().map(|file| file.strip_prefix(scratch.path()).expect("below").to_owned()).collect();
    let expect = ["src/entities/mod.rs", "src/lib.rs", "src/names.rs", "src/other.rs"].map(PathBuf::from);
    assert_eq!(read, expect);
}

#[test]
fn the_command_line_takes_every_feature_as_on() {
    // Promise: without a build every feature counts as on.
    let files = "== src/lib.rs
use migrate_macros::Entity;
#[cfg(feature = \"any\")]
#[derive(Entity)] struct A { id: i32 }
#[cfg(not(feature = \"any\"))]
#[derive(Entity)] struct B { id: i32 }
";
    let (scratch, found) = scan_files(files, |request, _| request.facts = Facts::default());
    assert_eq!(shown(&scratch, &found), "a On src/lib.rs:3#0; id Integer\nb Off src/lib.rs:5#0; id Integer\n");
}
