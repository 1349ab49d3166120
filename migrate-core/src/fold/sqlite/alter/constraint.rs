//! ADD and DROP CONSTRAINT, SET and DROP NOT NULL (SQLite 3.53 and later), which work on tokens alone.

use super::super::check;
use super::super::read::{Ident, Reader, unquoted};
use super::super::resolve::{Item, Names, Place, Resolver};
use super::Alter;
use crate::fold::{Effect, Problem};
use crate::sql::{Lexer, SQLITE, TokenKind};

impl Alter<'_> {
    pub(super) fn alter_column(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        let column = reader.name()?;
        if reader.accept(&["DROP"]) {
            reader.expect("NOT")?;
            reader.expect("NULL")?;
            reader.finish()?;
            return self.edit_not_null(&column, None);
        }
        reader.expect("SET")?;
        let start = reader.here().start;
        reader.expect("NOT")?;
        reader.expect("NULL")?;
        reader.conflict()?;
        reader.finish()?;
        let text = without_line_comments(&reader.text()[start..]);
        self.edit_not_null(&column, Some(&text))
    }

    fn edit_not_null(&mut self, column: &Ident, new: Option<&str>) -> Result<Effect, Problem> {
        let object = self.real_table("edit constraints of")?;
        let Some(table) = object.as_table() else { return Ok(Effect::Schema) };
        let Some(index) = table.columns.iter().position(|known| column.is(&known.name.name)) else {
            return Err(self.unknown_column(column, &column.name));
        };
        let dropped = drop_not_null(&object.sql, index);
        let sql = match new {
            Some(text) => add(&dropped, text, Some(index)),
            None => dropped,
        };
        self.edited(&object, sql)
    }

    fn edited(&mut self, object: &super::Object, sql: String) -> Result<Effect, Problem> {
        let position = self.position(object);
        self.replace(position, "after drop constraint", sql)?;
        self.check_read(&object.key(), "after drop constraint")?;
        Ok(Effect::Schema)
    }

    pub(super) fn add_constraint(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        let start = reader.here().start;
        let name = if reader.accept(&["CONSTRAINT"]) { Some(reader.name()?) } else { None };
        reader.expect("CHECK")?;
        reader.expect("(")?;
        let expr = reader.expression()?;
        reader.expect(")")?;
        reader.conflict()?;
        reader.finish()?;
        let object = self.real_table("edit constraints of")?;
        let Some(table) = object.as_table() else { return Ok(Effect::Schema) };
        {
            let names = Names::new(self.catalog);
            let item = Item::of_columns(table, object.key(), &object.name);
            let mut resolver = Resolver::new(&names, object.home, Place::Check, reader.text());
            resolver.own(item, &expr, Place::Check)?;
        }
        if let Some(name) = name {
            let known = check::all_clauses(table).filter_map(|clause| clause.name.as_ref());
            if known.into_iter().any(|known| name.is(&known.name)) {
                let message = format!("constraint {} already exists", name.name);
                return Err(Problem::new("name-taken", name.at, message));
            }
        }
        let text = without_line_comments(&reader.text()[start..]);
        let sql = add(&object.sql, &text, None);
        self.edited(&object, sql)
    }

    pub(super) fn drop_constraint(&mut self, reader: &mut Reader<'_>) -> Result<Effect, Problem> {
        let name = reader.name()?;
        reader.finish()?;
        let object = self.real_table("edit constraints of")?;
        let sql = drop_named(&object.sql, &name)?;
        self.edited(&object, sql)
    }
}

/// What a token is to these edits; a group in parentheses is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Constraint,
    Not,
    /// CHECK, and what may follow a name that names nothing.
    Check,
    ForeignKey,
    /// PRIMARY, UNIQUE.
    Key,
    /// DEFAULT, COLLATE, GENERATED, AS.
    Other,
    Comma,
    Close,
    Group,
    Word,
    End,
}

/// Tokens of a stored text with the bytes that they take, those of white space before them included.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    /// Begins after the parenthesis that opens the columns.
    fn of_columns(text: &'t str) -> Self {
        let mut lexer = Lexer::new(text, 0, &SQLITE);
        while let Ok(Some(token)) = lexer.next_token() {
            if token.kind == TokenKind::Open {
                return Self { text, at: token.end };
            }
        }
        Self { text, at: text.len() }
    }

    fn skip_space(&mut self) {
        let mut lexer = Lexer::new(self.text, self.at, &SQLITE);
        while let Ok(Some(token)) = lexer.next_token() {
            if token.is_significant() {
                return;
            }
            self.at = token.end;
        }
    }

    /// Takes a token; returns what it is and its own text.
    fn take(&mut self) -> (Kind, &'t str) {
        self.skip_space();
        let mut lexer = Lexer::new(self.text, self.at, &SQLITE);
        let Ok(Some(token)) = lexer.next_token() else { return (Kind::End, "") };
        self.at = token.end;
        let text = token.text(self.text);
        let kind = match token.kind {
            TokenKind::Open => {
                self.at = group_end(self.text, token.end);
                Kind::Group
            }
            TokenKind::Close => Kind::Close,
            TokenKind::Word => keyword(text),
            _ if text == "," => Kind::Comma,
            _ => Kind::Word,
        };
        (kind, text)
    }

    /// Takes the rest of a constraint: everything up to what begins another one.
    fn take_constraint(&mut self, first: Kind) {
        loop {
            let before = self.at;
            let (kind, text) = self.take();
            // ON DELETE SET DEFAULT belongs to the foreign key, as does NOT DEFERRABLE.
            let inside = first == Kind::ForeignKey
                && (kind == Kind::ForeignKey
                    || text.eq_ignore_ascii_case("default")
                    || (kind == Kind::Not && self.follows("deferrable")));
            if !inside && !matches!(kind, Kind::Word | Kind::Group) {
                self.at = before;
                return;
            }
        }
    }

    fn follows(&self, word: &str) -> bool {
        let mut ahead = Tokens { text: self.text, at: self.at };
        ahead.take().1.eq_ignore_ascii_case(word)
    }
}

fn keyword(word: &str) -> Kind {
    let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is(&["constraint"]) {
        Kind::Constraint
    } else if is(&["not"]) {
        Kind::Not
    } else if is(&["check"]) {
        Kind::Check
    } else if is(&["references", "foreign"]) {
        Kind::ForeignKey
    } else if is(&["primary", "unique"]) {
        Kind::Key
    } else if is(&["default", "collate", "generated", "as"]) {
        Kind::Other
    } else {
        Kind::Word
    }
}

fn group_end(text: &str, from: usize) -> usize {
    let mut lexer = Lexer::new(text, from, &SQLITE);
    let mut depth = 1;
    while let Ok(Some(token)) = lexer.next_token() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return token.end;
        }
    }
    text.len()
}

/// Returns the text without a NOT NULL of a column, and without its name.
fn drop_not_null(sql: &str, column: usize) -> String {
    let mut tokens = Tokens::of_columns(sql);
    let mut at_column = 0;
    loop {
        let start = tokens.at;
        let (kind, _) = tokens.take();
        let ours = at_column == column;
        match kind {
            Kind::Constraint if ours => {
                tokens.take();
                let before = tokens.at;
                let (kind, _) = tokens.take();
                if kind == Kind::Not {
                    tokens.take_constraint(kind);
                    return cut(sql, start, tokens.at);
                }
                tokens.at = before;
            }
            Kind::Not if ours => {
                tokens.take_constraint(kind);
                return cut(sql, start, tokens.at);
            }
            Kind::Comma => at_column += 1,
            Kind::Close | Kind::End => return sql.to_owned(),
            _ => {}
        }
    }
}

/// Returns the text without the first constraint of a name.
fn drop_named(sql: &str, name: &Ident) -> Result<String, Problem> {
    let mut tokens = Tokens::of_columns(sql);
    loop {
        let start = tokens.at;
        match tokens.take().0 {
            Kind::Constraint => {}
            Kind::Close | Kind::End => {
                let message = format!("no such constraint: {}", name.name);
                return Err(Problem::new("unknown-constraint", name.at.clone(), message));
            }
            _ => continue,
        }
        let (_, text) = tokens.take();
        let found = if text.starts_with(['"', '\'', '`', '[']) { unquoted(text).0 } else { text.to_owned() };
        let before = tokens.at;
        let (kind, _) = tokens.take();
        let nameless = matches!(kind, Kind::Constraint | Kind::Other | Kind::Comma | Kind::Close | Kind::End);
        if nameless {
            tokens.at = before;
        } else {
            tokens.take_constraint(kind);
        }
        if !name.is(&found) {
            continue;
        }
        if !nameless && !matches!(kind, Kind::Not | Kind::Check | Kind::ForeignKey) {
            let message = format!("constraint may not be dropped: {}", name.name);
            return Err(Problem::new("sql-refused", name.at.clone(), message));
        }
        return Ok(cut(sql, start, tokens.at));
    }
}

/// Cuts a constraint out, with the space after it and a comma before it that nothing would follow.
fn cut(sql: &str, start: usize, end: usize) -> String {
    let mut tokens = Tokens { text: sql, at: end };
    tokens.skip_space();
    let end = tokens.at;
    let (mut start, mut space) = (start, " ");
    if matches!(tokens.take().0, Kind::Close | Kind::Comma) {
        space = "";
        start -= usize::from(sql[..start].ends_with(','));
    }
    format!("{}{space}{}", &sql[..start], &sql[end..])
}

/// Adds a constraint to a column, or to the table.
fn add(sql: &str, constraint: &str, column: Option<usize>) -> String {
    let mut tokens = Tokens::of_columns(sql);
    let mut at_column = 0;
    let at = loop {
        let before = tokens.at;
        match tokens.take().0 {
            Kind::Close | Kind::End => break before,
            Kind::Comma if column == Some(at_column) => break before,
            Kind::Comma => at_column += 1,
            _ => {}
        }
    };
    let mut tokens = Tokens { text: sql, at };
    tokens.skip_space();
    let comma = if column.is_none() { "," } else { "" };
    format!("{}{comma} {constraint}{}", &sql[..tokens.at], &sql[tokens.at..])
}

/// Cuts trailing white space and `--` comments, which would hide what follows; `/* */` stay.
fn without_line_comments(text: &str) -> String {
    let mut lexer = Lexer::new(text, 0, &SQLITE);
    let mut end = 0;
    while let Ok(Some(token)) = lexer.next_token() {
        if !matches!(token.kind, TokenKind::Space | TokenKind::LineComment | TokenKind::Semicolon) {
            end = token.end;
        }
    }
    text[..end].to_owned()
}
