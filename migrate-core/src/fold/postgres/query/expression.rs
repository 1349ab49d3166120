//! The names that an expression uses.

use std::ops::Range;

use super::scope::{Found, Scope};
use super::value::Sketch;
use super::{Analyst, Value, is_name};
use crate::dialect::postgres::expression::has_function;
use crate::dialect::postgres::keywords::{Category, category};
use crate::dialect::postgres::types::Type;
use crate::fold::Problem;
use crate::fold::postgres::reader::resolve_type;
use crate::schema::ObjectName;
use crate::sql::TokenKind;

/// Words of the grammar that are no reserved ones, and stand where a column could.
const GRAMMAR: &[&str] = &[
    "AT",
    "DAY",
    "DOCUMENT",
    "ESCAPE",
    "FIRST",
    "HOUR",
    "JSON",
    "LAST",
    "MINUTE",
    "MONTH",
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "NORMALIZED",
    "NULLS",
    "OPERATOR",
    "PRECISION",
    "SECOND",
    "TIME",
    "UNKNOWN",
    "VARYING",
    "YEAR",
    "ZONE",
];

/// Words that are operators, whatever follows.
const OPERATORS: &[&str] = &["BETWEEN", "ILIKE", "IS", "ISNULL", "LIKE", "NOTNULL", "OVERLAPS", "SIMILAR"];

/// Columns that every table has.
const SYSTEM: &[&str] = &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// What a name turned out to be.
enum Meaning {
    Column {
        value: Value,
        collation: Option<String>,
        uses: Option<(ObjectName, String)>,
    },
    /// A row, or a column of which nothing more is known.
    Other,
    /// A word of the grammar.
    Nothing,
}

impl Analyst<'_, '_> {
    /// Reads the expressions at some positions.
    pub(super) fn expression(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<Sketch, Problem> {
        let mut sketch = Sketch::default();
        self.walk(at, scope, &mut sketch)?;
        Ok(sketch)
    }

    pub(super) fn walk(&mut self, at: Range<usize>, scope: &Scope<'_>, sketch: &mut Sketch) -> Result<(), Problem> {
        self.deeper(at.start, |this| {
            let mut next = at.start;
            while next < at.end {
                next = this.step(next..at.end, scope, sketch)?;
            }
            Ok(())
        })
    }

    /// Reads one thing and returns where the next begins.
    fn step(&mut self, at: Range<usize>, scope: &Scope<'_>, sketch: &mut Sketch) -> Result<usize, Problem> {
        let start = at.start;
        let Some(token) = self.token(start) else { return Ok(at.end) };
        if is_name(token.kind) {
            return self.named(at, scope, sketch);
        }
        if self.is(start, "(") {
            return self.parenthesis(start, scope, sketch);
        }
        self.raw(start, sketch);
        if self.is(start, ":") && self.is(start + 1, ":") {
            self.raw(start + 1, sketch);
            return Ok(self.type_name(start + 2..at.end, sketch));
        }
        if self.is(start, ".") && start + 1 < at.end {
            // A field of what stands before.
            self.raw(start + 1, sketch);
            return Ok(start + 2);
        }
        Ok(start + 1)
    }

    /// Adds a token as it is.
    pub(super) fn raw(&self, at: usize, sketch: &mut Sketch) {
        if let Some(token) = self.token(at) {
            sketch.push(self.cursor.text_of(token), token.start, token.end);
        }
    }

    fn raws(&self, at: Range<usize>, sketch: &mut Sketch) -> usize {
        at.clone().for_each(|at| self.raw(at, sketch));
        at.end
    }

    fn parenthesis(&mut self, open: usize, scope: &Scope<'_>, sketch: &mut Sketch) -> Result<usize, Problem> {
        let close = self.cursor.closing(open)?;
        if self.starts_query(open + 1) {
            let value = self.subquery(open + 1..close, scope)?;
            self.hole(sketch, value);
            return Ok(close + 1);
        }
        self.raw(open, sketch);
        self.walk(open + 1..close, scope, sketch)?;
        self.raw(close, sketch);
        Ok(close + 1)
    }

    /// Reads a subquery and returns what its first column is.
    fn subquery(&mut self, at: Range<usize>, scope: &Scope<'_>) -> Result<Value, Problem> {
        let outputs = self.query(at, Some(scope), None)?;
        let first = outputs.and_then(|outputs| outputs.into_iter().next());
        Ok(first.map_or(Value::Unknown, |output| output.value.settled()))
    }

    /// Takes a type and tells whom it belongs to.
    fn type_name(&mut self, at: Range<usize>, sketch: &mut Sketch) -> usize {
        let words = self.words(at.start..at.end.min(at.start + 40));
        let Ok((ty, taken)) = Type::parse(&words) else { return at.start };
        if let Some(name) = resolve_type(self.schema, self.session, &ty).user_type() {
            if self.schema.types.contains_key(name) {
                self.references.types.insert(name.clone());
            } else if self.schema.relation(name).is_some() {
                self.references.relations.insert((name.clone(), String::new()));
            }
        }
        self.raws(at.start..at.start + taken, sketch)
    }

    /// Reads what begins with a name or keyword.
    fn named(&mut self, at: Range<usize>, scope: &Scope<'_>, sketch: &mut Sketch) -> Result<usize, Problem> {
        let start = at.start;
        if let Some(next) = self.keyword(at.clone(), scope, sketch)? {
            return Ok(next);
        }
        if self.token(start + 1).is_some_and(|next| start + 1 < at.end && is_string(next.kind)) {
            let next = self.type_name(at.clone(), sketch);
            return Ok(if next > start { next } else { self.raws(start..start + 1, sketch) });
        }
        let Some((parts, end)) = self.chain(start, at.end) else { return Ok(self.raws(start..start + 1, sketch)) };
        if self.token(end).is_some_and(|next| end < at.end && is_string(next.kind)) && parts.len() > 1 {
            return Ok(self.type_name(at, sketch).max(start + 1));
        }
        if self.is(end, "(") && end < at.end {
            return self.call(&parts, start..end, at.end, scope, sketch);
        }
        let names_argument = end + 1 < at.end && (self.symbols(end, "=", ">") || self.symbols(end, ":", "="));
        if names_argument {
            return Ok(self.raws(start..end + 2, sketch));
        }
        if self.is(end, ".") && self.is(end + 1, "*") {
            self.hole(sketch, Value::Unknown);
            return Ok(end + 2);
        }
        match self.resolve(&parts, start, scope)? {
            Meaning::Column { value, collation, uses } => {
                self.references.relations.extend(uses);
                sketch.collation = if end - start == at.len() && sketch.text.is_empty() { collation } else { None };
                self.hole(sketch, value);
            }
            Meaning::Other => self.hole(sketch, Value::Unknown),
            Meaning::Nothing => return Ok(self.raws(start..end, sketch)),
        }
        Ok(end)
    }

    fn symbols(&self, at: usize, first: &str, second: &str) -> bool {
        let joined = self.token(at).zip(self.token(at + 1)).is_some_and(|(one, two)| one.end == two.start);
        joined && self.is(at, first) && self.is(at + 1, second)
    }

    /// Reads what the grammar has a keyword for; `None` if it is a name.
    fn keyword(&mut self, at: Range<usize>, scope: &Scope<'_>, sketch: &mut Sketch) -> Result<Option<usize>, Problem> {
        let start = at.start;
        let Some(word) = self.word(start).filter(|word| word.kind == TokenKind::Word) else { return Ok(None) };
        let lower = word.text.to_ascii_lowercase();
        let query = self.is(start + 1, "(") && start + 1 < at.end && self.starts_query(start + 2);
        if query && ["exists", "array", "any", "some", "all"].contains(&lower.as_str()) {
            let close = self.cursor.closing(start + 1)?;
            let value = self.subquery(start + 2..close, scope)?;
            match lower.as_str() {
                "exists" => self.hole(sketch, Value::builtin("boolean")),
                "array" => self.hole(sketch, value.array()),
                _ => {
                    self.raws(start..start + 2, sketch);
                    self.hole(sketch, value.array());
                    self.raw(close, sketch);
                }
            }
            return Ok(Some(close + 1));
        }
        if lower == "as" {
            self.raw(start, sketch);
            return Ok(Some(self.type_name(start + 1..at.end, sketch).max(start + 1)));
        }
        if lower == "collate" {
            let end = self.chain(start + 1, at.end).map_or(start + 1, |(_, end)| end);
            return Ok(Some(self.raws(start..end, sketch)));
        }
        if lower == "operator" && self.is(start + 1, "(") {
            let close = self.cursor.closing(start + 1)?;
            return Ok(Some(self.raws(start..close + 1, sketch)));
        }
        if lower == "at" && self.is(start + 1, "TIME") && self.is(start + 2, "ZONE") {
            return Ok(Some(self.raws(start..start + 3, sketch)));
        }
        if lower == "nulls" && self.is_any(start + 1, &["FIRST", "LAST"]) {
            return Ok(Some(self.raws(start..start + 2, sketch)));
        }
        let reserved = category(&lower, self.session.version) == Some(Category::Reserved);
        let operator = OPERATORS.iter().any(|operator| word.is(operator)) && !self.is(start + 1, ".");
        Ok((reserved || operator).then(|| self.raws(start..start + 1, sketch)))
    }

    /// Finds what a name that is not called means.
    fn resolve(&self, parts: &[String], at: usize, scope: &Scope<'_>) -> Result<Meaning, Problem> {
        let item = match parts {
            [name] => return self.resolve_alone(name, at, scope),
            [alias, _] => scope.item(alias),
            [schema, table, _] => scope.relation(schema, table),
            _ => return Ok(Meaning::Other),
        };
        let Some(item) = item else {
            if self.lenient {
                return Ok(Meaning::Nothing);
            }
            let table = parts[..parts.len() - 1].join(".");
            let message = format!("missing FROM-clause entry for table \"{table}\"");
            return Err(self.problem("unknown-object", at, message));
        };
        let last = parts.last().map_or("", String::as_str);
        match item.columns.iter().find(|column| column.name == last) {
            Some(column) => Ok(Meaning::Column {
                value: column.value.clone(),
                collation: column.collation.clone(),
                uses: column.uses.clone(),
            }),
            // It may be a function of the row.
            None if !item.complete || SYSTEM.contains(&last) || self.routine_named(&parts[parts.len() - 1..]) => {
                Ok(Meaning::Other)
            }
            None => {
                let message = format!("column {} does not exist", parts.join("."));
                Err(self.problem("unknown-column", at, message))
            }
        }
    }

    fn resolve_alone(&self, name: &str, at: usize, scope: &Scope<'_>) -> Result<Meaning, Problem> {
        match scope.column(name) {
            Found::Column(column) => {
                return Ok(Meaning::Column {
                    value: column.value.clone(),
                    collation: column.collation.clone(),
                    uses: column.uses.clone(),
                });
            }
            Found::Ambiguous if self.lenient => return Ok(Meaning::Nothing),
            Found::Ambiguous => {
                let message = format!("column reference \"{name}\" is ambiguous");
                return Err(self.problem("ambiguous", at, message));
            }
            Found::Unsure => return Ok(Meaning::Other),
            Found::Nothing => {}
        }
        if scope.item(name).is_some() || SYSTEM.contains(&name) {
            return Ok(Meaning::Other);
        }
        let grammar = self.word(at).is_some_and(|word| {
            word.kind == TokenKind::Word
                && (category(name, self.session.version).is_some() || GRAMMAR.iter().any(|known| word.is(known)))
        });
        if self.lenient || grammar {
            return Ok(Meaning::Nothing);
        }
        Err(self.problem("unknown-column", at, format!("column \"{name}\" does not exist")))
    }

    /// Returns whether a routine of the schema has a name.
    pub(super) fn routine_named(&self, parts: &[String]) -> bool {
        self.find_routine(parts).is_some()
    }

    pub(super) fn find_routine(&self, parts: &[String]) -> Option<ObjectName> {
        self.session.find(parts, |name| self.schema.routines.keys().any(|id| id.name == *name))
    }

    /// Reads a call, with what may follow its arguments.
    fn call(
        &mut self,
        parts: &[String],
        name: Range<usize>,
        end: usize,
        scope: &Scope<'_>,
        sketch: &mut Sketch,
    ) -> Result<usize, Problem> {
        let open = name.end;
        let close = self.cursor.closing(open)?;
        let mut call = Sketch::default();
        self.raws(name.start..open + 1, &mut call);
        let own = parts.len() == 1 || parts[0] == "pg_catalog";
        let last = parts.last().map_or("", String::as_str);
        let keywords = own && ["extract", "xml", "json_", "treat"].iter().any(|known| last.starts_with(known));
        let before = self.lenient;
        self.lenient |= keywords;
        let result = self.arguments(open + 1..close, own && last == "extract", scope, &mut call);
        self.lenient = before;
        result?;
        let next = self.after_call(close + 1..end, scope, &mut call)?;
        self.raw(close, &mut call);
        match self.find_routine(parts) {
            Some(routine) => {
                let value = if own && has_function(last) { Value::Unknown } else { self.returned(&routine) };
                self.references.routines.insert(routine);
                self.hole(sketch, value);
            }
            None => sketch.append(call),
        }
        Ok(next)
    }

    fn arguments(
        &mut self,
        at: Range<usize>,
        field_first: bool,
        scope: &Scope<'_>,
        call: &mut Sketch,
    ) -> Result<(), Problem> {
        if at.len() == 1 && self.is(at.start, "*") {
            return Ok(());
        }
        let mut start = at.start + usize::from(self.is_any(at.start, &["ALL", "DISTINCT"]));
        if field_first {
            start = self.raws(start..start + 1, call);
        }
        let order = self.find(start..at.end, &|this, at| this.is(at, "ORDER") && this.is(at + 1, "BY"))?;
        self.walk(start..order, scope, call)?;
        self.walk((order + 2).min(at.end)..at.end, scope, &mut Sketch::default())
    }

    /// Reads WITHIN GROUP, FILTER and OVER, and returns where what follows begins.
    fn after_call(&mut self, at: Range<usize>, scope: &Scope<'_>, call: &mut Sketch) -> Result<usize, Problem> {
        let mut next = at.start;
        while next < at.end {
            let open = if self.is(next, "WITHIN") && self.is(next + 1, "GROUP") {
                next + 2
            } else if (self.is(next, "FILTER") || self.is(next, "OVER")) && self.is(next + 1, "(") {
                next + 1
            } else if self.is(next, "OVER") {
                next += 2;
                continue;
            } else {
                break;
            };
            let close = self.cursor.closing(open)?;
            if self.is(next, "WITHIN") {
                for part in self.list(open + 3..close)? {
                    let value =
                        self.find(part.clone(), &|this, at| this.is_any(at, &["ASC", "DESC", "NULLS", "USING"]))?;
                    if !call.text.trim_end().ends_with('(') {
                        call.text.push(',');
                    }
                    self.walk(part.start..value, scope, call)?;
                }
            } else if self.is(next, "FILTER") {
                self.walk(open + 2..close, scope, &mut Sketch::default())?;
            } else {
                self.leniently(|this| this.walk(open + 1..close, scope, &mut Sketch::default()))?;
            }
            next = close + 1;
        }
        Ok(next)
    }

    /// Returns what the routines of a name return, where all return the same.
    pub(super) fn returned(&self, routine: &ObjectName) -> Value {
        let mut values = self.schema.routines.iter().filter(|(id, _)| id.name == *routine).map(|(_, found)| {
            let text = found.returns.trim();
            let set = text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("setof "));
            self.read_type(if set { &text[6..] } else { text })
        });
        let Some(first) = values.next() else { return Value::Unknown };
        if values.all(|other| other == first) { first } else { Value::Unknown }
    }
}

fn is_string(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::String | TokenKind::DollarString)
}
