//! What two tables differ in.

use super::super::Difference;
use super::compare::Found;
use super::render::{render_constraint, render_index};
use super::{Affinity, identifier, normal};
use crate::schema::{Column, Constraint, ConstraintKind, Expression, Index, Key, KeyPart, ObjectName, Table};

/// Compares columns, constraints and options.
pub(super) fn compare(found: &mut Found, object: &str, before: &Table, after: &Table) {
    for option in ["strict", "without_rowid", "autoincrement"] {
        let has = |table: &Table| table.options.iter().any(|set| set == option);
        if has(before) != has(after) {
            let words = option.to_ascii_uppercase().replace('_', " ");
            found.one_sided(object, &words, has(before));
        }
    }
    columns(found, object, before, after);
    let (mut one, mut other) = (constraints(before), constraints(after));
    one.retain(|constraint| match other.iter().position(|known| known == constraint) {
        Some(at) => {
            other.remove(at);
            false
        }
        None => true,
    });
    for (constraints, before) in [(one, true), (other, false)] {
        for constraint in constraints {
            found.one_sided(object, &format!("the constraint `{constraint}`"), before);
        }
    }
}

fn columns(found: &mut Found, object: &str, before: &Table, after: &Table) {
    let same = |one: &Column, other: &Column| one.name.eq_ignore_ascii_case(&other.name);
    for column in &before.columns {
        match after.columns.iter().find(|other| same(column, other)) {
            Some(other) => compare_columns(found, object, (column, before), (other, after)),
            None => found.one_sided(object, &format!("the column {}", identifier(&column.name)), true),
        }
    }
    for column in after.columns.iter().filter(|column| !before.columns.iter().any(|other| same(column, other))) {
        found.one_sided(object, &format!("the column {}", identifier(&column.name)), false);
    }
    let order = |table: &Table, other: &Table| {
        let both = table.columns.iter().filter(|column| other.columns.iter().any(|known| same(column, known)));
        both.map(|column| column.name.to_ascii_lowercase()).collect::<Vec<_>>()
    };
    let (one, other) = (order(before, after), order(after, before));
    if one != other {
        found.push(object, Difference::ORDER, &one.join(", "), &other.join(", "));
    }
}

fn compare_columns(found: &mut Found, object: &str, before: (&Column, &Table), after: (&Column, &Table)) {
    let place = identifier(&before.0.name);
    let sides = [before, after];
    let mut check = |what: &str, texts: [String; 2], shown: [String; 2]| {
        if texts[0] != texts[1] {
            found.push(object, &format!("{what} of {place}"), &shown[0], &shown[1]);
        }
    };
    let shown = |text: String| if text.is_empty() { "none".to_owned() } else { format!("`{text}`") };
    let types = sides.map(|(column, table)| type_of(column, table));
    check("the type", types, sides.map(|(column, _)| shown(column.ty.to_string())));
    let nulls = sides.map(|(column, table)| null(column, table));
    check("the nullability", nulls.clone(), nulls);
    let defaults =
        sides.map(|(column, table)| column.default.as_ref().map_or(String::new(), |default| normal_of(default, table)));
    let texts = sides.map(|(column, _)| shown(column.default.as_ref().map_or(String::new(), |d| d.text.clone())));
    check("the default", defaults, texts);
    let collations = sides.map(|(column, _)| collation(column.collation.as_deref()));
    check("the collation", collations.clone(), collations);
    let generated = sides.map(|(column, table)| {
        column.generated.as_ref().map_or(String::new(), |generated| {
            let kind = if generated.stored { "stored" } else { "virtual" };
            format!("({}) {kind}", normal_of(&generated.expression, table))
        })
    });
    check("the generation", generated.clone(), generated.map(shown));
}

fn normal_of(expression: &Expression, table: &Table) -> String {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    normal::expression(&expression.text, &columns)
}

/// Returns what counts of a type: its affinity, and whether the column is the rowid.
fn type_of(column: &Column, table: &Table) -> String {
    let text = column.ty.to_string();
    if table.options.iter().any(|option| option == "strict") {
        return text.to_ascii_uppercase();
    }
    let key = table.primary_key().unwrap_or_default();
    let rowid = key == [column.name.clone()]
        && text.eq_ignore_ascii_case("integer")
        && !table.options.iter().any(|option| option == "without_rowid");
    format!("{:?}{}", Affinity::of(&text), if rowid { " rowid" } else { "" })
}

fn null(column: &Column, table: &Table) -> String {
    let key = table.primary_key().unwrap_or_default().contains(&column.name);
    let conflict = column.not_null_conflict.as_deref().filter(|word| *word != "ABORT");
    match conflict {
        Some(word) => format!("NOT NULL ON CONFLICT {word}"),
        None if column.nullable && !key => "NULL".to_owned(),
        None => "NOT NULL".to_owned(),
    }
}

fn collation(name: Option<&str>) -> String {
    name.map_or("BINARY".to_owned(), str::to_ascii_uppercase)
}

/// Returns the constraints of a table in normal form.
fn constraints(table: &Table) -> Vec<String> {
    let list = table.constraints.iter().map(|(key, constraint)| {
        let name = key.split('\0').next().unwrap_or_default();
        let name = if constraint.named { format!("CONSTRAINT {} ", name.to_ascii_lowercase()) } else { String::new() };
        format!("{name}{}", constraint_text(constraint, table))
    });
    list.collect()
}

fn constraint_text(constraint: &Constraint, table: &Table) -> String {
    match &constraint.kind {
        ConstraintKind::Check { expression, .. } => format!("CHECK ({})", normal_of(expression, table)),
        ConstraintKind::ForeignKey(key) => {
            let own = key.columns.join(", ").to_ascii_lowercase();
            let target = key.target_columns.join(", ").to_ascii_lowercase();
            let deferred = constraint.deferrable && constraint.initially_deferred;
            format!(
                "FOREIGN KEY ({own}) REFERENCES {} ({target}) ON DELETE {} ON UPDATE {}{}",
                key.target.name.to_ascii_lowercase(),
                super::render::words(key.on_delete),
                super::render::words(key.on_update),
                if deferred { " INITIALLY DEFERRED" } else { "" },
            )
        }
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            let mut plain = Constraint { column: None, ..constraint.clone() };
            let key = normal_key(key, table);
            plain.kind = match plain.kind {
                ConstraintKind::PrimaryKey(_) => ConstraintKind::PrimaryKey(key),
                _ => ConstraintKind::Unique(key),
            };
            render_constraint(&plain, false)
        }
        ConstraintKind::Exclusion { .. } => String::new(),
    }
}

fn normal_key(key: &Key, table: &Table) -> Key {
    let mut key = key.clone();
    for name in &mut key.columns {
        name.make_ascii_lowercase();
    }
    key.on_conflict = key.on_conflict.filter(|word| word != "ABORT");
    for (order, column) in key.orders.iter_mut().zip(&key.columns) {
        let own = table.columns.iter().find(|known| known.name.eq_ignore_ascii_case(column));
        let own = collation(own.and_then(|column| column.collation.as_deref()));
        let used = order.collation.take().map(|name| name.to_ascii_uppercase());
        order.collation = used.filter(|name| *name != own);
    }
    if key.orders.iter().all(|order| *order == crate::schema::KeyOrder::default()) {
        key.orders.clear();
    }
    key
}

/// Compares two indexes of one name.
pub(super) fn index(
    found: &mut Found,
    object: &str,
    name: (&ObjectName, &str),
    before: (&Index, &Table),
    after: (&Index, &Table),
) {
    let texts = [before, after].map(|(index, table)| {
        let mut normal = index.clone();
        for key in &mut normal.keys {
            match &mut key.part {
                KeyPart::Column(column) => column.make_ascii_lowercase(),
                KeyPart::Expression(expression) => expression.text = normal_of(expression, table),
            }
            key.collation = key.collation.take().map(|name| name.to_ascii_uppercase());
        }
        if let Some(filter) = &mut normal.predicate {
            filter.text = normal_of(filter, table);
        }
        render_index(name.1, name.0, &normal)
    });
    if texts[0] != texts[1] {
        let shown = [before, after].map(|(index, _)| format!("`{}`", render_index(name.1, name.0, index)));
        found.push(object, "the definition", &shown[0], &shown[1]);
    }
}
