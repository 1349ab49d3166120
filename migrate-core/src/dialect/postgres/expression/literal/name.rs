//! Names of objects in a string, as in `nextval('s')`.

use super::Canonical;
use crate::dialect::postgres::expression::environment::Environment;
use crate::dialect::postgres::expression::lex::tokens;

/// Returns a name without the schema that the search path finds it in.
pub(super) fn object(text: &str, environment: &Environment) -> Canonical {
    match parts(text).as_deref() {
        Some([name]) => Canonical::Known(name.clone()),
        Some([schema, name]) if environment.searches(schema) => Canonical::Known(name.clone()),
        _ => Canonical::Unknown("which schema the search path finds it in is not known"),
    }
}

/// Returns the parts of a name in a string.
pub(in crate::dialect::postgres::expression) fn parts(text: &str) -> Option<Vec<String>> {
    let tokens = tokens(text);
    let mut parts = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match at % 2 {
            0 if token.is_name() => parts.push(token.text.clone()),
            1 if token.punctuates(".") => {}
            _ => return None,
        }
    }
    (tokens.len() % 2 == 1).then_some(parts)
}
