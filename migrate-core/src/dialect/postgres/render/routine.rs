//! Functions, procedures, aggregates.

use super::super::statement::{self, Mode};
use super::super::written;
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{Routine, RoutineId};

pub(super) fn plan(plan: &mut Plan<'_>) {
    for (id, routine) in &plan.schema.routines {
        let mut needs = plan.needs(&routine.references);
        needs.extend(routine.sql_body.iter().flat_map(|body| plan.needs(&body.references)));
        let kind = match routine.kind.as_str() {
            "procedure" => "PROCEDURE",
            "aggregate" => "AGGREGATE",
            _ => "FUNCTION",
        };
        let create = if kind == "AGGREGATE" { aggregate(id, routine) } else { create(kind, id, routine) };
        let name = format!("{}({})", written::object(&id.name), signature(routine));
        let comment = comment(kind, &name, routine.comment.as_deref());
        let node = Node::routine(id);
        let node = if kind == "AGGREGATE" { node } else { Node::part(Kind::Routine, &id.name, &id.arguments) };
        plan.add(node, needs, [create].into_iter().chain(comment));
    }
}

/// Returns the arguments by which a routine is found: all of an aggregate, those that are given of others.
fn signature(routine: &Routine) -> String {
    let arguments = statement::arguments(&routine.arguments);
    match arguments.filter(|_| routine.kind != "aggregate") {
        Some(arguments) => {
            let given = arguments.iter().filter(|argument| argument.mode != Mode::Out);
            given.map(|argument| argument.ty.to_string()).collect::<Vec<_>>().join(", ")
        }
        None if routine.arguments.is_empty() => "*".to_owned(),
        None => routine.arguments.clone(),
    }
}

fn create(kind: &str, id: &RoutineId, routine: &Routine) -> Sql {
    let mut sql = Sql::plain(format!("CREATE {kind} {}(", written::object(&id.name)));
    let arguments = sql.names(&routine.arguments, &routine.references);
    sql.push(&format!("{arguments})"));
    if !routine.returns.is_empty() {
        let returns = sql.names(&routine.returns, &routine.references);
        sql.push(&format!("\n    RETURNS {returns}"));
    }
    sql.push(&format!("\n    LANGUAGE {}", written::identifier(&routine.language)));
    if routine.kind == "window" {
        sql.push(" WINDOW");
    }
    let mut library = None;
    for attribute in &routine.attributes {
        match attribute.strip_prefix("AS ") {
            Some(file) => library = Some(file),
            None => sql.push(&format!("\n    {attribute}")),
        }
    }
    match (&routine.sql_body, library) {
        (Some(body), _) => {
            let text = sql.expression(body);
            sql.push(&format!("\n{text}"));
        }
        (None, Some(file)) => sql.push(&format!("\n    AS {file}, {}", dollars(&routine.body))),
        (None, None) => sql.push(&format!("\n    AS {}", dollars(&routine.body))),
    }
    sql
}

/// Returns a body between dollars that it does not have.
fn dollars(body: &str) -> String {
    let tags =
        std::iter::once(String::new()).chain((0..).map(|n| if n == 0 { "body".into() } else { format!("body{n}") }));
    // A dollar at the end would begin the closing quote.
    let free = |tag: &String| !format!("{body}$").contains(&format!("${tag}$"));
    let tag = tags.into_iter().find(free).unwrap_or_default();
    format!("${tag}${body}${tag}$")
}

/// The words with which the attributes of an aggregate do not begin in its definition.
const PARALLEL: &str = "PARALLEL ";

fn aggregate(id: &RoutineId, routine: &Routine) -> Sql {
    let arguments = if routine.arguments.is_empty() { "*" } else { &routine.arguments };
    let mut parts: Vec<String> = routine
        .attributes
        .iter()
        .map(|attribute| match attribute.strip_prefix(PARALLEL) {
            Some(word) => format!("PARALLEL = {word}"),
            None => attribute.clone(),
        })
        .filter(|part| part != "STRICT")
        .collect();
    // The server wants the transition's function and type first for its messages alone; so do people.
    parts.sort_by_key(|part| (!part.starts_with("SFUNC"), !part.starts_with("STYPE"), part.clone()));
    let text = format!("CREATE AGGREGATE {}({arguments}) ({})", written::object(&id.name), parts.join(", "));
    Sql::of(text, &routine.references, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_quoted_by_what_they_do_not_have() {
        assert_eq!(dollars("SELECT 1"), "$$SELECT 1$$");
        assert_eq!(dollars("SELECT $$x$$"), "$body$SELECT $$x$$$body$");
        assert_eq!(dollars("SELECT $$x$$ $body$"), "$body1$SELECT $$x$$ $body$$body1$");
    }
}
