//! What is known of the schema that an expression stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::typename::Type;

/// What is known of the schema that an expression stands in; the more is known, the more comparisons are decided.
///
/// ```
/// use migrate_core::dialect::postgres::expression::{Environment, Normal, compare};
/// use migrate_core::dialect::Verdict;
///
/// let environment = Environment::new().column("name", "character varying(20)");
/// let typed = Normal::parse("name in ('a')", &environment);
/// let printed = Normal::parse("((name)::text = 'a'::text)", &environment);
/// assert_eq!(compare(&typed, &printed), Verdict::Equal);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Environment {
    // Shared, because every normal form keeps its environment.
    known: Arc<Known>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    columns: BTreeMap<String, Option<Type>>,
    domains: BTreeMap<String, Type>,
    enumerations: BTreeSet<String>,
    schemas: Vec<String>,
    target: Option<Type>,
}

impl Environment {
    /// Returns an environment in which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column of the table, with its type as it was typed or as the server prints it.
    #[must_use]
    pub fn column(mut self, name: &str, data_type: &str) -> Self {
        Arc::make_mut(&mut self.known).columns.insert(name.to_owned(), Type::parse(data_type));
        self
    }

    /// Adds a domain, with the type that it is made of; the name is without its schema.
    #[must_use]
    pub fn domain(mut self, name: &str, data_type: &str) -> Self {
        if let Some(data_type) = Type::parse(data_type) {
            Arc::make_mut(&mut self.known).domains.insert(name.to_owned(), data_type.base());
        }
        self
    }

    /// Adds an enum type; the name is without its schema.
    #[must_use]
    pub fn enumeration(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.known).enumerations.insert(name.to_owned());
        self
    }

    /// Adds a schema of the search path: a name in it is the same with and without the schema.
    #[must_use]
    pub fn schema(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.known).schemas.push(name.to_owned());
        self
    }

    /// Says which type the value of the expression becomes: the column's for a default, `boolean` for a check.
    #[must_use]
    pub fn target(mut self, data_type: &str) -> Self {
        Arc::make_mut(&mut self.known).target = Type::parse(data_type);
        self
    }

    /// Returns the type of a column, `None` where it is not known.
    pub(super) fn column_type(&self, name: &str) -> Option<Type> {
        self.known.columns.get(name).cloned().flatten().map(|data_type| self.visible(data_type))
    }

    /// Returns the type that literals are made of where the expression is one: a domain's is the one below it.
    pub(super) fn target_type(&self) -> Option<Type> {
        let target = self.visible(self.known.target.clone()?);
        // The fields of an interval stay with a literal, no other modifier does.
        Some(if target.is("interval") { target } else { self.below(&target).base() })
    }

    /// Returns the type without its schema where the search path finds it.
    pub(super) fn visible(&self, data_type: Type) -> Type {
        let found = data_type.schema.as_ref().is_some_and(|schema| self.searches(schema));
        if found { Type { schema: None, ..data_type } } else { data_type }
    }

    /// Returns the type that a domain is made of, any other as it is.
    pub(super) fn below(&self, data_type: &Type) -> Type {
        let mut below = data_type;
        // A domain may be one of a domain.
        for _ in 0..=self.known.domains.len() {
            match self.known.domains.get(&below.name) {
                Some(next) if !below.array => below = next,
                _ => break,
            }
        }
        below.clone()
    }

    pub(super) fn is_domain(&self, data_type: &Type) -> bool {
        !data_type.array && self.known.domains.contains_key(&data_type.name)
    }

    pub(super) fn is_enumeration(&self, data_type: &Type) -> bool {
        !data_type.array && self.known.enumerations.contains(&data_type.name)
    }

    pub(super) fn searches(&self, schema: &str) -> bool {
        schema == "pg_catalog" || self.known.schemas.iter().any(|searched| searched == schema)
    }
}
