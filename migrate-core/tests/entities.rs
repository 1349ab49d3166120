//! What entities mean to each database: the same as statements of a migration.

use migrate_core::author::entities::{Entities, entities};
use migrate_core::dialect::{self, Dialect};
use migrate_core::entity::lower::{Lowered, Owner, lower};
use migrate_core::entity::scan::{Facts, Package, Request, Scan, scan};
use migrate_core::fold::{self, Settings};
use migrate_core::schema::Schema;
use migrate_core::sql::Syntax;
use migrate_test_support::project::Scratch;

fn settings() -> Settings {
    Settings { version: Some(18), search_path: vec!["public".to_owned()] }
}

fn folded(dialect: &dyn Dialect, sql: &str) -> Schema {
    let syntax = Syntax::named(dialect.name()).expect("it has a syntax");
    let mut folder = fold::folder(syntax, &settings()).expect("it folds");
    for statement in sql.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        folder.statement(statement).unwrap_or_else(|problem| panic!("{problem}: {statement}"));
    }
    folder.schema().clone()
}

/// Reads structs as the whole of a package.
fn scanned(source: &str) -> Scan {
    let scratch = Scratch::new();
    let source = format!("use migrate_macros::{{Entity, SqlEnum}};\n{source}");
    scratch.write("src/lib.rs", &source);
    let package = Package::conventional(scratch.path());
    let facts = Facts::from_variables([("CARGO_CFG_UNIX", "")]);
    let found = scan(&Request { packages: vec![package], within: None, facts });
    let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, [""; 0]);
    found
}

fn said(scan: &Scan, dialect: &dyn Dialect, before: &Schema) -> (Lowered, Entities) {
    let lowered = lower(scan, dialect.name());
    let after = entities(&lowered, dialect, &settings(), before);
    (lowered, after)
}

/// Returns what differs between the schema of statements and that of structs.
fn differences(dialect: &str, scan: &Scan, sql: &str) -> Vec<String> {
    let dialect = dialect::named(dialect).expect("it is one");
    let before = folded(dialect, sql);
    let (_, after) = said(scan, dialect, &before);
    assert_eq!(after.faults, [], "{}", dialect.name());
    let found = dialect.compare(&before, &after.schema);
    found
        .iter()
        .map(|difference| {
            format!("{}: {}", difference.object, difference.sentence("in the migrations", "in the structs"))
        })
        .collect()
}

/// Checks that structs mean the same as statements, on a database that has them and on one that has not.
#[track_caller]
fn check(source: &str, postgres: &str, sqlite: &str) {
    let scan = scanned(source);
    for (name, sql) in [("postgres", postgres), ("sqlite", sqlite)] {
        assert_eq!(differences(name, &scan, sql), [""; 0], "{name}");
        let dialect = dialect::named(name).expect("it is one");
        let (_, fresh) = said(&scan, dialect, &folded(dialect, ""));
        assert_eq!(fresh.faults, [], "{name}");
        // What is made of nothing is found again, and is then as it is.
        let (_, again) = said(&scan, dialect, &fresh.schema);
        assert_eq!(dialect.compare(&fresh.schema, &again.schema), [], "{name}");
        let unnamed = fresh.schema.tables.values().flat_map(|table| &table.constraints).filter(|(_, one)| !one.named);
        assert_eq!(unnamed.count(), 0, "{name}: every constraint has a name");
    }
}

#[test]
fn types_are_the_columns_of_the_table() {
    // Promise: each Rust type is the column type that the documentation says, in both databases.
    check(
        "#[derive(SqlEnum)] enum State { Open, Done }
         #[derive(Entity)] struct T {
            a: bool, b: i16, c: i32, d: i64, e: f32, f: f64, g: String, #[column(length = 5)] h: String, i: Vec<u8>, j: Uuid,
            k: DateTime<Utc>, l: NaiveDateTime, m: NaiveDate, n: NaiveTime, #[column(precision = 12, scale = 2)] o: Decimal,
            p: Value, q: IpAddr, r: IpNet, s: Option<i32>, #[column(type = \"numeric(20)\", sqlite(type = \"BLOB\"))] t: u64,
            #[column(sqlite(type = \"TEXT\"))] u: Vec<String>, v: State, #[column(sqlite(type = \"TEXT\"))] w: Option<Vec<State>>,
         }",
        "CREATE TYPE state AS ENUM ('Open', 'Done');
CREATE TABLE t (a boolean NOT NULL, b smallint NOT NULL, c integer NOT NULL, d bigint NOT NULL, e real NOT NULL,
    f double precision NOT NULL, g text NOT NULL, h varchar(5) NOT NULL, i bytea NOT NULL, j uuid NOT NULL,
    k timestamptz NOT NULL, l timestamp NOT NULL, m date NOT NULL, n time NOT NULL, o numeric(12, 2) NOT NULL,
    p jsonb NOT NULL, q inet NOT NULL, r cidr NOT NULL, s integer, t numeric(20) NOT NULL, u text[] NOT NULL,
    v state NOT NULL, w state[]);\n",
        "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL, e REAL NOT NULL,
    f REAL NOT NULL, g TEXT NOT NULL, h TEXT NOT NULL, i BLOB NOT NULL, j TEXT NOT NULL, k TEXT NOT NULL, l TEXT NOT NULL,
    m TEXT NOT NULL, n TEXT NOT NULL, o TEXT NOT NULL, p TEXT NOT NULL, q TEXT NOT NULL, r TEXT NOT NULL, s INTEGER,
    t BLOB NOT NULL, u TEXT NOT NULL, v TEXT NOT NULL CHECK (v IN ('Open', 'Done')), w TEXT);\n",
    );
}

#[test]
fn keys_have_the_names_that_the_migrations_give() {
    // Promise: a struct without names matches a migration with any, also after a rename; order does not count.
    check(
        "#[derive(Entity)] #[entity(schema = \"s\", unique(b, c), index(c), check(expr = \"c > 0\"))]
         struct Child { #[column(primary_key)] a: i32, #[column(unique)] b: i32, #[column(index)] c: i32,
             #[column(references(Parent), on_delete = \"cascade\", on_update = \"set null\")] parent: Option<i64>,
             #[column(references(\"s.parent(id)\"), deferrable)] other: Option<i64>, #[column(references(Child))] own: Option<i32> }
         #[derive(Entity)] #[entity(schema = \"s\")] struct Parent { #[column(primary_key, identity)] id: i64 }",
        "CREATE SCHEMA s;
CREATE TABLE s.old (parent bigint, a integer CONSTRAINT my_key PRIMARY KEY, b integer NOT NULL UNIQUE, c integer NOT NULL CHECK (c > 0));
CREATE INDEX one ON s.old (c);
CREATE INDEX two ON s.old (c);
ALTER TABLE s.old RENAME TO child;
CREATE TABLE s.p (id bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT pk PRIMARY KEY);
ALTER TABLE s.p RENAME TO parent;
ALTER TABLE s.child ADD CONSTRAINT b_and_c UNIQUE (b, c), ADD other bigint REFERENCES s.parent DEFERRABLE, ADD own integer REFERENCES s.child;
ALTER TABLE s.child ADD FOREIGN KEY (parent) REFERENCES s.parent ON DELETE CASCADE ON UPDATE SET NULL;\n",
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);
CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL, a INTEGER PRIMARY KEY,
    b INTEGER NOT NULL UNIQUE, c INTEGER NOT NULL CHECK (c > 0), other INTEGER, own INTEGER REFERENCES child (a),
    CONSTRAINT b_and_c UNIQUE (b, c), FOREIGN KEY (other) REFERENCES parent (id) DEFERRABLE);
CREATE INDEX one ON child (c);
CREATE INDEX two ON child (c);\n",
    );
}

#[test]
fn every_other_attribute_means_its_words() {
    // Promise: what an attribute says is what the same words in a migration make.
    check(
        "#[derive(Entity)]
         #[entity(table = \"order\", comment = \"orders\", primary_key(name = \"order_key\", a, b), sqlite(without_rowid))]
         #[entity(index(name = \"ix\", columns(c desc nulls_last, \"lower(d)\"), unique, where = \"c IS NOT NULL\"))]
         #[entity(postgres(index(name = \"gin\", columns(tags), using = \"gin\"), unlogged, with = \"fillfactor = 70\",
             exclude(name = \"no_two\", using = \"hash\", elements(c with \"=\"), where = \"c > 0\"),
             unique(name = \"u\", columns(d), include(c), nulls_not_distinct)))]
         #[entity(foreign_key(name = \"self\", columns(pa, pb), references(\"order(a, b)\"), on_delete = \"set default\"))]
         struct Order {
             a: i32, b: i32, c: Option<i32>, #[column(default = \"'x'::text\", collate = \"C\", sqlite(collate = \"NOCASE\"))] d: String,
             #[column(default = \"now()\", comment = \"when\")] e: DateTime<Utc>, #[column(default = \"true\")] f: bool,
             #[column(default = \"0\")] g: bool, #[column(generated = \"a + b\", sqlite(virtual))] h: i32,
             #[column(default = \"a_function()\", sqlite(default = \"(1 + 2)\"))] i: i32, #[column(skip)] z: Whatever,
             pa: Option<i32>, pb: Option<i32>, #[column(name = \"tags\", sqlite(type = \"TEXT\"))] list: Vec<String>,
             #[column(check = \"j <> true OR c > 0\")] j: bool, #[column(name = \"Mixed Case\")] k: i32,
         }",
        "CREATE FUNCTION a_function() RETURNS integer LANGUAGE sql AS 'select 1';
CREATE UNLOGGED TABLE \"order\" (a integer NOT NULL, b integer NOT NULL, c integer, d text COLLATE \"C\" NOT NULL DEFAULT 'x',
    e timestamptz NOT NULL DEFAULT now(), f boolean NOT NULL DEFAULT true, g boolean NOT NULL DEFAULT false,
    h integer NOT NULL GENERATED ALWAYS AS (a + b) STORED, i integer NOT NULL DEFAULT a_function(), pa integer, pb integer,
    tags text[] NOT NULL, j boolean NOT NULL CHECK (j <> true OR c > 0), \"Mixed Case\" integer NOT NULL,
    CONSTRAINT order_key PRIMARY KEY (a, b), CONSTRAINT u UNIQUE NULLS NOT DISTINCT (d) INCLUDE (c),
    CONSTRAINT no_two EXCLUDE USING hash (c WITH =) WHERE (c > 0),
    CONSTRAINT self FOREIGN KEY (pa, pb) REFERENCES \"order\" ON DELETE SET DEFAULT) WITH (fillfactor = 70);
CREATE UNIQUE INDEX ix ON \"order\" (c DESC NULLS LAST, lower(d)) WHERE c IS NOT NULL;
CREATE INDEX gin ON \"order\" USING gin (tags);
COMMENT ON TABLE \"order\" IS 'orders';
COMMENT ON COLUMN \"order\".e IS 'when';\n",
        "CREATE TABLE \"order\" (a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER, d TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE,
    e TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, f INTEGER NOT NULL DEFAULT 1, g INTEGER NOT NULL DEFAULT 0,
    h INTEGER NOT NULL GENERATED ALWAYS AS (a + b) VIRTUAL, i INTEGER NOT NULL DEFAULT (1 + 2), pa INTEGER, pb INTEGER,
    tags TEXT NOT NULL, j INTEGER NOT NULL CHECK (j <> 1 OR c > 0), \"Mixed Case\" INTEGER NOT NULL,
    CONSTRAINT order_key PRIMARY KEY (a, b),
    CONSTRAINT self FOREIGN KEY (pa, pb) REFERENCES \"order\" (a, b) ON DELETE SET DEFAULT) WITHOUT ROWID;
CREATE UNIQUE INDEX ix ON \"order\" (c DESC, lower(d)) WHERE c IS NOT NULL;\n",
    );
}

#[test]
fn what_cfg_leaves_out_may_exist_and_need_not() {
    // Promise: a column or table that a build leaves out, or of which nobody can tell, is no difference either way.
    let source = "#[derive(Entity)] struct T { a: i32, #[cfg(windows)] b: i32, #[cfg(my_flag)] c: i32, #[cfg(my_flag)] #[column(unique)] d: i32 }
         #[cfg(windows)] #[derive(Entity)] struct Off { id: i32 }
         #[cfg(my_flag)] #[derive(Entity)] struct Perhaps { id: i32 }";
    let with = "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer NOT NULL, d integer NOT NULL UNIQUE);
CREATE TABLE perhaps (id integer NOT NULL);
CREATE TABLE off (id integer NOT NULL);\n";
    check(source, with, with);
    let without = "CREATE TABLE t (a integer NOT NULL);\n";
    let scan = scanned(source);
    for name in ["postgres", "sqlite"] {
        assert_eq!(differences(name, &scan, without), [""; 0], "{name}");
    }
}

#[test]
fn several_structs_may_share_a_table() {
    // Promise: a partial struct's fields are checked, and what it does not have is not missed.
    let sql = "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text, c text UNIQUE);\n";
    let partial = "#[derive(Entity)] #[entity(table = \"t\", partial)] struct A { #[column(primary_key)] a: i32 }
         #[derive(Entity)] #[entity(table = \"t\", partial)] struct B { b: Option<String> }";
    let scan = scanned(partial);
    for name in ["postgres", "sqlite"] {
        assert_eq!(differences(name, &scan, sql), [""; 0], "{name}");
    }
    let scan = scanned(
        "#[derive(Entity)] #[entity(table = \"t\")] struct A { a: i32 } #[derive(Entity)] #[entity(table = \"t\")] struct B { a: i32 }",
    );
    let problems: Vec<String> = lower(&scan, "sqlite").problems.iter().map(|problem| problem.message.clone()).collect();
    assert!(problems[0].starts_with("the table t has an entity already, at "), "{problems:?}");
}

#[test]
fn what_differs_is_told() {
    // Promise: each thing that a struct says and the migrations do not is a difference, and the other way round.
    let table =
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b text NOT NULL DEFAULT 'x', c integer CHECK (c > 0));\n";
    let structs = [
        "a: i32, #[column(default = \"'x'\")] b: String, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, b: String, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'y'\")] b: String, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: Option<String>, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: Vec<u8>, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: String, c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: String, #[column(check = \"c > 1\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: String",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\", unique)] b: String, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\", index)] b: String, #[column(check = \"c > 0\")] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: String, #[column(check = \"c > 0\", references(T))] c: Option<i32>",
        "#[column(primary_key)] a: i32, #[column(default = \"'x'\")] b: String, #[column(check = \"c > 0\")] c: Option<i32>, d: i32",
    ];
    for fields in structs {
        let scan = scanned(&format!("#[derive(Entity)] struct T {{ {fields} }}"));
        for name in ["postgres", "sqlite"] {
            assert!(!differences(name, &scan, table).is_empty(), "{name}: {fields}");
        }
    }
}

#[test]
fn what_a_dialect_cannot_read_is_told_at_the_attribute() {
    // Promise: SQL that a database would refuse, and settings that a dialect does not know, are errors at their place.
    for (fields, dialect, expect) in [
        ("#[column(default = \"1, 2\")] a: i32", "postgres", "a/default/0"),
        ("#[column(check = \"(a > 0\")] a: i32", "postgres", "a/check/1"),
        ("#[column(default = \"1 +\")] a: i32", "sqlite", "a/default/0"),
        ("#[column(type = \"varchar(0)\")] a: i32", "postgres", "a/type/0"),
        ("#[column(check = \"b > 0\")] a: i32", "sqlite", "a/check/1"),
        ("#[column(default = \"1); DROP TABLE x; --\")] a: i32", "sqlite", "a/default/0"),
        ("#[column(references(\"nowhere(id)\"))] a: i32", "postgres", "a/references/0"),
        ("a: Vec<i32>", "sqlite", "a//0"),
        ("#[column(sqlite(tpye = \"TEXT\"))] a: i32", "sqlite", "a/sqlite.tpye/0"),
        ("#[column(postgres(strict))] a: i32", "postgres", "a/postgres.strict/0"),
    ] {
        let scan = scanned(&format!("#[derive(Entity)] struct T {{ {fields} }}"));
        let dialect = dialect::named(dialect).expect("it is one");
        let (_, after) = said(&scan, dialect, &folded(dialect, ""));
        let places: Vec<String> = after.faults.iter().map(|fault| fault.place.to_string()).collect();
        assert_eq!(places.first().map(String::as_str), Some(expect), "{fields}: {:?}", after.faults);
        assert_eq!(after.faults[0].owner, Owner::Entity(0));
    }
}
