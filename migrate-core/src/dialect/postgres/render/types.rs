//! Enums, domains, composite and range types.

use std::collections::BTreeSet;

use super::super::written;
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{Column, ColumnType, Domain, ObjectName, References, UserType, UserTypeKind};

pub(super) fn plan(plan: &mut Plan<'_>) {
    for (name, found) in &plan.schema.types {
        let node = Node::new(Kind::Type, name);
        let (needs, statements) = one(plan, name, found);
        plan.add(node, needs, statements);
    }
}

fn one(plan: &Plan<'_>, name: &ObjectName, found: &UserType) -> (BTreeSet<Node>, Vec<Sql>) {
    let written = written::object(name);
    let mut needs = BTreeSet::new();
    let mut kind = "TYPE";
    let mut statements = match &found.kind {
        UserTypeKind::Enum(found) => {
            let labels: Vec<String> = found.labels.iter().map(|label| written::literal(label)).collect();
            vec![Sql::plain(format!("CREATE TYPE {written} AS ENUM ({})", labels.join(", ")))]
        }
        UserTypeKind::Domain(domain) => {
            kind = "DOMAIN";
            needs.extend(domain.base.user_type().and_then(|ty| plan.data_type(ty)));
            let checks = domain.checks.values().map(|(check, _)| check);
            for expression in domain.default.iter().chain(checks) {
                needs.extend(plan.needs(&expression.references));
            }
            create_domain(&written, domain)
        }
        UserTypeKind::Composite { attributes } => {
            needs.extend(attributes.iter().filter_map(|column| plan.data_type(column.ty.user_type()?)));
            create_composite(&written, attributes)
        }
        UserTypeKind::Range { options, multirange } => {
            let references = named(plan, options);
            needs.extend(plan.needs(&references));
            let mut parts: Vec<String> = options.iter().map(|option| option.replacen('=', " = ", 1)).collect();
            let multirange = ObjectName::new(&name.schema, multirange);
            parts.retain(|part| !part.starts_with("multirange_type_name"));
            parts.push(format!("multirange_type_name = {}", written::object(&multirange)));
            let text = format!("CREATE TYPE {written} AS RANGE ({})", parts.join(", "));
            vec![Sql::of(text, &references, "")]
        }
    };
    statements.extend(comment(kind, &written, found.comment.as_deref()));
    (needs, statements)
}

/// Returns what the options of a range type name: a type, functions.
fn named(plan: &Plan<'_>, options: &[String]) -> References {
    let text = options.join(", ");
    let is_named = |name: &ObjectName| {
        let names = super::super::statement::names(&text);
        names.contains(&name.name)
    };
    References {
        types: plan.schema.types.keys().filter(|name| is_named(name)).cloned().collect(),
        routines: plan.schema.routines.keys().map(|id| &id.name).filter(|name| is_named(name)).cloned().collect(),
        ..References::default()
    }
}

fn create_domain(name: &str, domain: &Domain) -> Vec<Sql> {
    let mut sql = Sql::plain(format!("CREATE DOMAIN {name} AS {}", written::column_type(&domain.base)));
    if let Some(collation) = &domain.collation {
        sql.push(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        let text = sql.expression(default);
        sql.push(&format!(" DEFAULT {text}"));
    }
    if let Some(constraint) = &domain.not_null {
        if !constraint.is_empty() {
            sql.push(&format!(" CONSTRAINT {}", written::identifier(constraint)));
        }
        sql.push(" NOT NULL");
    }
    let mut later = Vec::new();
    for (constraint, (check, checked)) in &domain.checks {
        let constraint = written::identifier(constraint);
        if *checked {
            let text = sql.expression(check);
            sql.push(&format!(" CONSTRAINT {constraint} CHECK ({text})"));
        } else {
            let mut alter = Sql::plain(format!("ALTER DOMAIN {name} ADD CONSTRAINT {constraint}"));
            let text = alter.expression(check);
            alter.push(&format!(" CHECK ({text}) NOT VALID"));
            later.push(alter);
        }
    }
    let mut statements = vec![sql];
    statements.append(&mut later);
    for (constraint, text) in &domain.comments {
        let on = format!("{} ON DOMAIN {name}", written::identifier(constraint));
        statements.extend(comment("CONSTRAINT", &on, Some(text)));
    }
    statements
}

fn create_composite(name: &str, attributes: &[Column]) -> Vec<Sql> {
    let parts = attributes.iter().map(|column| {
        let collation = column.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
        format!("{} {}{collation}", written::identifier(&column.name), data_type(&column.ty))
    });
    let mut statements = vec![Sql::plain(format!("CREATE TYPE {name} AS ({})", parts.collect::<Vec<_>>().join(", ")))];
    for column in attributes {
        let on = format!("{name}.{}", written::identifier(&column.name));
        statements.extend(comment("COLUMN", &on, column.comment.as_deref()));
    }
    statements
}

fn data_type(ty: &ColumnType) -> String {
    written::column_type(ty)
}
