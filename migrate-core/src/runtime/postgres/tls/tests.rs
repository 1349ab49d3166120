use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{PrivateKeyDer, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use super::certificate::Certificate;
use super::*;
use crate::runtime::postgres::conninfo::{Conninfo, Process};

/// A time at which the certificates below are valid.
const NOW: u64 = 1_800_000_000;

/// The authority that has signed the next three.
const CA: &str = "\
-----BEGIN CERTIFICATE-----
MIIBdzCCARygAwIBAgIUapk/6gI2Jk3j3qz59OHcNWw9i+QwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwHhcNMjYxMTI0MTQxMDEwWhcNMzYx
MTIxMTQxMDEwWjAZMRcwFQYDVQQDDA50ZXN0IGF1dGhvcml0eTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABH9ZhFO0pa+B6Rn9WqcUATT69NC81KHPv7DtioDlWgkC
9VKfwRjFpxQsP/rdfOlu+OGOp2Ew5PJznUu1XbwRAvijQjBAMA8GA1UdEwEB/wQF
MAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBRqyXW/OjHPXGR11E6hbkF7
xPl0xDAKBggqhkjOPQQDAgNJADBGAiEA5rrETxbYio1G+2i7kqcn18G3ady/5t2v
7r5vIaGODyUCIQChNNpEnv9kh3oE5o9foZII2QulbbAAod7bxyV64MuixQ==
-----END CERTIFICATE-----";

/// Version 1, for CN=db.example, signed with SHA-384.
const V1: &str = "\
-----BEGIN CERTIFICATE-----
MIIBKTCBzwIBBzAKBggqhkjOPQQDAzAZMRcwFQYDVQQDDA50ZXN0IGF1dGhvcml0
eTAeFw0yNjExMjQxNDEwMTBaFw0zNjExMjExNDEwMTBaMCgxETAPBgNVBAoMCEFu
IG93bmVyMRMwEQYDVQQDDApkYi5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAE9ed4pw8BzPpgMam3JPmcu4r1wMHmIRDEZ3P7mzD8tQFkMGegKI6eVFJZ
o10TA450ViYTmgY6ghBn3X2lNKJHijAKBggqhkjOPQQDAwNJADBGAiEAxaFFHoAk
lWYamSFQP/U7Erw3nFlWVR+b/4MupxM/CckCIQD6+IgB0BtBhiM0TwFbCv8p3/0o
vSBAL6H8Ue5Tc0huTw==
-----END CERTIFICATE-----";

/// For CN=*.example, without a list of names.
const WILD: &str = "\
-----BEGIN CERTIFICATE-----
MIIBaDCCAQ+gAwIBAgIBBzAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA50ZXN0IGF1
dGhvcml0eTAeFw0yNjExMjQxNDEwMTBaFw0zNjExMjExNDEwMTBaMBQxEjAQBgNV
BAMMCSouZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC055dGU8B2s
apRMgx37oZKbNLWJ7JkDBoqQEZoD7QOXni6CrCUnR6ddIedQkwYP0GhcEd+u6DRX
TABZMU9FD66jTTBLMAkGA1UdEwQCMAAwHQYDVR0OBBYEFOf7zgHDXvHiyinjaJUr
eoJkToegMB8GA1UdIwQYMBaAFGrJdb86Mc9cZHXUTqFuQXvE+XTEMAoGCCqGSM49
BAMCA0cAMEQCIAEPPXm1S2hm2cioer9m5btDD1ObJ8iP+/rWYxGPDJkiAiAh4iVZ
or+8KA8jhcUhnuwMpa8FrcvzPggKouZ5vGZwLA==
-----END CERTIFICATE-----";

/// For DNS:other.example and IP:10.0.0.1, with CN=db.example.
const NAMED: &str = "\
-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIBBzAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA50ZXN0IGF1
dGhvcml0eTAeFw0yNjExMjQxNDEwNTJaFw0zNjExMjExNDEwNTJaMBUxEzARBgNV
BAMMCmRiLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARO1kRAQoF/
lNHM1xrESjF6Qwo5C/m5fx6Mm7+1/wNwif/MIdNWGFtQFiKsNfPBfJBOf4wT85DZ
FWK60TuADMp/o2IwYDAeBgNVHREEFzAVgg1vdGhlci5leGFtcGxlhwQKAAABMB0G
A1UdDgQWBBRypWtaRcamnO2tOBYERoFoBSKN2TAfBgNVHSMEGDAWgBRqyXW/OjHP
XGR11E6hbkF7xPl0xDAKBggqhkjOPQQDAgNHADBEAiA99j/3/yjZpKrl4fDO5a6J
W2MJIF4ZiBdzTjA3qmDkeAIgB+G2V7a1nu0nCOEjWKiFnVy+K2g+9kwjSpUZ6Naf
Juw=
-----END CERTIFICATE-----";

/// For CN=db.example, signed by itself and marked as an authority.
const OWN: &str = "\
-----BEGIN CERTIFICATE-----
MIIBXTCCAQSgAwIBAgIUOKQkpvlsv7COzeZTPCRgm7j3/TMwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKZGIuZXhhbXBsZTAeFw0yNjExMjQxNDEwMTBaFw0zNjExMjEx
NDEwMTBaMBUxEzARBgNVBAMMCmRiLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATog6Tn80+UvqsNRUfZC2aypNSXISinvUEVXZmlNcBSp6KDl5GxvX7z
AwshtIAE1tN5yrOy+OEnDNElP71t2x8dozIwMDAPBgNVHRMBAf8EBTADAQH/MB0G
A1UdDgQWBBTC5/1JH5asHFp2Y1iEXjpR4oAIOjAKBggqhkjOPQQDAgNHADBEAiAr
fSk+zA5DCgJtYcHAguSoc2OHjvyGEDBn4j1VS+M2zAIgA3lL2rduQO0dl/NBCQPD
BH0zqAX9noo9FdzrMJe0Imk=
-----END CERTIFICATE-----";

/// The key of `V1`, and of nothing else.
const V1_KEY: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIR4bChi1zRaTE4W5
Z/zSIjUAmoBm1WROA5bozwZzQnehRANCAAT153inDwHM+mAxqbck+Zy7ivXAweYh
EMRnc/ubMPy1AWQwZ6Aojp5UUlmjXRMDjnRWJhOaBjqCEGfdfaU0okeK
-----END PRIVATE KEY-----";

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// Verifies a certificate for a host at a time, with one root.
fn verify_at(now: u64, check: Check, root: &str, pem: &str, host: &str) -> Result<(), String> {
    let root = der(root);
    let mut store = RootCertStore::empty();
    store.add(root.clone()).unwrap();
    let roots = Roots { store, certificates: vec![root] };
    let verifier = Verifier::new(check, roots, ring::default_provider().signature_verification_algorithms);
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
    let host = ServerName::try_from(host).unwrap();
    match verifier.verify_server_cert(&der(pem), &[], &host, &[], now) {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(&error).unwrap().0),
    }
}

#[track_caller]
fn check(root: &str, pem: &str, host: &str, expect: Result<(), &str>) {
    let found = verify_at(NOW, Check::ChainAndName, root, pem, host);
    let expect = expect.map_err(|reason| format!("the server's certificate is refused: {reason}"));
    assert_eq!(found, expect, "{host}");
}

#[test]
fn certificates_and_names() {
    check(CA, NAMED, "other.example", Ok(()));
    check(CA, NAMED, "10.0.0.1", Ok(()));
    // A list of names takes the place of the common name.
    check(CA, NAMED, "db.example", Err("it is for other.example, 10.0.0.1, not for db.example"));
    check(CA, WILD, "db.example", Ok(()));
    check(CA, WILD, "DB.Example", Ok(()));
    check(CA, WILD, "a.db.example", Err("it is for *.example, not for a.db.example"));
    check(CA, WILD, "example", Err("it is for *.example, not for example"));
    check(CA, WILD, "10.0.0.1", Err("it is for *.example, not for 10.0.0.1"));
    check(CA, V1, "db.example", Ok(()));
    check(CA, V1, "other.example", Err("it is for db.example, not for other.example"));
    check(OWN, OWN, "db.example", Ok(()));
    check(OWN, OWN, "other.example", Err("it is for db.example, not for other.example"));
}

#[test]
fn certificates_that_the_root_has_not_signed() {
    for pem in [NAMED, WILD, V1] {
        check(OWN, pem, "db.example", Err("no root certificate has signed it"));
    }
    check(CA, OWN, "db.example", Err("it is an authority's own, and none of the root certificates"));
    // Each of the last bytes is one of the signature.
    let mut forged = der(V1).to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = CertificateDer::from(forged);
    let roots = Roots { store: RootCertStore::empty(), certificates: vec![der(CA)] };
    let verifier = Verifier::new(Check::Chain, roots, ring::default_provider().signature_verification_algorithms);
    let host = ServerName::try_from("db.example").unwrap();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW));
    assert!(verifier.verify_server_cert(&forged, &[], &host, &[], now).is_err());
    assert!(verifier.verify_server_cert(&der(V1), &[], &host, &[], now).is_ok());
}

#[test]
fn less_is_verified_in_lower_modes() {
    assert_eq!(verify_at(NOW, Check::Chain, CA, NAMED, "elsewhere"), Ok(()));
    assert!(verify_at(NOW, Check::Chain, CA, OWN, "db.example").is_err());
    assert_eq!(verify_at(NOW, Check::Nothing, CA, OWN, "elsewhere"), Ok(()));
}

#[test]
fn times() {
    for (root, pem, host) in [(CA, NAMED, "other.example"), (CA, V1, "db.example"), (OWN, OWN, "db.example")] {
        let at = |now| verify_at(now, Check::ChainAndName, root, pem, host).unwrap_err();
        assert_eq!(at(1_000_000_000), "the server's certificate is refused: it is not valid yet");
        assert_eq!(at(3_000_000_000), "the server's certificate is refused: it has expired");
    }
}

#[test]
fn fields_of_a_certificate() {
    let text = der(V1);
    let certificate = Certificate::read(&text).unwrap();
    assert_eq!(certificate.common_name(), Some("db.example"));
    assert!(certificate.is_version_1);
    assert_eq!(certificate.validity, (1_795_529_410, 2_110_889_410));
    assert_eq!(certificate.binding_hash(), Some(&::ring::digest::SHA384));

    let text = der(NAMED);
    let certificate = Certificate::read(&text).unwrap();
    assert!(!certificate.is_version_1 && certificate.has_alternative_names);
    assert_eq!(certificate.binding_hash(), Some(&::ring::digest::SHA256));
    let text = der(WILD);
    assert!(!Certificate::read(&text).unwrap().has_alternative_names);
}

#[test]
fn broken_certificates_are_refused() {
    let text = der(NAMED);
    for end in 0..text.len() {
        assert!(Certificate::read(&text[..end]).is_none(), "{end}");
    }
    for at in 0..text.len() {
        let mut text = text.to_vec();
        text[at] ^= 0x55;
        // Whatever it says, it does not panic.
        let _ = Certificate::read(&text).map(|it| (it.common_name().is_some(), it.binding_hash().is_some()));
    }
}

/// Makes a handshake between the client of a mode and a server with this certificate and the key of `V1`.
fn shake_hands(
    mode: &str,
    root: Option<&Path>,
    pem: &str,
    version: &'static SupportedProtocolVersion,
) -> Result<(), rustls::Error> {
    let root = root.map_or("/none".into(), |root| root.display().to_string());
    let text = format!("host=db.example sslmode={mode} sslrootcert={root} sslcert=/none");
    let settings = Conninfo::parse(&text).unwrap().resolve(&Process).unwrap();
    let name = ServerName::try_from("db.example").unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(config(&settings.tls).unwrap()), name)?;

    let provider = Arc::new(ring::default_provider());
    let key = provider.key_provider.load_private_key(PrivateKeyDer::from_pem_slice(V1_KEY.as_bytes()).unwrap())?;
    let identity = SingleCertAndKey::from(CertifiedKey::new(vec![der(pem)], key));
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(identity));
    let mut server = rustls::ServerConnection::new(Arc::new(server))?;

    while client.is_handshaking() || server.is_handshaking() {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        server.read_tls(&mut wire.as_slice()).unwrap();
        server.process_new_packets()?;
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        client.read_tls(&mut wire.as_slice()).unwrap();
        client.process_new_packets()?;
    }
    Ok(())
}

#[test]
fn handshakes_with_a_certificate_of_version_1() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.crt");
    fs::write(&root, CA).unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        assert_eq!(shake_hands("require", None, V1, version), Ok(()));
        // The certificate cannot tell what is valid today; see `times`.
        let in_time = verify_at(unix_now(), Check::Chain, CA, V1, "db.example").is_ok();
        assert_eq!(shake_hands("verify-full", Some(&root), V1, version).is_ok(), in_time);
        // A server that has the certificate and not its key, in the mode that looks at nothing else.
        for pem in [OWN, NAMED] {
            let error = shake_hands("require", None, pem, version).unwrap_err();
            assert_eq!(
                explain(&error).unwrap().0,
                "the server's certificate is refused: a signature in it or of its holder is wrong"
            );
        }
    }
}

fn unix_now() -> u64 {
    UnixTime::now().as_secs()
}
