//! CREATE POLICY.

use super::Words;

/// Which rows a policy lets whom see or write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Policy {
    pub(in super::super) restrictive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub(in super::super) command: String,
    /// The roles, sorted; none is `PUBLIC`.
    pub(in super::super) roles: Vec<String>,
    pub(in super::super) using: Option<String>,
    pub(in super::super) check: Option<String>,
}

impl Policy {
    /// Reads a whole statement.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let mut words = Words::new(text);
        let mut policy = Self { command: "ALL".to_owned(), ..Self::default() };
        words.accept(&["CREATE", "POLICY"]).then_some(())?;
        words.name()?;
        words.accept(&["ON"]).then_some(())?;
        words.name()?;
        if words.accept(&["AS"]) {
            policy.restrictive = words.accept(&["RESTRICTIVE"]);
            (policy.restrictive || words.accept(&["PERMISSIVE"])).then_some(())?;
        }
        if words.accept(&["FOR"]) {
            policy.command = words.take()?.text.to_ascii_uppercase();
        }
        if words.accept(&["TO"]) {
            loop {
                policy.roles.push(words.name()?.pop()?);
                if !words.accept(&[","]) {
                    break;
                }
            }
            policy.roles.retain(|role| role != "public");
            policy.roles.sort();
        }
        if words.accept(&["USING"]) {
            policy.using = Some(words.group()?.to_owned());
        }
        if words.accept(&["WITH", "CHECK"]) {
            policy.check = Some(words.group()?.to_owned());
        }
        words.is_done().then_some(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let found =
            Policy::parse("create policy p on a.t as restrictive for update to x, public using (a > 0) with check (b)");
        let expect = Policy {
            restrictive: true,
            command: "UPDATE".into(),
            roles: vec!["x".into()],
            using: Some("a > 0".into()),
            check: Some("b".into()),
        };
        assert_eq!(found, Some(expect));
        assert_eq!(Policy::parse("CREATE POLICY p ON t USING (a) ; TO x"), None);
    }
}
