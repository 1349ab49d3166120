//! The types of `pg_catalog`, as the server's own catalog lists them; 15 to 18 have the same ones.

/// A type of the server's own.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Builtin {
    /// Its name in the catalog: `int4`.
    pub name: &'static str,
    /// How the server prints it without modifiers: `integer`.
    pub printed: &'static str,
    /// How its values are stored unless the column says otherwise: `plain`, `main`, `extended`.
    pub storage: &'static str,
    /// Its collation: `default`, for `name` it is `C`; `None` where text order has no meaning.
    pub collation: Option<&'static str>,
    /// What kind of type it is.
    pub kind: Kind,
    /// Whether it has an array type.
    pub array: bool,
}

/// A kind of built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An ordinary type.
    Base,
    /// A range.
    Range,
    /// A multirange.
    Multirange,
    /// No type of a column: `record`, `void`, `anyelement`.
    Pseudo,
}

/// Returns the type of this name in the catalog; arrays are not among them.
///
/// ```
/// use migrate_core::dialect::postgres::types::builtin;
///
/// assert_eq!(builtin("timestamptz").map(|ty| ty.printed), Some("timestamp with time zone"));
/// assert_eq!(builtin("integer"), None);
/// ```
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    let at = BUILTINS.binary_search_by(|builtin| builtin.name.cmp(name)).ok()?;
    Some(&BUILTINS[at])
}

const fn row(name: &'static str, printed: &'static str, storage: &'static str) -> Builtin {
    Builtin { name, printed, storage, collation: None, kind: Kind::Base, array: true }
}

impl Builtin {
    const fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    const fn collation(self, collation: &'static str) -> Self {
        Self { collation: Some(collation), ..self }
    }

    const fn no_array(self) -> Self {
        Self { array: false, ..self }
    }
}

// By name for those who count; one value equals its copy in the table.
pub(super) const INT2: Builtin = row("int2", "smallint", "plain");
pub(super) const INT4: Builtin = row("int4", "integer", "plain");
pub(super) const INT8: Builtin = row("int8", "bigint", "plain");

const BUILTINS: &[Builtin] = &[
    row("aclitem", "aclitem", "plain"),
    row("any", r#""any""#, "plain").kind(Kind::Pseudo).no_array(),
    row("anyarray", "anyarray", "extended").kind(Kind::Pseudo).no_array(),
    row("anycompatible", "anycompatible", "plain").kind(Kind::Pseudo).no_array(),
    row("anycompatiblearray", "anycompatiblearray", "extended").kind(Kind::Pseudo).no_array(),
    row("anycompatiblemultirange", "anycompatiblemultirange", "extended").kind(Kind::Pseudo).no_array(),
    row("anycompatiblenonarray", "anycompatiblenonarray", "plain").kind(Kind::Pseudo).no_array(),
    row("anycompatiblerange", "anycompatiblerange", "extended").kind(Kind::Pseudo).no_array(),
    row("anyelement", "anyelement", "plain").kind(Kind::Pseudo).no_array(),
    row("anyenum", "anyenum", "plain").kind(Kind::Pseudo).no_array(),
    row("anymultirange", "anymultirange", "extended").kind(Kind::Pseudo).no_array(),
    row("anynonarray", "anynonarray", "plain").kind(Kind::Pseudo).no_array(),
    row("anyrange", "anyrange", "extended").kind(Kind::Pseudo).no_array(),
    row("bit", r#""bit""#, "extended"),
    row("bool", "boolean", "plain"),
    row("box", "box", "plain"),
    row("bpchar", "bpchar", "extended").collation("default"),
    row("bytea", "bytea", "extended"),
    row("char", r#""char""#, "plain"),
    row("cid", "cid", "plain"),
    row("cidr", "cidr", "main"),
    row("circle", "circle", "plain"),
    row("cstring", "cstring", "plain").kind(Kind::Pseudo),
    row("date", "date", "plain"),
    row("datemultirange", "datemultirange", "extended").kind(Kind::Multirange),
    row("daterange", "daterange", "extended").kind(Kind::Range),
    row("event_trigger", "event_trigger", "plain").kind(Kind::Pseudo).no_array(),
    row("fdw_handler", "fdw_handler", "plain").kind(Kind::Pseudo).no_array(),
    row("float4", "real", "plain"),
    row("float8", "double precision", "plain"),
    row("gtsvector", "gtsvector", "plain"),
    row("index_am_handler", "index_am_handler", "plain").kind(Kind::Pseudo).no_array(),
    row("inet", "inet", "main"),
    INT2,
    row("int2vector", "int2vector", "plain"),
    INT4,
    row("int4multirange", "int4multirange", "extended").kind(Kind::Multirange),
    row("int4range", "int4range", "extended").kind(Kind::Range),
    INT8,
    row("int8multirange", "int8multirange", "extended").kind(Kind::Multirange),
    row("int8range", "int8range", "extended").kind(Kind::Range),
    row("internal", "internal", "plain").kind(Kind::Pseudo).no_array(),
    row("interval", "interval", "plain"),
    row("json", "json", "extended"),
    row("jsonb", "jsonb", "extended"),
    row("jsonpath", "jsonpath", "extended"),
    row("language_handler", "language_handler", "plain").kind(Kind::Pseudo).no_array(),
    row("line", "line", "plain"),
    row("lseg", "lseg", "plain"),
    row("macaddr", "macaddr", "plain"),
    row("macaddr8", "macaddr8", "plain"),
    row("money", "money", "plain"),
    row("name", "name", "plain").collation("C"),
    row("numeric", "numeric", "main"),
    row("nummultirange", "nummultirange", "extended").kind(Kind::Multirange),
    row("numrange", "numrange", "extended").kind(Kind::Range),
    row("oid", "oid", "plain"),
    row("oidvector", "oidvector", "plain"),
    row("path", "path", "extended"),
    row("pg_brin_bloom_summary", "pg_brin_bloom_summary", "extended").collation("default").no_array(),
    row("pg_brin_minmax_multi_summary", "pg_brin_minmax_multi_summary", "extended").collation("default").no_array(),
    row("pg_ddl_command", "pg_ddl_command", "plain").kind(Kind::Pseudo).no_array(),
    row("pg_dependencies", "pg_dependencies", "extended").collation("default").no_array(),
    row("pg_lsn", "pg_lsn", "plain"),
    row("pg_mcv_list", "pg_mcv_list", "extended").collation("default").no_array(),
    row("pg_ndistinct", "pg_ndistinct", "extended").collation("default").no_array(),
    row("pg_node_tree", "pg_node_tree", "extended").collation("default").no_array(),
    row("pg_snapshot", "pg_snapshot", "extended"),
    row("point", "point", "plain"),
    row("polygon", "polygon", "extended"),
    row("record", "record", "extended").kind(Kind::Pseudo),
    row("refcursor", "refcursor", "extended"),
    row("regclass", "regclass", "plain"),
    row("regcollation", "regcollation", "plain"),
    row("regconfig", "regconfig", "plain"),
    row("regdictionary", "regdictionary", "plain"),
    row("regnamespace", "regnamespace", "plain"),
    row("regoper", "regoper", "plain"),
    row("regoperator", "regoperator", "plain"),
    row("regproc", "regproc", "plain"),
    row("regprocedure", "regprocedure", "plain"),
    row("regrole", "regrole", "plain"),
    row("regtype", "regtype", "plain"),
    row("table_am_handler", "table_am_handler", "plain").kind(Kind::Pseudo).no_array(),
    row("text", "text", "extended").collation("default"),
    row("tid", "tid", "plain"),
    row("time", "time without time zone", "plain"),
    row("timestamp", "timestamp without time zone", "plain"),
    row("timestamptz", "timestamp with time zone", "plain"),
    row("timetz", "time with time zone", "plain"),
    row("trigger", "trigger", "plain").kind(Kind::Pseudo).no_array(),
    row("tsm_handler", "tsm_handler", "plain").kind(Kind::Pseudo).no_array(),
    row("tsmultirange", "tsmultirange", "extended").kind(Kind::Multirange),
    row("tsquery", "tsquery", "plain"),
    row("tsrange", "tsrange", "extended").kind(Kind::Range),
    row("tstzmultirange", "tstzmultirange", "extended").kind(Kind::Multirange),
    row("tstzrange", "tstzrange", "extended").kind(Kind::Range),
    row("tsvector", "tsvector", "extended"),
    row("txid_snapshot", "txid_snapshot", "extended"),
    row("unknown", "unknown", "plain").kind(Kind::Pseudo).no_array(),
    row("uuid", "uuid", "plain"),
    row("varbit", "bit varying", "extended"),
    row("varchar", "character varying", "extended").collation("default"),
    row("void", "void", "plain").kind(Kind::Pseudo).no_array(),
    row("xid", "xid", "plain"),
    row("xid8", "xid8", "plain"),
    row("xml", "xml", "extended"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_searched() {
        assert!(BUILTINS.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(BUILTINS.len(), 107);
        let of = |kind| BUILTINS.iter().filter(|builtin| builtin.kind == kind).count();
        assert_eq!([Kind::Range, Kind::Multirange, Kind::Pseudo].map(of), [6, 6, 25]);
    }

    #[test]
    fn storage_and_collation() {
        let check = |name: &str, storage: &str, collation: Option<&str>| {
            let found = builtin(name).unwrap();
            assert_eq!((found.storage, found.collation), (storage, collation), "{name}");
        };
        check("int4", "plain", None);
        check("text", "extended", Some("default"));
        check("varchar", "extended", Some("default"));
        check("bpchar", "extended", Some("default"));
        check("name", "plain", Some("C"));
        check("numeric", "main", None);
        check("inet", "main", None);
        check("tsquery", "plain", None);
        check("bytea", "extended", None);
        check("char", "plain", None);
    }
}
