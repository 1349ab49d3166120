//! The throwaway cluster and what stands in front of it.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use migrate_test_support::postgres::{Bouncer, Database, ROLE_PASSWORD, cluster};
use migrate_test_support::{Output2, hermetic, run};

/// Connects with psql as somebody, with further parameters in the URL, and asks for the user and for TLS.
fn connect(url: &str, params: &[(&str, &Path)]) -> Output2 {
    let params: Vec<_> = params.iter().map(|(name, value)| format!("{name}={}", value.display())).collect();
    let sql = "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let url = format!("{url}?{}", params.join("&"));
    run(hermetic(cluster().bin_dir().join("psql")).args(["-X", "-A", "-t", "-d", &url, "-c", sql]))
}

#[track_caller]
fn check(url: &str, params: &[(&str, &Path)], expect: Result<&str, &str>) {
    let output = connect(url, params);
    match expect {
        Ok(stdout) => assert_eq!((output.stdout.trim(), output.code), (stdout, 0), "{}", output.stderr),
        Err(stderr) => {
            assert_ne!(output.code, 0, "it connects: {}", output.stdout);
            assert!(output.stderr.contains(stderr), "{}", output.stderr);
        }
    }
}

fn mode(name: &str) -> (&str, &Path) {
    ("sslmode", Path::new(name))
}

#[test]
fn the_cluster_answers_on_tcp_and_on_its_socket() {
    let cluster = cluster();
    assert!(cluster.version() >= 13, "{}", cluster.version());
    assert_eq!(cluster.superuser(), "migrate");
    assert_eq!(cluster.psql("postgres", "SELECT 1; SELECT 'a', NULL, 'b'"), "1\na||b");
    check(&cluster.url("postgres"), &[mode("disable")], Ok("migrate|f"));
    check(&cluster.url("postgres"), &[("host", &cluster.socket_dir())], Ok("migrate|f"));
}

#[test]
fn the_cluster_prints_its_address() {
    println!("address {} {}", cluster().port(), cluster().socket_dir().display());
}

#[test]
fn processes_that_run_at_the_same_time_share_the_cluster() {
    let children: Vec<_> = (0..3)
        .map(|_| {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "the_cluster_prints_its_address", "--nocapture"]).env_remove("NEXTEST_TEST_FILTER");
            child.stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut addresses = BTreeSet::new();
    for child in children {
        let stdout = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        // The name of the test may stand before it on the line.
        let address = stdout.lines().find_map(|line| line.split_once("address ")).expect("the test prints it").1;
        addresses.insert(address.to_owned());
    }
    let own = format!("{} {}", cluster().port(), cluster().socket_dir().display());
    assert_eq!(addresses, BTreeSet::from([own]));
}

#[test]
fn a_wrong_ca_is_rejected() {
    let cluster = cluster();
    let (ca, other) = (cluster.ca_crt(), cluster.other_ca_crt());
    let url = cluster.url("postgres");
    check(&url, &[mode("verify-full"), ("sslrootcert", &ca)], Ok("migrate|t"));
    check(&url, &[mode("verify-full"), ("sslrootcert", &ca), ("host", Path::new("localhost"))], Ok("migrate|t"));
    check(&url, &[mode("verify-full"), ("sslrootcert", &other)], Err("certificate verify failed"));
    check(&url, &[mode("verify-ca"), ("sslrootcert", &other)], Err("certificate verify failed"));
    check(&url, &[mode("require")], Ok("migrate|t"));
}

#[test]
fn roles_are_bound_to_their_way_in() {
    let cluster = cluster();
    let [tls, plain, limited, cert] =
        ["tls_only", "plain_only", "limited", "cert_user"].map(|role| cluster.url_as(role, "postgres"));
    check(&tls, &[mode("require")], Ok("tls_only|t"));
    check(&tls, &[mode("disable")], Err("pg_hba.conf rejects connection"));
    check(&plain, &[mode("disable")], Ok("plain_only|f"));
    check(&plain, &[mode("require")], Err("pg_hba.conf rejects connection"));
    check(&limited, &[mode("disable")], Ok("limited|f"));
    check(&limited.replace("r%40le", "wrong"), &[mode("disable")], Err("password authentication failed"));
    let (crt, key) = (cluster.client_crt(), cluster.client_key());
    check(&cert, &[mode("require"), ("sslcert", &crt), ("sslkey", &key)], Ok("cert_user|t"));
    check(&cert, &[mode("require"), ("sslcert", Path::new("/none"))], Err("requires a valid client certificate"));
    check(&cert, &[mode("disable")], Err("pg_hba.conf rejects connection"));
    let other = cluster.url_as("tls_only", "postgres");
    check(&other, &[mode("require"), ("sslcert", &crt), ("sslkey", &key)], Ok("tls_only|t"));
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_limited_role_creates_only_in_its_own_database() {
    let (own, foreign) = (Database::create_for("limited", "own"), Database::create("foreign"));
    let psql = |database: &Database, sql: &str| {
        let mut psql = hermetic(cluster().bin_dir().join("psql"));
        run(psql.args(["-X", "-d", &database.url_as("limited"), "-v", "ON_ERROR_STOP=1", "-c", sql]))
    };
    let created = psql(&own, "CREATE TABLE t (); CREATE SCHEMA s");
    assert_eq!(created.code, 0, "{}", created.stderr);
    for sql in ["CREATE TABLE t ()", "CREATE SCHEMA s", "CREATE DATABASE d", "CREATE ROLE r"] {
        let refused = psql(&foreign, sql);
        assert!(refused.stderr.contains("permission denied"), "{sql}: {}", refused.stderr);
    }
}

#[test]
fn databases_are_fresh_and_dropped_while_in_use() {
    let count =
        |name: &str| cluster().psql("postgres", &format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
    let (first, second) = (Database::create("Dröp-it"), Database::create("Dröp-it"));
    assert!(first.name().starts_with("t_dr_p_it_"), "{}", first.name());
    first.psql("CREATE TABLE t (id int)");
    assert_eq!(second.query("SELECT * FROM pg_tables WHERE schemaname = 'public'"), Vec::<Vec<String>>::new());

    let mut session = hermetic(cluster().bin_dir().join("psql"));
    session.args(["-X", "-d", &first.url(), "-c", "SELECT pg_sleep(60)"]);
    let mut session = session.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let sessions = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'", first.name());
    while cluster().psql("postgres", &sessions) == "0" {}
    let name = first.name().to_owned();
    assert_eq!(count(&name), "1");
    drop(first);
    assert_eq!(count(&name), "0");
    assert!(!session.wait().unwrap().success());
}

#[test]
fn queries_keep_what_is_inside_of_values() {
    let database = Database::create("query");
    let rows = database.query("VALUES ('a|b', E'two\\nlines', NULL), ('', 'ü', E'end\\n')");
    assert_eq!(rows, [["a|b", "two\nlines", ""], ["", "ü", "end\n"]]);
    assert_eq!(database.query("SELECT 1 WHERE false"), Vec::<Vec<String>>::new());
    let error = database.try_psql("SELECT 1;\nSELECT nothing;").unwrap_err();
    assert!(error.contains("column \"nothing\" does not exist"), "{error}");
    let long = "SELECT repeat('x', 10000);\n".repeat(100);
    assert_eq!(database.psql(&long).len(), 100 * 10_001 - 1);
}

#[test]
fn dumps_of_the_same_schema_are_equal() {
    let schema = "CREATE TABLE t (id int PRIMARY KEY); COMMENT ON TABLE t IS 'it''s'";
    let (first, second) = (Database::create("one"), Database::create("two"));
    first.psql(schema);
    second.psql(schema);
    let dump = first.dump();
    assert!(dump.contains("CREATE TABLE public.t (\n    id integer NOT NULL\n);"), "{dump}");
    assert!(!dump.contains("restrict") && !dump.contains("Dumped"), "{dump}");
    assert_eq!(dump, second.dump());
}

#[test]
fn the_pooler_shares_connections_between_transactions() {
    let database = Database::create("pool");
    let bouncer = Bouncer::start(cluster(), 1);
    let psql = |url: &str, sql: &str| {
        let mut psql = hermetic(cluster().bin_dir().join("psql"));
        run(psql.args(["-X", "-A", "-t", "-d", url, "-c", sql])).expect_success().stdout
    };
    let url = bouncer.url(database.name());
    let backend = "SELECT pg_backend_pid()";
    assert_eq!(psql(&url, backend), psql(&url, backend));
    assert_ne!(psql(&database.url(), backend), psql(&url, backend));
    assert!(psql(&bouncer.url("pgbouncer"), "SHOW CONFIG").contains("\npool_mode|transaction|"));

    let port = bouncer.port();
    drop(bouncer);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn passwords_hold_what_urls_must_encode() {
    for special in ['@', '/', '%', ':'] {
        assert!(cluster().password().contains(special) && ROLE_PASSWORD.contains(special));
    }
    assert!(cluster().url("x").starts_with("postgres://migrate:p%40ss%2Fw%25rd%3A1@127.0.0.1:"));
}
