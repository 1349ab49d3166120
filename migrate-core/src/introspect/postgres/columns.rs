//! Columns of tables and views, attributes of composite types.

use super::references::named_columns;
use super::rows::Row;
use super::{Reader, Relation};
use crate::error::Result;
use crate::schema::{Column, Expression, Generated, Identity, ObjectName, TableKind, UserTypeKind};

impl Reader<'_> {
    pub(super) fn columns(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let relation = row.number()?;
            if let Some(name) = self.composites.get(&relation).cloned() {
                let column = self.column(row, relation, &name)?;
                let found = self.schema.types.get_mut(&name).map(|found| &mut found.kind);
                if let Some(UserTypeKind::Composite { attributes }) = found {
                    attributes.push(column);
                }
                continue;
            }
            let Some(owner) = self.relations.get(&relation).cloned() else { continue };
            let column = self.column(row, relation, owner.name())?;
            if !self.filter.has_column(owner.name(), &column.name) {
                continue;
            }
            match owner {
                Relation::Table(name) => {
                    self.schema.tables.entry(name).or_default().columns.push(column);
                }
                Relation::View(name) => self.schema.views.entry(name).or_default().columns.push(column),
            }
        }
        self.partition_keys();
        Ok(())
    }

    /// Tells which columns the keys of partitioned tables use: the server records that the columns depend on the table.
    fn partition_keys(&mut self) {
        for table in self.schema.tables.values_mut() {
            let columns = table.columns.iter().map(|column| column.name.as_str());
            if let TableKind::Partitioned(partitioning) = &mut table.kind {
                for key in &mut partitioning.keys {
                    key.references.columns = named_columns(&key.text, columns.clone());
                }
            }
        }
    }

    fn column(&self, mut row: Row, relation: u32, owner: &ObjectName) -> Result<Column> {
        let name = row.text()?;
        let oid = row.number()?;
        let mut column = Column::new(name, self.types.column(oid, &row.text()?));
        column.nullable = !row.flag()?;
        let identity = row.character()?;
        let generated = row.character()?;
        let default = row.number()?;
        let expression = row.optional()?;
        column.collation = row.optional()?;
        column.storage = row.optional()?;
        column.compression = row.optional()?;
        column.statistics = row.maybe()?;
        column.options = row.list()?;
        column.local = row.flag()?;
        let number = row.number()?;
        column.comment = row.optional()?;
        let value = expression.map(|text| Expression {
            text,
            references: self.references.of_default(default, (relation, number), owner),
        });
        match generated {
            ' ' => column.default = value,
            kind => column.generated = value.map(|expression| Generated { expression, stored: kind == 's' }),
        }
        if identity != ' ' {
            // The sequence is told when sequences are read.
            column.identity = Some(Identity { always: identity == 'a', sequence: ObjectName::default() });
        }
        Ok(column)
    }
}
