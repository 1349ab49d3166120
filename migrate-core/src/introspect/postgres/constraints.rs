//! Constraints of tables and domains.

use std::collections::{BTreeMap, BTreeSet};

use super::indexes::Found as Indexed;
use super::rows::Row;
use super::{Reader, Relation};
use crate::error::Result;
use crate::schema::{
    Constraint, ConstraintKind, Expression, ForeignKey, Key, ObjectName, ReferentialAction, UserTypeKind,
};

/// A row of a constraint.
struct Found {
    table: u32,
    domain: u32,
    name: String,
    kind: char,
    no_inherit: bool,
    /// The constraint that this one is a copy of.
    parent: u32,
    index: u32,
    columns: Vec<String>,
    target: u32,
    target_name: ObjectName,
    target_columns: Vec<String>,
    on_update: char,
    on_delete: char,
    match_full: bool,
    set_columns: Vec<String>,
    period: bool,
    expression: String,
    operators: Vec<String>,
    /// Everything that is not its kind.
    frame: Constraint,
}

impl Found {
    fn read(row: &mut Row) -> Result<Self> {
        let (table, domain) = (row.number()?, row.number()?);
        let name = row.text()?;
        let kind = row.character()?;
        let mut frame = Constraint::new(ConstraintKind::PrimaryKey(Key::default()));
        frame.deferrable = row.flag()?;
        frame.initially_deferred = row.flag()?;
        frame.validated = row.flag()?;
        frame.enforced = row.flag()?;
        frame.local = row.flag()?;
        let mut found = Self {
            table,
            domain,
            name,
            kind,
            no_inherit: row.flag()?,
            parent: row.number()?,
            index: row.number()?,
            columns: row.list()?,
            target: row.number()?,
            target_name: ObjectName::new(row.text()?, row.text()?),
            target_columns: row.list()?,
            on_update: row.character()?,
            on_delete: row.character()?,
            match_full: row.flag()?,
            set_columns: row.list()?,
            period: row.flag()?,
            expression: row.text()?,
            operators: row.list()?,
            frame,
        };
        found.frame.comment = row.optional()?;
        Ok(found)
    }

    fn foreign_key(&self) -> ForeignKey {
        ForeignKey {
            columns: self.columns.clone(),
            target: self.target_name.clone(),
            target_columns: self.target_columns.clone(),
            on_delete: action(self.on_delete),
            on_update: action(self.on_update),
            set_columns: self.set_columns.clone(),
            match_full: self.match_full,
            period: self.period,
        }
    }
}

impl Reader<'_> {
    /// Reads the constraints, and returns the indexes that belong to one, by oid.
    pub(super) fn constraints(&mut self, rows: Vec<Row>, indexes: &BTreeMap<u32, Indexed>) -> Result<BTreeSet<u32>> {
        let mut found = BTreeMap::new();
        for mut row in rows {
            let oid = row.number::<u32>()?;
            found.insert(oid, Found::read(&mut row)?);
        }
        let backing = found.values().filter(|found| matches!(found.kind, 'p' | 'u' | 'x')).map(|found| found.index);
        let backing = backing.collect();
        for (oid, constraint) in &found {
            if let Some(name) = self.domains.get(&constraint.domain).cloned() {
                self.domain_constraint(&name, *oid, constraint);
                continue;
            }
            let Some(Relation::Table(table)) = self.relations.get(&constraint.table).cloned() else { continue };
            if constraint.kind == 'n' {
                self.not_null(&table, constraint);
            } else if constraint.target == root(&found, *oid).target {
                self.table_constraint(&table, *oid, constraint, indexes.get(&constraint.index));
            }
        }
        Ok(backing)
    }

    fn domain_constraint(&mut self, name: &ObjectName, oid: u32, found: &Found) {
        let expression = self.domain_expression("pg_constraint", oid, found.expression.clone());
        let Some(domain) = self.schema.types.get_mut(name) else { return };
        let UserTypeKind::Domain(domain) = &mut domain.kind else { return };
        if let Some(comment) = &found.frame.comment {
            domain.comments.insert(found.name.clone(), comment.clone());
        }
        if found.kind == 'n' {
            domain.not_null = Some(found.name.clone());
        } else {
            domain.checks.insert(found.name.clone(), (expression, found.frame.validated));
        }
    }

    fn not_null(&mut self, table: &ObjectName, found: &Found) {
        let table = self.schema.tables.get_mut(table);
        let column = found.columns.first().and_then(|column| table?.column_mut(column));
        if let Some(column) = column {
            column.not_null_name = Some(found.name.clone());
            column.not_null.no_inherit = found.no_inherit;
            column.not_null.unchecked = !found.frame.validated;
            column.not_null.inherited = !found.frame.local;
            column.not_null.comment.clone_from(&found.frame.comment);
        }
    }

    fn table_constraint(&mut self, table: &ObjectName, oid: u32, found: &Found, index: Option<&Indexed>) {
        let kept = |column: &String| self.filter.has_column(table, column);
        let indexed = index.into_iter().flat_map(Indexed::columns);
        if !found.columns.iter().chain(indexed).all(kept) {
            return;
        }
        let of_index = matches!(found.kind, 'p' | 'u' | 'x');
        if of_index && !self.filter.has_index(table, &found.name) {
            return;
        }
        let kind = match found.kind {
            'f' => ConstraintKind::ForeignKey(found.foreign_key()),
            'c' => {
                let references = self.references.of("pg_constraint", oid, Some(table));
                let expression = Expression { text: found.expression.clone(), references };
                ConstraintKind::Check { expression, no_inherit: found.no_inherit }
            }
            'x' => match index {
                Some(index) => ConstraintKind::Exclusion {
                    index: Box::new(index.index.clone()),
                    operators: found.operators.clone(),
                },
                None => return,
            },
            kind => {
                let mut key = index.map(Indexed::key).unwrap_or_default();
                key.without_overlaps = found.period;
                if kind == 'p' { ConstraintKind::PrimaryKey(key) } else { ConstraintKind::Unique(key) }
            }
        };
        let Some(table) = self.schema.tables.get_mut(table) else { return };
        table.constraints.insert(found.name.clone(), Constraint { kind, ..found.frame.clone() });
    }
}

/// Returns the constraint that a chain of copies begins with.
///
/// A copy on a partition points to the same table; one that points to another is what the server needs for a partition
/// of the table that the foreign key points to.
fn root(found: &BTreeMap<u32, Found>, oid: u32) -> &Found {
    let mut constraint = &found[&oid];
    while let Some(parent) = found.get(&constraint.parent) {
        constraint = parent;
    }
    constraint
}

fn action(letter: char) -> ReferentialAction {
    match letter {
        'r' => ReferentialAction::Restrict,
        'c' => ReferentialAction::Cascade,
        'n' => ReferentialAction::SetNull,
        'd' => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
