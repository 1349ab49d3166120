//! The table of libpq's parameters: what each may hold, the variable that stands for it, and why some are refused.

use std::net::{IpAddr, Ipv6Addr};

use crate::{Error, Result, suggest};

use super::choice::{ChannelBinding, LoadBalanceHosts, SslMode, SslNegotiation, TargetSessionAttrs, TlsVersion};
use super::values::Origin;

/// A parameter that libpq knows.
pub(super) struct Parameter {
    /// Its name in a connection string.
    pub(super) name: &'static str,
    /// The variable of the environment that libpq reads for it.
    pub(super) variable: Option<&'static str>,
    /// What it may hold.
    pub(super) kind: Kind,
}

/// What a parameter may hold.
pub(super) enum Kind {
    /// Anything.
    Text,
    /// Anything but a connection string, which may hold a password and would be shown as a name.
    Database,
    /// Host names, addresses or folders of sockets, separated by commas.
    Hosts,
    /// IP addresses, separated by commas.
    Addresses,
    /// Ports, separated by commas.
    Ports,
    /// A whole number.
    Number,
    /// `0` or `1`.
    Switch,
    /// One of a few words, and those that libpq knows and we refuse, each with the reason.
    Choice { words: &'static [&'static str], refused: &'static [(&'static str, &'static str)] },
    /// A name of UTF-8.
    Utf8,
    /// Nothing, for a reason.
    Refused(&'static str),
}

const NO_GSS: &str = "GSSAPI is not supported";
const NO_LISTS: &str = "revocation lists are not read";
const NO_OAUTH: &str = "OAuth is not supported";
const NO_SCRAM_KEYS: &str = "SCRAM needs the password itself";

const fn parameter(name: &'static str, variable: Option<&'static str>, kind: Kind) -> Parameter {
    Parameter { name, variable, kind }
}

const fn words(words: &'static [&'static str]) -> Kind {
    Kind::Choice { words, refused: &[] }
}

/// Every parameter of libpq 18.
pub(super) const PARAMETERS: &[Parameter] = &[
    parameter("service", Some("PGSERVICE"), Kind::Text),
    parameter("servicefile", Some("PGSERVICEFILE"), Kind::Text),
    parameter("host", Some("PGHOST"), Kind::Hosts),
    parameter("hostaddr", Some("PGHOSTADDR"), Kind::Addresses),
    parameter("port", Some("PGPORT"), Kind::Ports),
    parameter("user", Some("PGUSER"), Kind::Text),
    parameter("password", Some("PGPASSWORD"), Kind::Text),
    parameter("passfile", Some("PGPASSFILE"), Kind::Text),
    parameter("dbname", Some("PGDATABASE"), Kind::Database),
    parameter("options", Some("PGOPTIONS"), Kind::Text),
    parameter("application_name", Some("PGAPPNAME"), Kind::Text),
    parameter("fallback_application_name", None, Kind::Text),
    // The variable is read in `resolve.rs`: what psql shows in is nothing that a migration depends on.
    parameter("client_encoding", None, Kind::Utf8),
    parameter("connect_timeout", Some("PGCONNECT_TIMEOUT"), Kind::Number),
    parameter("keepalives", None, Kind::Switch),
    parameter("keepalives_idle", None, Kind::Number),
    parameter("keepalives_interval", None, Kind::Number),
    parameter("keepalives_count", None, Kind::Number),
    parameter("tcp_user_timeout", None, Kind::Number),
    parameter("sslmode", Some("PGSSLMODE"), words(SslMode::WORDS)),
    parameter("sslnegotiation", Some("PGSSLNEGOTIATION"), words(SslNegotiation::WORDS)),
    parameter("sslrootcert", Some("PGSSLROOTCERT"), Kind::Text),
    parameter("sslcert", Some("PGSSLCERT"), Kind::Text),
    parameter("sslkey", Some("PGSSLKEY"), Kind::Text),
    parameter(
        "sslcertmode",
        Some("PGSSLCERTMODE"),
        Kind::Choice {
            words: &["disable", "allow"],
            refused: &[("require", "whether the server asked for the certificate is not told by the driver")],
        },
    ),
    parameter(
        "sslpassword",
        None,
        Kind::Refused("encrypted keys are not read; `openssl pkey -in KEY -out PLAIN_KEY` decrypts one"),
    ),
    parameter("sslcrl", Some("PGSSLCRL"), Kind::Refused(NO_LISTS)),
    parameter("sslcrldir", Some("PGSSLCRLDIR"), Kind::Refused(NO_LISTS)),
    parameter("sslsni", Some("PGSSLSNI"), Kind::Switch),
    parameter("sslcompression", None, Kind::Choice { words: &["0"], refused: &[("1", "TLS has no safe compression")] }),
    parameter("sslkeylogfile", None, Kind::Refused("the keys of a connection are not written to files")),
    parameter("ssl_min_protocol_version", Some("PGSSLMINPROTOCOLVERSION"), words(TlsVersion::WORDS)),
    parameter("ssl_max_protocol_version", Some("PGSSLMAXPROTOCOLVERSION"), words(TlsVersion::WORDS)),
    parameter("channel_binding", Some("PGCHANNELBINDING"), words(ChannelBinding::WORDS)),
    parameter(
        "target_session_attrs",
        Some("PGTARGETSESSIONATTRS"),
        Kind::Choice {
            words: TargetSessionAttrs::WORDS,
            refused: &[
                ("primary", "the driver cannot ask for it; `read-write` is what a migration needs"),
                ("standby", "the driver cannot ask for it, and a migration cannot run there"),
                ("prefer-standby", "the driver cannot ask for it, and a migration cannot run there"),
            ],
        },
    ),
    parameter("load_balance_hosts", Some("PGLOADBALANCEHOSTS"), words(LoadBalanceHosts::WORDS)),
    parameter(
        "gssencmode",
        Some("PGGSSENCMODE"),
        Kind::Choice { words: &["disable", "prefer"], refused: &[("require", NO_GSS)] },
    ),
    parameter("krbsrvname", None, Kind::Refused(NO_GSS)),
    parameter("gsslib", None, Kind::Refused(NO_GSS)),
    parameter("gssdelegation", None, Kind::Refused(NO_GSS)),
    parameter("requirepeer", Some("PGREQUIREPEER"), Kind::Refused("the driver cannot tell who listens at a socket")),
    parameter(
        "require_auth",
        Some("PGREQUIREAUTH"),
        Kind::Refused(
            "the driver does not tell how it authenticated; `channel_binding=require` excludes all but SCRAM",
        ),
    ),
    parameter("replication", None, Kind::Refused("a replication connection takes no SQL")),
    parameter("min_protocol_version", Some("PGMINPROTOCOLVERSION"), words(&["3.0"])),
    parameter("max_protocol_version", Some("PGMAXPROTOCOLVERSION"), words(&["3.0", "3.2", "latest"])),
    parameter("scram_client_key", None, Kind::Refused(NO_SCRAM_KEYS)),
    parameter("scram_server_key", None, Kind::Refused(NO_SCRAM_KEYS)),
    parameter("oauth_issuer", None, Kind::Refused(NO_OAUTH)),
    parameter("oauth_client_id", None, Kind::Refused(NO_OAUTH)),
    parameter("oauth_client_secret", None, Kind::Refused(NO_OAUTH)),
    parameter("oauth_scope", None, Kind::Refused(NO_OAUTH)),
];

/// What other programs call a parameter, where no letters tell.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("database", "dbname"),
    ("db", "dbname"),
    ("username", "user"),
    ("role", "user"),
    ("pass", "password"),
    ("pwd", "password"),
    ("passwd", "password"),
    ("server", "host"),
    ("timeout", "connect_timeout"),
    ("ssl", "sslmode"),
    ("sslca", "sslrootcert"),
    ("ssl_ca", "sslrootcert"),
];

/// Returns the parameter of a name.
pub(super) fn find(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

/// Returns the error about a name that is no parameter's.
pub(super) fn unknown(label: &str, name: &str) -> Error {
    let error = Error::usage(format!("{label} is no parameter of a connection"));
    let other = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, name)| *name);
    // A refused one is near, too: its own error tells why.
    let near = || suggest::near(name, PARAMETERS.iter().map(|parameter| parameter.name)).first().copied();
    match other.or_else(near) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error.hint(
            "a setting of the server is given as options=-c%20name=value, in key=value form as options='-c name=value'",
        ),
    }
}

impl Parameter {
    /// Checks a value that is not empty.
    pub(super) fn check(&self, text: &str, origin: &Origin) -> Result<()> {
        let label = origin.label(self.name);
        let wrong = |what: &str| Err(Error::usage(format!("{label} {what}")));
        match &self.kind {
            Kind::Text => Ok(()),
            Kind::Database if text.contains("://") => wrong("is the database's name, and not a connection string"),
            Kind::Database => Ok(()),
            Kind::Hosts => text.split(',').try_for_each(|host| check_host(host, &label)),
            Kind::Addresses if text.split(',').all(|text| text.is_empty() || text.parse::<IpAddr>().is_ok()) => Ok(()),
            Kind::Addresses => wrong("takes IP addresses; a name belongs in `host`"),
            Kind::Ports if text.split(',').all(|text| text.is_empty() || is_port(text)) => Ok(()),
            Kind::Ports => wrong("takes numbers from 1 to 65535"),
            Kind::Number if text.trim().parse::<i32>().is_ok() => Ok(()),
            Kind::Number => wrong("takes a whole number"),
            Kind::Switch if text == "0" || text == "1" => Ok(()),
            Kind::Switch => wrong("is 0 or 1"),
            Kind::Choice { words, refused } => check_word(text, words, refused, &label),
            Kind::Utf8 if is_utf8(text) => Ok(()),
            Kind::Utf8 => wrong("can only be UTF8: revision files are UTF-8"),
            Kind::Refused(reason) => wrong(&format!("is refused: {reason}")),
        }
    }
}

/// Says whether an encoding's name is one of UTF-8. `auto` is the encoding of the locale, which we have none of.
pub(super) fn is_utf8(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "utf8" | "utf-8" | "unicode" | "auto")
}

/// Says whether a text is a port.
pub(super) fn is_port(text: &str) -> bool {
    !text.starts_with('+') && text.parse::<u16>().is_ok_and(|port| port != 0)
}

/// Checks one host of the list. The text is not shown: what is no host may be a piece of a password.
fn check_host(host: &str, label: &str) -> Result<()> {
    let address = host.split_once('%').map_or(host, |(address, _zone)| address);
    if host.starts_with('/') || address.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    if host.is_empty() {
        return Err(Error::usage(format!("{label} has an empty place in its list")).hint("was a variable not set?"));
    }
    if host.starts_with('@') {
        return Err(Error::usage(format!("{label} names an abstract socket, which the driver cannot open")));
    }
    if host.contains(':') {
        return Err(Error::usage(format!("{label} has a colon in it, and is no IPv6 address"))
            .hint("a port is given as `port=5432`, and an IPv6 address without brackets"));
    }
    if host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/') {
        return Err(Error::usage(format!("{label} is neither a host's name nor the folder of a socket")));
    }
    Ok(())
}

/// Checks a value that is one of a few words.
fn check_word(text: &str, words: &[&str], refused: &[(&str, &str)], label: &str) -> Result<()> {
    if words.contains(&text) {
        return Ok(());
    }
    if let Some((_, reason)) = refused.iter().find(|(word, _)| *word == text) {
        return Err(Error::usage(format!("{label} cannot be `{text}`: {reason}")));
    }
    let allowed = match words {
        [only] => format!("it can only be {only}"),
        _ => format!("it is one of {}", words.join(", ")),
    };
    let error = match text {
        "" => Error::usage(format!("{label} is empty; {allowed}")),
        _ => Error::usage(format!("{label} cannot be `{text}`; {allowed}")),
    };
    Err(match suggest::near(text, words.iter().copied()).first() {
        Some(meant) if !text.is_empty() => error.hint(format!("did you mean `{meant}`?")),
        _ => error,
    })
}
