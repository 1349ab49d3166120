//! The fold of SQLite against SQLite: the same statements run in a database in memory, one by one.
//!
//! After every statement the texts that the fold keeps are those of `sqlite_schema`, byte for byte, and its schema is
//! the one that is read from the database. What SQLite refuses the fold refuses in the same words.
//! `MIGRATE_BLESS=1` writes the expectations of the case files; SQLite has checked them.

#![cfg(all(feature = "fold", feature = "files", feature = "sqlite-bundled"))]

#[path = "fold_sqlite/both.rs"]
mod both;
#[path = "fold_sqlite/cases.rs"]
mod cases;
#[path = "fold_sqlite/differences.rs"]
mod differences;
#[path = "fold_sqlite/history.rs"]
mod history;
#[path = "fold_sqlite/kinds.rs"]
mod kinds;
#[path = "fold_sqlite/laws.rs"]
mod laws;
#[path = "fold_sqlite/pragmas.rs"]
mod pragmas;
