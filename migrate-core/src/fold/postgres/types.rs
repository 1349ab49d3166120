//! Types: enums, domains, composites, ranges.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::rewrite;
use super::reader::{Reader, Written};
use crate::dialect::postgres::{keywords, names};
use crate::fold::Problem;
use crate::schema::{Column, Domain, EnumType, ObjectName, UserType, UserTypeKind};
use crate::sql::{POSTGRES, significant};

/// Returns the name that a text is, without its schema.
fn last_name(text: &str) -> String {
    let parts = keywords::qualified_name(&significant(text, &POSTGRES)).map(|(parts, _)| parts);
    parts.ok().and_then(|mut parts| parts.pop()).unwrap_or_else(|| text.to_owned())
}

impl Reader<'_, '_> {
    pub(super) fn create_type(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.new_name(&written)?;
        self.free_type(&name, &written)?;
        let kind = if self.cursor.accept(&["AS", "ENUM"]) {
            UserTypeKind::Enum(EnumType { labels: self.labels()? })
        } else if self.cursor.accept(&["AS", "RANGE"]) {
            let mut options = self.settings()?;
            let given = options.iter().position(|option| option.starts_with("multirange_type_name="));
            let multirange = match given.map(|place| options.remove(place)) {
                Some(option) => last_name(&option["multirange_type_name=".len()..]),
                None => names::multirange(&name.name),
            };
            UserTypeKind::Range { options, multirange }
        } else if self.cursor.accept(&["AS"]) {
            UserTypeKind::Composite { attributes: self.attributes()? }
        } else {
            return Err(Problem::new("sql-unsupported", self.cursor.here(), "a base type cannot be made by SQL alone"));
        };
        self.schema.types.insert(name, UserType { kind, comment: None });
        Ok(())
    }

    fn free_type(&self, name: &ObjectName, written: &Written) -> Result<(), Problem> {
        let row_type = self.schema.tables.contains_key(name) || self.schema.views.contains_key(name);
        if row_type || self.schema.types.contains_key(name) {
            let message = format!("type \"{}\" already exists", name.name);
            return Err(Problem::new("exists", written.at.clone(), message));
        }
        Ok(())
    }

    fn labels(&mut self) -> Result<Vec<String>, Problem> {
        self.cursor.expect("(")?;
        let mut labels = Vec::new();
        if self.cursor.accept(&[")"]) {
            return Ok(labels);
        }
        loop {
            labels.push(self.string()?);
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(labels)
    }

    fn attributes(&mut self) -> Result<Vec<Column>, Problem> {
        self.cursor.expect("(")?;
        let mut attributes = Vec::new();
        if self.cursor.accept(&[")"]) {
            return Ok(attributes);
        }
        loop {
            let name = self.identifier()?;
            let (ty, _) = self.column_type()?;
            let mut column = Column::new(name, ty);
            if self.cursor.accept(&["COLLATE"]) {
                column.collation = Some(self.collation()?);
            }
            attributes.push(column);
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        self.cursor.expect(")")?;
        Ok(attributes)
    }

    pub(super) fn alter_type(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let found = self.session.find(&written.parts, |name| self.schema.types.contains_key(name));
        let Some(name) = found else { return Err(self.missing("type", &written)) };
        if self.cursor.accept(&["RENAME", "TO"]) {
            let to = ObjectName::new(&name.schema, self.identifier()?);
            self.free_type(&to, &written)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        }
        if self.cursor.accept(&["SET", "SCHEMA"]) {
            let to = ObjectName::new(self.identifier()?, &name.name);
            self.free_type(&to, &written)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        }
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.identifier().map(|_| ());
        }
        if self.cursor.accept(&["ADD", "VALUE"]) {
            return self.add_value(&name);
        }
        if self.cursor.accept(&["RENAME", "VALUE"]) {
            return self.rename_value(&name);
        }
        self.alter_attributes(&name)
    }

    fn add_value(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        let at = self.cursor.here();
        let label = self.string()?;
        let before = self.cursor.accept(&["BEFORE"]);
        let neighbour = if before || self.cursor.accept(&["AFTER"]) { Some(self.string()?) } else { None };
        let Some(UserTypeKind::Enum(found)) = self.schema.types.get_mut(name).map(|found| &mut found.kind) else {
            return Err(Problem::new("wrong-kind", at, format!("{} is not an enum", name.name)));
        };
        if found.labels.contains(&label) {
            if lenient {
                return Ok(());
            }
            return Err(Problem::new("exists", at, format!("enum label \"{label}\" already exists")));
        }
        let place = match &neighbour {
            None => found.labels.len(),
            Some(neighbour) => match found.labels.iter().position(|other| other == neighbour) {
                Some(place) => place + usize::from(!before),
                None => {
                    return Err(Problem::new(
                        "unknown-object",
                        at,
                        format!("\"{neighbour}\" is not an existing enum label"),
                    ));
                }
            },
        };
        found.labels.insert(place, label);
        Ok(())
    }

    fn rename_value(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let at = self.cursor.here();
        let from = self.string()?;
        self.cursor.expect("TO")?;
        let to = self.string()?;
        let Some(UserTypeKind::Enum(found)) = self.schema.types.get_mut(name).map(|found| &mut found.kind) else {
            return Err(Problem::new("wrong-kind", at, format!("{} is not an enum", name.name)));
        };
        if found.labels.contains(&to) {
            return Err(Problem::new("exists", at, format!("enum label \"{to}\" already exists")));
        }
        let Some(label) = found.labels.iter_mut().find(|label| **label == from) else {
            return Err(Problem::new("unknown-object", at, format!("\"{from}\" is not an existing enum label")));
        };
        let (old, new) = (crate::sql::literal(&from), crate::sql::literal(&to));
        *label = to;
        // A default that is this label follows it.
        self.schema.each_expression(&mut |expression| {
            if expression.text.starts_with(&old) {
                expression.text = expression.text.replacen(&old, &new, 1);
            }
        });
        Ok(())
    }

    fn alter_attributes(&mut self, name: &ObjectName) -> Result<(), Problem> {
        loop {
            let at = self.cursor.here();
            let add = self.cursor.accept(&["ADD", "ATTRIBUTE"]);
            let drop = !add && self.cursor.accept(&["DROP", "ATTRIBUTE"]);
            let rename = !add && !drop && self.cursor.accept(&["RENAME", "ATTRIBUTE"]);
            if !(add || drop || rename) {
                self.cursor.expect("ALTER")?;
                self.cursor.expect("ATTRIBUTE")?;
            }
            let lenient = drop && self.if_exists();
            let attribute = self.identifier()?;
            let mut target = None;
            let mut ty = None;
            if rename {
                self.cursor.expect("TO")?;
                target = Some(self.identifier()?);
            } else if !drop {
                let _ = self.cursor.accept(&["SET", "DATA", "TYPE"]) || self.cursor.accept(&["TYPE"]);
                ty = Some(self.column_type()?.0);
            }
            self.behaviour();
            let Some(UserTypeKind::Composite { attributes }) =
                self.schema.types.get_mut(name).map(|found| &mut found.kind)
            else {
                return Err(Problem::new("wrong-kind", at, format!("\"{}\" is not a composite type", name.name)));
            };
            let place = attributes.iter().position(|column| column.name == attribute);
            match (place, ty, target) {
                (Some(place), None, None) => {
                    attributes.remove(place);
                }
                (Some(place), Some(ty), _) if !add => attributes[place].ty = ty,
                (Some(place), _, Some(target)) => attributes[place].name = target,
                (None, Some(ty), _) if add => attributes.push(Column::new(attribute, ty)),
                (None, ..) if lenient => {}
                _ => {
                    return Err(Problem::new(
                        "unknown-column",
                        at,
                        format!("column \"{attribute}\" is not as the action needs it"),
                    ));
                }
            }
            if !self.cursor.accept(&[","]) {
                return Ok(());
            }
        }
    }

    pub(super) fn create_domain(&mut self) -> Result<(), Problem> {
        let written = self.written()?;
        let name = self.new_name(&written)?;
        self.free_type(&name, &written)?;
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
        loop {
            let given = if self.cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
            if self.cursor.accept(&["NOT", "NULL"]) {
                domain.not_null = Some(given.unwrap_or_default());
            } else if self.cursor.accept(&["NULL"]) {
            } else if self.cursor.accept(&["DEFAULT"]) {
                let at = self.default_range();
                domain.default = Some(self.expression_at(&at, &BTreeSet::new()));
            } else if self.cursor.accept(&["COLLATE"]) {
                domain.collation = Some(self.collation()?);
            } else if self.cursor.accept(&["CHECK"]) {
                let inside = self.cursor.take_group()?;
                let check = self.expression_at(&inside, &BTreeSet::new());
                let key = given.unwrap_or_else(|| self.domain_check_name(&name, &domain));
                domain.checks.insert(key, (check, true));
            } else {
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
            let given = if cursor.accept(&["CONSTRAINT"]) { Some(self.identifier()?) } else { None };
            self.cursor.expect("CHECK")?;
            let inside = self.cursor.take_group()?;
            let check = self.expression_at(&inside, &BTreeSet::new());
            let valid = !self.cursor.accept(&["NOT", "VALID"]);
            let key = given.unwrap_or_else(|| self.domain_check_name(&name, &domain));
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
            let check = self.identifier()?;
            domain.checks.entry(check).and_modify(|(_, valid)| *valid = true);
        } else if cursor.accept(&["RENAME", "CONSTRAINT"]) {
            let from = self.identifier()?;
            self.cursor.expect("TO")?;
            let to = self.identifier()?;
            if let Some(check) = domain.checks.remove(&from) {
                domain.checks.insert(to, check);
            }
        } else if cursor.accept(&["RENAME", "TO"]) {
            let to = ObjectName::new(&name.schema, self.identifier()?);
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        } else if cursor.accept(&["SET", "SCHEMA"]) {
            let to = ObjectName::new(self.identifier()?, &name.name);
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        } else {
            cursor.expect("OWNER")?;
            cursor.expect("TO")?;
            return self.identifier().map(|_| ());
        }
        if let Some(found) = self.schema.types.get_mut(&name) {
            found.kind = UserTypeKind::Domain(Box::new(domain));
        }
        Ok(())
    }
}
