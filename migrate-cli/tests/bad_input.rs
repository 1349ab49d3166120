//! Bad input of every kind: each case shows what a person types and what the person reads.
//!
//! Each has one error that says what is wrong, where, why, and which command or edit helps; and the exit code of who
//! has to act: 2 the caller, 3 the project, 4 the database.

mod transcript;

use std::net::TcpListener;

use migrate_test_support::postgres::{self, Database};
use transcript::{Transcript, assert_transcript};

const CONFIG: &str = "[migrate]\nurl = \"sqlite:///app.db\"\ndialects = [\"sqlite\", \"postgres\"]\n";
const FIRST: &str = "-- first\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n-- migrate:downgrade\n";

/// Returns a revision file on top of `a1`.
fn second(body: &str) -> String {
    format!("-- second\n--\n-- Revision ID: b2\n-- Revises: a1\n\n{body}")
}

/// Begins a case with a project of one good revision.
#[track_caller]
fn project<'t>(transcript: &'t mut Transcript, title: &str) -> &'t mut Transcript {
    transcript.case(title).file("migrate.toml", CONFIG).file("migrations/a1_first.sql", FIRST)
}

#[test]
fn headers() {
    // A header that cannot be read is an error of its line, and the only one.
    let mut t = Transcript::new();
    for (title, text) in [
        ("no id", "-- second\n--\n-- Revises: a1\n\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("no header", "CREATE TABLE a (b int);\n"),
        ("an empty file", ""),
        ("a misspelt key", "-- second\n--\n-- Revision Id: b2\n-- Revises: a1\n\n-- migrate:upgrade\n"),
        ("another misspelt key", "-- second\n--\n-- Revision ID: b2\n-- Revsies: a1\n\n-- migrate:upgrade\n"),
        ("a key given twice", "-- second\n--\n-- Revision ID: b2\n-- Revises: a1\n-- Revises: a1\n"),
        ("an id with a bad character", "-- second\n--\n-- Revision ID: b-2\n-- Revises: a1\n"),
        ("an id that is a word of the targets", "-- second\n--\n-- Revision ID: head\n-- Revises: a1\n"),
        ("an empty id", "-- second\n--\n-- Revision ID:\n-- Revises: a1\n"),
        ("two ids", "-- second\n--\n-- Revision ID: b2, b3\n-- Revises: a1\n"),
        ("parents without a comma", "-- second\n--\n-- Revision ID: b2\n-- Revises: a1 a0\n"),
        ("a line that is no header", "-- second\n--\n-- Revision ID: b2\n-- Revises: a1\n-- Author: me\n"),
        ("text among the header lines", "-- second\n--\n-- Revision ID: b2\n-- and more\n-- Revises: a1\n"),
        ("a newer format", "-- second\n--\n-- Revision ID: b2\n-- Revises: a1\n-- Migrate-Format: 2\n"),
        ("a bad label", "-- second\n--\n-- Revision ID: b2\n-- Revises: a1\n-- Branch Labels: a@b\n"),
        ("a label that is a word of the targets", "-- x\n-- Revision ID: b2\n-- Revises: a1\n-- Branch Labels: base\n"),
    ] {
        project(&mut t, title).file("migrations/b2_second.sql", text).run("heads");
    }
    assert_transcript!("headers", t);
}

#[test]
fn graph() {
    // An edge that leads nowhere or round is an error where the header names it.
    let mut t = Transcript::new();
    let header = |id: &str, more: &str| format!("-- {id}\n--\n-- Revision ID: {id}\n{more}\n");
    for (title, files) in [
        ("an unknown parent", vec![header("b2", "-- Revises: zz")]),
        ("a misspelt parent", vec![header("7d9871ef8afa", ""), header("b2", "-- Revises: 7d9871ef8aaf")]),
        ("the beginning of an id as parent", vec![header("7d9871ef8afa", ""), header("b2", "-- Revises: 7d98")]),
        ("an unknown dependency", vec![header("b2", "-- Revises: a1\n-- Depends On: zz")]),
        ("a revision that revises itself", vec![header("b2", "-- Revises: b2")]),
        ("a revision that depends on itself", vec![header("b2", "-- Revises: a1\n-- Depends On: b2")]),
        (
            "a cycle",
            vec![header("b2", "-- Revises: d4"), header("c3", "-- Revises: b2"), header("d4", "-- Revises: c3")],
        ),
        (
            "a cycle over a dependency",
            vec![header("b2", "-- Revises: a1\n-- Depends On: c3"), header("c3", "-- Revises: b2")],
        ),
        ("a label twice", vec![header("b2", "-- Branch Labels: x"), header("c3", "-- Branch Labels: x")]),
        ("a label that is an id", vec![header("b2", "-- Revises: a1\n-- Branch Labels: a1")]),
        ("a label as parent", vec![header("b2", "-- Branch Labels: reports"), header("c3", "-- Revises: reports")]),
        ("a parent twice", vec![header("b2", "-- Revises: a1, a1")]),
    ] {
        project(&mut t, title);
        for (n, text) in files.iter().enumerate() {
            t.file(&format!("migrations/{}.sql", n + 2), text);
        }
        t.run("history");
    }
    project(&mut t, "two files with one id").file("migrations/copy.sql", FIRST).run("history");
    project(&mut t, "three files with one id").file("migrations/copy.sql", FIRST).file("migrations/z.sql", FIRST);
    t.run("history");
    assert_transcript!("graph", t);
}

#[test]
fn sections() {
    // Each dialect is served once in each direction, by what stands below a marker.
    let mut t = Transcript::new();
    for (title, body) in [
        ("no section", ""),
        ("no downgrade", "-- migrate:upgrade\nCREATE TABLE a (b int);\n"),
        ("no upgrade", "-- migrate:downgrade\nDROP TABLE a;\n"),
        ("one dialect is not served", "-- migrate:upgrade sqlite\n-- migrate:downgrade\n"),
        ("a section twice", "-- migrate:upgrade\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("a dialect twice", "-- migrate:upgrade sqlite, postgres\n-- migrate:upgrade sqlite\n-- migrate:downgrade\n"),
        (
            "a section for nobody",
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\n-- migrate:upgrade\n-- migrate:downgrade\n",
        ),
        (
            "SQL before the first section",
            "CREATE TABLE a (b int);\nDROP TABLE a;\n-- migrate:upgrade\n-- migrate:downgrade\n",
        ),
        ("SQL and no section", "CREATE TABLE a (b int);\n"),
        ("an irreversible section with SQL", "-- migrate:upgrade\n-- migrate:irreversible: no\nDROP TABLE a;\n"),
        ("an unknown directive", "-- migrate:upgrade\n-- migrate:frobnicate\nSELECT 1;\n-- migrate:downgrade\n"),
        ("a misspelt directive", "-- migrate:upgrade\nSELECT 1;\n-- migrate:downgarde\nSELECT 2;\n"),
        ("a misspelt first directive", "-- migrate:upgarde\nSELECT 1;\n-- migrate:downgrade\n"),
        ("a space in the directive", "-- migrate: upgrade\nSELECT 1;\n-- migrate:downgrade\n"),
        ("no space before the directive", "--migrate:upgrade\nSELECT 1;\n-- migrate:downgrade\n"),
        ("a directive in capitals", "-- migrate:upgrade\n-- MIGRATE:DOWNGRADE\n"),
        ("an unknown dialect", "-- migrate:upgrade oracle\n-- migrate:downgrade\n"),
        ("another name of a dialect", "-- migrate:upgrade sqlite3\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("a directive after a statement", "-- migrate:upgrade\nSELECT 1; -- migrate:downgrade\n"),
        (
            "a directive inside a statement",
            "-- migrate:upgrade\nSELECT\n-- migrate:no-transaction\n1;\n-- migrate:downgrade\n",
        ),
        (
            "a directive without its statement",
            "-- migrate:upgrade\nSELECT 1;\n-- migrate:no-transaction\n-- migrate:downgrade\n",
        ),
        ("a directive before the sections", "-- migrate:no-transaction\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("an unknown rule", "-- migrate:allow everything: yes\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("a rule without a reason", "-- migrate:allow dialects-differ\n-- migrate:upgrade\n-- migrate:downgrade\n"),
        ("a bad checksum", "-- migrate:upgrade\n-- migrate:was 1:abc\n-- migrate:downgrade\n"),
        ("an effect without SQL", "-- migrate:upgrade\n-- migrate:effect\nSELECT 1;\n-- migrate:downgrade\n"),
    ] {
        project(&mut t, title).file("migrations/b2_second.sql", &second(body)).run("upgrade");
    }
    assert_transcript!("sections", t);
}

#[test]
fn sql() {
    // What no database could run, or what would run otherwise than it reads, is refused with its line before anything
    // runs.
    let mut t = Transcript::new();
    let down = "\n-- migrate:downgrade\n";
    for (title, body) in [
        ("an unclosed string", "-- migrate:upgrade\nSELECT 'ü', 'it;\n"),
        ("an unclosed name", "-- migrate:upgrade postgres, sqlite\nSELECT \"a;\n"),
        ("an unclosed bracket", "-- migrate:upgrade postgres\n-- migrate:upgrade sqlite\nSELECT [a;\n"),
        ("an unclosed body", "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nDO $$ BEGIN END $;\n"),
        ("an unclosed comment", "-- migrate:upgrade\n/* a /* b */ SELECT 1;\n"),
        ("an unclosed comment at the end", "-- migrate:upgrade\n/* SELECT 1;\n"),
        ("a string that one dialect closes", "-- migrate:upgrade\nSELECT E'a\\'; b';\n"),
        ("dialects that read differently", "-- migrate:upgrade\nSELECT 1;\nDO $$ BEGIN PERFORM 1; END $$;\n"),
        ("transaction control", "-- migrate:upgrade\nSELECT 1;\nBEGIN;\nSELECT 2;\nCOMMIT;\n"),
        ("a psql command", "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\n\\connect other\nSELECT 1;\n"),
        ("a sqlite3 command", "-- migrate:upgrade postgres\n-- migrate:upgrade sqlite\n.mode csv\nSELECT 1;\n"),
        ("COPY from the client", "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nCOPY a FROM STDIN;\n"),
        (
            "COPY with its data",
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nCOPY a (b) FROM stdin;\n1\n2\n\\.\n",
        ),
        (
            "an index without a name",
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nCREATE INDEX CONCURRENTLY ON a (b);\n",
        ),
        (
            "a unique index without a name",
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nCREATE UNIQUE INDEX CONCURRENTLY ON ONLY a (b);\n",
        ),
        (
            "a pragma in the middle",
            "-- migrate:upgrade postgres\n-- migrate:upgrade sqlite\nSELECT 1;\nPRAGMA foreign_keys = off;\nSELECT 2;\n",
        ),
        (
            "a pragma of the file",
            "-- migrate:upgrade postgres\n-- migrate:upgrade sqlite\nPRAGMA journal_mode = wal;\n",
        ),
        (
            "a local setting of several transactions",
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\nSET LOCAL work_mem = '1MB';\nVACUUM;\n",
        ),
    ] {
        let text = second(&format!("{body}{down}"));
        project(&mut t, title).file("migrations/b2_second.sql", &text).run("upgrade");
    }
    project(&mut t, "a NUL").file("migrations/b2.sql", &second("-- migrate:upgrade\nSELECT 'ä\0';\n")).run("upgrade");
    project(&mut t, "not UTF-8");
    let path = t.scratch().path().join("migrations/b2.sql");
    std::fs::write(path, b"-- second\n-- Revision ID: b2\n-- Revises: a1\n-- migrate:upgrade\n-- caf\xe9\n").unwrap();
    t.run("upgrade");
    project(&mut t, "UTF-16");
    let wide: Vec<u8> = second("").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(t.scratch().path().join("migrations/b2.sql"), [&[0xff, 0xfe], wide.as_slice()].concat()).unwrap();
    t.run("upgrade");
    assert_transcript!("sql", t);
}

#[test]
fn configuration() {
    // migrate.toml is read strictly, and a mistake in it has a line and a column.
    let mut t = Transcript::new();
    t.case("none").run("heads");
    t.case("one that is not there").run("-c other/migrate.toml heads");
    t.case("an empty name").run("-c '' heads");
    t.case("a folder").file("db/migrate.toml", CONFIG).run("-c db heads");
    t.case("one above with a mistake").file("migrate.toml", "[migrat]\n").file("src/x", "").run_in("src", "heads");
    t.case("none where the variable says").variable("MIGRATE_CONFIG", "gone.toml").run("heads");
    for (title, text) in [
        ("no TOML", "[migrate]\nurl = sqlite:///app.db\n"),
        ("an unclosed text", "[migrate]\nurl = \"sqlite:///app.db\ndialects = [\"sqlite\"]\n"),
        ("a key twice", "[migrate]\ndialects = [\"sqlite\"]\ndialects = [\"sqlite\"]\n"),
        ("an empty file", ""),
        ("an unknown key", "[migrate]\ndialect = [\"sqlite\"]\ndialects = [\"sqlite\"]\n"),
        ("a key of Alembic's", "[migrate]\nscript_location = \"x\"\ndialects = [\"sqlite\"]\n"),
        ("a text that is a number", "[migrate]\nurl = 5\ndialects = [\"sqlite\"]\n"),
        ("a list that is a text", "[migrate]\ndialects = \"sqlite\"\n"),
        ("a list with a number", "[migrate]\ndialects = [\"sqlite\"]\nsearch_path = [\"a\", 1]\n"),
        ("no dialects", "[migrate]\nurl = \"sqlite:///app.db\"\n"),
        ("an empty list of dialects", "[migrate]\ndialects = []\n"),
        ("an unknown dialect", "[migrate]\ndialects = [\"sqlite\", \"mysql\"]\n"),
        ("another name of a dialect", "[migrate]\ndialects = [\"postgresql\"]\n"),
        ("a bad time", "[migrate]\ndialects = [\"sqlite\"]\nlock_wait = \"10 minutes\"\n"),
        ("a bad choice", "[migrate]\ndialects = [\"sqlite\"]\ntransaction = \"per-file\"\n"),
        ("a bad template", "[migrate]\ndialects = [\"sqlite\"]\nfile_template = \"{slug}\"\n"),
        ("an unknown part of a template", "[migrate]\ndialects = [\"sqlite\"]\nfile_template = \"{rev}_{slgu}\"\n"),
        ("a key outside a section", "url = \"sqlite:///app.db\"\n[migrate]\ndialects = [\"sqlite\"]\n"),
        ("a misspelt section", "[migrat]\ndialects = [\"sqlite\"]\n"),
        ("a key of the wrong section", "[migrate]\ndialects = [\"sqlite\"]\n[migrate.autogenerate]\nexcluded = []\n"),
        ("an empty list of folders", "[migrate]\ndialects = [\"sqlite\"]\nversion_locations = []\n"),
        ("a folder that is not there", "[migrate]\ndialects = [\"sqlite\"]\nversion_locations = [\"migration\"]\n"),
        (
            "a folder twice",
            "[migrate]\ndialects = [\"sqlite\"]\nversion_locations = [\"migrations\", \"./migrations\"]\n",
        ),
        ("an unknown time zone", "[migrate]\ndialects = [\"sqlite\"]\ntimezone = \"Europe/Berln\"\n"),
    ] {
        let line = if title.contains("time zone") { "revision -m x" } else { "heads" };
        project(&mut t, title).file("migrate.toml", text).run(line);
    }
    project(&mut t, "a section that is not there").run("-n reports heads");
    project(&mut t, "a section that is misspelt").file("migrate.toml", &format!("{CONFIG}\n[reports]\n"));
    t.run("-n report heads");
    assert_transcript!("configuration", t);
}

#[test]
fn the_url_of_the_configuration() {
    // A wrong URL is the project's mistake where migrate.toml has it, and has a place there.
    let mut t = Transcript::new();
    t.secret("s3cr@t/p%ss:1");
    for (title, url) in [
        ("a variable that is not set", "${DATABASE_URL}"),
        ("an argument that is not given", "sqlite:///${x:tenant}.db"),
        ("a dollar that begins nothing", "postgresql://app:s3cr$t@db/app"),
        ("a variable that is not closed", "sqlite:///${NAME.db"),
        ("no URL", "app.db"),
        ("an empty URL", ""),
        ("an unknown scheme", "mysql://app:s3cr%40t@db/app"),
        ("several @", "postgresql://app:s3cr@t/p%ss:1@db/app"),
        ("an unknown parameter", "postgresql://app@db/app?sslmod=require"),
        ("an unknown sslmode", "postgresql://app@db/app?sslmode=on"),
        ("a port that is none", "postgresql://app@db:543x/app"),
        ("a parameter of SQLite", "sqlite:///app.db?cache=shared"),
        ("no file", "sqlite:///"),
    ] {
        let text = format!("[migrate]\ndialects = [\"sqlite\", \"postgres\"]\nurl = \"{url}\"\n");
        project(&mut t, title).file("migrate.toml", &text).run("current");
    }
    project(&mut t, "none").file("migrate.toml", "[migrate]\ndialects = [\"sqlite\"]\n").run("current");
    project(&mut t, "a dialect that is not listed");
    t.file("migrate.toml", "[migrate]\ndialects = [\"sqlite\"]\nurl = \"postgresql://app@db/app\"\n").run("current");
    assert_transcript!("the_url_of_the_configuration", t);
}

#[test]
fn arguments() {
    // A wrong argument is a usage error that shows it, unless it may hold a password.
    let mut t = Transcript::new();
    t.secret("s3cr@t/p%ss:1").secret("s3cr%40t");
    for (title, line) in [
        ("no command", ""),
        ("an unknown command", "upgarde head"),
        ("an unknown flag", "upgrade --dryrun"),
        ("no target", "downgrade"),
        ("a target too many", "upgrade a1 b2"),
        ("an empty -x", "-x '' current"),
        ("a word as -x", "-x foo current"),
        ("a file as -x", "-x app.db current"),
        ("a key of libpq as -x", "-x host=db current"),
        ("a value that nothing takes", "-x tennant=a current"),
        ("a password as -x", "-x password=s3cr@t/p%ss:1 current"),
        ("a bad key as -x", "-x 'a b=c' current"),
        ("an unknown scheme as -x", "-x mysql://app:s3cr@t/p%ss:1@db/app current"),
        ("a JDBC URL", "-x jdbc:postgresql://db/app?password=s3cr@t/p%ss:1 current"),
        ("a URL without its beginning", "-x //app:s3cr@t/p%ss:1@db/app current"),
        ("a user and a host as -x", "-x app:s3cr@t/p%ss:1@db/app current"),
        ("two URLs", "-x sqlite:///a.db -x sqlite:///b.db current"),
        ("a URL and --url", "-x sqlite:///a.db --url sqlite:///b.db current"),
        ("an empty --url", "--url '' current"),
        ("a file as --url", "--url app.db current"),
        ("an unknown scheme", "--url mysql://app:s3cr@t/p%ss:1@db/app current"),
        ("several @", "-x postgresql://app:s3cr@t/p%ss:1@db/app current"),
        ("a % that encodes nothing", "-x postgresql://app:s3cr%zz@db/app current"),
        ("an unknown parameter", "-x postgresql://app:s3cr%40t@db/app?sslmod=require current"),
        ("an unknown sslmode", "-x postgresql://app:s3cr%40t@db/app?sslmode=on current"),
        ("a port that is none", "-x postgresql://app:s3cr%40t@db:543x/app current"),
        ("an unknown key of libpq", "--url 'host=db pasword=s3cr@t/p%ss:1' current"),
        ("an unclosed value of libpq", "--url \"host=db password='s3cr@t/p%ss:1\" current"),
        ("libpq's words without quotes", "--url host=db password=s3cr@t/p%ss:1 current"),
        ("a URL as target", "upgrade postgresql://app:s3cr@t/p%ss:1@db/app"),
        ("a URL as section", "-n postgresql://app:s3cr@t/p%ss:1@db/app current"),
        ("a key of SQLite", "-x sqlite:///app.db?key=s3cr@t/p%ss:1 current"),
        ("a script without its beginning", "downgrade --sql base"),
        ("a script of three", "upgrade --sql a1:b2:c3"),
        ("another script of three", "downgrade --sql a1:b2:c3"),
        ("a script from where the database is", "upgrade --sql current:head"),
        ("a script and a dry run", "upgrade --sql --dry-run"),
        ("a flag with a URL", "--ulr=postgresql://app:s3cr@t/p%ss:1@db/app current"),
        ("a SQLite URL without a file", "-x sqlite:/// current"),
        ("an empty target", "upgrade ''"),
        ("a bad time", "upgrade --timeout soon"),
        ("a bad colour", "--color blue heads"),
        ("a range", "history -r a1"),
        ("a range of three", "history -r a1:b2:c3"),
        ("a number that is none", "history -n many"),
    ] {
        project(&mut t, title).run(line);
    }
    assert_transcript!("arguments", t);
}

/// Begins a case with a project of two branches that are merged, or not.
#[track_caller]
fn branches<'t>(t: &'t mut Transcript, title: &str) -> &'t mut Transcript {
    project(t, title);
    for (id, more) in [
        ("b2_one", "-- Revises: a1\n-- Branch Labels: one\n"),
        ("b2_two", "-- Revises: a1\n-- Branch Labels: two\n"),
        ("c3", "-- Revises: b2_one\n"),
        ("reports", ""),
    ] {
        let body = "\n-- migrate:upgrade\n-- migrate:downgrade\n";
        t.file(&format!("migrations/{id}.sql"), &format!("-- {id}\n-- Revision ID: {id}\n{more}{body}"));
    }
    t
}

#[test]
fn targets() {
    // A target that names nothing, or not just one revision, says what there is.
    let mut t = Transcript::new();
    branches(&mut t, "upgrades");
    for target in [
        "c4",
        "zzzz",
        "onee",
        "b2",
        "head",
        "a1+1",
        "+1",
        "base+1",
        "c3+1",
        "two@+9",
        "base-1",
        "-1",
        "a1:c3",
        "one@two@c3",
        "one@b2_two",
        "one@",
        "@c3",
        "head-",
        "a-b",
        "a,b",
        "three@head",
        "current+1",
        "heads-1",
    ] {
        t.run(&format!("upgrade {target}"));
    }
    branches(&mut t, "downgrades from every head").prepare("upgrade heads");
    for target in ["-1", "one@-4", "-99", "+1", "zz", "b2", "a1:c3", "one@b2_two", "head"] {
        t.run(&format!("downgrade {target}"));
    }
    branches(&mut t, "downgrades from below").prepare("upgrade a1");
    for target in ["c3", "-2", "two@base", "one@-1"] {
        t.run(&format!("downgrade {target}"));
    }
    branches(&mut t, "others");
    for line in [
        "show zz",
        "show base",
        "show a1-1",
        "show current",
        "stamp zz",
        "stamp b2",
        "stamp head",
        "stamp one@base",
        "stamp",
        "history -r c3:a1",
        "history -r zz:",
        "history -r b2_two:c3",
        "history -r 'a1 : c3'",
    ] {
        t.run(line);
    }
    assert_transcript!("targets", t);
}

#[test]
fn new_revisions() {
    // `revision` writes no file that would break the graph.
    let mut t = Transcript::new();
    for (title, line) in [
        ("several heads", "revision -m x"),
        ("a parent that is no head", "revision -m x --head a1"),
        ("an unknown parent", "revision -m x --head zz"),
        ("base and another", "revision -m x --head base --head c3"),
        ("a relative parent", "revision -m x --head +1"),
        ("an id that is taken", "revision -m x --head c3 --rev-id c3"),
        ("an id with a bad character", "revision -m x --head c3 --rev-id a-b"),
        ("an id that is a word of the targets", "revision -m x --head c3 --rev-id base"),
        ("an id that is a label", "revision -m x --head c3 --rev-id one"),
        ("an empty id", "revision -m x --head c3 --rev-id ''"),
        ("a label that is taken", "revision -m x --head c3 --branch-label one"),
        ("a label that is an id", "revision -m x --head c3 --branch-label c3"),
        ("a label that is the new id", "revision -m x --head c3 --branch-label n1 --rev-id n1"),
        ("a label twice", "revision -m x --head c3 --branch-label n1 --branch-label n1"),
        ("a label with a bad character", "revision -m x --head c3 --branch-label a@b"),
        ("an unknown dependency", "revision -m x --head c3 --depends-on zz"),
        ("a dependency that could be two", "revision -m x --head c3 --depends-on b2"),
        ("a folder that is no location", "revision -m x --head c3 --version-path other"),
        ("a message that is a directive", "revision -m 'migrate:upgrade now' --head c3"),
        ("a message that is a header", "revision -m 'Revises: a1' --head c3 --rev-id n1"),
        ("several folders and a new root", "revision -m x --head base"),
    ] {
        branches(&mut t, title);
        if title.contains("several folders") {
            let text = format!("{CONFIG}version_locations = [\"migrations\", \"more\"]\n");
            t.file("migrate.toml", &text).file("more/.keep", "");
        }
        let files = t.scratch().files();
        t.run(line);
        assert_eq!(t.scratch().files(), files, "{line}");
    }
    branches(&mut t, "a file of that name");
    t.file("migrate.toml", &format!("{CONFIG}file_template = \"{{epoch}}\"\n"));
    t.prepare("revision -m x --head c3").run("revision -m x --head b2_two");
    assert_transcript!("new_revisions", t);
}

#[test]
fn sqlite_databases() {
    // A file that is not there, cannot be made or is no database is left as it is.
    let mut t = Transcript::new();
    for command in ["current", "downgrade base", "stamp a1", "upgrade --dry-run", "history -i"] {
        project(&mut t, &format!("a missing file: {command}")).run(command);
        assert!(!t.scratch().path().join("app.db").exists());
    }
    project(&mut t, "a folder that is not there").run("upgrade -x sqlite:///data/app.db");
    // A parent that is a file is refused to root too.
    project(&mut t, "a folder that is a file").file("data", "").run("upgrade -x sqlite:///data/app.db");
    project(&mut t, "a folder as database")
        .file("data/x", "")
        .run("upgrade -x sqlite:///data")
        .run("current -x sqlite:///data");
    project(&mut t, "a file that is no database").file("app.db", &"no database\n".repeat(100));
    t.run("upgrade").run("current").run("stamp a1");
    let text = t.scratch().read("app.db");
    t.show("app.db", text.lines().next().unwrap());
    project(&mut t, "a text file of few bytes").file("app.db", "no\n").run("upgrade");
    project(&mut t, "a version table of another layout");
    sqlite(&t, "CREATE TABLE migrate_version (version_num text)");
    t.run("upgrade").run("current").run("stamp a1");
    project(&mut t, "a newer version table").prepare("upgrade");
    sqlite(&t, "UPDATE migrate_version SET format = 2");
    t.run("upgrade").run("current");
    project(&mut t, "a file of which only the absolute one exists").file("other.db", "");
    let path = t.scratch().path().join("other.db").display().to_string();
    t.run(&format!("upgrade -x sqlite://{path}")).run(&format!("upgrade -x sqlite:///{path}"));
    project(&mut t, "a read-only mode").run("upgrade -x 'sqlite:///app.db?mode=ro'");
    // Not even root may create a file there.
    project(&mut t, "a folder that nobody may write").run("upgrade -x sqlite:////proc/migrate.db");
    assert_transcript!("sqlite_databases", t);
}

/// Runs SQL with SQLite's own shell in `app.db` of the folder.
#[track_caller]
fn sqlite(t: &Transcript, sql: &str) {
    let mut shell = migrate_test_support::hermetic("sqlite3");
    shell.arg(t.scratch().path().join("app.db")).arg(sql);
    let _ = migrate_test_support::run(&mut shell).expect_success();
}

#[test]
fn postgres_databases() {
    // No error of a connection shows a password, however it is written.
    let cluster = postgres::cluster();
    let database = Database::create("bad_input");
    let mut t = Transcript::new();
    t.binary();
    let port = cluster.port().to_string();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    t.name(database.name(), "DATABASE").name(&format!(":{port}"), ":PORT").name(&format!("-p {port}"), "-p PORT");
    t.name(&format!("={port}"), "=PORT").name(&free, "FREE");
    t.secret("s3cr@t/p%ss:1")
        .secret("s3cr%40t%2Fp%25ss%3A1")
        .secret(cluster.password())
        .secret(postgres::ROLE_PASSWORD);
    let wrong = "s3cr%40t%2Fp%25ss%3A1";
    let place = format!("{}:{port}", cluster.host());
    project(&mut t, "nobody listens").run(&format!("-x postgresql://app:{wrong}@127.0.0.1:{free}/app current"));
    project(&mut t, "nobody listens, in words of libpq");
    t.run(&format!("--url 'host=127.0.0.1 port={free} user=app password=s3cr@t/p%ss:1 dbname=app' current"));
    project(&mut t, "nobody listens, by the configuration").file(
        "migrate.toml",
        &format!("{}url = \"postgresql+psycopg2://app:{wrong}@127.0.0.1:{free}/app\"\n", CONFIG.replace("url", "#url")),
    );
    t.run("upgrade").run("--json upgrade");
    project(&mut t, "a wrong password").run(&format!("-x postgresql://limited:{wrong}@{place}/postgres current"));
    t.run(&format!("--json -x postgresql://limited:{wrong}@{place}/postgres current"));
    project(&mut t, "no password").run(&format!("-x postgresql://limited@{place}/postgres current"));
    let known = database.url_as("limited");
    t.name(known.split('@').next().unwrap().rsplit(':').next().unwrap(), "PASSWORD");
    let unknown = known.replace(database.name(), "gone");
    project(&mut t, "a database that is not there").run(&format!("-x {unknown} upgrade"));
    // Before version 15 everybody may.
    database.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    project(&mut t, "a role that may not create tables").run(&format!("-x {known} upgrade"));
    project(&mut t, "a version table of another layout");
    database.psql("CREATE TABLE public.migrate_version (version_num text)");
    let own = database.url();
    t.name(own.split('@').next().unwrap().rsplit(':').next().unwrap(), "PASSWORD");
    t.run(&format!("-x {own} upgrade")).run(&format!("-x {own} current"));
    project(&mut t, "a dialect that is not listed").file("migrate.toml", "[migrate]\ndialects = [\"sqlite\"]\n");
    t.run(&format!("-x {own} current"));
    assert_transcript!("postgres_databases", t);
}
