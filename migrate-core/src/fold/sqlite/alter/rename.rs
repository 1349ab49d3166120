//! RENAME TO and RENAME COLUMN.

use super::super::catalog::{Fact, Home, Id, Key, Object};
use super::super::check;
use super::super::create::reserved;
use super::super::read::{Definition, Ident, Quote, Reader};
use super::super::resolve::{Names, Role, Use};
use super::edit::{Edit, apply};
use super::{Alter, Strings};
use crate::fold::{Effect, Problem};
use crate::sql::name as in_quotes;

impl Alter<'_> {
    pub(super) fn rename(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        if reader.accept(&["TO"]) {
            let new = reader.name()?;
            reader.finish()?;
            return self.rename_table(&new);
        }
        reader.accept(&["COLUMN"]);
        let column = reader.name()?;
        reader.expect("TO")?;
        let new = reader.name()?;
        reader.finish()?;
        let shown = format!("\"{}\"", &reader.text()[column.at.clone()]);
        self.rename_column(&column, &shown, &new)
    }

    fn rename_table(&mut self, new: &Ident) -> Result<Effect, Problem> {
        let object = self.target()?;
        let taken = self.catalog.relation_in(object.home, &new.name).is_some()
            || self.catalog.index_in(object.home, &new.name).is_some()
            || self.catalog.shadowed_by(object.home, &new.name).is_some();
        if taken {
            let message = format!("there is already another table or index with this name: {}", new.name);
            return Err(Problem::new("name-taken", new.at.clone(), message));
        }
        reserved(new)?;
        if object.is_view() {
            return Err(self.problem("sql-refused", format!("view {} may not be altered", object.name)));
        }
        let key = object.key();
        let texts = self.renamed_texts(&object, &key, new)?;
        let renamed = |name: &str, home: Home| home == key.0 && name.eq_ignore_ascii_case(&key.1);
        for (at, sql) in texts {
            let Some(before) = self.catalog.get(at) else { continue };
            let mut changed = Object::clone(before);
            if changed.is_relation() && renamed(&changed.name, changed.home) {
                changed.name.clone_from(&new.name);
            }
            if renamed(&changed.table, changed.table_home) {
                changed.table.clone_from(&new.name);
            }
            changed.definition =
                super::super::read::stored(&sql).map_err(|problem| self.broken(&changed, "after rename", problem))?;
            changed.sql = sql;
            self.catalog.set(at, Some(changed));
        }
        self.check_all(key.0, "after rename", Strings::Allowed)?;
        Ok(Effect::Schema)
    }

    /// Returns every text in which the table's name is rewritten.
    fn renamed_texts(&self, object: &Object, key: &Key, new: &Ident) -> Result<Vec<(Id, String)>, Problem> {
        let names = Names::new(self.catalog);
        let mut texts = Vec::new();
        for (at, other) in self.objects(&self.concerned(key)) {
            if other.home != key.0 && other.home != Home::Temp {
                continue;
            }
            let on_it = other.table_home == key.0 && other.table.eq_ignore_ascii_case(&object.name);
            if other.is_index() && !on_it {
                continue;
            }
            let uses = self.uses_for_rename(&names, other)?;
            let edits: Vec<Edit> = uses
                .into_iter()
                .filter_map(|used| match used {
                    Use::Table { at, table, role } if table == *key && self.follows(role) => {
                        Some(Edit { at, text: in_quotes(&new.name) })
                    }
                    _ => None,
                })
                .collect();
            if !edits.is_empty() || on_it {
                texts.push((at, apply(&other.sql, edits)));
            }
        }
        Ok(texts)
    }

    fn follows(&self, role: Role) -> bool {
        match role {
            Role::Own => true,
            Role::Parent => !self.session.legacy || self.session.foreign_keys,
            Role::Inner => !self.session.legacy,
        }
    }

    /// Returns the names in an object's text, as far as the mode looks into it.
    fn uses_for_rename(&self, names: &Names<'_>, object: &Object) -> Result<Vec<Use>, Problem> {
        if self.session.legacy {
            match &object.definition {
                Definition::View(_) => return Ok(Vec::new()),
                Definition::Trigger(trigger) => {
                    let table = (object.table_home, object.table.to_ascii_lowercase());
                    return Ok(vec![Use::Table { at: trigger.table.name.at.clone(), table, role: Role::Own }]);
                }
                _ => {}
            }
        }
        check::object(names, object).map_err(|problem| self.broken(object, "", problem))
    }

    fn rename_column(&mut self, column: &Ident, shown: &str, new: &Ident) -> Result<Effect, Problem> {
        let object = self.real_table("rename columns of")?;
        let Some(table) = object.as_table() else { return Ok(Effect::Schema) };
        let Some(definition) = table.columns.iter().find(|known| column.is(&known.name.name)) else {
            return Err(self.unknown_column(column, shown));
        };
        let key = object.key();
        let old = definition.name.name.to_ascii_lowercase();
        self.check_rewritable(key.0)?;
        self.fix_strings(key.0, "after rename")?;
        let mut texts = Vec::new();
        {
            let names = Names::new(self.catalog);
            let without_strings = Names::without_strings(self.catalog);
            for (at, other) in self.objects(&self.concerned(&key)) {
                let elsewhere = other.home != key.0;
                if elsewhere && (other.home != Home::Temp || !(other.is_view() || other.is_trigger())) {
                    continue;
                }
                let on_it = other.table_home == key.0 && other.table.eq_ignore_ascii_case(&key.1);
                if other.is_index() && !on_it {
                    continue;
                }
                // An index of the table may have no string left as a key.
                let names = if other.is_index() { &without_strings } else { &names };
                let uses = check::object(names, other).map_err(|problem| self.broken(other, "", problem))?;
                let edits = uses.into_iter().filter_map(|used| match used {
                    Use::Column { at, quote, table, column } if table == key && column == old => {
                        let text = replacement(new, quote, other.sql[at.end..].starts_with('"'));
                        Some(Edit { at, text })
                    }
                    _ => None,
                });
                texts.push((at, apply(&other.sql, edits.collect())));
            }
        }
        for (at, sql) in texts {
            self.replace(at, "after rename", sql)?;
        }
        self.check_read(&key, "after rename")?;
        self.check_all(key.0, "after rename", Strings::Rewritten)?;
        Ok(Effect::Schema)
    }

    /// Writes every string in double quotes with single ones, as RENAME COLUMN and DROP COLUMN do first.
    pub(super) fn fix_strings(&mut self, home: Home, when: &str) -> Result<(), Problem> {
        let mut texts = Vec::new();
        let mut seen = Vec::new();
        {
            let names = Names::new(self.catalog);
            for (at, object) in self.objects(self.catalog.unknown(Fact::NoStrings)) {
                if object.home != home && object.home != Home::Temp {
                    continue;
                }
                let uses = check::object(&names, object).map_err(|problem| self.broken(object, "", problem))?;
                let edits: Vec<Edit> = uses
                    .into_iter()
                    .filter_map(|used| match used {
                        Use::Text { at } => {
                            let (text, _) = super::super::read::unquoted(&object.sql[at.clone()]);
                            let space = if object.sql[at.end..].starts_with('\'') { " " } else { "" };
                            Some(Edit { at, text: format!("{}{space}", crate::sql::literal(&text)) })
                        }
                        _ => None,
                    })
                    .collect();
                seen.push(at);
                if !edits.is_empty() {
                    texts.push((at, apply(&object.sql, edits)));
                }
            }
        }
        self.catalog.learn(Fact::NoStrings, &seen);
        for (at, sql) in texts {
            self.replace(at, when, sql)?;
        }
        Ok(())
    }
}

/// Returns how the new name is written: as it was typed where the old one had no quotes.
fn replacement(new: &Ident, quote: Quote, before_quote: bool) -> String {
    if new.quote == Quote::Bare && quote == Quote::Bare {
        return new.name.clone();
    }
    let space = if before_quote { " " } else { "" };
    format!("{}{space}", in_quotes(&new.name))
}
