//! What expressions use, as the server recorded it.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Types;
use super::rows::Row;
use crate::error::Result;
use crate::schema::{Expression, ObjectName, References};
use crate::sql::{POSTGRES, TokenKind, significant};

/// What each object uses: by catalog, then by oid and column.
#[derive(Default)]
pub(super) struct Dependencies {
    by_catalog: BTreeMap<String, BTreeMap<(u32, u32), Vec<Used>>>,
}

/// Something that is used.
struct Used {
    kind: char,
    name: ObjectName,
    column: String,
}

impl Dependencies {
    pub(super) fn read(rows: Vec<Row>, types: &Types) -> Result<Self> {
        let mut found = Self::default();
        for mut row in rows {
            let catalog = row.text()?;
            let place = (row.number()?, row.number()?);
            let kind = row.character()?;
            let oid = row.number()?;
            let mut name = ObjectName::new(row.text()?, row.text()?);
            let column = row.text()?;
            if kind == 't' {
                name = types.name(oid).cloned().unwrap_or(name);
            }
            found.by_catalog.entry(catalog).or_default().entry(place).or_default().push(Used { kind, name, column });
        }
        Ok(found)
    }

    /// Returns what an object of a catalog uses; `own` is the table that it belongs to.
    pub(super) fn of(&self, catalog: &str, oid: u32, own: Option<&ObjectName>) -> References {
        let mut references = References::default();
        self.add(catalog, (oid, 0), own, &mut references);
        references
    }

    /// Returns what generates a column or is its default; before version 15 the column itself used the former.
    pub(super) fn of_default(&self, oid: u32, (table, number): (u32, u32), own: &ObjectName) -> References {
        let mut references = self.of("pg_attrdef", oid, Some(own));
        self.add("pg_class", (table, number), Some(own), &mut references);
        references
    }

    fn add(&self, catalog: &str, place: (u32, u32), own: Option<&ObjectName>, references: &mut References) {
        let used = self.by_catalog.get(catalog).and_then(|places| places.get(&place));
        for Used { kind, name, column } in used.into_iter().flatten() {
            let name = name.clone();
            match kind {
                't' => _ = references.types.insert(name),
                'f' => _ = references.routines.insert(name),
                's' => _ = references.sequences.insert(name),
                _ if own == Some(&name) => {
                    // Everything on a table uses that table.
                    if !column.is_empty() {
                        references.columns.insert(column.clone());
                    }
                }
                _ => _ = references.relations.insert((name, column.clone())),
            }
        }
    }
}

/// Returns a text with those of the references that it names: the server records them for an object as a whole, which
/// may have several expressions and plain columns.
pub(super) fn narrowed(text: String, all: &References) -> Expression {
    let named = names_in(&text);
    let keep = |names: &BTreeSet<ObjectName>| {
        names.iter().filter(|name| named.objects.contains(&name.name)).cloned().collect::<BTreeSet<_>>()
    };
    let references = References {
        columns: all.columns.iter().filter(|column| named.columns.contains(*column)).cloned().collect(),
        relations: all.relations.clone(),
        types: keep(&all.types),
        routines: keep(&all.routines),
        sequences: all.sequences.iter().filter(|name| text.contains(&name.name)).cloned().collect(),
    };
    Expression { text, references }
}

/// Returns those of the columns that a text names.
pub(super) fn named_columns<'c>(text: &str, columns: impl Iterator<Item = &'c str>) -> BTreeSet<String> {
    let named = names_in(text).columns;
    columns.filter(|column| named.contains(*column)).map(str::to_owned).collect()
}

/// The names that a text can mean.
#[derive(Default)]
struct Names {
    columns: BTreeSet<String>,
    objects: BTreeSet<String>,
}

fn names_in(text: &str) -> Names {
    let words = significant(text, &POSTGRES);
    let mut names = Names::default();
    for (n, word) in words.iter().enumerate() {
        if !matches!(word.kind, TokenKind::Word | TokenKind::QuotedName) {
            continue;
        }
        let before = n.checked_sub(1).map_or("", |n| words[n].text);
        let called = words.get(n + 1).is_some_and(|next| next.kind == TokenKind::Open);
        if !called && before != "." && before != ":" {
            names.columns.insert(word.unquoted());
        }
        names.objects.insert(word.unquoted());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_narrows_references() {
        let name = |name: &str| ObjectName::new("app", name);
        let all = References {
            columns: ["a", "b", "f", "Mixed", "t"].map(String::from).into(),
            types: [name("t"), name("u")].into(),
            routines: [name("f"), name("g")].into(),
            sequences: [name("s"), name("z")].into(),
            ..References::default()
        };
        let found = narrowed("(app.f(a) + (\"Mixed\")::app.t + nextval('app.s'::regclass))".into(), &all).references;
        assert_eq!(found.columns, ["Mixed", "a"].map(String::from).into());
        assert_eq!((found.types, found.routines), ([name("t")].into(), [name("f")].into()));
        assert_eq!(found.sequences, [name("s")].into());
    }
}
