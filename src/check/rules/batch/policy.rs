//! What a job does when pods fail, and when enough of them have succeeded.

use super::{At, CodeRule, Found, job};
use crate::check::rules::pod::containers;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "batch/v1.JobSpec", judge: names_of_containers },
    CodeRule { on: "batch/v1.JobSpec", judge: actions },
    CodeRule { on: "batch/v1.JobSpec", judge: replacement },
    CodeRule { on: "batch/v1.JobSpec", judge: success },
    CodeRule { on: "batch/v1.PodFailurePolicyRule", judge: one_reason },
    CodeRule { on: "batch/v1.PodFailurePolicyOnExitCodesRequirement", judge: exit_codes },
];

/// `validatePodFailurePolicyRuleOnExitCodes`.
fn names_of_containers(spec: &At<'_>, found: &mut Found) {
    let known: Vec<&str> = containers(&spec.get("template.spec"))
        .map(|container| container.get("name").text())
        .collect();
    for rule in spec.get("podFailurePolicy.rules").items() {
        let name = rule.get("onExitCodes.containerName");
        if name.is_set() && !known.contains(&name.text()) {
            found.invalid(&name, "must be a container of the pod template");
        }
    }
}

/// `validatePodFailurePolicyRule`.
fn actions(spec: &At<'_>, found: &mut Found) {
    if spec.get("backoffLimitPerIndex").is_set() {
        return;
    }
    for action in spec.get("podFailurePolicy.rules").items().map(|rule| rule.get("action")) {
        if action.text() == "FailIndex" {
            found.invalid(&action, "must be another without `backoffLimitPerIndex`");
        }
    }
}

/// `validatePodReplacementPolicy`.
fn replacement(spec: &At<'_>, found: &mut Found) {
    let policy = spec.get("podReplacementPolicy");
    let is_judged = spec.object().version.minor() >= 29 && spec.get("podFailurePolicy").is_set();
    if is_judged && policy.text() == "TerminatingOrFailed" {
        found.unsupported(&policy, &["Failed"]).hint("beside `podFailurePolicy` it is `Failed`");
    }
}

/// `validatePodFailurePolicyRule`.
fn one_reason(rule: &At<'_>, found: &mut Found) {
    match (rule.get("onExitCodes").is_set(), rule.get("onPodConditions").is_empty()) {
        (false, true) => {
            found.invalid_whole(rule, "must have `onExitCodes` or `onPodConditions`, but has none");
        }
        (true, false) => {
            found.invalid_whole(rule, "must have `onExitCodes` or `onPodConditions`, but has both");
        }
        _ => {}
    }
}

/// `validatePodFailurePolicyRuleOnExitCodes`.
fn exit_codes(asked: &At<'_>, found: &mut Found) {
    let is_in = asked.get("operator").text() == "In";
    let mut seen = Vec::new();
    for value in asked.get("values").items() {
        let number = value.number().unwrap_or(0);
        if is_in && number == 0 {
            found.invalid(&value, "must not be 0 for `In`");
        }
        if seen.contains(&number) {
            found.duplicate(&value);
        }
        seen.push(number);
    }
    if !seen.is_sorted() {
        found.invalid_whole(&asked.get("values"), "must rise").hint("sort them");
    }
}

/// `validateSuccessPolicyRule`.
fn success(spec: &At<'_>, found: &mut Found) {
    let is_judged = spec.object().version.minor() >= 31;
    let Some(completions) = job::completions(spec).filter(|_| is_judged) else { return };
    if spec.get("completionMode").text() != "Indexed" {
        return;
    }
    for rule in spec.get("successPolicy.rules").items() {
        let (count, indexes) = (rule.get("succeededCount"), rule.get("succeededIndexes"));
        if !count.is_set() && !indexes.is_set() {
            found.required(&rule).hint("add `succeededCount` or `succeededIndexes`");
        }
        let named =
            if indexes.is_set() { count_of(indexes.text(), completions) } else { Ok(completions) };
        if let Err(what) = &named {
            found.invalid(&indexes, what);
        }
        let most = completions.min(named.unwrap_or(completions));
        if count.number().is_some_and(|number| number > most) {
            found.invalid(&count, &format!("must be at most {most}: so many indexes count"));
        }
    }
}

/// How many indexes `1,3-5` names, below a bound; what is wrong with the text otherwise.
fn count_of(text: &str, completions: i64) -> Result<i64, &'static str> {
    let (mut count, mut last) = (0, i64::MIN);
    for interval in text.split(',').filter(|_| !text.is_empty()) {
        let number = |text: &str| {
            text.parse::<i64>().map_err(|_| "must be numbers and ranges such as `1,3-5`")
        };
        let (first, end) = match interval.split_once('-') {
            Some((first, end)) => (number(first)?, number(end)?),
            None => (number(interval)?, number(interval)?),
        };
        if first >= completions || end >= completions {
            return Err("must name indexes below `completions`");
        }
        if first > end || (first == end && interval.contains('-')) || first <= last {
            return Err("must rise");
        }
        count += end - first + 1;
        last = end;
    }
    Ok(count)
}
