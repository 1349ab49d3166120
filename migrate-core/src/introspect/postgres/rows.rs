//! Rows of texts, read from the left to the right.

use std::str::FromStr;

use crate::error::{Error, Result};

/// What is said when an answer is not what the query asks for.
const ACTION: &str = "read the schema of the database";

/// A row, whose columns are taken one after the other, in the order of the query.
pub(super) struct Row {
    cells: std::vec::IntoIter<Option<String>>,
}

impl Row {
    pub(super) fn new(cells: Vec<Option<String>>) -> Self {
        Self { cells: cells.into_iter() }
    }

    /// Takes a text that may be NULL.
    pub(super) fn optional(&mut self) -> Result<Option<String>> {
        self.cells.next().ok_or_else(|| Error::database(ACTION, "the server answered with too few columns"))
    }

    /// Takes a text; NULL is empty.
    pub(super) fn text(&mut self) -> Result<String> {
        Ok(self.optional()?.unwrap_or_default())
    }

    /// Takes a truth value; NULL is false.
    pub(super) fn flag(&mut self) -> Result<bool> {
        Ok(self.optional()?.as_deref() == Some("t"))
    }

    /// Takes one character; NULL and the empty text are a space.
    pub(super) fn character(&mut self) -> Result<char> {
        Ok(self.text()?.chars().next().unwrap_or(' '))
    }

    /// Takes a number that may be NULL.
    pub(super) fn maybe<T: FromStr>(&mut self) -> Result<Option<T>> {
        let Some(text) = self.optional()? else { return Ok(None) };
        let unexpected =
            |_| Error::database(ACTION, format!("the server answered {text:?} where a number is asked for"));
        text.parse().map(Some).map_err(unexpected)
    }

    /// Takes a number; NULL is 0.
    pub(super) fn number<T: FromStr + Default>(&mut self) -> Result<T> {
        Ok(self.maybe()?.unwrap_or_default())
    }

    /// Takes an array without NULLs; NULL is empty.
    pub(super) fn list(&mut self) -> Result<Vec<String>> {
        Ok(self.sparse()?.into_iter().flatten().collect())
    }

    /// Takes an array; NULL is empty.
    pub(super) fn sparse(&mut self) -> Result<Vec<Option<String>>> {
        Ok(self.optional()?.map_or_else(Vec::new, |text| array(&text)))
    }
}

/// Reads an array of one dimension: `{a,"b c",NULL}`.
fn array(text: &str) -> Vec<Option<String>> {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default();
    let mut elements = Vec::new();
    let mut chars = inner.chars().peekable();
    while chars.peek().is_some() {
        let quoted = chars.next_if_eq(&'"').is_some();
        let mut element = String::new();
        while let Some(c) = chars.next_if(|c| if quoted { *c != '"' } else { *c != ',' }) {
            element.extend(if c == '\\' { chars.next() } else { Some(c) });
        }
        if quoted {
            chars.next();
        }
        chars.next_if_eq(&',');
        elements.push((quoted || element != "NULL").then_some(element));
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays() {
        let check = |text: &str, expect: &[Option<&str>]| {
            let found = array(text);
            let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("{}", &[]);
        check("{a,b}", &[Some("a"), Some("b")]);
        check(r#"{NULL,"NULL",""}"#, &[None, Some("NULL"), Some("")]);
        check(r#"{"a,b","c\"d","e\\f","{x}",ü}"#, &[Some("a,b"), Some("c\"d"), Some("e\\f"), Some("{x}"), Some("ü")]);
    }
}
