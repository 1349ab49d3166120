//! A schema as lines of text, without the texts of expressions.

use migrate_core::schema::{
    Column, Constraint, ConstraintKind, Expression, Index, KeyPart, Schema, Table, UserTypeKind,
};
use std::fmt::Write as _;

pub(crate) fn of(schema: &Schema) -> String {
    let mut out = String::new();
    for (name, namespace) in &schema.namespaces {
        let _ = writeln!(out, "schema {name} {:?}", namespace.comment);
    }
    for (name, sequence) in &schema.sequences {
        let _ = writeln!(out, "sequence {name} {sequence:?}");
    }
    for (name, found) in &schema.types {
        let kind = match &found.kind {
            UserTypeKind::Enum(found) => format!("enum {:?}", found.labels),
            UserTypeKind::Domain(domain) => {
                let checks: Vec<_> = domain.checks.keys().collect();
                format!("domain {} {} {:?} {checks:?}", domain.base, domain.not_null.is_some(), domain.collation)
            }
            UserTypeKind::Composite { attributes } => {
                format!("composite {:?}", attributes.iter().map(|a| format!("{} {}", a.name, a.ty)).collect::<Vec<_>>())
            }
            UserTypeKind::Range { multirange, .. } => format!("range {multirange}"),
        };
        let _ = writeln!(out, "type {name} {kind} {:?}", found.comment);
    }
    for (id, routine) in &schema.routines {
        let _ = writeln!(
            out,
            "routine {}({}) {} {:?} {:?} {:?}",
            id.name, id.arguments, routine.language, routine.attributes, routine.body, routine.comment
        );
    }
    for (name, view) in &schema.views {
        let indexes: Vec<_> = view.indexes.keys().collect();
        let triggers: Vec<_> = view.triggers.keys().collect();
        let _ = writeln!(
            out,
            "view {name} {} {:?} {indexes:?} {triggers:?} {:?}",
            view.materialized, view.options, view.comment
        );
        for column in &view.columns {
            let _ = writeln!(out, "view {name}.{} {} {:?}", column.name, column.ty, column.collation);
        }
        let uses = &view.query.references;
        let _ = writeln!(out, "view {name} uses {:?} {:?} {:?}", uses.relations, uses.types, uses.routines);
    }
    for (id, other) in &schema.others {
        let _ = writeln!(out, "other {:?} {} {:?} {:?}", id.kind, id.name.name, id.parent, other.comment);
    }
    for (name, table) in &schema.tables {
        let _ = writeln!(out, "{}", header(&name.to_string(), table));
        table.columns.iter().for_each(|found| column(&mut out, &name.to_string(), found));
        table.constraints.iter().for_each(|(key, found)| constraint(&mut out, &format!("{name} {key}"), found));
        table.indexes.iter().for_each(|(key, found)| index(&mut out, &format!("{name} {key}"), found));
        for (key, trigger) in &table.triggers {
            let _ = writeln!(
                out,
                "{name} trigger {key} {:?} {:?} {:?}",
                trigger.function, trigger.columns, trigger.enabled
            );
        }
    }
    out
}

fn header(name: &str, table: &Table) -> String {
    let kind = format!("{:?}", table.kind).split('(').next().unwrap_or_default().to_owned();
    format!(
        "table {name} {kind} {:?} {:?} {:?} {:?} {:?} {:?}",
        table.persistence,
        table.inherits,
        table.partition.as_ref().map(|partition| &partition.parent),
        table.options,
        table.row_security,
        table.comment
    )
}

fn column(out: &mut String, table: &str, column: &Column) {
    let _ = writeln!(
        out,
        "{table}.{} {} null={} default={} generated={:?} identity={:?} collation={:?} storage={:?} statistics={:?} {:?}",
        column.name,
        column.ty,
        column.nullable,
        column.default.is_some(),
        column.generated.as_ref().map(|generated| generated.stored),
        column.identity,
        column.collation,
        column.storage,
        column.statistics,
        column.comment
    );
}

fn constraint(out: &mut String, name: &str, constraint: &Constraint) {
    let kind = match &constraint.kind {
        ConstraintKind::Check { expression, no_inherit } => format!("check {no_inherit} {}", columns(expression)),
        ConstraintKind::Exclusion { index, operators } => format!("exclusion {} {operators:?}", index.method),
        ConstraintKind::PrimaryKey(key) => {
            format!("primary key {:?} {:?} {:?}", key.columns, key.include, key.index_columns)
        }
        ConstraintKind::Unique(key) => {
            format!("unique {:?} {:?} {} {:?}", key.columns, key.include, key.nulls_not_distinct, key.index_columns)
        }
        ConstraintKind::ForeignKey(key) => format!("{key:?}"),
    };
    let _ = writeln!(
        out,
        "{name} {kind} {} {} {} {} {:?}",
        constraint.deferrable,
        constraint.initially_deferred,
        constraint.validated,
        constraint.local,
        constraint.comment
    );
}

fn index(out: &mut String, name: &str, index: &Index) {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| {
            let part = match &key.part {
                KeyPart::Column(column) => column.clone(),
                KeyPart::Expression(expression) => format!("({})", columns(expression)),
            };
            format!("{part} {:?} {} {:?}", key.operator_class, key.descending, key.nulls_first)
        })
        .collect();
    let predicate = index.predicate.as_ref().map(columns);
    let _ = writeln!(
        out,
        "{name} index {} {} {keys:?} {:?} {predicate:?} {} {:?} {:?} {:?}",
        index.unique,
        index.method,
        index.include,
        index.nulls_not_distinct,
        index.options,
        index.index_columns,
        index.comment
    );
}

fn columns(expression: &Expression) -> String {
    expression.references.columns.iter().cloned().collect::<Vec<_>>().join(",")
}
