//! Entities: Rust structs that say what their tables are.
//!
//! [`EntityDef::from_derive_input`] is the one reader of a struct and its attributes: the derive macro, the build
//! script and the command line call it on the same code, so they agree. `scan` finds the structs of a package and what
//! their names stand for, `lower` makes a [`LogicalSchema`](crate::schema::logical::LogicalSchema) of them. No database
//! is known here: what an attribute says for one is kept under that dialect's name.

mod attribute;
mod def;
pub mod lower;
mod name;
mod place;
mod problems;
mod read;
pub mod report;
mod rust_type;
pub mod scan;

pub use def::{
    ConstraintDef, ConstraintKindDef, EntityDef, EnumDef, FieldDef, FieldType, IndexDef, KeyDef, KeyPartDef, Named,
    Own, OwnSetting, Presence, RustType, SchemaDef, Stated, TargetDef, VariantDef,
};
pub use name::snake_case;
pub use place::{Place, Places};
