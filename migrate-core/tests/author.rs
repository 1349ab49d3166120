//! A project's history as a schema: up to a revision, down again, with what others own.
#![cfg(all(feature = "author", feature = "postgres", feature = "sqlite"))]

use migrate_core::author::{self, Folding, Project};
use migrate_core::config::{Config, SECTION};
use migrate_core::dialect;
use migrate_core::introspect::{self, Filter};
use migrate_core::schema::{Namespace, ObjectName, Schema};
use migrate_core::sql::Syntax;
use migrate_test_support::postgres::Database;
use migrate_test_support::project::Scratch;

const SQLITE: &str = "[migrate]\ndialects = [\"sqlite\"]\n";

fn syntax(name: &str) -> &'static Syntax {
    Syntax::named(name).expect("it is one")
}

/// Returns a project of revisions in a line, `r00`, `r01` …, each with its way up and down.
fn project(config: &str, revisions: &[(String, String)], files: &[(&str, &str)]) -> (Scratch, Project) {
    let scratch = Scratch::new();
    scratch.write("migrate.toml", config);
    for (n, (up, down)) in revisions.iter().enumerate() {
        let parent = if n == 0 { String::new() } else { format!("r{:02}", n - 1) };
        let text = format!(
            "-- {n}\n-- Revision ID: r{n:02}\n-- Revises: {parent}\n\n-- migrate:upgrade\n{up}\n{}\n",
            if down.is_empty() {
                "-- migrate:irreversible: it is".to_owned()
            } else {
                format!("-- migrate:downgrade\n{down}")
            }
        );
        scratch.write(&format!("migrations/r{n:02}.sql"), &text);
    }
    for (path, text) in files {
        scratch.write(path, text);
    }
    let config = Config::read(&scratch.path().join("migrate.toml"), SECTION).expect("a good config");
    let project = Project::read(&config).expect("good files");
    (scratch, project)
}

/// Returns revisions that each add a column to one table, of which the first makes it.
fn columns(count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|n| match n {
            0 => ("CREATE TABLE t (c00 INT);".to_owned(), "DROP TABLE t;".to_owned()),
            _ => (format!("ALTER TABLE t ADD COLUMN c{n:02} INT;"), format!("ALTER TABLE t DROP COLUMN c{n:02};")),
        })
        .collect()
}

/// Returns the places and messages of what is found in a project.
fn found(project: &Project) -> Vec<String> {
    let checked = project.check(syntax("sqlite"));
    assert_eq!(checked.warnings, []);
    let text = |problem: &migrate_core::Diagnostic| {
        let location = problem.location.as_ref().expect("every problem has a place");
        let file = location.file.rsplit('/').next().expect("a name");
        format!("{file}:{}:{}: {}", location.line, location.column, problem.message)
    };
    checked.problems.iter().map(text).collect()
}

#[test]
fn a_schema_at_each_revision() {
    // Promise: the schema at a revision is what its ancestors make, and going down undoes it step by step.
    let (_scratch, project) = project(SQLITE, &columns(5), &[]);
    let graph = project.graph();
    let at = |node: usize| {
        let folded = project.fold(syntax("sqlite"), None, &graph.with_ancestors([node])).expect("it folds");
        folded.schema
    };
    let mut folding = Folding::new(&project, syntax("sqlite"), None);
    let mut states = vec![folding.schema().clone()];
    for node in 0..5 {
        folding.upgrade(node);
        assert_eq!(folding.schema(), &at(node), "r{node:02}");
        states.push(folding.schema().clone());
    }
    for node in (0..5).rev() {
        folding.downgrade(node);
        assert_eq!(folding.schema(), &states[node], "below r{node:02}");
    }
    assert!(!folding.has_failed());
}

#[test]
fn a_part_of_a_revision() {
    // Promise: a database that stands in the middle of a revision is folded to that statement, up and down.
    let both =
        ("CREATE TABLE a (b INT);\nCREATE TABLE c (d INT);".to_owned(), "DROP TABLE c;\nDROP TABLE a;".to_owned());
    let (_scratch, project) = project(SQLITE, &[both], &[]);
    let tables = |fold: &dyn Fn(&mut Folding<'_>)| {
        let mut folding = Folding::new(&project, syntax("sqlite"), None);
        fold(&mut folding);
        folding.schema().tables.keys().map(|name| name.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(tables(&|folding| folding.upgrade_part(0, 1)), ["a"]);
    let middle = |folding: &mut Folding<'_>| {
        folding.upgrade(0);
        folding.downgrade_part(0, 1);
    };
    assert_eq!(tables(&middle), ["a"]);
    assert_eq!(tables(&|folding| folding.upgrade_part(0, 9)), ["a", "c"]);
}

#[test]
fn a_way_down_that_is_lost() {
    // Promise: below a downgrade that cannot be folded, or that does not exist, the next ones are folded on what the
    // upgrades had made there, however long the history; each wrong one is told once.
    let mut revisions = columns(40);
    // Without the states of the way up, `t` would still be `u` below 35, and `c19` missing below 20.
    revisions[35] = ("ALTER TABLE t RENAME TO u;".to_owned(), "ALTER TABLE zz RENAME TO t;".to_owned());
    for (up, down) in &mut revisions[36..] {
        *up = up.replace("TABLE t", "TABLE u");
        *down = down.replace("TABLE t", "TABLE u");
    }
    revisions[20] = ("ALTER TABLE t DROP COLUMN c19;".to_owned(), String::new());
    "DROP TABLE gone;\nDROP TABLE gone_too;".clone_into(&mut revisions[7].1);
    let (_scratch, project) = project(SQLITE, &revisions, &[]);
    assert_eq!(found(&project), ["r35.sql:8:13: no such table: zz", "r07.sql:8:12: no such table: gone"]);
}

#[test]
fn what_follows_from_a_problem_is_not_told() {
    // Promise: after a statement that failed only those that cannot be read are told, in the same revision and later.
    let mut revisions = columns(6);
    "CREATE TABLE u (a INT, A INT);\nALTER TABLE u ADD COLUMN b INT;\nALTER TABLE u FROBNICATE;"
        .clone_into(&mut revisions[1].0);
    "DROP TABLE u;".clone_into(&mut revisions[3].0);
    "ALTER TABLE t ADD COLUMN c05 INT;\nDROP TABEL u;".clone_into(&mut revisions[5].0);
    let (_scratch, project) = project(SQLITE, &revisions, &[]);
    let expect = [
        "r01.sql:6:24: duplicate column name: A",
        "r01.sql:8:15: near \"FROBNICATE\": syntax error",
        "r05.sql:7:6: near \"TABEL\": syntax error",
    ];
    assert_eq!(found(&project), expect);
}

#[test]
fn what_others_own_is_left_out() {
    // Promise: what `external` makes is there to be referred to, and neither part of ours nor compared, whatever a
    // database has of it; what a revision makes of it is ours.
    let theirs = "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id bigint PRIMARY KEY, mail text);\n\
                  CREATE TYPE auth.kind AS ENUM ('a');\n-- migrate:upgrade sqlite\nCREATE TABLE nothing (a INT);\n";
    let up = "CREATE TABLE post (author bigint REFERENCES auth.users (id) ON DELETE CASCADE, kind auth.kind);\n\
              CREATE INDEX mails ON auth.users (mail);";
    let down = "DROP INDEX auth.mails;\nDROP TABLE post;";
    let config = "[migrate]\ndialects = [\"postgres\"]\nexternal = \"others.sql\"\n";
    let (_scratch, project) = project(config, &[(up.to_owned(), down.to_owned())], &[("others.sql", theirs)]);
    let postgres = syntax("postgres");
    let graph = project.graph();
    let base = project.fold(postgres, None, &graph.no_nodes()).expect("it folds");
    let mut nothing = Schema::default();
    nothing.namespaces.insert("public".to_owned(), Namespace::default());
    assert_eq!((base.ours(), base.schema.tables.len()), (nothing, 1));

    let head = project.fold(postgres, None, &graph.set([0])).expect("it folds");
    let post = ObjectName::new("public", "post");
    assert!(head.ours().tables.contains_key(&post));

    let database = Database::create("author");
    // Theirs is more than the project knows.
    database.psql(
        "CREATE SCHEMA auth; CREATE TYPE auth.kind AS ENUM ('a', 'b'); \
         CREATE TABLE auth.users (id bigserial PRIMARY KEY, name text NOT NULL, mail varchar(40)); \
         CREATE INDEX names ON auth.users (name); ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY; \
         CREATE POLICY p ON auth.users USING (true);",
    );
    database.psql(up);
    let differences = |sql: &str| {
        database.psql(sql);
        let mut session = migrate_core::postgres::connect(&database.url()).expect("a server");
        let mut live = introspect::postgres::read(&mut session, &Filter::new()).expect("a schema");
        author::adopt(&mut live, &head);
        let found = dialect::named("postgres").expect("it is one").compare(&head.schema, &live);
        found.into_iter().map(|difference| difference.object).collect::<Vec<_>>()
    };
    assert_eq!(differences("SELECT 1"), [""; 0]);
    assert_eq!(differences("DROP INDEX auth.mails"), ["index auth.mails"]);
    assert_eq!(differences("CREATE TABLE auth.more (a int)"), ["table auth.more", "index auth.mails"]);
}

#[test]
fn a_filter_narrows_as_the_readers_do() {
    // Promise: what the filter leaves out of a folded schema is what the reader of a live one leaves out.
    let ddl = "CREATE SCHEMA app; CREATE SCHEMA other; CREATE TYPE app.e AS ENUM ('a'); CREATE TYPE other.e AS ENUM ('a');
        CREATE TABLE app.t (id bigserial PRIMARY KEY, a int, b int CHECK (b > 0), c int UNIQUE, n int GENERATED ALWAYS AS IDENTITY);
        CREATE INDEX ab ON app.t (a, b); CREATE INDEX a_only ON app.t (a) INCLUDE (c); CREATE INDEX tmp_i ON app.t (a);
        CREATE TABLE app.tmp_x (id serial PRIMARY KEY REFERENCES app.t (c)); CREATE TABLE other.t (id int);
        CREATE VIEW app.v AS SELECT a AS b FROM app.t; CREATE SEQUENCE app.s; CREATE SEQUENCE other.s;
        CREATE MATERIALIZED VIEW app.m AS SELECT a, id FROM app.t; CREATE INDEX m_id ON app.m (id);
        CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION other.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TRIGGER r BEFORE INSERT ON app.tmp_x FOR EACH ROW EXECUTE FUNCTION app.f();
        CREATE POLICY p ON app.tmp_x USING (true); CREATE POLICY p ON app.t USING (true);";
    let database = Database::create("narrow");
    database.psql(ddl);
    let mut session = migrate_core::postgres::connect(&database.url()).expect("a server");
    let whole = introspect::postgres::read(&mut session, &Filter::new()).expect("a schema");
    let mut sizes = Vec::new();
    for filter in [
        Filter::new(),
        Filter::new().schemas(["app"]),
        Filter::new().include(["app.t"]),
        Filter::new().include(["app.t.a", "app.m.id", "other.*"]),
        Filter::new().exclude(["*.tmp_*", "app.t.b", "*:tmp_*", "app.v"]),
        Filter::new().exclude(["app.t.c", "app.t.n", "app.t.id"]),
        Filter::new().without(ObjectName::new("app", "t")),
    ] {
        let read = introspect::postgres::read(&mut session, &filter).expect("a schema");
        let mut narrowed = whole.clone();
        filter.narrow(&mut narrowed);
        assert_eq!(narrowed, read, "{filter:?}");
        sizes.push(read.tables.values().map(|table| table.columns.len() + table.indexes.len()).sum::<usize>());
    }
    assert_eq!(sizes.iter().max(), sizes.first(), "the filters leave something out: {sizes:?}");
}

#[test]
fn names_are_looked_up_where_revisions_start() {
    // Promise: an unqualified name means in the fold what `search_path` of migrate.toml makes it mean on the server, in
    // each revision anew.
    let config = "[migrate]\ndialects = [\"postgres\"]\nsearch_path = [\"app\", \"public\"]\n";
    let revisions =
        ["CREATE SCHEMA app;\nSET search_path = public;\nCREATE TABLE a (b int);", "CREATE TABLE c (d int);"];
    let revisions = revisions.map(|up| (up.to_owned(), String::new()));
    let (_scratch, project) = project(config, &revisions, &[]);
    let folded = project.fold(syntax("postgres"), None, &project.graph().set([0, 1])).expect("it folds");
    let names: Vec<String> = folded.schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["app.c", "public.a"]);
}

#[test]
fn a_generated_script_is_folded_both_ways_before_anybody_sees_it() {
    // Promise: a script leads to what is wanted and back as the database itself would take it, also where a rename is
    // followed by the texts of views and triggers.
    let up = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INT);\nCREATE TABLE u (a TEXT);\n\
              CREATE VIEW v AS SELECT t.a, u.a AS b FROM t JOIN u;\n\
              CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN DELETE FROM u WHERE a = NEW.a; END;";
    let down = "DROP VIEW v;\nDROP TABLE u;\nDROP TABLE t;";
    let (_scratch, project) = project(SQLITE, &[(up.to_owned(), down.to_owned())], &[]);
    let wanted = |ty: &str| {
        let mut wanted = Folding::new(&project, syntax("sqlite"), None);
        let table = format!("CREATE TABLE w (id INTEGER PRIMARY KEY, c TEXT, n {ty});");
        wanted.ddl(&author::Ddl::new("wanted", &table));
        wanted.ddl(&author::Ddl::new("wanted", "CREATE TABLE u (a TEXT);"));
        assert!(!wanted.has_failed());
        wanted.schema().clone()
    };
    let hints = migrate_core::diff::Hints {
        described: true,
        renames: vec![("t".into(), "w".into()), ("t.a".into(), "c".into())],
        ..migrate_core::diff::Hints::default()
    };
    let nodes = project.graph().with_ancestors([0]);
    let script = project.script(syntax("sqlite"), &nodes, &wanted("INT"), &hints).expect("a script");
    let up = migrate_core::render::section(&script.up);
    assert_eq!(up, "ALTER TABLE t RENAME TO w;\nALTER TABLE w RENAME COLUMN a TO c;\n");
    assert_eq!(script.irreversible, None);
    // The trigger would have to be written anew with the table, and only SQLite knows what a name in it stands for.
    match project.script(syntax("sqlite"), &nodes, &wanted("TEXT"), &hints) {
        Err(author::Refusal::Questions(questions)) => {
            assert!(questions[0].to_string().contains("trigger r of table w has to be written anew"), "{questions:?}");
        }
        other => panic!("{other:?}"),
    }
}
