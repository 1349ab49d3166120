//! The differences that were found.

use super::Pair;
use crate::dialect::{Difference, Verdict};

/// The differences so far.
#[derive(Default)]
pub(super) struct Found(Vec<Difference>);

impl Found {
    pub(super) fn into_differences(self) -> Vec<Difference> {
        self.0
    }

    /// Returns what both sides have; notes it if one has not.
    pub(super) fn both<'v, V>(&mut self, object: &str, pair: Pair<Option<&'v V>>) -> Option<Pair<&'v V>> {
        match pair {
            [Some(before), Some(after)] => Some([before, after]),
            _ => {
                self.different(object, "", pair.map(|side| side.map(|_| String::new())));
                None
            }
        }
    }

    /// Notes something that is not the same; what a side does not have is `None`.
    pub(super) fn different(&mut self, object: &str, what: &str, sides: Pair<Option<String>>) {
        let reason = match (&sides, what) {
            ([Some(_), None], _) => "only before".to_owned(),
            ([None, Some(_)], _) => "only after".to_owned(),
            (_, "") => "it differs".to_owned(),
            _ => format!("{what} differs"),
        };
        self.note(object, what, sides, Verdict::Different(reason));
    }

    /// Notes a difference or a doubt; what is equal is nothing.
    pub(super) fn note(&mut self, object: &str, what: &str, sides: Pair<Option<String>>, verdict: Verdict) {
        if verdict == Verdict::Equal {
            return;
        }
        let [before, after] = sides;
        self.0.push(Difference { object: object.to_owned(), what: what.to_owned(), before, after, verdict });
    }

    /// Compares texts, shown as they are.
    pub(super) fn text(&mut self, object: &str, what: &str, sides: Pair<Option<&str>>) {
        if sides[0] != sides[1] {
            self.different(object, what, sides.map(|side| side.map(|text| format!("`{text}`"))));
        }
    }

    /// Compares whether something is so.
    pub(super) fn flag(&mut self, object: &str, what: &str, sides: Pair<bool>) {
        if sides[0] != sides[1] {
            self.different(object, what, sides.map(flag));
        }
    }

    /// Compares what can be shown.
    pub(super) fn shown(&mut self, object: &str, what: &str, sides: Pair<String>) {
        if sides[0] != sides[1] {
            self.different(object, what, sides.map(|side| Some(format!("`{side}`"))));
        }
    }
}

/// Returns how a difference shows whether something is there.
pub(super) fn flag(is: bool) -> Option<String> {
    is.then(String::new)
}
