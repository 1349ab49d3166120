//! The options of a sequence as written.

use super::super::keywords::{WordError, qualified_name};
use super::super::types::modifier::integer;
use super::super::types::{Integer, Type};
use crate::sql::{TokenKind, Word};

/// The options of a sequence; those that are not written are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `AS integer`.
    pub ty: Option<Integer>,
    /// `INCREMENT BY 2`.
    pub increment: Option<i64>,
    /// `MINVALUE 1`; `NO MINVALUE` is none inside.
    pub min: Option<Option<i64>>,
    /// `MAXVALUE 9`; `NO MAXVALUE` is none inside.
    pub max: Option<Option<i64>>,
    /// `START WITH 1`.
    pub start: Option<i64>,
    /// `RESTART WITH 1`; `RESTART` is none inside.
    pub restart: Option<Option<i64>>,
    /// `CACHE 1`.
    pub cache: Option<i64>,
    /// `CYCLE`, `NO CYCLE`.
    pub cycle: Option<bool>,
    /// `OWNED BY schema.table.column`, its parts; `OWNED BY NONE` has none.
    pub owner: Option<Vec<String>>,
    /// `SEQUENCE NAME schema.name`, its parts; only an identity may say it.
    pub name: Option<Vec<String>>,
    /// `LOGGED`, `UNLOGGED`; only an identity may say it.
    pub logged: Option<bool>,
}

impl Options {
    /// Reads the options at the beginning of some words, and returns how many words they were.
    ///
    /// It ends at the first word that begins none. Which options have no place in a statement is the caller's
    /// question: `SEQUENCE NAME` outside of an identity's parentheses, `AS` inside them.
    ///
    /// # Errors
    ///
    /// An option twice, a value that is no 64-bit number, a type that does not count.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::sequences::Options;
    /// use migrate_core::sql::{Syntax, significant};
    ///
    /// let words = significant("START WITH 10 NO CYCLE", Syntax::named("postgres").unwrap());
    /// let (options, taken) = Options::parse(&words)?;
    /// assert_eq!((options.start, options.cycle, taken), (Some(10), Some(false), 5));
    /// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
    /// ```
    pub fn parse(words: &[Word<'_>]) -> Result<(Self, usize), WordError> {
        let mut options = Self::default();
        let mut at = 0;
        loop {
            match options.parse_one(&words[at..]).map_err(|error| error.after(at))? {
                0 => return Ok((options, at)),
                taken => at += taken,
            }
        }
    }

    /// Reads one option, as `ALTER COLUMN … SET` takes one at a time, and returns how many words it was: none where no
    /// option begins.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    ///
    /// ```
    /// use migrate_core::dialect::postgres::sequences::Options;
    /// use migrate_core::sql::{Syntax, significant};
    ///
    /// let words = significant("INCREMENT 2 SET CACHE 3", Syntax::named("postgres").unwrap());
    /// let mut options = Options::default();
    /// assert_eq!(options.parse_one(&words)?, 2);
    /// assert_eq!((options.increment, options.cache), (Some(2), None));
    /// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
    /// ```
    pub fn parse_one(&mut self, words: &[Word<'_>]) -> Result<usize, WordError> {
        let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
        let Some(first) = words.first().filter(|word| word.is_keyword()) else { return Ok(0) };
        let optional = |keyword: &str| if is(1, keyword) { 2 } else { 1 };
        match first.text.to_ascii_uppercase().as_str() {
            "AS" => {
                let (ty, taken) = integer_type(words)?;
                once(&mut self.ty, ty, taken)
            }
            "INCREMENT" => number(words, optional("BY"), |value| once(&mut self.increment, value, 0)),
            "MINVALUE" => number(words, 1, |value| once(&mut self.min, Some(value), 0)),
            "MAXVALUE" => number(words, 1, |value| once(&mut self.max, Some(value), 0)),
            "START" => number(words, optional("WITH"), |value| once(&mut self.start, value, 0)),
            "CACHE" => number(words, 1, |value| once(&mut self.cache, value, 0)),
            "RESTART" => {
                let from = optional("WITH");
                let value = words.get(from);
                let given = value.is_some_and(|word| word.kind == TokenKind::Number || ["+", "-"].contains(&word.text));
                if from == 1 && !given {
                    return once(&mut self.restart, None, 1);
                }
                number(words, from, |value| once(&mut self.restart, Some(value), 0))
            }
            "CYCLE" => once(&mut self.cycle, true, 1),
            "NO" if is(1, "CYCLE") => once(&mut self.cycle, false, 2),
            "NO" if is(1, "MINVALUE") => once(&mut self.min, None, 2),
            "NO" if is(1, "MAXVALUE") => once(&mut self.max, None, 2),
            "NO" => Err(WordError::syntax(words, 1)),
            "OWNED" if is(1, "BY") => {
                let (owner, taken) = owner(words)?;
                once(&mut self.owner, owner, taken)
            }
            "SEQUENCE" if is(1, "NAME") => {
                let (name, taken) = qualified_name(&words[2..]).map_err(|error| error.after(2))?;
                once(&mut self.name, name, 2 + taken)
            }
            "LOGGED" => once(&mut self.logged, true, 1),
            "UNLOGGED" => once(&mut self.logged, false, 1),
            _ => Ok(0),
        }
    }
}

fn once<T>(option: &mut Option<T>, value: T, taken: usize) -> Result<usize, WordError> {
    match option.replace(value) {
        None => Ok(taken),
        Some(_) => Err(WordError::new(0, "conflicting or redundant options")),
    }
}

/// Reads a number at an index and returns the words up to its end.
fn number(
    words: &[Word<'_>],
    from: usize,
    set: impl FnOnce(i64) -> Result<usize, WordError>,
) -> Result<usize, WordError> {
    let sign = words.get(from).map(|word| word.text).filter(|sign| ["+", "-"].contains(sign));
    let at = from + usize::from(sign.is_some());
    let Some(word) = words.get(at).filter(|word| word.kind == TokenKind::Number) else {
        return Err(WordError::syntax(words, at));
    };
    let text = format!("{}{}", if sign == Some("-") { "-" } else { "" }, word.text);
    let whole = word.text.bytes().all(|byte| byte.is_ascii_digit());
    match integer(&text).map(i64::try_from) {
        Some(Ok(value)) => set(value).map(|_| at + 1),
        None if !whole => Err(WordError::new(at, format!("invalid input syntax for type bigint: \"{text}\""))),
        _ => Err(WordError::new(at, format!("value \"{text}\" is out of range for type bigint"))),
    }
}

fn integer_type(words: &[Word<'_>]) -> Result<(Integer, usize), WordError> {
    let (ty, taken) = Type::parse(&words[1..]).map_err(|error| error.after(1))?;
    match ty.integer() {
        Some(integer) => Ok((integer, 1 + taken)),
        None => Err(WordError::new(1, "sequence type must be smallint, integer, or bigint")),
    }
}

fn owner(words: &[Word<'_>]) -> Result<(Vec<String>, usize), WordError> {
    let (owner, taken) = qualified_name(&words[2..]).map_err(|error| error.after(2))?;
    match owner.as_slice() {
        [one] if one == "none" => Ok((Vec::new(), 2 + taken)),
        [_] => Err(WordError::new(2, "invalid OWNED BY option")),
        _ => Ok((owner, 2 + taken)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Syntax, significant};

    fn read(text: &str) -> Result<(Options, usize), WordError> {
        Options::parse(&significant(text, Syntax::named("postgres").unwrap()))
    }

    fn is(text: &str, expect: Options) {
        let words = significant(text, Syntax::named("postgres").unwrap());
        assert_eq!(Options::parse(&words), Ok((expect, words.len())), "{text}");
    }

    fn fails(text: &str, word: usize, message: &str) {
        assert_eq!(read(text), Err(WordError::new(word, message)), "{text}");
    }

    #[test]
    fn all_options() {
        is(
            "AS smallint INCREMENT BY 2 MINVALUE 3 MAXVALUE + 40 START WITH 5 RESTART WITH -6 CACHE 7 CYCLE OWNED BY a.\"B\".c",
            Options {
                ty: Some(Integer::Small),
                increment: Some(2),
                min: Some(Some(3)),
                max: Some(Some(40)),
                start: Some(5),
                restart: Some(Some(-6)),
                cache: Some(7),
                cycle: Some(true),
                owner: Some(vec!["a".to_owned(), "B".to_owned(), "c".to_owned()]),
                ..Options::default()
            },
        );
        is(
            "sequence name foo.bar increment - 1 restart no minvalue no maxvalue no cycle owned by none unlogged",
            Options {
                name: Some(vec!["foo".to_owned(), "bar".to_owned()]),
                increment: Some(-1),
                restart: Some(None),
                min: Some(None),
                max: Some(None),
                cycle: Some(false),
                owner: Some(Vec::new()),
                logged: Some(false),
                ..Options::default()
            },
        );
        is("", Options::default());
        is("start 0x10 cache 1_000", Options { start: Some(16), cache: Some(1000), ..Options::default() });
        is("minvalue -9223372036854775808", Options { min: Some(Some(i64::MIN)), ..Options::default() });
        is("restart 4", Options { restart: Some(Some(4)), ..Options::default() });
    }

    #[test]
    fn the_first_other_word_ends_them() {
        assert_eq!(read("start 5, add x").unwrap().1, 2);
        assert_eq!(read("restart set cache 5").unwrap().1, 1);
        assert_eq!(read("\"cycle\"").unwrap().1, 0);
    }

    #[test]
    fn errors() {
        fails("as text", 1, "sequence type must be smallint, integer, or bigint");
        fails("start 1 as serial", 3, "sequence type must be smallint, integer, or bigint");
        fails("cycle no cycle", 1, "conflicting or redundant options");
        fails("no minvalue minvalue 3", 2, "conflicting or redundant options");
        fails("increment 1.5", 1, "invalid input syntax for type bigint: \"1.5\"");
        fails("increment 1e3", 1, "invalid input syntax for type bigint: \"1e3\"");
        fails("start 99999999999999999999", 1, "value \"99999999999999999999\" is out of range for type bigint");
        fails("start -9223372036854775809", 2, "value \"-9223372036854775809\" is out of range for type bigint");
        fails("start with by 5", 2, "syntax error at or near \"by\"");
        fails("start '5'", 1, "syntax error at or near \"'5'\"");
        fails("start", 1, "syntax error at end of input");
        fails("no cache", 1, "syntax error at or near \"cache\"");
        fails("owned by t", 2, "invalid OWNED BY option");
        fails("cache 2 owned by a.", 6, "syntax error at end of input");
    }
}
