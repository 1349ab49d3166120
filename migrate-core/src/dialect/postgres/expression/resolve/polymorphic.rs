//! Parameters that take any type: `anyelement`, `anyarray` and their like.

use super::{Operand, Resolved, common};
use crate::dialect::postgres::expression::environment::Environment;
use crate::dialect::postgres::expression::typename::Type;

pub(super) fn is_polymorphic(data_type: &Type) -> bool {
    !data_type.array && data_type.name.starts_with("any")
}

/// Returns whether a parameter takes a type.
pub(super) fn accepts(parameter: &Type, data_type: &Type, environment: &Environment) -> bool {
    match parameter.name.as_str() {
        "anyarray" | "anycompatiblearray" => data_type.array,
        "anynonarray" | "anycompatiblenonarray" => !data_type.array,
        "anyenum" => environment.is_enumeration(data_type),
        "anyrange" | "anycompatiblerange" => range_element(data_type).is_some(),
        "anymultirange" | "anycompatiblemultirange" => !data_type.array && data_type.name.ends_with("multirange"),
        _ => true,
    }
}

/// Returns what the parameters and the result are for these operands.
pub(super) fn bind(parameters: &[Type], result: &Type, operands: &[Operand], environment: &Environment) -> Resolved {
    let element = element(parameters, operands, environment);
    let compatible = compatible(parameters, operands, environment);
    let range = parameters.iter().zip(operands).find_map(|(parameter, operand)| match operand {
        Operand::Of(data_type) if parameter.name.ends_with("range") => Some(environment.below(data_type).base()),
        _ => None,
    });
    let actual = |data_type: &Type| match data_type.name.as_str() {
        _ if !is_polymorphic(data_type) => Some(data_type.clone()),
        "anyelement" | "anynonarray" | "anyenum" => element.clone(),
        "anyarray" => element.as_ref().map(Type::array_of),
        "anycompatible" | "anycompatiblenonarray" => compatible.clone(),
        "anycompatiblearray" => compatible.as_ref().map(Type::array_of),
        "anyrange" | "anycompatiblerange" => range.clone().filter(|range| !range.name.ends_with("multirange")),
        "anymultirange" | "anycompatiblemultirange" => range.clone().filter(|range| range.name.ends_with("multirange")),
        _ => None,
    };
    Resolved { parameters: Some(parameters.iter().map(actual).collect()), result: actual(result) }
}

/// Returns what `anyelement` is: the type of such an operand, or what an array or range is made of.
fn element(parameters: &[Type], operands: &[Operand], environment: &Environment) -> Option<Type> {
    parameters.iter().zip(operands).find_map(|(parameter, operand)| {
        let Operand::Of(data_type) = operand else { return None };
        let data_type = environment.below(data_type).base();
        match parameter.name.as_str() {
            "anyelement" | "anynonarray" | "anyenum" => Some(data_type),
            "anyarray" => Some(data_type.element()),
            "anyrange" => range_element(&data_type),
            _ => None,
        }
    })
}

/// Returns what `anycompatible` is: the common type of all such operands.
fn compatible(parameters: &[Type], operands: &[Operand], environment: &Environment) -> Option<Type> {
    let mut found = Vec::new();
    for (parameter, operand) in parameters.iter().zip(operands) {
        let Operand::Of(data_type) = operand else { continue };
        let data_type = environment.below(data_type).base();
        match parameter.name.as_str() {
            "anycompatible" | "anycompatiblenonarray" => found.push(Operand::Of(data_type)),
            "anycompatiblearray" => found.push(Operand::Of(data_type.element())),
            "anycompatiblerange" => found.push(Operand::Of(range_element(&data_type)?)),
            _ => {}
        }
    }
    if found.is_empty() { None } else { common(&found, environment) }
}

fn range_element(data_type: &Type) -> Option<Type> {
    let element = match data_type.name.as_str() {
        _ if data_type.array || data_type.schema.is_some() => return None,
        "int4range" => "int4",
        "int8range" => "int8",
        "numrange" => "numeric",
        "daterange" => "date",
        "tsrange" => "timestamp",
        "tstzrange" => "timestamptz",
        _ => return None,
    };
    Some(Type::server(element))
}
