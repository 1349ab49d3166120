//! What stands in ALTER TABLE and CREATE INDEX.

use super::super::written::{action, column_type, identifier, list, object};
use crate::op::ColumnState;
use crate::schema::{
    Constraint, ConstraintKind, ForeignKey, Index, IndexKey, Key, KeyPart, ObjectName, ReferentialAction, Sequence,
};

/// Returns a column's definition, without what makes it NOT NULL.
pub(super) fn column(state: &ColumnState) -> String {
    let column = &state.column;
    let mut text = format!("{} {}", identifier(&column.name), column_type(&column.ty));
    if let Some(storage) = &column.storage {
        text += &format!(" STORAGE {storage}");
    }
    if let Some(compression) = &column.compression {
        text += &format!(" COMPRESSION {compression}");
    }
    if let Some(collation) = &column.collation {
        text += &format!(" COLLATE {collation}");
    }
    if let Some(default) = &column.default {
        text += &format!(" DEFAULT {}", default.text);
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text += &format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression.text);
    }
    if let Some(identity) = &column.identity {
        let sequence = state.sequences.get(&identity.sequence);
        text += &format!(" GENERATED {}", identity_words(identity.always, &identity.sequence, sequence));
    }
    text
}

/// Returns `ALWAYS AS IDENTITY (…)`.
pub(super) fn identity_words(always: bool, name: &ObjectName, sequence: Option<&Sequence>) -> String {
    let kind = if always { "ALWAYS" } else { "BY DEFAULT" };
    let options = sequence.map(sequence_options).unwrap_or_default();
    format!("{kind} AS IDENTITY (SEQUENCE NAME {}{options})", object(name))
}

/// Returns the options of a sequence, all of them but its type.
pub(super) fn sequence_options(sequence: &Sequence) -> String {
    let cycle = if sequence.cycle { "CYCLE" } else { "NO CYCLE" };
    format!(
        " START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {} {cycle}",
        sequence.start, sequence.increment, sequence.min, sequence.max, sequence.cache
    )
}

/// Returns `CONSTRAINT name …`.
pub(super) fn constraint(name: &str, constraint: &Constraint) -> String {
    let body = match &constraint.kind {
        ConstraintKind::PrimaryKey(found) => format!("PRIMARY KEY {}", key(found)),
        ConstraintKind::Unique(found) => {
            let nulls = if found.nulls_not_distinct { "NULLS NOT DISTINCT " } else { "" };
            format!("UNIQUE {nulls}{}", key(found))
        }
        ConstraintKind::Check { expression, no_inherit } => {
            format!("CHECK ({}){}", expression.text, if *no_inherit { " NO INHERIT" } else { "" })
        }
        ConstraintKind::ForeignKey(found) => foreign_key(found),
        ConstraintKind::Exclusion { index, operators } => exclusion(index, operators),
    };
    let mut text = format!("CONSTRAINT {} {body}", identifier(name));
    if constraint.deferrable {
        text += " DEFERRABLE";
    }
    if constraint.initially_deferred {
        text += " INITIALLY DEFERRED";
    }
    if !constraint.enforced {
        text += " NOT ENFORCED";
    } else if !constraint.validated {
        text += " NOT VALID";
    }
    text
}

fn key(key: &Key) -> String {
    let last = if key.without_overlaps { " WITHOUT OVERLAPS" } else { "" };
    let mut text = format!("({}{last})", list(&key.columns));
    if !key.include.is_empty() {
        text += &format!(" INCLUDE ({})", list(&key.include));
    }
    text + &options(&key.options) + &tablespace(key.tablespace.as_deref(), "USING INDEX TABLESPACE")
}

fn options(options: &[String]) -> String {
    if options.is_empty() { String::new() } else { format!(" WITH ({})", options.join(", ")) }
}

fn tablespace(name: Option<&str>, words: &str) -> String {
    name.map(|name| format!(" {words} {}", identifier(name))).unwrap_or_default()
}

fn foreign_key(key: &ForeignKey) -> String {
    let columns = |columns: &[String]| match (key.period, columns) {
        (true, [first @ .., last]) => format!("({}, PERIOD {})", list(first), identifier(last)),
        _ => format!("({})", list(columns)),
    };
    let target =
        if key.target_columns.is_empty() { String::new() } else { format!(" {}", columns(&key.target_columns)) };
    let mut text = format!("FOREIGN KEY {} REFERENCES {}{target}", columns(&key.columns), object(&key.target));
    if key.match_full {
        text += " MATCH FULL";
    }
    if key.on_update != ReferentialAction::NoAction {
        text += &format!(" ON UPDATE {}", action(key.on_update));
    }
    if key.on_delete != ReferentialAction::NoAction {
        let set = if key.set_columns.is_empty() { String::new() } else { format!(" ({})", list(&key.set_columns)) };
        text += &format!(" ON DELETE {}{set}", action(key.on_delete));
    }
    text
}

fn exclusion(index: &Index, operators: &[String]) -> String {
    let keys = index.keys.iter().zip(operators).map(|(key, operator)| format!("{} WITH {operator}", index_key(key)));
    let mut text = format!("EXCLUDE USING {} ({})", index.method, keys.collect::<Vec<_>>().join(", "));
    if !index.include.is_empty() {
        text += &format!(" INCLUDE ({})", list(&index.include));
    }
    text += &options(&index.options);
    text += &tablespace(index.tablespace.as_deref(), "USING INDEX TABLESPACE");
    text + &predicate(index)
}

fn predicate(index: &Index) -> String {
    index.predicate.as_ref().map(|filter| format!(" WHERE ({})", filter.text)).unwrap_or_default()
}

fn index_key(key: &IndexKey) -> String {
    let mut text = match &key.part {
        KeyPart::Column(name) => identifier(name),
        KeyPart::Expression(expression) => format!("({})", expression.text),
    };
    if let Some(collation) = &key.collation {
        text += &format!(" COLLATE {collation}");
    }
    if let Some(class) = &key.operator_class {
        text += &format!(" {class}");
    }
    if key.descending {
        text += " DESC";
    }
    match key.nulls_first {
        Some(true) => text += " NULLS FIRST",
        Some(false) => text += " NULLS LAST",
        None => {}
    }
    text
}

/// Returns CREATE INDEX.
pub(super) fn index(table: &ObjectName, name: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let keys = index.keys.iter().map(index_key).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "CREATE {unique}INDEX {} ON {} USING {} ({keys})",
        identifier(name),
        object(table),
        if index.method.is_empty() { "btree" } else { &index.method }
    );
    if !index.include.is_empty() {
        text += &format!(" INCLUDE ({})", list(&index.include));
    }
    if index.nulls_not_distinct {
        text += " NULLS NOT DISTINCT";
    }
    text += &options(&index.options);
    text += &tablespace(index.tablespace.as_deref(), "TABLESPACE");
    text + &predicate(index)
}
