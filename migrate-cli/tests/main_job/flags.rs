//! What the flags change, and what a stamp writes.

use super::*;

/// What the flags change, and that a dry run, `history` and `current` change nothing.
fn flags(db: &Db) {
    let cli = project(&db.url());
    let dry = "Would run upgrade  -> 7d9871ef8afa, initial revision\n\
               Would run upgrade 7d9871ef8afa -> fe9eed6d812f, rename tables\n\
               Would run upgrade fe9eed6d812f -> c5c34dd0b8f2, refactor schema to support steps and stats\n";
    let before = db.schema();
    cli.expect("-x $URL upgrade head --dry-run", 0, dry, "");
    cli.expect(
        "-x $URL --json upgrade +1 --dry-run",
        0,
        r#"{
  "would_run": [
    {
      "direction": "upgrade",
      "resume": null,
      "revision": "7d9871ef8afa"
    }
  ]
}
"#,
        "",
    );
    assert_eq!(db.schema(), before, "a dry run changes nothing");

    cli.expect("-q -x $URL upgrade +1", 0, "", "");
    let json = "{\n  \"finished\": [\n    \"fe9eed6d812f\"\n  ],\n  \"heads\": [\n    \"fe9eed6d812f\"\n  ]\n}\n";
    cli.expect(
        "-x $URL --json upgrade +1",
        0,
        json,
        &format!("{}\n", serde_json::json!({ "note": RENAME.trim_end() })),
    );
    let verbose = cli.run("-x $URL -v upgrade head");
    assert_eq!((verbose.code, verbose.stdout.as_str()), (0, ""));
    let lines: Vec<&str> = verbose.stderr.lines().collect();
    assert_eq!(lines[..2], ["1 revision to run", REFACTOR.trim_end()]);
    let finished = lines[2].strip_prefix("Finished c5c34dd0b8f2 in ").and_then(|rest| rest.strip_suffix(" ms"));
    assert!(finished.is_some_and(|ms| ms.parse::<u32>().is_ok()) && lines.len() == 3, "{lines:?}");

    cli.expect("-x $URL history -i -r fe:", 0, "fe9eed6d812f -> c5c34dd0b8f2 (head) (current), refactor schema to support steps and stats\n7d9871ef8afa -> fe9eed6d812f, rename tables\n", "");
    cli.expect("-x $URL history -n 1", 0, HISTORY.split_inclusive('\n').next().unwrap_or_default(), "");
    cli.expect("heads", 0, "c5c34dd0b8f2 (head)\n", "");
    cli.expect("-q -x $URL current", 0, "c5c34dd0b8f2 (head)\n", "");
    cli.expect("-x $URL current --check-heads", 0, "c5c34dd0b8f2 (head)\n", "");
    cli.expect("-x $URL downgrade -1 --dry-run", 0, &BACK_FROM_REFACTOR.replacen("Running", "Would run", 1), "");
    cli.expect("-x $URL upgrade head --dry-run", 0, "", "Nothing would run.\n");
    cli.expect("-q -x $URL downgrade -1", 0, "", "");
    cli.expect("-x $URL current --check-heads", 1, "fe9eed6d812f\n", "Pending: c5c34dd0b8f2\n");

    let current = cli.run("-x $URL --json current");
    let value: serde_json::Value = serde_json::from_str(&current.stdout).expect("it is JSON");
    assert_eq!(value["pending"], serde_json::json!(["c5c34dd0b8f2"]));
    assert_eq!(value["edited"], serde_json::json!([]));
    let head = &value["heads"][0];
    let found = ["revision", "state", "message", "source", "statements_done", "statements_total", "revises", "known"]
        .map(|key| head[key].to_string());
    assert_eq!(
        found,
        ["\"fe9eed6d812f\"", "\"applied\"", "\"rename tables\"", "\"run\"", "2", "2", "[\"7d9871ef8afa\"]", "true"]
    );
    assert_eq!(value["applied"].as_array().map(Vec::len), Some(2));
    // The verbose form names the database, never its password.
    let verbose = cli.run("-x $URL -v current").stdout;
    assert!(
        verbose.starts_with("Current revision(s) for ") && !verbose.contains("p@ss") && !verbose.contains("p%40ss")
    );
    let block = "Rev: fe9eed6d812f\nParent: 7d9871ef8afa\nPath: migrations/fe9eed6d812f_rename_tables.sql\n\n    \
                 rename tables\n\n    Revision ID: fe9eed6d812f\n    Revises: 7d9871ef8afa\n    \
                 Create Date: 2026-11-22 10:00:00+00:00\n\n";
    assert_eq!(verbose.split_once('\n').map(|(_, rest)| rest), Some(block));
    cli.expect("show fe9", 0, block, "");
}

#[test]
fn flags_on_postgres() {
    flags(&Db::postgres("main_job_flags"));
}

#[test]
fn flags_on_sqlite() {
    flags(&Db::sqlite());
}

/// A stamp writes the version table and runs nothing.
fn stamp(db: &Db) {
    let cli = project(&db.url());
    let tables = |db: &Db| db.contents().into_keys().collect::<Vec<_>>();
    cli.expect("-x $URL stamp fe9", 0, "", "Stamped 7d9871ef8afa as applied\nStamped fe9eed6d812f as applied\n");
    assert_eq!(tables(db), [if db.is_postgres() { "public.migrate_version" } else { "migrate_version" }]);
    let rows = "SELECT revision, state, source, statements_done, statements_total, message, revises, format \
                FROM migrate_version ORDER BY revision";
    assert_eq!(
        db.rows(rows),
        "7d9871ef8afa|applied|stamp|S|S|initial revision||1\nfe9eed6d812f|applied|stamp|2|2|rename tables|7d9871ef8afa|1\n"
            .replace('S', if db.is_postgres() { "3" } else { "2" })
    );
    cli.expect("-x $URL stamp fe9", 0, "", "Nothing to do: the version table says so already\n");
    cli.expect("-x $URL current", 0, "fe9eed6d812f\n", "Pending: c5c34dd0b8f2\n");
    cli.expect("-x $URL stamp head", 0, "", "Stamped c5c34dd0b8f2 as applied\n");
    cli.expect("-x $URL upgrade head", 0, "", "The database is at head: c5c34dd0b8f2\n");
    cli.expect("-x $URL stamp 7d", 0, "", "Forgot c5c34dd0b8f2\nForgot fe9eed6d812f\n");
    cli.expect(
        "-x $URL --json stamp base",
        0,
        "{\n  \"deleted\": [\n    \"7d9871ef8afa\"\n  ],\n  \"inserted\": []\n}\n",
        "",
    );
    cli.expect("-x $URL upgrade head", 0, "", &format!("{INITIAL}{RENAME}{REFACTOR}"));
}

#[test]
fn stamp_on_postgres() {
    stamp(&Db::postgres("main_job_stamp"));
}

#[test]
fn stamp_on_sqlite() {
    stamp(&Db::sqlite());
}
