//! Says in words why a TLS handshake failed.

use std::error::Error as Source;

use rustls::{AlertDescription, CertificateError, Error};

/// Looks for an error of rustls in a chain of sources, and returns what it means and what to do about it.
pub(in super::super) fn explain(source: &(dyn Source + 'static)) -> Option<(String, Vec<String>)> {
    let mut next = Some(source);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<Error>() {
            return Some(describe(error));
        }
        // What an io::Error was made of is not its source, but that has no other parent.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn describe(error: &Error) -> (String, Vec<String>) {
    match error {
        Error::InvalidCertificate(reason) => describe_certificate(reason),
        Error::AlertReceived(alert) => {
            let hint = match alert {
                AlertDescription::CertificateRequired => {
                    "the server wants a client certificate: sslcert=FILE sslkey=FILE"
                }
                AlertDescription::UnknownCA
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateExpired
                | AlertDescription::DecryptError => {
                    "the server does not accept the client certificate of `sslcert`; its own log tells why"
                }
                AlertDescription::ProtocolVersion => {
                    "the server has no version of TLS that this connection may use; this program speaks 1.2 and 1.3"
                }
                _ => "the server's own log tells why",
            };
            (format!("the server ended the TLS handshake: {alert:?}"), vec![hint.to_owned()])
        }
        Error::PeerIncompatible(reason) => (
            format!("the server and this program have no TLS in common: {reason:?}"),
            vec!["this program speaks TLS 1.2 and 1.3, with the cipher suites of today".to_owned()],
        ),
        error => (format!("the TLS handshake failed: {error}"), Vec::new()),
    }
}

fn describe_certificate(reason: &CertificateError) -> (String, Vec<String>) {
    let mut hints = Vec::new();
    let what = match reason {
        CertificateError::UnknownIssuer => {
            hints.push(
                "sslrootcert=FILE names its authority, sslrootcert=system those that the system trusts".to_owned(),
            );
            "no root certificate has signed it".to_owned()
        }
        CertificateError::NotValidForName => "it is for another host".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let host = expected.to_str();
            hints.push("connect by a name that the certificate has; `hostaddr` can say where that is".to_owned());
            hints.push("sslmode=verify-ca verifies the certificate without the name".to_owned());
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            match names.as_slice() {
                [] | [""] => format!("it names no host, and is not for {host}"),
                names => format!("it is for {}, not for {host}", names.join(", ")),
            }
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            hints.push("is the clock of this machine right?".to_owned());
            "it is not valid yet".to_owned()
        }
        CertificateError::BadSignature => "a signature in it or of its holder is wrong".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not a server's certificate (extended key usage)".to_owned()
        }
        CertificateError::BadEncoding => "it cannot be read".to_owned(),
        CertificateError::Other(reason) if reason.to_string().contains("CaUsedAsEndEntity") => {
            hints.push("sslrootcert=FILE may name this very certificate".to_owned());
            "it is an authority's own, and none of the root certificates".to_owned()
        }
        reason => reason.to_string(),
    };
    (format!("the server's certificate is refused: {what}"), hints)
}

/// Returns the name in `DnsName("db")` or `IpAddress(10.0.0.1)`, which is how webpki shows it.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}
