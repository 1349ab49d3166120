//! CREATE INDEX and ALTER INDEX.

use std::collections::BTreeSet;

use super::query::{environment_of, plain_column};
use super::reader::Reader;
use super::rename::own_names;
use crate::dialect::postgres::types::derived_name;
use crate::dialect::postgres::{keywords, names};
use crate::fold::Problem;
use crate::schema::{
    Constraint, ConstraintKind, Expression, Index, IndexKey, KeyPart, ObjectName, RelationKind, Table,
};
use crate::sql::{POSTGRES, significant};

/// Returns the name that an element gives to the index's own column.
pub(super) fn element_name(key: &IndexKey) -> String {
    match &key.part {
        KeyPart::Column(column) => column.clone(),
        KeyPart::Expression(expression) => {
            derived_name(&significant(&expression.text, &POSTGRES)).unwrap_or_else(|| "expr".to_owned())
        }
    }
}

/// Returns the column that an expression is, whatever parentheses are around it: no expression to the server.
fn only_column(expression: &Expression) -> Option<String> {
    let words = significant(&expression.text, &POSTGRES);
    let inner: Vec<_> = words.into_iter().filter(|word| !matches!(word.text, "(" | ")")).collect();
    let name = match inner.as_slice() {
        [word] => keywords::fold_identifier(word).ok()?,
        _ => return None,
    };
    expression.references.columns.contains(&name).then_some(name)
}

impl Reader<'_, '_> {
    pub(super) fn create_index(&mut self, unique: bool) -> Result<(), Problem> {
        self.cursor.accept(&["CONCURRENTLY"]);
        let lenient = self.if_not_exists();
        let at = self.cursor.here();
        let given = if self.cursor.is("ON") { None } else { Some(self.identifier()?) };
        self.cursor.expect("ON")?;
        self.cursor.accept(&["ONLY"]);
        let written = self.written()?;
        if self.is_temporary(&written) {
            self.pass_over();
            return Ok(());
        }
        let table = match self.relation(&written) {
            Some((name, RelationKind::Table | RelationKind::MaterializedView)) => name,
            Some(_) => {
                let message = format!("cannot create index on relation \"{}\"", written.last());
                return Err(Problem::new("wrong-kind", written.at, message));
            }
            None => return Err(self.missing("relation", &written)),
        };
        let columns: BTreeSet<String> = self.columns_of(&table).into_iter().collect();
        let from = self.cursor.position();
        let mut index = self.index_definition(unique, &columns)?;
        let parts = self.cursor.since(from);
        self.method_fits(&table, &index, &parts)?;
        let elements: Vec<String> = index.keys.iter().map(element_name).chain(index.include.iter().cloned()).collect();
        let taken = |name: &str| self.schema.relation(&ObjectName::new(&table.schema, name)).is_some();
        let name = given.unwrap_or_else(|| names::index(&table.name, &elements, taken));
        if taken(&name) {
            if lenient {
                return Ok(());
            }
            return Err(Problem::new("exists", at, format!("relation \"{name}\" already exists")));
        }
        self.make_plain(&table, &elements, &mut index);
        self.insert_index(&table, name, index);
        Ok(())
    }

    /// Makes keys of expressions that are columns and nothing else, `(a)` or `date(a)` of a date; the index keeps the
    /// names that they gave it.
    fn make_plain(&self, table: &ObjectName, elements: &[String], index: &mut Index) {
        if index.keys.iter().all(|key| matches!(key.part, KeyPart::Column(_))) {
            return;
        }
        let columns = match (self.schema.tables.get(table), self.schema.views.get(table)) {
            (Some(table), _) => &table.columns,
            (None, Some(view)) => &view.columns,
            (None, None) => return,
        };
        let environment = environment_of(self.schema, self.session, columns);
        let mut changed = false;
        for key in &mut index.keys {
            let KeyPart::Expression(expression) = &key.part else { continue };
            let column = plain_column(&expression.text, &environment);
            if let Some(column) = column.filter(|name| columns.iter().any(|column| column.name == *name)) {
                key.part = KeyPart::Column(column);
                changed = true;
            }
        }
        let names = names::index_columns(elements);
        if changed && names != own_names(index) {
            index.index_columns = names;
        }
    }

    /// Makes the indexes of a column anew, as another type of it does: they forget the names that their columns had, and
    /// `date(a)` may be the column itself now.
    pub(super) fn remake_indexes(&mut self, table: &ObjectName, column: &str) {
        let Some(found) = self.schema.tables.get_mut(table) else { return };
        for constraint in found.constraints.values_mut() {
            if let ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) = &mut constraint.kind {
                if key.columns.iter().chain(&key.include).any(|name| name == column) {
                    key.index_columns.clear();
                }
            }
        }
        let of_column = |index: &Index| {
            let uses = |expression: &Expression| expression.references.columns.contains(column);
            let in_key = index.keys.iter().any(|key| match &key.part {
                KeyPart::Expression(expression) => uses(expression),
                KeyPart::Column(name) => name == column,
            });
            in_key || index.include.iter().any(|name| name == column) || index.predicate.as_ref().is_some_and(uses)
        };
        let mut indexes = Vec::new();
        for (name, index) in found.indexes.iter_mut().filter(|(_, index)| of_column(index)) {
            index.index_columns.clear();
            indexes.push((name.clone(), index.clone()));
        }
        for (name, mut index) in indexes {
            let names = own_names(&index);
            self.make_plain(table, &names, &mut index);
            self.insert_index(table, name, index);
        }
    }

    fn insert_index(&mut self, table: &ObjectName, name: String, index: Index) {
        if let Some(found) = self.schema.tables.get_mut(table) {
            found.indexes.insert(name, index);
        } else if let Some(found) = self.schema.views.get_mut(table) {
            found.indexes.insert(name, index);
        }
    }

    fn index_definition(&mut self, unique: bool, columns: &BTreeSet<String>) -> Result<Index, Problem> {
        let method = if self.cursor.accept(&["USING"]) { self.identifier()? } else { "btree".to_owned() };
        let mut index = Index { unique, method, ..Index::default() };
        self.cursor.expect("(")?;
        loop {
            let at = self.cursor.here();
            let key = self.index_key(columns, &[])?;
            if let KeyPart::Column(name) = &key.part {
                if !columns.contains(name) && !columns.is_empty() {
                    return Err(Problem::new("unknown-column", at, format!("column \"{name}\" does not exist")));
                }
            }
            index.keys.push(key);
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        if self.cursor.accept(&["INCLUDE"]) {
            index.include = self.included(columns)?;
        }
        index.nulls_not_distinct = self.nulls_not_distinct();
        if self.cursor.accept(&["WITH"]) {
            index.options = self.settings()?;
        }
        if self.cursor.accept(&["TABLESPACE"]) {
            self.identifier()?;
        }
        if self.cursor.accept(&["WHERE"]) {
            let at = self.cursor.take_until(&[]);
            index.predicate = Some(self.expression_at(&at, columns));
        }
        Ok(index)
    }

    /// Takes the columns of INCLUDE.
    fn included(&mut self, columns: &BTreeSet<String>) -> Result<Vec<String>, Problem> {
        if self.cursor.is_at(1, "(") {
            let at = self.cursor.bytes_at(self.cursor.position() + 1);
            return Err(Problem::new("refused", at, "expressions are not supported in included columns"));
        }
        let from = self.cursor.position();
        let names = self.identifiers()?;
        match names.iter().find(|name| !columns.contains(*name) && !columns.is_empty()) {
            Some(name) => {
                let at = self.token_of(&self.cursor.since(from), name);
                Err(Problem::new("unknown-column", at, format!("column \"{name}\" does not exist")))
            }
            None => Ok(names),
        }
    }

    /// Takes one element of an index.
    pub(super) fn index_key(&mut self, columns: &BTreeSet<String>, stops: &[&str]) -> Result<IndexKey, Problem> {
        let part = if self.cursor.is("(") {
            let inside = self.cursor.take_group()?;
            let expression = self.expression_at(&inside, columns);
            match only_column(&expression) {
                Some(column) => KeyPart::Column(column),
                None => KeyPart::Expression(expression),
            }
        } else {
            let from = self.cursor.position();
            let written = self.written()?;
            if self.cursor.is("(") {
                self.cursor.take_group()?;
                KeyPart::Expression(self.expression_at(&(from..self.cursor.position()), columns))
            } else {
                KeyPart::Column(written.last().to_owned())
            }
        };
        let mut key = IndexKey::new(part);
        if self.cursor.accept(&["COLLATE"]) {
            key.collation = Some(self.collation()?);
        }
        let ends = |reader: &Self| {
            [",", ")", "ASC", "DESC", "NULLS"].iter().chain(stops).any(|stop| reader.cursor.is(stop))
                || reader.cursor.is_done()
        };
        if !ends(self) {
            let mut class = self.written()?.to_string();
            if self.cursor.is("(") {
                let inside = self.cursor.take_group()?;
                class.push_str(&format!("({})", self.cursor.slice(inside.start, inside.end)));
            }
            key.operator_class = Some(class);
        }
        key.descending = self.cursor.accept(&["DESC"]);
        if !key.descending {
            self.cursor.accept(&["ASC"]);
        }
        if self.cursor.accept(&["NULLS", "FIRST"]) {
            key.nulls_first = Some(true).filter(|_| !key.descending);
        } else if self.cursor.accept(&["NULLS", "LAST"]) {
            key.nulls_first = Some(false).filter(|_| key.descending);
        }
        Ok(key)
    }

    /// Gives a table the indexes and keys of another, under names of its own.
    pub(super) fn copy_indexes(&mut self, name: &ObjectName, source: &Table) {
        for constraint in source.constraints.values() {
            let key = match &constraint.kind {
                ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key,
                _ => continue,
            };
            let taken = |candidate: &str| {
                self.schema.relation(&ObjectName::new(&name.schema, candidate)).is_some()
                    || super::constraint::constraint_taken(self.schema, &name.schema, candidate)
            };
            let own = if key.index_columns.is_empty() { &key.columns } else { &key.index_columns };
            let chosen = match &constraint.kind {
                ConstraintKind::PrimaryKey(_) => names::primary_key(&name.name, taken),
                _ => names::unique(&name.name, own, taken),
            };
            let copy = Constraint { comment: None, ..constraint.clone() };
            if let Some(table) = self.schema.tables.get_mut(name) {
                table.constraints.insert(chosen, copy);
            }
        }
        for index in source.indexes.values() {
            let elements: Vec<String> = if index.index_columns.is_empty() {
                index.keys.iter().map(element_name).chain(index.include.iter().cloned()).collect()
            } else {
                index.index_columns.clone()
            };
            let taken = |candidate: &str| self.schema.relation(&ObjectName::new(&name.schema, candidate)).is_some();
            let chosen = names::index(&name.name, &elements, taken);
            if let Some(table) = self.schema.tables.get_mut(name) {
                table.indexes.insert(chosen, Index { comment: None, ..index.clone() });
            }
        }
    }

    pub(super) fn alter_index(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let written = self.written()?;
        let found = self.relation(&written).filter(|(_, kind)| *kind == RelationKind::Index);
        let Some((name, _)) = found else {
            if lenient {
                self.pass_over();
                return Ok(());
            }
            return Err(self.missing("relation", &written));
        };
        if self.cursor.accept(&["RENAME", "TO"]) {
            return self.rename_index(&name);
        }
        if self.cursor.accept(&["SET"]) && self.cursor.is("(") {
            let settings = self.settings()?;
            if let Some(index) = self.index_mut(&name) {
                super::alter_table::set_options(&mut index.options, settings);
            }
            return Ok(());
        }
        if self.cursor.accept(&["RESET"]) {
            let keys = self.settings()?;
            if let Some(index) = self.index_mut(&name) {
                super::alter_table::reset_options(&mut index.options, &keys);
            }
            return Ok(());
        }
        // SET TABLESPACE, ATTACH PARTITION, ALTER COLUMN … SET STATISTICS: nothing that the model shows.
        self.pass_over();
        Ok(())
    }

    fn index_mut(&mut self, name: &ObjectName) -> Option<&mut Index> {
        let table = self.schema.table_of_index(name)?.clone();
        if let Some(found) = self.schema.tables.get_mut(&table) {
            return found.indexes.get_mut(&name.name);
        }
        self.schema.views.get_mut(&table)?.indexes.get_mut(&name.name)
    }

    /// Gives an index another name, and the constraint that it backs with it.
    pub(super) fn rename_index(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let to = self.identifier()?;
        if self.schema.relation(&ObjectName::new(&name.schema, &to)).is_some() {
            return Err(Problem::new("exists", at, format!("relation \"{to}\" already exists")));
        }
        let Some(table) = self.schema.table_of_index(name).cloned() else { return Ok(()) };
        if let Some(found) = self.schema.tables.get_mut(&table) {
            if let Some(index) = found.indexes.remove(&name.name) {
                found.indexes.insert(to, index);
            } else if let Some(constraint) = found.constraints.remove(&name.name) {
                found.constraints.insert(to, constraint);
            }
        } else if let Some(found) = self.schema.views.get_mut(&table) {
            if let Some(index) = found.indexes.remove(&name.name) {
                found.indexes.insert(to, index);
            }
        }
        Ok(())
    }
}
