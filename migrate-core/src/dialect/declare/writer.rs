//! The statements that are alike in all dialects.

use std::collections::BTreeSet;

use super::{Declaration, Declared, complete, top_level};
use crate::schema::logical::{
    LogicalColumn, LogicalConstraint, LogicalConstraintKind, LogicalIndex, LogicalKey, LogicalPart, LogicalSchema,
    LogicalTable, LogicalType, Origin, Said, Setting,
};
use crate::schema::{ObjectName, ReferentialAction};
use crate::sql::Syntax;

/// How a dialect says things.
pub(in crate::dialect) trait Words {
    /// Returns its syntax.
    fn syntax(&self) -> &'static Syntax;

    /// Returns a name in quotes, where it needs them.
    fn identifier(&self, name: &str) -> String;

    /// Returns the name of a table or type.
    fn object(&self, name: &ObjectName) -> String;

    /// Returns a type, or why there is none.
    fn ty(&self, ty: &LogicalType) -> Result<String, String>;

    /// Returns an expression in the dialect's own words, of the type of a column where it is the value of one.
    fn expression(&self, text: &str, ty: Option<&LogicalType>) -> String;

    /// Returns a default as it may stand behind DEFAULT.
    fn default(&self, text: &str) -> String;

    /// Writes what precedes the tables.
    fn before(&self, writer: &mut Writer<'_>, schema: &LogicalSchema);

    /// Writes what a column says beside its type, nullability, default and collation.
    fn column(&self, writer: &mut Writer<'_>, table: &LogicalTable, column: &LogicalColumn);

    /// Writes what follows the columns inside of CREATE TABLE.
    fn inside(&self, writer: &mut Writer<'_>, schema: &LogicalSchema, table: &LogicalTable);

    /// Returns the words between CREATE and TABLE, and those behind its parentheses.
    fn around(&self, writer: &mut Writer<'_>, table: &LogicalTable) -> (String, String);

    /// Returns where a constraint stands.
    fn place(&self, table: &LogicalTable, constraint: &LogicalConstraint) -> Where;

    /// Writes what a constraint demands.
    fn constraint(&self, writer: &mut Writer<'_>, constraint: &LogicalConstraint);

    /// Writes an index.
    fn index(&self, writer: &mut Writer<'_>, table: &LogicalTable, index: &LogicalIndex);

    /// Returns where the NULLs of a key come, as far as it has to be said.
    fn nulls(&self, key: &LogicalKey) -> &'static str;

    /// Writes what follows the tables.
    fn after(&self, writer: &mut Writer<'_>, schema: &LogicalSchema);
}

/// Where a constraint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dialect) enum Where {
    /// With its column, which writes it itself.
    Column,
    /// Behind the columns.
    Table,
    /// In a statement of its own, behind all tables.
    Behind,
}

/// Writes statements.
pub(in crate::dialect) struct Writer<'w> {
    pub(in crate::dialect) words: &'w dyn Words,
    text: String,
    parts: Vec<(std::ops::Range<usize>, Origin)>,
    /// The names of indexes, so that one that is made up is not one of them.
    pub(in crate::dialect) indexes: BTreeSet<String>,
    pub(in crate::dialect) done: Declared,
}

impl Writer<'_> {
    /// Adds words of the dialect's own.
    pub(in crate::dialect) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds what an entity says.
    pub(in crate::dialect) fn part(&mut self, at: Origin, write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        let number = self.parts.len();
        self.parts.push((start..start, at));
        write(self);
        self.parts[number].0.end = self.text.len();
    }

    /// Adds a text of the user's, if it is one that ends where it stands.
    pub(in crate::dialect) fn sql(&mut self, said: &Said, ty: Option<&LogicalType>) {
        let text = self.plain(said, ty);
        self.part(said.at, |writer| writer.push(&text));
    }

    /// Returns a text of the user's in the dialect's words, and notes one that does not end where it stands.
    pub(in crate::dialect) fn plain(&mut self, said: &Said, ty: Option<&LogicalType>) -> String {
        if let Err(why) = complete(&said.text, self.words.syntax()) {
            self.refuse(said.at, why);
        } else if top_level(&said.text, self.words.syntax()).iter().any(|word| word.text == ",") {
            self.refuse(said.at, "it is more than one expression");
        }
        if said.own { said.text.clone() } else { self.words.expression(&said.text, ty) }
    }

    /// Notes what the dialect cannot say.
    pub(in crate::dialect) fn refuse(&mut self, at: Origin, why: impl Into<String>) {
        self.done.refusals.push((at, why.into()));
    }

    /// Notes a setting that the dialect does not know.
    pub(in crate::dialect) fn unknown(&mut self, of: &str, setting: &Setting, known: &[&str]) {
        let hint = crate::suggest::did_you_mean(&setting.key, known.iter().copied());
        let name = self.words.syntax().name;
        self.refuse(setting.at, format!("`{name}(…)` of {of} knows no `{}`: {hint}", setting.key));
    }

    /// Ends a statement, which an entity says as a whole.
    pub(in crate::dialect) fn statement(&mut self, at: Origin) {
        let text = std::mem::take(&mut self.text);
        let mut parts = vec![(0..text.len(), at)];
        parts.append(&mut self.parts);
        self.done.statements.push(Declaration { text, parts });
    }

    /// Adds `CONSTRAINT name `, where a name is given.
    fn named(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            let name = self.words.identifier(name);
            self.push(&format!("CONSTRAINT {name} "));
        }
    }

    /// Adds a constraint with its name.
    fn constraint(&mut self, constraint: &LogicalConstraint) {
        self.part(constraint.at, |writer| {
            writer.named(constraint.name.as_deref());
            writer.words.constraint(writer, constraint);
            if constraint.deferrable {
                writer.push(" DEFERRABLE");
            }
            if constraint.initially_deferred {
                writer.push(" INITIALLY DEFERRED");
            }
        });
    }

    fn table(&mut self, schema: &LogicalSchema, table: &LogicalTable) {
        let words = self.words;
        let (kind, end) = words.around(self, table);
        self.push(&format!("CREATE {kind}TABLE {} (", words.object(&table.name)));
        let inside = |one: &&LogicalConstraint| words.place(table, one) == Where::Table;
        for (n, column) in table.columns.iter().enumerate() {
            self.push(if n == 0 { "\n    " } else { ",\n    " });
            self.part(column.at, |writer| writer.column(table, column));
        }
        for constraint in table.constraints.iter().filter(inside) {
            self.push(",\n    ");
            self.constraint(constraint);
        }
        words.inside(self, schema, table);
        self.push(&format!("\n){end}"));
        self.statement(table.at);
    }

    fn column(&mut self, table: &LogicalTable, column: &LogicalColumn) {
        let words = self.words;
        let name = words.identifier(&column.name);
        self.push(&name);
        match words.ty(&column.ty) {
            Ok(ty) => {
                if let (LogicalType::Sql(text), Err(why)) = (&column.ty, complete(&ty, words.syntax())) {
                    self.refuse(column.ty_at, format!("the type `{text}`: {why}"));
                }
                self.push(" ");
                self.part(column.ty_at, |writer| writer.push(&ty));
            }
            Err(why) => self.refuse(column.ty_at, why),
        }
        if let Some(collation) = &column.collation {
            let name = words.identifier(&collation.text);
            self.push(" COLLATE ");
            self.part(collation.at, |writer| writer.push(&name));
        }
        if !column.nullable {
            self.push(" NOT NULL");
        }
        if let Some(default) = &column.default {
            let text = self.plain(default, Some(&column.ty));
            let text = words.default(&text);
            self.push(" DEFAULT ");
            self.part(default.at, |writer| writer.push(&text));
        }
        words.column(self, table, column);
    }

    /// Adds columns in parentheses.
    pub(in crate::dialect) fn list(&mut self, names: &[String]) {
        let names: Vec<String> = names.iter().map(|name| self.words.identifier(name)).collect();
        self.push(&format!("({})", names.join(", ")));
    }

    /// Adds a foreign key without its name.
    pub(in crate::dialect) fn foreign_key(&mut self, kind: &LogicalConstraintKind) {
        let LogicalConstraintKind::ForeignKey { columns, target, target_columns, on_delete, on_update } = kind else {
            return;
        };
        self.push("FOREIGN KEY ");
        self.list(columns);
        let target = self.words.object(target);
        self.push(&format!(" REFERENCES {target}"));
        if !target_columns.is_empty() {
            self.push(" ");
            self.list(target_columns);
        }
        for (action, when) in [(on_delete, "DELETE"), (on_update, "UPDATE")] {
            let word = match action {
                ReferentialAction::NoAction => continue,
                ReferentialAction::Restrict => "RESTRICT",
                ReferentialAction::Cascade => "CASCADE",
                ReferentialAction::SetNull => "SET NULL",
                ReferentialAction::SetDefault => "SET DEFAULT",
            };
            self.push(&format!(" ON {when} {word}"));
        }
    }

    /// Adds the keys of an index in parentheses.
    pub(in crate::dialect) fn keys(&mut self, index: &LogicalIndex) {
        self.push(" (");
        for (n, key) in index.keys.iter().enumerate() {
            if n > 0 {
                self.push(", ");
            }
            match &key.part {
                LogicalPart::Column(column) => {
                    let column = self.words.identifier(column);
                    self.push(&column);
                }
                LogicalPart::Expression(text) => {
                    self.push("(");
                    self.sql(text, None);
                    self.push(")");
                }
            }
            if let Some(collation) = &key.collation {
                let collation = self.words.identifier(collation);
                self.push(&format!(" COLLATE {collation}"));
            }
            if let Some(class) = &key.operator_class {
                self.push(&format!(" {class}"));
            }
            if key.descending {
                self.push(" DESC");
            }
            let nulls = self.words.nulls(key);
            self.push(nulls);
        }
        self.push(")");
    }
}

/// Returns the statements of a logical schema in a dialect's words.
pub(in crate::dialect) fn declare(words: &dyn Words, schema: &LogicalSchema) -> Declared {
    let mut writer = Writer {
        words,
        text: String::new(),
        parts: Vec::new(),
        indexes: schema.tables.iter().flat_map(|table| &table.indexes).filter_map(|index| index.name.clone()).collect(),
        done: Declared::default(),
    };
    words.before(&mut writer, schema);
    for table in &schema.tables {
        writer.table(schema, table);
    }
    for table in &schema.tables {
        let behind = |one: &&LogicalConstraint| words.place(table, one) == Where::Behind;
        for constraint in table.constraints.iter().filter(behind) {
            let name = words.object(&table.name);
            writer.push(&format!("ALTER TABLE {name} ADD "));
            writer.constraint(constraint);
            writer.statement(constraint.at);
        }
        for index in &table.indexes {
            words.index(&mut writer, table, index);
            writer.statement(index.at);
        }
    }
    words.after(&mut writer, schema);
    writer.done
}
