//! Parameters with their values, each with the place that it came from.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Error, Result};

use super::parameter::{self, Kind};

/// Where a value was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The connection string.
    Given,
    /// A line of a service file.
    Service {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Variable(&'static str),
    /// The password file.
    Passfile(String),
}

impl Origin {
    /// Names a parameter as the user wrote it.
    pub(super) fn label(&self, name: &str) -> String {
        match self {
            Self::Given | Self::Passfile(_) => format!("`{name}`"),
            Self::Service { file, line } => format!("`{name}` ({file}:{line})"),
            Self::Variable(variable) => format!("`{variable}`"),
        }
    }
}

/// A parameter's value.
#[derive(Clone)]
pub(super) struct Value {
    /// The value, checked.
    pub(super) text: String,
    /// Where it was read.
    pub(super) origin: Origin,
}

/// Values by the names of their parameters. None is empty: an empty value is as good as none, as in libpq.
#[derive(Clone, Default)]
pub(super) struct Values {
    values: BTreeMap<&'static str, Value>,
}

impl Values {
    /// Returns the value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        debug_assert!(parameter::find(name).is_some(), "{name} is in the table");
        self.values.get(name)
    }

    /// Returns the text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(|value| value.text.as_str())
    }

    /// Checks a value and keeps it in place of the one that was there.
    pub(super) fn set(&mut self, name: &str, text: String, origin: Origin) -> Result<()> {
        let Some(parameter) = parameter::find(name) else {
            return Err(parameter::unknown(&origin.label(name), name));
        };
        if text.is_empty() && !matches!(parameter.kind, Kind::Choice { .. }) {
            return Ok(());
        }
        parameter.check(&text, &origin)?;
        self.values.insert(parameter.name, Value { text, origin });
        Ok(())
    }

    /// Checks a value and keeps it, unless the parameter has one that comes before it.
    pub(super) fn set_default(&mut self, name: &str, text: String, origin: Origin) -> Result<()> {
        if self.values.contains_key(name) { Ok(()) } else { self.set(name, text, origin) }
    }

    /// Returns the variant that a parameter's word stands for.
    pub(super) fn choice<T>(&self, name: &str, from_word: fn(&str) -> Option<T>) -> Option<T> {
        self.text(name).and_then(from_word)
    }

    /// Returns a number, which the check has found to be one.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(|text| text.trim().parse().ok())
    }

    /// Returns a switch.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text != "0")
    }

    /// Returns an error about the value of a parameter.
    pub(super) fn wrong(&self, name: &str, what: &str) -> Error {
        let origin = self.get(name).map_or(&Origin::Given, |value| &value.origin);
        Error::usage(format!("{} {what}", origin.label(name)))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
