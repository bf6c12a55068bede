//! Disruption budgets.
//!
//! Source: `ValidatePodDisruptionBudgetSpec` of `pkg/apis/policy/validation/validation.go`.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "policy/v1.PodDisruptionBudgetSpec", judge: one_bound },
    CodeRule { on: "policy/v1.PodDisruptionBudgetSpec", judge: bounds },
];

fn one_bound(spec: &At<'_>, found: &mut Found) {
    if spec.get("minAvailable").is_set() && spec.get("maxUnavailable").is_set() {
        found
            .invalid_whole(spec, "may have `minAvailable` or `maxUnavailable`, not both")
            .hint("remove one of the two");
    }
}

/// Source: `ValidatePositiveIntOrPercent`, `IsNotMoreThan100Percent` of `pkg/apis/apps/validation/validation.go`.
fn bounds(spec: &At<'_>, found: &mut Found) {
    for bound in [spec.get("minAvailable"), spec.get("maxUnavailable")] {
        match bound.node().and_then(crate::yaml::Node::as_str) {
            Some(text) => share(&bound, text, found),
            None if bound.number().is_some_and(|number| number < 0) => {
                found.invalid(&bound, "must be 0 at least");
            }
            None => {}
        }
    }
}

fn share(bound: &At<'_>, text: &str, found: &mut Found) {
    let digits = text
        .strip_suffix('%')
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()));
    match digits {
        None => {
            found
                .invalid(bound, "must be a number of pods or a share of them, such as `50%`")
                .hint("a number stands without quotes, a share with `%`");
        }
        Some(digits) if digits.parse::<u64>().map_or(true, |share| share > 100) => {
            found.invalid(bound, "must be `100%` at most");
        }
        Some(_) => {}
    }
}
