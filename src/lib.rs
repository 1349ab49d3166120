//! The tables of the reference app as structs, which the build compares with the migrations.

pub mod entities;
pub mod names;
