//! Functions that the grammar knows.

use sqlparser::tokenizer::Token as Out;

use super::{Rewriter, Unreadable, typename};
use crate::dialect::postgres::expression::lex::{Kind, Token};
use crate::dialect::postgres::expression::node::MARK;

impl Rewriter {
    /// Rewrites the call of a function with a syntax of its own, and returns where it ends.
    ///
    /// `None` is a call as any other.
    pub(super) fn special_call(&mut self, tokens: &[Token], at: usize) -> Result<Option<usize>, Unreadable> {
        let name = tokens[at].text.as_str();
        let end = closing(tokens, at + 1).ok_or(Unreadable)?;
        let inner = &tokens[at + 2..end];
        match name {
            "coalesce" | "nullif" | "greatest" | "least" | "row" => self.call(&format!("{MARK}{name}"), &[inner])?,
            "cast" => {
                let [value, data_type] = split(inner, &["as"])[..] else { return Err(Unreadable) };
                let (read, length) = typename::read(data_type, 0).ok_or(Unreadable)?;
                if length != data_type.len() {
                    return Err(Unreadable);
                }
                self.push(Out::LParen);
                self.expression(value)?;
                self.push(Out::RParen);
                self.cast(read);
            }
            "extract" => self.extract(inner)?,
            "trim" => self.trim(inner)?,
            "substring" => {
                if inner.iter().any(|token| token.is("similar")) {
                    return Err(Unreadable);
                }
                let parts = split(inner, &["from", "for"]);
                let starts_with_for = parts.len() == 2 && inner[parts[0].len()].is("for");
                if starts_with_for {
                    // The server puts the start in.
                    let one = [Token { kind: Kind::Number, text: "1".into() }];
                    self.call("substring", &[parts[0], &one, parts[1]])?;
                } else {
                    self.call("substring", &parts)?;
                }
            }
            "position" => {
                let [needle, text] = split(inner, &["in"])[..] else { return Ok(None) };
                self.call("position", &[text, needle])?;
            }
            "overlay" => self.call("overlay", &split(inner, &["placing", "from", "for"]))?,
            "normalize" => {
                let parts = split_at_commas(inner);
                self.begin("normalize");
                self.expression(parts[0])?;
                if let [_, [form]] = parts[..] {
                    self.push(Out::Comma);
                    self.push(Out::SingleQuotedString(form.text.to_ascii_uppercase()));
                }
                self.push(Out::RParen);
            }
            "xmlserialize" => self.xmlserialize(inner)?,
            // Their arguments have keywords and names among them, or a query.
            "exists" | "grouping" | "treat" | "xmlelement" | "xmlforest" | "xmlparse" | "xmlpi" | "xmlroot"
            | "xmltable" | "xmlexists" | "xmlconcat" => return Err(Unreadable),
            _ => return Ok(None),
        }
        Ok(Some(end + 1))
    }

    /// Rewrites a function that is called without parentheses: `current_timestamp(3)`, `user`.
    pub(super) fn value_function(&mut self, tokens: &[Token], at: usize) -> Option<usize> {
        let name = tokens[at].text.as_str();
        let precise = ["current_time", "current_timestamp", "localtime", "localtimestamp"].contains(&name);
        let plain = [
            "current_date",
            "current_catalog",
            "current_role",
            "current_user",
            "session_user",
            "user",
            "system_user",
            "current_schema",
        ]
        .contains(&name);
        let opens = tokens.get(at + 1).is_some_and(|token| token.punctuates("("));
        // `current_schema()` is a call as any other.
        if !precise && (!plain || opens) {
            return None;
        }
        self.begin(&format!("{MARK}{name}"));
        let mut end = at + 1;
        if let (true, [precision, close, ..]) = (opens, tokens.get(at + 2..).unwrap_or_default()) {
            if precision.kind == Kind::Number && close.punctuates(")") {
                self.push(Out::Number(precision.text.clone(), false));
                end = at + 4;
            }
        }
        self.push(Out::RParen);
        Some(end)
    }

    fn extract(&mut self, inner: &[Token]) -> Result<(), Unreadable> {
        let [[field], value] = split(inner, &["from"])[..] else { return Err(Unreadable) };
        self.begin("extract");
        self.push(Out::SingleQuotedString(field.text.to_ascii_lowercase()));
        self.push(Out::Comma);
        self.expression(value)?;
        self.push(Out::RParen);
        Ok(())
    }

    fn trim(&mut self, inner: &[Token]) -> Result<(), Unreadable> {
        let (name, rest) = match inner.first() {
            Some(first) if first.is("leading") => ("ltrim", &inner[1..]),
            Some(first) if first.is("trailing") => ("rtrim", &inner[1..]),
            Some(first) if first.is("both") => ("btrim", &inner[1..]),
            _ => ("btrim", inner),
        };
        match split(rest, &["from"])[..] {
            [[], value] | [value] => self.call(name, &[value]),
            [characters, value] => self.call(name, &[value, characters]),
            _ => Err(Unreadable),
        }
    }

    /// Rewrites `xmlserialize(content a as text)`; servers from 16 on print what is the default, too.
    fn xmlserialize(&mut self, inner: &[Token]) -> Result<(), Unreadable> {
        let Some((form, rest)) = inner.split_first() else { return Err(Unreadable) };
        let [value, data_type] = split(rest, &["as"])[..] else { return Err(Unreadable) };
        let (read, end) = typename::read(data_type, 0).ok_or(Unreadable)?;
        let indent = match &data_type[end..] {
            [] => "",
            [no, indent] if no.is("no") && indent.is("indent") => "",
            [indent] if indent.is("indent") => " indent",
            _ => return Err(Unreadable),
        };
        self.call(&format!("{MARK}xmlserialize {} {read}{indent}", form.text), &[value])
    }

    fn call(&mut self, name: &str, arguments: &[&[Token]]) -> Result<(), Unreadable> {
        self.begin(name);
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                self.push(Out::Comma);
            }
            self.expression(argument)?;
        }
        self.push(Out::RParen);
        Ok(())
    }

    fn begin(&mut self, name: &str) {
        self.quoted(name);
        self.push(Out::LParen);
    }
}

/// Returns where the bracket that opens at a token closes.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.punctuates("(") || token.punctuates("[") {
            depth += 1;
        } else if token.punctuates(")") || token.punctuates("]") {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Splits tokens at the keywords that stand outside of brackets.
fn split<'t>(tokens: &'t [Token], keywords: &[&str]) -> Vec<&'t [Token]> {
    split_where(tokens, |token| keywords.iter().any(|keyword| token.is(keyword)))
}

fn split_at_commas(tokens: &[Token]) -> Vec<&[Token]> {
    split_where(tokens, |token| token.punctuates(","))
}

fn split_where(tokens: &[Token], separates: impl Fn(&Token) -> bool) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.punctuates("(") || token.punctuates("[") {
            depth += 1;
        } else if token.punctuates(")") || token.punctuates("]") {
            depth -= 1;
        } else if depth == 0 && separates(token) {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}
