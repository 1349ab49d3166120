//! Debug output without what is not said: fields that are empty, false or absent, and the punctuation of names.

use std::fmt::Debug;

/// A value as `{:?}` writes it.
enum Node {
    Atom(String),
    /// `Name { field: value }`, also without a name.
    Struct(String, Vec<(String, Node)>),
    /// `Name(value)`, `[value]`, `{value}`: with the opening text and the closing character.
    List(String, Vec<Node>, char),
}

/// Returns a value's debug text in its short form.
///
/// Fields that are empty or as usual are left out, an object's name is `schema.name`, an expression without references is its text, and
/// `Some`, `Column`, `Index` and the like are left out too.
pub(crate) fn terse(value: &dyn Debug) -> String {
    let text = format!("{value:?}");
    let mut parser = Parser { text: &text, at: 0 };
    let node = parser.node();
    assert_eq!(parser.at, text.len(), "the whole text is read: {text}");
    write(&node)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or('\0')
    }

    fn skip(&mut self, text: &str) -> bool {
        let found = self.text[self.at..].starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn atom(&mut self) -> String {
        let start = self.at;
        if matches!(self.peek(), '"' | '\'') {
            let quote = self.peek();
            self.at += 1;
            while self.peek() != quote {
                self.at += if self.peek() == '\\' { 1 } else { 0 };
                self.at += self.peek().len_utf8();
            }
            self.at += 1;
        } else {
            while self.peek().is_alphanumeric() || matches!(self.peek(), '_' | '-' | '.') {
                self.at += self.peek().len_utf8();
            }
        }
        self.text[start..self.at].to_owned()
    }

    fn node(&mut self) -> Node {
        let atom = self.atom();
        if self.skip(" { ") {
            let mut fields = Vec::new();
            loop {
                let name = self.atom();
                assert!(self.skip(": "), "a field at {}", &self.text[self.at..]);
                fields.push((name, self.node()));
                if !self.skip(", ") {
                    break;
                }
            }
            assert!(self.skip(" }"), "an end at {}", &self.text[self.at..]);
            return Node::Struct(atom, fields);
        }
        for (open, close) in [("(", ')'), ("[", ']'), ("{", '}')] {
            if self.skip(open) {
                let mut items = Vec::new();
                while self.peek() != close {
                    items.push(self.node());
                    // A map's key stands before its value.
                    if !self.skip(", ") {
                        self.skip(": ");
                    }
                }
                self.at += 1;
                return Node::List(atom + open, items, close);
            }
        }
        Node::Atom(atom)
    }
}

/// Fields that are usually true, and are told when they are not.
const USUAL: &[&str] = &["nullable", "local", "validated", "enforced", "named"];

/// Names of structs and variants that go without saying.
const SILENT: &[&str] = &["Some(", "Builtin(", "User(", "Column(", "Expression(", "ForeignKey(", "Enum(", "Domain("];

fn write(node: &Node) -> String {
    match node {
        Node::Atom(text) => match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(inner) => inner.replace("\\\"", "\"").replace("\\'", "'"),
            None => text.clone(),
        },
        Node::List(open, items, close) => {
            let items: Vec<String> = items.iter().map(write).collect();
            if open == "Some(" && items == [""] {
                return "''".to_owned();
            }
            let items = items.join(", ");
            if SILENT.contains(&open.as_str()) { items } else { format!("{open}{items}{close}") }
        }
        Node::Struct(name, fields) => {
            let said = |(name, value): &(String, Node)| {
                let value = write(value);
                if USUAL.contains(&name.as_str()) {
                    return (value == "false").then(|| (format!("not {name}"), String::new()));
                }
                (!is_empty(&value) && (name != "position" || value != "0")).then(|| (name.clone(), value))
            };
            let written: Vec<(String, String)> = fields.iter().filter_map(said).collect();
            let get = |wanted: &str| written.iter().find(|(name, _)| *name == wanted).map_or("", |(_, v)| v.as_str());
            match (name.as_str(), written.as_slice()) {
                ("ObjectName", _) if get("schema").is_empty() => get("name").to_owned(),
                ("ObjectName", _) => format!("{}.{}", get("schema"), get("name")),
                ("ColumnType", _) => {
                    format!("{}{}{}", get("base"), get("modifiers"), if get("array") == "true" { "[]" } else { "" })
                }
                ("Expression", [(_, text)]) => text.clone(),
                ("Expression", _) => format!("{} USES {}", get("text"), get("references")),
                ("References", _) => named("", &written),
                ("IndexKey", [(_, part)]) => part.clone(),
                _ => named(name, &written),
            }
        }
    }
}

fn named(name: &str, fields: &[(String, String)]) -> String {
    let field = |(name, value): &(String, String)| match value.as_str() {
        "" | "true" => name.clone(),
        value => format!("{name}: {value}"),
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    if fields.is_empty() { String::new() } else { format!("{name}{{{}}}", fields.join(", ")) }
}

fn is_empty(text: &str) -> bool {
    matches!(
        text,
        "" | "None" | "false" | "[]" | "{}" | "NoAction" | "Permanent" | "Ordinary" | "Default" | "(false, false)"
    )
}
