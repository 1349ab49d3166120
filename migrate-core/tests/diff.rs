//! The differ and its scripts against databases: for each case two schemas, what leads from one to the other and back,
//! and what becomes of the rows. `MIGRATE_BLESS=1` writes the expectations; the databases have checked them.

#![cfg(all(feature = "fold", feature = "files", feature = "postgres", feature = "sqlite-bundled"))]

#[path = "diff/cases.rs"]
mod cases;
#[path = "diff/laws.rs"]
mod laws;
#[path = "diff/postgres.rs"]
mod postgres;
#[path = "diff/random.rs"]
mod random;
#[path = "diff/sqlite.rs"]
mod sqlite;
