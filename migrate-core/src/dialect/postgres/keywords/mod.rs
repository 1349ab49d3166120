//! PostgreSQL's words: which of them need quotes, and how an identifier is read and printed.
//!
//! The readers of statements and the printers of the normal form stand on this folder. It knows words and bytes; it
//! does not know what a name names.
//!
//! A keyword has one of four categories, as in the manual's appendix. Reserved words (R) are no names at all, those of
//! C name columns and tables but no functions or types, those of T name functions and types only. The fourth kind is
//! free everywhere. [`quote_ident`] quotes what is not of the fourth kind, as the server does.

mod identifier;

pub use identifier::{WordError, fold_identifier, identifier, qualified_name};

/// What a word is to the grammar, where it is not an ordinary name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Reserved: no name without quotes.
    Reserved,
    /// A name of columns and tables, but not of functions and types.
    ColumnName,
    /// A name of functions and types, but not of columns and tables.
    TypeOrFunction,
}

/// The newest major version whose words are known; a newer server is taken to have the same ones.
pub const NEWEST: u32 = 18;

/// The words of category R that every version has.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// The words of category C that every version has.
const COLUMN_NAMES: &[&str] = &[
    "between",
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "least",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// The words of category T that every version has.
const TYPES_OR_FUNCTIONS: &[&str] = &[
    "authorization",
    "binary",
    "collation",
    "concurrently",
    "cross",
    "current_schema",
    "freeze",
    "full",
    "ilike",
    "inner",
    "is",
    "isnull",
    "join",
    "left",
    "like",
    "natural",
    "notnull",
    "outer",
    "overlaps",
    "right",
    "similar",
    "tablesample",
    "verbose",
];

/// What later versions added: since, word, category. Version 18 added none.
const ADDED: &[(u32, &str, Category)] = &[
    (17, "json", Category::ColumnName),
    (16, "json_array", Category::ColumnName),
    (16, "json_arrayagg", Category::ColumnName),
    (17, "json_exists", Category::ColumnName),
    (16, "json_object", Category::ColumnName),
    (16, "json_objectagg", Category::ColumnName),
    (17, "json_query", Category::ColumnName),
    (17, "json_scalar", Category::ColumnName),
    (17, "json_serialize", Category::ColumnName),
    (17, "json_table", Category::ColumnName),
    (17, "json_value", Category::ColumnName),
    (17, "merge_action", Category::ColumnName),
    (16, "system_user", Category::Reserved),
];

/// Returns the category of a word in lower case for a server's major version, `None` for what is free everywhere.
///
/// ```
/// use migrate_core::dialect::postgres::keywords::{Category, category};
///
/// assert_eq!(category("json", 16), None);
/// assert_eq!(category("json", 17), Some(Category::ColumnName));
/// ```
pub fn category(word: &str, version: u32) -> Option<Category> {
    let among = |words: &[&str]| words.binary_search(&word).is_ok();
    if among(RESERVED) {
        return Some(Category::Reserved);
    }
    if among(COLUMN_NAMES) {
        return Some(Category::ColumnName);
    }
    if among(TYPES_OR_FUNCTIONS) {
        return Some(Category::TypeOrFunction);
    }
    let added = ADDED.iter().find(|(since, added, _)| *since <= version && *added == word);
    added.map(|(_, _, category)| *category)
}

/// Returns a name as the server prints it: quoted unless it needs no quotes.
///
/// ```
/// use migrate_core::dialect::postgres::keywords::quote_ident;
///
/// assert_eq!(quote_ident("status", 18), "status");
/// assert_eq!(quote_ident("order", 18), "\"order\"");
/// assert_eq!(quote_ident("Mixed", 18), "\"Mixed\"");
/// ```
pub fn quote_ident(name: &str, version: u32) -> String {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    let plain = first && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain && category(name, version).is_none() { name.to_owned() } else { crate::sql::name(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_searched() {
        for words in [RESERVED, COLUMN_NAMES, TYPES_OR_FUNCTIONS] {
            assert!(words.is_sorted());
        }
        assert_eq!((RESERVED.len(), COLUMN_NAMES.len(), TYPES_OR_FUNCTIONS.len()), (77, 51, 23));
    }

    #[test]
    fn words_that_versions_added() {
        let of = |version| ADDED.iter().filter(|(_, word, _)| category(word, version).is_some()).count();
        assert_eq!([14, 15, 16, 17, 18, 19].map(of), [0, 0, 5, 13, 13, 13]);
        assert_eq!(category("system_user", 16), Some(Category::Reserved));
        assert_eq!(category("left", 15), Some(Category::TypeOrFunction));
        assert_eq!(category("between", 15), Some(Category::ColumnName));
    }

    #[test]
    fn quoting() {
        for plain in ["a", "_a1", "name", "value", "type", "date", "year", "data", "key", "level", "status", "text"] {
            assert_eq!(quote_ident(plain, 18), plain);
        }
        for quoted in ["a$b", "ä", "1a", "Abc", "a b", "", "select", "int", "left", "a-b"] {
            assert_eq!(quote_ident(quoted, 18), format!("\"{quoted}\""));
        }
        assert_eq!(quote_ident("a\"b", 18), "\"a\"\"b\"");
        assert_eq!([15, 16, 17].map(|v| quote_ident("json", v)), ["json", "json", "\"json\""]);
        assert_eq!(
            [15, 16, 17].map(|v| quote_ident("json_array", v)),
            ["json_array", "\"json_array\"", "\"json_array\""]
        );
    }
}
