//! The reader of stored texts against what SQLite itself tells of its objects.

use migrate_core::dialect::sqlite::Affinity;
use migrate_core::schema::{ConstraintKind, KeyPart, Table, TableKind};
use rusqlite::types::Value;

use crate::both::Both;

/// Returns the rows of a pragma.
fn pragma(both: &Both, pragma: &str, of: &str) -> Vec<Vec<Value>> {
    let mut statement = both.database.prepare(&format!("SELECT * FROM {pragma}(?1)")).expect("a pragma");
    let width = statement.column_count();
    let rows = statement.query_map([of], |row| (0..width).map(|n| row.get(n)).collect());
    rows.expect("rows").collect::<Result<_, _>>().expect("a row")
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Checks every table of both.
pub(crate) fn check(both: &Both) {
    for (name, table) in &both.schema().tables {
        if table.kind == TableKind::Ordinary {
            columns(both, &name.name, table);
            indexes(both, &name.name, table);
            foreign_keys(both, &name.name, table);
        }
    }
}

fn columns(both: &Both, name: &str, table: &Table) {
    let rows = pragma(both, "pragma_table_xinfo", name);
    assert_eq!(rows.len(), table.columns.len(), "{name}");
    let without_rowid = table.options.iter().any(|option| option == "without_rowid");
    for (row, column) in rows.iter().zip(&table.columns) {
        let place = format!("{name}.{}", column.name);
        assert_eq!(text(&row[1]), column.name);
        // Quotes around a whole type are not told, and standard names are in upper case.
        assert_eq!(Affinity::of(&text(&row[2])), Affinity::of(&column.ty.to_string()), "{place}");
        let hidden = match &column.generated {
            None => "0",
            Some(generated) if generated.stored => "3",
            Some(_) => "2",
        };
        assert_eq!(text(&row[6]), hidden, "{place}");
        assert_eq!(text(&row[3]) == "1", !column.nullable, "{place} {without_rowid}");
        let key = table.primary_key().unwrap_or_default();
        assert_eq!(text(&row[5]) != "0", key.contains(&column.name), "{place}");
        let default = column.default.as_ref().map(|default| default.text.clone()).unwrap_or_default();
        let bare = |text: &str| text.trim_matches(['(', ')', ' ']).to_owned();
        assert_eq!(bare(&text(&row[4])), bare(&default), "{place}");
    }
}

fn indexes(both: &Both, name: &str, table: &Table) {
    let rows = pragma(both, "pragma_index_list", name);
    let made: Vec<_> = rows.iter().filter(|row| text(&row[3]) == "c").collect();
    assert_eq!(made.len(), table.indexes.len(), "{name}");
    for row in made {
        let index = &table.indexes[&text(&row[1])];
        assert_eq!(text(&row[2]) == "1", index.unique, "{row:?}");
        assert_eq!(text(&row[4]) == "1", index.predicate.is_some(), "{row:?}");
        let parts = pragma(both, "pragma_index_xinfo", &text(&row[1]));
        let keys: Vec<_> = parts.iter().filter(|part| text(&part[5]) == "1").collect();
        assert_eq!(keys.len(), index.keys.len(), "{row:?}");
        for (part, key) in keys.iter().zip(&index.keys) {
            assert_eq!(text(&part[3]) == "1", key.descending, "{row:?}");
            match &key.part {
                KeyPart::Column(column) => {
                    assert_eq!(text(&part[2]), *column, "{row:?}");
                    if let Some(collation) = &key.collation {
                        assert!(text(&part[4]).eq_ignore_ascii_case(collation), "{row:?}");
                    }
                }
                KeyPart::Expression(_) => assert_eq!(text(&part[1]), "-2", "{row:?}"),
            }
        }
    }
}

fn foreign_keys(both: &Both, name: &str, table: &Table) {
    let mut told: Vec<[String; 5]> = pragma(both, "pragma_foreign_key_list", name)
        .iter()
        .map(|row| [2, 3, 4, 5, 6].map(|n: usize| text(&row[n])))
        .collect();
    let mut read = Vec::new();
    for constraint in table.constraints.values() {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
        for (n, column) in key.columns.iter().enumerate() {
            let target = key.target_columns.get(n).cloned().unwrap_or_default();
            let action = |action| format!("{action:?}").to_ascii_uppercase();
            read.push([key.target.name.clone(), column.clone(), target, action(key.on_update), action(key.on_delete)]);
        }
    }
    for row in &mut told {
        row[3] = row[3].replace(' ', "");
        row[4] = row[4].replace(' ', "");
    }
    told.sort();
    read.sort();
    assert_eq!(told, read, "{name}");
}
