//! What the entities stand on: a schema without what they say themselves.

use std::collections::BTreeSet;

use crate::dialect::declare::Declared;
use crate::entity::lower::Lowered;
use crate::schema::{ObjectName, Schema, UserTypeKind};

/// Returns a schema without the tables and enums of entities, their sequences, and the views, which come back later.
pub(super) fn without(
    before: &Schema,
    tables: &BTreeSet<ObjectName>,
    lowered: &Lowered,
    declared: &Declared,
) -> Schema {
    let mut base = before.clone();
    base.views.clear();
    base.tables.retain(|name, _| !tables.contains(name));
    base.sequences.retain(|name, sequence| {
        let Some(owner) = sequence.owner.as_ref().filter(|owner| tables.contains(&owner.table)) else { return true };
        // One that a default names is not made by the table that owns it.
        !owner.identity && declared.statements.iter().any(|statement| statement.text.contains(&name.name))
    });
    base.types.retain(|name, found| {
        let ours = lowered
            .schema
            .enums
            .iter()
            .any(|known| known.name == *name || (known.name.schema.is_empty() && known.name.name == name.name));
        !(ours && matches!(found.kind, UserTypeKind::Enum(_)))
    });
    base
}
