//! A project's migrations to schemas: what a database has at any revision, and what of it is the project's.
//!
//! 1. [`Project`] is the revision files with everything in them, and the DDL of what others own.
//! 2. [`Folding`] goes through them step by step, up and down; [`Project::fold`] goes to a revision,
//!    [`Project::check`] all the way up and back.
//! 3. [`Folded`] is what they make; it tells what of it is others', and [`adopt`] leaves that out of a comparison.
//! 4. [`entities`] makes a schema of what the structs say: a dialect declares it as statements, and the fold reads them
//!    as it reads migrations.
//!
//! Every problem is told with its place, and all at once. What a statement that failed would have made is missing
//! afterwards, so of what follows only statements that cannot be *read* are told: whether a database would refuse them
//! is told again when the first one is mended.

mod check;
mod ddl;
mod drift;
pub mod entities;
mod external;
mod folding;
mod generate;
mod look;
mod project;
mod provenance;
mod stale;
mod statement;
mod wanted;

pub use check::Checked;
pub use ddl::Ddl;
pub use drift::{Mismatch, mismatches};
pub use external::adopt;
pub use folding::{Folded, Folding};
pub use generate::Refusal;
pub use look::look;
pub use project::{Project, filter};
pub use stale::{Compared, Stale};
pub use wanted::Wanted;
