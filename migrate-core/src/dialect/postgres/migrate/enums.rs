//! Changes of enums.

use super::super::written::{column_type, identifier, literal, object};
use super::{Script, column, definition};
use crate::dialect::Statement;
use crate::op::Operation;
use crate::schema::{Column, Constraint, ConstraintKind, Index, Object, ObjectName};

/// What stands in the way of a type in a table.
struct Use {
    table: ObjectName,
    columns: Vec<Column>,
    constraints: Vec<(String, Constraint)>,
    indexes: Vec<(String, Index)>,
}

impl Script {
    /// Makes, drops or changes an enum.
    pub(super) fn change_enum(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::CreateEnum { name, labels, comment } => {
                self.create_enum(name, labels);
                self.comment(&Object::Type(name.clone()), comment.as_deref());
            }
            Operation::DropEnum { name, .. } => self.push(format!("DROP TYPE {}", object(name))),
            Operation::RenameEnum { from, to } => self.rename("TYPE", from, to),
            Operation::AddLabel { name, labels, label, at, used } => {
                let place = labels.get(*at).map(|next| format!(" BEFORE {}", literal(next))).unwrap_or_default();
                let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", object(name), literal(label));
                let statement = Statement::new(sql);
                self.statements.push(if *used {
                    // A label cannot be used in the transaction that adds it.
                    Statement { no_transaction: true, ..statement }
                } else {
                    statement
                });
            }
            Operation::RenameLabel { name, from, to } => {
                let (from, to) = (literal(from), literal(to));
                self.push(format!("ALTER TYPE {} RENAME VALUE {from} TO {to}", object(name)));
            }
            Operation::ReplaceEnum { name, after, .. } => self.replace_enum(name, after),
            other => return Err(format!("there is no SQL for {other:?}")),
        }
        self.apply(operation)
    }

    fn create_enum(&mut self, name: &ObjectName, labels: &[String]) {
        let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
        self.push(format!("CREATE TYPE {} AS ENUM ({})", object(name), labels.join(", ")));
    }

    /// Makes the type anew beside the old one, and changes all columns over.
    fn replace_enum(&mut self, name: &ObjectName, after: &[String]) {
        let uses = self.uses(name);
        for found in &uses {
            for (index, _) in &found.indexes {
                self.push(format!("DROP INDEX {}", object(&ObjectName::new(&found.table.schema, index))));
            }
            let constraints = found.constraints.iter().map(|(key, _)| format!("DROP CONSTRAINT {}", identifier(key)));
            let defaults = found.columns.iter().filter(|column| column.default.is_some());
            let defaults = defaults.map(|column| format!("ALTER COLUMN {} DROP DEFAULT", identifier(&column.name)));
            self.alter_table(&object(&found.table), &constraints.chain(defaults).collect::<Vec<_>>());
        }
        let aside = (0..)
            .map(|n| format!("{}_old{}", name.name, if n == 0 { String::new() } else { n.to_string() }))
            .map(|text| ObjectName::new(&name.schema, text))
            .find(|aside| !self.now.types.contains_key(aside) && self.now.relation(aside).is_none());
        let aside = aside.unwrap_or_default();
        self.push(format!("ALTER TYPE {} RENAME TO {}", object(name), identifier(&aside.name)));
        self.create_enum(name, after);
        for found in uses {
            let mut actions = Vec::new();
            for column in &found.columns {
                let own = identifier(&column.name);
                let text = if column.ty.array { "text[]" } else { "text" };
                let ty = column_type(&column.ty);
                actions.push(format!("ALTER COLUMN {own} TYPE {ty} USING {own}::{text}::{ty}"));
                if let Some(default) = &column.default {
                    actions.push(format!("ALTER COLUMN {own} SET DEFAULT {}", default.text));
                }
            }
            for (key, constraint) in &found.constraints {
                actions.push(format!("ADD {}", definition::constraint(key, constraint)));
            }
            self.alter_table(&object(&found.table), &actions);
            for (key, index) in &found.indexes {
                self.push(definition::index(&found.table, key, index));
            }
        }
        self.push(format!("DROP TYPE {}", object(&aside)));
        let comment = self.now.types.get(name).and_then(|found| found.comment.clone());
        self.comment(&Object::Type(name.clone()), comment.as_deref());
    }

    /// Returns the columns of a type, with the checks and indexes whose expressions have it in them.
    fn uses(&self, name: &ObjectName) -> Vec<Use> {
        let mut uses = Vec::new();
        for (table, found) in &self.now.tables {
            let columns: Vec<Column> =
                found.columns.iter().filter(|column| column.ty.user_type() == Some(name)).cloned().collect();
            if columns.is_empty() {
                continue;
            }
            let has = |expression: &crate::schema::Expression| {
                columns.iter().any(|column| expression.references.columns.contains(&column.name))
            };
            let constraints = found.constraints.iter().filter(|(_, constraint)| match &constraint.kind {
                ConstraintKind::Check { expression, .. } => has(expression),
                ConstraintKind::Exclusion { index, .. } => {
                    columns.iter().any(|found| column::has_expression(index, &found.name))
                }
                _ => false,
            });
            let indexes = found
                .indexes
                .iter()
                .filter(|(_, index)| columns.iter().any(|found| column::has_expression(index, &found.name)));
            uses.push(Use {
                table: table.clone(),
                constraints: constraints.map(|(key, found)| (key.clone(), found.clone())).collect(),
                indexes: indexes.map(|(key, found)| (key.clone(), found.clone())).collect(),
                columns,
            });
        }
        uses
    }
}
