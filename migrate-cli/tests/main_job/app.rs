//! The reference app and the command line as programs.

use migrate_test_support::{binary, hermetic, run};

use super::*;

#[test]
fn the_binary_works_from_a_folder_below_and_a_relative_database_is_beside_migrate_toml() {
    let folder = Scratch::new();
    copy_project(&folder);
    folder.write("src/deep/x.rs", "");
    let run_in = |below: &str, args: &[&str]| {
        let output = run(hermetic(binary("migrate-cli")).args(args).current_dir(folder.path().join(below)));
        (output.code, output.stdout, output.stderr.replace(&folder.path().display().to_string(), "$DIR"))
    };
    let done = |stdout: &str, stderr: &str| (0, stdout.to_owned(), stderr.to_owned());
    assert_eq!(
        run_in("src/deep", &["upgrade", "head"]),
        done("", &format!("Creating $DIR/dpo.db\n{INITIAL}{RENAME}{REFACTOR}"))
    );
    assert_eq!(run_in("", &["-c", "migrate.toml", "current"]), done("c5c34dd0b8f2 (head)\n", ""));
    assert_eq!(run_in("src", &["downgrade", "-1"]), done("", BACK_FROM_REFACTOR));
    assert_eq!(run_in("", &["history"]), done(HISTORY, ""));
    // A database that an argument names is relative to the working folder.
    let created = format!("Creating $DIR/src/x.db\n{INITIAL}");
    assert_eq!(run_in("src", &["-x", "sqlite:///x.db", "upgrade", "+1"]), done("", &created));
    assert_eq!(run_in("src", &["-x", "sqlite:///x.db", "current"]).1, "7d9871ef8afa\n");
}

/// The reference app: brings its database to head by itself, uses its tables, and refuses a database that is elsewhere.
fn app(db: &Db) {
    let cli = project(&db.url());
    let dpo = |args: &[&str]| {
        let output =
            run(hermetic(binary("dpo")).args(args).current_dir(cli.folder.path()).env("DATABASE_URL", db.url()));
        (output.code, output.stdout, output.stderr)
    };
    let missing = "dpo: the database is not at head: 7d9871ef8afa, fe9eed6d812f, c5c34dd0b8f2 missing\n  \
                   run `migrate-cli upgrade head` before this program\n";
    assert_eq!(dpo(&["list"]), (1, String::new(), missing.to_owned()));
    let told = format!("{INITIAL}{RENAME}{REFACTOR}The database is now at head: c5c34dd0b8f2\n");
    assert_eq!(dpo(&[]), (0, told, String::new()));
    assert_eq!(dpo(&[]), (0, "The database is at head: c5c34dd0b8f2\n".to_owned(), String::new()));
    assert_eq!(dpo(&["list"]), (0, String::new(), String::new()));

    let (code, id, stderr) = dpo(&["start", "users", "orders"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let id = id.trim_end();
    assert_eq!(id.len(), 36);
    let (_, list, _) = dpo(&["list"]);
    assert!(list.starts_with(&format!("{id}  INITIALISED  ")) && list.ends_with("  2 models\n"), "{list}");
    assert_eq!(dpo(&["complete", id]), (0, String::new(), String::new()));
    let (_, list, _) = dpo(&["list"]);
    assert!(list.starts_with(&format!("{id}  COMPLETED  ")) && list.ends_with("  2 models\n"), "{list}");
    assert_eq!(dpo(&["complete", "x"]), (1, String::new(), "dpo: there is no execution x\n".to_owned()));

    // The command line and the app mean the same revisions.
    cli.expect("-x $URL current --check-heads", 0, "c5c34dd0b8f2 (head)\n", "");
    cli.expect("-x $URL downgrade -1", 0, "", BACK_FROM_REFACTOR);
    let missing = "dpo: the database is not at head: c5c34dd0b8f2 missing\n  \
                   run `migrate-cli upgrade head` before this program\n";
    assert_eq!(dpo(&["list"]), (1, String::new(), missing.to_owned()));
    assert_eq!(dpo(&["upgrade"]), (0, format!("{REFACTOR}The database is now at head: c5c34dd0b8f2\n"), String::new()));
    let (_, list, _) = dpo(&["list"]);
    assert!(list.starts_with(&format!("{id}  COMPLETED  ")) && list.ends_with("  2 models\n"), "{list}");
}

#[test]
fn the_app_on_postgres() {
    app(&Db::postgres("main_job_app"));
}

#[test]
fn the_app_on_sqlite() {
    app(&Db::sqlite());
}

#[test]
fn the_app_without_a_variable_makes_its_database_here() {
    let folder = Scratch::new();
    let output = run(hermetic(binary("dpo")).arg("list").current_dir(folder.path()));
    assert_eq!((output.code, output.stdout.as_str()), (1, ""));
    assert!(output.stderr.ends_with("; `dpo upgrade` creates the database\n"), "{}", output.stderr);
    let output = run(hermetic(binary("dpo")).current_dir(folder.path())).expect_success();
    let created = format!("Creating {}/dpo.db\n", folder.path().display());
    let told = format!("{created}{INITIAL}{RENAME}{REFACTOR}The database is now at head: c5c34dd0b8f2\n");
    assert_eq!(output.stdout, told);
    assert_eq!(folder.files(), ["dpo.db"]);
}
