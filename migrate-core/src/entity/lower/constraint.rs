//! Keys, checks, references and indexes.

use super::{Lowering, Owner};
use crate::entity::scan::Entity;
use crate::entity::{ConstraintDef, ConstraintKindDef, IndexDef, KeyPartDef, Stated, TargetDef};
use crate::schema::ObjectName;
use crate::schema::logical::{LogicalConstraint, LogicalConstraintKind, LogicalIndex, LogicalKey, LogicalPart};

impl Lowering<'_> {
    /// Returns a constraint, unless it is for another dialect or points to what could not be found.
    pub(super) fn constraint(
        &mut self,
        owner: Owner,
        entity: &Entity,
        def: &ConstraintDef,
    ) -> Option<LogicalConstraint> {
        if def.only.as_ref().is_some_and(|only| only != self.dialect) {
            return None;
        }
        let (own, settings) = self.own(owner, &def.own, &["name", "expr", "where", "using"]);
        let at = self.out.origin(owner, &def.place);
        let kind = match &def.kind {
            ConstraintKindDef::PrimaryKey(columns) => LogicalConstraintKind::PrimaryKey(columns.clone()),
            ConstraintKindDef::Unique { columns, include, nulls_not_distinct } => LogicalConstraintKind::Unique {
                columns: columns.clone(),
                nulls_not_distinct: *nulls_not_distinct,
                include: include.clone(),
            },
            ConstraintKindDef::Check(expression) => {
                LogicalConstraintKind::Check(self.text(owner, &own, "expr", expression.as_ref())?)
            }
            ConstraintKindDef::ForeignKey { columns, target, on_delete, on_update } => {
                let (target, target_columns) = self.target(entity, target)?;
                LogicalConstraintKind::ForeignKey {
                    columns: columns.clone(),
                    target,
                    target_columns,
                    on_delete: *on_delete,
                    on_update: *on_update,
                }
            }
            ConstraintKindDef::Exclusion { using, elements, predicate } => {
                let own_using = own.get("using").and_then(|setting| setting.value.clone());
                LogicalConstraintKind::Exclusion {
                    using: own_using.or_else(|| using.clone()),
                    elements: elements
                        .iter()
                        .map(|(element, operator)| (self.out.said(owner, element), operator.clone()))
                        .collect(),
                    predicate: self.text(owner, &own, "where", predicate.as_ref()),
                }
            }
        };
        let own_name = own.get("name").and_then(|setting| setting.value.clone());
        Some(LogicalConstraint {
            name: own_name.or_else(|| def.name.clone()),
            kind,
            deferrable: def.deferrable,
            initially_deferred: def.initially_deferred,
            settings,
            at,
        })
    }

    /// Returns the table and the columns that a foreign key points to.
    fn target(&self, entity: &Entity, target: &Stated<TargetDef>) -> Option<(ObjectName, Vec<String>)> {
        match &target.value {
            TargetDef::Table { schema, table, columns } => {
                Some((ObjectName::new(schema.clone().unwrap_or_default(), table), columns.clone()))
            }
            TargetDef::Entity(_) => {
                let found = self.scan.entities.get(*entity.targets.get(&target.place)?)?;
                let key = found.def.constraints.iter().find_map(|constraint| match &constraint.kind {
                    ConstraintKindDef::PrimaryKey(columns) => Some(columns.clone()),
                    _ => None,
                });
                let name = ObjectName::new(found.schema.clone().unwrap_or_default(), &found.def.table.value);
                Some((name, key.unwrap_or_default()))
            }
        }
    }

    /// Returns an index, unless it is for another dialect.
    pub(super) fn index(&mut self, owner: Owner, def: &IndexDef) -> Option<LogicalIndex> {
        if def.only.as_ref().is_some_and(|only| only != self.dialect) {
            return None;
        }
        let (own, settings) = self.own(owner, &def.own, &["name", "where", "using"]);
        let at = self.out.origin(owner, &def.place);
        let mut keys = Vec::new();
        for key in &def.keys {
            let part = match &key.part {
                KeyPartDef::Column(column) => LogicalPart::Column(column.clone()),
                KeyPartDef::Expression(text) => LogicalPart::Expression(self.out.said(owner, text)),
            };
            keys.push(LogicalKey {
                part,
                operator_class: key.ops.clone(),
                collation: key.collate.clone(),
                descending: key.descending,
                nulls_first: key.nulls_first,
            });
        }
        let own_name = own.get("name").and_then(|setting| setting.value.clone());
        Some(LogicalIndex {
            name: own_name.or_else(|| def.name.clone()),
            unique: def.unique,
            using: self.text(owner, &own, "using", def.using.as_ref()),
            keys,
            include: def.include.clone(),
            predicate: self.text(owner, &own, "where", def.predicate.as_ref()),
            nulls_not_distinct: def.nulls_not_distinct,
            concurrently: def.concurrently,
            settings,
            at,
        })
    }
}
