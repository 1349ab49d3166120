use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::environment::File;
use super::settings::Root;
use super::*;

/// An environment of the tests' own.
#[derive(Default)]
struct Fake {
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, (String, bool)>,
}

impl Fake {
    /// Returns an account `os` with the home `/home/os` and these variables.
    fn new(variables: &[(&str, &str)]) -> Self {
        let home = [("HOME", "/home/os")];
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { variables: home.iter().chain(variables).map(own).collect(), files: BTreeMap::new() }
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), (text.to_owned(), false));
        self
    }

    fn open_file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), (text.to_owned(), true));
        self
    }
}

impl Environment for Fake {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn user(&self) -> Option<String> {
        Some("os".to_owned())
    }

    fn read(&self, path: &Path) -> io::Result<File> {
        match self.files.get(path) {
            Some((text, open_to_others)) => Ok(File { text: text.clone(), open_to_others: *open_to_others }),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }
}

/// Returns the parameters of a text, as `name=value` in the order of the alphabet.
fn read(text: &str) -> Result<String> {
    let values = Conninfo::parse(text)?.values;
    let pairs =
        parameter::PARAMETERS.iter().filter_map(|p| values.text(p.name).map(|text| format!("{}={text}", p.name)));
    let mut pairs: Vec<String> = pairs.collect();
    pairs.sort();
    Ok(pairs.join(" "))
}

#[track_caller]
fn check(text: &str, expect: &str) {
    match read(text) {
        Ok(found) => assert_eq!(found, expect, "{text}"),
        Err(error) => panic!("{text}: {error} {:?}", error.hints()),
    }
}

/// Checks that a text is refused, that the error says this, and that it shows nothing of the secret `hunter`.
#[track_caller]
fn refuse(text: &str, expect: &str) {
    let error = read(text).expect_err(text);
    assert_eq!(error.class(), crate::error::Class::Usage);
    let told = format!("{error} | {}", error.hints().join(" | "));
    assert!(told.contains(expect), "{text}: {told}");
    assert!(!told.contains("hunter"), "{text}: {told}");
}

fn resolve(text: &str, environment: &Fake) -> Result<Settings> {
    Conninfo::parse(text)?.resolve(environment)
}

#[track_caller]
fn resolved(text: &str, environment: &Fake) -> Settings {
    resolve(text, environment).unwrap_or_else(|error| panic!("{text}: {error} {:?}", error.hints()))
}

fn password(settings: &Settings) -> Option<&str> {
    settings.hosts[0].password.as_ref().map(|password| password.text.as_str())
}

#[test]
fn urls() {
    check("postgres://", "");
    check("postgresql://app@db/dpo", "dbname=dpo host=db user=app");
    check("postgresql+psycopg2://app:pw@db:6000/dpo", "dbname=dpo host=db password=pw port=6000 user=app");
    check("postgres+asyncpg://db", "host=db");
    check("postgresql://app:@db/", "host=db user=app");
    check("postgresql://app:p%40ss%2F%25%3A@db", "host=db password=p@ss/%: user=app");
    check("postgresql://app:a:b+c#d@db", "host=db password=a:b+c#d user=app");
    check("postgresql://d%C3%B6rte@db/a%20b", "dbname=a b host=db user=dörte");
    check("postgresql://h1:1,h2,h3:3/db", "dbname=db host=h1,h2,h3 port=1,,3");
    check("postgresql://h1,h2/db", "dbname=db host=h1,h2");
    check("postgresql://app@[::1]:6000/db", "dbname=db host=::1 port=6000 user=app");
    check("postgresql://[fe80::1%25eth0]/", "host=fe80::1%eth0");
    check("postgresql://%2Fvar%2Frun%2Fpostgresql:6000/db", "dbname=db host=/var/run/postgresql port=6000");
    check("postgresql:///db?host=/tmp&port=6000", "dbname=db host=/tmp port=6000");
    check("postgresql://localhost:5433/db?host=/tmp", "dbname=db host=/tmp port=5433");
    check("postgresql://app@/db?password=p%26w", "dbname=db password=p&w user=app");
    check("postgresql://?user=me@tenant", "user=me@tenant");
    check("postgresql://db/x?ssl=true", "dbname=x host=db sslmode=require");
    check("postgresql://db?options=-c%20search_path=a", "host=db options=-c search_path=a");
    check(" postgresql://db/x\n", "dbname=x host=db");
}

#[test]
fn wrong_urls() {
    refuse("postgresql://app:hunter@2@db/dpo", "%40");
    refuse("postgresql://app:hunter/2@db/dpo", "%2F");
    refuse("postgresql://app:12/hunter@db/dpo", "%2F");
    refuse("postgresql://app:12/hunter@2@db/dpo", "%2F");
    refuse("postgresql://app:12?hunter@db/dpo", "%3F");
    refuse("postgresql://app:12?hunter=1@db/dpo", "%3F");
    refuse("postgresql://app:pw@a?hunter=1@db/dpo", "%3F");
    refuse("postgresql://app@db?password=a&hunter=b", "%26");
    refuse("postgresql://app@db?password=a&hunter", "%26");
    refuse(
        "postgresql://app:hunter%zz@db",
        "the password is not followed by two hexadecimal digits | a `%` itself is written %25",
    );
    refuse("postgresql://app:hunter%4@db", "%25");
    refuse("postgresql://app:hunter%ff@db", "the password is not UTF-8");
    refuse("postgresql://app:hunter%00@db", "%00");
    refuse("postgresql://app:hunter 2@db", "%20");
    refuse("postgresql://app:hunter", "no number from 1 to 65535");
    refuse("postgresql://app:hunter:2", "more than one `:`");
    refuse("postgresql://app@db:0/x", "no number from 1 to 65535");
    refuse("postgresql://app@db:65536/x", "no number from 1 to 65535");
    refuse("postgresql://app@db:+1/x", "no number from 1 to 65535");
    refuse("postgresql://app@db:/x", "a port is empty");
    refuse("postgresql://app@:5432/x", "a host is empty");
    refuse("postgresql://a,,b/x", "a host is empty");
    refuse("postgresql://:hunter@db/x", "no user stands before the `@`");
    refuse("postgresql://@db/x", "no user stands before the `@`");
    refuse("postgresql://::1/x", "[::1]");
    refuse("postgresql://[::1/x", "not closed");
    refuse("postgresql://[::1]x/x", "other than a port");
    refuse("postgresql://db/a/b", "%2F");
    refuse("postgresql:///var/run/postgresql", "?host=/FOLDER");
    refuse("postgresql://db?sslmode=require&", "no `=`");
    refuse("postgresql://db?=x", "unknown");
    refuse("postgresql://db?sslmode=require&sslmode=disable", "`sslmode` is given twice");
    refuse("postgresql://db?sslmod=require", "did you mean `sslmode`?");
    refuse("postgresql://db?connect_timout=3", "did you mean `connect_timeout`?");
    refuse("postgresql://db?database=x", "did you mean `dbname`?");
    refuse("postgresql://db?schema=x", "`schema` is no parameter");
    refuse("postgresql://db?schema=x", "options=-c%20name=value");
    refuse("postgresql+://db", "none of PostgreSQL");
    refuse("jdbc:postgresql://db/x", "without `jdbc:`");
    refuse("mysql://app:hunter@db/x", "none of PostgreSQL");
    refuse("Postgres://db", "lower case");
    refuse("", "was a variable not set?");
    refuse("hunter", "neither a URL nor a list of key=value");
}

#[test]
fn keywords() {
    check("host=db dbname=dpo user=app", "dbname=dpo host=db user=app");
    check("  host = db\n port=  6000  ", "host=db port=6000");
    check(r"password='it\'s a \\ day' user=a\ b", r"password=it's a \ day user=a b");
    check("host='' password='' user=u", "user=u");
    check("password=p@ss://w host=db", "host=db password=p@ss://w");
    check("host=::1,db,/tmp hostaddr=::1,127.0.0.1, port=1,,3", "host=::1,db,/tmp hostaddr=::1,127.0.0.1, port=1,,3");
    check("user=a=b", "user=a=b");

    refuse("password=my hunter host=db", "quoted: password='…'");
    refuse("password=my hunter=2 host=db", "quoted: password='…'");
    refuse("password='hunter", "the quote that opens the value of `password` is not closed");
    refuse("password=a password=hunter", "`password` is given twice");
    refuse("=hunter", "no parameter");
    refuse("hst=db", "did you mean `host`?");
    refuse("host=db:5432", "port=5432");
    refuse("host=[::1]", "without brackets");
    refuse("host=@abstract", "abstract socket");
    refuse("host=a,,b", "empty place");
    refuse("host=a/b", "neither a host's name");
    refuse("hostaddr=db", "a name belongs in `host`");
    refuse("dbname=postgresql://app:hunter@db", "not a connection string");
}

#[test]
fn values_are_checked() {
    for word in ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] {
        check(&format!("sslmode={word}"), &format!("sslmode={word}"));
    }
    refuse(
        "sslmode=required",
        "it is one of disable, allow, prefer, require, verify-ca, verify-full | did you mean `require`?",
    );
    refuse("sslmode=''", "`sslmode` is empty");
    refuse("connect_timeout=soon", "whole number");
    refuse("keepalives=yes", "0 or 1");
    refuse("ssl_min_protocol_version=TLSv1", "TLSv1.2, TLSv1.3");
    refuse("target_session_attrs=primary", "the driver cannot ask for it");
    refuse("target_session_attrs=standby", "cannot run there");
    refuse("client_encoding=LATIN1", "UTF8");
    check("client_encoding=utf-8", "client_encoding=utf-8");
    refuse("gssencmode=require", "GSSAPI is not supported");
    check("gssencmode=prefer", "gssencmode=prefer");
    refuse("sslpassword=hunter", "encrypted keys are not read");
    refuse("sslcrl=x", "revocation lists are not read");
    refuse("requirepeer=postgres", "who listens at a socket");
    refuse("require_auth=scram-sha-256", "channel_binding=require");
    refuse("replication=true", "takes no SQL");
    refuse("sslcompression=1", "no safe compression");
    refuse("load_balance_hosts=on", "disable, random");
}

#[test]
fn nothing_shows_a_password() {
    let conninfo = Conninfo::parse("postgresql://app:hunter@db/dpo?sslmode=require&options=-c%20x.y=hunter").unwrap();
    assert_eq!(format!("{conninfo:?}"), r#"Conninfo({"dbname", "host", "options", "password", "sslmode", "user"})"#);
    let settings = conninfo.resolve(&Fake::new(&[])).unwrap();
    assert_eq!(settings.display(), "postgresql://app@db:5432/dpo");
    assert!(!format!("{:?}", settings.hosts).contains("hunter"));
}

#[test]
fn displays() {
    let show = |text: &str| resolved(text, &Fake::new(&[])).display();
    assert_eq!(show("postgresql://a,b:2/x?user=u"), "postgresql://u@a:5432,b:2/x");
    assert_eq!(show("host=::1 user=u@t dbname='a b/c'"), "postgresql://u%40t@[::1]:5432/a%20b%2Fc");
    assert_eq!(show("host=/tmp user=u dbname=x"), "postgresql://u@/x?host=/tmp");
    assert_eq!(show("host=/tmp user=u dbname=x port=1"), "postgresql://u@/x?host=/tmp&port=1");
    assert_eq!(show("host=/tmp,db user=u dbname=x"), "postgresql://u@%2Ftmp:5432,db:5432/x");
    assert_eq!(show("hostaddr=127.0.0.1 user=u dbname=dörte"), "postgresql://u@127.0.0.1:5432/dörte");
}

#[test]
fn defaults() {
    let settings = resolved("postgresql://", &Fake::new(&[]));
    assert_eq!(settings.display(), "postgresql://os@localhost:5432/os");
    assert_eq!(settings.application_name, "migrate");
    assert_eq!(settings.connect_timeout.map(|limit| limit.as_secs()), Some(10));
    assert_eq!(settings.tls.mode, SslMode::Prefer);
    assert_eq!((settings.tls.root, settings.tls.identity), (None, None));
    assert_eq!(settings.notes, Vec::<String>::new());

    assert_eq!(resolved("user=u", &Fake::new(&[])).database, "u");
    let sockets = Fake::new(&[]).file("/tmp/.s.PGSQL.5432", "").file("/var/run/postgresql/.s.PGSQL.6000", "");
    assert_eq!(resolved("dbname=x", &sockets).display(), "postgresql://os@/x?host=/tmp");
    assert_eq!(
        resolved("dbname=x port=6000", &sockets).display(),
        "postgresql://os@/x?host=/var/run/postgresql&port=6000"
    );
    assert_eq!(resolved("dbname=x port=7000", &sockets).display(), "postgresql://os@localhost:7000/x");
    assert_eq!(resolved("connect_timeout=0", &Fake::new(&[])).connect_timeout, None);
    assert_eq!(resolved("connect_timeout=3", &Fake::new(&[])).connect_timeout.unwrap().as_secs(), 3);
    assert_eq!(resolved("fallback_application_name=x", &Fake::new(&[])).application_name, "x");
}

#[test]
fn hosts_addresses_and_ports_go_together() {
    let hosts = |text: &str| {
        let settings = resolve(text, &Fake::new(&[]))?;
        Ok::<_, Error>(
            settings.hosts.iter().map(|host| format!("{:?}:{}", host.address, host.port)).collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        hosts("host=a,b hostaddr=1.2.3.4, port=6000").unwrap(),
        [r#"Tcp { name: Some("a"), ip: Some(1.2.3.4) }:6000"#, r#"Tcp { name: Some("b"), ip: None }:6000"#,]
    );
    assert_eq!(hosts("host=/tmp hostaddr=::1").unwrap(), ["Tcp { name: None, ip: Some(::1) }:5432"]);
    let wrong = |text: &str| hosts(text).unwrap_err().to_string();
    assert_eq!(wrong("host=a,b hostaddr=::1"), "`hostaddr` lists 1 for 2 hosts");
    assert_eq!(wrong("host=a port=1,2"), "`port` lists 2 for 1 host");
    assert_eq!(wrong("hostaddr=::1,"), "`hostaddr` has an empty place, and `host` does not fill it");
}

#[test]
fn what_is_given_wins_over_the_service_and_that_over_the_environment() {
    let all = |text: &str, variables: &[(&str, &str)], service: &str| {
        let fake = Fake::new(variables).file("/home/os/.pg_service.conf", service);
        let settings = resolved(text, &fake);
        format!("{} {:?} {}", settings.display(), password(&settings), settings.application_name)
    };
    let environment = [
        ("PGHOST", "env"),
        ("PGPORT", "1"),
        ("PGUSER", "envuser"),
        ("PGDATABASE", "envdb"),
        ("PGPASSWORD", "envpw"),
        ("PGAPPNAME", "envapp"),
    ];
    let service = "[other]\nhost=wrong\n[s]\n# a comment\nhost=service\nuser=suser\n[s]\nport=3\n";
    assert_eq!(all("postgresql://", &environment, service), r#"postgresql://envuser@env:1/envdb Some("envpw") envapp"#);
    assert_eq!(
        all("postgresql://u@given/x?service=s", &environment, service),
        r#"postgresql://u@given:1/x Some("envpw") envapp"#
    );
    assert_eq!(all("service=s", &environment, service), r#"postgresql://suser@service:1/envdb Some("envpw") envapp"#);
    let named = [("PGSERVICE", "s"), ("PGHOST", "env")];
    assert_eq!(all("dbname=x", &named, service), "postgresql://suser@service:5432/x None migrate");
    // Empty variables are none.
    assert_eq!(
        all("dbname=x", &[("PGHOST", ""), ("PGSSLMODE", "")], ""),
        "postgresql://os@localhost:5432/x None migrate"
    );
}

#[test]
fn variables_are_checked_and_named() {
    let wrong = |name, value| resolve("host=db", &Fake::new(&[(name, value)])).unwrap_err().to_string();
    assert!(wrong("PGSSLMODE", "on").starts_with("`PGSSLMODE` cannot be `on`; it is one of disable"));
    assert_eq!(wrong("PGPORT", "x"), "`PGPORT` takes numbers from 1 to 65535");
    assert_eq!(
        wrong("PGREQUIREPEER", "x"),
        "`PGREQUIREPEER` is refused: the driver cannot tell who listens at a socket"
    );
    let fake = Fake::new(&[("PGCLIENTENCODING", "LATIN1")]);
    assert_eq!(resolved("host=db", &fake).notes, ["PGCLIENTENCODING has no effect: revision files are UTF-8"]);
    assert!(resolve("host=db sslmode=require", &Fake::new(&[("PGSSLMODE", "on")])).is_ok(), "what is given wins");
}

#[test]
fn service_files() {
    let fake = Fake::new(&[("PGSYSCONFDIR", "/etc/pg")]).file("/home/os/.pg_service.conf", "[own]\nhost=own\n").file(
        "/etc/pg/pg_service.conf",
        "[own]\nhost=wrong\n[all]\nhost=all\n[bad]\nhost=x\nhst=y\n[line]\nhost\n\
             [nested]\nservice=own\n[space]\nhost = x\n",
    );
    let host = |service: &str| resolved(&format!("service={service} user=u"), &fake).display();
    assert_eq!(host("own"), "postgresql://u@own:5432/u");
    assert_eq!(host("all"), "postgresql://u@all:5432/u");
    let wrong = |service: &str| {
        let error = resolve(&format!("service={service}"), &fake).unwrap_err();
        format!("{error} | {}", error.hints().join(" | "))
    };
    assert_eq!(
        wrong("none"),
        "`service` names `none`, which no service file defines | it would be a section [none] in \
         /home/os/.pg_service.conf or /etc/pg/pg_service.conf"
    );
    assert!(wrong("bad").starts_with("`hst` (/etc/pg/pg_service.conf:7) is no parameter"), "{}", wrong("bad"));
    assert!(wrong("line").starts_with("/etc/pg/pg_service.conf:9: a line of a service is name=value"));
    assert!(wrong("nested").starts_with("/etc/pg/pg_service.conf:11: a service cannot name another"));
    assert!(wrong("space").contains("no space may stand before the `=`"));

    let named = Fake::new(&[("PGSERVICEFILE", "/s")]).file("/s", "[s]\nhost=named\n");
    assert_eq!(resolved("service=s user=u", &named).display(), "postgresql://u@named:5432/u");
    assert!(resolve("service=s servicefile=/gone", &named).unwrap_err().to_string().contains("/gone"));
    assert!(resolve("service=s", &Fake::new(&[])).unwrap_err().hints()[0].contains("~/.pg_service.conf"));
}

#[test]
fn password_files() {
    let pgpass = "# db:5432:x:u:comment\n\
        db:6000:x:u:port\r\n\
        db:*:x:u:first\n\
        *:*:x:u:second\n\
        db:*:a\\:b:u:col\\:on \\\\ pass:word\n\
        localhost:*:sock:u:local\n\
        /srv/pg:*:sock:u:folder\n\
        127.0.0.1:*:y:*:address\n\
        db:*:none:u:\n\
        *:*:none:*:late\n\
        short:line\n";
    let find = |text: &str| {
        let settings = resolved(text, &Fake::new(&[]).file("/home/os/.pgpass", pgpass));
        assert_eq!(settings.notes, Vec::<String>::new());
        password(&settings).map(str::to_owned)
    };
    assert_eq!(find("host=db user=u dbname=x").as_deref(), Some("first"));
    assert_eq!(find("host=db user=u dbname=x port=6000").as_deref(), Some("port"));
    assert_eq!(find("host=other user=u dbname=x").as_deref(), Some("second"));
    assert_eq!(find("host=db user=u dbname=a:b").as_deref(), Some(r"col:on \ pass:word"));
    assert_eq!(find("host=db user=w dbname=x"), None);
    assert_eq!(find("host=/tmp user=u dbname=sock").as_deref(), Some("local"));
    assert_eq!(find("host=/var/run/postgresql user=u dbname=sock").as_deref(), Some("local"));
    assert_eq!(find("host=/srv/pg user=u dbname=sock").as_deref(), Some("folder"));
    assert_eq!(find("host=/elsewhere user=u dbname=sock"), None);
    assert_eq!(find("hostaddr=127.0.0.1 user=u dbname=y").as_deref(), Some("address"));
    assert_eq!(find("host=db hostaddr=127.0.0.1 user=u dbname=y"), None);
    assert_eq!(find("host=db user=u dbname=none"), None, "the first line that fits counts");
    assert_eq!(find("host=db user=u dbname=x password=given").as_deref(), Some("given"));
}

#[test]
fn password_files_of_several_hosts_and_of_everybody() {
    let fake = Fake::new(&[]).file("/p", "a:*:*:*:one\nb:*:*:*:two\n");
    let settings = resolved("host=a,b,c passfile=/p", &fake);
    let found: Vec<_> = settings.hosts.iter().map(|host| host.password.as_ref().map(|it| it.text.as_str())).collect();
    assert_eq!(found, [Some("one"), Some("two"), None]);
    assert_eq!(settings.hosts[0].password.as_ref().unwrap().origin, Origin::Passfile("/p".to_owned()));

    let settings = resolved("host=a", &Fake::new(&[("PGPASSFILE", "/p")]).open_file("/p", "*:*:*:*:x\n"));
    assert_eq!(password(&settings), None);
    assert_eq!(settings.notes, ["the password file /p is not read, because others may read it: chmod 600 /p"]);

    let settings = resolved("host=a passfile=/gone", &Fake::new(&[]));
    assert!(settings.notes[0].starts_with("the password file /gone is not read: "));
}

#[test]
fn tls_settings() {
    let own = || {
        Fake::new(&[])
            .file("/home/os/.postgresql/root.crt", "")
            .file("/home/os/.postgresql/postgresql.crt", "")
            .file("/home/os/.postgresql/postgresql.key", "")
    };
    let settings = resolved("host=db", &own());
    assert_eq!(settings.tls.root, Some(Root::File("/home/os/.postgresql/root.crt".into())));
    let identity = settings.tls.identity.unwrap();
    assert_eq!(identity.certificate, Path::new("/home/os/.postgresql/postgresql.crt"));
    assert_eq!(identity.key, Path::new("/home/os/.postgresql/postgresql.key"));
    assert_eq!(resolved("host=db sslcertmode=disable", &own()).tls.identity, None);
    assert_eq!(resolved("host=db sslmode=disable", &own()).tls.root, None);
    assert_eq!(resolved("host=/tmp sslmode=verify-full", &Fake::new(&[])).tls.root, None, "a socket has no TLS");

    let system = resolved("host=db sslrootcert=system", &Fake::new(&[])).tls;
    assert_eq!((system.mode, system.root), (SslMode::VerifyFull, Some(Root::System)));

    let settings = resolved("host=db sslmode=require sslrootcert=/gone sslcert=/gone.crt", &Fake::new(&[]));
    assert_eq!((settings.tls.root, settings.tls.identity), (None, None));
    assert_eq!(settings.notes.len(), 2, "{:?}", settings.notes);
}

#[test]
fn tls_settings_that_exclude_each_other() {
    let fake = Fake::new(&[]).file("/c", "");
    let wrong = |text: &str| {
        let error = resolve(&format!("host=db {text}"), &fake).unwrap_err();
        assert_eq!(error.class(), crate::error::Class::Usage);
        error.to_string()
    };
    assert_eq!(
        wrong("sslrootcert=system sslmode=verify-ca"),
        "`sslmode` cannot be `verify-ca` with sslrootcert=system: it must be verify-full"
    );
    assert_eq!(wrong("sslnegotiation=direct"), "`sslnegotiation` cannot be `direct` with sslmode=prefer");
    assert_eq!(
        wrong("ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2"),
        "`ssl_min_protocol_version` is above `ssl_max_protocol_version`"
    );
    assert_eq!(wrong("sslmode=verify-ca sslrootcert=/gone"), "`sslrootcert` names /gone, which does not exist");
    assert_eq!(
        wrong("sslmode=verify-full"),
        "`sslmode` is verify-full, and there is no root certificate in /home/os/.postgresql/root.crt"
    );
    assert!(wrong("sslcert=/c").contains("/home/os/.postgresql/postgresql.key does not exist"));
    assert!(wrong("sslcert=/c sslkey=/gone").contains("/gone does not exist"));
}
