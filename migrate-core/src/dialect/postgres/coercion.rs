//! Which values the server makes values of another type by itself.

use super::types::builtin;

/// When the server casts a value unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coercion {
    /// Wherever an operator or function needs it.
    Implicit,
    /// Only where a value is put into a column.
    Assignment,
}

/// Returns whether the server makes a value of one of its types one of another, by their names in the catalog.
///
/// ```
/// use migrate_core::dialect::postgres::coercion::{Coercion, coerces};
///
/// assert!(coerces("int4", "numeric", Coercion::Implicit));
/// assert!(!coerces("numeric", "int4", Coercion::Implicit));
/// assert!(coerces("numeric", "int4", Coercion::Assignment));
/// assert!(!coerces("text", "int4", Coercion::Assignment));
/// ```
pub fn coerces(from: &str, to: &str, context: Coercion) -> bool {
    let listed = |casts: &str| casts.split(' ').any(|cast| cast.split_once('>') == Some((from, to)));
    if from == to || listed(IMPLICIT) {
        return true;
    }
    // Anything becomes text when it is put into a column of text.
    let printed = matches!(to, "text" | "varchar" | "bpchar") && builtin(from).is_some();
    context == Coercion::Assignment && (printed || listed(ASSIGNMENT))
}

/// Returns whether values of two types can be compared by an index of the first: a foreign key needs it.
///
/// ```
/// use migrate_core::dialect::postgres::coercion::comparable;
///
/// assert!(comparable("int8", "int4") && comparable("text", "varchar") && comparable("numeric", "int4"));
/// assert!(!comparable("int4", "text") && !comparable("int4", "numeric"));
/// ```
pub fn comparable(key: &str, value: &str) -> bool {
    let together = |family: &&[&str]| family.contains(&key) && family.contains(&value);
    FAMILIES.iter().any(together) || coerces(value, key, Coercion::Implicit)
}

/// Types that one operator family compares with each other.
const FAMILIES: &[&[&str]] = &[
    &["int2", "int4", "int8"],
    &["float4", "float8"],
    &["date", "timestamp", "timestamptz"],
    &["text", "varchar", "name"],
];

/// The casts that are made anywhere; 15 to 18 have the same ones.
const IMPLICIT: &str = "\
    bit>varbit bpchar>name bpchar>text bpchar>varchar char>text cidr>inet date>timestamp date>timestamptz \
    float4>float8 int2>float4 int2>float8 int2>int4 int2>int8 int2>numeric int2>oid int2>regclass int2>regcollation \
    int2>regconfig int2>regdictionary int2>regnamespace int2>regoper int2>regoperator int2>regproc int2>regprocedure \
    int2>regrole int2>regtype int4>float4 int4>float8 int4>int8 int4>numeric int4>oid int4>regclass \
    int4>regcollation int4>regconfig int4>regdictionary int4>regnamespace int4>regoper int4>regoperator int4>regproc \
    int4>regprocedure int4>regrole int4>regtype int8>float4 int8>float8 int8>numeric int8>oid int8>regclass \
    int8>regcollation int8>regconfig int8>regdictionary int8>regnamespace int8>regoper int8>regoperator int8>regproc \
    int8>regprocedure int8>regrole int8>regtype macaddr>macaddr8 macaddr8>macaddr name>text numeric>float4 \
    numeric>float8 oid>regclass oid>regcollation oid>regconfig oid>regdictionary oid>regnamespace oid>regoper \
    oid>regoperator oid>regproc oid>regprocedure oid>regrole oid>regtype pg_dependencies>bytea pg_dependencies>text \
    pg_mcv_list>bytea pg_mcv_list>text pg_ndistinct>bytea pg_ndistinct>text pg_node_tree>text regclass>oid \
    regcollation>oid regconfig>oid regdictionary>oid regnamespace>oid regoper>oid regoper>regoperator \
    regoperator>oid regoperator>regoper regproc>oid regproc>regprocedure regprocedure>oid regprocedure>regproc \
    regrole>oid regtype>oid text>bpchar text>name text>regclass text>varchar time>interval time>timetz \
    timestamp>timestamptz varbit>bit varchar>bpchar varchar>name varchar>regclass varchar>text";

/// The casts that are made only for a column.
const ASSIGNMENT: &str = "\
    bool>bpchar bool>text bool>varchar box>polygon bpchar>char char>bpchar char>varchar cidr>bpchar cidr>text \
    cidr>varchar float4>int2 float4>int4 float4>int8 float4>numeric float8>float4 float8>int2 float8>int4 \
    float8>int8 float8>numeric inet>bpchar inet>cidr inet>text inet>varchar int4>int2 int4>money int8>int2 int8>int4 \
    int8>money interval>time json>jsonb jsonb>json money>numeric name>bpchar name>varchar numeric>int2 numeric>int4 \
    numeric>int8 numeric>money oid>int4 oid>int8 path>polygon point>box polygon>path regclass>int4 regclass>int8 \
    regcollation>int4 regcollation>int8 regconfig>int4 regconfig>int8 regdictionary>int4 regdictionary>int8 \
    regnamespace>int4 regnamespace>int8 regoper>int4 regoper>int8 regoperator>int4 regoperator>int8 regproc>int4 \
    regproc>int8 regprocedure>int4 regprocedure>int8 regrole>int4 regrole>int8 regtype>int4 regtype>int8 text>char \
    timestamp>date timestamp>time timestamptz>date timestamptz>time timestamptz>timestamp timestamptz>timetz \
    timetz>time varchar>char xml>bpchar xml>text xml>varchar";
