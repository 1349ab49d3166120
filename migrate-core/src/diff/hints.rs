//! What no schema says: renames, drops that are meant, values for rows.

use crate::schema::ObjectName;

/// What no schema says.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Whether the schema after comes from descriptions that know tables and enums alone: everything else then stays
    /// as it is.
    pub described: bool,
    /// Tables by their old and new names, done where the old one is there and the new one is not.
    pub renamed_tables: Vec<(ObjectName, ObjectName)>,
    /// Columns: the table's new name, the old name, the new one.
    pub renamed_columns: Vec<(ObjectName, String, String)>,
    /// Enums by their old and new names.
    pub renamed_enums: Vec<(ObjectName, ObjectName)>,
    /// Labels: the enum's new name, the old label, the new one.
    pub renamed_labels: Vec<(ObjectName, String, String)>,
    /// `--rename old=new`: a table or a column (`column`, `table.column`, `schema.table.column`), and its new name.
    pub renames: Vec<(String, String)>,
    /// `--drop old`: a table or column that does go.
    pub drops: Vec<String>,
    /// `--backfill table.column=expression`.
    pub backfills: Vec<(String, String)>,
}

impl Hints {
    /// Returns every flag that was given, as it is typed.
    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        let renames = self.renames.iter().map(|(old, new)| rename_flag(old, new));
        let drops = self.drops.iter().map(|name| drop_flag(name));
        let backfills = self.backfills.iter().map(|(column, value)| backfill_flag(column, value));
        renames.chain(drops).chain(backfills)
    }

    /// Returns the flag by which a table or column goes.
    pub(super) fn drop_of(&self, table: &ObjectName, column: Option<&str>) -> Option<String> {
        let found = self.drops.iter().find(|name| names(name, table, column))?;
        Some(drop_flag(found))
    }

    /// Returns the flag and the value that it gives to the rows of a column.
    pub(super) fn backfill(&self, table: &ObjectName, column: &str) -> Option<(String, &str)> {
        let (name, value) = self.backfills.iter().find(|(name, _)| names(name, table, Some(column)))?;
        Some((backfill_flag(name, value), value))
    }
}

pub(super) fn rename_flag(old: &str, new: &str) -> String {
    format!("--rename {old}={new}")
}

fn drop_flag(name: &str) -> String {
    format!("--drop {name}")
}

fn backfill_flag(column: &str, value: &str) -> String {
    format!("--backfill '{column}={value}'")
}

/// Returns whether a word on the command line names a table, or a column of it.
pub(super) fn names(word: &str, table: &ObjectName, column: Option<&str>) -> bool {
    let full = match column {
        Some(column) => vec![table.schema.as_str(), &table.name, column],
        None => vec![table.schema.as_str(), &table.name],
    };
    (0..full.len()).any(|from| full[from..].join(".").eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_tables_and_columns() {
        let table = ObjectName::new("dpo", "job");
        for (word, column, expect) in [
            ("job", None, true),
            ("dpo.job", None, true),
            ("job.id", Some("id"), true),
            ("dpo.job.id", Some("id"), true),
            ("id", Some("id"), true),
            ("job", Some("id"), false),
            ("other.job", None, false),
        ] {
            assert_eq!(names(word, &table, column), expect, "{word}");
        }
    }
}
