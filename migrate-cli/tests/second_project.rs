//! Nothing knows the first project: the same script of commands passes on projects whose names come from a seed, plain
//! ones and ones that need quotes; and what migrate.toml and a revision may say about the session holds.

#[path = "second_project/edits.rs"]
mod edits;
#[path = "second_project/rebuilds.rs"]
mod rebuilds;
#[path = "common/script_cli.rs"]
mod script_cli;
#[path = "common/script_commands.rs"]
mod script_commands;
#[path = "common/script_db.rs"]
mod script_db;
#[path = "second_project/sessions.rs"]
mod sessions;

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
