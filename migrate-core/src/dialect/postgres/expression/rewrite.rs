//! The tokens that sqlparser gets for an expression.
//!
//! sqlparser knows the keywords and types of every database, and some of PostgreSQL's syntax only half. So it is given
//! the structure alone: types become one name each, syntax of its own (`trim(both from a)`) becomes the call of the
//! function that the server makes of it, and a name is never a keyword. What it makes of that is precedence and
//! nesting.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token as Out, Word};

use super::lex::{Kind, Token};
use super::node::{ALL, ANY, MARK, VARIADIC};
use super::typename::{self, Type};

mod call;
mod operator;

/// What was read cannot be expressed to sqlparser.
#[derive(Debug)]
pub(super) struct Unreadable;

/// The deepest nesting of brackets that is read as a tree.
const DEPTH: usize = 100;

/// An expression for sqlparser.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    /// Its tokens.
    pub(super) tokens: Vec<Out>,
    /// The types that it names: a type's name in `tokens` is [`MARK`] and its place in here.
    pub(super) types: Vec<Type>,
    /// For each BETWEEN from left to right whether it is SYMMETRIC.
    pub(super) symmetric: Vec<bool>,
}

/// Rewrites the tokens of an expression.
pub(super) fn rewrite(tokens: &[Token]) -> Result<Rewritten, Unreadable> {
    let mut depth = 0_usize;
    for token in tokens.iter().filter(|token| token.kind == Kind::Punctuation) {
        match token.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1).ok_or(Unreadable)?,
            _ => {}
        }
        if depth > DEPTH {
            return Err(Unreadable);
        }
    }
    let mut rewriter = Rewriter { out: Rewritten::default() };
    rewriter.expression(tokens)?;
    Ok(rewriter.out)
}

struct Rewriter {
    out: Rewritten,
}

impl Rewriter {
    /// Rewrites tokens that are an expression, or several with commas between them.
    fn expression(&mut self, tokens: &[Token]) -> Result<(), Unreadable> {
        let mut at = 0;
        // Whether what stands before is an operand, so that a name or an operator means the one or the other.
        let mut operand = false;
        while at < tokens.len() {
            (at, operand) = if operand { self.after_operand(tokens, at)? } else { self.operand(tokens, at)? };
        }
        Ok(())
    }

    fn operand(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let token = &tokens[at];
        match token.kind {
            Kind::Text => self.push(Out::SingleQuotedString(token.text.clone())),
            Kind::Number => self.push(Out::Number(token.text.clone(), false)),
            Kind::Bits => self.typed_string(&token.text, Type::server("bit")),
            Kind::National => self.typed_string(&token.text, Type::server("bpchar")),
            Kind::Operator => {
                self.push(operator::prefix(&token.text)?);
                return Ok((at + 1, false));
            }
            Kind::Punctuation => return self.bracket(token, at),
            Kind::Quoted => return self.typed_literal(tokens, at).map_or_else(|| self.name(tokens, at), Ok),
            Kind::Word => return self.word(tokens, at),
        }
        Ok((at + 1, true))
    }

    /// Rewrites brackets and commas where an operand may follow.
    fn bracket(&mut self, token: &Token, at: usize) -> Result<(usize, bool), Unreadable> {
        let (out, operand) = match token.text.as_str() {
            "(" => (Out::LParen, false),
            ")" => (Out::RParen, true),
            "[" => (Out::LBracket, false),
            "]" => (Out::RBracket, true),
            "," => (Out::Comma, false),
            ":" => (Out::Colon, false),
            _ => return Err(Unreadable),
        };
        self.push(out);
        Ok((at + 1, operand))
    }

    fn word(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        let token = &tokens[at];
        let opens = tokens.get(at + 1).is_some_and(|next| next.punctuates("("));
        let keyword = match token.text.as_str() {
            "not" => Some((Keyword::NOT, false)),
            "case" => Some((Keyword::CASE, false)),
            "when" => Some((Keyword::WHEN, false)),
            "null" => Some((Keyword::NULL, true)),
            "true" => Some((Keyword::TRUE, true)),
            "false" => Some((Keyword::FALSE, true)),
            "array" if tokens.get(at + 1).is_some_and(|next| next.punctuates("[")) => Some((Keyword::ARRAY, false)),
            _ => None,
        };
        if let Some((keyword, operand)) = keyword {
            self.keyword(keyword);
            return Ok((at + 1, operand));
        }
        if opens && (token.is("any") || token.is("some") || token.is("all")) {
            // A call to sqlparser, which else takes it after some operators only.
            self.quoted(if token.is("all") { ALL } else { ANY });
            return Ok((at + 1, true));
        }
        if opens {
            if let Some(end) = self.special_call(tokens, at)? {
                return Ok((end, true));
            }
        }
        if token.is("variadic") {
            self.quoted(VARIADIC);
            self.push(Out::RArrow);
            return Ok((at + 1, false));
        }
        if let Some(end) = self.value_function(tokens, at) {
            return Ok((end, true));
        }
        if let Some(found) = self.typed_literal(tokens, at) {
            return Ok(found);
        }
        if is_reserved(&token.text) {
            return Err(Unreadable);
        }
        self.name(tokens, at)
    }

    /// Rewrites a name with what stands before it in front of periods.
    fn name(&mut self, tokens: &[Token], at: usize) -> Result<(usize, bool), Unreadable> {
        self.quoted(&tokens[at].text);
        let mut end = at + 1;
        while tokens.get(end).is_some_and(|token| token.punctuates(".")) {
            end = self.field(tokens, end)?;
        }
        Ok((end, true))
    }

    fn field(&mut self, tokens: &[Token], at: usize) -> Result<usize, Unreadable> {
        let name = tokens.get(at + 1).filter(|token| token.is_name()).ok_or(Unreadable)?;
        self.push(Out::Period);
        self.quoted(&name.text);
        Ok(at + 2)
    }

    /// Rewrites `type 'text'`, if that is what stands here.
    fn typed_literal(&mut self, tokens: &[Token], at: usize) -> Option<(usize, bool)> {
        let first = &tokens[at];
        if first.kind == Kind::Word && is_reserved(&first.text) {
            return None;
        }
        let (mut data_type, mut end) = typename::read(tokens, at)?;
        let text = tokens.get(end).filter(|token| token.kind == Kind::Text)?;
        end += 1;
        if data_type.is("interval") && data_type.modifier.is_none() {
            // The fields stand after the text.
            (data_type, end) = typename::interval(tokens, end);
        }
        self.typed_string(&text.text, data_type);
        Some((end, true))
    }

    fn typed_string(&mut self, text: &str, data_type: Type) {
        self.push(Out::SingleQuotedString(text.to_owned()));
        self.cast(data_type);
    }

    fn cast(&mut self, data_type: Type) {
        self.push(Out::DoubleColon);
        self.quoted(&format!("{MARK}{}", self.out.types.len()));
        self.out.types.push(data_type);
    }

    fn push(&mut self, token: Out) {
        self.out.tokens.push(token);
    }

    fn keyword(&mut self, keyword: Keyword) {
        self.push(Out::Word(Word { value: format!("{keyword:?}"), quote_style: None, keyword }));
    }

    fn keywords(&mut self, keywords: &[Keyword]) {
        for keyword in keywords {
            self.keyword(*keyword);
        }
    }

    fn quoted(&mut self, name: &str) {
        self.push(Out::Word(Word { value: name.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword }));
    }
}

/// Returns whether a word can be no name.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// What no name can be without quotes, and what begins a query: an expression with such a word is left as it is.
const RESERVED: [&str; 75] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "between",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "grouping",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "is",
    "isnull",
    "lateral",
    "leading",
    "like",
    "limit",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "similar",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_reserved_words_are_sorted() {
        assert!(super::RESERVED.is_sorted());
    }
}
