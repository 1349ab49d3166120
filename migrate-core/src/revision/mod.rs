//! Revision files and their graph: text to header, sections and statements; headers to a graph; words to targets.
//!
//! The command line, the build script and the runtime call this folder. It does not know what a statement does, and
//! reads files only where the feature `files` is on.

pub mod body;
pub mod directive;
mod graph;
pub mod header;
mod id;
mod node;
mod order;
mod resolve;
pub mod section;
mod target;

pub use graph::{Graph, NodeSet};
pub use id::RevisionId;
pub use node::Node;
pub use target::{Anchor, Target};
