//! What the build script of the package found, and how a derive says it.

use std::path::{Path, PathBuf};

use migrate_core::entity::report::{FILE, Found, Report, Told};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;

/// What is known of a struct or enum.
pub(crate) enum Look {
    /// The build script checked it.
    Told(Checked),
    /// It did not, and somebody should know.
    Warning(String),
    /// Nothing is to be said.
    Nothing,
}

/// An entity with what the build script found.
pub(crate) struct Checked {
    pub(crate) entity: Told,
    /// Whether a mismatch is a warning.
    pub(crate) warn: bool,
}

/// Looks a struct or enum up in the report of the package's build script.
pub(crate) fn look(name: &Ident, attribute: &str) -> Look {
    if in_an_editor() {
        return Look::Nothing;
    }
    let word = name.unraw().to_string();
    let unchecked = || {
        Look::Warning(format!(
            "`{word}` is not checked against the migrations: the package's build.rs does not call \
             `migrate_core::build::check()`; `#[{attribute}(unchecked)]` says that this is meant"
        ))
    };
    let Some(out) = variable("OUT_DIR") else { return unchecked() };
    let Ok(text) = std::fs::read_to_string(Path::new(&out).join(FILE)) else { return unchecked() };
    let Some(report) = Report::read(&text) else { return Look::Nothing };
    // A cargo that a test or a build script starts inherits the outer OUT_DIR.
    if variable("CARGO_MANIFEST_DIR").as_deref() != Some(report.package.as_str()) || !report.checked {
        return Look::Nothing;
    }
    let span = name.span();
    let file = span.local_file().and_then(|file| absolute(&file));
    let line = u32::try_from(span.start().line).unwrap_or(0);
    match report.find(file.as_deref(), &word, line) {
        Found::Told(told) => Look::Told(Checked { entity: told.clone(), warn: report.warn }),
        Found::Outside => Look::Nothing,
        Found::Unseen => Look::Warning(format!(
            "`{word}` was not seen by the check of the package's build.rs, so nothing compares it with the migrations; \
             `#[{attribute}(unchecked)]` says that this is meant"
        )),
    }
}

/// Expansions are kept in an editor, and a mismatch would stay there after its cure.
fn in_an_editor() -> bool {
    let program = std::env::current_exe().unwrap_or_default();
    program.file_stem().is_some_and(|name| name.to_string_lossy().contains("rust-analyzer"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the file itself. The compiler names it from where it runs: the root of the workspace.
fn absolute(file: &Path) -> Option<PathBuf> {
    file.canonicalize().ok()
}

/// Returns an error or a warning at a place.
pub(crate) fn mismatch(span: Span, message: &str, warn: bool) -> TokenStream {
    if warn { warning(span, message) } else { quote_spanned!(span=> ::core::compile_error!(#message);) }
}

/// Returns what makes the compiler warn: the one way that a derive has is the use of something deprecated.
pub(crate) fn warning(span: Span, message: &str) -> TokenStream {
    quote_spanned! {span=>
        const _: () = {
            #[deprecated(note = #message)]
            const ENTITY: () = ();
            ENTITY
        };
    }
}
