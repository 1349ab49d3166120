//! What SQLite demands of an object when it reads its text: at CREATE, and again after every ALTER TABLE.

mod index;
mod table;

use super::catalog::Object;
use super::read::{Definition, Expr, Ident, Node};
use super::resolve::{Names, Place, Resolver, Role, Use};
use crate::fold::Problem;

pub(super) use index::of as index;
pub(super) use table::{all_clauses, new_column, of as table};

/// Checks an object of the catalog and returns what its text names.
pub(super) fn object(names: &Names<'_>, object: &Object) -> Result<Vec<Use>, Problem> {
    match &object.definition {
        Definition::Table(definition) => table(names, object, definition),
        Definition::Virtual { name, .. } => {
            Ok(vec![Use::Table { at: name.at.clone(), table: object.key(), role: Role::Own }])
        }
        Definition::Index(definition) => index(names, object, definition),
        Definition::View(view) => {
            let mut resolver = Resolver::new(names, object.home, Place::View, &object.sql);
            let columns = resolver.query(&view.query)?;
            if !view.columns.is_empty() && view.columns.len() != columns.len() {
                let message =
                    format!("expected {} columns for '{}' but got {}", view.columns.len(), object.name, columns.len());
                return Err(Problem::new("sql-refused", view.name.at.clone(), message));
            }
            Ok(resolver.uses)
        }
        Definition::Trigger(trigger) => {
            let mut resolver = Resolver::new(names, object.home, Place::Trigger, &object.sql);
            resolver.trigger(object, trigger)?;
            Ok(resolver.uses)
        }
    }
}

/// Returns the column that a key is, if it is one and no expression; a string is a name here.
pub(super) fn key_column(key: &Expr) -> Option<&Ident> {
    let mut nodes = key.nodes.iter().filter(|node| !matches!(node, Node::Collate(_)));
    match (nodes.next(), nodes.next()) {
        (Some(Node::Name(path)), None) if path.len() == 1 => path.first(),
        (Some(Node::String(name)), None) => Some(name),
        (Some(Node::Group(list)), None) if list.len() == 1 => key_column(&list[0]),
        _ => None,
    }
}

/// Returns the collation of a key.
pub(super) fn key_collation(key: &Expr) -> Option<&Ident> {
    key.nodes.iter().rev().find_map(|node| match node {
        Node::Collate(name) => Some(name),
        Node::Group(list) if list.len() == 1 => key_collation(&list[0]),
        _ => None,
    })
}

/// Demands that a collation is one of SQLite's own.
pub(super) fn collation(name: &Ident) -> Result<(), Problem> {
    if ["binary", "nocase", "rtrim"].iter().any(|known| name.is(known)) {
        return Ok(());
    }
    let message = format!("no such collation sequence: {}", name.name);
    let problem = Problem::new("unknown-collation", name.at.clone(), message);
    Err(problem.help("if the program defines it, say what the statement does: `-- migrate:effect`"))
}

fn refused(at: &std::ops::Range<usize>, message: impl Into<String>) -> Problem {
    Problem::new("sql-refused", at.clone(), message)
}
