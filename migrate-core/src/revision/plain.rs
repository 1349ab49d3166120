//! Files of SQL that are no revisions: the DDL of what others own, a schema to compare with.

use super::body::named_dialects;
use super::directive::{Marker, SectionKind};
use super::section::{self, Source, Statement};
use crate::diagnostic::Diagnostic;
use crate::sql::{Positions, Syntax, Token, TokenKind};

/// Reads the statements that a file without header has for one dialect.
///
/// What stands before the first `-- migrate:upgrade` is for every dialect; a file needs none. Below them they are as in
/// a revision: each serves the dialects that it names, a bare one those that none names.
///
/// # Errors
///
/// Everything that is wrong with it.
///
/// ```
/// use migrate_core::revision::plain;
/// use migrate_core::sql::Syntax;
///
/// let text = "CREATE TABLE a (b int);\n-- migrate:upgrade sqlite\nCREATE TABLE c (d int);\n";
/// let count = |name: &str| plain::statements(text, "x.sql", Syntax::named(name).unwrap()).unwrap().len();
/// assert_eq!((count("postgres"), count("sqlite")), (1, 2));
/// ```
pub fn statements(text: &str, file: &str, syntax: &'static Syntax) -> Result<Vec<Statement>, Vec<Diagnostic>> {
    let positions = Positions::new(text);
    let source = Source { text, file, positions: &positions };
    let named = named_dialects(text);
    let (mut statements, mut problems) = (Vec::new(), Vec::new());
    let everybody = Marker { kind: SectionKind::Upgrade, dialects: vec![syntax], reason: String::new() };
    let mut next = Some((everybody, Token { kind: TokenKind::Space, start: 0, end: 0 }));
    while let Some((marker, token)) = next {
        let unnamed = |syntax: &&&'static Syntax| !named.iter().any(|(_, other)| other == *syntax);
        let serves = match marker.dialects.as_slice() {
            [] => unnamed(&&syntax),
            dialects => dialects.contains(&syntax),
        };
        if !marker.kind.is_upgrade() {
            let message = "this file is folded and never run: it has no way back";
            let problem = Diagnostic::new("misplaced-directive", source.location(token.start), message);
            problems.push(problem.help("remove the section").length(token.text(text).trim_end().chars().count()));
        }
        // A section for others is read by their quoting rules, to find where it ends.
        let others = marker.dialects.first().or_else(|| Syntax::ALL.iter().find(unnamed));
        let reader = if serves { syntax } else { others.copied().unwrap_or(syntax) };
        let (section, more) = section::read(source, &marker, token, reader);
        problems.extend(more);
        if serves {
            statements.extend(section.statements);
        }
        next = section::marker_at(text, section.end, reader);
    }
    if problems.is_empty() { Ok(statements) } else { Err(problems) }
}
