//! What the derives implement, and what their expansions call.
//!
//! No feature brings it in and it brings nothing in: an app's structs carry these traits at no cost.

/// A struct that is a row of a table; `#[derive(Entity)]` implements it.
///
/// ```
/// use migrate_core::meta::Entity;
///
/// struct Execution;
///
/// impl Entity for Execution {
///     const TABLE: &'static str = "dpo.execution";
///     const COLUMNS: &'static [&'static str] = &["execution_id"];
/// }
/// assert_eq!(Execution::TABLE, "dpo.execution");
/// ```
pub trait Entity {
    /// The table's name with its schema, if it has one: `dpo.execution`.
    const TABLE: &'static str;

    /// The names of the columns, in the order of the fields.
    const COLUMNS: &'static [&'static str];
}

/// An enum whose variants are the labels of a type; `#[derive(SqlEnum)]` implements it.
pub trait SqlEnum {
    /// The labels in the order of the variants.
    const LABELS: &'static [&'static str];

    /// Returns the label of a variant.
    fn label(&self) -> &'static str;
}

/// Returns the bytes of a schema and a table with a dot between, at compile time: `N` is the sum of both and 1.
#[doc(hidden)]
pub const fn qualified<const N: usize>(schema: &str, table: &str) -> [u8; N] {
    let (schema, table) = (schema.as_bytes(), table.as_bytes());
    let mut joined = [b'.'; N];
    let mut at = 0;
    while at < schema.len() {
        joined[at] = schema[at];
        at += 1;
    }
    at = 0;
    while at < table.len() {
        joined[schema.len() + 1 + at] = table[at];
        at += 1;
    }
    joined
}

/// Returns bytes as the text that they are, at compile time.
#[doc(hidden)]
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("two texts joined are a text"),
    }
}

/// Returns whether two texts are the same, at compile time.
#[doc(hidden)]
pub const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_and_compared_at_compile_time() {
        // Promise: a table's name with a schema from a constant is a constant too.
        const JOINED: [u8; 13] = qualified("dpo", "execution");
        const NAME: &str = text(&JOINED);
        const SAME: bool = same(NAME, "dpo.execution");
        assert_eq!(NAME, "dpo.execution");
        assert!(SAME && !same("a", "b") && !same("a", "ab"));
    }
}
