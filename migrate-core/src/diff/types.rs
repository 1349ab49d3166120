//! Enums.

use super::Differ;
use crate::op::Operation;
use crate::schema::{Object, ObjectName, Schema, UserType, UserTypeKind};

/// Returns the labels of a type, if it is an enum.
fn labels(schema: &Schema, name: &ObjectName) -> Option<Vec<String>> {
    match schema.types.get(name).map(|found| &found.kind) {
        Some(UserTypeKind::Enum(found)) => Some(found.labels.clone()),
        _ => None,
    }
}

fn enums(schema: &Schema) -> Vec<(ObjectName, UserType, Vec<String>)> {
    let found = schema
        .types
        .iter()
        .filter_map(|(name, found)| labels(schema, name).map(|labels| (name.clone(), found.clone(), labels)));
    found.collect()
}

impl Differ<'_> {
    /// Renames the labels that the hints say.
    pub(super) fn labels(&mut self) {
        for (name, from, to) in self.hints.renamed_labels.clone() {
            let (Some(now), Some(after)) = (labels(&self.now, &name), labels(&self.after, &name)) else { continue };
            let is_free = now.contains(&from) && !now.contains(&to) && after.contains(&to) && !after.contains(&from);
            if is_free {
                self.first(Operation::RenameLabel { name, from, to });
            }
        }
    }

    /// Finds what happens to the enums.
    pub(super) fn types(&mut self) {
        for (name, found, labels) in enums(&self.now) {
            if !self.after.types.contains_key(&name) {
                let comment = found.comment;
                self.parts.drop_types.push(Operation::DropEnum { name, labels, comment });
            }
        }
        for (name, found, wanted) in enums(&self.after) {
            let Some(known) = labels(&self.now, &name) else {
                if !self.now.types.contains_key(&name) {
                    let comment = found.comment;
                    self.parts.create_types.push(Operation::CreateEnum { name, labels: wanted, comment });
                }
                continue;
            };
            let before = self.now.types[&name].comment.clone();
            if before != found.comment && self.dialect.capabilities().comments {
                let on = Object::Type(name.clone());
                self.parts.comments.push(Operation::Comment { on, before, after: found.comment });
            }
            if known == wanted {
                continue;
            }
            match additions(&name, &known, &wanted) {
                Some(additions) => self.parts.create_types.extend(additions),
                None => {
                    self.parts.replace_types.push(Operation::ReplaceEnum { name, before: known, after: wanted });
                }
            }
        }
    }
}

/// Returns how labels are added one by one, `None` where one goes or the order changes.
fn additions(name: &ObjectName, known: &[String], wanted: &[String]) -> Option<Vec<Operation>> {
    let kept: Vec<&String> = wanted.iter().filter(|label| known.contains(label)).collect();
    if kept != known.iter().collect::<Vec<_>>() {
        return None;
    }
    let mut labels = known.to_vec();
    let mut operations = Vec::new();
    for (at, label) in wanted.iter().enumerate() {
        if labels.get(at) == Some(label) {
            continue;
        }
        let before = labels.clone();
        labels.insert(at, label.clone());
        let (name, label) = (name.clone(), label.clone());
        operations.push(Operation::AddLabel { name, labels: before, label, at, used: false });
    }
    Some(operations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_added_where_they_stand() {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let check = |known: &str, wanted: &str, expect: Option<&[(&str, usize)]>| {
            let found = additions(&ObjectName::new("", "e"), &list(known), &list(wanted));
            let found = found.map(|found| {
                let added = found.into_iter().map(|operation| match operation {
                    Operation::AddLabel { label, at, .. } => (label, at),
                    other => panic!("{other:?}"),
                });
                added.collect::<Vec<_>>()
            });
            let expect = expect.map(|list| list.iter().map(|(label, at)| ((*label).to_owned(), *at)).collect());
            assert_eq!(found, expect, "{known} {wanted}");
        };
        check("a b", "a b c", Some(&[("c", 2)]));
        check("a b", "x a y b", Some(&[("x", 0), ("y", 2)]));
        check("a b", "a", None);
        check("a b", "b a", None);
    }
}
