//! Variables in values: `${NAME}`, `${NAME:-default}`, `${x:KEY}`, and `$$` for a dollar.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// What values may refer to.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// The environment.
    pub environment: BTreeMap<String, String>,
    /// The `-x KEY=VALUE` arguments.
    pub arguments: BTreeMap<String, String>,
}

impl Variables {
    /// Puts the variables into a value.
    ///
    /// # Errors
    ///
    /// A variable that is not set or empty and has no default, and a `$` that begins none.
    ///
    /// ```
    /// let variables = migrate_core::config::Variables::default();
    /// assert_eq!(variables.expand("url", "sqlite:///${NAME:-dpo}.db")?, "sqlite:///dpo.db");
    /// # Ok::<(), migrate_core::Error>(())
    /// ```
    pub fn expand(&self, key: &str, value: &str) -> Result<String> {
        let mut out = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let Some((inside, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) else {
                return Err(Error::usage(format!("`{key}` has a `$` that begins no variable"))
                    .hint("write ${NAME} for a variable and $$ for a dollar"));
            };
            out.push_str(&self.variable(key, inside)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn variable(&self, key: &str, inside: &str) -> Result<String> {
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        let (value, given) = match name.strip_prefix("x:") {
            Some(argument) => (self.arguments.get(argument), format!("-x {argument}=…")),
            None => (self.environment.get(name), format!("the environment variable {name}")),
        };
        match value.filter(|value| !value.is_empty()).map(String::as_str).or(default) {
            Some(value) => Ok(value.to_owned()),
            None => Err(Error::usage(format!("`{key}` needs {given}, which is not set"))
                .hint(format!("set it, or write ${{{name}:-default}} in migrate.toml"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let mut variables = Variables::default();
        variables.environment.insert("A".into(), "1".into());
        variables.environment.insert("EMPTY".into(), String::new());
        variables.arguments.insert("k".into(), "v".into());
        let check = |text: &str, expect: Result<&str, &str>| match (variables.expand("url", text), expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, expect),
            (Err(found), Err(expect)) => assert!(found.to_string().contains(expect), "{found}"),
            (found, _) => panic!("{text}: {found:?}"),
        };
        check("a${A}b$$${x:k}", Ok("a1b$v"));
        check("${B:-}${EMPTY:-e}", Ok("e"));
        check("${B}", Err("`url` needs the environment variable B, which is not set"));
        check("${EMPTY}", Err("which is not set"));
        check("${x:z}", Err("needs -x z=…"));
        check("$A", Err("begins no variable"));
        check("${A", Err("begins no variable"));
    }
}
