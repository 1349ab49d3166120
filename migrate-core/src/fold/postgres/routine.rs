//! Functions, procedures and triggers.

use std::collections::BTreeSet;

use super::expression::{rewrite, string_value};
use super::reader::{Reader, Written};
use crate::dialect::postgres::keywords::quote_ident;
use crate::dialect::postgres::types::{Modifier, Type};
use crate::fold::Problem;
use crate::schema::{Expression, ObjectName, Routine, RoutineId, Trigger};

impl Reader<'_, '_> {
    pub(super) fn create_routine(&mut self, replace: bool) -> Result<(), Problem> {
        let kind = self.identifier()?;
        let written = self.written()?;
        let name = self.new_name(&written)?;
        let start = self.cursor.position();
        let arguments = self.argument_types()?;
        let mut routine = Routine { kind, ..Routine::default() };
        routine.arguments = self.cursor.slice(start + 1, self.cursor.position() - 1).to_owned();
        routine.references = self.references(&routine.arguments, &BTreeSet::new());
        let id = RoutineId { name, arguments };
        if !replace && self.schema.routines.contains_key(&id) {
            let message = format!("function \"{}\" already exists with same argument types", id.name.name);
            return Err(Problem::new("exists", written.at, message));
        }
        while self.routine_part(&mut routine)? {}
        routine.attributes.sort();
        without_defaults(&mut routine);
        let comment = self.schema.routines.get(&id).and_then(|old| old.comment.clone());
        self.schema.routines.insert(id, Routine { comment, ..routine });
        Ok(())
    }

    /// Takes arguments in parentheses and returns the types of those that are given, separated by `, `.
    pub(super) fn argument_types(&mut self) -> Result<String, Problem> {
        let inside = self.cursor.take_group()?;
        let after = self.cursor.position();
        self.cursor.rewind(inside.start);
        let mut types = Vec::new();
        while self.cursor.position() < inside.end {
            if let Some(ty) = self.argument(inside.end)? {
                types.push(ty);
            }
            self.cursor.accept(&[","]);
        }
        self.cursor.rewind(after);
        Ok(types.join(", "))
    }

    /// Takes one argument, `[mode] [name] type [DEFAULT value]`, and returns its type unless it is only given back.
    fn argument(&mut self, end: usize) -> Result<Option<String>, Problem> {
        let out = self.cursor.accept(&["OUT"]);
        let _ = self.cursor.accept(&["INOUT"]) || self.cursor.accept(&["IN"]) || self.cursor.accept(&["VARIADIC"]);
        let from = self.cursor.position();
        let length = self.argument_length(end);
        // What is a type as a whole has no name: `character varying`.
        let is_type = self.any_type().is_ok() && self.cursor.position() == from + length;
        self.cursor.rewind(from);
        if !is_type {
            self.cursor.skip(1);
        }
        let ty = self.any_type()?;
        self.cursor.take_until(&[","]);
        // A routine keeps no modifiers of its arguments.
        let plain = Type { modifier: Modifier::None, ..ty };
        Ok((!out).then(|| self.resolve_type(&plain).to_string()))
    }

    /// Returns how many tokens name and type of an argument take.
    fn argument_length(&mut self, end: usize) -> usize {
        let from = self.cursor.position();
        let at = self.cursor.take_until(&[",", "DEFAULT", "="]);
        self.cursor.rewind(from);
        at.end.min(end) - from
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
            self.any_type()?;
        }
        Ok(self.cursor.slice(from, self.cursor.position()).to_owned())
    }

    fn language(&mut self) -> Result<String, Problem> {
        let token = self.cursor.peek().ok_or_else(|| self.cursor.expected("a language"))?;
        if let Some(language) = string_value(self.cursor.text_of(token), token.kind) {
            self.cursor.take();
            return Ok(language.to_ascii_lowercase());
        }
        self.identifier()
    }

    pub(super) fn alter_routine(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let arguments = if self.cursor.is("(") { Some(self.argument_types()?) } else { None };
        let Some(id) = self.routine(&written, arguments.as_deref())? else {
            return Err(self.missing("function", &written));
        };
        let to = if self.cursor.accept(&["RENAME", "TO"]) {
            ObjectName::new(&id.name.schema, self.identifier()?)
        } else if self.cursor.accept(&["SET", "SCHEMA"]) {
            ObjectName::new(self.identifier()?, &id.name.name)
        } else {
            self.alter_attributes_of(&id, &written)?;
            return Ok(());
        };
        if let Some(routine) = self.schema.routines.remove(&id) {
            self.schema.rename_routine_uses(&id.name, &to, &rewrite);
            self.schema.routines.insert(RoutineId { name: to, arguments: id.arguments }, routine);
        }
        Ok(())
    }

    fn alter_attributes_of(&mut self, id: &RoutineId, written: &Written) -> Result<(), Problem> {
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.identifier().map(|_| ());
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

    pub(super) fn create_trigger(&mut self, replace: bool) -> Result<(), Problem> {
        self.cursor.accept(&["CONSTRAINT"]);
        self.cursor.expect("TRIGGER")?;
        let at = self.cursor.here();
        let name = self.identifier()?;
        let mut columns = Vec::new();
        while !self.cursor.is("ON") {
            if self.cursor.is_done() {
                return Err(self.cursor.expected("`ON` and a table"));
            }
            if self.cursor.accept(&["OF"]) {
                columns.push(self.identifier()?);
                while self.cursor.accept(&[","]) {
                    columns.push(self.identifier()?);
                }
                continue;
            }
            self.cursor.take();
        }
        self.cursor.expect("ON")?;
        let written = self.written()?;
        let Some((relation, _)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        let function = self.trigger_function()?;
        let own: BTreeSet<String> = self.columns_of(&relation).into_iter().collect();
        if let Some(column) = columns.iter().find(|column| !own.contains(*column)) {
            let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
            return Err(Problem::new("unknown-column", at, message));
        }
        let definition = Expression::new(self.cursor.text());
        let trigger = Trigger { definition, function, columns, enabled: Some('O'), ..Trigger::default() };
        let triggers = match (self.schema.tables.get_mut(&relation), self.schema.views.get_mut(&relation)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => return Err(self.missing("relation", &written)),
        };
        if triggers.contains_key(&name) && !replace {
            let message = format!("trigger \"{name}\" for relation \"{}\" already exists", relation.name);
            return Err(Problem::new("exists", at, message));
        }
        triggers.insert(name, trigger);
        Ok(())
    }

    /// Takes the rest of a trigger up to its function, which is returned.
    fn trigger_function(&mut self) -> Result<Option<ObjectName>, Problem> {
        while !self.cursor.accept(&["EXECUTE"]) {
            if self.cursor.take().is_none() {
                return Err(self.cursor.expected("`EXECUTE FUNCTION`"));
            }
        }
        let _ = self.cursor.accept(&["FUNCTION"]) || self.cursor.accept(&["PROCEDURE"]);
        let function = self.written()?;
        self.cursor.take_group()?;
        let found = self.session.find(&function.parts, |name| self.schema.routines.keys().any(|id| id.name == *name));
        Ok(Some(found.unwrap_or_else(|| match function.parts.as_slice() {
            [schema, name] => ObjectName::new(schema, name),
            _ => ObjectName::new("pg_catalog", function.last()),
        })))
    }

    pub(super) fn alter_trigger(&mut self) -> Result<(), Problem> {
        let at = self.cursor.here();
        let name = self.identifier()?;
        self.cursor.expect("ON")?;
        let written = self.written()?;
        let Some((relation, _)) = self.relation(&written) else { return Err(self.missing("relation", &written)) };
        if !self.cursor.accept(&["RENAME", "TO"]) {
            self.pass_over();
            return Ok(());
        }
        let to = self.identifier()?;
        let triggers = match (self.schema.tables.get_mut(&relation), self.schema.views.get_mut(&relation)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => return Ok(()),
        };
        match triggers.remove(&name) {
            Some(trigger) => {
                triggers.insert(to, trigger);
                Ok(())
            }
            None => {
                let message = format!("trigger \"{name}\" for table \"{}\" does not exist", relation.name);
                Err(Problem::new("unknown-object", at, message))
            }
        }
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
