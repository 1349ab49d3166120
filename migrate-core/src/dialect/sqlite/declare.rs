//! What entities say, in SQLite's words.

use std::ops::Range;

use super::super::declare::{Declared, Where, Words, Writer, declare, index_name, is_atom, is_grouped};
use super::identifier;
use crate::schema::ObjectName;
use crate::schema::logical::{
    LogicalColumn, LogicalConstraint, LogicalConstraintKind, LogicalIndex, LogicalKey, LogicalSchema, LogicalTable,
    LogicalType,
};
use crate::sql::{Lexer, SQLITE, Syntax, Word, literal};

/// Returns the statements that make what entities say.
pub(super) fn of(schema: &LogicalSchema) -> Declared {
    declare(&Sqlite, schema)
}

struct Sqlite;

impl Words for Sqlite {
    fn syntax(&self) -> &'static Syntax {
        &SQLITE
    }

    fn identifier(&self, name: &str) -> String {
        identifier(name)
    }

    /// There are no schemas: the name alone tells a table.
    fn object(&self, object: &ObjectName) -> String {
        identifier(&object.name)
    }

    fn ty(&self, ty: &LogicalType) -> Result<String, String> {
        Ok(match ty {
            LogicalType::Boolean | LogicalType::SmallInt | LogicalType::Integer | LogicalType::BigInt => "INTEGER",
            LogicalType::Real | LogicalType::Double => "REAL",
            LogicalType::Bytes => "BLOB",
            LogicalType::Text(_)
            | LogicalType::Uuid
            | LogicalType::TimestampTz
            | LogicalType::Timestamp
            | LogicalType::Date
            | LogicalType::Time
            | LogicalType::Decimal(..)
            | LogicalType::Json
            | LogicalType::Inet
            | LogicalType::Cidr
            | LogicalType::Enum(_) => "TEXT",
            LogicalType::Array(_) => {
                return Err("SQLite has no lists: say how it is kept, as in `sqlite(type = \"TEXT\")`".to_owned());
            }
            LogicalType::Sql(text) => text,
            LogicalType::Refused(why) => return Err(why.clone()),
        }
        .to_owned())
    }

    /// Translates `now()` and booleans, and takes casts of literals away.
    fn expression(&self, text: &str, _: Option<&LogicalType>) -> String {
        translate(text)
    }

    fn default(&self, text: &str) -> String {
        if is_atom(text, &SQLITE) || is_grouped(text, &SQLITE) { text.to_owned() } else { format!("({text})") }
    }

    fn before(&self, _: &mut Writer<'_>, _: &LogicalSchema) {}

    fn column(&self, writer: &mut Writer<'_>, table: &LogicalTable, column: &LogicalColumn) {
        let mut kind = "STORED";
        for setting in &column.settings {
            match (setting.key.as_str(), &setting.value) {
                ("stored", None) => {}
                ("virtual", None) => kind = "VIRTUAL",
                _ => writer.unknown(
                    "a column",
                    setting,
                    &["type", "default", "generated", "check", "collate", "comment", "stored", "virtual"],
                ),
            }
        }
        if let Some(generated) = &column.generated {
            writer.push(" GENERATED ALWAYS AS (");
            writer.sql(generated, None);
            writer.push(&format!(") {kind}"));
        }
        for constraint in &table.constraints {
            let key = LogicalConstraintKind::PrimaryKey(vec![column.name.clone()]);
            if constraint.kind == key && is_counted(table, &key) {
                let name = constraint.name.as_ref().map(|name| format!(" CONSTRAINT {}", identifier(name)));
                let words = format!("{} PRIMARY KEY AUTOINCREMENT", name.unwrap_or_default());
                writer.part(constraint.at, |writer| writer.push(&words));
            }
        }
        if let Some(identity) = column.identity {
            let key = table.constraints.iter().any(|constraint| {
                matches!(&constraint.kind, LogicalConstraintKind::PrimaryKey(key) if *key == [column.name.clone()])
            });
            if !key {
                writer
                    .refuse(identity.at, "SQLite numbers the primary key of a table only, if it is one integer column");
            }
        }
    }

    /// Writes the checks of enums, which are texts here.
    fn inside(&self, writer: &mut Writer<'_>, schema: &LogicalSchema, table: &LogicalTable) {
        for column in &table.columns {
            let LogicalType::Enum(name) = &column.ty else { continue };
            let Some(found) = schema.enums.iter().find(|found| found.name == *name) else { continue };
            let labels: Vec<String> = found.labels.iter().map(|label| literal(label)).collect();
            let column_name = identifier(&column.name);
            writer.push(",\n    ");
            writer.part(column.ty_at, |writer| {
                writer.push(&format!("CHECK ({column_name} IN ({}))", labels.join(", ")));
            });
        }
    }

    fn around(&self, writer: &mut Writer<'_>, table: &LogicalTable) -> (String, String) {
        let mut end = Vec::new();
        for setting in &table.settings {
            match (setting.key.as_str(), &setting.value) {
                ("strict", None) => end.push("STRICT"),
                ("without_rowid", None) => end.push("WITHOUT ROWID"),
                ("autoincrement", None) => {}
                _ => writer.unknown(
                    "an entity",
                    setting,
                    &["strict", "without_rowid", "autoincrement", "comment", "index", "unique", "check", "foreign_key"],
                ),
            }
        }
        let space = if end.is_empty() { "" } else { " " };
        (String::new(), format!("{space}{}", end.join(", ")))
    }

    fn place(&self, table: &LogicalTable, constraint: &LogicalConstraint) -> Where {
        if is_counted(table, &constraint.kind) { Where::Column } else { Where::Table }
    }

    fn constraint(&self, writer: &mut Writer<'_>, constraint: &LogicalConstraint) {
        for setting in &constraint.settings {
            writer.unknown("a constraint", setting, &["name", "expr"]);
        }
        let foreign = matches!(constraint.kind, LogicalConstraintKind::ForeignKey { .. });
        if constraint.deferrable && !foreign {
            writer.refuse(constraint.at, "SQLite defers foreign keys only: say it for the others, `postgres(…)`");
        }
        match &constraint.kind {
            LogicalConstraintKind::PrimaryKey(columns) => {
                writer.push("PRIMARY KEY ");
                writer.list(columns);
            }
            LogicalConstraintKind::Unique { columns, nulls_not_distinct, include } => {
                if *nulls_not_distinct || !include.is_empty() {
                    let what = if include.is_empty() { "`nulls_not_distinct`" } else { "`include`" };
                    writer
                        .refuse(constraint.at, format!("SQLite has no {what}: put the constraint into `postgres(…)`"));
                }
                writer.push("UNIQUE ");
                writer.list(columns);
            }
            LogicalConstraintKind::Check(expression) => {
                writer.push("CHECK (");
                writer.sql(expression, None);
                writer.push(")");
            }
            kind @ LogicalConstraintKind::ForeignKey { .. } => writer.foreign_key(kind),
            LogicalConstraintKind::Exclusion { .. } => {
                writer.refuse(constraint.at, "SQLite has no exclusion constraints: put it into `postgres(…)`");
                // Refused, so that what stands here is never folded.
                writer.push("CHECK (1)");
            }
        }
    }

    fn index(&self, writer: &mut Writer<'_>, table: &LogicalTable, index: &LogicalIndex) {
        for setting in &index.settings {
            writer.unknown("an index", setting, &["name", "where"]);
        }
        let other = [
            ("using", index.using.is_some()),
            ("include", !index.include.is_empty()),
            ("nulls_not_distinct", index.nulls_not_distinct),
            ("ops", index.keys.iter().any(|key| key.operator_class.is_some())),
        ];
        for (what, _) in other.iter().filter(|(_, said)| *said) {
            writer.refuse(index.at, format!("SQLite has no `{what}` of an index: put the index into `postgres(…)`"));
        }
        // Downwards NULLs are last, upwards they are first.
        if index.keys.iter().any(|key| key.nulls_first.is_some_and(|first| first == key.descending)) {
            let why = "SQLite's indexes have NULL as the least value: put the index into `postgres(…)`, or leave its order out";
            writer.refuse(index.at, why);
        }
        let unique = if index.unique { "UNIQUE " } else { "" };
        let name = match &index.name {
            Some(name) => name.clone(),
            // Here every index is named by its author, so the other database's rule is as good as any.
            None => index_name(&table.name.name, index, &SQLITE, |name| writer.indexes.contains(name)),
        };
        writer.indexes.insert(name.clone());
        writer.push(&format!("CREATE {unique}INDEX {} ON {}", identifier(&name), identifier(&table.name.name)));
        writer.keys(index);
        if let Some(predicate) = &index.predicate {
            writer.push(" WHERE ");
            writer.sql(predicate, None);
        }
    }

    /// NULL is the least value here, and an index cannot have it otherwise.
    fn nulls(&self, _: &LogicalKey) -> &'static str {
        ""
    }

    fn after(&self, _: &mut Writer<'_>, _: &LogicalSchema) {}
}

/// Returns whether a constraint is the key of a table with AUTOINCREMENT, which stands with its column.
fn is_counted(table: &LogicalTable, kind: &LogicalConstraintKind) -> bool {
    matches!(kind, LogicalConstraintKind::PrimaryKey(columns) if columns.len() == 1)
        && table.settings.iter().any(|setting| setting.key == "autoincrement")
}

/// Returns a text with SQLite's words for `now()` and booleans, and without casts of what stands before them.
fn translate(text: &str) -> String {
    let mut lexer = Lexer::new(text, 0, &SQLITE);
    let mut words = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        if token.is_significant() {
            words.push((Word { kind: token.kind, text: token.text(text) }, token.start..token.end));
        }
    }
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < words.len() {
        let rest = &words[at..];
        let (word, range) = &rest[0];
        let next = |n: usize, text: &str| rest.get(n).is_some_and(|(word, _)| word.text == text);
        let alone = at == 0 || words[at - 1].0.text != ".";
        let (count, by) = if alone && word.is("NOW") && next(1, "(") && next(2, ")") {
            (3, "CURRENT_TIMESTAMP")
        } else if alone && (word.is("TRUE") || word.is("FALSE")) && !next(1, "(") && !next(1, ".") {
            (1, if word.is("TRUE") { "1" } else { "0" })
        } else if word.text == ":" && rest.get(1).is_some_and(|(word, _)| word.text.starts_with(':')) {
            (cast(rest), "")
        } else {
            at += 1;
            continue;
        };
        out.push_str(&text[copied..range.start]);
        out.push_str(by);
        at += count;
        copied = words[at - 1].1.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// Returns how many words `::type(10)[]` has, in which `:type` is a parameter to SQLite.
fn cast(words: &[(Word<'_>, Range<usize>)]) -> usize {
    let is = |at: usize, text: &str| words.get(at).is_some_and(|(word, _)| word.text == text);
    let mut at = if is(1, ":") { 3 } else { 2 };
    while is(at, ".") {
        at += 2;
    }
    // Types of two words.
    for second in ["PRECISION", "VARYING"] {
        if words.get(at).is_some_and(|(word, _)| word.is(second)) {
            at += 1;
        }
    }
    if is(at, "(") {
        while at < words.len() && !is(at, ")") {
            at += 1;
        }
        at += 1;
    }
    // An empty pair is an empty name to SQLite.
    while words.get(at).is_some_and(|(word, _)| word.text.starts_with('[')) {
        at += if is(at, "[") { 2 } else { 1 };
    }
    at.min(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_translated_for_now_booleans_and_casts_only() {
        // Promise: what is said for every database means the same in SQLite, and nothing else is touched.
        for (text, expect) in [
            ("now()", "CURRENT_TIMESTAMP"),
            ("NOW ( )", "CURRENT_TIMESTAMP"),
            ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
            ("true", "1"),
            ("FALSE", "0"),
            ("'true'", "'true'"),
            ("'{}'::jsonb", "'{}'"),
            ("'a'::character varying(10)", "'a'"),
            ("'{}'::text[]", "'{}'"),
            ("'x'::dpo.state", "'x'"),
            ("a  >  0", "a  >  0"),
            ("a = true AND b > 0::bigint", "a = 1 AND b > 0"),
            ("s.now()", "s.now()"),
        ] {
            assert_eq!(translate(text), expect, "{text}");
        }
    }
}
