//! Tables with what is on them.

use migrate_core::schema::{
    Column, Constraint, ConstraintKind, ForeignKey, Index, IndexKey, Key, KeyPart, ObjectName, ReferentialAction,
    ReplicaIdentity, Table, TableKind, Trigger,
};
use serde_json::{Value, json};

use super::{list, named, object, persistence, with};

pub(super) fn table(name: &ObjectName, table: &Table) -> Value {
    let (kind, definition) = match &table.kind {
        TableKind::Ordinary => (Value::Null, Value::Null),
        TableKind::Partitioned(how) => {
            let keys: Vec<&str> = how.keys.iter().map(|key| key.text.as_str()).collect();
            (json!("partitioned"), object([("strategy", json!(how.strategy)), ("keys", json!(keys))]))
        }
        TableKind::External(text) => (json!("external"), json!(text)),
    };
    let replica_identity = match &table.replica_identity {
        ReplicaIdentity::Default => Value::Null,
        ReplicaIdentity::Nothing => json!("nothing"),
        ReplicaIdentity::Full => json!("full"),
        ReplicaIdentity::Index(name) => json!({ "index": name }),
    };
    let partition = table.partition.as_ref();
    let partition = partition.map(|of| with(named(&of.parent, object([])), json!({ "bound": of.bound })));
    let parents: Vec<Value> = table.inherits.iter().map(|parent| named(parent, object([]))).collect();
    named(
        name,
        object([
            ("kind", kind),
            ("definition", definition),
            ("persistence", persistence(table.persistence)),
            ("columns", json!(table.columns.iter().map(column).collect::<Vec<_>>())),
            ("constraints", json!(constraints(table))),
            ("indexes", json!(list(&table.indexes, index))),
            ("triggers", json!(list(&table.triggers, trigger))),
            ("inherits", json!(parents)),
            ("partition_of", json!(partition)),
            ("options", json!(table.options)),
            ("access_method", json!(table.access_method)),
            ("tablespace", json!(table.tablespace)),
            ("of_type", json!(table.of_type.as_ref().map(|name| named(name, object([]))))),
            ("replica_identity", replica_identity),
            ("clustered", json!(table.clustered)),
            ("row_security", json!(table.row_security.0)),
            ("force_row_security", json!(table.row_security.1)),
            ("comment", json!(table.comment)),
        ]),
    )
}

pub(super) fn column(column: &Column) -> Value {
    let not_null = object([
        ("name", json!(column.not_null_name)),
        ("no_inherit", json!(column.not_null.no_inherit)),
        ("not_valid", json!(column.not_null.unchecked)),
        ("inherited", json!(column.not_null.inherited)),
        ("on_conflict", json!(column.not_null_conflict)),
        ("comment", json!(column.not_null.comment)),
    ]);
    let generated = column.generated.as_ref();
    let generated = generated
        .map(|found| object([("expression", json!(found.expression.text)), ("virtual", json!(!found.stored))]));
    let identity = column.identity.as_ref();
    let identity = identity.map(|found| {
        let kind = if found.always { "always" } else { "by default" };
        json!({ "generated": kind, "sequence": found.sequence.to_string() })
    });
    object([
        ("name", json!(column.name)),
        ("type", json!(column.ty.to_string())),
        ("not_null", json!(!column.nullable)),
        ("not_null_constraint", not_null),
        ("default", json!(column.default.as_ref().map(|default| &default.text))),
        ("generated", json!(generated)),
        ("identity", json!(identity)),
        ("collation", json!(column.collation)),
        ("storage", json!(column.storage)),
        ("compression", json!(column.compression)),
        ("statistics", json!(column.statistics)),
        ("options", json!(column.options)),
        ("inherited", json!(!column.local)),
        ("comment", json!(column.comment)),
    ])
}

fn constraints(table: &Table) -> Vec<Value> {
    let mut all: Vec<(&String, &Constraint)> = table.constraints.iter().collect();
    // Where names tell nothing the place does.
    all.sort_by_key(|(name, constraint)| (constraint.position, *name));
    all.into_iter().map(|(name, found)| constraint(name, found)).collect()
}

fn constraint(key: &str, constraint: &Constraint) -> Value {
    // What follows a NUL tells constraints of the same name apart.
    let name = key.split('\0').next().filter(|_| constraint.named);
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey(key) => with(json!({ "kind": "primary key" }), self::key(key)),
        ConstraintKind::Unique(key) => with(json!({ "kind": "unique" }), self::key(key)),
        ConstraintKind::Exclusion { index, operators } => with(
            json!({ "kind": "exclusion", "operators": operators }),
            object([("index", self::index(&String::new(), index))]),
        ),
        ConstraintKind::Check { expression, no_inherit } => object([
            ("kind", json!("check")),
            ("expression", json!(expression.text)),
            ("no_inherit", json!(no_inherit)),
        ]),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
    };
    let rest = object([
        ("name", json!(name)),
        ("deferrable", json!(constraint.deferrable)),
        ("initially_deferred", json!(constraint.initially_deferred)),
        ("not_valid", json!(!constraint.validated)),
        ("not_enforced", json!(!constraint.enforced)),
        ("inherited", json!(!constraint.local)),
        ("comment", json!(constraint.comment)),
    ]);
    with(kind, rest)
}

fn key(key: &Key) -> Value {
    let orders = key
        .orders
        .iter()
        .map(|order| object([("collation", json!(order.collation)), ("descending", json!(order.descending))]));
    object([
        ("columns", json!(key.columns)),
        ("include", json!(key.include)),
        ("nulls_not_distinct", json!(key.nulls_not_distinct)),
        ("without_overlaps", json!(key.without_overlaps)),
        ("on_conflict", json!(key.on_conflict)),
        ("orders", json!(orders.collect::<Vec<_>>())),
        ("index_columns", json!(key.index_columns)),
        ("index_options", json!(key.options)),
        ("index_comment", json!(key.index_comment)),
        ("tablespace", json!(key.tablespace)),
    ])
}

fn foreign_key(key: &ForeignKey) -> Value {
    object([
        ("kind", json!("foreign key")),
        ("columns", json!(key.columns)),
        ("references", named(&key.target, object([("columns", json!(key.target_columns))]))),
        ("on_delete", action(key.on_delete)),
        ("on_update", action(key.on_update)),
        ("set_columns", json!(key.set_columns)),
        ("match_full", json!(key.match_full)),
        ("period", json!(key.period)),
    ])
}

fn action(action: ReferentialAction) -> Value {
    match action {
        ReferentialAction::NoAction => Value::Null,
        ReferentialAction::Restrict => json!("restrict"),
        ReferentialAction::Cascade => json!("cascade"),
        ReferentialAction::SetNull => json!("set null"),
        ReferentialAction::SetDefault => json!("set default"),
    }
}

pub(super) fn index(name: &String, index: &Index) -> Value {
    let statistics: Vec<Value> =
        index.statistics.iter().map(|(column, target)| json!({ "column": column, "target": target })).collect();
    object([
        ("name", json!(name)),
        ("unique", json!(index.unique)),
        ("method", json!(index.method)),
        ("keys", json!(index.keys.iter().map(index_key).collect::<Vec<_>>())),
        ("include", json!(index.include)),
        ("where", json!(index.predicate.as_ref().map(|predicate| &predicate.text))),
        ("nulls_not_distinct", json!(index.nulls_not_distinct)),
        ("options", json!(index.options)),
        ("index_columns", json!(index.index_columns)),
        ("parent", json!(index.parent.as_ref().map(|parent| named(parent, object([]))))),
        ("tablespace", json!(index.tablespace)),
        ("statistics", json!(statistics)),
        ("invalid", json!(index.invalid)),
        ("comment", json!(index.comment)),
    ])
}

fn index_key(key: &IndexKey) -> Value {
    let (column, expression) = match &key.part {
        KeyPart::Column(column) => (Some(column), None),
        KeyPart::Expression(expression) => (None, Some(&expression.text)),
    };
    let nulls = key.nulls_first.map(|first| if first { "first" } else { "last" });
    object([
        ("column", json!(column)),
        ("expression", json!(expression)),
        ("collation", json!(key.collation)),
        ("operator_class", json!(key.operator_class)),
        ("descending", json!(key.descending)),
        ("nulls", json!(nulls)),
    ])
}

pub(super) fn trigger(name: &String, trigger: &Trigger) -> Value {
    // `O` is what a trigger is unless somebody said otherwise.
    let enabled = trigger.enabled.filter(|state| *state != 'O');
    object([
        ("name", json!(name)),
        ("definition", json!(trigger.definition.text)),
        ("function", json!(trigger.function.as_ref().map(|name| named(name, object([]))))),
        ("columns", json!(trigger.columns)),
        ("inherited", json!(trigger.inherited)),
        ("enabled", json!(enabled)),
        ("comment", json!(trigger.comment)),
    ])
}
