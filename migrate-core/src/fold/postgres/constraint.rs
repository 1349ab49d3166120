//! Constraint clauses of tables and columns.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reader::{Reader, Written};
use crate::dialect::postgres::names;
use crate::fold::Problem;
use crate::schema::{
    Constraint, ConstraintKind, ForeignKey, Index, Key, KeyPart, ObjectName, ReferentialAction, Schema, Table,
};

/// A constraint as it is written, before its name is chosen and its names are resolved.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) name: Option<String>,
    pub(super) kind: ClauseKind,
    pub(super) at: Range<usize>,
    pub(super) deferrable: bool,
    initially_deferred: bool,
    pub(super) not_valid: bool,
    pub(super) no_inherit: bool,
    enforced: bool,
}

/// What a clause demands.
#[derive(Clone, Debug)]
pub(super) enum ClauseKind {
    PrimaryKey(Key),
    Unique(Key),
    UsingIndex {
        index: String,
        primary: bool,
    },
    Check(Range<usize>),
    ForeignKey {
        key: Box<ForeignKey>,
        target: Written,
    },
    Exclusion {
        index: Box<Index>,
        operators: Vec<String>,
    },
    /// `NOT NULL column`, since PostgreSQL 18.
    NotNull(String),
}

impl Clause {
    pub(super) fn new(name: Option<String>, kind: ClauseKind, at: Range<usize>) -> Self {
        Self {
            name,
            kind,
            at,
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            no_inherit: false,
            enforced: true,
        }
    }

    /// Returns the order in which CREATE TABLE makes constraints: checks, the primary key, other keys, foreign keys.
    pub(super) fn rank(&self) -> u8 {
        match self.kind {
            ClauseKind::Check(_) => 0,
            ClauseKind::NotNull(_) => 1,
            ClauseKind::PrimaryKey(_) => 2,
            ClauseKind::Unique(_) | ClauseKind::Exclusion { .. } | ClauseKind::UsingIndex { .. } => 3,
            ClauseKind::ForeignKey { .. } => 4,
        }
    }
}

impl Reader<'_, '_> {
    /// Takes a constraint of a table, if one comes next.
    pub(super) fn table_clause(&mut self) -> Result<Option<Clause>, Problem> {
        let start = self.cursor.position();
        let name = if self.cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
        let Some(kind) = self.table_clause_kind()? else {
            return if name.is_some() { Err(self.cursor.expected("a constraint")) } else { Ok(None) };
        };
        let mut clause = Clause::new(name, kind, self.cursor.since(start));
        self.clause_attributes(&mut clause)?;
        Ok(Some(clause))
    }

    fn table_clause_kind(&mut self) -> Result<Option<ClauseKind>, Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["PRIMARY", "KEY"]) {
            if cursor.accept(&["USING", "INDEX"]) {
                return Ok(Some(ClauseKind::UsingIndex { index: self.identifier()?, primary: true }));
            }
            let columns = self.identifiers()?;
            return self.key_options(columns).map(|key| Some(ClauseKind::PrimaryKey(key)));
        }
        if cursor.is("UNIQUE") {
            cursor.take();
            if cursor.accept(&["USING", "INDEX"]) {
                return Ok(Some(ClauseKind::UsingIndex { index: self.identifier()?, primary: false }));
            }
            let nulls = self.nulls_not_distinct();
            let columns = self.identifiers()?;
            let mut key = self.key_options(columns)?;
            key.nulls_not_distinct = nulls;
            return Ok(Some(ClauseKind::Unique(key)));
        }
        if cursor.is("CHECK") && cursor.is_at(1, "(") {
            cursor.take();
            return self.check().map(Some);
        }
        if cursor.accept(&["FOREIGN", "KEY"]) {
            let columns = self.identifiers()?;
            self.cursor.expect("REFERENCES")?;
            return self.references_clause(columns).map(Some);
        }
        if cursor.is("EXCLUDE") && (cursor.is_at(1, "USING") || cursor.is_at(1, "(")) {
            cursor.take();
            return self.exclusion().map(Some);
        }
        if cursor.are(&["NOT", "NULL"]) && self.session.version < 18 {
            return Err(Problem::new("sql-syntax", cursor.here(), "syntax error at or near \"NOT\"")
                .help("a NOT NULL constraint of a table can be written from PostgreSQL 18 on"));
        }
        if cursor.accept(&["NOT", "NULL"]) {
            return Ok(Some(ClauseKind::NotNull(self.identifier()?)));
        }
        Ok(None)
    }

    pub(super) fn nulls_not_distinct(&mut self) -> bool {
        self.cursor.accept(&["NULLS", "DISTINCT"]);
        self.cursor.accept(&["NULLS", "NOT", "DISTINCT"])
    }

    pub(super) fn key_options(&mut self, columns: Vec<String>) -> Result<Key, Problem> {
        let mut key = Key::new(columns);
        if self.cursor.accept(&["INCLUDE"]) {
            key.include = self.identifiers()?;
        }
        if self.cursor.accept(&["WITH"]) {
            key.options = self.settings()?;
        }
        if self.cursor.accept(&["USING", "INDEX", "TABLESPACE"]) {
            self.identifier()?;
        }
        Ok(key)
    }

    pub(super) fn check(&mut self) -> Result<ClauseKind, Problem> {
        self.cursor.take_group().map(ClauseKind::Check)
    }

    fn exclusion(&mut self) -> Result<ClauseKind, Problem> {
        let method = if self.cursor.accept(&["USING"]) { self.identifier()? } else { "btree".to_owned() };
        let mut index = Index { method, ..Index::default() };
        let mut operators = Vec::new();
        self.cursor.expect("(")?;
        loop {
            index.keys.push(self.index_key(&BTreeSet::new(), &["WITH"])?);
            self.cursor.expect("WITH")?;
            let from = self.cursor.position();
            self.cursor.take_until(&[","]);
            operators.push(self.cursor.slice(from, self.cursor.position()).to_owned());
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        if self.cursor.accept(&["INCLUDE"]) {
            index.include = self.identifiers()?;
        }
        if self.cursor.accept(&["WITH"]) {
            index.options = self.settings()?;
        }
        if self.cursor.accept(&["WHERE"]) {
            let inside = self.cursor.take_group()?;
            index.predicate = Some(self.expression_at(&inside, &BTreeSet::new()));
        }
        Ok(ClauseKind::Exclusion { index: Box::new(index), operators })
    }

    pub(super) fn references_clause(&mut self, columns: Vec<String>) -> Result<ClauseKind, Problem> {
        let target = self.written()?;
        let mut key = ForeignKey {
            columns,
            target: ObjectName::default(),
            target_columns: if self.cursor.is("(") { self.identifiers()? } else { Vec::new() },
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::NoAction,
            set_columns: Vec::new(),
            match_full: false,
            period: false,
        };
        loop {
            if self.cursor.accept(&["MATCH"]) {
                if self.cursor.is("PARTIAL") {
                    return Err(Problem::new("refused", self.cursor.here(), "MATCH PARTIAL not yet implemented"));
                }
                key.match_full = self.cursor.accept(&["FULL"]);
                let _ = key.match_full || self.cursor.accept(&["SIMPLE"]);
            } else if self.cursor.accept(&["ON", "DELETE"]) {
                key.on_delete = self.action()?;
                if self.cursor.is("(") {
                    key.set_columns = self.identifiers()?;
                }
            } else if self.cursor.accept(&["ON", "UPDATE"]) {
                key.on_update = self.action()?;
            } else {
                break;
            }
        }
        Ok(ClauseKind::ForeignKey { key: Box::new(key), target })
    }

    fn action(&mut self) -> Result<ReferentialAction, Problem> {
        for (words, action) in [
            (&["NO", "ACTION"] as &[&str], ReferentialAction::NoAction),
            (&["RESTRICT"], ReferentialAction::Restrict),
            (&["CASCADE"], ReferentialAction::Cascade),
            (&["SET", "NULL"], ReferentialAction::SetNull),
            (&["SET", "DEFAULT"], ReferentialAction::SetDefault),
        ] {
            if self.cursor.accept(words) {
                return Ok(action);
            }
        }
        Err(self.cursor.expected("an action"))
    }

    pub(super) fn clause_attributes(&mut self, clause: &mut Clause) -> Result<(), Problem> {
        let start = clause.at.start;
        let mut refused_deferral = false;
        loop {
            clause.at = start..self.cursor.end_of_taken().max(clause.at.end);
            let cursor = &mut self.cursor;
            if cursor.accept(&["NOT", "DEFERRABLE"]) {
                (clause.deferrable, refused_deferral) = (false, true);
            } else if cursor.accept(&["DEFERRABLE"]) {
                clause.deferrable = true;
            } else if cursor.are(&["INITIALLY", "DEFERRED"]) {
                let at = cursor.here();
                cursor.skip(2);
                if refused_deferral {
                    let message = "constraint declared INITIALLY DEFERRED must be DEFERRABLE";
                    return Err(Problem::new("refused", at, message));
                }
                (clause.deferrable, clause.initially_deferred) = (true, true);
            } else if cursor.accept(&["INITIALLY", "IMMEDIATE"]) {
                clause.initially_deferred = false;
            } else if cursor.accept(&["NOT", "VALID"]) {
                clause.not_valid = true;
            } else if cursor.accept(&["NO", "INHERIT"]) {
                clause.no_inherit = true;
            } else if cursor.accept(&["NOT", "ENFORCED"]) {
                clause.enforced = false;
            } else if !cursor.accept(&["ENFORCED"]) {
                return Ok(());
            }
        }
    }

    /// Adds a constraint to a table that is in the schema; chooses its name if it has none.
    pub(super) fn add_clause(&mut self, table: &ObjectName, clause: &Clause) -> Result<(), Problem> {
        let own = self.schema.tables.get(table).cloned().unwrap_or_default();
        let columns: BTreeSet<String> = own.columns.iter().map(|column| column.name.clone()).collect();
        let known = |names: &[String]| match names.iter().find(|name| !columns.contains(*name)) {
            Some(name) => {
                let message = format!("column \"{name}\" named in key does not exist");
                Err(Problem::new("unknown-column", self.token_of(&clause.at, name), message))
            }
            None => Ok(()),
        };
        self.clause_fits(&own, clause)?;
        let (kind, chosen) = match &clause.kind {
            ClauseKind::PrimaryKey(key) => {
                known(&key.columns)?;
                known(&key.include)?;
                if own.primary_key().is_some() {
                    let message = format!("multiple primary keys for table \"{}\" are not allowed", table.name);
                    let at = self.token_of(&clause.at, "primary");
                    return Err(Problem::new("second-primary-key", at, message));
                }
                self.covers_partitioning(&own, &key.columns, "PRIMARY KEY", self.token_of(&clause.at, "primary"))?;
                let name = names::primary_key(&table.name, |name| self.taken_by_index(table, name));
                (ConstraintKind::PrimaryKey(key.clone()), name)
            }
            ClauseKind::Unique(key) => {
                known(&key.columns)?;
                known(&key.include)?;
                self.covers_partitioning(&own, &key.columns, "UNIQUE", self.token_of(&clause.at, "unique"))?;
                let all: Vec<&String> = key.columns.iter().chain(&key.include).collect();
                let name = names::unique(&table.name, &all, |name| self.taken_by_index(table, name));
                (ConstraintKind::Unique(key.clone()), name)
            }
            ClauseKind::Check(at) => {
                let expression = self.expression_at(at, &columns);
                let used: Vec<&String> = expression.references.columns.iter().collect();
                let name = names::check(&table.name, &used, |name| constraint_taken(self.schema, &table.schema, name));
                (ConstraintKind::Check { expression, no_inherit: clause.no_inherit }, name)
            }
            ClauseKind::ForeignKey { key, target } => {
                let key = self.foreign_key(&own, clause, key, target)?;
                let taken = |name: &str| constraint_taken(self.schema, &table.schema, name);
                let name = names::foreign_key(&table.name, &key.columns, taken);
                let shown = clause.name.as_ref().unwrap_or(&name);
                self.types_refer(&own, &key, shown, clause)?;
                (ConstraintKind::ForeignKey(key), name)
            }
            ClauseKind::Exclusion { index, operators } => {
                let mut index = index.clone();
                let named = index.keys.iter().filter_map(|key| match &key.part {
                    KeyPart::Column(column) => Some(column.clone()),
                    KeyPart::Expression(_) => None,
                });
                known(&named.collect::<Vec<_>>())?;
                known(&index.include)?;
                self.method_fits(table, &index, &clause.at)?;
                for key in &mut index.keys {
                    if let KeyPart::Expression(expression) = &mut key.part {
                        expression.references = self.references(&expression.text, &columns);
                    }
                }
                let elements: Vec<String> = index.keys.iter().map(super::index::element_name).collect();
                let name = names::exclusion(&table.name, &elements, |name| self.taken_by_index(table, name));
                (ConstraintKind::Exclusion { index, operators: operators.clone() }, name)
            }
            ClauseKind::UsingIndex { index, primary } => return self.using_index(table, clause, index, *primary),
            ClauseKind::NotNull(column) => {
                known(std::slice::from_ref(column))?;
                if let Some(found) = self.schema.tables.get_mut(table).and_then(|table| table.column_mut(column)) {
                    found.nullable = false;
                    found.not_null_name.clone_from(&clause.name);
                    found.not_null.no_inherit = clause.no_inherit;
                    found.not_null.unchecked = clause.not_valid;
                }
                return Ok(());
            }
        };
        self.insert_constraint(table, clause, kind, chosen)
    }

    pub(super) fn insert_constraint(
        &mut self,
        table: &ObjectName,
        clause: &Clause,
        kind: ConstraintKind,
        chosen: String,
    ) -> Result<(), Problem> {
        let name = clause.name.clone().unwrap_or(chosen);
        let has_index = matches!(
            kind,
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) | ConstraintKind::Exclusion { .. }
        );
        let taken = ObjectName::new(&table.schema, &name);
        if has_index && self.schema.relation(&taken).is_some() {
            let at = self.token_of(&clause.at, &name);
            return Err(Problem::new("exists", at, format!("relation \"{name}\" already exists")));
        }
        let clash = self.token_of(&clause.at, &name);
        let primary = match &kind {
            ConstraintKind::PrimaryKey(key) => key.columns.clone(),
            _ => Vec::new(),
        };
        let mut constraint = Constraint::new(kind);
        constraint.deferrable = clause.deferrable;
        constraint.initially_deferred = clause.initially_deferred;
        constraint.validated = !clause.not_valid;
        constraint.enforced = clause.enforced;
        let Some(own) = self.schema.tables.get_mut(table) else { return Ok(()) };
        if own.constraints.contains_key(&name) {
            let message = format!("constraint \"{name}\" for relation \"{}\" already exists", table.name);
            return Err(Problem::new("exists", clash, message));
        }
        own.constraints.insert(name, constraint);
        for column in own.columns.iter_mut().filter(|column| primary.contains(&column.name)) {
            column.nullable = false;
        }
        Ok(())
    }

    /// Returns whether a name of an index-backed constraint is taken: by a relation, or by any constraint of the schema.
    fn taken_by_index(&self, table: &ObjectName, name: &str) -> bool {
        self.schema.relation(&ObjectName::new(&table.schema, name)).is_some()
            || constraint_taken(self.schema, &table.schema, name)
    }
}

/// Returns whether a constraint of any table or domain of a schema has this name.
pub(super) fn constraint_taken(schema: &Schema, namespace: &str, name: &str) -> bool {
    let tables = schema.tables.iter().filter(|(table, _)| table.schema == namespace);
    let in_domain = |kind: &crate::schema::UserTypeKind| match kind {
        crate::schema::UserTypeKind::Domain(domain) => domain.checks.contains_key(name),
        _ => false,
    };
    let not_null = |table: &Table| table.columns.iter().any(|column| column.not_null_name.as_deref() == Some(name));
    tables.clone().any(|(_, table)| table.constraints.contains_key(name) || not_null(table))
        || schema.types.iter().filter(|(ty, _)| ty.schema == namespace).any(|(_, ty)| in_domain(&ty.kind))
}
