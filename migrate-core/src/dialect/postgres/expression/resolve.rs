//! Which operator or function the server takes for the types of the operands.
//!
//! The rules are those of "Type Conversion" in PostgreSQL's manual, as `func_select_candidate` has them: 1. one that
//! takes exactly these types; 2. of those that can be reached by implicit casts, the ones with most exact matches;
//! 3. of these, the ones with most preferred types; 4. literals without a type are taken as strings where one of the
//! rest does, else as their common category; 5. and at last as the type of the other operands.

use std::borrow::Cow;

use super::catalog::{self, Overload};
use super::environment::Environment;
use super::typename::Type;

mod common;
mod polymorphic;

pub(super) use common::{common, conflict};
use polymorphic::is_polymorphic;

/// What an operand is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A value of a type.
    Of(Type),
    /// A literal without a type.
    Literal,
    /// A value of a type that is not known.
    Unknown,
}

/// What was found for a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The types that the operands become, `None` where one stays as it is; `None` at all where that is not known.
    pub(super) parameters: Option<Vec<Option<Type>>>,
    /// The type of the result.
    pub(super) result: Option<Type>,
}

/// Resolves an operator.
pub(super) fn operator(name: &str, operands: &[Operand], environment: &Environment) -> Resolved {
    let candidates = catalog::operators(name, operands.len());
    let assumed = assume_same(operands);
    let whole = |overload: &'static Overload| Candidate { overload, parameters: Cow::Borrowed(&overload.parameters) };
    let candidates: Vec<Candidate> = candidates.into_iter().map(whole).collect();
    choose(candidates, operands, assumed.as_deref().unwrap_or(operands), environment)
}

/// Resolves a function.
pub(super) fn function(name: &str, operands: &[Operand], environment: &Environment) -> Resolved {
    let candidates = catalog::functions(name).iter().filter_map(|overload| expand(overload, operands.len())).collect();
    choose(candidates, operands, operands, environment)
}

/// An operator or function, with a parameter for each operand.
#[derive(Clone)]
struct Candidate {
    overload: &'static Overload,
    parameters: Cow<'static, [Type]>,
}

fn expand(overload: &'static Overload, count: usize) -> Option<Candidate> {
    if !overload.variadic && count == overload.parameters.len() {
        return Some(Candidate { overload, parameters: Cow::Borrowed(&overload.parameters) });
    }
    let mut parameters = overload.parameters.clone();
    if overload.variadic && count >= parameters.len() {
        let last = parameters.pop()?;
        let element = if last.array { last.element() } else { Type::server(last.name.trim_end_matches("array")) };
        parameters.resize(count, element);
    } else if count < parameters.len() && parameters.len() - count <= overload.defaults {
        parameters.truncate(count);
    }
    (parameters.len() == count).then_some(Candidate { overload, parameters: Cow::Owned(parameters) })
}

/// Returns the operands with a literal as the type of the other, for the exact match of an operator.
fn assume_same(operands: &[Operand]) -> Option<Vec<Operand>> {
    match operands {
        [Operand::Literal, Operand::Of(other)] | [Operand::Of(other), Operand::Literal] => {
            Some(vec![Operand::Of(other.clone()), Operand::Of(other.clone())])
        }
        _ => None,
    }
}

fn choose(
    candidates: Vec<Candidate>,
    operands: &[Operand],
    assumed: &[Operand],
    environment: &Environment,
) -> Resolved {
    let undecided = |operand: &Operand| match operand {
        Operand::Unknown => true,
        // It may be a domain, whose operators are those of another type.
        Operand::Of(data_type) => !is_settled(data_type, environment),
        Operand::Literal => false,
    };
    if operands.iter().any(undecided) {
        return alike(&candidates);
    }
    let found = exact(&candidates, assumed, environment).or_else(|| select(candidates, operands, environment));
    match found {
        Some(candidate) => polymorphic::bind(&candidate.parameters, &candidate.overload.result, operands, environment),
        None => Resolved::default(),
    }
}

/// Returns what all candidates agree in.
fn alike(candidates: &[Candidate]) -> Resolved {
    let Some((first, rest)) = candidates.split_first() else { return Resolved::default() };
    let result = &first.overload.result;
    let same = rest.iter().all(|other| other.overload.result == *result) && !is_polymorphic(result);
    Resolved { parameters: None, result: same.then(|| result.clone()) }
}

fn is_settled(data_type: &Type, environment: &Environment) -> bool {
    catalog::is_type(&data_type.name) && data_type.schema.is_none()
        || data_type.name == "record"
        || environment.is_domain(data_type)
        || environment.is_enumeration(data_type)
        || environment.is_enumeration(&data_type.element())
}

fn exact(candidates: &[Candidate], operands: &[Operand], environment: &Environment) -> Option<Candidate> {
    let matches = |below: bool, candidate: &&Candidate| {
        candidate.parameters.iter().zip(operands).all(|(parameter, operand)| match operand {
            Operand::Of(data_type) if below => *parameter == environment.below(data_type).base(),
            Operand::Of(data_type) => *parameter == data_type.base(),
            _ => false,
        })
    };
    let find = |below| candidates.iter().find(|candidate| matches(below, candidate)).cloned();
    find(false).or_else(|| find(true))
}

fn select(candidates: Vec<Candidate>, operands: &[Operand], environment: &Environment) -> Option<Candidate> {
    let reachable = |candidate: &Candidate| {
        candidate.parameters.iter().zip(operands).all(|(parameter, operand)| match operand {
            Operand::Of(data_type) => implicit(data_type, parameter, environment),
            _ => true,
        })
    };
    let mut candidates: Vec<Candidate> = candidates.into_iter().filter(reachable).collect();
    if candidates.len() < 2 {
        return candidates.pop();
    }
    let bases: Vec<Option<Type>> = operands
        .iter()
        .map(|operand| match operand {
            Operand::Of(data_type) => Some(environment.below(data_type).base()),
            _ => None,
        })
        .collect();
    let exact = |parameter: &Type, base: &Option<Type>| base.as_ref() == Some(parameter);
    keep_most(&mut candidates, &bases, exact);
    let preferred = |parameter: &Type, base: &Option<Type>| match base {
        Some(base) => {
            exact(parameter, &Some(base.clone())) || (category(parameter) == category(base) && is_preferred(parameter))
        }
        None => false,
    };
    keep_most(&mut candidates, &bases, preferred);
    if candidates.len() > 1 {
        candidates = by_literals(candidates, &bases)?;
    }
    if candidates.len() > 1 {
        candidates = by_others(candidates, &bases, environment)?;
    }
    candidates.pop().filter(|_| candidates.is_empty())
}

fn keep_most(candidates: &mut Vec<Candidate>, bases: &[Option<Type>], counts: impl Fn(&Type, &Option<Type>) -> bool) {
    let count = |candidate: &Candidate| candidate.parameters.iter().zip(bases).filter(|(p, b)| counts(p, b)).count();
    let most = candidates.iter().map(count).max().unwrap_or(0);
    candidates.retain(|candidate| count(candidate) == most);
}

/// Keeps what takes the literals as strings, or as the one category that all take them for.
fn by_literals(mut candidates: Vec<Candidate>, bases: &[Option<Type>]) -> Option<Vec<Candidate>> {
    let literals: Vec<usize> = (0..bases.len()).filter(|at| bases[*at].is_none()).collect();
    if literals.is_empty() {
        return None;
    }
    let mut chosen = Vec::new();
    for at in literals {
        let mut categories: Vec<char> =
            candidates.iter().map(|candidate| category(&candidate.parameters[at])).collect();
        categories.sort_unstable();
        categories.dedup();
        let category = if categories.contains(&'S') {
            'S'
        } else if let [only] = categories[..] {
            only
        } else {
            return Some(candidates);
        };
        chosen.push((at, category));
    }
    for (at, chosen) in &chosen {
        let here = |candidate: &Candidate| candidate.parameters[*at].clone();
        candidates.retain(|candidate| category(&here(candidate)) == *chosen);
        if candidates.iter().any(|candidate| is_preferred(&here(candidate))) {
            candidates.retain(|candidate| is_preferred(&here(candidate)));
        }
    }
    Some(candidates)
}

/// Keeps the one that takes the literals as the type that all others have.
fn by_others(
    mut candidates: Vec<Candidate>,
    bases: &[Option<Type>],
    environment: &Environment,
) -> Option<Vec<Candidate>> {
    let mut known = bases.iter().flatten();
    let first = known.next()?.clone();
    if !known.all(|base| *base == first) {
        return None;
    }
    candidates
        .retain(|candidate| candidate.parameters.iter().all(|parameter| implicit(&first, parameter, environment)));
    Some(candidates)
}

fn category(data_type: &Type) -> char {
    match data_type.name.as_str() {
        _ if data_type.array => 'A',
        "anyarray" | "anycompatiblearray" => 'P',
        name => {
            catalog::category(name).map_or(if name.starts_with("any") { 'P' } else { 'U' }, |(category, _)| category)
        }
    }
}

fn is_preferred(data_type: &Type) -> bool {
    !data_type.array && catalog::category(&data_type.name).is_some_and(|(_, preferred)| preferred)
}

/// Returns whether the server makes one type of another unasked.
pub(super) fn implicit(from: &Type, to: &Type, environment: &Environment) -> bool {
    let base = environment.below(from).base();
    if from.base() == *to || base == *to {
        return true;
    }
    if is_polymorphic(to) {
        return polymorphic::accepts(to, &base, environment);
    }
    match (base.array, to.array) {
        (true, true) => implicit(&base.element(), &to.element(), environment),
        (false, false) => {
            base.schema.is_none()
                && to.schema.is_none()
                && catalog::cast(&base.name, &to.name).is_some_and(|cast| cast.implicit)
        }
        _ => false,
    }
}
