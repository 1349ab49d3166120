//! The arguments of functions, and what the server demands of a routine as a whole.

use std::ops::Range;

use super::reader::Reader;
use crate::dialect::postgres::types::{Modifier, Type};
use crate::fold::Problem;
use crate::schema::{OtherKind, Routine, RoutineId};
use crate::sql::{POSTGRES, significant};

/// One argument.
#[derive(Debug)]
pub(super) struct Argument {
    name: Option<String>,
    /// Whether it is given, rather than only given back.
    given: bool,
    /// Its type with its schema, without modifiers.
    ty: String,
    default: bool,
    at: Range<usize>,
}

/// Returns the types of those that are given, separated by `, `.
pub(super) fn types_of(arguments: &[Argument]) -> String {
    let given = arguments.iter().filter(|argument| argument.given);
    given.map(|argument| argument.ty.as_str()).collect::<Vec<_>>().join(", ")
}

impl Reader<'_, '_> {
    /// Takes arguments in parentheses and returns the types of those that are given, separated by `, `.
    pub(super) fn argument_types(&mut self) -> Result<String, Problem> {
        self.arguments().map(|arguments| types_of(&arguments))
    }

    /// Takes arguments in parentheses.
    pub(super) fn arguments(&mut self) -> Result<Vec<Argument>, Problem> {
        let inside = self.cursor.take_group()?;
        let after = self.cursor.position();
        self.cursor.rewind(inside.start);
        let mut arguments = Vec::new();
        while self.cursor.position() < inside.end {
            arguments.push(self.argument(inside.end)?);
            let comma = self.cursor.accept(&[","]);
            if comma != (self.cursor.position() < inside.end) {
                return Err(self.cursor.expected("an argument"));
            }
        }
        self.cursor.rewind(after);
        Ok(arguments)
    }

    /// Takes one argument: `[mode] [name] type [DEFAULT value]`.
    fn argument(&mut self, end: usize) -> Result<Argument, Problem> {
        let at = self.cursor.here();
        let out = self.cursor.accept(&["OUT"]);
        let _ = self.cursor.accept(&["INOUT"]) || self.cursor.accept(&["IN"]) || self.cursor.accept(&["VARIADIC"]);
        let from = self.cursor.position();
        let length = self.argument_length(end);
        // What is a type as a whole has no name: `character varying`.
        let is_type = self.any_type().is_ok() && self.cursor.position() == from + length;
        self.cursor.rewind(from);
        let named = length > 1 && !is_type;
        let name = if named { Some(self.word()?) } else { None };
        let place = self.cursor.position();
        let ty = self.any_type()?;
        self.known_type(&ty, self.cursor.since(place))?;
        let default = self.cursor.position();
        self.cursor.take_until(&[","]);
        // A routine keeps no modifiers of its arguments.
        let plain = Type { modifier: Modifier::None, ..ty };
        Ok(Argument {
            name,
            given: !out,
            ty: self.resolve_type(&plain).to_string(),
            default: self.cursor.position() > default,
            at,
        })
    }

    /// Returns how many tokens name and type of an argument take.
    fn argument_length(&mut self, end: usize) -> usize {
        let from = self.cursor.position();
        let at = self.cursor.take_until(&[",", "DEFAULT", "="]);
        self.cursor.rewind(from);
        at.end.min(end) - from
    }

    /// Refuses names that are used twice, and an argument without a default behind one with a default.
    pub(super) fn arguments_fit(&self, arguments: &[Argument]) -> Result<(), Problem> {
        for (n, argument) in arguments.iter().enumerate() {
            let before = &arguments[..n];
            let used = before.iter().any(|other| other.name == argument.name);
            if let Some(name) = argument.name.as_ref().filter(|_| used) {
                let message = format!("parameter name \"{name}\" used more than once");
                return Err(Problem::new("exists", argument.at.clone(), message));
            }
            if argument.given && !argument.default && before.iter().any(|other| other.given && other.default) {
                let message = "input parameters after one with a default value must also have defaults";
                return Err(Problem::new("refused", argument.at.clone(), message));
            }
        }
        Ok(())
    }

    /// Refuses a part of a routine that says what another one said.
    pub(super) fn said_once(&self, seen: &mut Vec<&'static str>, from: usize) -> Result<(), Problem> {
        let at = self.cursor.since(from);
        let text = self.cursor.text()[at.clone()].to_ascii_uppercase();
        let group = match text.split_whitespace().next().unwrap_or_default() {
            "IMMUTABLE" | "STABLE" | "VOLATILE" => "volatility",
            "STRICT" | "CALLED" => "strict",
            "RETURNS" if text.contains("NULL INPUT") => "strict",
            "SECURITY" | "EXTERNAL" => "security",
            "LEAKPROOF" | "NOT" => "leakproof",
            "PARALLEL" => "parallel",
            "LANGUAGE" => "language",
            "COST" => "cost",
            "ROWS" => "rows",
            "SUPPORT" => "support",
            "AS" => "body",
            "WINDOW" => "window",
            _ => return Ok(()),
        };
        if seen.contains(&group) {
            return Err(Problem::new("refused", at, "conflicting or redundant options"));
        }
        seen.push(group);
        Ok(())
    }

    /// Refuses a routine that lacks something.
    pub(super) fn routine_fits(
        &self,
        routine: &Routine,
        arguments: &[Argument],
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let refuse = |message: &str| Err(Problem::new("refused", at.clone(), message.to_owned()));
        let procedure = routine.kind == "procedure";
        let gives = arguments.iter().any(|argument| !argument.given);
        if routine.language.is_empty() && routine.sql_body.is_none() {
            return refuse("no language specified");
        }
        let own = ["sql", "plpgsql", "c", "internal", ""];
        let more = |kind| matches!(kind, OtherKind::Extension | OtherKind::Language);
        if !own.contains(&routine.language.as_str()) && !self.schema.others.keys().any(|id| more(id.kind)) {
            let at = self.last_token_of(&(at.end..self.cursor.end_of_taken()), &routine.language);
            return Err(Problem::new(
                "unknown-object",
                at,
                format!("language \"{}\" does not exist", routine.language),
            ));
        }
        if routine.body.is_empty() && routine.sql_body.is_none() && !self.has_body() {
            return refuse("no function body specified");
        }
        if routine.returns.is_empty() && !procedure && !gives && !self.writes_back(arguments) {
            return refuse("function result type must be specified");
        }
        Ok(())
    }

    /// Returns whether AS is said, with an empty body.
    fn has_body(&self) -> bool {
        significant(self.cursor.text(), &POSTGRES).iter().any(|word| word.is("AS"))
    }

    /// Returns whether one of the arguments is INOUT.
    fn writes_back(&self, arguments: &[Argument]) -> bool {
        arguments.iter().any(|argument| {
            let text = &self.cursor.text()[argument.at.clone()];
            text.eq_ignore_ascii_case("INOUT")
        })
    }

    /// Refuses to replace a routine by one that callers could not use alike.
    pub(super) fn replaces(
        &mut self,
        id: &RoutineId,
        old: &Routine,
        new: &Routine,
        arguments: &[Argument],
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let help = format!("Use DROP FUNCTION {}({}) first.", id.name.name, id.arguments);
        let refuse =
            |at: &Range<usize>, message: String| Err(Problem::new("refused", at.clone(), message).help(help.clone()));
        if old.kind != new.kind {
            return refuse(at, "cannot change routine kind".to_owned());
        }
        let (before, after) = (self.result(&old.returns), self.result(&new.returns));
        if before.is_some() && after.is_some() && before != after {
            let place = self.token_of(&(at.end..self.cursor.end_of_taken()), "returns");
            return refuse(&place, "cannot change return type of existing function".to_owned());
        }
        let text = format!("({})", old.arguments);
        let had = Reader::new(self.schema, self.session, &text)?.arguments().unwrap_or_default();
        for (old, new) in had.iter().zip(arguments) {
            if let Some(name) = old.name.as_ref().filter(|_| old.name != new.name) {
                return refuse(&new.at, format!("cannot change name of input parameter \"{name}\""));
            }
            if old.default && !new.default {
                return refuse(&new.at, "cannot remove parameter defaults from existing function".to_owned());
            }
        }
        Ok(())
    }

    /// Returns the one type of a result, and whether it is a set.
    fn result(&self, returns: &str) -> Option<(bool, String)> {
        let words = significant(returns, &POSTGRES);
        let set = words.first().is_some_and(|word| word.is("SETOF"));
        let rest = &words[usize::from(set)..];
        let (ty, taken) = Type::parse(rest).ok()?;
        let is_table = words.first().is_some_and(|word| word.is("TABLE"));
        (taken == rest.len() && !is_table).then(|| {
            let plain = Type { modifier: Modifier::None, ..ty };
            (set, self.resolve_type(&plain).to_string())
        })
    }
}
