//! Stands in for TLS in a build without the feature `postgres-tls`.

use std::error::Error as Source;

use tokio_postgres::NoTls;
use tokio_postgres::tls::{MakeTlsConnect, NoTlsError, NoTlsStream};

use crate::{Error, Result};

use super::conninfo::{Address, Settings, SslMode};

/// The connector of a build without TLS: there is no value of this type.
#[derive(Clone)]
pub(super) enum Connector {}

impl<S> MakeTlsConnect<S> for Connector {
    type Stream = NoTlsStream;
    type TlsConnect = NoTls;
    type Error = NoTlsError;

    fn make_tls_connect(&mut self, _domain: &str) -> Result<NoTls, NoTlsError> {
        match *self {}
    }
}

/// The TLS of a build without it: there is no value of this type.
pub(super) enum Tls {}

impl Tls {
    /// Returns `None` where the mode lets a connection be plain.
    ///
    /// # Errors
    ///
    /// Returns a usage error where the mode requires TLS.
    pub(super) fn new(settings: &Settings) -> Result<Option<Self>> {
        let mode = settings.tls.mode;
        if mode < SslMode::Require || !settings.reaches_tcp() {
            return Ok(None);
        }
        Err(Error::usage(format!("sslmode={} needs TLS, which this program was built without", mode.word()))
            .hint("turn on the feature `postgres-tls` of migrate-core"))
    }

    /// Is never called.
    pub(super) fn connector(&self, _address: &Address) -> Result<Connector> {
        match *self {}
    }
}

/// Is never called.
pub(super) fn has_begun(connector: &Connector) -> bool {
    match *connector {}
}

/// Returns nothing: no failure is TLS's.
pub(super) fn explain(_source: &(dyn Source + 'static)) -> Option<(String, Vec<String>)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::postgres::conninfo::{Conninfo, Process};

    #[test]
    fn modes_that_need_tls_are_refused() {
        let tls = |text: &str| Tls::new(&Conninfo::parse(text)?.resolve(&Process)?);
        for mode in ["disable", "allow", "prefer"] {
            assert!(tls(&format!("host=db sslmode={mode}")).unwrap().is_none());
        }
        let error = tls("host=db sslmode=require").err().unwrap();
        assert_eq!(error.to_string(), "sslmode=require needs TLS, which this program was built without");
        assert!(error.hints()[0].contains("`postgres-tls`"));
        assert!(tls("host=/tmp sslmode=require").unwrap().is_none());
    }
}
