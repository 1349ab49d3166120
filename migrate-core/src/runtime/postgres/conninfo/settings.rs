//! Everything that a connection needs, with nothing left to look up but addresses and certificates.

use std::fmt::{self, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::choice::{ChannelBinding, LoadBalanceHosts, SslMode, SslNegotiation, TargetSessionAttrs, TlsVersion};
use super::values::Origin;

/// What [`Conninfo::resolve`](super::Conninfo::resolve) returns.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The servers to try, at least one.
    pub(crate) hosts: Vec<Host>,
    /// The role.
    pub(crate) user: String,
    /// The database.
    pub(crate) database: String,
    /// Options of the server's command line.
    pub(crate) options: Option<String>,
    /// The name in `pg_stat_activity`.
    pub(crate) application_name: String,
    /// How long one address may take, from the first packet to the end of the authentication; `None` is for ever.
    pub(crate) connect_timeout: Option<Duration>,
    /// How a dead connection is noticed.
    pub(crate) keepalives: Keepalives,
    /// Which of several servers will do.
    pub(crate) target_session_attrs: TargetSessionAttrs,
    /// In which order they are tried.
    pub(crate) load_balance_hosts: LoadBalanceHosts,
    /// Whether the password exchange is bound to the TLS connection.
    pub(crate) channel_binding: ChannelBinding,
    /// TLS.
    pub(crate) tls: TlsSettings,
    /// What the user should know: files that were passed over, and why.
    pub(crate) notes: Vec<String>,
}

/// A server to try.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// Where it is.
    pub(crate) address: Address,
    /// Its port, which is also a part of the name of a socket.
    pub(crate) port: u16,
    /// The password, which the password file knows by host.
    pub(crate) password: Option<Password>,
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// The folder of its unix socket.
    Socket(PathBuf),
    /// A name, an address, or the address that is used in place of looking up the name.
    Tcp {
        /// `host`.
        name: Option<String>,
        /// `hostaddr`.
        ip: Option<IpAddr>,
    },
}

/// A password, which no format shows.
#[derive(Clone)]
pub(crate) struct Password {
    /// The password itself.
    pub(crate) text: String,
    /// Where it was found.
    pub(crate) origin: Origin,
}

/// The TCP settings for noticing that the other side is gone; `None` leaves the choice to the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keepalives {
    /// Whether keepalive packets are sent.
    pub(crate) on: bool,
    /// How long a connection is idle before the first.
    pub(crate) idle: Option<Duration>,
    /// How long until the next.
    pub(crate) interval: Option<Duration>,
    /// How many may stay without an answer.
    pub(crate) count: Option<u32>,
    /// How long sent data may stay without an answer.
    pub(crate) user_timeout: Option<Duration>,
}

/// How TLS is spoken, and what is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsSettings {
    /// The mode.
    pub(crate) mode: SslMode,
    /// How it begins.
    pub(crate) negotiation: SslNegotiation,
    /// What the server's certificate is verified with; where there is one, the chain is verified in every mode.
    pub(crate) root: Option<Root>,
    /// The client's certificate.
    pub(crate) identity: Option<Identity>,
    /// Whether the host's name is sent in the clear, for proxies that choose the server by it.
    pub(crate) sni: bool,
    /// The versions that may be spoken.
    pub(crate) versions: (TlsVersion, TlsVersion),
}

/// Root certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// Those that the system trusts.
    System,
    /// Those in a file.
    File(PathBuf),
}

/// The files of the client's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The certificate and those between it and the root.
    pub(crate) certificate: PathBuf,
    /// The certificate's key.
    pub(crate) key: PathBuf,
}

impl Settings {
    /// Returns the connection as a URL for messages: the role, the hosts and the database, and nothing else.
    pub(crate) fn display(&self) -> String {
        let mut url = format!("postgresql://{}@", encode(&self.user));
        // A socket's folder is easier to read as a parameter than with every `/` encoded.
        if let [Host { address: Address::Socket(folder), port, .. }] = self.hosts.as_slice() {
            let port = if *port == 5432 { String::new() } else { format!("&port={port}") };
            return format!("{url}/{}?host={}{port}", encode(&self.database), folder.display());
        }
        for (n, host) in self.hosts.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            let name = match &host.address {
                Address::Socket(folder) => encode(&folder.to_string_lossy()),
                address => address.tcp_name(),
            };
            // Writing to a string cannot fail.
            let _ = write!(url, "{comma}{name}:{}", host.port);
        }
        format!("{url}/{}", encode(&self.database))
    }

    /// Says whether TLS can be spoken with one of the hosts. libpq speaks none over a socket, whatever the mode.
    pub(crate) fn reaches_tcp(&self) -> bool {
        self.hosts.iter().any(|host| host.address.is_tcp())
    }
}

impl Host {
    /// Returns the host and the port as messages name them.
    pub(crate) fn display(&self) -> String {
        match &self.address {
            Address::Socket(folder) => folder.join(format!(".s.PGSQL.{}", self.port)).display().to_string(),
            address => format!("{}:{}", address.tcp_name(), self.port),
        }
    }
}

impl Address {
    /// Says whether the address is not that of a socket.
    pub(crate) fn is_tcp(&self) -> bool {
        matches!(self, Self::Tcp { .. })
    }

    /// Returns the name of a TCP host, and the address of one that has no name.
    fn tcp_name(&self) -> String {
        let name = match self {
            Self::Socket(folder) => folder.display().to_string(),
            Self::Tcp { name: Some(name), .. } => name.clone(),
            Self::Tcp { name: None, ip } => ip.map(|ip| ip.to_string()).unwrap_or_default(),
        };
        if name.contains(':') { format!("[{name}]") } else { name }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Password").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Encodes what would end a part of a URL, and leaves other alphabets readable.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~".contains(c) {
            encoded.push(c);
        } else {
            let _ = write!(encoded, "%{:02X}", u32::from(c));
        }
    }
    encoded
}
