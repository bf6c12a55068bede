//! Autoscalers.
//!
//! Source: `pkg/apis/autoscaling/validation/validation.go`, `pkg/apis/autoscaling/v2/defaults.go`.

use super::{At, CodeRule, Found};

const AUTOSCALERS: [&str; 3] = [
    "autoscaling/v1.HorizontalPodAutoscaler",
    "autoscaling/v2.HorizontalPodAutoscaler",
    "autoscaling/v2beta2.HorizontalPodAutoscaler",
];

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: AUTOSCALERS[0], judge: bounds },
    CodeRule { on: AUTOSCALERS[1], judge: bounds },
    CodeRule { on: AUTOSCALERS[2], judge: bounds },
    CodeRule { on: AUTOSCALERS[0], judge: target },
    CodeRule { on: AUTOSCALERS[1], judge: target },
    CodeRule { on: AUTOSCALERS[2], judge: target },
    CodeRule { on: "autoscaling/v2.HPAScalingRules", judge: policies },
    CodeRule { on: "autoscaling/v2beta2.HPAScalingRules", judge: policies },
    CodeRule { on: "autoscaling/v2.HPAScalingRules", judge: tolerance },
];

/// Source: `validateHorizontalPodAutoscalerSpec`; without `minReplicas` a server has 1 there. None at all are allowed since
/// 1.37, with a metric that is there without pods.
fn bounds(autoscaler: &At<'_>, found: &mut Found) {
    let spec = autoscaler.get("spec");
    let (least, most) = (spec.get("minReplicas"), spec.get("maxReplicas"));
    let lowest = i64::from(autoscaler.object().version.minor() < 37);
    if least.number().is_some_and(|number| number < lowest) {
        found.invalid(&least, &format!("must be {lowest} at least"));
    }
    let from_outside = |metric: At<'_>| matches!(metric.get("type").text(), "Object" | "External");
    if least.number() == Some(0) && !spec.get("metrics").items().any(from_outside) {
        found.forbidden(
            &spec.get("metrics"),
            "may not be without one of `type` `Object` or `External` where `minReplicas` is 0",
        );
    }
    let begin = least.number().unwrap_or(1);
    match most.number() {
        None => {
            found.required(&most).hint("write how many replicas there may be");
        }
        Some(number) if number < 1 => {
            found.invalid(&most, "must be 1 at least");
        }
        Some(number) if number < begin => {
            found.invalid(&most, &format!("must be {begin} at least, as `minReplicas` is"));
        }
        Some(_) => {}
    }
}

/// Source: `ValidateCrossVersionObjectReference`; of the kinds without a group one alone can be scaled.
fn target(autoscaler: &At<'_>, found: &mut Found) {
    let target = autoscaler.get("spec.scaleTargetRef");
    super::metric::reference(&target, found);
    let version = target.get("apiVersion");
    let has_no_group = version.text().split_once('/').is_none_or(|(group, _)| group.is_empty());
    if has_no_group
        && target.get("kind").text() != "ReplicationController"
        && autoscaler.object().version.minor() >= 34
    {
        found
            .invalid(&version, "must have a group")
            .hint("write such as `apps/v1` for a Deployment or a StatefulSet");
    }
}

/// Source: `GenerateHPAScaleUpRules`: null is what a server knows to do, an empty list is nothing.
fn policies(rules: &At<'_>, found: &mut Found) {
    let policies = rules.get("policies");
    if policies.is_set() && policies.is_empty() {
        found.required(&policies).hint("remove the field for the policies of Kubernetes");
    }
}

/// Looked at since 1.35.
fn tolerance(rules: &At<'_>, found: &mut Found) {
    let tolerance = rules.get("tolerance");
    if tolerance.quantity().millis() < 0 && rules.object().version.minor() >= 35 {
        found.invalid(&tolerance, "must be 0 at least");
    }
}
