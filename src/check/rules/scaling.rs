//! Autoscalers, disruption budgets, quotas and limits.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "autoscaling/v1.HorizontalPodAutoscalerSpec", judge: most_is_not_below_least },
    CodeRule { on: "autoscaling/v2.HorizontalPodAutoscalerSpec", judge: most_is_not_below_least },
    CodeRule { on: "policy/v1.PodDisruptionBudgetSpec", judge: one_bound },
];

/// Source: `validateHorizontalPodAutoscalerSpec`; without `minReplicas` a server has 1 there.
fn most_is_not_below_least(spec: &At<'_>, found: &mut Found) {
    let most = spec.get("maxReplicas");
    let least = spec.get("minReplicas").number().unwrap_or(1);
    if most.number().is_some_and(|number| (1..least).contains(&number)) {
        found.invalid(&most, &format!("must be {least} at least, as `minReplicas` is"));
    }
}

/// Source: `ValidatePodDisruptionBudgetSpec`.
fn one_bound(spec: &At<'_>, found: &mut Found) {
    if spec.get("minAvailable").is_set() && spec.get("maxUnavailable").is_set() {
        found
            .invalid_whole(spec, "may have `minAvailable` or `maxUnavailable`, not both")
            .hint("remove one of the two");
    }
}
