//! Every table that a query names, whether it is one or a WITH query.

use super::ast::{Expr, Node, Qualified, Select, Source, SourceKind, TriggerDef};

/// Visits the names of tables in a query, with those of the WITH queries that hide them.
pub(crate) fn tables<'s>(select: &'s Select, visit: &mut dyn FnMut(&'s Qualified, bool)) {
    Visitor { visit, hidden: Vec::new() }.select(select);
}

/// Visits the names of tables in a trigger's body.
pub(crate) fn trigger_tables<'s>(trigger: &'s TriggerDef, visit: &mut dyn FnMut(&'s Qualified, bool)) {
    let mut visitor = Visitor { visit, hidden: Vec::new() };
    trigger.when.iter().for_each(|when| visitor.expr(when));
    for step in &trigger.steps {
        step.query.iter().for_each(|query| visitor.select(query));
        step.expressions.iter().chain(&step.upsert).for_each(|expr| visitor.expr(expr));
        visitor.sources(&step.from);
    }
}

struct Visitor<'s, 'v> {
    visit: &'v mut dyn FnMut(&'s Qualified, bool),
    hidden: Vec<&'s str>,
}

impl<'s> Visitor<'s, '_> {
    fn select(&mut self, select: &'s Select) {
        let before = self.hidden.len();
        self.hidden.extend(select.ctes.iter().map(|cte| cte.name.name.as_str()));
        select.ctes.iter().for_each(|cte| self.select(&cte.query));
        for core in &select.cores {
            self.sources(&core.from);
            for column in &core.columns {
                if let super::ast::ResultColumn::Expr { expr, .. } = column {
                    self.expr(expr);
                }
            }
            let lists = [&core.filter, &core.group, &core.rest];
            lists.into_iter().chain(&core.values).flatten().for_each(|expr| self.expr(expr));
        }
        select.order.iter().chain(&select.limit).for_each(|expr| self.expr(expr));
        self.hidden.truncate(before);
    }

    fn sources(&mut self, sources: &'s [Source]) {
        for source in sources {
            match &source.kind {
                SourceKind::Table(name, arguments) => {
                    if arguments.is_none() {
                        self.table(name);
                    }
                    arguments.iter().flatten().for_each(|expr| self.expr(expr));
                }
                SourceKind::Query(query) => self.select(query),
                SourceKind::Group(inner) => self.sources(inner),
            }
            source.on.iter().for_each(|on| self.expr(on));
        }
    }

    fn table(&mut self, name: &'s Qualified) {
        let hidden = name.database.is_none() && self.hidden.iter().any(|hidden| name.name.is(hidden));
        (self.visit)(name, hidden);
    }

    fn expr(&mut self, expr: &'s Expr) {
        for node in &expr.nodes {
            match node {
                Node::Call(call) => {
                    call.arguments.iter().chain(&call.more).for_each(|expr| self.expr(expr));
                    call.window.iter().flat_map(|window| &window.expressions).for_each(|expr| self.expr(expr));
                }
                Node::Group(list) | Node::Case(list) => list.iter().for_each(|expr| self.expr(expr)),
                Node::Cast(expr, _) => self.expr(expr),
                Node::Query(query) => self.select(query),
                Node::InTable(table, arguments) => {
                    self.table(table);
                    arguments.iter().for_each(|expr| self.expr(expr));
                }
                Node::Raise(_, Some(message)) => self.expr(message),
                _ => {}
            }
        }
    }
}
