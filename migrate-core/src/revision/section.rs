//! One section of a revision file: its statements and the directives before them.

use super::checksum::Checksum;
use super::directive::{self, Directive, Malformed, Marker, SectionKind};
use crate::diagnostic::{Diagnostic, Location};
use crate::sql::{LexError, Lexer, Positions, Run, Splitter, Syntax, Token, TokenKind, leading, significant};

/// A statement of a section, as byte ranges of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The first byte.
    pub start: usize,
    /// The byte after the last, without the `;`.
    pub end: usize,
    /// How it runs.
    pub run: Run,
    /// The effects that its author gave, each with where its directive begins; `none` is an empty text.
    pub effects: Vec<(String, usize)>,
    /// The rules that its author allowed, with the reasons.
    pub allows: Vec<(&'static str, String)>,
}

/// A section as one dialect reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its marker.
    pub marker: Marker,
    /// Where the marker begins.
    pub start: usize,
    /// Where the next marker begins, or the text ends.
    pub end: usize,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// The checksum of the statements.
    pub checksum: String,
    /// Former checksums that are accepted.
    pub was: Vec<String>,
}

/// The text that is read, for the diagnostics.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) file: &'t str,
    pub(super) positions: &'t Positions<'t>,
}

impl Source<'_> {
    pub(super) fn location(&self, offset: usize) -> Location {
        let (line, column) = self.positions.at(offset);
        Location::new(self.file, line, column)
    }

    pub(super) fn malformed(&self, problem: &Malformed, token: Token) -> Diagnostic {
        let within = token.text(self.text).rfind(&problem.part).filter(|_| !problem.part.is_empty()).unwrap_or(0);
        Diagnostic::new(problem.code, self.location(token.start + within), problem.message.clone())
            .help(problem.help.clone())
            .length(problem.part.chars().count())
    }

    /// Returns whether only white space stands before a token on its line.
    pub(super) fn is_alone(&self, token: Token) -> bool {
        let line = self.text[..token.start].rfind('\n').map_or(0, |at| at + 1);
        self.text[line..token.start].trim().is_empty()
    }
}

/// Reads the section whose marker ends at `from`, by the rules of one dialect.
///
/// A marker ends the section wherever it stands outside quotes and comments, so a statement that was left open
/// cannot swallow the next section.
pub(super) fn read(
    source: Source<'_>,
    marker: &Marker,
    marker_token: Token,
    syntax: &'static Syntax,
) -> (Section, Vec<Diagnostic>) {
    let mut reader = Reader {
        source,
        syntax,
        splitter: Splitter::new(syntax),
        section: Section {
            marker: marker.clone(),
            start: marker_token.start,
            end: source.text.len(),
            statements: Vec::new(),
            checksum: String::new(),
            was: Vec::new(),
        },
        checksum: Checksum::new(),
        pending: Pending::default(),
        open: None,
        problems: Vec::new(),
    };
    let mut lexer = Lexer::new(source.text, marker_token.end, syntax);
    loop {
        match lexer.next_token() {
            Ok(None) => break,
            Ok(Some(token)) => {
                if !reader.token(token) {
                    break;
                }
            }
            Err(error) => {
                reader.unclosed(error);
                reader.open = None;
                break;
            }
        }
    }
    reader.finish()
}

/// Returns the marker at which a section was found to end; `None` at the end of the text.
pub(super) fn marker_at(text: &str, offset: usize, syntax: &'static Syntax) -> Option<(Marker, Token)> {
    let token = Lexer::new(text, offset, syntax).next_token().ok()??;
    match directive::parse(token.text(text)) {
        Some(Ok(Directive::Section(marker))) => Some((marker, token)),
        _ => None,
    }
}

/// Directives that wait for their statement.
#[derive(Default)]
struct Pending {
    no_transaction: bool,
    effects: Vec<(String, usize)>,
    allows: Vec<(&'static str, String)>,
    /// Where the first of them stands.
    first: Option<Token>,
}

struct Reader<'t> {
    source: Source<'t>,
    syntax: &'static Syntax,
    splitter: Splitter,
    section: Section,
    /// Takes each token as it is read: a file of rows is long, and is tokenised once.
    checksum: Checksum,
    pending: Pending,
    /// The statement that is being read: its first byte, and the end of its last significant token.
    open: Option<(usize, usize)>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Takes a token; `false` when it begins the next section.
    fn token(&mut self, token: Token) -> bool {
        if self.open.is_some() && !token.is_significant() {
            self.checksum.token(token, self.source.text);
        }
        match token.kind {
            TokenKind::LineComment => return self.comment(token),
            TokenKind::Space | TokenKind::BlockComment => {}
            _ => {
                let ends = self.splitter.ends(token, self.source.text);
                if ends {
                    if let Some((start, _)) = self.open.take() {
                        self.statement(start, token.start);
                    }
                } else {
                    if self.open.is_none() {
                        self.checksum.begin();
                    }
                    self.checksum.token(token, self.source.text);
                    let start = self.open.map_or(token.start, |(start, _)| start);
                    self.open = Some((start, token.end));
                }
            }
        }
        true
    }

    fn comment(&mut self, token: Token) -> bool {
        let directive = match directive::parse(token.text(self.source.text)) {
            None => return true,
            Some(Err(problem)) => {
                let problem = self.source.malformed(&problem, token);
                self.problems.push(problem);
                return true;
            }
            Some(Ok(directive)) => directive,
        };
        if let Directive::Section(marker) = directive {
            if !self.source.is_alone(token) {
                self.not_alone(token, marker.kind);
            }
            self.section.end = token.start;
            return false;
        }
        if let Directive::Was(checksum) = directive {
            self.section.was.push(checksum);
            return true;
        }
        if self.open.is_some() {
            self.problem(
                "misplaced-directive",
                token,
                "a directive stands before the statement that it is for, not inside one",
                "move it above the statement's first line",
            );
            return true;
        }
        self.pending.first.get_or_insert(token);
        match directive {
            Directive::NoTransaction => self.pending.no_transaction = true,
            Directive::Effect(text) => self.pending.effects.push((text, token.start)),
            Directive::Allow { rule, reason } => self.pending.allows.push((rule, reason)),
            Directive::Section(_) | Directive::Was(_) => {}
        }
        true
    }

    fn not_alone(&mut self, token: Token, kind: SectionKind) {
        self.problem(
            "misplaced-directive",
            token,
            &format!("`-- migrate:{}` stands alone on its line", kind.word()),
            "begin a new line before it",
        );
    }

    fn problem(&mut self, code: &'static str, token: Token, message: &str, help: &str) {
        let length = token.text(self.source.text).chars().count();
        let location = self.source.location(token.start);
        self.problems.push(Diagnostic::new(code, location, message).help(help).length(length));
    }

    fn statement(&mut self, start: usize, end: usize) {
        let text = self.source.text[start..end].trim_end_matches([' ', '\t', '\r', '\n']);
        let end = start + text.len();
        let words = leading(text, self.syntax);
        let pending = std::mem::take(&mut self.pending);
        let run = match self.syntax.run(&words) {
            Ok(Run::Transaction | Run::Around) if pending.no_transaction => Run::Outside,
            Ok(run) => run,
            Err(unrunnable) if unrunnable.outside_answers && pending.no_transaction => Run::Outside,
            Err(unrunnable) => {
                let length = words.first().map_or(1, |word| word.text.chars().count());
                self.problems.push(
                    Diagnostic::new(unrunnable.code, self.source.location(start), unrunnable.message)
                        .help(unrunnable.help)
                        .length(length),
                );
                Run::Transaction
            }
        };
        if self.section.marker.kind == SectionKind::Irreversible {
            self.problems.push(
                Diagnostic::new(
                    "irreversible-with-sql",
                    self.source.location(start),
                    "an irreversible section has no statements",
                )
                .help("say `-- migrate:downgrade` if there is a way back"),
            );
        }
        let (effects, allows) = (pending.effects, pending.allows);
        self.section.statements.push(Statement { start, end, run, effects, allows });
    }

    fn unclosed(&mut self, error: LexError) {
        let location = self.source.location(error.start);
        if error.unclosed.is_empty() {
            self.problems.push(
                Diagnostic::new("nul", location, "the SQL has a NUL character, at which the databases stop reading")
                    .help("remove it"),
            );
            return;
        }
        let swallowed = self.swallowed(error.start);
        let mut message = format!("{} is opened here and never closed", error.unclosed);
        if let Some((marker, line)) = swallowed {
            message.push_str(&format!("; it swallows `{marker}` of line {line}"));
        }
        self.problems.push(
            Diagnostic::new("unclosed-quote", location, message)
                .help(format!("close it; {} quotes are read here", self.syntax.name)),
        );
    }

    /// Returns the first section marker after an offset, as text alone sees it.
    fn swallowed(&self, from: usize) -> Option<(String, u32)> {
        let mut offset = from;
        for raw in self.source.text[from..].split_inclusive('\n') {
            let line = raw.trim();
            if let Some(Ok(Directive::Section(_))) = directive::parse(line) {
                return Some((line.to_owned(), self.source.positions.at(offset).0));
            }
            offset += raw.len();
        }
        None
    }

    fn finish(mut self) -> (Section, Vec<Diagnostic>) {
        if let Some((start, end)) = self.open.take() {
            self.statement(start, end);
        }
        if let Some(token) = self.pending.first {
            self.problem(
                "misplaced-directive",
                token,
                "no statement follows this directive",
                "put it before the statement that it is for",
            );
        }
        self.check_around();
        self.check_local_settings();
        self.section.checksum = self.checksum.text();
        (self.section, self.problems)
    }

    /// A pragma that a transaction ignores is run around it, so it may stand only where that changes nothing.
    fn check_around(&mut self) {
        let around = |statement: &Statement| statement.run == Run::Around;
        let Some(first) = self.section.statements.iter().position(|s| !around(s)) else { return };
        let last = self.section.statements.iter().rposition(|s| !around(s)).unwrap_or(first);
        for statement in self.section.statements[first..=last].iter().filter(|s| around(s)) {
            self.problems.push(
                Diagnostic::new(
                    "pragma-in-transaction",
                    self.source.location(statement.start),
                    "SQLite ignores this pragma inside a transaction",
                )
                .help("put it at the beginning or at the end of the section, where it is run outside the transaction")
                .length(self.source.text[statement.start..statement.end].chars().count()),
            );
        }
    }

    /// `SET LOCAL` ends with its transaction, and a revision with a statement outside has several.
    fn check_local_settings(&mut self) {
        if !self.section.statements.iter().any(|statement| statement.run == Run::Outside) {
            return;
        }
        for statement in self.section.statements.iter().filter(|s| s.run == Run::Setting) {
            let words = significant(&self.source.text[statement.start..statement.end], self.syntax);
            if words.get(1).is_some_and(|word| word.is("LOCAL")) {
                self.problems.push(
                    Diagnostic::new(
                        "local-setting",
                        self.source.location(statement.start),
                        "SET LOCAL ends with its transaction, and this section is more than one",
                    )
                    .help("write SET: what a revision sets is put back at its end"),
                );
            }
        }
    }
}
