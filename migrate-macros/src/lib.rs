//! The derive macros of migrate. Reserved: entities are not part of this version.
