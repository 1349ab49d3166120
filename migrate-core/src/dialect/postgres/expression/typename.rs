//! Names of types, by their names in `pg_type`, so that every way to write one is the same.

use super::lex::{Kind, Token, tokens};

/// A type as an expression names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Type {
    /// The schema where one is written, but for `pg_catalog`.
    pub(super) schema: Option<String>,
    /// The name in `pg_type` of a type of the server's own, the written name of another; without `[]`.
    pub(super) name: String,
    /// What restricts it: `10` or `10,2`, and the fields of an interval.
    pub(super) modifier: Option<String>,
    /// Whether it is an array of this.
    pub(super) array: bool,
}

impl Type {
    /// Returns a type of the server's own, by its name in `pg_type`; one with `_` before it is the array.
    pub(super) fn server(name: &str) -> Self {
        let (name, array) = name.strip_prefix('_').map_or((name, false), |element| (element, true));
        Self { schema: None, name: name.to_owned(), modifier: None, array }
    }

    /// Reads a type that is the whole of a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text);
        let (read, end) = read(&tokens, 0)?;
        (end == tokens.len()).then_some(read)
    }

    /// Returns the type without its modifier.
    pub(super) fn base(&self) -> Self {
        Self { modifier: None, ..self.clone() }
    }

    /// Returns the type of the elements.
    pub(super) fn element(&self) -> Self {
        Self { array: false, ..self.clone() }
    }

    /// Returns the array of this type.
    pub(super) fn array_of(&self) -> Self {
        Self { array: true, ..self.clone() }
    }

    /// Returns the type as SQL that every reader of types understands.
    pub(super) fn sql(&self) -> String {
        let mut out = String::new();
        if let Some(schema) = &self.schema {
            out.push_str(&crate::sql::name(schema));
            out.push('.');
        }
        let own = self.schema.is_none() && super::catalog::is_type(&self.name);
        if own && self.name != "char" {
            out.push_str(&self.name);
        } else {
            out.push_str(&crate::sql::name(&self.name));
        }
        match &self.modifier {
            Some(fields) if self.name == "interval" && !fields.starts_with(|c: char| c.is_ascii_digit()) => {
                out.push(' ');
                out.push_str(fields);
            }
            Some(modifier) => {
                out.push('(');
                out.push_str(modifier);
                out.push(')');
            }
            None => {}
        }
        if self.array {
            out.push_str("[]");
        }
        out
    }

    /// Returns whether this is the given type of the server's own, whatever its modifier.
    pub(super) fn is(&self, name: &str) -> bool {
        self.schema.is_none() && !self.array && self.name == name
    }

    /// Returns whether this is one of the given types of the server's own.
    pub(super) fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)?;
        if let Some(modifier) = &self.modifier {
            write!(f, "({modifier})")?;
        }
        f.write_str(if self.array { "[]" } else { "" })
    }
}

/// Reads a type that begins at a token, and returns where it ends.
pub(super) fn read(tokens: &[Token], at: usize) -> Option<(Type, usize)> {
    let first = tokens.get(at).filter(|token| token.is_name())?;
    let (mut read, mut end) = match first.kind {
        Kind::Word => spelled(tokens, at).or_else(|| named(tokens, at))?,
        _ => named(tokens, at)?,
    };
    if tokens.get(end).is_some_and(|token| token.is("array")) {
        read.array = true;
        end += 1;
    }
    while tokens.get(end).is_some_and(|token| token.punctuates("[")) {
        let size = usize::from(tokens.get(end + 1).is_some_and(|token| token.kind == Kind::Number));
        if !tokens.get(end + 1 + size).is_some_and(|token| token.punctuates("]")) {
            break;
        }
        read.array = true;
        end += 2 + size;
    }
    Some((read, end))
}

/// Reads the types whose names are grammar: `double precision`, `timestamp (3) with time zone`.
fn spelled(tokens: &[Token], at: usize) -> Option<(Type, usize)> {
    let word = |offset: usize, keyword: &str| tokens.get(at + offset).is_some_and(|token| token.is(keyword));
    let with = |name: &str, end: usize, default: Option<&str>| {
        let (modifier, end) = modifier(tokens, end);
        let modifier = modifier.or_else(|| default.map(str::to_owned));
        Some((Type { modifier, ..Type::server(name) }, end))
    };
    let varying = |offset: usize| word(offset, "varying");
    match tokens[at].text.as_str() {
        "double" if word(1, "precision") => Some((Type::server("float8"), at + 2)),
        "national" if word(1, "character") || word(1, "char") => {
            if varying(2) {
                with("varchar", at + 3, None)
            } else {
                with("bpchar", at + 2, Some("1"))
            }
        }
        "character" | "char" | "nchar" => {
            if varying(1) {
                with("varchar", at + 2, None)
            } else {
                with("bpchar", at + 1, Some("1"))
            }
        }
        "bit" => {
            if varying(1) {
                with("varbit", at + 2, None)
            } else {
                with("bit", at + 1, Some("1"))
            }
        }
        "float" => {
            let (modifier, end) = modifier(tokens, at + 1);
            let single = modifier.and_then(|bits| bits.parse::<u8>().ok()).is_some_and(|bits| bits < 25);
            Some((Type::server(if single { "float4" } else { "float8" }), end))
        }
        "time" | "timestamp" => {
            let (modifier, mut end) = modifier(tokens, at + 1);
            let mut name = tokens[at].text.clone();
            let zone = |end: usize| {
                tokens.get(end + 1).is_some_and(|token| token.is("time"))
                    && tokens.get(end + 2).is_some_and(|token| token.is("zone"))
            };
            if tokens.get(end).is_some_and(|token| token.is("with")) && zone(end) {
                name.push_str("tz");
                end += 3;
            } else if tokens.get(end).is_some_and(|token| token.is("without")) && zone(end) {
                end += 3;
            }
            Some((Type { modifier, ..Type::server(&name) }, end))
        }
        "interval" => Some(interval(tokens, at + 1)),
        _ => None,
    }
}

/// Reads what may follow `interval`: fields, and a precision after them or alone.
pub(super) fn interval(tokens: &[Token], at: usize) -> (Type, usize) {
    let field = |at: usize| {
        let fields = ["year", "month", "day", "hour", "minute", "second"];
        tokens.get(at).filter(|token| fields.iter().any(|field| token.is(field))).map(|token| token.text.clone())
    };
    let mut end = at;
    let mut parts = Vec::new();
    if let Some(first) = field(end) {
        parts.push(first);
        end += 1;
        if let (true, Some(last)) = (tokens.get(end).is_some_and(|token| token.is("to")), field(end + 1)) {
            parts.push(format!("to {last}"));
            end += 2;
        }
    }
    let (precision, end) = modifier(tokens, end);
    if let Some(precision) = precision {
        match parts.last_mut() {
            Some(last) => *last = format!("{last}({precision})"),
            None => parts.push(precision),
        }
    }
    let modifier = (!parts.is_empty()).then(|| parts.join(" "));
    (Type { modifier, ..Type::server("interval") }, end)
}

/// Reads a type by its name, with its schema.
fn named(tokens: &[Token], at: usize) -> Option<(Type, usize)> {
    let mut parts = vec![tokens[at].clone()];
    let mut end = at + 1;
    while tokens.get(end).is_some_and(|token| token.punctuates(".")) && tokens.get(end + 1).is_some_and(Token::is_name)
    {
        parts.push(tokens[end + 1].clone());
        end += 2;
    }
    let name = parts.pop()?;
    let mut schema = parts.pop().map(|token| token.text);
    let (modifier, end) = modifier(tokens, end);
    let mut text = name.text;
    if schema.as_deref() == Some("pg_catalog") {
        schema = None;
    } else if schema.is_none() && name.kind == Kind::Word {
        text = synonym(&text).to_owned();
    }
    let array = schema.is_none() && text.len() > 1 && text.starts_with('_');
    let modifier = modifier.map(|modifier| match text.as_str() {
        "numeric" if !modifier.contains(',') => format!("{modifier},0"),
        _ => modifier,
    });
    let name = if array { text[1..].to_owned() } else { text };
    Some((Type { schema, name, modifier, array }, end))
}

fn synonym(name: &str) -> &str {
    match name {
        "int" | "integer" | "serial" | "serial4" => "int4",
        "smallint" | "smallserial" | "serial2" => "int2",
        "bigint" | "bigserial" | "serial8" => "int8",
        "real" => "float4",
        "decimal" | "dec" => "numeric",
        "boolean" => "bool",
        other => other,
    }
}

/// Reads `(10)` or `(10, 2)`.
fn modifier(tokens: &[Token], at: usize) -> (Option<String>, usize) {
    if !tokens.get(at).is_some_and(|token| token.punctuates("(")) {
        return (None, at);
    }
    let Some(length) = tokens[at..].iter().position(|token| token.punctuates(")")) else { return (None, at) };
    let inner = &tokens[at + 1..at + length];
    let plain = !inner.is_empty()
        && inner.iter().all(|token| token.kind == Kind::Number || token.punctuates(",") || token.text == "-");
    if !plain {
        return (None, at);
    }
    (Some(inner.iter().map(|token| token.text.as_str()).collect()), at + length + 1)
}
