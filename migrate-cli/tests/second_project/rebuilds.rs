//! Foreign keys and rebuilt tables on SQLite.

use super::*;

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
