//! RENAME and SET SCHEMA.

use super::expression::rewrite;
use super::index::element_name;
use super::reader::Reader;
use crate::dialect::postgres::names::index_columns;
use crate::fold::Problem;
use crate::schema::{ConstraintKind, Index, ObjectName, RelationKind};

/// Returns what an index would call its columns now.
pub(super) fn own_names(index: &Index) -> Vec<String> {
    let elements: Vec<String> = index.keys.iter().map(element_name).chain(index.include.iter().cloned()).collect();
    index_columns(&elements)
}

impl Reader<'_, '_> {
    /// Takes `RENAME …` or `SET SCHEMA …` of a relation.
    pub(super) fn rename_relation_statement(&mut self, name: &ObjectName, kind: RelationKind) -> Result<(), Problem> {
        if self.cursor.accept(&["SET", "SCHEMA"]) {
            return self.set_schema(name, kind);
        }
        self.cursor.expect("RENAME")?;
        if self.cursor.accept(&["TO"]) {
            if kind == RelationKind::Index {
                return self.rename_index(name);
            }
            let at = self.cursor.here();
            let to = ObjectName::new(&name.schema, self.identifier()?);
            self.free_relation(&to, &at)?;
            self.schema.rename_relation(name, &to, &rewrite);
            return Ok(());
        }
        if self.cursor.accept(&["CONSTRAINT"]) {
            return self.rename_constraint(name);
        }
        self.cursor.accept(&["COLUMN"]);
        if kind == RelationKind::Index {
            return self.rename_index_column(name);
        }
        self.rename_column(name)
    }

    fn set_schema(&mut self, name: &ObjectName, kind: RelationKind) -> Result<(), Problem> {
        let at = self.cursor.here();
        let schema = self.identifier()?;
        if !self.schema.namespaces.contains_key(&schema) {
            return Err(Problem::new("unknown-schema", at, format!("schema \"{schema}\" does not exist")));
        }
        if kind == RelationKind::Index {
            return Err(Problem::new("wrong-kind", at, format!("cannot change schema of index \"{}\"", name.name)));
        }
        let to = ObjectName::new(&schema, &name.name);
        self.free_relation(&to, &at)?;
        self.schema.rename_relation(name, &to, &rewrite);
        let owned =
            self.schema.sequences.iter().filter(|(_, s)| s.owner.as_ref().is_some_and(|owner| owner.table == to));
        let owned: Vec<ObjectName> = owned.map(|(name, _)| name.clone()).collect();
        for sequence in owned {
            let moved = ObjectName::new(&schema, &sequence.name);
            self.schema.rename_relation(&sequence, &moved, &rewrite);
        }
        Ok(())
    }

    fn rename_column(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let from = self.identifier()?;
        self.cursor.expect("TO")?;
        let target = self.cursor.here();
        let to = self.identifier()?;
        let columns = self.columns_of(table);
        if !columns.contains(&from) {
            return Err(Problem::new("unknown-column", at, format!("column \"{from}\" does not exist")));
        }
        self.column_is_own(table, &from, "rename", &at)?;
        if columns.contains(&to) {
            let message = format!("column \"{to}\" of relation \"{}\" already exists", table.name);
            return Err(Problem::new("exists", target, message));
        }
        self.freeze_index_names(table);
        self.schema.rename_column(table, &from, &to, &rewrite);
        self.thaw_index_names(table);
        if let Some(view) = self.schema.views.get_mut(table) {
            view.columns
                .iter_mut()
                .filter(|column| column.name == from)
                .for_each(|column| to.clone_into(&mut column.name));
        }
        self.rename_in_children(table, &from, &to);
        Ok(())
    }

    /// Gives an index's own column another name, which no statement but a copy of its table looks at.
    fn rename_index_column(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let from = self.identifier()?;
        self.cursor.expect("TO")?;
        let target = self.cursor.here();
        let to = self.identifier()?;
        let Some(table) = self.schema.table_of_index(name).cloned() else { return Ok(()) };
        self.freeze_index_names(&table);
        let columns = self.own_columns(&table, &name.name);
        let place = columns.as_ref().and_then(|columns| columns.iter().position(|column| *column == from));
        let taken = columns.as_ref().is_some_and(|columns| columns.contains(&to));
        let outcome = match (columns, place) {
            (Some(columns), Some(place)) if !taken => {
                columns[place] = to;
                Ok(())
            }
            (_, None) => Err(Problem::new("unknown-column", at, format!("column \"{from}\" does not exist"))),
            _ => {
                let message = format!("column \"{to}\" of relation \"{}\" already exists", name.name);
                Err(Problem::new("exists", target, message))
            }
        };
        self.thaw_index_names(&table);
        outcome
    }

    fn own_columns(&mut self, table: &ObjectName, index: &str) -> Option<&mut Vec<String>> {
        if let Some(found) = self.schema.tables.get_mut(table) {
            if let Some(index) = found.indexes.get_mut(index) {
                return Some(&mut index.index_columns);
            }
            return match &mut found.constraints.get_mut(index)?.kind {
                ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some(&mut key.index_columns),
                ConstraintKind::Exclusion { index, .. } => Some(&mut index.index_columns),
                _ => None,
            };
        }
        Some(&mut self.schema.views.get_mut(table)?.indexes.get_mut(index)?.index_columns)
    }

    /// Writes down what the indexes of a table call their columns: they keep those names when the table's change.
    fn freeze_index_names(&mut self, table: &ObjectName) {
        let Some(found) = self.schema.tables.get_mut(table) else { return };
        for constraint in found.constraints.values_mut() {
            if let ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) = &mut constraint.kind {
                if key.index_columns.is_empty() {
                    key.index_columns = key.columns.iter().chain(&key.include).cloned().collect();
                }
            }
        }
        for index in found.indexes.values_mut().filter(|index| index.index_columns.is_empty()) {
            index.index_columns = own_names(index);
        }
    }

    /// Takes those names away again where they are what they would be now.
    fn thaw_index_names(&mut self, table: &ObjectName) {
        let Some(found) = self.schema.tables.get_mut(table) else { return };
        for constraint in found.constraints.values_mut() {
            if let ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) = &mut constraint.kind {
                if key.columns.iter().chain(&key.include).eq(&key.index_columns) {
                    key.index_columns.clear();
                }
            }
        }
        for index in found.indexes.values_mut() {
            if index.index_columns == own_names(index) {
                index.index_columns.clear();
            }
        }
    }

    fn rename_in_children(&mut self, table: &ObjectName, from: &str, to: &str) {
        let children: Vec<ObjectName> = self
            .schema
            .tables
            .iter()
            .filter(|(_, found)| {
                found.inherits.contains(table) || found.partition.as_ref().is_some_and(|p| p.parent == *table)
            })
            .map(|(name, _)| name.clone())
            .collect();
        for child in children {
            self.schema.rename_column(&child, from, to, &rewrite);
            self.rename_in_children(&child, from, to);
        }
    }

    fn rename_constraint(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let from = self.identifier()?;
        self.cursor.expect("TO")?;
        let target = self.cursor.here();
        let to = self.identifier()?;
        let Some(found) = self.schema.tables.get(table) else { return Ok(()) };
        let named = |name: &str| found.columns.iter().position(|column| column.not_null_name.as_deref() == Some(name));
        let column = named(&from).filter(|_| self.session.version >= 18);
        if column.is_none() && !found.constraints.contains_key(&from) {
            let message = format!("constraint \"{from}\" for table \"{}\" does not exist", table.name);
            return Err(Problem::new("unknown-object", at, message));
        }
        let taken_column = named(&to).is_some() && self.session.version >= 18;
        let taken_index =
            found.has_index_constraint(&from) && self.schema.relation(&ObjectName::new(&table.schema, &to)).is_some();
        if taken_index {
            return Err(Problem::new("exists", target, format!("relation \"{to}\" already exists")));
        }
        if found.constraints.contains_key(&to) || taken_column {
            let message = format!("constraint \"{to}\" for relation \"{}\" already exists", table.name);
            return Err(Problem::new("exists", target, message));
        }
        if let Some(found) = self.schema.tables.get_mut(table) {
            if let Some(column) = column.and_then(|column| found.columns.get_mut(column)) {
                column.not_null_name = Some(to);
            } else if let Some(constraint) = found.constraints.remove(&from) {
                found.constraints.insert(to, constraint);
            }
        }
        Ok(())
    }
}
