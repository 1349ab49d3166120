//! One statement: its tokens, the schema that it changes, and the names in between.

use std::ops::Range;

use super::classify::{Class, classify};
use super::session::Session;
use crate::dialect::postgres::keywords::{self, Category};
use crate::dialect::postgres::types::{Declared, Integer, Type};
use crate::fold::{Cursor, Effect, Problem};
use crate::schema::{ColumnType, ObjectName, RelationKind, Schema};
use crate::sql::{POSTGRES, TokenKind};

/// Reads a statement and applies it.
pub(super) struct Reader<'f, 't> {
    pub(super) schema: &'f mut Schema,
    pub(super) session: &'f mut Session,
    pub(super) cursor: Cursor<'t>,
}

/// A name as it is written, and where.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) parts: Vec<String>,
    pub(super) at: Range<usize>,
}

impl Written {
    /// Returns the last part.
    pub(super) fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.parts.join("."))
    }
}

impl<'f, 't> Reader<'f, 't> {
    pub(super) fn new(schema: &'f mut Schema, session: &'f mut Session, text: &'t str) -> Result<Self, Problem> {
        Ok(Self { schema, session, cursor: Cursor::new(text, &POSTGRES)? })
    }

    /// Reads the statement to its end.
    pub(super) fn statement(mut self) -> Result<Effect, Problem> {
        match classify(&self.cursor) {
            Class::Data => Ok(Effect::Data),
            Class::None => Ok(Effect::None),
            Class::Opaque => Ok(Effect::Opaque),
            Class::Query => Ok(self.query()),
            Class::Setting => {
                self.setting()?;
                Ok(Effect::None)
            }
            Class::Schema => {
                let effect = self.definition()?;
                self.cursor.finish()?;
                super::not_null::choose_names(self.schema, self.session.version);
                Ok(effect)
            }
        }
    }

    fn definition(&mut self) -> Result<Effect, Problem> {
        if self.cursor.accept(&["COMMENT", "ON"]) {
            self.comment()?;
        } else if self.cursor.accept(&["DROP"]) {
            self.drop_statement()?;
        } else if self.cursor.accept(&["ALTER"]) {
            self.alter()?;
        } else if self.cursor.accept(&["CREATE"]) {
            return self.create();
        } else {
            return Ok(Effect::Opaque);
        }
        Ok(Effect::Schema)
    }

    fn create(&mut self) -> Result<Effect, Problem> {
        let replace = self.cursor.accept(&["OR", "REPLACE"]);
        let cursor = &mut self.cursor;
        let temporary = (cursor.accept(&["GLOBAL"]) | cursor.accept(&["LOCAL"]))
            | cursor.accept(&["TEMP"])
            | cursor.accept(&["TEMPORARY"]);
        let unlogged = cursor.accept(&["UNLOGGED"]);
        if temporary {
            return self.create_temporary();
        }
        if cursor.accept(&["TABLE"]) {
            self.create_table(unlogged)?;
        } else if cursor.accept(&["INDEX"]) {
            self.create_index(false)?;
        } else if cursor.accept(&["UNIQUE", "INDEX"]) {
            self.create_index(true)?;
        } else if cursor.accept(&["SEQUENCE"]) {
            self.create_sequence(unlogged)?;
        } else if cursor.accept(&["SCHEMA"]) {
            self.create_schema()?;
        } else if cursor.accept(&["TYPE"]) {
            self.create_type()?;
        } else if cursor.accept(&["DOMAIN"]) {
            self.create_domain()?;
        } else if cursor.accept(&["MATERIALIZED", "VIEW"]) {
            self.create_view(false, true)?;
        } else if cursor.accept(&["VIEW"]) || cursor.accept(&["RECURSIVE", "VIEW"]) {
            self.create_view(replace, false)?;
        } else if cursor.is("FUNCTION") || cursor.is("PROCEDURE") {
            self.create_routine(replace)?;
        } else if cursor.is("TRIGGER") || cursor.are(&["CONSTRAINT", "TRIGGER"]) {
            self.create_trigger(replace)?;
        } else {
            self.create_other(replace)?;
        }
        Ok(Effect::Schema)
    }

    /// Takes what makes a relation that ends with the session, and that no schema shows.
    fn create_temporary(&mut self) -> Result<Effect, Problem> {
        let kinds = ["TABLE", "VIEW", "SEQUENCE"];
        let _ = self.cursor.accept(&["RECURSIVE"]);
        if !kinds.iter().any(|kind| self.cursor.accept(&[kind])) {
            return Err(self.cursor.expected("`TABLE`, `VIEW` or `SEQUENCE`"));
        }
        let lenient = self.if_not_exists();
        let written = self.written()?;
        if !self.session.add_temporary(written.last()) && !lenient {
            let message = format!("relation \"{}\" already exists", written.last());
            return Err(Problem::new("exists", written.at, message));
        }
        self.pass_over();
        Ok(Effect::None)
    }

    /// Returns whether a name means a relation that ends with the session.
    pub(super) fn is_temporary(&self, written: &Written) -> bool {
        matches!(written.parts.as_slice(), [name] if self.session.is_temporary(name))
    }

    fn alter(&mut self) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["TABLE"]) || cursor.accept(&["FOREIGN", "TABLE"]) {
            self.alter_table()
        } else if cursor.accept(&["INDEX"]) {
            self.alter_index()
        } else if cursor.accept(&["SEQUENCE"]) {
            self.alter_sequence()
        } else if cursor.accept(&["TYPE"]) {
            self.alter_type()
        } else if cursor.accept(&["DOMAIN"]) {
            self.alter_domain()
        } else if cursor.accept(&["MATERIALIZED", "VIEW"]) || cursor.accept(&["VIEW"]) {
            self.alter_view()
        } else if cursor.accept(&["SCHEMA"]) {
            self.alter_schema()
        } else if let Some(kind) = super::drop::ROUTINES.iter().find(|word| cursor.accept(&[word])) {
            self.alter_routine(kind)
        } else if cursor.accept(&["TRIGGER"]) {
            self.alter_trigger()
        } else {
            self.alter_other()
        }
    }

    /// Returns whether `IF NOT EXISTS` comes next, and takes it.
    pub(super) fn if_not_exists(&mut self) -> bool {
        self.cursor.accept(&["IF", "NOT", "EXISTS"])
    }

    /// Returns whether `IF EXISTS` comes next, and takes it.
    pub(super) fn if_exists(&mut self) -> bool {
        self.cursor.accept(&["IF", "EXISTS"])
    }

    /// Takes a name with its schema.
    pub(super) fn written(&mut self) -> Result<Written, Problem> {
        self.not_reserved(&[Category::Reserved])?;
        let from = self.cursor.position();
        match keywords::qualified_name(&self.cursor.words()) {
            Ok((parts, taken)) => {
                self.cursor.skip(taken);
                Ok(Written { parts, at: self.cursor.since(from) })
            }
            Err(error) => Err(Problem::new("sql-syntax", self.cursor.bytes_at(from + error.word), error.to_string())),
        }
    }

    /// Takes a name without a schema; a keyword that the grammar reserves is none.
    pub(super) fn identifier(&mut self) -> Result<String, Problem> {
        self.not_reserved(&[Category::Reserved, Category::TypeOrFunction])?;
        self.word()
    }

    /// Refuses a keyword of some categories where a name has to stand.
    fn not_reserved(&self, categories: &[Category]) -> Result<(), Problem> {
        let Some(token) = self.cursor.peek().filter(|token| token.kind == TokenKind::Word) else { return Ok(()) };
        let text = self.cursor.text_of(token);
        match keywords::category(&text.to_ascii_lowercase(), self.session.version) {
            Some(category) if categories.contains(&category) => {
                let message = format!("syntax error at or near \"{text}\"");
                Err(Problem::new("sql-syntax", token.start..token.end, message))
            }
            _ => Ok(()),
        }
    }

    /// Takes a word, which may be a keyword.
    pub(super) fn word(&mut self) -> Result<String, Problem> {
        let from = self.cursor.position();
        match keywords::identifier(&self.cursor.words()) {
            Ok((name, taken)) => {
                self.cursor.skip(taken);
                Ok(name)
            }
            Err(error) => Err(Problem::new("sql-syntax", self.cursor.bytes_at(from + error.word), error.to_string())),
        }
    }

    /// Takes names in parentheses.
    pub(super) fn identifiers(&mut self) -> Result<Vec<String>, Problem> {
        self.cursor.expect("(")?;
        let mut names = vec![self.identifier()?];
        while self.cursor.accept(&[","]) {
            names.push(self.identifier()?);
        }
        self.cursor.expect(")")?;
        Ok(names)
    }

    /// Returns the name of an object that is to be made.
    pub(super) fn new_name(&self, written: &Written) -> Result<ObjectName, Problem> {
        let problem = |message: String| Problem::new("unknown-schema", written.at.clone(), message);
        match written.parts.as_slice() {
            [name] => match self.session.creates_in(self.schema) {
                Some(schema) => Ok(ObjectName::new(schema, name)),
                None => Err(problem("no schema has been selected to create in".to_owned())),
            },
            [schema, _] if !self.schema.namespaces.contains_key(schema) => {
                Err(problem(format!("schema \"{schema}\" does not exist")))
            }
            [schema, name] => Ok(ObjectName::new(schema, name)),
            _ => Err(problem("a name has a schema at most".to_owned())),
        }
    }

    /// Returns the relation that a name means.
    pub(super) fn relation(&self, written: &Written) -> Option<(ObjectName, RelationKind)> {
        let name = self.session.find(&written.parts, |name| self.schema.relation(name).is_some())?;
        let kind = self.schema.relation(&name)?;
        Some((name, kind))
    }

    /// Returns the table that a name means.
    pub(super) fn table(&self, written: &Written) -> Result<ObjectName, Problem> {
        match self.relation(written) {
            Some((name, RelationKind::Table)) => Ok(name),
            Some(_) => {
                Err(Problem::new("wrong-kind", written.at.clone(), format!("\"{}\" is not a table", written.last())))
            }
            None => Err(self.missing("relation", written)),
        }
    }

    /// Takes the name of a collation and returns it as the server prints it.
    pub(super) fn collation(&mut self) -> Result<String, Problem> {
        let written = self.written()?;
        let quoted = written.parts.iter().filter(|part| *part != "pg_catalog");
        Ok(quoted.map(|part| keywords::quote_ident(part, self.session.version)).collect::<Vec<_>>().join("."))
    }

    pub(super) fn missing(&self, kind: &str, written: &Written) -> Problem {
        Problem::new("unknown-object", written.at.clone(), format!("{kind} \"{written}\" does not exist"))
    }

    /// Refuses a name that is taken among relations, and by a type where the relation brings a row type.
    pub(super) fn free_relation(&self, name: &ObjectName, at: &Range<usize>) -> Result<(), Problem> {
        if self.schema.relation(name).is_some() {
            return Err(Problem::new("exists", at.clone(), format!("relation \"{}\" already exists", name.name)));
        }
        if self.schema.types.contains_key(name) {
            return Err(Problem::new("exists", at.clone(), format!("type \"{}\" already exists", name.name)));
        }
        Ok(())
    }

    /// Takes a type, and tells whether it is a serial's.
    pub(super) fn column_type(&mut self) -> Result<(ColumnType, Option<Integer>), Problem> {
        let from = self.cursor.position();
        let (declared, taken) = Declared::parse(&self.cursor.words()).map_err(|error| {
            Problem::new("unknown-type", self.cursor.bytes_at(from + error.word), error.to_string())
        })?;
        self.cursor.skip(taken);
        let serial = match declared {
            Declared::Serial(integer) => Some(integer),
            Declared::Type(_) => None,
        };
        self.known_type(&declared.to_type(), self.cursor.since(from))?;
        Ok((self.resolve_type(&declared.to_type()), serial))
    }

    /// Takes any type, as an argument may have it.
    pub(super) fn any_type(&mut self) -> Result<Type, Problem> {
        let from = self.cursor.position();
        let (ty, taken) = Type::parse(&self.cursor.words()).map_err(|error| {
            Problem::new("unknown-type", self.cursor.bytes_at(from + error.word), error.to_string())
        })?;
        self.cursor.skip(taken);
        Ok(ty)
    }

    /// Returns a type with its schema; what the schema does not have belongs to an extension.
    pub(super) fn resolve_type(&self, ty: &Type) -> ColumnType {
        resolve_type(self.schema, self.session, ty)
    }

    /// Takes `key = value` settings in parentheses, as `key=value`.
    pub(super) fn settings(&mut self) -> Result<Vec<String>, Problem> {
        self.cursor.expect("(")?;
        let mut settings = Vec::new();
        loop {
            let from = self.cursor.position();
            self.cursor.take_until(&["=", ","]);
            let key = self.cursor.slice(from, self.cursor.position()).to_ascii_lowercase();
            let mut value = "true".to_owned();
            if self.cursor.accept(&["="]) {
                let from = self.cursor.position();
                self.cursor.take_until(&[","]);
                let text = self.cursor.slice(from, self.cursor.position());
                value = text.trim_matches('\'').to_owned();
            }
            settings.push(format!("{key}={value}"));
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(settings)
    }

    /// Takes a string literal and returns its value; `None` for `NULL`.
    pub(super) fn string_or_null(&mut self) -> Result<Option<String>, Problem> {
        if self.cursor.accept(&["NULL"]) {
            return Ok(None);
        }
        self.string().map(Some)
    }

    /// Takes a string literal and returns its value.
    pub(super) fn string(&mut self) -> Result<String, Problem> {
        let token = self.cursor.peek().ok_or_else(|| self.cursor.expected("a string"))?;
        let value = super::expression::string_value(self.cursor.text_of(token), token.kind);
        let value = value.ok_or_else(|| self.cursor.expected("a string"))?;
        self.cursor.take();
        Ok(value)
    }
}

/// Returns a type with its schema; what the schema does not have belongs to an extension.
pub(super) fn resolve_type(schema: &Schema, session: &Session, ty: &Type) -> ColumnType {
    let known = |name: &ObjectName| schema.types.contains_key(name) || schema.relation(name).is_some();
    let resolve = |written: Option<&str>, name: &str| {
        let parts: Vec<String> = written.into_iter().chain([name]).map(str::to_owned).collect();
        let fallback = || written.or_else(|| session.creates_in(schema)).unwrap_or("public");
        let found = session.find(&parts, known);
        Ok::<_, std::convert::Infallible>(found.unwrap_or_else(|| ObjectName::new(fallback(), name)))
    };
    match ty.to_column(resolve) {
        Ok(column) => column,
        Err(never) => match never {},
    }
}
