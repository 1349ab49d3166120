//! A schema as JSON: what `schema --format json` prints.
//!
//! The shape is stable: `"format": 1` changes when a reader would have to. Every list of objects is sorted by name;
//! columns, keys, labels and attributes stand in their own order. A field that is null, false or empty is left out. SQL
//! is text: in a folded schema the author's, in a live one the server's.
//!
//! `schemas`, `tables`, `views`, `sequences`, `types`, `routines` and `others` are lists of objects with `name`, and
//! with `schema` where the database has schemas. A table has `columns` (`name`, `type`, `not_null`, `default`,
//! `generated`, `identity` …), `constraints` (`kind` is `primary key`, `unique`, `check`, `foreign key`, `exclusion`),
//! `indexes` and `triggers`.

mod table;

use std::collections::BTreeMap;

use migrate_core::schema::{
    Namespace, ObjectName, Other, OtherId, OtherKind, Persistence, Routine, RoutineId, Schema, Sequence, UserType,
    UserTypeKind, View,
};
use serde_json::{Map, Value, json};

/// The version of the shape.
const FORMAT: u32 = 1;

/// Returns a schema as JSON.
pub(crate) fn value(dialect: &str, schema: &Schema) -> Value {
    json!({
        "format": FORMAT,
        "dialect": dialect,
        "schemas": list(&schema.namespaces, namespace),
        "tables": list(&schema.tables, table::table),
        "views": list(&schema.views, view),
        "sequences": list(&schema.sequences, sequence),
        "types": list(&schema.types, user_type),
        "routines": list(&schema.routines, routine),
        "others": list(&schema.others, other),
    })
}

/// Returns an object without the fields that say nothing.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let says = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    };
    let kept = fields.into_iter().filter(|(_, value)| says(value));
    Value::Object(kept.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

/// Adds the fields of another object.
fn with(mut value: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, more) {
        fields.extend(more);
    }
    value
}

fn list<K, V>(map: &BTreeMap<K, V>, each: impl Fn(&K, &V) -> Value) -> Vec<Value> {
    map.iter().map(|(key, found)| each(key, found)).collect()
}

fn named(name: &ObjectName, more: Value) -> Value {
    with(object([("schema", json!(name.schema)), ("name", json!(name.name))]), more)
}

fn namespace(name: &String, found: &Namespace) -> Value {
    object([("name", json!(name)), ("comment", json!(found.comment))])
}

fn persistence(persistence: Persistence) -> Value {
    match persistence {
        Persistence::Permanent => Value::Null,
        Persistence::Unlogged => json!("unlogged"),
        Persistence::Temporary => json!("temporary"),
    }
}

fn view(name: &ObjectName, view: &View) -> Value {
    let columns: Vec<&str> = view.columns.iter().map(|column| column.name.as_str()).collect();
    named(
        name,
        object([
            ("materialized", json!(view.materialized)),
            ("columns", json!(columns)),
            ("query", json!(view.query.text)),
            ("options", json!(view.options)),
            ("access_method", json!(view.access_method)),
            ("tablespace", json!(view.tablespace)),
            ("clustered", json!(view.clustered)),
            ("indexes", json!(list(&view.indexes, table::index))),
            ("triggers", json!(list(&view.triggers, table::trigger))),
            ("without_data", json!(view.materialized && !view.populated)),
            ("comment", json!(view.comment)),
        ]),
    )
}

fn sequence(name: &ObjectName, sequence: &Sequence) -> Value {
    let owner = sequence.owner.as_ref().map(|owner| {
        let column = object([("column", json!(owner.column)), ("identity", json!(owner.identity))]);
        with(object([("schema", json!(owner.table.schema)), ("table", json!(owner.table.name))]), column)
    });
    named(
        name,
        object([
            ("type", json!(sequence.ty)),
            ("start", json!(sequence.start)),
            ("increment", json!(sequence.increment)),
            ("min", json!(sequence.min)),
            ("max", json!(sequence.max)),
            ("cache", json!(sequence.cache)),
            ("cycle", json!(sequence.cycle)),
            ("persistence", persistence(sequence.persistence)),
            ("owner", json!(owner)),
            ("comment", json!(sequence.comment)),
        ]),
    )
}

fn user_type(name: &ObjectName, found: &UserType) -> Value {
    let kind = match &found.kind {
        UserTypeKind::Enum(found) => object([("kind", json!("enum")), ("labels", json!(found.labels))]),
        UserTypeKind::Domain(domain) => {
            let checks = domain.checks.iter().map(|(name, (expression, validated))| {
                object([
                    ("name", json!(name)),
                    ("expression", json!(expression.text)),
                    ("not_valid", json!(!validated)),
                    ("comment", json!(domain.comments.get(name))),
                ])
            });
            object([
                ("kind", json!("domain")),
                ("type", json!(domain.base.to_string())),
                ("not_null", json!(domain.not_null.is_some())),
                ("not_null_name", json!(domain.not_null)),
                ("default", json!(domain.default.as_ref().map(|default| &default.text))),
                ("collation", json!(domain.collation)),
                ("checks", json!(checks.collect::<Vec<_>>())),
            ])
        }
        UserTypeKind::Composite { attributes } => object([
            ("kind", json!("composite")),
            ("attributes", json!(attributes.iter().map(table::column).collect::<Vec<_>>())),
        ]),
        UserTypeKind::Range { options, multirange } => {
            object([("kind", json!("range")), ("options", json!(options)), ("multirange", json!(multirange))])
        }
    };
    named(name, with(kind, object([("comment", json!(found.comment))])))
}

fn routine(id: &RoutineId, routine: &Routine) -> Value {
    named(
        &id.name,
        object([
            ("kind", json!(routine.kind)),
            ("argument_types", json!(id.arguments)),
            ("arguments", json!(routine.arguments)),
            ("returns", json!(routine.returns)),
            ("language", json!(routine.language)),
            ("attributes", json!(routine.attributes)),
            ("body", json!(routine.body)),
            ("sql_body", json!(routine.sql_body.as_ref().map(|body| &body.text))),
            ("comment", json!(routine.comment)),
        ]),
    )
}

fn other(id: &OtherId, other: &Other) -> Value {
    let on = id.parent.as_ref().map(|table| named(table, object([])));
    named(
        &id.name,
        object([
            ("kind", json!(kind(id.kind))),
            ("on", json!(on)),
            ("definition", json!(other.definition.text)),
            ("comment", json!(other.comment)),
        ]),
    )
}

/// Returns the words of a kind: `ForeignServer` is `foreign server`.
fn kind(kind: OtherKind) -> String {
    let mut words = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
