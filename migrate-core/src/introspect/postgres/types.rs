//! Enums, domains, composite and range types.

use super::Reader;
use super::rows::Row;
use crate::error::Result;
use crate::schema::{Domain, EnumType, Expression, ObjectName, Other, OtherId, OtherKind, UserType, UserTypeKind};

/// A row of a type, of which oid, name and kind were read.
pub(super) struct Found {
    oid: u32,
    name: ObjectName,
    kind: String,
    row: Row,
}

impl Reader<'_> {
    /// Reads the names of all types, and returns those that are objects of the schema.
    pub(super) fn type_names(&mut self, rows: Vec<Row>) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for mut row in rows {
            let (oid, name, kind) = self.types.add(&mut row)?;
            if let Some(kind) = kind.filter(|_| self.filter.has(&name)) {
                found.push(Found { oid, name, kind, row });
            }
        }
        Ok(found)
    }

    pub(super) fn user_types(&mut self, found: Vec<Found>) -> Result<()> {
        for Found { oid, name, kind, mut row } in found {
            let relation = row.number()?;
            let labels = row.list()?;
            let base = row.number()?;
            let base = self.types.column(base, &row.text()?);
            let not_null = row.flag()?;
            let default = row.optional()?;
            let collation = row.optional()?;
            let options = row.list()?;
            let multirange = row.text()?;
            let definition = row.text()?;
            let comment = row.optional()?;
            let kind = match kind.as_str() {
                "e" => UserTypeKind::Enum(EnumType { labels }),
                "d" => {
                    self.domains.insert(oid, name.clone());
                    let default = default.map(|text| self.domain_expression("pg_type", oid, text));
                    let not_null = not_null.then(String::new);
                    let (checks, comments) = Default::default();
                    UserTypeKind::Domain(Box::new(Domain { base, not_null, default, collation, checks, comments }))
                }
                "c" => {
                    self.composites.insert(relation, name.clone());
                    UserTypeKind::Composite { attributes: Vec::new() }
                }
                "r" => UserTypeKind::Range { options, multirange },
                _ => {
                    let id = OtherId { kind: OtherKind::BaseType, name, parent: None };
                    let references = self.references.of("pg_type", oid, None);
                    let definition = Expression { text: definition, references };
                    self.schema.others.insert(id, Other { definition, comment });
                    continue;
                }
            };
            self.schema.types.insert(name, UserType { kind, comment });
        }
        Ok(())
    }

    /// Returns a default or check of a domain. The server records what it uses together with the domain's base type.
    pub(super) fn domain_expression(&self, catalog: &str, oid: u32, text: String) -> Expression {
        super::references::narrowed(text, &self.references.of(catalog, oid, None))
    }
}
