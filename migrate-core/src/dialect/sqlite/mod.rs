//! SQLite: its types, the normal form of its texts, its DDL.

mod affinity;
mod compare;
mod keywords;
mod normal;
mod render;
mod table;

pub use affinity::Affinity;
pub use compare::{Difference, compare};
pub use keywords::identifier;
pub use render::render;
