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

/// More statements than anybody writes by hand.
const MANY: usize = 10_000;

fn compile(text: &str, positions: &Positions<'_>, section: &Section, syntax: &'static Syntax) -> Script {
    let mut walk = positions.walk();
    let statements = section.statements.iter().map(|statement| {
        let (line, column) = walk.at(statement.start);
        ScriptStatement { start: statement.start, end: statement.end, line, column, run: statement.run }
    });
    let irreversible = section.marker.kind == SectionKind::Irreversible;
    let mut script = Script {
        line: positions.at(section.start).0,
        statements: statements.collect(),
        checksum: section.checksum.clone(),
        prefixes: Vec::new(),
        was: section.was.clone(),
        irreversible: irreversible.then(|| section.marker.reason.clone()),
    };
    // A script of one transaction runs whole or not at all. It may be what is left of one that stopped between two, but
    // not where there are as many statements as only rows have.
    if script.segments().len() > 1 || script.statements.len() <= MANY {
        script.prefixes = prefixes(text, &script.statements, syntax);
    }
    script
}

fn prefixes(text: &str, statements: &[ScriptStatement], syntax: &'static Syntax) -> Vec<(usize, String)> {
    let mut checksum = Checksum::new();
    let mut prefixes = Vec::new();
    for (n, statement) in statements.iter().enumerate() {
        if n > 0 {
            prefixes.push((n, checksum.text()));
        }
        checksum.add(&text[statement.start..statement.end], syntax);
    }
    prefixes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::body;

    /// Pins that the tokens of a section give the checksum and the positions that its statements give one by one.
    #[test]
    fn a_section_is_compiled_as_its_statements_are() {
        let syntax = Syntax::named("postgres").unwrap();
        let text = "\u{feff}-- migrate:upgrade\r\n/* a */ CREATE  TABLE t (a int, -- b\r\n b text); INSERT INTO t VALUES (1, 'ä\r\nb') \
                    ;;INSERT INTO t VALUES (2, $$ ; $$) -- c\n;  /* d */ SELECT 1\n-- migrate:downgrade\nDROP TABLE t /* e */ ;\n";
        let sections = body::parse(text, "f.sql", 0, &[syntax]).expect("it is sound").dialects.remove(0);
        let scripts = scripts("f.sql", text, &sections);
        let positions = Positions::new(text);
        for (script, count) in [(&scripts.upgrade, 4), (&scripts.downgrade, 1)] {
            let mut checksum = Checksum::new();
            for statement in &script.statements {
                checksum.add(&text[statement.start..statement.end], syntax);
                assert_eq!((statement.line, statement.column), positions.at(statement.start));
            }
            assert_eq!(script.statements.len(), count);
            assert_eq!(script.checksum, checksum.text());
        }
    }
}
