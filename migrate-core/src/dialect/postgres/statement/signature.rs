//! Arguments of routines: `[mode] [name] type [DEFAULT value]`.

use super::super::types::{Modifier, Type};
use super::Words;

/// Which way an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Mode {
    In,
    Out,
    InOut,
    Variadic,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Argument {
    pub(in super::super) mode: Mode,
    pub(in super::super) name: Option<String>,
    /// Its type, without modifiers: a routine keeps none.
    pub(in super::super) ty: Type,
    pub(in super::super) default: Option<String>,
}

/// Reads what stands between the parentheses.
pub(in super::super) fn arguments(text: &str) -> Option<Vec<Argument>> {
    Words::split(text).into_iter().map(argument).collect()
}

fn argument(text: &str) -> Option<Argument> {
    let mut words = Words::new(text);
    let mode = read_mode(&mut words);
    let from = words.position();
    words.until(&["DEFAULT", "="]);
    let length = words.position() - from;
    let default = !words.is_done();
    if default {
        words.skip(1);
    }
    let value = words.until(&[]);
    let mut words = Words::new(text);
    words.skip(from);
    let rest = words.rest();
    let rest = rest.get(..length)?;
    let whole = |at: usize| Type::parse(&rest[at..]).ok().filter(|(_, taken)| at + taken == length).map(|(ty, _)| ty);
    // What is a type as a whole has no name: `character varying`.
    let unnamed = whole(0);
    let name = if unnamed.is_none() { words.name()?.pop() } else { None };
    let ty = unnamed.or_else(|| whole(1))?;
    Some(Argument {
        mode: mode.unwrap_or(Mode::In),
        name,
        ty: Type { modifier: Modifier::None, ..ty },
        default: default.then(|| value.to_owned()),
    })
}

fn read_mode(words: &mut Words<'_>) -> Option<Mode> {
    for (word, mode) in [("OUT", Mode::Out), ("INOUT", Mode::InOut), ("VARIADIC", Mode::Variadic)] {
        if words.accept(&[word]) {
            return Some(mode);
        }
    }
    if words.accept(&["IN", "OUT"]) {
        return Some(Mode::InOut);
    }
    words.accept(&["IN"]).then_some(Mode::In)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        let typed =
            arguments("a int, b varchar(10) DEFAULT 'x,y', OUT c mood, VARIADIC integer[], inout double precision");
        let printed = arguments(
            "a integer, b character varying DEFAULT 'x,y', OUT c mood, VARIADIC integer[], INOUT double precision",
        );
        assert_eq!(typed.as_ref().map(Vec::len), Some(5));
        assert_eq!(typed, printed);
        assert_eq!(arguments("character varying"), arguments("varchar(10)"));
        assert_eq!(arguments(""), Some(Vec::new()));
        assert_eq!(arguments("a ? b"), None);
    }
}
