//! Changes of a column.

use std::collections::BTreeMap;

use super::super::written::{column_type, identifier, literal, object};
use super::alter::Actions;
use super::value::written_cast;
use super::{Script, definition};
use crate::dialect::{Cast, Statement};
use crate::op::{ColumnState, TableChange};
use crate::schema::{Column, KeyPart, ObjectName, Schema, Sequence, Table};

/// A change of a column, there.
struct Change<'c> {
    table: &'c ObjectName,
    before: &'c ColumnState,
    after: &'c ColumnState,
    using: Option<&'c str>,
    backfill: Option<&'c str>,
}

impl Script {
    /// Changes a column.
    pub(super) fn alter_column(
        &self,
        table: &ObjectName,
        change: &TableChange,
        schema: &Schema,
        actions: &mut Actions,
    ) -> Result<(), String> {
        let TableChange::AlterColumn { before, after, using, backfill } = change else { return Ok(()) };
        let (using, backfill) = (using.0.as_deref(), backfill.0.as_deref());
        let change = Change { table, before, after, using, backfill };
        let (old, new) = (&before.column, &after.column);
        let name = identifier(&new.name);
        let is_made_anew = new.generated.is_some() && old.generated != new.generated;
        let stays_virtual =
            old.generated.as_ref().is_some_and(|generated| !generated.stored) && new.generated.is_none();
        if is_made_anew || stays_virtual {
            return self.make_anew(&change, schema, actions);
        }
        let act = |action: &str| format!("ALTER COLUMN {name} {action}");
        if old.generated.is_some() && new.generated.is_none() {
            actions.first.push(act("DROP EXPRESSION"));
        }
        self.retype(&change, schema, actions)?;
        self.value_of(&change, schema, actions)?;
        settings(Some(old), new, actions);
        if let (Some(one), Some(other)) = (&old.not_null_name, &new.not_null_name) {
            if one != other && !old.nullable && !new.nullable {
                let (one, other) = (identifier(one), identifier(other));
                actions.before.push(format!("ALTER TABLE {} RENAME CONSTRAINT {one} TO {other}", object(table)));
            }
        }
        Ok(())
    }

    /// Drops a generated column and adds it again, with what hangs on it.
    fn make_anew(&self, change: &Change<'_>, schema: &Schema, actions: &mut Actions) -> Result<(), String> {
        let name = &change.after.column.name;
        let table = schema.tables.get(change.table).ok_or("the table is not there")?;
        actions.first.push(format!("DROP COLUMN {}", identifier(name)));
        let null = if change.after.column.nullable { "" } else { " NOT NULL" };
        if change.after.column.generated.is_none() && !change.after.column.nullable {
            return Err(format!("what the rows had in column {name} is not known any more"));
        }
        actions.first.push(format!("ADD COLUMN {}{null}", definition::column(change.after)));
        let hanging = schema.dependents(&crate::schema::Object::Column(change.table.clone(), name.clone()));
        for (dependent, _) in hanging {
            match &dependent {
                crate::schema::Object::Constraint(on, key) if on == change.table => {
                    // What is added by this change anyway is not there before.
                    let known = self.now.tables.get(on).and_then(|table| table.constraints.get(key));
                    if let Some(constraint) = known.filter(|known| table.constraints.get(key) == Some(known)) {
                        actions.last.push(format!("ADD {}", definition::constraint(key, constraint)));
                    }
                }
                crate::schema::Object::Index(on, key) => {
                    let known = self.now.tables.get(on).and_then(|table| table.indexes.get(key));
                    if let Some(index) = known {
                        actions.after.push(Statement::new(definition::index(on, key, index)));
                    }
                }
                _ => {}
            }
        }
        if let Some(comment) = &change.after.column.comment {
            let place = format!("COLUMN {}.{}", object(change.table), identifier(name));
            actions.after.push(Statement::new(format!("COMMENT ON {place} IS {}", literal(comment))));
        }
        Ok(())
    }

    /// Changes the type and collation; the default goes before and comes back after.
    fn retype(&self, change: &Change<'_>, schema: &Schema, actions: &mut Actions) -> Result<(), String> {
        let (old, new) = (&change.before.column, &change.after.column);
        if old.ty == new.ty && old.collation == new.collation {
            return Ok(());
        }
        let name = identifier(&new.name);
        if old.default.is_some() && old.ty != new.ty {
            actions.first.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
        }
        let collation = match (&old.collation, &new.collation) {
            (None, None) => String::new(),
            (Some(_), None) if super::super::expression::is_string(&column_type(&new.ty)) => {
                " COLLATE \"default\"".to_owned()
            }
            (_, None) => String::new(),
            (_, Some(collation)) => format!(" COLLATE {collation}"),
        };
        let using = match (change.using, super::cast((&self.now, &old.ty), (schema, &new.ty))) {
            (Some(using), _) => format!(" USING {using}"),
            (None, Cast::Implicit) => String::new(),
            (None, Cast::Explicit) => format!(" USING {name}{}", written_cast(&old.ty, &new.ty)),
            (None, Cast::None) => {
                return Err(format!(
                    "the values of column {} do not become {} again from {}",
                    new.name, new.ty, old.ty
                ));
            }
        };
        actions.first.push(format!("ALTER COLUMN {name} TYPE {}{collation}{using}", column_type(&new.ty)));
        Ok(())
    }

    /// Changes default, identity and nullability.
    fn value_of(&self, change: &Change<'_>, schema: &Schema, actions: &mut Actions) -> Result<(), String> {
        let (old, new) = (&change.before.column, &change.after.column);
        let name = identifier(&new.name);
        let act = |action: &str| format!("ALTER COLUMN {name} {action}");
        sequences(change, actions);
        let dropped = old.ty != new.ty && old.default.is_some();
        if old.identity.is_some() && new.identity.is_none() {
            actions.first.push(act("DROP IDENTITY"));
        }
        match (&old.default, &new.default) {
            (_, Some(default)) if dropped || old.default != new.default => {
                let set = act(&format!("SET DEFAULT {}", default.text));
                // The sequence that it takes its values from has the name of the identity's, which goes first.
                let list = if old.identity.is_some() { &mut actions.last } else { &mut actions.first };
                list.push(set);
            }
            (Some(_), None) if !dropped => actions.first.push(act("DROP DEFAULT")),
            _ => {}
        }
        if old.nullable && !new.nullable {
            self.fill(change, schema, actions)?;
            actions.last.push(act("SET NOT NULL"));
        } else if !old.nullable && new.nullable {
            actions.last.push(act("DROP NOT NULL"));
        }
        match (&old.identity, &new.identity) {
            (None, Some(identity)) => {
                let sequence = change.after.sequences.get(&identity.sequence);
                let words = definition::identity_words(identity.always, &identity.sequence, sequence);
                actions.after.push(Statement::new(format!(
                    "ALTER TABLE {} {}",
                    object(change.table),
                    act(&format!("ADD GENERATED {words}"))
                )));
                actions.after.push(go_on(change.table, &new.name, &identity.sequence));
            }
            (Some(one), Some(other)) if one.always != other.always => {
                let kind = if other.always { "ALWAYS" } else { "BY DEFAULT" };
                actions.first.push(act(&format!("SET GENERATED {kind}")));
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives rows that have NULL a value.
    fn fill(&self, change: &Change<'_>, schema: &Schema, actions: &mut Actions) -> Result<(), String> {
        let column = &change.after.column;
        let table = schema.tables.get(change.table).ok_or("the table is not there")?;
        let in_key = |schema: &Schema| {
            let key = schema.tables.get(change.table).and_then(Table::primary_key);
            key.is_some_and(|key| key.contains(&column.name))
        };
        let name = identifier(&column.name);
        let default = column.default.as_ref().filter(|default| !default.text.eq_ignore_ascii_case("null"));
        let (value, made_up) = match (change.backfill, default) {
            (Some(value), _) => (value.to_owned(), false),
            // In a retyped column no NULL is left that the author did not want there.
            (None, _) if change.using.is_some() || in_key(&self.now) => return Ok(()),
            (None, Some(default)) => (default.text.clone(), false),
            (None, None) if column.identity.is_some() => return Ok(()),
            (None, None) => (self.nothing(change.table, table, column)?, true),
        };
        let sql = format!("UPDATE {} SET {name} = {value} WHERE {name} IS NULL", object(change.table));
        let statement = Statement::new(sql);
        actions.values.push(if made_up {
            statement.with_comment(format!("rows without a value in {name} get {value}"))
        } else {
            statement
        });
        Ok(())
    }
}

/// Lets a sequence go on after the values that are there.
fn go_on(table: &ObjectName, column: &str, sequence: &ObjectName) -> Statement {
    let column = identifier(column);
    Statement::new(format!(
        "SELECT setval({}, coalesce(max({column}) + 1, 1), false) FROM {}",
        literal(&object(sequence)),
        object(table)
    ))
}

fn is_serial(sequence: &Sequence) -> bool {
    sequence.owner.as_ref().is_some_and(|owner| !owner.identity)
}

/// Makes the sequences that a new column's default takes its values from.
pub(super) fn own_sequences(state: &ColumnState, table: &ObjectName, actions: &mut Actions) {
    for (name, sequence) in state.sequences.iter().filter(|(_, sequence)| is_serial(sequence)) {
        create(name, sequence, actions);
        own(name, table, &state.column.name, actions);
    }
}

fn create(name: &ObjectName, sequence: &Sequence, actions: &mut Actions) {
    let options = definition::sequence_options(sequence);
    actions.before.push(format!("CREATE SEQUENCE {} AS {}{options}", object(name), sequence.ty));
}

fn own(name: &ObjectName, table: &ObjectName, column: &str, actions: &mut Actions) {
    let owner = format!("{}.{}", object(table), identifier(column));
    actions.after.push(Statement::new(format!("ALTER SEQUENCE {} OWNED BY {owner}", object(name))));
}

/// Gives the sequence of a column another name where it has one, and returns the sequences as they are called then.
fn renamed(change: &Change<'_>, actions: &mut Actions) -> BTreeMap<ObjectName, Sequence> {
    let (mut before, after) = (change.before.sequences.clone(), &change.after.sequences);
    let gone: Vec<ObjectName> = before.keys().filter(|name| !after.contains_key(*name)).cloned().collect();
    let come: Vec<&ObjectName> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    let ([from], [to]) = (gone.as_slice(), come.as_slice()) else { return before };
    let Some(sequence) = before.get(from).filter(|found| is_serial(found) == is_serial(&after[*to])).cloned() else {
        return before;
    };
    if from.schema != to.schema {
        // It is where its table is, and moves with that alone.
        return before;
    }
    actions.before.push(format!("ALTER SEQUENCE {} RENAME TO {}", object(from), identifier(&to.name)));
    before.remove(from);
    before.insert((*to).clone(), sequence);
    before
}

/// Changes the sequences of a column.
fn sequences(change: &Change<'_>, actions: &mut Actions) {
    let (before, after) = (renamed(change, actions), &change.after.sequences);
    for (name, sequence) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        if is_serial(sequence) {
            actions.after.push(Statement::new(format!("DROP SEQUENCE {}", object(name))));
        }
    }
    for (name, sequence) in after {
        let Some(known) = before.get(name) else {
            if is_serial(sequence) {
                create(name, sequence, actions);
                own(name, change.table, &change.after.column.name, actions);
                actions.after.push(go_on(change.table, &change.after.column.name, name));
            }
            continue;
        };
        if is_serial(known) != is_serial(sequence) {
            if is_serial(sequence) {
                // The identity's own goes with it.
                actions.values.push(Statement::new(format!(
                    "CREATE SEQUENCE {} AS {}{}",
                    object(name),
                    sequence.ty,
                    definition::sequence_options(sequence)
                )));
                own(name, change.table, &change.after.column.name, actions);
                actions.after.push(go_on(change.table, &change.after.column.name, name));
            } else {
                actions.after.push(Statement::new(format!("DROP SEQUENCE {}", object(name))));
            }
            continue;
        }
        let plain = |sequence: &Sequence| Sequence { comment: None, ..sequence.clone() };
        // An identity's sequence follows the type of its column.
        let follows = !is_serial(sequence)
            && change.before.column.ty != change.after.column.ty
            && (known.start, known.increment, known.cache, known.cycle)
                == (sequence.start, sequence.increment, sequence.cache, sequence.cycle);
        if plain(known) != plain(sequence) && !follows {
            let ty = if known.ty == sequence.ty { String::new() } else { format!(" AS {}", sequence.ty) };
            let options = definition::sequence_options(sequence);
            actions.after.push(Statement::new(format!("ALTER SEQUENCE {}{ty}{options}", object(name))));
        }
    }
}

/// Changes storage, compression, statistics and options.
pub(super) fn settings(old: Option<&Column>, new: &Column, actions: &mut Actions) {
    let name = identifier(&new.name);
    let act = |action: String| format!("ALTER COLUMN {name} {action}");
    if let Some(old) = old {
        if old.storage != new.storage {
            let storage = new.storage.as_deref().map(str::to_uppercase);
            // The type's own: a word of version 16, but each type has one of the four.
            actions.last.push(act(format!("SET STORAGE {}", storage.unwrap_or_else(|| default_storage(new)))));
        }
        if old.compression != new.compression {
            let compression = new.compression.as_deref().unwrap_or("default");
            actions.last.push(act(format!("SET COMPRESSION {compression}")));
        }
    }
    if old.and_then(|old| old.statistics) != new.statistics {
        actions.last.push(act(format!("SET STATISTICS {}", new.statistics.unwrap_or(-1))));
    }
    let before: &[String] = old.map_or(&[], |old| &old.options);
    let key = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let gone: Vec<String> =
        before.iter().map(key).filter(|name| !new.options.iter().any(|option| key(option) == *name)).collect();
    if !gone.is_empty() {
        actions.last.push(act(format!("RESET ({})", gone.join(", "))));
    }
    let set: Vec<&str> = new.options.iter().filter(|option| !before.contains(option)).map(String::as_str).collect();
    if !set.is_empty() {
        actions.last.push(act(format!("SET ({})", set.join(", "))));
    }
}

fn default_storage(column: &Column) -> String {
    let text = column_type(&column.ty);
    let words = crate::sql::significant(&text, &crate::sql::POSTGRES);
    let ty = super::super::types::Type::parse(&words).ok().and_then(|(ty, _)| ty.storage());
    ty.unwrap_or("extended").to_uppercase()
}

/// Returns whether a key of an index is an expression with a column in it.
pub(super) fn has_expression(index: &crate::schema::Index, column: &str) -> bool {
    let keys = index.keys.iter().filter_map(|key| match &key.part {
        KeyPart::Expression(expression) => Some(expression),
        KeyPart::Column(_) => None,
    });
    keys.chain(&index.predicate).any(|expression| expression.references.columns.contains(column))
}
