//! From tokens to a tree, by sqlparser and inference, on a stack that is large enough.

use std::cell::Cell;
use std::thread;

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token as Out;

use super::convert::Converter;
use super::environment::Environment;
use super::infer::Inference;
use super::lex::Token;
use super::node::Node;
use super::rewrite::{Rewritten, rewrite};

/// The most tokens of an expression that is read as a tree.
const TOKENS: usize = 20_000;

/// The most tokens that are read on the caller's stack.
const SMALL: usize = 600;

/// How deep sqlparser goes, and how deep its tree may be, on the caller's stack: in a debug build a level takes tens of
/// kilobytes of the one, and some of the other.
const SHALLOW: (usize, usize) = (12, 25);

/// The same on a stack of its own.
const DEEP: (usize, usize) = (400, 150);

/// The stack for the deepest nesting and the longest chain that are read, with room in a debug build.
const STACK: usize = 256 << 20;

/// The most nodes that inference looks at for one expression.
const NODES: usize = 60_000;

/// The deepest tree that leaves here, so that whoever walks or drops it may recurse.
const DEPTH: usize = 200;

/// Returns the tree of an expression, `None` where it cannot be read as one.
pub(super) fn parse(tokens: &[Token], environment: &Environment) -> Option<Node> {
    if tokens.is_empty() || tokens.len() > TOKENS {
        return None;
    }
    if tokens.len() <= SMALL {
        match read(rewrite(tokens).ok()?, environment, SHALLOW) {
            Read::Tree(node) => return Some(node),
            Read::Unreadable => return None,
            Read::TooDeep => {}
        }
    }
    let rewritten = rewrite(tokens).ok()?;
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK);
        let reader = reader.spawn_scoped(scope, || read(rewritten, environment, DEEP)).ok()?;
        match reader.join() {
            Ok(Read::Tree(node)) => Some(node),
            _ => None,
        }
    })
}

enum Read {
    Tree(Node),
    Unreadable,
    TooDeep,
}

fn read(rewritten: Rewritten, environment: &Environment, (depth, tree): (usize, usize)) -> Read {
    let mut parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(depth).with_tokens(rewritten.tokens);
    let expression = match parser.parse_expr() {
        Ok(expression) => expression,
        Err(ParserError::RecursionLimitExceeded) => return Read::TooDeep,
        Err(_) => return Read::Unreadable,
    };
    if parser.peek_token().token != Out::EOF {
        return Read::Unreadable;
    }
    let mut converter = Converter::new(&rewritten.types, &rewritten.symmetric, tree);
    let Some(node) = converter.node(&expression) else {
        return if converter.is_too_deep() { Read::TooDeep } else { Read::Unreadable };
    };
    let budget = Cell::new(NODES);
    let node = Inference::new(environment, &budget).whole(node);
    if node.is_deeper_than(DEPTH) { Read::Unreadable } else { Read::Tree(node) }
}
