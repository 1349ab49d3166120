//! The names that PostgreSQL makes up, to the byte.
//!
//! A statement that leaves a name out gets one that later statements use, so the fold has to know it. The functions
//! here are pure: what is taken is asked of the caller, who knows which of a schema's names each kind avoids.
//!
//! 1. [`make_object_name`] joins table, columns and a label, and takes bytes from the longer of the two until the
//!    whole fits into 63 bytes.
//! 2. [`choose`] glues 1, 2, … to the label until the name is free; the digits make the rest shorter again.
//! 3. One function per kind of object says what is joined ([`primary_key`], [`unique`], [`check`] and the others).
//! 4. [`plan`] is the order in which one `CREATE TABLE` does all this.
//!
//! | kind | what its `taken` answers |
//! | --- | --- |
//! | primary key, unique, exclusion | relations and constraints (of tables and domains) of the schema |
//! | index, sequence | relations of the schema |
//! | check, foreign key, not null, those of domains | constraints of the schema, of every kind, tables and domains |
//! | statistics | statistics of the schema |
//! | array type | types of the schema |

pub mod plan;
#[cfg(test)]
mod vectors;

/// The most bytes that a name has: the server's `NAMEDATALEN` without its end.
pub const MAX: usize = 63;

/// Returns the longest beginning of a text that has at most this many bytes and ends between characters.
///
/// ```
/// use migrate_core::dialect::postgres::names::clip;
///
/// assert_eq!(clip("aü", 2), "a");
/// assert_eq!(clip("aü", 3), "aü");
/// ```
pub fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Joins up to two names and a label within 63 bytes, as the server's `makeObjectName`.
///
/// ```
/// use migrate_core::dialect::postgres::names::make_object_name;
///
/// assert_eq!(make_object_name("orders", Some("id"), Some("seq")), "orders_id_seq");
/// assert_eq!(make_object_name(&"a".repeat(63), None, Some("pkey")), format!("{}_pkey", "a".repeat(58)));
/// ```
pub fn make_object_name(first: &str, second: Option<&str>, label: Option<&str>) -> String {
    let overhead = usize::from(second.is_some()) + label.map_or(0, |label| 1 + label.len());
    let available = MAX.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.map_or(0, str::len));
    while one + two > available {
        // A tie shortens the second.
        if one > two { one -= 1 } else { two -= 1 }
    }
    let mut name = clip(first, one).to_owned();
    if let Some(second) = second {
        name.push('_');
        name.push_str(clip(second, two));
    }
    if let Some(label) = label {
        name.push('_');
        name.push_str(label);
    }
    name
}

/// Joins the columns of an index, a foreign key or a statistics object to one name, which may be longer than 63 bytes.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::columns_part(&["a", "b"]), "a_b");
/// ```
pub fn columns_part<S: AsRef<str>>(columns: &[S]) -> String {
    let mut part = String::new();
    for column in columns {
        if !part.is_empty() {
            part.push('_');
        }
        part.push_str(column.as_ref());
        if part.len() > MAX {
            break;
        }
    }
    part
}

/// Returns the first name with this label, then with the label and 1, 2, …, that is not taken.
///
/// ```
/// use migrate_core::dialect::postgres::names::choose;
///
/// assert_eq!(choose("t", None, "pkey", |name| name == "t_pkey"), "t_pkey1");
/// ```
pub fn choose(first: &str, second: Option<&str>, label: &str, taken: impl FnMut(&str) -> bool) -> String {
    numbered(taken, |number| {
        let label = if number == 0 { label.to_owned() } else { format!("{label}{number}") };
        make_object_name(first, second, Some(&label))
    })
}

fn numbered(mut taken: impl FnMut(&str) -> bool, name: impl Fn(u32) -> String) -> String {
    let mut number = 0;
    loop {
        let name = name(number);
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// Returns the attribute names of an index, from the names of its elements: later equal ones get 1, 2, ….
///
/// An element is named after its column, else as [`derived_name`](super::types::derived_name) says, else `expr`.
/// The elements of INCLUDE follow the others.
///
/// ```
/// use migrate_core::dialect::postgres::names::index_columns;
///
/// assert_eq!(index_columns(&["lower", "a", "lower"]), ["lower", "a", "lower1"]);
/// ```
pub fn index_columns<S: AsRef<str>>(elements: &[S]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(elements.len());
    for element in elements {
        let element = element.as_ref();
        let column = numbered(
            |name| columns.iter().any(|column| column == name),
            |number| match number {
                0 => element.to_owned(),
                _ => {
                    let digits = number.to_string();
                    format!("{}{digits}", clip(element, MAX - digits.len()))
                }
            },
        );
        columns.push(column);
    }
    columns
}

/// Returns the name of a primary key and its index.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::primary_key("t", |_| false), "t_pkey");
/// ```
pub fn primary_key(table: &str, taken: impl FnMut(&str) -> bool) -> String {
    choose(table, None, "pkey", taken)
}

/// Returns the name of a unique constraint and its index, from the columns, those of INCLUDE too.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::unique("t", &["a", "b"], |_| false), "t_a_b_key");
/// ```
pub fn unique<S: AsRef<str>>(table: &str, columns: &[S], taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(&columns_part(&index_columns(columns))), "key", taken)
}

/// Returns the name of an exclusion constraint and its index, from the names of its elements.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::exclusion("t", &["during"], |_| false), "t_during_excl");
/// ```
pub fn exclusion<S: AsRef<str>>(table: &str, elements: &[S], taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(&columns_part(&index_columns(elements))), "excl", taken)
}

/// Returns the name of an index, unique or not, from the names of its elements (see [`index_columns`]).
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::index("t", &["a", "a"], |_| false), "t_a_a1_idx");
/// ```
pub fn index<S: AsRef<str>>(table: &str, elements: &[S], taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(&columns_part(&index_columns(elements))), "idx", taken)
}

/// Returns the name of the sequence of a serial or identity column.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::sequence("t", "id", |_| false), "t_id_seq");
/// ```
pub fn sequence(table: &str, column: &str, taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(column), "seq", taken)
}

/// Returns the name of a table's check, from the columns that its expression uses.
///
/// Where the check is written does not matter. Only exactly one column, used once or more, is part of the name; a
/// whole-row reference is none, a system column is one.
///
/// ```
/// use migrate_core::dialect::postgres::names::check;
///
/// assert_eq!(check("t", &["a", "a"], |_| false), "t_a_check");
/// assert_eq!(check("t", &["a", "b"], |_| false), "t_check");
/// ```
pub fn check<S: AsRef<str>>(table: &str, used: &[S], taken: impl FnMut(&str) -> bool) -> String {
    let one = used.first().map(AsRef::as_ref);
    let only = one.filter(|one| used.iter().all(|column| column.as_ref() == *one));
    choose(table, only, "check", taken)
}

/// Returns the name of a foreign key, from the referencing columns.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::foreign_key("t", &["a"], |_| false), "t_a_fkey");
/// ```
pub fn foreign_key<S: AsRef<str>>(table: &str, columns: &[S], taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(&columns_part(columns)), "fkey", taken)
}

/// Returns the name of a column's NOT NULL constraint, which exists since PostgreSQL 18.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::not_null("t", "a", |_| false), "t_a_not_null");
/// ```
pub fn not_null(table: &str, column: &str, taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(column), "not_null", taken)
}

/// Returns the name of a domain's check.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::domain_check("d", |_| false), "d_check");
/// ```
pub fn domain_check(domain: &str, taken: impl FnMut(&str) -> bool) -> String {
    choose(domain, None, "check", taken)
}

/// Returns the name of a domain's NOT NULL constraint, which exists since PostgreSQL 17.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::domain_not_null("d", |_| false), "d_not_null");
/// ```
pub fn domain_not_null(domain: &str, taken: impl FnMut(&str) -> bool) -> String {
    choose(domain, None, "not_null", taken)
}

/// Returns the name of a statistics object, from its columns; an expression is `expr`, each time.
///
/// ```
/// assert_eq!(migrate_core::dialect::postgres::names::statistics("t", &["a", "expr"], |_| false), "t_a_expr_stat");
/// ```
pub fn statistics<S: AsRef<str>>(table: &str, columns: &[S], taken: impl FnMut(&str) -> bool) -> String {
    choose(table, Some(&columns_part(columns)), "stat", taken)
}

/// Returns the name of the array type of a type, for a server's major version.
///
/// An array type in the way of a new type is renamed by this function too, from its own name.
///
/// ```
/// use migrate_core::dialect::postgres::names::array_type;
///
/// assert_eq!(array_type("t", 18, |_| false), "_t");
/// assert_eq!(array_type("t", 18, |name| name == "_t"), "_t_1");
/// assert_eq!(array_type("t", 15, |name| name == "_t"), "__t");
/// ```
pub fn array_type(name: &str, version: u32, taken: impl FnMut(&str) -> bool) -> String {
    numbered(taken, |number| match number {
        0 => make_object_name("", Some(name), None),
        _ if version >= 16 => make_object_name("", Some(name), Some(&number.to_string())),
        _ => {
            // The server gives up before the name is nothing but underscores.
            let underscores = (number as usize + 1).min(MAX);
            format!("{}{}", "_".repeat(underscores), clip(name, MAX - underscores))
        }
    })
}

/// Returns the name of the multirange type of a range type that names none; if it is taken, the server refuses.
///
/// ```
/// use migrate_core::dialect::postgres::names::multirange;
///
/// assert_eq!(multirange("pricerange"), "pricemultirange");
/// assert_eq!(multirange("span"), "span_multirange");
/// ```
pub fn multirange(range: &str) -> String {
    const TAIL: &str = "_multirange";
    match range.find("range") {
        Some(at) => clip(&format!("{}multi{}", &range[..at], &range[at..]), MAX).to_owned(),
        None => format!("{}{TAIL}", clip(range, MAX - TAIL.len())),
    }
}
