//! The types of values.

use super::{Analyst, Output};
use crate::dialect::postgres::expression::{Environment, Normal, ValueType};
use crate::dialect::postgres::types::Type;
use crate::fold::postgres::reader::resolve_type;
use crate::fold::postgres::session::Session;
use crate::schema::{Column, ColumnType, Schema, TypeBase, UserTypeKind};
use crate::sql::{POSTGRES, name, significant};

/// What is known of a value's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fold::postgres) enum Value {
    /// The type.
    Known(ColumnType),
    /// A literal that takes the type of where it stands.
    Literal,
    /// Nothing.
    Unknown,
}

impl Value {
    /// Returns one of the server's own types.
    pub(super) fn builtin(name: &str) -> Self {
        Self::Known(ColumnType::builtin(name))
    }

    /// Returns the value where nothing more decides its type: a literal is a text.
    pub(super) fn settled(self) -> Self {
        if self == Self::Literal { Self::builtin("text") } else { self }
    }

    /// Returns an array of such values.
    pub(super) fn array(self) -> Self {
        match self.settled() {
            Self::Known(ty) if !ty.array => Self::Known(ColumnType { array: true, ..ty }),
            other => other,
        }
    }
}

/// An expression in which columns, subqueries and functions of users have names of ours.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    pub(super) text: String,
    pub(super) holes: Vec<(String, Value)>,
    /// The collation, where it is a column and nothing else.
    pub(super) collation: Option<String>,
    /// Where the last token ended in the statement.
    pub(super) end: usize,
}

impl Sketch {
    /// Adds a text as it is written.
    pub(super) fn push(&mut self, text: &str, start: usize, end: usize) {
        if start != self.end {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.end = end;
    }

    /// Adds a part.
    pub(super) fn append(&mut self, part: Self) {
        self.text.push(' ');
        self.text.push_str(&part.text);
        self.holes.extend(part.holes);
        self.end = usize::MAX;
    }
}

impl Analyst<'_, '_> {
    /// Adds a value under a name of ours.
    pub(super) fn hole(&mut self, sketch: &mut Sketch, value: Value) {
        self.holes += 1;
        // No name of an author's has a space before it.
        let name = format!("_value_{}", self.holes);
        sketch.text.push(' ');
        sketch.text.push_str(if value == Value::Literal { "NULL" } else { &name });
        sketch.holes.push((name, value));
        sketch.end = usize::MAX;
    }

    /// Returns what an expression is.
    pub(super) fn value(&self, sketch: &Sketch) -> Value {
        if let [(name, value)] = &sketch.holes[..] {
            if sketch.text.trim() == name {
                return value.clone();
            }
        }
        let mut environment = self.environment.clone();
        for (name, value) in &sketch.holes {
            if let Value::Known(ty) = value {
                environment = environment.column(name, &written(ty));
            }
        }
        match Normal::parse(&sketch.text, &environment).value_type() {
            ValueType::Known(sql) => self.read_type(&sql),
            ValueType::Literal => Value::Literal,
            ValueType::Unknown => Value::Unknown,
        }
    }

    /// Returns the one type of several values, as of the rows of VALUES or the sides of UNION.
    pub(super) fn common(&mut self, values: Vec<Value>) -> Value {
        if values.iter().all(|value| *value == Value::Literal) {
            return Value::Literal;
        }
        let mut sketch = Sketch { text: "coalesce(".to_owned(), ..Sketch::default() };
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                sketch.text.push(',');
            }
            self.hole(&mut sketch, value);
        }
        sketch.text.push(')');
        self.value(&sketch)
    }

    /// Returns the columns of a set operation.
    pub(super) fn united(&mut self, left: Option<Vec<Output>>, right: Option<Vec<Output>>) -> Option<Vec<Output>> {
        let (left, right) = (left?, right?);
        if left.len() != right.len() {
            return None;
        }
        let pairs = left.into_iter().zip(right);
        let united = pairs.map(|(left, right)| {
            let collation = left.collation.filter(|own| right.collation.as_ref() == Some(own));
            Output { name: left.name, value: self.common(vec![left.value, right.value]), collation }
        });
        Some(united.collect())
    }

    /// Reads a type from SQL.
    pub(super) fn read_type(&self, sql: &str) -> Value {
        let words = significant(sql, &POSTGRES);
        match Type::parse(&words) {
            Ok((ty, taken)) if taken == words.len() && !ty.is_pseudo() => {
                Value::Known(resolve_type(self.schema, self.session, &ty))
            }
            _ => Value::Unknown,
        }
    }
}

/// Writes a type so that the dialect reads it.
fn written(ty: &ColumnType) -> String {
    let base = match &ty.base {
        TypeBase::Builtin(text) => text.clone(),
        TypeBase::User(user) => format!("{}.{}{}", name(&user.schema), name(&user.name), ty.modifiers),
    };
    if ty.array { base + "[]" } else { base }
}

/// Returns the column that an expression on a relation is and nothing else, in which case an index keeps the column.
pub(in crate::fold::postgres) fn plain_column(text: &str, environment: &Environment) -> Option<String> {
    Normal::parse(text, environment).column().map(str::to_owned)
}

/// Returns what the dialect has to know of a schema and the columns of a relation.
pub(in crate::fold::postgres) fn environment_of(schema: &Schema, session: &Session, columns: &[Column]) -> Environment {
    let known = environment(schema, session);
    columns.iter().fold(known, |known, column| known.column(&column.name, &written(&column.ty)))
}

/// Returns what the dialect has to know of a schema.
pub(super) fn environment(schema: &Schema, session: &Session) -> Environment {
    let mut environment = Environment::new();
    for path in session.path() {
        environment = environment.schema(path);
    }
    for (name, found) in &schema.types {
        match &found.kind {
            UserTypeKind::Enum(_) => environment = environment.enumeration(&name.name),
            UserTypeKind::Domain(domain) => environment = environment.domain(&name.name, &written(&domain.base)),
            UserTypeKind::Composite { .. } | UserTypeKind::Range { .. } => {}
        }
    }
    environment
}
