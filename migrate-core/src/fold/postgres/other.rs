//! Namespaces, comments, settings, queries, and objects of which only name, owner and text are known.

use std::collections::BTreeSet;

use super::drop::other_words;
use super::expression::{rewrite, string_value};
use super::reader::Reader;
use crate::fold::{Effect, Problem};
use crate::schema::{Expression, Namespace, ObjectName, Other, OtherId, OtherKind, Schema, UserTypeKind};
use crate::sql::{POSTGRES, TokenKind, significant};

/// Words in a function's body that let it change the schema.
const DDL: &[&str] = &["CREATE", "ALTER", "DROP", "EXECUTE", "COMMENT", "RENAME"];

impl Reader<'_, '_> {
    pub(super) fn create_schema(&mut self) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        // Without a name of its own the schema has that of its owner.
        self.cursor.accept(&["AUTHORIZATION"]);
        let at = self.cursor.here();
        let name = self.identifier()?;
        schema_name_fits(&name, &at)?;
        if self.cursor.accept(&["AUTHORIZATION"]) {
            self.word()?;
        }
        if self.schema.namespaces.contains_key(&name) {
            if lenient {
                return Ok(());
            }
            return Err(Problem::new("exists", at, format!("schema \"{name}\" already exists")));
        }
        if !self.cursor.is_done() {
            return Err(Problem::new(
                "sql-unsupported",
                self.cursor.here(),
                "elements inside CREATE SCHEMA are not understood",
            )
            .help("make them in statements of their own"));
        }
        self.schema.namespaces.insert(name, Namespace::default());
        Ok(())
    }

    pub(super) fn alter_schema(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let from = written.last().to_owned();
        if !self.schema.namespaces.contains_key(&from) {
            return Err(self.missing("schema", &written));
        }
        if !self.cursor.accept(&["RENAME", "TO"]) {
            self.pass_over();
            return Ok(());
        }
        let at = self.cursor.here();
        let to = self.identifier()?;
        schema_name_fits(&to, &at)?;
        if self.schema.namespaces.contains_key(&to) {
            return Err(Problem::new("exists", at, format!("schema \"{to}\" already exists")));
        }
        if let Some(namespace) = self.schema.namespaces.remove(&from) {
            self.schema.namespaces.insert(to.clone(), namespace);
        }
        rename_namespace(self.schema, &from, &to);
        Ok(())
    }

    /// Takes the words of a kind of object of which only the text is known.
    pub(super) fn other_kind(&mut self) -> Option<OtherKind> {
        for (words, kind) in [
            (&["EXTENSION"] as &[&str], OtherKind::Extension),
            (&["COLLATION"], OtherKind::Collation),
            (&["CAST"], OtherKind::Cast),
            (&["OPERATOR", "CLASS"], OtherKind::OperatorClass),
            (&["OPERATOR", "FAMILY"], OtherKind::OperatorClass),
            (&["OPERATOR"], OtherKind::Operator),
            (&["STATISTICS"], OtherKind::Statistics),
            (&["RULE"], OtherKind::Rule),
            (&["POLICY"], OtherKind::Policy),
            (&["PUBLICATION"], OtherKind::Publication),
            (&["SUBSCRIPTION"], OtherKind::Subscription),
            (&["EVENT", "TRIGGER"], OtherKind::EventTrigger),
            (&["SERVER"], OtherKind::ForeignServer),
            (&["FOREIGN", "DATA", "WRAPPER"], OtherKind::ForeignServer),
            (&["TEXT", "SEARCH", "CONFIGURATION"], OtherKind::TextSearch),
            (&["TEXT", "SEARCH", "DICTIONARY"], OtherKind::TextSearch),
            (&["TEXT", "SEARCH", "PARSER"], OtherKind::TextSearch),
            (&["TEXT", "SEARCH", "TEMPLATE"], OtherKind::TextSearch),
            (&["ACCESS", "METHOD"], OtherKind::AccessMethod),
            (&["LANGUAGE"], OtherKind::Language),
            (&["TRUSTED", "LANGUAGE"], OtherKind::Language),
            (&["PROCEDURAL", "LANGUAGE"], OtherKind::Language),
        ] {
            if self.cursor.accept(words) {
                return Some(kind);
            }
        }
        None
    }

    pub(super) fn create_other(&mut self, replace: bool) -> Result<(), Problem> {
        let start = self.cursor.here();
        let Some(kind) = self.other_kind() else {
            return Err(Problem::new("sql-unsupported", start, "this kind of object is not understood")
                .help("say what it changes with `-- migrate:effect …`, or that it changes nothing with `-- migrate:effect none`"));
        };
        let lenient = self.if_not_exists();
        let at = self.cursor.here();
        let (name, parent) = self.other_name(kind)?;
        let id = OtherId { kind, name, parent };
        if self.schema.others.contains_key(&id) && !replace {
            self.pass_over();
            if lenient {
                return Ok(());
            }
            let words = other_words(kind);
            let of = id.parent.as_ref().filter(|_| kind != OtherKind::Statistics);
            let of = of.map_or_else(String::new, |table| {
                let what = if kind == OtherKind::Rule { "relation" } else { "table" };
                format!(" for {what} \"{}\"", table.name)
            });
            return Err(Problem::new("exists", at, format!("{words} \"{}\"{of} already exists", id.name.name)));
        }
        self.pass_over();
        let text = self.cursor.text().to_owned();
        let columns: BTreeSet<String> =
            id.parent.as_ref().map(|table| self.columns_of(table).into_iter().collect()).unwrap_or_default();
        let mut references = self.query_references(&text);
        references.columns = self.references(&text, &columns).columns;
        self.schema.others.insert(id, Other { definition: Expression { text, references }, comment: None });
        Ok(())
    }

    /// Takes the name of such an object, and the table that it is on.
    fn other_name(&mut self, kind: OtherKind) -> Result<(ObjectName, Option<ObjectName>), Problem> {
        let without_schema = matches!(
            kind,
            OtherKind::Extension
                | OtherKind::Publication
                | OtherKind::Subscription
                | OtherKind::EventTrigger
                | OtherKind::ForeignServer
                | OtherKind::AccessMethod
                | OtherKind::Language
                | OtherKind::Rule
                | OtherKind::Policy
        );
        if matches!(kind, OtherKind::Cast | OtherKind::Operator) {
            let at = self.cursor.take_until(&["WITH", "WITHOUT"]);
            return Ok((ObjectName::new("", self.cursor.slice(at.start, at.end)), None));
        }
        let written = self.written()?;
        let name = if without_schema { ObjectName::new("", written.last()) } else { self.new_name(&written)? };
        if matches!(kind, OtherKind::Rule | OtherKind::Policy) {
            // `AS ON event TO table` of a rule, `ON table` of a policy.
            let before = if kind == OtherKind::Rule { "TO" } else { "ON" };
            while !self.cursor.is_done() && !self.cursor.is(before) {
                self.cursor.take();
            }
            self.cursor.expect(before)?;
            let table = self.written()?;
            let Some((table, _)) = self.relation(&table) else { return Err(self.missing("relation", &table)) };
            return Ok((name, Some(table)));
        }
        if kind == OtherKind::Statistics {
            while !self.cursor.is_done() && !self.cursor.accept(&["FROM"]) {
                self.cursor.take();
            }
            let table = self.written()?;
            let Some((table, _)) = self.relation(&table) else { return Err(self.missing("relation", &table)) };
            return Ok((name, Some(table)));
        }
        Ok((name, None))
    }

    pub(super) fn alter_other(&mut self) -> Result<(), Problem> {
        let start = self.cursor.here();
        let Some(kind) = self.other_kind() else {
            return Err(Problem::new("sql-unsupported", start, "this kind of object is not understood")
                .help("say what it changes with `-- migrate:effect …`, or that it changes nothing with `-- migrate:effect none`"));
        };
        let lenient = self.if_exists();
        let written = self.written()?;
        let mut parent = None;
        if self.cursor.accept(&["ON"]) {
            let table = self.written()?;
            parent = self.relation(&table).map(|(name, _)| name);
        }
        let Some(id) = self.find_other(kind, &written, parent.as_ref()) else {
            self.pass_over();
            return if lenient { Ok(()) } else { Err(self.missing_other(kind, &written, parent.as_ref())) };
        };
        if self.cursor.accept(&["RENAME", "TO"]) {
            let to = self.identifier()?;
            if let Some(mut other) = self.schema.others.remove(&id) {
                other.definition.text = rewrite(&other.definition, &id.name.name, &to);
                let name = ObjectName::new(&id.name.schema, to);
                self.schema.others.insert(OtherId { name, ..id }, other);
            }
            return Ok(());
        }
        let from = self.cursor.position();
        self.pass_over();
        let change = self.cursor.slice(from, self.cursor.position()).to_owned();
        if let Some(other) = self.schema.others.get_mut(&id) {
            if !change.to_ascii_uppercase().starts_with("OWNER") {
                other.definition.text.push_str(&format!("\n; {change}"));
            }
        }
        Ok(())
    }

    /// Reads SET and RESET: only the path in which names are looked up matters.
    pub(super) fn setting(&mut self) -> Result<(), Problem> {
        if self.cursor.accept(&["RESET"]) {
            if self.cursor.is("ALL") || self.cursor.is("SEARCH_PATH") {
                self.session.reset();
            }
            return Ok(());
        }
        self.cursor.expect("SET")?;
        let _ = self.cursor.accept(&["LOCAL"]) || self.cursor.accept(&["SESSION"]);
        let schema = self.cursor.accept(&["SCHEMA"]);
        if !schema {
            if !self.cursor.accept(&["SEARCH_PATH"]) {
                return Ok(());
            }
            if !self.cursor.accept(&["TO"]) {
                self.cursor.expect("=")?;
            }
        }
        if self.cursor.accept(&["DEFAULT"]) {
            self.session.reset();
            return Ok(());
        }
        let mut path = Vec::new();
        loop {
            let token = self.cursor.peek().ok_or_else(|| self.cursor.expected("a schema"))?;
            match string_value(self.cursor.text_of(token), token.kind) {
                Some(value) => {
                    self.cursor.take();
                    path.push(value);
                }
                None => path.push(self.identifier()?),
            }
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.session.set_path(path.into_iter().filter(|schema| !schema.is_empty()).collect());
        Ok(())
    }

    /// Tells whether a query is about rows alone: every function that it calls is the server's own, or one whose body
    /// cannot change the schema. `set_config` of the path is read.
    pub(super) fn query(&mut self) -> Effect {
        let words = significant(self.cursor.text(), &POSTGRES);
        for (at, word) in words.iter().enumerate() {
            let called = words.get(at + 1).is_some_and(|next| next.text == "(");
            if !called || !matches!(word.kind, TokenKind::Word | TokenKind::QuotedName) {
                continue;
            }
            if word.is("SET_CONFIG") {
                self.set_config(&words[at + 2..]);
            }
            let qualified = at >= 2 && words[at - 1].text == ".";
            let name = word.unquoted().to_ascii_lowercase();
            let schema = if qualified { Some(words[at - 2].unquoted().to_ascii_lowercase()) } else { None };
            let written: Vec<String> = schema.into_iter().chain([name]).collect();
            let own = self.session.find(&written, |name| self.schema.routines.keys().any(|id| id.name == *name));
            let Some(own) = own else { continue };
            let bodies = self.schema.routines.iter().filter(|(id, _)| id.name == own).map(|(_, routine)| &routine.body);
            let changes = |body: &String| {
                significant(body, &POSTGRES).iter().any(|word| DDL.iter().any(|keyword| word.is(keyword)))
            };
            if bodies.into_iter().any(changes) {
                return Effect::Opaque;
            }
        }
        Effect::Data
    }

    /// Reads `'search_path', 'a, b'` of a call.
    fn set_config(&mut self, arguments: &[crate::sql::Word<'_>]) {
        let text = |at: usize| arguments.get(at).and_then(|word| string_value(word.text, word.kind));
        if text(0).as_deref() != Some("search_path") {
            return;
        }
        if let Some(value) = text(2) {
            let names = value.split(',').map(|name| name.trim().trim_matches('"').to_owned());
            self.session.set_path(names.filter(|name| !name.is_empty()).collect());
        }
    }
}

/// Refuses a name that the server keeps for itself.
fn schema_name_fits(name: &str, at: &std::ops::Range<usize>) -> Result<(), Problem> {
    if name.starts_with("pg_") {
        let message = format!("unacceptable schema name \"{name}\"");
        return Err(
            Problem::new("refused", at.clone(), message).help("The prefix \"pg_\" is reserved for system schemas.")
        );
    }
    Ok(())
}

/// Gives everything in a namespace another one.
fn rename_namespace(schema: &mut Schema, from: &str, to: &str) {
    let moved = |name: &ObjectName| (name.schema == from).then(|| ObjectName::new(to, &name.name));
    let relations: Vec<ObjectName> = schema
        .tables
        .keys()
        .chain(schema.views.keys())
        .chain(schema.sequences.keys())
        .chain(
            schema
                .types
                .iter()
                .filter(|(_, ty)| matches!(ty.kind, UserTypeKind::Composite { .. }))
                .map(|(name, _)| name),
        )
        .filter(|name| name.schema == from)
        .cloned()
        .collect();
    for name in relations {
        if let Some(target) = moved(&name) {
            schema.rename_relation(&name, &target, &rewrite);
        }
    }
    let types: Vec<ObjectName> = schema.types.keys().filter(|name| name.schema == from).cloned().collect();
    for name in types {
        if let Some(target) = moved(&name) {
            schema.rename_type(&name, &target, &rewrite);
        }
    }
    let routines = std::mem::take(&mut schema.routines);
    schema.routines = routines
        .into_iter()
        .map(|(mut id, routine)| {
            if let Some(target) = moved(&id.name) {
                id.name = target;
            }
            (id, routine)
        })
        .collect();
    let others = std::mem::take(&mut schema.others);
    schema.others = others
        .into_iter()
        .map(|(mut id, other)| {
            if let Some(target) = moved(&id.name) {
                id.name = target;
            }
            (id, other)
        })
        .collect();
    // The names in the texts follow too.
    schema.each_expression(&mut |expression| expression.text = rewrite(expression, from, to));
}
