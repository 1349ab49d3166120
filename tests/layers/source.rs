//! Source files as these tests read them: without comments, without the text of strings, and without their tests.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use migrate_test_support::project::workspace_root;

/// A source file.
pub(crate) struct Source {
    /// Its path from the workspace's root.
    pub(crate) name: String,
    /// Its text with comments and strings blanked; every offset and line is as in the file.
    pub(crate) whole: String,
    /// The same without tests.
    pub(crate) code: String,
    /// The lines before its tests.
    pub(crate) lines: usize,
    /// The strings outside its tests, with their lines.
    pub(crate) strings: Vec<(usize, String)>,
}

impl Source {
    pub(crate) fn new(name: String, text: &str) -> Self {
        let (whole, strings) = blank(text);
        let mut code = whole.clone();
        for range in tests(&whole) {
            let blanked = code[range.clone()].replace(|c| c != '\n', " ");
            code.replace_range(range, &blanked);
        }
        let lines = whole.find("#[cfg(test)]").map_or(text.lines().count(), |at| line_of(&whole, at) - 1);
        let strings = strings.into_iter().filter(|(at, _)| code.as_bytes()[*at] == QUOTE).collect::<Vec<_>>();
        let strings = strings.into_iter().map(|(at, text)| (line_of(&whole, at), text)).collect();
        Self { name, whole, code, lines, strings }
    }

    /// Returns the path of the file's module below a folder: `runtime/sqlite/check.rs` is `runtime`, `sqlite`, `check`.
    pub(crate) fn module(&self, folder: &str) -> Vec<String> {
        let path = self.name.strip_prefix(folder).and_then(|path| path.strip_suffix(".rs")).expect("a file below it");
        path.strip_suffix("/mod").unwrap_or(path).split('/').map(str::to_owned).collect()
    }

    pub(crate) fn line(&self, line: usize) -> &str {
        self.code.lines().nth(line - 1).unwrap_or_default()
    }

    /// Returns where the code has a text that is not the end of a longer word or path.
    pub(crate) fn find(&self, text: &str) -> Vec<String> {
        let begins = |c| is_word(c) || c == ':';
        let longer = |at: usize| self.code[..at].ends_with(is_word) && text.starts_with(begins);
        let found = self.code.match_indices(text).filter(|(at, _)| !longer(*at));
        found.map(|(at, _)| format!("{}:{}: {text}", self.name, line_of(&self.code, at))).collect()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Reads the source files below these folders, without those that are modules of tests.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let root = workspace_root();
    let mut paths = Vec::new();
    for folder in folders {
        rust_files(&root.join(folder), &mut paths);
    }
    let mut files = read(&root, &paths);
    let modules: BTreeSet<PathBuf> = files.iter().flat_map(test_modules).collect();
    files.retain(|file| !modules.contains(Path::new(&file.name)));
    assert!(!files.is_empty(), "{folders:?} have no source files");
    files
}

/// Reads every source file of the workspace.
pub(crate) fn everything() -> Vec<Source> {
    let root = workspace_root();
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&root).expect("the root can be listed").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            rust_files(&path, &mut paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    assert!(paths.iter().any(|path| path.ends_with("build.rs")) && paths.len() > 100, "{} files", paths.len());
    read(&root, &paths)
}

fn rust_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    paths.sort();
}

fn read(root: &Path, paths: &[PathBuf]) -> Vec<Source> {
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root).expect("below the root").to_str().expect("UTF-8").to_owned();
        Source::new(name, &std::fs::read_to_string(path).expect("sources can be read"))
    };
    paths.iter().map(read).collect()
}

/// Returns the files of `#[cfg(test)] mod name;`.
fn test_modules(file: &Source) -> Vec<PathBuf> {
    let path = Path::new(&file.name);
    let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => path.parent().expect("a folder").to_owned(),
        _ => path.with_extension(""),
    };
    let declared = attributes(&file.whole).into_iter().filter(|(_, attribute, _)| attribute == "#[cfg(test)]");
    let names = declared.filter_map(|(_, _, item)| {
        let name = item.strip_prefix("mod ")?.split(';').next()?;
        (!name.contains('{')).then(|| name.trim().to_owned())
    });
    names.flat_map(|name| [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")]).collect()
}

/// What a blanked string is made of, so that it is still seen where one was.
const QUOTE: u8 = b'"';

/// Blanks comments and the text of strings, and returns the strings with their offsets.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut out = text.to_owned().into_bytes();
    let mut strings = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let end = if rest.starts_with("//") {
            at + rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            at + block_comment(rest)
        } else if let Some((quote, inner, length)) = string(rest) {
            strings.push((at + quote, rest[inner].to_owned()));
            let end = at + length;
            blank_range(&mut out, at..end);
            out[at + quote] = QUOTE;
            at = end;
            continue;
        } else if let Some(length) = character(rest) {
            at + length
        } else {
            at += rest.chars().next().map_or(1, |c| if is_word(c) { word(rest) } else { c.len_utf8() });
            continue;
        };
        blank_range(&mut out, at..end);
        at = end;
    }
    (String::from_utf8(out).expect("whole characters were blanked"), strings)
}

fn blank_range(out: &mut [u8], range: Range<usize>) {
    out[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn word(rest: &str) -> usize {
    rest.find(|c| !is_word(c)).unwrap_or(rest.len())
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest.as_bytes()[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.as_bytes()[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Reads a string with its prefix: where its quote is, the range of its text, and its length.
fn string(rest: &str) -> Option<(usize, Range<usize>, usize)> {
    let prefix = rest.find(|c| !matches!(c, 'b' | 'c' | 'r')).filter(|length| *length <= 2)?;
    let hashes = if rest[..prefix].ends_with('r') { rest[prefix..].find(|c| c != '#')? } else { 0 };
    let quote = prefix + hashes;
    if !rest[quote..].starts_with('"') {
        return None;
    }
    let inner = quote + 1;
    if rest[..prefix].ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[inner..].find(&close)?;
        return Some((quote, inner..inner + length, inner + length + close.len()));
    }
    let mut escaped = false;
    let length = rest[inner..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some((quote, inner..inner + length, inner + length + 1))
}

/// Reads a character in quotes; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let first = inner.chars().next()?;
    if first == '\\' {
        return inner[2..].find('\'').map(|at| at + 4);
    }
    inner[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

/// Returns each attribute with its line, and the code behind it and behind those that follow it.
pub(crate) fn attributes(code: &str) -> Vec<(usize, String, &str)> {
    let mut found = Vec::new();
    let starts = code.match_indices('#').filter(|(at, _)| code[at + 1..].trim_start_matches('!').starts_with('['));
    for (at, _) in starts {
        let end = after_attribute(code, at);
        let mut item = code[end..].trim_start();
        while item.starts_with("#[") {
            item = item[after_attribute(item, 0)..].trim_start();
        }
        found.push((line_of(code, at), code[at..end].to_owned(), item));
    }
    found
}

fn after_attribute(code: &str, at: usize) -> usize {
    let mut depth = 0;
    let end = code[at..].find(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ']' && depth == 0
    });
    at + end.expect("an attribute is closed") + 1
}

/// Returns the ranges of the items that `#[cfg(test)]` stands before.
fn tests(code: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in code.match_indices("#[cfg(test)]") {
        if ranges.last().is_some_and(|range| range.contains(&at)) {
            continue;
        }
        let mut depth = 0;
        let end = code[at..].find(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (c == '}' || c == ';') && depth == 0
        });
        ranges.push(at..at + end.expect("an item ends") + 1);
    }
    ranges
}

/// Returns the names that lib.rs takes out of a module, with that module: `Error` is `error`.
pub(crate) fn exports(files: &[Source]) -> BTreeMap<String, String> {
    let lib = files.iter().find(|file| file.name == "migrate-core/src/lib.rs").expect("the core has a root");
    let mut exports = BTreeMap::new();
    for (at, _) in lib.code.match_indices("pub use ") {
        let path = &lib.code[at + 8..];
        let path: String = path[..path.find(';').expect("an import ends")].split_whitespace().collect();
        let (module, names) = path.split_once("::").expect("a path has two parts");
        if module == "crate" {
            continue;
        }
        for name in names.trim_matches(['{', '}']).split(',').filter(|name| !name.is_empty()) {
            let name = name.rsplit("::").next().unwrap_or(name);
            exports.insert(name.to_owned(), module.to_owned());
        }
    }
    assert!(exports.get("Error").is_some_and(|module| module == "error"), "{exports:?}");
    exports
}

/// Returns the paths from the crate's root that a module's code uses, written with `crate` or with `super`.
pub(crate) fn crate_paths(code: &str, module: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find(is_word) {
        let start = at + next;
        at = start + word(&code[start..]);
        let (mut rest, mut base) = match &code[start..at] {
            "crate" => (&code[at..], Vec::new()),
            "super" => (&code[at..], module[..module.len() - 1].to_vec()),
            _ => continue,
        };
        while let Some(after) = rest.strip_prefix("::super") {
            base.pop();
            rest = after;
        }
        at = code.len() - rest.len();
        let Some(rest) = rest.strip_prefix("::") else { continue };
        for path in branches(rest) {
            found.push((line_of(code, start), [base.clone(), path].concat()));
        }
    }
    found
}

/// Returns the paths of `a::b` or of `{a::b, c}`.
fn branches(rest: &str) -> Vec<Vec<String>> {
    let Some(inside) = rest.strip_prefix('{') else {
        let end = rest.find(|c| !is_word(c) && c != ':').unwrap_or(rest.len());
        let names = rest[..end].split("::").filter(|name| !name.is_empty());
        let names: Vec<String> = names.map(str::to_owned).collect();
        // `a::{b, c}`: what the braces hold matters where a layer may use some names only.
        return match rest[end..].strip_prefix('{') {
            Some(_) => branches(&rest[end..]).into_iter().map(|tail| [names.clone(), tail].concat()).collect(),
            None => vec![names],
        };
    };
    let mut depth = 0;
    let mut paths = Vec::new();
    let mut start = 0;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = inside[start..at].trim();
                if !item.is_empty() {
                    paths.extend(branches(item));
                }
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    paths
}
