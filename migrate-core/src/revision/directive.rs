//! `-- migrate:` comments.

use crate::sql::Syntax;
use crate::suggest;

/// What a directive says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// A section begins.
    Section(Marker),
    /// The next statement runs outside the transaction.
    NoTransaction,
    /// The schema effect of the next statement; `none` is an empty text.
    Effect(String),
    /// A rule that does not apply here, with the reason.
    Allow {
        /// The rule.
        rule: &'static str,
        /// Why.
        reason: String,
    },
    /// A former checksum of this section that is accepted.
    Was(String),
}

/// The line that begins a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// What it begins.
    pub kind: SectionKind,
    /// The dialects that it names; empty means all that no other section names.
    pub dialects: Vec<&'static Syntax>,
    /// The reason of an irreversible section.
    pub reason: String,
}

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The way up.
    Upgrade,
    /// The way down.
    Downgrade,
    /// There is no way down.
    Irreversible,
}

impl SectionKind {
    /// Returns whether the section is about the way up.
    pub fn is_upgrade(self) -> bool {
        self == Self::Upgrade
    }

    /// Returns the word of its marker.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Irreversible => "irreversible",
        }
    }
}

/// What is wrong with a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The rule's name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What helps.
    pub help: String,
    /// The part of the comment that is wrong, which is underlined.
    pub part: String,
}

const WORDS: [&str; 7] = ["upgrade", "downgrade", "irreversible", "no-transaction", "effect", "allow", "was"];
const RULES: [&str; 2] = ["dialects-differ", "downgrade-differs"];

/// Reads a line comment; `None` is one that is no directive.
///
/// # Errors
///
/// A comment that looks like a directive and is none.
pub fn parse(comment: &str) -> Option<Result<Directive, Malformed>> {
    let body = comment.strip_prefix("--")?;
    let rest = body.trim_start();
    let after = rest.get(..7).filter(|word| word.eq_ignore_ascii_case("migrate")).map(|_| rest[7..].trim_start())?;
    let after = after.strip_prefix(':')?;
    let exact = comment.strip_prefix("-- migrate:").filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    Some(match exact {
        Some(directive) => read(directive.trim_end()),
        None => Err(inexact(comment, after.trim())),
    })
}

fn inexact(comment: &str, after: &str) -> Malformed {
    let word = after.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default();
    Malformed {
        code: "unknown-directive",
        message: format!("`{}` is no directive", comment.trim_end()),
        help: match suggest::near(word, WORDS).first() {
            Some(near) => format!("did you mean `-- migrate:{near}{}`?", &after[word.len()..]),
            None => "a comment that begins with `migrate:` is a directive; word it in another way".to_owned(),
        },
        part: comment.trim_end().to_owned(),
    }
}

fn read(text: &str) -> Result<Directive, Malformed> {
    let word = text.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default();
    let rest = text[word.len()..].trim();
    match word {
        "upgrade" => section(SectionKind::Upgrade, rest),
        "downgrade" => section(SectionKind::Downgrade, rest),
        "irreversible" => section(SectionKind::Irreversible, rest),
        "no-transaction" if rest.is_empty() => Ok(Directive::NoTransaction),
        "no-transaction" => Err(trailing("no-transaction", rest)),
        "effect" if rest.is_empty() => Err(needs("effect", "the SQL that describes the effect, or `none`")),
        "effect" => Ok(Directive::Effect(if rest == "none" { String::new() } else { rest.to_owned() })),
        "allow" => allow(rest),
        "was" => was(rest),
        _ => Err(Malformed {
            code: "unknown-directive",
            message: format!("`{word}` is no directive"),
            help: suggest::did_you_mean(word, WORDS),
            part: word.to_owned(),
        }),
    }
}

fn section(kind: SectionKind, rest: &str) -> Result<Directive, Malformed> {
    let (names, reason) = match rest.split_once(':') {
        Some((names, reason)) if kind == SectionKind::Irreversible => (names, reason.trim()),
        Some(_) => return Err(trailing(kind.word(), rest)),
        None => (rest, ""),
    };
    let mut dialects = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let Some(syntax) = Syntax::named(name) else {
            let known = Syntax::ALL.iter().map(|syntax| syntax.name);
            return Err(Malformed {
                code: "unknown-dialect",
                message: format!("`{name}` is no dialect"),
                help: match Syntax::meant(name) {
                    Some(meant) => format!("did you mean `{}`?", meant.name),
                    None => suggest::did_you_mean(name, known),
                },
                part: name.to_owned(),
            });
        };
        if !dialects.contains(&syntax) {
            dialects.push(syntax);
        }
    }
    Ok(Directive::Section(Marker { kind, dialects, reason: reason.to_owned() }))
}

fn allow(rest: &str) -> Result<Directive, Malformed> {
    let (rule, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let (rule, reason) = (rule.trim(), reason.trim());
    let Some(rule) = RULES.iter().find(|known| **known == rule) else {
        return Err(Malformed {
            code: "unknown-rule",
            message: format!("`{rule}` is no rule"),
            help: suggest::did_you_mean(rule, RULES),
            part: rule.to_owned(),
        });
    };
    if reason.is_empty() {
        return Err(needs("allow", &format!("a reason: `-- migrate:allow {rule}: why`")));
    }
    Ok(Directive::Allow { rule, reason: reason.to_owned() })
}

fn was(rest: &str) -> Result<Directive, Malformed> {
    let hex = rest.strip_prefix("1:").unwrap_or_default();
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Ok(Directive::Was(rest.to_owned()));
    }
    Err(Malformed {
        code: "bad-checksum",
        message: format!("`{rest}` is no checksum"),
        help: "a checksum is `1:` and 64 hex digits; `migrate-cli upgrade` prints the whole line".to_owned(),
        part: rest.to_owned(),
    })
}

fn needs(word: &str, what: &str) -> Malformed {
    Malformed {
        code: "incomplete-directive",
        message: format!("`migrate:{word}` needs {what}"),
        help: "write it on the same line".to_owned(),
        part: word.to_owned(),
    }
}

fn trailing(word: &str, rest: &str) -> Malformed {
    Malformed {
        code: "unknown-directive",
        message: format!("`{rest}` has no meaning after `migrate:{word}`"),
        help: "leave it out, or write it as a comment of its own".to_owned(),
        part: rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: SectionKind, dialects: &[&str], reason: &str) -> Directive {
        let dialects = dialects.iter().map(|name| Syntax::named(name).unwrap()).collect();
        Directive::Section(Marker { kind, dialects, reason: reason.to_owned() })
    }

    #[test]
    fn directives() {
        let check = |text: &str, expect: Directive| assert_eq!(parse(text), Some(Ok(expect)), "{text}");
        check("-- migrate:upgrade", section(SectionKind::Upgrade, &[], ""));
        check("-- migrate:upgrade sqlite, postgres ", section(SectionKind::Upgrade, &["sqlite", "postgres"], ""));
        check(
            "-- migrate:irreversible: the rows are gone",
            section(SectionKind::Irreversible, &[], "the rows are gone"),
        );
        check("-- migrate:irreversible sqlite: a: b", section(SectionKind::Irreversible, &["sqlite"], "a: b"));
        check("-- migrate:no-transaction", Directive::NoTransaction);
        check("-- migrate:effect none", Directive::Effect(String::new()));
        check("-- migrate:effect CREATE TABLE a (b int)", Directive::Effect("CREATE TABLE a (b int)".into()));
        check("-- migrate:allow dialects-differ: x", Directive::Allow { rule: "dialects-differ", reason: "x".into() });
        assert_eq!(parse("-- the migrate: tool"), None);
        assert_eq!(parse("-- migrates: x"), None);
        assert_eq!(parse("-- migrate later"), None);
    }

    #[test]
    fn mistakes() {
        let check = |text: &str, code: &str, help: &str| {
            let Some(Err(found)) = parse(text) else { panic!("{text}: no error") };
            assert_eq!((found.code, found.help.as_str()), (code, help), "{text}");
        };
        check("-- migrate: upgrade", "unknown-directive", "did you mean `-- migrate:upgrade`?");
        check("--migrate:upgrade sqlite", "unknown-directive", "did you mean `-- migrate:upgrade sqlite`?");
        check("-- Migrate:Downgrade", "unknown-directive", "did you mean `-- migrate:downgrade`?");
        check("-- migrate:upgarde", "unknown-directive", "did you mean `upgrade`?");
        check("-- migrate:upgrade postgresql", "unknown-dialect", "did you mean `postgres`?");
        check("-- migrate:upgrade oracle", "unknown-dialect", "known are postgres, sqlite");
        check("-- migrate:upgrade: x", "unknown-directive", "leave it out, or write it as a comment of its own");
        check("-- migrate:allow dialect-differ: x", "unknown-rule", "did you mean `dialects-differ`?");
        check(
            "-- migrate:was 1:abc",
            "bad-checksum",
            "a checksum is `1:` and 64 hex digits; `migrate-cli upgrade` prints the whole line",
        );
    }
}
