//! The name that the server gives to a column made by an expression: of an index, a view, a query.
//!
//! 1. An operator at the top makes none; AT TIME ZONE is the function `timezone`.
//! 2. A column, a field and a function call have their last name; subscripts, COLLATE and parentheses change nothing.
//! 3. A cast has the name of what is cast, if that is strong, else the type's, which is weak.
//! 4. CASE has the name of its ELSE, if that is strong, else `case`, which is weak.

use super::super::keywords::{self, Category, WordError, fold_identifier, qualified_name};
use super::read;
use crate::sql::{TokenKind, Word};

/// Returns the name of a column that is made by an expression, `None` where the server says `expr` (in an index) or
/// `?column?` (in a query).
///
/// It reads tokens, not a tree: where it cannot tell, as for a subselect with WITH or a cast right after `IS NULL`, it
/// returns `None` too.
///
/// ```
/// use migrate_core::dialect::postgres::types::derived_name;
/// use migrate_core::sql::{Syntax, significant};
///
/// let name = |text| derived_name(&significant(text, Syntax::named("postgres").unwrap()));
/// assert_eq!(name("lower(email)").as_deref(), Some("lower"));
/// assert_eq!(name("a + b"), None);
/// ```
pub fn derived_name(words: &[Word<'_>]) -> Option<String> {
    if is_deep(words) { None } else { figure(words).map(|figure| figure.name) }
}

/// Returns whether an expression is nested so deep that reading it might need more stack than there is.
fn is_deep(words: &[Word<'_>]) -> bool {
    const DEEPEST: usize = 200;
    let (mut depth, mut cases) = (0_usize, 0);
    words.iter().any(|word| {
        match word.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => cases += usize::from(word.is("CASE")),
        }
        depth + cases > DEEPEST
    })
}

/// A name, and whether a cast or CASE around it keeps it.
struct Figure {
    name: String,
    strong: bool,
}

impl Figure {
    fn strong(name: impl Into<String>) -> Option<Self> {
        Some(Self { name: name.into(), strong: true })
    }

    /// Returns a strong name, else a weak one in its place.
    fn or_weak(figure: Option<Self>, name: impl Into<String>) -> Option<Self> {
        match figure {
            Some(figure) if figure.strong => Some(figure),
            _ => Some(Self { name: name.into(), strong: false }),
        }
    }
}

/// What stands at the top of an expression.
enum Top {
    Operator,
    Zone,
    Overlaps,
    Normalized,
    Primary,
}

/// The words of functions that take no parentheses, or only a precision.
const VALUES: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "user",
];

fn figure(words: &[Word<'_>]) -> Option<Figure> {
    match top(words) {
        Top::Operator => None,
        Top::Zone => Figure::strong("timezone"),
        Top::Overlaps => Figure::strong("overlaps"),
        Top::Normalized => Figure::strong("is_normalized"),
        Top::Primary => {
            let (read, figure) = longest(words)?;
            figure.filter(|_| read == words.len())
        }
    }
}

/// Finds the operator that binds least; AT TIME ZONE binds more than all others but a sign.
fn top(words: &[Word<'_>]) -> Top {
    const KEYWORDS: &[&str] = &["AND", "OR", "IS", "ISNULL", "NOTNULL", "IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN"];
    let (mut at, mut zone, mut sign, mut overlaps) = (0, false, false, false);
    if words.first().is_none_or(|word| word.is("NOT")) {
        return Top::Operator;
    }
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1);
        let after_dot = at > 0 && words[at - 1].text == ".";
        match word.kind {
            TokenKind::Open => match closing(words, at) {
                Some(close) => at = close,
                None => return Top::Operator,
            },
            TokenKind::Symbol => match word.text {
                "[" => match closing(words, at) {
                    Some(close) => at = close,
                    None => return Top::Operator,
                },
                "." => {}
                "*" if after_dot => {}
                ":" if next.is_some_and(|next| next.text == ":") => at += 1,
                "+" | "-" if at == 0 => sign = true,
                _ => return Top::Operator,
            },
            TokenKind::Word if after_dot => {}
            TokenKind::Word if word.is("CASE") => match case_end(words, at) {
                Some(end) => at = end,
                None => return Top::Operator,
            },
            TokenKind::Word if at > 0 => {
                let operator = word.is("OPERATOR") && next.is_some_and(|next| next.kind == TokenKind::Open);
                if word.is("IS") && is_normalized(&words[at + 1..]) {
                    return Top::Normalized;
                }
                if operator || word.is("NOT") || KEYWORDS.iter().any(|keyword| word.is(keyword)) {
                    return Top::Operator;
                }
                overlaps |= word.is("OVERLAPS");
                zone |= word.is("AT") && next.is_some_and(|next| next.is("TIME") || next.is("LOCAL"));
            }
            _ => {}
        }
        at += 1;
    }
    match (overlaps, zone, sign) {
        (true, _, _) => Top::Overlaps,
        (_, true, _) => Top::Zone,
        (_, _, true) => Top::Operator,
        _ => Top::Primary,
    }
}

/// Reads an expression without operators as far as it goes.
fn longest(words: &[Word<'_>]) -> Option<(usize, Option<Figure>)> {
    let (mut at, mut figure) = primary(words)?;
    while let Some(taken) = words.get(at..).and_then(|rest| postfix(rest, &mut figure)) {
        at += taken;
    }
    Some((at, figure))
}

/// Returns whether what follows IS makes a function of it, and is all that follows.
fn is_normalized(words: &[Word<'_>]) -> bool {
    const FORMS: &[&str] = &["NFC", "NFD", "NFKC", "NFKD"];
    match words {
        [last] => last.is("NORMALIZED"),
        [form, last] => last.is("NORMALIZED") && FORMS.iter().any(|keyword| form.is(keyword)),
        _ => false,
    }
}

/// Reads what stands before all subscripts, fields and casts: how many words it takes and its name.
fn primary(words: &[Word<'_>]) -> Option<(usize, Option<Figure>)> {
    let first = words.first()?;
    match first.kind {
        TokenKind::Open => {
            let close = closing(words, 0)?;
            return Some((close + 1, parenthesised(&words[1..close])));
        }
        // `N'…'` is a cast.
        TokenKind::String if first.text.starts_with(['n', 'N']) => return Some((1, Figure::or_weak(None, "bpchar"))),
        TokenKind::Number | TokenKind::String | TokenKind::DollarString | TokenKind::Parameter => {
            return Some((1, None));
        }
        TokenKind::Word | TokenKind::QuotedName => {}
        _ => return None,
    }
    if let Some(found) = keyword(words) {
        return found;
    }
    if let Some(found) = literal(words) {
        return Some(found);
    }
    let word = first.text.to_ascii_lowercase();
    if first.is_keyword() && keywords::category(&word, keywords::NEWEST) == Some(Category::Reserved) {
        return None;
    }
    let (name, taken) = column(words).ok()?;
    let called = words.get(taken).is_some_and(|word| word.kind == TokenKind::Open);
    let end = if called { closing(words, taken)? + 1 } else { taken };
    Some((end, Figure::strong(name)))
}

/// Reads `a.b.c` or `t.*`, which has the table's name, and returns the last part.
fn column(words: &[Word<'_>]) -> Result<(String, usize), WordError> {
    let (mut parts, taken) = match qualified_name(words) {
        Ok(read) => read,
        // `t.*` ends in no name: take what stands before the star.
        Err(error) if words.get(error.word).is_some_and(|word| word.text == "*") => {
            let (parts, _) = qualified_name(&words[..error.word.saturating_sub(1)])?;
            (parts, error.word + 1)
        }
        Err(error) => return Err(error),
    };
    Ok((parts.pop().unwrap_or_default(), taken))
}

/// Reads an expression that begins with a word of the grammar; the outer `None` is for all others.
fn keyword(words: &[Word<'_>]) -> Option<Option<(usize, Option<Figure>)>> {
    let first = words.first().filter(|word| word.is_keyword())?;
    let word = first.text.to_ascii_lowercase();
    let opens = words.get(1).is_some_and(|word| word.kind == TokenKind::Open);
    let read = || -> Option<(usize, Option<Figure>)> {
        let open = if word == "collation" { 2 } else { 1 };
        let close = closing(words, open)?;
        let inner = &words[open + 1..close];
        let figure = match word.as_str() {
            "cast" => cast(inner)?,
            "treat" => Figure::strong(read::read(&inner[last_as(inner)? + 1..]).ok()?.name),
            "trim" => Figure::strong(match inner.first() {
                Some(side) if side.is("LEADING") => "ltrim",
                Some(side) if side.is("TRAILING") => "rtrim",
                _ => "btrim",
            }),
            "collation" => Figure::strong("pg_collation_for"),
            other => Figure::strong(other),
        };
        Some((close + 1, figure))
    };
    match word.as_str() {
        "true" | "false" | "null" => Some(Some((1, None))),
        "case" => Some(case(words)),
        "collation" if words.get(1).is_some_and(|word| word.is("FOR")) => Some(read()),
        "cast" | "treat" | "trim" | "exists" | "row" if opens => Some(read()),
        "array" => Some(read()),
        _ if VALUES.contains(&word.as_str()) => {
            let end = if opens { closing(words, 1).map(|close| close + 1) } else { Some(1) };
            Some(end.map(|end| (end, Figure::strong(word))))
        }
        _ => None,
    }
}

/// Reads `date '…'`, and `interval '…' day to second`.
fn literal(words: &[Word<'_>]) -> Option<(usize, Option<Figure>)> {
    let read = read::read(words).ok()?;
    words.get(read.taken).filter(|word| word.kind == TokenKind::String)?;
    let mut end = read.taken + 1;
    if read.name == "interval" {
        end += read::interval_fields(&words[end..]).ok()?;
    }
    Some((end, Figure::or_weak(None, read.name)))
}

fn cast(inner: &[Word<'_>]) -> Option<Option<Figure>> {
    let at = last_as(inner)?;
    let name = read::read(&inner[at + 1..]).ok()?.name;
    Some(Figure::or_weak(figure(&inner[..at]), name))
}

fn case(words: &[Word<'_>]) -> Option<(usize, Option<Figure>)> {
    let end = case_end(words, 0)?;
    let otherwise = outside(words, 1, end, |word| word.is("ELSE"));
    let figure = otherwise.and_then(|at| figure(&words[at + 1..end]));
    Some((end + 1, Figure::or_weak(figure, "case")))
}

/// Returns the name of what stands in parentheses.
fn parenthesised(inner: &[Word<'_>]) -> Option<Figure> {
    let first = inner.first();
    if first.is_some_and(|word| word.is("SELECT")) {
        return subselect(&inner[1..]);
    }
    if first.is_some_and(|word| word.is("VALUES")) {
        return Figure::strong("column1");
    }
    let query = ["WITH", "TABLE"];
    if first.is_some_and(|word| query.iter().any(|keyword| word.is(keyword))) {
        return None;
    }
    match outside(inner, 0, inner.len(), |word| word.text == ",") {
        Some(_) => Figure::strong("row"),
        None => figure(inner),
    }
}

/// Returns the name of a subselect's one column.
fn subselect(words: &[Word<'_>]) -> Option<Figure> {
    const ENDS: &[&str] =
        &["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT"];
    let skip = usize::from(words.first().is_some_and(|word| word.is("ALL") || word.is("DISTINCT")));
    let words = &words[skip..];
    let stops = |word: &Word<'_>| word.text == "," || ENDS.iter().any(|keyword| word.is(keyword));
    let mut end = outside(words, 0, words.len(), stops).unwrap_or(words.len());
    // `a IS DISTINCT FROM b` and `f(a) WITHIN GROUP (…)` are expressions.
    while end > 0 && end < words.len() && (words[end - 1].is("DISTINCT") || words[end - 1].is("WITHIN")) {
        end = outside(words, end + 1, words.len(), stops).unwrap_or(words.len());
    }
    let target = &words[..end];
    if let Some(at) = outside(target, 0, end, |word| word.is("AS")) {
        return Figure::strong(fold_identifier(target.get(at + 1)?).ok()?);
    }
    if let Top::Primary = top(target) {
        let (read, figure) = longest(target)?;
        return match &target[read..] {
            [] => Figure::strong(figure.map_or_else(|| "?column?".to_owned(), |figure| figure.name)),
            [alias] => Figure::strong(fold_identifier(alias).ok()?),
            _ => None,
        };
    }
    if let Some(alias) = alias(target) {
        return Figure::strong(alias);
    }
    Figure::strong(figure(target).map_or_else(|| "?column?".to_owned(), |figure| figure.name))
}

/// Returns the alias that ends a target without AS.
fn alias(target: &[Word<'_>]) -> Option<String> {
    let [.., before, last] = target else { return None };
    let word = last.text.to_ascii_lowercase();
    let names = |word: &Word<'_>| matches!(word.kind, TokenKind::Word | TokenKind::QuotedName);
    let closes = matches!(before.kind, TokenKind::Close | TokenKind::Number | TokenKind::String) || before.text == "]";
    let continues =
        ["OVER", "ZONE", "COLLATE", "IS", "NOT", "AND", "OR", "IN", "LIKE", "ILIKE", "DOUBLE", "AT", "FROM"];
    let operand = closes || (names(before) && !continues.iter().any(|keyword| before.is(keyword)));
    let free = !last.is_keyword()
        || (keywords::category(&word, keywords::NEWEST).is_none()
            && !["varying", "zone", "normalized"].contains(&word.as_str()));
    (names(last) && operand && free).then(|| fold_identifier(last).ok()).flatten()
}

/// Reads one thing after an expression's beginning and returns how many words it takes.
fn postfix(words: &[Word<'_>], figure: &mut Option<Figure>) -> Option<usize> {
    let first = words.first()?;
    let opened = |at: usize| words.get(at).filter(|word| word.kind == TokenKind::Open).and_then(|_| closing(words, at));
    match first.text {
        "." if words.get(1).is_some_and(|word| word.text == "*") => Some(2),
        "." => {
            let (name, taken) = column(words.get(1..)?).ok()?;
            *figure = Figure::strong(name);
            Some(1 + taken)
        }
        "[" => Some(closing(words, 0)? + 1),
        ":" => {
            let read = read::read(words.get(2..)?).ok()?;
            *figure = Figure::or_weak(figure.take(), read.name);
            Some(2 + read.taken)
        }
        _ if first.is("COLLATE") => Some(1 + qualified_name(&words[1..]).ok()?.1),
        _ if first.is("FILTER") => Some(opened(1)? + 1),
        _ if first.is("WITHIN") => Some(opened(2)? + 1),
        _ if first.is("OVER") => Some(opened(1).map_or(2, |close| close + 1)),
        _ => None,
    }
}

/// Returns the index of what closes the parenthesis or bracket at an index.
fn closing(words: &[Word<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        let symbol = word.kind == TokenKind::Symbol;
        if word.kind == TokenKind::Open || (symbol && word.text == "[") {
            depth += 1;
        } else if word.kind == TokenKind::Close || (symbol && word.text == "]") {
            depth = depth.checked_sub(1)?;
        }
        if depth == 0 {
            return (at > open).then_some(at);
        }
    }
    None
}

/// Returns the index of the END of the CASE at an index.
fn case_end(words: &[Word<'_>], case: usize) -> Option<usize> {
    outside(words, case + 1, words.len(), |word| word.is("END"))
}

/// Returns the first match outside parentheses, brackets and CASE; a name after a dot is no keyword.
fn outside(words: &[Word<'_>], from: usize, to: usize, wanted: impl Fn(&Word<'_>) -> bool) -> Option<usize> {
    let mut at = from;
    let mut cases = 0_usize;
    while at < to {
        let word = &words[at];
        let label = at > 0 && words[at - 1].text == "." && word.is_keyword();
        if cases == 0 && !label && wanted(word) {
            return Some(at);
        }
        if word.kind == TokenKind::Open || (word.kind == TokenKind::Symbol && word.text == "[") {
            at = closing(words, at)?;
        } else if word.is("CASE") && !label {
            cases += 1;
        } else if word.is("END") && !label {
            cases = cases.saturating_sub(1);
        }
        at += 1;
    }
    None
}

fn last_as(words: &[Word<'_>]) -> Option<usize> {
    outside(words, 0, words.len(), |word| word.is("AS"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Syntax, significant};

    fn check(name: &str, expressions: &[&str]) {
        for expression in expressions {
            let words = significant(expression, Syntax::named("postgres").unwrap());
            let found = derived_name(&words);
            assert_eq!(found.as_deref().unwrap_or("expr"), name, "{expression}");
        }
    }

    #[test]
    fn columns_and_fields() {
        check("c", &["c", "t.c", "x.t.c", "(c)", "((c))", "c::text", "c collate \"C\"", "\"c\"", "C", "(c)::int[]"]);
        check("a", &["a::numeric(10,2)", "a::timestamp with time zone", "cast(a as varchar(3))", "a::x.e::text"]);
        check("arr", &["arr[1]", "arr[1:2]", "(arr)[1]", "t.arr[1][2]", "(arr[1])::int"]);
        check("x", &["(k).x", "(k).x::int8", "(f(1)).x", "((k).y).x", "(t.k).x"]);
        check("t", &["t.*", "(t.*)", "x.t.*"]);
        check("Mixed Case", &["\"Mixed Case\"", "t.\"Mixed Case\""]);
        check("select", &["t.select", "\"select\""]);
    }

    #[test]
    fn functions() {
        check("lower", &["lower(c)", "lower(c) collate \"C\"", "LOWER(c || 'x')", "lower(c)::text"]);
        check("upper", &["pg_catalog.upper(c)"]);
        check("md5", &["md5(c)::uuid", "cast(md5(c) as uuid)"]);
        check("coalesce", &["coalesce(a, b)", "coalesce(a + 1, 2)::text"]);
        check("nullif", &["nullif(a, b)"]);
        check("greatest", &["greatest(a, b)"]);
        check("least", &["least(a, b)"]);
        check("array", &["array[a, b]", "array[1]::int[]", "array(select 1)"]);
        check("row", &["row(a, b)", "(a, b)"]);
        check("extract", &["extract(year from d)"]);
        check("substring", &["substring(c from 1 for 2)"]);
        check("overlay", &["overlay(c placing 'x' from 1)"]);
        check("position", &["position('a' in c)"]);
        check("normalize", &["normalize(c, nfc)"]);
        check("left", &["left(c, 1)"]);
        check("btrim", &["trim(c)", "trim(both 'x' from c)"]);
        check("ltrim", &["trim(leading 'x' from c)"]);
        check("rtrim", &["trim(trailing from c)"]);
        check("count", &["count(*)", "count(*) filter (where a > 1)", "count(*) over w", "count(*) over (order by a)"]);
        check("percentile_cont", &["percentile_cont(0.5) within group (order by a)"]);
        check("xmlserialize", &["xmlserialize(content x as text)"]);
        check("xmlelement", &["xmlelement(name foo)"]);
        check("json_value", &["json_value(j, '$.a')"]);
        check("pg_collation_for", &["collation for (c)"]);
        check("overlaps", &["(a, b) overlaps (c, d)"]);
        check("is_normalized", &["c is normalized", "c is nfc normalized", "(c is normalized)::int"]);
    }

    #[test]
    fn values_of_the_session() {
        check("current_timestamp", &["current_timestamp", "current_timestamp(0)"]);
        check("localtime", &["localtime"]);
        check("current_user", &["current_user", "current_user::text"]);
        check("user", &["user"]);
        check("timezone", &["x at time zone 'utc'", "now() at time zone 'utc'", "-x at time zone 'utc'", "x at local"]);
    }

    #[test]
    fn casts_of_what_has_no_name() {
        check("text", &["'x'::text", "('a' || c)::text", "cast(a + b as text)"]);
        check(
            "int4",
            &["cast('1' as int)", "(j->>'x')::int", "null::int", "'{1}'::int[]", "treat(a as int)", "1::int"],
        );
        check("date", &["date '2020-01-01'"]);
        check("interval", &["interval '1 day'", "interval '1' day to second", "interval(3) '1 s'"]);
        check("varchar", &["'x'::varchar(3)", "'x'::character varying(3)"]);
        check("bpchar", &["n'x'", "'x'::char(3)", "'x'::character"]);
        check("bool", &["'t'::bool", "'t'::boolean", "true::bool"]);
        check("timestamptz", &["timestamptz '2020-01-01'", "timestamp with time zone '2020-01-01'"]);
        check("e", &["'a'::e", "'a'::y.e"]);
        check("_int4", &["'{1}'::_int4"]);
        check("float8", &["double precision '1'", "1::double precision"]);
    }

    #[test]
    fn case() {
        check(
            "c",
            &["case when a > 1 then b else c end", "case a when 1 then b else case when d then e else c end end"],
        );
        check("lower", &["case when a then b else lower(c) end"]);
        check(
            "case",
            &["case when a then b end", "case when a then b else 'y'::text end", "case a when 1 then 2 else 3 end"],
        );
        check("case", &["case when a then case when b then 1 else c end end"]);
        check("expr", &["case when a then b else c end + 1"]);
    }

    #[test]
    fn subselects() {
        check("exists", &["exists (select 1)"]);
        check("interval", &["(select interval '1' day from t)"]);
        check("percentile_cont", &["(select percentile_cont(0.5) within group (order by a) from t)"]);
        check("column1", &["(values (1), (2))"]);
        check("max", &["(select max(a) from t)", "(select distinct max(a) from t where b > 1)"]);
        check(
            "m",
            &["(select max(a) as m from t)", "(select max(a) m from t)", "(select a is distinct from b m from t)"],
        );
        check("?column?", &["(select 1)", "(select 1)::int"]);
        check("a", &["(select a from t)", "(select t.a from t)"]);
    }

    #[test]
    fn what_is_too_deep_has_no_name() {
        let deep = "(".repeat(100_000) + "a" + &")".repeat(100_000);
        check("expr", &[deep.as_str(), "case when a then b else ".repeat(10_000).as_str()]);
    }

    #[test]
    fn operators_make_no_name() {
        check("expr", &["a+b", "'a'||c", "j->>'x'", "a is null", "a in (1, 2)", "not a", "a between 1 and 2", "-a"]);
        check("expr", &["c like 'x'", "c not ilike 'x'", "1", "1.5", "(a,c) is null", "true", "null", "a and b", "$1"]);
        check(
            "expr",
            &["a operator(pg_catalog.+) b", "a = any (b)", "a isnull", "-1::int", "a || b collate \"C\"", "- 1"],
        );
        check(
            "expr",
            &["a + b at time zone 'utc'", "c similar to 'x'", "a = 1 or b = 2", "lower(c) || d", "@ a", "", "("],
        );
    }
}
