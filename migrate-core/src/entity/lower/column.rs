//! Fields to columns.

use super::{Lowering, Owner};
use crate::entity::{FieldDef, FieldType, Stated};
use crate::schema::logical::{LogicalColumn, LogicalIdentity, LogicalType};

/// Returns whether a type is an enum, or a list of it.
pub(super) fn uses(ty: &FieldType, number: usize) -> bool {
    match ty {
        FieldType::Enum(found) => *found == number,
        FieldType::Array(inner) => uses(inner, number),
        _ => false,
    }
}

impl Lowering<'_> {
    pub(super) fn column(&mut self, owner: Owner, field: &FieldDef) -> LogicalColumn {
        let replaces = ["type", "default", "generated", "collate", "comment"];
        let (own, settings) = self.own(owner, &field.own, &replaces);
        let at = self.out.origin(owner, &field.place());
        let sql = self.text(owner, &own, "type", field.sql_type.as_ref());
        // A length belongs to the type, and is told there.
        let length = field.length.as_ref().map(|length| self.out.origin(owner, &length.place));
        let ty_at = sql.as_ref().map(|sql| sql.at).or(length).unwrap_or(at);
        let ty = match sql {
            Some(sql) => LogicalType::Sql(sql.text),
            None => self.ty(field, &field.ty),
        };
        // An own default takes the place of an expression for all, and the other way round.
        let generated =
            self.text(owner, &own, "generated", field.generated.as_ref().filter(|_| !own.contains_key("default")));
        let default =
            self.text(owner, &own, "default", field.default.as_ref().filter(|_| !own.contains_key("generated")));
        let identity = field
            .identity
            .as_ref()
            .map(|identity| LogicalIdentity { always: identity.value, at: self.out.origin(owner, &identity.place) });
        LogicalColumn {
            name: field.column.clone(),
            ty,
            ty_at,
            nullable: field.nullable,
            default,
            generated,
            identity,
            collation: self.text(owner, &own, "collate", field.collate.as_ref()),
            comment: self.text(owner, &own, "comment", field.comment.as_ref()),
            settings,
            at,
        }
    }

    fn ty(&self, field: &FieldDef, ty: &FieldType) -> LogicalType {
        let value = |stated: &Option<Stated<u32>>| stated.as_ref().map(|stated| stated.value);
        match ty {
            FieldType::Known(LogicalType::Text(_)) => LogicalType::Text(value(&field.length)),
            FieldType::Known(LogicalType::Decimal(..)) => {
                LogicalType::Decimal(value(&field.precision), value(&field.scale))
            }
            FieldType::Known(known) => known.clone(),
            FieldType::Array(inner) => LogicalType::Array(Box::new(self.ty(field, inner))),
            FieldType::Enum(number) => LogicalType::Enum(self.enums[*number].clone()),
            FieldType::Refused(why) => LogicalType::Refused(why.clone()),
            FieldType::Named(path) => {
                LogicalType::Refused(format!("`{path}` has no column type of its own: say `type`"))
            }
        }
    }
}
