//! The database that a command is about: which URL, which dialect, which driver.

use std::collections::BTreeMap;
use std::path::Path;

use migrate_core::config::Config;
use migrate_core::introspect::{self, Filter};
use migrate_core::runtime::Backend;
use migrate_core::runtime::offline::Shell;
use migrate_core::schema::Schema;
use migrate_core::sql::Syntax;
use migrate_core::{Diagnostic, Error, ErrorKind, Location, Result, postgres, sqlite};

use crate::arguments::Global;
use crate::io::Io;
use crate::project;

/// The `-x` arguments: values for migrate.toml, and the database.
#[derive(Debug, Default)]
struct Extra {
    values: BTreeMap<String, String>,
    url: Option<String>,
}

/// The database that was named.
pub(crate) struct Database {
    url: String,
    syntax: &'static Syntax,
    /// The folder that a relative file is relative to.
    folder: std::path::PathBuf,
    /// Where migrate.toml names it, if the command line does not.
    at: Option<Location>,
}

/// What a live database has.
pub(crate) struct Live {
    pub(crate) schema: Schema,
    /// The server's major version, where there is a server.
    pub(crate) version: Option<u32>,
}

/// Whether a file that is not there is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is.
    Create,
    /// It is an error.
    Refuse,
}

impl Database {
    /// Returns whether the command line names a database.
    pub(crate) fn is_given(global: &Global) -> bool {
        global.url.is_some() || global.x.iter().any(|argument| is_url(argument))
    }

    /// Finds the database: `-x URL` or `--url`, else migrate.toml's.
    pub(crate) fn find(global: &Global, config: &Config, io: &Io) -> Result<Self> {
        let extra = Extra::read(&global.x)?;
        let given = match (&global.url, extra.url) {
            (Some(_), Some(_)) => {
                return Err(
                    Error::usage("two databases are given, by -x and by --url").hint("one run is for one database")
                );
            }
            (Some(url), None) if url.trim().is_empty() => {
                return Err(Error::usage("`--url` is empty; was a variable empty?"));
            }
            (Some(url), None) => Some(url.clone()),
            (None, url) => url,
        };
        check_used(&extra.values, config.url.as_deref().filter(|_| given.is_none()))?;
        if let Some(url) = given {
            return Self::new(url, config, &io.folder);
        }
        let variables = project::variables(io, &extra.values);
        let configured = config.url.as_deref().ok_or_else(|| {
            Error::usage(format!("no database is given, and {} has no `url`", config.file.display()))
                .hint("say which: `-x postgresql://…`, `-x sqlite:///…`, or `url = \"…\"` in migrate.toml")
        });
        let url = configured.and_then(|url| variables.expand("url", url));
        let database = url.and_then(|url| Self::new(url, config, config.folder()));
        let at = config.url.as_ref().map(|_| config.url_at.clone());
        match database {
            Ok(database) => Ok(Self { at, ..database }),
            Err(error) => Err(in_config(error, at.as_ref())),
        }
    }

    fn new(url: String, config: &Config, folder: &Path) -> Result<Self> {
        let syntax = dialect_of(&url)?;
        if !config.dialects.contains(&syntax) {
            let listed: Vec<&str> = config.dialects.iter().map(|syntax| syntax.name).collect();
            return Err(Error::usage(format!(
                "the database is {}, and {} lists dialects = {listed:?}",
                syntax.name,
                config.file.display()
            ))
            .hint("add it there, and its sections to the revision files"));
        }
        Ok(Self { url, syntax, folder: folder.to_owned(), at: None })
    }

    /// Returns the dialect.
    pub(crate) fn syntax(&self) -> &'static Syntax {
        self.syntax
    }

    /// Connects.
    pub(crate) fn connect(&self, missing: Missing) -> Result<Box<dyn Backend>> {
        self.open(missing).map_err(|error| in_config(error, self.at.as_ref()))
    }

    fn open(&self, missing: Missing) -> Result<Box<dyn Backend>> {
        if !self.url.starts_with("sqlite:") {
            return Ok(Box::new(postgres::connect(&self.url)?));
        }
        let location = sqlite::Location::parse(&self.url)?.in_folder(&self.folder);
        Ok(Box::new(match missing {
            Missing::Create => sqlite::Session::create(&location)?,
            Missing::Refuse => sqlite::Session::open(&location)?,
        }))
    }

    /// Reads the schema, as far as the filter has it.
    pub(crate) fn introspect(&self, filter: &Filter) -> Result<Live> {
        self.read_schema(filter).map_err(|error| in_config(error, self.at.as_ref()))
    }

    fn read_schema(&self, filter: &Filter) -> Result<Live> {
        if !self.url.starts_with("sqlite:") {
            let mut session = postgres::connect(&self.url)?;
            let schema = introspect::postgres::read(&mut session, filter)?;
            return Ok(Live { schema, version: Some(session.major_version()?) });
        }
        let location = sqlite::Location::parse(&self.url)?.in_folder(&self.folder);
        let session = sqlite::Session::open(&location)?;
        Ok(Live { schema: introspect::sqlite::read(session.connection(), filter)?, version: None })
    }

    /// Returns whether it is a file that does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        let location = sqlite::Location::parse(&self.url).map(|location| location.in_folder(&self.folder));
        location.is_ok_and(|location| location.path().is_some_and(|path| !path.exists()))
    }

    /// Returns the shell that scripts are for.
    pub(crate) fn shell(&self) -> &'static dyn Shell {
        if self.url.starts_with("sqlite:") { &sqlite::Sqlite3 } else { &postgres::Psql }
    }

    /// Returns the URL without what is secret.
    pub(crate) fn shown(&self) -> String {
        if self.url.starts_with("sqlite:") { self.url.clone() } else { postgres::without_secrets(&self.url) }
    }
}

/// The database that `init` writes into a new migrate.toml.
pub(crate) struct Template {
    url: String,
    dialects: Vec<&'static Syntax>,
}

impl Template {
    /// Takes the URL of the command line, else one that suits the first dialect; without any it is a SQLite file.
    pub(crate) fn new(global: &Global, dialects: &[&'static Syntax], name: &str) -> Result<Self> {
        let extra = Extra::read(&global.x)?;
        if let Some(key) = extra.values.keys().next() {
            return Err(Error::usage(format!("nothing takes the value of `-x {key}=…`")));
        }
        let Some(url) = global.url.clone().or(extra.url) else {
            let first = dialects.first().map_or("sqlite", |syntax| syntax.name);
            let dialects = if dialects.is_empty() { vec![dialect_of("sqlite:")?] } else { dialects.to_vec() };
            let url = if first == "sqlite" { format!("sqlite:///{name}.db") } else { "${DATABASE_URL}".to_owned() };
            return Ok(Self { url, dialects });
        };
        let dialect = dialect_of(&url)?;
        if !dialects.is_empty() && !dialects.contains(&dialect) {
            return Err(Error::usage(format!("the database is {}, and no `--dialect` names it", dialect.name)));
        }
        let login = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
        if login.is_some_and(|(login, _)| login.contains(':')) || url.contains("password") {
            return Err(Error::usage("the URL has a password, and migrate.toml is a file that people commit")
                .hint(format!("`--dialect {}` writes `url = \"${{DATABASE_URL}}\"` instead", dialect.name)));
        }
        // A dollar begins a variable there, a quote ends the text.
        let url = url.replace('$', "$$").replace('\\', "\\\\").replace('"', "\\\"");
        Ok(Self { url, dialects: if dialects.is_empty() { vec![dialect] } else { dialects.to_vec() } })
    }

    /// Returns the URL as it stands between the quotes of migrate.toml.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Returns the dialects, at least one.
    pub(crate) fn dialects(&self) -> &[&'static Syntax] {
        &self.dialects
    }

    /// Returns the features of migrate-core that an app needs for them.
    pub(crate) fn features(&self) -> String {
        let features = self.dialects.iter().map(|s| if s.name == "sqlite" { "sqlite-bundled" } else { "postgres-tls" });
        features.collect::<Vec<_>>().join(",")
    }
}

impl Extra {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut extra = Self::default();
        for argument in arguments {
            if is_url(argument) {
                if extra.url.replace(argument.clone()).is_some() {
                    return Err(Error::usage("two databases are given by -x").hint("one run is for one database"));
                }
                continue;
            }
            match argument.split_once('=') {
                Some((key, _)) if is_libpq_key(key) => {
                    return Err(Error::usage(format!("`-x {key}=…` is a key of libpq's"))
                        .hint("a key=value text goes into `--url`"));
                }
                Some((key, value)) if is_key(key) => {
                    extra.values.insert(key.to_owned(), value.to_owned());
                }
                _ => return Err(unreadable(argument)),
            }
        }
        Ok(extra)
    }
}

/// Refuses a value that no variable of the URL takes: misspelt, it would leave the default in its place.
fn check_used(values: &BTreeMap<String, String>, url: Option<&str>) -> Result<()> {
    let names: Vec<&str> =
        url.unwrap_or_default().split("${x:").skip(1).filter_map(|rest| rest.split([':', '}']).next()).collect();
    let Some(unused) = values.keys().find(|key| !names.contains(&key.as_str())) else { return Ok(()) };
    let error = Error::usage(format!("nothing takes the value of `-x {unused}=…`"));
    Err(match (url, names.as_slice()) {
        (None, _) => error.hint("the URL on the command line has no variables, and migrate.toml's is not used"),
        (Some(_), []) => error.hint(format!("migrate.toml's `url` takes it where it says ${{x:{unused}}}")),
        (Some(_), names) => error.hint(migrate_core::suggest::did_you_mean(unused, names.iter().copied())),
    })
}

fn unreadable(argument: &str) -> Error {
    if argument.trim().is_empty() {
        return Error::usage("`-x` is empty; was a variable empty?");
    }
    // What looks like a URL may hold a password.
    let shown = match argument.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…"),
        None if argument.contains('@') || argument.contains("password") => "…".to_owned(),
        None => argument.to_owned(),
    };
    Error::usage(format!("`-x {shown}` is neither KEY=VALUE nor a database URL"))
        .hint("a URL begins with postgresql:, postgres: or sqlite:; was a variable empty?")
}

fn is_key(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-' || c == '.')
}

fn is_libpq_key(key: &str) -> bool {
    ["host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "service"].contains(&key)
}

fn is_url(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or_default();
    text.contains(':')
        && (matches!(scheme, "postgres" | "postgresql" | "sqlite")
            || scheme.starts_with("postgresql+")
            || scheme.starts_with("postgres+"))
}

fn dialect_of(url: &str) -> Result<&'static Syntax> {
    let name = match url.split_once(':') {
        Some(("sqlite", _)) => "sqlite",
        _ if is_url(url) => "postgres",
        Some((scheme, rest)) if rest.starts_with("//") => {
            return Err(Error::usage(format!("`{scheme}://…` is no database that migrate knows"))
                .hint("a URL begins with postgresql:, postgres: or sqlite:"));
        }
        // libpq's key=value text.
        _ if url.contains('=') => "postgres",
        _ => {
            return Err(Error::usage("the text is no database URL")
                .hint("a URL begins with postgresql:, postgres: or sqlite:; was a variable empty?"));
        }
    };
    Syntax::named(name).ok_or_else(|| Error::usage(format!("{name} is not built in")))
}

/// A wrong URL of migrate.toml is the project's mistake, and has a place.
fn in_config(error: Error, at: Option<&Location>) -> Error {
    let (ErrorKind::Usage(message), Some(at)) = (error.kind(), at) else { return error };
    let mut diagnostic = Diagnostic::new("url", at.clone(), message.clone());
    diagnostic.help = (!error.hints().is_empty()).then(|| error.hints().join("; "));
    Error::sources(vec![diagnostic])
}
