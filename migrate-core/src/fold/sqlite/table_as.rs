//! CREATE TABLE … AS SELECT: SQLite makes up the text from the columns of the query.

use super::catalog::{Catalog, Home};
use super::read::{Core, Ident, Node, ResultColumn, Select, SourceKind};
use super::resolve::{Names, OutColumn, Place, Resolver};
use crate::dialect::sqlite::{Affinity, identifier};
use crate::fold::Problem;

/// Returns the text that SQLite stores.
pub(super) fn synthesize(catalog: &Catalog, text: &str, name: &Ident, query: &Select) -> Result<String, Problem> {
    let names = Names::new(catalog);
    // A query by itself sees temporary tables.
    let mut resolver = Resolver::new(&names, Home::Temp, Place::Query, text);
    let columns = resolver.query(query)?;
    if !is_explicit(query) || resolver.saw_unknown() {
        let message = "the columns of this table depend on more than its text";
        let problem = Problem::new("sql-opaque", query.at.clone(), message);
        return Err(problem.help("write the columns out, or say what the statement does: `-- migrate:effect`"));
    }
    Ok(write(&name.name, &unique(columns)))
}

/// Returns whether the types of the columns can be told: one SELECT or VALUES, no query inside an expression.
fn is_explicit(query: &Select) -> bool {
    let [core] = &query.cores[..] else { return false };
    let scalar = |nodes: &[Node]| nodes.len() == 1 && matches!(nodes[0], Node::Query(_));
    let plain = core.columns.iter().all(|column| match column {
        ResultColumn::Expr { expr, .. } => !scalar(&expr.nodes),
        ResultColumn::Star(..) => true,
    });
    plain && core.values.len() <= 1 && explicit_sources(core) && query.ctes.iter().all(|cte| is_explicit(&cte.query))
}

fn explicit_sources(core: &Core) -> bool {
    core.from.iter().all(|source| match &source.kind {
        SourceKind::Query(query) => is_explicit(query),
        SourceKind::Table(_, arguments) => arguments.is_none(),
        SourceKind::Group(_) => false,
    })
}

/// Numbers the names that come again.
fn unique(columns: Vec<OutColumn>) -> Vec<(String, Option<Affinity>)> {
    let mut named: Vec<(String, Option<Affinity>)> = Vec::new();
    for column in columns {
        let mut name = column.name;
        let mut n = 0;
        while named.iter().any(|(before, _)| before.eq_ignore_ascii_case(&name)) {
            let stem = name
                .rsplit_once(':')
                .filter(|(_, digits)| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some((start, _)) = stem {
                name = start.to_owned();
            }
            n += 1;
            name = format!("{name}:{n}");
        }
        named.push((name, column.affinity));
    }
    named
}

/// The width up to which SQLite writes everything on one line.
const LINE: usize = 50;

fn write(table: &str, columns: &[(String, Option<Affinity>)]) -> String {
    let width = |name: &str| name.len() + name.matches('"').count() + 2;
    let total: usize = columns.iter().map(|(name, _)| width(name) + 5).sum::<usize>() + width(table);
    let (first, between, last) = if total < LINE { ("", ",", ")") } else { ("\n  ", ",\n  ", "\n)") };
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, affinity)| {
            let ty = match affinity {
                Some(Affinity::Text) => " TEXT",
                Some(Affinity::Numeric) => " NUM",
                Some(Affinity::Integer) => " INT",
                Some(Affinity::Real) => " REAL",
                Some(Affinity::Blob) | None => "",
            };
            format!("{}{ty}", identifier(name))
        })
        .collect();
    format!("CREATE TABLE {}({first}{}{last}", identifier(table), columns.join(between))
}
