//! What the names in an expression mean, and the comparison of two.

use std::collections::BTreeSet;

use super::super::expression::{self, Environment, Normal};
use super::super::written;
use super::Pair;
use crate::dialect::Verdict;
use crate::schema::{Column, Expression, ObjectName, OtherKind, References, Schema, UserTypeKind};

/// One of the schemas, with what its expressions may name.
pub(super) struct Side<'s> {
    pub(super) schema: &'s Schema,
    /// Its types. Every schema counts as searched: whether a name without a schema means the same on both sides is told
    /// by the references of the expressions.
    pub(super) environment: Environment,
    /// The schemas that extensions are in.
    pub(super) extensions: BTreeSet<String>,
}

/// Returns both sides.
pub(super) fn sides<'s>(before: &'s Schema, after: &'s Schema) -> Pair<Side<'s>> {
    let mut searched: BTreeSet<String> = BTreeSet::from(["public".to_owned()]);
    for schema in [before, after] {
        searched.extend(schema.namespaces.keys().cloned());
        searched.extend(extension_schemas(schema));
    }
    [before, after].map(|schema| {
        let mut environment = Environment::new();
        for name in &searched {
            environment = environment.schema(name);
        }
        for (name, found) in &schema.types {
            environment = match &found.kind {
                UserTypeKind::Enum(_) => environment.enumeration(&name.name),
                UserTypeKind::Domain(domain) => environment.domain(&name.name, &written::column_type(&domain.base)),
                UserTypeKind::Composite { .. } | UserTypeKind::Range { .. } => environment,
            };
        }
        Side { schema, environment, extensions: extension_schemas(schema) }
    })
}

fn extension_schemas(schema: &Schema) -> BTreeSet<String> {
    let extensions = schema.others.iter().filter(|(id, _)| id.kind == OtherKind::Extension);
    extensions.filter_map(|(_, other)| super::super::statement::extension_schema(&other.definition.text)).collect()
}

impl Side<'_> {
    /// Returns the environment of expressions about a table's or view's columns.
    pub(super) fn with_columns(&self, columns: &[Column]) -> Environment {
        columns.iter().fold(self.environment.clone(), |environment, column| {
            environment.column(&column.name, &written::column_type(&column.ty))
        })
    }

    /// Returns whether a type is none of the schema's own: an extension's.
    pub(super) fn is_foreign(&self, name: &ObjectName) -> bool {
        !self.schema.types.contains_key(name) && self.schema.relation(name).is_none()
    }
}

/// Compares two expressions.
pub(super) fn compare(expressions: Pair<&Expression>, environments: Pair<&Environment>) -> Verdict {
    let [before, after] = expressions;
    match texts([&before.text, &after.text], environments) {
        Verdict::Different(reason) => Verdict::Different(reason),
        verdict => conflict(&before.references, &after.references).map_or(verdict, Verdict::Different),
    }
}

/// Compares two texts of expressions.
pub(super) fn texts(texts: Pair<&str>, environments: Pair<&Environment>) -> Verdict {
    if texts[0] == texts[1] {
        return Verdict::Equal;
    }
    let before = Normal::parse(texts[0], environments[0]);
    let after = Normal::parse(texts[1], environments[1]);
    match expression::compare(&before, &after) {
        // The casts that a server adds are looked for on one side; which side it printed is not known.
        Verdict::Skip(reason) => match expression::compare(&after, &before) {
            Verdict::Equal => Verdict::Equal,
            _ => Verdict::Skip(reason),
        },
        verdict => verdict,
    }
}

/// Returns how a difference shows two expressions: with what they name, where their texts do not tell them apart.
pub(super) fn shown(expressions: Pair<&Expression>) -> Pair<Option<String>> {
    let [before, after] = expressions;
    if before.text != after.text {
        return expressions.map(|expression| Some(format!("`{}`", expression.text)));
    }
    let own = |expression: &Expression, other: &Expression| {
        let names = objects(&expression.references);
        let others = objects(&other.references);
        let own = names.difference(&others).map(written::object);
        Some(format!("`{}` with {}", expression.text, own.collect::<Vec<_>>().join(", ")))
    };
    [own(before, after), own(after, before)]
}

fn objects(references: &References) -> BTreeSet<ObjectName> {
    let relations = references.relations.iter().map(|(name, _)| name);
    relations.chain(&references.types).chain(&references.routines).chain(&references.sequences).cloned().collect()
}

/// Returns in what two sets of references contradict each other: a name that is found in one schema there and only in
/// others here. That one side has a reference which the other has not says nothing: those of a fold are guesses.
pub(super) fn conflict(before: &References, after: &References) -> Option<String> {
    let relations = |references: &References| -> BTreeSet<ObjectName> {
        references.relations.iter().map(|(name, _)| name.clone()).collect()
    };
    disagree(&before.routines, &after.routines)
        .or_else(|| disagree(&before.types, &after.types))
        .or_else(|| disagree(&before.sequences, &after.sequences))
        .or_else(|| disagree(&relations(before), &relations(after)))
}

fn disagree(before: &BTreeSet<ObjectName>, after: &BTreeSet<ObjectName>) -> Option<String> {
    let missing = before.iter().find(|name| {
        !after.contains(name) && after.iter().any(|other| other.name == name.name && !before.contains(other))
    })?;
    let other = after.iter().find(|other| other.name == missing.name && !before.contains(other))?;
    Some(format!("one names {missing}, the other {other}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_schemas_are_told_apart() {
        let name = |schema: &str, name: &str| ObjectName::new(schema, name);
        let set = |names: &[(&str, &str)]| names.iter().map(|(s, n)| name(s, n)).collect::<BTreeSet<_>>();
        assert_eq!(disagree(&set(&[("a", "f")]), &set(&[("b", "f")])), Some("one names a.f, the other b.f".into()));
        assert_eq!(disagree(&set(&[("a", "f"), ("b", "f")]), &set(&[("b", "f")])), None);
        assert_eq!(disagree(&set(&[("a", "f")]), &set(&[("b", "g")])), None);
    }
}
