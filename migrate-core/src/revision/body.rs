//! The sections of a revision file: which one serves which dialect in which direction.

use super::directive::{self, Directive, Marker, SectionKind};
use super::section::{self, Section, Source};
use crate::diagnostic::Diagnostic;
use crate::sql::{Lexer, Positions, Syntax, Token, TokenKind};

/// What one dialect runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    /// The dialect.
    pub syntax: &'static Syntax,
    /// The way up.
    pub upgrade: Section,
    /// The way down; an irreversible one has no statements.
    pub downgrade: Section,
}

/// The part of a revision file below its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The rules that the author allowed for the whole file, with the reasons.
    pub allows: Vec<(&'static str, String)>,
    /// What each dialect runs, in the order of the configuration.
    pub dialects: Vec<Sections>,
}

/// Reads the sections that follow the header, which ends at byte `from`.
///
/// # Errors
///
/// Everything that is wrong with them.
pub fn parse(text: &str, file: &str, from: usize, dialects: &[&'static Syntax]) -> Result<Body, Vec<Diagnostic>> {
    let positions = Positions::new(text);
    let source = Source { text, file, positions: &positions };
    let mut reader =
        BodyReader { source, dialects, named: named_dialects(text), found: Vec::new(), problems: Vec::new() };
    let mut allows = Vec::new();
    let mut next = reader.preamble(from, &mut allows);
    while let Some((marker, token)) = next {
        next = reader.section(&marker, token);
    }
    reader.finish(allows)
}

/// Which dialects the markers of each direction name, as the lines alone tell; a bare section is read by the others'
/// quoting rules, so this must be known before the text is read properly.
pub(super) fn named_dialects(text: &str) -> Vec<(bool, &'static Syntax)> {
    let mut named = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if !line.starts_with("-- migrate:") {
            continue;
        }
        if let Some(Ok(Directive::Section(marker))) = directive::parse(line) {
            named.extend(marker.dialects.iter().map(|syntax| (marker.kind.is_upgrade(), *syntax)));
        }
    }
    named
}

struct BodyReader<'t> {
    source: Source<'t>,
    dialects: &'t [&'static Syntax],
    named: Vec<(bool, &'static Syntax)>,
    /// The sections that serve a configured dialect.
    found: Vec<(&'static Syntax, Section)>,
    problems: Vec<Diagnostic>,
}

impl BodyReader<'_> {
    /// Reads up to the first marker, where only comments may stand.
    fn preamble(&mut self, from: usize, allows: &mut Vec<(&'static str, String)>) -> Option<(Marker, Token)> {
        let syntax = self.dialects.first().copied().unwrap_or(Syntax::ALL[0]);
        let mut lexer = Lexer::new(self.source.text, from, syntax);
        let mut reported = false;
        while let Ok(Some(token)) = lexer.next_token() {
            if token.is_significant() {
                // Below a marker that could not be read this is the SQL of its section.
                if self.problems.is_empty() && !std::mem::replace(&mut reported, true) {
                    self.problems.push(
                        Diagnostic::new(
                            "sql-before-section",
                            self.source.location(token.start),
                            "SQL stands before the first section",
                        )
                        .help("begin with `-- migrate:upgrade` on a line of its own"),
                    );
                }
                continue;
            }
            if token.kind != TokenKind::LineComment {
                continue;
            }
            match directive::parse(token.text(self.source.text)) {
                None => {}
                Some(Err(problem)) => self.problems.push(self.source.malformed(&problem, token)),
                Some(Ok(Directive::Section(marker))) => return Some((marker, token)),
                Some(Ok(Directive::Allow { rule, reason })) => allows.push((rule, reason)),
                Some(Ok(_)) => self.problems.push(
                    Diagnostic::new(
                        "misplaced-directive",
                        self.source.location(token.start),
                        "this directive belongs in a section",
                    )
                    .help("move it below `-- migrate:upgrade` or `-- migrate:downgrade`"),
                ),
            }
        }
        if let Err(error) = lexer.next_token() {
            self.problems.push(
                Diagnostic::new(
                    "unclosed-quote",
                    self.source.location(error.start),
                    format!("{} is opened here and never closed", error.unclosed),
                )
                .help("close it"),
            );
        }
        None
    }

    fn section(&mut self, marker: &Marker, token: Token) -> Option<(Marker, Token)> {
        let upgrade = marker.kind.is_upgrade();
        let bare = marker.dialects.is_empty();
        let serves: Vec<&'static Syntax> = if bare {
            let named = |syntax: &&'static Syntax| self.named.contains(&(upgrade, *syntax));
            self.dialects.iter().copied().filter(|s| !named(s)).collect()
        } else {
            marker.dialects.clone()
        };
        if serves.is_empty() {
            let message = "this section serves no dialect: the others of its direction name them all";
            self.at_marker("section-twice", token, message, "remove it");
        }
        let readers = if serves.is_empty() { self.dialects.to_vec() } else { serves.clone() };
        let (first, problems) = section::read(self.source, marker, token, readers[0]);
        let mut next = first.end;
        let mut found: Vec<_> = problems.into_iter().map(|problem| (problem, vec![readers[0].name])).collect();
        let (mut differ, mut twice) = (false, Vec::new());
        for syntax in &readers[1..] {
            let (other, more) = section::read(self.source, marker, token, syntax);
            let ranges = |s: &Section| s.statements.iter().map(|s| (s.start, s.end)).collect::<Vec<_>>();
            let is_unread = |problem: &Diagnostic| matches!(problem.code, "unclosed-quote" | "nul");
            let is_read = !found.iter().any(|(p, _)| is_unread(p)) && !more.iter().any(is_unread);
            if is_read && (other.end != first.end || ranges(&other) != ranges(&first)) {
                self.disagreement(&first, &other, readers[0], syntax, token);
                differ = true;
            }
            next = next.min(other.end);
            for problem in more {
                match found.iter_mut().find(|(known, _)| is_same(known, &problem)) {
                    Some((_, names)) => names.push(syntax.name),
                    None => found.push((problem, vec![syntax.name])),
                }
            }
            twice.extend(self.serve(&serves, syntax, other));
        }
        if differ {
            // What only some of them found is about statements that are none to the others.
            found.retain(|(_, names)| names.len() == readers.len());
        }
        for (mut problem, names) in found {
            if problem.code == "unclosed-quote" && readers.len() > 1 {
                problem.help = Some(match names.as_slice() {
                    [one] => format!("close it, or write a section for each dialect: only {one} reads this so"),
                    _ => "close it".to_owned(),
                });
            }
            self.problems.push(problem);
        }
        twice.extend(self.serve(&serves, readers[0], first));
        self.report_twice(&twice, upgrade, token);
        section::marker_at(self.source.text, next, readers[0])
    }

    fn disagreement(&mut self, a: &Section, b: &Section, first: &Syntax, second: &Syntax, token: Token) {
        let differs = a.statements.iter().zip(&b.statements).find(|(a, b)| (a.start, a.end) != (b.start, b.end));
        let offset = differs.map_or(token.start, |(a, _)| a.start);
        self.problems.push(
            Diagnostic::new(
                "dialects-read-differently",
                self.source.location(offset),
                format!("{} and {} do not agree where this statement ends", first.name, second.name),
            )
            .help(format!("write a section for each: `-- migrate:upgrade {}`", first.name)),
        );
    }

    /// Takes a section for a dialect; returns the one that it has already, if it has.
    fn serve(
        &mut self,
        serves: &[&'static Syntax],
        syntax: &'static Syntax,
        section: Section,
    ) -> Option<(&'static Syntax, u32)> {
        if !serves.contains(&syntax) || !self.dialects.contains(&syntax) {
            return None;
        }
        let upgrade = section.marker.kind.is_upgrade();
        let earlier = self.found.iter().find(|(s, other)| *s == syntax && other.marker.kind.is_upgrade() == upgrade);
        if let Some((_, earlier)) = earlier {
            return Some((syntax, self.source.positions.at(earlier.start).0));
        }
        self.found.push((syntax, section));
        None
    }

    fn report_twice(&mut self, twice: &[(&'static Syntax, u32)], upgrade: bool, token: Token) {
        let Some((_, line)) = twice.first() else { return };
        let is_twice = |syntax: &Syntax| twice.iter().any(|(other, _)| *other == syntax);
        let names: Vec<_> = self.dialects.iter().filter(|s| is_twice(s)).map(|s| s.name).collect();
        let message = format!(
            "a second {} section serves {}; the first is on line {line}",
            way(upgrade).word(),
            names.join(" and ")
        );
        self.at_marker("section-twice", token, &message, "name the dialects of each, or join them");
    }

    fn at_marker(&mut self, code: &'static str, token: Token, message: &str, help: &str) {
        let length = token.text(self.source.text).trim_end().chars().count();
        let location = self.source.location(token.start);
        self.problems.push(Diagnostic::new(code, location, message).help(help).length(length));
    }

    fn finish(mut self, allows: Vec<(&'static str, String)>) -> Result<Body, Vec<Diagnostic>> {
        let mut dialects = Vec::new();
        let (mut no_upgrade, mut no_downgrade) = (Vec::new(), Vec::new());
        for syntax in self.dialects {
            match (self.take(syntax, true), self.take(syntax, false)) {
                (Some(upgrade), Some(downgrade)) => dialects.push(Sections { syntax, upgrade, downgrade }),
                (upgrade, downgrade) => {
                    no_upgrade.extend(upgrade.is_none().then_some(syntax.name));
                    no_downgrade.extend(downgrade.is_none().then_some(syntax.name));
                }
            }
        }
        // A section that could not be read properly may have hidden those that are missing.
        if self.problems.is_empty() {
            self.report_missing(&no_upgrade, &no_downgrade);
        }
        if self.problems.is_empty() { Ok(Body { allows, dialects }) } else { Err(self.problems) }
    }

    fn take(&mut self, syntax: &'static Syntax, upgrade: bool) -> Option<Section> {
        let is_it = |(s, section): &(&Syntax, Section)| *s == syntax && section.marker.kind.is_upgrade() == upgrade;
        let at = self.found.iter().position(is_it)?;
        Some(self.found.swap_remove(at).1)
    }

    fn report_missing(&mut self, no_upgrade: &[&str], no_downgrade: &[&str]) {
        let all = self.dialects.len();
        let end = self.source.location(self.source.text.trim_end().len());
        if no_upgrade.len() == all && no_downgrade.len() == all {
            self.problems.push(Diagnostic::new("section-missing", end, "this file has no sections").help(
                "write `-- migrate:upgrade` and `-- migrate:downgrade` on lines of their own, and the SQL below each",
            ));
            return;
        }
        for (upgrade, names) in [(true, no_upgrade), (false, no_downgrade)] {
            if names.is_empty() {
                continue;
            }
            let way = way(upgrade).word();
            let also = if upgrade { "" } else { ", or `-- migrate:irreversible: why` where there is no way back" };
            let dialects = if names.len() == all { String::new() } else { format!(" {}", names.join(", ")) };
            self.problems.push(
                Diagnostic::new(
                    "section-missing",
                    end.clone(),
                    format!("no {way} section serves {}", names.join(" and ")),
                )
                .help(format!(
                    "add `-- migrate:{way}{dialects}`; without SQL it says that there is nothing to do{also}"
                )),
            );
        }
    }
}

fn way(upgrade: bool) -> SectionKind {
    if upgrade { SectionKind::Upgrade } else { SectionKind::Downgrade }
}

/// Returns whether two dialects' readings found the same.
fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    (a.code, &a.location, &a.message) == (b.code, &b.location, &b.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Run;

    fn dialects(names: &[&str]) -> Vec<&'static Syntax> {
        names.iter().map(|name| Syntax::named(name).unwrap()).collect()
    }

    fn check(text: &str, names: &[&str], expect: &[(&str, &[&str], &[&str])]) {
        let body = parse(text, "f.sql", 0, &dialects(names)).unwrap_or_else(|e| panic!("{text}\n{e:#?}"));
        let statements = |s: &Section| s.statements.iter().map(|s| text[s.start..s.end].to_owned()).collect::<Vec<_>>();
        let found: Vec<_> =
            body.dialects.iter().map(|d| (d.syntax.name, statements(&d.upgrade), statements(&d.downgrade))).collect();
        let expect: Vec<_> = expect
            .iter()
            .map(|(name, up, down)| {
                let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
                (*name, own(up), own(down))
            })
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    fn fails(text: &str, names: &[&str], expect: &[&str]) {
        let problems = parse(text, "f.sql", 0, &dialects(names)).expect_err(text);
        let found: Vec<_> = problems.iter().map(|p| format!("{} {p}", p.code)).collect();
        assert_eq!(found.len(), expect.len(), "{text}\n{found:#?}");
        for (found, expect) in found.iter().zip(expect) {
            assert!(found.starts_with(expect), "{text}\n found  {found}\n expect {expect}");
        }
    }

    #[test]
    fn sections_serve_dialects() {
        check(
            "\n-- migrate:upgrade\na;\nb -- c\n;\n-- migrate:downgrade\n",
            &["postgres"],
            &[("postgres", &["a", "b -- c"], &[])],
        );
        check(
            "-- migrate:upgrade\na;\n-- migrate:upgrade sqlite\nb;c\n-- migrate:downgrade postgres,sqlite\nd",
            &["sqlite", "postgres"],
            &[("sqlite", &["b", "c"], &["d"]), ("postgres", &["a"], &["d"])],
        );
        check(
            "-- migrate:upgrade sqlite\n[a;]\n-- migrate:upgrade\n$$;$$\n-- migrate:downgrade",
            &["postgres"],
            &[("postgres", &["$$;$$"], &[])],
        );
        check(
            "-- migrate:upgrade\ncreate trigger t begin select 1;\n-- migrate:irreversible: gone\n",
            &["sqlite"],
            &[("sqlite", &["create trigger t begin select 1;"], &[])],
        );
        check(
            "-- migrate:upgrade\n/* -- migrate:downgrade */ a '\n-- migrate:downgrade\n' ;\n-- migrate:downgrade\n",
            &["postgres", "sqlite"],
            &[("postgres", &["a '\n-- migrate:downgrade\n'"], &[]), ("sqlite", &["a '\n-- migrate:downgrade\n'"], &[])],
        );
    }

    #[test]
    fn directives_go_to_the_next_statement() {
        let text = "-- migrate:allow dialects-differ: why\n-- migrate:upgrade\na;\n-- migrate:no-transaction\n-- migrate:effect none\nb;\n-- migrate:downgrade\n";
        let body = parse(text, "f.sql", 0, &dialects(&["postgres"])).unwrap();
        assert_eq!(body.allows, [("dialects-differ", "why".to_owned())]);
        let statements = &body.dialects[0].upgrade.statements;
        assert_eq!((statements[0].run, statements[1].run), (Run::Transaction, Run::Outside));
        assert_eq!(statements[1].effects.len(), 1);
    }

    #[test]
    fn mistakes() {
        let pg = &["postgres"] as &[_];
        let both = &["sqlite", "postgres"] as &[_];
        fails("a;", pg, &["sql-before-section f.sql:1:1"]);
        fails("", both, &["section-missing f.sql:1:1: this file has no sections"]);
        fails(
            "-- migrate:upgrade",
            both,
            &["section-missing f.sql:1:19: no downgrade section serves sqlite and postgres"],
        );
        fails("-- migrate:upgrade\na", pg, &["section-missing f.sql:2:2: no downgrade section serves postgres"]);
        fails(
            "-- migrate:upgrade\n-- migrate:downgrade\n-- migrate:upgrade\n",
            pg,
            &["section-twice f.sql:3:1: a second upgrade section serves postgres; the first is on line 1"],
        );
        fails(
            "-- migrate:upgrade sqlite\n-- migrate:upgrade postgres\n-- migrate:upgrade\n-- migrate:downgrade",
            both,
            &["section-twice f.sql:3:1: this section serves no dialect"],
        );
        fails(
            "-- migrate:upgrade\nä 'b\n-- migrate:downgrade\n",
            pg,
            &[
                "unclosed-quote f.sql:2:3: a string is opened here and never closed; it swallows `-- migrate:downgrade` of line 3",
            ],
        );
        fails("-- migrate:upgrade\n;;a; -- migrate:downgrade\n", pg, &["misplaced-directive f.sql:2:6"]);
        fails(
            "-- migrate:upgrade\na\n-- migrate:no-transaction\n;\n-- migrate:downgrade",
            pg,
            &["misplaced-directive f.sql:3:1"],
        );
        fails(
            "-- migrate:upgrade\n-- migrate:no-transaction\n-- migrate:downgrade",
            pg,
            &["misplaced-directive f.sql:2:1: no statement follows"],
        );
        fails("-- migrate:upgrade\nbegin;\n-- migrate:downgrade", pg, &["transaction-control f.sql:2:1"]);
        fails(
            "-- migrate:upgrade\nvalues ($$;$$)\n-- migrate:downgrade",
            both,
            &["dialects-read-differently f.sql:2:1: sqlite and postgres do not agree"],
        );
        fails(
            "-- migrate:upgrade\na;pragma foreign_keys=on;b;\n-- migrate:downgrade",
            &["sqlite"],
            &["pragma-in-transaction f.sql:2:3"],
        );
        fails("-- migrate:upgrade\nset local a=1; vacuum;\n-- migrate:downgrade", pg, &["local-setting f.sql:2:1"]);
        fails("-- migrate:upgrade\n-- migrate:irreversible\na;", pg, &["irreversible-with-sql f.sql:3:1"]);
        fails(
            "-- migrate:upgrade\n-- migrate:upgrade oracle\n-- migrate:downgrade",
            pg,
            &["unknown-dialect f.sql:2:20: `oracle` is no dialect; known are postgres, sqlite"],
        );
    }
}
