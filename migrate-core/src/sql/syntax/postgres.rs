//! PostgreSQL.

use super::{Run, Syntax, Unrunnable, transaction_control};
use crate::sql::Word;

/// PostgreSQL's lexical rules.
pub(crate) const POSTGRES: Syntax = Syntax {
    name: "postgres",
    aliases: &["postgresql", "pg", "pgsql", "psql"],
    dollar_quotes: true,
    nested_comments: true,
    cr_ends_comment: true,
    backticks: false,
    brackets: false,
    unicode_quotes: true,
    string_prefixes: b"ebxn",
    parentheses_hold: true,
    trigger_bodies: false,
    atomic_bodies: true,
    run,
};

fn run(words: &[Word<'_>]) -> Result<Run, Unrunnable> {
    if words.first().is_some_and(|word| word.text == "\\") {
        return Err(Unrunnable {
            code: "psql-command",
            message: "a psql command is no SQL: only psql itself understands it",
            help: "write the SQL that the command stands for",
            outside_answers: false,
        });
    }
    if words.iter().any(|w| w.is("COPY")) && is_copy_from_client(words) {
        return Err(Unrunnable {
            code: "copy-stdin",
            message: "COPY from or to the client has no data in a revision file",
            help: "write INSERT statements, or COPY from a file of the server",
            outside_answers: false,
        });
    }
    if is_transaction_control(words) {
        return Err(transaction_control());
    }
    if starts(words, &["CREATE"]) && is_unnamed_index(words) {
        return Err(Unrunnable {
            code: "unnamed-index",
            message: "CREATE INDEX CONCURRENTLY needs the name of its index here: a run that was interrupted must find it \
                      again",
            help: "write the name before ON",
            outside_answers: false,
        });
    }
    if is_outside(words) {
        return Ok(Run::Outside);
    }
    Ok(if is_setting(words) { Run::Setting } else { Run::Transaction })
}

fn starts(words: &[Word<'_>], expect: &[&str]) -> bool {
    words.len() >= expect.len() && words.iter().zip(expect).all(|(word, keyword)| word.is(keyword))
}

fn is_copy_from_client(words: &[Word<'_>]) -> bool {
    starts(words, &["COPY"])
        && words
            .windows(2)
            .any(|pair| (pair[0].is("FROM") && pair[1].is("STDIN")) || (pair[0].is("TO") && pair[1].is("STDOUT")))
}

fn is_transaction_control(words: &[Word<'_>]) -> bool {
    let Some(first) = words.first() else { return false };
    match words.get(1) {
        Some(second) if first.is("START") => second.is("TRANSACTION"),
        Some(second) if first.is("PREPARE") => second.is("TRANSACTION"),
        _ => ["BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"].iter().any(|w| first.is(w)),
    }
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY ON …`: the server makes a name up, another one each time.
fn is_unnamed_index(words: &[Word<'_>]) -> bool {
    let index = if words.get(1).is_some_and(|word| word.is("UNIQUE")) { 2 } else { 1 };
    let rest = words.get(index..).unwrap_or_default();
    starts(rest, &["INDEX", "CONCURRENTLY", "ON"])
}

/// The statements that answer 25001 inside a transaction block, on every version from 14 to 18.
fn is_outside(words: &[Word<'_>]) -> bool {
    let has = |keyword: &str| words.iter().any(|word| word.is(keyword));
    let Some(first) = words.first() else { return false };
    if first.is("VACUUM") || starts(words, &["ALTER", "SYSTEM"]) || starts(words, &["DISCARD", "ALL"]) {
        return true;
    }
    if first.is("CREATE") || first.is("DROP") {
        let kind = words.get(1);
        let is = |keyword: &str| kind.is_some_and(|word| word.is(keyword));
        return is("DATABASE")
            || is("TABLESPACE")
            || (is("SUBSCRIPTION") && !without_slot(words))
            || (is("INDEX") && words.get(2).is_some_and(|word| word.is("CONCURRENTLY")))
            || (starts(words, &["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"]));
    }
    if first.is("REINDEX") {
        let whole = ["SCHEMA", "DATABASE", "SYSTEM"];
        let mut rest = words[1..].iter().skip_while(|word| !word.is_keyword());
        return has("CONCURRENTLY") || rest.any(|word| whole.iter().any(|kind| word.is(kind)));
    }
    if first.is("CLUSTER") {
        return words.len() == 1 || (words.len() == 2 && words[1].is("VERBOSE"));
    }
    if starts(words, &["ALTER", "TABLE"]) {
        return has("DETACH") && words.last().is_some_and(|word| word.is("CONCURRENTLY"));
    }
    if starts(words, &["ALTER", "DATABASE"]) {
        return words.windows(2).any(|pair| pair[0].is("SET") && pair[1].is("TABLESPACE"));
    }
    false
}

fn without_slot(words: &[Word<'_>]) -> bool {
    words.windows(3).any(|w| {
        (w[0].is("CREATE_SLOT") || w[0].is("CONNECT"))
            && w[1].text == "="
            && (w[2].is("FALSE") || w[2].text == "'false'")
    })
}

fn is_setting(words: &[Word<'_>]) -> bool {
    let Some(first) = words.first() else { return false };
    if first.is("SET") {
        return !words.get(1).is_some_and(|w| w.is("CONSTRAINTS") || w.is("TRANSACTION"));
    }
    if first.is("RESET") {
        return true;
    }
    let call = if starts(words, &["SELECT", "PG_CATALOG"]) { words.get(3) } else { words.get(1) };
    first.is("SELECT") && call.is_some_and(|word| word.is("SET_CONFIG"))
}
