//! PostgreSQL's statements.

mod alter_column;
mod alter_table;
mod argument;
mod classify;
mod column;
mod column_use;
mod comment;
mod constraint;
mod create_table;
mod create_table_as;
mod domain;
mod drop;
mod expression;
mod index;
mod index_method;
mod inheritance;
mod key;
mod not_null;
mod other;
mod query;
mod reader;
mod rename;
mod routine;
mod sequence;
mod session;
mod table_setting;
mod trigger;
mod types;
mod verify;
mod view;

use super::kept::{Kept, State};
use super::{Effect, Folder, Problem, Settings};
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
    kept: Kept<Database>,
}

/// What statements change.
#[derive(Clone, Debug)]
struct Database {
    schema: Schema,
    session: Session,
}

impl PostgresFolder {
    /// Begins with a new database of a server's major version, whose revisions start with these schemas.
    pub fn new(version: u32, search_path: &[String]) -> Self {
        let mut schema = Schema::default();
        schema.namespaces.insert("public".to_owned(), Namespace::default());
        let session = Session::new(version, search_path.to_vec());
        Self { kept: Kept::new(Database { schema, session }) }
    }

    /// The same with what is assumed where the settings do not say.
    pub(super) fn with(settings: &Settings) -> Self {
        Self::new(settings.version.unwrap_or(VERSION), &settings.search_path)
    }

    /// The same with what a database has.
    pub(super) fn on(settings: &Settings, schema: Schema) -> Self {
        let session = Session::new(settings.version.unwrap_or(VERSION), settings.search_path.clone());
        Self { kept: Kept::new(Database { schema, session }) }
    }
}

/// Says where the grammar ends as the server says it.
fn near(problem: Problem, text: &str) -> Problem {
    if problem.code != "sql-syntax" || problem.message.starts_with("syntax error") {
        return problem;
    }
    let near = match text.get(problem.at.clone()) {
        None | Some("") => "syntax error at end of input".to_owned(),
        Some(token) => format!("syntax error at or near \"{token}\""),
    };
    Problem { message: format!("{near}: {}", problem.message), ..problem }
}

impl Default for PostgresFolder {
    fn default() -> Self {
        Self::new(VERSION, &["public".to_owned()])
    }
}

impl State for Database {
    fn apply(&mut self, text: &str) -> Result<Effect, Problem> {
        let reader = Reader::new(&mut self.schema, &mut self.session, text)?;
        reader.statement().map_err(|problem| near(problem, text))
    }

    fn begin_revision(&mut self) {
        // What is temporary ends with the session.
        self.session.reset();
    }

    fn size(&self) -> usize {
        let Schema { namespaces, tables, views, sequences, types, routines, others } = &self.schema;
        let named = tables.len() + views.len() + sequences.len() + types.len();
        named + namespaces.len() + routines.len() + others.len()
    }
}

impl Folder for PostgresFolder {
    fn statement(&mut self, text: &str) -> Result<Effect, Problem> {
        // Rows can be many: their statements are not read beyond the first word.
        if classify::is_data(text) {
            return Ok(Effect::Data);
        }
        self.kept.statement(text)
    }

    fn begin_revision(&mut self) {
        self.kept.begin_revision();
    }

    fn schema(&self) -> &Schema {
        &self.kept.now().schema
    }

    fn duplicate(&self) -> Box<dyn Folder> {
        Box::new(self.clone())
    }
}
