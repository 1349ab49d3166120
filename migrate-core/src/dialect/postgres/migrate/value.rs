//! Values: what rows get in a column that they did not have, and how those of one type become another's.

use super::super::expression;
use super::super::written::{column_type, literal};
use crate::dialect::Cast;
use crate::dialect::migration::needs_own_value;
use crate::schema::{Column, ColumnType, ObjectName, Schema, Table, TypeBase, UserTypeKind};

/// Returns whether rows that say no value for a column get one, or need none.
pub(in super::super) fn fills_itself(schema: &Schema, table: &ObjectName, column: &Column) -> bool {
    let default = column.default.as_ref().is_some_and(|default| !default.text.trim().eq_ignore_ascii_case("null"));
    let key = schema.tables.get(table).and_then(Table::primary_key).is_some_and(|key| key.contains(&column.name));
    default || column.generated.is_some() || column.identity.is_some() || (column.nullable && !key)
}

/// Returns how values of one type become those of another.
pub(in super::super) fn cast((before, from): (&Schema, &ColumnType), (after, to): (&Schema, &ColumnType)) -> Cast {
    let (from, to) = (below(before, from), below(after, to));
    if from.base == to.base && from.array == to.array {
        return Cast::Implicit;
    }
    let is_enum = |schema: &Schema, ty: &ColumnType| {
        ty.user_type()
            .is_some_and(|name| schema.types.get(name).is_some_and(|found| matches!(found.kind, UserTypeKind::Enum(_))))
    };
    let text = |ty: &ColumnType| ColumnType { modifiers: String::new(), ..ty.clone() };
    let (one, other) = (column_type(&text(&from)), column_type(&text(&to)));
    let (to_text, from_text) = (expression::is_string(&other), expression::is_string(&one));
    if is_enum(before, &from) || is_enum(after, &to) {
        // Every enum is read from and written as its labels.
        return match (to_text, from_text) {
            (true, _) => Cast::Implicit,
            (_, true) if from.array == to.array => Cast::Explicit,
            _ if is_enum(before, &from) && is_enum(after, &to) && from.array == to.array => Cast::Explicit,
            _ => Cast::None,
        };
    }
    match expression::cast_between(&one, &other) {
        Some(true) => Cast::Implicit,
        Some(false) => Cast::Explicit,
        None => Cast::None,
    }
}

/// Returns the type below domains.
fn below(schema: &Schema, ty: &ColumnType) -> ColumnType {
    let domain = ty.user_type().and_then(|name| schema.types.get(name)).and_then(|found| match &found.kind {
        UserTypeKind::Domain(domain) => Some(&domain.base),
        _ => None,
    });
    match domain {
        Some(base) if !ty.array => below(schema, base),
        _ => ty.clone(),
    }
}

/// Returns the cast that has to be written after a value.
pub(super) fn written_cast(from: &ColumnType, to: &ColumnType) -> String {
    let both_own = matches!((&from.base, &to.base), (TypeBase::User(_), TypeBase::User(_)));
    let text = if !both_own {
        ""
    } else if to.array {
        "::text[]"
    } else {
        "::text"
    };
    format!("{text}::{}", column_type(to))
}

/// Returns a value that says nothing, for rows whose own value is gone; `None` where each row needs one of its own.
pub(super) fn nothing(schema: &Schema, table: &Table, column: &Column) -> Option<String> {
    let ty = below(schema, &column.ty);
    if needs_own_value(table, column) || (ty != column.ty && !ty.array) {
        // A domain may refuse it.
        return None;
    }
    if ty.array {
        return Some("'{}'".to_owned());
    }
    if let Some(name) = ty.user_type() {
        return match &schema.types.get(name)?.kind {
            UserTypeKind::Enum(found) => found.labels.first().map(|label| literal(label)),
            _ => None,
        };
    }
    let text = column_type(&ty);
    let name = text.split(['(', ' ']).next().unwrap_or_default();
    Some(
        match name {
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double" | "money" => "0",
            "text" | "character" | "bytea" | "\"char\"" | "citext" => "''",
            "boolean" => "false",
            "date" | "timestamp" => "'epoch'",
            "time" => "'00:00'",
            "interval" => "'0'",
            "uuid" => "'00000000-0000-0000-0000-000000000000'",
            "json" | "jsonb" => "'null'",
            "inet" | "cidr" => "'0.0.0.0'",
            _ => return None,
        }
        .to_owned(),
    )
}
