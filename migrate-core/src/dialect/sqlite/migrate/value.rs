//! What rows get in a column that they did not have.

use super::super::{Affinity, normal};
use crate::dialect::migration::needs_own_value;
use crate::schema::{Column, ConstraintKind, Table};

/// Returns whether a column is another name of the rowid, and so numbers itself.
pub(super) fn is_rowid(table: &Table, column: &str) -> bool {
    let Some(found) = table.column(column) else { return false };
    let key = table.constraints.values().find_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => Some((key, constraint.column.is_some())),
        _ => None,
    });
    let Some((key, inline)) = key else { return false };
    let descending = inline && key.orders.iter().any(|order| order.descending);
    key.columns == [column.to_owned()]
        && found.ty.to_string().eq_ignore_ascii_case("integer")
        && !descending
        && !table.options.iter().any(|option| option == "without_rowid")
}

/// Returns whether rows that say no value for a column get one, or need none.
pub(in super::super) fn fills_itself(table: &Table, column: &Column) -> bool {
    let in_key = table.primary_key().is_some_and(|key| key.contains(&column.name));
    let default = column.default.as_ref().is_some_and(|default| !normal::is_null(&default.text));
    default || column.generated.is_some() || is_rowid(table, &column.name) || (column.nullable && !in_key)
}

/// Returns a value that says nothing, for rows whose own value is gone; `None` where each row needs one of its own.
pub(super) fn nothing(table: &Table, column: &Column) -> Option<&'static str> {
    if needs_own_value(table, column) {
        return None;
    }
    Some(match Affinity::of(&column.ty.to_string()) {
        Affinity::Text => "''",
        Affinity::Blob => "x''",
        Affinity::Numeric | Affinity::Integer | Affinity::Real => "0",
    })
}
