//! TLS with rustls: [`TlsSettings`](super::conninfo::TlsSettings) → a connector for the driver.
//!
//! The modes are libpq's. What needs a verifier of our own (`verify.rs`): `verify-ca` looks at the chain only, and
//! certificates that OpenSSL takes and webpki does not, which are those of PostgreSQL's own manual: version 1, a host
//! in the common name, and the server's own certificate as its root. `certificate.rs` reads the few fields that this
//! takes. `stream.rs` joins rustls to the driver and binds the password exchange to the connection; the crate
//! `tokio-postgres-rustls` up to 0.13 looks for the certificate's fields one level too high and never binds.
//!
//! The cryptography is *ring*, handed over explicitly: the process's default provider belongs to the app.
//!
//! Which mode is tried when is decided in `connect`. `absent.rs` stands in for this folder in a build without the
//! feature `postgres-tls`.

mod certificate;
mod failure;
mod identity;
mod stream;
mod verify;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

use crate::{Error, Result};

use super::conninfo::choice::{SslMode, SslNegotiation, TlsVersion};
use super::conninfo::settings::{Address, Root, Settings, TlsSettings};

pub(super) use failure::explain;
pub(super) use stream::{Connector, has_begun};
use verify::{Check, Roots, Verifier};

/// What a server with sslnegotiation=direct asks for; it accepts no other protocol's connection by mistake.
const ALPN: &[u8] = b"postgresql";

/// The TLS of all connections with the same settings.
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    /// The same without the host's name in the clear, for hosts whose name is none of TLS.
    nameless: Arc<ClientConfig>,
    mode: SslMode,
}

impl Tls {
    /// Reads the certificates that the settings name. `None` is a connection that never uses TLS.
    ///
    /// # Errors
    ///
    /// Returns an error for a certificate or a key that cannot be read, and for a key that others can read.
    pub(super) fn new(settings: &Settings) -> Result<Option<Self>> {
        let tls = &settings.tls;
        if tls.mode == SslMode::Disable || !settings.reaches_tcp() {
            return Ok(None);
        }
        let config = config(tls)?;
        let mut nameless = config.clone();
        nameless.enable_sni = false;
        Ok(Some(Self { config: Arc::new(config), nameless: Arc::new(nameless), mode: tls.mode }))
    }

    /// Returns a connector for one connection to a host.
    ///
    /// # Errors
    ///
    /// Returns a usage error where the name is to be verified and there is none.
    pub(super) fn connector(&self, address: &Address) -> Result<Connector> {
        let name = match address {
            Address::Tcp { name: Some(name), .. } => ServerName::try_from(name.clone()).ok(),
            // libpq, too, verifies a name and nothing else.
            Address::Tcp { name: None, ip: Some(ip) } if self.mode < SslMode::VerifyFull => Some((*ip).into()),
            _ => None,
        };
        match name {
            Some(name) => Ok(Connector::new(Arc::clone(&self.config), name)),
            None if self.mode == SslMode::VerifyFull => Err(no_name(address)),
            None => {
                let any = ServerName::try_from("postgresql.invalid").expect("this is a name");
                Ok(Connector::new(Arc::clone(&self.nameless), any))
            }
        }
    }
}

fn no_name(address: &Address) -> Error {
    match address {
        Address::Tcp { name: Some(name), .. } => Error::usage(format!(
            "sslmode=verify-full cannot verify the host name `{name}`, which no certificate can have"
        )),
        _ => Error::usage("sslmode=verify-full verifies the host's name, and only `hostaddr` is given")
            .hint("host=NAME beside hostaddr=ADDRESS is the name to verify"),
    }
}

fn config(tls: &TlsSettings) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let versions: Vec<&'static SupportedProtocolVersion> =
        [(TlsVersion::V12, &rustls::version::TLS12), (TlsVersion::V13, &rustls::version::TLS13)]
            .into_iter()
            .filter(|(version, _)| (tls.versions.0..=tls.versions.1).contains(version))
            .map(|(_, version)| version)
            .collect();
    let verifier = verifier(tls, &provider)?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions)
        .expect("ring speaks both versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &tls.identity {
        Some(files) => builder.with_client_cert_resolver(identity::read(files, &provider)?),
        None => builder.with_no_client_auth(),
    };
    config.enable_sni = tls.sni;
    if tls.negotiation == SslNegotiation::Direct {
        config.alpn_protocols = vec![ALPN.to_vec()];
    }
    Ok(config)
}

fn verifier(tls: &TlsSettings, provider: &CryptoProvider) -> Result<Verifier> {
    let algorithms = provider.signature_verification_algorithms;
    let (check, roots) = match &tls.root {
        None => (Check::Nothing, Roots::none()),
        // libpq: a root that is there is used in every mode, but only verify-full looks at the name.
        Some(root) => {
            let check = if tls.mode == SslMode::VerifyFull { Check::ChainAndName } else { Check::Chain };
            let roots = match root {
                Root::System => system_roots()?,
                Root::File(path) => file_roots(path)?,
            };
            (check, roots)
        }
    };
    Ok(Verifier::new(check, roots, algorithms))
}

fn system_roots() -> Result<Roots> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    // Systems trust odd old certificates, which do no harm by missing.
    let (added, _) = store.add_parsable_certificates(found.certs);
    if added == 0 {
        let reason = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        return Err(Error::usage(format!("sslrootcert=system, and the system trusts no certificate{reason}"))
            .hint("install the package ca-certificates, or set SSL_CERT_FILE"));
    }
    // Those that the system trusts are authorities, so none is a server's own.
    Ok(Roots { store, certificates: Vec::new() })
}

fn file_roots(path: &Path) -> Result<Roots> {
    let certificates = read_certificates(path, "sslrootcert")?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|error| Error::usage(format!("a certificate in {} cannot be used: {error}", path.display())))?;
    }
    Ok(Roots { store, certificates })
}

/// Reads the certificates of a PEM file, at least one.
fn read_certificates(path: &Path, parameter: &str) -> Result<Vec<CertificateDer<'static>>> {
    let shown = path.display();
    let pem = fs::read(path).map_err(|error| Error::file(shown.to_string(), "read", &error))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::usage(format!("`{parameter}` names {shown}, which is no good PEM file: {error}")))?;
    if certificates.is_empty() {
        return Err(Error::usage(format!("`{parameter}` names {shown}, which has no certificate in it"))
            .hint("a certificate is in PEM form: -----BEGIN CERTIFICATE-----"));
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests;
