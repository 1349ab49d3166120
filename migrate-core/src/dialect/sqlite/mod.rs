//! SQLite: its types, what two texts have in common, its DDL.

mod affinity;

pub use affinity::Affinity;
