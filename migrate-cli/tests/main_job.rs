//! The main job on the repository's own project: its three revisions go up and down with rows, on PostgreSQL and
//! SQLite, and what the commands print is what Alembic's print.

#[path = "main_job/app.rs"]
mod app;
#[path = "main_job/flags.rs"]
mod flags;
#[path = "common/script_cli.rs"]
mod script_cli;
#[path = "common/script_commands.rs"]
mod script_commands;
#[path = "common/script_db.rs"]
mod script_db;

use migrate_test_support::project::{Scratch, copy_dir, workspace_root};
use script_cli::Cli;
use script_commands::Story;
use script_db::Db;

const INITIAL: &str = "Running upgrade  -> 7d9871ef8afa, initial revision\n";
const RENAME: &str = "Running upgrade 7d9871ef8afa -> fe9eed6d812f, rename tables\n";
const REFACTOR: &str = "Running upgrade fe9eed6d812f -> c5c34dd0b8f2, refactor schema to support steps and stats\n";
const BACK_FROM_REFACTOR: &str =
    "Running downgrade c5c34dd0b8f2 -> fe9eed6d812f, refactor schema to support steps and stats\n";
const HISTORY: &str = "fe9eed6d812f -> c5c34dd0b8f2 (head), refactor schema to support steps and stats\n\
                       7d9871ef8afa -> fe9eed6d812f, rename tables\n\
                       <base> -> 7d9871ef8afa, initial revision\n";

const STORY: Story<'_> = Story {
    ids: ["7d9871ef8afa", "fe9eed6d812f", "c5c34dd0b8f2"],
    messages: ["initial revision", "rename tables", "refactor schema to support steps and stats"],
    version_table: "",
    insert: &insert,
    work: &work,
    check: &check,
};

/// Copies the project's migrate.toml and migrations into a folder.
fn project(url: &str) -> Cli {
    let cli = Cli::new(url);
    copy_project(&cli.folder);
    cli
}

fn copy_project(folder: &Scratch) {
    let root = workspace_root();
    copy_dir(root.join("migrations"), folder.path().join("migrations"));
    std::fs::copy(root.join("migrate.toml"), folder.path().join("migrate.toml")).expect("migrate.toml is copied");
}

/// Writes tables as `@name`: in the schema on PostgreSQL, without one on SQLite.
fn for_db(db: &Db, sql: &str) -> String {
    sql.replace('@', if db.is_postgres() { "dpo." } else { "" })
}

/// Three executions, of which the third has no checksums; a type twice in one execution, a gap in the ids.
fn insert(db: &Db) {
    db.sql(&for_db(
        db,
        "INSERT INTO @data_pipeline_execution (id, created_on, last_updated_on, execution_time_ms, status) VALUES
         ('11111111-1111-4111-8111-111111111111', '2026-01-01 10:00:00+00', '2026-01-01 10:00:02+00', 1500, 'COMPLETED'),
         ('22222222-2222-4222-8222-222222222222', '2026-01-02 10:00:00+00', '2026-01-02 10:00:01+00', NULL, 'FAILED'),
         ('33333333-3333-4333-8333-333333333333', '2026-01-03 10:00:00+00', '2026-01-03 10:00:00+00', NULL, 'INITIALISED');
         INSERT INTO @model_checksum (execution_id, created_on, last_updated_on, type, name, checksum) VALUES
         ('11111111-1111-4111-8111-111111111111', '2026-01-01 10:00:00+00', '2026-01-01 10:00:01+00', 'LOAD', 'users', 'aa'),
         ('11111111-1111-4111-8111-111111111111', '2026-01-01 10:00:01+00', '2026-01-01 10:00:02+00', 'LOAD', 'orders', 'bb'),
         ('11111111-1111-4111-8111-111111111111', '2026-01-01 10:00:01+00', '2026-01-01 10:00:01+00', 'LOAD', 'gone', 'xx'),
         ('11111111-1111-4111-8111-111111111111', '2026-01-01 10:00:01+00', '2026-01-01 10:00:01+00', 'TRANSFORM', 'users', 'cc'),
         ('22222222-2222-4222-8222-222222222222', '2026-01-02 10:00:00+00', '2026-01-02 10:00:00+00', 'LOAD', 'users', 'aa'),
         ('22222222-2222-4222-8222-222222222222', '2026-01-02 10:00:00+00', '2026-01-02 10:00:00+00', 'LOAD', 'users', 'it''s ü');
         DELETE FROM @model_checksum WHERE id = 3;",
    ));
}

/// Completes the third execution, and adds a step with a model to it.
fn work(db: &Db) {
    db.sql(&for_db(
        db,
        "UPDATE @execution SET status = 'COMPLETED', execution_time_ms = 7 WHERE status = 'INITIALISED';
         INSERT INTO @execution_step (execution_step_id, execution_id, step_name)
         VALUES ('44444444-4444-4444-8444-444444444444', '33333333-3333-4333-8333-333333333333', 'REPORT');
         INSERT INTO @execution_step_model (execution_step_model_id, created_on, updated_on, execution_step_id, model_name, checksum)
         VALUES ('55555555-5555-4555-8555-555555555555', '2026-01-03 11:00:00+00', '2026-01-03 11:00:00+00',
                 '44444444-4444-4444-8444-444444444444', 'reports', 'ee');",
    ));
}

#[track_caller]
fn check(db: &Db, applied: usize, worked: bool) {
    match applied {
        1 => check_old(db, "data_pipeline_execution", "model_checksum", worked),
        2 => check_old(db, "execution", "execution_model", worked),
        _ => check_head(db, worked),
    }
    if db.is_postgres() {
        assert_eq!(names(db), if applied == 3 { NAMES_AT_HEAD } else { OLD_NAMES }, "constraints, indexes, sequences");
    }
}

#[track_caller]
fn check_old(db: &Db, executions: &str, checksums: &str, worked: bool) {
    let query =
        format!("SELECT id, created_on, last_updated_on, execution_time_ms, status FROM @{executions} ORDER BY id");
    let third = if worked { "7|COMPLETED" } else { "|INITIALISED" };
    let expect = format!(
        "11111111-1111-4111-8111-111111111111|2026-01-01 10:00:00+00|2026-01-01 10:00:02+00|1500|COMPLETED
22222222-2222-4222-8222-222222222222|2026-01-02 10:00:00+00|2026-01-02 10:00:01+00||FAILED
33333333-3333-4333-8333-333333333333|2026-01-03 10:00:00+00|2026-01-03 10:00:00+00|{third}\n"
    );
    assert_eq!(db.rows(&for_db(db, &query)), expect);
    let query = format!(
        "SELECT id, execution_id, created_on, last_updated_on, type, name, checksum FROM @{checksums} ORDER BY id"
    );
    let mut expect =
        "1|11111111-1111-4111-8111-111111111111|2026-01-01 10:00:00+00|2026-01-01 10:00:01+00|LOAD|users|aa
2|11111111-1111-4111-8111-111111111111|2026-01-01 10:00:01+00|2026-01-01 10:00:02+00|LOAD|orders|bb
4|11111111-1111-4111-8111-111111111111|2026-01-01 10:00:01+00|2026-01-01 10:00:01+00|TRANSFORM|users|cc
5|22222222-2222-4222-8222-222222222222|2026-01-02 10:00:00+00|2026-01-02 10:00:00+00|LOAD|users|aa
6|22222222-2222-4222-8222-222222222222|2026-01-02 10:00:00+00|2026-01-02 10:00:00+00|LOAD|users|it's ü\n"
            .to_owned();
    if worked {
        expect +=
            "7|33333333-3333-4333-8333-333333333333|2026-01-03 11:00:00+00|2026-01-03 11:00:00+00|REPORT|reports|ee\n";
    }
    assert_eq!(db.rows(&for_db(db, &query)), expect);
}

#[track_caller]
fn check_head(db: &Db, worked: bool) {
    let query = "SELECT execution_id, created_on, updated_on, status, started_on, completed_on, execution_time_ms \
                 FROM @execution ORDER BY execution_id";
    let (status, time) = if worked { ("COMPLETED", "7") } else { ("INITIALISED", "") };
    let expect = format!(
        "11111111-1111-4111-8111-111111111111|2026-01-01 10:00:00+00|2026-01-01 10:00:02+00|COMPLETED|2026-01-01 10:00:00+00||1500
22222222-2222-4222-8222-222222222222|2026-01-02 10:00:00+00|2026-01-02 10:00:01+00|FAILED|2026-01-02 10:00:00+00||
33333333-3333-4333-8333-333333333333|2026-01-03 10:00:00+00|2026-01-03 10:00:00+00|{status}|2026-01-03 10:00:00+00||{time}\n"
    );
    assert_eq!(db.rows(&for_db(db, query)), expect);
    // One step for each execution and type.
    let query = "SELECT execution_id, step_name, created_on, updated_on, status, started_on, completed_on, \
                 execution_time_ms, rows_processed FROM @execution_step WHERE step_name <> 'REPORT' \
                 ORDER BY execution_id, step_name";
    let expect = "11111111-1111-4111-8111-111111111111|LOAD|2026-01-01 10:00:00+00|2026-01-01 10:00:02+00|COMPLETED|2026-01-01 10:00:00+00|||
11111111-1111-4111-8111-111111111111|TRANSFORM|2026-01-01 10:00:01+00|2026-01-01 10:00:01+00|COMPLETED|2026-01-01 10:00:01+00|||
22222222-2222-4222-8222-222222222222|LOAD|2026-01-02 10:00:00+00|2026-01-02 10:00:00+00|FAILED|2026-01-02 10:00:00+00|||\n";
    assert_eq!(db.rows(&for_db(db, query)), expect);
    // One model for each checksum.
    let query = "SELECT m.execution_step_model_id, s.execution_id, s.step_name, m.created_on, m.updated_on, m.model_name, \
                 m.checksum FROM @execution_step_model m JOIN @execution_step s ON s.execution_step_id = m.execution_step_id \
                 ORDER BY 1";
    let mut expect = "00000000-0000-8000-8000-000000000001|11111111-1111-4111-8111-111111111111|LOAD|2026-01-01 10:00:00+00|2026-01-01 10:00:01+00|users|aa
00000000-0000-8000-8000-000000000002|11111111-1111-4111-8111-111111111111|LOAD|2026-01-01 10:00:01+00|2026-01-01 10:00:02+00|orders|bb
00000000-0000-8000-8000-000000000004|11111111-1111-4111-8111-111111111111|TRANSFORM|2026-01-01 10:00:01+00|2026-01-01 10:00:01+00|users|cc
00000000-0000-8000-8000-000000000005|22222222-2222-4222-8222-222222222222|LOAD|2026-01-02 10:00:00+00|2026-01-02 10:00:00+00|users|aa
00000000-0000-8000-8000-000000000006|22222222-2222-4222-8222-222222222222|LOAD|2026-01-02 10:00:00+00|2026-01-02 10:00:00+00|users|it's ü\n"
        .to_owned();
    if worked {
        expect += "55555555-5555-4555-8555-555555555555|33333333-3333-4333-8333-333333333333|REPORT|2026-01-03 11:00:00+00|2026-01-03 11:00:00+00|reports|ee\n";
    }
    assert_eq!(db.rows(&for_db(db, query)), expect);
}

/// The constraints, indexes and sequences of the project's schema. A server from version 18 on also has NOT NULL
/// constraints.
fn names(db: &Db) -> String {
    db.rows(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'dpo'::regnamespace AND contype <> 'n' \
         UNION SELECT relname FROM pg_class WHERE relnamespace = 'dpo'::regnamespace AND relkind IN ('i', 'S') ORDER BY 1",
    )
}

const OLD_NAMES: &str = "data_pipeline_execution_pkey
model_checksum_execution_id_fkey
model_checksum_id_seq
model_checksum_pkey
";

const NAMES_AT_HEAD: &str = "execution_pkey
execution_step_execution_id_fkey
execution_step_model_execution_step_id_fkey
execution_step_model_pkey
execution_step_pkey
";

#[test]
fn the_script_of_commands_on_postgres() {
    let db = Db::postgres("main_job");
    Story { version_table: "public.migrate_version", ..STORY }.run(&project(&db.url()), &db);
}

#[test]
fn the_script_of_commands_on_sqlite() {
    let db = Db::sqlite();
    Story { version_table: "migrate_version", ..STORY }.run(&project(&db.url()), &db);
}

#[test]
fn the_script_of_commands_with_sqlalchemys_url() {
    let db = Db::postgres("main_job_psycopg2");
    let url = db.url().replacen("postgres://", "postgresql+psycopg2://", 1);
    Story { version_table: "public.migrate_version", ..STORY }.run(&project(&url), &db);
}

#[test]
fn postgres_at_head_has_these_objects_and_no_others() {
    let db = Db::postgres("main_job_objects");
    project(&db.url()).expect("-x $URL upgrade head", 0, "", &format!("{INITIAL}{RENAME}{REFACTOR}"));
    let dump = db.schema();
    let statements: Vec<&str> = dump
        .lines()
        .filter(|line| {
            !(line.is_empty() || ["--", "SET ", "SELECT pg_catalog.set_config"].iter().any(|s| line.starts_with(s)))
        })
        .filter(|line| !line.contains(" OWNER TO "))
        .collect();
    let expect = "CREATE SCHEMA dpo;
CREATE TABLE dpo.execution (
    execution_id uuid NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    status character varying(50) DEFAULT 'INITIALISED'::character varying NOT NULL,
    started_on timestamp with time zone DEFAULT now() NOT NULL,
    completed_on timestamp with time zone,
    execution_time_ms bigint
);
CREATE TABLE dpo.execution_step (
    execution_step_id uuid NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    execution_id uuid NOT NULL,
    step_name character varying(100) NOT NULL,
    status character varying(50) DEFAULT 'INITIALISED'::character varying NOT NULL,
    started_on timestamp with time zone DEFAULT now() NOT NULL,
    completed_on timestamp with time zone,
    execution_time_ms bigint,
    rows_processed bigint
);
CREATE TABLE dpo.execution_step_model (
    execution_step_model_id uuid NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    execution_step_id uuid NOT NULL,
    model_name character varying(250) NOT NULL,
    checksum character varying(100) NOT NULL
);
CREATE TABLE public.migrate_version (
    revision text NOT NULL,
    checksum text,
    state text NOT NULL,
    statements_done integer NOT NULL,
    statements_total integer NOT NULL,
    done_checksum text,
    message text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    duration_ms bigint NOT NULL,
    source text NOT NULL,
    revises text NOT NULL,
    format integer NOT NULL,
    tool_version text NOT NULL
);
ALTER TABLE ONLY dpo.execution
    ADD CONSTRAINT execution_pkey PRIMARY KEY (execution_id);
ALTER TABLE ONLY dpo.execution_step_model
    ADD CONSTRAINT execution_step_model_pkey PRIMARY KEY (execution_step_model_id);
ALTER TABLE ONLY dpo.execution_step
    ADD CONSTRAINT execution_step_pkey PRIMARY KEY (execution_step_id);
ALTER TABLE ONLY public.migrate_version
    ADD CONSTRAINT migrate_version_pkey PRIMARY KEY (revision);
ALTER TABLE ONLY dpo.execution_step
    ADD CONSTRAINT execution_step_execution_id_fkey FOREIGN KEY (execution_id) REFERENCES dpo.execution(execution_id);
ALTER TABLE ONLY dpo.execution_step_model
    ADD CONSTRAINT execution_step_model_execution_step_id_fkey FOREIGN KEY (execution_step_id) REFERENCES dpo.execution_step(execution_step_id);";
    assert_eq!(statements.join("\n"), expect);
}

#[test]
fn sqlite_at_head_has_these_objects_and_no_others() {
    let db = Db::sqlite();
    project(&db.url()).expect("-x $URL upgrade head", 0, "", &format!("{INITIAL}{RENAME}{REFACTOR}"));
    let objects = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY name";
    let expect = "table|execution|execution
table|execution_step|execution_step
table|execution_step_model|execution_step_model
table|migrate_version|migrate_version
index|sqlite_autoindex_execution_1|execution
index|sqlite_autoindex_execution_step_1|execution_step
index|sqlite_autoindex_execution_step_model_1|execution_step_model
index|sqlite_autoindex_migrate_version_1|migrate_version\n";
    assert_eq!(db.rows(objects), expect);
    let keys = "SELECT m.name, f.\"from\", f.\"table\", f.\"to\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f ORDER BY 1";
    let expect = "execution_step|execution_id|execution|execution_id
execution_step_model|execution_step_id|execution_step|execution_step_id\n";
    assert_eq!(db.rows(keys), expect);
}

/// Every way to name a target, from wherever the database is.
fn targets(db: &Db) {
    let cli = project(&db.url());
    let check = |line: &str, stderr: &str| cli.expect(&format!("-x $URL {line}"), 0, "", stderr);
    let back = "Running downgrade fe9eed6d812f -> 7d9871ef8afa, rename tables\n";
    let base = "Running downgrade 7d9871ef8afa -> , initial revision\n";
    check("upgrade +1", INITIAL);
    check("upgrade fe9", RENAME);
    check("upgrade c5", REFACTOR);
    check("upgrade 7d98", "Nothing to do: 7d98 is applied already (the database is at c5c34dd0b8f2)\n");
    check("upgrade", "The database is at head: c5c34dd0b8f2\n");
    check("downgrade -3", &format!("{BACK_FROM_REFACTOR}{back}{base}"));
    check("upgrade head-1", &format!("{INITIAL}{RENAME}"));
    check("downgrade fe9-1", back);
    check("downgrade 7d9871ef8afa-1", base);
    check("upgrade base+1", INITIAL);
    check("upgrade 7d+2", &format!("{RENAME}{REFACTOR}"));
    check("downgrade base+1", &format!("{BACK_FROM_REFACTOR}{back}"));
    check("upgrade heads", &format!("{RENAME}{REFACTOR}"));
    check("downgrade 7d", &format!("{BACK_FROM_REFACTOR}{back}"));
    check("upgrade c5-1", RENAME);
    check("downgrade fe", "Nothing to do: nothing above fe is applied\n");

    let fails = |line: &str, stderr: &str| cli.expect(&format!("-x $URL {line}"), 3, "", stderr);
    fails("upgrade +2", "error: `+2` goes too far: there is 1 step in that direction\n");
    fails("downgrade -3", "error: `-3` goes too far: there are 2 steps in that direction\n");
    fails(
        "upgrade fa",
        "error: no revision or branch label is called `fa`\nhint: `migrate-cli history` lists the revisions\n",
    );
    fails("downgrade c5", "error: `c5` cannot be used here: c5c34dd0b8f2 is not applied, so nothing above it is\n");
}

#[test]
fn targets_on_postgres() {
    targets(&Db::postgres("main_job_targets"));
}

#[test]
fn targets_on_sqlite() {
    targets(&Db::sqlite());
}

/// Where the project and the database come from when no argument says it.
fn configuration(db: &Db) {
    let mut cli = project(&db.url());
    cli.environment.insert("DATABASE_URL".to_owned(), db.url());
    cli.expect("upgrade +1", 0, "", INITIAL);

    // Another section has its own everything.
    let config = cli.folder.read("migrate.toml");
    cli.folder.write(
        "migrate.toml",
        &format!("{config}\n[other]\nurl = \"${{x:db}}\"\ndialects = [\"sqlite\", \"postgres\"]\nversion_table = \"other_version\"\n"),
    );
    cli.expect(
        &format!("-n other -x db={} current", db.url()),
        0,
        "",
        "Pending: 7d9871ef8afa, fe9eed6d812f, c5c34dd0b8f2\n",
    );
    cli.expect(
        "-n other current",
        3,
        "",
        "error: migrate.toml:13:7: `url` needs -x db=…, which is not set
  help: set it, or write ${x:db:-default} in migrate.toml
",
    );
    cli.expect("-n other -x $URL stamp 7d", 0, "", "Stamped 7d9871ef8afa as applied\n");
    assert_eq!(db.rows("SELECT revision, source FROM other_version"), "7d9871ef8afa|stamp\n");

    // From a folder below, and from elsewhere by the environment.
    let mut below = Cli::new(&db.url());
    let config = cli.folder.path().join("migrate.toml");
    let outside = below.run("current");
    assert_eq!((outside.code, outside.stdout.as_str()), (2, ""));
    assert!(outside.stderr.starts_with("error: there is no migrate.toml in "), "{}", outside.stderr);
    below.environment.clone_from(&cli.environment);
    below.environment.insert("MIGRATE_CONFIG".to_owned(), config.display().to_string());
    below.expect("upgrade +1", 0, "", RENAME);
    below.expect(&format!("-c {} current", config.display()), 0, "fe9eed6d812f\n", "Pending: c5c34dd0b8f2\n");
}

#[test]
fn configuration_on_postgres() {
    configuration(&Db::postgres("main_job_config"));
}

#[test]
fn configuration_on_sqlite() {
    configuration(&Db::sqlite());
}
