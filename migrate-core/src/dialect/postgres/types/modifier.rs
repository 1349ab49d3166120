//! What stands in the parentheses of a type: read, checked and printed.

use super::super::keywords::WordError;
use super::builtin::Builtin;

/// The modifiers of a type, as the server keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// None.
    None,
    /// Characters of `varchar` and `char`, bits of `bit`.
    Length(i32),
    /// Digits of a `numeric`, and how many of them stand after the point.
    Numeric {
        /// All digits.
        precision: i32,
        /// Those after the point; less than none leaves digits before it out.
        scale: i32,
    },
    /// Digits of a second, of `time` and `timestamp`.
    Precision(i32),
    /// What an interval keeps.
    Interval {
        /// The fields, as `day to second`; empty for all.
        fields: &'static str,
        /// Digits of a second.
        precision: Option<i32>,
    },
    /// Of a type that is not the server's own: each as text, names in lower case. Only an extension's type has any; for
    /// an enum, a domain and the like the server refuses them, which whoever knows the type has to say.
    Other(Vec<String>),
}

/// One modifier as written, and its word.
pub(super) struct Argument {
    pub(super) word: usize,
    pub(super) text: String,
}

/// The server keeps microseconds, and takes a higher precision for 6 with a warning.
const MAX_PRECISION: i32 = 6;
/// The most characters that a value can have.
const MAX_LENGTH: i32 = 10_485_760;
/// The most bits that a value can have.
const MAX_BITS: i32 = 83_886_080;

impl Modifier {
    /// Checks the modifiers of a built-in type; `typed` is its name as written.
    pub(super) fn of(builtin: &Builtin, arguments: &[Argument], typed: &str) -> Result<Self, WordError> {
        let Some(first) = arguments.first() else { return Ok(Self::None) };
        let fails = |message: String| Err(WordError::new(first.word, message));
        let zone = if builtin.name.ends_with("tz") { " WITH TIME ZONE" } else { "" };
        match builtin.name {
            "numeric" => numeric(arguments),
            "interval" => fails("invalid INTERVAL type modifier".to_owned()),
            "varchar" | "bpchar" | "bit" | "varbit" | "time" | "timetz" | "timestamp" | "timestamptz"
                if arguments.len() > 1 =>
            {
                fails("invalid type modifier".to_owned())
            }
            "varchar" => length(first, "varchar", MAX_LENGTH),
            "bpchar" => length(first, "char", MAX_LENGTH),
            "bit" => length(first, "bit", MAX_BITS),
            "varbit" => length(first, "varbit", MAX_BITS),
            "time" | "timetz" => precision(first, "TIME", zone),
            "timestamp" | "timestamptz" => precision(first, "TIMESTAMP", zone),
            _ => fails(format!("type modifier is not allowed for type \"{typed}\"")),
        }
    }

    /// Returns the modifier of an interval.
    pub(super) fn interval(fields: &'static str, precision: Option<i32>) -> Self {
        match precision {
            None if fields.is_empty() => Self::None,
            _ => Self::Interval { fields, precision: precision.map(|digits| digits.min(MAX_PRECISION)) },
        }
    }

    /// Returns a built-in type with these modifiers, as `format_type` prints it.
    pub(super) fn print(&self, builtin: &Builtin) -> String {
        let printed = builtin.printed;
        match self {
            // A length makes the names of the standard of them; without one only the catalog's name says what it is.
            Self::Length(length) if builtin.name == "bpchar" => format!("character({length})"),
            Self::Length(length) if builtin.name == "bit" => format!("bit({length})"),
            Self::Length(length) => format!("{printed}({length})"),
            Self::Numeric { precision, scale } => format!("{printed}({precision},{scale})"),
            Self::Precision(digits) => match printed.split_once(' ') {
                Some((name, zone)) => format!("{name}({digits}) {zone}"),
                None => format!("{printed}({digits})"),
            },
            Self::Interval { fields, precision } => {
                let space = if fields.is_empty() { "" } else { " " };
                let digits = precision.iter().map(|digits| format!("({digits})")).collect::<String>();
                format!("{printed}{space}{fields}{digits}")
            }
            Self::None | Self::Other(_) => printed.to_owned(),
        }
    }

    /// Returns the parentheses of a type that is not the server's own; empty without any.
    pub(super) fn arguments(&self) -> String {
        match self {
            Self::Other(arguments) => format!("({})", arguments.join(",")),
            _ => String::new(),
        }
    }
}

fn length(argument: &Argument, name: &str, most: i32) -> Result<Modifier, WordError> {
    let length = argument.integer()?;
    if length < 1 {
        return Err(argument.error(format!("length for type {name} must be at least 1")));
    }
    if length > most {
        return Err(argument.error(format!("length for type {name} cannot exceed {most}")));
    }
    Ok(Modifier::Length(length))
}

fn precision(argument: &Argument, name: &str, zone: &str) -> Result<Modifier, WordError> {
    let digits = argument.integer()?;
    if digits < 0 {
        return Err(argument.error(format!("{name}({digits}){zone} precision must not be negative")));
    }
    Ok(Modifier::Precision(digits.min(MAX_PRECISION)))
}

fn numeric(arguments: &[Argument]) -> Result<Modifier, WordError> {
    let (first, second) = match arguments {
        [first] => (first, None),
        [first, second] => (first, Some(second)),
        _ => return Err(WordError::new(arguments[0].word, "invalid NUMERIC type modifier")),
    };
    let precision = first.integer()?;
    let scale = second.map_or(Ok(0), Argument::integer)?;
    if !(1..=1000).contains(&precision) {
        return Err(first.error(format!("NUMERIC precision {precision} must be between 1 and 1000")));
    }
    match second {
        Some(second) if !(-1000..=1000).contains(&scale) => {
            Err(second.error(format!("NUMERIC scale {scale} must be between -1000 and 1000")))
        }
        _ => Ok(Modifier::Numeric { precision, scale }),
    }
}

impl Argument {
    fn error(&self, message: String) -> WordError {
        WordError::new(self.word, message)
    }

    fn integer(&self) -> Result<i32, WordError> {
        match integer(&self.text) {
            Some(number) => i32::try_from(number)
                .map_err(|_| self.error(format!("value \"{}\" is out of range for type integer", self.text))),
            None => Err(self.error(format!("invalid input syntax for type integer: \"{}\"", self.text))),
        }
    }
}

/// Returns the whole number that a text is, also `0x10` and `1_000`, which PostgreSQL reads since 16.
///
/// What no `i128` holds is none: no type that counts is that wide.
pub(in super::super) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        _ => (10, lower.as_str()),
    };
    let apart = !digits.ends_with('_') && !digits.contains("__") && (radix != 10 || !digits.starts_with('_'));
    if !apart || digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(&digits.replace('_', ""), radix).ok()?;
    Some(if negative { -number } else { number })
}
