//! Random schemas of what structs can say, as DDL with rows that every one of them takes.
//!
//! Rows have the ids 1 and 2, and in each column a value that is its own in each row, so that keys can come; foreign
//! keys point to rows that are there as long as their table is.

/// A sequence of numbers that is the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    /// Is true once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// What the columns of a dialect can be.
pub(crate) struct Words {
    /// Types with the default that a column may have and a value that tells rows apart by `{}`; the last column says
    /// whether it can be a key.
    pub(crate) types: &'static [(&'static str, &'static str, &'static str, bool)],
    /// The types that each column can have, where not all: values go from any of them to any other and back.
    pub(crate) of_column: &'static [(&'static str, &'static [usize])],
    pub(crate) enums: bool,
    pub(crate) comments: bool,
}

pub(crate) const SQLITE: Words = Words {
    types: &[
        ("INTEGER", "5", "{}", true),
        ("TEXT", "'q'", "'{}'", true),
        ("REAL", "1.5", "{}.0", true),
        ("BLOB", "x'00'", "x'0{}'", true),
        ("NUMERIC", "(1 + 1)", "{}", true),
        ("VARCHAR(10)", "CURRENT_TIMESTAMP", "'{}'", true),
    ],
    of_column: &[],
    enums: false,
    comments: false,
};

pub(crate) const POSTGRES: Words = Words {
    types: &[
        ("integer", "5", "{}", true),
        ("bigint", "7", "{}", true),
        ("text", "'5'", "'{}'", true),
        ("varchar(10)", "lower('6')", "'{}'", true),
        ("numeric(10, 2)", "1.5", "{}", true),
        ("mood", "'1'", "'{}'", false),
        ("mood[]", "'{1}'", "'{{}}'", false),
        ("double precision", "random()", "{}", true),
        ("jsonb", "'5'", "'{}'", true),
    ],
    of_column: &[
        ("c1", &[0, 1, 2, 3, 4, 7]),
        ("c2", &[0, 1, 2, 3, 4, 7]),
        ("c3", &[2, 8]),
        ("c4", &[2, 3, 5]),
        ("c5", &[6]),
    ],
    enums: true,
    comments: true,
};

struct Column {
    name: String,
    ty: usize,
    nullable: bool,
    default: bool,
}

struct Table {
    name: &'static str,
    columns: Vec<Column>,
    /// The tables that it points to, by a column of its own each, with what happens there, if it is a foreign key.
    references: Vec<(&'static str, Option<&'static str>)>,
    extras: Vec<String>,
    after: Vec<String>,
}

/// A schema.
pub(crate) struct Spec {
    words: &'static Words,
    labels: Vec<&'static str>,
    tables: Vec<Table>,
}

const TABLES: [&str; 4] = ["a", "b", "order", "d"];
const ACTIONS: [&str; 4] =
    ["", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " DEFERRABLE INITIALLY DEFERRED"];

impl Spec {
    pub(crate) fn random(random: &mut Random, words: &'static Words) -> Self {
        let labels = ["1", "2", "3", "4", "5"];
        let mut labels: Vec<&str> = labels.into_iter().filter(|l| *l <= "2" || random.once_in(2)).collect();
        if random.once_in(2) {
            labels.reverse();
        }
        let names: Vec<&'static str> = TABLES.into_iter().filter(|_| !random.once_in(4)).collect();
        let tables = names.iter().map(|name| table(random, words, name, &names)).collect();
        Self { words, labels, tables }
    }

    fn uses_enum(&self) -> bool {
        let of_enum = |column: &Column| self.words.types[column.ty].0.starts_with("mood");
        self.words.enums && self.tables.iter().any(|table| table.columns.iter().any(of_enum))
    }

    /// Returns the statements that make it.
    pub(crate) fn ddl(&self) -> String {
        let mut text = String::new();
        if self.uses_enum() {
            let labels: Vec<String> = self.labels.iter().map(|label| format!("'{label}'")).collect();
            text += &format!("CREATE TYPE mood AS ENUM ({});\n", labels.join(", "));
        }
        let mut late = String::new();
        for table in &self.tables {
            let mut keys = Vec::new();
            let mut lines = vec!["id INTEGER NOT NULL PRIMARY KEY".to_owned()];
            for column in &table.columns {
                let (ty, default, _, _) = self.words.types[column.ty];
                let null = if column.nullable { "" } else { " NOT NULL" };
                let default = if column.default { format!(" DEFAULT {default}") } else { String::new() };
                lines.push(format!("{} {ty}{null}{default}", column.name));
            }
            for (target, action) in &table.references {
                lines.push(format!("to_{target} INTEGER"));
                let Some(action) = action else { continue };
                let key = format!("CONSTRAINT {}_to_{target} FOREIGN KEY (to_{target})", table.name);
                let key = format!("{key} REFERENCES \"{target}\" (id){action}");
                if self.words.enums {
                    late += &format!("ALTER TABLE \"{}\" ADD {key};\n", table.name);
                } else {
                    keys.push(key);
                }
            }
            lines.append(&mut keys);
            lines.extend(table.extras.iter().cloned());
            text += &format!("CREATE TABLE \"{}\" ({});\n", table.name, lines.join(", "));
            table.after.iter().for_each(|statement| text += &format!("{statement};\n"));
        }
        text + &late
    }

    /// Returns the statements that fill it.
    pub(crate) fn rows(&self) -> String {
        let mut text = String::new();
        for table in &self.tables {
            for row in ["1", "2"] {
                let mut names = vec!["id".to_owned()];
                let mut values = vec![row.to_owned()];
                for column in &table.columns {
                    names.push(column.name.clone());
                    let is_null = column.nullable && row == "2";
                    values.push(if is_null {
                        "NULL".to_owned()
                    } else {
                        self.words.types[column.ty].2.replace("{}", row)
                    });
                }
                let list = (names.join(", "), values.join(", "));
                text += &format!("INSERT INTO \"{}\" ({}) VALUES ({});\n", table.name, list.0, list.1);
            }
        }
        for table in &self.tables {
            for (target, _) in table.references.iter().filter(|(_, action)| action.is_some()) {
                text += &format!("UPDATE \"{}\" SET to_{target} = 2 WHERE id = 1;\n", table.name);
            }
        }
        text
    }
}

fn table(random: &mut Random, words: &'static Words, name: &'static str, names: &[&'static str]) -> Table {
    let mut columns = Vec::new();
    for column in ["c1", "c2", "c3", "c4", "c5"] {
        if !random.once_in(3) {
            let own = words.of_column.iter().find(|(name, _)| *name == column);
            let ty = match own {
                Some((_, types)) => *random.pick(types),
                None => random.below(words.types.len()),
            };
            let (nullable, default) = (!random.once_in(3), random.once_in(3));
            columns.push(Column { name: column.to_owned(), ty, nullable, default });
        }
    }
    let mut references = Vec::new();
    for target in names {
        if random.once_in(3) {
            let action = (!random.once_in(4)).then(|| *random.pick(&ACTIONS));
            references.push((*target, action));
        }
    }
    let (mut extras, mut after) = (Vec::new(), Vec::new());
    for column in &columns {
        let (ty, _, _, can_be_key) = words.types[column.ty];
        let own = format!("{name}_{}", column.name);
        if can_be_key && !column.default && random.once_in(4) {
            extras.push(format!("CONSTRAINT {own}_key UNIQUE ({}, id)", column.name));
        }
        if column.nullable && random.once_in(4) {
            extras.push(format!("CONSTRAINT {own}_check CHECK ({} IS NOT NULL OR id > 0)", column.name));
        }
        if !ty.starts_with("mood") && random.once_in(3) {
            let unique = if can_be_key && !column.default && random.once_in(2) { "UNIQUE " } else { "" };
            let down = if random.once_in(2) { " DESC" } else { "" };
            let filter = if random.once_in(3) { " WHERE id > 0" } else { "" };
            after.push(format!("CREATE {unique}INDEX {own}_idx ON \"{name}\" ({}{down}){filter}", column.name));
        }
        if words.comments && random.once_in(4) {
            let text = random.pick(&["one", "other"]);
            after.push(format!("COMMENT ON COLUMN \"{name}\".{} IS '{text}'", column.name));
        }
    }
    Table { name, columns, references, extras, after }
}
