//! Tables.

use super::super::written;
use super::{Found, Pair, Side, column, constraint, index, options, pairs, partition, trigger};
use crate::schema::{Persistence, ReplicaIdentity, Table, TableKind};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (name, pair) in pairs([&sides[0].schema.tables, &sides[1].schema.tables]) {
        let object = format!("table {}", written::object(name));
        let Some(tables) = found.both(&object, pair) else { continue };
        table(found, &object, tables);
        partition::compare(found, &object, sides, tables);
        column::compare(found, sides, name, tables);
        constraint::compare(found, sides, name, tables);
        let columns = tables.map(|table| table.columns.as_slice());
        index::compare(found, sides, name, columns, tables.map(|table| &table.indexes));
        let environments = [0, 1].map(|n| sides[n].with_columns(columns[n]));
        let triggers = tables.map(|table| &table.triggers);
        trigger::compare(found, [&environments[0], &environments[1]], name, triggers);
    }
}

fn table(found: &mut Found, object: &str, tables: Pair<&Table>) {
    let [before, after] = tables;
    match (&before.kind, &after.kind) {
        (TableKind::External(one), TableKind::External(other)) => {
            let verdict = super::other::plain(one, other, "it is compared as text");
            found.note(object, "the definition", [one, other].map(|text| Some(format!("`{text}`"))), verdict);
        }
        (one, other) if std::mem::discriminant(one) != std::mem::discriminant(other) => {
            found.different(object, "the kind", [one, other].map(|kind| Some(kind_of(kind).to_owned())));
        }
        // How it spreads its rows is compared with its partitions.
        _ => {}
    }
    found.flag(object, "`UNLOGGED`", tables.map(|table| table.persistence == Persistence::Unlogged));
    let parents = |table: &Table| {
        let names: Vec<String> = table.inherits.iter().map(written::object).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let parents = tables.map(parents);
    found.text(object, "`INHERITS`", [parents[0].as_deref(), parents[1].as_deref()]);
    options(found, object, tables.map(|table| table.options.as_slice()));
    let method = |table: &Table| table.access_method.clone().filter(|method| method != "heap");
    let methods = tables.map(method);
    found.text(object, "the access method", [methods[0].as_deref(), methods[1].as_deref()]);
    found.text(object, "the tablespace", tables.map(|table| table.tablespace.as_deref()));
    let types = tables.map(|table| table.of_type.as_ref().map(written::object));
    found.text(object, "the type", [types[0].as_deref(), types[1].as_deref()]);
    found.shown(object, "`REPLICA IDENTITY`", tables.map(|table| replica_identity(&table.replica_identity)));
    found.text(object, "`CLUSTER`", tables.map(|table| table.clustered.as_deref()));
    found.flag(object, "`ROW LEVEL SECURITY`", tables.map(|table| table.row_security.0));
    found.flag(object, "`FORCE ROW LEVEL SECURITY`", tables.map(|table| table.row_security.1));
    found.text(object, "the comment", tables.map(|table| table.comment.as_deref()));
}

fn kind_of(kind: &TableKind) -> &'static str {
    match kind {
        TableKind::Ordinary => "an ordinary one",
        TableKind::Partitioned(_) => "a partitioned one",
        TableKind::External(_) => "a foreign one",
    }
}

pub(super) fn replica_identity(identity: &ReplicaIdentity) -> String {
    match identity {
        ReplicaIdentity::Default => "DEFAULT".to_owned(),
        ReplicaIdentity::Nothing => "NOTHING".to_owned(),
        ReplicaIdentity::Full => "FULL".to_owned(),
        ReplicaIdentity::Index(name) => format!("USING INDEX {}", written::identifier(name)),
    }
}
