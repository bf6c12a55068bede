//! `oneOf` and `anyOf`: which of the alternatives was meant, and what keeps the value from being it.

use super::words::Worded;
use super::{Rule, Violation};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;

/// How many alternatives are told.
const MAX_TOLD: usize = 8;

/// The violations to tell for a value that fits no alternative; none if the alternatives say nothing.
///
/// Each list of `alternatives` holds the errors of one. What was meant is the alternative that finds fault only deeper
/// inside the value: it has the right type. Where all fault the value itself, they are told together.
pub(super) fn violations(
    worded: &Worded<'_>,
    alternatives: &[Vec<ValidationError<'static>>],
    path: &str,
) -> Option<Vec<Violation>> {
    let told = all(alternatives, path);
    let told: Vec<Vec<Violation>> = told
        .iter()
        .map(|errors| errors.iter().flat_map(|error| worded.violations(error)).collect())
        .filter(|found: &Vec<Violation>| !found.is_empty())
        .collect();
    match told.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(together(several).unwrap_or_else(|| nearest(several))),
    }
}

/// The alternatives, and in place of one that is nothing but a choice for the same value, those of that choice.
fn all<'e>(
    alternatives: &'e [Vec<ValidationError<'static>>],
    path: &str,
) -> Vec<&'e [ValidationError<'static>]> {
    let mut found = Vec::new();
    // Schemas within schemas are bounded.
    for errors in alternatives {
        match errors.as_slice() {
            [only] if only.instance_path().as_str() == path => match only.kind() {
                Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                    found.extend(all(context, path));
                }
                _ => found.push(errors.as_slice()),
            },
            several => found.push(several),
        }
    }
    found
}

/// One sentence for alternatives that each fault the same thing in one way: "must be a string, or must be …".
fn together(several: &[Vec<Violation>]) -> Option<Vec<Violation>> {
    let mut singles = Vec::new();
    for found in several {
        let [single] = found.as_slice() else { return None };
        singles.push(single);
    }
    let first = singles[0];
    let missing = singles.iter().all(|v| v.rule == Rule::Missing && v.place == first.place);
    if missing {
        let names = singles.iter().map(|v| format!("`{}`", v.path));
        let message = match few(names).as_slice() {
            [only] => format!("{only} is missing"),
            names => format!("one of {} is missing", names.join(", ")),
        };
        return Some(vec![Violation { message, ..first.clone() }]);
    }
    if !singles.iter().all(|v| v.path == first.path && v.rule != Rule::UnknownKey) {
        return None;
    }
    // Each message begins with the path and ends with what the value is; both are said once.
    let subject = super::words::named(&first.path);
    let ask = |v: &&Violation| {
        let said = v.message.split(", but ").next().unwrap_or_default();
        said.strip_prefix(&subject).unwrap_or(said).trim().to_owned()
    };
    let said_last = singles.iter().rev().find_map(|v| v.message.split_once(", but "));
    let is = said_last.map(|(_, is)| format!(", but {is}"));
    let asks = few(singles.iter().map(ask)).join(", or ");
    let message = format!("{subject} {asks}{}", is.unwrap_or_default());
    let rule = if singles.iter().all(|v| v.rule == Rule::Type) { Rule::Type } else { Rule::Value };
    let same = singles.iter().all(|v| v.hints == first.hints);
    let hints = if same { first.hints.clone() } else { vec!["change it into one of these".into()] };
    Some(vec![Violation { message, rule, hints, ..first.clone() }])
}

/// Each once, in the order of the schema; of many the first, and how many more there are.
fn few(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for one in all {
        if !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    let more = distinct.len().saturating_sub(MAX_TOLD);
    if more > 1 {
        distinct.truncate(MAX_TOLD);
        distinct.push(format!("one of {more} more"));
    }
    distinct
}

/// The violations of the alternative that lies nearest: the one whose faults lie deepest, then the one with fewest.
fn nearest(several: &[Vec<Violation>]) -> Vec<Violation> {
    let depth = |found: &[Violation]| {
        found.iter().map(|v| v.path.steps().len() - usize::from(v.rule == Rule::Missing)).min()
    };
    let far = |found: &&Vec<Violation>| (std::cmp::Reverse(depth(found)), found.len());
    several.iter().min_by_key(far).cloned().unwrap_or_default()
}
