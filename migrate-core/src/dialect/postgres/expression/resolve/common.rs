//! The one type of several values: of a CASE, COALESCE, ARRAY or IN.

use super::{Operand, category, implicit, is_preferred, is_settled};
use crate::dialect::postgres::expression::environment::Environment;
use crate::dialect::postgres::expression::typename::Type;

/// Returns the type that all values become, `None` where it is not known.
///
/// As `select_common_type`: the first, until one of the same category comes that it can become, but not the other way
/// round; all literals without a type are text.
pub(in super::super) fn common(operands: &[Operand], environment: &Environment) -> Option<Type> {
    let mut chosen: Option<Type> = None;
    let mut types = Vec::new();
    let mut literals = false;
    for operand in operands {
        match operand {
            Operand::Of(data_type) => types.push(data_type),
            Operand::Literal => literals = true,
            Operand::Unknown => return None,
        }
    }
    if let Some((first, rest)) = types.split_first() {
        // All of one type is that type, domains too; a literal is none yet.
        if !literals && rest.iter().all(|other| other.base() == first.base()) {
            return Some(first.base());
        }
    }
    for data_type in types {
        if !is_settled(data_type, environment) {
            return None;
        }
        let data_type = environment.below(data_type).base();
        chosen = Some(match chosen {
            None => data_type,
            Some(chosen) if chosen == data_type => chosen,
            Some(chosen) if category(&chosen) != category(&data_type) => return None,
            Some(chosen)
                if !is_preferred(&chosen)
                    && implicit(&chosen, &data_type, environment)
                    && !implicit(&data_type, &chosen, environment) =>
            {
                data_type
            }
            Some(chosen) => chosen,
        });
    }
    Some(chosen.unwrap_or_else(|| Type::server("text")))
}

/// Returns whether values surely have no common type of which there is an array.
pub(in super::super) fn conflict(operands: &[Operand], environment: &Environment) -> bool {
    let mut found = None;
    for operand in operands {
        match operand {
            Operand::Of(data_type) if data_type.array => return true,
            Operand::Of(data_type) if is_settled(data_type, environment) => {
                let category = category(&environment.below(data_type));
                if found.is_some_and(|found| found != category) {
                    return true;
                }
                found = Some(category);
            }
            Operand::Literal => {}
            _ => return false,
        }
    }
    false
}
