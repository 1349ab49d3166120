//! Types: enums, composites, ranges.

use super::expression::rewrite;
use super::reader::{Reader, Written};
use crate::dialect::postgres::types::Type;
use crate::dialect::postgres::{keywords, names};
use crate::fold::Problem;
use crate::schema::{Column, EnumType, ObjectName, UserType, UserTypeKind};
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
        self.free_type(&name, &written.at)?;
        let kind = if self.cursor.accept(&["AS", "ENUM"]) {
            UserTypeKind::Enum(EnumType { labels: self.labels()? })
        } else if self.cursor.accept(&["AS", "RANGE"]) {
            let from = self.cursor.position();
            let mut options = self.settings()?;
            self.range_fits(&options, &self.cursor.since(from))?;
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

    pub(super) fn free_type(&self, name: &ObjectName, at: &std::ops::Range<usize>) -> Result<(), Problem> {
        let row_type = self.schema.tables.contains_key(name) || self.schema.views.contains_key(name);
        if row_type || self.schema.types.contains_key(name) {
            let message = format!("type \"{}\" already exists", name.name);
            return Err(Problem::new("exists", at.clone(), message));
        }
        Ok(())
    }

    /// Refuses a range without a subtype, or of a type that nothing makes.
    fn range_fits(&self, options: &[String], at: &std::ops::Range<usize>) -> Result<(), Problem> {
        let subtype = options.iter().find_map(|option| option.strip_prefix("subtype="));
        let Some(subtype) = subtype else {
            return Err(Problem::new("refused", at.clone(), "type attribute \"subtype\" is required"));
        };
        match Type::parse(&significant(subtype, &POSTGRES)) {
            Ok((ty, _)) => self.known_type(&ty, self.last_token_of(at, subtype)),
            Err(error) => Err(Problem::new("unknown-type", at.clone(), error.to_string())),
        }
    }

    fn labels(&mut self) -> Result<Vec<String>, Problem> {
        self.cursor.expect("(")?;
        let mut labels = Vec::new();
        if self.cursor.accept(&[")"]) {
            return Ok(labels);
        }
        loop {
            let at = self.cursor.here();
            let label = self.string()?;
            Self::label_fits(&label, at.clone())?;
            if labels.contains(&label) {
                return Err(Problem::new(
                    "exists",
                    at,
                    format!("enum label \"{label}\" already exists: duplicate key"),
                ));
            }
            labels.push(label);
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
            let at = self.cursor.here();
            let name = self.identifier()?;
            if attributes.iter().any(|other: &Column| other.name == name) {
                return Err(Problem::new("exists", at, format!("column \"{name}\" specified more than once")));
            }
            let (ty, _) = self.column_type()?;
            let mut column = Column::new(name, ty);
            if self.cursor.accept(&["COLLATE"]) {
                let at = self.cursor.here();
                column.collation = Some(self.collation()?);
                self.can_collate(&column.ty, at)?;
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
            let at = self.cursor.here();
            let to = ObjectName::new(&name.schema, self.identifier()?);
            self.free_type(&to, &at)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        }
        if self.cursor.accept(&["SET", "SCHEMA"]) {
            let at = self.cursor.here();
            let to = ObjectName::new(self.existing_schema()?, &name.name);
            self.free_type(&to, &at)?;
            self.schema.rename_type(&name, &to, &rewrite);
            return Ok(());
        }
        if self.cursor.accept(&["OWNER", "TO"]) {
            return self.word().map(|_| ());
        }
        if self.cursor.accept(&["ADD", "VALUE"]) {
            return self.add_value(&name, written.at);
        }
        if self.cursor.accept(&["RENAME", "VALUE"]) {
            return self.rename_value(&name, written.at);
        }
        self.alter_attributes(&name, &written)
    }

    fn add_value(&mut self, name: &ObjectName, enum_at: std::ops::Range<usize>) -> Result<(), Problem> {
        let lenient = self.if_not_exists();
        let at = self.cursor.here();
        let label = self.string()?;
        Self::label_fits(&label, at.clone())?;
        let before = self.cursor.accept(&["BEFORE"]);
        let after = self.cursor.bytes_at(self.cursor.position() + usize::from(!before));
        let neighbour = if before || self.cursor.accept(&["AFTER"]) { Some(self.string()?) } else { None };
        let Some(UserTypeKind::Enum(found)) = self.schema.types.get_mut(name).map(|found| &mut found.kind) else {
            return Err(Problem::new("wrong-kind", enum_at, format!("{} is not an enum", name.name)));
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
                        after,
                        format!("\"{neighbour}\" is not an existing enum label"),
                    ));
                }
            },
        };
        found.labels.insert(place, label);
        Ok(())
    }

    fn rename_value(&mut self, name: &ObjectName, enum_at: std::ops::Range<usize>) -> Result<(), Problem> {
        let at = self.cursor.here();
        let from = self.string()?;
        self.cursor.expect("TO")?;
        let target = self.cursor.here();
        let to = self.string()?;
        Self::label_fits(&to, target.clone())?;
        let Some(UserTypeKind::Enum(found)) = self.schema.types.get_mut(name).map(|found| &mut found.kind) else {
            return Err(Problem::new("wrong-kind", enum_at, format!("{} is not an enum", name.name)));
        };
        if found.labels.contains(&to) {
            return Err(Problem::new("exists", target, format!("enum label \"{to}\" already exists")));
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

    fn alter_attributes(&mut self, name: &ObjectName, written: &Written) -> Result<(), Problem> {
        if !matches!(self.schema.types.get(name).map(|found| &found.kind), Some(UserTypeKind::Composite { .. })) {
            let message = format!("relation \"{}\" does not exist: the type is not a composite one", name.name);
            return Err(Problem::new("wrong-kind", written.at.clone(), message));
        }
        loop {
            self.alter_attribute(name)?;
            if !self.cursor.accept(&[","]) {
                return Ok(());
            }
        }
    }

    fn alter_attribute(&mut self, name: &ObjectName) -> Result<(), Problem> {
        let verb = ["ADD", "DROP", "RENAME", "ALTER"].into_iter().find(|verb| self.cursor.accept(&[verb]));
        let Some(verb) = verb else { return Err(self.cursor.expected("an action of ALTER TYPE")) };
        self.cursor.expect("ATTRIBUTE")?;
        let lenient = verb == "DROP" && self.if_exists();
        let at = self.cursor.here();
        let attribute = self.identifier()?;
        let mut target = None;
        let mut changed = None;
        match verb {
            "RENAME" => {
                self.cursor.expect("TO")?;
                target = Some((self.cursor.here(), self.identifier()?));
            }
            "ADD" => changed = Some(self.attribute_type()?),
            "ALTER" => {
                let _ = self.cursor.accept(&["SET", "DATA"]);
                self.cursor.expect("TYPE")?;
                changed = Some(self.attribute_type()?);
            }
            _ => {}
        }
        self.behaviour();
        if verb == "ALTER" {
            self.no_row_type(name, &at)?;
        }
        let Some(UserTypeKind::Composite { attributes }) = self.schema.types.get_mut(name).map(|found| &mut found.kind)
        else {
            return Ok(());
        };
        let place = attributes.iter().position(|column| column.name == attribute);
        let type_name = &name.name;
        let exists = |name: &str, at| {
            let message = format!("column \"{name}\" of relation \"{type_name}\" already exists");
            Err(Problem::new("exists", at, message))
        };
        match (place, verb) {
            (Some(_), "ADD") => return exists(&attribute, at),
            (None, "ADD") => {
                let (ty, collation) = changed.unwrap_or_else(|| (crate::schema::ColumnType::builtin("text"), None));
                let mut column = Column::new(attribute, ty);
                column.collation = collation;
                attributes.push(column);
            }
            (None, "DROP") if lenient => {}
            (None, _) => {
                let message = format!("column \"{attribute}\" of relation \"{}\" does not exist", name.name);
                return Err(Problem::new("unknown-column", at, message));
            }
            (Some(place), "DROP") => drop(attributes.remove(place)),
            (Some(place), _) => {
                if let Some((at, to)) = target {
                    if attributes.iter().any(|column| column.name == to) {
                        return exists(&to, at);
                    }
                    attributes[place].name = to;
                }
                if let Some((ty, collation)) = changed {
                    attributes[place].ty = ty;
                    attributes[place].collation = collation;
                }
            }
        }
        Ok(())
    }

    /// Takes the type of an attribute and its collation.
    fn attribute_type(&mut self) -> Result<(crate::schema::ColumnType, Option<String>), Problem> {
        let (ty, _) = self.column_type()?;
        let at = self.cursor.bytes_at(self.cursor.position() + 1);
        if !self.cursor.accept(&["COLLATE"]) {
            return Ok((ty, None));
        }
        let collation = self.collation()?;
        self.can_collate(&ty, at)?;
        Ok((ty, Some(collation)))
    }
}
