//! What foreign keys and keys by an index demand.

use super::constraint::{Clause, ClauseKind};
use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{
    ConstraintKind, ForeignKey, Index, Key, KeyPart, ObjectName, Persistence, ReferentialAction, Table,
};

impl Reader<'_, '_> {
    /// Refuses a clause whose parts do not go together.
    pub(super) fn clause_fits(&self, own: &Table, clause: &Clause) -> Result<(), Problem> {
        let refuse = |word: &str, message: &str| {
            Err(Problem::new("refused", self.token_of(&clause.at, word), message.to_owned()))
        };
        let (check, foreign) =
            (matches!(clause.kind, ClauseKind::Check(_)), matches!(clause.kind, ClauseKind::ForeignKey { .. }));
        let (keys, kind) = match &clause.kind {
            ClauseKind::PrimaryKey(key) => (Some(key), "primary key"),
            ClauseKind::Unique(key) => (Some(key), "unique"),
            _ => (None, ""),
        };
        if check && clause.deferrable {
            return refuse("deferrable", "misplaced DEFERRABLE clause: CHECK constraints cannot be marked DEFERRABLE");
        }
        let shown = match &clause.kind {
            ClauseKind::PrimaryKey(_) => "PRIMARY KEY",
            ClauseKind::Unique(_) | ClauseKind::UsingIndex { .. } => "UNIQUE",
            ClauseKind::Exclusion { .. } => "EXCLUDE",
            ClauseKind::ForeignKey { .. } => "FOREIGN KEY",
            ClauseKind::Check(_) => "CHECK",
            ClauseKind::NotNull(_) => "NOT NULL",
        };
        if clause.not_valid && !check && !foreign && !matches!(clause.kind, ClauseKind::NotNull(_)) {
            return refuse("valid", &format!("{shown} constraints cannot be marked NOT VALID"));
        }
        if clause.no_inherit && !check && !matches!(clause.kind, ClauseKind::NotNull(_)) {
            return refuse("no", &format!("{shown} constraints cannot be marked NO INHERIT"));
        }
        let Some(key) = keys else { return Ok(()) };
        let twice = key.columns.iter().enumerate().find(|(n, name)| key.columns[..*n].contains(name));
        if let Some((_, name)) = twice {
            let message = format!("column \"{name}\" appears twice in {kind} constraint");
            return Err(Problem::new("exists", self.last_token_of(&clause.at, name), message));
        }
        for (name, column) in key.columns.iter().filter_map(|name| own.column(name).map(|column| (name, column))) {
            self.has_default_class("btree", &column.ty, self.token_of(&clause.at, name))?;
        }
        Ok(())
    }

    pub(super) fn foreign_key(
        &self,
        own: &Table,
        clause: &Clause,
        key: &ForeignKey,
        target: &Written,
    ) -> Result<ForeignKey, Problem> {
        let mut key = key.clone();
        let unknown = |name: &String, from: usize| {
            let message = format!("column \"{name}\" referenced in foreign key constraint does not exist");
            Problem::new("unknown-column", self.token_of(&(from..clause.at.end), name), message)
        };
        key.target = match self.relation(target) {
            Some((name, crate::schema::RelationKind::Table)) => name,
            Some(_) => {
                let message = format!("referenced relation \"{}\" is not a table", target.last());
                return Err(Problem::new("wrong-kind", target.at.clone(), message));
            }
            None => return Err(self.missing("relation", target)),
        };
        let Some(found) = self.schema.tables.get(&key.target) else { return Err(self.missing("relation", target)) };
        if let Some(name) = key.columns.iter().find(|name| own.column(name).is_none()) {
            return Err(unknown(name, clause.at.start));
        }
        if let Some(name) = key.target_columns.iter().find(|name| found.column(name).is_none()) {
            return Err(unknown(name, target.at.end));
        }
        if let Some(name) = key.set_columns.iter().find(|name| !key.columns.contains(name)) {
            let message = format!("column \"{name}\" referenced in ON DELETE SET action must be part of foreign key");
            return Err(Problem::new("unknown-column", self.last_token_of(&clause.at, name), message));
        }
        if own.persistence == Persistence::Permanent && found.persistence == Persistence::Unlogged {
            let message = "constraints on permanent tables may reference only permanent tables";
            return Err(Problem::new("refused", target.at.clone(), message));
        }
        self.actions_fit(own, clause, &key)?;
        self.referred(found, &mut key, target)?;
        Ok(key)
    }

    /// Refuses an action that would write what the server computes.
    fn actions_fit(&self, own: &Table, clause: &Clause, key: &ForeignKey) -> Result<(), Problem> {
        let generated =
            key.columns.iter().any(|name| own.column(name).is_some_and(|column| column.generated.is_some()));
        let writes =
            |action: ReferentialAction| matches!(action, ReferentialAction::SetNull | ReferentialAction::SetDefault);
        for (word, bad) in [
            ("delete", writes(key.on_delete)),
            ("update", writes(key.on_update) || key.on_update == ReferentialAction::Cascade),
        ] {
            if generated && bad {
                let message = format!(
                    "invalid ON {} action for foreign key constraint containing generated column",
                    word.to_ascii_uppercase()
                );
                return Err(Problem::new("refused", self.token_of(&clause.at, word), message));
            }
        }
        Ok(())
    }

    /// Finds the columns that are referred to, which have to be a key.
    fn referred(&self, found: &Table, key: &mut ForeignKey, target: &Written) -> Result<(), Problem> {
        let refuse = |message: String| Err(Problem::new("no-key", target.at.clone(), message));
        if key.target_columns.is_empty() {
            let Some(columns) = found.primary_key() else {
                return refuse(format!("there is no primary key for referenced table \"{}\"", key.target.name));
            };
            key.target_columns = columns.to_vec();
        }
        if key.columns.len() != key.target_columns.len() {
            return refuse("number of referencing and referenced columns for foreign key disagree".to_owned());
        }
        match uniqueness(found, &key.target_columns) {
            Uniqueness::Sure => Ok(()),
            Uniqueness::Deferrable => refuse(format!(
                "cannot use a deferrable unique constraint for referenced table \"{}\"",
                key.target.name
            )),
            Uniqueness::None => refuse(format!(
                "there is no unique constraint matching given keys for referenced table \"{}\"",
                key.target.name
            )),
        }
    }

    /// Refuses a foreign key between columns that cannot be compared.
    pub(super) fn types_refer(
        &self,
        own: &Table,
        key: &ForeignKey,
        name: &str,
        clause: &Clause,
    ) -> Result<(), Problem> {
        let target = self.schema.tables.get(&key.target).unwrap_or(own);
        for (column, referred) in key.columns.iter().zip(&key.target_columns) {
            let (Some(value), Some(found)) = (own.column(column), target.column(referred)) else { continue };
            if !self.can_refer(&found.ty, &value.ty) {
                let message = format!("foreign key constraint \"{name}\" cannot be implemented");
                let help = format!(
                    "Key columns \"{column}\" and \"{referred}\" are of incompatible types: {} and {}.",
                    value.ty, found.ty
                );
                return Err(Problem::new("wrong-kind", self.token_of(&clause.at, column), message).help(help));
            }
        }
        Ok(())
    }

    /// Makes a key of an index.
    pub(super) fn using_index(
        &mut self,
        table: &ObjectName,
        clause: &Clause,
        index: &str,
        primary: bool,
    ) -> Result<(), Problem> {
        let at = self.last_token_of(&clause.at, index);
        let refuse = |code: &'static str, message: String| Err(Problem::new(code, at.clone(), message));
        let own = self.schema.tables.get(table).cloned().unwrap_or_default();
        let Some(found) = own.indexes.get(index) else {
            if own.has_index_constraint(index) {
                return refuse("refused", format!("index \"{index}\" is already associated with a constraint"));
            }
            if self.schema.table_of_index(&ObjectName::new(&table.schema, index)).is_some() {
                return refuse("refused", format!("index \"{index}\" does not belong to table \"{}\"", table.name));
            }
            return refuse("unknown-object", format!("index \"{index}\" does not exist"));
        };
        if let Some(message) = no_key(index, found) {
            return refuse("refused", message);
        }
        let columns = found.columns().unwrap_or_default();
        if let Some(own) = self.schema.tables.get_mut(table) {
            own.indexes.remove(index);
        }
        let key = Key {
            columns,
            include: found.include.clone(),
            nulls_not_distinct: found.nulls_not_distinct,
            index_columns: found.index_columns.clone(),
            options: found.options.clone(),
            ..Key::default()
        };
        let kind = if primary { ConstraintKind::PrimaryKey(key) } else { ConstraintKind::Unique(key) };
        self.insert_constraint(table, clause, kind, index.to_owned())
    }
}

/// Returns why an index can be no key.
fn no_key(name: &str, index: &Index) -> Option<String> {
    if !index.unique {
        return Some(format!("\"{name}\" is not a unique index"));
    }
    if index.keys.iter().any(|key| matches!(key.part, KeyPart::Expression(_))) {
        return Some(format!("index \"{name}\" contains expressions"));
    }
    if index.predicate.is_some() {
        return Some(format!("\"{name}\" is a partial index"));
    }
    let plain =
        |key: &crate::schema::IndexKey| !key.descending && key.nulls_first.is_none() && key.operator_class.is_none();
    let other = index.keys.iter().position(|key| !plain(key))?;
    Some(format!("index \"{name}\" column number {} does not have default sorting behavior", other + 1))
}

/// Whether columns identify a row.
enum Uniqueness {
    Sure,
    Deferrable,
    None,
}

fn uniqueness(table: &Table, columns: &[String]) -> Uniqueness {
    let sorted = |columns: &[String]| {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        columns
    };
    let wanted = sorted(columns);
    let of_constraints = table.constraints.values().filter(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => sorted(&key.columns) == wanted,
        _ => false,
    });
    let deferrable: Vec<bool> = of_constraints.map(|constraint| constraint.deferrable).collect();
    let by_index = table.indexes.values().any(|index| {
        index.unique && index.predicate.is_none() && index.columns().is_some_and(|columns| sorted(&columns) == wanted)
    });
    if by_index || deferrable.contains(&false) {
        return Uniqueness::Sure;
    }
    if deferrable.is_empty() { Uniqueness::None } else { Uniqueness::Deferrable }
}
