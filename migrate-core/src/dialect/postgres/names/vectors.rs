//! Names that PostgreSQL 15 to 18 made up, statement by statement.

use std::cell::RefCell;

use super::plan::{Element, Key, Kind, Named, create_table};
use super::*;

/// Expands `a{30}` to thirty times `a`, as the lists of names write it.
fn x(text: &str) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let close = open + rest[open..].find('}').unwrap();
        let times: usize = rest[open + 1..close].parse().unwrap();
        let repeated = rest[..open].chars().next_back().unwrap();
        expanded.push_str(&rest[..open]);
        expanded.extend(std::iter::repeat_n(repeated, times - 1));
        rest = &rest[close + 1..];
    }
    expanded + rest
}

/// The names of one schema.
#[derive(Default)]
struct Space {
    relations: RefCell<Vec<String>>,
    constraints: RefCell<Vec<String>>,
}

impl Space {
    fn with(relations: &[&str], constraints: &[&str]) -> Self {
        let own = |names: &[&str]| RefCell::new(names.iter().map(|name| (*name).to_owned()).collect());
        Self { relations: own(relations), constraints: own(constraints) }
    }

    fn relation(&self, name: &str) -> bool {
        self.relations.borrow().iter().any(|relation| relation == name)
    }

    fn constraint(&self, name: &str) -> bool {
        self.constraints.borrow().iter().any(|constraint| constraint == name)
    }

    /// Makes an index on some elements and returns its name.
    fn index(&self, table: &str, elements: &[&str]) -> String {
        let elements: Vec<String> = elements.iter().map(|element| x(element)).collect();
        let name = index(&x(table), &elements, |name| self.relation(name));
        self.relations.borrow_mut().push(name.clone());
        name
    }

    /// Makes a table and returns the names of its elements, each once, in the order of the text.
    fn table(&self, table: &str, elements: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let table = x(table);
        let read: Vec<Read> = elements.iter().map(|(name, what)| Read::new(name, what)).collect();
        let elements: Vec<Element<'_>> = read.iter().map(Read::element).collect();
        let names = create_table(&table, &elements, |name| self.relation(name), |name| self.constraint(name))
            .map_err(|clash| clash.message(&table))?;
        self.relations.borrow_mut().push(table);
        let mut made = Vec::new();
        for (named, element) in names.into_iter().zip(&elements) {
            let Named::As(name) = named else { continue };
            let sequence = matches!(element.kind, Kind::Sequence { .. });
            let index = matches!(element.kind, Kind::PrimaryKey(_) | Kind::Unique(_) | Kind::Exclusion(_));
            if sequence || index {
                self.relations.borrow_mut().push(name.clone());
            }
            if !sequence {
                self.constraints.borrow_mut().push(name.clone());
            }
            made.push(name);
        }
        Ok(made)
    }
}

/// An element as the tests write it: a kind, then columns, `+` before those of INCLUDE, `!` before a variant.
struct Read {
    name: Option<String>,
    kind: String,
    columns: Vec<String>,
    include: Vec<String>,
    variant: String,
}

impl Read {
    fn new(name: &str, what: &str) -> Self {
        let mut words = what.split_whitespace();
        let mut read = Self {
            name: (!name.is_empty()).then(|| x(name)),
            kind: words.next().unwrap().to_owned(),
            columns: Vec::new(),
            include: Vec::new(),
            variant: String::new(),
        };
        for word in words {
            match (word.strip_prefix('+'), word.strip_prefix('!')) {
                (Some(column), _) => read.include.push(x(column)),
                (_, Some(variant)) => variant.clone_into(&mut read.variant),
                _ => read.columns.push(x(&word.replace('~', " "))),
            }
        }
        read
    }

    fn element(&self) -> Element<'_> {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let include = self.include.iter().map(String::as_str).collect();
        let key = Key { columns: columns.clone(), include, variant: &self.variant };
        let kind = match self.kind.as_str() {
            "seq" => Kind::Sequence { column: &self.columns[0] },
            "check" => Kind::Check { used: columns },
            "nn" => Kind::NotNull { column: &self.columns[0] },
            "pk" => Kind::PrimaryKey(key),
            "unique" => Kind::Unique(key),
            "excl" => Kind::Exclusion(key),
            "fk" => Kind::ForeignKey { columns },
            other => panic!("{other}"),
        };
        Element { name: self.name.as_deref(), kind }
    }
}

/// Checks the names that one table gets in an empty schema.
fn one(table: &str, elements: &[&str], names: &[&str]) {
    let elements: Vec<(&str, &str)> = elements.iter().map(|element| ("", *element)).collect();
    named(&Space::default(), table, &elements, names);
}

/// The same with explicit names and a schema that has names already.
fn named(space: &Space, table: &str, elements: &[(&str, &str)], names: &[&str]) {
    let expect: Vec<String> = names.iter().map(|name| x(name)).collect();
    assert_eq!(space.table(table, elements), Ok(expect), "{table} {elements:?}");
}

fn refused(space: &Space, table: &str, elements: &[(&str, &str)], message: &str) {
    assert_eq!(space.table(table, elements), Err(x(message)), "{table} {elements:?}");
}

#[test]
fn the_notation() {
    assert_eq!(x("t_a{3}_€{2}x"), "t_aaa_€€x");
}

#[test]
fn kinds_of_one_table() {
    one(
        "t",
        &["pk a", "unique b", "check c", "seq d", "seq e", "fk a"],
        &["t_pkey", "t_b_key", "t_c_check", "t_d_seq", "t_e_seq", "t_a_fkey"],
    );
    one(
        "t",
        &["pk a b", "unique b c", "check a b", "check c", "check", "fk b c"],
        &["t_pkey", "t_b_c_key", "t_check", "t_c_check", "t_check1", "t_b_c_fkey"],
    );
    one("t", &["check b", "check a b"], &["t_b_check", "t_check"]);
    one("t", &["check a", "check a a", "check a"], &["t_a_check", "t_a_check1", "t_a_check2"]);
    one("t", &["excl r !&&"], &["t_r_excl"]);
    one("t", &["unique a +b", "pk b +a"], &["t_a_b_key", "t_pkey"]);
    one("t", &["check tableoid"], &["t_tableoid_check"]);
    one("My Table", &["pk The~Col", "unique Ünï", "seq s"], &["My Table_pkey", "My Table_Ünï_key", "My Table_s_seq"]);
}

#[test]
fn equal_indexes_of_one_statement_are_one() {
    let space = Space::default;
    one("t", &["unique a", "unique a"], &["t_a_key"]);
    one("t", &["pk a", "unique a"], &["t_pkey"]);
    named(&space(), "t", &[("", "unique a"), ("z", "unique a"), ("y", "unique a")], &["z"]);
    named(&space(), "t", &[("", "unique b"), ("zz", "unique b"), ("", "pk b")], &["zz"]);
    one("t", &["unique a !deferrable", "unique a"], &["t_a_key", "t_a_key1"]);
    one("t", &["unique a b", "unique a +b", "unique a"], &["t_a_b_key", "t_a_b_key1", "t_a_key"]);
    one("t", &["unique a", "excl a"], &["t_a_key", "t_a_excl"]);
    one("t", &["unique a", "fk a", "fk a"], &["t_a_key", "t_a_fkey", "t_a_fkey1"]);
}

#[test]
fn names_are_cut_to_63_bytes() {
    one("a{63}", &["pk b"], &["a{58}_pkey"]);
    one("a{63}", &["unique b{63}"], &["a{29}_b{29}_key"]);
    one("a{63}", &["unique b", "check b", "seq c"], &["a{57}_b_key", "a{55}_b_check", "a{57}_c_seq"]);
    one("t", &["unique b{63}", "check b{63}"], &["t_b{57}_key", "t_b{55}_check"]);
    one("a{30}", &["seq b{30}", "unique b{30}"], &["a{29}_b{29}_seq", "a{29}_b{29}_key"]);
    one("a{30}", &["unique b{30}", "unique b{30} c{30}"], &["a{29}_b{29}_key", "a{29}_b{28}_key1"]);
    one("a{31}", &["unique b{27}"], &["a{31}_b{27}_key"]);
    one("a{29}", &["unique b{30}"], &["a{29}_b{29}_key"]);
    one("a{40}", &["unique b{18}"], &["a{40}_b{18}_key"]);
    one("a{40}", &["unique b{19}"], &["a{39}_b{19}_key"]);
    one("a{20}", &["unique b{40}", "check b{40}"], &["a{20}_b{38}_key", "a{20}_b{36}_check"]);
    one("t", &["unique a{30} b{30} c{30}", "unique a{30} b{30}"], &["t_a{30}_b{26}_key", "t_a{30}_b{25}_key1"]);
    one("t", &["unique ab{61}1", "unique ab{61}2"], &["t_ab{56}_key", "t_ab{55}_key1"]);
    let twice = [("", "seq ab{61}1"), ("", "seq ab{61}2")];
    refused(&Space::default(), "t", &twice, "relation \"t_ab{56}_seq\" already exists");
}

#[test]
fn characters_are_not_cut() {
    one("ü{31}", &["unique b"], &["ü{28}_b_key"]);
    one("ü{20}", &["unique ü{20}", "unique €{21}"], &["ü{14}_ü{14}_key", "ü{14}_€{9}_key"]);
    one(
        "xü{31}",
        &["unique y€{20}", "check y€{20}", "seq z"],
        &["xü{14}_y€{9}_key", "xü{13}_y€{9}_check", "xü{28}_z_seq"],
    );
    one("€{21}", &["pk €{21}"], &["€{19}_pkey"]);
    one("😀{15}abc", &["unique 😀{15}"], &["😀{7}_😀{7}_key"]);
}

#[test]
fn names_of_indexes() {
    let space = Space::default();
    let made: Vec<String> = [
        ["a"].as_slice(),
        &["a", "b"],
        &["a", "b"],
        &["a", "a"],
        &["lower"],
        &["expr"],
        &["expr", "expr"],
        &["upper", "upper", "a"],
    ]
    .map(|elements| space.index("t", elements))
    .to_vec();
    let expect = [
        "t_a_idx",
        "t_a_b_idx",
        "t_a_b_idx1",
        "t_a_a1_idx",
        "t_lower_idx",
        "t_expr_idx",
        "t_expr_expr1_idx",
        "t_upper_upper1_a_idx",
    ];
    assert_eq!(made, expect);
    let long = [["a{63}", "b{63}"].as_slice(), &["c", "a{63}", "b{63}"], &["b{63}", "b{63}"]];
    let expect = ["t_a{57}_idx", "t_c_a{55}_idx", "t_b{57}_idx"].map(x);
    assert_eq!(long.map(|elements| space.index("t", elements)), expect);
    let digits = index_columns(&[x("b{63}"), x("b{63}")]);
    assert_eq!(digits, [x("b{63}"), x("b{62}1")]);
}

#[test]
fn digits_shorten_the_rest() {
    let space = Space::default();
    let made: Vec<String> = (0..11).map(|_| space.index("a{63}", &["a"])).collect();
    let expect: Vec<String> = std::iter::once("a{57}_a_idx".to_owned())
        .chain((1..10).map(|n| format!("a{{56}}_a_idx{n}")))
        .chain(std::iter::once("a{55}_a_idx10".to_owned()))
        .map(|name| x(&name))
        .collect();
    assert_eq!(made, expect);
}

#[test]
fn what_each_kind_avoids() {
    let constraint = |name| Space::with(&[], &[name]);
    let relation = |name| Space::with(&[name], &[]);
    assert_eq!(relation("t_a_idx").index("t", &["a"]), "t_a_idx1");
    assert_eq!(constraint("t_a_idx").index("t", &["a"]), "t_a_idx");
    named(&constraint("u_a_check"), "u", &[("", "check a")], &["u_a_check1"]);
    named(&relation("u_a_check"), "u", &[("", "check a")], &["u_a_check"]);
    named(&constraint("u_pkey"), "u", &[("", "pk a")], &["u_pkey1"]);
    named(&Space::with(&["u_a_key"], &["u_a_key1"]), "u", &[("", "unique a")], &["u_a_key2"]);
    named(&relation("t_a_seq"), "t", &[("", "seq a")], &["t_a_seq1"]);
    named(&constraint("t_a_seq"), "t", &[("", "seq a")], &["t_a_seq"]);
    named(&Space::default(), "a{58}_pkey", &[("", "pk a")], &["a{57}_pkey1"]);
    refused(&Space::default(), "t", &[("t", "seq a")], "relation \"t\" already exists");
}

#[test]
fn explicit_and_made_up_names_of_one_statement() {
    let space = Space::default;
    let clash = [("", "check a"), ("t_a_check", "check a")];
    refused(&space(), "t", &clash, "check constraint \"t_a_check\" already exists");
    named(&space(), "t", &[("t_a_check", "check a"), ("", "check a")], &["t_a_check", "t_a_check1"]);
    named(&space(), "t", &[("", "unique a"), ("t_a_key", "check a")], &["t_a_key1", "t_a_key"]);
    let clash = [("", "unique a"), ("t_a_key", "unique b")];
    refused(&space(), "t", &clash, "relation \"t_a_key\" already exists");
    named(&space(), "t", &[("t_a_key", "unique b"), ("", "unique a")], &["t_a_key", "t_a_key1"]);
    let clash = [("", "unique a"), ("t_pkey", "unique b"), ("", "pk c")];
    refused(&space(), "t", &clash, "relation \"t_pkey\" already exists");
    named(
        &space(),
        "t",
        &[("", "unique a"), ("", "fk a"), ("t_a_fkey", "check a")],
        &["t_a_key", "t_a_fkey1", "t_a_fkey"],
    );
    let clash = [("c", "check a"), ("c", "unique a")];
    refused(&space(), "t", &clash, "constraint \"c\" for relation \"t\" already exists");
    refused(&Space::with(&["c"], &[]), "t", &clash, "relation \"c\" already exists");
    refused(&Space::with(&["c2"], &["c2"]), "u", &[("c2", "unique a")], "relation \"c2\" already exists");
    named(&Space::with(&["c2"], &["c", "c2"]), "w", &[("c2", "check a"), ("c", "check a")], &["c2", "c"]);
}

#[test]
fn not_null_constraints() {
    one("t", &["nn a", "pk a"], &["t_a_not_null", "t_pkey"]);
    one("a{63}", &["nn b{63}"], &["a{27}_b{26}_not_null"]);
    named(
        &Space::default(),
        "t",
        &[("t_a_not_null", "check a"), ("", "nn a"), ("nn", "nn b")],
        &["t_a_not_null", "t_a_not_null1", "nn"],
    );
    let clash = [("z", "nn a"), ("z", "nn b")];
    refused(&Space::default(), "t", &clash, "constraint \"z\" for relation \"t\" already exists");
}

#[test]
fn domains_and_statistics() {
    let mut taken = vec!["d_check2".to_owned()];
    let mut make = || {
        let name = domain_check("d", |name| taken.iter().any(|taken| taken == name));
        taken.push(name.clone());
        name
    };
    assert_eq!([make(), make(), make()], ["d_check", "d_check1", "d_check3"]);
    assert_eq!(domain_not_null("d", |_| false), "d_not_null");
    assert_eq!(statistics("u", &["a", "b"], |name| name == "u_a_b_stat"), "u_a_b_stat1");
    assert_eq!(statistics("u", &["a", "e"], |_| false), "u_a_e_stat");
    assert_eq!(statistics("u", &["expr", "expr"], |_| false), "u_expr_expr_stat");
}

/// The types of one schema: each with the type that it is the array of.
struct Types {
    version: u32,
    types: Vec<(String, Option<String>)>,
}

impl Types {
    fn free(&self, own: &str) -> String {
        array_type(own, self.version, |name| self.types.iter().any(|(taken, _)| taken == name))
    }

    /// Makes types with their array types, those in their way renamed, and returns the array types.
    fn make(version: u32, names: &[&str]) -> Vec<String> {
        let mut types = Self { version, types: Vec::new() };
        for name in names {
            let name = x(name);
            if let Some(at) = types.types.iter().position(|(taken, _)| *taken == name) {
                types.types[at].0 = types.free(&name);
            }
            types.types.push((name.clone(), None));
            types.types.push((types.free(&name), Some(name)));
        }
        let of = |name: &&str| {
            let name = x(name);
            types.types.iter().find(|(_, of)| of.as_ref() == Some(&name)).unwrap().0.clone()
        };
        names.iter().map(of).collect()
    }
}

#[test]
fn names_of_array_types() {
    let check = |names: &[&str], old: &[&str], new: &[&str]| {
        let expect = |names: &[&str]| names.iter().map(|name| x(name)).collect::<Vec<_>>();
        assert_eq!(Types::make(15, names), expect(old), "15: {names:?}");
        for version in [16, 17, 18] {
            assert_eq!(Types::make(version, names), expect(new), "{version}: {names:?}");
        }
    };
    check(&["t", "_t", "__t"], &["____t", "___t", "_{5}t"], &["___t", "__t_1", "___t_1"]);
    check(&["_t", "t"], &["__t", "___t"], &["__t", "_t_1"]);
    check(&["_t", "_t_1", "t"], &["__t", "__t_1", "___t"], &["__t", "__t_1", "_t_2"]);
    check(&["a{63}", "_a{62}"], &["__a{61}", "___a{60}"], &["__a{61}", "__a{59}_1"]);
}

#[test]
fn names_of_multiranges() {
    let check = |range: &str, name: &str| assert_eq!(multirange(&x(range)), x(name));
    check("r", "r_multirange");
    check("my_range", "my_multirange");
    check("intrange2", "intmultirange2");
    check("a{10}b{10}c{10}d{10}e{10}f{10}ggg", "a{10}b{10}c{10}d{10}e{10}ff_multirange");
    check("a{10}b{10}c{10}d{10}e{10}rangef{5}gg", "a{10}b{10}c{10}d{10}e{10}multirangefff");
}
