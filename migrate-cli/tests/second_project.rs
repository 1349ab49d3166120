//! Nothing knows the first project: the same script of commands passes on projects whose names come from a seed, plain
//! ones and ones that need quotes; and what migrate.toml and a revision may say about the session holds.

#[path = "common/script_cli.rs"]
mod script_cli;
#[path = "common/script_commands.rs"]
mod script_commands;
#[path = "common/script_db.rs"]
mod script_db;

use script_cli::Cli;
use script_commands::Story;
use script_db::Db;

/// Which names a project has.
#[derive(Clone, Copy)]
enum Style {
    /// Lower-case words.
    Plain,
    /// Names that only quotes make possible.
    Quoted,
}

/// Makes names from a seed: the same each time, and no two alike.
struct Names {
    state: u64,
    style: Style,
    count: usize,
}

impl Names {
    fn new(seed: u64, style: Style) -> Self {
        Self { state: seed, style, count: 0 }
    }

    /// The generator SplitMix64.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn id(&mut self) -> String {
        format!("{:012x}", self.number() & 0xffff_ffff_ffff)
    }

    fn name(&mut self) -> String {
        let letters = self.number();
        let word: String = (0..3)
            .map(|n| {
                let pair = (letters >> (8 * n)) & 0xff;
                format!("{}{}", b"bdfgklmnprstvz"[pair as usize % 14] as char, b"aeiou"[pair as usize / 14 % 5] as char)
            })
            .collect();
        self.count += 1;
        let word = format!("{word}{}", self.count);
        match self.style {
            Style::Plain => word,
            Style::Quoted => {
                let odd = ["Größe ;", "$$ '", "日本 \"x\"", "SELECT --", "/* Ünï", "𝄞.", "a;b\t", "`[1]`", "%I \\"];
                format!("{} {word}", odd[self.count % odd.len()])
            }
        }
    }
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A project as the reference app's is, with other names: two tables, renamed, then three tables with the rows moved.
struct Project {
    ids: [String; 3],
    messages: [String; 3],
    /// Quoted, and with a dot behind it; empty on SQLite.
    schema: String,
    /// The tables of the first revision, of the second, of the third; quoted.
    tables: [Vec<String>; 3],
    /// The columns, quoted.
    columns: Vec<String>,
    version_table: String,
    is_postgres: bool,
}

impl Project {
    fn new(seed: u64, style: Style, is_postgres: bool) -> Self {
        let mut names = Names::new(seed, style);
        let ids = [names.id(), names.id(), names.id()];
        let schema = if is_postgres { format!("{}.", quote(&names.name())) } else { String::new() };
        let messages = [names.name(), names.name(), names.name()].map(|name| name.replace('\t', " "));
        let mut tables = |count: usize| (0..count).map(|_| quote(&names.name())).collect::<Vec<_>>();
        let tables = [tables(2), tables(2), tables(3)];
        let columns = (0..5).map(|_| quote(&names.name())).collect();
        let version_table = names.name();
        Self { ids, messages, schema, tables, columns, version_table, is_postgres }
    }

    fn table(&self, revision: usize, n: usize) -> String {
        format!("{}{}", self.schema, self.tables[revision][n])
    }

    /// Puts names into SQL: `@1a` is a table, `@s` the schema, `#a` a column.
    fn sql(&self, text: &str) -> String {
        let mut sql = text.to_owned();
        for (revision, tables) in self.tables.iter().enumerate() {
            for (n, letter) in "abc".chars().enumerate().take(tables.len()) {
                sql = sql.replace(&format!("@{}{letter}", revision + 1), &self.table(revision, n));
                sql = sql.replace(&format!("!{}{letter}", revision + 1), &self.tables[revision][n]);
            }
        }
        for (column, letter) in self.columns.iter().zip("abcde".chars()) {
            sql = sql.replace(&format!("#{letter}"), column);
        }
        sql.replace("@s", self.schema.trim_end_matches('.'))
    }

    fn write(&self, cli: &Cli) {
        let dialect = if self.is_postgres { "postgres" } else { "sqlite" };
        let version_table = self.version_table.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t");
        cli.folder.write(
            "migrate.toml",
            &format!("[migrate]\ndialects = [\"{dialect}\"]\nversion_locations = [\"db\"]\nversion_table = \"{version_table}\"\n"),
        );
        let (create, drop) = if self.is_postgres { ("CREATE SCHEMA @s;\n", "DROP SCHEMA @s;\n") } else { ("", "") };
        let old = |a: &str, b: &str| {
            format!(
                "CREATE TABLE {a} (#a integer PRIMARY KEY, #b text NOT NULL DEFAULT 'it''s; ü');\n\
                 CREATE TABLE {b} (#a integer PRIMARY KEY, #c integer NOT NULL REFERENCES {a} (#a), #d text NOT NULL);\n"
            )
        };
        let bodies = [
            format!(
                "-- migrate:upgrade\n{create}{}\n-- migrate:downgrade\nDROP TABLE @1b;\nDROP TABLE @1a;\n{drop}",
                old("@1a", "@1b")
            ),
            "-- migrate:upgrade\nALTER TABLE @1a RENAME TO !2a;\nALTER TABLE @1b RENAME TO !2b;\n\n\
             -- migrate:downgrade\nALTER TABLE @2b RENAME TO !1b;\nALTER TABLE @2a RENAME TO !1a;\n"
                .to_owned(),
            format!(
                "-- migrate:upgrade\n\
                 CREATE TABLE @3a (#a integer PRIMARY KEY, #b text NOT NULL DEFAULT 'it''s; ü');\n\
                 CREATE TABLE @3b (#c integer NOT NULL REFERENCES @3a (#a), #d text NOT NULL, PRIMARY KEY (#c, #d));\n\
                 CREATE TABLE @3c (#a integer PRIMARY KEY, #c integer NOT NULL, #d text NOT NULL,\n\
                 \x20   FOREIGN KEY (#c, #d) REFERENCES @3b (#c, #d));\n\
                 INSERT INTO @3a SELECT #a, #b FROM @2a;\n\
                 INSERT INTO @3b SELECT DISTINCT #c, #d FROM @2b;\n\
                 INSERT INTO @3c SELECT #a, #c, #d FROM @2b;\n\
                 DROP TABLE @2b;\nDROP TABLE @2a;\n\n\
                 -- migrate:downgrade\n{}\
                 INSERT INTO @1a SELECT #a, #b FROM @3a;\n\
                 INSERT INTO @1b SELECT #a, #c, #d FROM @3c;\n\
                 DROP TABLE @3c;\nDROP TABLE @3b;\nDROP TABLE @3a;\n\
                 ALTER TABLE @1a RENAME TO !2a;\nALTER TABLE @1b RENAME TO !2b;\n",
                old("@1a", "@1b")
            ),
        ];
        for (n, body) in bodies.iter().enumerate() {
            let (id, below) = (&self.ids[n], if n == 0 { "" } else { &self.ids[n - 1] });
            let text =
                format!("-- {}\n--\n-- Revision ID: {id}\n-- Revises: {below}\n\n{}", self.messages[n], self.sql(body));
            cli.folder.write(&format!("db/{id}.sql"), &text);
        }
    }

    fn insert(&self, db: &Db) {
        db.sql(&self.sql(
            "INSERT INTO @1a VALUES (1, 'eins'), (2, 'zwei'), (3, 'drei');
             INSERT INTO @1b VALUES (10, 1, 'x'), (11, 1, 'x'), (12, 1, 'y; $$'), (14, 2, 'größe 𝄞');",
        ));
    }

    fn work(&self, db: &Db) {
        db.sql(&self.sql(
            "UPDATE @3a SET #b = 'done' WHERE #a = 3; INSERT INTO @3b VALUES (3, 'z'); INSERT INTO @3c VALUES (15, 3, 'z');",
        ));
    }

    #[track_caller]
    fn check(&self, db: &Db, applied: usize, worked: bool) {
        let (first, last) = match applied {
            1 => ("@1a", "@1b"),
            2 => ("@2a", "@2b"),
            _ => ("@3a", "@3c"),
        };
        let rows =
            |table: &str, columns: &str| db.rows(&self.sql(&format!("SELECT {columns} FROM {table} ORDER BY 1")));
        assert_eq!(rows(first, "#a, #b"), format!("1|eins\n2|zwei\n3|{}\n", if worked { "done" } else { "drei" }));
        let expect = format!("10|1|x\n11|1|x\n12|1|y; $$\n14|2|größe 𝄞\n{}", if worked { "15|3|z\n" } else { "" });
        assert_eq!(rows(last, "#a, #c, #d"), expect);
        if applied == 3 {
            assert_eq!(db.rows(&self.sql("SELECT count(*) FROM @3b")), if worked { "4\n" } else { "3\n" });
        }
    }
}

#[track_caller]
fn script(db: &Db, seed: u64, style: Style) {
    let project = Project::new(seed, style, db.is_postgres());
    let cli = Cli::new(&db.url());
    project.write(&cli);
    let version_table = match (db.is_postgres(), style) {
        (false, _) => project.version_table.clone(),
        (true, Style::Plain) => format!("public.{}", project.version_table),
        (true, Style::Quoted) => format!("public.{}", quote(&project.version_table)),
    };
    Story {
        ids: [0, 1, 2].map(|n| project.ids[n].as_str()),
        messages: [0, 1, 2].map(|n| project.messages[n].as_str()),
        version_table: &version_table,
        insert: &|db| project.insert(db),
        work: &|db| project.work(db),
        check: &|db, applied, worked| project.check(db, applied, worked),
    }
    .run(&cli, db);
}

#[test]
fn plain_names_on_postgres() {
    script(&Db::postgres("second"), 1, Style::Plain);
}

#[test]
fn plain_names_on_sqlite() {
    for seed in 1..=5 {
        script(&Db::sqlite(), seed, Style::Plain);
    }
}

#[test]
fn quoted_names_on_postgres() {
    script(&Db::postgres("second_quoted"), 2, Style::Quoted);
}

#[test]
fn quoted_names_on_sqlite() {
    for seed in 1..=5 {
        script(&Db::sqlite(), seed, Style::Quoted);
    }
}

/// Writes a project of revisions in a line, each with the body of its file.
fn line(db: &Db, settings: &str, revisions: &[(&str, &str)]) -> Cli {
    let cli = Cli::new(&db.url());
    let dialect = if db.is_postgres() { "postgres" } else { "sqlite" };
    cli.folder.write("migrate.toml", &format!("[migrate]\ndialects = [\"{dialect}\"]\n{settings}"));
    let mut below = "";
    for (id, body) in revisions {
        write(&cli, id, below, body);
        below = id;
    }
    cli
}

fn write(cli: &Cli, id: &str, below: &str, body: &str) {
    let text = format!("-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {below}\n\n{body}");
    cli.folder.write(&format!("migrations/{id}.sql"), &text);
}

const A: (&str, &str) =
    ("a", "-- migrate:upgrade\nCREATE TABLE a (id integer);\n\n-- migrate:downgrade\nDROP TABLE a;\n");
const B: (&str, &str) =
    ("b", "-- migrate:upgrade\nCREATE TABLE b (id integer);\n\n-- migrate:downgrade\nDROP TABLE b;\n");
const UP_A: &str = "Running upgrade  -> a, a\n";
const UP_B: &str = "Running upgrade a -> b, b\n";

/// All revisions of a run are one transaction, up and down.
fn per_run(db: &Db) {
    let cli = line(db, "transaction = \"per-run\"\n", &[A, B]);
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    if db.is_postgres() {
        assert_eq!(db.rows("SELECT count(DISTINCT xmin::text) FROM migrate_version"), "1\n");
    }
    write(&cli, "a", "", "-- migrate:upgrade\nCREATE TABLE a (id integer);\n\n-- migrate:downgrade\nDROP TABLE x;\n");
    let before = (db.schema(), db.contents());
    let ran = cli.run("-x $URL downgrade base");
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("Running downgrade b -> a, b\nRunning downgrade a -> , a\nerror: migrations/a.sql:10:1: "),
        "{}",
        ran.stderr
    );
    assert_eq!((db.schema(), db.contents()), before, "b is not taken back either");
    write(&cli, "a", "", A.1);
    cli.expect("-x $URL downgrade base", 0, "", "Running downgrade b -> a, b\nRunning downgrade a -> , a\n");
    assert_eq!(db.contents().len(), 1, "only the version table");
}

#[test]
fn a_run_is_one_transaction_on_postgres() {
    let db = Db::postgres("second_per_run");
    per_run(&db);
    let index = "-- migrate:upgrade\nCREATE INDEX CONCURRENTLY i ON a (id);\n-- migrate:downgrade\n";
    let cli = line(&db, "transaction = \"per-run\"\n", &[A, ("b", index)]);
    cli.expect(
        "-x $URL upgrade head",
        4,
        "",
        "error: revision b has a statement that runs outside a transaction, and migrate.toml says transaction = \"per-run\"\n\
         hint: set transaction = \"per-revision\"\n",
    );
    cli.expect("-x $URL current", 0, "", "Pending: a, b\n");
}

#[test]
fn a_run_is_one_transaction_on_sqlite() {
    per_run(&Db::sqlite());
}

#[test]
fn the_version_table_has_the_name_and_schema_of_migrate_toml() {
    let db = Db::postgres("second_version_table");
    let settings = "version_table = \"Meta ü\"\nversion_table_schema = \"Ops\"\n";
    let cli = line(&db, settings, &[A]);
    cli.expect(
        "-x $URL upgrade head",
        4,
        "",
        "error: cannot create the version table \"Ops\".\"Meta ü\": schema \"Ops\" does not exist (SQLSTATE 3F000)\n\
         hint: create the schema before: CREATE SCHEMA \"Ops\"; the version table cannot be in one that a revision creates\n",
    );
    db.sql("CREATE SCHEMA \"Ops\"");
    cli.expect("-x $URL upgrade head", 0, "", UP_A);
    assert_eq!(db.contents().into_keys().collect::<Vec<_>>(), ["\"Ops\".\"Meta ü\"", "public.a"]);
    cli.expect("-x $URL current", 0, "a (head)\n", "");

    // SQLite has no schemas.
    let db = Db::sqlite();
    line(&db, settings, &[A]).expect("-x $URL upgrade head", 0, "", UP_A);
    assert_eq!(db.contents().into_keys().collect::<Vec<_>>(), ["Meta ü", "a"]);
}

#[test]
fn an_unqualified_table_lands_in_the_first_schema_of_search_path_that_is_there() {
    let db = Db::postgres("second_search_path");
    db.sql("CREATE SCHEMA \"App\"");
    let settings = "search_path = [\"later\", \"App\"]\nversion_table_schema = \"public\"\n";
    let cli = line(
        &db,
        settings,
        &[A, ("b", "-- migrate:upgrade\nCREATE SCHEMA later;\nCREATE TABLE b (id integer);\n-- migrate:downgrade\n")],
    );
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    assert_eq!(db.contents().into_keys().collect::<Vec<_>>(), ["\"App\".a", "later.b", "public.migrate_version"]);
}

/// Writes down how the session is.
const LOOK: &str = "INSERT INTO public.seen (path, who, mem, timeout) SELECT current_setting('search_path'), \
                    current_user::text, current_setting('work_mem'), current_setting('statement_timeout');\n";

/// Every revision starts with the same session, whatever the one before it has set and in whatever way.
fn leaks(transaction: &str) {
    let db = Db::postgres("second_leaks");
    db.sql(
        "CREATE TABLE public.seen (n serial, path text, who text, mem text, timeout text);
         GRANT ALL ON ALL TABLES IN SCHEMA public TO limited; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO limited;",
    );
    let sets = [
        "SET search_path = pg_catalog;\nSET ROLE limited;\nSELECT set_config('work_mem', '99MB', false);\n",
        "SET LOCAL search_path TO pg_catalog;\nSET SESSION AUTHORIZATION limited;\nSET statement_timeout = '1h';\n",
        "DO $$ BEGIN\n  PERFORM set_config('role', 'limited', false);\n  PERFORM set_config('search_path', 'pg_catalog', false);\nEND $$;\n",
        "",
    ];
    let bodies = sets.map(|set| format!("-- migrate:upgrade\n{LOOK}{set}{LOOK}\n-- migrate:downgrade\n"));
    let ids = ["r1", "r2", "r3", "r4"];
    let revisions: Vec<(&str, &str)> = ids.iter().copied().zip(bodies.iter().map(String::as_str)).collect();
    let cli = line(&db, &format!("transaction = \"{transaction}\"\n"), &revisions);
    let ran = cli.run("-x $URL upgrade head");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let superuser = db.rows("SELECT current_user");
    let superuser = superuser.trim_end();
    let start = format!("public|{superuser}|4MB|0\n");
    let expect = format!(
        "{start}pg_catalog|limited|99MB|0\n{start}pg_catalog|limited|4MB|1h\n{start}pg_catalog|limited|4MB|0\n{start}{start}"
    );
    assert_eq!(db.rows("SELECT path, who, mem, timeout FROM public.seen ORDER BY n"), expect);
}

#[test]
fn what_a_revision_sets_does_not_reach_the_next() {
    leaks("per-revision");
}

#[test]
fn what_a_revision_sets_does_not_reach_the_next_of_the_same_transaction() {
    leaks("per-run");
}

#[test]
fn the_settings_before_a_concurrent_index_hold_for_it_and_after_it() {
    let db = Db::postgres("second_segments");
    let body = "-- migrate:upgrade
CREATE SCHEMA s;
SET search_path = s;
CREATE TABLE here (id integer);
CREATE INDEX CONCURRENTLY here_id ON here (id);
INSERT INTO here VALUES (1);

-- migrate:downgrade
";
    let cli = line(&db, "", &[("a", body), ("b", B.1)]);
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    let indexes = "SELECT schemaname, tablename FROM pg_indexes WHERE indexname = 'here_id'";
    assert_eq!(db.rows(indexes), "s|here\n");
    assert_eq!(db.rows("SELECT schemaname FROM pg_tables WHERE tablename = 'b'"), "public\n");
}

const FAMILY: (&str, &str) = (
    "a",
    "-- migrate:upgrade
CREATE TABLE parent (id integer PRIMARY KEY, name text);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent (id) ON DELETE CASCADE);
CREATE INDEX child_parent ON child (parent_id);
CREATE VIEW names AS SELECT c.id, p.name FROM child c JOIN parent p ON p.id = c.parent_id;
CREATE TRIGGER parent_name AFTER INSERT ON parent BEGIN UPDATE parent SET name = upper(name) WHERE id = NEW.id; END;
INSERT INTO parent VALUES (1, 'ada'), (2, 'bob');
INSERT INTO child VALUES (10, 1), (20, 2);

-- migrate:downgrade
",
);

#[test]
fn sqlite_drops_a_parent_without_touching_its_children() {
    let db = Db::sqlite();
    let rebuild = "-- migrate:upgrade
CREATE TABLE parent_new (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO parent_new SELECT id, name FROM parent;
DROP VIEW names;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
CREATE VIEW names AS SELECT c.id, p.name FROM child c JOIN parent p ON p.id = c.parent_id;
CREATE TRIGGER parent_name AFTER INSERT ON parent BEGIN UPDATE parent SET name = upper(name) WHERE id = NEW.id; END;

-- migrate:downgrade
";
    let cli = line(&db, "", &[FAMILY, ("b", rebuild)]);
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    assert_eq!(db.rows("SELECT * FROM names ORDER BY id"), "10|ADA\n20|BOB\n");
    db.sql("DELETE FROM parent WHERE id = 2");
    assert_eq!(db.rows("SELECT * FROM child"), "10|1\n", "the foreign key points at the new table");
}

#[test]
fn sqlite_enforces_foreign_keys_in_a_revision_that_asks_for_it() {
    let db = Db::sqlite();
    let cascade = "-- migrate:upgrade
PRAGMA foreign_keys=ON;
DELETE FROM parent WHERE id = 1;

-- migrate:downgrade
";
    let cli = line(&db, "", &[FAMILY, ("b", cascade)]);
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    assert_eq!(db.rows("SELECT * FROM child"), "20|2\n");
    // The one after it starts without.
    write(
        &cli,
        "c",
        "b",
        "-- migrate:upgrade\nDELETE FROM parent WHERE id = 2;\nINSERT INTO parent VALUES (2, 'bea');\n-- migrate:downgrade\n",
    );
    cli.expect("-x $URL upgrade head", 0, "", "Running upgrade b -> c, c\n");
    assert_eq!(db.rows("SELECT * FROM names"), "20|BEA\n");
    write(
        &cli,
        "d",
        "c",
        "-- migrate:upgrade\nPRAGMA foreign_keys = 1;\nINSERT INTO child VALUES (30, 3);\n-- migrate:downgrade\n",
    );
    cli.expect(
        "-x $URL upgrade head",
        4,
        "",
        "Running upgrade c -> d, d
error: migrations/d.sql:8:1: upgrade of d failed: FOREIGN KEY constraint failed
 --> migrations/d.sql:8:1
  |
8 | INSERT INTO child VALUES (30, 3);
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ SQLite 787
  nothing was changed
",
    );
    // One transaction of several revisions cannot switch it.
    let config = cli.folder.read("migrate.toml");
    cli.folder.write("migrate.toml", &format!("{config}transaction = \"per-run\"\n"));
    write(&cli, "e", "d", B.1);
    let ran = cli.run("-x $URL upgrade head");
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "error: migrations/d.sql:7:1: upgrade of d failed: SQLite ignores this pragma inside a transaction"
        ),
        "{}",
        ran.stderr
    );
}

const REBUILD: &str = "-- migrate:upgrade
PRAGMA legacy_alter_table=ON;
ALTER TABLE parent RENAME TO parent_old;
CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL);
INSERT OR ABORT INTO parent (id, name) SELECT id, name FROM parent_old;
DROP TABLE parent_old;
CREATE TRIGGER parent_name AFTER INSERT ON parent BEGIN UPDATE parent SET name = upper(name) WHERE id = NEW.id; END;
PRAGMA legacy_alter_table=OFF;

-- migrate:downgrade
";

#[test]
fn sqlite_rebuilds_a_table_that_views_and_foreign_keys_name() {
    let db = Db::sqlite();
    let cli = line(&db, "", &[FAMILY, ("b", REBUILD)]);
    cli.expect("-x $URL upgrade a", 0, "", UP_A);
    let others = "SELECT sql FROM sqlite_master WHERE name IN ('child', 'names', 'child_parent') ORDER BY name";
    let before = db.rows(others);
    cli.expect("-x $URL upgrade head", 0, "", UP_B);
    assert_eq!(db.rows(others), before, "views, foreign keys and indexes of others are untouched");
    assert_eq!(db.rows("SELECT * FROM names ORDER BY id"), "10|ADA\n20|BOB\n");
    db.sql("INSERT INTO parent VALUES (3, 'cyd'); INSERT INTO child VALUES (30, 3)");
    assert_eq!(db.rows("SELECT name FROM names WHERE id = 30"), "CYD\n");
}

#[test]
fn sqlite_stops_a_rebuild_that_would_lose_what_others_made() {
    for (made, object) in [
        ("CREATE INDEX \"by hand\" ON parent (name)", "by hand"),
        ("CREATE TRIGGER watch AFTER DELETE ON parent BEGIN SELECT 1; END", "watch"),
    ] {
        let db = Db::sqlite();
        let cli = line(&db, "", &[FAMILY, ("b", REBUILD)]);
        cli.expect("-x $URL upgrade a", 0, "", UP_A);
        db.sql(made);
        let before = (db.schema(), db.contents());
        let ran = cli.run("-x $URL upgrade head");
        let told = format!(
            "{UP_B}error: migrations/b.sql:6:1: upgrade of b failed: the revision would lose `{object}` of the table `parent`, \
             which no statement of it names\n"
        );
        assert!(ran.code == 4 && ran.stderr.starts_with(&told), "{}", ran.stderr);
        assert_eq!((db.schema(), db.contents()), before);
        // A statement that names it says that it is meant.
        let mended = REBUILD.replace("DROP TABLE parent_old;", &format!("DROP TABLE parent_old;\n{made};"));
        write(&cli, "b", "a", &mended);
        cli.expect("-x $URL upgrade head", 0, "", UP_B);
        assert_eq!(db.rows(&format!("SELECT tbl_name FROM sqlite_master WHERE name = '{object}'")), "parent\n");
    }
}

#[test]
fn sqlite_bears_old_orphans_and_refuses_new_ones() {
    let db = Db::sqlite();
    let touch = "-- migrate:upgrade\nALTER TABLE child ADD COLUMN note text;\n-- migrate:downgrade\n";
    let cli = line(&db, "", &[FAMILY, ("b", touch)]);
    cli.expect("-x $URL upgrade a", 0, "", UP_A);
    db.sql("PRAGMA foreign_keys=OFF; INSERT INTO child VALUES (90, 9)");
    cli.expect("-x $URL upgrade head", 0, "", UP_B);
    assert_eq!(db.rows("SELECT id, parent_id FROM child ORDER BY id"), "10|1\n20|2\n90|9\n");

    write(&cli, "c", "b", "-- migrate:upgrade\nDELETE FROM parent WHERE id = 1;\n\n-- migrate:downgrade\n");
    let before = (db.schema(), db.contents());
    cli.expect(
        "-x $URL upgrade head",
        4,
        "",
        "Running upgrade b -> c, c
error: migrations/c.sql:6:1: upgrade of c failed: the revision would leave 1 row whose foreign key points nowhere
 --> migrations/c.sql:6:1
  |
6 | -- migrate:upgrade
  | ^
  |
  = help: delete or repair such rows in the revision
  detail: the row of child with rowid 10 has no parent in parent
  nothing was changed
",
    );
    assert_eq!((db.schema(), db.contents()), before);
}

/// What an edit of an applied revision does: nothing where only the reader sees it, a refusal otherwise.
fn edits(db: &Db) {
    let body = "-- migrate:upgrade\nCREATE TABLE a (id integer, name text DEFAULT 'x  y');\n\n-- migrate:downgrade\nDROP TABLE a;\n";
    let cli = line(db, "", &[("a", body), B]);
    cli.expect("-x $URL upgrade a", 0, "", UP_A);
    let recorded = db.rows("SELECT checksum FROM migrate_version").trim_end().to_owned();
    let at_a = || cli.expect("-x $URL current", 0, "a\n", "Pending: b\n");

    // Comments, white space, CRLF, a byte order mark, the downgrade, the message.
    let other = "-- migrate:upgrade\n-- A comment; with words.\nCREATE   TABLE a\n(\n  id integer, /* more */ name text DEFAULT 'x  y'\n)\n;\n\n-- migrate:downgrade\nDROP TABLE IF EXISTS a;\n";
    write(&cli, "a", "", other);
    at_a();
    let text = cli.folder.read("migrations/a.sql").replace('\n', "\r\n");
    cli.folder.write("migrations/a.sql", &format!("\u{feff}{text}"));
    at_a();
    cli.expect("-x $URL upgrade head", 0, "", UP_B);
    cli.expect("-x $URL downgrade a", 0, "", "Running downgrade b -> a, b\n");

    // A word of a string.
    let edited = body.replace("x  y", "x y");
    write(&cli, "a", "", &edited);
    let ran = cli.run("-x $URL upgrade head");
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{}", ran.stderr);
    let begin = "error: migrations/a.sql: revision a was changed after it had been applied (applied as ";
    assert!(ran.stderr.starts_with(begin), "{}", ran.stderr);
    let accept = format!(
        "hint: if the database needs no change, accept the edit: write `-- migrate:was {recorded}` into its upgrade section in \
         migrations/a.sql\nhint: `--allow-edited` goes on this once\n"
    );
    assert!(ran.stderr.ends_with(&accept), "{}", ran.stderr);
    assert_eq!(db.rows("SELECT revision FROM migrate_version"), "a\n", "nothing was run");
    let warning = format!(
        "warning: migrations/a.sql: revision a was changed after it had been applied; `-- migrate:was {recorded}` in its upgrade \
         section accepts that\nPending: b\n"
    );
    cli.expect("-x $URL current", 0, "a\n", &warning);

    cli.expect("-x $URL upgrade head --allow-edited", 0, "", UP_B);
    cli.expect("-x $URL downgrade a", 0, "", "Running downgrade b -> a, b\n");
    assert_eq!(cli.run("-x $URL upgrade head").code, 4, "it was for once");
    let accepted =
        edited.replacen("-- migrate:upgrade\n", &format!("-- migrate:upgrade\n-- migrate:was {recorded}\n"), 1);
    write(&cli, "a", "", &accepted);
    at_a();
    cli.expect("-x $URL upgrade head", 0, "", UP_B);
}

#[test]
fn edits_on_postgres() {
    edits(&Db::postgres("second_edits"));
}

#[test]
fn edits_on_sqlite() {
    edits(&Db::sqlite());
}

/// A database that has revisions which no file has, and a revision without a way back.
fn missing_files(db: &Db) {
    let irreversible =
        "-- migrate:upgrade\nCREATE TABLE b (id integer);\n\n-- migrate:irreversible: the rows are gone\n";
    let cli = line(db, "", &[A, ("b", irreversible)]);
    cli.expect("-x $URL upgrade head", 0, "", &format!("{UP_A}{UP_B}"));
    cli.expect(
        "-x $URL downgrade -1",
        4,
        "",
        "error: migrations/b.sql:9:1: revision b is irreversible: the rows are gone\n",
    );
    cli.expect(
        "-x $URL downgrade base",
        4,
        "",
        "error: migrations/b.sql:9:1: revision b is irreversible: the rows are gone\n",
    );
    cli.expect("-x $URL current", 0, "b (head)\n", "");

    std::fs::remove_file(cli.folder.path().join("migrations/b.sql")).expect("the file is removed");
    let ran = cli.run("-x $URL current");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "b (unknown)\n"));
    assert!(
        ran.stderr.starts_with("warning: no file here has the revision b \"b\", revises a, applied 20"),
        "{}",
        ran.stderr
    );
    // There is nothing to do for the files that are here.
    assert_eq!(cli.run("-x $URL upgrade head").code, 0);
    write(&cli, "c", "a", "-- migrate:upgrade\nCREATE TABLE c (id integer);\n\n-- migrate:downgrade\nDROP TABLE c;\n");
    let before = (db.schema(), db.contents());
    for command in ["upgrade head", "downgrade base", "stamp head"] {
        let ran = cli.run(&format!("-x $URL {command}"));
        let told = "error: the database has revisions that no file here has: b \"b\", revises a, applied 20";
        assert!(ran.code == 4 && ran.stderr.starts_with(told), "{command}: {}", ran.stderr);
    }
    assert_eq!((db.schema(), db.contents()), before);
    cli.expect("-x $URL stamp --purge a", 0, "", "Forgot b\n");
    cli.expect("-x $URL upgrade head", 0, "", "Running upgrade a -> c, c\n");
}

#[test]
fn missing_files_on_postgres() {
    missing_files(&Db::postgres("second_missing"));
}

#[test]
fn missing_files_on_sqlite() {
    missing_files(&Db::sqlite());
}
