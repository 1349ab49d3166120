//! Connection strings: what the user gives → [`Settings`], with the environment and the files that libpq also reads.
//!
//! 1. [`Conninfo`] is a URL (`url.rs`) or libpq's `key=value` text (`keywords.rs`), read and checked without I/O
//!    (`parameter.rs` is the table of what there is).
//! 2. [`Conninfo::resolve`] adds the service file (`service.rs`), the environment's `PG*` variables, libpq's defaults
//!    (`resolve.rs`, `hosts.rs`, `security.rs`) and the passwords of `~/.pgpass` (`passfile.rs`). All it knows of the
//!    outer world comes through the trait [`Environment`].
//!
//! The driver has a parser of its own. It is not used, because it refuses or ignores half of libpq's parameters, and
//! takes the rest of a password with a raw `@` for a host name, which error messages then show.
//!
//! Nothing here connects, and the certificates that the settings name are read by `tls`.

pub(super) mod choice;
mod environment;
mod hosts;
mod keywords;
mod parameter;
mod passfile;
mod resolve;
mod security;
mod service;
pub(super) mod settings;
mod url;
mod values;

use std::fmt;

use crate::{Error, Result};

pub(crate) use choice::{ChannelBinding, LoadBalanceHosts, SslMode, SslNegotiation, TargetSessionAttrs};
pub(crate) use environment::{Environment, Process};
pub(crate) use settings::{Address, Host, Settings};
pub(crate) use values::Origin;
use values::Values;

/// A connection string as it was given: every parameter in it is known and has a value that it may have.
#[derive(Clone)]
pub(crate) struct Conninfo {
    values: Values,
}

impl Conninfo {
    /// Reads either form: a URL, or libpq's `key=value` text.
    ///
    /// # Errors
    ///
    /// Returns a usage error that tells what is wrong, and never shows a part of the text that may be a password.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::usage("the database's connection string is empty").hint("was a variable not set?"));
        }
        // A value may hold `://`, so what stands before it decides.
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some(scheme) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-._:".contains(c)) => {
                Self::from_url(text)
            }
            _ => Self::from_keywords(text),
        }
    }

    /// Reads `postgres://`, `postgresql://`, or either with a driver's name as SQLAlchemy writes it
    /// (`postgresql+psycopg2://`).
    ///
    /// # Errors
    ///
    /// As [`Conninfo::parse`].
    pub(crate) fn from_url(text: &str) -> Result<Self> {
        url::read(text.trim()).map(|values| Self { values })
    }

    /// Reads libpq's `host=db dbname='my app'`.
    ///
    /// # Errors
    ///
    /// As [`Conninfo::parse`].
    pub(crate) fn from_keywords(text: &str) -> Result<Self> {
        keywords::read(text).map(|values| Self { values })
    }

    /// Returns everything that a connection needs. What was given wins over the service file, that over the
    /// environment, and that over the defaults: libpq's order.
    ///
    /// # Errors
    ///
    /// Returns a usage error for what is wrong in the environment or in a file, and for settings that exclude each
    /// other.
    pub(crate) fn resolve(self, environment: &dyn Environment) -> Result<Settings> {
        resolve::settings(self.values, environment)
    }
}

/// Shows the parameters' names only: a password can stand in several of them.
impl fmt::Debug for Conninfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Conninfo").field(&self.values).finish()
    }
}

#[cfg(test)]
mod tests;
