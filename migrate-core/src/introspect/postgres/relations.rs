//! Tables and views, without their columns.

use super::rows::Row;
use super::{Reader, Relation, references};
use crate::error::Result;
use crate::schema::{
    Expression, ObjectName, Partition, Partitioning, Persistence, References, ReplicaIdentity, Table, TableKind, View,
};
use crate::sql::{Lexer, POSTGRES, TokenKind};

/// What tables and materialized views share.
struct Storage {
    persistence: Persistence,
    access_method: Option<String>,
    tablespace: Option<String>,
    options: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn relations(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let oid = row.number()?;
            let name = ObjectName::new(row.text()?, row.text()?);
            if !self.filter.has(&name) {
                continue;
            }
            let kind = row.character()?;
            let storage = Storage {
                persistence: persistence(row.character()?),
                access_method: row.optional()?,
                tablespace: row.optional()?,
                options: row.list()?,
            };
            if matches!(kind, 'v' | 'm') {
                let view = self.view(row, kind == 'm', storage, &name)?;
                self.relations.insert(oid, Relation::View(name.clone()));
                self.schema.views.insert(name, view);
            } else {
                let table = self.table(row, oid, storage, &name)?;
                self.relations.insert(oid, Relation::Table(name.clone()));
                self.schema.tables.insert(name, table);
            }
        }
        Ok(())
    }

    fn table(&self, mut row: Row, oid: u32, storage: Storage, name: &ObjectName) -> Result<Table> {
        let row_security = (row.flag()?, row.flag()?);
        let identity = row.character()?;
        let replica_index = row.optional()?;
        let clustered = row.optional()?;
        let of_type = self.types.name(row.number()?).cloned();
        let parents = row.list()?.into_iter().zip(row.list()?);
        let mut inherits: Vec<ObjectName> = parents.map(|(schema, name)| ObjectName::new(schema, name)).collect();
        let bound = row.optional()?;
        let partition = bound.and_then(|bound| Some(Partition { parent: inherits.pop()?, bound }));
        let key = row.optional()?;
        for _ in ["query", "query_rule", "populated"] {
            row.optional()?;
        }
        let kind = match (key, row.optional()?) {
            (Some(key), _) => {
                // The parent that it uses, too, is not used by its key.
                let mut used = self.references.of("pg_class", oid, Some(name));
                used.relations.clear();
                TableKind::Partitioned(partitioning(&key, &used))
            }
            (None, Some(text)) => TableKind::External(text),
            (None, None) => TableKind::Ordinary,
        };
        let replica_identity = match (identity, replica_index) {
            // They have none, and the server says so.
            _ if matches!(kind, TableKind::External(_)) => ReplicaIdentity::Default,
            ('f', _) => ReplicaIdentity::Full,
            // The index that it named was dropped: nothing is left.
            ('n', _) | ('i', None) => ReplicaIdentity::Nothing,
            ('i', Some(index)) => ReplicaIdentity::Index(index),
            _ => ReplicaIdentity::Default,
        };
        Ok(Table {
            kind,
            persistence: storage.persistence,
            inherits,
            partition,
            options: storage.options,
            access_method: storage.access_method,
            tablespace: storage.tablespace,
            of_type,
            replica_identity,
            clustered,
            row_security,
            comment: row.optional()?,
            ..Table::default()
        })
    }

    fn view(&self, mut row: Row, materialized: bool, storage: Storage, name: &ObjectName) -> Result<View> {
        for _ in ["row security", "forced", "replica identity", "replica index"] {
            row.optional()?;
        }
        let clustered = row.optional()?;
        for _ in ["type", "parents' schemas", "parents", "bound", "partition key"] {
            row.optional()?;
        }
        let query = row.text()?;
        let text = query.trim().trim_end_matches(';').to_owned();
        let references = self.references.of("pg_rewrite", row.number()?, Some(name));
        // The server says so of plain views too.
        let populated = row.flag()? && materialized;
        row.optional()?;
        Ok(View {
            materialized,
            query: Expression { text, references },
            options: storage.options,
            access_method: storage.access_method,
            tablespace: storage.tablespace,
            clustered,
            populated,
            comment: row.optional()?,
            ..View::default()
        })
    }
}

pub(super) fn persistence(letter: char) -> Persistence {
    match letter {
        'u' => Persistence::Unlogged,
        't' => Persistence::Temporary,
        _ => Persistence::Permanent,
    }
}

/// Reads a printed key: `RANGE (a, lower(b) COLLATE "C")`.
fn partitioning(text: &str, all: &References) -> Partitioning {
    let (strategy, rest) = text.split_once(' ').unwrap_or((text, ""));
    let keys = rest.trim().strip_prefix('(').and_then(|keys| keys.strip_suffix(')')).unwrap_or(rest);
    Partitioning {
        strategy: strategy.to_lowercase(),
        keys: split_list(keys).into_iter().map(|key| references::narrowed(key.to_owned(), all)).collect(),
    }
}

/// Splits a printed list at the commas that are in no parentheses.
pub(super) fn split_list(text: &str) -> Vec<&str> {
    let mut lexer = Lexer::new(text, 0, &POSTGRES);
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    while let Ok(Some(token)) = lexer.next_token() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            TokenKind::Symbol => match token.text(text) {
                "[" => depth += 1,
                "]" => depth -= 1,
                "," if depth == 0 => {
                    parts.push(text[start..token.start].trim());
                    start = token.end;
                }
                _ => {}
            },
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partition_keys_are_split() {
        let found =
            partitioning("RANGE (a COLLATE \"POSIX\" text_pattern_ops, ((b + 1)), f(c, d))", &References::default());
        assert_eq!(found.strategy, "range");
        let keys: Vec<&str> = found.keys.iter().map(|key| key.text.as_str()).collect();
        assert_eq!(keys, ["a COLLATE \"POSIX\" text_pattern_ops", "((b + 1))", "f(c, d)"]);
    }
}
