//! What may follow an operand.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token as Out;

use super::{Rewriter, Unreadable, typename};
use crate::dialect::postgres::expression::lex::{Kind, Token};
use crate::dialect::postgres::expression::node::MARK;

/// Returns the token of an operator before its operand.
pub(super) fn prefix(operator: &str) -> Result<Out, Unreadable> {
    Ok(match operator {
        "+" => Out::Plus,
        "-" => Out::Minus,
        "~" => Out::Tilde,
        "@" => Out::AtSign,
        "|/" => Out::PGSquareRoot,
        "||/" => Out::PGCubeRoot,
        _ => return Err(Unreadable),
    })
}

/// Returns the token of an operator between operands.
///
/// All but the comparisons and the arithmetic bind alike in PostgreSQL, so they are the same to sqlparser.
fn infix(operator: &str) -> Out {
    match operator {
        "=" => Out::Eq,
        "<>" => Out::Neq,
        "<" => Out::Lt,
        ">" => Out::Gt,
        "<=" => Out::LtEq,
        ">=" => Out::GtEq,
        "+" => Out::Plus,
        "-" => Out::Minus,
        "*" => Out::Mul,
        "/" => Out::Div,
        "%" => Out::Mod,
        "^" => Out::Caret,
        _ => Out::CustomBinaryOperator(operator.to_owned()),
    }
}

impl Rewriter {
    pub(super) fn after_operand(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let token = &tokens[at];
        match token.kind {
            Kind::Operator if token.text == "::" => {
                let (data_type, end) = typename::read(tokens, at + 1).ok_or(Unreadable)?;
                self.cast(data_type);
                Ok((end, true))
            }
            Kind::Operator if token.text == "=>" || token.text == ":=" => {
                self.push(Out::RArrow);
                Ok((at + 1, false))
            }
            Kind::Operator => {
                self.push(infix(&token.text));
                Ok((at + 1, false))
            }
            Kind::Punctuation if token.text == "." => Ok((self.field(tokens, at)?, true)),
            Kind::Punctuation => self.bracket(token, at),
            Kind::Word => self.infix_word(tokens, at),
            _ => Err(Unreadable),
        }
    }

    fn infix_word(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let next = |offset: usize, word: &str| tokens.get(at + offset).is_some_and(|token| token.is(word));
        let simple = match tokens[at].text.as_str() {
            "and" => (Keyword::AND, false),
            "or" => (Keyword::OR, false),
            "then" => (Keyword::THEN, false),
            "when" => (Keyword::WHEN, false),
            "else" => (Keyword::ELSE, false),
            "end" => (Keyword::END, true),
            "escape" => (Keyword::ESCAPE, false),
            "overlaps" => (Keyword::OVERLAPS, false),
            "is" => return self.is(tokens, at + 1),
            "isnull" => {
                self.keyword(Keyword::IS);
                (Keyword::NULL, true)
            }
            "notnull" => {
                self.keyword(Keyword::IS);
                self.keyword(Keyword::NOT);
                (Keyword::NULL, true)
            }
            "not" => return self.range_word(tokens, at + 1, Negation::Not),
            "in" | "between" | "like" | "ilike" | "similar" => return self.range_word(tokens, at, Negation::None),
            "at" if next(1, "local") => {
                self.keywords(&[Keyword::AT, Keyword::TIME, Keyword::ZONE]);
                self.quoted(&format!("{MARK}local"));
                return Ok((at + 2, true));
            }
            "at" if next(1, "time") && next(2, "zone") => {
                self.keywords(&[Keyword::AT, Keyword::TIME, Keyword::ZONE]);
                return Ok((at + 3, false));
            }
            "collate" => return self.collate(tokens, at + 1),
            "operator" => return self.written_operator(tokens, at + 1),
            _ => return Err(Unreadable),
        };
        self.keyword(simple.0);
        Ok((at + 1, simple.1))
    }

    /// Rewrites what follows IS.
    fn is(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        self.keyword(Keyword::IS);
        let not = tokens.get(at).is_some_and(|token| token.is("not"));
        let first = at + usize::from(not);
        let word = tokens.get(first).filter(|token| token.kind == Kind::Word).ok_or(Unreadable)?;
        let keyword = match word.text.as_str() {
            "null" => Keyword::NULL,
            "true" => Keyword::TRUE,
            "false" => Keyword::FALSE,
            "unknown" => Keyword::UNKNOWN,
            "distinct" if tokens.get(first + 1).is_some_and(|token| token.is("from")) => {
                if not {
                    self.keyword(Keyword::NOT);
                }
                self.keyword(Keyword::DISTINCT);
                self.keyword(Keyword::FROM);
                return Ok((first + 2, false));
            }
            "json" | "document" | "normalized" | "nfc" | "nfd" | "nfkc" | "nfkd" => {
                return Ok((self.predicate(tokens, first, not), true));
            }
            _ => return Err(Unreadable),
        };
        if not {
            self.keyword(Keyword::NOT);
        }
        self.keyword(keyword);
        Ok((first + 1, true))
    }

    /// Rewrites `IS JSON OBJECT WITH UNIQUE KEYS` and its like to IS DISTINCT FROM the words, which binds the same.
    fn predicate(&mut self, tokens: &[Token], first: usize, not: bool) -> usize {
        let continues = ["value", "scalar", "array", "object", "with", "without", "unique", "keys", "normalized"];
        let mut words = vec![tokens[first].text.as_str()];
        while let Some(token) = tokens.get(first + words.len()) {
            if !continues.iter().any(|word| token.is(word)) {
                break;
            }
            words.push(&token.text);
        }
        let end = first + words.len();
        words.retain(|word| *word != "keys" && *word != "value");
        self.keyword(Keyword::DISTINCT);
        self.keyword(Keyword::FROM);
        self.quoted(&format!("{MARK}{}{}", if not { "not " } else { "" }, words.join(" ")));
        end
    }

    fn range_word(&mut self, tokens: &[Token], at: usize, not: Negation) -> Result<(usize, bool), Unreadable> {
        let word = tokens.get(at).ok_or(Unreadable)?;
        let next = |word: &str| tokens.get(at + 1).is_some_and(|token| token.is(word));
        let negated = not == Negation::Not;
        if (word.is("like") || word.is("ilike")) && quantifies(tokens, at + 1) {
            let bang = if negated { "!" } else { "" };
            let star = if word.is("ilike") { "*" } else { "" };
            self.push(infix(&format!("{bang}~~{star}")));
            return Ok((at + 1, false));
        }
        if negated {
            self.keyword(Keyword::NOT);
        }
        match word.text.as_str() {
            "in" => self.keyword(Keyword::IN),
            "like" => self.keyword(Keyword::LIKE),
            "ilike" => self.keyword(Keyword::ILIKE),
            "similar" if next("to") => {
                self.keyword(Keyword::SIMILAR);
                self.keyword(Keyword::TO);
                return Ok((at + 2, false));
            }
            "between" => {
                self.keyword(Keyword::BETWEEN);
                self.out.symmetric.push(next("symmetric"));
                return Ok((at + 1 + usize::from(next("symmetric") || next("asymmetric")), false));
            }
            _ => return Err(Unreadable),
        }
        Ok((at + 1, false))
    }

    fn collate(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let mut name = tokens.get(at).filter(|token| token.is_name()).ok_or(Unreadable)?.text.clone();
        let mut end = at + 1;
        while tokens.get(end).is_some_and(|token| token.punctuates(".")) {
            let part = tokens.get(end + 1).filter(|token| token.is_name()).ok_or(Unreadable)?;
            name = if name == "pg_catalog" { part.text.clone() } else { format!("{name}.{}", part.text) };
            end += 2;
        }
        self.keyword(Keyword::COLLATE);
        self.quoted(&name);
        Ok((end, true))
    }

    /// Rewrites `OPERATOR(schema.+)`, which binds as any other operator.
    fn written_operator(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let length = tokens[at..].iter().position(|token| token.punctuates(")")).ok_or(Unreadable)?;
        let [open, schema @ .., operator] = &tokens[at..at + length] else { return Err(Unreadable) };
        if !open.punctuates("(") || operator.kind != Kind::Operator {
            return Err(Unreadable);
        }
        let schema: String = schema.iter().map(|token| token.text.as_str()).collect();
        let schema = if schema == "pg_catalog." { "" } else { &schema };
        self.push(Out::CustomBinaryOperator(format!("{schema}{}", operator.text)));
        Ok((at + length + 1, false))
    }
}

/// Whether NOT stands before a keyword.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Negation {
    None,
    Not,
}

/// Returns whether ANY, SOME or ALL stands here.
fn quantifies(tokens: &[Token], at: usize) -> bool {
    ["any", "some", "all"].iter().any(|word| tokens.get(at).is_some_and(|token| token.is(word)))
        && tokens.get(at + 1).is_some_and(|token| token.punctuates("("))
}
