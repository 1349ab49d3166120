//! What an operation means.

use std::collections::BTreeMap;
use std::fmt;

use super::{ColumnState, Operation, TableChange};
use crate::schema::{EnumType, Object, ObjectName, Rewrite, Schema, Sequence, Table, UserType, UserTypeKind};

/// An operation that means nothing in a schema: what it changes is not there, or what it makes is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inapplicable(pub String);

impl fmt::Display for Inapplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Inapplicable {}

type Outcome = Result<(), Inapplicable>;

fn missing<T>(what: impl fmt::Display) -> Result<T, Inapplicable> {
    Err(Inapplicable(format!("{what} is not there")))
}

impl Schema {
    /// Changes the schema as the operation says. Names in the texts of expressions follow renames by `rewrite`.
    ///
    /// # Errors
    ///
    /// What the operation changes is not there, or what it makes is. The schema may then be changed in part.
    pub fn apply(&mut self, operation: &Operation, rewrite: Rewrite<'_>) -> Outcome {
        match operation {
            Operation::CreateNamespace { name, namespace } => insert(&mut self.namespaces, name, namespace),
            Operation::DropNamespace { name, .. } => remove(&mut self.namespaces, name),
            Operation::CreateTable { name, table, sequences } => {
                self.sequences.extend(sequences.clone());
                insert(&mut self.tables, name, table)
            }
            Operation::DropTable { name, .. } => {
                self.sequences.retain(|_, found| found.owner.as_ref().is_none_or(|owner| owner.table != *name));
                self.others.retain(|id, _| id.parent.as_ref() != Some(name));
                remove(&mut self.tables, name)
            }
            Operation::RenameTable { from, to } => {
                if !self.tables.contains_key(from) {
                    return missing(format!("table {from}"));
                }
                self.rename_relation(from, to, rewrite);
                self.move_sequences(to, rewrite);
                Ok(())
            }
            Operation::AlterTable { table, changes } => {
                changes.iter().try_for_each(|change| self.change_table(table, change, rewrite))
            }
            Operation::CreateIndex { table, name, index } => insert(&mut self.table(table)?.indexes, name, index),
            Operation::DropIndex { table, name, .. } => remove(&mut self.table(table)?.indexes, name),
            Operation::RenameIndex { table, from, to } => rename(&mut self.table(table)?.indexes, from, to),
            Operation::CreateTrigger { on, name, trigger } => match self.views.get_mut(on) {
                Some(view) => insert(&mut view.triggers, name, trigger),
                None => insert(&mut self.table(on)?.triggers, name, trigger),
            },
            Operation::DropTrigger { on, name, .. } => match self.views.get_mut(on) {
                Some(view) => remove(&mut view.triggers, name),
                None => remove(&mut self.table(on)?.triggers, name),
            },
            Operation::CreateView { name, view } => insert(&mut self.views, name, view),
            Operation::DropView { name, .. } => remove(&mut self.views, name),
            Operation::Comment { on, after, .. } => self.comment(on, after.as_ref()),
            of_enum => self.change_enum(of_enum, rewrite),
        }
    }

    fn change_enum(&mut self, operation: &Operation, rewrite: Rewrite<'_>) -> Outcome {
        match operation {
            Operation::CreateEnum { name, labels, comment } => {
                let kind = UserTypeKind::Enum(EnumType { labels: labels.clone() });
                insert(&mut self.types, name, &UserType { kind, comment: comment.clone() })
            }
            Operation::DropEnum { name, .. } => remove(&mut self.types, name),
            Operation::RenameEnum { from, to } => {
                self.labels(from)?;
                self.rename_type(from, to, rewrite);
                Ok(())
            }
            Operation::AddLabel { name, label, at, .. } => {
                let labels = self.labels(name)?;
                labels.insert((*at).min(labels.len()), label.clone());
                Ok(())
            }
            Operation::RenameLabel { name, from, to } => match self.labels(name)?.iter_mut().find(|l| *l == from) {
                Some(label) => {
                    to.clone_into(label);
                    Ok(())
                }
                None => missing(format!("label {from} of type {name}")),
            },
            Operation::ReplaceEnum { name, after, .. } => {
                self.labels(name)?.clone_from(after);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Moves the sequences of a table's columns to where the table is.
    fn move_sequences(&mut self, table: &ObjectName, rewrite: Rewrite<'_>) {
        let owned = self.sequences.iter().filter(|(name, found)| belongs(found, table) && name.schema != table.schema);
        let owned: Vec<ObjectName> = owned.map(|(name, _)| name.clone()).collect();
        for name in owned {
            self.rename_relation(&name, &ObjectName::new(&table.schema, &name.name), rewrite);
        }
    }

    fn labels(&mut self, name: &ObjectName) -> Result<&mut Vec<String>, Inapplicable> {
        match self.types.get_mut(name).map(|found| &mut found.kind) {
            Some(UserTypeKind::Enum(found)) => Ok(&mut found.labels),
            _ => missing(format!("type {name}")),
        }
    }

    fn table(&mut self, name: &ObjectName) -> Result<&mut Table, Inapplicable> {
        self.tables.get_mut(name).map_or_else(|| missing(format!("table {name}")), Ok)
    }

    fn change_table(&mut self, name: &ObjectName, change: &TableChange, rewrite: Rewrite<'_>) -> Outcome {
        let table = self.table(name)?;
        match change {
            TableChange::AddColumn { column, .. } => {
                if table.column(&column.column.name).is_some() {
                    return Err(Inapplicable(format!("column {name}.{} is there", column.column.name)));
                }
                table.columns.push(column.column.clone());
                self.sequences.extend(column.sequences.clone());
            }
            TableChange::DropColumn { column, .. } => {
                table.columns.retain(|known| known.name != column.column.name);
                self.forget_sequences(column);
            }
            TableChange::RenameColumn { from, to } => {
                if table.column(from).is_none() {
                    return missing(format!("column {name}.{from}"));
                }
                self.rename_column(name, from, to, rewrite);
                self.rename_inline(name, from, to);
            }
            TableChange::AlterColumn { before, after, .. } => {
                let Some(known) = table.column_mut(&after.column.name) else {
                    return missing(format!("column {name}.{}", after.column.name));
                };
                *known = after.column.clone();
                self.forget_sequences(before);
                self.sequences.extend(after.sequences.clone());
            }
            TableChange::AddConstraint { name, constraint } => insert(&mut table.constraints, name, constraint)?,
            TableChange::DropConstraint { name, .. } => remove(&mut table.constraints, name)?,
            TableChange::RenameConstraint { from, to } => rename(&mut table.constraints, from, to)?,
            TableChange::Options { after, .. } => table.options.clone_from(after),
            TableChange::Persistence { after, .. } => {
                table.persistence = *after;
                for sequence in self.sequences.values_mut().filter(|s| belongs(s, name)) {
                    sequence.persistence = *after;
                }
            }
        }
        Ok(())
    }

    fn forget_sequences(&mut self, column: &ColumnState) {
        for name in column.sequences.keys() {
            self.sequences.remove(name);
        }
    }

    /// Lets the constraints that stand in a column's definition follow its name.
    fn rename_inline(&mut self, table: &ObjectName, from: &str, to: &str) {
        let constraints = self.tables.get_mut(table).into_iter().flat_map(|table| table.constraints.values_mut());
        for constraint in constraints.filter(|constraint| constraint.column.as_deref() == Some(from)) {
            constraint.column = Some(to.to_owned());
        }
    }

    fn comment(&mut self, on: &Object, text: Option<&String>) -> Outcome {
        let place = match on {
            Object::Namespace(name) => self.namespaces.get_mut(name).map(|found| &mut found.comment),
            Object::Table(name) => self.tables.get_mut(name).map(|found| &mut found.comment),
            Object::View(name) => self.views.get_mut(name).map(|found| &mut found.comment),
            Object::Type(name) => self.types.get_mut(name).map(|found| &mut found.comment),
            Object::Column(table, name) => {
                let table = self.tables.get_mut(table);
                table.and_then(|table| table.column_mut(name)).map(|found| &mut found.comment)
            }
            Object::Constraint(table, name) => {
                let table = self.tables.get_mut(table);
                table.and_then(|table| table.constraints.get_mut(name)).map(|found| &mut found.comment)
            }
            Object::Index(table, name) => {
                let table = self.tables.get_mut(table);
                table.and_then(|table| table.indexes.get_mut(name)).map(|found| &mut found.comment)
            }
            _ => None,
        };
        match place {
            Some(place) => {
                *place = text.cloned();
                Ok(())
            }
            None => missing(on),
        }
    }
}

fn belongs(sequence: &Sequence, table: &ObjectName) -> bool {
    sequence.owner.as_ref().is_some_and(|owner| owner.table == *table)
}

fn insert<K: Ord + Clone + fmt::Debug, V: Clone>(map: &mut BTreeMap<K, V>, key: &K, value: &V) -> Outcome {
    if map.contains_key(key) {
        return Err(Inapplicable(format!("{key:?} is there")));
    }
    map.insert(key.clone(), value.clone());
    Ok(())
}

fn remove<K: Ord + fmt::Debug, V>(map: &mut BTreeMap<K, V>, key: &K) -> Outcome {
    map.remove(key).map_or_else(|| missing(format!("{key:?}")), |_| Ok(()))
}

fn rename<V>(map: &mut BTreeMap<String, V>, from: &String, to: &str) -> Outcome {
    match map.remove(from) {
        Some(value) => {
            map.insert(to.to_owned(), value);
            Ok(())
        }
        None => missing(format!("{from:?}")),
    }
}
