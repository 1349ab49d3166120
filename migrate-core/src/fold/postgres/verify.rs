//! What the server demands of types, columns and the tokens that name them.

use std::ops::Range;

use super::reader::{Reader, Written};
use crate::dialect::postgres::coercion::{Coercion, coerces, comparable};
use crate::dialect::postgres::keywords;
use crate::dialect::postgres::names;
use crate::dialect::postgres::types::{self, TypeBase};
use crate::fold::Problem;
use crate::schema::{Column, ColumnType, ObjectName, OtherKind, UserTypeKind};
use crate::sql::{POSTGRES, TokenKind, Word, significant};

/// The columns that every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"];

/// A type of the server's own, below domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Below {
    pub(super) name: &'static str,
    pub(super) array: bool,
}

impl Reader<'_, '_> {
    /// Returns the bytes of the first token in a range that is this name, else the range.
    pub(super) fn token_of(&self, range: &Range<usize>, name: &str) -> Range<usize> {
        let text = &self.cursor.text()[range.clone()];
        let mut lexer = crate::sql::Lexer::new(text, 0, &POSTGRES);
        while let Ok(Some(token)) = lexer.next_token() {
            let word = Word { kind: token.kind, text: token.text(text) };
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName);
            if is_name && keywords::fold_identifier(&word).is_ok_and(|found| found == name) {
                return range.start + token.start..range.start + token.end;
            }
        }
        range.clone()
    }

    /// Returns the bytes of the last token in a range that is this name, else the range.
    pub(super) fn last_token_of(&self, range: &Range<usize>, name: &str) -> Range<usize> {
        let mut found = range.clone();
        let mut rest = range.clone();
        loop {
            let next = self.token_of(&rest, name);
            if next == rest {
                return found;
            }
            rest.start = next.end;
            found = next;
        }
    }

    /// Refuses the name of a column that every table has.
    pub(super) fn no_system_column(&self, name: &str, at: &Range<usize>) -> Result<(), Problem> {
        if SYSTEM_COLUMNS.contains(&name) {
            let message = format!("column name \"{name}\" conflicts with a system column name");
            return Err(Problem::new("exists", at.clone(), message));
        }
        Ok(())
    }

    /// Refuses a type that nothing makes. What an extension brings is known to the server alone.
    pub(super) fn known_type(&self, ty: &types::Type, at: Range<usize>) -> Result<(), Problem> {
        let TypeBase::User { schema, name } = &ty.base else { return Ok(()) };
        let catalog = schema.as_deref().is_some_and(|schema| matches!(schema, "pg_catalog" | "information_schema"));
        if catalog || name.starts_with("pg_") || self.schema.others.keys().any(|id| id.kind == OtherKind::Extension) {
            return Ok(());
        }
        if let Some(schema) = schema.as_ref().filter(|schema| !self.schema.namespaces.contains_key(*schema)) {
            return Err(Problem::new("unknown-schema", at, format!("schema \"{schema}\" does not exist")));
        }
        if self.schema.others.keys().any(|id| id.kind == OtherKind::BaseType) {
            return Ok(());
        }
        let written: Vec<String> = schema.iter().chain([name]).cloned().collect();
        let element = name.strip_prefix('_').unwrap_or(name);
        let known = |candidate: &ObjectName| {
            let exists =
                |found: &ObjectName| self.schema.types.contains_key(found) || self.schema.relation(found).is_some();
            let of_range = |kind: &UserTypeKind| matches!(kind, UserTypeKind::Range { multirange, .. } if *multirange == candidate.name);
            exists(candidate)
                || exists(&ObjectName::new(&candidate.schema, element))
                || self.schema.types.iter().any(|(found, ty)| found.schema == candidate.schema && of_range(&ty.kind))
        };
        match self.session.find(&written, known) {
            Some(_) => Ok(()),
            None => Err(Problem::new("unknown-type", at, format!("type \"{}\" does not exist", written.join(".")))),
        }
    }

    /// Returns the type of the server's own that values of a column are, if it is one.
    pub(super) fn below(&self, ty: &ColumnType) -> Option<Below> {
        match &ty.base {
            crate::schema::TypeBase::Builtin(text) => {
                let (parsed, _) = types::Type::parse(&significant(text, &POSTGRES)).ok()?;
                let TypeBase::Builtin(builtin) = parsed.base else { return None };
                Some(Below { name: builtin.name, array: ty.array })
            }
            crate::schema::TypeBase::User(name) => match &self.schema.types.get(name)?.kind {
                UserTypeKind::Domain(domain) if !ty.array => self.below(&domain.base),
                _ => None,
            },
        }
    }

    /// Returns whether a type is one of the schema's that is nothing like the server's own.
    fn is_apart(&self, ty: &ColumnType) -> bool {
        let kind = ty.user_type().and_then(|name| self.schema.types.get(name)).map(|found| &found.kind);
        kind.is_some_and(|kind| !matches!(kind, UserTypeKind::Domain(_)))
    }

    /// Returns whether the values of one column can be looked up in a key of another; unknown types can.
    pub(super) fn can_refer(&self, key: &ColumnType, value: &ColumnType) -> bool {
        match (self.below(key), self.below(value)) {
            (Some(key), Some(value)) if key.array || value.array => key == value,
            (Some(key), Some(value)) => comparable(key.name, value.name),
            (None, None) if self.is_apart(key) && self.is_apart(value) => key == value,
            (None, Some(_)) => !self.is_apart(key),
            (Some(_), None) => !self.is_apart(value),
            _ => true,
        }
    }

    /// Returns whether values of a column become another type without being told how; unknown types do.
    pub(super) fn can_become(&self, from: &ColumnType, to: &ColumnType) -> bool {
        match (self.below(from), self.below(to)) {
            (Some(from), Some(to)) if !from.array && to.array => false,
            (Some(from), Some(to)) if from.array != to.array => {
                matches!(to.name, "text" | "varchar" | "bpchar")
            }
            (Some(from), Some(to)) => coerces(from.name, to.name, Coercion::Assignment),
            (None, Some(to)) => !self.is_apart(from) || matches!(to.name, "text" | "varchar" | "bpchar"),
            (Some(_), None) => !self.is_apart(to),
            (None, None) => from == to || !self.is_apart(from) || !self.is_apart(to),
        }
    }

    /// Refuses a collation of a type that has none.
    pub(super) fn can_collate(&self, ty: &ColumnType, at: Range<usize>) -> Result<(), Problem> {
        let collates = match self.below(ty) {
            Some(below) => types::builtin(below.name).is_none_or(|ty| ty.collation.is_some()),
            None => !self.is_apart(ty),
        };
        if collates {
            return Ok(());
        }
        Err(Problem::new("wrong-kind", at, format!("collations are not supported by type {ty}")))
    }

    /// Refuses a storage or compression that the type of a column has not.
    pub(super) fn can_store(&self, column: &Column, storage: Option<&str>, at: Range<usize>) -> Result<(), Problem> {
        let plain = self.below(&column.ty).is_some_and(|below| {
            !below.array && types::builtin(below.name).is_some_and(|builtin| builtin.storage == "plain")
        });
        let ty = &column.ty;
        let message = match storage {
            Some(storage) if !["plain", "external", "extended", "main", "default"].contains(&storage) => {
                format!("invalid storage type \"{storage}\"")
            }
            Some("external" | "extended" | "main") if plain => {
                format!("column data type {ty} can only have storage PLAIN")
            }
            Some(_) => return Ok(()),
            None => {
                let method = column.compression.as_deref().unwrap_or("default");
                if plain && method != "default" {
                    format!("column data type {ty} does not support compression")
                } else if ["pglz", "lz4", "default"].contains(&method) {
                    return Ok(());
                } else {
                    format!("invalid compression method \"{method}\"")
                }
            }
        };
        Err(Problem::new("refused", at, message))
    }

    /// Returns a text without the schemas that the path leads to, as the server shows names.
    pub(super) fn shown(&self, text: &str) -> String {
        let visible = self.session.path().iter().find(|schema| self.schema.namespaces.contains_key(*schema));
        let Some(schema) = visible else { return text.to_owned() };
        let prefix = format!(" {}.", keywords::quote_ident(schema, self.session.version));
        text.replace(&prefix, " ")
    }

    /// Refuses a label of an enum that is too long for a name.
    pub(super) fn label_fits(label: &str, at: Range<usize>) -> Result<(), Problem> {
        if label.len() <= names::MAX {
            return Ok(());
        }
        Err(Problem::new("refused", at, format!("invalid enum label \"{label}\""))
            .help("Labels must be 63 bytes or less."))
    }

    /// Refuses a schema that does not exist, as the target of SET SCHEMA.
    pub(super) fn existing_schema(&mut self) -> Result<String, Problem> {
        let at = self.cursor.here();
        let schema = self.identifier()?;
        if self.schema.namespaces.contains_key(&schema) {
            return Ok(schema);
        }
        Err(Problem::new("unknown-schema", at, format!("schema \"{schema}\" does not exist")))
    }

    /// Returns the relation that a name means, which has to be of one kind, called by these words.
    pub(super) fn relation_of(
        &self,
        written: &Written,
        kind: crate::schema::RelationKind,
        words: &str,
    ) -> Result<ObjectName, Problem> {
        match self.relation(written) {
            Some((name, found)) if found == kind => Ok(name),
            Some(_) => {
                let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                let message = format!("\"{}\" is not {article} {words}", written.last());
                Err(Problem::new("wrong-kind", written.at.clone(), message))
            }
            None => Err(self.missing("relation", written)),
        }
    }
}
