//! One statement of a file, folded: its effect, or why there is none.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location};
use crate::fold::{Effect, Folder, Problem};
use crate::revision::section::Statement;
use crate::sql::{Lexer, Positions, Splitter, Syntax};

/// Problems that do not depend on the schema: they are told even where earlier statements are missing from it.
const UNREADABLE: [&str; 3] = ["sql-syntax", "sql-unsupported", "sql-opaque"];

/// What stands before the text of an effect, but for white space.
const DIRECTIVE: &str = "-- migrate:effect";

/// The reading of one file's statements.
pub(super) struct Reading<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    pub(super) positions: &'t Positions<'t>,
    pub(super) syntax: &'static Syntax,
    /// Whether an earlier statement failed, so that the schema lacks what it would have made.
    pub(super) tainted: bool,
    /// What was found, each with whether it is a warning.
    pub(super) found: Vec<(bool, Diagnostic)>,
}

impl Reading<'_> {
    /// Folds a statement, or the effect that its author gave in its place.
    pub(super) fn fold(&mut self, folder: &mut dyn Folder, statement: &Statement) {
        let at = statement.start..statement.end;
        if !statement.effects.is_empty() {
            return self.fold_effects(folder, at, &statement.effects);
        }
        match folder.statement(&self.text[at.clone()]) {
            Ok(Effect::Opaque) => self.problem(
                "opaque",
                at,
                "what this statement does to the schema cannot be read",
                Some(
                    "say it in a line above the statement: `-- migrate:effect ALTER TABLE …` (one for each change), \
                     or `-- migrate:effect none`",
                ),
            ),
            Ok(Effect::Schema | Effect::None | Effect::Data) => {}
            Err(problem) => self.refused(at, &problem),
        }
    }

    fn fold_effects(&mut self, folder: &mut dyn Folder, at: Range<usize>, effects: &[(String, usize)]) {
        // Whether we can read the statement is asked of a copy: it is its author's word that counts.
        if folder.duplicate().statement(&self.text[at.clone()]).is_ok_and(|effect| effect != Effect::Opaque) {
            let message = "this statement can be read; the effect that is given counts instead";
            let warning = Diagnostic::new("effect-unneeded", self.location(at.start), message)
                .help("remove `-- migrate:effect` unless the reading is wrong; `check --database` tells")
                .length(self.length(&at));
            self.found.push((true, warning));
        }
        let nothing = effects.iter().find(|(text, _)| text.is_empty());
        if let Some((_, start)) = nothing.filter(|_| effects.len() > 1) {
            let message = "`none` says that there is no effect, and another line gives one";
            self.problem("effect", self.directive(*start), message, Some("remove one of them"));
            return;
        }
        for (text, start) in effects {
            let line = self.directive(*start);
            let before = self.text[line.start + DIRECTIVE.len()..line.end].find(text.as_str()).unwrap_or(0);
            for part in split(text, self.syntax) {
                let start = line.start + DIRECTIVE.len() + before + part.start;
                self.fold_effect(folder, start..start + part.len());
            }
        }
    }

    fn fold_effect(&mut self, folder: &mut dyn Folder, at: Range<usize>) {
        let none = "write `-- migrate:effect none` where a statement changes no schema";
        match folder.statement(&self.text[at.clone()]) {
            Ok(Effect::Schema) => {}
            Ok(Effect::None | Effect::Data) => self.problem("effect", at, "this changes no schema", Some(none)),
            Ok(Effect::Opaque) => {
                let help = "write the DDL itself: CREATE, ALTER, DROP, COMMENT";
                self.problem("opaque", at, "what this effect does to the schema cannot be read", Some(help));
            }
            Err(problem) => self.refused(at, &problem),
        }
    }

    /// Tells why a statement cannot be folded, unless that may follow from an earlier one.
    fn refused(&mut self, at: Range<usize>, problem: &Problem) {
        let place = at.start + problem.at.start..(at.start + problem.at.end).min(at.end);
        let told = !self.tainted || UNREADABLE.contains(&problem.code);
        self.tainted = true;
        if told {
            self.problem(problem.code, place, &problem.message, problem.help.as_deref());
        }
    }

    fn problem(&mut self, code: &'static str, at: Range<usize>, message: &str, help: Option<&str>) {
        self.tainted = true;
        let mut diagnostic = Diagnostic::new(code, self.location(at.start), message).length(self.length(&at));
        diagnostic.help = help.map(str::to_owned);
        self.found.push((false, diagnostic));
    }

    pub(super) fn location(&self, offset: usize) -> Location {
        let (line, column) = self.positions.at(offset);
        Location::new(self.file, line, column)
    }

    /// Returns how many characters of a range stand on its first line.
    fn length(&self, at: &Range<usize>) -> usize {
        self.text.get(at.clone()).and_then(|text| text.lines().next()).map_or(1, |line| line.trim_end().chars().count())
    }

    /// Returns the bytes of the directive that begins somewhere.
    fn directive(&self, start: usize) -> Range<usize> {
        let line = self.text[start..].lines().next().unwrap_or_default();
        start..start + line.trim_end().len()
    }
}

/// Returns where the statements of an effect are.
fn split(text: &str, syntax: &'static Syntax) -> Vec<Range<usize>> {
    let mut lexer = Lexer::new(text, 0, syntax);
    let mut splitter = Splitter::new(syntax);
    let mut parts = Vec::new();
    let mut open: Option<Range<usize>> = None;
    loop {
        match lexer.next_token() {
            Ok(Some(token)) if !token.is_significant() => {}
            Ok(Some(token)) if splitter.ends(token, text) => parts.extend(open.take()),
            Ok(Some(token)) => open = Some(open.map_or(token.start, |part| part.start)..token.end),
            Ok(None) => break,
            // The folder says what is wrong with the rest.
            Err(_) => {
                open = Some(open.map_or(0, |part| part.start)..text.len());
                break;
            }
        }
    }
    parts.extend(open);
    parts
}
