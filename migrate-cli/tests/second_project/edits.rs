//! Revisions that were edited or removed after they had been applied, and revisions without a way back.

use super::*;

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

/// A first revision that fails leaves nothing behind, the version table neither.
fn nothing_is_left_of_a_failed_first_revision(db: &Db) {
    let body =
        "-- migrate:upgrade\nCREATE TABLE a (id integer);\nINSERT INTO nothing VALUES (1);\n\n-- migrate:downgrade\n";
    let before = db.schema();
    let cli = line(db, "", &[("a", body)]);
    let ran = cli.run("-x $URL upgrade head");
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.ends_with("  nothing was changed\n"), "{}", ran.stderr);
    assert_eq!(db.schema(), before);
    cli.expect("-x $URL current", 0, "", "Pending: a\n");
}

#[test]
fn nothing_is_left_of_a_failed_first_revision_on_postgres() {
    nothing_is_left_of_a_failed_first_revision(&Db::postgres("second_nothing"));
}

#[test]
fn nothing_is_left_of_a_failed_first_revision_on_sqlite() {
    nothing_is_left_of_a_failed_first_revision(&Db::sqlite());
}
