//! SQLite.

use super::{Run, Syntax, Unrunnable, transaction_control};
use crate::sql::Word;

/// SQLite's lexical rules.
pub(crate) const SQLITE: Syntax = Syntax {
    name: "sqlite",
    aliases: &["sqlite3", "rusqlite"],
    dollar_quotes: false,
    nested_comments: false,
    cr_ends_comment: false,
    backticks: true,
    brackets: true,
    unicode_quotes: false,
    string_prefixes: b"x",
    parentheses_hold: false,
    trigger_bodies: true,
    atomic_bodies: false,
    run,
};

fn run(words: &[Word<'_>]) -> Result<Run, Unrunnable> {
    let Some(first) = words.first() else { return Ok(Run::Transaction) };
    if first.text == "." {
        return Err(Unrunnable {
            code: "shell-command",
            message: "a dot command is no SQL: only the sqlite3 shell understands it",
            help: "write the SQL that the command stands for",
            outside_answers: false,
        });
    }
    if ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"].iter().any(|word| first.is(word)) {
        return Err(transaction_control());
    }
    if first.is("VACUUM") {
        return Ok(Run::Outside);
    }
    if !first.is("PRAGMA") {
        return Ok(Run::Transaction);
    }
    let name = pragma_name(words);
    if ["FOREIGN_KEYS", "LEGACY_ALTER_TABLE"].iter().any(|word| name.is_some_and(|name| name.is(word))) {
        return Ok(Run::Around);
    }
    let ignored = ["JOURNAL_MODE", "SYNCHRONOUS", "AUTO_VACUUM", "PAGE_SIZE", "ENCODING", "WAL_CHECKPOINT"];
    if ignored.iter().any(|word| name.is_some_and(|name| name.is(word))) {
        return Err(Unrunnable {
            code: "pragma-in-transaction",
            message: "SQLite refuses or ignores this pragma inside a transaction",
            help: "set it where the database is opened, or put `-- migrate:no-transaction` before it",
            outside_answers: true,
        });
    }
    Ok(Run::Transaction)
}

/// Returns the name of a pragma, whose schema may stand before it.
fn pragma_name<'w, 't>(words: &'w [Word<'t>]) -> Option<&'w Word<'t>> {
    if words.get(2).is_some_and(|word| word.text == ".") { words.get(3) } else { words.get(1) }
}
