//! Quotas.
//!
//! Source: `ValidateResourceQuotaSpec` of `pkg/apis/core/validation/validation.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::resource::{is_of_quotas, judge_amount, judge_name_of_quota};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.ResourceQuotaSpec", judge: amounts },
    CodeRule { on: "core/v1.ResourceQuotaSpec", judge: scopes },
    CodeRule { on: "core/v1.ResourceQuotaSpec", judge: selected_scopes },
    CodeRule { on: "core/v1.ScopedResourceSelectorRequirement", judge: operator },
];

fn amounts(spec: &At<'_>, found: &mut Found) {
    for (key, amount) in spec.get("hard").entries() {
        judge_name_of_quota(&amount, &key.name, found);
        judge_amount(&amount, &key.name, found);
    }
}

/// What of a scope can be limited, of the resources without a group.
const OF_PODS: &[&str] =
    &["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const SCOPES: [(&str, &[&str]); 7] = [
    ("BestEffort", &["pods"]),
    ("CrossNamespacePodAffinity", OF_PODS),
    ("NotBestEffort", OF_PODS),
    ("NotTerminating", OF_PODS),
    ("PriorityClass", OF_PODS),
    ("Terminating", OF_PODS),
    ("VolumeAttributesClass", &["persistentvolumeclaims", "requests.storage"]),
];

/// Two scopes that nothing is in.
const APART: [(&str, &str); 2] =
    [("BestEffort", "NotBestEffort"), ("NotTerminating", "Terminating")];

/// Source: `validateResourceQuotaScopes`: the list is named, not its item.
fn scopes(spec: &At<'_>, found: &mut Found) {
    let list = spec.get("scopes");
    let names: Vec<&str> = list.items().map(|scope| scope.text()).collect();
    for name in &names {
        match SCOPES.iter().find(|(scope, _)| scope == name) {
            None => {
                found
                    .invalid_whole(&list, &format!("must not have `{name}`, which is no scope"))
                    .hint(scopes_there_are());
            }
            Some((_, resources)) => reaches(&list, spec, (name, resources), found),
        }
    }
    are_not_apart(&list, &names, found);
}

/// Source: `validateScopedResourceSelectorRequirement`.
fn selected_scopes(spec: &At<'_>, found: &mut Found) {
    let list = spec.get("scopeSelector.matchExpressions");
    let names: Vec<&str> = list.items().map(|asked| asked.get("scopeName").text()).collect();
    for (name, resources) in SCOPES.iter().filter(|(name, _)| names.contains(name)) {
        reaches(&list, spec, (name, resources), found);
    }
    are_not_apart(&list, &names, found);
}

fn reaches(list: &At<'_>, spec: &At<'_>, (scope, resources): (&str, &[&str]), found: &mut Found) {
    for (key, _) in spec.get("hard").entries() {
        if is_of_quotas(&key.name) && !resources.contains(&&*key.name) {
            let what = format!("must not have `{scope}` beside a limit of `{}`", key.name);
            found.invalid_whole(list, &what).hint(format!("that scope has {}", shown(resources)));
        }
    }
}

fn are_not_apart(list: &At<'_>, names: &[&str], found: &mut Found) {
    for (one, other) in APART {
        if names.contains(&one) && names.contains(&other) {
            found.invalid_whole(list, &format!("must not have both `{one}` and `{other}`"));
        }
    }
}

fn operator(asked: &At<'_>, found: &mut Found) {
    let (scope, operator) = (asked.get("scopeName"), asked.get("operator"));
    let values = asked.get("values");
    if scope.is_empty() {
        found.required(&scope).hint(scopes_there_are());
    } else if !SCOPES.iter().any(|(name, _)| *name == scope.text()) {
        found.invalid(&scope, "must be a scope").hint(scopes_there_are());
    }
    let is_free = matches!(scope.text(), "PriorityClass" | "VolumeAttributesClass");
    match operator.text() {
        text if !is_free && text != "Exists" && SCOPES.iter().any(|s| s.0 == scope.text()) => {
            found.invalid(&operator, &format!("must be `Exists` for the scope `{}`", scope.text()));
        }
        "In" | "NotIn" if values.is_empty() => {
            found.required(&values).hint("`In` and `NotIn` have values");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let what = "must be empty where `operator` is `Exists` or `DoesNotExist`";
            found.invalid_whole(&values, what);
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        "" => {
            found.required(&operator);
        }
        _ => {
            found.invalid(&operator, "must be one of `In`, `NotIn`, `Exists`, `DoesNotExist`");
        }
    }
}

fn scopes_there_are() -> String {
    format!("scopes are {}", shown(&SCOPES.map(|(name, _)| name)))
}

fn shown(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
