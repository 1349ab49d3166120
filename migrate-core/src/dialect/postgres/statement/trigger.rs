//! CREATE TRIGGER.

use super::super::keywords;
use super::Words;
use crate::sql::TokenKind;

/// What a trigger does and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Trigger {
    pub(in super::super) constraint: bool,
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub(in super::super) timing: String,
    /// `INSERT`, `DELETE`, `UPDATE`, `TRUNCATE`, in this order.
    pub(in super::super) events: Vec<String>,
    /// The columns of `UPDATE OF`.
    pub(in super::super) columns: Vec<String>,
    /// The other table of a constraint trigger.
    pub(in super::super) from: Option<Vec<String>>,
    pub(in super::super) deferrable: bool,
    pub(in super::super) initially_deferred: bool,
    /// `OLD TABLE AS a`, `NEW TABLE AS b`.
    pub(in super::super) transitions: Vec<String>,
    pub(in super::super) each_row: bool,
    /// The condition without its parentheses.
    pub(in super::super) condition: Option<String>,
    /// The function as written.
    pub(in super::super) function: Vec<String>,
    /// Its arguments, which are strings whatever they look like.
    pub(in super::super) arguments: Vec<String>,
}

impl Trigger {
    /// Reads a whole statement.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let mut words = Words::new(text);
        let mut trigger = Self::default();
        words.accept(&["CREATE"]).then_some(())?;
        words.accept(&["OR", "REPLACE"]);
        trigger.constraint = words.accept(&["CONSTRAINT"]);
        words.accept(&["TRIGGER"]).then_some(())?;
        words.name()?;
        trigger.timing = ["BEFORE", "AFTER", "INSTEAD"].into_iter().find(|word| words.accept(&[word]))?.to_owned();
        if words.accept(&["OF"]) {
            trigger.timing += " OF";
        }
        trigger.read_events(&mut words)?;
        words.accept(&["ON"]).then_some(())?;
        words.name()?;
        trigger.read_attributes(&mut words)?;
        words.accept(&["EXECUTE"]).then_some(())?;
        (words.accept(&["FUNCTION"]) || words.accept(&["PROCEDURE"])).then_some(())?;
        trigger.function = words.name()?;
        trigger.arguments = Words::split(words.group()?).into_iter().map(argument).collect();
        words.is_done().then_some(trigger)
    }

    fn read_events(&mut self, words: &mut Words<'_>) -> Option<()> {
        loop {
            let event = ["INSERT", "DELETE", "UPDATE", "TRUNCATE"].into_iter().find(|word| words.accept(&[word]))?;
            self.events.push(event.to_owned());
            if words.accept(&["OF"]) {
                loop {
                    self.columns.push(words.name()?.pop()?);
                    if !words.accept(&[","]) {
                        break;
                    }
                }
            }
            if !words.accept(&["OR"]) {
                let place = |event: &String| ["INSERT", "DELETE", "UPDATE", "TRUNCATE"].iter().position(|e| e == event);
                self.events.sort_by_key(place);
                return Some(());
            }
        }
    }

    fn read_attributes(&mut self, words: &mut Words<'_>) -> Option<()> {
        loop {
            if words.accept(&["FROM"]) {
                self.from = Some(words.name()?);
            } else if words.accept(&["NOT", "DEFERRABLE"]) {
                self.deferrable = false;
            } else if words.accept(&["DEFERRABLE"]) {
                self.deferrable = true;
            } else if words.accept(&["INITIALLY", "DEFERRED"]) {
                (self.deferrable, self.initially_deferred) = (true, true);
            } else if words.accept(&["INITIALLY", "IMMEDIATE"]) {
                self.initially_deferred = false;
            } else if words.accept(&["REFERENCING"]) {
                while words.is("OLD") || words.is("NEW") {
                    let side = words.take()?.text.to_ascii_uppercase();
                    words.accept(&["TABLE"]).then_some(())?;
                    words.accept(&["AS"]);
                    self.transitions.push(format!(
                        "{side} TABLE AS {}",
                        keywords::quote_ident(&words.name()?.pop()?, keywords::NEWEST)
                    ));
                }
                self.transitions.sort();
            } else if words.accept(&["FOR"]) {
                words.accept(&["EACH"]);
                self.each_row = words.accept(&["ROW"]);
                (self.each_row || words.accept(&["STATEMENT"])).then_some(())?;
            } else if words.accept(&["WHEN"]) {
                self.condition = Some(words.group()?.to_owned());
            } else {
                return Some(());
            }
        }
    }
}

/// Returns the string that an argument is.
fn argument(text: &str) -> String {
    let words = Words::new(text);
    match words.word(0) {
        Some(word) if word.kind == TokenKind::String && word.text.starts_with('\'') => {
            word.text[1..word.text.len() - 1].replace("''", "'")
        }
        Some(word) if word.kind == TokenKind::Word => word.text.to_ascii_lowercase(),
        Some(word) if word.kind == TokenKind::QuotedName => word.unquoted(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_printed() {
        let typed = "create or replace constraint trigger t after update of a, B or insert on t from x.y \
                     initially deferred for row when (new.a > 0) execute procedure f(1, 'it''s', Word)";
        let printed = "CREATE CONSTRAINT TRIGGER t AFTER INSERT OR UPDATE OF a, b ON public.t FROM x.y DEFERRABLE \
                       INITIALLY DEFERRED FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f('1', 'it''s', 'word')";
        let found = Trigger::parse(typed);
        assert!(found.is_some());
        assert_eq!(found, Trigger::parse(printed));
        assert_eq!(Trigger::parse("CREATE TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f() more"), None);
    }
}
