//! Names and types of the model as SQL.

use super::keywords::{NEWEST, quote_ident};
use crate::schema::{ColumnType, ObjectName, ReferentialAction, TypeBase};

/// Returns a name with the quotes that it needs on any server.
pub(super) fn identifier(name: &str) -> String {
    quote_ident(name, NEWEST)
}

/// Returns names in a list.
pub(super) fn list(names: &[String]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

/// Returns a name with its schema.
pub(super) fn object(name: &ObjectName) -> String {
    if name.schema.is_empty() {
        return identifier(&name.name);
    }
    format!("{}.{}", identifier(&name.schema), identifier(&name.name))
}

/// Returns a type with its schema.
pub(super) fn column_type(ty: &ColumnType) -> String {
    let base = match &ty.base {
        TypeBase::Builtin(text) => text.clone(),
        TypeBase::User(name) => object(name),
    };
    format!("{base}{}{}", ty.modifiers, if ty.array { "[]" } else { "" })
}

/// Returns the words of an action.
pub(super) fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

/// Returns a string literal that means the same whatever `standard_conforming_strings` says.
pub(super) fn literal(text: &str) -> String {
    let plain = crate::sql::literal(text);
    if text.contains('\\') { format!("E{}", plain.replace('\\', "\\\\")) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_part_by_part() {
        assert_eq!(object(&ObjectName::new("My Schema", "a.b")), "\"My Schema\".\"a.b\"");
        let ty = ColumnType {
            modifiers: "(3)".into(),
            array: true,
            ..ColumnType::user(ObjectName::new("public", "Vector"))
        };
        assert_eq!(column_type(&ty), "public.\"Vector\"(3)[]");
        assert_eq!(literal("it's \\"), "E'it''s \\\\'");
    }
}
