//! PostgreSQL's statements.

mod alter_column;
mod alter_table;
mod classify;
mod column;
mod constraint;
mod create_table;
mod drop;
mod expression;
mod index;
mod other;
mod reader;
mod rename;
mod routine;
mod sequence;
mod session;
mod table_setting;
mod types;
mod view;

use super::{Effect, Folder, Problem};
use crate::schema::{Namespace, Schema};
use crate::sql::POSTGRES;
use reader::Reader;
use session::Session;

/// The dialect's name.
pub(super) const NAME: &str = POSTGRES.name;

/// The major version that is assumed where nobody says one.
const VERSION: u32 = 16;

/// Folds PostgreSQL's statements.
#[derive(Clone, Debug)]
pub struct PostgresFolder {
    schema: Schema,
    session: Session,
}

impl PostgresFolder {
    /// Begins with a new database of a server's major version, whose revisions start with these schemas.
    pub fn new(version: u32, search_path: &[String]) -> Self {
        let mut schema = Schema::default();
        schema.namespaces.insert("public".to_owned(), Namespace::default());
        Self { schema, session: Session::new(version, search_path.to_vec()) }
    }
}

impl Default for PostgresFolder {
    fn default() -> Self {
        Self::new(VERSION, &["public".to_owned()])
    }
}

impl Folder for PostgresFolder {
    fn statement(&mut self, text: &str) -> Result<Effect, Problem> {
        let mut schema = self.schema.clone();
        let mut session = self.session.clone();
        let effect = Reader::new(&mut schema, &mut session, text)?.statement()?;
        self.schema = schema;
        self.session = session;
        Ok(effect)
    }

    fn begin_revision(&mut self) {
        self.session.reset();
        // What is temporary ends with the session.
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }
}
