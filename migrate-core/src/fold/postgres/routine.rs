//! Functions and procedures.

use std::collections::BTreeSet;

use super::argument::types_of;
use super::drop::missing_routine;
use super::expression::{rewrite, string_value};
use super::reader::{Reader, Written};
use crate::dialect::postgres::keywords::quote_ident;
use crate::fold::Problem;
use crate::schema::{Expression, ObjectName, Routine, RoutineId};

impl Reader<'_, '_> {
    pub(super) fn create_routine(&mut self, replace: bool) -> Result<(), Problem> {
        let kind = self.word()?;
        let written = self.written()?;
        let name = self.new_name(&written)?;
        let start = self.cursor.position();
        let declared = self.arguments()?;
        self.arguments_fit(&declared)?;
        let arguments = types_of(&declared);
        let mut routine = Routine { kind, ..Routine::default() };
        routine.arguments = self.cursor.slice(start + 1, self.cursor.position() - 1).to_owned();
        routine.references = self.references(&routine.arguments, &BTreeSet::new());
        let id = RoutineId { name, arguments };
        if !replace && self.schema.routines.contains_key(&id) {
            let message = format!("function \"{}\" already exists with same argument types", id.name.name);
            return Err(Problem::new("exists", written.at, message));
        }
        let mut seen = Vec::new();
        loop {
            let from = self.cursor.position();
            if !self.routine_part(&mut routine)? {
                break;
            }
            self.said_once(&mut seen, from)?;
        }
        routine.attributes.sort();
        self.routine_fits(&routine, &declared, &written.at)?;
        if let Some(old) = self.schema.routines.get(&id).cloned() {
            self.replaces(&id, &old, &routine, &declared, &written.at)?;
        }
        without_defaults(&mut routine);
        let comment = self.schema.routines.get(&id).and_then(|old| old.comment.clone());
        self.schema.routines.insert(id, Routine { comment, ..routine });
        Ok(())
    }

    fn routine_part(&mut self, routine: &mut Routine) -> Result<bool, Problem> {
        const WORDS: &[(&[&str], Option<&str>)] = &[
            (&["IMMUTABLE"], Some("IMMUTABLE")),
            (&["STABLE"], Some("STABLE")),
            (&["VOLATILE"], None),
            (&["STRICT"], Some("STRICT")),
            (&["RETURNS", "NULL", "ON", "NULL", "INPUT"], Some("STRICT")),
            (&["CALLED", "ON", "NULL", "INPUT"], None),
            (&["NOT", "LEAKPROOF"], None),
            (&["LEAKPROOF"], Some("LEAKPROOF")),
            (&["EXTERNAL", "SECURITY", "DEFINER"], Some("SECURITY DEFINER")),
            (&["SECURITY", "DEFINER"], Some("SECURITY DEFINER")),
            (&["EXTERNAL", "SECURITY", "INVOKER"], None),
            (&["SECURITY", "INVOKER"], None),
            (&["PARALLEL", "SAFE"], Some("PARALLEL SAFE")),
            (&["PARALLEL", "RESTRICTED"], Some("PARALLEL RESTRICTED")),
            (&["PARALLEL", "UNSAFE"], None),
            (&["WINDOW"], None),
        ];
        for (words, attribute) in WORDS {
            if self.cursor.accept(words) {
                routine.attributes.extend(attribute.map(str::to_owned));
                return Ok(true);
            }
        }
        if self.cursor.accept(&["RETURNS"]) {
            routine.returns = self.returns()?;
        } else if self.cursor.accept(&["LANGUAGE"]) {
            routine.language = self.language()?;
        } else if self.cursor.is("COST") || self.cursor.is("ROWS") || self.cursor.is("SUPPORT") {
            let from = self.cursor.position();
            let word = self.identifier()?.to_ascii_uppercase();
            routine.attributes.retain(|attribute| !attribute.starts_with(&format!("{word} ")));
            self.cursor.skip(1);
            routine.attributes.push(self.cursor.slice(from, self.cursor.position()).to_ascii_uppercase());
        } else if self.cursor.accept(&["SET"]) {
            let from = self.cursor.position();
            self.cursor.take_until(&[
                "AS",
                "LANGUAGE",
                "IMMUTABLE",
                "STABLE",
                "VOLATILE",
                "STRICT",
                "SECURITY",
                "SET",
                "COST",
            ]);
            let setting = self.cursor.slice(from, self.cursor.position()).to_owned();
            routine.attributes.push(self.routine_setting(&setting));
        } else if self.cursor.accept(&["AS"]) {
            routine.body = self.string()?;
            if self.cursor.accept(&[","]) {
                routine.body.push_str(&format!(", {}", self.string()?));
            }
        } else if self.cursor.is("RETURN") || self.cursor.is("BEGIN") {
            let from = self.cursor.position();
            self.pass_over();
            let text = self.cursor.slice(from, self.cursor.position()).to_owned();
            let references = self.query_references(&text);
            routine.sql_body = Some(Expression { text, references });
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Returns a setting of a routine: what it takes over is what the session has now.
    fn routine_setting(&self, setting: &str) -> String {
        let words: Vec<&str> = setting.split_ascii_whitespace().collect();
        match words.as_slice() {
            [name, from, current]
                if name.eq_ignore_ascii_case("search_path")
                    && from.eq_ignore_ascii_case("from")
                    && current.eq_ignore_ascii_case("current") =>
            {
                let path = self.session.path().iter().map(|schema| quote_ident(schema, self.session.version));
                format!("SET search_path TO {}", path.collect::<Vec<_>>().join(", "))
            }
            _ => match setting.split_once('=') {
                Some((name, value)) if !name.contains('\'') => format!("SET {} TO {}", name.trim(), value.trim()),
                _ => format!("SET {setting}"),
            },
        }
    }

    fn returns(&mut self) -> Result<String, Problem> {
        let from = self.cursor.position();
        if self.cursor.accept(&["TABLE"]) {
            self.cursor.take_group()?;
        } else {
            self.cursor.accept(&["SETOF"]);
            let place = self.cursor.position();
            let ty = self.any_type()?;
            self.known_type(&ty, self.cursor.since(place))?;
        }
        Ok(self.cursor.slice(from, self.cursor.position()).to_owned())
    }

    fn language(&mut self) -> Result<String, Problem> {
        let token = self.cursor.peek().ok_or_else(|| self.cursor.expected("a language"))?;
        if let Some(language) = string_value(self.cursor.text_of(token), token.kind) {
            self.cursor.take();
            return Ok(language.to_ascii_lowercase());
        }
        self.word()
    }

    pub(super) fn alter_routine(&mut self, kind: &str) -> Result<(), Problem> {
        let written = self.written()?;
        let arguments = if self.cursor.is("(") { Some(self.argument_types()?) } else { None };
        let Some(id) = self.routine(&written, arguments.as_deref())? else {
            return Err(missing_routine(kind, &written, arguments.as_deref()));
        };
        self.is_routine(kind, &id, &written)?;
        let at = self.cursor.bytes_at(self.cursor.position() + 2);
        let to = if self.cursor.accept(&["RENAME", "TO"]) {
            ObjectName::new(&id.name.schema, self.word()?)
        } else if self.cursor.accept(&["SET", "SCHEMA"]) {
            ObjectName::new(self.existing_schema()?, &id.name.name)
        } else {
            self.alter_attributes_of(&id, &written)?;
            return Ok(());
        };
        let target = RoutineId { name: to.clone(), arguments: id.arguments.clone() };
        if self.schema.routines.contains_key(&target) {
            let message = format!("function {}({}) already exists in schema \"{}\"", to.name, id.arguments, to.schema);
            return Err(Problem::new("exists", at, message));
        }
        if let Some(routine) = self.schema.routines.remove(&id) {
            self.schema.rename_routine_uses(&id.name, &to, &rewrite);
            self.schema.routines.insert(RoutineId { name: to, arguments: id.arguments }, routine);
        }
        Ok(())
    }

    fn alter_attributes_of(&mut self, id: &RoutineId, written: &Written) -> Result<(), Problem> {
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.word().map(|_| ());
        }
        let Some(mut routine) = self.schema.routines.get(id).cloned() else {
            return Err(self.missing("function", written));
        };
        while self.routine_part(&mut routine)? {}
        self.behaviour();
        routine.attributes.sort();
        routine.attributes.dedup();
        without_defaults(&mut routine);
        self.schema.routines.insert(id.clone(), routine);
        Ok(())
    }
}

/// Takes away what says no more than the default: the server keeps the number alone.
fn without_defaults(routine: &mut Routine) {
    let compiled = ["c", "internal"].contains(&routine.language.as_str());
    let cost = if compiled { 1.0 } else { 100.0 };
    routine.attributes.retain(|attribute| match attribute.split_once(' ') {
        Some(("COST", number)) => number.parse::<f64>() != Ok(cost),
        Some(("ROWS", number)) => number.parse::<f64>() != Ok(1000.0),
        _ => true,
    });
}
