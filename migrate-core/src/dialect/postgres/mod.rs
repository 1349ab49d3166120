//! PostgreSQL: its words, names, types and sequences; what two schemas differ in, and a schema as DDL.
//!
//! What the server would make of a statement without asking it: the names that it makes up, the text of a type, the
//! values of a sequence. The expected results of the tests were taken from servers of the versions 15 to 18.

mod compare;
pub mod expression;
pub mod keywords;
pub mod names;
mod render;
pub mod sequences;
mod statement;
pub mod types;
mod written;

use super::{Dialect, Difference};
use crate::schema::Schema;
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
}
