//! A live PostgreSQL database as a schema: every kind of object with every option, what is left out, and what it costs.
#![cfg(all(feature = "fold", feature = "postgres"))]

#[path = "introspect_postgres/expected.rs"]
mod expected;
#[path = "introspect_postgres/proxy.rs"]
mod proxy;
#[path = "introspect_postgres/terse.rs"]
mod terse;

use std::sync::OnceLock;

use expected::{Lines, expected, lines};
use migrate_core::introspect::{Filter, postgres};
use migrate_core::schema::{ObjectName, OtherId, OtherKind, Schema};
use migrate_test_support::postgres::{Database, cluster};

const FIXTURE: &str = include_str!("introspect_postgres/fixture.sql");
const FIXTURE_18: &str = include_str!("introspect_postgres/fixture_18.sql");

fn read(database: &Database, filter: &Filter) -> Schema {
    let mut session = migrate_core::postgres::connect(&database.url()).expect("the server is there");
    postgres::read(&mut session, filter).expect("the schema can be read")
}

/// Returns the schema of the fixture, read once for all tests.
fn fixture() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let database = Database::create("introspect");
        database.psql(FIXTURE);
        read(&database, &Filter::new())
    })
}

/// Compares the objects of one kind with what is expected of them, all of them and nothing else.
#[track_caller]
fn check(kind: &str) {
    let found = lines(fixture());
    compare(kind, &found, &expected(include_str!("introspect_postgres/expected.txt"), cluster().version()));
}

#[track_caller]
fn compare(kind: &str, found: &Lines, expected: &Lines) {
    let of_kind = |lines: &Lines| -> Lines {
        lines
            .iter()
            .filter(|(key, _)| key.split(' ').next() == Some(kind))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    let (found, expected) = (of_kind(found), of_kind(expected));
    let mut wrong = String::new();
    for key in found.keys().chain(expected.keys().filter(|key| !found.contains_key(*key))) {
        let (found, expected) = (found.get(key), expected.get(key));
        if found != expected {
            wrong += &format!("{key}\n  expected {expected:?}\n  found    {found:?}\n");
        }
    }
    assert!(!expected.is_empty(), "nothing is expected of {kind}");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn schemas() {
    check("namespace");
}

#[test]
fn types() {
    check("type");
}

#[test]
fn sequences() {
    check("sequence");
}

#[test]
fn tables() {
    check("table");
}

#[test]
fn columns() {
    check("column");
}

#[test]
fn constraints() {
    check("constraint");
}

#[test]
fn indexes() {
    check("index");
}

#[test]
fn triggers() {
    check("trigger");
}

#[test]
fn views() {
    check("view");
}

#[test]
fn routines() {
    check("routine");
}

#[test]
fn others() {
    check("other");
}

#[test]
fn what_only_version_18_has() {
    if cluster().version() < 18 {
        return;
    }
    let database = Database::create("introspect_18");
    database.psql(FIXTURE_18);
    let found = lines(&read(&database, &Filter::new().schemas(["new"])));
    let expected = expected(include_str!("introspect_postgres/expected_18.txt"), 18);
    for kind in ["column", "constraint", "other", "sequence", "table"] {
        compare(kind, &found, &expected);
    }
}

#[test]
fn nothing_that_is_not_the_authors_is_told() {
    // No object and no reference is the server's, an extension's or a temporary one.
    let schema = fixture();
    let names: Vec<&ObjectName> = schema
        .tables
        .keys()
        .chain(schema.views.keys())
        .chain(schema.sequences.keys())
        .chain(schema.types.keys())
        .chain(schema.routines.keys().map(|id| &id.name))
        .chain(schema.others.keys().map(|id| &id.name))
        .collect();
    assert!(names.len() > 90, "only {} objects were found", names.len());
    let foreign = |name: &&&ObjectName| {
        name.schema.starts_with("pg_") || matches!(name.schema.as_str(), "information_schema" | "public")
    };
    assert_eq!(names.iter().filter(foreign).collect::<Vec<_>>(), Vec::<&&ObjectName>::new());
    assert_eq!(schema.namespaces.keys().collect::<Vec<_>>(), ["My Schema", "app", "other", "public"]);
    for (key, value) in lines(schema) {
        let used = value.split_once(" USES ").map_or("", |(_, used)| used);
        assert!(!used.contains("pg_catalog.") && !used.contains("information_schema."), "{key} => {value}");
        assert!(!key.contains("gist_") && !key.contains("citext_"), "{key}");
    }
}

#[test]
fn reading_twice_gives_the_same_and_changes_nothing_of_the_session() {
    let database = Database::create("introspect_twice");
    database.psql(FIXTURE);
    let mut session = migrate_core::postgres::connect(&database.url()).unwrap();
    session.query("SET search_path = app, public; SET datestyle = 'German'; SET timezone = 'Asia/Tokyo'").unwrap();
    let settings = "SELECT current_setting('search_path'), current_setting('datestyle'), current_setting('timezone'),
        current_setting('transaction_read_only'), transaction_timestamp() = statement_timestamp()";
    let before = session.query(settings).unwrap();
    let first = postgres::read(&mut session, &Filter::new()).unwrap();
    assert_eq!(session.query(settings).unwrap(), before);
    assert_eq!(before[0][4].as_deref(), Some("t"), "no transaction is open");
    assert_eq!(postgres::read(&mut session, &Filter::new()).unwrap(), first);
    // Nor does it matter what the session has set, or that it hides a catalog.
    let hide = "SET quote_all_identifiers = on; CREATE TEMPORARY TABLE pg_class (oid oid, relname name)";
    session.query(hide).unwrap();
    assert_eq!(postgres::read(&mut session, &Filter::new()).unwrap(), first);
    assert_eq!(read(&database, &Filter::new()), first);
}

#[test]
fn a_failure_ends_the_transaction() {
    let database = Database::create("introspect_failure");
    database.psql("CREATE VIEW v AS SELECT 1 AS one");
    let mut session = migrate_core::postgres::connect(&database.url()).unwrap();
    session.query("SET lock_timeout = '50ms'").unwrap();
    // The server's printing functions read the catalogs as they are now, and wait for who changes them.
    let mut other = migrate_core::postgres::connect(&database.url()).unwrap();
    other.query("BEGIN; LOCK TABLE v").unwrap();
    let error = postgres::read(&mut session, &Filter::new()).unwrap_err();
    assert!(error.to_string().contains("lock timeout"), "{error}");
    other.query("ROLLBACK").unwrap();
    let open = session.query("SELECT transaction_timestamp() <> statement_timestamp()").unwrap();
    assert_eq!(open[0][0].as_deref(), Some("f"));
    assert_eq!(postgres::read(&mut session, &Filter::new()).unwrap().views.len(), 1);
}

#[test]
fn an_apps_client_in_a_transaction_is_refused() {
    let database = Database::create("introspect_app");
    let mut client = ::postgres::Client::connect(&database.url(), ::postgres::NoTls).unwrap();
    client.batch_execute("BEGIN; CREATE TABLE t (a int)").unwrap();
    let error = postgres::read(&mut migrate_core::postgres::wrap(&mut client), &Filter::new()).unwrap_err();
    assert!(error.to_string().contains("in a transaction"), "{error}");
    client.batch_execute("COMMIT").unwrap();
    let schema = postgres::read(&mut migrate_core::postgres::wrap(&mut client), &Filter::new()).unwrap();
    assert!(schema.tables.contains_key(&ObjectName::new("public", "t")));
}

#[test]
fn someone_without_rights_reads_the_same() {
    let database = Database::create("introspect_rights");
    database.psql(FIXTURE);
    database.psql("REVOKE ALL ON SCHEMA app, other, \"My Schema\" FROM PUBLIC");
    let mut session = migrate_core::postgres::connect(&database.url()).unwrap();
    // A role that every server has, and that may do nothing with the objects.
    session.query("SET ROLE pg_signal_backend").unwrap();
    assert_eq!(postgres::read(&mut session, &Filter::new()).unwrap(), read(&database, &Filter::new()));
}

#[test]
fn definitions_that_are_put_together_here_run_again() {
    // Drops every object that is kept as text, runs its text, and reads the same text.
    let database = Database::create("introspect_again");
    database.psql(FIXTURE);
    let others = read(&database, &Filter::new()).others;
    let dropped = |id: &&OtherId| !matches!(id.kind, OtherKind::Extension | OtherKind::AccessMethod);
    let order =
        [OtherKind::BaseType, OtherKind::ForeignDataWrapper, OtherKind::Operator, OtherKind::TextSearchDictionary];
    let mut ids: Vec<&OtherId> = others.keys().filter(dropped).collect();
    assert!(ids.len() > 20, "only {} objects were found", ids.len());
    // What others need comes first, and is dropped last.
    ids.sort_by_key(|id| (!order.contains(&id.kind), *id));
    database.psql("DROP FOREIGN TABLE app.remote");
    let mut sql: Vec<String> = ids.iter().rev().map(|id| drop_statement(id)).collect();
    sql.extend(ids.iter().map(|id| format!("{};", others[*id].definition.text)));
    database.psql(&sql.join("\n"));
    let again = read(&database, &Filter::new()).others;
    for id in ids {
        assert_eq!(again.get(id).map(|other| &other.definition), Some(&others[id].definition), "{id:?}");
    }
}

fn drop_statement(id: &OtherId) -> String {
    let schema = id.name.schema.as_str();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let bare =
        if schema.is_empty() { quoted(&id.name.name) } else { format!("{}.{}", quoted(schema), quoted(&id.name.name)) };
    let operator = |text: &str| format!("{}.{text}", quoted(schema));
    let parent = id.parent.as_ref().map(|parent| format!("{}.{}", quoted(&parent.schema), quoted(&parent.name)));
    let parent = parent.unwrap_or_default();
    let what = match id.kind {
        OtherKind::Cast => format!("CAST ({})", id.name.name),
        OtherKind::Operator => format!("OPERATOR {}", operator(&id.name.name)),
        OtherKind::OperatorClass => format!("OPERATOR CLASS {}", operator(&id.name.name)),
        OtherKind::OperatorFamily => format!("OPERATOR FAMILY {}", operator(&id.name.name)),
        OtherKind::Rule => format!("RULE {bare} ON {parent}"),
        OtherKind::Policy => format!("POLICY {bare} ON {parent}"),
        OtherKind::Collation => format!("COLLATION {bare}"),
        OtherKind::Statistics => format!("STATISTICS {bare}"),
        OtherKind::Publication => format!("PUBLICATION {bare}"),
        OtherKind::EventTrigger => format!("EVENT TRIGGER {bare}"),
        OtherKind::ForeignServer => format!("SERVER {bare}"),
        OtherKind::ForeignDataWrapper => format!("FOREIGN DATA WRAPPER {bare}"),
        OtherKind::BaseType => format!("TYPE {bare}"),
        OtherKind::Conversion => format!("CONVERSION {bare}"),
        OtherKind::TextSearch => format!("TEXT SEARCH CONFIGURATION {bare}"),
        OtherKind::TextSearchDictionary => format!("TEXT SEARCH DICTIONARY {bare}"),
        kind => panic!("the fixture has a {kind:?}, and the test cannot drop it"),
    };
    // A class leaves the family behind that came with it.
    let family = if id.kind == OtherKind::OperatorClass {
        format!(" DROP OPERATOR FAMILY {};", operator(&id.name.name))
    } else {
        String::new()
    };
    format!("DROP {what};{family}")
}

#[test]
fn the_filter_takes_along_what_belongs_to_what_it_has() {
    let database = Database::create("introspect_filter");
    database.psql(
        "CREATE SCHEMA app; CREATE SCHEMA other;
         CREATE TABLE app.job (id serial PRIMARY KEY, note text, other integer GENERATED ALWAYS AS IDENTITY);
         CREATE INDEX job_note ON app.job (note); CREATE INDEX job_other ON app.job (other);
         CREATE RULE r AS ON DELETE TO app.job DO INSTEAD NOTHING;
         CREATE TABLE app.tmp_job (id serial PRIMARY KEY REFERENCES app.job);
         CREATE RULE r AS ON DELETE TO app.tmp_job DO INSTEAD NOTHING;
         CREATE TABLE app.migrate_version (id text PRIMARY KEY);
         CREATE SEQUENCE app.free; CREATE TYPE app.mood AS ENUM (); CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE TABLE other.job (id integer); CREATE VIEW other.jobs AS SELECT id FROM app.job; CREATE PUBLICATION p;",
    );
    let keys = |filter: &Filter| -> Vec<String> {
        let kinds =
            ["namespace", "table", "column", "constraint", "index", "sequence", "type", "routine", "view", "other"];
        let found = lines(&read(&database, filter));
        found.into_keys().filter(|key| kinds.contains(&key.split(' ').next().unwrap())).collect()
    };
    let version = ObjectName::new("app", "migrate_version");
    let app = Filter::new().schemas(["app"]).exclude(["*.tmp_*"]).without(version);
    assert_eq!(
        keys(&app),
        [
            "column app.job id",
            "column app.job note",
            "column app.job other",
            "constraint app.job job_pkey",
            "index app.job job_note",
            "index app.job job_other",
            "namespace app",
            "other Publication p",
            "other Rule r on app.job",
            "routine app.f()",
            "sequence app.free",
            "sequence app.job_id_seq",
            "sequence app.job_other_seq",
            "table app.job",
            "type app.mood",
        ]
    );
    assert_eq!(
        keys(&Filter::new().include(["app.job"]).exclude(["app.job.other", "app.job:job_note"])),
        [
            "column app.job id",
            "column app.job note",
            "constraint app.job job_pkey",
            "namespace app",
            "namespace other",
            "namespace public",
            "other Rule r on app.job",
            "sequence app.job_id_seq",
            "table app.job",
        ]
    );
}

#[test]
fn a_large_database_costs_no_more_round_trips() {
    let database = Database::create("introspect_large");
    database.psql(
        "DO $$ BEGIN
             FOR n IN 1..300 LOOP
                 EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, a integer CHECK (a > 0), b text DEFAULT ''x'',
                     p integer REFERENCES t%s)', n, greatest(n - 1, 1));
                 EXECUTE format('CREATE INDEX ON t%s (lower(b)) WHERE a > 0', n);
                 EXECUTE format('CREATE VIEW v%s AS SELECT id, b FROM t%s', n, n);
             END LOOP;
         END $$",
    );
    for (database, tables) in [(&database, 300), (&Database::create("introspect_small"), 0)] {
        let proxy = proxy::Proxy::start(cluster().host(), cluster().port());
        let url = proxy.url(&database.url());
        let mut session = migrate_core::postgres::connect(&url).unwrap();
        let connected = proxy.messages();
        let schema = postgres::read(&mut session, &Filter::new()).unwrap();
        assert_eq!((schema.tables.len(), schema.views.len()), (tables, tables));
        assert_eq!(proxy.messages() - connected, 11);
    }
}
