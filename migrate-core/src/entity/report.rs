//! What the build script tells the derives: the file `$OUT_DIR/migrate/entities`.
//!
//! A text of lines with tabs between the parts of a line; `\t`, `\n`, `\r` and `\\` stand for themselves. Places are
//! those of [`Place`]. What stands after `entity` belongs to it up to the next one.
//!
//! ```text
//! migrate-entities  1
//! package   <the folder of Cargo.toml, as cargo says it>
//! check     on | off
//! stale     deny | warn
//! file      <a file that the scan followed>
//! outside   <file>  <name>  <line>  <number among those of the name in the file>
//! entity    <file>  <name>  <line>  <number>  <table>
//! constant  <place>  <text that the scan read there>
//! target    <place>  <table that the scan read there>
//! mismatch  <place>  <message>
//! ```
//!
//! The version of the first line is that of migrate-core: one build reads and writes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Place;
use super::scan::Mark;

/// The file's name in `$OUT_DIR`.
pub const FILE: &str = "migrate/entities";

const HEADER: &str = "migrate-entities\t1";

/// What a build script found, for the derives of its package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The package's folder, as `CARGO_MANIFEST_DIR` says it.
    pub package: String,
    /// Whether the check ran; in a published copy it does not.
    pub checked: bool,
    /// Whether a mismatch is a warning rather than an error.
    pub warn: bool,
    /// The files that the scan followed, absolute.
    pub files: BTreeSet<PathBuf>,
    /// Structs and enums that are outside the check.
    pub outside: Vec<Seen>,
    /// Entities and enums.
    pub entities: Vec<Told>,
}

/// A struct or an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its file, absolute.
    pub file: PathBuf,
    /// Its name.
    pub name: String,
    /// The line of its name.
    pub line: u32,
    /// Its number among those of its name in the file.
    pub number: usize,
}

impl From<&Mark> for Seen {
    fn from(mark: &Mark) -> Self {
        Self { file: mark.real.clone(), name: mark.name.clone(), line: mark.line, number: mark.number }
    }
}

/// An entity or an enum, and what the scan has to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which it is.
    pub seen: Seen,
    /// Its table or type, with the schema.
    pub table: String,
    /// The constants that it names.
    pub constants: Vec<(Place, String)>,
    /// The tables of the entities that it points to.
    pub targets: Vec<(Place, String)>,
    /// What no migration makes, or the other way round.
    pub mismatches: Vec<(Place, String)>,
}

/// What a report says of a struct or enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'r> {
    /// It is one that was checked.
    Told(&'r Told),
    /// It is outside the check, or in a file that the scan did not follow.
    Outside,
    /// Its file was followed and it was not seen there.
    Unseen,
}

impl Report {
    /// Returns what is said of a struct or enum, by its file and line, or by its name alone where the compiler gives no
    /// file.
    pub fn find(&self, file: Option<&Path>, name: &str, line: u32) -> Found<'_> {
        let here = |seen: &Seen| seen.name == name && file.is_none_or(|file| seen.file == file);
        let told: Vec<&Told> = self.entities.iter().filter(|told| here(&told.seen)).collect();
        let outside: Vec<&Seen> = self.outside.iter().filter(|seen| here(seen)).collect();
        match (told.as_slice(), outside.as_slice()) {
            ([one], []) => return Found::Told(one),
            ([], []) => {}
            (told, outside) => {
                if let Some(one) = told.iter().find(|told| told.seen.line == line) {
                    return Found::Told(one);
                }
                let known = outside.iter().any(|seen| seen.line == line);
                // Of several without a line nobody can tell which it is.
                return if known || told.is_empty() || file.is_none() { Found::Outside } else { Found::Unseen };
            }
        }
        let followed = file.is_some_and(|file| self.files.contains(file));
        if followed { Found::Unseen } else { Found::Outside }
    }

    /// Returns the text of the file.
    pub fn write(&self) -> String {
        let mut out = format!("{HEADER}\n");
        let mut line = |parts: &[&str]| {
            let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
            out.push_str(&parts.join("\t"));
            out.push('\n');
        };
        line(&["package", &self.package]);
        line(&["check", if self.checked { "on" } else { "off" }]);
        line(&["stale", if self.warn { "warn" } else { "deny" }]);
        for file in &self.files {
            line(&["file", &file.to_string_lossy()]);
        }
        for seen in &self.outside {
            let (file, at, number) = (seen.file.to_string_lossy(), seen.line.to_string(), seen.number.to_string());
            line(&["outside", &file, &seen.name, &at, &number]);
        }
        for told in &self.entities {
            let seen = &told.seen;
            let (file, at, number) = (seen.file.to_string_lossy(), seen.line.to_string(), seen.number.to_string());
            line(&["entity", &file, &seen.name, &at, &number, &told.table]);
            for (key, list) in
                [("constant", &told.constants), ("target", &told.targets), ("mismatch", &told.mismatches)]
            {
                for (place, text) in list {
                    line(&[key, &place.to_string(), text]);
                }
            }
        }
        out
    }

    /// Reads the text of the file; `None` where another version wrote it, or nobody did.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return None;
        }
        let mut report = Self::default();
        for line in lines {
            let parts: Vec<String> = line.split('\t').map(unescape).collect();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            match parts.as_slice() {
                ["package", folder] => report.package = (*folder).to_owned(),
                ["check", word] => report.checked = *word == "on",
                ["stale", word] => report.warn = *word == "warn",
                ["file", file] => {
                    report.files.insert(PathBuf::from(file));
                }
                ["outside", rest @ ..] => report.outside.push(seen(rest)?.0),
                ["entity", rest @ ..] => {
                    let (seen, rest) = seen(rest)?;
                    let [table] = rest else { return None };
                    report.entities.push(Told {
                        seen,
                        table: (*table).to_owned(),
                        constants: Vec::new(),
                        targets: Vec::new(),
                        mismatches: Vec::new(),
                    });
                }
                [key, place, text] => {
                    let told = report.entities.last_mut()?;
                    let list = match *key {
                        "constant" => &mut told.constants,
                        "target" => &mut told.targets,
                        "mismatch" => &mut told.mismatches,
                        _ => return None,
                    };
                    list.push((place.parse().ok()?, (*text).to_owned()));
                }
                _ => return None,
            }
        }
        Some(report)
    }
}

fn seen<'p, 't>(parts: &'p [&'t str]) -> Option<(Seen, &'p [&'t str])> {
    let [file, name, line, number, rest @ ..] = parts else { return None };
    let seen = Seen {
        file: PathBuf::from(file),
        name: (*name).to_owned(),
        line: line.parse().ok()?,
        number: number.parse().ok()?,
    };
    Some((seen, rest))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('t') => out.push('\t'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            (letter, false) => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen_at(file: &str, name: &str, line: u32, number: usize) -> Seen {
        Seen { file: PathBuf::from(file), name: name.to_owned(), line, number }
    }

    fn told(seen: Seen) -> Told {
        Told { seen, table: "t".into(), constants: Vec::new(), targets: Vec::new(), mismatches: Vec::new() }
    }

    fn report() -> Report {
        let place: Place = "status/default/0".parse().expect("a place");
        let mut first = told(seen_at("/p q/src/a.rs", "A", 3, 0));
        first.constants.push(("/schema/0".parse().expect("a place"), "dpo".to_owned()));
        first.targets.push((place.clone(), "dpo.execution".to_owned()));
        first.mismatches.push((place, "one\ttwo\nthree \\ four".to_owned()));
        Report {
            package: "/p q".to_owned(),
            checked: true,
            warn: true,
            files: ["/p q/src/a.rs", "/p q/src/lib.rs"].map(PathBuf::from).into(),
            outside: vec![seen_at("/p q/src/a.rs", "T", 9, 0), seen_at("/p q/src/a.rs", "B", 20, 1)],
            entities: vec![first, told(seen_at("/p q/src/a.rs", "B", 12, 0))],
        }
    }

    #[test]
    fn a_report_is_read_as_it_was_written() {
        // Promise: what the build script found reaches the derive whole, whatever its texts have in them.
        let report = report();
        assert_eq!(Report::read(&report.write()), Some(report.clone()));
        assert_eq!(Report::read(&report.write().replace("entities\t1", "entities\t2")), None);
        assert_eq!(Report::read(""), None);
        assert_eq!(Report::read("migrate-entities\t1\nnonsense"), None);
    }

    #[test]
    fn a_struct_is_found_by_file_and_line_or_is_outside() {
        // Promise: the derive says "not seen" of a struct in a file that the scan followed, and of no other.
        let report = report();
        let here = Some(Path::new("/p q/src/a.rs"));
        let is = |found: Found<'_>, line: u32| matches!(found, Found::Told(told) if told.seen.line == line);
        assert!(is(report.find(here, "A", 3), 3));
        // An editor may be ahead of the build script.
        assert!(is(report.find(here, "A", 5), 3));
        assert!(is(report.find(None, "A", 0), 3));
        assert!(is(report.find(here, "B", 12), 12));
        assert_eq!(report.find(here, "B", 20), Found::Outside);
        assert_eq!(report.find(here, "B", 21), Found::Unseen);
        assert_eq!(report.find(here, "T", 9), Found::Outside);
        assert_eq!(report.find(here, "New", 30), Found::Unseen);
        assert_eq!(report.find(Some(Path::new("/p q/tests/t.rs")), "A", 3), Found::Outside);
        assert_eq!(report.find(None, "New", 3), Found::Outside);
    }
}
