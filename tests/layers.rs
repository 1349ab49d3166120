//! The rules of ARCHITECTURE.md that a compiler does not enforce, read from the source text.

use std::collections::BTreeSet;

use migrate_test_support::project::workspace_root;

#[path = "layers/source.rs"]
mod source;

use source::{Source, attributes, crate_paths, everything, exports, sources};

/// The modules of migrate-core, and what each may import beside [`MESSAGES`]. A new module needs a line here.
const LAYERS: [(&str, &[&str]); 19] = [
    ("suggest", &[]),
    ("diagnostic", &[]),
    ("error", &[]),
    ("meta", &[]),
    ("sql", &[]),
    ("revision", &["sql"]),
    ("plan", &["revision"]),
    ("runtime", &["sql", "revision", "plan"]),
    ("config", &["sql", "runtime"]),
    ("schema", &[]),
    ("op", &["schema"]),
    ("dialect", &["sql", "schema", "op"]),
    ("diff", &["schema", "op", "dialect"]),
    ("render", &["schema", "op", "dialect"]),
    ("entity", &["sql", "schema"]),
    ("fold", &["sql", "schema", "dialect"]),
    ("introspect", &["sql", "runtime", "schema", "dialect", "fold"]),
    (
        "author",
        &["sql", "revision", "config", "schema", "op", "dialect", "diff", "render", "entity", "fold", "introspect"],
    ),
    ("build", &["sql", "revision", "runtime", "config", "entity", "author"]),
];

/// What every module may import; of these, each those before it.
const MESSAGES: [&str; 3] = ["suggest", "diagnostic", "error"];

/// What `config` may use of `runtime`: the settings that migrate.toml fills in.
const SETTINGS: [&str; 2] = ["Settings", "TransactionMode"];

/// The most lines of a file before its tests.
const LINES: usize = 500;

/// Every dialect by name.
const DIALECTS: [&str; 2] = ["postgres", "sqlite"];

#[test]
fn a_module_of_the_core_imports_only_the_layers_below_it() {
    // Promise: the core is layered, so that a lower module can be read, tested and changed without a higher one.
    let files = sources(&["migrate-core/src"]);
    let exports = exports(&files);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files.iter().filter(|file| file.name != "migrate-core/src/lib.rs") {
        let own = file.module("migrate-core/src/")[0].clone();
        let layer = LAYERS.iter().find(|(name, _)| *name == own);
        let Some((_, allowed)) = layer else { panic!("{}: the module {own} has no layer", file.name) };
        let messages = MESSAGES.iter().take_while(|name| **name != own);
        let allowed: Vec<&str> = messages.chain(*allowed).copied().collect();
        seen.insert(own.clone());
        for (line, path) in crate_paths(&file.code, &file.module("migrate-core/src/")) {
            let path = exports.get(&path[0]).map_or(path.clone(), |module| vec![module.clone(), path[0].clone()]);
            let [module, rest @ ..] = path.as_slice() else { continue };
            let only_settings = rest.first().is_some_and(|name| SETTINGS.contains(&name.as_str()));
            if *module != own && (!allowed.contains(&module.as_str()) || !settings_at_most(&own, module, only_settings))
            {
                wrong.push(format!("{}:{line}: {own} imports {}", file.name, path.join("::")));
            }
        }
    }
    assert!(LAYERS[..9].iter().all(|(name, _)| seen.contains(*name)), "{seen:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn settings_at_most(own: &str, module: &str, only_settings: bool) -> bool {
    (own, module) != ("config", "runtime") || only_settings
}

#[test]
fn features_choose_modules_and_imports_and_nothing_smaller() {
    // Promise: a feature turns on one folder and what it needs; no function or field depends on a feature.
    let mut wrong = Vec::new();
    let mut found = 0;
    for file in sources(&["migrate-core/src", "migrate-macros/src", "migrate-cli/src", "src"]) {
        for (line, attribute, item) in attributes(&file.code) {
            // The strings of the code are blanked, so that `feature = "files"` reads `feature = `.
            if !attribute.contains("feature =") {
                continue;
            }
            found += 1;
            let words: Vec<&str> = item.split_whitespace().take(3).collect();
            let chosen = words.iter().any(|word| ["mod", "use"].contains(word));
            if !chosen || attribute.contains("cfg_attr") {
                wrong.push(format!("{}:{line}: {} {}", file.name, attribute, words.join(" ")));
            }
        }
        wrong.extend(file.find("cfg!(feature"));
    }
    assert!(found > 5, "only {found} features were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_short() {
    // Promise: no source file has more than 500 lines without its tests.
    let files = sources(&["migrate-core/src", "migrate-macros/src", "migrate-cli/src", "src"]);
    assert!(files.len() > 60, "only {} files were found", files.len());
    let long: Vec<_> = files
        .iter()
        .filter(|file| file.lines > LINES)
        .map(|file| format!("{} has {} lines", file.name, file.lines))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_core_never_prints() {
    // Promise: the library prints nothing, but for `build/`, which prints cargo's lines.
    let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!", "stdout(", "stderr("];
    assert_eq!(offences(&prints, &["build/"]), [""; 0]);
}

#[test]
fn only_connection_strings_and_build_scripts_read_the_environment() {
    // Promise: what the library does depends on its arguments; libpq's variables and cargo's are read where they belong.
    let reads = ["env::var", "env::vars", "env::args", "env::current_dir", "env::temp_dir", "env::home_dir"];
    assert_eq!(offences(&reads, &["build/", "runtime/postgres/conninfo/environment.rs"]), [""; 0]);
}

#[test]
fn reading_and_planning_touch_nothing() {
    // Promise: all that reads, compares and plans does no I/O and reads no clock; databases and folders are elsewhere.
    let touches = ["std::fs", "fs::", "std::net", "std::io", "File::open", "Instant", "SystemTime", "thread::sleep"];
    let elsewhere =
        ["revision/directory.rs", "runtime/", "config/", "build/", "error/mod.rs", "introspect/", "entity/", "author/"];
    assert_eq!(offences(&touches, &elsewhere), [""; 0]);
}

#[test]
fn output_never_depends_on_the_order_of_a_hash() {
    // Promise: what is written into a file or a database is a function of the input.
    assert_eq!(offences(&["HashMap", "HashSet"], &[]), [""; 0]);
}

#[test]
fn a_driver_is_known_to_its_folder_alone() {
    // Promise: only `runtime/<database>` and `introspect/<database>` know a driver.
    assert_eq!(offences(&["rusqlite"], &["runtime/sqlite/", "introspect/sqlite/"]), [""; 0]);
    let postgres = ["tokio", "tokio_postgres", "::postgres::", "rustls"];
    assert_eq!(offences(&postgres, &["runtime/postgres/", "introspect/postgres/"]), [""; 0]);
}

#[test]
fn no_code_asks_for_a_dialect_by_name() {
    // Promise: a new dialect is files and folders of its own and an arm in the command line's connect.rs.
    let mut wrong = Vec::new();
    let mut found = 0;
    for file in sources(&["migrate-core/src", "migrate-cli/src"]) {
        for dialect in DIALECTS {
            // A folder or a file that is called like the dialect.
            let own = file.name.split('/').any(|part| part == dialect || part == format!("{dialect}.rs"));
            let home = own || file.name == "migrate-cli/src/connect.rs";
            let named = file.strings.iter().filter(|(_, text)| text == dialect);
            for (line, _) in named {
                found += 1;
                // In an attribute it is the name of a feature.
                if !home && !file.line(*line).contains("feature =") {
                    wrong.push(format!("{}:{line}: {dialect:?}", file.name));
                }
            }
        }
    }
    assert!(found > 2, "the dialects' own files name them");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    // Promise: `#[expect(…, reason = "…")]` goes away with its cause; an `#[allow]` stays for ever.
    let mut wrong = Vec::new();
    for file in everything() {
        for (line, attribute, _) in attributes(&file.whole) {
            let lint =
                |name: &str| attribute.contains(&format!("[{name}(")) || attribute.contains(&format!(", {name}("));
            if lint("allow") || (lint("expect") && !attribute.contains("reason =")) {
                wrong.push(format!("{}:{line}: {attribute}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_test_tells_its_promise() {
    // Promise: the first comment of a test in `tests/` says what it pins.
    let mut wrong = Vec::new();
    let mut found = 0;
    for file in sources(&["tests"]).iter().filter(|file| !file.name.contains("support")) {
        let text = std::fs::read_to_string(workspace_root().join(&file.name)).expect("it was read before");
        let lines: Vec<&str> = text.lines().collect();
        for (n, _) in lines.iter().enumerate().filter(|(_, line)| **line == "#[test]") {
            found += 1;
            let body = (n..lines.len()).find(|n| lines[*n].ends_with('{')).map_or("", |n| lines[n + 1].trim_start());
            if !body.starts_with("// ") {
                wrong.push(format!("{}:{}: {}", file.name, n + 2, lines[n + 1]));
            }
        }
    }
    assert!(found > 20, "only {found} tests were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns where the core's code, without its tests, has one of these texts; some files and folders may.
fn offences(texts: &[&str], allowed: &[&str]) -> Vec<String> {
    let files = sources(&["migrate-core/src"]);
    let allowed: Vec<String> = allowed.iter().map(|path| format!("migrate-core/src/{path}")).collect();
    let outside = files.iter().filter(|file| !allowed.iter().any(|path| file.name.starts_with(path)));
    outside.flat_map(|file| texts.iter().flat_map(|text| file.find(text))).collect()
}

#[test]
fn the_reader_sees_code_where_code_is() {
    // Promise: these rules read code, not comments, strings or tests, and would notice what they forbid.
    let text = concat!(
        "//! crate::plan in a comment\nuse crate::{Error, sql::{self, Syntax}, plan as p};\n",
        "const A: &str = \"crate::runtime \\\" // \"; /* crate::build /* nested */ */ const B: char = '\"';\n",
        "#[cfg(feature = \"files\")]\n#[expect(dead_code)]\nfn f<'a>(x: &'a str) -> u8 { br#\"println!(\"\")\"#[0] }\n",
        "fn g() { super::super::runtime::go(); super::near(); eprintln!(\"sqlite\"); }\n",
        "#[cfg(test)]\nmod tests {\n    use crate::build;\n    const S: &str = \"sqlite\";\n}\nfn h() { \"postgres\" }\n",
    );
    let file = Source::new("migrate-core/src/revision/body.rs".to_owned(), text);
    assert_eq!(file.whole.len(), text.len());
    let module = file.module("migrate-core/src/");
    assert_eq!(module, ["revision", "body"]);
    let paths: Vec<String> =
        crate_paths(&file.code, &module).iter().map(|(line, path)| format!("{line} {}", path.join("::"))).collect();
    let expect = ["2 Error", "2 sql::self", "2 sql::Syntax", "2 plan", "7 runtime::go", "7 revision::near"];
    assert_eq!(paths, expect);
    assert_eq!(file.find("println!"), [""; 0]);
    assert_eq!(file.find("eprintln!"), ["migrate-core/src/revision/body.rs:7: eprintln!"]);
    let named: Vec<(usize, &str)> = file.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(named.last(), Some(&(13, "postgres")));
    assert_eq!(named.iter().filter(|(_, text)| *text == "sqlite").count(), 1);
    assert_eq!(file.lines, 7);
    let attributes = attributes(&file.code);
    assert_eq!(attributes[0].1, "#[cfg(feature = \"      )]");
    assert!(attributes[0].2.starts_with("fn f") && attributes[1].1 == "#[expect(dead_code)]");
}
