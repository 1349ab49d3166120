//! Indexes of tables and materialized views.

use std::collections::BTreeMap;

use super::super::statement::Words;
use super::super::{keywords, written};
use super::{Difference, Found, Pair, Side, flag, options, pairs, scope};
use crate::dialect::Verdict;
use crate::schema::{Column, Index, IndexKey, KeyPart, ObjectName};
use crate::sql::{POSTGRES, significant};

/// The operator classes of the server's own that are not their type's default; all others are.
const NOT_DEFAULT: &[&str] = &[
    "bpchar_pattern_ops",
    "cidr_ops",
    "record_image_ops",
    "text_pattern_ops",
    "varchar_ops",
    "varchar_pattern_ops",
    "jsonb_path_ops",
    "kd_point_ops",
    "inet_minmax_ops",
];

/// The operator classes of the server's own, without the ending: those of BRIN have a word more.
const SERVERS: &[&str] = &[
    "aclitem",
    "array",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "circle",
    "date",
    "enum",
    "float4",
    "float8",
    "inet",
    "int2",
    "int4",
    "int8",
    "interval",
    "jsonb",
    "macaddr",
    "macaddr8",
    "money",
    "multirange",
    "name",
    "numeric",
    "oid",
    "oidvector",
    "pg_lsn",
    "point",
    "poly",
    "quad_point",
    "range",
    "record",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsquery",
    "tsvector",
    "uuid",
    "varbit",
    "xid",
    "xid8",
];

/// Compares the indexes of a relation that belong to no constraint.
pub(super) fn compare(
    found: &mut Found,
    sides: &Pair<Side<'_>>,
    relation: &ObjectName,
    columns: Pair<&[Column]>,
    indexes: Pair<&BTreeMap<String, Index>>,
) {
    for (name, pair) in pairs(indexes) {
        // The part of a partitioned table's index goes with that.
        if pair.iter().flatten().any(|index| index.parent.is_some()) {
            continue;
        }
        let object = format!("index {}", written::object(&ObjectName::new(&relation.schema, name)));
        if let Some(pair) = found.both(&object, pair) {
            found.flag(&object, "`UNIQUE`", pair.map(|index| index.unique));
            definition(found, &object, sides, columns, pair);
        }
    }
}

/// Compares everything but `UNIQUE`, which the index of an exclusion never is.
pub(super) fn definition(
    found: &mut Found,
    object: &str,
    sides: &Pair<Side<'_>>,
    columns: Pair<&[Column]>,
    pair: Pair<&Index>,
) {
    let [before, after] = pair;
    found.shown(object, "the access method", pair.map(|index| index.method.clone()));
    let lengths = pair.map(|index| index.keys.len());
    if lengths[0] == lengths[1] {
        for (n, (one, other)) in before.keys.iter().zip(&after.keys).enumerate() {
            key(found, object, sides, columns, (n + 1, pair.map(|index| index.method.as_str())), [one, other]);
        }
    } else {
        found.different(object, "the list of keys", pair.map(|index| Some(shown_keys(index))));
    }
    if before.include != after.include {
        let shown = |names: &[String]| (!names.is_empty()).then(|| format!("({})", written::list(names)));
        found.different(object, "`INCLUDE`", [shown(&before.include), shown(&after.include)]);
    }
    let environments = [0, 1].map(|n| sides[n].with_columns(columns[n]).target("boolean"));
    let predicates = pair.map(|index| index.predicate.as_ref());
    super::column::optional(found, object, "the predicate", predicates, [&environments[0], &environments[1]]);
    found.flag(object, "`NULLS NOT DISTINCT`", pair.map(|index| index.nulls_not_distinct));
    found.flag(object, "a failed build", pair.map(|index| index.invalid));
    found.text(object, "the tablespace", pair.map(|index| index.tablespace.as_deref()));
    found.text(object, "the comment", pair.map(|index| index.comment.as_deref()));
    own_columns(found, object, pair);
    options(found, object, pair.map(|index| index.options.as_slice()));
}

/// Compares what the index says of its own columns.
fn own_columns(found: &mut Found, object: &str, pair: Pair<&Index>) {
    let [before, after] = pair;
    if before.index_columns != after.index_columns {
        let shown = |names: &[String]| (!names.is_empty()).then(|| format!("({})", written::list(names)));
        let names = [shown(&before.index_columns), shown(&after.index_columns)];
        found.different(object, Difference::OWN_COLUMNS, names);
    }
    for (column, targets) in pairs([&before.statistics, &after.statistics]) {
        if targets[0] != targets[1] {
            let shown = targets.map(|target| target.map(ToString::to_string));
            found.different(object, &format!("the statistics target of column {column}"), shown);
        }
    }
}

fn shown_keys(index: &Index) -> String {
    let part = |key: &IndexKey| match &key.part {
        KeyPart::Column(name) => written::identifier(name),
        KeyPart::Expression(expression) => format!("({})", expression.text),
    };
    format!("`{}`", index.keys.iter().map(part).collect::<Vec<_>>().join(", "))
}

fn key(
    found: &mut Found,
    object: &str,
    sides: &Pair<Side<'_>>,
    columns: Pair<&[Column]>,
    (n, methods): (usize, Pair<&str>),
    pair: Pair<&IndexKey>,
) {
    let what = if n == 1 { "the first key".to_owned() } else { format!("key {n}") };
    let parts = pair.map(|key| plain_part(&key.part));
    match [&parts[0], &parts[1]] {
        [KeyPart::Expression(before), KeyPart::Expression(after)] => {
            let environments = [0, 1].map(|n| sides[n].with_columns(columns[n]));
            let verdict = scope::compare([before, after], [&environments[0], &environments[1]]);
            found.note(object, &what, scope::shown([before, after]), verdict);
        }
        [before, after] if before == after => {}
        // A cast that does nothing any more is left out when the index is made again.
        [KeyPart::Expression(_), KeyPart::Column(_)] | [KeyPart::Column(_), KeyPart::Expression(_)] => {
            let environments = [0, 1].map(|n| sides[n].with_columns(columns[n]));
            let texts = [0, 1].map(|n| match &parts[n] {
                KeyPart::Column(name) => written::identifier(name),
                KeyPart::Expression(expression) => expression.text.clone(),
            });
            let verdict = scope::texts([&texts[0], &texts[1]], [&environments[0], &environments[1]]);
            found.note(object, &what, texts.map(|text| Some(format!("`{text}`"))), verdict);
        }
        sides => {
            let shown = sides.map(|part| match part {
                KeyPart::Column(name) => Some(format!("`{}`", written::identifier(name))),
                KeyPart::Expression(expression) => Some(format!("`{}`", expression.text)),
            });
            found.different(object, &what, shown);
        }
    }
    let collations = [0, 1].map(|n| collation(pair[n], &parts[n], columns[n]));
    found.text(object, &format!("the collation of {what}"), [collations[0].as_deref(), collations[1].as_deref()]);
    class(found, object, &format!("the operator class of {what}"), sides, [0, 1].map(|n| (pair[n], methods[n])));
    found.flag(object, &format!("`DESC` of {what}"), pair.map(|key| key.descending));
    let nulls = pair.map(|key| key.nulls_first.unwrap_or(key.descending));
    if nulls[0] != nulls[1] && pair[0].descending == pair[1].descending {
        found.different(object, &format!("`NULLS FIRST` of {what}"), nulls.map(flag));
    }
}

/// Returns a key; a column in parentheses is a column.
fn plain_part(part: &KeyPart) -> KeyPart {
    if let KeyPart::Expression(expression) = part {
        let words = significant(&expression.text, &POSTGRES);
        if let ([word], true) = (words.as_slice(), expression.references.columns.len() == 1) {
            if let Ok(name) = keywords::fold_identifier(word) {
                return KeyPart::Column(name);
            }
        }
    }
    part.clone()
}

/// Returns the collation of a key, unless it is the column's.
fn collation(key: &IndexKey, part: &KeyPart, columns: &[Column]) -> Option<String> {
    let own = match part {
        KeyPart::Column(name) => columns.iter().find(|column| column.name == *name),
        KeyPart::Expression(_) => None,
    };
    let own = own.map(|column| column.collation.as_deref().unwrap_or("\"default\""));
    key.collation.clone().filter(|name| Some(name.as_str()) != own)
}

/// An operator class: its schema, its name, and its parameters in order.
struct Class {
    schema: Option<String>,
    name: String,
    parameters: Vec<String>,
}

fn read_class(text: &str) -> Option<Class> {
    let mut words = Words::new(text);
    let mut parts = words.name()?;
    let name = parts.pop()?;
    let schema = parts.pop().filter(|schema| schema != "pg_catalog");
    let parameters = words.group().map(Words::split).unwrap_or_default();
    let mut parameters: Vec<String> = parameters
        .iter()
        .filter_map(|parameter| parameter.split_once('='))
        .map(|(key, value)| format!("{}={}", key.trim().to_ascii_lowercase(), value.trim().trim_matches('\'')))
        .collect();
    parameters.sort();
    Some(Class { schema, name, parameters })
}

impl Class {
    /// Returns whether it is the server's own, and its type's default.
    fn is_default(&self, method: &str) -> bool {
        let special = NOT_DEFAULT.contains(&self.name.as_str()) || (method == "gist" && self.name == "inet_ops");
        let stem = self.name.strip_suffix("_ops").unwrap_or_default();
        let stem = stem.strip_suffix("_minmax").or_else(|| stem.strip_suffix("_inclusion")).unwrap_or(stem);
        self.schema.is_none() && !special && SERVERS.contains(&stem)
    }

    fn is_servers(&self) -> bool {
        let brin = ["_bloom_ops", "_minmax_multi_ops"].iter().any(|ending| self.name.ends_with(ending));
        self.is_default("") || brin || self.name == "inet_ops" || NOT_DEFAULT.contains(&self.name.as_str())
    }
}

fn class(found: &mut Found, object: &str, what: &str, sides: &Pair<Side<'_>>, pair: Pair<(&IndexKey, &str)>) {
    let shown = pair.map(|(key, _)| key.operator_class.as_ref().map(|text| format!("`{text}`")));
    let classes = pair.map(|(key, method)| {
        let class = key.operator_class.as_deref().and_then(read_class);
        class.filter(|class| !class.is_default(method) || !class.parameters.is_empty())
    });
    let verdict = match &classes {
        [None, None] => Verdict::Equal,
        [Some(before), Some(after)] => {
            let differs = before.name != after.name || before.parameters != after.parameters;
            let schemas = match [&before.schema, &after.schema] {
                [Some(one), Some(other)] => one == other,
                // Without its schema it is one that the search path finds: the server's own, or an extension's.
                [None, Some(schema)] | [Some(schema), None] => {
                    !before.is_servers()
                        && (schema == "public" || sides.iter().any(|side| side.extensions.contains(schema)))
                }
                [None, None] => true,
            };
            if differs || !schemas { Verdict::Different(format!("{what} differs")) } else { Verdict::Equal }
        }
        [Some(class), None] | [None, Some(class)] => {
            let explicit_default = class.parameters.is_empty() && !class.is_servers();
            if explicit_default {
                Verdict::Skip(format!("whether {} is the default of its type is not known", class.name))
            } else if class.parameters.is_empty() || !class.is_default("") {
                Verdict::Different(format!("{what} differs"))
            } else {
                Verdict::Different(format!("the parameters of {what} differ"))
            }
        }
    };
    found.note(object, what, shown, verdict);
}
