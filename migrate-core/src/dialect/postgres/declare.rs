//! What entities say, in PostgreSQL's words.

use std::collections::BTreeSet;

use super::super::declare::{Declared, Where, Words, Writer, declare, is_grouped, top_level};
use super::keywords::quote_ident;
use crate::schema::ObjectName;
use crate::schema::logical::{
    LogicalColumn, LogicalConstraint, LogicalConstraintKind, LogicalIndex, LogicalKey, LogicalSchema, LogicalTable,
    LogicalType, Said, Setting,
};
use crate::sql::{POSTGRES, Syntax, literal, name};

/// The server's version whose keywords decide what is quoted.
const VERSION: u32 = 18;

/// Words that begin something else of a column where a default is read without parentheses.
const ENDS: [&str; 22] = [
    "NOT",
    "NULL",
    "CHECK",
    "UNIQUE",
    "PRIMARY",
    "REFERENCES",
    "DEFAULT",
    "GENERATED",
    "COLLATE",
    "CONSTRAINT",
    "AND",
    "OR",
    "IN",
    "IS",
    "LIKE",
    "ILIKE",
    "SIMILAR",
    "BETWEEN",
    "DEFERRABLE",
    "INITIALLY",
    "ISNULL",
    "NOTNULL",
];

/// Returns the statements that make what entities say.
pub(super) fn of(schema: &LogicalSchema) -> Declared {
    declare(&Postgres, schema)
}

struct Postgres;

impl Words for Postgres {
    fn syntax(&self) -> &'static Syntax {
        &POSTGRES
    }

    fn identifier(&self, name: &str) -> String {
        quote_ident(name, VERSION)
    }

    fn object(&self, object: &ObjectName) -> String {
        let name = self.identifier(&object.name);
        if object.schema.is_empty() { name } else { format!("{}.{name}", self.identifier(&object.schema)) }
    }

    fn ty(&self, ty: &LogicalType) -> Result<String, String> {
        Ok(match ty {
            LogicalType::Boolean => "boolean".to_owned(),
            LogicalType::SmallInt => "smallint".to_owned(),
            LogicalType::Integer => "integer".to_owned(),
            LogicalType::BigInt => "bigint".to_owned(),
            LogicalType::Real => "real".to_owned(),
            LogicalType::Double => "double precision".to_owned(),
            LogicalType::Text(None) => "text".to_owned(),
            LogicalType::Text(Some(length)) => format!("varchar({length})"),
            LogicalType::Bytes => "bytea".to_owned(),
            LogicalType::Uuid => "uuid".to_owned(),
            LogicalType::TimestampTz => "timestamptz".to_owned(),
            LogicalType::Timestamp => "timestamp".to_owned(),
            LogicalType::Date => "date".to_owned(),
            LogicalType::Time => "time".to_owned(),
            LogicalType::Decimal(None, _) => "numeric".to_owned(),
            LogicalType::Decimal(Some(precision), None) => format!("numeric({precision})"),
            LogicalType::Decimal(Some(precision), Some(scale)) => format!("numeric({precision}, {scale})"),
            LogicalType::Json => "jsonb".to_owned(),
            LogicalType::Inet => "inet".to_owned(),
            LogicalType::Cidr => "cidr".to_owned(),
            LogicalType::Enum(name) => self.object(name),
            LogicalType::Array(inner) => format!("{}[]", self.ty(inner)?),
            LogicalType::Sql(text) => text.clone(),
            LogicalType::Refused(why) => return Err(why.clone()),
        })
    }

    fn expression(&self, text: &str, ty: Option<&LogicalType>) -> String {
        match (ty, text.trim()) {
            (Some(LogicalType::Boolean), "1") => "true".to_owned(),
            (Some(LogicalType::Boolean), "0") => "false".to_owned(),
            _ => text.to_owned(),
        }
    }

    fn default(&self, text: &str) -> String {
        let words = top_level(text, &POSTGRES);
        let ends = |n: usize, word: &str| n > 0 && ENDS.iter().any(|end| word.eq_ignore_ascii_case(end));
        let open = words.iter().enumerate().any(|(n, word)| word.is_keyword() && ends(n, word.text));
        if open && !is_grouped(text, &POSTGRES) { format!("({text})") } else { text.to_owned() }
    }

    fn before(&self, writer: &mut Writer<'_>, schema: &LogicalSchema) {
        let mut known = BTreeSet::new();
        let tables = schema.tables.iter().map(|table| (&table.name.schema, table.at));
        let enums = schema.enums.iter().map(|found| (&found.name.schema, found.at));
        for (namespace, at) in enums.chain(tables).filter(|(namespace, _)| !namespace.is_empty()) {
            if known.insert(namespace) {
                writer.push(&format!("CREATE SCHEMA IF NOT EXISTS {}", self.identifier(namespace)));
                writer.statement(at);
            }
        }
        for found in &schema.enums {
            let labels: Vec<String> = found.labels.iter().map(|label| literal(label)).collect();
            writer.push(&format!("CREATE TYPE {} AS ENUM ({})", self.object(&found.name), labels.join(", ")));
            writer.statement(found.at);
            comment(writer, "TYPE", &self.object(&found.name), found.comment.as_ref());
        }
    }

    fn column(&self, writer: &mut Writer<'_>, _: &LogicalTable, column: &LogicalColumn) {
        let mut kind = "STORED";
        for setting in &column.settings {
            match (setting.key.as_str(), &setting.value) {
                ("stored", None) => {}
                ("virtual", None) => kind = "VIRTUAL",
                ("storage" | "compression", Some(value)) => {
                    let word = setting.key.to_ascii_uppercase();
                    writer.part(setting.at, |writer| writer.push(&format!(" {word} {}", name(value))));
                }
                _ => writer.unknown(
                    "a column",
                    setting,
                    &[
                        "type",
                        "default",
                        "generated",
                        "check",
                        "collate",
                        "comment",
                        "stored",
                        "virtual",
                        "storage",
                        "compression",
                    ],
                ),
            }
        }
        if let Some(generated) = &column.generated {
            writer.push(" GENERATED ALWAYS AS (");
            writer.sql(generated, None);
            writer.push(&format!(") {kind}"));
        }
        if let Some(identity) = column.identity {
            let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
            writer.part(identity.at, |writer| writer.push(&format!(" GENERATED {when} AS IDENTITY")));
        }
    }

    fn inside(&self, _: &mut Writer<'_>, _: &LogicalSchema, _: &LogicalTable) {}

    fn around(&self, writer: &mut Writer<'_>, table: &LogicalTable) -> (String, String) {
        let (mut kind, mut end) = (String::new(), [String::new(), String::new(), String::new(), String::new()]);
        for setting in &table.settings {
            let Setting { key, value, .. } = setting;
            match (key.as_str(), value) {
                ("unlogged", None) => "UNLOGGED ".clone_into(&mut kind),
                ("partition_by", Some(value)) => end[0] = format!(" PARTITION BY {value}"),
                ("using", Some(value)) => end[1] = format!(" USING {}", self.identifier(value)),
                ("with", Some(value)) => end[2] = format!(" WITH ({value})"),
                ("tablespace", Some(value)) => end[3] = format!(" TABLESPACE {}", self.identifier(value)),
                _ => writer.unknown(
                    "an entity",
                    setting,
                    &[
                        "unlogged",
                        "partition_by",
                        "using",
                        "with",
                        "tablespace",
                        "comment",
                        "index",
                        "unique",
                        "check",
                        "foreign_key",
                        "exclude",
                    ],
                ),
            }
        }
        (kind, end.concat())
    }

    /// Tables may point to each other, so their foreign keys come when all are there.
    fn place(&self, _: &LogicalTable, constraint: &LogicalConstraint) -> Where {
        match constraint.kind {
            LogicalConstraintKind::ForeignKey { .. } => Where::Behind,
            _ => Where::Table,
        }
    }

    fn constraint(&self, writer: &mut Writer<'_>, constraint: &LogicalConstraint) {
        for setting in &constraint.settings {
            writer.unknown("a constraint", setting, &["name", "expr", "where", "using"]);
        }
        match &constraint.kind {
            LogicalConstraintKind::PrimaryKey(columns) => {
                writer.push("PRIMARY KEY ");
                writer.list(columns);
            }
            LogicalConstraintKind::Unique { columns, nulls_not_distinct, include } => {
                writer.push(if *nulls_not_distinct { "UNIQUE NULLS NOT DISTINCT " } else { "UNIQUE " });
                writer.list(columns);
                if !include.is_empty() {
                    writer.push(" INCLUDE ");
                    writer.list(include);
                }
            }
            LogicalConstraintKind::Check(expression) => {
                writer.push("CHECK (");
                writer.sql(expression, None);
                writer.push(")");
            }
            kind @ LogicalConstraintKind::ForeignKey { .. } => writer.foreign_key(kind),
            LogicalConstraintKind::Exclusion { using, elements, predicate } => {
                writer.push("EXCLUDE ");
                if let Some(using) = using {
                    writer.push(&format!("USING {} ", self.identifier(using)));
                }
                writer.push("(");
                for (n, (element, operator)) in elements.iter().enumerate() {
                    writer.push(if n == 0 { "" } else { ", " });
                    writer.sql(element, None);
                    writer.push(&format!(" WITH {operator}"));
                }
                writer.push(")");
                if let Some(predicate) = predicate {
                    writer.push(" WHERE (");
                    writer.sql(predicate, None);
                    writer.push(")");
                }
            }
        }
    }

    fn index(&self, writer: &mut Writer<'_>, table: &LogicalTable, index: &LogicalIndex) {
        let mut end = [String::new(), String::new()];
        for setting in &index.settings {
            match (setting.key.as_str(), &setting.value) {
                ("with", Some(value)) => end[0] = format!(" WITH ({value})"),
                ("tablespace", Some(value)) => end[1] = format!(" TABLESPACE {}", self.identifier(value)),
                _ => writer.unknown("an index", setting, &["name", "where", "using", "with", "tablespace"]),
            }
        }
        let unique = if index.unique { "UNIQUE " } else { "" };
        let name = index.name.as_ref().map(|name| format!("{} ", self.identifier(name))).unwrap_or_default();
        writer.push(&format!("CREATE {unique}INDEX {name}ON {}", self.object(&table.name)));
        if let Some(using) = &index.using {
            let method = self.identifier(&using.text);
            writer.push(" USING ");
            writer.part(using.at, |writer| writer.push(&method));
        }
        writer.keys(index);
        if !index.include.is_empty() {
            writer.push(" INCLUDE ");
            writer.list(&index.include);
        }
        writer.push(if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" });
        writer.push(&end.concat());
        if let Some(predicate) = &index.predicate {
            writer.push(" WHERE (");
            writer.sql(predicate, None);
            writer.push(")");
        }
    }

    fn nulls(&self, key: &LogicalKey) -> &'static str {
        match key.nulls_first {
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
            None => "",
        }
    }

    fn after(&self, writer: &mut Writer<'_>, schema: &LogicalSchema) {
        for table in &schema.tables {
            let object = self.object(&table.name);
            comment(writer, "TABLE", &object, table.comment.as_ref());
            for column in &table.columns {
                let column_name = format!("{object}.{}", self.identifier(&column.name));
                comment(writer, "COLUMN", &column_name, column.comment.as_ref());
            }
        }
    }
}

fn comment(writer: &mut Writer<'_>, kind: &str, object: &str, said: Option<&Said>) {
    if let Some(said) = said {
        writer.push(&format!("COMMENT ON {kind} {object} IS {}", POSTGRES.literal(&said.text)));
        writer.statement(said.at);
    }
}
