//! Types as typed, and as PostgreSQL 15 to 18 printed them; all versions the same.

use super::*;
use crate::sql::{Syntax, significant};

fn words(text: &str) -> Vec<Word<'_>> {
    significant(text, Syntax::named("postgres").unwrap())
}

fn parse(text: &str) -> Result<Type, WordError> {
    let words = words(text);
    let (declared, taken) = Declared::parse(&words)?;
    match taken == words.len() {
        true => Ok(declared.to_type()),
        false => Err(WordError::syntax(&words, taken)),
    }
}

/// What was typed, the text of `format_type`, and `typname`, which has an underscore for an array.
const PRINTED: &[(&str, &str, &str)] = &[
    ("int", "integer", "int4"),
    ("int2", "smallint", "int2"),
    ("int4", "integer", "int4"),
    ("int8", "bigint", "int8"),
    ("integer", "integer", "int4"),
    ("smallint", "smallint", "int2"),
    ("bigint", "bigint", "int8"),
    ("real", "real", "float4"),
    ("float4", "real", "float4"),
    ("float8", "double precision", "float8"),
    ("double precision", "double precision", "float8"),
    ("float", "double precision", "float8"),
    ("float(1)", "real", "float4"),
    ("float(24)", "real", "float4"),
    ("float(25)", "double precision", "float8"),
    ("float(53)", "double precision", "float8"),
    ("decimal", "numeric", "numeric"),
    ("decimal(5)", "numeric(5,0)", "numeric"),
    ("decimal(10,2)", "numeric(10,2)", "numeric"),
    ("dec(10,2)", "numeric(10,2)", "numeric"),
    ("numeric", "numeric", "numeric"),
    ("numeric(10)", "numeric(10,0)", "numeric"),
    ("numeric(10,2)", "numeric(10,2)", "numeric"),
    ("numeric(10,0)", "numeric(10,0)", "numeric"),
    ("numeric(3,-2)", "numeric(3,-2)", "numeric"),
    ("numeric(2,5)", "numeric(2,5)", "numeric"),
    ("numeric(1000,1000)", "numeric(1000,1000)", "numeric"),
    ("numeric(5,6)", "numeric(5,6)", "numeric"),
    ("varchar", "character varying", "varchar"),
    ("varchar(10)", "character varying(10)", "varchar"),
    ("varchar(10485760)", "character varying(10485760)", "varchar"),
    ("character varying", "character varying", "varchar"),
    ("character varying(5)", "character varying(5)", "varchar"),
    ("char", "character(1)", "bpchar"),
    ("char(1)", "character(1)", "bpchar"),
    ("char(10)", "character(10)", "bpchar"),
    ("character", "character(1)", "bpchar"),
    ("character(3)", "character(3)", "bpchar"),
    ("bpchar", "bpchar", "bpchar"),
    ("bpchar(1)", "character(1)", "bpchar"),
    ("bpchar(5)", "character(5)", "bpchar"),
    ("nchar", "character(1)", "bpchar"),
    ("nchar(5)", "character(5)", "bpchar"),
    ("nchar varying(5)", "character varying(5)", "varchar"),
    ("national character(5)", "character(5)", "bpchar"),
    ("national character varying(7)", "character varying(7)", "varchar"),
    ("national char varying", "character varying", "varchar"),
    (r#""char""#, r#""char""#, "char"),
    ("name", "name", "name"),
    ("text", "text", "text"),
    ("bool", "boolean", "bool"),
    ("boolean", "boolean", "bool"),
    ("bytea", "bytea", "bytea"),
    ("date", "date", "date"),
    ("time", "time without time zone", "time"),
    ("time(3)", "time(3) without time zone", "time"),
    ("time without time zone", "time without time zone", "time"),
    ("time(0) without time zone", "time(0) without time zone", "time"),
    ("time with time zone", "time with time zone", "timetz"),
    ("timetz", "time with time zone", "timetz"),
    ("timetz(2)", "time(2) with time zone", "timetz"),
    ("time(4) with time zone", "time(4) with time zone", "timetz"),
    ("timestamp", "timestamp without time zone", "timestamp"),
    ("timestamp(0)", "timestamp(0) without time zone", "timestamp"),
    ("timestamp(6)", "timestamp(6) without time zone", "timestamp"),
    ("timestamp(7)", "timestamp(6) without time zone", "timestamp"),
    ("timestamp without time zone", "timestamp without time zone", "timestamp"),
    ("timestamp with time zone", "timestamp with time zone", "timestamptz"),
    ("timestamp(3) with time zone", "timestamp(3) with time zone", "timestamptz"),
    ("timestamptz", "timestamp with time zone", "timestamptz"),
    ("timestamptz(3)", "timestamp(3) with time zone", "timestamptz"),
    ("interval", "interval", "interval"),
    ("interval(3)", "interval(3)", "interval"),
    ("interval year", "interval year", "interval"),
    ("interval month", "interval month", "interval"),
    ("interval day", "interval day", "interval"),
    ("interval hour", "interval hour", "interval"),
    ("interval minute", "interval minute", "interval"),
    ("interval second", "interval second", "interval"),
    ("interval second(2)", "interval second(2)", "interval"),
    ("interval year to month", "interval year to month", "interval"),
    ("interval day to hour", "interval day to hour", "interval"),
    ("interval day to minute", "interval day to minute", "interval"),
    ("interval day to second", "interval day to second", "interval"),
    ("interval day to second(3)", "interval day to second(3)", "interval"),
    ("interval hour to minute", "interval hour to minute", "interval"),
    ("interval hour to second", "interval hour to second", "interval"),
    ("interval hour to second(1)", "interval hour to second(1)", "interval"),
    ("interval minute to second", "interval minute to second", "interval"),
    ("interval minute to second(6)", "interval minute to second(6)", "interval"),
    ("bit", "bit(1)", "bit"),
    ("bit(1)", "bit(1)", "bit"),
    ("bit(8)", "bit(8)", "bit"),
    ("bit varying", "bit varying", "varbit"),
    ("bit varying(8)", "bit varying(8)", "varbit"),
    ("varbit", "bit varying", "varbit"),
    ("varbit(4)", "bit varying(4)", "varbit"),
    ("uuid", "uuid", "uuid"),
    ("json", "json", "json"),
    ("jsonb", "jsonb", "jsonb"),
    ("xml", "xml", "xml"),
    ("inet", "inet", "inet"),
    ("cidr", "cidr", "cidr"),
    ("macaddr", "macaddr", "macaddr"),
    ("macaddr8", "macaddr8", "macaddr8"),
    ("money", "money", "money"),
    ("oid", "oid", "oid"),
    ("regclass", "regclass", "regclass"),
    ("regproc", "regproc", "regproc"),
    ("regtype", "regtype", "regtype"),
    ("pg_lsn", "pg_lsn", "pg_lsn"),
    ("xid", "xid", "xid"),
    ("xid8", "xid8", "xid8"),
    ("cid", "cid", "cid"),
    ("tid", "tid", "tid"),
    ("txid_snapshot", "txid_snapshot", "txid_snapshot"),
    ("pg_snapshot", "pg_snapshot", "pg_snapshot"),
    ("tsvector", "tsvector", "tsvector"),
    ("tsquery", "tsquery", "tsquery"),
    ("point", "point", "point"),
    ("line", "line", "line"),
    ("lseg", "lseg", "lseg"),
    ("box", "box", "box"),
    ("path", "path", "path"),
    ("polygon", "polygon", "polygon"),
    ("circle", "circle", "circle"),
    ("int4range", "int4range", "int4range"),
    ("int8range", "int8range", "int8range"),
    ("numrange", "numrange", "numrange"),
    ("tsrange", "tsrange", "tsrange"),
    ("tstzrange", "tstzrange", "tstzrange"),
    ("daterange", "daterange", "daterange"),
    ("int4multirange", "int4multirange", "int4multirange"),
    ("int[]", "integer[]", "_int4"),
    ("int[3]", "integer[]", "_int4"),
    ("int[3][4]", "integer[]", "_int4"),
    ("int[][]", "integer[]", "_int4"),
    ("int array", "integer[]", "_int4"),
    ("int array[4]", "integer[]", "_int4"),
    ("integer ARRAY", "integer[]", "_int4"),
    ("_int4", "integer[]", "_int4"),
    ("varchar(10)[]", "character varying(10)[]", "_varchar"),
    ("numeric(10,2)[][]", "numeric(10,2)[]", "_numeric"),
    ("timestamp(3) with time zone[]", "timestamp(3) with time zone[]", "_timestamptz"),
    ("_varchar", "character varying[]", "_varchar"),
    ("int2vector", "int2vector", "int2vector"),
    ("oidvector", "oidvector", "oidvector"),
    ("pg_catalog.int4", "integer", "int4"),
    ("pg_catalog.varchar(5)", "character varying(5)", "varchar"),
    ("pg_catalog.bpchar", "bpchar", "bpchar"),
    ("pg_catalog.bpchar(1)", "character(1)", "bpchar"),
    (r#"pg_catalog."char""#, r#""char""#, "char"),
    ("pg_catalog.timestamptz(2)", "timestamp(2) with time zone", "timestamptz"),
    ("pg_catalog.numeric(4,2)", "numeric(4,2)", "numeric"),
    ("pg_catalog.bit", r#""bit""#, "bit"),
    ("pg_catalog.interval", "interval", "interval"),
    ("INT", "integer", "int4"),
    (r#""int4""#, "integer", "int4"),
    (r#""varchar"(10)"#, "character varying(10)", "varchar"),
    (r#""timestamp""#, "timestamp without time zone", "timestamp"),
    (r#""numeric"(5,1)"#, "numeric(5,1)", "numeric"),
    ("jsonpath", "jsonpath", "jsonpath"),
    ("refcursor", "refcursor", "refcursor"),
    ("aclitem", "aclitem", "aclitem"),
    ("bigint[]", "bigint[]", "_int8"),
    ("e", "e", "e"),
    ("e[]", "e[]", "_e"),
    (r#""E x""#, r#""E x""#, "E x"),
    (r#""E x"[]"#, r#""E x"[]"#, "_E x"),
    ("y.e2", "y.e2", "e2"),
    ("y.e2[]", "y.e2[]", "_e2"),
    (r#"y."E 3""#, r#"y."E 3""#, "E 3"),
    ("d", "d", "d"),
    ("d[]", "d[]", "_d"),
    ("c", "c", "c"),
    ("c[]", "c[]", "_c"),
    ("r", "r", "r"),
    ("r_multirange", "r_multirange", "r_multirange"),
    ("dv", "dv", "dv"),
    (r#""select""#, r#""select""#, "select"),
    (r#""Ünï""#, r#""Ünï""#, "Ünï"),
    (r#"y."time""#, r#"y."time""#, "time"),
    (r#"y."char""#, r#"y."char""#, "char"),
    ("y.int4", "y.int4", "int4"),
    ("y.int4[]", "y.int4[]", "_int4"),
    ("point[]", "point[]", "_point"),
    (r#""time""#, "time without time zone", "time"),
    (r#""user""#, r#""user""#, "user"),
    (r#""left""#, r#""left""#, "left"),
    (r#""between""#, r#""between""#, "between"),
    (r#""int""#, r#""int""#, "int"),
    (r#""order""#, r#""order""#, "order"),
];

/// What servers printed for forms that are rare.
const RARE: &[(&str, &str, &str)] = &[
    (r#""bit"(8)"#, "bit(8)", "bit"),
    (r#""bit""#, r#""bit""#, "bit"),
    (r#""time"(3)"#, "time(3) without time zone", "time"),
    (r#""timestamp"(9)"#, "timestamp(6) without time zone", "timestamp"),
    ("timestamptz(7)", "timestamp(6) with time zone", "timestamptz"),
    ("interval(7)", "interval(6)", "interval"),
    ("interval second(7)", "interval second(6)", "interval"),
    ("_varchar(10)", "character varying(10)[]", "_varchar"),
    ("_bpchar", "bpchar[]", "_bpchar"),
    ("_bpchar(3)", "character(3)[]", "_bpchar"),
    ("_bit", r#""bit"[]"#, "_bit"),
    ("_bit(3)", "bit(3)[]", "_bit"),
    ("bit varying[]", "bit varying[]", "_varbit"),
    (r#""char"[]"#, r#""char"[]"#, "_char"),
    ("_char", r#""char"[]"#, "_char"),
    ("_text", "text[]", "_text"),
    ("int2vector[]", "int2vector[]", "_int2vector"),
    ("gtsvector[]", "gtsvector[]", "_gtsvector"),
    ("pg_node_tree", "pg_node_tree", "pg_node_tree"),
    ("pg_catalog.char", r#""char""#, "char"),
    ("pg_class", "pg_class", "pg_class"),
    ("pg_catalog.pg_class", "pg_class", "pg_class"),
    ("numeric('10','2')", "numeric(10,2)", "numeric"),
    ("bit('8')", "bit(8)", "bit"),
    ("char varying(3)", "character varying(3)", "varchar"),
    ("character varying (3) []", "character varying(3)[]", "_varchar"),
    ("timestamp (3) without time zone", "timestamp(3) without time zone", "timestamp"),
    ("varchar(0x10)", "character varying(16)", "varchar"),
    ("varchar(1_0)", "character varying(10)", "varchar"),
    (r#"U&"\0069nt4""#, "integer", "int4"),
    ("dec", "numeric", "numeric"),
    ("DOUBLE /* a comment */ PRECISION", "double precision", "float8"),
    ("double", "double", "double"),
    (r#""double precision""#, r#""double precision""#, "double precision"),
    (r#""integer""#, r#""integer""#, "integer"),
    (r#""Int4""#, r#""Int4""#, "Int4"),
    ("vector(3)", "vector(3)", "vector"),
    ("public.geometry(Point, 4326)", "public.geometry(point,4326)", "geometry"),
    ("public.geometry(Point, 4326)[]", "public.geometry(point,4326)[]", "_geometry"),
    ("citext", "citext", "citext"),
    ("x.serial", "x.serial", "serial"),
];

fn name(ty: &Type) -> String {
    format!("{}{}", if ty.array { "_" } else { "" }, ty.internal_name())
}

#[test]
fn typed_and_printed() {
    for (typed, printed, typname) in PRINTED.iter().chain(RARE) {
        let ty = parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!((ty.to_string().as_str(), name(&ty).as_str()), (*printed, *typname), "{typed}");
    }
}

#[test]
fn the_printed_text_reads_back() {
    for (typed, printed, _) in PRINTED.iter().chain(RARE) {
        for version in [15, 16, 17, 18] {
            let ty = parse(typed).unwrap();
            assert_eq!(parse(&ty.printed(version)), Ok(ty), "{printed}");
        }
    }
}

#[test]
fn what_follows_is_left() {
    let check = |text: &str, taken: usize| assert_eq!(Type::parse(&words(text)).map(|(_, n)| n), Ok(taken), "{text}");
    check("int not null", 1);
    check("int array not null", 2);
    check("time(3) with (x = 1)", 4);
    check("timestamp with time zone default now()", 4);
    check("interval day to second(3) check (a > b)", 7);
    check("interval default '1'", 1);
    check("y.e2[] collate \"C\"", 5);
    check("int, b int", 1);
    check("integer(4)", 1);
    check("dec varying", 1);
    check("int array[3][4]", 5);
    check("int array array", 2);
}

#[test]
fn serial_is_a_type_of_columns_only() {
    let check = |text: &str, expect: Integer, printed: &str| {
        assert_eq!(Declared::parse(&words(text)), Ok((Declared::Serial(expect), 1)), "{text}");
        assert_eq!(parse(text).unwrap().to_string(), printed);
    };
    check("serial", Integer::Int, "integer");
    check("serial2", Integer::Small, "smallint");
    check("serial4", Integer::Int, "integer");
    check("serial8", Integer::Big, "bigint");
    check("smallserial", Integer::Small, "smallint");
    check("BigSerial", Integer::Big, "bigint");
    check("\"serial\"", Integer::Int, "integer");
    let elsewhere = Type::parse(&words("serial")).unwrap().0;
    assert_eq!(elsewhere.base, TypeBase::User { schema: None, name: "serial".to_owned() });
}

#[test]
fn errors() {
    let check = |text: &str, word: usize, message: &str| {
        assert_eq!(parse(text), Err(WordError::new(word, message)), "{text}");
    };
    check("float(54)", 2, "precision for type float must be less than 54 bits");
    check("float(0)", 2, "precision for type float must be at least 1 bit");
    check("numeric(1001)", 2, "NUMERIC precision 1001 must be between 1 and 1000");
    check("numeric(0)", 2, "NUMERIC precision 0 must be between 1 and 1000");
    check("numeric(- 5)", 2, "NUMERIC precision -5 must be between 1 and 1000");
    check("numeric(10,1001)", 4, "NUMERIC scale 1001 must be between -1000 and 1000");
    check("numeric(10,-1001)", 4, "NUMERIC scale -1001 must be between -1000 and 1000");
    check("numeric(1,2,3)", 2, "invalid NUMERIC type modifier");
    check("numeric(10.5)", 2, "invalid input syntax for type integer: \"10.5\"");
    check("numeric(a)", 2, "invalid input syntax for type integer: \"a\"");
    check("numeric(1+1)", 3, "type modifiers must be simple constants or identifiers");
    check("numeric(+5)", 2, "type modifiers must be simple constants or identifiers");
    check("varchar(0)", 2, "length for type varchar must be at least 1");
    check("varchar(10485761)", 2, "length for type varchar cannot exceed 10485760");
    check("char(0)", 2, "length for type char must be at least 1");
    check("bpchar(0)", 2, "length for type char must be at least 1");
    check("bpchar(10485761)", 2, "length for type char cannot exceed 10485760");
    check("bit(0)", 2, "length for type bit must be at least 1");
    check("bit(83886081)", 2, "length for type bit cannot exceed 83886080");
    check("varbit(83886081)", 2, "length for type varbit cannot exceed 83886080");
    check("varbit(0)", 2, "length for type varbit must be at least 1");
    check("text(5)", 2, "type modifier is not allowed for type \"text\"");
    check("text(a)", 2, "type modifier is not allowed for type \"text\"");
    check("int4(1)", 2, "type modifier is not allowed for type \"int4\"");
    check("serial(3)", 0, "type modifier is not allowed for type \"integer\"");
    check("serial[]", 0, "array of serial is not implemented");
    check("serial array", 0, "array of serial is not implemented");
    check("\"varchar\"(-1)", 2, "length for type varchar must be at least 1");
    check("\"varchar\"(1,2)", 2, "invalid type modifier");
    check("timestamptz(1,2)", 2, "invalid type modifier");
    check("timestamptz(-1)", 2, "TIMESTAMP(-1) WITH TIME ZONE precision must not be negative");
    check("\"timestamp\"(-1)", 2, "TIMESTAMP(-1) precision must not be negative");
    check("\"interval\"(3)", 2, "invalid INTERVAL type modifier");
    check("setof int", 0, "a column cannot be declared SETOF");
    check("any", 0, "syntax error at or near \"any\"");
    check("national", 0, "syntax error at or near \"national\"");
    check("between", 0, "syntax error at or near \"between\"");
    check("", 0, "syntax error at end of input");
    check("x.", 2, "syntax error at end of input");
    check("varchar('10')", 2, "syntax error at or near \"'10'\"");
    check("varchar(-1)", 2, "syntax error at or near \"-\"");
    check("varchar(99999999999)", 2, "syntax error at or near \"99999999999\"");
    check("int[-1]", 2, "syntax error at or near \"-\"");
    check("int[a]", 2, "syntax error at or near \"a\"");
    check("int(4)", 1, "syntax error at or near \"(\"");
    check("interval day to year", 3, "syntax error at or near \"year\"");
    check("time with time", 3, "syntax error at end of input");
    check("numeric()", 2, "syntax error at or near \")\"");
    check("t%type", 1, "syntax error at or near \"%\"");
    check("t.a%type", 3, "syntax error at or near \"%\"");
    check("pg_catalog.float", 0, "type \"pg_catalog.float\" does not exist");
    check("pg_catalog.int", 0, "type \"pg_catalog.int\" does not exist");
    check("pg_catalog.serial", 0, "type \"pg_catalog.serial\" does not exist");
    check("_int4[]", 0, "type \"_int4[]\" does not exist");
    check("anyelement[]", 0, "type \"anyelement[]\" does not exist");
    check("pg_node_tree[]", 0, "type \"pg_node_tree[]\" does not exist");
    check("a.b.c.d", 0, "improper qualified name (too many dotted names): a.b.c.d");
    check("foo.pg_catalog.int4", 0, "cross-database references are not implemented: foo.pg_catalog.int4");
    for pseudo in ["anyelement", "unknown", "record", "void", "cstring", "trigger", "\"any\"", "record[]"] {
        check(pseudo, 0, &format!("a column cannot have the pseudo-type {pseudo}"));
    }
}

#[test]
fn types_of_the_model() {
    let column = |text: &str| {
        let resolve = |schema: Option<&str>, name: &str| Ok::<_, ()>(ObjectName::new(schema.unwrap_or("public"), name));
        parse(text).unwrap().to_column(resolve).unwrap()
    };
    assert_eq!(column("varchar(10)[]").base, schema::TypeBase::Builtin("character varying(10)".to_owned()));
    assert!(column("varchar(10)[]").array);
    assert_eq!(column("vector(3)").modifiers, "(3)");
    assert_eq!(column("y.e[]").to_string(), "y.e[]");
    assert_eq!(column("e").user_type(), Some(&ObjectName::new("public", "e")));
}

#[test]
fn no_words_make_the_readers_panic() {
    const VOCABULARY: &str = r#"( ) [ ] . , : * + - % 1 1.5 'x' n'x' $$x$$ "" "Q" U&"\00" U&"\0061" a int varchar numeric
        interval day to second time with zone array double precision bit varying national char pg_catalog _int4 serial
        setof case when else end cast as trim leading collation for select from distinct within group over filter at is
        normalized not uescape owned by none sequence name restart no minvalue start increment cycle treat exists row
        values current_date x y"#;
    let vocabulary: Vec<&str> = VOCABULARY.split_whitespace().collect();
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..20_000 {
        let length = random(12);
        let text: Vec<&str> = (0..length).map(|_| vocabulary[random(vocabulary.len())]).collect();
        let text = text.join(" ");
        let words = words(&text);
        let check = |result: Result<usize, WordError>| match result {
            Ok(taken) => assert!(taken <= words.len(), "{text}"),
            Err(error) => assert!(error.word <= words.len(), "{text}: {error}"),
        };
        check(Declared::parse(&words).map(|(_, taken)| taken));
        check(keywords::identifier(&words).map(|(_, taken)| taken));
        check(super::super::sequences::Options::parse(&words).map(|(_, taken)| taken));
        derived_name(&words);
    }
}
