//! What statements set of the session, as far as it decides what names mean.

use std::collections::BTreeSet;

use crate::schema::{ObjectName, Schema};

/// The settings of a revision's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// The server's major version.
    pub(super) version: u32,
    /// The schemas with which every revision starts.
    starting_path: Vec<String>,
    /// The schemas in which names are looked up now.
    path: Vec<String>,
    /// The tables that end with the session.
    temporary: BTreeSet<String>,
}

impl Session {
    pub(super) fn new(version: u32, path: Vec<String>) -> Self {
        Self { version, starting_path: path.clone(), path, temporary: BTreeSet::new() }
    }

    /// Begins a revision.
    pub(super) fn reset(&mut self) {
        self.path.clone_from(&self.starting_path);
        self.temporary.clear();
    }

    /// Remembers a relation that ends with the session; returns whether it is new.
    pub(super) fn add_temporary(&mut self, name: &str) -> bool {
        self.temporary.insert(name.to_owned())
    }

    /// Returns whether a relation ends with the session.
    pub(super) fn is_temporary(&self, name: &str) -> bool {
        self.temporary.contains(name)
    }

    /// Forgets a relation; returns whether it was to end with the session.
    pub(super) fn drop_temporary(&mut self, name: &str) -> bool {
        self.temporary.remove(name)
    }

    pub(super) fn set_path(&mut self, path: Vec<String>) {
        self.path = path;
    }

    /// Returns the schemas in which names are looked up now.
    pub(super) fn path(&self) -> &[String] {
        &self.path
    }

    /// Returns the schema in which an unqualified name is created: the first of the path that exists.
    pub(super) fn creates_in<'s>(&'s self, schema: &Schema) -> Option<&'s str> {
        self.path.iter().map(String::as_str).find(|name| schema.namespaces.contains_key(*name))
    }

    /// Returns the object that a name means: as written, else the first of the path for which `exists` holds.
    pub(super) fn find(&self, written: &[String], exists: impl Fn(&ObjectName) -> bool) -> Option<ObjectName> {
        match written {
            [schema, name] => Some(ObjectName::new(schema, name)).filter(exists),
            [name] => self.path.iter().map(|schema| ObjectName::new(schema, name)).find(exists),
            _ => None,
        }
    }
}
