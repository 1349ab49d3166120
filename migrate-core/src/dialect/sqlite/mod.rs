//! SQLite: its types, the normal form of its texts, its DDL.

mod affinity;
mod compare;
mod keywords;
mod normal;
mod render;
mod table;

pub use affinity::Affinity;
pub use keywords::identifier;

use super::{Dialect, Difference};
use crate::schema::Schema;
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
}
