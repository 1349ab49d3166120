//! Applies plans.
#[cfg(feature = "postgres")]
pub mod postgres;
