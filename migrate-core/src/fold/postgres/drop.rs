//! DROP.

use super::reader::{Reader, Written};
use crate::fold::Problem;
use crate::schema::{Object, ObjectName, OtherId, OtherKind, RelationKind, RoutineId};

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
        if cursor.accept(&["TYPE"]) || cursor.accept(&["DOMAIN"]) {
            return self.drop_types();
        }
        if cursor.accept(&["SCHEMA"]) {
            return self.drop_schemas();
        }
        if ["FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"].iter().any(|word| cursor.accept(&[word])) {
            return self.drop_routines();
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
                    let message = format!("\"{}\" is not a {word}", written.last());
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

    fn drop_types(&mut self) -> Result<(), Problem> {
        self.drop_list(
            &|reader, written| {
                let found = reader.session.find(&written.parts, |name| reader.schema.types.contains_key(name));
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

    fn drop_routines(&mut self) -> Result<(), Problem> {
        let lenient = self.if_exists();
        let start = self.cursor.here();
        let mut objects = Vec::new();
        loop {
            let written = self.written()?;
            let arguments = if self.cursor.is("(") { Some(self.argument_types()?) } else { None };
            match self.routine(&written, arguments.as_deref())? {
                Some(id) => objects.push(Object::Routine(id)),
                None if lenient => {}
                None => return Err(self.missing("function", &written)),
            }
            if !self.cursor.accept(&[","]) {
                break;
            }
        }
        let behaviour = self.behaviour();
        self.drop_all(&objects, behaviour, &start)
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
        }
        let id = self.find_other(kind, &written, parent.as_ref());
        let from = self.cursor.position();
        while !self.cursor.is_done() && !self.cursor.is("CASCADE") && !self.cursor.is("RESTRICT") {
            self.cursor.take();
        }
        let _ = from;
        let behaviour = self.behaviour();
        match id {
            Some(id) => self.drop_all(&[Object::Other(id)], behaviour, &at),
            None if lenient => Ok(()),
            None => Err(self.missing("object", &written)),
        }
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
