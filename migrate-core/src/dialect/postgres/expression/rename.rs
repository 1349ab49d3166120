//! Names replaced in a text, which else stays as it is, byte for byte.

use super::lex::{Kind, Placed, placed};

/// A name in a text, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Identifier<'t> {
    /// The name: unquoted ones in lower case, quoted ones without their quotes.
    pub name: &'t str,
    /// The name in front of its period: `t` for the `a` of `t.a`.
    pub before: Option<&'t str>,
    /// Whether a period stands right before it, as in `(k).a`.
    pub is_field: bool,
    /// Whether a period follows: it is a schema, a table or a composite column.
    pub is_qualifier: bool,
    /// Whether `(` follows: it is a function, or a keyword.
    pub is_called: bool,
    /// Whether `::` stands before it, or a string follows: it is a type.
    pub is_type: bool,
    /// Whether it is written in quotes: else it may be a keyword.
    pub is_quoted: bool,
}

/// Replaces names in a text.
///
/// `replace` gets every name, keywords too, and returns what is written instead, quoted as needed; `None` leaves it.
///
/// ```
/// use migrate_core::dialect::postgres::expression::rename;
///
/// let text = "A > 0 /* a */ AND lower(t.a) <> 'a'";
/// let renamed = rename(text, |name| (name.name == "a" && !name.is_called).then(|| "b".to_owned()));
/// assert_eq!(renamed, "b > 0 /* a */ AND lower(t.b) <> 'a'");
/// ```
pub fn rename(text: &str, mut replace: impl FnMut(Identifier<'_>) -> Option<String>) -> String {
    let tokens = placed(text);
    let mut renamed = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, placed) in tokens.iter().enumerate().filter(|(_, placed)| placed.token.is_name()) {
        if let Some(instead) = replace(identifier(&tokens, at)) {
            renamed.push_str(&text[copied..placed.start]);
            renamed.push_str(&instead);
            copied = placed.end;
        }
    }
    renamed.push_str(&text[copied..]);
    renamed
}

fn identifier(tokens: &[Placed], at: usize) -> Identifier<'_> {
    let token = &tokens[at].token;
    let neighbour =
        |offset: isize| at.checked_add_signed(offset).and_then(|at| tokens.get(at)).map(|placed| &placed.token);
    let is_field = neighbour(-1).is_some_and(|token| token.punctuates("."));
    let before = neighbour(-2).filter(|token| is_field && token.is_name()).map(|token| token.text.as_str());
    let next = neighbour(1);
    Identifier {
        name: &token.text,
        before,
        is_field,
        is_qualifier: next.is_some_and(|token| token.punctuates(".")),
        is_called: next.is_some_and(|token| token.punctuates("(")),
        is_type: neighbour(-1).is_some_and(|token| token.text == "::" && token.kind == Kind::Operator)
            || next.is_some_and(|token| token.kind == Kind::Text),
        is_quoted: token.kind == Kind::Quoted,
    }
}
