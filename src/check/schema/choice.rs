//! `oneOf` and `anyOf`: which of the alternatives was meant, and what keeps the value from being it.

use super::words::Worded;
use super::{Rule, Violation};
use jsonschema::ValidationError;

/// The violations to tell for a value that fits no alternative; none if the alternatives say nothing.
///
/// Each list of `alternatives` holds the errors of one. What was meant is the alternative that finds fault only deeper
/// inside the value: it has the right type. Where all fault the value itself, they are told together.
pub(super) fn violations(
    worded: &Worded<'_>,
    alternatives: &[Vec<ValidationError<'static>>],
) -> Option<Vec<Violation>> {
    let told: Vec<Vec<Violation>> = alternatives
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
        let names: Vec<_> = singles.iter().map(|v| format!("`{}`", v.path)).collect();
        let message = format!("one of {} is missing", names.join(", "));
        return Some(vec![Violation { message, ..first.clone() }]);
    }
    if !singles.iter().all(|v| v.path == first.path && v.rule != Rule::UnknownKey) {
        return None;
    }
    // Each message ends with what the value is; that is said once, by the last.
    let (last, rest) = singles.split_last()?;
    let begins = |v: &&Violation| v.message.split(", but ").next().unwrap_or_default().to_owned();
    let subject = super::words::named(&first.path);
    let mut parts: Vec<String> = rest.iter().map(begins).collect();
    parts.dedup();
    let tail = last.message.strip_prefix(&subject).unwrap_or(&last.message);
    let message = format!("{}, or{tail}", short(&parts, &subject));
    let rule = if singles.iter().all(|v| v.rule == Rule::Type) { Rule::Type } else { Rule::Value };
    let same = singles.iter().all(|v| v.hints == first.hints);
    let hints = if same { first.hints.clone() } else { vec!["change it into one of these".into()] };
    Some(vec![Violation { message, rule, hints, ..first.clone() }])
}

/// The subject once, then what each asks for.
fn short(parts: &[String], subject: &str) -> String {
    let asks = parts.iter().map(|part| part.strip_prefix(subject).unwrap_or(part).trim());
    format!("{subject} {}", asks.collect::<Vec<_>>().join(", or "))
}

/// The violations of the alternative that lies nearest: the one whose faults lie deepest, then the one with fewest.
fn nearest(several: &[Vec<Violation>]) -> Vec<Violation> {
    let depth = |found: &[Violation]| {
        found.iter().map(|v| v.path.steps().len() - usize::from(v.rule == Rule::Missing)).min()
    };
    let far = |found: &&Vec<Violation>| (std::cmp::Reverse(depth(found)), found.len());
    several.iter().min_by_key(far).cloned().unwrap_or_default()
}
