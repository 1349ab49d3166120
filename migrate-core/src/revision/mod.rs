//! Revision files and their graph: text to header, sections and statements; headers to a graph; words to targets.
//!
//! The command line, the build script and the runtime call this folder. It does not know what a statement does, and
//! reads files only where the feature `files` is on.

#[cfg(feature = "files")]
pub mod body;
#[cfg(feature = "files")]
pub mod checksum;
#[cfg(feature = "files")]
pub(crate) mod compile;
pub mod directive;
#[cfg(feature = "files")]
pub mod directory;
mod graph;
pub mod header;
mod id;
mod node;
mod order;
#[cfg(feature = "files")]
pub mod plain;
mod resolve;
pub mod script;
#[cfg(feature = "files")]
pub mod section;
mod target;
#[cfg(feature = "files")]
pub mod template;

#[cfg(feature = "files")]
pub use directory::Directory;
pub use graph::{Graph, NodeSet};
pub use id::RevisionId;
pub use node::Node;
pub use script::{History, Script, Scripts};
pub use target::{Anchor, Target};
