//! What a Rust type means, by the last segment of its path.

use syn::ext::IdentExt;
use syn::{Expr, GenericArgument, Lit, PathArguments, PathSegment, Type};

use super::FieldType;
use super::def::Named;
use crate::schema::logical::LogicalType;

/// Returns what a type means, without its `Option`, and whether it had one.
pub(super) fn read(ty: &Type) -> (FieldType, bool) {
    match option(ty) {
        Some(inner) if option(inner).is_some() => {
            (refused("a column is NULL or not: one `Option` says it, or `type` and `nullable`"), true)
        }
        Some(inner) => (meaning(inner), true),
        None => (meaning(ty), false),
    }
}

/// Returns the type in an `Option`.
pub(super) fn option(ty: &Type) -> Option<&Type> {
    let segment = last(plain(ty))?;
    (segment.ident == "Option").then(|| arguments(segment).first().copied()).flatten()
}

/// Returns a type without parentheses and what a macro put around it.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        _ => ty,
    }
}

/// Returns the path of a type that is a name without parameters.
pub(super) fn plain_path(ty: &Type) -> Option<&syn::Path> {
    match plain(ty) {
        Type::Path(path) if path.qself.is_none() => {
            Some(&path.path).filter(|path| path.segments.iter().all(|segment| segment.arguments.is_none()))
        }
        _ => None,
    }
}

/// Returns the elements of a list that is not one of bytes.
pub(super) fn element(ty: &Type) -> Option<&Type> {
    let segment = last(plain(ty)).filter(|segment| segment.ident == "Vec")?;
    let inner = arguments(segment).first().copied()?;
    (!is_byte(inner)).then(|| option(inner).unwrap_or(inner))
}

fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else { return Vec::new() };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

fn refused(why: &str) -> FieldType {
    FieldType::Refused(why.to_owned())
}

fn meaning(ty: &Type) -> FieldType {
    match plain(ty) {
        Type::Reference(reference) => match plain(&reference.elem) {
            Type::Slice(slice) if is_byte(&slice.elem) => FieldType::Known(LogicalType::Bytes),
            inner if is(inner, "str") => FieldType::Known(LogicalType::Text(None)),
            _ => unknown(ty),
        },
        Type::Array(array) => match (&array.len, is_byte(&array.elem)) {
            (Expr::Lit(literal), true) if matches!(literal.lit, Lit::Int(_)) => FieldType::Known(LogicalType::Bytes),
            (_, true) => FieldType::Known(LogicalType::Bytes),
            _ => unknown(ty),
        },
        Type::Path(path) => last(ty).or_else(|| last(plain(ty))).map_or_else(
            || unknown(ty),
            |segment| named(ty, segment).unwrap_or_else(|| FieldType::Named(Named(path.path.clone()))),
        ),
        _ => unknown(ty),
    }
}

fn is(ty: &Type, name: &str) -> bool {
    last(plain(ty)).is_some_and(|segment| segment.ident == name)
}

fn is_byte(ty: &Type) -> bool {
    is(ty, "u8")
}

fn unknown(ty: &Type) -> FieldType {
    FieldType::Refused(format!(
        "`{}` has no column type of its own: say it, as in `#[column(type = \"text\")]`",
        written(ty)
    ))
}

fn named(ty: &Type, segment: &PathSegment) -> Option<FieldType> {
    let arguments = arguments(segment);
    let name = segment.ident.unraw().to_string();
    let known = match (name.as_str(), arguments.as_slice()) {
        ("bool", []) => LogicalType::Boolean,
        ("i8" | "i16" | "u8", []) => LogicalType::SmallInt,
        ("i32" | "u16", []) => LogicalType::Integer,
        ("i64" | "u32", []) => LogicalType::BigInt,
        ("f32", []) => LogicalType::Real,
        ("f64", []) => LogicalType::Double,
        ("String", []) => LogicalType::Text(None),
        ("Box" | "Arc" | "Rc" | "Cow", [inner]) if is(inner, "str") => LogicalType::Text(None),
        ("Box" | "Arc" | "Rc" | "Cow", [inner]) if slice_of_bytes(inner) => LogicalType::Bytes,
        ("Vec", [inner]) if is_byte(inner) => LogicalType::Bytes,
        ("Bytes", []) => LogicalType::Bytes,
        ("Vec", [inner]) => return Some(array(ty, inner)),
        ("Uuid", []) => LogicalType::Uuid,
        ("DateTime", [_]) | ("OffsetDateTime" | "Timestamp" | "Zoned", []) => LogicalType::TimestampTz,
        ("NaiveDateTime" | "PrimitiveDateTime" | "DateTime", []) => LogicalType::Timestamp,
        ("NaiveDate" | "Date", []) => LogicalType::Date,
        ("NaiveTime" | "Time", []) => LogicalType::Time,
        ("Decimal" | "BigDecimal", []) => LogicalType::Decimal(None, None),
        ("Value", []) | ("Json", [_]) => LogicalType::Json,
        ("IpAddr", []) => LogicalType::Inet,
        ("IpNet", []) => LogicalType::Cidr,
        ("u64" | "usize" | "isize" | "i128" | "u128" | "char", []) => {
            return Some(FieldType::Refused(format!(
                "no column type holds every `{name}`: use another Rust type, or say what it is, as in \
                 `#[column(type = \"{}\")]`",
                if name == "char" { "text" } else { "numeric(20)" }
            )));
        }
        (_, []) => return None,
        _ => return Some(unknown(ty)),
    };
    Some(FieldType::Known(known))
}

fn slice_of_bytes(ty: &Type) -> bool {
    matches!(plain(ty), Type::Slice(slice) if is_byte(&slice.elem))
}

/// Elements may be NULL in every array, so `Option` says nothing there.
fn array(ty: &Type, inner: &Type) -> FieldType {
    match meaning(option(inner).unwrap_or(inner)) {
        FieldType::Array(_) => FieldType::Refused(format!(
            "`{}`: an array of arrays has no type of its own: say it, as in `#[column(type = \"integer[]\")]`",
            written(ty)
        )),
        FieldType::Refused(why) => FieldType::Refused(why),
        inner => FieldType::Array(Box::new(inner)),
    }
}

/// Returns a type as Rust writes it.
pub(super) fn written(ty: &Type) -> String {
    let tokens = quote::ToTokens::to_token_stream(ty).to_string();
    let mut text = tokens.replace(" < ", "<").replace(" >", ">").replace(" :: ", "::").replace(" ,", ",");
    for (long, short) in [("& ", "&"), ("[ ", "["), (" ]", "]"), (" ;", ";")] {
        text = text.replace(long, short);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rust: &str, expect: &str) {
        let ty: Type = syn::parse_str(rust).expect(rust);
        let (ty, nullable) = read(&ty);
        let found = match ty {
            FieldType::Known(known) => format!("{known:?}"),
            FieldType::Refused(why) => why,
            other => format!("{other:?}"),
        };
        assert_eq!(format!("{found}{}", if nullable { "?" } else { "" }), expect, "{rust}");
    }

    #[test]
    fn types_mean_what_the_table_says() {
        // Promise: the table of Rust types in the documentation, row by row.
        for (rust, expect) in [
            ("bool", "Boolean"),
            ("i8", "SmallInt"),
            ("i16", "SmallInt"),
            ("u8", "SmallInt"),
            ("i32", "Integer"),
            ("u16", "Integer"),
            ("i64", "BigInt"),
            ("u32", "BigInt"),
            ("f32", "Real"),
            ("f64", "Double"),
            ("String", "Text(None)"),
            ("std::string::String", "Text(None)"),
            ("&'static str", "Text(None)"),
            ("Box<str>", "Text(None)"),
            ("Arc<str>", "Text(None)"),
            ("Cow<'a, str>", "Text(None)"),
            ("Vec<u8>", "Bytes"),
            ("[u8; 32]", "Bytes"),
            ("[u8; N]", "Bytes"),
            ("bytes::Bytes", "Bytes"),
            ("uuid::Uuid", "Uuid"),
            ("DateTime<Utc>", "TimestampTz"),
            ("chrono::DateTime<chrono::FixedOffset>", "TimestampTz"),
            ("OffsetDateTime", "TimestampTz"),
            ("jiff::Timestamp", "TimestampTz"),
            ("Zoned", "TimestampTz"),
            ("NaiveDateTime", "Timestamp"),
            ("PrimitiveDateTime", "Timestamp"),
            ("jiff::civil::DateTime", "Timestamp"),
            ("NaiveDate", "Date"),
            ("Date", "Date"),
            ("NaiveTime", "Time"),
            ("Time", "Time"),
            ("Decimal", "Decimal(None, None)"),
            ("BigDecimal", "Decimal(None, None)"),
            ("serde_json::Value", "Json"),
            ("Json<Settings>", "Json"),
            ("IpAddr", "Inet"),
            ("IpNet", "Cidr"),
            ("Vec<String>", "Array(Known(Text(None)))"),
            ("Option<Vec<Option<i32>>>", "Array(Known(Integer))?"),
            (
                "Option<std::option::Option<i32>>",
                "a column is NULL or not: one `Option` says it, or `type` and `nullable`?",
            ),
            ("Option<Uuid>", "Uuid?"),
            ("Status", "Named(Status)"),
            ("crate::model::Status", "Named(crate::model::Status)"),
            ("Vec<Status>", "Array(Named(Status))"),
        ] {
            check(rust, expect);
        }
    }

    #[test]
    fn a_type_without_a_column_type_says_what_to_write() {
        // Promise: what the table refuses is an error that names the attribute which answers it.
        check(
            "u64",
            "no column type holds every `u64`: use another Rust type, or say what it is, as in `#[column(type = \"numeric(20)\")]`",
        );
        check(
            "Option<char>",
            "no column type holds every `char`: use another Rust type, or say what it is, as in `#[column(type = \"text\")]`?",
        );
        let say = "has no column type of its own: say it, as in `#[column(type = \"text\")]`";
        for rust in ["(i32, i32)", "[i32; 3]", "HashMap<String, i32>", "fn()", "&i32", "Box<Thing>"] {
            let ty: Type = syn::parse_str(rust).expect(rust);
            check(rust, &format!("`{}` {say}", written(&ty)));
        }
    }
}
