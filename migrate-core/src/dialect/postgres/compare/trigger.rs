//! Triggers of tables and views.

use std::collections::BTreeMap;

use super::super::expression::Environment;
use super::super::statement;
use super::super::written;
use super::{Found, Pair, pairs, scope};
use crate::dialect::Verdict;
use crate::schema::{ObjectName, Trigger};

pub(super) fn compare(
    found: &mut Found,
    environments: Pair<&Environment>,
    relation: &ObjectName,
    triggers: Pair<&BTreeMap<String, Trigger>>,
) {
    for (name, pair) in pairs(triggers) {
        let copies = pair.iter().flatten().filter(|trigger| trigger.inherited).count();
        let object = format!("trigger {} of {}", written::identifier(name), written::object(relation));
        // A copy goes with the partitioned table's, but whether it is enabled is its own.
        if copies > 0 && pair.iter().flatten().count() == 1 {
            continue;
        }
        let Some(pair) = found.both(&object, pair) else { continue };
        if copies == 0 {
            one(found, &object, environments, pair);
        }
        let states = pair.map(|trigger| state(trigger.enabled));
        if states[0] != states[1] {
            found.different(&object, "the state", states.map(|state| Some(state.to_owned())));
        }
        found.text(&object, "the comment", pair.map(|trigger| trigger.comment.as_deref()));
    }
}

fn state(letter: Option<char>) -> &'static str {
    match letter {
        Some('D') => "disabled",
        Some('R') => "enabled on replicas",
        Some('A') => "always enabled",
        _ => "enabled",
    }
}

fn one(found: &mut Found, object: &str, environments: Pair<&Environment>, pair: Pair<&Trigger>) {
    let [before, after] = pair;
    let parts = pair.map(|trigger| statement::Trigger::parse(&trigger.definition.text));
    let [Some(one), Some(other)] = &parts else {
        if before.definition.text != after.definition.text {
            let verdict = Verdict::Skip("its text is not understood".to_owned());
            let shown = pair.map(|trigger| Some(format!("`{}`", trigger.definition.text)));
            found.note(object, "the definition", shown, verdict);
        }
        return;
    };
    let both = [one, other];
    found.flag(object, "`CONSTRAINT`", both.map(|trigger| trigger.constraint));
    found.shown(object, "the time", both.map(|trigger| trigger.timing.clone()));
    found.shown(object, "the event", both.map(|trigger| trigger.events.join(" OR ")));
    if before.columns != after.columns {
        let shown =
            |trigger: &Trigger| (!trigger.columns.is_empty()).then(|| format!("({})", written::list(&trigger.columns)));
        found.different(object, "the list of columns", pair.map(shown));
    }
    let from = both.map(|trigger| trigger.from.as_ref().and_then(|parts| parts.last()).cloned());
    found.text(object, "the other table", [from[0].as_deref(), from[1].as_deref()]);
    found.flag(object, "`DEFERRABLE`", both.map(|trigger| trigger.deferrable));
    found.flag(object, "`INITIALLY DEFERRED`", both.map(|trigger| trigger.initially_deferred));
    found.flag(object, "`FOR EACH ROW`", both.map(|trigger| trigger.each_row));
    let transitions = both.map(|trigger| Some(trigger.transitions.join(" ")).filter(|text| !text.is_empty()));
    found.text(object, "`REFERENCING`", [transitions[0].as_deref(), transitions[1].as_deref()]);
    condition(found, object, environments, both.map(|trigger| trigger.condition.as_deref()));
    let functions = pair.map(|trigger| trigger.function.as_ref().map(written::object));
    found.text(object, "the function", [functions[0].as_deref(), functions[1].as_deref()]);
    found.shown(object, "the list of arguments", both.map(|trigger| format!("({})", trigger.arguments.join(", "))));
}

fn condition(found: &mut Found, object: &str, environments: Pair<&Environment>, sides: Pair<Option<&str>>) {
    let verdict = match sides {
        [Some(before), Some(after)] => {
            let targets = environments.map(|environment| environment.clone().target("boolean"));
            scope::texts([before, after], [&targets[0], &targets[1]])
        }
        [None, None] => Verdict::Equal,
        sides => return found.different(object, "`WHEN`", sides.map(|side| side.map(|text| format!("`{text}`")))),
    };
    if verdict != Verdict::Equal {
        found.note(object, "`WHEN`", sides.map(|side| side.map(|text| format!("`{text}`"))), verdict);
    }
}
