//! What two schemas differ in.

use std::collections::BTreeMap;

use super::super::{Difference, Verdict};
use super::table;
use super::{identifier, normal};
use crate::schema::{ObjectName, Schema, Table, TableKind, Trigger, View};

/// Returns what two schemas differ in, object by object.
///
/// What SQLite does not tell apart is no difference: the case and the quotes of names, white space and comments, types
/// of one affinity in a table that is not STRICT, NOT NULL of a primary key, parentheses around a default.
pub(super) fn compare(before: &Schema, after: &Schema) -> Vec<Difference> {
    let mut found = Found::default();
    found.tables(&before.tables, &after.tables);
    found.views(&before.views, &after.views);
    found.0
}

/// The differences so far.
#[derive(Default)]
pub(super) struct Found(Vec<Difference>);

impl Found {
    pub(super) fn push(&mut self, object: &str, what: &str, before: &str, after: &str) {
        self.note(object, what, Some(before), Some(after), Verdict::Different(format!("{what} differs")));
    }

    /// Notes something that one side does not have.
    pub(super) fn one_sided(&mut self, object: &str, what: &str, before: bool) {
        let (one, other, has) = if before { (Some(""), None, "before") } else { (None, Some(""), "after") };
        self.note(object, what, one, other, Verdict::Different(format!("only {has}")));
    }

    /// Notes a difference or a doubt.
    pub(super) fn note(
        &mut self,
        object: &str,
        what: &str,
        before: Option<&str>,
        after: Option<&str>,
        verdict: Verdict,
    ) {
        let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
        self.0.push(Difference { object: object.to_owned(), what: what.to_owned(), before, after, verdict });
    }

    fn tables(&mut self, before: &BTreeMap<ObjectName, Table>, after: &BTreeMap<ObjectName, Table>) {
        let names = |name: &ObjectName| name.name.clone();
        for (name, one, other) in pairs(before, after, names) {
            let object = format!("table {}", identifier(&name));
            match (one, other) {
                (Some(one), Some(other)) => self.table(&object, &name, one, other),
                (one, _) => self.one_sided(&object, "", one.is_some()),
            }
        }
    }

    fn table(&mut self, object: &str, name: &str, before: &Table, after: &Table) {
        match (&before.kind, &after.kind) {
            (TableKind::External(one), TableKind::External(other)) => {
                self.texts(object, "the definition", one, other);
            }
            (TableKind::External(_), _) => self.push(object, "the table", "virtual", "an ordinary one"),
            (_, TableKind::External(_)) => self.push(object, "the table", "an ordinary one", "virtual"),
            _ => table::compare(self, object, before, after),
        }
        let on = ObjectName::new("", name);
        for (name, one, other) in pairs(&before.indexes, &after.indexes, Clone::clone) {
            let object = format!("index {}", identifier(&name));
            match (one, other) {
                (Some(one), Some(other)) => table::index(self, &object, (&on, &name), (one, before), (other, after)),
                (one, _) => self.one_sided(&object, "", one.is_some()),
            }
        }
        self.triggers(&before.triggers, &after.triggers);
    }

    fn triggers(&mut self, before: &BTreeMap<String, Trigger>, after: &BTreeMap<String, Trigger>) {
        for (name, one, other) in pairs(before, after, Clone::clone) {
            let object = format!("trigger {}", identifier(&name));
            match (one, other) {
                (Some(one), Some(other)) => {
                    self.texts(&object, "the definition", &one.definition.text, &other.definition.text);
                }
                (one, _) => self.one_sided(&object, "", one.is_some()),
            }
        }
    }

    fn views(&mut self, before: &BTreeMap<ObjectName, View>, after: &BTreeMap<ObjectName, View>) {
        let names = |name: &ObjectName| name.name.clone();
        for (name, one, other) in pairs(before, after, names) {
            let object = format!("view {}", identifier(&name));
            let (Some(one), Some(other)) = (one, other) else {
                self.one_sided(&object, "", one.is_some());
                continue;
            };
            self.texts(&object, "the query", &one.query.text, &other.query.text);
            let columns = |view: &View| {
                let names: Vec<String> = view.columns.iter().map(|column| column.name.to_ascii_lowercase()).collect();
                format!("({})", names.join(", "))
            };
            if columns(one) != columns(other) {
                self.push(&object, "the list of columns", &columns(one), &columns(other));
            }
            self.triggers(&one.triggers, &other.triggers);
        }
    }

    fn texts(&mut self, object: &str, what: &str, before: &str, after: &str) {
        let verdict = normal::statements(before, after);
        if verdict == Verdict::Equal {
            return;
        }
        self.note(object, what, Some(&format!("`{before}`")), Some(&format!("`{after}`")), verdict);
    }
}

/// Pairs what has the same name but for its case.
fn pairs<'s, K: Ord, V>(
    before: &'s BTreeMap<K, V>,
    after: &'s BTreeMap<K, V>,
    name: impl Fn(&K) -> String,
) -> Vec<(String, Option<&'s V>, Option<&'s V>)> {
    let mut found: BTreeMap<String, (String, Option<&V>, Option<&V>)> = BTreeMap::new();
    for (key, value) in before {
        found.insert(name(key).to_ascii_lowercase(), (name(key), Some(value), None));
    }
    for (key, value) in after {
        let entry = found.entry(name(key).to_ascii_lowercase()).or_insert((name(key), None, None));
        entry.2 = Some(value);
    }
    found.into_values().collect()
}
