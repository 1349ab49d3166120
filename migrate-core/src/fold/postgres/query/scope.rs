//! The names that FROM makes.

use super::value::Value;
use crate::schema::ObjectName;

/// A column that can be named.
#[derive(Clone, Debug)]
pub(super) struct Visible {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) collation: Option<String>,
    /// The column of a relation that naming it uses.
    pub(super) uses: Option<(ObjectName, String)>,
    /// What stands before its period in the text for a `*`.
    pub(super) qualifier: Option<String>,
}

/// One thing of FROM, as far as names have it before their periods.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) alias: Option<String>,
    /// The relation where it has no alias, which its schema may stand before.
    pub(super) relation: Option<ObjectName>,
    pub(super) columns: Vec<Visible>,
    /// Whether these are all columns.
    pub(super) complete: bool,
}

/// What a part of FROM gives: the columns of a join are fewer than those of its sides.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) items: Vec<Item>,
    pub(super) visible: Vec<Visible>,
    pub(super) complete: bool,
}

impl Joined {
    /// Returns what one thing alone gives.
    pub(super) fn of(item: Item) -> Self {
        Self { visible: item.columns.clone(), complete: item.complete, items: vec![item] }
    }
}

/// The names that an expression can use, those of the queries around it among them.
#[derive(Clone, Debug)]
pub(super) struct Scope<'p> {
    pub(super) parent: Option<&'p Scope<'p>>,
    pub(super) joined: Joined,
    /// Whether it is the left side of a join that is being read, which a subquery of its FROM cannot see.
    pub(super) is_open: bool,
}

/// What a name without a period is.
#[derive(Debug)]
pub(super) enum Found<'s> {
    Column(&'s Visible),
    Ambiguous,
    /// It may be a column of something whose columns are not known.
    Unsure,
    Nothing,
}

impl<'p> Scope<'p> {
    /// Returns a scope without names of its own.
    pub(super) fn inside(parent: Option<&'p Scope<'p>>) -> Self {
        let joined = Joined { items: Vec::new(), visible: Vec::new(), complete: true };
        Self { parent, joined, is_open: false }
    }

    /// Returns the scope of the right side of a join.
    pub(super) fn beside(parent: &'p Scope<'p>, left: Joined) -> Self {
        Self { parent: Some(parent), joined: left, is_open: true }
    }

    /// Adds what another part of FROM gives.
    pub(super) fn add(&mut self, joined: Joined) {
        self.joined.items.extend(joined.items);
        self.joined.visible.extend(joined.visible);
        self.joined.complete &= joined.complete;
    }

    fn levels(&self) -> impl Iterator<Item = &Joined> {
        std::iter::successors(Some(self), |scope| scope.parent).map(|scope| &scope.joined)
    }

    /// Finds a column by its name alone.
    pub(super) fn column(&self, name: &str) -> Found<'_> {
        for level in self.levels() {
            let mut found = level.visible.iter().filter(|column| column.name == name);
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => return Found::Ambiguous,
                (Some(column), None) => return Found::Column(column),
                (None, _) if !level.complete => return Found::Unsure,
                _ => {}
            }
        }
        Found::Nothing
    }

    /// Finds what a name before a period is.
    pub(super) fn item(&self, alias: &str) -> Option<&Item> {
        self.levels().find_map(|level| level.items.iter().find(|item| item.alias.as_deref() == Some(alias)))
    }

    /// Finds a relation that is named with its schema.
    pub(super) fn relation(&self, schema: &str, name: &str) -> Option<&Item> {
        let is = |item: &&Item| item.relation.as_ref().is_some_and(|r| r.schema == schema && r.name == name);
        self.levels().find_map(|level| level.items.iter().find(is))
    }
}
