//! The order in which one `CREATE TABLE` names what its constraints leave unnamed.
//!
//! 1. The sequences of all serial and identity columns are named before any of them exists, so two columns that
//!    are equal once clipped make the statement fail.
//! 2. Checks, in the order of the text, those of columns and of the table alike.
//! 3. NOT NULL constraints.
//! 4. The primary key; then unique and exclusion constraints. Equal ones are one index, which takes the first name
//!    that one of them has.
//! 5. Foreign keys.
//!
//! Nothing looks ahead: a name made up earlier makes a later explicit one fail. What LIKE copies comes between the
//! last two steps, so a statement with LIKE plans without its foreign keys and names them afterwards.

use std::collections::BTreeSet;
use std::fmt;

use super::{check, exclusion, foreign_key, not_null, primary_key, sequence, unique};

/// Something in a `CREATE TABLE` that has a name, explicit or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name that the statement gives.
    pub name: Option<&'a str>,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What an [`Element`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// The sequence of a serial or identity column.
    Sequence {
        /// The column.
        column: &'a str,
    },
    /// A check.
    Check {
        /// The columns that its expression uses.
        used: Vec<&'a str>,
    },
    /// A NOT NULL constraint, where the server has them: also for each column of the primary key.
    NotNull {
        /// The column.
        column: &'a str,
    },
    /// A primary key.
    PrimaryKey(Key<'a>),
    /// A unique constraint.
    Unique(Key<'a>),
    /// An exclusion constraint.
    Exclusion(Key<'a>),
    /// A foreign key.
    ForeignKey {
        /// The referencing columns.
        columns: Vec<&'a str>,
    },
}

/// The index of a constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key<'a> {
    /// The columns, or the names of the expressions.
    pub columns: Vec<&'a str>,
    /// The columns of INCLUDE.
    pub include: Vec<&'a str>,
    /// What else tells two indexes apart, in any fixed form: deferrability, NULLS NOT DISTINCT, operators, predicate.
    pub variant: &'a str,
}

/// What became of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// It has this name.
    As(String),
    /// It is one with the element of this index, which has the name.
    With(usize),
}

/// A name that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The index of the element.
    pub element: usize,
    /// The name.
    pub name: String,
    /// What has it.
    pub with: ClashWith,
}

/// What has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClashWith {
    /// A relation of the schema.
    Relation,
    /// A constraint of the table, and the new one is a check.
    Check,
    /// A constraint of the table.
    Constraint,
}

impl Clash {
    /// Returns the server's message.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::names::plan::{Clash, ClashWith};
    ///
    /// let clash = Clash { element: 0, name: "t_pkey".to_owned(), with: ClashWith::Relation };
    /// assert_eq!(clash.message("t"), "relation \"t_pkey\" already exists");
    /// ```
    pub fn message(&self, table: &str) -> String {
        let name = &self.name;
        match self.with {
            ClashWith::Relation => format!("relation \"{name}\" already exists"),
            ClashWith::Check => format!("check constraint \"{name}\" already exists"),
            ClashWith::Constraint => format!("constraint \"{name}\" for relation \"{table}\" already exists"),
        }
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name \"{}\" is taken", self.name)
    }
}

impl std::error::Error for Clash {}

/// Names the elements of a `CREATE TABLE`, given in the order of the text.
///
/// The functions tell which names the relations and the constraints of the schema have before the statement; types
/// are the caller's question, as is a second primary key.
///
/// # Errors
///
/// The first name that is taken, in the server's order.
///
/// ```
/// use migrate_core::dialect::postgres::names::plan::{Element, Key, Kind, Named, create_table};
///
/// let key = Key { columns: vec!["a"], ..Key::default() };
/// let elements = [
///     Element { name: None, kind: Kind::Unique(key.clone()) },
///     Element { name: Some("z"), kind: Kind::Unique(key) },
/// ];
/// let names = create_table("t", &elements, |_| false, |_| false)?;
/// assert_eq!(names, [Named::As("z".to_owned()), Named::With(0)]);
/// # Ok::<(), migrate_core::dialect::postgres::names::plan::Clash>(())
/// ```
pub fn create_table(
    table: &str,
    elements: &[Element<'_>],
    relations: impl Fn(&str) -> bool,
    constraints: impl Fn(&str) -> bool,
) -> Result<Vec<Named>, Clash> {
    let mut planner = Planner {
        table,
        elements,
        relations,
        constraints,
        made: BTreeSet::new(),
        own: BTreeSet::new(),
        names: vec![None; elements.len()],
    };
    planner.sequences()?;
    planner.made.insert(table.to_owned());
    planner.table_constraints(|kind| matches!(kind, Kind::Check { .. }))?;
    planner.table_constraints(|kind| matches!(kind, Kind::NotNull { .. }))?;
    planner.indexes()?;
    planner.table_constraints(|kind| matches!(kind, Kind::ForeignKey { .. }))?;
    // Every element is of one of the kinds above.
    Ok(planner.names.into_iter().map(|name| name.unwrap_or(Named::As(String::new()))).collect())
}

struct Planner<'a, R, C> {
    table: &'a str,
    elements: &'a [Element<'a>],
    relations: R,
    constraints: C,
    /// The relations that the statement has made so far.
    made: BTreeSet<String>,
    /// The table's constraints so far.
    own: BTreeSet<String>,
    names: Vec<Option<Named>>,
}

impl<'a, R: Fn(&str) -> bool, C: Fn(&str) -> bool> Planner<'a, R, C> {
    fn is_relation(&self, name: &str) -> bool {
        (self.relations)(name) || self.made.contains(name)
    }

    fn is_constraint(&self, name: &str) -> bool {
        (self.constraints)(name) || self.own.contains(name)
    }

    fn sequences(&mut self) -> Result<(), Clash> {
        for (at, element) in self.elements.iter().enumerate() {
            let Kind::Sequence { column } = element.kind else { continue };
            let name = match element.name {
                Some(name) => name.to_owned(),
                None => sequence(self.table, column, |name| (self.relations)(name)),
            };
            if self.is_relation(&name) || name == self.table {
                return Err(Clash { element: at, name, with: ClashWith::Relation });
            }
            self.made.insert(name.clone());
            self.names[at] = Some(Named::As(name));
        }
        Ok(())
    }

    /// Names the constraints of one kind that has no index.
    fn table_constraints(&mut self, of: impl Fn(&Kind<'_>) -> bool) -> Result<(), Clash> {
        for (at, element) in self.elements.iter().enumerate().filter(|(_, element)| of(&element.kind)) {
            let name = match (element.name, &element.kind) {
                (Some(name), _) => name.to_owned(),
                (None, Kind::Check { used }) => check(self.table, used, |name| self.is_constraint(name)),
                (None, Kind::NotNull { column }) => not_null(self.table, column, |name| self.is_constraint(name)),
                (None, Kind::ForeignKey { columns }) => {
                    foreign_key(self.table, columns, |name| self.is_constraint(name))
                }
                (None, _) => continue,
            };
            if self.own.contains(&name) {
                let check = matches!(element.kind, Kind::Check { .. });
                let with = if check { ClashWith::Check } else { ClashWith::Constraint };
                return Err(Clash { element: at, name, with });
            }
            self.own.insert(name.clone());
            self.names[at] = Some(Named::As(name));
        }
        Ok(())
    }

    fn indexes(&mut self) -> Result<(), Clash> {
        for (at, name) in self.merge() {
            let name = match name {
                Some(name) => name.to_owned(),
                None => self.index_name(&self.elements[at].kind),
            };
            if self.is_relation(&name) {
                return Err(Clash { element: at, name, with: ClashWith::Relation });
            }
            if self.own.contains(&name) {
                return Err(Clash { element: at, name, with: ClashWith::Constraint });
            }
            self.made.insert(name.clone());
            self.own.insert(name.clone());
            self.names[at] = Some(Named::As(name));
        }
        Ok(())
    }

    /// Returns the indexes to make, the primary key first, with the names that they have or take over.
    fn merge(&mut self) -> Vec<(usize, Option<&'a str>)> {
        let elements = self.elements;
        let is_primary = |at: &usize| matches!(elements[*at].kind, Kind::PrimaryKey(_));
        let (primary, others): (Vec<usize>, Vec<usize>) =
            (0..elements.len()).filter(|at| elements[*at].kind.key().is_some()).partition(is_primary);
        let mut made: Vec<(usize, Option<&'a str>)> = Vec::new();
        for at in primary.into_iter().chain(others) {
            let element = &elements[at];
            let same = made.iter_mut().find(|(prior, _)| elements[*prior].kind.is_same_index(&element.kind));
            match same {
                Some((prior, name)) => {
                    *name = name.or(element.name);
                    self.names[at] = Some(Named::With(*prior));
                }
                None => made.push((at, element.name)),
            }
        }
        made
    }

    fn index_name(&self, kind: &Kind<'_>) -> String {
        let taken = |name: &str| self.is_relation(name) || self.is_constraint(name);
        match kind {
            Kind::Unique(key) => unique(self.table, &key.elements(), taken),
            Kind::Exclusion(key) => exclusion(self.table, &key.elements(), taken),
            _ => primary_key(self.table, taken),
        }
    }
}

impl<'a> Key<'a> {
    fn elements(&self) -> Vec<&'a str> {
        [self.columns.as_slice(), self.include.as_slice()].concat()
    }
}

impl<'a> Kind<'a> {
    fn key(&self) -> Option<&Key<'a>> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) | Self::Exclusion(key) => Some(key),
            _ => None,
        }
    }

    /// An exclusion constraint has operators, which no unique one has.
    fn is_same_index(&self, other: &Self) -> bool {
        matches!(self, Self::Exclusion(_)) == matches!(other, Self::Exclusion(_)) && self.key() == other.key()
    }
}
