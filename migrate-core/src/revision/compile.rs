//! Sections to scripts: positions resolved, checksums computed.

use std::borrow::Cow;

use super::body::Sections;
use super::checksum::Checksum;
use super::directive::SectionKind;
use super::script::{Script, ScriptStatement, Scripts};
use super::section::Section;
use crate::sql::{Positions, Syntax};

/// Compiles what one dialect runs of a file.
pub(crate) fn scripts(file: &str, text: &str, sections: &Sections) -> Scripts {
    let positions = Positions::new(text);
    let compile = |section: &Section| compile(text, &positions, section, sections.syntax);
    Scripts {
        file: file.to_owned(),
        upgrade: compile(&sections.upgrade),
        downgrade: compile(&sections.downgrade),
        text: Cow::Owned(text.to_owned()),
    }
}

fn compile(text: &str, positions: &Positions<'_>, section: &Section, syntax: &'static Syntax) -> Script {
    let statements: Vec<ScriptStatement> = section
        .statements
        .iter()
        .map(|statement| {
            let (line, column) = positions.at(statement.start);
            ScriptStatement { start: statement.start, end: statement.end, line, column, run: statement.run }
        })
        .collect();
    let mut checksum = Checksum::new();
    let mut prefixes = Vec::new();
    for (n, statement) in statements.iter().enumerate() {
        if n > 0 {
            prefixes.push((n, checksum.text()));
        }
        checksum.add(&text[statement.start..statement.end], syntax);
    }
    let irreversible = section.marker.kind == SectionKind::Irreversible;
    Script {
        line: positions.at(section.start).0,
        statements,
        checksum: checksum.text(),
        prefixes,
        was: section.was.clone(),
        irreversible: irreversible.then(|| section.marker.reason.clone()),
    }
}
