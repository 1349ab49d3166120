//! Which statements change no schema, by their leading words.

use crate::fold::Cursor;
use crate::sql::{Lexer, POSTGRES, TokenKind};

/// What the leading words of a statement tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// DDL that the model shows.
    Schema,
    /// DDL or a command that no schema shows.
    None,
    /// It is about rows.
    Data,
    /// A query, which may call a function that does anything.
    Query,
    /// A setting.
    Setting,
    /// It may do anything.
    Opaque,
}

const DATA: &[&str] = &[
    "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFRESH", "COPY", "MERGE", "LOCK", "EXPLAIN", "DECLARE", "FETCH",
    "CLOSE", "MOVE",
];
const NONE: &[&str] = &[
    "GRANT",
    "REVOKE",
    "REINDEX",
    "ANALYZE",
    "ANALYSE",
    "VACUUM",
    "CLUSTER",
    "SHOW",
    "LISTEN",
    "UNLISTEN",
    "NOTIFY",
    "DISCARD",
    "CHECKPOINT",
    "SECURITY",
    "REASSIGN",
    "PREPARE",
    "EXECUTE",
    "DEALLOCATE",
    "LOAD",
];
/// The second word of CREATE, ALTER and DROP for objects that are no part of a database's schema.
const GLOBAL: &[&str] = &["ROLE", "USER", "GROUP", "DATABASE", "TABLESPACE", "SYSTEM"];

/// Returns whether a statement is about rows, as its first word tells.
pub(super) fn is_data(text: &str) -> bool {
    let mut lexer = Lexer::new(text, 0, &POSTGRES);
    while let Ok(Some(token)) = lexer.next_token() {
        if token.is_significant() {
            let first = token.text(text);
            return token.kind == TokenKind::Word && DATA.iter().any(|word| first.eq_ignore_ascii_case(word));
        }
    }
    false
}

/// Reads the leading words.
pub(super) fn classify(cursor: &Cursor<'_>) -> Class {
    let is_one = |words: &[&str]| words.iter().any(|word| cursor.is(word));
    if is_one(DATA) {
        return Class::Data;
    }
    if is_one(NONE) {
        return Class::None;
    }
    if is_one(&["SELECT", "WITH", "VALUES", "TABLE", "("]) {
        return Class::Query;
    }
    if is_one(&["SET", "RESET"]) {
        return Class::Setting;
    }
    if is_one(&["CREATE", "ALTER", "DROP"]) {
        let global = GLOBAL.iter().any(|word| cursor.is_at(1, word));
        let mapping = cursor.is_at(1, "USER") && cursor.is_at(2, "MAPPING");
        let privileges = cursor.are(&["ALTER", "DEFAULT", "PRIVILEGES"]);
        return if (global && !mapping) || privileges { Class::None } else { Class::Schema };
    }
    if is_one(&["COMMENT", "IMPORT"]) { Class::Schema } else { Class::Opaque }
}
