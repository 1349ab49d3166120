//! SQLite: its types, the normal form of its texts, its DDL.

mod affinity;
mod compare;
mod declare;
mod keywords;
mod migrate;
mod normal;
mod render;
mod table;

pub use affinity::Affinity;
pub use keywords::identifier;

use super::declare::Declared;
use super::{Capabilities, Cast, Dialect, Difference, Statement};
use crate::op::Operation;
use crate::schema::logical::LogicalSchema;
use crate::schema::{Column, ColumnType, Expression, ObjectName, Schema};
use crate::sql::SQLITE;

/// SQLite.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        SQLITE.name
    }

    fn compare(&self, before: &Schema, after: &Schema) -> Vec<Difference> {
        compare::compare(before, after)
    }

    fn render(&self, schema: &Schema) -> Vec<String> {
        render::render(schema)
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities {
            case_insensitive_names: true,
            rename_constraint: false,
            rename_index: false,
            comments: false,
            bound_views: false,
            checked_references: false,
        }
    }

    fn rewrite(&self, expression: &Expression, from: &str, to: &str) -> String {
        normal::renamed(&expression.text, from, to)
    }

    fn cast(&self, _: (&Schema, &ColumnType), _: (&Schema, &ColumnType)) -> Cast {
        // A value is converted where it can be, and kept as it is where it cannot.
        Cast::Implicit
    }

    fn fills_itself(&self, schema: &Schema, table: &ObjectName, column: &Column) -> bool {
        schema.tables.get(table).is_some_and(|table| migrate::fills_itself(table, column))
    }

    fn migrate(&self, before: &Schema, operations: &[Operation]) -> Result<Vec<Statement>, String> {
        migrate::migrate(before, operations)
    }

    fn declare(&self, schema: &LogicalSchema) -> Declared {
        declare::of(schema)
    }
}
