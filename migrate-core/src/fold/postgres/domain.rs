//! Domains.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::rewrite;
use super::reader::Reader;
use crate::dialect::postgres::names;
use crate::fold::Problem;
use crate::schema::{Domain, ObjectName, UserType, UserTypeKind};

impl Reader<'_, '_> {
    pub(super) fn create_domain(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.new_name(&written)?;
        self.free_type(&name, &written.at)?;
        self.cursor.accept(&["AS"]);
        let (base, _) = self.column_type()?;
        let mut domain = Domain {
            base,
            not_null: None,
            default: None,
            collation: None,
            checks: BTreeMap::new(),
            comments: BTreeMap::new(),
        };
        let mut null = false;
        loop {
            let at = self.cursor.here();
            let given = if self.cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
            let refuse = |message: &str| Err(Problem::new("refused", at.clone(), message));
            if self.cursor.accept(&["NOT", "NULL"]) {
                if null {
                    return refuse("conflicting NULL/NOT NULL constraints");
                }
                domain.not_null = Some(given.unwrap_or_default());
            } else if self.cursor.accept(&["NULL"]) {
                if domain.not_null.is_some() {
                    return refuse("conflicting NULL/NOT NULL constraints");
                }
                null = true;
            } else if self.cursor.accept(&["DEFAULT"]) {
                if domain.default.is_some() {
                    return refuse("multiple default expressions");
                }
                let at = self.default_range();
                domain.default = Some(self.expression_at(&at, &BTreeSet::new()));
            } else if self.cursor.accept(&["COLLATE"]) {
                let at = self.cursor.here();
                domain.collation = Some(self.collation()?);
                self.can_collate(&domain.base, at)?;
            } else if self.cursor.accept(&["CHECK"]) {
                let inside = self.cursor.take_group()?;
                let check = self.expression_at(&inside, &BTreeSet::new());
                let key = given.unwrap_or_else(|| self.domain_check_name(&name, &domain));
                free_check(&name, &domain, &key, self.token_of(&(at.start..self.cursor.end_of_taken()), &key))?;
                domain.checks.insert(key, (check, true));
            } else {
                for word in ["UNIQUE", "PRIMARY", "EXCLUDE", "REFERENCES"] {
                    if self.cursor.is(word) {
                        let what = match word {
                            "PRIMARY" => "primary key",
                            "REFERENCES" => "foreign key",
                            "EXCLUDE" => "exclusion",
                            _ => "unique",
                        };
                        return refuse(&format!("{what} constraints not possible for domains"));
                    }
                }
                break;
            }
        }
        self.schema.types.insert(name, UserType { kind: UserTypeKind::Domain(Box::new(domain)), comment: None });
        Ok(())
    }

    fn domain_check_name(&self, name: &ObjectName, domain: &Domain) -> String {
        let taken = |candidate: &str| {
            domain.checks.contains_key(candidate)
                || super::constraint::constraint_taken(self.schema, &name.schema, candidate)
        };
        names::domain_check(&name.name, taken)
    }

    pub(super) fn alter_domain(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let found = self.session.find(&written.parts, |name| self.schema.types.contains_key(name));
        let Some(name) = found else { return Err(self.missing("type", &written)) };
        let Some(UserTypeKind::Domain(domain)) = self.schema.types.get(&name).map(|found| found.kind.clone()) else {
            let message = format!("\"{}\" is not a domain", name.name);
            return Err(Problem::new("wrong-kind", written.at, message));
        };
        let mut domain = *domain;
        let cursor = &mut self.cursor;
        if cursor.accept(&["SET", "NOT", "NULL"]) {
            domain.not_null = Some(String::new());
        } else if cursor.accept(&["DROP", "NOT", "NULL"]) {
            domain.not_null = None;
        } else if cursor.accept(&["SET", "DEFAULT"]) {
            let at = cursor.take_until(&[]);
            domain.default = Some(self.expression_at(&at, &BTreeSet::new()));
        } else if cursor.accept(&["DROP", "DEFAULT"]) {
            domain.default = None;
        } else if cursor.accept(&["ADD"]) {
            let at = cursor.here();
            let given = if cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
            self.cursor.expect("CHECK")?;
            let inside = self.cursor.take_group()?;
            let check = self.expression_at(&inside, &BTreeSet::new());
            let valid = !self.cursor.accept(&["NOT", "VALID"]);
            let key = given.unwrap_or_else(|| self.domain_check_name(&name, &domain));
            free_check(&name, &domain, &key, self.token_of(&(at.start..self.cursor.end_of_taken()), &key))?;
            domain.checks.insert(key, (check, valid));
        } else if cursor.accept(&["DROP", "CONSTRAINT"]) {
            let lenient = self.if_exists();
            let at = self.cursor.here();
            let check = self.identifier()?;
            self.behaviour();
            if domain.checks.remove(&check).is_none() && !lenient {
                let message = format!("constraint \"{check}\" of domain \"{}\" does not exist", name.name);
                return Err(Problem::new("unknown-object", at, message));
            }
        } else if cursor.accept(&["VALIDATE", "CONSTRAINT"]) {
            let at = self.cursor.here();
            let check = self.identifier()?;
            let Some((_, valid)) = domain.checks.get_mut(&check) else {
                let message = format!("constraint \"{check}\" of domain \"{}\" does not exist", name.name);
                return Err(Problem::new("unknown-object", at, message));
            };
            *valid = true;
        } else if cursor.accept(&["RENAME", "CONSTRAINT"]) {
            let at = self.cursor.here();
            let from = self.identifier()?;
            self.cursor.expect("TO")?;
            let target = self.cursor.here();
            let to = self.identifier()?;
            let Some(check) = domain.checks.remove(&from) else {
                let message = format!("constraint \"{from}\" for domain {} does not exist", name.name);
                return Err(Problem::new("unknown-object", at, message));
            };
            free_check(&name, &domain, &to, target)?;
            domain.checks.insert(to, check);
        } else if cursor.accept(&["RENAME", "TO"]) {
            let at = self.cursor.here();
            let to = ObjectName::new(&name.schema, self.identifier()?);
            self.free_type(&to, &at)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        } else if cursor.accept(&["SET", "SCHEMA"]) {
            let at = self.cursor.here();
            let to = ObjectName::new(self.existing_schema()?, &name.name);
            self.free_type(&to, &at)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        } else {
            cursor.expect("OWNER")?;
            cursor.expect("TO")?;
            return self.word().map(|_| ());
        }
        if let Some(found) = self.schema.types.get_mut(&name) {
            found.kind = UserTypeKind::Domain(Box::new(domain));
        }
        Ok(())
    }
}

/// Refuses the name of a check that a domain has already.
fn free_check(name: &ObjectName, domain: &Domain, check: &str, at: std::ops::Range<usize>) -> Result<(), Problem> {
    if !domain.checks.contains_key(check) {
        return Ok(());
    }
    let message = format!("constraint \"{check}\" for domain \"{}\" already exists", name.name);
    Err(Problem::new("exists", at, message))
}
