//! Schemas, and the objects of which only the text is known.

use super::Reader;
use super::rows::Row;
use crate::error::Result;
use crate::schema::{Expression, Namespace, ObjectName, Other, OtherId, OtherKind};

/// The kinds by the query's words, with the catalog under which the server records what each uses.
const KINDS: &[(&str, OtherKind, &str)] = &[
    ("access method", OtherKind::AccessMethod, "pg_am"),
    ("cast", OtherKind::Cast, "pg_cast"),
    ("collation", OtherKind::Collation, "pg_collation"),
    ("conversion", OtherKind::Conversion, "pg_conversion"),
    ("event trigger", OtherKind::EventTrigger, "pg_event_trigger"),
    ("extension", OtherKind::Extension, "pg_extension"),
    ("foreign data wrapper", OtherKind::ForeignDataWrapper, "pg_foreign_data_wrapper"),
    ("foreign server", OtherKind::ForeignServer, "pg_foreign_server"),
    ("language", OtherKind::Language, "pg_language"),
    ("operator", OtherKind::Operator, "pg_operator"),
    ("operator class", OtherKind::OperatorClass, "pg_opclass"),
    ("operator family", OtherKind::OperatorFamily, "pg_opfamily"),
    ("policy", OtherKind::Policy, "pg_policy"),
    ("publication", OtherKind::Publication, "pg_publication"),
    ("rule", OtherKind::Rule, "pg_rewrite"),
    ("statistics", OtherKind::Statistics, "pg_statistic_ext"),
    ("subscription", OtherKind::Subscription, "pg_subscription"),
    ("text search", OtherKind::TextSearch, "pg_ts_config"),
    ("text search dictionary", OtherKind::TextSearchDictionary, "pg_ts_dict"),
    ("text search parser", OtherKind::TextSearchParser, "pg_ts_parser"),
    ("text search template", OtherKind::TextSearchTemplate, "pg_ts_template"),
    ("transform", OtherKind::Transform, "pg_transform"),
];

impl Reader<'_> {
    pub(super) fn others(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let kind = row.text()?;
            let oid = row.number()?;
            let table = row.number::<u32>()?;
            let name = ObjectName::new(row.text()?, row.text()?);
            let text = row.text()?;
            let comment = row.optional()?;
            let Some((_, kind, catalog)) = KINDS.iter().find(|(word, ..)| *word == kind) else {
                if self.filter.has_schema(&name.name) {
                    self.schema.namespaces.insert(name.name, Namespace { comment });
                }
                continue;
            };
            let parent = self.relations.get(&table).map(|relation| relation.name().clone());
            // What is on a table belongs to whom that belongs.
            let kept = if table == 0 { self.filter.has(&name) } else { parent.is_some() };
            if kept {
                let references = self.references.of(catalog, oid, parent.as_ref());
                let definition = Expression { text, references };
                self.schema.others.insert(OtherId { kind: *kind, name, parent }, Other { definition, comment });
            }
        }
        Ok(())
    }
}
