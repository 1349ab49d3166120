//! Where entities say what the differ found.

use std::collections::BTreeMap;

use crate::schema::logical::{
    LogicalColumn, LogicalConstraint, LogicalConstraintKind, LogicalPart, LogicalSchema, LogicalTable, Origin,
};
use crate::schema::{Constraint, ConstraintKind, Index, ObjectName};

use super::words;

/// Finds places by the names that a dialect made of them.
pub(super) struct Places<'l> {
    schema: &'l LogicalSchema,
    /// The tables by the names that the dialect gave them.
    tables: &'l BTreeMap<ObjectName, usize>,
}

impl<'l> Places<'l> {
    pub(super) fn new(schema: &'l LogicalSchema, tables: &'l BTreeMap<ObjectName, usize>) -> Self {
        Self { schema, tables }
    }

    fn find(&self, name: &ObjectName) -> Option<&'l LogicalTable> {
        let number = self.tables.get(name).copied();
        let number =
            number.or_else(|| self.tables.iter().find(|(known, _)| same(known, name)).map(|(_, number)| *number));
        self.schema.tables.get(number?)
    }

    fn find_column(&self, table: &ObjectName, name: &str) -> Option<&'l LogicalColumn> {
        self.find(table)?.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn table(&self, name: &ObjectName) -> Option<Origin> {
        self.find(name).map(|table| table.at)
    }

    /// Returns the first table or enum of a namespace.
    pub(super) fn in_namespace(&self, namespace: &str) -> Option<Origin> {
        let tables = self.schema.tables.iter().filter(|table| table.name.schema == namespace).map(|table| table.at);
        let enums = self.schema.enums.iter().filter(|found| found.name.schema == namespace).map(|found| found.at);
        tables.chain(enums).next()
    }

    pub(super) fn enumeration(&self, name: &ObjectName) -> Option<Origin> {
        self.schema.enums.iter().find(|found| same(&found.name, name)).map(|found| found.at)
    }

    pub(super) fn column(&self, table: &ObjectName, name: &str) -> Option<Origin> {
        self.find_column(table, name).map(|column| column.at).or_else(|| self.table(table))
    }

    /// Returns where a property of a column is said, else where the column is.
    pub(super) fn property(&self, table: &ObjectName, name: &str, what: &str) -> Option<Origin> {
        let Some(column) = self.find_column(table, name) else { return self.table(table) };
        let said = match what {
            words::TYPE | words::NULLABILITY => Some(column.ty_at),
            words::DEFAULT => column.default.as_ref().map(|said| said.at),
            words::GENERATED => column.generated.as_ref().map(|said| said.at),
            words::IDENTITY => column.identity.map(|identity| identity.at),
            words::COLLATION => column.collation.as_ref().map(|said| said.at),
            words::COMMENT => column.comment.as_ref().map(|said| said.at),
            _ => None,
        };
        Some(said.unwrap_or(column.at))
    }

    /// Returns where a constraint is said: by its name, else by what it demands.
    pub(super) fn constraint(&self, table: &ObjectName, name: &str, made: Option<&Constraint>) -> Option<Origin> {
        let table = self.find(table)?;
        let by_name = table.constraints.iter().find(|said| is_named(said.name.as_ref(), name));
        let by_kind =
            || table.constraints.iter().find(|said| said.name.is_none() && made.is_some_and(|m| demands(said, m)));
        Some(by_name.or_else(by_kind).map_or(table.at, |said| said.at))
    }

    /// Returns where an index is said: by its name, else by its columns.
    pub(super) fn index(&self, table: &ObjectName, name: &str, made: Option<&Index>) -> Option<Origin> {
        let table = self.find(table)?;
        let by_name = table.indexes.iter().find(|said| is_named(said.name.as_ref(), name));
        let by_columns = || {
            let columns = made?.columns()?;
            table.indexes.iter().find(|said| {
                let said_columns = said.keys.iter().map(|key| match &key.part {
                    LogicalPart::Column(column) => Some(column.as_str()),
                    LogicalPart::Expression(_) => None,
                });
                said.name.is_none() && said_columns.eq(columns.iter().map(|column| Some(column.as_str())))
            })
        };
        Some(by_name.or_else(by_columns).map_or(table.at, |said| said.at))
    }
}

fn same(one: &ObjectName, other: &ObjectName) -> bool {
    let schemas = one.schema == other.schema || one.schema.is_empty() || other.schema.is_empty();
    schemas && one.name.eq_ignore_ascii_case(&other.name)
}

fn is_named(said: Option<&String>, name: &str) -> bool {
    said.is_some_and(|said| said.eq_ignore_ascii_case(name))
}

/// Returns whether a constraint that is said without a name is the one that was made.
fn demands(said: &LogicalConstraint, made: &Constraint) -> bool {
    match (&said.kind, &made.kind) {
        (LogicalConstraintKind::PrimaryKey(_), ConstraintKind::PrimaryKey(_)) => true,
        (LogicalConstraintKind::Unique { columns, .. }, ConstraintKind::Unique(key)) => *columns == key.columns,
        (LogicalConstraintKind::ForeignKey { columns, target, .. }, ConstraintKind::ForeignKey(key)) => {
            *columns == key.columns && same(target, &key.target)
        }
        (LogicalConstraintKind::Check(text), ConstraintKind::Check { expression, .. }) => {
            bare(&text.text) == bare(&expression.text)
        }
        (LogicalConstraintKind::Exclusion { .. }, ConstraintKind::Exclusion { .. }) => true,
        _ => false,
    }
}

/// Returns a text without white space and parentheses, which a dialect adds.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"()".contains(*c)).collect()
}
