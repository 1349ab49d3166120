//! Simple-query messages over a client of ours or of the app's.
//!
//! Only simple queries are sent: named prepared statements break where a pooler hands the next transaction to another
//! server connection.

use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::join3;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::conninfo::{Process, Settings as Target};
use super::{Conninfo, connect};
use crate::error::{DatabaseError, Error, Result};

/// The most bytes of a message, unless a single statement is longer.
const MESSAGE: usize = 256 * 1024;

/// A row as texts.
pub(super) type Row = Vec<Option<String>>;

/// What statements are sent over.
pub(super) enum Wire<'c> {
    /// Connections of our own, with the runtime that drives them.
    Own(Box<Own>),
    /// The app's client: the driver hides how many statements of a message were done, so each is a message.
    App(&'c mut ::postgres::Client),
}

/// Our own connections.
pub(super) struct Own {
    target: Target,
    runtime: Option<Runtime>,
    client: Client,
    /// The connection whose transaction holds the migrators' lock.
    lock: Option<Client>,
}

/// A statement that failed: its place among those that were sent, and what the server said.
pub(super) struct Rejected {
    /// Its number; `None` where the connection broke.
    pub(super) piece: Option<usize>,
    /// The character in it, from 0, where the server named one.
    pub(super) character: Option<usize>,
    pub(super) error: Box<DatabaseError>,
}

impl Rejected {
    fn at(self, piece: usize) -> Self {
        Self { piece: self.piece.map(|_| piece), ..self }
    }
}

impl Wire<'static> {
    /// Connects to what a URL or a key-value text names.
    pub(super) fn connect(input: &str) -> Result<Self> {
        let target = Conninfo::parse(input)?.resolve(&Process)?;
        let opened = on_thread(|| {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_all().build().map_err(|e| Error::database("start", e.to_string()))?;
            let client = runtime.block_on(connect::connect(&target, None));
            match client {
                Ok(client) => Ok((runtime, client)),
                Err(error) => {
                    runtime.shutdown_background();
                    Err(error)
                }
            }
        });
        let (runtime, client) = opened?;
        Ok(Self::Own(Box::new(Own { target, runtime: Some(runtime), client, lock: None })))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for its threads would panic inside of the app's runtime.
            runtime.shutdown_background();
        }
    }
}

impl Own {
    fn block_on<T: Send>(&self, work: impl Future<Output = T> + Send) -> T {
        let runtime = self.runtime.as_ref().expect("the runtime lives as long as its connections");
        on_thread(|| runtime.block_on(work))
    }
}

impl Wire<'_> {
    /// Returns what people call the database.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Own(own) => own.target.display(),
            Self::App(_) => "the database".to_owned(),
        }
    }

    /// Returns whether the connection is the app's, and its session with it.
    pub(super) fn is_the_apps(&self) -> bool {
        matches!(self, Self::App(_))
    }

    /// Returns the rows of the last query of a text.
    pub(super) fn query(&mut self, sql: &str, action: &str) -> Result<Vec<Row>> {
        let failed = |error: tokio_postgres::Error, name: &str| {
            let mut said = said(&error);
            action.clone_into(&mut said.action);
            if error.as_db_error().is_none() {
                said.action = format!("{action} ({name})");
            }
            Error::from(said)
        };
        match self {
            Self::Own(own) => own.block_on(rows(&own.client, sql)).map_err(|e| failed(e, &own.target.display())),
            Self::App(client) => {
                let messages = on_thread(|| client.simple_query(sql)).map_err(|e| failed(e, "the app's connection"))?;
                Ok(last_rows(messages))
            }
        }
    }

    /// Sends statements in order, several in a message; stops at the first that fails.
    ///
    /// `before` is called with the number of each statement before its message is sent.
    pub(super) fn send(&mut self, pieces: &[&str], before: &mut dyn FnMut(usize)) -> Result<(), Rejected> {
        let mut from = 0;
        while from < pieces.len() {
            let to = match self {
                Self::Own(_) => message_end(pieces, from),
                Self::App(_) => from + 1,
            };
            (from..to).for_each(&mut *before);
            self.message(&pieces[from..to]).map_err(|mut rejected| {
                rejected.piece = rejected.piece.map(|piece| piece + from);
                rejected
            })?;
            from = to;
        }
        Ok(())
    }

    fn message(&mut self, pieces: &[&str]) -> Result<(), Rejected> {
        match self {
            Self::Own(own) => {
                let text = joined(pieces);
                own.block_on(count(&own.client, &text)).map_err(|(done, e)| rejected(pieces, done, &e))
            }
            Self::App(client) => {
                let text = format!("{}\n;", pieces[0]);
                on_thread(|| client.simple_query(&text)).map(|_| ()).map_err(|e| rejected(pieces, 0, &e))
            }
        }
    }

    /// Sends three messages without waiting between them, so that a pooler gives them the same server connection.
    ///
    /// Each runs whether or not the one before it failed; what the last one answers is not looked at. The piece of an
    /// error is the number of its message. On the app's connection they are sent one after the other.
    pub(super) fn pipeline(&mut self, before: &[&str], statement: &str, after: &[&str]) -> Result<(), Rejected> {
        let Self::Own(own) = self else {
            let first = self.send(before, &mut |_| {});
            let second = self.send(&[statement], &mut |_| {});
            let _ = self.send(after, &mut |_| {});
            return first.map_err(|rejected| rejected.at(0)).and(second.map_err(|rejected| rejected.at(1)));
        };
        let [first, second, third] = [before, &[statement], after].map(joined);
        let work = async {
            let (first, second, _) =
                join3(count(&own.client, &first), count(&own.client, &second), count(&own.client, &third)).await;
            let first = first.map_err(|(done, e)| rejected(before, done, &e).at(0));
            first.and(second.map_err(|(_, e)| rejected(&[statement], 0, &e).at(1)))
        };
        own.block_on(work)
    }

    /// Opens the second connection, of a migrator that wants the lock.
    pub(super) fn open_lock(&mut self) -> Result<()> {
        if let Self::Own(own) = self {
            let client = own.block_on(connect::connect(&own.target, None))?;
            own.lock = Some(client);
        }
        Ok(())
    }

    /// Returns the rows of the last query of a text on the connection that holds the lock.
    pub(super) fn query_lock(&mut self, sql: &str) -> Result<Vec<Row>> {
        let action = "take the migrators' lock";
        match self {
            Self::Own(own) => {
                let Some(lock) = &own.lock else { return Ok(Vec::new()) };
                own.block_on(rows(lock, sql)).map_err(|e| {
                    let said = DatabaseError { action: action.to_owned(), ..said(&e) };
                    Error::from(said)
                })
            }
            Self::App(_) => self.query(sql, action),
        }
    }

    /// Returns whether the connection that holds the lock is gone.
    pub(super) fn lock_is_lost(&self) -> bool {
        match self {
            Self::Own(own) => own.lock.as_ref().is_some_and(Client::is_closed),
            Self::App(client) => client.is_closed(),
        }
    }

    /// Closes the second connection, and with it the transaction that holds the lock.
    pub(super) fn close_lock(&mut self) {
        if let Self::Own(own) = self {
            own.lock = None;
        }
    }
}

/// Runs on a thread of its own: a runtime cannot be entered inside of another.
fn on_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn message_end(pieces: &[&str], from: usize) -> usize {
    let mut size = 0;
    let mut to = from;
    while to < pieces.len() && (to == from || size + pieces[to].len() + 3 <= MESSAGE) {
        size += pieces[to].len() + 3;
        to += 1;
    }
    to
}

/// Returns the text of a message of statements.
fn joined(pieces: &[&str]) -> String {
    pieces.iter().flat_map(|piece| [*piece, "\n;\n"]).collect()
}

/// Sends a message; on an error also returns how many of its statements were done.
async fn count(client: &Client, text: &str) -> Result<(), (usize, tokio_postgres::Error)> {
    let mut done = 0;
    let stream = client.simple_query_raw(text).await.map_err(|e| (0, e))?;
    let mut stream = std::pin::pin!(stream);
    loop {
        match stream.try_next().await {
            Ok(Some(SimpleQueryMessage::CommandComplete(_))) => done += 1,
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err((done, error)),
        }
    }
}

async fn rows(client: &Client, sql: &str) -> Result<Vec<Row>, tokio_postgres::Error> {
    client.simple_query(sql).await.map(last_rows)
}

fn last_rows(messages: Vec<SimpleQueryMessage>) -> Vec<Row> {
    let mut rows = Vec::new();
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => {
                rows.push((0..row.len()).map(|n| row.get(n).map(str::to_owned)).collect());
            }
            _ => {}
        }
    }
    rows
}

/// Finds the statement that failed: the one at the server's position, else the one after those that were done.
///
/// A message that cannot be parsed as a whole fails before its first statement; only the position tells then.
fn rejected(pieces: &[&str], done: usize, error: &tokio_postgres::Error) -> Rejected {
    let Some(refusal) = error.as_db_error() else {
        return Rejected { piece: None, character: None, error: Box::new(said(error)) };
    };
    let mut found = (done.min(pieces.len() - 1), None);
    if let Some(tokio_postgres::error::ErrorPosition::Original(position)) = refusal.position() {
        let mut left = *position as usize - 1;
        for (n, piece) in pieces.iter().enumerate() {
            let length = piece.chars().count() + 3;
            if left < length {
                // What is missing at the end of a statement is missing at its `;`, behind its last character.
                found = (n, Some(left.min(piece.trim_end().chars().count().saturating_sub(1))));
                break;
            }
            left -= length;
        }
    }
    Rejected { piece: Some(found.0), character: found.1, error: Box::new(said(error)) }
}

/// Returns what the server said, or how the connection broke.
pub(super) fn said(error: &tokio_postgres::Error) -> DatabaseError {
    let Some(refusal) = error.as_db_error() else {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        return DatabaseError { message, ..DatabaseError::default() };
    };
    DatabaseError {
        action: String::new(),
        message: refusal.message().to_owned(),
        code: Some(format!("SQLSTATE {}", refusal.code().code())),
        detail: refusal.detail().or(refusal.where_()).map(|text| text.replace('\n', " ")),
        hint: refusal.hint().map(str::to_owned),
    }
}
