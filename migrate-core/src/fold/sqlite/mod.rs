//! SQLite's statements.

use super::{Effect, Folder, Problem};
use crate::schema::Schema;
use crate::sql::SQLITE;

/// The dialect's name.
pub(super) const NAME: &str = SQLITE.name;

/// Folds SQLite's statements.
#[derive(Clone, Debug, Default)]
pub struct SqliteFolder {
    schema: Schema,
}

impl Folder for SqliteFolder {
    fn statement(&mut self, text: &str) -> Result<Effect, Problem> {
        let _ = text;
        Ok(Effect::Opaque)
    }

    fn begin_revision(&mut self) {}

    fn schema(&self) -> &Schema {
        &self.schema
    }
}
