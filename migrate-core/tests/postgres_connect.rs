//! Connections to a real server: every `sslmode`, certificates, passwords, and all the ways to fail.
//!
//! libpq itself (psql) is the judge of the modes: whatever it does with a connection string, so does `probe`.

#![cfg(feature = "postgres-tls")]

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use migrate_core::error::{Class, DatabaseError};
use migrate_core::runtime::postgres::probe;
use migrate_core::{Error, ErrorKind};
use migrate_test_support::postgres::{ROLE_PASSWORD, cluster};
use migrate_test_support::{hermetic, run};

/// Quotes a value of a connection string.
fn quoted(value: impl AsRef<Path>) -> String {
    let text = value.as_ref().to_str().unwrap();
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// Returns the connection string of a role at `localhost`, without certificates of whoever runs the tests.
fn as_role(role: &str) -> String {
    let password = quoted(ROLE_PASSWORD);
    format!("host=localhost port={} dbname=postgres user={role} password={password} sslcert=/none", cluster().port())
}

/// Says in a word what became of a connection.
fn outcome(conninfo: &str) -> &'static str {
    match probe(conninfo) {
        Ok(text) if text.contains(", encrypted with TLS") => "tls",
        Ok(text) if text.contains(", not encrypted") => "plain",
        Ok(text) => panic!("{text}"),
        Err(_) => "error",
    }
}

/// Returns the same word for libpq.
fn outcome_of_libpq(conninfo: &str) -> &'static str {
    let mut psql = hermetic(cluster().bin_dir().join("psql"));
    let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let output = run(psql.args(["-X", "-A", "-t", "-w", "-c", query, "-d", conninfo]));
    match (output.code, output.stdout.trim()) {
        (0, "t") => "tls",
        (0, "f") => "plain",
        _ => "error",
    }
}

#[track_caller]
fn fails(conninfo: &str) -> Error {
    let error = probe(conninfo).expect_err(conninfo);
    let told = format!("{error} {:?} {error:?}", error.hints());
    for secret in [ROLE_PASSWORD, cluster().password()] {
        assert!(!told.contains(secret), "{told}");
    }
    error
}

/// Returns what the database said, for a connection that must fail.
#[track_caller]
fn refused(conninfo: &str) -> (DatabaseError, String) {
    let error = fails(conninfo);
    let ErrorKind::Database(database) = error.kind() else { panic!("{error:?}") };
    ((**database).clone(), error.hints().join(" | "))
}

#[track_caller]
fn contains(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in {text:?}");
}

#[test]
fn every_mode_does_what_libpq_does() {
    let cluster = cluster();
    let roots = [("right", cluster.ca_crt()), ("wrong", cluster.other_ca_crt()), ("no", PathBuf::from("/none"))];
    let mut wrong = Vec::new();
    for role in ["tls_only", "plain_only", "limited"] {
        for (which, root) in &roots {
            for (kind, host) in [("right", "localhost"), ("wrong", "elsewhere.example")] {
                for mode in ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] {
                    let base = as_role(role).replace("localhost", host);
                    let conninfo = format!("{base} hostaddr=127.0.0.1 sslrootcert={} sslmode={mode}", quoted(root));
                    let trusted = match mode {
                        "verify-ca" => *which == "right",
                        "verify-full" => *which == "right" && kind == "right",
                        _ => *which != "wrong",
                    };
                    let expect = match (role, mode) {
                        ("plain_only", "disable" | "allow" | "prefer") => "plain",
                        ("plain_only", _) | ("tls_only", "disable") => "error",
                        ("limited", "disable" | "allow") => "plain",
                        _ if trusted => "tls",
                        ("limited", "prefer") => "plain",
                        _ => "error",
                    };
                    let (found, libpq) = (outcome(&conninfo), outcome_of_libpq(&conninfo));
                    if found != expect || libpq != expect {
                        wrong.push(format!(
                            "{role}, {mode}, {which} CA, {kind} name: expected {expect}, libpq {libpq}, found {found}"
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn refusals_tell_what_was_verified() {
    let cluster = cluster();
    let tls_only = as_role("tls_only");
    let (ca, other) = (quoted(cluster.ca_crt()), quoted(cluster.other_ca_crt()));

    let (error, hints) = refused(&format!("{tls_only} sslmode=verify-full sslrootcert={other}"));
    assert_eq!(
        error.message,
        "the server's certificate is refused: no root certificate has signed it (sslmode=verify-full)"
    );
    contains(&error.action, &format!("connect to postgresql://tls_only@localhost:{}/postgres", cluster.port()));
    contains(&hints, "sslrootcert=FILE");

    let wrong_name = tls_only.replace("localhost", "elsewhere.example");
    let (error, hints) = refused(&format!("{wrong_name} hostaddr=127.0.0.1 sslmode=verify-full sslrootcert={ca}"));
    contains(&error.message, "it is for localhost, 127.0.0.1, not for elsewhere.example");
    contains(&hints, "verify-ca");

    let unnamed = tls_only.replace("host=localhost", "hostaddr=127.0.0.1");
    assert_eq!(outcome(&format!("{unnamed} sslmode=verify-ca sslrootcert={ca}")), "tls");
    let error = fails(&format!("{unnamed} sslmode=verify-full sslrootcert={ca}"));
    contains(&error.to_string(), "only `hostaddr` is given");
    // A name that TLS cannot send.
    let odd = tls_only.replace("localhost", "'-'");
    assert_eq!(outcome(&format!("{odd} hostaddr=127.0.0.1 sslmode=require sslrootcert=/none")), "tls");
    contains(&fails(&format!("{odd} hostaddr=127.0.0.1 sslmode=verify-full sslrootcert={ca}")).to_string(), "`-`");
    // The address is a name of the certificate.
    let address = tls_only.replace("localhost", "127.0.0.1");
    assert_eq!(outcome(&format!("{address} sslmode=verify-full sslrootcert={ca}")), "tls");

    let error = fails(&format!("{tls_only} sslmode=verify-ca sslrootcert=/none/ca.crt"));
    assert_eq!(error.to_string(), "`sslrootcert` names /none/ca.crt, which does not exist");
    let error = fails(&format!("{tls_only} sslrootcert=system sslmode=require"));
    contains(&error.to_string(), "must be verify-full");
    let error = fails(&format!("{tls_only} sslrootcert=system"));
    assert!(
        error.to_string().contains("no root certificate has signed it")
            || error.to_string().contains("system trusts no"),
        "{error}"
    );
    let (error, hints) = refused(&format!("{tls_only} sslmode=disable"));
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 28000"));
    contains(&hints, "sslmode=require");

    let told = probe(&format!("{tls_only} sslmode=require sslrootcert=/none")).unwrap();
    contains(&told, "\nnote: sslrootcert names /none, which does not exist: the server's certificate is not verified");
}

#[test]
fn versions_of_tls() {
    let tls_only = as_role("tls_only");
    for (bound, version) in
        [("ssl_max_protocol_version=TLSv1.2", "TLSv1.2"), ("ssl_min_protocol_version=TLSv1.3", "TLSv1.3")]
    {
        for root in [quoted(cluster().ca_crt()), "/none".to_owned()] {
            let told = probe(&format!("{tls_only} sslmode=require {bound} sslrootcert={root} sslsni=0")).unwrap();
            contains(&told, &format!("encrypted with {version}"));
        }
    }
}

#[test]
fn roots_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.crt");
    let tls_only = as_role("tls_only");
    let conninfo = format!("{tls_only} sslmode=require sslrootcert={}", quoted(&file));
    fs::write(&file, "").unwrap();
    contains(&fails(&conninfo).to_string(), "which has no certificate in it");
    fs::write(&file, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").unwrap();
    contains(&fails(&conninfo).to_string(), "no good PEM file");
    fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    contains(&fails(&conninfo).to_string(), "cannot be used");
    // Several certificates in one file.
    let both = [fs::read(cluster().other_ca_crt()).unwrap(), fs::read(cluster().ca_crt()).unwrap()].concat();
    fs::write(&file, both).unwrap();
    assert_eq!(outcome(&conninfo), "tls");
}

#[test]
fn client_certificates() {
    let cluster = cluster();
    let (crt, key, ca) = (quoted(cluster.client_crt()), quoted(cluster.client_key()), quoted(cluster.ca_crt()));
    let base = format!("host=localhost port={} dbname=postgres user=cert_user sslrootcert={ca}", cluster.port());
    for bound in ["ssl_max_protocol_version=TLSv1.2", "ssl_min_protocol_version=TLSv1.3"] {
        let told = probe(&format!("{base} sslmode=verify-full sslcert={crt} sslkey={key} {bound}")).unwrap();
        contains(&told, "encrypted with");
    }
    let (error, hints) = refused(&format!("{base} sslmode=require sslcert=/none"));
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 28000"));
    contains(&error.message, "connection requires a valid client certificate");
    contains(&hints, "sslcert=FILE");
    // Both attempts of `prefer` are told.
    let (error, _) = refused(&format!("{base} sslmode=prefer sslcert=/none"));
    contains(&error.message, "with TLS: connection requires a valid client certificate; without TLS: ");
    let (error, _) = refused(&format!("{base} sslmode=require sslcert={crt} sslkey={key} sslcertmode=disable"));
    contains(&error.message, "client certificate");
    // Another role's certificate.
    let limited = base.replace("cert_user", "limited");
    let (error, _) = refused(&format!("{limited} sslmode=require sslcert={crt} sslkey={key}"));
    contains(&error.message, "asks for a password");
}

#[test]
fn forms_of_a_key() {
    let cluster = cluster();
    let folder = tempfile::tempdir().unwrap();
    let crt = quoted(cluster.client_crt());
    let conninfo = |key: &Path| {
        format!(
            "host=localhost port={} dbname=postgres user=cert_user sslmode=require \
             sslrootcert=/none sslcert={crt} sslkey={}",
            cluster.port(),
            quoted(key)
        )
    };
    let made = |name: &str, args: &[&str]| {
        let path = folder.path().join(name);
        let mut openssl = hermetic("openssl");
        let _ = run(openssl.args(args).arg("-out").arg(&path)).expect_success();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    };
    let key = cluster.client_key();
    let key = key.to_str().unwrap();

    assert_eq!(outcome(&conninfo(&made("sec1.key", &["ec", "-in", key]))), "tls");
    let pkcs8 = made("pkcs8.key", &["pkey", "-in", key]);
    assert_eq!(outcome(&conninfo(&pkcs8)), "tls");

    fs::set_permissions(&pkcs8, Permissions::from_mode(0o644)).unwrap();
    let error = fails(&conninfo(&pkcs8));
    contains(&error.to_string(), "which others may read");
    contains(&error.hints()[0], "chmod 600");

    let encrypted = made("encrypted.key", &["pkey", "-in", key, "-aes256", "-passout", "pass:secret"]);
    contains(&fails(&conninfo(&encrypted)).to_string(), "which is encrypted");
    let traditional = made("traditional.key", &["ec", "-in", key, "-aes256", "-passout", "pass:secret"]);
    contains(&fails(&conninfo(&traditional)).to_string(), "which is encrypted");
    let other = made("other.key", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    contains(&fails(&conninfo(&other)).to_string(), "is not that of the certificate");
    let rsa = made("rsa.key", &["genrsa", "-traditional"]);
    contains(&fs::read_to_string(&rsa).unwrap(), "BEGIN RSA PRIVATE KEY");
    contains(&fails(&conninfo(&rsa)).to_string(), "is not that of the certificate");
    fs::write(&other, "no key").unwrap();
    contains(&fails(&conninfo(&other)).to_string(), "which has no key in it");
    contains(&fails(&conninfo(folder.path())).to_string(), "which is no plain file");
    contains(&fails(&conninfo(&folder.path().join("gone.key"))).to_string(), "gone.key does not exist");
}

#[test]
fn channel_binding() {
    let cluster = cluster();
    let tls_only = as_role("tls_only");
    for binding in ["disable", "prefer", "require"] {
        assert_eq!(outcome(&format!("{tls_only} sslmode=require channel_binding={binding} sslrootcert=/none")), "tls");
    }
    let (error, hints) = refused(&format!("{} sslmode=disable channel_binding=require", as_role("limited")));
    contains(&error.message, "channel_binding=require cannot be kept");
    contains(&hints, "scram-sha-256");
    // A certificate is no password exchange.
    let (crt, key) = (quoted(cluster.client_crt()), quoted(cluster.client_key()));
    let base = format!("host=localhost port={} dbname=postgres user=cert_user sslrootcert=/none", cluster.port());
    let (error, _) = refused(&format!("{base} sslmode=require sslcert={crt} sslkey={key} channel_binding=require"));
    contains(&error.message, "channel_binding=require cannot be kept");
}

#[test]
fn urls_with_every_character_in_the_password() {
    let cluster = cluster();
    for url in [cluster.url("postgres"), cluster.url_as("limited", "postgres")] {
        assert_eq!(outcome(&format!("{url}?sslmode=disable")), "plain");
        assert_eq!(outcome(&format!("{url}?sslmode=require&sslrootcert=/none")), "tls");
        assert_eq!(outcome(&url.replace("postgres://", "postgresql+psycopg2://")), "tls");
    }
}

#[test]
fn sockets_have_no_tls() {
    let cluster = cluster();
    let password = quoted(cluster.password());
    let folder = cluster.socket_dir();
    let base =
        format!("host={} port={} user=migrate dbname=postgres password={password}", quoted(&folder), cluster.port());
    for mode in ["disable", "prefer", "require", "verify-full"] {
        let conninfo = format!("{base} sslmode={mode}");
        assert_eq!(outcome(&conninfo), "plain");
        assert_eq!(outcome_of_libpq(&conninfo), "plain");
    }
    let encoded = folder.to_str().unwrap().replace('/', "%2F");
    let url = format!("postgresql://limited:{}@{encoded}:{}/postgres", "r%40le%2Fp%25ss%3A2", cluster.port());
    assert_eq!(outcome(&url), "plain");

    let (error, hints) = refused(&format!("{base} sslmode=disable").replace(&cluster.port().to_string(), "1"));
    contains(&error.message, ".s.PGSQL.1");
    contains(&hints, "pg_isready -h ");
}

#[test]
fn password_files() {
    let cluster = cluster();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pgpass");
    let escaped = ROLE_PASSWORD.replace('\\', r"\\").replace(':', r"\:");
    fs::write(&file, format!("# a comment\nlocalhost:{}:*:limited:{escaped}\n", cluster.port())).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let base = format!(
        "host=localhost port={} user=limited dbname=postgres sslmode=disable passfile={}",
        cluster.port(),
        quoted(&file)
    );
    assert_eq!(outcome(&base), "plain");
    let (error, hints) = refused(&base.replace("limited", "plain_only"));
    contains(&error.message, "the server asks for a password, and there is none");
    contains(&hints, &format!("~/.pgpass: localhost:{}:postgres:plain_only:PASSWORD", cluster.port()));
    contains(&hints, "PGPASSWORD");

    fs::write(&file, "*:*:*:*:wrong\n").unwrap();
    let (error, hints) = refused(&base);
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 28P01"));
    contains(&hints, file.to_str().unwrap());

    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let (error, _) = refused(&base);
    contains(&error.message, "there is none");
    let told = probe(&format!("{base} password={}", quoted(ROLE_PASSWORD))).unwrap();
    assert!(!told.contains("note:"), "a file that is not needed is not looked at: {told}");
}

#[test]
fn services() {
    let cluster = cluster();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pg_service.conf");
    let port = cluster.port();
    let text = format!(
        "[db]\nhost=localhost\nport={port}\nuser=limited\npassword={ROLE_PASSWORD}\nsslmode=disable\ndbname=none\n"
    );
    fs::write(&file, text).unwrap();
    let base = format!("service=db servicefile={}", quoted(&file));
    assert_eq!(outcome(&format!("{base} dbname=postgres")), "plain");
    let url = format!("postgresql:///postgres?service=db&servicefile={}", file.display());
    assert_eq!(outcome(&url), "plain");
    let (error, hints) = refused(&base);
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 3D000"));
    contains(&hints, &format!("createdb -h localhost -p {port} -U limited none"));
}

#[test]
fn refusals_of_the_server() {
    let cluster = cluster();
    let limited = as_role("limited");
    for mode in ["disable", "allow", "prefer", "require"] {
        let conninfo = format!("{limited} sslmode={mode} sslrootcert=/none");
        let (error, hints) = refused(&conninfo.replace(&quoted(ROLE_PASSWORD), "wrong"));
        assert_eq!(error.code.as_deref(), Some("SQLSTATE 28P01"));
        assert_eq!(error.message, r#"password authentication failed for user "limited""#);
        contains(&hints, "%40");
        let (error, hints) = refused(&conninfo.replace("dbname=postgres", "dbname='no such'"));
        assert_eq!(error.code.as_deref(), Some("SQLSTATE 3D000"));
        contains(&hints, &format!("createdb -h localhost -p {} -U limited 'no such'", cluster.port()));
    }
    let (error, _) = refused(&as_role("nobody"));
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 28P01"));
    // The server is given the options.
    let (error, _) = refused(&format!("{limited} options='-c no_such_setting=1'"));
    contains(&error.message, "no_such_setting");
    assert_eq!(outcome(&format!("{limited} target_session_attrs=read-write")), "tls");
    let (error, _) = refused(&format!("{limited} target_session_attrs=read-only"));
    contains(&error.message, "not read only");
    let error = fails("host=db sslmod=require");
    assert_eq!(error.class(), Class::Usage);
}

/// Returns a port of 127.0.0.1 at which nobody listens.
fn dead_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn nobody_listens() {
    let port = dead_port();
    let (error, hints) = refused(&format!("host=localhost port={port} user=u dbname=x"));
    contains(&error.message, &format!("nobody listens on localhost:{port}: connection refused"));
    assert_eq!(error.action, format!("connect to postgresql://u@localhost:{port}/x"));
    contains(&hints, &format!("pg_isready -h localhost -p {port}"));
    let (error, hints) = refused("host=no-such-host.invalid user=u dbname=x");
    contains(&error.message, "the host no-such-host.invalid:5432 is not found");
    contains(&hints, "look it up");
}

#[test]
fn several_hosts() {
    let (dead, alive) = (dead_port(), cluster().port());
    let both = as_role("limited").replace(&format!("port={alive}"), &format!("port={dead},{alive}"));
    let both = both.replace("host=localhost", "host=localhost,localhost");
    for order in ["disable", "random"] {
        let conninfo = format!("{both} sslmode=disable load_balance_hosts={order}");
        assert_eq!(outcome(&conninfo), "plain");
    }
    // A server that refuses the user has spoken for the rest.
    let refusing = both.replace(&format!("port={dead},{alive}"), &format!("port={alive},{dead}"));
    let (error, _) = refused(&refusing.replace(&quoted(ROLE_PASSWORD), "wrong"));
    assert_eq!(error.code.as_deref(), Some("SQLSTATE 28P01"));
    let other = dead_port();
    let (error, _) = refused(&both.replace(&format!("port={dead},{alive}"), &format!("port={dead},{other}")));
    contains(&error.message, &format!("nobody listens on localhost:{dead}"));
    contains(&error.message, &format!("nobody listens on localhost:{other}"));
}

/// Returns the port of a server that answers the first bytes of each connection with these, and then says no more.
fn fake_server(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if stream.read(&mut [0; 1024]).is_ok() {
                stream.write_all(answer).ok();
            }
            kept.push(stream);
        }
    });
    port
}

#[test]
fn servers_that_hang() {
    let check = |answer, mode| {
        let port = fake_server(answer);
        let conninfo = format!("host=127.0.0.1 port={port} user=u dbname=x connect_timeout=1 sslmode={mode}");
        let start = Instant::now();
        let (error, hints) = refused(&conninfo);
        assert!(start.elapsed() < Duration::from_secs(5), "{mode} took {:?}", start.elapsed());
        assert_eq!(error.message, format!("127.0.0.1:{port} did not answer within 1 s"));
        contains(&hints, "connect_timeout=SECONDS");
    };
    thread::scope(|scope| {
        for mode in ["disable", "prefer", "require"] {
            scope.spawn(move || check(b"", mode));
        }
        // It agrees to TLS and never answers the handshake.
        for mode in ["prefer", "require"] {
            scope.spawn(move || check(b"S", mode));
        }
    });
}

/// Returns the first bytes that a connection sends.
fn first_bytes(conninfo: &str) -> Vec<u8> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let conninfo = format!("{conninfo} port={port} hostaddr=127.0.0.1 user=u dbname=x connect_timeout=10");
    thread::scope(|scope| {
        let bytes = scope.spawn(move || {
            let mut bytes = vec![0; 4096];
            let read = listener.accept().unwrap().0.read(&mut bytes).unwrap();
            bytes.truncate(read);
            bytes
        });
        probe(&conninfo).unwrap_err();
        bytes.join().unwrap()
    })
}

#[test]
fn tls_can_begin_at_once() {
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let asked = first_bytes("host=db.example sslmode=require");
    assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "the packet that asks for TLS");
    let direct = first_bytes("host=db.example sslmode=require sslnegotiation=direct");
    assert_eq!(direct[0], 22, "a TLS handshake");
    assert!(has(&direct, "postgresql") && has(&direct, "db.example"));
    let silent = first_bytes("host=db.example sslmode=require sslnegotiation=direct sslsni=0");
    assert!(!has(&silent, "db.example"));
}

#[test]
fn servers_that_are_none() {
    let port = fake_server(b"N");
    let (error, hints) = refused(&format!("host=127.0.0.1 port={port} user=u dbname=x sslmode=require"));
    assert_eq!(error.message, "the server does not speak TLS, and sslmode=require requires it");
    contains(&hints, "ssl = on");
    let port = fake_server(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    assert_eq!(
        outcome(&format!("host=127.0.0.1 port={port} user=u dbname=x sslmode=disable connect_timeout=1")),
        "error"
    );
}

#[test]
fn inside_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let told = runtime.block_on(async { probe(&as_role("limited")) });
    contains(&told.unwrap(), "PostgreSQL ");
}
