//! Expressions: whether what a migration wrote is what the server prints, which names one uses, and renaming them.
//!
//! The server does not keep the text of a default, a check or an index expression: it prints its parse tree, with its
//! implicit casts, its own operators for LIKE and IN, and each literal in the form that its type prints. The fold
//! compares with that, and has no server to ask. So [`Normal::parse`] does what the server does: 1. the tokens
//! (`lex`), 2. rewritten for sqlparser (`rewrite`), 3. its tree made ours, in which every way to write a thing is one
//! (`convert`), 4. the types of what it has, and the casts that the server adds (`infer`, by the server's own tables of
//! operators, functions and casts in `catalog`), 5. literals in the canonical text of their types (`literal`).
//! [`compare`] then walks two trees.
//!
//! Nothing here fails: a text that cannot be read is its tokens, and equal only to the same. Queries are such texts.

mod catalog;
mod compare;
mod convert;
mod environment;
mod infer;
mod lex;
mod literal;
mod node;
mod number;
mod parse;
mod references;
mod rename;
mod resolve;
mod rewrite;
mod typename;

pub use environment::Environment;
pub use references::{Function, Name, References, references};
pub use rename::{Identifier, rename};

use super::super::Verdict;
use compare::Comparison;
use lex::Token;
use node::Node;

/// The normal form of an expression.
#[derive(Clone, Debug)]
pub struct Normal {
    tokens: Vec<Token>,
    tree: Option<Node>,
    environment: Environment,
}

impl Normal {
    /// Reads an expression, as a migration wrote it or as a server prints it.
    pub fn parse(text: &str, environment: &Environment) -> Self {
        let tokens = lex::tokens(text);
        let tree = parse::parse(&tokens, environment);
        Self { tokens, tree, environment: environment.clone() }
    }

    /// Returns the name of the column that this is and nothing else; a cast to the type that it has is nothing.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::expression::{Environment, Normal};
    ///
    /// let environment = Environment::new().column("a", "date");
    /// let of = |text| Normal::parse(text, &environment).column().map(str::to_owned);
    /// assert_eq!(of("date(a)").as_deref(), Some("a"));
    /// assert_eq!(of("a + 1"), None);
    /// ```
    pub fn column(&self) -> Option<&str> {
        match &self.tree.as_ref()?.kind {
            node::Kind::Column(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the type of the value.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::expression::{Environment, Normal, ValueType};
    ///
    /// let environment = Environment::new().column("a", "bigint");
    /// let of = |text| Normal::parse(text, &environment).value_type();
    /// assert_eq!(of("a + 1"), ValueType::Known("int8".into()));
    /// assert_eq!(of("'x'"), ValueType::Literal);
    /// assert_eq!(of("f(a)"), ValueType::Unknown);
    /// ```
    pub fn value_type(&self) -> ValueType {
        match &self.tree {
            None => ValueType::Unknown,
            Some(node) if node.is_untyped() => ValueType::Literal,
            Some(node) => node.data_type.as_ref().map_or(ValueType::Unknown, |found| ValueType::Known(found.sql())),
        }
    }

    /// Returns whether the text was read as an expression; if not, only the same text is equal to it.
    pub fn is_read(&self) -> bool {
        self.tree.is_some()
    }
}

/// Returns whether a type is one of the server's strings, which every type is read from and written as.
pub fn is_string(ty: &str) -> bool {
    typename::Type::parse(ty).is_some_and(|ty| {
        !ty.array && ty.schema.is_none() && catalog::category(&ty.name).is_some_and(|(category, _)| category == 'S')
    })
}

/// Returns whether values of one type become those of another where they are stored, `Some(false)` where a cast has to
/// be written, and `None` where the server knows none.
///
/// ```
/// use migrate_core::dialect::postgres::expression::cast_between;
///
/// assert_eq!(cast_between("integer", "bigint"), Some(true));
/// assert_eq!(cast_between("text", "integer"), Some(false));
/// assert_eq!(cast_between("date", "integer"), None);
/// ```
pub fn cast_between(from: &str, to: &str) -> Option<bool> {
    let (one, other) = (typename::Type::parse(from)?.base(), typename::Type::parse(to)?.base());
    if one == other {
        return Some(true);
    }
    if one.array != other.array {
        // A string is an array only if it is written as one.
        return is_string(to).then_some(true);
    }
    if let Some(cast) = catalog::cast(&one.name, &other.name).filter(|_| one.schema.is_none() && other.schema.is_none())
    {
        return Some(cast.assignment);
    }
    let is_string = |ty: &typename::Type| is_string(&ty.element().to_string());
    if is_string(&other) { Some(true) } else { is_string(&one).then_some(false) }
}

/// What is known of the type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// The type as SQL, by its name in `pg_type`.
    Known(String),
    /// It is a literal that takes the type of where it stands.
    Literal,
    /// It has something of which the type is not known here.
    Unknown,
}

/// Returns whether the server itself has functions of a name.
///
/// ```
/// assert!(migrate_core::dialect::postgres::expression::has_function("lower"));
/// ```
pub fn has_function(name: &str) -> bool {
    !catalog::functions(name).is_empty()
}

/// Compares what a migration wrote with what a server prints, or with what another migration wrote.
///
/// Equal and different are certain as far as the environment is right; what depends on something that the environment
/// does not tell is skipped, with the reason.
pub fn compare(typed: &Normal, printed: &Normal) -> Verdict {
    if typed.tokens == printed.tokens {
        return Verdict::Equal;
    }
    match (&typed.tree, &printed.tree) {
        (Some(left), Some(right)) => Comparison { environment: &typed.environment }.trees(left, right),
        _ => Verdict::Skip("it cannot be read as an expression, and the texts differ".into()),
    }
}
