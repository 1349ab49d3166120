//! Columns of tables, and attributes of types.

use super::super::expression::Environment;
use super::super::types::Type;
use super::super::written;
use super::{Found, Pair, Side, options, scope};
use crate::dialect::Verdict;
use crate::schema::{Column, ColumnType, Expression, ObjectName, Table, TypeBase};
use crate::sql::{POSTGRES, significant};

/// Compares the columns of two tables, by name: their order is none that a statement could change.
pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>, name: &ObjectName, tables: Pair<&Table>) {
    let environments = [0, 1].map(|n| sides[n].with_columns(&tables[n].columns));
    let partition = tables.iter().any(|table| table.partition.is_some());
    for (column, pair) in by_name(tables.map(|table| table.columns.as_slice())) {
        let object = format!("column {}.{}", written::object(name), written::identifier(column));
        let Some(pair) = found.both(&object, pair) else { continue };
        attribute(found, &object, sides, pair);
        not_null(found, &object, pair);
        values(found, &object, pair, &environments);
        storage(found, &object, pair);
        if !partition {
            found.flag(&object, "a declaration of its own", pair.map(|column| column.local));
        }
    }
}

/// Pairs columns of the same name, those before first.
pub(super) fn by_name<'c>(sides: Pair<&'c [Column]>) -> Vec<(&'c str, Pair<Option<&'c Column>>)> {
    let of = |columns: &'c [Column], name: &str| columns.iter().find(|column| column.name == name);
    let before = sides[0].iter().map(|column| (column.name.as_str(), [Some(column), of(sides[1], &column.name)]));
    let added = sides[1].iter().filter(|column| of(sides[0], &column.name).is_none());
    before.chain(added.map(|column| (column.name.as_str(), [None, Some(column)]))).collect()
}

/// Compares what an attribute of a composite type has too.
pub(super) fn attribute(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Column>) {
    data_type(found, object, "the type", sides, pair.map(|column| &column.ty));
    let collations = pair.map(|column| column.collation.as_deref().filter(|name| !is_default_collation(name)));
    found.text(object, "the collation", collations);
    let [before, after] = pair.map(|column| column.comment.as_deref());
    found.text(object, "the comment", [before, after]);
}

fn is_default_collation(name: &str) -> bool {
    matches!(name, "default" | "\"default\"" | "pg_catalog.\"default\"")
}

/// Compares types. The schema of an extension's type is a guess where a migration does not write it.
pub(super) fn data_type(found: &mut Found, object: &str, what: &str, sides: &Pair<Side<'_>>, types: Pair<&ColumnType>) {
    if types[0] != types[1] && !same_foreign(sides, types) {
        found.shown(object, what, types.map(written::column_type));
    }
}

pub(super) fn same_foreign(sides: &Pair<Side<'_>>, types: Pair<&ColumnType>) -> bool {
    match types.map(|ty| &ty.base) {
        [TypeBase::User(before), TypeBase::User(after)] => {
            let [one, other] = types;
            before.name == after.name
                && (&one.modifiers, one.array) == (&other.modifiers, other.array)
                && sides[0].is_foreign(before)
                && sides[1].is_foreign(after)
        }
        _ => false,
    }
}

fn not_null(found: &mut Found, object: &str, pair: Pair<&Column>) {
    found.flag(object, "`NOT NULL`", pair.map(|column| !column.nullable));
    if pair.iter().any(|column| column.nullable) {
        return;
    }
    let [Some(before), Some(after)] = pair.map(|column| column.not_null_name.as_deref()) else { return };
    found.text(object, "the name of `NOT NULL`", [Some(before), Some(after)]);
    let [before, after] = pair.map(|column| &column.not_null);
    found.flag(object, "`NO INHERIT` of `NOT NULL`", [before.no_inherit, after.no_inherit]);
    found.flag(object, "`NOT VALID` of `NOT NULL`", [before.unchecked, after.unchecked]);
    found.text(object, "the comment on `NOT NULL`", [before.comment.as_deref(), after.comment.as_deref()]);
}

fn values(found: &mut Found, object: &str, pair: Pair<&Column>, environments: &Pair<Environment>) {
    let targets = [0, 1].map(|n| environments[n].clone().target(&written::column_type(&pair[n].ty)));
    optional(found, object, "the default", pair.map(|column| column.default.as_ref()), [&targets[0], &targets[1]]);
    let generated = pair.map(|column| column.generated.as_ref());
    let expressions = generated.map(|generated| generated.map(|generated| &generated.expression));
    optional(found, object, "the expression", expressions, [&targets[0], &targets[1]]);
    if let [Some(before), Some(after)] = generated {
        found.flag(object, "`STORED`", [before.stored, after.stored]);
    }
    let identity = |column: &Column| {
        let identity = column.identity.as_ref()?;
        Some(if identity.always { "`ALWAYS`" } else { "`BY DEFAULT`" }.to_owned())
    };
    let kinds = pair.map(identity);
    if kinds[0] != kinds[1] {
        found.different(object, "the identity", kinds);
    } else if let [Some(before), Some(after)] = pair.map(|column| column.identity.as_ref()) {
        found.shown(object, "the sequence", [&before.sequence, &after.sequence].map(written::object));
    }
}

/// Compares expressions that need not be there.
pub(super) fn optional(
    found: &mut Found,
    object: &str,
    what: &str,
    sides: Pair<Option<&Expression>>,
    environments: Pair<&Environment>,
) {
    let verdict = match sides {
        [None, None] => Verdict::Equal,
        [Some(before), Some(after)] => scope::compare([before, after], environments),
        _ => Verdict::Different("only one has it".to_owned()),
    };
    let shown = match sides {
        [Some(before), Some(after)] => scope::shown([before, after]),
        sides => sides.map(|side| side.map(|expression| format!("`{}`", expression.text))),
    };
    found.note(object, what, shown, verdict);
}

fn storage(found: &mut Found, object: &str, pair: Pair<&Column>) {
    let storages = pair.map(|column| column.storage.as_deref().filter(|name| Some(*name) != default_storage(column)));
    found.text(object, "the storage", storages);
    found.text(object, "the compression", pair.map(|column| column.compression.as_deref()));
    let targets = pair.map(|column| column.statistics.map(|target| target.to_string()));
    found.text(object, "the statistics target", [targets[0].as_deref(), targets[1].as_deref()]);
    options(found, object, pair.map(|column| column.options.as_slice()));
}

/// Returns how the values of a type are stored unless somebody says otherwise.
fn default_storage(column: &Column) -> Option<&'static str> {
    let text = written::column_type(&column.ty);
    let (ty, _) = Type::parse(&significant(&text, &POSTGRES)).ok()?;
    ty.storage()
}
