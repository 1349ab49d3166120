//! Sequences: their options as written, and the values that the server makes of them.
//!
//! [`Options::parse`] reads the options of `CREATE` and `ALTER SEQUENCE`, of an identity's parentheses and of
//! `ALTER COLUMN … SET`. [`Values::create`] and [`Values::alter`] resolve them.
//!
//! Where a sequence stands is data, not schema. The server also refuses an `ALTER` that would leave the current value
//! out of the bounds; only the value of a `RESTART` is checked here.

mod read;

use std::fmt;

pub use read::Options;

use super::types::Integer;

/// What a sequence counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The type of its values.
    pub ty: Integer,
    /// The first value.
    pub start: i64,
    /// The step.
    pub increment: i64,
    /// The least value.
    pub min: i64,
    /// The greatest value.
    pub max: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again after the last value.
    pub cycle: bool,
}

/// Options that contradict each other or the type, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceError(String);

impl fmt::Display for SequenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SequenceError {}

impl Values {
    /// Returns the values of a new sequence without options: `CREATE SEQUENCE s` counts in [`Integer::Big`], a serial
    /// or identity column in its own type.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::sequences::Values;
    /// use migrate_core::dialect::postgres::types::Integer;
    ///
    /// assert_eq!(Values::new(Integer::Int).max, 2147483647);
    /// ```
    pub fn new(ty: Integer) -> Self {
        Self { ty, start: 1, increment: 1, min: 1, max: ty.max(), cache: 1, cycle: false }
    }

    /// Returns the values of a new sequence; `ty` is its type where no option says it.
    ///
    /// # Errors
    ///
    /// An increment of 0, bounds that cross or are not of the type, a start or restart out of them.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::sequences::{Options, Values};
    /// use migrate_core::dialect::postgres::types::Integer;
    ///
    /// let down = Options { increment: Some(-1), ..Options::default() };
    /// let values = Values::create(Integer::Int, &down)?;
    /// assert_eq!((values.min, values.max, values.start), (-2147483648, -1, -1));
    /// # Ok::<(), migrate_core::dialect::postgres::sequences::SequenceError>(())
    /// ```
    pub fn create(ty: Integer, options: &Options) -> Result<Self, SequenceError> {
        let ty = options.ty.unwrap_or(ty);
        let increment = options.increment.unwrap_or(1);
        let (min, max) = default_bounds(ty, increment);
        let min = options.min.flatten().unwrap_or(min);
        let max = options.max.flatten().unwrap_or(max);
        let values = Self {
            ty,
            start: options.start.unwrap_or(if increment > 0 { min } else { max }),
            increment,
            min,
            max,
            cache: options.cache.unwrap_or(1),
            cycle: options.cycle.unwrap_or(false),
        };
        values.checked(options)
    }

    /// Returns the values after `ALTER SEQUENCE`: what no option says stays, but bounds at the old type's end move to
    /// the new type's.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    ///
    /// ```
    /// use migrate_core::dialect::postgres::sequences::{Options, Values};
    /// use migrate_core::dialect::postgres::types::Integer;
    ///
    /// let options = Options { ty: Some(Integer::Small), ..Options::default() };
    /// assert_eq!(Values::new(Integer::Big).alter(&options)?.max, 32767);
    /// # Ok::<(), migrate_core::dialect::postgres::sequences::SequenceError>(())
    /// ```
    pub fn alter(&self, options: &Options) -> Result<Self, SequenceError> {
        let ty = options.ty.unwrap_or(self.ty);
        let increment = options.increment.unwrap_or(self.increment);
        let retyped = options.ty.is_some();
        // A bound that moves with its type goes to the type's end whatever the direction, even where `NO MINVALUE`
        // or `NO MAXVALUE` would put it at 1 or -1.
        let (default_min, default_max) = default_bounds(ty, increment);
        let min = match options.min {
            Some(Some(min)) => min,
            _ if retyped && self.min == self.ty.min() => ty.min(),
            Some(None) => default_min,
            None => self.min,
        };
        let max = match options.max {
            Some(Some(max)) => max,
            _ if retyped && self.max == self.ty.max() => ty.max(),
            Some(None) => default_max,
            None => self.max,
        };
        let values = Self {
            ty,
            start: options.start.unwrap_or(self.start),
            increment,
            min,
            max,
            cache: options.cache.unwrap_or(self.cache),
            cycle: options.cycle.unwrap_or(self.cycle),
        };
        values.checked(options)
    }

    /// Checks in the server's order, which decides what is said of two mistakes.
    fn checked(self, options: &Options) -> Result<Self, SequenceError> {
        let Self { ty, start, increment, min, max, cache, .. } = self;
        let range = ty.min()..=ty.max();
        let fails = |message: String| Err(SequenceError(message));
        if increment == 0 {
            return fails("INCREMENT must not be zero".to_owned());
        }
        if !range.contains(&max) {
            return fails(format!("MAXVALUE ({max}) is out of range for sequence data type {}", ty.name()));
        }
        if !range.contains(&min) {
            return fails(format!("MINVALUE ({min}) is out of range for sequence data type {}", ty.name()));
        }
        if min >= max {
            return fails(format!("MINVALUE ({min}) must be less than MAXVALUE ({max})"));
        }
        for (what, value) in [("START", Some(start)), ("RESTART", options.restart.map(|to| to.unwrap_or(start)))] {
            match value {
                Some(value) if value < min => {
                    return fails(format!("{what} value ({value}) cannot be less than MINVALUE ({min})"));
                }
                Some(value) if value > max => {
                    return fails(format!("{what} value ({value}) cannot be greater than MAXVALUE ({max})"));
                }
                _ => {}
            }
        }
        if cache <= 0 {
            return fails(format!("CACHE ({cache}) must be greater than zero"));
        }
        Ok(self)
    }
}

/// Returns the bounds that no option says.
fn default_bounds(ty: Integer, increment: i64) -> (i64, i64) {
    if increment < 0 { (ty.min(), -1) } else { (1, ty.max()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Syntax, significant};

    fn options(text: &str) -> Options {
        let words = significant(text, Syntax::named("postgres").unwrap());
        let (options, taken) = Options::parse(&words).unwrap();
        assert_eq!(taken, words.len(), "{text}");
        options
    }

    /// Returns type, start, increment, max, min, cache and cycle, as `pg_sequence` lists them.
    fn line(values: &Values) -> String {
        let Values { ty, start, increment, min, max, cache, cycle } = values;
        format!("{} {start} {increment} {max} {min} {cache} {}", ty.name(), if *cycle { "t" } else { "f" })
    }

    fn create(text: &str) -> String {
        match Values::create(Integer::Big, &options(text)) {
            Ok(values) => line(&values),
            Err(error) => error.to_string(),
        }
    }

    fn alter(create: &str, alter: &str) -> String {
        match Values::create(Integer::Big, &options(create)).unwrap().alter(&options(alter)) {
            Ok(values) => line(&values),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn defaults() {
        assert_eq!(create(""), "bigint 1 1 9223372036854775807 1 1 f");
        assert_eq!(create("as integer"), "integer 1 1 2147483647 1 1 f");
        assert_eq!(create("as int2"), "smallint 1 1 32767 1 1 f");
        assert_eq!(create("increment by -1"), "bigint -1 -1 -1 -9223372036854775808 1 f");
        assert_eq!(create("as int increment -3"), "integer -1 -3 -1 -2147483648 1 f");
        assert_eq!(create("as smallint increment -3"), "smallint -1 -3 -1 -32768 1 f");
        assert_eq!(create("minvalue 10"), "bigint 10 1 9223372036854775807 10 1 f");
        assert_eq!(create("maxvalue 10 increment -1"), "bigint 10 -1 10 -9223372036854775808 1 f");
        assert_eq!(create("no minvalue no maxvalue no cycle"), "bigint 1 1 9223372036854775807 1 1 f");
        assert_eq!(create("start with 5 cache 7 cycle"), "bigint 5 1 9223372036854775807 1 7 t");
        assert_eq!(create("restart with 5 start 3"), "bigint 3 1 9223372036854775807 1 1 f");
        assert_eq!(Values::create(Integer::Int, &options("")), Ok(Values::new(Integer::Int)));
    }

    #[test]
    fn what_the_server_refuses() {
        assert_eq!(
            create("as smallint maxvalue 40000"),
            "MAXVALUE (40000) is out of range for sequence data type smallint"
        );
        assert_eq!(
            create("as smallint minvalue -40000"),
            "MINVALUE (-40000) is out of range for sequence data type smallint"
        );
        assert_eq!(create("increment 0"), "INCREMENT must not be zero");
        assert_eq!(create("minvalue 5 maxvalue 5"), "MINVALUE (5) must be less than MAXVALUE (5)");
        assert_eq!(create("start 0"), "START value (0) cannot be less than MINVALUE (1)");
        assert_eq!(create("maxvalue 5 start 6"), "START value (6) cannot be greater than MAXVALUE (5)");
        assert_eq!(create("restart 0"), "RESTART value (0) cannot be less than MINVALUE (1)");
        assert_eq!(create("increment -1 restart 5"), "RESTART value (5) cannot be greater than MAXVALUE (-1)");
        assert_eq!(create("cache 0"), "CACHE (0) must be greater than zero");
    }

    #[test]
    fn altering() {
        assert_eq!(alter("as smallint", "as int"), "integer 1 1 2147483647 1 1 f");
        assert_eq!(alter("as smallint increment -1", "as int"), "integer -1 -1 -1 -2147483648 1 f");
        assert_eq!(alter("as smallint increment -1", "as int increment 1"), "integer -1 1 -1 -2147483648 1 f");
        assert_eq!(alter("as int maxvalue 100", "as smallint"), "smallint 1 1 100 1 1 f");
        assert_eq!(alter("", "increment -1"), "bigint 1 -1 9223372036854775807 1 1 f");
        assert_eq!(alter("", "start 5"), "bigint 5 1 9223372036854775807 1 1 f");
        assert_eq!(alter("", "minvalue 10 start 10 restart"), "bigint 10 1 9223372036854775807 10 1 f");
        assert_eq!(alter("", "no maxvalue as int"), "integer 1 1 2147483647 1 1 f");
        assert_eq!(alter("as smallint", "as int no maxvalue increment -1"), "integer 1 -1 2147483647 1 1 f");
        assert_eq!(alter("cycle cache 3", "no cycle"), "bigint 1 1 9223372036854775807 1 3 f");
        let down = "increment -1 no maxvalue no minvalue";
        assert_eq!(alter("", down), "START value (1) cannot be greater than MAXVALUE (-1)");
        assert_eq!(alter("", &format!("{down} start -1 restart")), "bigint -1 -1 -1 -9223372036854775808 1 f");
        assert_eq!(alter("", "minvalue 10"), "START value (1) cannot be less than MINVALUE (10)");
        assert_eq!(alter("", "as smallint start 40000"), "START value (40000) cannot be greater than MAXVALUE (32767)");
        assert_eq!(
            alter("as int minvalue -2147483648", "as smallint"),
            "START value (-2147483648) cannot be less than MINVALUE (-32768)"
        );
    }
}
