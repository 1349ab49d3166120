//! The names that an expression uses.

use std::collections::BTreeSet;

use super::lex::{Kind, Token, tokens};
use super::literal::name_parts;
use super::typename;

/// A name, with its schema where one is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The schema, as written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// A function that an expression calls.
pub type Function = Name;

/// The names that an expression or query uses, unquoted ones in lower case.
///
/// They are read from the tokens, so that there are some too many rather than one too few: a word that may be a column
/// is one, a name in front of a period may be a schema, a table or a composite column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// What may be a column: a name that is neither called nor a type's, without what stands before its period.
    pub columns: BTreeSet<String>,
    /// What may be a table: what stands in front of a period, and what follows FROM, JOIN and commas in a query.
    pub relations: BTreeSet<Name>,
    /// The functions that are called.
    pub functions: BTreeSet<Function>,
    /// The types that are named, those of the server's own by their names in `pg_type`.
    pub types: BTreeSet<Name>,
    /// The relations in strings: sequences in `nextval('…')`, anything in `'…'::regclass`.
    pub sequences: BTreeSet<Name>,
}

/// Returns the names that an expression or query uses.
///
/// ```
/// use migrate_core::dialect::postgres::expression::references;
///
/// let found = references("lower(a) = 'x' AND nextval('app.s') > b::app.kind");
/// assert_eq!(found.columns.iter().collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(found.sequences.first().unwrap().name, "s");
/// assert_eq!(found.types.first().unwrap().schema.as_deref(), Some("app"));
/// ```
pub fn references(text: &str) -> References {
    let tokens = tokens(text);
    let mut found = References::default();
    let mut at = 0;
    while at < tokens.len() {
        at = step(&tokens, at, &mut found);
    }
    found
}

fn step(tokens: &[Token], at: usize, found: &mut References) -> usize {
    let token = &tokens[at];
    if token.text == "::" && token.kind == Kind::Operator || token.is("as") {
        if let Some((data_type, end)) = typename::read(tokens, at + 1) {
            let cast = token.kind == Kind::Operator || tokens.get(end).is_some_and(|next| next.punctuates(")"));
            if cast {
                if data_type.is("regclass") {
                    string(tokens.get(at.wrapping_sub(1)), found);
                }
                found.types.insert(Name { schema: data_type.schema, name: data_type.name });
                return end;
            }
        }
        return at + 1;
    }
    if !token.is_name() {
        return at + 1;
    }
    if let Some((data_type, end)) = typename::read(tokens, at) {
        let literal = tokens.get(end).is_some_and(|next| next.kind == Kind::Text);
        if literal && !is_keyword(token) {
            if data_type.is("regclass") {
                string(tokens.get(end), found);
            }
            found.types.insert(Name { schema: data_type.schema, name: data_type.name });
            return end + 1;
        }
    }
    name(tokens, at, found)
}

/// Reads a name with what stands before its periods.
fn name(tokens: &[Token], at: usize, found: &mut References) -> usize {
    let mut parts = vec![&tokens[at]];
    let mut end = at + 1;
    while tokens.get(end).is_some_and(|token| token.punctuates(".")) {
        match tokens.get(end + 1).filter(|token| token.is_name()) {
            Some(part) => parts.push(part),
            None => break,
        }
        end += 2;
    }
    let star = tokens.get(end).is_some_and(|token| token.punctuates("."));
    let qualified = |parts: &[&Token]| {
        let (last, before) = parts.split_last()?;
        Some(Name { schema: before.last().map(|part| part.text.clone()), name: last.text.clone() })
    };
    if tokens.get(end).is_some_and(|token| token.punctuates("(")) {
        // A keyword before a bracket calls nothing, but for those that are functions.
        let calls = parts.len() > 1 || !is_keyword(parts[0]);
        if let (true, Some(function)) = (calls, qualified(&parts)) {
            if ["nextval", "currval", "setval"].contains(&function.name.as_str()) {
                string(tokens.get(end + 1), found);
            }
            found.functions.insert(function);
        }
        return end + 1;
    }
    if parts.len() == 1 && is_keyword(parts[0]) {
        return end;
    }
    if star {
        found.relations.extend(qualified(&parts));
        return end + 1;
    }
    if let Some((last, before)) = parts.split_last() {
        found.columns.insert(last.text.clone());
        if before.len() < 2 {
            // `a.b` may be a table of a schema or a column of a table; `(a).b` does not come here.
            found.relations.extend(qualified(&parts));
        }
        found.relations.extend(qualified(before));
    }
    end
}

/// Reads the name of a relation in a string.
fn string(token: Option<&Token>, found: &mut References) {
    let Some(token) = token.filter(|token| token.kind == Kind::Text) else { return };
    let Some(mut parts) = name_parts(&token.text) else { return };
    if let Some(name) = parts.pop() {
        found.sequences.insert(Name { schema: parts.pop(), name });
    }
}

/// Returns whether a token can be no name: a reserved word without quotes.
fn is_keyword(token: &Token) -> bool {
    token.kind == Kind::Word && super::rewrite::is_reserved(&token.text)
}
