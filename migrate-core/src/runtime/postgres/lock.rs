//! The migrators' lock: an advisory lock of a transaction that stays open and idle on a second connection.
//!
//! Idle it holds no snapshot, for which CREATE INDEX CONCURRENTLY would wait; it ends with the process; and it works
//! through a pooler that hands out transactions, where a session's lock would stay behind. Who waits holds no
//! transaction meanwhile, so that waiting migrators do not use up a pool. On the app's one connection it is a lock of
//! the session.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use super::wire::{Wire, pause};
use super::{Server, Session};
use crate::error::{Error, Result};
use crate::runtime::{Event, Settings};

/// The first pause between two attempts, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));

impl Session<'_> {
    pub(super) fn take_lock(
        &mut self,
        settings: &Settings,
        server: &Server,
        observe: &mut dyn FnMut(Event),
    ) -> Result<()> {
        let key = key(server, settings);
        self.wire.open_lock()?;
        let start = Instant::now();
        let mut wait = PAUSES.0;
        let mut holder = None;
        while !attempt(&mut self.wire, server, key)? {
            if holder.is_none() {
                let found = find_holder(&mut self.wire, key);
                observe(Event::Waiting { holder: found.clone() });
                holder = Some(found);
            }
            let left = settings.lock_wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                self.wire.close_lock();
                return Err(Error::locked(settings.lock_wait, holder.flatten()));
            }
            pause(jitter(wait).min(left));
            wait = (wait * 2).min(PAUSES.1);
        }
        self.lock_key = Some(key);
        Ok(())
    }

    pub(super) fn release_lock(&mut self) -> Result<()> {
        let Some(key) = self.lock_key.take() else { return Ok(()) };
        if self.wire.is_the_apps() {
            self.wire.query_lock(&format!("SELECT pg_catalog.pg_advisory_unlock({key})"))?;
        } else {
            // The lock ends with the connection too, and what was run stays right if that has broken meanwhile.
            let _ = self.wire.query_lock("COMMIT");
        }
        self.wire.close_lock();
        Ok(())
    }
}

/// Returns between half of a time and all of it: migrators that started together shall not go on trying together.
fn jitter(time: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 1024;
    time / 2 + time * u32::try_from(random).unwrap_or(0) / 2048
}

fn attempt(wire: &mut Wire<'_>, server: &Server, key: i64) -> Result<bool> {
    let is_true = |rows: &[super::wire::Row]| rows.first().is_some_and(|row| row[0].as_deref() == Some("t"));
    if wire.is_the_apps() {
        return Ok(is_true(&wire.query_lock(&format!("SELECT pg_catalog.pg_try_advisory_lock({key})"))?));
    }
    let limit = if server.version >= 170_000 { "SET LOCAL transaction_timeout = 0;" } else { "" };
    let got = is_true(&wire.query_lock(&format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0; {limit} \
         SELECT pg_catalog.pg_try_advisory_xact_lock({key})"
    ))?);
    if !got {
        wire.query_lock("ROLLBACK")?;
    }
    Ok(got)
}

/// Says who holds the lock; not everybody may see it, and it is only for the message.
fn find_holder(wire: &mut Wire<'_>, key: i64) -> Option<String> {
    let (high, low) = ((key >> 32) & 0xffff_ffff, key & 0xffff_ffff);
    let rows = wire
        .query_lock(&format!(
            "SELECT a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), 'this host'), \
             to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS') \
             FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
             AND l.classid = {high}::oid AND l.objid = {low}::oid \
             AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
        ))
        .ok()?;
    let row = rows.into_iter().next()?;
    let text = |n: usize| row.get(n).cloned().flatten().unwrap_or_default();
    Some(format!(
        "{} as {} from {}, server process {}, connected at {} UTC",
        text(2),
        text(1),
        text(3),
        text(0),
        text(4)
    ))
}

/// Hashes the version table's full name (FNV-1a): those who write the same table exclude each other.
fn key(server: &Server, settings: &Settings) -> i64 {
    let name = format!("migrate\0{}\0{}", server.schema, settings.version_table);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    i64::from_ne_bytes(hash.to_ne_bytes())
}
