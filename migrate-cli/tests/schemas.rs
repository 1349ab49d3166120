//! `schema`, `diff` and `check`: what the revisions make, compared with files and databases.

mod transcript;

use migrate_test_support::postgres::{Database, cluster};
use transcript::{Transcript, assert_transcript};

const SQLITE: &str = "[migrate]\nurl = \"sqlite:///app.db\"\ndialects = [\"sqlite\"]\n";

/// Returns a revision file.
fn revision(id: &str, parent: &str, up: &str, down: &str) -> String {
    format!(
        "-- add {id}\n--\n-- Revision ID: {id}\n-- Revises: {parent}\n\n\
         -- migrate:upgrade\n{up}\n-- migrate:downgrade\n{down}\n"
    )
}

/// Begins a case with a project of these revisions, in a line: id, upgrade, downgrade.
#[track_caller]
fn project<'t>(t: &'t mut Transcript, title: &str, config: &str, revisions: &[[&str; 3]]) -> &'t mut Transcript {
    t.case(title).file("migrate.toml", config);
    let mut parent = "";
    for [id, up, down] in revisions {
        t.file(&format!("migrations/{id}.sql"), &revision(id, parent, up, down));
        parent = id;
    }
    t
}

const JOBS: [[&str; 3]; 2] = [
    [
        "a1",
        "CREATE TABLE job (id INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'new');\n\
         CREATE INDEX job_state ON job (state) WHERE state <> 'done';\n",
        "DROP TABLE job;\n",
    ],
    [
        "b2",
        "ALTER TABLE job ADD COLUMN note TEXT;\n\
         CREATE TABLE step (job INTEGER NOT NULL REFERENCES job (id), n INT, CONSTRAINT n CHECK (n > 0), UNIQUE (job, n));\n\
         CREATE VIEW open AS SELECT id FROM job WHERE state = 'new';\n\
         CREATE TRIGGER log AFTER INSERT ON job BEGIN UPDATE job SET note = 'x;y'; END;\n",
        "DROP TRIGGER log;\nDROP VIEW open;\nDROP TABLE step;\nALTER TABLE job DROP COLUMN note;\n",
    ],
];

#[test]
fn the_schema_at_a_revision() {
    // `schema` prints DDL that a database accepts, at any revision, and the same as JSON; it asks no database.
    let mut t = Transcript::new();
    project(&mut t, "a line", SQLITE, &JOBS);
    for target in ["", "a1", "b2-1", "base", "head --format json", "--json a1", "zz"] {
        t.run(&format!("schema {target}"));
    }
    t.run("schema --database").run("schema current");
    t.prepare("upgrade a1").run("schema current").run("schema --database").run("schema --database --json");
    t.run("schema --database a1").run("schema --database --dialect sqlite").run("schema --dialect postgres");
    assert_transcript!("schema", t);
}

/// Runs SQL in the case's database file, behind migrate's back.
#[track_caller]
fn sqlite(t: &Transcript, sql: &str) {
    let connection = rusqlite::Connection::open(t.scratch().path().join("app.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn the_printed_schema_makes_the_same_database() {
    // What `schema` prints is DDL that SQLite accepts, and the database that it makes agrees with the migrations.
    let mut t = Transcript::new();
    project(&mut t, "a line", SQLITE, &JOBS);
    let (code, ddl, _) = t.output("", "schema");
    assert_eq!(code, 0);
    sqlite(&t, &ddl);
    t.prepare("stamp head").run("check --database");
    assert!(t.text().contains("The database agrees with the migrations at b2"), "{}", t.text());
}

#[test]
fn heads_and_dialects() {
    // Several heads are asked about, and each dialect has a schema of its own.
    let mut t = Transcript::new();
    project(&mut t, "two heads", SQLITE, &JOBS[..1]);
    for id in ["b1", "b2"] {
        let file = revision(id, "a1", &format!("CREATE TABLE {id} (a INT);"), &format!("DROP TABLE {id};"));
        t.file(&format!("migrations/{id}.sql"), &file);
    }
    t.run("schema").run("schema b1").run("schema heads").run("check").run("diff b1 b2");
    let both = "[migrate]\nurl = \"${URL}\"\ndialects = [\"sqlite\", \"postgres\"]\n";
    t.case("two dialects").file("migrate.toml", both).file(
        "migrations/a1.sql",
        "-- a\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade sqlite\nCREATE TABLE a (b TEXT);\n\
         -- migrate:upgrade\nCREATE TABLE a (b text);\n-- migrate:downgrade\nDROP TABLE a;\n",
    );
    t.run("schema").run("schema --dialect sqlite").run("schema --dialect sqlit").run("check").run("check --json");
    t.variable("URL", "sqlite:///app.db").prepare("upgrade").run("check --database").run("check -x sqlite:///app.db");
    assert_transcript!("heads_and_dialects", t);
}

#[test]
fn problems_of_a_history() {
    // Everything that cannot be folded is told at its place, and nothing that only follows from it.
    let mut t = Transcript::new();
    project(
        &mut t,
        "several problems",
        SQLITE,
        &[
            ["a1", "CREATE TABLE job (id INTEGER PRIMARY KEY,\n    stäte TEXT FROB 'new');\n", "DROP TABLE job;\n"],
            ["b2", "ALTER TABLE job ADD COLUMN note TEXT;\n", "ALTER TABLE job DROP COLUMN note;\n"],
            ["c3", "CREATE TABLE x (a INT);\nCREATE TABLE x (a INT);\nCREATE TABL y (a INT);\n", "DROP TABLE y;\n"],
            ["d4", "PRAGMA writable_schema = ON;\n", "DROP TABEL x;\n"],
        ],
    );
    t.run("check").run("schema").run("schema a1").run("schema base").run("check --json").run("diff a1 head");
    for (title, up) in [
        ("a table that is not there", "CREATE TABLE a (b INT);\nALTER TABLE ü ADD COLUMN c INT;\n"),
        ("a column twice", "CREATE TABLE a (b INT);\nALTER TABLE a ADD COLUMN B INT;\n"),
        ("a column of an index", "CREATE TABLE a (b INT);\nCREATE INDEX i ON a (b,\n    c);\n"),
        ("a schema of another dialect", "CREATE TABLE dpo.a (b INT);\n"),
        (
            "a column that a view uses",
            "CREATE TABLE a (b INT, c INT);\nCREATE VIEW v AS SELECT c FROM a;\nALTER TABLE a DROP COLUMN c;\n",
        ),
    ] {
        project(&mut t, title, SQLITE, &[["a1", up, ""]]).run("check");
    }
    project(
        &mut t,
        "ways down",
        SQLITE,
        &[
            ["a1", "CREATE TABLE a (b INT);\n", "DROP TABLE zz;\n"],
            ["b2", "CREATE TABLE c (d INT);\n", "DROP TABLE e;\nDROP TABLE f;\n"],
            ["c3", "ALTER TABLE c ADD COLUMN x INT;\n", "ALTER TABLE c DROP COLUMN x;\n"],
        ],
    );
    t.run("check").run("schema");
    let irreversible = "-- b\n-- Revision ID: b2\n-- Revises: a1\n\n-- migrate:upgrade\nDROP TABLE a;\n\
                        -- migrate:irreversible: the rows are gone\n";
    project(&mut t, "below what is irreversible", SQLITE, &[["a1", "CREATE TABLE a (b INT);\n", "DROP TABLE a;\n"]]);
    t.file("migrations/b2.sql", irreversible).run("check");
    assert_transcript!("problems", t);
}

#[test]
fn effects() {
    // What a statement does that nobody can read is what its author says, and an effect that is wrong is an error in
    // its own line.
    let mut t = Transcript::new();
    let opaque = "PRAGMA writable_schema = ON;\n";
    for (title, directives, statement) in [
        ("no effect", "", opaque),
        ("none", "-- migrate:effect none\n", opaque),
        ("one", "-- migrate:effect CREATE TABLE a (b INT)\n", opaque),
        (
            "several",
            "-- migrate:effect CREATE TABLE a (b INT); CREATE INDEX i ON a (b);\n-- migrate:effect CREATE VIEW v AS SELECT b FROM a\n",
            opaque,
        ),
        ("one that is wrong", "-- migrate:effect   CREATE TABLE ä (b INT, B INT)\n", opaque),
        ("the second part of one", "-- migrate:effect CREATE TABLE a (b INT); DROP TABLE c\n", opaque),
        ("one that is unclosed", "-- migrate:effect CREATE TABLE a (b INT DEFAULT 'x)\n", opaque),
        ("one that is opaque itself", "-- migrate:effect PRAGMA writable_schema = ON\n", opaque),
        ("one without effect", "-- migrate:effect INSERT INTO a VALUES (1)\n", opaque),
        ("none and one", "-- migrate:effect CREATE TABLE a (b INT)\n-- migrate:effect none\n", opaque),
        ("on a statement that is read", "-- migrate:effect CREATE TABLE b (c INT)\n", "CREATE TABLE a (b INT);\n"),
        ("none on a statement that is read", "-- migrate:effect none\n", "CREATE TABLE a (b INT);\n"),
        ("on a statement that cannot be read", "-- migrate:effect CREATE TABLE b (c INT)\n", "CREATE FOO a (b INT);\n"),
    ] {
        project(&mut t, title, SQLITE, &[["a1", &format!("{directives}{statement}"), ""]]).run("schema");
    }
    t.run("check").run("check --json");
    assert_transcript!("effects", t);
}

#[test]
fn what_others_own() {
    // `external` is there to be referred to; it is neither printed nor compared, but what a revision makes of it is.
    let mut t = Transcript::new();
    let config = format!("{SQLITE}external = \"others.sql\"\n");
    let up = "CREATE TABLE post (author INT REFERENCES account (id));\nCREATE INDEX by_name ON account (name);\n";
    project(&mut t, "their tables", &config, &[["a1", up, "DROP INDEX by_name;\nDROP TABLE post;\n"]]);
    t.file(
        "others.sql",
        "CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT);\n-- migrate:upgrade postgres\nCREATE EXTENSION x;\n",
    );
    t.run("schema").run("schema base").run("schema --json").run("check").run("diff base head");
    // Theirs has more than their DDL here says.
    sqlite(
        &t,
        "CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, mail TEXT); CREATE INDEX mails ON account (mail);",
    );
    t.prepare("upgrade").run("check --database").run("schema --database").run("diff database head");
    t.file("migrate.toml", &format!("{config}tables = \"mapped\"\n")).run("check --database");
    t.file("migrate.toml", &config);
    sqlite(&t, "DROP INDEX by_name");
    t.run("check --database");
    sqlite(&t, "DROP TABLE account");
    t.run("check --database");
    t.file("others.sql", "CREATE TABLE account (id INTEGER PRIMARY KEY,, name TEXT);\n").run("check").run("schema");
    t.file("others.sql", "-- migrate:downgrade\nDROP TABLE account;\n").run("check");
    t.file("migrate.toml", &format!("{SQLITE}external = \"other.sql\"\n")).run("check");
    assert_transcript!("what_others_own", t);
}

#[test]
fn a_sqlite_database_that_was_changed() {
    // What was made behind the database's back is told object by object, and the exit code is 1.
    let mut t = Transcript::new();
    project(&mut t, "changes", SQLITE, &JOBS).prepare("upgrade").run("check --database");
    for change in [
        "DROP INDEX job_state",
        "DROP TRIGGER log",
        "ALTER TABLE job ADD COLUMN more INT",
        "DROP VIEW open",
        "CREATE VIEW open AS SELECT id FROM job WHERE state = 'old'",
        "CREATE TABLE extra (a INT)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '''new''', '''old''') WHERE name = 'job'; \
         UPDATE sqlite_master SET sql = replace(sql, 'CONSTRAINT n ', 'CONSTRAINT m ') WHERE name = 'step'",
    ] {
        sqlite(&t, change);
    }
    t.run("check --database").run("check --database -q").run("check --database --json").run("diff b2 database");
    t.run("diff a1 database --exit-code");
    project(
        &mut t,
        "what the filter leaves out",
        &format!("{SQLITE}\n[migrate.autogenerate]\nexclude = [\"extra\", \"*.job.more\", \"*:job_state\"]\n"),
        &JOBS,
    );
    t.prepare("upgrade");
    sqlite(&t, "CREATE TABLE extra (a INT); ALTER TABLE job ADD COLUMN more INT; DROP INDEX job_state;");
    t.run("check --database").run("schema a1").run("schema --database --format sql");
    assert_transcript!("a_sqlite_database", t);
}

#[test]
fn records_that_are_wrong() {
    // `check --database` also tells what the version table says of revisions: edited, unknown, left in the middle.
    let mut t = Transcript::new();
    project(&mut t, "edited", SQLITE, &JOBS).prepare("upgrade");
    let edited = JOBS[1][1].replace("note", "notes");
    t.file("migrations/b2.sql", &revision("b2", "a1", &edited, JOBS[1][2]));
    t.run("check --database").run("check --database --json");
    project(&mut t, "unknown", SQLITE, &JOBS).prepare("upgrade");
    std::fs::remove_file(t.scratch().path().join("migrations/b2.sql")).unwrap();
    t.run("check --database");
    project(&mut t, "behind", SQLITE, &JOBS).prepare("upgrade a1").run("check --database");
    let partial = "CREATE TABLE more (a INT);\n-- migrate:no-transaction\nCREATE TABLE job (a INT);\nCREATE TABLE last (a INT);\n";
    project(&mut t, "in the middle", SQLITE, &[JOBS[0], ["b2", partial, ""]]).prepare("upgrade a1");
    sqlite(&t, "CREATE VIEW job2 AS SELECT 1");
    t.run("upgrade").run("check --database");
    project(&mut t, "nothing applied", SQLITE, &JOBS);
    sqlite(&t, "CREATE TABLE job (id INT)");
    t.run("check --database");
    assert_transcript!("records", t);
}

#[test]
fn differences() {
    // `diff` lists what differs between two sources, object by object with both sides; `--exit-code` tells a script.
    let mut t = Transcript::new();
    project(&mut t, "sources", SQLITE, &JOBS);
    let text = JOBS[0][1].replace("'new'", "'old'").replace("state <> 'done'", "state <> 'gone'");
    t.file("wanted.sql", &text).file("same.sql", &JOBS[0][1].to_lowercase());
    t.run("diff a1 b2").run("diff b2 a1").run("diff a1 a1 --exit-code").run("diff a1 file:same.sql --exit-code");
    t.run("diff a1 file:wanted.sql --exit-code").run("diff file:wanted.sql a1 --json").run("diff a1 wanted.sql");
    t.run("diff a1 entities").run("diff a1 file:").run("diff a1 file:no.sql").run("diff database database");
    t.run("diff a1 zz").run("diff a1 database").run("diff a1 b2 --dialect postgres").run("diff a1");
    t.prepare("upgrade").run("diff current b2").run("diff database b2 --exit-code").run("diff b2-1 database");
    t.run("diff b2 database --dialect postgres");
    t.file("bad.sql", "CREATE TABLE a (b INT,);\n").run("diff a1 file:bad.sql");
    assert_transcript!("differences", t);
}

const POSTGRES: &str = "[migrate]\nurl = \"${DATABASE_URL}\"\ndialects = [\"postgres\"]\n";

#[test]
fn problems_on_postgres() {
    // What PostgreSQL would refuse is refused with its reason and place, and a block of code asks for its effect.
    let mut t = Transcript::new();
    t.binary();
    for (title, up) in [
        ("a block of code", "DO $$ BEGIN\n    CREATE TABLE a (b int);\nEND $$;\n"),
        ("its effect", "-- migrate:effect CREATE TABLE a (b int)\nDO $$ BEGIN CREATE TABLE a (b int); END $$;\n"),
        ("a function that nobody knows", "SELECT public.frobnicate('a');\n"),
        ("a table that is not there", "CREATE TABLE a (b int REFERENCES zz (b));\n"),
        ("a type that is not there", "CREATE TABLE a (b frob);\n"),
        ("a column twice", "CREATE TABLE a (b int);\nALTER TABLE a ADD COLUMN c int, ADD b text;\n"),
        ("a label twice", "CREATE TYPE e AS ENUM ('x');\nALTER TYPE e ADD VALUE 'x';\n"),
        ("a clause that is none", "CREATE TABLE a (b int) FROBNICATE;\n"),
        (
            "a column that a view uses",
            "CREATE TABLE a (b int);\nCREATE VIEW v AS SELECT b FROM a;\nALTER TABLE a DROP b;\n",
        ),
    ] {
        project(&mut t, title, POSTGRES, &[["a1", up, ""]]).run("check");
    }
    t.show("the case's file", &t.scratch().read("migrations/a1.sql"));
    assert_transcript!("problems_on_postgres", t);
}

/// Begins a case on a PostgreSQL database of its own.
#[track_caller]
fn postgres(t: &mut Transcript, title: &str, config: &str, revisions: &[[&str; 3]]) -> Database {
    let database = Database::create("schemas");
    project(t, title, config, revisions);
    t.secret(cluster().password()).name(database.name(), "DATABASE");
    t.variable("DATABASE_URL", &database.url());
    database
}

const QUEUE: [[&str; 3]; 2] = [
    [
        "a1",
        "CREATE TYPE state AS ENUM ('new', 'done');\n\
         CREATE TABLE job (id bigserial PRIMARY KEY, state state NOT NULL DEFAULT 'new', retries int DEFAULT 3,\n    \
         CONSTRAINT few CHECK (retries < 10));\n\
         CREATE INDEX job_state ON job (state) WHERE retries > 0;\n",
        "DROP TABLE job;\nDROP TYPE state;\n",
    ],
    [
        "b2",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n\
         CREATE TRIGGER touched BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION touch();\n\
         CREATE TABLE step (job bigint REFERENCES job ON DELETE CASCADE, name varchar(20) NOT NULL);\n",
        "DROP TABLE step;\nDROP TRIGGER touched ON job;\nDROP FUNCTION touch;\n",
    ],
];

#[test]
fn a_postgres_database_that_was_changed() {
    // What was made behind the database's back is told object by object, and the exit code is 1.
    let mut t = Transcript::new();
    t.binary();
    let database = postgres(&mut t, "changes", POSTGRES, &QUEUE);
    t.prepare("upgrade").run("check --database").run("diff database head --exit-code").run("diff a1 database");
    database.psql(
        "DROP INDEX job_state; ALTER TABLE job ALTER retries SET DEFAULT 5; ALTER TABLE job ADD more text; \
         DROP TRIGGER touched ON job; ALTER TABLE job RENAME CONSTRAINT few TO fewer; ALTER TYPE state ADD VALUE 'old'; \
         CREATE TABLE extra (a int); ALTER TABLE step ALTER name TYPE varchar(30);",
    );
    t.run("check --database").run("check --database --json").run("diff head database --exit-code");

    // What only a server could tell is no difference, and said: both sides where more is wanted.
    let view = "CREATE VIEW one AS SELECT b + 1 AS c FROM a;";
    let view = ["a1", &format!("CREATE TABLE a (b int);\n{view}\n"), "DROP VIEW one;\nDROP TABLE a;\n"];
    let _database = postgres(&mut t, "a doubt", POSTGRES, &[view]);
    t.prepare("upgrade").run("check --database");
    let (_, _, verbose) = t.output("", "check --database -v");
    assert!(
        verbose.contains("\n    in the migrations: `SELECT b + 1 AS c FROM a`\n    in the database: `"),
        "{verbose}"
    );
    assert_transcript!("a_postgres_database", t);
}

#[test]
fn a_postgres_database_beside_others() {
    // What others own is referred to and not compared; what the filter and the version table are is no difference; a
    // block of code is what its directive says, and `check --database` tells when that is wrong.
    let mut t = Transcript::new();
    t.binary();
    let config = format!(
        "{POSTGRES}external = \"others.sql\"\nversion_table_schema = \"app\"\n\
         [migrate.autogenerate]\ninclude_schemas = [\"app\", \"auth\"]\nexclude = [\"app.tmp_*\", \"app.post.extra\"]\n"
    );
    let up = "CREATE SCHEMA IF NOT EXISTS app;\n\
              CREATE TABLE app.post (author uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE);\n\
              CREATE FUNCTION app.made() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n\
              CREATE TRIGGER made AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION app.made();\n\
              -- migrate:effect CREATE INDEX by_author ON app.post (author)\n\
              DO $$ BEGIN EXECUTE 'CREATE INDEX by_author ON app.post (author)'; END $$;\n";
    let down = "DROP TRIGGER made ON auth.users;\nDROP FUNCTION app.made;\nDROP TABLE app.post;\n";
    let database = postgres(&mut t, "others", &config, &[["a1", up, down]]);
    t.file("others.sql", "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id uuid PRIMARY KEY);\n");
    database.psql(
        "CREATE SCHEMA app; CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY, mail text UNIQUE); \
         CREATE TABLE public.theirs (a int); CREATE TABLE app.tmp_x (a serial);",
    );
    t.prepare("upgrade").run("check").run("check --database");
    database.psql("ALTER TABLE app.post ADD extra int; CREATE TABLE app.tmp_y (a int)");
    t.run("check --database");
    database.psql(
        "DROP TRIGGER made ON auth.users; DROP INDEX app.by_author; CREATE INDEX by_authors ON app.post (author)",
    );
    t.run("check --database").run("diff a1 database --exit-code");
    let database = postgres(
        &mut t,
        "an effect that is wrong",
        POSTGRES,
        &[[
            "a1",
            "CREATE TABLE a (b int);\n-- migrate:effect CREATE INDEX i ON a (b)\nCREATE INDEX i ON a USING hash (b);\n",
            "DROP TABLE a;\n",
        ]],
    );
    t.prepare("upgrade").run("check --database");
    database.psql(
        "INSERT INTO migrate_version SELECT 'zz', checksum, state, statements_done, statements_total, done_checksum, \
         'add zz', applied_at, duration_ms, source, 'a1', format, tool_version FROM migrate_version",
    );
    t.file("migrations/a1.sql", &revision("a1", "", "CREATE TABLE a (c int);", "DROP TABLE a;"));
    t.run("check --database");
    assert_transcript!("beside_others", t);
}

#[test]
fn the_schema_on_postgres() {
    // What `schema` prints for PostgreSQL makes the same database, of revisions as of a live one; what others own is
    // not printed.
    let mut t = Transcript::new();
    t.binary();
    let (url, server) = ("postgres://nobody@nowhere/x", cluster().version());
    project(&mut t, "a line", POSTGRES, &QUEUE).variable("DATABASE_URL", url);
    t.run("schema").run("schema a1").run("schema base").run("schema a1 --json");
    // Renamed, a column keeps the name that PostgreSQL 18 gave to its NOT NULL.
    t.file("migrations/c3.sql", &revision("c3", "b2", "ALTER TABLE step RENAME name TO title;", ""));
    let constraint = "step_name_not_null";
    for (version, named) in [("", false), (" --server-version 17", false), (" --server-version 18", true)] {
        let (code, ddl, _) = t.output("", &format!("schema{version}"));
        assert_eq!((code, ddl.contains(constraint)), (0, named), "{version}\n{ddl}");
    }
    std::fs::remove_file(t.scratch().path().join("migrations/c3.sql")).unwrap();
    let (_, ddl, _) = t.output("", "schema");
    let live = postgres(&mut t, "made of it", POSTGRES, &QUEUE);
    live.psql(&ddl);
    t.prepare("stamp head").run("check --database");
    let (code, from_live, errors) = t.output("", "schema --database");
    assert_eq!((code, errors.as_str()), (0, ""), "PostgreSQL {server}");
    let copy = Database::create("schemas_copy");
    copy.psql(&from_live);
    t.variable("DATABASE_URL", &copy.url()).prepare("stamp head").run("check --database");
    let config = format!("{POSTGRES}external = \"others.sql\"\n");
    let up = "CREATE TABLE post (author int REFERENCES auth.users (id));\nCREATE INDEX mails ON auth.users (mail);\n";
    project(&mut t, "beside others", &config, &[["a1", up, "DROP INDEX auth.mails;\nDROP TABLE post;\n"]]);
    t.file("others.sql", "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int PRIMARY KEY, mail text);\n");
    t.variable("DATABASE_URL", url).run("schema").run("schema base");
    assert_transcript!("schema_on_postgres", t);
}
