//! Edits of a text.

use std::ops::Range;

/// A piece of text and what replaces it.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

/// Applies edits that do not overlap; one that is there twice is applied once.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.at.start);
    edits.dedup_by_key(|edit| edit.at.start);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        result.push_str(&text[at..edit.at.start]);
        result.push_str(&edit.text);
        at = edit.at.end;
    }
    result.push_str(&text[at..]);
    result
}
