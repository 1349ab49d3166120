//! What the model keeps as text, read into its parts: triggers, policies, arguments of routines, index keys.
//!
//! A migration's text and a server's print differ in words that mean nothing (`FOR EACH STATEMENT`, `EXECUTE
//! PROCEDURE`); their parts can be compared and written again. Who gets `None` has a text that is not understood.

mod policy;
mod signature;
mod trigger;
mod words;

pub(super) use policy::Policy;
pub(super) use signature::{Argument, Mode, arguments};
pub(super) use trigger::Trigger;
pub(super) use words::{Words, extension_schema, names};
