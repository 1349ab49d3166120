//! CREATE TABLE AS.

use std::ops::Range;

use super::query::Value;
use super::reader::{Reader, Written};
use super::view::unique;
use crate::fold::Problem;
use crate::schema::{Column, ObjectName, Table};

impl Reader<'_, '_> {
    /// Takes what makes this a table of a query's columns: names without types in parentheses, or none at all.
    pub(super) fn names_alone(&mut self) -> Result<Option<Vec<String>>, Problem> {
        if !self.cursor.is("(") {
            let begins = ["AS", "WITH", "USING", "TABLESPACE", "ON", "WITHOUT"];
            return Ok(begins.iter().any(|word| self.cursor.is(word)).then(Vec::new));
        }
        let from = self.cursor.position();
        let names = self.identifiers();
        match names {
            Ok(names) => Ok(Some(names)),
            Err(_) => {
                self.cursor.rewind(from);
                Ok(None)
            }
        }
    }

    /// Makes a table of a query's columns.
    pub(super) fn create_table_as(
        &mut self,
        name: &ObjectName,
        written: &Written,
        mut table: Table,
        names: Vec<String>,
    ) -> Result<(), Problem> {
        let at = self.query_to_the_end();
        let query = self.read_query(at.clone())?;
        let whole = self.cursor.bytes_at(at.start);
        let Some(mut outputs) = query.outputs else {
            return Err(self.not_written(whole, "the columns of this query are"));
        };
        if names.len() > outputs.len() {
            let message = "too many column names were specified";
            return Err(Problem::new("sql-syntax", written.at.clone(), message));
        }
        for (output, name) in outputs.iter_mut().zip(names) {
            output.name = name;
        }
        unique(&outputs, written)?;
        for output in outputs {
            let Value::Known(ty) = output.value else {
                let what = format!("the type of the column \"{}\" is", output.name);
                return Err(self.not_written(whole, &what));
            };
            table.columns.push(Column { collation: output.collation, ..Column::new(output.name, ty) });
        }
        self.schema.tables.insert(name.clone(), table);
        Ok(())
    }

    /// Takes a query, and whether it is run, which makes rows and no columns.
    fn query_to_the_end(&mut self) -> Range<usize> {
        let from = self.cursor.position();
        self.pass_over();
        let to = self.cursor.position();
        for words in [&["WITH", "NO", "DATA"] as &[&str], &["WITH", "DATA"]] {
            let start = to.saturating_sub(words.len()).max(from);
            self.cursor.rewind(start);
            let ends = self.cursor.are(words);
            self.cursor.rewind(to);
            if ends {
                return from..start;
            }
        }
        from..to
    }

    /// Says that what a statement makes is not written in it.
    pub(super) fn not_written(&self, at: Range<usize>, what: &str) -> Problem {
        Problem::new("sql-unsupported", at, format!("{what} not written in the statement"))
            .help("say it with `-- migrate:effect CREATE TABLE … (…)` before the statement")
    }
}
