//! Functions, procedures, aggregates.

use super::Reader;
use super::references::narrowed;
use super::rows::Row;
use crate::error::Result;
use crate::schema::{ObjectName, References, Routine, RoutineId};

impl Reader<'_> {
    pub(super) fn routines(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let oid = row.number()?;
            let name = ObjectName::new(row.text()?, row.text()?);
            if !self.filter.has(&name) {
                continue;
            }
            let kind = row.text()?;
            let id = RoutineId { name, arguments: row.text()? };
            let mut routine = Routine {
                kind,
                arguments: row.text()?,
                returns: row.text()?,
                language: row.text()?,
                attributes: row.list()?,
                body: row.text()?,
                ..Routine::default()
            };
            routine.attributes.sort();
            let sql_body = row.optional()?;
            let mut used = self.references.of("pg_proc", oid, None);
            let signature = row.list()?.into_iter().filter_map(|oid| self.types.name(oid.parse().ok()?).cloned());
            routine.references.types = signature.collect();
            match sql_body {
                Some(text) => routine.sql_body = Some(narrowed(text, &used)),
                None => {
                    used.types.append(&mut routine.references.types);
                    routine.references = References { ..used };
                }
            }
            routine.comment = row.optional()?;
            self.schema.routines.insert(id, routine);
        }
        Ok(())
    }
}
