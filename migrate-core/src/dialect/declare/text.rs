//! SQL texts of attributes, which shall not reach beyond the place where they are put.

use crate::sql::{Lexer, Syntax, TokenKind, Word, significant};

/// Returns why a text cannot stand inside of a statement.
pub(in crate::dialect) fn complete(text: &str, syntax: &'static Syntax) -> Result<(), String> {
    let mut lexer = Lexer::new(text, 0, syntax);
    let mut depth = 0_usize;
    loop {
        let token = match lexer.next_token() {
            Ok(None) => break,
            Ok(Some(token)) => token,
            Err(error) if error.unclosed.is_empty() => return Err("a character has no meaning in SQL".to_owned()),
            Err(error) => return Err(format!("{} is not closed", error.unclosed)),
        };
        match token.text(text) {
            "(" | "[" => depth += 1,
            ")" | "]" if depth == 0 => return Err("a parenthesis is closed that was not opened".to_owned()),
            ")" | "]" => depth -= 1,
            ";" => return Err("it goes on after a `;`".to_owned()),
            _ if token.kind == TokenKind::LineComment => {
                return Err("a comment with `--` would hide what follows: use `/* … */`".to_owned());
            }
            _ => {}
        }
    }
    if depth > 0 { Err("a parenthesis is not closed".to_owned()) } else { Ok(()) }
}

/// Returns the words of a text that stand in no parentheses.
pub(in crate::dialect) fn top_level<'t>(text: &'t str, syntax: &'static Syntax) -> Vec<Word<'t>> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for word in significant(text, syntax) {
        match word.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth == 0 => found.push(word),
            _ => {}
        }
    }
    found
}

/// Returns whether a text is one literal or one name, with a sign at most.
pub(in crate::dialect) fn is_atom(text: &str, syntax: &'static Syntax) -> bool {
    match significant(text, syntax).as_slice() {
        [_] => true,
        [sign, number] => ["+", "-"].contains(&sign.text) && number.text.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

/// Returns whether a text stands in parentheses as a whole.
pub(in crate::dialect) fn is_grouped(text: &str, syntax: &'static Syntax) -> bool {
    let words = significant(text, syntax);
    let mut depth = 0_usize;
    for (n, word) in words.iter().enumerate() {
        match word.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return n > 0 && n + 1 == words.len();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_reaches_beyond_its_place_is_refused() {
        // Promise: what an attribute says is one expression, and cannot say something else of the table by the way.
        let syntax = Syntax::named("sqlite").expect("it is one");
        for (text, expect) in [
            ("a > 0", ""),
            ("(a) + length(b)", ""),
            ("')'", ""),
            ("a) , b (", "a parenthesis is closed that was not opened"),
            ("(a", "a parenthesis is not closed"),
            ("1; DROP TABLE a", "it goes on after a `;`"),
            ("1 -- no", "a comment with `--` would hide what follows: use `/* … */`"),
            ("'a", "a string is not closed"),
        ] {
            assert_eq!(complete(text, syntax).err().unwrap_or_default(), expect, "{text}");
        }
        assert!(is_grouped("(1 + 2)", syntax) && !is_grouped("(1) + (2)", syntax) && !is_grouped("a", syntax));
        assert!(
            is_atom("-1", syntax) && is_atom("'x'", syntax) && !is_atom("a b", syntax) && !is_atom("1 + 2", syntax)
        );
    }
}
