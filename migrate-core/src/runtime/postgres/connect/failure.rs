//! Why no connection came about: the failures of all addresses and modes → one error.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use crate::Error;
use crate::runtime::postgres::conninfo::{Address, Host, Settings};

use super::advice::{Account, Kind, broken, kind, refused, said, text};

/// An address that was tried in vain.
pub(super) struct Failure<'a> {
    host: &'a Host,
    ip: Option<IpAddr>,
    /// Of each mode that was tried; the one with TLS is the first, whichever was tried first: it is the one to mend.
    reasons: Vec<Reason>,
}

/// Why a mode failed.
pub(super) struct Reason {
    secured: bool,
    cause: Cause,
}

/// What failed.
pub(super) enum Cause {
    /// The host's name leads to no address.
    Lookup(io::Error),
    /// The time was up.
    Timeout(Duration),
    /// The rest.
    Driver(tokio_postgres::Error),
}

impl<'a> Failure<'a> {
    /// Returns a failure.
    pub(super) fn new(host: &'a Host, ip: Option<IpAddr>, reasons: Vec<Reason>) -> Self {
        Self { host, ip, reasons }
    }

    /// Says whether the other addresses need not be tried.
    pub(super) fn is_final(&self) -> bool {
        self.reasons.iter().any(|reason| match &reason.cause {
            Cause::Lookup(_) | Cause::Timeout(_) => false,
            Cause::Driver(error) => match error.code() {
                // A server that is starting or stopping; of several, another may be up.
                Some(code) => *code != SqlState::CANNOT_CONNECT_NOW,
                None => matches!(kind(error), Kind::Tls | Kind::Refused),
            },
        })
    }

    fn account(&self, settings: &Settings) -> Account {
        let mut accounts = self.reasons.iter().map(|reason| reason.account(settings, self.host));
        let mut account = accounts.next().unwrap_or_default();
        if let Some(other) = accounts.next() {
            if other.database.message != account.database.message {
                account.database.message =
                    format!("with TLS: {}; without TLS: {}", account.database.message, other.database.message);
            }
            account.database.code = account.database.code.or(other.database.code);
        }
        account
    }

    fn place(&self) -> String {
        match (&self.host.address, self.ip) {
            (Address::Tcp { name: Some(name), .. }, Some(ip)) if *name != ip.to_string() => {
                format!("{} ({ip})", self.host.display())
            }
            _ => self.host.display(),
        }
    }
}

impl Reason {
    /// Returns the reason of an attempt without TLS.
    pub(super) fn plain(cause: Cause) -> Self {
        Self { secured: false, cause }
    }

    /// Returns the reason of an attempt with TLS.
    pub(super) fn secured(cause: Cause) -> Self {
        Self { secured: true, cause }
    }

    /// Says whether the other kind of connection may succeed where this one failed.
    ///
    /// libpq tries again after any refusal. A password that is wrong is so either way, and a second attempt is a
    /// second step towards a lock of the account.
    pub(super) fn depends_on_encryption(&self) -> bool {
        let Cause::Driver(error) = &self.cause else { return false };
        match error.code() {
            Some(code) => {
                let either_way =
                    [SqlState::INVALID_PASSWORD, SqlState::INVALID_CATALOG_NAME, SqlState::TOO_MANY_CONNECTIONS];
                !either_way.contains(code) && !code.code().starts_with("57")
            }
            None => self.secured && kind(error) == Kind::Tls,
        }
    }

    fn account(&self, settings: &Settings, host: &Host) -> Account {
        match &self.cause {
            Cause::Lookup(error) => {
                let account = Account::new(format!("the host {} is not found: {error}", host.display()));
                account.hint("is the host's name right, and can this machine look it up?")
            }
            Cause::Timeout(limit) => {
                let seconds = limit.as_secs();
                let account = Account::new(format!("{} did not answer within {seconds} s", host.display()));
                account
                    .hint("does a firewall drop the packets, and is it a PostgreSQL server that listens there?")
                    .hint("connect_timeout=SECONDS gives it more time")
            }
            Cause::Driver(error) => match error.as_db_error() {
                Some(refusal) => refused(refusal, settings, host),
                None => broken(error, settings, host),
            },
        }
    }
}

/// Returns the error of a connection that was tried in vain.
pub(super) fn error(settings: &Settings, failures: &[Failure<'_>]) -> Error {
    let accounts: Vec<Account> = failures.iter().map(|failure| failure.account(settings)).collect();
    let mut hints: Vec<String> = Vec::new();
    for hint in accounts.iter().flat_map(|account| &account.hints) {
        if !hints.contains(hint) {
            hints.push(hint.clone());
        }
    }
    let is_same = accounts.windows(2).all(|pair| pair[0].database.message == pair[1].database.message);
    let all: Vec<String> = failures
        .iter()
        .zip(&accounts)
        .map(|(failure, account)| format!("{}: {}", failure.place(), account.database.message))
        .collect();
    // The last is the one that had something to say, if any had.
    let mut database = accounts.into_iter().next_back().unwrap_or_default().database;
    if !is_same {
        database.message = all.join("; ");
    }
    database.action = format!("connect to {}", settings.display());
    hints.into_iter().fold(Error::from(database), Error::hint)
}

/// Returns the error of a query on a new connection.
pub(super) fn error_of(settings: &Settings, action: &str, error: &tokio_postgres::Error) -> Error {
    let mut database = error.as_db_error().map(said).unwrap_or_default();
    database.action = format!("{action} at {}", settings.display());
    if database.message.is_empty() {
        database.message = text(error);
    }
    Error::from(database)
}
