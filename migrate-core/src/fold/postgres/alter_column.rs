//! ALTER TABLE … ALTER COLUMN.

use std::collections::BTreeSet;

use super::alter_table::Action;
use super::reader::Reader;
use crate::dialect::postgres::types::{Modifier, Type};
use crate::fold::Problem;
use crate::schema::{ColumnType, Expression, Generated, NotNull, ObjectName, TypeBase};
use crate::sql::{POSTGRES, TokenKind, significant};

/// A change of a column.
#[derive(Debug)]
pub(super) enum Change {
    Default(std::ops::Range<usize>),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddIdentity { always: bool, options: Option<std::ops::Range<usize>> },
    SetIdentity(Option<bool>),
    IdentityOptions(std::ops::Range<usize>),
    DropIdentity { lenient: bool },
    DropExpression { lenient: bool },
    Expression(std::ops::Range<usize>),
    Statistics(Option<i32>),
    Storage(String),
    Compression(String),
    Nothing,
}

/// Gives a literal the type that its column had: the server read its value when the default was made.
fn keep_value(default: &mut Expression, before: &ColumnType) {
    let [literal] = significant(&default.text, &POSTGRES)[..] else { return };
    let TypeBase::Builtin(words) = &before.base else { return };
    let typed = Type::parse(&significant(words, &POSTGRES));
    if let (TokenKind::String | TokenKind::DollarString, Ok((ty, _))) = (literal.kind, typed) {
        let plain = Type { modifier: Modifier::None, array: before.array, ..ty };
        default.text = format!("{}::{plain}", literal.text);
    }
}

impl Reader<'_, '_> {
    pub(super) fn column_action(&mut self) -> Result<Action, Problem> {
        let at = self.cursor.here();
        let column = self.identifier()?;
        let typed = self.cursor.accept(&["SET", "DATA", "TYPE"]) || self.cursor.accept(&["TYPE"]);
        if typed {
            let (ty, _) = self.column_type()?;
            let place = self.cursor.here();
            let collation = if self.cursor.accept(&["COLLATE"]) { Some(self.collation()?) } else { None };
            if collation.is_some() {
                self.can_collate(&ty, place)?;
            }
            let using = self.cursor.accept(&["USING"]);
            if using {
                self.cursor.take_until(&[","]);
            }
            return Ok(Action::Type { column, ty, collation, using, at });
        }
        let change = self.change()?;
        Ok(Action::Change { column, change, at })
    }

    fn change(&mut self) -> Result<Change, Problem> {
        let cursor = &mut self.cursor;
        if cursor.accept(&["SET", "DEFAULT"]) {
            return Ok(Change::Default(cursor.take_until(&[","])));
        }
        for (words, change) in [
            (&["DROP", "DEFAULT"] as &[&str], Change::DropDefault),
            (&["SET", "NOT", "NULL"], Change::SetNotNull),
            (&["DROP", "NOT", "NULL"], Change::DropNotNull),
            (&["DROP", "IDENTITY", "IF", "EXISTS"], Change::DropIdentity { lenient: true }),
            (&["DROP", "IDENTITY"], Change::DropIdentity { lenient: false }),
            (&["DROP", "EXPRESSION", "IF", "EXISTS"], Change::DropExpression { lenient: true }),
            (&["DROP", "EXPRESSION"], Change::DropExpression { lenient: false }),
        ] {
            if cursor.accept(words) {
                return Ok(change);
            }
        }
        if cursor.accept(&["SET", "EXPRESSION", "AS"]) {
            return cursor.take_group().map(Change::Expression);
        }
        if cursor.accept(&["SET", "STATISTICS"]) {
            let from = cursor.position();
            cursor.take_until(&[","]);
            let target = cursor.slice(from, cursor.position()).replace(' ', "").parse().ok();
            return Ok(Change::Statistics(target.filter(|target| *target >= 0)));
        }
        if cursor.accept(&["SET", "STORAGE"]) {
            return self.word().map(Change::Storage);
        }
        if cursor.accept(&["SET", "COMPRESSION"]) {
            return self.word().map(Change::Compression);
        }
        if cursor.accept(&["ADD", "GENERATED"]) {
            let always = cursor.accept(&["ALWAYS"]) || !cursor.accept(&["BY", "DEFAULT"]);
            cursor.expect("AS")?;
            cursor.expect("IDENTITY")?;
            let options = if cursor.is("(") { Some(cursor.take_group()?) } else { None };
            return Ok(Change::AddIdentity { always, options });
        }
        if cursor.accept(&["SET", "GENERATED", "ALWAYS"]) {
            return Ok(Change::SetIdentity(Some(true)));
        }
        if cursor.accept(&["SET", "GENERATED", "BY", "DEFAULT"]) {
            return Ok(Change::SetIdentity(Some(false)));
        }
        if cursor.is("RESTART") || (cursor.is("SET") && !cursor.is_at(1, "(")) {
            return Ok(Change::IdentityOptions(cursor.take_until(&[","])));
        }
        if cursor.is("SET") || cursor.is("RESET") {
            // Attributes such as n_distinct.
            cursor.take_until(&[","]);
            return Ok(Change::Nothing);
        }
        Err(cursor.expected("a change of a column"))
    }

    pub(super) fn set_type(
        &mut self,
        table: &ObjectName,
        column: &str,
        ty: ColumnType,
        collation: Option<String>,
        using: bool,
        at: &std::ops::Range<usize>,
    ) -> Result<(), Problem> {
        self.column_mut(table, column, at)?;
        self.type_changes(table, column, &ty, using, at)?;
        let found = self.column_mut(table, column, at)?;
        if let Some(default) = found.default.as_mut().filter(|_| found.ty.base != ty.base) {
            keep_value(default, &found.ty);
        }
        found.ty = ty;
        found.collation = collation;
        found.storage = None;
        let identity = found.identity.clone();
        let ty = found.ty.to_string();
        if let Some(sequence) = identity.and_then(|identity| self.schema.sequences.get_mut(&identity.sequence)) {
            super::sequence::rescale(sequence, &ty);
        }
        self.remake_indexes(table, column);
        Ok(())
    }

    pub(super) fn change_column(
        &mut self,
        table: &ObjectName,
        column: &str,
        change: Change,
        at: &std::ops::Range<usize>,
    ) -> Result<(), Problem> {
        let columns: BTreeSet<String> = self.columns_of(table).into_iter().collect();
        let expression = match &change {
            Change::Default(range) | Change::Expression(range) => Some(self.expression_at(range, &columns)),
            _ => None,
        };
        let primary = self.schema.tables.get(table).and_then(|found| found.primary_key().map(<[String]>::to_vec));
        let found = self.column_mut(table, column, at)?;
        let refuse = |message: String| Err(Problem::new("refused", at.clone(), message));
        match change {
            Change::Default(_) => {
                if found.identity.is_some() {
                    return refuse(format!("column \"{column}\" of relation \"{}\" is an identity column", table.name));
                }
                if found.generated.is_some() {
                    return refuse(format!("column \"{column}\" of relation \"{}\" is a generated column", table.name));
                }
                found.default = expression.filter(|default| !default.text.eq_ignore_ascii_case("null"));
            }
            Change::DropDefault => {
                let what = match (&found.identity, &found.generated) {
                    (Some(_), _) => "an identity column",
                    (None, Some(_)) => "a generated column",
                    (None, None) => {
                        found.default = None;
                        return Ok(());
                    }
                };
                return refuse(format!("column \"{column}\" of relation \"{}\" is {what}", table.name));
            }
            Change::SetNotNull => found.nullable = false,
            Change::DropNotNull => {
                if primary.is_some_and(|key| key.iter().any(|name| name == column)) {
                    return refuse(format!("column \"{column}\" is in a primary key"));
                }
                if found.identity.is_some() {
                    return refuse(format!("column \"{column}\" of relation \"{}\" is an identity column", table.name));
                }
                found.nullable = true;
                found.not_null_name = None;
                found.not_null = NotNull::default();
            }
            Change::AddIdentity { always, options } => {
                if found.identity.is_some() {
                    return refuse(format!(
                        "column \"{column}\" of relation \"{}\" is already an identity column",
                        table.name
                    ));
                }
                if found.default.is_some() {
                    return refuse(format!(
                        "column \"{column}\" of relation \"{}\" already has a default value",
                        table.name
                    ));
                }
                if found.nullable {
                    return refuse(format!(
                        "column \"{column}\" of relation \"{}\" must be declared NOT NULL before identity can be added",
                        table.name
                    ));
                }
                return self.make_identity(table, column, always, options.as_ref(), at);
            }
            Change::SetIdentity(always) => {
                let Some(identity) = found.identity.as_mut() else { return refuse(no_identity(table, column)) };
                if let Some(always) = always {
                    identity.always = always;
                }
            }
            Change::IdentityOptions(options) => {
                let Some(identity) = found.identity.clone() else { return refuse(no_identity(table, column)) };
                return self.alter_identity(table, column, &identity.sequence, options);
            }
            Change::DropIdentity { lenient } => match found.identity.take() {
                Some(identity) => {
                    self.schema.sequences.remove(&identity.sequence);
                }
                None if lenient => {}
                None => {
                    return refuse(no_identity(table, column));
                }
            },
            Change::DropExpression { lenient } => {
                if found.generated.take().is_none() && !lenient {
                    return refuse(format!(
                        "column \"{column}\" of relation \"{}\" is not a generated column",
                        table.name
                    ));
                }
            }
            Change::Expression(_) => {
                let stored = found.generated.as_ref().is_none_or(|generated| generated.stored);
                found.generated = expression.map(|expression| Generated { expression, stored });
            }
            Change::Statistics(target) => found.statistics = target,
            Change::Storage(storage) => {
                let found = found.clone();
                let place = self.token_of(&(at.end..self.cursor.text().len()), &storage);
                self.can_store(&found, Some(&storage), place)?;
                let found = self.column_mut(table, column, at)?;
                found.storage = Some(storage).filter(|storage| storage != "default");
            }
            Change::Compression(method) => found.compression = Some(method).filter(|method| method != "default"),
            Change::Nothing => {}
        }
        Ok(())
    }
}

fn no_identity(table: &ObjectName, column: &str) -> String {
    format!("column \"{column}\" of relation \"{}\" is not an identity column", table.name)
}
