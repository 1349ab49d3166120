//! What entities say, as the statements that make it in a database that has none of it.
//!
//! The statements are for the fold, which reads them as it reads a migration: so an entity means what the same words in
//! a migration mean, and what the fold refuses is told where the entity says it. Nothing of this is written into a
//! file: names of constraints are left out where the entity gives none.

mod text;
mod writer;

use std::ops::Range;

pub(super) use text::{complete, is_atom, is_grouped, top_level};
pub(super) use writer::{Where, Words, Writer, declare};

use super::postgres::{names, types};
use crate::schema::logical::{LogicalIndex, LogicalPart, Origin};
use crate::sql::{Syntax, significant};

/// What a dialect makes of a logical schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The statements, each without `;`, in an order in which they run.
    pub statements: Vec<Declaration>,
    /// What the dialect cannot say, and where the entity says it.
    pub refusals: Vec<(Origin, String)>,
}

/// A statement with where its parts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The text.
    pub text: String,
    /// Ranges of it with their origins; an inner one stands behind those around it.
    pub parts: Vec<(Range<usize>, Origin)>,
}

impl Declaration {
    /// Returns where a byte of the text comes from.
    pub fn origin(&self, at: usize) -> Option<Origin> {
        let inner = self.parts.iter().filter(|(range, _)| range.contains(&at)).min_by_key(|(range, _)| range.len());
        inner.or(self.parts.first()).map(|(_, origin)| *origin)
    }
}

/// Returns a name for an index that has none, by PostgreSQL's rule, for a dialect that makes up none itself.
pub(super) fn index_name(
    table: &str,
    index: &LogicalIndex,
    syntax: &'static Syntax,
    taken: impl FnMut(&str) -> bool,
) -> String {
    let element = |part: &LogicalPart| match part {
        LogicalPart::Column(column) => column.clone(),
        LogicalPart::Expression(text) => {
            types::derived_name(&significant(&text.text, syntax)).unwrap_or_else(|| "expr".to_owned())
        }
    };
    let elements: Vec<String> = index.keys.iter().map(|key| element(&key.part)).collect();
    names::index(table, &elements, taken)
}
