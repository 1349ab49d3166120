//! Makes the TLS settings, by the rules of libpq's `connectOptions2` and of its choice of certificate files.

use std::path::PathBuf;

use crate::Result;

use super::choice::{SslMode, SslNegotiation, TlsVersion};
use super::environment::Environment;
use super::settings::{Identity, Root, TlsSettings};
use super::values::Values;

/// Returns the settings, and adds what the user should know about missing files.
///
/// Where no host can speak TLS, the certificates' files are not asked for.
pub(super) fn tls(
    values: &Values,
    reaches_tcp: bool,
    environment: &dyn Environment,
    notes: &mut Vec<String>,
) -> Result<TlsSettings> {
    let system = values.text("sslrootcert") == Some("system");
    let mode = match values.choice("sslmode", SslMode::from_word) {
        Some(mode) if system && mode < SslMode::VerifyFull => {
            let what = format!("cannot be `{}` with sslrootcert=system: it must be verify-full", mode.word());
            return Err(values.wrong("sslmode", &what).hint("anybody can have a certificate of a public authority"));
        }
        Some(mode) => mode,
        None if system => SslMode::VerifyFull,
        None => SslMode::Prefer,
    };
    let negotiation = values.choice("sslnegotiation", SslNegotiation::from_word).unwrap_or(SslNegotiation::Postgres);
    if negotiation == SslNegotiation::Direct && mode < SslMode::Require {
        let what = format!("cannot be `direct` with sslmode={}", mode.word());
        return Err(values.wrong("sslnegotiation", &what).hint("sslmode=require, verify-ca or verify-full"));
    }
    let version = |name| values.choice(name, TlsVersion::from_word);
    let lowest = version("ssl_min_protocol_version").unwrap_or(TlsVersion::V12);
    let highest = version("ssl_max_protocol_version").unwrap_or(TlsVersion::V13);
    if lowest > highest {
        return Err(values.wrong("ssl_min_protocol_version", "is above `ssl_max_protocol_version`"));
    }
    let sni = values.switch("sslsni").unwrap_or(true);
    let mut tls = TlsSettings { mode, negotiation, root: None, identity: None, sni, versions: (lowest, highest) };
    if reaches_tcp && mode != SslMode::Disable {
        tls.root = root(values, mode, environment, notes)?;
        tls.identity = identity(values, environment, notes)?;
    }
    Ok(tls)
}

/// Returns the root certificates. A file that is not there is an error only where the mode verifies.
fn root(
    values: &Values,
    mode: SslMode,
    environment: &dyn Environment,
    notes: &mut Vec<String>,
) -> Result<Option<Root>> {
    let given = values.text("sslrootcert");
    if given == Some("system") {
        return Ok(Some(Root::System));
    }
    let path = given.map(PathBuf::from).or_else(|| environment.own_file("root.crt"));
    let verifies = mode >= SslMode::VerifyCa;
    match path {
        Some(path) if environment.exists(&path) => Ok(Some(Root::File(path))),
        Some(path) if verifies => {
            let what = format!("names {}, which does not exist", path.display());
            let error = match given {
                Some(_) => values.wrong("sslrootcert", &what),
                None => values.wrong(
                    "sslmode",
                    &format!("is {}, and there is no root certificate in {}", mode.word(), path.display()),
                ),
            };
            Err(error.hint(
                "sslrootcert=FILE names the server's authority; sslrootcert=system, those that the system trusts",
            ))
        }
        None if verifies => {
            let what = format!("is {}, and no root certificate is named", mode.word());
            Err(values.wrong("sslmode", &what).hint("sslrootcert=FILE or sslrootcert=system"))
        }
        path => {
            if given.is_some() {
                let path = path.unwrap_or_default();
                notes.push(format!(
                    "sslrootcert names {}, which does not exist: the server's certificate is not verified",
                    path.display()
                ));
            }
            Ok(None)
        }
    }
}

/// Returns the client's certificate and key. A certificate that is not there is none, even where it was named: many a
/// set-up names a file that does not exist to keep libpq from the one in the account's folder.
fn identity(values: &Values, environment: &dyn Environment, notes: &mut Vec<String>) -> Result<Option<Identity>> {
    if values.text("sslcertmode") == Some("disable") {
        return Ok(None);
    }
    let given = values.text("sslcert").map(PathBuf::from);
    let Some(certificate) = given.clone().or_else(|| environment.own_file("postgresql.crt")) else {
        return Ok(None);
    };
    if !environment.exists(&certificate) {
        if given.is_some() {
            notes
                .push(format!("sslcert names {}, which does not exist: no certificate is sent", certificate.display()));
        }
        return Ok(None);
    }
    let key = values.text("sslkey").map(PathBuf::from).or_else(|| environment.own_file("postgresql.key"));
    match key {
        Some(key) if environment.exists(&key) => Ok(Some(Identity { certificate, key })),
        Some(key) => {
            let what = format!(
                "is needed for the certificate {}, and {} does not exist",
                certificate.display(),
                key.display()
            );
            Err(values.wrong("sslkey", &what))
        }
        None => Err(values.wrong("sslkey", &format!("is needed for the certificate {}", certificate.display()))),
    }
}
