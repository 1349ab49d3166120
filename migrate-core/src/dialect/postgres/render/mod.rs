//! A schema as DDL, a file for each kind of object.
//!
//! 1. Every object becomes a [`Node`] with the statements that make it and the nodes that it needs (`plan`). Defaults
//!    and constraints of a table are nodes of their own. 2. What a table can have from the start goes into its CREATE
//!    TABLE; what needs something that needs the table follows in an ALTER TABLE (`absorb`). So cycles of foreign keys
//!    are broken, and those of a default whose function reads the table. 3. The nodes are put in order: each after what
//!    it needs, else by kind and name, so that the same schema always gives the same statements.
//!
//! Every name that is the model's own is written with its schema. The texts of expressions and queries are their
//! author's: their names stay as they are, and where one is found in another schema than `public` alone, a `SET
//! search_path` stands before the statement (`path`).

mod column;
mod constraint;
mod index;
mod other;
mod path;
mod plan;
mod routine;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;

use crate::schema::Schema;
use path::{Paths, Sql};
use plan::{Kind, Node, Plan};

/// Returns the statements that make a schema, in the order of what depends on what.
///
/// They are for a session with the search path of a new one, and leave it as it was.
pub(super) fn render(schema: &Schema) -> Vec<String> {
    let mut plan = Plan::new(schema);
    for (name, namespace) in &schema.namespaces {
        let node = Node::namespace(name);
        let name = super::written::identifier(name);
        // Every database has the schema `public`.
        let create = (name != "public").then(|| Sql::plain(format!("CREATE SCHEMA {name}")));
        plan.add(node, [], create.into_iter().chain(comment("SCHEMA", &name, namespace.comment.as_deref())));
    }
    other::plan(&mut plan);
    types::plan(&mut plan);
    sequence::plan(&mut plan);
    routine::plan(&mut plan);
    table::plan(&mut plan);
    view::plan(&mut plan);
    let mut paths = Paths::new(schema);
    let mut statements = Vec::new();
    if schema.routines.values().any(|routine| routine.sql_body.is_none() && routine.kind != "aggregate") {
        // What a body names may not be there yet; the server looks when it is called.
        statements.push("SET check_function_bodies TO off".to_owned());
    }
    for sql in plan.ordered() {
        statements.extend(paths.set(&sql));
        statements.push(sql.text);
    }
    statements.extend(paths.reset());
    statements
}

/// Returns COMMENT ON, where there is a comment.
fn comment(kind: &str, name: &str, comment: Option<&str>) -> Option<Sql> {
    let text = super::written::literal(comment?);
    Some(Sql::plain(format!("COMMENT ON {kind} {name} IS {text}")))
}
