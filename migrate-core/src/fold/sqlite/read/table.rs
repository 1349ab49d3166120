//! The body of CREATE TABLE: columns, constraints, options.

use super::ast::{Clause, ClauseKind, ColumnDef, Expr, Fk, TableDef};
use super::reader::Reader;
use crate::fold::Problem;
use crate::sql::TokenKind;

impl Reader<'_> {
    /// Takes a table from its name on.
    pub(crate) fn table(&mut self) -> Result<TableDef, Problem> {
        let name = self.name()?;
        self.table_after(name)
    }

    /// Takes a table after its name.
    pub(crate) fn table_after(&mut self, name: super::ast::Ident) -> Result<TableDef, Problem> {
        let end = self.here().start;
        let mut table = TableDef {
            name,
            columns: Vec::new(),
            constraints: Vec::new(),
            columns_end: end,
            close: end,
            without_rowid: false,
            strict: false,
        };
        self.expect("(")?;
        let column = self.column_def()?;
        table.columns.push(column);
        while self.is(",") {
            table.columns_end = self.here().start;
            self.accept(&[","]);
            if self.at_table_constraint() {
                self.table_constraints(&mut table)?;
                break;
            }
            let column = self.column_def()?;
            table.columns.push(column);
        }
        let close = self.here().start;
        self.expect(")")?;
        table.close = close;
        if table.constraints.is_empty() {
            table.columns_end = close;
        }
        self.table_options(&mut table)?;
        Ok(table)
    }

    fn table_options(&mut self, table: &mut TableDef) -> Result<(), Problem> {
        while let Some(token) = self.peek() {
            if self.accept(&["WITHOUT"]) {
                let here = self.here();
                let word = self.name()?;
                if !word.is("rowid") {
                    let message = format!("unknown table option: {}", &self.text()[here.clone()]);
                    return Err(Problem::new("sql-syntax", here, message));
                }
                table.without_rowid = true;
            } else if token.kind == TokenKind::Word && self.accept(&["STRICT"]) {
                table.strict = true;
            } else if token.kind == TokenKind::Word && !super::reader::is_reserved(self.cursor.text_of(token)) {
                let message = format!("unknown table option: {}", self.cursor.text_of(token));
                return Err(Problem::new("sql-syntax", self.here(), message));
            } else {
                return Err(self.near());
            }
            if !self.accept(&[","]) {
                break;
            }
            if self.peek().is_none() {
                return Err(self.near());
            }
        }
        Ok(())
    }

    fn at_table_constraint(&self) -> bool {
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| self.is(word))
    }

    /// Takes a column.
    pub(crate) fn column_def(&mut self) -> Result<ColumnDef, Problem> {
        let name = self.name()?;
        let ty = self.type_name()?;
        let mut clauses = Vec::new();
        while let Some(clause) = self.column_clause(&name.name)? {
            clauses.push(clause);
        }
        Ok(ColumnDef { name, ty, clauses })
    }

    /// Takes a type, which is any run of words, and returns its text.
    pub(crate) fn type_name(&mut self) -> Result<String, Problem> {
        let start = self.here().start;
        let mut end = start;
        while !self.at_generated() && self.plain(true).is_some() {
            end = self.taken();
        }
        if end == start {
            return Ok(String::new());
        }
        if self.accept(&["("]) {
            self.signed_number()?;
            if self.accept(&[","]) {
                self.signed_number()?;
            }
            self.expect(")")?;
            return Ok(self.text()[start..self.taken()].to_owned());
        }
        Ok(without_generated(&self.text()[start..end]).to_owned())
    }

    fn at_generated(&self) -> bool {
        self.are(&["GENERATED", "ALWAYS", "AS"])
    }

    fn signed_number(&mut self) -> Result<(), Problem> {
        if !self.accept(&["+"]) {
            self.accept(&["-"]);
        }
        match self.peek() {
            Some(token) if token.kind == TokenKind::Number => {
                self.cursor.take();
                Ok(())
            }
            _ => Err(self.near()),
        }
    }

    /// Takes `CONSTRAINT name`.
    fn constraint_name(&mut self) -> Result<Option<super::ast::Ident>, Problem> {
        if self.accept(&["CONSTRAINT"]) { self.name().map(Some) } else { Ok(None) }
    }

    fn column_clause(&mut self, column: &str) -> Result<Option<Clause>, Problem> {
        let start = self.here().start;
        let name = self.constraint_name()?;
        let kind = match self.column_constraint(column)? {
            Some(kind) => kind,
            None if name.is_some() => ClauseKind::Nothing,
            None => return Ok(None),
        };
        Ok(Some(Clause { name, kind, at: start..self.taken() }))
    }

    fn column_constraint(&mut self, column: &str) -> Result<Option<ClauseKind>, Problem> {
        if self.accept(&["NOT", "NULL"]) {
            return Ok(Some(ClauseKind::NotNull(self.conflict()?)));
        }
        if self.is("NOT") && !self.are(&["NOT", "DEFERRABLE"]) {
            self.cursor.take();
            return Err(self.near());
        }
        if self.accept(&["NULL"]) {
            self.conflict()?;
            return Ok(Some(ClauseKind::Null));
        }
        if self.accept(&["PRIMARY"]) {
            self.expect("KEY")?;
            let orders = vec![self.direction()?];
            let conflict = self.conflict()?;
            let autoincrement = self.accept(&["AUTOINCREMENT"]);
            return Ok(Some(ClauseKind::PrimaryKey { keys: Vec::new(), orders, autoincrement, conflict }));
        }
        if self.accept(&["UNIQUE"]) {
            let conflict = self.conflict()?;
            return Ok(Some(ClauseKind::Unique { keys: Vec::new(), orders: Vec::new(), conflict }));
        }
        if self.accept(&["CHECK"]) {
            return Ok(Some(ClauseKind::Check(self.check_expression()?)));
        }
        if self.is("DEFAULT") {
            return self.default_value().map(Some);
        }
        if self.accept(&["COLLATE"]) {
            return Ok(Some(ClauseKind::Collate(self.plain(true).ok_or_else(|| self.near())?)));
        }
        if self.is("REFERENCES") {
            return Ok(Some(ClauseKind::ForeignKey(self.references(Vec::new())?)));
        }
        if self.at_generated() || self.is("AS") {
            return self.generated(column).map(Some);
        }
        self.deferrable()
    }

    fn check_expression(&mut self) -> Result<Expr, Problem> {
        self.expect("(")?;
        let expr = self.expression()?;
        self.expect(")")?;
        Ok(expr)
    }

    fn default_value(&mut self) -> Result<ClauseKind, Problem> {
        self.expect("DEFAULT")?;
        let start = self.here().start;
        if self.accept(&["("]) {
            let expr = self.expression()?;
            self.expect(")")?;
            return Ok(ClauseKind::Default(start..self.taken(), Some(expr)));
        }
        let signed = self.accept(&["+"]) || self.accept(&["-"]);
        let now = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"];
        let Some(token) = self.peek() else { return Err(self.near()) };
        let literal = matches!(token.kind, TokenKind::Number | TokenKind::String) || self.is("NULL");
        if literal || now.iter().any(|word| self.is(word)) {
            self.cursor.take();
        } else if signed || self.plain(false).is_none() {
            return Err(self.near());
        }
        Ok(ClauseKind::Default(start..self.taken(), None))
    }

    fn generated(&mut self, column: &str) -> Result<ClauseKind, Problem> {
        self.accept(&["GENERATED", "ALWAYS"]);
        self.expect("AS")?;
        let expr = self.check_expression()?;
        let mut stored = false;
        let here = self.here();
        if let Some(word) = self.plain(false) {
            stored = word.is("stored");
            if !stored && !word.is("virtual") {
                let message = format!("error in generated column \"{column}\"");
                return Err(Problem::new("sql-syntax", here, message));
            }
        }
        Ok(ClauseKind::Generated { expr, stored })
    }

    /// Takes `ON CONFLICT …` and returns the word, in upper case.
    pub(crate) fn conflict(&mut self) -> Result<Option<String>, Problem> {
        if !self.accept(&["ON"]) {
            return Ok(None);
        }
        self.expect("CONFLICT")?;
        for word in ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"] {
            if self.accept(&[word]) {
                return Ok(Some(word.to_owned()));
            }
        }
        Err(self.near())
    }

    fn references(&mut self, columns: Vec<super::ast::Ident>) -> Result<Fk, Problem> {
        self.expect("REFERENCES")?;
        let target = self.name()?;
        let target_columns = if self.is("(") { self.names()? } else { Vec::new() };
        let mut fk = Fk {
            columns,
            target,
            target_columns,
            on_delete: String::new(),
            on_update: String::new(),
            match_full: false,
        };
        loop {
            if self.accept(&["ON"]) {
                if self.accept(&["DELETE"]) {
                    fk.on_delete = self.action()?;
                } else if self.accept(&["UPDATE"]) {
                    fk.on_update = self.action()?;
                } else if self.accept(&["INSERT"]) {
                    // SQLite reads it and does nothing with it.
                    self.action()?;
                } else {
                    return Err(self.near());
                }
            } else if self.accept(&["MATCH"]) {
                fk.match_full = self.name()?.is("full");
            } else {
                return Ok(fk);
            }
        }
    }

    fn action(&mut self) -> Result<String, Problem> {
        for words in [&["SET", "NULL"][..], &["SET", "DEFAULT"], &["CASCADE"], &["RESTRICT"], &["NO", "ACTION"]] {
            if self.accept(words) {
                return Ok(words.join(" "));
            }
        }
        Err(self.near())
    }

    fn deferrable(&mut self) -> Result<Option<ClauseKind>, Problem> {
        let not = self.accept(&["NOT", "DEFERRABLE"]);
        if !not && !self.accept(&["DEFERRABLE"]) {
            return Ok(None);
        }
        let mut deferred = false;
        if self.accept(&["INITIALLY"]) {
            deferred = self.accept(&["DEFERRED"]);
            if !deferred && !self.accept(&["IMMEDIATE"]) {
                return Err(self.near());
            }
        }
        Ok(Some(ClauseKind::Deferrable(!not, !not && deferred)))
    }

    fn table_constraints(&mut self, table: &mut TableDef) -> Result<(), Problem> {
        // After the first one the commas are optional.
        loop {
            let start = self.here().start;
            let name = self.constraint_name()?;
            let kind = match self.table_constraint()? {
                Some(kind) => kind,
                None if name.is_some() => ClauseKind::Nothing,
                None => return Err(self.near()),
            };
            table.constraints.push(Clause { name, kind, at: start..self.taken() });
            let comma = self.accept(&[","]);
            if self.is(")") {
                return if comma { Err(self.near()) } else { Ok(()) };
            }
        }
    }

    fn table_constraint(&mut self) -> Result<Option<ClauseKind>, Problem> {
        if self.accept(&["PRIMARY"]) {
            self.expect("KEY")?;
            self.expect("(")?;
            let (keys, orders) = self.keys()?;
            let autoincrement = self.accept(&["AUTOINCREMENT"]);
            self.expect(")")?;
            let conflict = self.conflict()?;
            return Ok(Some(ClauseKind::PrimaryKey { keys, orders, autoincrement, conflict }));
        }
        if self.accept(&["UNIQUE"]) {
            self.expect("(")?;
            let (keys, orders) = self.keys()?;
            self.expect(")")?;
            let conflict = self.conflict()?;
            return Ok(Some(ClauseKind::Unique { keys, orders, conflict }));
        }
        if self.accept(&["CHECK"]) {
            let expr = self.check_expression()?;
            // SQLite reads a conflict clause here and does nothing with it.
            self.conflict()?;
            return Ok(Some(ClauseKind::Check(expr)));
        }
        if self.accept(&["FOREIGN"]) {
            self.expect("KEY")?;
            let columns = self.names()?;
            let fk = self.references(columns)?;
            return Ok(Some(ClauseKind::ForeignKey(fk)));
        }
        self.deferrable()
    }

    /// Takes keys with their directions.
    pub(crate) fn keys(&mut self) -> Result<(Vec<Expr>, Vec<bool>), Problem> {
        let (mut keys, mut orders) = (Vec::new(), Vec::new());
        loop {
            keys.push(self.expression()?);
            if self.is("NULLS") || self.cursor.is_at(1, "NULLS") && (self.is("ASC") || self.is("DESC")) {
                return Err(self.nulls());
            }
            orders.push(self.direction()?);
            if !self.accept(&[","]) {
                return Ok((keys, orders));
            }
        }
    }

    fn nulls(&self) -> Problem {
        let at = usize::from(!self.is("NULLS"));
        let word = if self.cursor.is_at(at + 1, "FIRST") { "FIRST" } else { "LAST" };
        Problem::new("sql-refused", self.here(), format!("unsupported use of NULLS {word}"))
    }
}

/// Strips a trailing GENERATED ALWAYS, which the grammar takes for a part of the type.
fn without_generated(ty: &str) -> &str {
    let strip = |ty: &'_ str, word: &str| -> Option<usize> {
        let at = ty.len().checked_sub(word.len())?;
        let found = ty.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(word));
        found.then(|| ty[..at].trim_ascii_end().len())
    };
    if ty.len() < 16 {
        return ty;
    }
    let Some(end) = strip(ty, "always") else { return ty };
    let ty = &ty[..end];
    strip(ty, "generated").map_or(ty, |end| &ty[..end])
}
