//! Types as written to types as PostgreSQL stores and prints them.
//!
//! [`Type::parse`] reads the words of a type, [`Declared::parse`] those of a column, where `serial` is one too. The
//! value is the one that the server keeps: synonyms are gone, lengths and precisions are checked, and its text is that
//! of `format_type`, which reads back as the same value. What a name means that is not the server's own is the
//! caller's question: such a type keeps its name, and the schema that was written.
//!
//! [`derived_name`] is the name of an index's or view's column that has none.

mod builtin;
mod derived;
pub(super) mod modifier;
mod read;
#[cfg(test)]
mod vectors;

use std::fmt;

pub use builtin::{Builtin, Kind, builtin};
pub use derived::derived_name;
pub use modifier::Modifier;

use super::keywords::{self, WordError, quote_ident};
use crate::schema::{self, ObjectName};
use crate::sql::Word;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// The type, or that of an array's elements.
    pub base: TypeBase,
    /// What stands in its parentheses.
    pub modifier: Modifier,
    /// Whether it is an array; the server keeps no dimensions.
    pub array: bool,
}

/// A type without its modifiers and array brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeBase {
    /// One of the server's own.
    Builtin(&'static Builtin),
    /// Any other.
    User {
        /// The schema that was written.
        schema: Option<String>,
        /// Its name.
        name: String,
    },
}

/// The types that count: of `serial` columns, identities and sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integer {
    /// `smallint`.
    Small,
    /// `integer`.
    Int,
    /// `bigint`.
    Big,
}

/// What a column says for its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Declared {
    /// A type.
    Type(Type),
    /// `serial` or one of its family: the type of the column and of the sequence that it brings.
    Serial(Integer),
}

impl Type {
    /// Returns a built-in type without modifiers, by its name in the catalog.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert_eq!(Type::builtin("float8").unwrap().to_string(), "double precision");
    /// ```
    pub fn builtin(name: &str) -> Option<Self> {
        let base = TypeBase::Builtin(builtin(name)?);
        Some(Self { base, modifier: Modifier::None, array: false })
    }

    /// Reads a type from the beginning of some words, and returns how many they were.
    ///
    /// `serial` is no type but in a column: here it is a name like any other.
    ///
    /// # Errors
    ///
    /// What the server's grammar or the type itself refuses, in the server's words. `SETOF` and `%TYPE` are no types.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    /// use migrate_core::sql::{Syntax, significant};
    ///
    /// let words = significant("varchar(10)[] not null", Syntax::named("postgres").unwrap());
    /// let (ty, taken) = Type::parse(&words)?;
    /// assert_eq!((ty.to_string().as_str(), taken), ("character varying(10)[]", 6));
    /// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
    /// ```
    pub fn parse(words: &[Word<'_>]) -> Result<(Self, usize), WordError> {
        let read = read::read(words)?;
        Ok((read.ty, read.taken))
    }

    /// Returns the last part of the type's name in the catalog, which [`derived_name`] uses: `int4`, also for `int[]`.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert_eq!(Type::builtin("timestamptz").unwrap().internal_name(), "timestamptz");
    /// ```
    pub fn internal_name(&self) -> &str {
        match &self.base {
            TypeBase::Builtin(builtin) => builtin.name,
            TypeBase::User { name, .. } => name,
        }
    }

    /// Returns whether no column can have the type, as `record` or `anyelement`.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert!(Type::builtin("void").unwrap().is_pseudo());
    /// ```
    pub fn is_pseudo(&self) -> bool {
        matches!(&self.base, TypeBase::Builtin(builtin) if builtin.kind == Kind::Pseudo)
    }

    /// Returns how its values are stored by default, `None` for a type that is not the server's own.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert_eq!(Type::builtin("numeric").unwrap().storage(), Some("main"));
    /// ```
    pub fn storage(&self) -> Option<&'static str> {
        match &self.base {
            _ if self.array => Some("extended"),
            TypeBase::Builtin(builtin) => Some(builtin.storage),
            TypeBase::User { .. } => None,
        }
    }

    /// Returns the type's collation, `None` where it has none or is not the server's own; an array has its elements'.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert_eq!(Type::builtin("text").unwrap().collation(), Some("default"));
    /// assert_eq!(Type::builtin("int4").unwrap().collation(), None);
    /// ```
    pub fn collation(&self) -> Option<&'static str> {
        match &self.base {
            TypeBase::Builtin(builtin) => builtin.collation,
            TypeBase::User { .. } => None,
        }
    }

    /// Returns the counting type that this is.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::{Integer, Type};
    ///
    /// assert_eq!(Type::builtin("int8").unwrap().integer(), Some(Integer::Big));
    /// ```
    pub fn integer(&self) -> Option<Integer> {
        match &self.base {
            TypeBase::Builtin(builtin) if !self.array => match builtin.name {
                "int2" => Some(Integer::Small),
                "int4" => Some(Integer::Int),
                "int8" => Some(Integer::Big),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the text of the type as a server of this major version prints it; a user's type has the schema that it
    /// was given.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    ///
    /// assert_eq!(Type::builtin("char").unwrap().printed(18), "\"char\"");
    /// ```
    pub fn printed(&self, version: u32) -> String {
        let element = match &self.base {
            TypeBase::Builtin(builtin) => self.modifier.print(builtin),
            TypeBase::User { schema, name } => {
                let schema = schema.iter().map(|schema| quote_ident(schema, version) + ".").collect::<String>();
                format!("{schema}{}{}", quote_ident(name, version), self.modifier.arguments())
            }
        };
        if self.array { element + "[]" } else { element }
    }

    /// Returns the column type of the model, with a user's type as the caller finds it by schema and name.
    ///
    /// # Errors
    ///
    /// Those of `resolve`.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::Type;
    /// use migrate_core::schema::ObjectName;
    ///
    /// let resolve = |_: Option<&str>, name: &str| Err(format!("type \"{name}\" does not exist"));
    /// let column = Type::builtin("int4").unwrap().to_column(resolve)?;
    /// assert_eq!(column.to_string(), "integer");
    /// # Ok::<(), String>(())
    /// ```
    pub fn to_column<E>(
        &self,
        resolve: impl FnOnce(Option<&str>, &str) -> Result<ObjectName, E>,
    ) -> Result<schema::ColumnType, E> {
        let (base, modifiers) = match &self.base {
            TypeBase::Builtin(builtin) => (schema::TypeBase::Builtin(self.modifier.print(builtin)), String::new()),
            TypeBase::User { schema, name } => {
                (schema::TypeBase::User(resolve(schema.as_deref(), name)?), self.modifier.arguments())
            }
        };
        Ok(schema::ColumnType { base, modifiers, array: self.array })
    }
}

impl fmt::Display for Type {
    /// Writes the type as the newest server prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed(keywords::NEWEST))
    }
}

impl Integer {
    /// Returns the type's name.
    ///
    /// ```
    /// assert_eq!(migrate_core::dialect::postgres::types::Integer::Int.name(), "integer");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "smallint",
            Self::Int => "integer",
            Self::Big => "bigint",
        }
    }

    /// Returns the least value.
    ///
    /// ```
    /// assert_eq!(migrate_core::dialect::postgres::types::Integer::Small.min(), -32768);
    /// ```
    pub fn min(self) -> i64 {
        match self {
            Self::Small => i64::from(i16::MIN),
            Self::Int => i64::from(i32::MIN),
            Self::Big => i64::MIN,
        }
    }

    /// Returns the greatest value.
    ///
    /// ```
    /// assert_eq!(migrate_core::dialect::postgres::types::Integer::Small.max(), 32767);
    /// ```
    pub fn max(self) -> i64 {
        match self {
            Self::Small => i64::from(i16::MAX),
            Self::Int => i64::from(i32::MAX),
            Self::Big => i64::MAX,
        }
    }

    /// Returns it as a type.
    ///
    /// ```
    /// assert_eq!(migrate_core::dialect::postgres::types::Integer::Big.to_type().to_string(), "bigint");
    /// ```
    pub fn to_type(self) -> Type {
        let builtin = match self {
            Self::Small => &builtin::INT2,
            Self::Int => &builtin::INT4,
            Self::Big => &builtin::INT8,
        };
        Type { base: TypeBase::Builtin(builtin), modifier: Modifier::None, array: false }
    }

    fn serial(name: &str) -> Option<Self> {
        match name {
            "smallserial" | "serial2" => Some(Self::Small),
            "serial" | "serial4" => Some(Self::Int),
            "bigserial" | "serial8" => Some(Self::Big),
            _ => None,
        }
    }
}

impl Declared {
    /// Reads the type of a column from the beginning of some words, and returns how many they were.
    ///
    /// # Errors
    ///
    /// As [`Type::parse`], and pseudo-types.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::{Declared, Integer};
    /// use migrate_core::sql::{Syntax, significant};
    ///
    /// let words = significant("bigserial primary key", Syntax::named("postgres").unwrap());
    /// assert_eq!(Declared::parse(&words)?, (Declared::Serial(Integer::Big), 1));
    /// # Ok::<(), migrate_core::dialect::postgres::keywords::WordError>(())
    /// ```
    pub fn parse(words: &[Word<'_>]) -> Result<(Self, usize), WordError> {
        let read = read::read(words)?;
        let serial = match &read.ty.base {
            TypeBase::User { schema: None, name } => Integer::serial(name),
            _ => None,
        };
        match serial {
            Some(_) if read.ty.array => Err(WordError::new(0, "array of serial is not implemented")),
            Some(serial) if read.ty.modifier != Modifier::None => {
                let message = format!("type modifier is not allowed for type \"{}\"", serial.name());
                Err(WordError::new(0, message))
            }
            Some(serial) => Ok((Self::Serial(serial), read.taken)),
            None if read.ty.is_pseudo() => {
                Err(WordError::new(0, format!("a column cannot have the pseudo-type {}", read.ty)))
            }
            None => Ok((Self::Type(read.ty), read.taken)),
        }
    }

    /// Returns the type that the column has.
    ///
    /// ```
    /// use migrate_core::dialect::postgres::types::{Declared, Integer};
    ///
    /// assert_eq!(Declared::Serial(Integer::Int).to_type().to_string(), "integer");
    /// ```
    pub fn to_type(&self) -> Type {
        match self {
            Self::Type(ty) => ty.clone(),
            Self::Serial(integer) => integer.to_type(),
        }
    }
}
