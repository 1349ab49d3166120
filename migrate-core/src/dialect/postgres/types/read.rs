//! Words to a type: the grammar's `Typename`, without `SETOF`.

use super::super::keywords::{self, Category, WordError, fold_identifier, qualified_name};
use super::modifier::{Argument, Modifier, integer};
use super::{Type, TypeBase, builtin};
use crate::sql::{TokenKind, Word};

/// A type that was read.
pub(super) struct Read {
    pub(super) ty: Type,
    /// How many words it took.
    pub(super) taken: usize,
    /// The last part of its name: as written, or the catalog's for a name of the grammar.
    pub(super) name: String,
}

/// Reads a type from the beginning of some words.
pub(super) fn read(words: &[Word<'_>]) -> Result<Read, WordError> {
    let mut reader = Reader { words, at: 0 };
    if reader.is("SETOF") {
        return Err(WordError::new(0, "a column cannot be declared SETOF"));
    }
    let simple = reader.simple()?;
    if reader.symbol("%") {
        return Err(WordError::syntax(words, reader.at));
    }
    let bounds = reader.bounds()?;
    let no_array = match &simple.ty.base {
        TypeBase::Builtin(builtin) => simple.ty.array || !builtin.array,
        TypeBase::User { .. } => false,
    };
    if bounds && no_array {
        return Err(WordError::new(0, format!("type \"{}[]\" does not exist", simple.typed)));
    }
    let ty = Type { array: simple.ty.array || bounds, ..simple.ty };
    Ok(Read { ty, taken: reader.at, name: simple.name })
}

/// Reads the fields of an interval literal that follow it: `interval '1' day to second(3)`.
pub(super) fn interval_fields(words: &[Word<'_>]) -> Result<usize, WordError> {
    let mut reader = Reader { words, at: 0 };
    reader.fields()?;
    Ok(reader.at)
}

struct Reader<'w, 't> {
    words: &'w [Word<'t>],
    at: usize,
}

/// A type without brackets.
struct Simple {
    ty: Type,
    /// As [`Read::name`].
    name: String,
    /// The whole name as the server's messages say it.
    typed: String,
}

impl Reader<'_, '_> {
    fn is(&self, keyword: &str) -> bool {
        self.is_at(0, keyword)
    }

    fn is_at(&self, ahead: usize, keyword: &str) -> bool {
        self.words.get(self.at + ahead).is_some_and(|word| word.is(keyword))
    }

    /// Returns whether a word that is neither name nor string is this one.
    fn symbol(&self, text: &str) -> bool {
        let symbols = [TokenKind::Symbol, TokenKind::Open, TokenKind::Close];
        self.words.get(self.at).is_some_and(|word| symbols.contains(&word.kind) && word.text == text)
    }

    fn accept(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        self.at += usize::from(found);
        found
    }

    fn accept_symbol(&mut self, text: &str) -> bool {
        let found = self.symbol(text);
        self.at += usize::from(found);
        found
    }

    fn syntax<T>(&self) -> Result<T, WordError> {
        Err(WordError::syntax(self.words, self.at))
    }

    fn expect_symbol(&mut self, text: &str) -> Result<(), WordError> {
        if self.accept_symbol(text) { Ok(()) } else { self.syntax() }
    }

    /// The names that the grammar knows are no names of types: in quotes, or after a schema, they are others.
    fn simple(&mut self) -> Result<Simple, WordError> {
        let first = self.words.first().filter(|word| word.is_keyword());
        let word = first.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
        match word.as_str() {
            "int" | "integer" => self.plain("int4"),
            "smallint" => self.plain("int2"),
            "bigint" => self.plain("int8"),
            "real" => self.plain("float4"),
            "boolean" => self.plain("bool"),
            "float" => self.float(),
            "double" if self.is_at(1, "PRECISION") => {
                self.at += 1;
                self.plain("float8")
            }
            "decimal" | "dec" | "numeric" => {
                self.at += 1;
                let arguments = self.arguments()?;
                built("numeric", &arguments)
            }
            "bit" => self.bit(),
            "character" | "char" | "nchar" => self.character(),
            "national" if self.is_at(1, "CHARACTER") || self.is_at(1, "CHAR") => {
                self.at += 1;
                self.character()
            }
            "varchar" => {
                self.at += 1;
                let length = self.constant()?;
                built("varchar", length.as_slice())
            }
            "time" | "timestamp" => self.time(&word),
            "interval" => self.interval(),
            _ => self.generic(),
        }
    }

    fn plain(&mut self, name: &str) -> Result<Simple, WordError> {
        self.at += 1;
        built(name, &[])
    }

    fn float(&mut self) -> Result<Simple, WordError> {
        self.at += 1;
        let Some(precision) = self.constant()? else { return built("float8", &[]) };
        match integer(&precision.text) {
            Some(0) => Err(WordError::new(precision.word, "precision for type float must be at least 1 bit")),
            Some(1..=24) => built("float4", &[]),
            Some(25..=53) => built("float8", &[]),
            _ => Err(WordError::new(precision.word, "precision for type float must be less than 54 bits")),
        }
    }

    fn bit(&mut self) -> Result<Simple, WordError> {
        self.at += 1;
        let varying = self.accept("VARYING");
        let arguments = self.arguments()?;
        match (varying, arguments.as_slice()) {
            (true, arguments) => built("varbit", arguments),
            (false, []) => built("bit", &[one()]),
            (false, arguments) => built("bit", arguments),
        }
    }

    fn character(&mut self) -> Result<Simple, WordError> {
        self.at += 1;
        let varying = self.accept("VARYING");
        let length = self.constant()?;
        match (varying, length) {
            (true, length) => built("varchar", length.as_slice()),
            (false, length) => built("bpchar", &[length.unwrap_or_else(one)]),
        }
    }

    fn time(&mut self, word: &str) -> Result<Simple, WordError> {
        self.at += 1;
        let precision = self.constant()?;
        let zone = (self.is("WITH") || self.is("WITHOUT")) && self.is_at(1, "TIME");
        let with = self.is("WITH");
        if zone {
            self.at += 2;
            if !self.accept("ZONE") {
                return self.syntax();
            }
        }
        let name = if zone && with { format!("{word}tz") } else { word.to_owned() };
        built(&name, precision.as_slice())
    }

    fn interval(&mut self) -> Result<Simple, WordError> {
        self.at += 1;
        let (fields, precision) = match self.constant()? {
            Some(precision) => ("", Some(precision)),
            None => self.fields()?,
        };
        let digits = precision.map(|precision| number(&precision.text));
        let mut simple = built("interval", &[])?;
        simple.ty.modifier = Modifier::interval(fields, digits);
        Ok(simple)
    }

    fn fields(&mut self) -> Result<(&'static str, Option<Argument>), WordError> {
        const FIELDS: &[(&str, &str, &str)] = &[
            ("YEAR", "MONTH", "year to month"),
            ("DAY", "HOUR", "day to hour"),
            ("DAY", "MINUTE", "day to minute"),
            ("DAY", "SECOND", "day to second"),
            ("HOUR", "MINUTE", "hour to minute"),
            ("HOUR", "SECOND", "hour to second"),
            ("MINUTE", "SECOND", "minute to second"),
            ("YEAR", "", "year"),
            ("MONTH", "", "month"),
            ("DAY", "", "day"),
            ("HOUR", "", "hour"),
            ("MINUTE", "", "minute"),
            ("SECOND", "", "second"),
        ];
        let range = |from: &str, to: &str| to.is_empty() || (self.is_at(1, "TO") && self.is_at(2, to) && self.is(from));
        let Some((_, to, fields)) = FIELDS.iter().find(|(from, to, _)| self.is(from) && range(from, to)) else {
            return Ok(("", None));
        };
        self.at += if to.is_empty() { 1 } else { 3 };
        if self.is("TO") {
            self.at += 1;
            return self.syntax();
        }
        let precision = if fields.ends_with("second") { self.constant()? } else { None };
        Ok((fields, precision))
    }

    fn generic(&mut self) -> Result<Simple, WordError> {
        let Some(first) = self.words.first() else { return self.syntax() };
        let word = first.text.to_ascii_lowercase();
        // Later versions added words that nobody gives a type without quotes: the fewest suit all of them.
        let category = if first.is_keyword() { keywords::category(&word, 0) } else { None };
        if matches!(category, Some(Category::Reserved | Category::ColumnName)) {
            return self.syntax();
        }
        let (mut parts, taken) = qualified_name(self.words)?;
        let typed = parts.join(".");
        self.at = taken;
        let arguments = self.arguments()?;
        let name = parts.pop().unwrap_or_default();
        match parts.as_slice() {
            [] => find(None, name, &arguments, typed),
            [schema] => find(Some(schema), name, &arguments, typed),
            [_, _] => Err(WordError::new(0, format!("cross-database references are not implemented: {typed}"))),
            _ => Err(WordError::new(0, format!("improper qualified name (too many dotted names): {typed}"))),
        }
    }

    /// Reads `(…)` with a list of constants and names.
    fn arguments(&mut self) -> Result<Vec<Argument>, WordError> {
        let mut arguments = Vec::new();
        if !self.accept_symbol("(") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.argument()?);
            if self.accept_symbol(")") {
                return Ok(arguments);
            }
            if !self.accept_symbol(",") {
                let message = "type modifiers must be simple constants or identifiers";
                return Err(WordError::new(self.at, message));
            }
        }
    }

    fn argument(&mut self) -> Result<Argument, WordError> {
        let word = self.at;
        let minus = self.accept_symbol("-");
        let Some(token) = self.words.get(self.at) else { return self.syntax() };
        let text = match token.kind {
            TokenKind::Number => format!("{}{}", if minus { "-" } else { "" }, token.text),
            TokenKind::String if !minus && token.text.starts_with('\'') => {
                token.text[1..token.text.len() - 1].replace("''", "'")
            }
            TokenKind::Word | TokenKind::QuotedName if !minus => {
                fold_identifier(token).map_err(|error| error.after(self.at))?
            }
            TokenKind::Close => return self.syntax(),
            _ => return Err(WordError::new(word, "type modifiers must be simple constants or identifiers")),
        };
        self.at += 1;
        Ok(Argument { word, text })
    }

    /// Reads `(n)` where the grammar takes nothing but a whole number.
    fn constant(&mut self) -> Result<Option<Argument>, WordError> {
        if !self.accept_symbol("(") {
            return Ok(None);
        }
        let number = self.words.get(self.at).filter(|word| word.kind == TokenKind::Number);
        let fits = |word: &&Word<'_>| integer(word.text).is_some_and(|number| i32::try_from(number).is_ok());
        let Some(number) = number.filter(fits) else { return self.syntax() };
        let argument = Argument { word: self.at, text: number.text.to_owned() };
        self.at += 1;
        self.expect_symbol(")")?;
        Ok(Some(argument))
    }

    fn bounds(&mut self) -> Result<bool, WordError> {
        let keyword = self.accept("ARRAY");
        let mut found = keyword;
        while self.accept_symbol("[") {
            found = true;
            let whole = |word: &Word<'_>| word.kind == TokenKind::Number && integer(word.text).is_some();
            self.at += usize::from(self.words.get(self.at).is_some_and(whole));
            self.expect_symbol("]")?;
            if keyword {
                break;
            }
        }
        Ok(found)
    }
}

fn one() -> Argument {
    Argument { word: 0, text: "1".to_owned() }
}

/// What [`Reader::constant`] took fits.
fn number(text: &str) -> i32 {
    integer(text).and_then(|number| i32::try_from(number).ok()).unwrap_or(i32::MAX)
}

fn built(name: &str, arguments: &[Argument]) -> Result<Simple, WordError> {
    find(Some("pg_catalog"), name.to_owned(), arguments, name.to_owned())
}

/// Finds the type of a name. The server looks into `pg_catalog` first, whatever the search path.
fn find(schema: Option<&str>, name: String, arguments: &[Argument], typed: String) -> Result<Simple, WordError> {
    let catalog = schema.is_none_or(|schema| schema == "pg_catalog");
    let element = name.strip_prefix('_').and_then(builtin).filter(|builtin| builtin.array);
    let (base, array) = match builtin(&name).filter(|_| catalog) {
        Some(builtin) => (TypeBase::Builtin(builtin), false),
        None => match element.filter(|_| catalog) {
            Some(element) => (TypeBase::Builtin(element), true),
            // The row types of the server's own catalogs.
            None if schema == Some("pg_catalog") && name.starts_with("pg_") => {
                (TypeBase::User { schema: None, name: name.clone() }, false)
            }
            None if schema == Some("pg_catalog") => {
                return Err(WordError::new(0, format!("type \"{typed}\" does not exist")));
            }
            None => (TypeBase::User { schema: schema.map(str::to_owned), name: name.clone() }, false),
        },
    };
    let modifier = match &base {
        TypeBase::Builtin(builtin) => Modifier::of(builtin, arguments, &typed)?,
        TypeBase::User { .. } if arguments.is_empty() => Modifier::None,
        TypeBase::User { .. } => {
            Modifier::Other(arguments.iter().map(|argument| argument.text.to_ascii_lowercase()).collect())
        }
    };
    Ok(Simple { ty: Type { base, modifier, array }, name, typed })
}
