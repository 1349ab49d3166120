//! What the server's own index methods can do, and their operator classes.

use super::coercion::{Coercion, coerces};
use super::types::{Kind, builtin};

/// An index method.
#[derive(Debug)]
pub struct Method {
    /// Its name: `btree`.
    pub name: &'static str,
    /// Whether an index can be unique.
    pub unique: bool,
    /// Whether it can have several columns.
    pub several: bool,
    /// Whether it can have INCLUDE.
    pub include: bool,
    /// Whether it knows ASC, DESC and NULLS.
    pub ordered: bool,
    /// The storage parameters, separated by spaces.
    pub parameters: &'static str,
    /// `class:type`, with a `*` behind the default of the type.
    classes: &'static str,
}

/// Returns the server's own method of a name.
///
/// ```
/// use migrate_core::dialect::postgres::access_methods::method;
///
/// assert!(method("btree").is_some_and(|method| method.unique && method.has_class("text_pattern_ops")));
/// assert!(!method("gin").is_some_and(|method| method.has_default("int4", false)));
/// ```
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

impl Method {
    /// Returns whether an operator class of this name exists.
    pub fn has_class(&self, name: &str) -> bool {
        self.classes.split(' ').any(|class| class.split(':').next() == Some(name))
    }

    /// Returns whether an operator class takes a type of the server's own.
    pub fn accepts(&self, class: &str, ty: &str, array: bool) -> bool {
        let own = |row: &str| {
            row.trim_end_matches('*').split_once(':').is_some_and(|(n, t)| n == class && takes(t, ty, array))
        };
        self.classes.split(' ').any(own)
    }

    /// Returns whether a type of the server's own has a default operator class.
    pub fn has_default(&self, ty: &str, array: bool) -> bool {
        let default = |row: &str| {
            row.strip_suffix('*').and_then(|row| row.split_once(':')).is_some_and(|(_, t)| takes(t, ty, array))
        };
        self.classes.split(' ').any(default)
    }
}

/// Returns whether a class of an input type takes a type: itself, one of which it is a kind, or one stored alike.
fn takes(input: &str, ty: &str, array: bool) -> bool {
    if array {
        return input == "anyarray";
    }
    let kind = builtin(ty).map(|ty| ty.kind);
    match input {
        "anyrange" => kind == Some(Kind::Range),
        "anymultirange" => kind == Some(Kind::Multirange),
        "anyarray" => matches!(ty, "int2vector" | "oidvector"),
        _ => {
            input == ty
                || (is_stored_alike(ty)
                    && coerces(ty, input, Coercion::Implicit)
                    && !matches!(input, "name" | "bpchar"))
        }
    }
}

fn is_stored_alike(ty: &str) -> bool {
    matches!(ty, "varchar" | "cidr" | "pg_node_tree" | "xml") || ty.starts_with("reg")
}

const METHODS: &[Method] = &[
    Method {
        name: "btree",
        unique: true,
        several: true,
        include: true,
        ordered: true,
        parameters: "fillfactor deduplicate_items",
        classes: "\
            array_ops:anyarray* bit_ops:bit* bool_ops:bool* bpchar_ops:bpchar* bpchar_pattern_ops:bpchar \
            bytea_ops:bytea* char_ops:char* cidr_ops:inet date_ops:date* enum_ops:anyenum* float4_ops:float4* \
            float8_ops:float8* inet_ops:inet* int2_ops:int2* int4_ops:int4* int8_ops:int8* interval_ops:interval* \
            jsonb_ops:jsonb* macaddr8_ops:macaddr8* macaddr_ops:macaddr* money_ops:money* \
            multirange_ops:anymultirange* name_ops:name* numeric_ops:numeric* oid_ops:oid* oidvector_ops:oidvector* \
            pg_lsn_ops:pg_lsn* range_ops:anyrange* record_image_ops:record record_ops:record* text_ops:text* \
            text_pattern_ops:text tid_ops:tid* time_ops:time* timestamp_ops:timestamp* timestamptz_ops:timestamptz* \
            timetz_ops:timetz* tsquery_ops:tsquery* tsvector_ops:tsvector* uuid_ops:uuid* varbit_ops:varbit* \
            varchar_ops:text varchar_pattern_ops:text xid8_ops:xid8*",
    },
    Method {
        name: "hash",
        unique: false,
        several: false,
        include: false,
        ordered: false,
        parameters: "fillfactor",
        classes: "\
            aclitem_ops:aclitem* array_ops:anyarray* bool_ops:bool* bpchar_ops:bpchar* bpchar_pattern_ops:bpchar \
            bytea_ops:bytea* char_ops:char* cid_ops:cid* cidr_ops:inet date_ops:date* enum_ops:anyenum* \
            float4_ops:float4* float8_ops:float8* inet_ops:inet* int2_ops:int2* int4_ops:int4* int8_ops:int8* \
            interval_ops:interval* jsonb_ops:jsonb* macaddr8_ops:macaddr8* macaddr_ops:macaddr* \
            multirange_ops:anymultirange* name_ops:name* numeric_ops:numeric* oid_ops:oid* oidvector_ops:oidvector* \
            pg_lsn_ops:pg_lsn* range_ops:anyrange* record_ops:record* text_ops:text* text_pattern_ops:text \
            tid_ops:tid* time_ops:time* timestamp_ops:timestamp* timestamptz_ops:timestamptz* timetz_ops:timetz* \
            uuid_ops:uuid* varchar_ops:text varchar_pattern_ops:text xid8_ops:xid8* xid_ops:xid*",
    },
    Method {
        name: "gin",
        unique: false,
        several: true,
        include: false,
        ordered: false,
        parameters: "fastupdate gin_pending_list_limit",
        classes: "\
            array_ops:anyarray* jsonb_ops:jsonb* jsonb_path_ops:jsonb tsvector_ops:tsvector*",
    },
    Method {
        name: "gist",
        unique: false,
        several: true,
        include: true,
        ordered: false,
        parameters: "fillfactor buffering",
        classes: "\
            box_ops:box* circle_ops:circle* inet_ops:inet multirange_ops:anymultirange* point_ops:point* \
            poly_ops:polygon* range_ops:anyrange* tsquery_ops:tsquery* tsvector_ops:tsvector*",
    },
    Method {
        name: "spgist",
        unique: false,
        several: false,
        include: true,
        ordered: false,
        parameters: "fillfactor",
        classes: "\
            box_ops:box* inet_ops:inet* kd_point_ops:point poly_ops:polygon* quad_point_ops:point* \
            range_ops:anyrange* text_ops:text*",
    },
    Method {
        name: "brin",
        unique: false,
        several: true,
        include: false,
        ordered: false,
        parameters: "pages_per_range autosummarize",
        classes: "\
            bit_minmax_ops:bit* box_inclusion_ops:box* bpchar_bloom_ops:bpchar bpchar_minmax_ops:bpchar* \
            bytea_bloom_ops:bytea bytea_minmax_ops:bytea* char_bloom_ops:char char_minmax_ops:char* \
            date_bloom_ops:date date_minmax_multi_ops:date date_minmax_ops:date* float4_bloom_ops:float4 \
            float4_minmax_multi_ops:float4 float4_minmax_ops:float4* float8_bloom_ops:float8 \
            float8_minmax_multi_ops:float8 float8_minmax_ops:float8* inet_bloom_ops:inet inet_inclusion_ops:inet* \
            inet_minmax_multi_ops:inet inet_minmax_ops:inet int2_bloom_ops:int2 int2_minmax_multi_ops:int2 \
            int2_minmax_ops:int2* int4_bloom_ops:int4 int4_minmax_multi_ops:int4 int4_minmax_ops:int4* \
            int8_bloom_ops:int8 int8_minmax_multi_ops:int8 int8_minmax_ops:int8* interval_bloom_ops:interval \
            interval_minmax_multi_ops:interval interval_minmax_ops:interval* macaddr8_bloom_ops:macaddr8 \
            macaddr8_minmax_multi_ops:macaddr8 macaddr8_minmax_ops:macaddr8* macaddr_bloom_ops:macaddr \
            macaddr_minmax_multi_ops:macaddr macaddr_minmax_ops:macaddr* name_bloom_ops:name name_minmax_ops:name* \
            numeric_bloom_ops:numeric numeric_minmax_multi_ops:numeric numeric_minmax_ops:numeric* oid_bloom_ops:oid \
            oid_minmax_multi_ops:oid oid_minmax_ops:oid* pg_lsn_bloom_ops:pg_lsn pg_lsn_minmax_multi_ops:pg_lsn \
            pg_lsn_minmax_ops:pg_lsn* range_inclusion_ops:anyrange* text_bloom_ops:text text_minmax_ops:text* \
            tid_bloom_ops:tid tid_minmax_multi_ops:tid tid_minmax_ops:tid* time_bloom_ops:time \
            time_minmax_multi_ops:time time_minmax_ops:time* timestamp_bloom_ops:timestamp \
            timestamp_minmax_multi_ops:timestamp timestamp_minmax_ops:timestamp* timestamptz_bloom_ops:timestamptz \
            timestamptz_minmax_multi_ops:timestamptz timestamptz_minmax_ops:timestamptz* timetz_bloom_ops:timetz \
            timetz_minmax_multi_ops:timetz timetz_minmax_ops:timetz* uuid_bloom_ops:uuid uuid_minmax_multi_ops:uuid \
            uuid_minmax_ops:uuid* varbit_minmax_ops:varbit*",
    },
];
