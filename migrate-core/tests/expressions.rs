//! What migrations write against what servers print: no pair is taken for different, and no two expressions for one.
#![cfg(feature = "fold")]

use std::collections::{BTreeMap, BTreeSet};

use migrate_core::dialect::Verdict;
use migrate_core::dialect::postgres::expression::{Environment, Name, Normal, compare, references, rename};
use proptest::prelude::*;

/// A typed text and what servers print for it.
#[derive(Clone, Debug)]
struct Pair {
    /// The type of the column, where it is a default or a generated column.
    target: String,
    typed: String,
    printed: String,
}

type Corpus = Vec<(Pair, Environment)>;

/// The columns of the table that the checks, the generated columns and the indexes were made in.
const COLUMNS: &[(&str, &str)] = &[
    ("a", "int"),
    ("b", "int"),
    ("c", "text"),
    ("v", "varchar(20)"),
    ("ch", "char(5)"),
    ("n", "numeric"),
    ("n2", "numeric(10,2)"),
    ("f8", "float8"),
    ("f4", "real"),
    ("ts", "timestamp"),
    ("tz", "timestamptz"),
    ("d", "date"),
    ("j", "jsonb"),
    ("js", "json"),
    ("arr", "int[]"),
    ("ta", "text[]"),
    ("va", "varchar[]"),
    ("u", "uuid"),
    ("en", "e"),
    ("bo", "bool"),
    ("iv", "interval"),
    ("i2", "smallint"),
    ("i8", "bigint"),
    ("k", "ct"),
    ("dd", "dt"),
    ("dii", "di"),
    ("tm", "time"),
    ("r", "int4range"),
    ("ip", "inet"),
    ("by", "bytea"),
    ("nm", "name"),
    ("oo", "oid"),
    ("select", "int"),
    ("Mixed", "int"),
    ("tt", "text"),
    ("x", "xml"),
];

fn table() -> Environment {
    COLUMNS.iter().fold(types(), |environment, (name, data_type)| environment.column(name, data_type))
}

/// The types of the schema `x`, which the search path finds.
fn types() -> Environment {
    Environment::new().domain("dt", "text").domain("di", "integer").enumeration("e").schema("x")
}

/// Reads a corpus; the target is a field of its own where there are four.
fn corpus(text: &str, fields: usize, environment: &Environment) -> Corpus {
    let mut corpus = Corpus::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" │ ").collect();
        assert_eq!(parts.len(), fields, "{line}");
        let target = if fields == 4 { parts[1] } else { "boolean" };
        let pair = Pair {
            target: target.to_owned(),
            typed: unescape(parts[fields - 2]),
            printed: unescape(parts[fields - 1]),
        };
        corpus.push((pair, environment.clone().target(target)));
    }
    corpus
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                other => plain.extend(other),
            },
            c => plain.push(c),
        }
    }
    plain
}

fn all() -> BTreeMap<&'static str, Corpus> {
    BTreeMap::from([
        ("defaults", corpus(include_str!("vectors/expressions/defaults.txt"), 4, &types())),
        ("checks", corpus(include_str!("vectors/expressions/checks.txt"), 3, &table())),
        ("generated", corpus(include_str!("vectors/expressions/generated.txt"), 4, &table())),
        ("indexes", corpus(include_str!("vectors/expressions/indexes.txt"), 3, &table())),
    ])
}

fn verdict(typed: &str, printed: &str, environment: &Environment) -> Verdict {
    compare(&Normal::parse(typed, environment), &Normal::parse(printed, environment))
}

/// What is not decided: the literals need the code of their types. Anything else here is a loss.
const SKIPPED: &[(&str, &str)] = &[
    ("'1.5'", "as money"),
    // A precision rounds.
    ("interval(3) '1.23456 s'", "as interval"),
    ("'[1,5]'", "as int4range"),
    ("'10.0.0.1/32'", "as inet"),
    ("'10/8'", "as cidr"),
    ("'08002b010203'", "as macaddr"),
    ("'a b'", "as tsvector"),
    ("'[2020-01-01,2020-01-31]'", "as daterange"),
    // The time of day depends on the session's time zone.
    ("tz > '2020-01-01'", "as timestamptz"),
    ("jsonb_path_exists(j, '$.a')", "as jsonpath"),
    ("j @@ '$.a == 1'", "as jsonpath"),
];

#[test]
fn what_was_typed_is_what_the_server_prints() {
    let mut skipped = Vec::new();
    let mut count = 0;
    for (name, corpus) in all() {
        for (pair, environment) in corpus {
            count += 1;
            match verdict(&pair.typed, &pair.printed, &environment) {
                Verdict::Equal => {}
                Verdict::Skip(reason) => skipped.push((pair.typed, reason)),
                Verdict::Different(reason) => panic!("{name}: {pair:?}: {reason}"),
            }
        }
    }
    for (typed, reason) in &skipped {
        let known = SKIPPED.iter().any(|(text, part)| text == typed && reason.contains(part));
        assert!(known, "{typed} is skipped: {reason}");
    }
    assert_eq!(skipped.len(), SKIPPED.len(), "{skipped:#?}");
    assert!(count > 880, "only {count} pairs");
}

#[test]
fn without_an_environment_nothing_is_taken_for_different() {
    let mut equal = 0;
    let mut count = 0;
    for (name, corpus) in all() {
        for (pair, _) in corpus {
            count += 1;
            match verdict(&pair.typed, &pair.printed, &Environment::new()) {
                Verdict::Equal => equal += 1,
                Verdict::Skip(_) => {}
                Verdict::Different(reason) => panic!("{name}: {pair:?}: {reason}"),
            }
        }
    }
    assert!(equal * 100 > count * 85, "{equal} of {count}");
}

/// Texts whose printed forms differ, but which are the same expression: the same in each group.
const SAME: &[&[&str]] = &[
    // AND and OR are associative, and only the server's tree keeps the grouping.
    &["a > 0 and b > 0 and i8 > 0", "(a > 0 and b > 0) and i8 > 0", "a > 0 and (b > 0 and i8 > 0)"],
    // A sign before a cast that is none.
    &["a > -1", "a > -1::int", "a > (-1)::int"],
    &["-1", "- 1", "-(1)", "-1::int", "(-1)::int", "'-1'"],
    // The printed list changes with the next dump: varchar becomes text without a change of the value.
    &[
        "v in ('a','b')",
        "v = any (array['a','b'])",
        "v = any (array['a'::varchar,'b'])",
        "v = any (array['a','b']::varchar[])",
        "v = any (array['a','b']::text[])",
        "v::text = any (array['a','b'])",
        "v::text = any (array['a'::text,'b'::text])",
        "v::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
        "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    ],
    &["v = 'x'", "v = 'x'::varchar", "v = 'x'::text", "v::varchar(20) = 'x'"],
    // The syntax of standard SQL, and the function that it calls.
    &["trim(c) <> ''", "trim(both from c) <> ''", "btrim(c) <> ''"],
    &["substring(c from 1 for 2) = 'ab'", "substring(c, 1, 2) = 'ab'"],
    &["(now() at time zone 'utc')", "timezone('utc', now())"],
    // An index expression has brackets of its own.
    &["not bo", "(not bo)"],
];

#[test]
fn no_two_expressions_are_taken_for_one() {
    let groups: Vec<BTreeSet<&str>> = SAME.iter().map(|group| group.iter().copied().collect()).collect();
    let mut crossed = 0;
    for (name, corpus) in all() {
        let forms: Vec<(Normal, Normal)> = corpus
            .iter()
            .map(|(pair, environment)| {
                (Normal::parse(&pair.typed, environment), Normal::parse(&pair.printed, environment))
            })
            .collect();
        for (one, (typed, _)) in corpus.iter().zip(&forms) {
            for (other, (_, printed)) in corpus.iter().zip(&forms) {
                let (one, other) = (&one.0, &other.0);
                // What prints alike is the same; other versions may print the same text in another way.
                if one.target != other.target || one.printed == other.printed || one.typed == other.typed {
                    continue;
                }
                crossed += 1;
                let same = groups.iter().any(|g| g.contains(&one.typed[..]) && g.contains(&other.typed[..]));
                let found = compare(typed, printed);
                assert!(found != Verdict::Equal || same, "{name}: {} is {}", one.typed, other.printed);
            }
        }
    }
    assert!(crossed > 250_000, "only {crossed} pairs");
}

#[test]
fn what_is_printed_is_what_is_printed_for_it() {
    for (name, corpus) in all() {
        for (pair, environment) in corpus {
            // Not the same text, so that the trees are compared.
            let spaced = format!("( {} )", pair.printed);
            match verdict(&spaced, &pair.printed, &environment) {
                Verdict::Equal => {}
                other => panic!("{name}: {}: {other:?}", pair.printed),
            }
        }
    }
    // The forms that change when they are dumped and restored.
    let forms = [
        "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
        "v IN ('a', 'b')",
    ];
    for one in forms {
        for other in forms {
            assert_eq!(verdict(one, other, &table()), Verdict::Equal, "{one} and {other}");
        }
    }
    assert_eq!(verdict("(- 1)", "'-1'::integer", &table()), Verdict::Equal);
}

fn equal(typed: &str, printed: &str) {
    assert_eq!(verdict(typed, printed, &table()), Verdict::Equal, "{typed} and {printed}");
}

fn different(typed: &str, printed: &str) {
    let found = verdict(typed, printed, &table());
    assert!(matches!(found, Verdict::Different(_)), "{typed} and {printed}: {found:?}");
}

fn skipped(typed: &str, printed: &str) {
    let found = verdict(typed, printed, &table());
    assert!(matches!(found, Verdict::Skip(_)), "{typed} and {printed}: {found:?}");
}

#[test]
fn literals_are_compared_by_the_values_of_their_types() {
    let date = |text: &str| format!("d = '{text}'");
    equal(&date("2020-1-31"), "(d = '2020-01-31'::date)");
    equal(&date("20200131"), "(d = '2020-01-31'::date)");
    different(&date("2020-01-30"), "(d = '2020-01-31'::date)");
    skipped(&date("31.1.2020"), "(d = '2020-01-31'::date)");
    skipped(&date("today"), "(d = '2020-01-31'::date)");
    let zoned = "(tz = '2020-01-31 10:00:00+00'::timestamp with time zone)";
    equal("tz = '2020-01-31T12:00:00+02:00'", zoned);
    different("tz = '2020-01-31 10:00+02'", zoned);
    skipped("tz = '2020-01-31 10:00:00'", zoned);
    equal("iv = '90 days 1 h'", "(iv = '90 days 01:00:00'::interval)");
    equal("iv = '1.5 s'", "(iv = '00:00:01.5'::interval)");
    equal("iv = interval '-1' day", "(iv = '-1 days'::interval)");
    different("iv = '30 days'", "(iv = '1 mon'::interval)");
    equal("j = '[1.0, {\"b\":\"\\u00e4\",\"aa\":1,\"b\":null}]'", "(j = '[1.0, {\"b\": null, \"aa\": 1}]'::jsonb)");
    different("j = '1.0'", "(j = '1'::jsonb)");
    different("js::jsonb = '{}'", "((js)::jsonb = '[]'::jsonb)");
    equal("ta = '{a, \"b c\" ,NULL}'", "(ta = '{a,\"b c\",NULL}'::text[])");
    different("ta = '{a,\"NULL\"}'", "(ta = '{a,NULL}'::text[])");
    equal("arr = '{ {1,02},{3,4} }'", "(arr = '{{1,2},{3,4}}'::integer[])");
    equal("by = 'a\\000\\\\'", "(by = '\\x61005c'::bytea)");
    equal("by = '\\xAB CD'", "(by = '\\xabcd'::bytea)");
    equal("u = '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}'", "(u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid)");
    equal("f8 = '1e-3'", "(f8 = '0.001'::double precision)");
    different("f8 = 0.1", "(f8 = (0.10)::double precision)");
    different("n = 1.0", "(n = 1.00)");
    different("en = 'a'", "(en = 'b'::e)");
    equal("oo = 1", "(oo = (1)::oid)");
    equal("nextval('x.s') > 1", "(nextval('s'::regclass) > 1)");
    skipped("nextval('y.s') > 1", "(nextval('s'::regclass) > 1)");
}

#[test]
fn precedence_is_the_servers() {
    equal("not a = 1 is null", "(NOT ((a = 1) IS NULL))");
    equal("c || 'x' ~ 'y' = bo", "(((c || 'x'::text) ~ 'y'::text) = bo)");
    equal("a & 3 = b + 1", "((a & 3) = (b + 1))");
    equal("a between 1 and b + 1 and bo", "(((a >= 1) AND (a <= (b + 1))) AND bo)");
    equal("a = b is not true", "((a = b) IS NOT TRUE)");
    equal("(k).a::text = c", "(((k).a)::text = c)");
    equal("-a::bigint = i8", "((- (a)::bigint) = i8)");
    equal("a operator(pg_catalog.*) b + 1 = 2", "((a * (b + 1)) = 2)");
    different("a operator(pg_catalog.*) b + 1 = 2", "(((a * b) + 1) = 2)");
    // What sqlparser reads in another way than the server is not read.
    skipped("@ a + 1 > 0", "(((@ a) + 1) > 0)");
    skipped("- a ^ 2 > 0", "((- (a ^ 2)) > 0)");
    skipped("- a at time zone 'utc' = tz", "(((- a) AT TIME ZONE 'utc'::text) = tz)");
    skipped("a = any (arr)::int[]", "(a = ANY (arr))");
}

#[test]
fn a_cast_is_not_taken_for_one_of_the_servers() {
    different("c = 'x'", "((c)::bpchar = 'x'::bpchar)");
    different("a = 1", "((a)::bigint = 1)");
    different("en = 'a'", "((en)::text = 'a'::text)");
    different("v = 'x'", "(((v)::character varying)::text = 'x'::text)");
    different("a / 2 > 1", "(((a)::numeric / 2.0) > (1)::numeric)");
    skipped("unknown = 'a'", "((unknown)::text = 'a'::text)");
    skipped("own(a) = 1", "(own((a)::numeric) = 1)");
    equal("own(v) = 1", "(own((v)::text) = 1)");
    different("own(a) = 1", "(own(b) = 1)");
}

#[test]
fn what_cannot_be_read_is_equal_only_to_the_same() {
    let query = "EXISTS (SELECT 1 FROM t WHERE a = b)";
    assert!(!Normal::parse(query, &table()).is_read());
    equal(query, "exists(select 1\n from t where A = b -- why\n)");
    skipped(query, "EXISTS (SELECT 2 FROM t WHERE a = b)");
    skipped("a +", "a -");
    skipped("", "a");
    skipped("'a", "'b");
}

#[test]
fn long_and_deep_expressions_are_safe() {
    let terms = |count: usize| (0..count).map(|n| format!("a = {n}")).collect::<Vec<_>>().join(" or ");
    let printed = |count: usize| (0..count).map(|n| format!("(a = {n})")).collect::<Vec<_>>().join(" OR ");
    equal(&terms(2000), &format!("({})", printed(2000)));
    different(&terms(2000), &format!("({})", printed(1999)));
    skipped(&terms(100_000), &printed(100_000));
    equal(&terms(100_000), &terms(100_000).to_uppercase());
    let list = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    equal(&format!("a in ({})", list(9000)), &format!("(a = ANY (ARRAY[{}]))", list(9000)));
    for depth in [20, 90, 101, 5000, 100_000] {
        for (open, close) in [("(", ")"), ("[", "]"), ("lower(", ")"), ("case when ", " then 1 end"), ("array[", "]")] {
            let text = |operand: &str| format!("{}{operand}{}", open.repeat(depth), close.repeat(depth));
            equal(&text("a"), &text(" A "));
        }
        for prefix in ["not ", "- ", "a || ", "a::text::", "a.", "a + ", "a is null = ", "f(a) in ("] {
            let text = format!("{}a", prefix.repeat(depth));
            equal(&text, &text.replace(' ', "  "));
        }
        // What is compared is copied by the server, too.
        let copied = format!("{}a{}", "(".repeat(depth), " between symmetric b and b)".repeat(depth));
        equal(&copied, &copied.replace(' ', "\n"));
        let copied = format!("{}a{}", "(".repeat(depth), " in (1, b))".repeat(depth));
        equal(&copied, &copied.replace(' ', "\n"));
        let inner = format!("{}a{}", "a in (b, ".repeat(depth), ")".repeat(depth));
        equal(&inner, &inner.replace(' ', "\n"));
    }
}

#[test]
fn references_are_found() {
    let name = |text: &str| {
        let (schema, name) = text.split_once('.').map_or((None, text), |(schema, name)| (Some(schema), name));
        Name { schema: schema.map(str::to_owned), name: name.to_owned() }
    };
    let names = |texts: &[&str]| texts.iter().map(|text| name(text)).collect::<BTreeSet<_>>();
    let columns = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();

    let found = references(
        "CASE WHEN Lower(t.a) = 'x'::app.kind AND \"B\" IN (1, 2) THEN nextval('app.\"S\"') ELSE cast(c AS numeric(10,2)) \
         + app.f(x => d) END + '1'::int[] + date '2020-01-01'",
    );
    assert_eq!(found.columns, columns(&["a", "B", "c", "d", "x"]));
    assert_eq!(found.functions, names(&["lower", "nextval", "app.f"]));
    assert_eq!(found.types, names(&["app.kind", "numeric", "int4", "date"]));
    assert_eq!(found.sequences, names(&["app.S"]));
    assert_eq!(references("('s'::regclass)::text || 'a.b'::regclass").sequences, names(&["s", "a.b"]));

    let query = references("EXISTS (SELECT o.id AS z FROM app.orders o, t WHERE o.x = t.a)");
    for relation in ["app.orders", "t", "o"] {
        let bare = relation.split('.').next_back().unwrap();
        assert!(query.relations.contains(&name(relation)) || query.columns.contains(bare), "{relation}: {query:?}");
    }
    assert!(query.columns.is_superset(&columns(&["id", "x", "a", "orders"])), "{query:?}");
    assert!(query.functions.is_empty(), "{query:?}");
}

#[test]
fn names_are_replaced_and_nothing_else() {
    let text = "A>0 AND \"a\" <> 'a' /* a */ AND t.a(a) AND x::a || a.b || (k).a -- a";
    let renamed = rename(text, |name| {
        let column = name.name == "a" && !name.is_called && !name.is_type && !name.is_qualifier;
        (column && (!name.is_field || name.before == Some("t"))).then(|| "\"B b\"".to_owned())
    });
    assert_eq!(renamed, "\"B b\">0 AND \"B b\" <> 'a' /* a */ AND t.a(\"B b\") AND x::a || a.b || (k).a -- a");
    let table = rename("t.a + x.t.a + t", |name| (name.name == "t" && name.is_qualifier).then(|| "u".to_owned()));
    assert_eq!(table, "u.a + x.u.a + t");
}

/// Pieces of expressions, so that some of what they make can be read.
const PIECES: &[&str] = &[
    "a",
    "v",
    "c",
    "en",
    "\"select\"",
    "1",
    "-1",
    "2.5",
    "'x'",
    "'{a}'",
    "E'\\n'",
    "$$x$$",
    "null",
    "true",
    "+",
    "-",
    "*",
    "/",
    "^",
    "=",
    "<>",
    "!=",
    "<",
    "||",
    "->>",
    "~",
    "~~",
    "@",
    "::",
    "::text",
    "::varchar(5)",
    "::int[]",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ":",
    "and",
    "or",
    "not",
    "is",
    "null",
    "distinct",
    "from",
    "in",
    "like",
    "between",
    "symmetric",
    "any",
    "all",
    "array",
    "row",
    "case",
    "when",
    "then",
    "else",
    "end",
    "cast",
    "as",
    "int",
    "interval",
    "'1 day'",
    "collate",
    "\"C\"",
    "at",
    "time",
    "zone",
    "lower",
    "coalesce",
    "trim",
    "extract",
    "year",
    "substring",
    "position",
    "overlay",
    "placing",
    "for",
    "operator",
    "current_date",
    "current_timestamp",
    "=>",
    "variadic",
    "select",
    "/*",
    "*/",
    "--",
    "\n",
    "'",
    "\"",
    ";",
    "$1",
    "\u{1}",
    "\u{1}row",
    "ä",
    "\u{1f600}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_equal_to_themselves(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.join(" ");
        let normal = Normal::parse(&text, &table());
        prop_assert_eq!(compare(&normal, &Normal::parse(&text, &Environment::new())), Verdict::Equal);
        // The trees, where the tokens differ by brackets.
        let wrapped = Normal::parse(&format!("({text})"), &table());
        if normal.is_read() && wrapped.is_read() {
            let found = compare(&normal, &wrapped);
            prop_assert!(!matches!(found, Verdict::Different(_)), "{text}: {found:?}");
        }
        references(&text);
        prop_assert_eq!(rename(&text, |_| None), text);
    }

    #[test]
    fn any_text_is_read(text in any::<String>(), other in any::<String>()) {
        compare(&Normal::parse(&text, &table()), &Normal::parse(&other, &table()));
        references(&text);
        prop_assert_eq!(rename(&text, |_| None), text);
    }

    #[test]
    fn mutated_expressions_are_read(
        index in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        piece in prop::sample::select(PIECES),
    ) {
        let corpus = corpus(include_str!("vectors/expressions/checks.txt"), 3, &table());
        let text = &index.get(&corpus).0.printed;
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mutated = format!("{}{piece}{}", &text[..at], &text[at..]);
        let normal = Normal::parse(&mutated, &table());
        prop_assert_eq!(compare(&normal, &Normal::parse(&mutated, &table())), Verdict::Equal);
        compare(&Normal::parse(text, &table()), &normal);
    }
}
