//! Differences between two schemas, for people and for programs.

use migrate_core::dialect::{Difference, Verdict};
use serde_json::{Value, json};

/// How long a sentence with both sides may be before each side stands on lines of its own.
const LINE: usize = 120;

/// Returns a difference with names for its two sides, as `in the migrations`.
pub(crate) fn text(difference: &Difference, sides: [&str; 2]) -> String {
    let sentence = difference.sentence(sides[0], sides[1]);
    let (object, what) = (&difference.object, &difference.what);
    let one_line = if what.is_empty() { format!("{object} {sentence}") } else { format!("{object}: {sentence}") };
    let (Some(before), Some(after)) = (&difference.before, &difference.after) else { return one_line };
    if one_line.chars().count() <= LINE && !one_line.contains('\n') {
        return one_line;
    }
    let what = if what.is_empty() { "it" } else { what };
    let block = |text: &str| text.replace('\n', "\n    ");
    format!("{object}: {what} differs\n  {}: {}\n  {}: {}", sides[0], block(before), sides[1], block(after))
}

/// Returns whether it is told that the two sides differ, rather than that nobody can tell.
pub(crate) fn is_certain(difference: &Difference) -> bool {
    !matches!(difference.verdict, Verdict::Skip(_))
}

/// Returns what cannot be told, a line for each reason; the two sides too where more is wanted.
pub(crate) fn doubts(differences: &[Difference], sides: [&str; 2], verbose: bool) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&Difference>)> = Vec::new();
    for difference in differences {
        let Verdict::Skip(reason) = &difference.verdict else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, list)) => list.push(difference),
            None => reasons.push((reason, vec![difference])),
        }
    }
    let part = |found: &&Difference| {
        if found.what.is_empty() { found.object.clone() } else { format!("{}: {}", found.object, found.what) }
    };
    let lines = reasons.iter().map(|(reason, list)| {
        let parts: Vec<String> = list.iter().map(part).collect();
        let mut line = format!("Cannot tell whether these differ, as {reason}: {}", parts.join("; "));
        for found in list.iter().filter(|_| verbose) {
            line.push_str(&format!("\n  {}", text(found, sides).replace('\n', "\n  ")));
        }
        line
    });
    lines.collect()
}

/// Returns a difference as JSON.
pub(crate) fn value(difference: &Difference) -> Value {
    let (verdict, reason) = match &difference.verdict {
        Verdict::Skip(reason) => ("unknown", reason.as_str()),
        Verdict::Different(reason) => ("different", reason.as_str()),
        Verdict::Equal => ("equal", ""),
    };
    json!({
        "object": difference.object,
        "what": difference.what,
        "before": difference.before,
        "after": difference.after,
        "verdict": verdict,
        "reason": reason,
    })
}
