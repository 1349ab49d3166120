//! A schema as lines, one for each object, and the lines that are expected.

use std::collections::BTreeMap;
use std::fmt::Debug;

use migrate_core::schema::{Index, ObjectName, Schema, Trigger};

use crate::terse::terse;

/// Objects by kind and name.
pub(crate) type Lines = BTreeMap<String, String>;

/// Returns the lines of a schema.
pub(crate) fn lines(schema: &Schema) -> Lines {
    let mut lines = Lines::new();
    let mut add = |key: String, value: &dyn Debug| {
        lines.insert(key, terse(&value));
    };
    schema.namespaces.iter().for_each(|(name, value)| add(format!("namespace {name}"), value));
    schema.types.iter().for_each(|(name, value)| add(format!("type {name}"), value));
    schema.sequences.iter().for_each(|(name, value)| add(format!("sequence {name}"), value));
    for (name, table) in &schema.tables {
        let mut table = table.clone();
        for column in std::mem::take(&mut table.columns) {
            add(format!("column {name} {}", column.name), &column);
        }
        for (constraint, value) in std::mem::take(&mut table.constraints) {
            add(format!("constraint {name} {constraint}"), &value);
        }
        parts(&mut add, name, std::mem::take(&mut table.indexes), std::mem::take(&mut table.triggers));
        add(format!("table {name}"), &table);
    }
    for (name, view) in &schema.views {
        let mut view = view.clone();
        parts(&mut add, name, std::mem::take(&mut view.indexes), std::mem::take(&mut view.triggers));
        add(format!("view {name}"), &view);
    }
    schema.routines.iter().for_each(|(id, value)| add(format!("routine {}({})", id.name, id.arguments), value));
    for (id, value) in &schema.others {
        let parent = id.parent.as_ref().map_or_else(String::new, |parent| format!(" on {parent}"));
        add(format!("other {:?} {}{parent}", id.kind, id.name), value);
    }
    lines
}

fn parts(
    add: &mut dyn FnMut(String, &dyn Debug),
    owner: &ObjectName,
    indexes: BTreeMap<String, Index>,
    triggers: BTreeMap<String, Trigger>,
) {
    for (name, value) in indexes {
        add(format!("index {owner} {name}"), &value);
    }
    for (name, value) in triggers {
        add(format!("trigger {owner} {name}"), &value);
    }
}

/// Reads the lines that are expected of a version: `key => value`, before it `[16]` or `[15-17]` where that is not all.
pub(crate) fn expected(text: &str, version: u32) -> Lines {
    let mut lines = Lines::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (versions, line) = match line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
            Some((versions, line)) => (versions, line),
            None => ("", line),
        };
        let (first, last) = versions.split_once('-').unwrap_or((versions, versions));
        let bound = |text: &str, open| if text.is_empty() { open } else { text.parse().expect("a version") };
        if (bound(first, 0)..=bound(last, u32::MAX)).contains(&version) {
            let (key, value) = line.split_once(" =>").unwrap_or_else(|| panic!("no `=>` in {line}"));
            assert!(lines.insert(key.to_owned(), value.trim().to_owned()).is_none(), "{key} is there twice");
        }
    }
    lines
}
