//! Types by their oids.

use std::collections::BTreeMap;

use super::rows::Row;
use crate::error::Result;
use crate::schema::{ColumnType, ObjectName, TypeBase};

/// The types that are not the server's own, by oid.
#[derive(Default)]
pub(super) struct Types {
    by_oid: BTreeMap<u32, Named>,
}

struct Named {
    name: ObjectName,
    /// The element of an array, the range of a multirange, or 0.
    stands_for: u32,
    is_array: bool,
}

impl Types {
    /// Adds what the first columns of a row of types tell, and returns its oid, name and kind.
    pub(super) fn add(&mut self, row: &mut Row) -> Result<(u32, ObjectName, Option<String>)> {
        let oid = row.number()?;
        let name = ObjectName::new(row.text()?, row.text()?);
        let kind = row.optional()?;
        let named = Named { name: name.clone(), stands_for: row.number()?, is_array: row.flag()? };
        self.by_oid.insert(oid, named);
        Ok((oid, name, kind))
    }

    /// Returns the type of a column, from its oid and what the server prints for it.
    pub(super) fn column(&self, oid: u32, printed: &str) -> ColumnType {
        let element = printed.strip_suffix("[]");
        let text = element.unwrap_or(printed);
        let Some(named) = self.by_oid.get(&oid) else {
            return ColumnType { array: element.is_some(), ..ColumnType::builtin(text) };
        };
        let base = if named.is_array { self.by_oid.get(&named.stands_for) } else { Some(named) };
        let name = base.map_or_else(ObjectName::default, |base| base.name.clone());
        ColumnType { base: TypeBase::User(name), modifiers: modifiers(text), array: named.is_array }
    }

    /// Returns the name of a type; of the element for an array, of the range for a multirange.
    pub(super) fn name(&self, oid: u32) -> Option<&ObjectName> {
        let named = self.by_oid.get(&oid)?;
        if named.stands_for == 0 { Some(&named.name) } else { self.name(named.stands_for) }
    }
}

/// Returns the modifiers of a printed type: `(3)` of `public.vector(3)`.
fn modifiers(printed: &str) -> String {
    let mut quoted = false;
    let open = printed.find(|c| {
        quoted ^= c == '"';
        !quoted && c == '('
    });
    open.map_or_else(String::new, |open| printed[open..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_follow_the_name() {
        for (printed, expect) in [
            ("public.vector(3)", "(3)"),
            ("public.geometry(Point,4326)", "(Point,4326)"),
            ("app.\"a(1)\"", ""),
            ("app.\"a(1)\"(2)", "(2)"),
            ("app.mood", ""),
        ] {
            assert_eq!(modifiers(printed), expect, "{printed}");
        }
    }
}
