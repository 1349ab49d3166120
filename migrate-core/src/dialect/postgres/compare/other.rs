//! Objects of which only the text is known, and texts.

use std::collections::{BTreeMap, BTreeSet};

use super::super::statement::{Policy, Words, extension_schema};
use super::super::written;
use super::{Found, Pair, Side, pairs, scope};
use crate::dialect::Verdict;
use crate::dialect::postgres::keywords;
use crate::schema::{Expression, Other, OtherId, OtherKind, Schema};
use crate::sql::{POSTGRES, TokenKind, significant};

/// Compares extensions, on which everything else may depend.
pub(super) fn extensions(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (id, pair) in pairs([&sides[0].schema.others, &sides[1].schema.others]) {
        if id.kind != OtherKind::Extension {
            continue;
        }
        let object = object(id);
        let Some(pair) = found.both(&object, pair) else { continue };
        // A migration that does not say the schema leaves it to the extension and the search path.
        if let [Some(before), Some(after)] = pair.map(|other| extension_schema(&other.definition.text)) {
            found.text(&object, "the schema", [Some(&before), Some(&after)]);
        }
        found.text(&object, "the comment", pair.map(|other| other.comment.as_deref()));
    }
}

/// Compares everything else.
pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    let maps = [by_key(sides[0].schema), by_key(sides[1].schema)];
    for (_, pair) in pairs([&maps[0], &maps[1]]) {
        let Some((id, _)) = pair.iter().flatten().next() else { continue };
        let missing = |side: usize| {
            let schema = sides[side].schema;
            id.parent.as_ref().is_some_and(|parent| schema.relation(parent).is_none())
        };
        // What is on a table goes with it.
        if id.kind == OtherKind::Extension || missing(0) || missing(1) {
            continue;
        }
        let object = object(id);
        let Some([(_, before), (_, after)]) = found.both(&object, pair) else { continue };
        definition(found, &object, sides, id, [before, after]);
        found.text(&object, "the comment", [before.comment.as_deref(), after.comment.as_deref()]);
    }
}

/// Returns the objects by what tells them apart however they are written: `(a AS b)` is `a AS b`.
fn by_key(schema: &Schema) -> BTreeMap<(OtherKind, String, String), (&OtherId, &Other)> {
    let key = |id: &OtherId| {
        let name = id.name.name.trim_start_matches('(').trim_end_matches(')');
        let parent = id.parent.as_ref().map(written::object).unwrap_or_default();
        (id.kind, format!("{}.{name}", id.name.schema), parent)
    };
    schema.others.iter().map(|(id, other)| (key(id), (id, other))).collect()
}

fn object(id: &OtherId) -> String {
    let name = match id.kind {
        OtherKind::Cast | OtherKind::Operator | OtherKind::OperatorClass | OtherKind::OperatorFamily => {
            id.name.to_string()
        }
        _ => written::object(&id.name),
    };
    let on = id.parent.as_ref().map(|parent| format!(" of {}", written::object(parent)));
    format!("{} {name}{}", word(id.kind), on.unwrap_or_default())
}

/// Returns the words of a kind.
fn word(kind: OtherKind) -> &'static str {
    match kind {
        OtherKind::Extension => "extension",
        OtherKind::Collation => "collation",
        OtherKind::Cast => "cast",
        OtherKind::Operator => "operator",
        OtherKind::OperatorClass => "operator class",
        OtherKind::OperatorFamily => "operator family",
        OtherKind::Statistics => "statistics",
        OtherKind::Rule => "rule",
        OtherKind::Policy => "policy",
        OtherKind::Publication => "publication",
        OtherKind::Subscription => "subscription",
        OtherKind::EventTrigger => "event trigger",
        OtherKind::ForeignServer => "server",
        OtherKind::ForeignDataWrapper => "foreign data wrapper",
        OtherKind::BaseType => "type",
        OtherKind::Conversion => "conversion",
        OtherKind::Transform => "transform",
        OtherKind::TextSearch => "text search configuration",
        OtherKind::TextSearchDictionary => "text search dictionary",
        OtherKind::TextSearchParser => "text search parser",
        OtherKind::TextSearchTemplate => "text search template",
        OtherKind::AccessMethod => "access method",
        OtherKind::Language => "language",
    }
}

fn definition(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, id: &OtherId, pair: Pair<&Other>) {
    if id.kind == OtherKind::Policy {
        if let [Some(before), Some(after)] = pair.map(|other| Policy::parse(&other.definition.text)) {
            return policy(found, object, sides, id, [&before, &after]);
        }
    }
    let [before, after] = pair.map(|other| other.definition.text.as_str());
    let verdict = match id.kind {
        OtherKind::Statistics => {
            let [(kinds, elements), (other_kinds, other_elements)] = [before, after].map(statistics);
            let verdict = plain(&elements, &other_elements, DOUBT);
            if kinds == other_kinds { verdict } else { Verdict::Different("the kinds differ".to_owned()) }
        }
        OtherKind::Collation => match [parameters(before), parameters(after)] {
            [Some(one), Some(other)] if one.keys().eq(other.keys()) && one != other => {
                Verdict::Different("a parameter differs".to_owned())
            }
            [Some(one), Some(other)] if one == other => Verdict::Equal,
            _ => plain(before, after, DOUBT),
        },
        _ => {
            let [before, after] = pair.map(|other| unqualified(&other.definition));
            plain(&before, &after, DOUBT)
        }
    };
    let verdict = match scope::conflict(&pair[0].definition.references, &pair[1].definition.references) {
        Some(reason) if verdict == Verdict::Equal => Verdict::Different(reason),
        _ => verdict,
    };
    found.note(object, "the definition", [before, after].map(|text| Some(format!("`{text}`"))), verdict);
}

const DOUBT: &str = "definitions of this kind are compared as text, and the texts differ";

fn policy(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, id: &OtherId, pair: Pair<&Policy>) {
    found.flag(object, "`AS RESTRICTIVE`", pair.map(|policy| policy.restrictive));
    found.shown(object, "the command", pair.map(|policy| policy.command.clone()));
    let roles = |policy: &Policy| if policy.roles.is_empty() { "public".to_owned() } else { policy.roles.join(", ") };
    found.shown(object, "the list of roles", pair.map(roles));
    let environments = [0, 1].map(|n| {
        let table = id.parent.as_ref().and_then(|parent| sides[n].schema.tables.get(parent));
        sides[n].with_columns(table.map_or(&[], |table| table.columns.as_slice())).target("boolean")
    });
    for (what, texts) in [
        ("`USING`", pair.map(|policy| policy.using.as_deref())),
        ("`WITH CHECK`", pair.map(|policy| policy.check.as_deref())),
    ] {
        let shown = texts.map(|text| text.map(|text| format!("`{text}`")));
        match texts {
            [Some(before), Some(after)] => {
                let verdict = scope::texts([before, after], [&environments[0], &environments[1]]);
                found.note(object, what, shown, verdict);
            }
            [None, None] => {}
            _ => found.different(object, what, shown),
        }
    }
}

/// Returns the kinds of CREATE STATISTICS, none if it is all, and its elements without the parentheses around a call,
/// which a server leaves out.
fn statistics(text: &str) -> (Vec<String>, String) {
    let mut words = Words::new(text);
    words.accept(&["CREATE", "STATISTICS"]);
    words.accept(&["IF", "NOT", "EXISTS"]);
    words.name();
    let mut kinds: Vec<String> =
        words.group().map(Words::split).unwrap_or_default().iter().map(|k| k.to_lowercase()).collect();
    kinds.sort();
    if kinds.len() == 3 {
        kinds.clear();
    }
    words.accept(&["ON"]);
    let elements: Vec<String> = Words::split(words.until(&["FROM"]))
        .into_iter()
        .map(|element| {
            let inner = element.strip_prefix('(').and_then(|element| element.strip_suffix(')'));
            inner.map_or(element, str::trim).to_owned()
        })
        .collect();
    words.accept(&["FROM"]);
    // The table is part of what tells the object from others.
    words.name();
    (kinds, format!("{} {}", elements.join(", "), words.until(&[])))
}

/// Returns the parameters of a definition; `None` if it is a copy of another object.
fn parameters(text: &str) -> Option<BTreeMap<String, String>> {
    let mut words = Words::new(text);
    words.until(&["("]);
    let parameters = Words::split(words.group()?).into_iter().map(|parameter| {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, "true"));
        (key.trim().to_lowercase(), value.trim().trim_matches('\'').to_lowercase())
    });
    Some(parameters.collect())
}

/// Returns a query whose names have no schema: what they mean is told by the references.
pub(super) fn unqualified(query: &Expression) -> String {
    let references = &query.references;
    let relations = references.relations.iter().map(|(name, _)| name);
    let meant = relations.chain(&references.types).chain(&references.routines).chain(&references.sequences);
    let meant: BTreeSet<(&str, &str)> = meant.map(|name| (name.schema.as_str(), name.name.as_str())).collect();
    let mut words = Words::new(&query.text);
    let mut out = Vec::new();
    while let Some(word) = words.word(0) {
        let is_name = matches!(word.kind, TokenKind::Word | TokenKind::QuotedName);
        match if is_name { words.name() } else { None } {
            Some(parts) => {
                let qualified = parts.len() > 1 && meant.contains(&(parts[0].as_str(), parts[1].as_str()));
                let parts = parts.iter().skip(usize::from(qualified)).map(|part| written::identifier(part));
                out.push(parts.collect::<Vec<_>>().join("."));
            }
            None => {
                out.push(word.text.to_owned());
                words.take();
            }
        }
    }
    out.join(" ")
}

/// Compares texts word by word: the case of keywords, white space and comments are no difference.
pub(super) fn plain(before: &str, after: &str, doubt: &str) -> Verdict {
    if before == after || words(before) == words(after) { Verdict::Equal } else { Verdict::Skip(doubt.to_owned()) }
}

fn words(text: &str) -> Vec<String> {
    let found = significant(text, &POSTGRES).into_iter().map(|word| match word.kind {
        TokenKind::Word | TokenKind::QuotedName => {
            keywords::fold_identifier(&word).map_or_else(|_| word.text.to_owned(), |name| written::identifier(&name))
        }
        _ => word.text.to_owned(),
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(plain("SELECT  a -- x\n FROM \"t\"", "select A from t", ""), Verdict::Equal);
        assert_eq!(plain("SELECT 'A'", "SELECT 'a'", "why"), Verdict::Skip("why".into()));
        assert_eq!(
            statistics("CREATE STATISTICS st ON a, (lower(a)) FROM t"),
            statistics("CREATE STATISTICS public.st ON a, lower(a) FROM public.t")
        );
    }
}
