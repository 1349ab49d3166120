//! Statements that run outside a transaction, and whether an earlier run has done them.

use std::time::{Duration, Instant};

use super::transaction::starting_settings;
use super::wire::{Rejected, Row, pause};
use super::{Server, Session};
use crate::error::{Error, Result};
use crate::runtime::{Failure, Item, Part, Settings};
use crate::sql::{POSTGRES, Run, TokenKind, Word, significant};

/// How often a statement that was overtaken is tried again.
const OVERTAKEN: usize = 5;

/// What to do about a statement.
enum Answer {
    /// Run it.
    Run,
    /// It is done.
    Done,
    /// Run this first.
    First(String),
    /// Run it; these are what earlier runs of it left behind.
    Sweep(Vec<String>),
    /// Run this in its place.
    Instead(String),
    /// Another server process is still at it.
    Busy,
}

impl Session<'_> {
    pub(super) fn run_outside(&mut self, settings: &Settings, server: &Server, part: &Part<'_>) -> Result<(), Failure> {
        let Some(item) = part.statements.iter().find(|item| item.run == Run::Outside) else { return Ok(()) };
        let words = significant(item.sql, &POSTGRES);
        let start = Instant::now();
        let mut failed: Option<Rejected> = None;
        let mut overtaken = 0;
        loop {
            let answer = match (self.ask(settings, server, part, &words), failed.take()) {
                (Ok(answer), None) => answer,
                (Ok(answer), Some(rejected)) if overtaken < OVERTAKEN && was_overtaken(&rejected, &answer) => {
                    overtaken += 1;
                    answer
                }
                (Ok(answer), Some(rejected)) => {
                    // It leaves an index that no query uses and, if it is unique, every write obeys.
                    self.sweep(settings, server, part, &answer);
                    return Err(failure(item, rejected));
                }
                (Err(_), Some(rejected)) => return Err(failure(item, rejected)),
                (Err(error), None) => return Err(error.into()),
            };
            let ran = match &answer {
                Answer::Done => return Ok(()),
                Answer::Busy if start.elapsed() < settings.lock_wait => {
                    pause(Duration::from_millis(100));
                    continue;
                }
                Answer::Busy => {
                    let holder = Some("a server process that still builds the index".to_owned());
                    return Err(Error::locked(settings.lock_wait, holder).into());
                }
                Answer::Instead(sql) => self.alone(settings, server, part, sql),
                Answer::Run => self.alone(settings, server, part, item.sql),
                Answer::Sweep(_) => {
                    self.sweep(settings, server, part, &answer);
                    let ran = self.alone(settings, server, part, item.sql);
                    // The server process of a migrator that was killed may have come in between.
                    if ran.is_ok() {
                        let left = self.ask(settings, server, part, &words).unwrap_or(Answer::Run);
                        self.sweep(settings, server, part, &left);
                    }
                    ran
                }
                Answer::First(drop) => {
                    self.alone(settings, server, part, drop).and_then(|()| self.alone(settings, server, part, item.sql))
                }
            };
            match ran {
                Ok(()) => return Ok(()),
                Err(rejected) => failed = Some(rejected),
            }
        }
    }

    /// Drops what a statement left behind. What cannot be dropped stays: it is in nobody's way but the writers'.
    fn sweep(&mut self, settings: &Settings, server: &Server, part: &Part<'_>, answer: &Answer) {
        let drops = match answer {
            Answer::First(drop) => std::slice::from_ref(drop),
            Answer::Sweep(drops) => drops,
            _ => &[],
        };
        for drop in drops {
            let _ = self.alone(settings, server, part, drop);
        }
    }

    /// Runs a statement by itself, in the revision's session.
    ///
    /// If a setting fails, its transaction stays open and aborted, and the statement fails in it.
    fn alone(&mut self, settings: &Settings, server: &Server, part: &Part<'_>, sql: &str) -> Result<(), Rejected> {
        let mut before = vec!["BEGIN ISOLATION LEVEL READ COMMITTED".to_owned()];
        before.extend(starting_settings(server, settings, "SET"));
        before.push("SET lock_timeout = 0".to_owned());
        before.extend(part.session.iter().map(|item| item.sql.to_owned()));
        if part.session.iter().any(|item| is_local(item.sql)) {
            before.push(KEEP_LOCAL.to_owned());
        }
        before.push("COMMIT".to_owned());
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let mut after = vec!["SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE"];
        if !self.wire.is_the_apps() {
            after.push("RESET ALL");
        }
        let ran = self.wire.pipeline(&before, sql, &after);
        if ran.as_ref().is_err_and(|rejected| rejected.piece == Some(0)) {
            let _ = self.wire.send(&["ROLLBACK"], &mut |_| {});
        }
        ran
    }

    fn ask(&mut self, settings: &Settings, server: &Server, part: &Part<'_>, words: &[Word<'_>]) -> Result<Answer> {
        let mut sql = String::from("BEGIN ISOLATION LEVEL READ COMMITTED;\n");
        for setting in starting_settings(server, settings, "SET LOCAL") {
            sql.push_str(&setting);
            sql.push_str(";\n");
        }
        for item in &part.session {
            sql.push_str(item.sql);
            sql.push_str("\n;\n");
        }
        if let Some(index) = NewIndex::read(words) {
            sql.push_str(&index.question());
            return Ok(index.answer(&self.rows(&sql)?));
        }
        if let Some(target) = dropped_index(words) {
            sql.push_str(&format!("SELECT pg_catalog.to_regclass({}) IS NULL", POSTGRES.literal(&target)));
            let gone = self.rows(&sql)?.first().is_some_and(|row| row[0].as_deref() == Some("t"));
            return Ok(if gone { Answer::Done } else { Answer::Run });
        }
        if let Some(question) = reindex_question(words) {
            sql.push_str(&question);
            let left = self.rows(&sql)?.into_iter().filter_map(|mut row| row.swap_remove(0));
            return Ok(Answer::Sweep(left.map(|name| drop_index(&name)).collect()));
        }
        if let Some(detach) = Detach::read(words) {
            sql.push_str(&detach.question());
            return Ok(detach.answer(&self.rows(&sql)?));
        }
        Ok(Answer::Run)
    }

    fn rows(&mut self, question: &str) -> Result<Vec<Row>> {
        let rows = self.wire.query(question, "ask whether a statement was done");
        self.wire.query("ROLLBACK", "end a transaction")?;
        rows
    }
}

/// What `SET LOCAL` has set holds to the end of the revision, also where the next statement has no transaction.
const KEEP_LOCAL: &str = "SELECT count(pg_catalog.set_config(name, pg_catalog.current_setting(name), false)), \
    pg_catalog.set_config('role', pg_catalog.current_setting('role'), false) FROM pg_catalog.pg_settings \
    WHERE source = 'session' AND context IN ('user', 'superuser') AND name NOT LIKE 'transaction%'";

fn is_local(setting: &str) -> bool {
    let words = significant(setting, &POSTGRES);
    !words.first().is_some_and(|word| word.is("SET")) || words.get(1).is_some_and(|word| word.is("LOCAL"))
}

/// Returns whether a statement failed because the server process of a migrator that was killed did the same meanwhile.
fn was_overtaken(rejected: &Rejected, answer: &Answer) -> bool {
    let code = rejected.error.code.as_deref().unwrap_or_default();
    // The index is there; it is not; the partition is none; nothing is pending, or it already is.
    let suits = ["42P07", "42704", "42P01", "55000"].iter().any(|expect| code.ends_with(expect));
    matches!(answer, Answer::Done) || (suits && !matches!(answer, Answer::Run))
}

fn failure(item: &Item<'_>, rejected: Rejected) -> Failure {
    let Rejected { character, error, .. } = rejected;
    Failure::Statement { part: 0, index: Some(item.index), character, error }
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table …`
struct NewIndex {
    name: String,
    table: String,
    unique: bool,
}

impl NewIndex {
    fn read(words: &[Word<'_>]) -> Option<Self> {
        let mut rest = words.iter();
        if !rest.next()?.is("CREATE") {
            return None;
        }
        let mut word = rest.next()?;
        let unique = word.is("UNIQUE");
        if unique {
            word = rest.next()?;
        }
        if !word.is("INDEX") || !rest.next()?.is("CONCURRENTLY") {
            return None;
        }
        let mut rest = rest.as_slice();
        if rest.first()?.is("IF") {
            rest = rest.get(3..)?;
        }
        let name = folded(rest.first()?);
        rest = rest.get(1..).filter(|rest| rest.first().is_some_and(|word| word.is("ON")))?;
        rest = &rest[1..];
        if rest.first()?.is("ONLY") {
            rest = &rest[1..];
        }
        Some(Self { name, table: path(rest).0, unique })
    }

    fn question(&self) -> String {
        format!(
            "SELECT i.indisvalid, i.indisunique, pg_catalog.format('%I.%I', n.nspname, c.relname), \
             EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = c.oid) \
             FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE i.indrelid = pg_catalog.to_regclass({}) AND c.relname = CAST({} AS name)",
            POSTGRES.literal(&self.table),
            POSTGRES.literal(&self.name)
        )
    }

    fn answer(&self, rows: &[Row]) -> Answer {
        let Some(row) = rows.first() else { return Answer::Run };
        let is = |n: usize| row[n].as_deref() == Some("t");
        match (is(0), is(3)) {
            (true, _) if is(1) == self.unique => Answer::Done,
            // The name is taken by an index of another kind: the server says so better than we could.
            (true, _) => Answer::Run,
            (false, true) => Answer::Busy,
            (false, false) => Answer::First(drop_index(row[2].as_deref().unwrap_or_default())),
        }
    }
}

/// Returns what `DROP INDEX CONCURRENTLY [IF EXISTS] name` drops.
fn dropped_index(words: &[Word<'_>]) -> Option<String> {
    let begins = ["DROP", "INDEX", "CONCURRENTLY"].iter().zip(words).all(|(keyword, word)| word.is(keyword));
    let mut rest = words.get(3..).filter(|_| begins)?;
    if rest.first()?.is("IF") {
        rest = rest.get(2..)?;
    }
    Some(path(rest).0)
}

fn drop_index(name: &str) -> String {
    format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")
}

/// Returns the query of the invalid indexes that REINDEX CONCURRENTLY has left on what a statement reindexes.
///
/// It builds each index anew as `…_ccnew` and drops the one before as `…_ccold`; one that is stopped leaves both.
fn reindex_question(words: &[Word<'_>]) -> Option<String> {
    let (first, mut rest) = words.split_first()?;
    if !first.is("REINDEX") || !words.iter().any(|word| word.is("CONCURRENTLY")) {
        return None;
    }
    if rest.first()?.text == "(" {
        let end = rest.iter().position(|word| word.text == ")")?;
        rest = &rest[end + 1..];
    }
    let (kind, mut rest) = rest.split_first()?;
    if rest.first().is_some_and(|word| word.is("CONCURRENTLY")) {
        rest = &rest[1..];
    }
    let name = POSTGRES.literal(&path(rest).0);
    let whose = if kind.is("INDEX") {
        format!("t.oid = (SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass({name}))")
    } else if kind.is("TABLE") {
        format!(
            "(t.oid = pg_catalog.to_regclass({name}) \
             OR t.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass({name}))))"
        )
    } else if kind.is("SCHEMA") {
        format!("t.relnamespace = pg_catalog.to_regnamespace({name})")
    } else {
        "true".to_owned()
    };
    Some(format!(
        "SELECT DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_class t ON i.indrelid IN (t.oid, t.reltoastrelid) \
         WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND {whose} ORDER BY 1"
    ))
}

/// `ALTER TABLE [IF EXISTS] [ONLY] parent DETACH PARTITION child CONCURRENTLY`
struct Detach {
    parent: String,
    child: String,
}

impl Detach {
    fn read(words: &[Word<'_>]) -> Option<Self> {
        let begins = words.first()?.is("ALTER") && words.get(1)?.is("TABLE") && words.last()?.is("CONCURRENTLY");
        let mut rest = words.get(2..).filter(|_| begins)?;
        if rest.first()?.is("IF") {
            rest = rest.get(2..)?;
        }
        if rest.first()?.is("ONLY") {
            rest = rest.get(1..)?;
        }
        let (parent, used) = path(rest);
        rest = rest.get(used..).filter(|rest| rest.first().is_some_and(|word| word.is("DETACH")))?;
        Some(Self { parent, child: path(rest.get(2..)?).0 })
    }

    fn question(&self) -> String {
        let (parent, child) = (POSTGRES.literal(&self.parent), POSTGRES.literal(&self.child));
        format!(
            "SELECT (SELECT i.inhdetachpending FROM pg_catalog.pg_inherits i \
             WHERE i.inhparent = pg_catalog.to_regclass({parent}) AND i.inhrelid = pg_catalog.to_regclass({child})), \
             pg_catalog.to_regclass({parent}) IS NOT NULL AND pg_catalog.to_regclass({child}) IS NOT NULL"
        )
    }

    fn answer(&self, rows: &[Row]) -> Answer {
        let Some(row) = rows.first() else { return Answer::Run };
        match (row[0].as_deref(), row[1].as_deref()) {
            (Some("t"), _) => {
                Answer::Instead(format!("ALTER TABLE {} DETACH PARTITION {} FINALIZE", self.parent, self.child))
            }
            (None, Some("t")) => Answer::Done,
            _ => Answer::Run,
        }
    }
}

/// Reads a name with its schema as it is written, and how many words it takes.
fn path(words: &[Word<'_>]) -> (String, usize) {
    let mut text = String::new();
    let mut used = 0;
    for pair in words.chunks(2) {
        text.push_str(pair[0].text);
        used += 1;
        match pair.get(1) {
            Some(dot) if dot.text == "." => {
                text.push('.');
                used += 1;
            }
            _ => break,
        }
    }
    (text, used)
}

/// Returns the name that the server gives to a word.
fn folded(word: &Word<'_>) -> String {
    if word.kind == TokenKind::QuotedName { word.unquoted() } else { word.text.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_statements() {
        let words = |sql: &'static str| significant(sql, &POSTGRES);
        let index = |sql| NewIndex::read(&words(sql)).map(|i| (i.name, i.table, i.unique));
        let own = |name: &str, table: &str, unique| Some((name.to_owned(), table.to_owned(), unique));
        assert_eq!(index("create index concurrently I on only s.\"T\" (a)"), own("i", "s.\"T\"", false));
        assert_eq!(
            index("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I\" ON t USING btree (a)"),
            own("I", "t", true)
        );
        assert_eq!(index("create index i on t (a)"), None);
        assert_eq!(dropped_index(&words("drop index concurrently if exists s.i cascade")), Some("s.i".to_owned()));
        assert_eq!(dropped_index(&words("drop index i")), None);
        let asks = |sql, what| reindex_question(&words(sql)).is_some_and(|question| question.contains(what));
        assert!(asks("reindex (verbose, concurrently) table s.t", "to_regclass('s.t')"));
        assert!(asks("REINDEX INDEX CONCURRENTLY i", "indexrelid = pg_catalog.to_regclass('i')"));
        assert!(asks("REINDEX SCHEMA CONCURRENTLY s", "to_regnamespace('s')"));
        assert!(!asks("REINDEX TABLE t", ""));
        let detach = Detach::read(&words("alter table only s.p detach partition s.c concurrently")).unwrap();
        assert_eq!((detach.parent.as_str(), detach.child.as_str()), ("s.p", "s.c"));
    }
}
