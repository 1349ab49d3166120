//! Enums, domains, composite and range types.

use super::super::written;
use super::{Found, Pair, Side, column, options, pairs, scope};
use crate::schema::{Column, Domain, EnumType, ObjectName, UserType, UserTypeKind};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (name, pair) in pairs([&sides[0].schema.types, &sides[1].schema.types]) {
        let object = format!("type {}", written::object(name));
        if let Some(pair) = found.both(&object, pair) {
            one(found, &object, sides, name, pair);
            found.text(&object, "the comment", pair.map(|ty| ty.comment.as_deref()));
        }
    }
}

fn one(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, name: &ObjectName, pair: Pair<&UserType>) {
    match pair.map(|ty| &ty.kind) {
        [UserTypeKind::Enum(before), UserTypeKind::Enum(after)] => labels(found, object, [before, after]),
        [UserTypeKind::Domain(before), UserTypeKind::Domain(after)] => domain(found, object, sides, [before, after]),
        [UserTypeKind::Composite { attributes: before }, UserTypeKind::Composite { attributes: after }] => {
            attributes(found, object, sides, name, [before, after]);
        }
        [
            UserTypeKind::Range { options: before, multirange },
            UserTypeKind::Range { options: after, multirange: other },
        ] => {
            let plain =
                [before, after].map(|options| options.iter().map(|option| range_option(option)).collect::<Vec<_>>());
            options(found, object, [&plain[0], &plain[1]]);
            found.text(object, "the multirange type", [Some(multirange), Some(other)]);
        }
        [before, after] => {
            found.different(object, "the kind", [before, after].map(|kind| Some(kind_of(kind).to_owned())));
        }
    }
}

fn kind_of(kind: &UserTypeKind) -> &'static str {
    match kind {
        UserTypeKind::Enum(_) => "an enum",
        UserTypeKind::Domain(_) => "a domain",
        UserTypeKind::Composite { .. } => "a composite type",
        UserTypeKind::Range { .. } => "a range type",
    }
}

/// Tells which labels are missing, and whether those that both have stand in another order.
fn labels(found: &mut Found, object: &str, pair: Pair<&EnumType>) {
    let [before, after] = pair.map(|found| &found.labels);
    let label = |label: &String| format!("the label {}", written::literal(label));
    for missing in before.iter().filter(|label| !after.contains(label)) {
        found.different(object, &label(missing), [Some(String::new()), None]);
    }
    for added in after.iter().filter(|label| !before.contains(label)) {
        found.different(object, &label(added), [None, Some(String::new())]);
    }
    let common = |labels: &[String], other: &[String]| {
        let both = labels.iter().filter(|label| other.contains(label));
        both.map(|label| written::literal(label)).collect::<Vec<_>>().join(", ")
    };
    found.shown(object, "the order of the labels", [common(before, after), common(after, before)]);
}

fn domain(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Domain>) {
    column::data_type(found, object, "the base type", sides, pair.map(|domain| &domain.base));
    found.flag(object, "`NOT NULL`", pair.map(|domain| domain.not_null.is_some()));
    if let [Some(before), Some(after)] = pair.map(|domain| domain.not_null.as_deref()) {
        // A migration need not write the name that the server makes up, and no server before 17 has one.
        if !before.is_empty() && !after.is_empty() {
            found.text(object, "the name of `NOT NULL`", [Some(before), Some(after)]);
        }
    }
    let base = |domain: &Domain| written::column_type(&domain.base);
    let environments = [0, 1].map(|n| sides[n].environment.clone().column("value", &base(pair[n])));
    let targets = [0, 1].map(|n| environments[n].clone().target(&base(pair[n])));
    column::optional(
        found,
        object,
        "the default",
        pair.map(|domain| domain.default.as_ref()),
        [&targets[0], &targets[1]],
    );
    found.text(object, "the collation", pair.map(|domain| domain.collation.as_deref()));
    for (name, checks) in pairs([&pair[0].checks, &pair[1].checks]) {
        let object = format!("constraint {} of {}", written::identifier(name), object.replacen("type ", "", 1));
        let Some([before, after]) = found.both(&object, checks) else { continue };
        let targets = [0, 1].map(|n| environments[n].clone().target("boolean"));
        let verdict = scope::compare([&before.0, &after.0], [&targets[0], &targets[1]]);
        found.note(&object, "the expression", scope::shown([&before.0, &after.0]), verdict);
        found.flag(&object, "`NOT VALID`", [!before.1, !after.1]);
    }
    for (name, comments) in pairs([&pair[0].comments, &pair[1].comments]) {
        let what = format!("the comment on {}", written::identifier(name));
        found.text(object, &what, comments.map(|comment| comment.map(String::as_str)));
    }
}

fn attributes(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, name: &ObjectName, pair: Pair<&Vec<Column>>) {
    for (attribute, columns) in column::by_name(pair.map(Vec::as_slice)) {
        let object = format!("column {}.{}", written::object(name), written::identifier(attribute));
        if let Some(columns) = found.both(&object, columns) {
            column::attribute(found, &object, sides, columns);
        }
    }
    // The order of a composite type's attributes is that of its values' fields.
    let common = |columns: &[Column], other: &[Column]| {
        let both = columns.iter().filter(|column| other.iter().any(|found| found.name == column.name));
        both.map(|column| written::identifier(&column.name)).collect::<Vec<_>>().join(", ")
    };
    found.shown(object, "the order of the attributes", [common(pair[0], pair[1]), common(pair[1], pair[0])]);
}

/// Returns an option of a range type as the server prints it, without the schema of what it names.
fn range_option(option: &str) -> String {
    let Some((key, value)) = option.split_once('=') else { return option.to_owned() };
    let key = key.trim().to_ascii_lowercase();
    let words = crate::sql::significant(value, &crate::sql::POSTGRES);
    let value = match super::super::types::Type::parse(&words) {
        Ok((ty, taken)) if key == "subtype" && taken == words.len() => ty.to_string(),
        _ => value.trim().to_owned(),
    };
    let value = value.rsplit('.').next().unwrap_or(&value).to_owned();
    format!("{key}={value}")
}
