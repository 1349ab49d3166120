//! Reads the client's certificate and its key.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::runtime::postgres::conninfo::settings::Identity;
use crate::{Error, Result};

use super::certificate::Certificate;
use super::read_certificates;

/// Reads both files. The certificate is sent whichever authorities the server names, as libpq does.
pub(super) fn read(files: &Identity, provider: &CryptoProvider) -> Result<Arc<SingleCertAndKey>> {
    let certificates = read_certificates(&files.certificate, "sslcert")?;
    let key = read_key(&files.key)?;
    let key = provider.key_provider.load_private_key(key).map_err(|error| {
        Error::usage(format!("`sslkey` names {}, which has no key that can be used: {error}", files.key.display()))
    })?;
    // rustls has a comparison of its own, which fails for certificates of version 1.
    let certified = certificates.first().and_then(|certificate| Certificate::read(certificate));
    if let (Some(public), Some(certificate)) = (key.public_key(), certified) {
        if public.as_ref() != certificate.key.info {
            let (key, certificate) = (files.key.display(), files.certificate.display());
            return Err(Error::usage(format!("the key in {key} is not that of the certificate in {certificate}")));
        }
    }
    Ok(Arc::new(SingleCertAndKey::from(CertifiedKey::new(certificates, key))))
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let shown = path.display();
    let failed = |error: &std::io::Error| Error::file(shown.to_string(), "read", error);
    let metadata = fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_file() {
        return Err(Error::usage(format!("`sslkey` names {shown}, which is no plain file")));
    }
    if is_too_open(&metadata) {
        return Err(
            Error::usage(format!("`sslkey` names {shown}, which others may read")).hint(format!("chmod 600 {shown}"))
        );
    }
    let text = fs::read(path).map_err(|error| failed(&error))?;
    let has = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    // The second is how OpenSSL wrote them before version 1.
    if has(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(b"Proc-Type: 4,ENCRYPTED") {
        return Err(Error::usage(format!("`sslkey` names {shown}, which is encrypted"))
            .hint(format!("openssl pkey -in {shown} -out PLAIN_KEY, and chmod 600 PLAIN_KEY")));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound => Error::usage(format!("`sslkey` names {shown}, which has no key in it"))
            .hint("a key is in PEM form: -----BEGIN PRIVATE KEY-----, RSA PRIVATE KEY or EC PRIVATE KEY"),
        error => Error::usage(format!("`sslkey` names {shown}, which is no good PEM file: {error}")),
    })
}

/// libpq's rule: the owner only; a key of root's may also be read by a group, which is how a system hands one out.
fn is_too_open(metadata: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let others = if metadata.uid() == 0 { 0o037 } else { 0o077 };
        metadata.mode() & others != 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}
