//! Verifies the server's certificate as far as the mode asks for it.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, RootCertStore, SignatureScheme};

use super::certificate::Certificate;

/// How much of the certificate is verified. That the server has the certificate's key is verified always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// Nothing.
    Nothing,
    /// That a root has signed it.
    Chain,
    /// That a root has signed it for this host.
    ChainAndName,
}

/// What is trusted.
#[derive(Debug)]
pub(super) struct Roots {
    /// As webpki takes them.
    pub(super) store: RootCertStore,
    /// As they stand in the file, for what webpki does not take.
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

impl Roots {
    /// Returns roots that sign nothing.
    pub(super) fn none() -> Self {
        Self { store: RootCertStore::empty(), certificates: Vec::new() }
    }
}

/// The verifier of a mode.
#[derive(Debug)]
pub(super) struct Verifier {
    check: Check,
    roots: Roots,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    /// Returns a verifier.
    pub(super) fn new(check: Check, roots: Roots, algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { check, roots, algorithms }
    }

    fn verify_chain(
        &self,
        der: &CertificateDer<'_>,
        certificate: &Certificate<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        // The server's own certificate as its root, which webpki refuses where it is marked as an authority's, as
        // `openssl req -x509` marks it.
        if self.roots.certificates.iter().any(|root| root.as_ref() == der.as_ref()) {
            return verify_time(certificate, now);
        }
        // A certificate without extensions, as `openssl x509 -req` made them until version 3.2. webpki reads none.
        if certificate.is_version_1 {
            self.verify_issuer(certificate)?;
            return verify_time(certificate, now);
        }
        verify_server_cert_signed_by_trust_anchor(
            &ParsedCertificate::try_from(der)?,
            &self.roots.store,
            intermediates,
            now,
            self.algorithms.all,
        )
    }

    /// Verifies that one of the roots itself has signed a certificate.
    fn verify_issuer(&self, certificate: &Certificate<'_>) -> Result<(), Error> {
        let is_signed_by = |root: &Certificate<'_>| {
            root.subject == certificate.issuer
                && self.algorithms.all.iter().any(|algorithm| {
                    algorithm.signature_alg_id().as_ref() == certificate.signature_algorithm
                        && verify_with(*algorithm, root, certificate.signed, certificate.signature)
                })
        };
        let mut roots = self.roots.certificates.iter().filter_map(|root| Certificate::read(root));
        if roots.any(|root| is_signed_by(&root)) { Ok(()) } else { Err(CertificateError::UnknownIssuer.into()) }
    }
}

/// Says whether a signature was made with a certificate's key.
fn verify_with(
    algorithm: &dyn SignatureVerificationAlgorithm,
    signer: &Certificate<'_>,
    message: &[u8],
    signature: &[u8],
) -> bool {
    algorithm.public_key_alg_id().as_ref() == signer.key.algorithm
        && algorithm.verify_signature(signer.key.bits, message, signature).is_ok()
}

fn verify_time(certificate: &Certificate<'_>, now: UnixTime) -> Result<(), Error> {
    let (from, until) = certificate.validity;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < from {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > until {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

/// Verifies the host's name. Where the certificate has no list of names, the subject's common name counts, as for
/// libpq.
fn verify_name(der: &CertificateDer<'_>, certificate: &Certificate<'_>, name: &ServerName<'_>) -> Result<(), Error> {
    if certificate.has_alternative_names {
        return verify_server_name(&ParsedCertificate::try_from(der)?, name);
    }
    let presented = certificate.common_name().unwrap_or_default();
    if fits(presented, name) {
        return Ok(());
    }
    Err(CertificateError::NotValidForNameContext { expected: name.to_owned(), presented: vec![presented.to_owned()] }
        .into())
}

/// Says whether a common name, which may begin with `*.`, is that of the host.
fn fits(common_name: &str, name: &ServerName<'_>) -> bool {
    let host = name.to_str();
    if common_name.eq_ignore_ascii_case(&host) {
        return true;
    }
    // The asterisk stands for one label, and not for the beginning of an address.
    let (Some(suffix), ServerName::DnsName(_)) = (common_name.strip_prefix("*."), name) else {
        return false;
    };
    host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(suffix))
}

fn read<'c>(der: &'c CertificateDer<'_>) -> Result<Certificate<'c>, Error> {
    Certificate::read(der).ok_or_else(|| CertificateError::BadEncoding.into())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.check != Check::Nothing {
            let certificate = read(end_entity)?;
            self.verify_chain(end_entity, &certificate, intermediates, now)?;
            if self.check == Check::ChainAndName {
                verify_name(end_entity, &certificate, server_name)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    // rustls's own functions for a certificate's signature read it by webpki, which takes no version 1. The key alone
    // is all that is needed.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let certificate = read(cert)?;
        let Some((_, algorithms)) = self.algorithms.mapping.iter().find(|(scheme, _)| *scheme == dss.scheme) else {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        };
        // In TLS 1.2 a scheme does not name the curve, so each is tried.
        if algorithms.iter().any(|algorithm| verify_with(*algorithm, &certificate, message, dss.signature())) {
            return Ok(HandshakeSignatureValid::assertion());
        }
        Err(CertificateError::BadSignature.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(read(cert)?.key.info);
        verify_tls13_signature_with_raw_key(message, &key, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
