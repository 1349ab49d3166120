//! Opens a connection: [`Settings`] → a client of the driver, whose connection runs on the current runtime.
//!
//! The driver is given one address and one mode at a time, so that what is tried, and when the next is, is libpq's
//! account (`PQconnectPoll`) and not the driver's, which knows neither `allow` nor a fallback:
//!
//! 1. The hosts are tried in their order, and of each the addresses that its name has.
//! 2. At one address, `allow` goes from plain to TLS, and `prefer` from TLS to plain, when the server or the handshake
//!    refuses. A refusal that encryption has no part in, such as a wrong password, is not tried twice.
//! 3. The next address is tried when this one was not reached or does not want to serve. A server that has refused
//!    the user or the database has spoken for all.
//!
//! The limit of time is that of one address with all its modes.

mod advice;
mod failure;

use std::collections::hash_map::RandomState;
use std::future::{Future, poll_fn};
use std::hash::{BuildHasher, Hasher};
use std::net::IpAddr;
use std::sync::mpsc::Sender;

use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, SimpleQueryMessage, Socket, config};

use crate::{Error, Result};

use super::conninfo::{
    Address, ChannelBinding, Conninfo, Host, LoadBalanceHosts, Process, Settings, SslMode, SslNegotiation,
    TargetSessionAttrs,
};
use super::tls::{Connector, Tls, has_begun};
use failure::{Cause, Failure, Reason};

/// Connects, and runs the connection as a task of the current runtime until the client is dropped.
///
/// What the server says on its own account, and the error that ends the connection, is sent to `notices` as text.
///
/// # Errors
///
/// Returns an error of the database when no server can be used, with the SQLSTATE of the one that refused, and a usage
/// error for certificates that cannot be read.
pub(crate) async fn connect(settings: &Settings, notices: Option<&Sender<String>>) -> Result<Client> {
    let tls = Tls::new(settings)?;
    let mut failures = Vec::new();
    for host in ordered(settings.hosts.iter().collect(), settings) {
        let ips = match limited(settings, addresses(host)).await {
            Ok(ips) => ordered(ips, settings),
            Err(cause) => {
                failures.push(Failure::new(host, None, vec![Reason::plain(cause)]));
                continue;
            }
        };
        for ip in ips {
            let connector = match (&tls, ip) {
                (Some(tls), Some(_)) => Some(tls.connector(&host.address)?),
                // libpq speaks no TLS over a socket, whatever the mode.
                _ => None,
            };
            let attempt = Attempt { settings, host, ip, notices };
            let reasons = match limited(settings, async { Ok(attempt.run(connector.as_ref()).await) }).await {
                Ok(Ok(client)) => return Ok(client),
                Ok(Err(reasons)) => reasons,
                Err(cause) => vec![Reason::plain(cause)],
            };
            let failure = Failure::new(host, ip, reasons);
            let is_final = failure.is_final();
            failures.push(failure);
            if is_final {
                return Err(failure::error(settings, &failures));
            }
        }
    }
    Err(failure::error(settings, &failures))
}

/// Connects with what a user gave, and returns the server's version and the encryption as text.
///
/// The text is a URL or libpq's `key=value`; the environment and libpq's files fill in what it leaves out. The call
/// blocks, and may be made inside of a runtime. Notes on files that were passed over follow on lines of their own.
///
/// ```no_run
/// println!("{}", migrate_core::runtime::postgres::probe("postgresql://app@db/dpo?sslmode=verify-full")?);
/// # Ok::<(), migrate_core::Error>(())
/// ```
///
/// # Errors
///
/// Returns a usage error for a wrong text, and an error of the database when it cannot be reached or refuses.
pub fn probe(input: &str) -> Result<String> {
    let settings = Conninfo::parse(input)?.resolve(&Process)?;
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::database("start", error.to_string()))?;
        let answer = runtime.block_on(describe(&settings));
        // A name server that does not answer holds a thread, which dropping the runtime would wait for.
        runtime.shutdown_background();
        answer
    };
    // On a thread of its own, because a runtime cannot be started inside of another.
    let answer = std::thread::scope(|scope| scope.spawn(run).join());
    let mut text = answer.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    for note in &settings.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    Ok(text)
}

async fn describe(settings: &Settings) -> Result<String> {
    const QUESTION: &str = "SELECT pg_catalog.current_setting('server_version'), s.version, s.cipher \
         FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()";
    let client = connect(settings, None).await?;
    let failed = |error: tokio_postgres::Error| failure::error_of(settings, "ask the server for its version", &error);
    let messages = client.simple_query(QUESTION).await.map_err(failed)?;
    let row = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let column = |n| row.and_then(|row| row.get(n));
    let server = format!("PostgreSQL {}", column(0).unwrap_or("of an unknown version"));
    Ok(match (column(1), column(2)) {
        (Some(version), Some(cipher)) => format!("{server}, encrypted with {version} ({cipher})"),
        _ => format!("{server}, not encrypted"),
    })
}

/// One address, to be tried in one or two modes.
struct Attempt<'a> {
    settings: &'a Settings,
    host: &'a Host,
    /// `None` is a socket.
    ip: Option<IpAddr>,
    notices: Option<&'a Sender<String>>,
}

impl Attempt<'_> {
    /// Returns the client, or why each mode failed.
    async fn run(&self, connector: Option<&Connector>) -> Result<Client, Vec<Reason>> {
        let Some(connector) = connector else {
            return self.plain().await.map_err(|error| vec![Reason::plain(Cause::Driver(error))]);
        };
        match self.settings.tls.mode {
            SslMode::Allow => {
                let error = match self.plain().await {
                    Ok(client) => return Ok(client),
                    Err(error) => error,
                };
                let plain = Reason::plain(Cause::Driver(error));
                if !plain.depends_on_encryption() {
                    return Err(vec![plain]);
                }
                let secured = self.secured(config::SslMode::Require, connector).await;
                secured.map_err(|error| vec![Reason::secured(Cause::Driver(error)), plain])
            }
            SslMode::Prefer => {
                let error = match self.secured(config::SslMode::Prefer, connector).await {
                    Ok(client) => return Ok(client),
                    Err(error) => error,
                };
                // A server without TLS was asked over the same connection, and has already refused it plain.
                if !has_begun(connector) {
                    return Err(vec![Reason::plain(Cause::Driver(error))]);
                }
                let secured = Reason::secured(Cause::Driver(error));
                if !secured.depends_on_encryption() {
                    return Err(vec![secured]);
                }
                let plain = self.plain().await;
                plain.map_err(|error| vec![secured, Reason::plain(Cause::Driver(error))])
            }
            _ => {
                let secured = self.secured(config::SslMode::Require, connector).await;
                secured.map_err(|error| vec![Reason::secured(Cause::Driver(error))])
            }
        }
    }

    async fn plain(&self) -> Result<Client, tokio_postgres::Error> {
        self.open(config::SslMode::Disable, NoTls).await
    }

    async fn secured(&self, mode: config::SslMode, connector: &Connector) -> Result<Client, tokio_postgres::Error> {
        self.open(mode, connector.clone()).await
    }

    async fn open<T>(&self, mode: config::SslMode, tls: T) -> Result<Client, tokio_postgres::Error>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let (client, connection) = self.config(mode).connect(tls).await?;
        tokio::spawn(drive(connection, self.notices.cloned()));
        Ok(client)
    }

    fn config(&self, mode: config::SslMode) -> Config {
        let settings = self.settings;
        let mut config = Config::new();
        match (self.ip, &self.host.address) {
            // The name that TLS verifies is known to the connector.
            (Some(ip), _) => config.host(ip.to_string()),
            #[cfg(unix)]
            (None, Address::Socket(folder)) => config.host_path(folder),
            (None, _) => &mut config,
        };
        config.port(self.host.port).user(&*settings.user).dbname(&*settings.database);
        config.application_name(&*settings.application_name).ssl_mode(mode);
        if let Some(password) = &self.host.password {
            config.password(&password.text);
        }
        if let Some(options) = &settings.options {
            config.options(&**options);
        }
        if settings.tls.negotiation == SslNegotiation::Direct && mode != config::SslMode::Disable {
            config.ssl_negotiation(config::SslNegotiation::Direct);
        }
        config.channel_binding(match settings.channel_binding {
            ChannelBinding::Disable => config::ChannelBinding::Disable,
            ChannelBinding::Prefer => config::ChannelBinding::Prefer,
            ChannelBinding::Require => config::ChannelBinding::Require,
        });
        config.target_session_attrs(match settings.target_session_attrs {
            TargetSessionAttrs::Any => config::TargetSessionAttrs::Any,
            TargetSessionAttrs::ReadWrite => config::TargetSessionAttrs::ReadWrite,
            TargetSessionAttrs::ReadOnly => config::TargetSessionAttrs::ReadOnly,
        });
        keep_alive(settings, &mut config);
        config
    }
}

fn keep_alive(settings: &Settings, config: &mut Config) {
    let keepalives = &settings.keepalives;
    config.keepalives(keepalives.on);
    if let Some(idle) = keepalives.idle {
        config.keepalives_idle(idle);
    }
    if let Some(interval) = keepalives.interval {
        config.keepalives_interval(interval);
    }
    if let Some(count) = keepalives.count {
        config.keepalives_retries(count);
    }
    if let Some(timeout) = keepalives.user_timeout {
        config.tcp_user_timeout(timeout);
    }
}

/// Runs a connection to its end.
async fn drive<T>(mut connection: Connection<Socket, T>, notices: Option<Sender<String>>)
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    // Whoever listened may be gone; the connection goes on.
    let tell = |text: String| notices.as_ref().map(|notices| notices.send(text));
    while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => {
                tell(notice.to_string());
            }
            Ok(_) => {}
            Err(error) => {
                tell(advice::text(&error));
                return;
            }
        }
    }
}

/// Returns the addresses of a host; `None` is its socket.
async fn addresses(host: &Host) -> Result<Vec<Option<IpAddr>>, Cause> {
    match &host.address {
        Address::Socket(_) => Ok(vec![None]),
        Address::Tcp { ip: Some(ip), .. } => Ok(vec![Some(*ip)]),
        Address::Tcp { name, ip: None } => {
            let name = name.as_deref().unwrap_or_default();
            let found = tokio::net::lookup_host((name, host.port)).await.map_err(Cause::Lookup)?;
            Ok(found.map(|address| Some(address.ip())).collect())
        }
    }
}

/// Gives a future the time that an address has.
async fn limited<T>(settings: &Settings, future: impl Future<Output = Result<T, Cause>>) -> Result<T, Cause> {
    match settings.connect_timeout {
        Some(limit) => match tokio::time::timeout(limit, future).await {
            Ok(result) => result,
            Err(_) => Err(Cause::Timeout(limit)),
        },
        None => future.await,
    }
}

/// Puts hosts or addresses in the order in which they are tried.
fn ordered<T>(mut list: Vec<T>, settings: &Settings) -> Vec<T> {
    if settings.load_balance_hosts == LoadBalanceHosts::Random {
        for n in (1..list.len()).rev() {
            // The standard library seeds its hash tables from the system's source of chance.
            let chance = RandomState::new().build_hasher().finish();
            let bound = u64::try_from(n).map_or(u64::MAX, |n| n + 1);
            list.swap(n, usize::try_from(chance % bound).unwrap_or(n));
        }
    }
    list
}

#[cfg(test)]
mod tests;
