//! DROP.

use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{
    Behaviour, ColumnType, Object, ObjectName, OtherId, OtherKind, RelationKind, RoutineId, UserTypeKind,
};

/// Extensions and the types that they bring.
const EXTENSION_TYPES: &[(&str, &[&str])] = &[
    ("citext", &["citext"]),
    ("cube", &["cube"]),
    ("hstore", &["hstore"]),
    ("intarray", &["query_int"]),
    ("isn", &["ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"]),
    ("lo", &["lo"]),
    ("ltree", &["lquery", "ltree", "ltxtquery"]),
    ("postgis", &["box2d", "box3d", "geography", "geometry"]),
    ("seg", &["seg"]),
    ("vector", &["halfvec", "sparsevec", "vector"]),
];

/// The words for routines.
pub(super) const ROUTINES: [&str; 4] = ["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"];

/// Returns the problem that a routine does not exist.
pub(super) fn missing_routine(kind: &str, written: &Written, arguments: Option<&str>) -> Problem {
    let kind = if kind == "ROUTINE" { "routine".to_owned() } else { kind.to_ascii_lowercase() };
    let message = match arguments {
        Some(arguments) => format!("{kind} {written}({arguments}) does not exist"),
        None => format!("could not find a {kind} named \"{written}\": it does not exist"),
    };
    Problem::new("unknown-object", written.at.clone(), message)
}

/// Finds the object that a name means.
type Find<'f, R> = &'f dyn Fn(&mut R, &Written) -> Result<Option<Object>, Problem>;

impl Reader<'_, '_> {
    pub(super) fn drop_statement(&mut self) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        for (words, kind) in [
            (&["TABLE"] as &[&str], RelationKind::Table),
            (&["FOREIGN", "TABLE"], RelationKind::Table),
            (&["MATERIALIZED", "VIEW"], RelationKind::MaterializedView),
            (&["VIEW"], RelationKind::View),
            (&["SEQUENCE"], RelationKind::Sequence),
            (&["INDEX"], RelationKind::Index),
        ] {
            if cursor.accept(words) {
                cursor.accept(&["CONCURRENTLY"]);
                return self.drop_relations(kind);
            }
        }
        if cursor.accept(&["TYPE"]) {
            return self.drop_types(false);
        }
        if cursor.accept(&["DOMAIN"]) {
            return self.drop_types(true);
        }
        if cursor.accept(&["SCHEMA"]) {
            return self.drop_schemas();
        }
        if let Some(kind) = ROUTINES.iter().find(|word| cursor.accept(&[word])) {
            return self.drop_routines(kind);
        }
        if cursor.accept(&["TRIGGER"]) {
            return self.drop_trigger();
        }
        self.drop_other()
    }

    /// Takes a list of names, each resolved by `find`; with IF EXISTS those that are missing are passed over.
    fn drop_list(&mut self, find: Find<'_, Self>, kind: &str) -> Result<(), Problem> {
        let of_relations = ["table", "view", "sequence"].contains(&kind);
        let lenient = self.if_exists();
        let mut objects = Vec::new();
        let start = self.cursor.here();
        loop {
            let written = self.written()?;
            let temporary = of_relations && self.is_temporary(&written);
            if temporary {
                self.session.drop_temporary(written.last());
            }
            match if temporary { None } else { find(self, &written)? } {
                Some(object) => objects.push(object),
                None if temporary => {}
                None if lenient => {}
                None => return Err(self.missing(kind, &written)),
            }
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        let behaviour = self.behaviour();
        self.drop_all(&objects, behaviour, &start)
    }

    fn drop_relations(&mut self, kind: RelationKind) -> Result<(), Problem> {
        let word = match kind {
            RelationKind::Table => "table",
            RelationKind::View => "view",
            RelationKind::MaterializedView => "materialized view",
            RelationKind::Sequence => "sequence",
            RelationKind::Index => "index",
            RelationKind::Composite => "type",
        };
        self.drop_list(
            &|reader, written| {
                let Some((name, found)) = reader.relation(written) else { return Ok(None) };
                if found != kind {
                    let article = if kind == RelationKind::Index { "an" } else { "a" };
                    let message = format!("\"{}\" is not {article} {word}", written.last());
                    return Err(Problem::new("wrong-kind", written.at.clone(), message));
                }
                reader.relation_object(name, found, written).map(Some)
            },
            word,
        )
    }

    fn relation_object(&self, name: ObjectName, kind: RelationKind, written: &Written) -> Result<Object, Problem> {
        let refuse = |message: String| Err(Problem::new("depends", written.at.clone(), message));
        match kind {
            RelationKind::Table => Ok(Object::Table(name)),
            RelationKind::View | RelationKind::MaterializedView => Ok(Object::View(name)),
            RelationKind::Sequence => match self.schema.sequences.get(&name).and_then(|s| s.owner.as_ref()) {
                Some(owner) if owner.identity => refuse(format!(
                    "cannot drop sequence {} because column {} of table {} requires it",
                    name.name, owner.column, owner.table.name
                )),
                _ => Ok(Object::Sequence(name)),
            },
            RelationKind::Index => {
                let Some(table) = self.schema.table_of_index(&name).cloned() else {
                    return Err(self.missing("index", written));
                };
                let constraint = self.schema.tables.get(&table).is_some_and(|t| t.has_index_constraint(&name.name));
                if constraint {
                    return refuse(format!(
                        "cannot drop index {0} because constraint {0} on table {1} requires it",
                        name.name, table.name
                    ));
                }
                Ok(Object::Index(table, name.name))
            }
            RelationKind::Composite => Ok(Object::Type(name)),
        }
    }

    fn drop_types(&mut self, domains: bool) -> Result<(), Problem> {
        self.drop_list(
            &|reader, written| {
                let found = reader.session.find(&written.parts, |name| {
                    reader.schema.types.contains_key(name) || reader.schema.relation(name) == Some(RelationKind::Table)
                });
                let kind = found.as_ref().map(|name| reader.schema.types.get(name).map(|found| &found.kind));
                let refuse = |message: String| Err(Problem::new("wrong-kind", written.at.clone(), message));
                match kind {
                    Some(None) => {
                        let name = written.last();
                        return refuse(format!("cannot drop type {name} because table {name} requires it"));
                    }
                    Some(Some(kind)) if domains && !matches!(kind, UserTypeKind::Domain(_)) => {
                        return refuse(format!("\"{}\" is not a domain", written.last()));
                    }
                    _ => {}
                }
                Ok(found.map(Object::Type))
            },
            "type",
        )
    }

    fn drop_schemas(&mut self) -> Result<(), Problem> {
        self.drop_list(
            &|reader, written| {
                let known = reader.schema.namespaces.contains_key(written.last());
                Ok(known.then(|| Object::Namespace(written.last().to_owned())))
            },
            "schema",
        )
    }

    fn drop_routines(&mut self, kind: &str) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let start = self.cursor.here();
        let mut objects = Vec::new();
        loop {
            let written = self.written()?;
            let arguments = if self.cursor.is("(") { Some(self.argument_types()?) } else { None };
            match self.routine(&written, arguments.as_deref())? {
                Some(id) => {
                    self.is_routine(kind, &id, &written)?;
                    objects.push(Object::Routine(id));
                }
                None if lenient => {}
                None => return Err(missing_routine(kind, &written, arguments.as_deref())),
            }
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        let behaviour = self.behaviour();
        self.drop_all(&objects, behaviour, &start)
    }

    /// Refuses a routine of another kind than was said.
    pub(super) fn is_routine(&self, said: &str, id: &RoutineId, written: &Written) -> Result<(), Problem> {
        let kind = self.schema.routines.get(id).map_or("", |found| found.kind.as_str());
        let is_procedure = kind.eq_ignore_ascii_case("procedure");
        if said == "ROUTINE" || said == "AGGREGATE" || (said == "PROCEDURE") == is_procedure {
            return Ok(());
        }
        let article = if said == "PROCEDURE" { "a procedure" } else { "a function" };
        let message = format!("{}({}) is not {article}", id.name.name, id.arguments);
        Err(Problem::new("wrong-kind", written.at.clone(), message))
    }

    /// Returns the routine that a name, and the types of its arguments if they are given, mean.
    pub(super) fn routine(&self, written: &Written, arguments: Option<&str>) -> Result<Option<RoutineId>, Problem> {
        let name = self.session.find(&written.parts, |name| {
            let mut ids = self.schema.routines.keys();
            ids.any(|id| id.name == *name && arguments.is_none_or(|arguments| id.arguments == arguments))
        });
        let Some(name) = name else { return Ok(None) };
        let mut found = self
            .schema
            .routines
            .keys()
            .filter(|id| id.name == name && arguments.is_none_or(|arguments| id.arguments == arguments));
        let first = found.next().cloned();
        if found.next().is_some() {
            let message = format!("function name \"{written}\" is not unique");
            return Err(Problem::new("ambiguous", written.at.clone(), message)
                .help("Specify the argument list to select the function unambiguously."));
        }
        Ok(first)
    }

    fn drop_trigger(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let at = self.cursor.here();
        let name = self.identifier()?;
        self.cursor.expect("ON")?;
        let written = self.written()?;
        let behaviour = self.behaviour();
        if self.relation(&written).is_none() && !lenient {
            return Err(self.missing("relation", &written));
        }
        let found = self.relation(&written).filter(|(relation, _)| {
            let table = self.schema.tables.get(relation).map(|table| &table.triggers);
            let view = self.schema.views.get(relation).map(|view| &view.triggers);
            table.or(view).is_some_and(|triggers| triggers.contains_key(&name))
        });
        match found {
            Some((relation, _)) => self.drop_all(&[Object::Trigger(relation, name)], behaviour, &at),
            None if lenient => Ok(()),
            None => {
                let message = format!("trigger \"{name}\" for table \"{written}\" does not exist");
                Err(Problem::new("unknown-object", at, message))
            }
        }
    }

    fn drop_other(&mut self) -> Result<(), Problem> {
        let Some(kind) = self.other_kind() else { return Err(self.cursor.expected("a kind of object")) };
        let lenient = self.if_exists();
        let at = self.cursor.here();
        let written = self.written()?;
        let mut parent = None;
        if matches!(kind, OtherKind::Rule | OtherKind::Policy) {
            self.cursor.expect("ON")?;
            let table = self.written()?;
            parent = self.relation(&table).map(|(name, _)| name);
            if parent.is_none() && !lenient {
                return Err(self.missing("relation", &table));
            }
        }
        let mut found = Vec::new();
        let mut name = written;
        loop {
            match self.find_other(kind, &name, parent.as_ref()) {
                Some(id) => found.push(id),
                None if lenient => {}
                None => return Err(self.missing_other(kind, &name, parent.as_ref())),
            }
            // The types of an operator, the method of a class: the name is enough to find it.
            self.cursor.take_until(&[",", "CASCADE", "RESTRICT"]);
            if !self.cursor.accept(&[","]) {
                break;
            }
            name = self.written()?;
        }
        let behaviour = self.behaviour();
        let mut objects = Vec::new();
        for id in found {
            let columns = self.columns_of_extension(&id);
            if let (Some(Object::Column(table, column)), Behaviour::Restrict) = (columns.first(), behaviour) {
                let name = &id.name.name;
                let message = self.shown(&format!(
                    "cannot drop extension {name} because other objects depend on it: column {column} of table \
                     {table} depends on extension {name}"
                ));
                return Err(Problem::new("depends", at, message));
            }
            objects.extend(columns.into_iter().chain([Object::Other(id)]));
        }
        self.drop_all(&objects, behaviour, &at)
    }

    /// Returns the columns of a type that an extension is known to bring.
    fn columns_of_extension(&self, id: &OtherId) -> Vec<Object> {
        let brought = EXTENSION_TYPES.iter().find(|(name, _)| id.kind == OtherKind::Extension && id.name.name == *name);
        let Some((_, types)) = brought else { return Vec::new() };
        let is_brought = |ty: &ColumnType| {
            let name = ty.user_type().filter(|name| !self.schema.types.contains_key(*name));
            name.is_some_and(|name| types.contains(&name.name.as_str()))
        };
        let mut columns = Vec::new();
        for (table, found) in &self.schema.tables {
            let own = found.columns.iter().filter(|column| is_brought(&column.ty));
            columns.extend(own.map(|column| Object::Column(table.clone(), column.name.clone())));
        }
        columns
    }

    /// Returns the problem that an object of which only the text is known does not exist.
    pub(super) fn missing_other(&self, kind: OtherKind, written: &Written, parent: Option<&ObjectName>) -> Problem {
        let words = other_words(kind);
        let message = match parent {
            Some(table) => format!("{words} \"{}\" for table \"{}\" does not exist", written.last(), table.name),
            None => format!("{words} \"{written}\" does not exist"),
        };
        // The server says "relation" where it looks for a rule.
        let message = if kind == OtherKind::Rule { message.replace("for table", "for relation") } else { message };
        Problem::new("unknown-object", written.at.clone(), message)
    }

    /// Returns the object of which only the text is known that a name means.
    pub(super) fn find_other(
        &self,
        kind: OtherKind,
        written: &Written,
        parent: Option<&ObjectName>,
    ) -> Option<OtherId> {
        let fits = |id: &&OtherId| {
            id.kind == kind && id.name.name == written.last() && (parent.is_none() || id.parent.as_ref() == parent)
        };
        let schema = (written.parts.len() > 1).then(|| written.parts[0].as_str());
        let mut found = self.schema.others.keys().filter(fits);
        found.find(|id| schema.is_none_or(|schema| id.name.schema == schema)).cloned()
    }
}

/// Returns what the server calls a kind of object.
pub(super) fn other_words(kind: OtherKind) -> &'static str {
    match kind {
        OtherKind::Extension => "extension",
        OtherKind::Collation => "collation",
        OtherKind::Cast => "cast",
        OtherKind::Operator => "operator",
        OtherKind::OperatorClass => "operator class",
        OtherKind::OperatorFamily => "operator family",
        OtherKind::Statistics => "statistics object",
        OtherKind::Rule => "rule",
        OtherKind::Policy => "policy",
        OtherKind::Publication => "publication",
        OtherKind::Subscription => "subscription",
        OtherKind::EventTrigger => "event trigger",
        OtherKind::ForeignServer => "server",
        OtherKind::ForeignDataWrapper => "foreign-data wrapper",
        OtherKind::BaseType => "type",
        OtherKind::Conversion => "conversion",
        OtherKind::Transform => "transform",
        OtherKind::TextSearch => "text search configuration",
        OtherKind::TextSearchDictionary => "text search dictionary",
        OtherKind::TextSearchParser => "text search parser",
        OtherKind::TextSearchTemplate => "text search template",
        OtherKind::AccessMethod => "access method",
        OtherKind::Language => "language",
    }
}
