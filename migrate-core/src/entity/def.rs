//! What a struct or an enum says of its table or type: the result of reading its attributes.

use std::collections::BTreeMap;
use std::fmt;

use crate::schema::ReferentialAction;
use crate::schema::logical::LogicalType;

use super::{Place, Places};

/// Something with the place where it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// A path as it is written.
#[derive(Clone)]
pub struct Named(pub syn::Path);

impl Named {
    /// Returns the names in it, without `r#` and parameters.
    pub fn segments(&self) -> Vec<String> {
        use syn::ext::IdentExt;
        self.0.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect()
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.segments().join("::"))
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whether something is there in the build that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// `cfg` leaves it out.
    Off,
    /// Nobody can tell.
    Either,
    /// It is.
    #[default]
    On,
}

/// What is said for one dialect alone, as keys and values.
pub type Own = BTreeMap<String, Vec<OwnSetting>>;

/// A key and its value; a flag has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSetting {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Option<String>,
    /// Where it is said.
    pub place: Place,
}

/// A struct that is a row of a table.
#[derive(Clone, Debug)]
pub struct EntityDef {
    /// The struct's name.
    pub name: String,
    /// The table's name.
    pub table: Stated<String>,
    /// Its schema.
    pub schema: Option<Stated<SchemaDef>>,
    /// What its author says of it.
    pub comment: Option<Stated<String>>,
    /// The name that the table had before.
    pub renamed_from: Option<Stated<String>>,
    /// Whether it is one of several structs on its table.
    pub partial: bool,
    /// Whether no build script looks at it.
    pub unchecked: bool,
    /// Where `migrate_core` is, if not under its own name.
    pub krate: Option<Named>,
    /// The fields that are columns.
    pub fields: Vec<FieldDef>,
    /// Keys, checks and references of the table and of its fields.
    pub constraints: Vec<ConstraintDef>,
    /// Indexes of the table and of its fields.
    pub indexes: Vec<IndexDef>,
    /// What is said for one dialect alone.
    pub own: Own,
    /// Where everything is.
    pub places: Places,
}

/// How a schema is named.
#[derive(Clone, Debug)]
pub enum SchemaDef {
    /// By its name.
    Literal(String),
    /// By a constant.
    Constant(Named),
}

/// A field that is a column.
#[derive(Clone, Debug)]
pub struct FieldDef {
    /// The field's name.
    pub field: String,
    /// The column's name.
    pub column: String,
    /// What its Rust type means.
    pub ty: FieldType,
    /// The Rust type as it is written.
    pub rust: RustType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Whether the field is in this build.
    pub presence: Presence,
    /// The SQL type that stands in place of the Rust type's.
    pub sql_type: Option<Stated<String>>,
    /// The greatest length of a text.
    pub length: Option<Stated<u32>>,
    /// The digits of a decimal number.
    pub precision: Option<Stated<u32>>,
    /// The digits behind its point.
    pub scale: Option<Stated<u32>>,
    /// The default.
    pub default: Option<Stated<String>>,
    /// The expression that generates it.
    pub generated: Option<Stated<String>>,
    /// Whether a sequence numbers it, and whether always.
    pub identity: Option<Stated<bool>>,
    /// The collation.
    pub collate: Option<Stated<String>>,
    /// What its author says of it.
    pub comment: Option<Stated<String>>,
    /// The name that the column had before.
    pub renamed_from: Option<Stated<String>>,
    /// Whether check and autogenerate leave it alone.
    pub skip_autogenerate: bool,
    /// What is said for one dialect alone.
    pub own: Own,
}

impl FieldDef {
    /// Returns the place of the field itself.
    pub fn place(&self) -> Place {
        Place { field: self.field.clone(), ..Place::default() }
    }
}

/// A Rust type with the type below its `Option`.
#[derive(Clone)]
pub struct RustType(pub syn::Type);

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::rust_type::written(&self.0))
    }
}

impl fmt::Debug for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a Rust type means.
#[derive(Clone, Debug)]
pub enum FieldType {
    /// A type that every dialect has a word for, by the name of the last segment.
    Known(LogicalType),
    /// A list.
    Array(Box<FieldType>),
    /// A name that is not one of the known ones: an alias or an enum of the same crate, for the scan to find.
    Named(Named),
    /// An enum that the scan found, by its number there.
    Enum(usize),
    /// A type without a column type of its own; the text says what to do.
    Refused(String),
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct ConstraintDef {
    /// Its name, where one is given.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKindDef,
    /// Whether its check can be put off.
    pub deferrable: bool,
    /// Whether it is put off.
    pub initially_deferred: bool,
    /// The only dialect that it is for.
    pub only: Option<String>,
    /// What is said for one dialect alone.
    pub own: Own,
    /// Where it is said.
    pub place: Place,
}

/// What a constraint demands; columns by their names in the database.
#[derive(Clone, Debug)]
pub enum ConstraintKindDef {
    /// The primary key.
    PrimaryKey(Vec<String>),
    /// No two rows agree.
    Unique {
        /// The columns.
        columns: Vec<String>,
        /// Columns that the index carries along.
        include: Vec<String>,
        /// Whether NULLs are equal to each other.
        nulls_not_distinct: bool,
    },
    /// Every row fulfils an expression; empty where only one dialect says it.
    Check(Option<Stated<String>>),
    /// Every row has a partner.
    ForeignKey {
        /// The columns.
        columns: Vec<String>,
        /// What they point to.
        target: Stated<TargetDef>,
        /// What happens when the partner goes.
        on_delete: ReferentialAction,
        /// What happens when its key changes.
        on_update: ReferentialAction,
    },
    /// No two rows conflict.
    Exclusion {
        /// The access method.
        using: Option<String>,
        /// The elements, each with its operator.
        elements: Vec<(Stated<String>, String)>,
        /// Which rows.
        predicate: Option<Stated<String>>,
    },
}

/// What a foreign key points to.
#[derive(Clone, Debug)]
pub enum TargetDef {
    /// The primary key of an entity.
    Entity(Named),
    /// A table by its name, and columns of it, or its primary key.
    Table {
        /// Its schema.
        schema: Option<String>,
        /// Its name.
        table: String,
        /// The columns.
        columns: Vec<String>,
    },
}

/// An index.
#[derive(Clone, Debug)]
pub struct IndexDef {
    /// Its name, where one is given.
    pub name: Option<String>,
    /// Whether no two rows may agree.
    pub unique: bool,
    /// The access method.
    pub using: Option<Stated<String>>,
    /// The keys.
    pub keys: Vec<KeyDef>,
    /// Columns that it carries along.
    pub include: Vec<String>,
    /// Which rows it has.
    pub predicate: Option<Stated<String>>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// Whether it is to be built beside writers.
    pub concurrently: bool,
    /// The only dialect that it is for.
    pub only: Option<String>,
    /// What is said for one dialect alone.
    pub own: Own,
    /// Where it is said.
    pub place: Place,
}

/// A key of an index.
#[derive(Clone, Debug)]
pub struct KeyDef {
    /// The column, or the expression.
    pub part: KeyPartDef,
    /// The operator class.
    pub ops: Option<String>,
    /// The collation.
    pub collate: Option<String>,
    /// Whether it runs downwards.
    pub descending: bool,
    /// Whether NULLs come first, where it is said.
    pub nulls_first: Option<bool>,
}

/// What a key indexes.
#[derive(Clone, Debug)]
pub enum KeyPartDef {
    /// A column.
    Column(String),
    /// An expression.
    Expression(Stated<String>),
}

/// An enum whose variants are the labels of a type.
#[derive(Clone, Debug)]
pub struct EnumDef {
    /// The enum's name.
    pub name: String,
    /// The type's name.
    pub type_name: Stated<String>,
    /// Its schema.
    pub schema: Option<Stated<SchemaDef>>,
    /// What its author says of it.
    pub comment: Option<Stated<String>>,
    /// The name that the type had before.
    pub renamed_from: Option<Stated<String>>,
    /// Whether no build script looks at it.
    pub unchecked: bool,
    /// Where `migrate_core` is, if not under its own name.
    pub krate: Option<Named>,
    /// The variants.
    pub variants: Vec<VariantDef>,
    /// Where everything is.
    pub places: Places,
}

/// A variant.
#[derive(Clone, Debug)]
pub struct VariantDef {
    /// Its name in Rust.
    pub name: String,
    /// Its label.
    pub label: String,
    /// The label that it had before.
    pub renamed_from: Option<Stated<String>>,
}
