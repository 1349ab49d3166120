//! A proxy before a server that counts the messages of queries.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A proxy that lives as long as its connections.
pub(crate) struct Proxy {
    port: u16,
    messages: Arc<AtomicUsize>,
}

impl Proxy {
    /// Starts a proxy of a server that takes connections without TLS.
    pub(crate) fn start(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let own = listener.local_addr().expect("it is bound").port();
        let messages = Arc::new(AtomicUsize::new(0));
        let (target, counter) = ((host.to_owned(), port), Arc::clone(&messages));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect((target.0.as_str(), target.1)).expect("the server is there");
                let (back, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || copy(back, to_client));
                let counter = Arc::clone(&counter);
                thread::spawn(move || count(client, server, &counter));
            }
        });
        Self { port: own, messages }
    }

    /// Returns the URL of a database through the proxy.
    pub(crate) fn url(&self, url: &str) -> String {
        let (start, rest) = url.rsplit_once('@').expect("a URL with a role");
        let (_, database) = rest.split_once('/').expect("a URL with a database");
        let separator = if database.contains('?') { '&' } else { '?' };
        format!("{start}@127.0.0.1:{}/{database}{separator}sslmode=disable", self.port)
    }

    /// Returns how many messages of queries there were so far.
    pub(crate) fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

/// Hands on the client's messages: after the first, each has a letter and its length.
fn count(mut client: TcpStream, mut server: TcpStream, counter: &AtomicUsize) {
    let mut tagged = false;
    loop {
        let mut head = vec![0; if tagged { 5 } else { 4 }];
        if client.read_exact(&mut head).is_err() {
            break;
        }
        let length = u32::from_be_bytes(head[head.len() - 4..].try_into().expect("four bytes")) as usize;
        let mut body = vec![0; length - 4];
        if client.read_exact(&mut body).is_err() {
            break;
        }
        if tagged && matches!(head[0], b'Q' | b'P' | b'E') {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        tagged = true;
        if server.write_all(&head).and_then(|()| server.write_all(&body)).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}
