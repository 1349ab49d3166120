//! What entities say, in SQLite's words.

use super::super::declare::{Declared, Where, Words, Writer, declare, index_name, is_atom, is_grouped};
use super::identifier;
use crate::schema::ObjectName;
use crate::schema::logical::{
    LogicalColumn, LogicalConstraint, LogicalConstraintKind, LogicalIndex, LogicalSchema, LogicalTable, LogicalType,
};
use crate::sql::{SQLITE, Syntax, TokenKind, Word, literal, significant};

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

    fn after(&self, _: &mut Writer<'_>, _: &LogicalSchema) {}
}

/// Returns whether a constraint is the key of a table with AUTOINCREMENT, which stands with its column.
fn is_counted(table: &LogicalTable, kind: &LogicalConstraintKind) -> bool {
    matches!(kind, LogicalConstraintKind::PrimaryKey(columns) if columns.len() == 1)
        && table.settings.iter().any(|setting| setting.key == "autoincrement")
}

fn translate(text: &str) -> String {
    let words = significant(text, &SQLITE);
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    let mut changed = false;
    while at < words.len() {
        let rest = &words[at..];
        let next = |n: usize, text: &str| rest.get(n).is_some_and(|word| word.text == text);
        let alone = at == 0 || words[at - 1].text != ".";
        let word = &rest[0];
        if alone && word.is("NOW") && next(1, "(") && next(2, ")") {
            out.push(("CURRENT_TIMESTAMP".to_owned(), true));
            at += 3;
            changed = true;
        } else if alone && (word.is("TRUE") || word.is("FALSE")) && !next(1, "(") && !next(1, ".") {
            out.push((if word.is("TRUE") { "1" } else { "0" }.to_owned(), true));
            at += 1;
            changed = true;
        } else if word.text == ":" && rest.get(1).is_some_and(|word| word.text.starts_with(':')) {
            at += cast(rest);
            changed = true;
        } else {
            out.push((word.text.to_owned(), matches!(word.kind, TokenKind::Word | TokenKind::QuotedName)));
            at += 1;
        }
    }
    if !changed {
        return text.to_owned();
    }
    let mut written = String::new();
    for (n, (word, _)) in out.iter().enumerate() {
        let glued =
            n == 0 || ["(", ")", ",", "."].contains(&word.as_str()) || ["(", "."].contains(&out[n - 1].0.as_str());
        written.push_str(if glued { "" } else { " " });
        written.push_str(word);
    }
    written
}

/// Returns how many words `::type(10)[]` has, in which `:type` is a parameter to SQLite.
fn cast(words: &[Word<'_>]) -> usize {
    let mut at = if words[1].text == ":" { 3 } else { 2 };
    while words.get(at).is_some_and(|word| word.text == ".") {
        at += 2;
    }
    // Types of two words.
    for second in ["PRECISION", "VARYING"] {
        if words.get(at).is_some_and(|word| word.is(second)) {
            at += 1;
        }
    }
    if words.get(at).is_some_and(|word| word.text == "(") {
        while words.get(at).is_some_and(|word| word.text != ")") {
            at += 1;
        }
        at += 1;
    }
    while words.get(at).is_some_and(|word| word.text == "[") {
        at += 2;
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
