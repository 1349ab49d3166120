//! What each command prints on graphs with branches, merges and dependencies.

#[path = "commands/init.rs"]
mod init;
mod transcript;

use migrate_test_support::postgres::Database;
use transcript::{Transcript, assert_transcript};

const CONFIG: &str = "[migrate]\nurl = \"sqlite:///app.db\"\ndialects = [\"sqlite\"]\n";

/// Writes a project: each revision is `id, parents, labels, dependencies`, made one hour after the other.
#[track_caller]
fn project<'t>(t: &'t mut Transcript, title: &str, revisions: &[[&str; 4]]) -> &'t mut Transcript {
    t.case(title).file("migrate.toml", CONFIG);
    for (n, [id, parents, labels, dependencies]) in revisions.iter().enumerate() {
        let text = format!(
            "-- add {id}\n--\n-- Revision ID: {id}\n-- Revises: {parents}\n-- Create Date: 2026-01-01 {n:02}:00:00+00:00\n\
             -- Branch Labels: {labels}\n-- Depends On: {dependencies}\n\n\
             -- migrate:upgrade\nCREATE TABLE {id} (a int);\n\n-- migrate:downgrade\nDROP TABLE {id};\n"
        );
        t.file(&format!("migrations/{id}.sql"), &text);
    }
    t
}

const LINE: [[&str; 4]; 3] = [["a", "", "", ""], ["b", "a", "", ""], ["c", "b", "", ""]];
/// Two branches above `b`.
const BRANCHED: [[&str; 4]; 6] = [
    ["a", "", "", ""],
    ["b", "a", "", ""],
    ["c1", "b", "one", ""],
    ["c2", "b", "two", ""],
    ["d1", "c1", "", ""],
    ["d2", "c2", "", ""],
];
/// The same, merged.
const MERGED: [[&str; 4]; 8] = [
    ["a", "", "", ""],
    ["b", "a", "", ""],
    ["c1", "b", "one", ""],
    ["c2", "b", "two", ""],
    ["d1", "c1", "", ""],
    ["d2", "c2", "", ""],
    ["e", "d1, d2", "", ""],
    ["f", "e", "", ""],
];
/// Two roots, of which one needs the other's `a2`.
const DEPENDENT: [[&str; 4]; 5] =
    [["a1", "", "", ""], ["a2", "a1", "", ""], ["x1", "", "reports", ""], ["x2", "x1", "", "a2"], ["x3", "x2", "", ""]];

#[test]
fn history() {
    // The lines are Alembic's, the newest first, and ranges include both ends.
    let mut t = Transcript::new();
    project(&mut t, "a line", &LINE).run("history").run("history -v");
    project(&mut t, "branches", &BRANCHED).run("history").run("history -v -r c1:");
    project(&mut t, "a merge", &MERGED);
    for range in
        ["b:d1", ":c1", "d2:", "a:+2", "-2:f", "-9:b", "e:+9", ":", "base:a", "one@base:one@d1", "c1:c1", "b:heads"]
    {
        t.run(&format!("history -r {range}"));
    }
    t.run("history -n 2").run("history -v -r e:").run("history -r e:f --json");
    project(&mut t, "a dependency", &DEPENDENT).run("history").run("history -r reports:").run("history -r x2:x2 -v");
    project(&mut t, "where the database is", &BRANCHED).prepare("upgrade c1").prepare("upgrade c2");
    t.run("history -i").run("history -r current: -i").run("history -r :current").run("history -r b:b -i --json");
    project(&mut t, "where an empty database is", &LINE)
        .prepare("upgrade a")
        .prepare("downgrade base")
        .run("history -i");
    project(&mut t, "no revisions", &[]).file("migrations/.keep", "").run("history").run("history --json");
    assert_transcript!("history", t);
}

#[test]
fn history_through_many_merges() {
    // The ways through a row of merges double with each; the steps do not.
    let mut names = vec!["r0".to_owned()];
    let mut revisions = vec![["r0".to_owned(), String::new()]];
    for n in 1..=40 {
        let below = names.pop().unwrap();
        revisions.extend([[format!("a{n}"), below.clone()], [format!("b{n}"), below]]);
        revisions.push([format!("r{n}"), format!("a{n}, b{n}")]);
        names.push(format!("r{n}"));
    }
    let rows: Vec<[&str; 4]> = revisions.iter().map(|[id, parents]| [id.as_str(), parents.as_str(), "", ""]).collect();
    let mut t = Transcript::new();
    project(&mut t, "forty merges", &rows);
    for (range, lines) in [("r0:+80", 121), ("-80:r40", 121), ("r0:+2", 4), ("-3:r40", 6)] {
        let (code, stdout, stderr) = t.output("", &format!("history -r {range}"));
        assert_eq!((code, stdout.lines().count(), stderr.as_str()), (0, lines, ""), "{range}");
    }
}

#[test]
fn heads() {
    // A head is what nothing revises; a dependency makes no head.
    let mut t = Transcript::new();
    project(&mut t, "a line", &LINE).run("heads");
    project(&mut t, "branches", &BRANCHED).run("heads").run("heads -v").run("heads --json");
    project(&mut t, "a dependency", &DEPENDENT).run("heads").run("heads --resolve-dependencies");
    project(&mut t, "no revisions", &[]).file("migrations/.keep", "").run("heads").run("heads --json");
    assert_transcript!("heads", t);
}

#[test]
fn show() {
    // Any target that names revisions is shown as a whole.
    let mut t = Transcript::new();
    project(&mut t, "branches", &BRANCHED);
    for target in ["a", "b", "heads", "one@head", "two", "d1-1", "base+1", "one@base+2", "c1 --json"] {
        t.run(&format!("show {target}"));
    }
    t.prepare("upgrade c1").run("show current").run("show -- -1").run("show one@+1");
    project(&mut t, "a merge", &MERGED).run("show head").run("show e").run("show f-2");
    project(&mut t, "a dependency", &DEPENDENT).run("show x2");
    assert_transcript!("show", t);
}

#[test]
fn current() {
    // stdout has the heads of what is applied and no other line; the rest is for people.
    let mut t = Transcript::new();
    project(&mut t, "no revision", &LINE).prepare("upgrade a").prepare("downgrade base");
    t.run("current").run("current --check-heads").run("current --json");
    project(&mut t, "one head", &LINE)
        .prepare("upgrade head")
        .run("current")
        .run("current -v")
        .run("current --check-heads");
    t.run("current --json");
    project(&mut t, "below the head", &LINE)
        .prepare("upgrade b")
        .run("current")
        .run("current --check-heads")
        .run("current -q");
    project(&mut t, "two heads", &BRANCHED).prepare("upgrade heads").run("current").run("current --check-heads");
    project(&mut t, "a branch point", &BRANCHED).prepare("upgrade b").run("current").run("current --check-heads");
    // A dependency counts as below what needs it.
    project(&mut t, "a dependency", &DEPENDENT)
        .prepare("upgrade reports@head")
        .run("current")
        .run("current --check-heads");
    project(&mut t, "a revision without a file", &LINE).prepare("upgrade head");
    std::fs::remove_file(t.scratch().path().join("migrations/c.sql")).unwrap();
    t.run("current").run("current --json").run("current --check-heads").run("upgrade head").run("downgrade -1");
    project(&mut t, "an edited revision", &LINE).prepare("upgrade b");
    let text = t.scratch().read("migrations/b.sql").replace("(a int)", "(a int, b int)");
    t.file("migrations/b.sql", &text).run("current").run("current --json").run("upgrade head");
    let (_, _, stderr) = t.output("", "upgrade head");
    let was = stderr.lines().find_map(|line| Some(line.split_once("-- migrate:was ")?.1.get(..66)?.to_owned()));
    let accepted =
        text.replace("-- migrate:upgrade\n", &format!("-- migrate:upgrade\n-- migrate:was {}\n", was.unwrap()));
    t.file("migrations/b.sql", &accepted).run("current").run("upgrade head");
    project(&mut t, "an edit that goes once", &LINE).prepare("upgrade b");
    t.file("migrations/b.sql", &text).run("upgrade head --allow-edited").run("current");
    assert_transcript!("current", t);
}

#[test]
fn partial() {
    // A revision that was left in the middle is shown with how far it came, and the same command goes on with it.
    let mut t = Transcript::new();
    project(&mut t, "an upgrade", &LINE);
    let broken = "-- d\n-- Revision ID: d\n-- Revises: c\n\n-- migrate:upgrade\nCREATE TABLE d (a int);\nVACUUM;\n\
                  CREATE TABLE d (a int);\n-- migrate:downgrade\nDROP TABLE d;\n";
    t.file("migrations/d.sql", broken).run("upgrade").run("current").run("current --json").run("current --check-heads");
    t.run("downgrade -1").run("upgrade b").run("upgrade d --json");
    t.file("migrations/d.sql", &broken.replace("VACUUM;\nCREATE TABLE d", "VACUUM;\nCREATE TABLE d2")).run("upgrade");
    t.run("current");
    project(&mut t, "a downgrade", &LINE);
    let broken = "-- d\n-- Revision ID: d\n-- Revises: c\n\n-- migrate:upgrade\nCREATE TABLE d (a int);\n\
                  -- migrate:downgrade\nDROP TABLE d;\nVACUUM;\nDROP TABLE d;\n";
    t.file("migrations/d.sql", broken).prepare("upgrade").run("downgrade b").run("current").run("upgrade");
    t.file("migrations/d.sql", &broken.replace("VACUUM;\nDROP TABLE d;", "VACUUM;"))
        .run("downgrade d@-1")
        .run("current");
    project(&mut t, "a stamp decides", &LINE).file("migrations/d.sql", broken).prepare("upgrade");
    t.run("downgrade c").run("stamp c").run("current");
    assert_transcript!("partial", t);
}

#[test]
fn stamp() {
    // Each target and its ancestors become rows, everything else goes, nothing runs.
    let mut t = Transcript::new();
    project(&mut t, "up and down a line", &LINE).prepare("upgrade a");
    t.run("stamp head").run("current").run("stamp head").run("stamp b").run("current").run("stamp base").run("current");
    t.run("stamp c --json");
    project(&mut t, "branches", &BRANCHED).prepare("upgrade a");
    t.run("stamp one@head").run("current").run("stamp d1 c2").run("current").run("stamp heads").run("current");
    t.run("stamp b").run("current").run("stamp one@base");
    project(&mut t, "a merge", &MERGED).prepare("upgrade a").run("stamp f").run("stamp d2").run("current");
    project(&mut t, "a dependency", &DEPENDENT).prepare("upgrade a1").run("stamp x2").run("current").run("stamp a1");
    project(&mut t, "a revision without a file", &LINE).prepare("upgrade head");
    std::fs::remove_file(t.scratch().path().join("migrations/c.sql")).unwrap();
    t.run("stamp b").run("stamp --purge b").run("current");
    assert_transcript!("stamp", t);
}

#[test]
fn revision() {
    // The file that is written is the one that `heads` reads, and its names come from migrate.toml and the clock.
    let mut t = Transcript::new();
    project(&mut t, "the next of a line", &LINE).run("revision -m 'Add retries, please' --rev-id r1").run("heads -v");
    written(&mut t, "migrations/r1_add_retries_please.sql");
    t.run("revision --rev-id r2 --json").run("revision -m 'two\nlines' --rev-id r3 --sql").run("heads");
    project(&mut t, "the first", &[]).file("migrations/.keep", "").run("revision -m first --rev-id r1").run("history");
    project(&mut t, "branches", &BRANCHED).run("revision -m x --rev-id r1 --head two@head").run("heads");
    t.run("revision -m merge --rev-id r2 --head r1 --head d1").run("heads").run("history -r r2:");
    t.run("revision -m root --rev-id r3 --head base --branch-label other").run("heads");
    t.run("revision -m splice --rev-id r4 --head b --splice").run("heads");
    t.run("revision -m both --rev-id r5 --head heads").run("history -r r5:");
    project(&mut t, "dependencies", &DEPENDENT);
    t.run("revision -m x --rev-id r1 --head a2 --depends-on reports --depends-on x2 --branch-label p --branch-label q");
    written(&mut t, "migrations/r1_x.sql");
    t.run("revision -m x --rev-id r9 --head x3 --depends-on r").run("history -r r9:");
    project(&mut t, "several folders", &LINE);
    t.file("migrate.toml", &format!("{CONFIG}version_locations = [\"migrations\", \"more/of\"]\n"))
        .file("more/of/.keep", "");
    t.run("revision -m x --rev-id r1")
        .run("revision -m x --rev-id r2 --version-path more/of")
        .run("revision -m y --rev-id r3");
    t.run_in("more", "revision -m y --rev-id r4 --head base --version-path of").run("heads -v");
    project(&mut t, "names and dates", &LINE);
    let more = "file_template = \"{year}{month}{day}_{hour}{minute}{second}_{epoch}_{rev}_{slug}\"\n\
                truncate_slug_length = 12\ntimezone = \"Europe/Berlin\"\n";
    t.file("migrate.toml", &format!("{CONFIG}{more}"))
        .run("revision -m 'Ein längerer Satz' --rev-id r1")
        .run("show r1");
    project(&mut t, "two dialects", &[]).file("migrations/.keep", "");
    t.file("migrate.toml", &CONFIG.replace("[\"sqlite\"]", "[\"postgres\", \"sqlite\"]"))
        .run("revision -m x --rev-id r1 --sql");
    project(&mut t, "a random id", &LINE);
    let (code, path, _) = t.output("", "revision -m x");
    let name = path.trim().rsplit('/').next().unwrap();
    let id = name.strip_suffix("_x.sql").unwrap();
    assert!(code == 0 && id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{path}");
    let id = id.to_owned();
    t.name(&id, "RANDOM").run("heads").run("upgrade");
    assert_transcript!("revision", t);
}

/// Shows a file that a command wrote.
#[track_caller]
fn written(t: &mut Transcript, path: &str) {
    let text = t.scratch().read(path);
    t.show(path, &text);
}

#[test]
fn upgrade_and_downgrade() {
    // Over branches, merges and dependencies each step runs in the one order of the graph.
    let mut t = Transcript::new();
    project(&mut t, "a line", &LINE)
        .run("upgrade +1")
        .run("upgrade")
        .run("upgrade")
        .run("upgrade b")
        .run("downgrade -1");
    t.run("downgrade base").run("downgrade base");
    project(&mut t, "branches", &BRANCHED)
        .run("upgrade one@head")
        .run("upgrade two@+1")
        .run("upgrade d2")
        .run("current");
    t.run("downgrade two@-1")
        .run("downgrade one@base")
        .run("current")
        .run("upgrade heads")
        .run("downgrade c1")
        .run("downgrade b");
    project(&mut t, "a merge", &MERGED)
        .run("upgrade head")
        .run("downgrade -1")
        .run("downgrade c1")
        .run("current")
        .run("upgrade");
    project(&mut t, "a dependency", &DEPENDENT).run("upgrade reports@head").run("downgrade a1").run("current");
    project(&mut t, "what is printed", &LINE).run("upgrade a -v").run("upgrade b -q").run("upgrade c --json");
    t.run("downgrade -1 -v").run("downgrade -1 -q").run("downgrade base --json").run("upgrade -q --json");
    t.run("upgrade --json").run("downgrade c -q");
    project(&mut t, "a dry run", &LINE).run("upgrade --dry-run").run("upgrade b --dry-run --json").prepare("upgrade b");
    t.run("upgrade --dry-run").run("upgrade a --dry-run").run("downgrade base --dry-run").run("current");
    project(&mut t, "no revisions", &[]).file("migrations/.keep", "").run("upgrade");
    project(&mut t, "an irreversible revision", &LINE);
    let text = t.scratch().read("migrations/b.sql");
    let text = text.split("-- migrate:downgrade").next().unwrap();
    t.file("migrations/b.sql", &format!("{text}-- migrate:irreversible: the rows are gone\n")).prepare("upgrade");
    t.run("downgrade base").run("current").run("downgrade b").run("downgrade a --dry-run");
    assert_transcript!("upgrade_and_downgrade", t);
}

#[test]
fn failures() {
    // A statement that fails is shown where it stands, with what stays.
    let mut t = Transcript::new();
    project(&mut t, "the first statement", &LINE);
    let text = t.scratch().read("migrations/b.sql").replace("CREATE TABLE b", "CREATE TABLE ü;\nCREATE TABEL b");
    t.file("migrations/b.sql", &text).run("upgrade").run("current").run("upgrade -q").run("upgrade --json");
    assert_transcript!("failures", t);
}

#[test]
fn color() {
    // `--color always` paints errors, `auto` does so on a terminal unless NO_COLOR is set, and results have none.
    let mut t = Transcript::new();
    project(&mut t, "always", &LINE).run("--color always upgrade zz").run("--color always heads");
    t.file("migrations/d.sql", "-- d\n-- Revision Id: d\n").run("--color always heads").run("--color never heads");
    t.run("heads").variable("NO_COLOR", "1").run("--color always upgrade zz");
    let text = t.text().replace('\u{1b}', "␛");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("color", text) });
    for (no_color, painted) in [(None, true), (Some(""), true), (Some("1"), false)] {
        let mut io = migrate_cli::Io::captured();
        io.stderr_is_terminal = true;
        io.folder = t.scratch().path().to_owned();
        io.environment.extend(no_color.map(|value| ("NO_COLOR".to_owned(), value.to_owned())));
        migrate_cli::run(["migrate-cli", "upgrade", ""].map(Into::into), &mut io);
        assert_eq!(io.stderr_text().contains('\u{1b}'), painted, "{no_color:?}");
    }
}

#[test]
fn on_postgres() {
    // PostgreSQL gives the same lines, and no password is among them.
    let database = Database::create("commands");
    let mut t = Transcript::new();
    project(&mut t, "branches", &BRANCHED);
    t.binary().secret(migrate_test_support::postgres::cluster().password());
    let (host, port) =
        (migrate_test_support::postgres::cluster().host(), migrate_test_support::postgres::cluster().port());
    t.name(database.name(), "DATABASE").name(&format!("{host}:{port}"), "SERVER");
    let url = database.url().replacen("postgres://", "postgresql+psycopg2://", 1);
    t.variable("DATABASE_URL", &url);
    t.file("migrate.toml", "[migrate]\nurl = \"${DATABASE_URL}\"\ndialects = [\"postgres\"]\n");
    t.run("upgrade one@head")
        .run("upgrade heads")
        .run("current -v")
        .run("history -i")
        .run("downgrade b")
        .run("current");
    t.run("stamp d1").run("current --json").run("downgrade -1");
    assert_transcript!("on_postgres", t);
}
