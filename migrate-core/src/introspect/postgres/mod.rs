//! PostgreSQL: the system catalogs to a schema.
//!
//! A handful of queries, each for a whole set, run in one transaction that only reads; their rows name each other by
//! oid and are put together here. Every name in a printed expression has its schema, whatever the session's
//! `search_path` is. What is not the project's is left out: the server's own, members of extensions, temporary objects,
//! and what the filter leaves out.
//!
//! Copies that the server makes of a partitioned table's objects are there, and say so: constraints that are not local,
//! indexes with a parent, triggers that are inherited. Rows that foreign keys to partitioned tables need for each
//! partition are not: they follow from the key.

mod columns;
mod constraints;
mod indexes;
mod names;
mod others;
mod references;
mod relations;
mod routines;
mod rows;
mod sequences;
mod triggers;
mod types;

use std::collections::BTreeMap;

use super::Filter;
use crate::error::Result;
use crate::runtime::postgres::Session;
use crate::schema::{ObjectName, Schema};
use names::Types;
use references::Dependencies;
use rows::Row;

/// Reads the schema of a live database, as far as the filter has it.
///
/// It costs eleven round trips, whatever the database's size. Another session that changes the schema meanwhile is not
/// kept out: the printing functions may then fail, and the error says so.
///
/// # Errors
///
/// An app's client that is in a transaction, and what the server refuses.
///
/// ```no_run
/// use migrate_core::introspect::{Filter, postgres};
///
/// let mut session = migrate_core::postgres::connect("postgresql://app@db.example.com/app")?;
/// let schema = postgres::read(&mut session, &Filter::new().schemas(["app"]))?;
/// # Ok::<(), migrate_core::Error>(())
/// ```
pub fn read(session: &mut Session<'_>, filter: &Filter) -> Result<Schema> {
    session.check_outside()?;
    let rows = Rows::fetch(session);
    if rows.is_err() {
        // What failed is the answer, not that the connection may be gone too.
        let _ = session.query("ROLLBACK");
    }
    Reader::read(rows?, filter)
}

/// The rows of all queries.
struct Rows {
    types: Vec<Row>,
    relations: Vec<Row>,
    columns: Vec<Row>,
    constraints: Vec<Row>,
    indexes: Vec<Row>,
    sequences: Vec<Row>,
    routines: Vec<Row>,
    triggers: Vec<Row>,
    others: Vec<Row>,
    references: Vec<Row>,
}

impl Rows {
    fn fetch(session: &mut Session<'_>) -> Result<Self> {
        let mut ask = |sql: &str| -> Result<Vec<Row>> { Ok(session.query(sql)?.into_iter().map(Row::new).collect()) };
        ask(include_str!("sql/begin.sql"))?;
        Ok(Self {
            types: ask(include_str!("sql/types.sql"))?,
            relations: ask(include_str!("sql/relations.sql"))?,
            columns: ask(include_str!("sql/columns.sql"))?,
            constraints: ask(include_str!("sql/constraints.sql"))?,
            indexes: ask(include_str!("sql/indexes.sql"))?,
            sequences: ask(include_str!("sql/sequences.sql"))?,
            routines: ask(include_str!("sql/routines.sql"))?,
            triggers: ask(include_str!("sql/triggers.sql"))?,
            others: ask(include_str!("sql/others.sql"))?,
            // The end of the transaction puts the session's settings back.
            references: ask(concat!(include_str!("sql/references.sql"), ";\nCOMMIT"))?,
        })
    }
}

/// A relation that is kept.
#[derive(Clone)]
enum Relation {
    Table(ObjectName),
    View(ObjectName),
}

impl Relation {
    fn name(&self) -> &ObjectName {
        match self {
            Self::Table(name) | Self::View(name) => name,
        }
    }
}

/// What has been read so far.
struct Reader<'f> {
    filter: &'f Filter,
    schema: Schema,
    types: Types,
    references: Dependencies,
    /// Tables and views that are kept, by oid.
    relations: BTreeMap<u32, Relation>,
    /// Composite types that are kept, by the oid under which they have attributes.
    composites: BTreeMap<u32, ObjectName>,
    /// Domains that are kept, by oid.
    domains: BTreeMap<u32, ObjectName>,
}

impl<'f> Reader<'f> {
    fn read(rows: Rows, filter: &'f Filter) -> Result<Schema> {
        let mut reader = Self {
            filter,
            schema: Schema::default(),
            types: Types::default(),
            references: Dependencies::default(),
            relations: BTreeMap::new(),
            composites: BTreeMap::new(),
            domains: BTreeMap::new(),
        };
        let found = reader.type_names(rows.types)?;
        reader.references = Dependencies::read(rows.references, &reader.types)?;
        reader.user_types(found)?;
        reader.relations(rows.relations)?;
        reader.columns(rows.columns)?;
        reader.sequences(rows.sequences)?;
        let indexes = reader.indexes(rows.indexes)?;
        let backing = reader.constraints(rows.constraints, &indexes)?;
        reader.plain_indexes(indexes, &backing);
        reader.routines(rows.routines)?;
        reader.triggers(rows.triggers)?;
        reader.others(rows.others)?;
        Ok(reader.schema)
    }
}
