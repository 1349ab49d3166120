//! Expressions.

use super::ast::{Call, Expr, Node, Operator, Select, Window};
use super::reader::Reader;
use crate::fold::Problem;
use crate::sql::TokenKind;

/// Operators of two characters, which must be looked for before those of one.
const PAIRS: &[(&str, &str)] =
    &[("|", "|"), ("<", "<"), (">", ">"), ("<", "="), (">", "="), ("=", "="), ("!", "="), ("<", ">"), ("-", ">")];

const SINGLES: &[&str] = &["+", "-", "*", "/", "%", "|", "&", "<", ">", "=", "AND", "OR"];

impl Reader<'_> {
    /// Takes an expression.
    pub(crate) fn expression(&mut self) -> Result<Expr, Problem> {
        self.enter()?;
        let start = self.here().start;
        let mut expr = Expr::default();
        // Of `a BETWEEN b AND c` the AND is no operator of its own.
        let mut betweens = 0_usize;
        loop {
            self.operand(&mut expr)?;
            if !self.operator(&mut expr, &mut betweens)? {
                break;
            }
        }
        if betweens > 0 {
            return Err(self.near());
        }
        expr.at = start..self.taken();
        self.leave();
        Ok(expr)
    }

    /// Takes expressions that commas separate.
    pub(crate) fn expressions(&mut self) -> Result<Vec<Expr>, Problem> {
        let mut list = vec![self.expression()?];
        while self.accept(&[","]) {
            list.push(self.expression()?);
        }
        Ok(list)
    }

    fn operand(&mut self, expr: &mut Expr) -> Result<(), Problem> {
        loop {
            let sign = self.is("+") || self.is("-");
            if self.is("NOT") && self.cursor.is_at(1, "EXISTS") {
                self.cursor.take();
            } else if !(sign || self.is("~") || self.is("NOT")) {
                break;
            } else {
                self.cursor.take();
            }
            expr.nodes.push(Node::Operator(if sign { Operator::Sign } else { Operator::Other }));
        }
        let node = self.primary()?;
        expr.nodes.push(node);
        Ok(())
    }

    fn primary(&mut self) -> Result<Node, Problem> {
        let Some(token) = self.peek() else { return Err(self.near()) };
        let at = token.start..token.end;
        match token.kind {
            TokenKind::Open => return self.parenthesis(),
            TokenKind::Number => {
                self.cursor.take();
                return Ok(Node::Literal);
            }
            TokenKind::String => {
                if !self.cursor.text_of(token).starts_with('\'') {
                    self.cursor.take();
                    return Ok(Node::Literal);
                }
                return Ok(Node::String(self.name()?));
            }
            TokenKind::Parameter => {
                self.cursor.take();
                return Ok(Node::Parameter(at));
            }
            _ => {}
        }
        if self.accept(&["NULL"]) {
            return Ok(Node::Literal);
        }
        if ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].iter().any(|word| self.accept(&[word])) {
            return Ok(Node::Now(at));
        }
        if self.accept(&["CASE"]) {
            return self.case();
        }
        if self.accept(&["EXISTS"]) {
            self.expect("(")?;
            return self.query_until_close();
        }
        if self.accept(&["CAST", "("]) {
            let value = self.expression()?;
            self.expect("AS")?;
            let ty = self.type_name()?;
            self.expect(")")?;
            return Ok(Node::Cast(Box::new(value), ty));
        }
        if self.accept(&["RAISE", "("]) {
            return self.raise(at);
        }
        self.name_or_call()
    }

    fn parenthesis(&mut self) -> Result<Node, Problem> {
        self.expect("(")?;
        if self.at_query() {
            return self.query_until_close();
        }
        let list = self.expressions()?;
        self.expect(")")?;
        Ok(Node::Group(list))
    }

    pub(super) fn at_query(&self) -> bool {
        self.is("SELECT") || self.is("VALUES") || (self.is("WITH") && !self.cursor.is_at(1, ")"))
    }

    fn query_until_close(&mut self) -> Result<Node, Problem> {
        let query: Select = self.query()?;
        self.expect(")")?;
        Ok(Node::Query(Box::new(query)))
    }

    fn case(&mut self) -> Result<Node, Problem> {
        let mut list = Vec::new();
        if !self.is("WHEN") {
            list.push(self.expression()?);
        }
        self.expect("WHEN")?;
        loop {
            list.push(self.expression()?);
            self.expect("THEN")?;
            list.push(self.expression()?);
            if !self.accept(&["WHEN"]) {
                break;
            }
        }
        if self.accept(&["ELSE"]) {
            list.push(self.expression()?);
        }
        self.expect("END")?;
        Ok(Node::Case(list))
    }

    fn raise(&mut self, at: std::ops::Range<usize>) -> Result<Node, Problem> {
        if self.accept(&["IGNORE", ")"]) {
            return Ok(Node::Raise(at, None));
        }
        if !["ROLLBACK", "ABORT", "FAIL"].iter().any(|word| self.accept(&[word])) {
            return Err(self.near());
        }
        self.expect(",")?;
        let message = self.expression()?;
        self.expect(")")?;
        Ok(Node::Raise(at, Some(Box::new(message))))
    }

    fn name_or_call(&mut self) -> Result<Node, Problem> {
        if self.accept(&["CAST"]) || self.accept(&["RAISE"]) {
            return Err(self.near());
        }
        let first = self.column().ok_or_else(|| self.near())?;
        if self.is("(") {
            return self.call(first);
        }
        let mut names = vec![first];
        while names.len() < 3 && self.is(".") && !self.cursor.is_at(1, "*") {
            self.cursor.take();
            names.push(self.name()?);
        }
        Ok(Node::Name(names))
    }

    fn call(&mut self, name: super::ast::Ident) -> Result<Node, Problem> {
        self.expect("(")?;
        let mut call = Call { name, arguments: Vec::new(), star: false, more: Vec::new(), window: None };
        if self.accept(&["*"]) {
            call.star = true;
        } else if !self.is(")") {
            if !self.accept(&["DISTINCT"]) {
                self.accept(&["ALL"]);
            }
            call.arguments = self.expressions()?;
            if self.is("ORDER") {
                self.order(&mut call.more)?;
            }
        }
        self.expect(")")?;
        if self.accept(&["FILTER", "("]) {
            self.expect("WHERE")?;
            call.more.push(self.expression()?);
            self.expect(")")?;
        }
        if self.is("OVER") && (self.cursor.is_at(1, "(") || self.word_follows()) {
            self.cursor.take();
            call.window = Some(if self.is("(") { self.window()? } else { self.name().map(|_| Window::default())? });
        }
        Ok(Node::Call(Box::new(call)))
    }

    /// Returns whether the token after the next can be the name of a window.
    fn word_follows(&self) -> bool {
        self.cursor.peek_at(1).is_some_and(|token| {
            token.kind == TokenKind::QuotedName
                || (token.kind == TokenKind::Word && !super::reader::is_reserved(self.cursor.text_of(token)))
        })
    }

    /// Takes the definition of a window in parentheses.
    pub(super) fn window(&mut self) -> Result<Window, Problem> {
        let mut window = Window::default();
        self.expect("(")?;
        let starts = ["PARTITION", "ORDER", "RANGE", "ROWS", "GROUPS", ")"];
        if !starts.iter().any(|word| self.is(word)) {
            self.name()?;
        }
        if self.accept(&["PARTITION"]) {
            self.expect("BY")?;
            window.expressions.extend(self.expressions()?);
        }
        if self.is("ORDER") {
            self.order(&mut window.expressions)?;
        }
        if ["RANGE", "ROWS", "GROUPS"].iter().any(|word| self.accept(&[word])) {
            let between = self.accept(&["BETWEEN"]);
            self.bound(&mut window)?;
            if between {
                self.expect("AND")?;
                self.bound(&mut window)?;
            }
            if self.accept(&["EXCLUDE"]) {
                let known = self.accept(&["NO", "OTHERS"])
                    || self.accept(&["CURRENT", "ROW"])
                    || self.accept(&["GROUP"])
                    || self.accept(&["TIES"]);
                if !known {
                    return Err(self.near());
                }
            }
        }
        self.expect(")")?;
        Ok(window)
    }

    fn bound(&mut self, window: &mut Window) -> Result<(), Problem> {
        if self.accept(&["CURRENT", "ROW"]) {
            return Ok(());
        }
        if !self.accept(&["UNBOUNDED"]) {
            // The AND after it belongs to the frame: a bound is one operand with its operators, but never AND.
            let mut expr = Expr { at: self.here(), ..Expr::default() };
            self.operand(&mut expr)?;
            while !self.is("PRECEDING") && !self.is("FOLLOWING") && self.operator(&mut expr, &mut 0)? {
                self.operand(&mut expr)?;
            }
            expr.at.end = self.taken();
            window.expressions.push(expr);
        }
        if self.accept(&["PRECEDING"]) || self.accept(&["FOLLOWING"]) { Ok(()) } else { Err(self.near()) }
    }

    /// Takes `ORDER BY …`.
    pub(super) fn order(&mut self, list: &mut Vec<Expr>) -> Result<(), Problem> {
        self.expect("ORDER")?;
        self.expect("BY")?;
        loop {
            list.push(self.expression()?);
            self.direction()?;
            if !self.accept(&[","]) {
                return Ok(());
            }
        }
    }

    /// Takes ASC, DESC and NULLS, and returns whether it was DESC.
    pub(super) fn direction(&mut self) -> Result<bool, Problem> {
        let descending = self.accept(&["DESC"]);
        if !descending {
            self.accept(&["ASC"]);
        }
        if self.accept(&["NULLS"]) && !(self.accept(&["FIRST"]) || self.accept(&["LAST"])) {
            return Err(self.near());
        }
        Ok(descending)
    }

    /// Takes postfixes and then an operator; returns whether an operand must follow.
    fn operator(&mut self, expr: &mut Expr, betweens: &mut usize) -> Result<bool, Problem> {
        loop {
            if self.accept(&["COLLATE"]) {
                let name = self.plain(true).ok_or_else(|| self.near())?;
                expr.nodes.push(Node::Collate(name));
            } else if self.accept(&["ISNULL"]) || self.accept(&["NOTNULL"]) || self.accept(&["NOT", "NULL"]) {
                expr.nodes.push(Node::Operator(Operator::Other));
            } else if self.is("IN") || self.are(&["NOT", "IN"]) {
                self.accept(&["NOT"]);
                self.cursor.take();
                let node = self.members()?;
                expr.nodes.push(Node::Operator(Operator::Other));
                expr.nodes.push(node);
            } else {
                break;
            }
        }
        let found = self.infix(betweens);
        if found {
            expr.nodes.push(Node::Operator(Operator::Other));
        }
        Ok(found)
    }

    fn members(&mut self) -> Result<Node, Problem> {
        if self.accept(&["("]) {
            if self.accept(&[")"]) {
                return Ok(Node::Group(Vec::new()));
            }
            if self.at_query() {
                return self.query_until_close();
            }
            let list = self.expressions()?;
            self.expect(")")?;
            return Ok(Node::Group(list));
        }
        let table = self.qualified()?;
        let mut arguments = Vec::new();
        if self.accept(&["("]) && !self.accept(&[")"]) {
            arguments = self.expressions()?;
            self.expect(")")?;
        }
        Ok(Node::InTable(table, arguments))
    }

    fn infix(&mut self, betweens: &mut usize) -> bool {
        if self.accept(&["IS"]) {
            let _ = self.accept(&["NOT", "DISTINCT", "FROM"])
                || self.accept(&["DISTINCT", "FROM"])
                || self.accept(&["NOT"]);
            return true;
        }
        let negated = usize::from(self.is("NOT"));
        if self.cursor.is_at(negated, "BETWEEN") {
            *betweens += 1;
            self.accept(&["NOT"]);
            return self.accept(&["BETWEEN"]);
        }
        if ["LIKE", "GLOB", "REGEXP", "MATCH"].iter().any(|word| self.cursor.is_at(negated, word)) {
            self.accept(&["NOT"]);
            return self.cursor.take().is_some();
        }
        if self.accept(&["ESCAPE"]) {
            return true;
        }
        for (first, second) in PAIRS {
            if self.pair(first, second) {
                self.accept(&[first, second]);
                // `->>` has a third character.
                if *first == "-" {
                    self.accept(&[">"]);
                }
                return true;
            }
        }
        if self.is("AND") {
            *betweens = betweens.saturating_sub(1);
        }
        SINGLES.iter().any(|word| self.accept(&[word]))
    }
}
