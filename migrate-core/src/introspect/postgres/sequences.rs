//! Sequences, and the identity columns that they number.

use std::collections::BTreeMap;

use super::relations::persistence;
use super::rows::Row;
use super::{Reader, Relation};
use crate::error::Result;
use crate::schema::{ObjectName, Sequence, SequenceOwner};

/// The sequences of identity columns, by table and column.
type Identities = BTreeMap<(ObjectName, String), ObjectName>;

impl Reader<'_> {
    pub(super) fn sequences(&mut self, rows: Vec<Row>) -> Result<()> {
        let mut identities = Identities::new();
        for mut row in rows {
            let name = ObjectName::new(row.text()?, row.text()?);
            let mut sequence = Sequence {
                ty: row.text()?,
                start: row.number()?,
                increment: row.number()?,
                min: row.number()?,
                max: row.number()?,
                cache: row.number()?,
                cycle: row.flag()?,
                persistence: persistence(row.character()?),
                owner: None,
                comment: None,
            };
            let link = row.optional()?;
            let table = row.number()?;
            let column = row.text()?;
            sequence.comment = row.optional()?;
            if let Some(link) = link {
                // It belongs to whom its column belongs, whatever its own name is.
                let Some(Relation::Table(table)) = self.relations.get(&table) else { continue };
                if !self.filter.has_column(table, &column) {
                    continue;
                }
                let identity = link == "i";
                if identity {
                    identities.insert((table.clone(), column.clone()), name.clone());
                }
                sequence.owner = Some(SequenceOwner { table: table.clone(), column, identity });
            } else if !self.filter.has(&name) {
                continue;
            }
            self.schema.sequences.insert(name, sequence);
        }
        self.number_identities(&identities);
        Ok(())
    }

    /// The identity column of a partition has the sequence of the partitioned table.
    fn number_identities(&mut self, identities: &Identities) {
        let parents: BTreeMap<ObjectName, ObjectName> = self
            .schema
            .tables
            .iter()
            .filter_map(|(name, table)| Some((name.clone(), table.partition.as_ref()?.parent.clone())))
            .collect();
        for (name, table) in &mut self.schema.tables {
            for column in &mut table.columns {
                let Some(identity) = &mut column.identity else { continue };
                let mut owner = Some(name);
                while let Some(table) = owner {
                    if let Some(sequence) = identities.get(&(table.clone(), column.name.clone())) {
                        identity.sequence = sequence.clone();
                        break;
                    }
                    owner = parents.get(table);
                }
            }
        }
    }
}
