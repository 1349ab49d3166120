//! Which objects of a database belong to a project.

use crate::schema::{Constraint, ConstraintKind, Index, ObjectName, Schema, SequenceOwner, Table};

/// Which objects of a database belong to a project: `include_schemas`, `include` and `exclude` of migrate.toml.
///
/// A pattern is a glob over `schema.name`, `schema.table.column` or `schema.table:index`, in which `*` stands for any
/// characters and `?` for one; neither crosses the `.` or `:` between two parts. One part alone is a name in any
/// schema. A pattern over columns or indexes includes their table, and excludes no table. Where a database has no
/// schemas, and for objects that are in none, the schema's part is not looked at.
///
/// ```
/// use migrate_core::introspect::Filter;
/// use migrate_core::schema::ObjectName;
///
/// let filter = Filter::new().include(["dpo.*"]).exclude(["*.tmp_*", "dpo.job.note"]);
/// assert!(filter.has(&ObjectName::new("dpo", "job")));
/// assert!(!filter.has(&ObjectName::new("dpo", "tmp_job")));
/// assert!(!filter.has_column(&ObjectName::new("dpo", "job"), "note"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    schemas: Vec<String>,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    names: Vec<ObjectName>,
}

/// A pattern by its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    schema: String,
    name: String,
    part: Option<Part>,
}

/// What a pattern says of the parts of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Column(String),
    Index(String),
}

impl Filter {
    /// Returns a filter that leaves nothing out.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves out what is in other schemas than these; they are globs too.
    #[must_use]
    pub fn schemas<T: Into<String>>(mut self, schemas: impl IntoIterator<Item = T>) -> Self {
        self.schemas.extend(schemas.into_iter().map(Into::into));
        self
    }

    /// Leaves out what none of the patterns names.
    #[must_use]
    pub fn include<T: AsRef<str>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.include.extend(patterns.into_iter().map(|pattern| Pattern::parse(pattern.as_ref())));
        self
    }

    /// Leaves out what one of the patterns names, even if it is included.
    #[must_use]
    pub fn exclude<T: AsRef<str>>(mut self, patterns: impl IntoIterator<Item = T>) -> Self {
        self.exclude.extend(patterns.into_iter().map(|pattern| Pattern::parse(pattern.as_ref())));
        self
    }

    /// Leaves out the object of exactly this name, such as the version table. Without a schema it is meant in any.
    #[must_use]
    pub fn without(mut self, name: ObjectName) -> Self {
        self.names.push(name);
        self
    }

    /// Returns whether a schema may have objects of the project.
    pub fn has_schema(&self, schema: &str) -> bool {
        self.schemas.is_empty() || schema.is_empty() || self.schemas.iter().any(|pattern| glob(pattern, schema))
    }

    /// Returns whether an object belongs to the project.
    pub fn has(&self, name: &ObjectName) -> bool {
        let named = |excluded: &ObjectName| {
            let anywhere = excluded.schema.is_empty() || name.schema.is_empty();
            excluded.name == name.name && (anywhere || excluded.schema == name.schema)
        };
        self.has_schema(&name.schema)
            && (self.include.is_empty() || self.include.iter().any(|pattern| pattern.names(name)))
            && !self.exclude.iter().any(|pattern| pattern.part.is_none() && pattern.names(name))
            && !self.names.iter().any(named)
    }

    /// Returns whether a column of a table belongs to the project.
    pub fn has_column(&self, table: &ObjectName, column: &str) -> bool {
        self.has_part(table, |part| matches!(part, Part::Column(_)), |part| part.is_column(column))
    }

    /// Returns whether an index of a table belongs to the project.
    pub fn has_index(&self, table: &ObjectName, index: &str) -> bool {
        self.has_part(table, |part| matches!(part, Part::Index(_)), |part| part.is_index(index))
    }

    /// Leaves out of a schema what does not belong to the project, as the readers of live databases do: what is on a
    /// table goes with it, and what uses a column of it with that.
    pub fn narrow(&self, schema: &mut Schema) {
        schema.namespaces.retain(|name, _| self.has_schema(name));
        schema.tables.retain(|name, _| self.has(name));
        schema.views.retain(|name, _| self.has(name));
        for (name, table) in &mut schema.tables {
            self.narrow_table(name, table);
        }
        for (name, view) in &mut schema.views {
            view.columns.retain(|column| self.has_column(name, &column.name));
            view.indexes.retain(|index, found| self.keeps_index(name, index, found));
        }
        let tables = &schema.tables;
        schema.sequences.retain(|name, sequence| match &sequence.owner {
            Some(SequenceOwner { table, column, .. }) => tables.contains_key(table) && self.has_column(table, column),
            None => self.has(name),
        });
        schema.types.retain(|name, _| self.has(name));
        schema.routines.retain(|id, _| self.has(&id.name));
        let views = &schema.views;
        schema.others.retain(|id, _| match &id.parent {
            Some(parent) => tables.contains_key(parent) || views.contains_key(parent),
            None => self.has(&id.name),
        });
    }

    fn narrow_table(&self, name: &ObjectName, table: &mut Table) {
        table.columns.retain(|column| self.has_column(name, &column.name));
        table.indexes.retain(|index, found| self.keeps_index(name, index, found));
        table.constraints.retain(|key, constraint| {
            let of_index = !matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_));
            let columns = columns(constraint);
            columns.iter().all(|column| self.has_column(name, column)) && (!of_index || self.has_index(name, key))
        });
    }

    fn keeps_index(&self, table: &ObjectName, name: &str, index: &Index) -> bool {
        self.has_index(table, name) && index.named_columns().all(|column| self.has_column(table, column))
    }

    /// A table of which some columns are included has no others; it has all its indexes.
    fn has_part(&self, table: &ObjectName, is_kind: impl Fn(&Part) -> bool, is_named: impl Fn(&Part) -> bool) -> bool {
        let of_table = |pattern: &&Pattern| pattern.names(table);
        let mut whole = self.include.is_empty();
        let mut some = false;
        let mut named = false;
        for pattern in self.include.iter().filter(of_table) {
            match &pattern.part {
                None => whole = true,
                Some(part) if is_kind(part) => {
                    some = true;
                    named |= is_named(part);
                }
                Some(_) => {}
            }
        }
        let excluded = |pattern: &Pattern| pattern.part.as_ref().is_some_and(&is_named);
        self.has(table) && (whole || named || !some) && !self.exclude.iter().filter(of_table).any(excluded)
    }
}

/// Returns the columns of its table that a constraint is about.
fn columns(constraint: &Constraint) -> Vec<String> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => [&key.columns[..], &key.include].concat(),
        ConstraintKind::Exclusion { index, .. } => index.named_columns().map(str::to_owned).collect(),
        ConstraintKind::Check { expression, .. } => expression.references.columns.iter().cloned().collect(),
        ConstraintKind::ForeignKey(key) => key.columns.clone(),
    }
}

impl Part {
    fn is_column(&self, column: &str) -> bool {
        matches!(self, Self::Column(pattern) if glob(pattern, column))
    }

    fn is_index(&self, index: &str) -> bool {
        matches!(self, Self::Index(pattern) if glob(pattern, index))
    }
}

impl Pattern {
    fn parse(text: &str) -> Self {
        let (object, index) = text.split_once(':').map_or((text, None), |(object, index)| (object, Some(index)));
        let mut parts = object.split('.');
        let first = parts.next().unwrap_or_default().to_owned();
        let (schema, name) = match parts.next() {
            Some(name) => (first, name.to_owned()),
            None => ("*".to_owned(), first),
        };
        let rest: Vec<&str> = parts.collect();
        let part = match index {
            Some(index) => Some(Part::Index(index.to_owned())),
            None => (!rest.is_empty()).then(|| Part::Column(rest.join("."))),
        };
        Self { schema, name, part }
    }

    fn names(&self, name: &ObjectName) -> bool {
        (name.schema.is_empty() || glob(&self.schema, &name.schema)) && glob(&self.name, &name.name)
    }
}

/// Returns whether a pattern with `*` and `?` matches the whole text.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last `*` is, and how far into the text it reaches: only that one is ever made longer.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|c| *c == '?' || *c == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, reach)) = star {
            star = Some((at, reach + 1));
            p = at + 1;
            t = reach + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        let check = |pattern: &str, matches: &[&str], others: &[&str]| {
            for text in matches {
                assert!(glob(pattern, text), "{pattern} {text}");
            }
            for text in others {
                assert!(!glob(pattern, text), "{pattern} {text}");
            }
        };
        check("*", &["", "a", "a.b"], &[]);
        check("a*b*c", &["abc", "aXbYbc", "abbcc"], &["ab", "abcd", "xabc"]);
        check("?", &["a", "ü"], &["", "ab"]);
        check("tmp_?*", &["tmp_1", "tmp_12"], &["tmp_", "atmp_1"]);
        check("", &[""], &["a"]);
        // The time is that of the lengths' product, not exponential.
        check(&"a*".repeat(40), &[&"a".repeat(200)], &[&format!("{}b", "x".repeat(2000))]);
    }

    #[test]
    fn objects() {
        let name = |text: &str| {
            let (schema, name) = text.split_once('.').expect("a dot");
            ObjectName::new(schema, name)
        };
        let check = |filter: &Filter, has: &[&str], others: &[&str]| {
            for text in has {
                assert!(filter.has(&name(text)), "{text}");
            }
            for text in others {
                assert!(!filter.has(&name(text)), "{text}");
            }
        };
        check(&Filter::new(), &["a.b", ".b"], &[]);
        check(&Filter::new().schemas(["app", "x_*"]), &["app.b", "x_1.b", ".b"], &["public.b", "x.b"]);
        check(&Filter::new().include(["app.*", "*.job"]), &["app.b", "x.job", ".job", ".x"], &["x.y"]);
        check(&Filter::new().exclude(["*.tmp_*", "log"]), &["a.b", ".tmp"], &["a.tmp_1", ".tmp_1", "a.log"]);
        check(&Filter::new().include(["a.*"]).exclude(["a.b"]), &["a.c"], &["a.b", "b.c"]);
        check(&Filter::new().without(ObjectName::new("a", "v")), &["b.v"], &["a.v"]);
        check(&Filter::new().without(ObjectName::new("", "v")), &["b.w"], &["a.v", ".v"]);
        check(&Filter::new().exclude(["a.t.c", "a.t:i"]), &["a.t"], &[]);
        check(&Filter::new().include(["a.t.c"]), &["a.t"], &["a.u"]);
    }

    #[test]
    fn columns_and_indexes() {
        let t = ObjectName::new("a", "t");
        let filter = Filter::new().exclude(["a.t.old_*", "*.t:i"]);
        assert!(filter.has_column(&t, "id") && filter.has_column(&t, "i"));
        assert!(!filter.has_column(&t, "old_1"));
        assert!(filter.has_index(&t, "old_1") && !filter.has_index(&t, "i"));
        let some = Filter::new().include(["a.t.x", "b.*"]);
        assert!(some.has_column(&t, "x") && !some.has_column(&t, "y") && some.has_index(&t, "i"));
        let more = Filter::new().include(["a.t.x", "a.*"]);
        assert!(more.has_column(&t, "y"));
        assert!(!Filter::new().exclude(["a.t"]).has_column(&t, "x"));
    }
}
