//! Views and materialized views.

use super::super::written;
use super::{Kind, Node, Plan, Sql, comment, index, trigger};
use crate::schema::{ObjectName, View};

pub(super) fn plan(plan: &mut Plan<'_>) {
    for (name, view) in &plan.schema.views {
        let node = Node::new(Kind::View, name);
        let mut needs = plan.needs(&view.query.references);
        needs.extend(view.columns.iter().filter_map(|column| plan.data_type(column.ty.user_type()?)));
        needs.remove(&node);
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        let written = written::object(name);
        let mut statements = vec![create(kind, name, view)];
        statements.extend(comment(kind, &written, view.comment.as_deref()));
        for column in &view.columns {
            let column_name = written::identifier(&column.name);
            if let Some(default) = &column.default {
                let mut sql = Sql::plain(format!("ALTER VIEW {written} ALTER COLUMN {column_name} SET DEFAULT "));
                let text = sql.expression(default);
                sql.push(&text);
                statements.push(sql);
            }
            statements.extend(comment("COLUMN", &format!("{written}.{column_name}"), column.comment.as_deref()));
            for (words, value) in [
                ("SET STATISTICS", column.statistics.map(|target| target.to_string())),
                ("SET STORAGE", column.storage.clone()),
                ("SET COMPRESSION", column.compression.clone()),
            ] {
                let Some(value) = value.filter(|_| view.materialized) else { continue };
                let text = format!("ALTER {kind} {written} ALTER COLUMN {column_name} {words} {value}");
                statements.push(Sql::plain(text));
            }
        }
        plan.add(node.clone(), needs, statements);
        index::plan(plan, name, &node, view.indexes.iter());
        if let Some(index) = &view.clustered {
            let text = format!("ALTER {kind} {written} CLUSTER ON {}", written::identifier(index));
            let needs = [Node::part(Kind::Index, name, index)];
            plan.add(Node::new(Kind::TableSetting, name), needs, [Sql::plain(text)]);
        }
        trigger::plan(plan, name, &node, &view.triggers, None);
    }
}

fn create(kind: &str, name: &ObjectName, view: &View) -> Sql {
    let mut sql = Sql::plain(format!("CREATE {kind} {}", written::object(name)));
    if !view.columns.is_empty() {
        let names: Vec<String> = view.columns.iter().map(|column| column.name.clone()).collect();
        sql.push(&format!(" ({})", written::list(&names)));
    }
    if let Some(method) = &view.access_method {
        sql.push(&format!(" USING {}", written::identifier(method)));
    }
    sql.push(&index::with(&view.options));
    if let Some(tablespace) = &view.tablespace {
        sql.push(&format!(" TABLESPACE {}", written::identifier(tablespace)));
    }
    let query = sql.expression(&view.query);
    sql.push(&format!(" AS\n{query}"));
    if view.materialized && !view.populated {
        sql.push("\nWITH NO DATA");
    }
    sql
}
