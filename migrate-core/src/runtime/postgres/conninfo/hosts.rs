//! Makes the list of hosts of the three lists `host`, `hostaddr` and `port`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

use super::environment::Environment;
use super::passfile::SOCKET_FOLDERS;
use super::settings::{Address, Host};
use super::values::Values;

/// The port of PostgreSQL.
const DEFAULT_PORT: u16 = 5432;

/// Returns the hosts, without passwords.
pub(super) fn hosts(values: &Values, environment: &dyn Environment) -> Result<Vec<Host>> {
    let names: Vec<&str> = list(values, "host");
    let ips: Vec<Option<IpAddr>> = list(values, "hostaddr").iter().map(|text| text.parse().ok()).collect();
    let ports: Vec<u16> = list(values, "port").iter().map(|text| text.parse().unwrap_or(DEFAULT_PORT)).collect();
    let count = names.len().max(ips.len()).max(1);
    if !names.is_empty() && !ips.is_empty() && names.len() != ips.len() {
        return Err(uneven(values, "hostaddr", ips.len(), count));
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(uneven(values, "port", ports.len(), count));
    }
    let mut hosts = Vec::new();
    for n in 0..count {
        let port = ports.get(n).or(ports.first()).copied().unwrap_or(DEFAULT_PORT);
        let address = match (names.get(n), ips.get(n).copied().flatten()) {
            (Some(name), None) if name.starts_with('/') => Address::Socket(PathBuf::from(name)),
            (Some(name), ip) if !name.starts_with('/') => Address::Tcp { name: Some((*name).to_owned()), ip },
            (_, Some(ip)) => Address::Tcp { name: None, ip: Some(ip) },
            (_, None) if ips.is_empty() => default_address(port, environment),
            (_, None) => return Err(values.wrong("hostaddr", "has an empty place, and `host` does not fill it")),
        };
        hosts.push(Host { address, port, password: None });
    }
    Ok(hosts)
}

fn list<'v>(values: &'v Values, name: &str) -> Vec<&'v str> {
    values.text(name).map(|text| text.split(',').collect()).unwrap_or_default()
}

fn uneven(values: &Values, name: &str, count: usize, hosts: usize) -> Error {
    values.wrong(name, &format!("lists {count} for {hosts} host{}", if hosts == 1 { "" } else { "s" }))
}

/// Returns the socket of a server that is there, else `localhost`. libpq looks in the one folder that it was built
/// for.
fn default_address(port: u16, environment: &dyn Environment) -> Address {
    let is_there = |folder: &&str| environment.exists(&Path::new(*folder).join(format!(".s.PGSQL.{port}")));
    match SOCKET_FOLDERS.iter().copied().find(is_there) {
        Some(folder) if cfg!(unix) => Address::Socket(PathBuf::from(folder)),
        _ => Address::Tcp { name: Some("localhost".to_owned()), ip: None },
    }
}
