//! The keys of migrate.toml.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Belonging, Config, SECTION, Stale, Tables};
use crate::diagnostic::{Diagnostic, Location};
use crate::runtime::{Settings, TransactionMode};
use crate::sql::{Positions, Syntax};
use crate::suggest;

const KEYS: [&str; 19] = [
    "url",
    "dialects",
    "version_locations",
    "entities",
    "external",
    "tables",
    "file_template",
    "truncate_slug_length",
    "timezone",
    "version_table",
    "version_table_schema",
    "search_path",
    "transaction",
    "lock_wait",
    "lock_timeout",
    "stale",
    "autogenerate",
    "post_write_hooks",
    "sqlite_version",
];
const AUTOGENERATE_KEYS: [&str; 3] = ["include_schemas", "include", "exclude"];
const TEMPLATE_WORDS: [&str; 9] = ["rev", "slug", "year", "month", "day", "hour", "minute", "second", "epoch"];

/// Reads a section.
pub(super) fn config(file: &Path, shown: &str, text: &str, section: &str) -> Result<Config, Vec<Diagnostic>> {
    let positions = Positions::new(text);
    let mut reader = Reader { shown, positions: &positions, problems: Vec::new() };
    let document = match DeTable::parse(text) {
        Ok(document) => document.into_inner(),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            return Err(vec![reader.diagnostic("toml", span, error.message().to_owned())]);
        }
    };
    let Some(table) = reader.section(&document, section) else { return Err(reader.problems) };
    let config = reader.read(file, section, table);
    if reader.problems.is_empty() { Ok(config) } else { Err(reader.problems) }
}

type Table<'t> = DeTable<'t>;
type Value<'t> = Spanned<DeValue<'t>>;

struct Reader<'t> {
    shown: &'t str,
    positions: &'t Positions<'t>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn location(&self, offset: usize) -> Location {
        let (line, column) = self.positions.at(offset);
        Location::new(self.shown, line, column)
    }

    fn diagnostic(&self, code: &'static str, span: Range<usize>, message: String) -> Diagnostic {
        Diagnostic::new(code, self.location(span.start), message).length(span.len())
    }

    fn problem(&mut self, span: Range<usize>, message: String, help: String) {
        let problem = self.diagnostic("config", span, message).help(help);
        self.problems.push(problem);
    }

    fn section<'d, 't>(&mut self, document: &'d Table<'t>, section: &str) -> Option<&'d Table<'t>> {
        let tables =
            || document.iter().filter(|(_, value)| value.get_ref().is_table()).map(|(key, _)| key.get_ref().as_ref());
        for (key, value) in document {
            if !value.get_ref().is_table() {
                let message = format!("`{}` stands outside a section", key.get_ref());
                self.problem(key.span(), message, format!("put it below [{SECTION}]"));
            }
        }
        let found = document.get(section).and_then(|value| value.get_ref().as_table());
        if found.is_none() {
            let help = match tables().next() {
                None if section == SECTION => format!("begin it with [{SECTION}]"),
                _ => suggest::did_you_mean(section, tables()),
            };
            let near = suggest::near(section, tables()).first().and_then(|near| document.get_key_value(*near));
            let span = near.map_or(0..0, |(key, _)| key.span());
            self.problem(span, format!("there is no section [{section}]"), help);
        }
        found
    }

    fn read(&mut self, file: &Path, section: &str, table: &Table<'_>) -> Config {
        self.unknown_keys(table, &KEYS);
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let path = |text: String| folder.join(text);
        let locations = self.locations(table);
        let entities = self.strings(table, "entities").map(|list| list.into_iter().map(path).collect());
        let belonging = self.belonging(table);
        let stale = self.word(table, "stale", &["deny", "warn", "allow"]);
        let stale = stale.and_then(|word| Stale::named(&word)).unwrap_or_default();
        let tables = match self.word(table, "tables", &["all", "mapped"]).as_deref() {
            Some("mapped") => Tables::Mapped,
            _ => Tables::All,
        };
        Config {
            file: file.to_owned(),
            section: section.to_owned(),
            url: self.text(table, "url"),
            url_at: self.location(span(table, "url").start),
            dialects: self.dialects(table),
            version_locations: locations.into_iter().map(path).collect::<Vec<PathBuf>>(),
            entities,
            stale,
            external: self.text(table, "external").map(path),
            external_at: self.location(span(table, "external").start),
            tables,
            belonging,
            file_template: self.template(table),
            truncate_slug_length: self.slug_length(table),
            timezone: self.text(table, "timezone").unwrap_or_else(|| "UTC".to_owned()),
            timezone_at: self.location(span(table, "timezone").start),
            settings: self.settings(table),
        }
    }

    fn settings(&mut self, table: &Table<'_>) -> Settings {
        let default = Settings::DEFAULT;
        let schema = self.text(table, "version_table_schema").filter(|schema| !schema.is_empty());
        let search_path = self.strings(table, "search_path");
        let transaction = self.word(table, "transaction", &["per-revision", "per-run"]);
        Settings {
            version_table: self.text(table, "version_table").map_or(default.version_table, Cow::Owned),
            version_table_schema: schema.map(Cow::Owned),
            search_path: search_path.map_or(default.search_path, |list| list.into_iter().map(Cow::Owned).collect()),
            transaction: match transaction.as_deref() {
                Some("per-run") => TransactionMode::PerRun,
                _ => TransactionMode::PerRevision,
            },
            lock_wait: self.duration(table, "lock_wait").unwrap_or(default.lock_wait),
            lock_timeout: self.duration(table, "lock_timeout").unwrap_or(default.lock_timeout),
        }
    }

    fn belonging(&mut self, table: &Table<'_>) -> Belonging {
        let Some(value) = table.get("autogenerate") else { return Belonging::default() };
        let Some(inner) = value.get_ref().as_table() else {
            let help = format!("write [{SECTION}.autogenerate]");
            self.problem(value.span(), "`autogenerate` is a section".into(), help);
            return Belonging::default();
        };
        self.unknown_keys(inner, &AUTOGENERATE_KEYS);
        let mut read = |key: &str| self.strings(inner, key).unwrap_or_default();
        Belonging { include_schemas: read("include_schemas"), include: read("include"), exclude: read("exclude") }
    }

    fn unknown_keys(&mut self, table: &Table<'_>, known: &[&str]) {
        for key in table.keys() {
            let name: &DeString<'_> = key.get_ref();
            if !known.contains(&name.as_ref()) {
                let help = suggest::did_you_mean(name, known.iter().copied());
                self.problem(key.span(), format!("`{name}` is no key of this section"), help);
            }
        }
    }

    fn text(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(value.span(), format!("`{key}` is a text"), "put it in quotes".into());
        }
        text
    }

    fn strings(&mut self, table: &Table<'_>, key: &str) -> Option<Vec<String>> {
        let value = table.get(key)?;
        let list = value.get_ref().as_array();
        let texts: Option<Vec<String>> = list
            .and_then(|list| list.iter().map(|item: &Value<'_>| item.get_ref().as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.problem(value.span(), format!("`{key}` is a list of texts"), format!("write {key} = [\"…\"]"));
        }
        texts
    }

    fn word(&mut self, table: &Table<'_>, key: &str, known: &[&str]) -> Option<String> {
        let text = self.text(table, key)?;
        if known.contains(&text.as_str()) {
            return Some(text);
        }
        let help = suggest::did_you_mean(&text, known.iter().copied());
        self.problem(span(table, key), format!("`{key}` cannot be \"{text}\""), help);
        None
    }

    fn duration(&mut self, table: &Table<'_>, key: &str) -> Option<Duration> {
        let text = self.text(table, key)?;
        let duration = parse_duration(&text);
        if duration.is_none() {
            let message = format!("`{key}` cannot be \"{text}\"");
            self.problem(span(table, key), message, "a time is a number and ms, s, m or h, as in \"5s\"".into());
        }
        duration
    }

    fn dialects(&mut self, table: &Table<'_>) -> Vec<&'static Syntax> {
        let Some(names) = self.strings(table, "dialects") else {
            let missing = table.get("dialects").is_none();
            if missing {
                let help = "say which databases the revisions serve, as in dialects = [\"postgres\"]";
                self.problem(0..0, "`dialects` is missing".into(), help.into());
            }
            return Vec::new();
        };
        let mut dialects = Vec::new();
        for name in &names {
            match Syntax::named(name) {
                Some(syntax) if dialects.contains(&syntax) => {}
                Some(syntax) => dialects.push(syntax),
                None => {
                    let known = Syntax::ALL.iter().map(|syntax| syntax.name);
                    let help = Syntax::meant(name).map_or_else(
                        || suggest::did_you_mean(name, known),
                        |meant| format!("did you mean `{}`?", meant.name),
                    );
                    self.problem(span(table, "dialects"), format!("`{name}` is no dialect"), help);
                }
            }
        }
        if names.is_empty() {
            self.problem(span(table, "dialects"), "`dialects` is empty".into(), "name at least one".into());
        }
        dialects
    }

    fn locations(&mut self, table: &Table<'_>) -> Vec<String> {
        let Some(locations) = self.strings(table, "version_locations") else { return vec!["migrations".to_owned()] };
        let at = span(table, "version_locations");
        if locations.is_empty() {
            self.problem(at.clone(), "`version_locations` is empty".into(), "name at least one folder".into());
        }
        let parts = |text: &str| Path::new(text).components().filter(|c| *c != Component::CurDir).collect::<PathBuf>();
        for (n, text) in locations.iter().enumerate() {
            if locations[..n].iter().any(|earlier| parts(earlier) == parts(text)) {
                self.problem(
                    at.clone(),
                    format!("`version_locations` names {text} twice"),
                    "remove one of them".into(),
                );
            }
        }
        locations
    }

    fn template(&mut self, table: &Table<'_>) -> String {
        let template = self.text(table, "file_template").unwrap_or_else(|| "{rev}_{slug}".to_owned());
        let mut rest = template.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let Some((word, after)) = after.split_once('}') else { break };
            if !TEMPLATE_WORDS.contains(&word) {
                let help = suggest::did_you_mean(word, TEMPLATE_WORDS);
                self.problem(span(table, "file_template"), format!("`{{{word}}}` is no part of a file name"), help);
            }
            rest = after;
        }
        if !template.contains("{rev}") && !template.contains("{epoch}") && table.get("file_template").is_some() {
            let help = "names made from the slug alone collide";
            self.problem(span(table, "file_template"), "`file_template` needs {rev} or {epoch}".into(), help.into());
        }
        template
    }

    fn slug_length(&mut self, table: &Table<'_>) -> usize {
        let Some(value) = table.get("truncate_slug_length") else { return 40 };
        let number = value.get_ref().as_integer().and_then(|n| usize::from_str_radix(n.as_str(), n.radix()).ok());
        number.filter(|n| (1..=200).contains(n)).unwrap_or_else(|| {
            self.problem(value.span(), "`truncate_slug_length` is a number from 1 to 200".into(), "40 is usual".into());
            40
        })
    }
}

fn span(table: &Table<'_>, key: &str) -> Range<usize> {
    table.get(key).map_or(0..0, Spanned::span)
}

/// Reads a time: `500ms`, `5s`, `10m`, `1h` or `0`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    match text[digits..].trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        "h" => Some(Duration::from_secs(number.checked_mul(3600)?)),
        "" if number == 0 => Some(Duration::ZERO),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, Vec<Diagnostic>> {
        config(Path::new("db/migrate.toml"), "db/migrate.toml", text, "migrate")
    }

    #[test]
    fn a_whole_file() {
        let config = read("[migrate]\nurl = \"sqlite:///a.db\"\ndialects = [\"sqlite\", \"postgres\"]\nsearch_path = [\"a\", \"b\"]\nlock_wait = \"2m\"\nlock_timeout = \"0\"\ntransaction = \"per-run\"\n[migrate.autogenerate]\ninclude = [\"dpo.*\"]\n").unwrap();
        assert_eq!(config.version_locations, [PathBuf::from("db/migrations")]);
        assert_eq!(config.settings.search_path.join(","), "a,b");
        assert_eq!(config.settings.lock_wait, Duration::from_secs(120));
        assert_eq!(config.settings.lock_timeout, Duration::ZERO);
        assert_eq!(config.settings.transaction, TransactionMode::PerRun);
        assert_eq!(config.folder(), Path::new("db"));
        assert_eq!((config.belonging.include.join(","), config.tables), ("dpo.*".to_owned(), Tables::All));
    }

    #[test]
    fn mistakes() {
        let check = |text: &str, expect: &str| {
            let found: Vec<_> = read(text).expect_err(text).iter().map(ToString::to_string).collect();
            assert_eq!(found, [format!("db/migrate.toml:{expect}")], "{text}");
        };
        let head = "[migrate]\ndialects = [\"sqlite\"]\n";
        check(&format!("{head}ulr = \"x\""), "3:1: `ulr` is no key of this section; did you mean `url`?");
        check(&format!("{head}url = 1"), "3:7: `url` is a text; put it in quotes");
        check(
            &format!("{head}lock_wait = \"5 years\""),
            "3:13: `lock_wait` cannot be \"5 years\"; a time is a number and ms, s, m or h, as in \"5s\"",
        );
        check(
            &format!("{head}transaction = \"per-rum\""),
            "3:15: `transaction` cannot be \"per-rum\"; did you mean `per-run`?",
        );
        check(
            &format!("{head}file_template = \"{{rev}}_{{slgu}}\""),
            "3:17: `{slgu}` is no part of a file name; did you mean `slug`?",
        );
        check("[migrate]\ndialects = [\"postgresql\"]", "2:12: `postgresql` is no dialect; did you mean `postgres`?");
        check("[migrat]\ndialects = []", "1:2: there is no section [migrate]; did you mean `migrat`?");
        check(
            "[migrate]\n",
            "1:1: `dialects` is missing; say which databases the revisions serve, as in dialects = [\"postgres\"]",
        );
        check("x = 1\n[migrate]\ndialects = [\"sqlite\"]", "1:1: `x` stands outside a section; put it below [migrate]");
        check(
            &format!("{head}version_locations = \"m\""),
            "3:21: `version_locations` is a list of texts; write version_locations = [\"…\"]",
        );
        check(
            &format!("{head}[migrate.autogenerate]\nincludes = []"),
            "4:1: `includes` is no key of this section; did you mean `include`?",
        );
        assert_eq!(read("[migrate\n").unwrap_err()[0].location.as_ref().unwrap().line, 1);
    }
}
