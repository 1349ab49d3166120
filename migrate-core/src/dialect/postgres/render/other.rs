//! Objects of which only the text is known.

use super::super::statement::{Policy, Words};
use super::super::written;
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{Other, OtherId, OtherKind};

pub(super) fn plan(plan: &mut Plan<'_>) {
    for (id, other) in &plan.schema.others {
        let mut needs = plan.needs(&other.definition.references);
        needs.extend(id.parent.as_ref().and_then(|parent| plan.relation(parent)));
        let (kind, words) = kind(id.kind);
        let node = Node::other(kind, id);
        needs.remove(&node);
        let mut statements = match (id.kind, Policy::parse(&other.definition.text)) {
            (OtherKind::Policy, Some(found)) => vec![policy(id, other, &found)],
            _ => texts(id, other, words),
        };
        let on = id.parent.as_ref().filter(|_| matches!(id.kind, OtherKind::Rule | OtherKind::Policy));
        let on = on.map(|parent| format!(" ON {}", written::object(parent))).unwrap_or_default();
        statements.extend(comment(words, &format!("{}{on}", name(id)), other.comment.as_deref()));
        plan.add(node, needs, statements);
    }
}

/// Returns when an object is made, and its words in COMMENT ON and ALTER.
fn kind(kind: OtherKind) -> (Kind, &'static str) {
    match kind {
        OtherKind::Extension => (Kind::Early(0), "EXTENSION"),
        OtherKind::Language => (Kind::Early(1), "LANGUAGE"),
        OtherKind::AccessMethod => (Kind::Early(1), "ACCESS METHOD"),
        OtherKind::ForeignDataWrapper => (Kind::Early(2), "FOREIGN DATA WRAPPER"),
        OtherKind::ForeignServer => (Kind::Early(3), "SERVER"),
        OtherKind::BaseType => (Kind::Early(4), "TYPE"),
        OtherKind::Collation => (Kind::Early(4), "COLLATION"),
        OtherKind::TextSearchParser => (Kind::Early(5), "TEXT SEARCH PARSER"),
        OtherKind::TextSearchTemplate => (Kind::Early(5), "TEXT SEARCH TEMPLATE"),
        OtherKind::TextSearchDictionary => (Kind::Early(6), "TEXT SEARCH DICTIONARY"),
        OtherKind::TextSearch => (Kind::Early(7), "TEXT SEARCH CONFIGURATION"),
        OtherKind::Conversion => (Kind::Middle(0), "CONVERSION"),
        OtherKind::Operator => (Kind::Middle(0), "OPERATOR"),
        OtherKind::OperatorFamily => (Kind::Middle(1), "OPERATOR FAMILY"),
        OtherKind::OperatorClass => (Kind::Middle(2), "OPERATOR CLASS"),
        OtherKind::Cast => (Kind::Middle(3), "CAST"),
        OtherKind::Transform => (Kind::Middle(3), "TRANSFORM"),
        OtherKind::Statistics => (Kind::Late(0), "STATISTICS"),
        OtherKind::Rule => (Kind::Late(1), "RULE"),
        OtherKind::Policy => (Kind::Late(2), "POLICY"),
        OtherKind::Publication => (Kind::Late(3), "PUBLICATION"),
        OtherKind::Subscription => (Kind::Late(4), "SUBSCRIPTION"),
        OtherKind::EventTrigger => (Kind::Late(5), "EVENT TRIGGER"),
    }
}

/// Returns the name by which ALTER and COMMENT find an object.
fn name(id: &OtherId) -> String {
    let schema = if id.name.schema.is_empty() { String::new() } else { written::identifier(&id.name.schema) + "." };
    match id.kind {
        // Their names have the types that tell them apart.
        OtherKind::Cast => format!("({})", id.name.name.trim_start_matches('(').trim_end_matches(')')),
        OtherKind::Operator | OtherKind::Transform => format!("{schema}{}", id.name.name),
        OtherKind::OperatorClass | OtherKind::OperatorFamily => format!("{schema}{}", id.name.name),
        _ => written::object(&id.name),
    }
}

fn policy(id: &OtherId, other: &Other, policy: &Policy) -> Sql {
    let table = id.parent.as_ref().map(written::object).unwrap_or_default();
    let mut sql = Sql::plain(format!("CREATE POLICY {} ON {table}", written::identifier(&id.name.name)));
    if policy.restrictive {
        sql.push(" AS RESTRICTIVE");
    }
    if policy.command != "ALL" {
        sql.push(&format!(" FOR {}", policy.command));
    }
    if !policy.roles.is_empty() {
        let role = |role: &String| match role.as_str() {
            "current_user" | "session_user" | "current_role" => role.to_uppercase(),
            _ => written::identifier(role),
        };
        sql.push(&format!(" TO {}", policy.roles.iter().map(role).collect::<Vec<_>>().join(", ")));
    }
    for (words, text) in [("USING", &policy.using), ("WITH CHECK", &policy.check)] {
        if let Some(text) = text {
            let text = sql.names(text, &other.definition.references);
            sql.push(&format!(" {words} ({text})"));
        }
    }
    sql
}

/// Returns the statements of a text: what a later ALTER said stands behind a `;`.
fn texts(id: &OtherId, other: &Other, words: &str) -> Vec<Sql> {
    let references = &other.definition.references;
    let own = if id.name.schema.is_empty() { id.parent.as_ref().map_or("", |p| &p.schema) } else { &id.name.schema };
    let own = if id.kind == OtherKind::Statistics || !id.name.schema.is_empty() { own } else { "" };
    let mut statements = Vec::new();
    for text in split(&other.definition.text) {
        let first = Words::new(text);
        if first.is("CREATE") || first.is("ALTER") {
            let named = first.is("ALTER") || has_schema(text, id);
            statements.push(Sql::of(text, references, if named { "" } else { own }));
        } else {
            statements.push(Sql::of(format!("ALTER {words} {} {text}", name(id)), references, ""));
        }
    }
    statements
}

/// Returns whether the text writes the name of its object with its schema.
fn has_schema(text: &str, id: &OtherId) -> bool {
    let mut words = Words::new(text);
    while let Some(word) = words.word(0) {
        if crate::dialect::postgres::keywords::fold_identifier(&word).is_ok_and(|name| name == id.name.schema)
            && words.is_at(1, ".")
        {
            return true;
        }
        words.take();
    }
    false
}

/// Splits at `;` outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut words = Words::new(text);
    let mut parts = Vec::new();
    while !words.is_done() {
        let before = words.position();
        let part = words.until(&[";"]);
        if !part.is_empty() {
            parts.push(part);
        }
        words.accept(&[";"]);
        if words.position() == before {
            words.take();
        }
    }
    parts
}
