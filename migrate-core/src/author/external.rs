//! What others own: it is folded, so that ours can refer to it, and nobody is told about it.

use std::collections::BTreeMap;

use super::Folded;
use crate::dialect::Dialect;
use crate::introspect::Filter;
use crate::schema::{Column, Schema, Table};

impl Folded {
    /// Leaves out what does not belong to the project by its filter.
    #[must_use]
    pub fn narrowed(mut self, filter: &Filter) -> Self {
        filter.narrow(&mut self.schema);
        filter.narrow(&mut self.external);
        self
    }

    /// Returns the schema without the objects of others; one that a revision changed is ours from then on.
    pub fn ours(&self) -> Schema {
        let mut ours = self.schema.clone();
        let external = &self.external;
        without(&mut ours.namespaces, &external.namespaces);
        without(&mut ours.tables, &external.tables);
        without(&mut ours.views, &external.views);
        without(&mut ours.sequences, &external.sequences);
        without(&mut ours.types, &external.types);
        without(&mut ours.routines, &external.routines);
        without(&mut ours.others, &external.others);
        ours
    }

    /// Returns the statements that make the schema in a database which has what others own and nothing else.
    ///
    /// An index or a trigger of ours on a table of theirs is among them; a table of theirs with another column is not
    /// written as its change, but as a whole.
    pub fn render(&self, dialect: &dyn Dialect) -> Vec<String> {
        let mut theirs = dialect.render(&self.external);
        let mut ours = dialect.render(&self.schema);
        ours.retain(|statement| match theirs.iter().position(|other| other == statement) {
            Some(at) => {
                theirs.remove(at);
                false
            }
            None => true,
        });
        ours
    }
}

fn without<K: Ord, V: PartialEq>(ours: &mut BTreeMap<K, V>, external: &BTreeMap<K, V>) {
    ours.retain(|key, value| external.get(key) != Some(value));
}

/// Makes what others own in a live schema what it is in the folded one, so that no comparison tells of it.
///
/// A table of theirs may have more than its DDL in the project says. What a revision made of it, such as an index, stays
/// as it is in the database.
pub fn adopt(live: &mut Schema, folded: &Folded) {
    let (ours, external) = (&folded.schema, &folded.external);
    for (name, theirs) in &external.tables {
        match (ours.tables.get(name), live.tables.get_mut(name)) {
            (Some(table), _) if table == theirs => {
                live.tables.insert(name.clone(), table.clone());
            }
            (Some(table), Some(found)) => *found = graft(table, theirs, found),
            _ => {}
        }
    }
    take(&mut live.namespaces, &ours.namespaces, &external.namespaces);
    take(&mut live.views, &ours.views, &external.views);
    take(&mut live.sequences, &ours.sequences, &external.sequences);
    take(&mut live.types, &ours.types, &external.types);
    take(&mut live.routines, &ours.routines, &external.routines);
    take(&mut live.others, &ours.others, &external.others);
    // What hangs on their tables is theirs, unless a revision made it.
    live.sequences.retain(|name, sequence| {
        let owner = sequence.owner.as_ref();
        ours.sequences.contains_key(name) || !owner.is_some_and(|owner| external.tables.contains_key(&owner.table))
    });
    live.others.retain(|id, _| {
        ours.others.contains_key(id) || !id.parent.as_ref().is_some_and(|table| external.tables.contains_key(table))
    });
}

/// Takes over what is still as others made it.
fn take<K: Ord + Clone, V: PartialEq + Clone>(
    live: &mut BTreeMap<K, V>,
    ours: &BTreeMap<K, V>,
    external: &BTreeMap<K, V>,
) {
    for (key, theirs) in external {
        if ours.get(key) == Some(theirs) {
            live.insert(key.clone(), theirs.clone());
        }
    }
}

/// Returns a table of others: as it was folded, but for what revisions changed of it, which is as it was found.
fn graft(folded: &Table, theirs: &Table, found: &Table) -> Table {
    let mut table = folded.clone();
    let is_theirs = |column: &Column| theirs.column(&column.name) == Some(column);
    let missing = |column: &Column| found.column(&column.name).is_none();
    table.columns.retain(|column| is_theirs(column) || !missing(column));
    for column in table.columns.iter_mut().filter(|column| !is_theirs(column)) {
        if let Some(other) = found.column(&column.name) {
            column.clone_from(other);
        }
    }
    let dropped = |column: &&Column| folded.column(&column.name).is_none() && theirs.column(&column.name).is_some();
    table.columns.extend(found.columns.iter().filter(dropped).cloned());
    graft_map(&mut table.constraints, &theirs.constraints, &found.constraints);
    graft_map(&mut table.indexes, &theirs.indexes, &found.indexes);
    graft_map(&mut table.triggers, &theirs.triggers, &found.triggers);
    table
}

fn graft_map<V: PartialEq + Clone>(
    folded: &mut BTreeMap<String, V>,
    theirs: &BTreeMap<String, V>,
    found: &BTreeMap<String, V>,
) {
    let changed: Vec<String> =
        folded.keys().chain(theirs.keys()).filter(|name| folded.get(*name) != theirs.get(*name)).cloned().collect();
    for name in changed {
        match found.get(&name) {
            Some(value) => folded.insert(name, value.clone()),
            None => folded.remove(&name),
        };
    }
}
