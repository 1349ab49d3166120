//! A schema as DDL.

use crate::schema::Schema;

/// Returns the statements that make a schema, in the order of what depends on what.
pub(super) fn render(schema: &Schema) -> Vec<String> {
    let _ = schema;
    Vec::new()
}
