//! Tables, their partitions and settings.

use std::collections::BTreeSet;

use super::super::written;
use super::{Kind, Node, Plan, Sql, column, comment, constraint, index, trigger};
use crate::schema::{Constraint, ConstraintKind, KeyPart, ObjectName, Persistence, ReplicaIdentity, Table, TableKind};

/// What a table cannot have from the start, or can.
struct Part<'s> {
    node: Node,
    needs: BTreeSet<Node>,
    what: What<'s>,
}

#[derive(Clone, Copy)]
enum What<'s> {
    Default(&'s str),
    Constraint(&'s str, &'s Constraint),
}

pub(super) fn plan(plan: &mut Plan<'_>) {
    let schema = plan.schema;
    for (name, table) in &schema.tables {
        let needs = needs(plan, table);
        plan.add(Node::new(Kind::Table, name), needs, []);
    }
    let mut inside: Vec<(&ObjectName, &Table, Vec<What<'_>>)> =
        schema.tables.iter().map(|(name, table)| (name, table, Vec::new())).collect();
    // Keys before those that point to them.
    for foreign in [false, true] {
        for (name, table, taken) in &mut inside {
            for part in parts(plan, name, table, foreign) {
                let immediate = match part.what {
                    What::Default(_) => true,
                    What::Constraint(_, constraint) => constraint::is_immediate(constraint),
                };
                if immediate
                    && !is_merged(taken, part.what)
                    && plan.absorb(&Node::new(Kind::Table, name), &part.node, &part.needs)
                {
                    taken.push(part.what);
                } else {
                    let statement = alone(name, table, part.what);
                    plan.add(part.node, part.needs, [statement]);
                }
            }
        }
    }
    for (name, table, taken) in inside {
        let node = Node::new(Kind::Table, name);
        let create = create(plan, name, table, &taken);
        let kind = if matches!(table.kind, TableKind::External(_)) { "FOREIGN TABLE" } else { "TABLE" };
        let comment = comment(kind, &written::object(name), table.comment.as_deref());
        let columns = column::settings(name, table);
        plan.add(node.clone(), [], [create].into_iter().chain(comment).chain(columns));
        index::plan(plan, name, &node, table.indexes.iter());
        settings(plan, name, table);
        partition(plan, name, table);
        trigger::plan(plan, name, &node, &table.triggers, Some(table));
    }
}

/// Returns whether CREATE TABLE would make one key of this and another.
fn is_merged(taken: &[What<'_>], what: What<'_>) -> bool {
    let columns = |what: &What<'_>| match what {
        What::Constraint(_, constraint) => match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some(key.columns.clone()),
            _ => None,
        },
        What::Default(_) => None,
    };
    let own = columns(&what);
    own.is_some() && taken.iter().any(|other| columns(other) == own)
}

/// Returns what the columns of a table need.
fn needs(plan: &Plan<'_>, table: &Table) -> BTreeSet<Node> {
    let mut needs = BTreeSet::new();
    for column in &table.columns {
        needs.extend(column.ty.user_type().and_then(|ty| plan.data_type(ty)));
        needs.extend(column.generated.iter().flat_map(|generated| plan.needs(&generated.expression.references)));
    }
    needs.extend(table.inherits.iter().map(|parent| Node::new(Kind::Table, parent)));
    needs.extend(table.of_type.as_ref().and_then(|ty| plan.data_type(ty)));
    if let TableKind::Partitioned(partitioning) = &table.kind {
        needs.extend(partitioning.keys.iter().flat_map(|key| plan.needs(&key.references)));
    }
    needs
}

/// Returns the defaults and constraints of a table, or its foreign keys.
fn parts<'s>(plan: &Plan<'_>, name: &ObjectName, table: &'s Table, foreign: bool) -> Vec<Part<'s>> {
    let own = Node::new(Kind::Table, name);
    let mut parts = Vec::new();
    if !foreign {
        for column in table.columns.iter().filter(|column| column.default.is_some()) {
            let mut needs = column.default.as_ref().map(|d| plan.needs(&d.references)).unwrap_or_default();
            needs.insert(own.clone());
            let node = Node::part(Kind::Default, name, &column.name);
            parts.push(Part { node, needs, what: What::Default(&column.name) });
        }
    }
    for (key, found) in &table.constraints {
        // A partition gets none when it is attached that it has already; a child gets what it inherits.
        if !found.local && table.partition.is_none() {
            continue;
        }
        let is_foreign = matches!(found.kind, ConstraintKind::ForeignKey(_));
        if is_foreign != foreign {
            continue;
        }
        let mut needs = BTreeSet::from([own.clone()]);
        match &found.kind {
            ConstraintKind::ForeignKey(key) => {
                needs.insert(Node::new(Kind::Table, &key.target));
                needs.extend(supports(plan, &key.target, &key.target_columns));
            }
            ConstraintKind::Check { expression, .. } => needs.extend(plan.needs(&expression.references)),
            ConstraintKind::Exclusion { index, .. } => {
                for key in &index.keys {
                    if let KeyPart::Expression(expression) = &key.part {
                        needs.extend(plan.needs(&expression.references));
                    }
                }
                needs.extend(index.predicate.iter().flat_map(|predicate| plan.needs(&predicate.references)));
            }
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => {}
        }
        let kind = if foreign { Kind::ForeignKey } else { Kind::Constraint };
        parts.push(Part { node: Node::part(kind, name, key), needs, what: What::Constraint(key, found) });
    }
    parts
}

/// Returns what makes the keys that a foreign key may rest on.
fn supports(plan: &Plan<'_>, target: &ObjectName, columns: &[String]) -> Vec<Node> {
    let Some(table) = plan.schema.tables.get(target) else { return Vec::new() };
    let wanted: BTreeSet<&String> = columns.iter().collect();
    let fits = |columns: &[String]| columns.iter().collect::<BTreeSet<_>>() == wanted;
    let keys = table.constraints.iter().filter(|(_, constraint)| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => fits(&key.columns),
        _ => false,
    });
    let indexes = table.indexes.iter().filter(|(_, index)| index.unique && index.columns().is_some_and(|c| fits(&c)));
    let keys = keys.map(|(name, _)| Node::part(Kind::Constraint, target, name));
    keys.chain(indexes.map(|(name, _)| Node::part(Kind::Index, target, name))).collect()
}

/// Returns the statement of a part that CREATE TABLE could not have.
fn alone(name: &ObjectName, table: &Table, what: What<'_>) -> Sql {
    let written = written::object(name);
    match what {
        What::Default(column) => {
            let column_name = written::identifier(column);
            let mut sql = Sql::plain(format!("ALTER TABLE {written} ALTER COLUMN {column_name} SET DEFAULT "));
            if let Some(default) = table.column(column).and_then(|column| column.default.as_ref()) {
                let text = sql.expression(default);
                sql.push(&text);
            }
            sql
        }
        What::Constraint(key, found) => {
            let mut sql = Sql::plain(format!("ALTER TABLE {written} ADD "));
            let text = constraint::clause(&mut sql, key, found);
            sql.push(&text);
            sql
        }
    }
}

fn create(plan: &Plan<'_>, name: &ObjectName, table: &Table, taken: &[What<'_>]) -> Sql {
    let mut sql = Sql::default();
    let has = |column: &str| taken.iter().any(|what| matches!(what, What::Default(name) if *name == column));
    let mut lines: Vec<String> = Vec::new();
    for found in table.columns.iter().filter(|found| column::is_own(table, found)) {
        lines.push(column::definition(&mut sql, plan.schema, table, found, has(&found.name)));
    }
    for what in taken {
        if let What::Constraint(key, found) = what {
            lines.push(constraint::clause(&mut sql, key, found));
        }
    }
    let words = match (&table.kind, table.persistence) {
        (TableKind::External(_), _) => "FOREIGN TABLE",
        (_, Persistence::Unlogged) => "UNLOGGED TABLE",
        _ => "TABLE",
    };
    let of = table.of_type.as_ref().map(|ty| format!(" OF {}", written::object(ty))).unwrap_or_default();
    let mut text = format!("CREATE {words} {}{of}", written::object(name));
    if !lines.is_empty() {
        text += &format!(" (\n    {}\n)", lines.join(",\n    "));
    } else if table.of_type.is_none() {
        text += " ()";
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(written::object).collect();
        text += &format!(" INHERITS ({})", parents.join(", "));
    }
    match &table.kind {
        TableKind::Partitioned(partitioning) => {
            let keys: Vec<String> = partitioning.keys.iter().map(|key| sql.expression(key)).collect();
            text += &format!(" PARTITION BY {} ({})", partitioning.strategy.to_uppercase(), keys.join(", "));
        }
        TableKind::External(external) => text += &format!(" {external}"),
        TableKind::Ordinary => {}
    }
    if let Some(method) = &table.access_method {
        text += &format!(" USING {}", written::identifier(method));
    }
    text += &index::with(&table.options);
    if let Some(tablespace) = &table.tablespace {
        text += &format!(" TABLESPACE {}", written::identifier(tablespace));
    }
    sql.text = text;
    sql
}

/// Plans what ALTER TABLE says once the constraints and indexes are there.
fn settings(plan: &mut Plan<'_>, name: &ObjectName, table: &Table) {
    let written = written::object(name);
    let mut statements = Vec::new();
    for column in table.columns.iter().filter(|column| !column::is_own(table, column)) {
        statements.extend(overridden(plan, name, table, &column.name));
    }
    match &table.replica_identity {
        ReplicaIdentity::Default => {}
        ReplicaIdentity::Nothing => statements.push(format!("ALTER TABLE {written} REPLICA IDENTITY NOTHING")),
        ReplicaIdentity::Full => statements.push(format!("ALTER TABLE {written} REPLICA IDENTITY FULL")),
        ReplicaIdentity::Index(index) => {
            let index = written::identifier(index);
            statements.push(format!("ALTER TABLE {written} REPLICA IDENTITY USING INDEX {index}"));
        }
    }
    if let Some(index) = &table.clustered {
        statements.push(format!("ALTER TABLE {written} CLUSTER ON {}", written::identifier(index)));
    }
    if table.row_security.0 {
        statements.push(format!("ALTER TABLE {written} ENABLE ROW LEVEL SECURITY"));
    }
    if table.row_security.1 {
        statements.push(format!("ALTER TABLE {written} FORCE ROW LEVEL SECURITY"));
    }
    let needs = all_parts(name, table);
    let mut statements: Vec<Sql> = statements.into_iter().map(Sql::plain).collect();
    for (key, found) in table.constraints.iter().filter(|(_, found)| found.local || table.partition.is_some()) {
        statements.extend(constraint::settings(name, key, found));
    }
    if !statements.is_empty() {
        plan.add(Node::part(Kind::TableSetting, name, "settings"), needs, statements);
    }
}

/// Returns what makes everything of a table.
fn all_parts(name: &ObjectName, table: &Table) -> Vec<Node> {
    let constraints = table.constraints.keys();
    let indexes = table.indexes.keys().map(|index| Node::part(Kind::Index, name, index));
    let keys =
        constraints.flat_map(|key| [Node::part(Kind::Constraint, name, key), Node::part(Kind::ForeignKey, name, key)]);
    indexes.chain(keys).chain([Node::new(Kind::Table, name)]).collect()
}

/// Returns what a child says of a column that it inherits: NOT NULL that its parents do not have.
fn overridden(plan: &Plan<'_>, name: &ObjectName, table: &Table, column: &str) -> Option<String> {
    let parents = table.inherits.iter().filter_map(|parent| plan.schema.tables.get(parent)?.column(column));
    let stricter =
        table.column(column).is_some_and(|own| !own.nullable) && parents.clone().all(|parent| parent.nullable);
    let is_key = table.primary_key().is_some_and(|key| key.iter().any(|name| name == column));
    (stricter && !is_key && table.of_type.is_none()).then(|| {
        format!("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", written::object(name), written::identifier(column))
    })
}

/// Plans the attachment of a partition, which then has its columns, constraints and indexes under their own names: the
/// server makes no others.
fn partition(plan: &mut Plan<'_>, name: &ObjectName, table: &Table) {
    let Some(partition) = &table.partition else { return };
    let mut needs = all_parts(name, table);
    if let Some(parent) = plan.schema.tables.get(&partition.parent) {
        needs.extend(all_parts(&partition.parent, parent));
        if parent.partition.is_some() {
            needs.push(Node::new(Kind::Partition, &partition.parent));
        }
    }
    let bound = &partition.bound;
    let parent = written::object(&partition.parent);
    let text = format!("ALTER TABLE {parent} ATTACH PARTITION {} {bound}", written::object(name));
    plan.add(Node::new(Kind::Partition, name), needs, [Sql::plain(text)]);
}
