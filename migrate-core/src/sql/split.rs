//! Where a statement ends.

use super::{Syntax, Token, TokenKind};

/// Follows the tokens of a text and tells which `;` ends a statement.
///
/// SQLite's rule is the machine of `sqlite3_complete`: inside `CREATE TRIGGER` only `; END ;` ends. PostgreSQL's is
/// psql's: a `;` in parentheses or in a `BEGIN ATOMIC` body ends nothing.
#[derive(Clone, Debug)]
pub struct Splitter {
    syntax: &'static Syntax,
    /// The number of significant tokens of the statement so far.
    count: usize,
    parentheses: usize,
    trigger: Trigger,
    atomic: Atomic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    /// Only `EXPLAIN [QUERY PLAN]` so far, or nothing.
    Start,
    /// `CREATE [TEMP]` so far.
    Create,
    /// No trigger.
    No,
    /// In the body.
    Body,
    /// After a `;` of the body.
    Semicolon,
    /// After `; END`.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Atomic {
    /// `CREATE [OR REPLACE]` so far.
    Start,
    /// No routine.
    No,
    /// A routine, outside its body; whether the word before was `BEGIN`.
    Routine { begin: bool },
    /// In the body, with so many open `CASE`.
    Body { cases: usize },
}

impl Splitter {
    /// Begins before a statement.
    pub fn new(syntax: &'static Syntax) -> Self {
        Self { syntax, count: 0, parentheses: 0, trigger: Trigger::Start, atomic: Atomic::Start }
    }

    /// Returns whether the token is a `;` that ends the statement.
    pub fn ends(&mut self, token: Token, text: &str) -> bool {
        if !token.is_significant() {
            return false;
        }
        let word = (token.kind == TokenKind::Word).then(|| token.text(text));
        let semicolon = token.kind == TokenKind::Semicolon;
        match token.kind {
            TokenKind::Open => self.parentheses += 1,
            TokenKind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        let mut ends = semicolon && !(self.syntax.parentheses_hold && self.parentheses > 0);
        if self.syntax.trigger_bodies {
            ends &= self.trigger_ends(word, semicolon);
        }
        if self.syntax.atomic_bodies {
            self.follow_atomic(word);
            ends &= !matches!(self.atomic, Atomic::Body { .. });
        }
        self.count += 1;
        if ends {
            *self = Self::new(self.syntax);
        }
        ends
    }

    fn trigger_ends(&mut self, word: Option<&str>, semicolon: bool) -> bool {
        let is = |keyword: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        let ends = semicolon && !matches!(self.trigger, Trigger::Body | Trigger::Semicolon);
        self.trigger = match self.trigger {
            Trigger::Start if is("CREATE") => Trigger::Create,
            Trigger::Start if is("EXPLAIN") || (self.count > 0 && (is("QUERY") || is("PLAN"))) => Trigger::Start,
            Trigger::Create if is("TEMP") || is("TEMPORARY") => Trigger::Create,
            Trigger::Create if is("TRIGGER") => Trigger::Body,
            Trigger::Start | Trigger::Create | Trigger::No => Trigger::No,
            Trigger::Semicolon if is("END") => Trigger::End,
            Trigger::Body | Trigger::Semicolon | Trigger::End if semicolon => Trigger::Semicolon,
            Trigger::Body | Trigger::Semicolon | Trigger::End => Trigger::Body,
        };
        ends
    }

    fn follow_atomic(&mut self, word: Option<&str>) {
        let is = |keyword: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        self.atomic = match self.atomic {
            Atomic::Start if self.count == 0 && is("CREATE") => Atomic::Start,
            Atomic::Start if self.count > 0 && (is("OR") || is("REPLACE")) => Atomic::Start,
            Atomic::Start if self.count > 0 && (is("FUNCTION") || is("PROCEDURE")) => Atomic::Routine { begin: false },
            Atomic::Start | Atomic::No => Atomic::No,
            Atomic::Routine { begin: true } if is("ATOMIC") => Atomic::Body { cases: 0 },
            Atomic::Routine { .. } => Atomic::Routine { begin: is("BEGIN") },
            Atomic::Body { cases } if is("CASE") => Atomic::Body { cases: cases + 1 },
            Atomic::Body { cases: 0 } if is("END") => Atomic::Routine { begin: false },
            Atomic::Body { cases } if is("END") => Atomic::Body { cases: cases - 1 },
            Atomic::Body { cases } => Atomic::Body { cases },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Lexer;
    use super::super::syntax::{POSTGRES, SQLITE};
    use super::*;

    fn split(syntax: &'static Syntax, text: &str) -> Vec<String> {
        let mut lexer = Lexer::new(text, 0, syntax);
        let mut splitter = Splitter::new(syntax);
        let (mut statements, mut current) = (Vec::new(), String::new());
        while let Some(token) = lexer.next_token().expect(text) {
            if splitter.ends(token, text) {
                statements.push(std::mem::take(&mut current));
            } else if token.is_significant() || !current.is_empty() {
                current.push_str(token.text(text));
            }
        }
        statements.push(current);
        statements.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
    }

    #[test]
    fn sqlite_counts() {
        let check = |text: &str, expect: usize| assert_eq!(split(&SQLITE, text).len(), expect, "{text}");
        check("", 0);
        check(";;;", 0);
        check("select 1;;select 2", 2);
        check("select 1 -- ; select 2\n;select 3", 2);
        check("select ';'; select \";\" ; select [;] from (select 1 as [;]); select `;` from t", 4);
        check("create trigger r after insert on t begin select 1; select 2; end; select 3;", 2);
        check("create trigger r after insert on t begin select 1; end", 1);
        check("CREATE TEMPORARY/*x*/TRIGGER--;\nr after insert on t begin select 1;/*;*/END /*;*/ ; select 2", 2);
        check(
            "create trigger r after insert on t when case when new.a then 1 else 0 end begin select case new.a when 1 then ';' else 'end;' end; update t set a = case when a then b end; end; select 9",
            2,
        );
        check("create trigger if not exists main.r after insert on t begin select 1 as end; end; select 1", 2);
        check("create trigger \"end;\" after insert on t begin select 1; end; select 1", 2);
        check("create table trigger(a); select 1", 2);
        check("create table \"create trigger\"(a); select 1; select 2", 3);
        check("create view begin as select 1; select 2; end", 3);
        check("explain query plan create trigger r after insert on t begin select 1; end; select 2", 2);
        check("\u{feff}select 1;\u{feff}select 2", 2);
        check(
            "create trigger r after insert on t begin select 1; end; create trigger q after insert on t begin select 1; end; select 1",
            3,
        );
        check("select (1;2)", 2);
    }

    #[test]
    fn postgres_statements() {
        let check = |text: &str, expect: &[&str]| assert_eq!(split(&POSTGRES, text), expect, "{text}");
        check("a; b", &["a", "b"]);
        check(
            "create rule r as on insert to t do (select 1; select 2); b",
            &["create rule r as on insert to t do (select 1; select 2)", "b"],
        );
        let body =
            "create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end";
        check(&format!("{body}; b"), &[body, "b"]);
        let body = "create or replace procedure begin(a int) begin atomic insert into t values (a); end";
        check(&format!("{body}; b"), &[body, "b"]);
        check("do $$ begin a; end $$; b", &["do $$ begin a; end $$", "b"]);
        check("create table t (begin int, atomic int); b", &["create table t (begin int, atomic int)", "b"]);
        check("a); b", &["a)", "b"]);
    }

    #[test]
    fn how_statements_run() {
        use super::super::{Run, significant};
        let check = |syntax: &'static Syntax, text: &str, expect: Result<Run, &str>| {
            let words = significant(text, syntax);
            assert_eq!(syntax.run(&words).map_err(|e| e.code), expect, "{text}");
        };
        for text in [
            "create index concurrently i on t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
            "drop index concurrently i",
            "vacuum (analyze) t",
            "reindex table concurrently t",
            "reindex (verbose) database",
            "cluster",
            "alter table p detach partition q concurrently",
            "alter system set work_mem = 1",
            "create database x",
            "create subscription s connection '' publication p",
        ] {
            check(&POSTGRES, text, Ok(Run::Outside));
        }
        for text in [
            "create index concurrently_i on t (a)",
            "reindex table t",
            "cluster t using i",
            "alter type e add value 'x'",
            "alter table p detach partition q finalize",
            "refresh materialized view concurrently v",
            "set constraints all immediate",
            "create index \"concurrently\" on t (a)",
            "prepare p as select 1",
            "create subscription s connection '' publication p with (create_slot = false)",
        ] {
            check(&POSTGRES, text, Ok(Run::Transaction));
        }
        for text in
            ["set search_path = a", "reset all", "select pg_catalog.set_config('a', 'b', false)", "set local a = 1"]
        {
            check(&POSTGRES, text, Ok(Run::Setting));
        }
        for text in ["begin", "START TRANSACTION", "commit and chain", "end", "prepare transaction 'x'", "savepoint a"]
        {
            check(&POSTGRES, text, Err("transaction-control"));
        }
        check(&POSTGRES, "\\connect x", Err("psql-command"));
        check(&POSTGRES, "copy t from stdin", Err("copy-stdin"));
        check(&POSTGRES, "copy t from '/x'", Ok(Run::Transaction));
        check(&POSTGRES, "create index concurrently on t (a)", Err("unnamed-index"));
        check(&POSTGRES, "create unique index concurrently on only t (a)", Err("unnamed-index"));
        check(&POSTGRES, "create index on t (a)", Ok(Run::Transaction));
        check(&POSTGRES, "create index concurrently \"on\" on t (a)", Ok(Run::Outside));
        check(&SQLITE, "vacuum", Ok(Run::Outside));
        check(&SQLITE, "pragma main.foreign_keys = off", Ok(Run::Around));
        check(&SQLITE, "pragma user_version = 1", Ok(Run::Transaction));
        check(&SQLITE, "pragma journal_mode = wal", Err("pragma-in-transaction"));
        check(&SQLITE, "end transaction", Err("transaction-control"));
        check(&SQLITE, ".mode csv", Err("shell-command"));
    }
}
