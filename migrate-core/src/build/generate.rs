//! The generated code: statics with ranges of the SQL, which is copied beside it.

use std::fmt::Write as _;
use std::path::Path;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::revision::body::Body;
use crate::revision::script::Script;
use crate::revision::{Directory, RevisionId, compile};
use crate::runtime::TransactionMode;
use crate::sql::Run;

/// Writes `embedded.rs` and the SQL into a folder; what is as it should be is left alone.
pub(super) fn write(config: &Config, directory: &Directory, bodies: &[Body], out: &Path) -> Result<()> {
    let failed = |path: &Path, error: std::io::Error| Error::file(path.display().to_string(), "write", &error);
    std::fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    // An expression: what is declared comes from `embed!`, whose words no lint of the user's crate looks at.
    let mut code = String::from("::migrate_core::Embedded {\n    settings: ");
    settings(&mut code, config);
    code.push_str(",\n    revisions: &[\n");
    for (n, body) in bodies.iter().enumerate() {
        let copy = out.join(format!("{n:05}.sql"));
        write_if_changed(&copy, &directory.file(n).text).map_err(|error| failed(&copy, error))?;
        revision(&mut code, directory, n, body);
    }
    code.push_str("    ],\n}\n");
    let main = out.join("embedded.rs");
    write_if_changed(&main, &code).map_err(|error| failed(&main, error))
}

fn write_if_changed(path: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    std::fs::write(path, text)
}

fn settings(code: &mut String, config: &Config) {
    let settings = &config.settings;
    let borrowed = |text: &str| format!("::std::borrow::Cow::Borrowed({text:?})");
    let schema =
        settings.version_table_schema.as_ref().map_or("None".into(), |text| format!("Some({})", borrowed(text)));
    let path: Vec<String> = settings.search_path.iter().map(|text| borrowed(text)).collect();
    let transaction = match settings.transaction {
        TransactionMode::PerRevision => "PerRevision",
        TransactionMode::PerRun => "PerRun",
    };
    let _ = write!(
        code,
        "::migrate_core::Settings {{\n        version_table: {},\n        version_table_schema: {schema},\n        \
         search_path: ::std::borrow::Cow::Borrowed(&[{}]),\n        \
         transaction: ::migrate_core::TransactionMode::{transaction},\n        \
         lock_wait: ::std::time::Duration::from_millis({}),\n        \
         lock_timeout: ::std::time::Duration::from_millis({}),\n    }}",
        borrowed(&settings.version_table),
        path.join(", "),
        settings.lock_wait.as_millis(),
        settings.lock_timeout.as_millis(),
    );
}

fn revision(code: &mut String, directory: &Directory, n: usize, body: &Body) {
    let node = directory.graph().node(n);
    let file = directory.file(n);
    let parents: Vec<&str> = node.parents.iter().map(RevisionId::as_str).collect();
    let _ = write!(
        code,
        "        ::migrate_core::embedded::EmbeddedRevision {{\n            id: {:?},\n            parents: &{parents:?},\n            \
         depends_on: &{:?},\n            labels: &{:?},\n            message: {:?},\n            create_date: {:?},\n            \
         file: {:?},\n            text: include_str!(\"{n:05}.sql\"),\n            scripts: &[\n",
        node.id.as_str(),
        node.depends_on,
        node.labels,
        node.message,
        node.create_date,
        file.path,
    );
    for sections in &body.dialects {
        let scripts = compile::scripts(&file.path, &file.text, sections);
        let _ = writeln!(code, "                ({:?},", sections.syntax.name);
        script(code, &scripts.upgrade);
        script(code, &scripts.downgrade);
        code.push_str("                ),\n");
    }
    code.push_str("            ],\n        },\n");
}

fn script(code: &mut String, script: &Script) {
    // Most scripts are one transaction and never stop in the middle.
    let prefixes = if script.segments().len() > 1 { script.prefixes.as_slice() } else { &[] };
    let _ = write!(
        code,
        "                 ::migrate_core::embedded::EmbeddedScript {{ line: {}, checksum: {:?}, prefixes: &{:?}, was: &{:?}, \
         irreversible: {:?}, statements: &[",
        script.line, script.checksum, prefixes, script.was, script.irreversible,
    );
    for statement in &script.statements {
        let run = match statement.run {
            Run::Transaction => "Transaction",
            Run::Outside => "Outside",
            Run::Setting => "Setting",
            Run::Around => "Around",
        };
        let _ = write!(
            code,
            "\n                    ::migrate_core::embedded::EmbeddedStatement {{ start: {}, end: {}, line: {}, column: {}, \
             run: ::migrate_core::sql::Run::{run} }},",
            statement.start, statement.end, statement.line, statement.column,
        );
    }
    code.push_str("] },\n");
}
