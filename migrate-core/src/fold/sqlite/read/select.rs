//! Queries.

use super::ast::{Core, Cte, Expr, ResultColumn, Select, Source, SourceKind};
use super::reader::Reader;
use crate::fold::Problem;

impl Reader<'_> {
    /// Takes a query, with its WITH.
    pub(crate) fn query(&mut self) -> Result<Select, Problem> {
        self.enter()?;
        let start = self.here().start;
        let mut select = Select::default();
        if self.accept(&["WITH"]) {
            self.accept(&["RECURSIVE"]);
            loop {
                let cte = self.cte()?;
                select.ctes.push(cte);
                if !self.accept(&[","]) {
                    break;
                }
            }
        }
        loop {
            let core = self.core()?;
            select.cores.push(core);
            if self.accept(&["UNION", "ALL"]) {
                select.operators.push("UNION ALL");
                continue;
            }
            let Some(word) = ["UNION", "EXCEPT", "INTERSECT"].into_iter().find(|word| self.accept(&[word])) else {
                break;
            };
            select.operators.push(word);
        }
        // VALUES has neither an order nor a limit.
        if select.cores.last().is_some_and(|core| core.values.is_empty()) {
            self.order_and_limit(&mut select)?;
        }
        select.at = start..self.taken();
        self.leave();
        Ok(select)
    }

    fn order_and_limit(&mut self, select: &mut Select) -> Result<(), Problem> {
        let start = self.here();
        if self.is("ORDER") {
            self.order(&mut select.order)?;
        }
        if self.accept(&["LIMIT"]) {
            select.limit.push(self.expression()?);
            if self.accept(&["OFFSET"]) || self.accept(&[","]) {
                select.limit.push(self.expression()?);
            }
        }
        let operator = ["UNION", "EXCEPT", "INTERSECT"].into_iter().find(|word| self.is(word));
        let Some(operator) = operator.filter(|_| !(select.order.is_empty() && select.limit.is_empty())) else {
            return Ok(());
        };
        let clause = if select.order.is_empty() { "LIMIT" } else { "ORDER BY" };
        let all = if self.are(&["UNION", "ALL"]) { " ALL" } else { "" };
        let message = format!("{clause} clause should come after {operator}{all} not before");
        Err(Problem::new("sql-refused", start, message))
    }

    fn cte(&mut self) -> Result<Cte, Problem> {
        let name = self.name()?;
        let columns = if self.is("(") { self.names()? } else { Vec::new() };
        self.expect("AS")?;
        if !self.accept(&["NOT", "MATERIALIZED"]) {
            self.accept(&["MATERIALIZED"]);
        }
        self.expect("(")?;
        let query = self.query()?;
        self.expect(")")?;
        Ok(Cte { name, columns, query })
    }

    fn core(&mut self) -> Result<Core, Problem> {
        let mut core = Core::default();
        if self.accept(&["VALUES"]) {
            loop {
                self.expect("(")?;
                core.values.push(self.expressions()?);
                self.expect(")")?;
                if !self.accept(&[","]) {
                    return Ok(core);
                }
            }
        }
        self.expect("SELECT")?;
        if !self.accept(&["DISTINCT"]) {
            self.accept(&["ALL"]);
        }
        loop {
            let column = self.result_column()?;
            core.columns.push(column);
            if !self.accept(&[","]) {
                break;
            }
        }
        if self.accept(&["FROM"]) {
            core.from = self.sources()?;
        }
        if self.accept(&["WHERE"]) {
            core.filter.push(self.expression()?);
        }
        if self.accept(&["GROUP"]) {
            self.expect("BY")?;
            core.group = self.expressions()?;
        }
        if self.accept(&["HAVING"]) {
            core.rest.push(self.expression()?);
        }
        if self.accept(&["WINDOW"]) {
            loop {
                self.name()?;
                self.expect("AS")?;
                core.rest.extend(self.window()?.expressions);
                if !self.accept(&[","]) {
                    break;
                }
            }
        }
        Ok(core)
    }

    fn result_column(&mut self) -> Result<ResultColumn, Problem> {
        let here = self.here();
        if self.accept(&["*"]) {
            return Ok(ResultColumn::Star(None, here));
        }
        if self.cursor.is_at(1, ".") && self.cursor.is_at(2, "*") {
            let table = self.name()?;
            self.accept(&[".", "*"]);
            return Ok(ResultColumn::Star(Some(table), here));
        }
        let expr = self.expression()?;
        let alias = if self.accept(&["AS"]) { Some(self.name()?) } else { self.bare_alias() };
        Ok(ResultColumn::Expr { expr, alias })
    }

    /// Takes an alias that stands without AS: words that go on with the query are none.
    fn bare_alias(&mut self) -> Option<super::ast::Ident> {
        let goes_on = ["WINDOW", "LIKE", "GLOB", "MATCH", "REGEXP"];
        if goes_on.iter().any(|word| self.is(word)) { None } else { self.plain(true) }
    }

    /// Takes what stands after FROM.
    pub(super) fn sources(&mut self) -> Result<Vec<Source>, Problem> {
        self.enter()?;
        let start = self.here();
        let mut sources = vec![self.source()?];
        if sources[0].on.is_some() || !sources[0].using.is_empty() {
            let word = if sources[0].on.is_some() { "ON" } else { "USING" };
            return Err(Problem::new("sql-refused", start, format!("a JOIN clause is required before {word}")));
        }
        loop {
            let mut natural = false;
            let mut right = false;
            if !self.accept(&[","]) {
                let before = self.cursor.position();
                while let Some(word) =
                    ["NATURAL", "LEFT", "RIGHT", "FULL", "OUTER", "INNER", "CROSS"].iter().find(|word| self.is(word))
                {
                    natural |= *word == "NATURAL";
                    right |= *word == "RIGHT" || *word == "FULL";
                    self.cursor.take();
                }
                if !self.accept(&["JOIN"]) {
                    if before == self.cursor.position() {
                        break;
                    }
                    return Err(self.near());
                }
            }
            let mut source = self.source()?;
            (source.natural, source.right) = (natural, right);
            sources.push(source);
        }
        self.leave();
        Ok(sources)
    }

    fn source(&mut self) -> Result<Source, Problem> {
        let kind = if self.accept(&["("]) {
            let kind = if self.at_query() {
                SourceKind::Query(Box::new(self.query()?))
            } else {
                SourceKind::Group(self.sources()?)
            };
            self.expect(")")?;
            kind
        } else {
            let name = self.qualified()?;
            let mut arguments: Option<Vec<Expr>> = None;
            if self.accept(&["("]) {
                arguments = Some(if self.is(")") { Vec::new() } else { self.expressions()? });
                self.expect(")")?;
            }
            SourceKind::Table(name, arguments)
        };
        let alias = if self.accept(&["AS"]) { Some(self.name()?) } else { self.bare_alias() };
        if self.accept(&["INDEXED", "BY"]) {
            self.name()?;
        } else {
            self.accept(&["NOT", "INDEXED"]);
        }
        let mut source = Source { kind, alias, natural: false, right: false, on: None, using: Vec::new() };
        if self.accept(&["ON"]) {
            source.on = Some(self.expression()?);
        } else if self.accept(&["USING"]) {
            source.using = self.names()?;
        }
        Ok(source)
    }
}
