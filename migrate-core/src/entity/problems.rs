//! Several mistakes at once.

use proc_macro2::Span;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Problems(Option<syn::Error>);

impl Problems {
    /// Notes a mistake at a place.
    pub(super) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Notes mistakes.
    pub(super) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    /// Returns a value, if nothing is wrong.
    pub(super) fn finish<T>(self, value: T) -> syn::Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}
