//! Says in words what an error of the driver means, and what to do.

use std::error::Error as _;
use std::io;

use tokio_postgres::error::{DbError, SqlState};

use crate::error::DatabaseError;
use crate::runtime::postgres::conninfo::{Address, ChannelBinding, Host, Origin, Settings};
use crate::runtime::postgres::tls;

/// The kinds of the driver's errors, which it tells only by its words for them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The server was not reached, or is not one of those wanted.
    Connect,
    /// The connection broke.
    Broken,
    /// The TLS handshake failed, or the server has no TLS.
    Tls,
    /// The server wants something that the settings do not have, or the other way round.
    Refused,
    Other,
}

/// What a user is told.
#[derive(Default)]
pub(super) struct Account {
    /// What happened.
    pub(super) database: DatabaseError,
    /// What to do, the most likely first.
    pub(super) hints: Vec<String>,
}

impl Account {
    pub(super) fn new(message: String) -> Self {
        Self { database: DatabaseError { message, ..DatabaseError::default() }, hints: Vec::new() }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Returns the driver's error with its sources: its own words leave out what happened.
pub(super) fn text(error: &tokio_postgres::Error) -> String {
    if let Some(refusal) = error.as_db_error() {
        return refusal.to_string();
    }
    if let Some((message, _)) = tls::explain(error) {
        return message;
    }
    match error.source() {
        Some(source) => source.to_string(),
        None if error.is_closed() => "the server closed the connection".to_owned(),
        None => error.to_string(),
    }
}

pub(super) fn kind(error: &tokio_postgres::Error) -> Kind {
    if error.is_closed() {
        return Kind::Broken;
    }
    let words = error.to_string();
    // A server tells only after a handshake of TLS 1.3 that it does not accept the client's certificate.
    if words.starts_with("error performing TLS handshake") || tls::explain(error).is_some() {
        return Kind::Tls;
    }
    match words.as_str() {
        words if words.starts_with("error connecting to server") => Kind::Connect,
        words if words.starts_with("error communicating with the server") => Kind::Broken,
        words if words.starts_with("invalid configuration") => Kind::Refused,
        words if words.starts_with("authentication error") => Kind::Refused,
        _ => Kind::Other,
    }
}

pub(super) fn said(refusal: &DbError) -> DatabaseError {
    DatabaseError {
        action: String::new(),
        message: refusal.message().to_owned(),
        code: Some(format!("SQLSTATE {}", refusal.code().code())),
        detail: refusal.detail().map(str::to_owned),
        hint: refusal.hint().map(str::to_owned),
    }
}

/// Tells what the server said.
pub(super) fn refused(refusal: &DbError, settings: &Settings, host: &Host) -> Account {
    let account = Account { database: said(refusal), hints: Vec::new() };
    let (user, database) = (quoted(&settings.user), quoted(&settings.database));
    let code = refusal.code();
    if *code == SqlState::INVALID_PASSWORD {
        return account.hint(wrong_password(host));
    }
    if *code == SqlState::INVALID_CATALOG_NAME {
        return account.hint(format!("createdb {} {database}", options(host, &user)));
    }
    if *code == SqlState::TOO_MANY_CONNECTIONS {
        return account.hint("the setting `max_connections`, or the limit of the role or of the database, is reached");
    }
    if *code == SqlState::CANNOT_CONNECT_NOW {
        return account.hint("the server is starting up or shutting down; try again in a moment");
    }
    if *code != SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        return account;
    }
    // The messages are in the server's language; the function that reports them is not.
    let message = refusal.message();
    match refusal.routine() {
        Some("InitializeSessionUserId") => {
            account.hint(format!("a superuser makes the role: createuser {} {user}", options(host, "SUPERUSER")))
        }
        Some("auth_failed") if !host.address.is_tcp() => account.hint(
            "over a socket the server may ask for the role of the operating system's account; over TCP \
                   (host=localhost) it may ask for a password",
        ),
        _ if message.contains("client certificate") => {
            account.hint("sslcert=FILE sslkey=FILE name the certificate of the role")
        }
        _ if message.contains("no encryption") || message.contains("SSL off") => account
            .hint("the server may accept this role over TLS only: sslmode=require, or better verify-full")
            .hint("else the server's pg_hba.conf needs a line for this role, database and address"),
        _ => account.hint("the server's pg_hba.conf decides who may connect to what, from where and how"),
    }
}

fn wrong_password(host: &Host) -> String {
    match host.password.as_ref().map(|password| &password.origin) {
        Some(Origin::Variable(variable)) => format!("the password is that of the environment's `{variable}`"),
        Some(Origin::Service { file, line }) => format!("the password is that of {file}:{line}"),
        Some(Origin::Passfile(file)) => format!("the password is that of {file}, from the first line that fits"),
        Some(Origin::Given) | None => {
            "the password is that of the connection string; in a URL, `@` is written %40, `/` %2F, `:` %3A and `%` %25"
                .to_owned()
        }
    }
}

/// Tells what went wrong before the server said anything.
pub(super) fn broken(error: &tokio_postgres::Error, settings: &Settings, host: &Host) -> Account {
    if let Some((message, hints)) = tls::explain(error) {
        let mode = settings.tls.mode.word();
        return hints.into_iter().fold(Account::new(format!("{message} (sslmode={mode})")), Account::hint);
    }
    let message = text(error);
    match kind(error) {
        Kind::Connect => unreached(error, message, host),
        Kind::Broken => Account::new(format!("the connection broke: {message}"))
            .hint(format!("is it a PostgreSQL server that listens on {}? its own log tells why", host.display())),
        Kind::Tls if message == "server does not support TLS" => {
            Account::new(format!("the server does not speak TLS, and sslmode={} requires it", settings.tls.mode.word()))
                .hint("the server's setting is `ssl = on`, with a certificate")
        }
        Kind::Tls => Account::new(format!("the TLS handshake failed: {message}")),
        Kind::Refused if message == "password missing" => {
            let (user, database) = (&settings.user, &settings.database);
            let (name, port) = name_and_port(host);
            Account::new("the server asks for a password, and there is none".to_owned())
                .hint(format!("a line in ~/.pgpass: {name}:{port}:{database}:{user}:PASSWORD, and chmod 600 ~/.pgpass"))
                .hint("or the environment's PGPASSWORD")
        }
        Kind::Refused if settings.channel_binding == ChannelBinding::Require => {
            Account::new(format!("channel_binding=require cannot be kept: {message}"))
                .hint("it takes TLS and a server that asks for a password by scram-sha-256")
        }
        Kind::Refused | Kind::Other => Account::new(message),
    }
}

fn unreached(error: &tokio_postgres::Error, message: String, host: &Host) -> Account {
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let (name, port) = name_and_port(host);
    let is_up = format!("is the server up? pg_isready -h {} -p {port}", quoted(&name));
    match source.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => {
            Account::new(format!("nobody listens on {}: connection refused", host.display())).hint(is_up)
        }
        Some(io::ErrorKind::NotFound) => Account::new(format!("there is no socket {}", host.display())).hint(is_up),
        _ => Account::new(message),
    }
}

fn name_and_port(host: &Host) -> (String, u16) {
    let name = match &host.address {
        Address::Socket(folder) => folder.display().to_string(),
        Address::Tcp { name: Some(name), .. } => name.clone(),
        Address::Tcp { name: None, ip } => ip.map(|ip| ip.to_string()).unwrap_or_default(),
    };
    (name, host.port)
}

/// Returns the options by which PostgreSQL's programs connect to the same server.
fn options(host: &Host, user: &str) -> String {
    let (name, port) = name_and_port(host);
    format!("-h {} -p {port} -U {user}", quoted(&name))
}

/// Quotes a word for a shell where it has to be.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
