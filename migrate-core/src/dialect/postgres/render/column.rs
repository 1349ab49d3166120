//! Columns of tables.

use super::super::written;
use super::{Sql, comment, sequence};
use crate::schema::{Column, ObjectName, Schema, Table, TableKind};

/// Adds a column's definition to CREATE TABLE, without a default that has to come later.
pub(super) fn definition(sql: &mut Sql, schema: &Schema, table: &Table, column: &Column, with_default: bool) -> String {
    let mut text = written::identifier(&column.name);
    if table.of_type.is_some() {
        text += " WITH OPTIONS";
    } else {
        text += &format!(" {}", written::column_type(&column.ty));
        let external = matches!(table.kind, TableKind::External(_));
        if external && !column.options.is_empty() {
            text += &format!(" OPTIONS ({})", foreign_options(&column.options));
        }
        if let Some(method) = &column.compression {
            text += &format!(" COMPRESSION {}", written::identifier(method));
        }
        if let Some(collation) = &column.collation {
            text += &format!(" COLLATE {collation}");
        }
    }
    if let Some(default) = column.default.as_ref().filter(|_| with_default) {
        text += &format!(" DEFAULT {}", in_parentheses(&sql.expression(default)));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text += &format!(" GENERATED ALWAYS AS ({}) {kind}", sql.expression(&generated.expression));
    }
    // A partition takes its identity from the partitioned table.
    if let Some(identity) = column.identity.as_ref().filter(|_| table.partition.is_none()) {
        let kind = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
        let mut options = vec![format!("SEQUENCE NAME {}", written::object(&identity.sequence))];
        options.extend(schema.sequences.get(&identity.sequence).map(sequence::options).unwrap_or_default());
        text += &format!(" GENERATED {kind} AS IDENTITY ({})", options.join(" "));
    }
    if !column.nullable && !column.not_null.unchecked {
        if let Some(name) = &column.not_null_name {
            text += &format!(" CONSTRAINT {}", written::identifier(name));
        }
        text += " NOT NULL";
        if column.not_null.no_inherit {
            text += " NO INHERIT";
        }
    }
    text
}

/// Returns a default that ends where it ends: what follows an operator or a cast in a column's definition could be read
/// as a part of it.
fn in_parentheses(text: &str) -> String {
    let words = super::super::statement::Words::new(text).rest();
    let simple = words.len() == 1;
    let call = words.len() > 2
        && words[1].text == "("
        && words.last().is_some_and(|word| word.text == ")")
        && words.iter().filter(|word| word.text == "(").count() == 1;
    let cast = text.starts_with('\'') && words.len() > 3 && words[1].text == ":" && words[2].text == ":";
    if simple || call || cast { text.to_owned() } else { format!("({text})") }
}

pub(super) fn foreign_options(options: &[String]) -> String {
    let option = |option: &String| {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        format!("{} {}", written::identifier(key), written::literal(value))
    };
    options.iter().map(option).collect::<Vec<_>>().join(", ")
}

/// Returns whether CREATE TABLE says anything of a column that comes from elsewhere.
pub(super) fn is_own(table: &Table, column: &Column) -> bool {
    let of_type = table.of_type.is_some();
    let said = column.default.is_some() || column.generated.is_some() || column.identity.is_some() || !column.nullable;
    if of_type { said } else { column.local || table.partition.is_some() }
}

/// Returns what ALTER TABLE says of the columns.
pub(super) fn settings(name: &ObjectName, table: &Table) -> Vec<Sql> {
    let alter = match table.kind {
        TableKind::External(_) => "ALTER FOREIGN TABLE",
        _ => "ALTER TABLE",
    };
    let written = written::object(name);
    let mut statements = Vec::new();
    for column in &table.columns {
        let column_name = written::identifier(&column.name);
        let mut say = |what: String| {
            statements.push(Sql::plain(format!("{alter} ONLY {written} ALTER COLUMN {column_name} {what}")));
        };
        if let Some(storage) = &column.storage {
            say(format!("SET STORAGE {}", storage.to_uppercase()));
        }
        if let Some(target) = column.statistics {
            say(format!("SET STATISTICS {target}"));
        }
        if !column.options.is_empty() && !matches!(table.kind, TableKind::External(_)) {
            say(format!("SET ({})", column.options.join(", ")));
        }
        if let Some(not_null) = column.not_null_name.as_ref().filter(|_| column.not_null.unchecked) {
            statements.push(Sql::plain(format!(
                "ALTER TABLE {written} ADD CONSTRAINT {} NOT NULL {column_name} NOT VALID",
                written::identifier(not_null)
            )));
        }
    }
    for column in &table.columns {
        let on = format!("{written}.{}", written::identifier(&column.name));
        statements.extend(comment("COLUMN", &on, column.comment.as_deref()));
        if let Some(not_null) = &column.not_null_name {
            let on = format!("{} ON {written}", written::identifier(not_null));
            statements.extend(comment("CONSTRAINT", &on, column.not_null.comment.as_deref()));
        }
    }
    statements
}
