//! PostgreSQL: its words, names, types and sequences; what two schemas differ in, and a schema as DDL.
//!
//! What the server would make of a statement without asking it: the names that it makes up, the text of a type, the
//! values of a sequence. The expected results of the tests were taken from servers of the versions 15 to 18.

pub mod access_methods;
pub mod coercion;
mod compare;
mod declare;
pub mod expression;
pub mod keywords;
mod migrate;
pub mod names;
mod render;
pub mod sequences;
mod statement;
pub mod types;
mod written;

use super::declare::Declared;
use super::{Capabilities, Cast, Dialect, Difference, Statement};
use crate::op::Operation;
use crate::schema::logical::LogicalSchema;
use crate::schema::{Column, ColumnType, Expression, ObjectName, Schema};
use crate::sql::POSTGRES;

/// PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        POSTGRES.name
    }

    fn compare(&self, before: &Schema, after: &Schema) -> Vec<Difference> {
        compare::compare(before, after)
    }

    fn render(&self, schema: &Schema) -> Vec<String> {
        render::render(schema)
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities {
            case_insensitive_names: false,
            rename_constraint: true,
            rename_index: true,
            comments: true,
            bound_views: true,
            checked_references: true,
        }
    }

    fn rewrite(&self, expression: &Expression, from: &str, to: &str) -> String {
        migrate::rewrite(expression, from, to)
    }

    fn cast(&self, before: (&Schema, &ColumnType), after: (&Schema, &ColumnType)) -> Cast {
        migrate::cast(before, after)
    }

    fn fills_itself(&self, schema: &Schema, table: &ObjectName, column: &Column) -> bool {
        migrate::fills_itself(schema, table, column)
    }

    fn migrate(&self, before: &Schema, operations: &[Operation]) -> Result<Vec<Statement>, String> {
        migrate::migrate(before, operations)
    }

    fn declare(&self, schema: &LogicalSchema) -> Declared {
        declare::of(schema)
    }
}
