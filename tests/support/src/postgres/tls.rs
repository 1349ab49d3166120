//! The certificates of a throwaway cluster, made with the `openssl` command.

use std::fs;
use std::path::Path;

use super::install;
use crate::{hermetic, must, run};

/// Writes `ca.crt`, `other_ca.crt`, and the certificates and keys of `server` and `client` into a folder. The server
/// is `localhost` and 127.0.0.1, the client is the role `cert_user`, and the other CA has signed neither.
#[track_caller]
pub(super) fn generate(folder: &Path) {
    authority(folder, "ca", "migrate test CA");
    authority(folder, "other_ca", "another migrate test CA");
    let server = "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n";
    signed(folder, "server", "localhost", server);
    signed(folder, "client", "cert_user", "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:cert-user.invalid\n");
    for scrap in ["ca.key", "other_ca.key", "server.csr", "client.csr", "server.ext", "client.ext"] {
        let path = folder.join(scrap);
        must(fs::remove_file(&path), format_args!("remove {}", path.display()));
    }
}

#[track_caller]
fn authority(folder: &Path, name: &str, common_name: &str) {
    let subject = format!("/CN={common_name}");
    let (key, crt) = (format!("{name}.key"), format!("{name}.crt"));
    let request = ["req", "-x509", "-sha256", "-days", "30", "-subj", &subject, "-keyout", &key, "-out", &crt];
    let constraints = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"];
    // Without the configuration file of the machine, which would add extensions of its own.
    must(fs::write(folder.join("req.cnf"), "[req]\ndistinguished_name=name\n[name]\n"), "write req.cnf");
    openssl(folder, &[&request[..], &["-config", "req.cnf"], &constraints, &NEW_KEY].concat());
    must(fs::remove_file(folder.join("req.cnf")), "remove req.cnf");
}

#[track_caller]
fn signed(folder: &Path, name: &str, common_name: &str, extensions: &str) {
    let subject = format!("/CN={common_name}");
    let [key, crt, csr, ext] = ["key", "crt", "csr", "ext"].map(|suffix| format!("{name}.{suffix}"));
    must(fs::write(folder.join(&ext), extensions), format_args!("write {ext}"));
    openssl(folder, &[&["req", "-subj", &subject, "-keyout", &key, "-out", &csr][..], &NEW_KEY].concat());
    let sign = ["x509", "-req", "-sha256", "-days", "30", "-in", &csr, "-out", &crt, "-extfile", &ext];
    let authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", if name == "server" { "1" } else { "2" }];
    openssl(folder, &[&sign[..], &authority].concat());
}

/// An elliptic key, because an RSA key takes ten times as long to make. It is written readable only for its owner.
const NEW_KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

#[track_caller]
fn openssl(folder: &Path, args: &[&str]) {
    let program = install::program("openssl", "apt-get install openssl");
    let output = run(hermetic(program).args(args).current_dir(folder));
    assert!(output.code == 0, "openssl {} failed:\n{}", args.join(" "), output.stderr);
}
