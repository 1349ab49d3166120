//! What each statement is, and what a session sets that later statements feel.

use super::catalog::Catalog;
use super::read::Reader;
use super::{alter, create, drop};
use crate::fold::{Effect, Problem};

/// The settings that decide what a RENAME rewrites.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Session {
    /// `PRAGMA legacy_alter_table`.
    pub(super) legacy: bool,
    /// `PRAGMA foreign_keys`, which the runtime sets off before it runs a revision.
    pub(super) foreign_keys: bool,
}

/// Pragmas that change the schema in ways that no text tells.
const OPAQUE_PRAGMAS: &[&str] = &["writable_schema", "schema_version"];

/// SQLite's own tables, whose rows are the schema.
const CATALOGS: &[&str] = &["sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"];

/// Applies a statement to a catalog.
pub(super) fn statement(catalog: &mut Catalog, session: &mut Session, text: &str) -> Result<Effect, Problem> {
    let first = crate::sql::Lexer::new(text, 0, &crate::sql::SQLITE);
    if let Some(effect) = without_reading(first, text) {
        return Ok(effect);
    }
    let mut reader = Reader::new(text)?;
    if reader.peek().is_none() {
        return Ok(Effect::None);
    }
    if reader.accept(&["CREATE"]) {
        return create::statement(catalog, &mut reader);
    }
    if reader.accept(&["ALTER"]) {
        return alter::statement(catalog, *session, &mut reader);
    }
    if reader.accept(&["DROP"]) {
        return drop::statement(catalog, &mut reader);
    }
    if reader.accept(&["PRAGMA"]) {
        return pragma(session, &mut reader);
    }
    if ["ATTACH", "DETACH"].iter().any(|word| reader.is(word)) {
        let message = "what is in an attached database is no part of this one's schema";
        let problem = Problem::new("sql-unsupported", reader.here(), message);
        return Err(problem.help("migrate the other database by a project of its own"));
    }
    let control = ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    if control.iter().any(|word| reader.is(word)) {
        let message = "a revision does not begin or end transactions: migrate owns them";
        return Err(Problem::new("transaction-control", reader.here(), message));
    }
    Err(reader.near())
}

/// Answers statements of which nothing but the first words is looked at: an expression that nobody can read must not
/// fail them.
fn without_reading(mut lexer: crate::sql::Lexer<'_>, text: &str) -> Option<Effect> {
    let mut next = || loop {
        match lexer.next_token() {
            Ok(Some(token)) if token.is_significant() => break Some(token.text(text)),
            Ok(Some(_)) => {}
            _ => break None,
        }
    };
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let first = next()?;
    if is(first, &["EXPLAIN", "ANALYZE", "REINDEX", "VACUUM"]) {
        return Some(Effect::None);
    }
    if is(first, &["SELECT", "VALUES", "WITH"]) {
        return Some(Effect::Data);
    }
    if !is(first, &["INSERT", "REPLACE", "UPDATE", "DELETE"]) {
        return None;
    }
    // `INSERT OR ABORT INTO main.t`: the target is the first name that is none of the words before it.
    for _ in 0..8 {
        let word = next()?;
        let bare = word.trim_matches(['"', '\'', '`', '[', ']']);
        if is(bare, CATALOGS) {
            return Some(Effect::Opaque);
        }
        let words = ["OR", "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE", "INTO", "FROM", "main", "temp", "."];
        if !is(bare, &words) {
            break;
        }
    }
    Some(Effect::Data)
}

fn pragma(session: &mut Session, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
    let name = reader.qualified()?.name;
    let sets = reader.accept(&["="]) || reader.accept(&["("]);
    let value = reader.peek().filter(|_| sets).map(|token| token.text(reader.text()).to_owned());
    let Some(value) = value else { return Ok(Effect::None) };
    if OPAQUE_PRAGMAS.iter().any(|known| name.is(known)) {
        return Ok(Effect::Opaque);
    }
    if name.is("legacy_alter_table") {
        session.legacy = is_on(&value);
    } else if name.is("foreign_keys") {
        session.foreign_keys = is_on(&value);
    }
    Ok(Effect::None)
}

/// Reads a boolean as SQLite does: what it does not know is off.
fn is_on(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'', '`', '[', ']']);
    ["on", "yes", "true"].iter().any(|known| value.eq_ignore_ascii_case(known))
        || value.parse::<i64>().is_ok_and(|number| number != 0)
}
