//! Tables that have the columns of others: by INHERITS, and as partitions.

use std::ops::Range;

use super::reader::{Reader, Written};
use crate::dialect::postgres::keywords;
use crate::fold::Problem;
use crate::schema::{ConstraintKind, ObjectName, Partitioning, Table, TableKind};
use crate::sql::{POSTGRES, significant};

impl Reader<'_, '_> {
    /// Returns the tables whose columns a table has.
    pub(super) fn parents(&self, table: &ObjectName) -> Vec<ObjectName> {
        let Some(own) = self.schema.tables.get(table) else { return Vec::new() };
        own.inherits.iter().chain(own.partition.as_ref().map(|partition| &partition.parent)).cloned().collect()
    }

    /// Returns whether a column is one that a parent has.
    pub(super) fn is_inherited(&self, table: &ObjectName, column: &str) -> bool {
        let has =
            |parent: &ObjectName| self.schema.tables.get(parent).is_some_and(|parent| parent.column(column).is_some());
        self.parents(table).iter().any(has)
    }

    /// Returns whether a table is another one, or has its columns.
    fn descends(&self, table: &ObjectName, from: &ObjectName) -> bool {
        table == from || self.parents(table).iter().any(|parent| self.descends(parent, from))
    }

    /// Takes the parents of INHERITS.
    pub(super) fn inherited(&mut self) -> Result<Vec<ObjectName>, Problem> {
        let mut parents = Vec::new();
        self.cursor.expect("(")?;
        loop {
            let written = self.written()?;
            let parent = self.parent(&written)?;
            if parents.contains(&parent) {
                let message = format!("relation \"{}\" would be inherited from more than once", parent.name);
                return Err(Problem::new("exists", written.at, message));
            }
            parents.push(parent);
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(parents)
    }

    /// Returns the table that a name of a parent means, which is no part of partitioning.
    fn parent(&self, written: &Written) -> Result<ObjectName, Problem> {
        let name = match self.relation(written) {
            Some((_, kind)) if kind != crate::schema::RelationKind::Table => {
                let message = format!("inherited relation \"{}\" is not a table", written.last());
                return Err(Problem::new("wrong-kind", written.at.clone(), message));
            }
            _ => self.table(written)?,
        };
        let found = self.schema.tables.get(&name);
        let what = match found {
            Some(found) if matches!(found.kind, TableKind::Partitioned(_)) => "partitioned table",
            Some(found) if found.partition.is_some() => "partition",
            _ => return Ok(name),
        };
        let message = format!("cannot inherit from {what} \"{}\"", name.name);
        Err(Problem::new("wrong-kind", written.at.clone(), message))
    }

    /// Takes `parent` of ALTER TABLE … INHERIT.
    pub(super) fn alter_inherit(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let written = self.written()?;
        let parent = self.parent(&written)?;
        let at = written.at;
        let Some(own) = self.schema.tables.get(table) else { return Ok(()) };
        if own.inherits.contains(&parent) {
            let message = format!("relation \"{}\" would be inherited from more than once", parent.name);
            return Err(Problem::new("exists", at, message));
        }
        if self.descends(&parent, table) {
            return Err(Problem::new("refused", at, "circular inheritance not allowed"));
        }
        self.has_all_of(table, &parent, &at)?;
        if let Some(own) = self.schema.tables.get_mut(table) {
            own.inherits.push(parent);
        }
        Ok(())
    }

    /// Takes `parent` of ALTER TABLE … NO INHERIT.
    pub(super) fn alter_no_inherit(&mut self, table: &ObjectName) -> Result<(), Problem> {
        let written = self.written()?;
        let parent = self.table(&written)?;
        let had = self.schema.tables.get(table).is_some_and(|own| own.inherits.contains(&parent));
        if !had {
            let message = format!("relation \"{}\" is not a parent of relation \"{}\"", parent.name, table.name);
            return Err(Problem::new("unknown-object", written.at, message));
        }
        let Some(own) = self.schema.tables.get_mut(table) else { return Ok(()) };
        own.inherits.retain(|other| *other != parent);
        if own.inherits.is_empty() {
            own.columns.iter_mut().for_each(|column| column.local = true);
            own.constraints.values_mut().for_each(|constraint| constraint.local = true);
        }
        Ok(())
    }

    /// Refuses a child that lacks a column or check of its parent.
    pub(super) fn has_all_of(&self, child: &ObjectName, parent: &ObjectName, at: &Range<usize>) -> Result<(), Problem> {
        let (Some(own), Some(found)) = (self.schema.tables.get(child), self.schema.tables.get(parent)) else {
            return Ok(());
        };
        let refuse = |message: String| Err(Problem::new("wrong-kind", at.clone(), message));
        for column in &found.columns {
            match own.column(&column.name) {
                None => return refuse(format!("child table is missing column \"{}\"", column.name)),
                Some(mine) if mine.ty != column.ty => {
                    return refuse(format!(
                        "child table \"{}\" has different type for column \"{}\"",
                        child.name, column.name
                    ));
                }
                Some(mine) if mine.nullable && !column.nullable => {
                    return refuse(format!("column \"{}\" in child table must be marked NOT NULL", column.name));
                }
                Some(_) => {}
            }
        }
        for (name, constraint) in &found.constraints {
            let inherits = matches!(constraint.kind, ConstraintKind::Check { no_inherit: false, .. });
            if inherits && !own.constraints.contains_key(name) {
                return refuse(format!("child table is missing constraint \"{name}\""));
            }
        }
        Ok(())
    }

    /// Refuses partitioning by columns that there are not, and keys that leave out a column of it.
    pub(super) fn partitioning_fits(&self, table: &Table, at: &Range<usize>) -> Result<(), Problem> {
        let TableKind::Partitioned(partitioning) = &table.kind else { return Ok(()) };
        let columns = key_columns(partitioning);
        for name in &columns {
            if table.column(name).is_none() {
                let message = format!("column \"{name}\" named in partition key does not exist");
                return Err(Problem::new("unknown-column", self.last_token_of(at, name), message));
            }
        }
        Ok(())
    }

    /// Refuses a unique key of a partitioned table without the columns of its partitioning.
    pub(super) fn covers_partitioning(
        &self,
        own: &Table,
        columns: &[String],
        kind: &str,
        at: Range<usize>,
    ) -> Result<(), Problem> {
        let TableKind::Partitioned(partitioning) = &own.kind else { return Ok(()) };
        let missing = key_columns(partitioning).into_iter().find(|name| !columns.contains(name));
        match missing {
            Some(name) => Err(Problem::new(
                "refused",
                at,
                "unique constraint on partitioned table must include all partitioning columns",
            )
            .help(format!("{kind} constraint lacks column \"{name}\" which is part of the partition key."))),
            None => Ok(()),
        }
    }

    /// Refuses the bound of a partition that does not go with its parent or its siblings.
    pub(super) fn bound_fits(
        &self,
        name: &ObjectName,
        parent: &ObjectName,
        bound: &str,
        at: &Range<usize>,
    ) -> Result<(), Problem> {
        let Some(TableKind::Partitioned(partitioning)) = self.schema.tables.get(parent).map(|found| &found.kind) else {
            return Ok(());
        };
        let new = Bound::read(bound);
        let refuse = |message: String| Err(Problem::new("refused", at.clone(), message));
        let strategy = partitioning.strategy.to_ascii_lowercase();
        if new.strategy().is_some_and(|of| of != strategy) {
            return refuse(format!("invalid bound specification for a {strategy} partition"));
        }
        let siblings = self.schema.tables.iter().filter_map(|(sibling, table)| {
            table
                .partition
                .as_ref()
                .filter(|partition| partition.parent == *parent)
                .map(|partition| (sibling, partition))
        });
        for (sibling, partition) in siblings.filter(|(sibling, _)| *sibling != name) {
            let other = Bound::read(&partition.bound);
            if new == Bound::Default && other == Bound::Default {
                return refuse(format!(
                    "partition \"{}\" conflicts with existing default partition \"{}\"",
                    name.name, sibling.name
                ));
            }
            if new.overlaps(&other) {
                return refuse(format!("partition \"{}\" would overlap partition \"{}\"", name.name, sibling.name));
            }
        }
        Ok(())
    }

    /// Takes `partition FOR VALUES …` of ATTACH PARTITION.
    pub(super) fn attach(&mut self, parent: &ObjectName) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.table(&written)?;
        let at = written.at;
        self.is_partitioned(parent, &at)?;
        let found = self.schema.tables.get(&name);
        if found.is_some_and(|found| found.partition.is_some()) {
            return Err(Problem::new("wrong-kind", at, format!("\"{}\" is already a partition", name.name)));
        }
        let columns = self.columns_of(parent);
        if let Some(extra) = self.columns_of(&name).into_iter().find(|column| !columns.contains(column)) {
            let message =
                format!("table \"{}\" contains column \"{extra}\" not found in parent \"{}\"", name.name, parent.name);
            return Err(Problem::new("wrong-kind", at, message));
        }
        self.has_all_of(&name, parent, &at)?;
        let from = self.cursor.position();
        let bound = self.bound()?;
        self.bound_fits(&name, parent, &bound, &self.cursor.since(from))?;
        if let Some(table) = self.schema.tables.get_mut(&name) {
            table.partition = Some(crate::schema::Partition { parent: parent.clone(), bound });
        }
        Ok(())
    }

    fn is_partitioned(&self, parent: &ObjectName, at: &Range<usize>) -> Result<(), Problem> {
        let found = self.schema.tables.get(parent);
        if found.is_some_and(|found| matches!(found.kind, TableKind::Partitioned(_))) {
            return Ok(());
        }
        let message = format!("ALTER action ATTACH PARTITION cannot be performed on relation \"{}\"", parent.name);
        Err(Problem::new("wrong-kind", at.clone(), message))
    }

    /// Takes `partition` of DETACH PARTITION.
    pub(super) fn detach(&mut self, parent: &ObjectName) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.table(&written)?;
        let _ = self.cursor.accept(&["CONCURRENTLY"]) || self.cursor.accept(&["FINALIZE"]);
        let Some(table) = self.schema.tables.get_mut(&name) else { return Ok(()) };
        if table.partition.as_ref().is_none_or(|partition| partition.parent != *parent) {
            let message = format!("relation \"{}\" is not a partition of relation \"{}\"", name.name, parent.name);
            return Err(Problem::new("wrong-kind", written.at, message));
        }
        table.partition = None;
        table.columns.iter_mut().for_each(|column| column.local = true);
        table.constraints.values_mut().for_each(|constraint| constraint.local = true);
        Ok(())
    }
}

/// Returns the columns of a partition key that are named as they are.
fn key_columns(partitioning: &Partitioning) -> Vec<String> {
    let column = |text: &str| {
        let words = significant(text, &POSTGRES);
        let (name, taken) = keywords::identifier(&words).ok()?;
        (words.get(taken).is_none_or(|word| word.text != "(" && word.text != ".") && words[0].text != "(")
            .then_some(name)
    };
    partitioning.keys.iter().filter_map(|key| column(&key.text)).collect()
}

/// The bound of a partition, as far as its literals tell.
#[derive(Debug, PartialEq)]
enum Bound {
    Default,
    List(Vec<String>),
    /// The first values of FROM and TO, where they are numbers.
    Range(Option<(f64, f64)>),
    Hash,
}

impl Bound {
    fn read(text: &str) -> Self {
        let words = significant(text, &POSTGRES);
        let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found.is(word));
        let group = |at: usize| {
            let inside = words[at.min(words.len())..].iter().skip_while(|word| word.text != "(").skip(1);
            inside.take_while(|word| word.text != ")").map(|word| word.text).collect::<Vec<_>>()
        };
        if is(0, "DEFAULT") {
            return Self::Default;
        }
        if is(2, "IN") {
            let values = group(3).join(" ");
            return Self::List(values.split(" , ").map(str::to_owned).collect());
        }
        if is(2, "WITH") {
            return Self::Hash;
        }
        let number = |group: Vec<&str>| match group.join("").to_ascii_lowercase().as_str() {
            "minvalue" => Some(f64::NEG_INFINITY),
            "maxvalue" => Some(f64::INFINITY),
            text => text.trim_matches('\'').parse::<f64>().ok(),
        };
        let to = words.iter().position(|word| word.is("TO")).unwrap_or(words.len());
        Self::Range(number(group(3)).zip(number(group(to))))
    }

    fn strategy(&self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::List(_) => Some("list"),
            Self::Range(_) => Some("range"),
            Self::Hash => Some("hash"),
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(own), Self::List(other)) => own.iter().any(|value| other.contains(value)),
            (Self::Range(Some((from, to))), Self::Range(Some((start, end)))) => from < end && start < to,
            _ => false,
        }
    }
}
