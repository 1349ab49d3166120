//! What migrate.toml says about transactions and schemas, and that every revision starts with the same session.

use super::*;

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
        "Running upgrade  -> a, a\n\
         error: cannot create the version table \"Ops\".\"Meta ü\": schema \"Ops\" does not exist (SQLSTATE 3F000)\n\
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
