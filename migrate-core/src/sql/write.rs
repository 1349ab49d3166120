//! The one writer of names and literals.

/// Returns a name in double quotes, as both databases read it.
///
/// ```
/// assert_eq!(migrate_core::sql::name("a \"b\""), r#""a ""b""""#);
/// ```
pub fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a string literal that no setting of the session reads differently.
///
/// A backslash is an ordinary character in standard SQL, and an escape on a PostgreSQL session with
/// `standard_conforming_strings = off`; what contains one needs [`Syntax::literal`](super::Syntax::literal).
///
/// ```
/// assert_eq!(migrate_core::sql::literal("it's"), "'it''s'");
/// ```
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
