//! Operations as PostgreSQL's statements, in one transaction: one ALTER TABLE for each table where one can say it all.

mod alter;
mod column;
mod definition;
mod enums;
mod value;

use super::super::{Statement, applied};
use super::written::{identifier, literal, object};
use crate::op::Operation;
use crate::schema::{Expression, Object, ObjectName, Schema};

pub(super) use value::{cast, fills_itself};

/// Returns the statements that do operations.
pub(super) fn migrate(before: &Schema, operations: &[Operation]) -> Result<Vec<Statement>, String> {
    let mut script = Script {
        now: before.clone(),
        goal: applied(before, &super::Postgres, operations).map_err(|problem| problem.to_string())?,
        statements: Vec::new(),
    };
    for operation in operations {
        script.operation(operation)?;
    }
    Ok(script.statements)
}

/// Returns the text of an expression in which a name became another one.
pub(super) fn rewrite(expression: &Expression, from: &str, to: &str) -> String {
    super::expression::rename(&expression.text, |name| (name.name == from).then(|| identifier(to)))
}

/// A script that is being written.
struct Script {
    /// The schema so far.
    now: Schema,
    /// The schema at the end: what comes to a table later counts for what its rows get.
    goal: Schema,
    statements: Vec<Statement>,
}

impl Script {
    fn push(&mut self, sql: impl Into<String>) {
        self.statements.push(Statement::new(sql));
    }

    fn apply(&mut self, operation: &Operation) -> Result<(), String> {
        self.now.apply(operation, &rewrite).map_err(|problem| problem.to_string())
    }

    fn operation(&mut self, operation: &Operation) -> Result<(), String> {
        match operation {
            Operation::CreateNamespace { name, namespace } => {
                self.push(format!("CREATE SCHEMA {}", identifier(name)));
                self.comment(&Object::Namespace(name.clone()), namespace.comment.as_deref());
            }
            Operation::DropNamespace { name, .. } => self.push(format!("DROP SCHEMA {}", identifier(name))),
            Operation::CreateTable { name, table, sequences } => {
                let mut alone = Schema { sequences: sequences.clone(), ..Schema::default() };
                alone.tables.insert(name.clone(), (**table).clone());
                self.all(&alone);
            }
            Operation::DropTable { name, .. } => self.push(format!("DROP TABLE {}", object(name))),
            Operation::RenameTable { from, to } => self.rename("TABLE", from, to),
            Operation::AlterTable { table, changes } => return self.alter(table, changes),
            Operation::CreateIndex { table, name, index } => {
                self.push(definition::index(table, name, index));
                self.comment(&Object::Index(table.clone(), name.clone()), index.comment.as_deref());
            }
            Operation::DropIndex { table, name, .. } => {
                self.push(format!("DROP INDEX {}", object(&ObjectName::new(&table.schema, name))));
            }
            Operation::RenameIndex { table, from, to } => {
                let from = object(&ObjectName::new(&table.schema, from));
                self.push(format!("ALTER INDEX {from} RENAME TO {}", identifier(to)));
            }
            Operation::CreateTrigger { on, name, trigger } => {
                self.push(trigger.definition.text.clone());
                self.comment(&Object::Trigger(on.clone(), name.clone()), trigger.comment.as_deref());
            }
            Operation::DropTrigger { on, name, .. } => {
                self.push(format!("DROP TRIGGER {} ON {}", identifier(name), object(on)));
            }
            Operation::CreateView { name, view } => {
                let views = [(name.clone(), (**view).clone())].into();
                self.all(&Schema { views, ..Schema::default() });
            }
            Operation::DropView { name, view } => {
                let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
                self.push(format!("DROP {kind} {}", object(name)));
            }
            Operation::Comment { on, after, .. } => self.say(on, after.as_deref()),
            of_enum => return self.change_enum(of_enum),
        }
        self.apply(operation)
    }

    /// Makes everything of a small schema.
    fn all(&mut self, schema: &Schema) {
        for sql in super::render::render(schema) {
            self.push(sql);
        }
    }

    /// Gives a table or type another name or schema.
    fn rename(&mut self, kind: &str, from: &ObjectName, to: &ObjectName) {
        let moved = ObjectName::new(&to.schema, &from.name);
        if from.schema != to.schema {
            self.push(format!("ALTER {kind} {} SET SCHEMA {}", object(from), identifier(&to.schema)));
        }
        if from.name != to.name {
            self.push(format!("ALTER {kind} {} RENAME TO {}", object(&moved), identifier(&to.name)));
        }
    }

    fn comment(&mut self, on: &Object, text: Option<&str>) {
        if text.is_some() {
            self.say(on, text);
        }
    }

    fn say(&mut self, on: &Object, text: Option<&str>) {
        let place = match on {
            Object::Namespace(name) => format!("SCHEMA {}", identifier(name)),
            Object::Table(name) => format!("TABLE {}", object(name)),
            Object::Type(name) => format!("TYPE {}", object(name)),
            Object::Column(table, name) => format!("COLUMN {}.{}", object(table), identifier(name)),
            Object::Constraint(table, name) => format!("CONSTRAINT {} ON {}", identifier(name), object(table)),
            Object::Trigger(table, name) => format!("TRIGGER {} ON {}", identifier(name), object(table)),
            Object::Index(table, name) => format!("INDEX {}", object(&ObjectName::new(&table.schema, name))),
            Object::View(name) => {
                let materialized = self.now.views.get(name).is_some_and(|view| view.materialized);
                format!("{} {}", if materialized { "MATERIALIZED VIEW" } else { "VIEW" }, object(name))
            }
            other => other.to_string(),
        };
        let text = text.map_or("NULL".to_owned(), literal);
        self.push(format!("COMMENT ON {place} IS {text}"));
    }
}
