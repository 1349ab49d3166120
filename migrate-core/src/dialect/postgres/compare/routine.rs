//! Functions, procedures, aggregates.

use std::collections::BTreeSet;

use super::super::statement::{self, Argument, Mode, Words};
use super::super::types::Type;
use super::super::written;
use super::{Found, Pair, Side, other, pairs, scope, view};
use crate::dialect::Verdict;
use crate::schema::Routine;
use crate::sql::{POSTGRES, significant};

pub(super) fn compare(found: &mut Found, sides: &Pair<Side<'_>>) {
    for (id, pair) in pairs([&sides[0].schema.routines, &sides[1].schema.routines]) {
        let kind = pair.iter().flatten().next().map_or("function", |routine| routine.kind.as_str());
        let kind = if kind == "window" { "function" } else { kind };
        let object = format!("{kind} {}({})", written::object(&id.name), id.arguments);
        if let Some(pair) = found.both(&object, pair) {
            routine(found, &object, sides, pair);
        }
    }
}

fn routine(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Routine>) {
    let kind = |routine: &Routine| if routine.kind == "window" { "function".to_owned() } else { routine.kind.clone() };
    found.shown(object, "the kind", pair.map(kind));
    arguments(found, object, sides, pair);
    found.shown(object, "the language", pair.map(|routine| routine.language.clone()));
    let attributes = pair.map(|routine| routine.attributes.iter().map(|text| attribute(text)).collect::<BTreeSet<_>>());
    compare_attributes(found, object, [&attributes[0], &attributes[1]]);
    match pair.map(|routine| routine.sql_body.as_ref()) {
        [Some(before), Some(after)] => {
            let shown = [before, after].map(|body| Some(format!("`{}`", body.text)));
            found.note(object, "the body", shown, view::query([before, after]));
        }
        [None, None] => found.text(object, "the body", pair.map(|routine| Some(routine.body.as_str()))),
        bodies => {
            let shown = [0, 1].map(|n| Some(format!("`{}`", bodies[n].map_or(&pair[n].body, |body| &body.text))));
            found.different(object, "the body", shown);
        }
    }
    found.text(object, "the comment", pair.map(|routine| routine.comment.as_deref()));
}

fn compare_attributes(found: &mut Found, object: &str, sides: Pair<&BTreeSet<String>>) {
    for side in [0, 1] {
        let here = |is: bool| if side == 0 { [is.then(String::new), None] } else { [None, is.then(String::new)] };
        for attribute in sides[side].difference(sides[1 - side]) {
            let set = attribute.strip_prefix("SET ").and_then(|rest| rest.split_once(' ')).map(|(name, _)| name);
            let current = |name: &str| format!("SET {name} FROM CURRENT");
            let unknown = set.is_some_and(|name| {
                *attribute == current(name)
                    && sides[1 - side].iter().any(|other| other.starts_with(&format!("SET {name} TO ")))
            });
            let told = set.is_some_and(|name| sides[1 - side].contains(&current(name)));
            if unknown {
                let verdict = Verdict::Skip("the setting is that of the session that made it".to_owned());
                found.note(object, &format!("`{attribute}`"), here(true), verdict);
            } else if !told {
                found.different(object, &format!("`{attribute}`"), here(true));
            }
        }
    }
}

fn arguments(found: &mut Found, object: &str, sides: &Pair<Side<'_>>, pair: Pair<&Routine>) {
    let lists = pair.map(|routine| statement::arguments(&routine.arguments));
    let [Some(before), Some(after)] = &lists else {
        let verdict = other::plain(&pair[0].arguments, &pair[1].arguments, "they are compared as text");
        let shown = pair.map(|routine| Some(format!("`({})`", routine.arguments)));
        found.note(object, "the list of arguments", shown, verdict);
        let verdict = other::plain(&pair[0].returns, &pair[1].returns, "it is compared as text");
        return found.note(object, "the result", pair.map(|routine| Some(format!("`{}`", routine.returns))), verdict);
    };
    let same = |(one, other): (&Argument, &Argument)| {
        one.mode == other.mode && one.name == other.name && same_type(&one.ty, &other.ty)
    };
    if before.len() != after.len() || !before.iter().zip(after).all(same) {
        let shown = pair.map(|routine| Some(format!("`({})`", routine.arguments)));
        found.different(object, "the list of arguments", shown);
    } else {
        for (n, (one, other)) in before.iter().zip(after).enumerate() {
            let what = match &one.name {
                Some(name) => format!("the default of {}", written::identifier(name)),
                None => format!("the default of argument {}", n + 1),
            };
            default(found, object, &what, sides, [one, other]);
        }
    }
    if pair.iter().any(|routine| routine.kind == "procedure") {
        return;
    }
    let results = [result(pair[0], before), result(pair[1], after)];
    let equal = match &results {
        [Some(one), Some(other)] => same_result(one, other),
        _ => pair[0].returns == pair[1].returns,
    };
    if !equal {
        let shown = |n: usize| {
            let text = &pair[n].returns;
            Some(format!("`{}`", if text.is_empty() { results[n].clone().unwrap_or_default() } else { text.clone() }))
        };
        found.different(object, "the result", [shown(0), shown(1)]);
    }
}

fn default(found: &mut Found, object: &str, what: &str, sides: &Pair<Side<'_>>, pair: Pair<&Argument>) {
    let texts = pair.map(|argument| argument.default.as_deref());
    let shown = texts.map(|text| text.map(|text| format!("`{text}`")));
    let [Some(before), Some(after)] = texts else {
        if texts[0] != texts[1] {
            found.different(object, what, shown);
        }
        return;
    };
    let environments = [0, 1].map(|n| sides[n].environment.clone().target(&pair[n].ty.to_string()));
    found.note(object, what, shown, scope::texts([before, after], [&environments[0], &environments[1]]));
}

/// Returns whether two types are the same, one of which may leave its schema to the search path.
fn same_type(one: &Type, other: &Type) -> bool {
    same_name(&one.to_string(), &other.to_string())
}

fn same_name(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|before| before.ends_with('.'));
    one == other || ends(one, other) || ends(other, one)
}

fn same_result(one: &str, other: &str) -> bool {
    let words = |text: &str| significant(text, &POSTGRES).iter().map(|word| word.text.to_owned()).collect::<Vec<_>>();
    let split =
        |text: &str| text.strip_prefix("SETOF ").map_or((false, text.to_owned()), |rest| (true, rest.to_owned()));
    let ((set, one), (other_set, other)) = (split(one), split(other));
    set == other_set && (words(&one) == words(&other) || same_name(&one, &other))
}

/// Returns the result as a server prints it; `None` if it is not understood.
fn result(routine: &Routine, arguments: &[Argument]) -> Option<String> {
    let mut words = Words::new(&routine.returns);
    if words.is_done() {
        let out: Vec<&Argument> =
            arguments.iter().filter(|argument| matches!(argument.mode, Mode::Out | Mode::InOut)).collect();
        return match out.as_slice() {
            [] => Some(String::new()),
            [one] => Some(one.ty.to_string()),
            _ => Some("record".to_owned()),
        };
    }
    if words.accept(&["TABLE"]) {
        let columns = statement::arguments(words.group()?)?;
        let columns = columns.into_iter().map(|column| {
            let ty = column.ty.to_string();
            let ty = ty.rsplit('.').next().unwrap_or(&ty).to_owned();
            format!("{} {ty}", column.name.map(|name| written::identifier(&name)).unwrap_or_default())
        });
        return Some(format!("TABLE({})", columns.collect::<Vec<_>>().join(", ")));
    }
    let set = if words.accept(&["SETOF"]) { "SETOF " } else { "" };
    let rest = words.rest();
    let (ty, taken) = Type::parse(&rest).ok()?;
    // A routine keeps no modifiers of its result.
    let plain = Type { modifier: super::super::types::Modifier::None, ..ty };
    (taken == rest.len()).then(|| format!("{set}{plain}"))
}

/// Returns an attribute as a server's words are read: `SET a TO b`.
fn attribute(text: &str) -> String {
    let mut words = Words::new(text);
    if !words.accept(&["SET"]) {
        return text.to_owned();
    }
    let name = words.name().unwrap_or_default().join(".");
    if !words.accept(&["="]) && !words.accept(&["TO"]) {
        return text.to_owned();
    }
    let from = words.position();
    words.until(&[]);
    let value = words.since(from).to_owned();
    let values = Words::split(&value).into_iter().map(|value| {
        let value = value.trim();
        let bare = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        let bare = bare.map_or_else(|| value.to_owned(), |bare| bare.replace("''", "'"));
        bare.trim_matches('"').to_owned()
    });
    format!("SET {name} TO {}", values.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_results() {
        assert_eq!(attribute("SET search_path = app, \"$user\""), attribute("SET search_path TO app, \"$user\""));
        assert_eq!(attribute("SET work_mem = '4MB'"), attribute("SET work_mem TO '4MB'"));
        assert!(same_result("SETOF mood", "SETOF app.mood"));
        assert!(!same_result("SETOF mood", "app.mood"));
        assert_eq!(view::query([&Default::default(), &Default::default()]), Verdict::Equal);
    }
}
