//! What stands in the way of a change of a column.

use std::ops::Range;

use super::reader::Reader;
use crate::dialect::postgres::keywords::fold_identifier;
use crate::fold::Problem;
use crate::schema::{ColumnType, ObjectName, OtherKind, TableKind, UserTypeKind};
use crate::sql::{POSTGRES, significant};

impl Reader<'_, '_> {
    /// Refuses another type for a column that something needs as it is, or whose values do not become it.
    pub(super) fn type_changes(
        &self,
        table: &ObjectName,
        column: &str,
        ty: &ColumnType,
        using: bool,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let Some(own) = self.schema.tables.get(table) else { return Ok(()) };
        let Some(found) = own.column(column) else { return Ok(()) };
        self.column_is_own(table, column, "alter", at)?;
        self.no_row_type(table, at)?;
        let refuse = |message: String| Err(Problem::new("depends", at.clone(), message));
        if found.identity.is_some() && !["smallint", "integer", "bigint"].contains(&ty.to_string().as_str()) {
            return refuse("identity column type must be smallint, integer, or bigint".to_owned());
        }
        let used = (table.clone(), column.to_owned());
        if let Some((view, _)) =
            self.schema.views.iter().find(|(_, view)| view.query.references.relations.contains(&used))
        {
            return refuse(self.shown(&format!(
                "cannot alter type of a column used by a view or rule: view {view} depends on column \"{column}\""
            )));
        }
        let computed = own.columns.iter().find(|other| {
            other.name != column
                && other.generated.as_ref().is_some_and(|g| g.expression.references.columns.contains(column))
        });
        if let Some(other) = computed {
            return refuse(format!(
                "cannot alter type of a column used by a generated column: column \"{}\"",
                other.name
            ));
        }
        if let Some((name, _)) = own.triggers.iter().find(|(_, trigger)| trigger.columns.iter().any(|c| c == column)) {
            return refuse(format!("cannot alter type of a column used in a trigger definition: trigger {name}"));
        }
        let policy = self.schema.others.iter().find(|(id, other)| {
            id.kind == OtherKind::Policy
                && id.parent.as_ref() == Some(table)
                && other.definition.references.columns.contains(column)
        });
        if let Some((id, _)) = policy {
            let name = &id.name.name;
            return refuse(format!("cannot alter type of a column used in a policy definition: policy {name}"));
        }
        self.values_become(found, ty, using, at)
    }

    fn values_become(
        &self,
        found: &crate::schema::Column,
        ty: &ColumnType,
        using: bool,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let name = &found.name;
        let becomes = found.ty == *ty || self.can_become(&found.ty, ty);
        if !using && !becomes {
            let what = if found.generated.is_some() { "generation expression for column" } else { "column" };
            return Err(Problem::new(
                "wrong-kind",
                at.clone(),
                format!("{what} \"{name}\" cannot be cast automatically to type {}", self.shown_type(ty)),
            )
            .help(format!("You might need to specify \"USING {name}::{}\".", self.shown_type(ty))));
        }
        // The default was made of the old type; only the server knows that of an expression.
        let literal = found.default.as_ref().is_some_and(|default| default.text.starts_with('\''));
        if literal && !becomes {
            let message =
                format!("default for column \"{name}\" cannot be cast automatically to type {}", self.shown_type(ty));
            return Err(Problem::new("wrong-kind", at.clone(), message));
        }
        Ok(())
    }

    fn shown_type(&self, ty: &ColumnType) -> String {
        self.shown(&format!(" {ty}")).trim_start().to_owned()
    }

    /// Refuses a change of a table whose rows are values of a column.
    pub(super) fn no_row_type(&self, table: &ObjectName, at: &Range<usize>) -> Result<(), Problem> {
        let is_row = |ty: &ColumnType| ty.user_type() == Some(table);
        for (other, found) in &self.schema.tables {
            if let Some(column) = found.columns.iter().find(|column| is_row(&column.ty)) {
                let (what, name) = match self.schema.types.get(table).map(|ty| &ty.kind) {
                    Some(UserTypeKind::Composite { .. }) => ("type", "it"),
                    _ => ("table", "its row type"),
                };
                let message = format!(
                    "cannot alter {what} \"{}\" because column \"{}.{}\" uses {name}",
                    table.name, other.name, column.name
                );
                return Err(Problem::new("depends", at.clone(), message));
            }
        }
        Ok(())
    }

    /// Refuses to drop, alter or rename a column that is another table's, or that partitions its own.
    pub(super) fn column_is_own(
        &self,
        table: &ObjectName,
        column: &str,
        verb: &str,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let Some(own) = self.schema.tables.get(table) else { return Ok(()) };
        if self.is_inherited(table, column) {
            let message = format!("cannot {verb} inherited column \"{column}\"");
            return Err(Problem::new("depends", at.clone(), message));
        }
        let TableKind::Partitioned(partitioning) = &own.kind else { return Ok(()) };
        let names = |text: &str| {
            significant(text, &POSTGRES).iter().any(|word| fold_identifier(word).is_ok_and(|name| name == column))
        };
        if verb != "rename" && partitioning.keys.iter().any(|key| names(&key.text)) {
            let message = format!(
                "cannot {verb} column \"{column}\" because it is part of the partition key of relation \"{}\"",
                table.name
            );
            return Err(Problem::new("depends", at.clone(), message));
        }
        Ok(())
    }
}
