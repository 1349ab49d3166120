//! Sequences.

use super::super::sequences::Values;
use super::super::types::Integer;
use super::super::written;
use super::{Kind, Node, Plan, Sql, comment};
use crate::schema::{ObjectName, Persistence, Sequence};

pub(super) fn plan(plan: &mut Plan<'_>) {
    for (name, sequence) in &plan.schema.sequences {
        let written = written::object(name);
        let comment = comment("SEQUENCE", &written, sequence.comment.as_deref());
        match &sequence.owner {
            // That of an identity comes with its column.
            Some(owner) if owner.identity => {
                plan.add(Node::new(Kind::TableSetting, name), [Node::new(Kind::Table, &owner.table)], comment);
            }
            Some(owner) => {
                plan.add(Node::new(Kind::Sequence, name), [], [create(name, sequence)].into_iter().chain(comment));
                let column = format!("{}.{}", written::object(&owner.table), written::identifier(&owner.column));
                let needs = [Node::new(Kind::Table, &owner.table), Node::new(Kind::Sequence, name)];
                let owned = Sql::plain(format!("ALTER SEQUENCE {written} OWNED BY {column}"));
                plan.add(Node::new(Kind::TableSetting, name), needs, [owned]);
            }
            None => plan.add(Node::new(Kind::Sequence, name), [], [create(name, sequence)].into_iter().chain(comment)),
        }
    }
}

fn create(name: &ObjectName, sequence: &Sequence) -> Sql {
    let unlogged = if sequence.persistence == Persistence::Unlogged { "UNLOGGED " } else { "" };
    let ty = if sequence.ty == "bigint" { String::new() } else { format!(" AS {}", sequence.ty) };
    let options = options(sequence).into_iter().map(|option| format!(" {option}"));
    Sql::plain(format!("CREATE {unlogged}SEQUENCE {}{ty}{}", written::object(name), options.collect::<String>()))
}

/// Returns the options that are not what a sequence of this type has anyway.
pub(super) fn options(sequence: &Sequence) -> Vec<String> {
    let integer = [Integer::Small, Integer::Int].into_iter().find(|integer| integer.name() == sequence.ty);
    let up = Values::new(integer.unwrap_or(Integer::Big));
    let (min, max) =
        if sequence.increment < 0 { (integer.unwrap_or(Integer::Big).min(), -1) } else { (up.min, up.max) };
    let start = if sequence.increment < 0 { sequence.max } else { sequence.min };
    let mut options = Vec::new();
    let mut say = |words: &str, value: i64, usual: i64| {
        if value != usual {
            options.push(format!("{words} {value}"));
        }
    };
    say("INCREMENT BY", sequence.increment, up.increment);
    say("MINVALUE", sequence.min, min);
    say("MAXVALUE", sequence.max, max);
    say("START WITH", sequence.start, start);
    say("CACHE", sequence.cache, up.cache);
    if sequence.cycle {
        options.push("CYCLE".to_owned());
    }
    options
}
