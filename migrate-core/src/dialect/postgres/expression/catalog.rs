//! The server's own operators, functions, casts and types, as its catalogs have them.
//!
//! Each file is a catalog of PostgreSQL 18 with what older versions have besides, one row a line, the types by their
//! names in `pg_type`: `pg_operator` (name, left, right, result), `pg_proc` (name, `v` for variadic and the number of
//! defaults, result, parameters; without what only the server itself calls; aggregates, window functions and those that
//! return sets, which only queries call, in `aggregates.txt`), `pg_cast` (from, to, context, method) and
//! `pg_type` (name, category, `p` for the preferred of it).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::typename::Type;

/// One of the operators or functions of a name.
#[derive(Debug)]
pub(super) struct Overload {
    pub(super) result: Type,
    pub(super) parameters: Vec<Type>,
    pub(super) variadic: bool,
    pub(super) defaults: usize,
}

/// How the server makes one type of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cast {
    /// Whether it does so unasked.
    pub(super) implicit: bool,
    /// Whether it does so where a value is stored.
    pub(super) assignment: bool,
    /// Whether by a function, rather than by the text or as it is.
    pub(super) function: bool,
}

type Overloads = BTreeMap<&'static str, Vec<Overload>>;

/// Returns the operators of a name with this many operands.
pub(super) fn operators(name: &str, operands: usize) -> Vec<&'static Overload> {
    static OPERATORS: OnceLock<Overloads> = OnceLock::new();
    let all = OPERATORS.get_or_init(|| {
        let mut all = Overloads::new();
        for [name, left, right, result] in rows(include_str!("catalog/operators.txt")) {
            let parameters = [left, right].into_iter().filter(|name| *name != "-").map(Type::server).collect();
            let operator = Overload { result: Type::server(result), parameters, variadic: false, defaults: 0 };
            all.entry(name).or_default().push(operator);
        }
        all
    });
    all.get(name).into_iter().flatten().filter(|operator| operator.parameters.len() == operands).collect()
}

/// Returns the functions of a name.
pub(super) fn functions(name: &str) -> &'static [Overload] {
    static FUNCTIONS: OnceLock<Overloads> = OnceLock::new();
    let all = FUNCTIONS.get_or_init(|| {
        let mut all = Overloads::new();
        let queries = include_str!("catalog/aggregates.txt").lines();
        for line in include_str!("catalog/functions.txt").lines().chain(queries) {
            let mut words = line.split(' ');
            let (Some(name), Some(defaults), Some(result)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let function = Overload {
                result: Type::server(result),
                parameters: words.map(Type::server).collect(),
                variadic: defaults.starts_with('v'),
                defaults: defaults.trim_start_matches('v').parse().unwrap_or(0),
            };
            all.entry(name).or_default().push(function);
        }
        all
    });
    all.get(name).map_or(&[], Vec::as_slice)
}

/// Returns the cast between two types by their names.
pub(super) fn cast(from: &str, to: &str) -> Option<Cast> {
    static CASTS: OnceLock<BTreeMap<(&'static str, &'static str), Cast>> = OnceLock::new();
    let all = CASTS.get_or_init(|| {
        let rows = rows(include_str!("catalog/casts.txt"));
        rows.map(|[from, to, context, method]| {
            let (implicit, function) = (context == "i", method == "f");
            ((from, to), Cast { implicit, assignment: implicit || context == "a", function })
        })
        .collect()
    });
    all.get(&(from, to)).copied()
}

/// Returns the category of a type and whether it is the preferred one of it.
pub(super) fn category(name: &str) -> Option<(char, bool)> {
    static TYPES: OnceLock<BTreeMap<&'static str, (char, bool)>> = OnceLock::new();
    let all = TYPES.get_or_init(|| {
        let rows = rows(include_str!("catalog/types.txt"));
        rows.map(|[name, category]| (name, (category.chars().next().unwrap_or('U'), category.ends_with('p')))).collect()
    });
    all.get(name).copied()
}

/// Returns whether the server itself has a type of this name.
pub(super) fn is_type(name: &str) -> bool {
    category(name).is_some()
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter_map(|line| line.split(' ').collect::<Vec<_>>().try_into().ok())
}
