//! Names that several parts of the app share.

/// The schema of the app's tables.
pub const DPO_SCHEMA: &str = "dpo";
