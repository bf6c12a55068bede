//! Selectors beside the labels of the pods that they are to find, and what pods of a template may not have.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "apps/v1.DaemonSetSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.DeploymentSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.ReplicaSetSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.StatefulSetSpec", judge: labels_are_selected },
    CodeRule { on: "core/v1.ReplicationControllerSpec", judge: labels_are_those },
    CodeRule { on: "apps/v1.DaemonSetSpec", judge: pods_that_stay },
    CodeRule { on: "apps/v1.DeploymentSpec", judge: pods_that_stay },
    CodeRule { on: "apps/v1.ReplicaSetSpec", judge: pods_that_stay },
    CodeRule { on: "apps/v1.StatefulSetSpec", judge: pods_that_stay },
    CodeRule { on: "core/v1.ReplicationControllerSpec", judge: pods_that_stay },
];

/// `ValidatePodTemplateSpecForReplicaSet` and its like.
fn labels_are_selected(spec: &At<'_>, found: &mut Found) {
    let (selector, labels) = (spec.get("selector"), spec.get("template.metadata.labels"));
    let parts = ["matchExpressions", "matchLabels"].map(|name| selector.get(name));
    if !selector.is_empty() && parts.iter().all(At::is_empty) {
        found
            .invalid_whole(&selector, "must ask for something")
            .hint("repeat labels of the template there");
    }
    if selector.is_set() && !selects(&selector, &labels) {
        found
            .invalid_whole(&labels, "must have all that `selector` asks for")
            .hint("repeat the labels of `selector.matchLabels` there");
    }
}

/// `ValidateReplicationControllerSpec`; without a selector the labels of the template are it.
fn labels_are_those(spec: &At<'_>, found: &mut Found) {
    let (selector, labels) = (spec.get("selector"), spec.get("template.metadata.labels"));
    if selector.is_empty() && labels.is_empty() {
        found.required(&selector).hint("or give the template labels");
    }
    let has = |name: &str, value: &str| labels.has_key(name) && labels.field(name).text() == value;
    if !selector.entries().all(|(key, value)| has(&key.name, value.text()))
        && spec.get("template").is_set()
    {
        found
            .invalid_whole(&labels, "must have all that `selector` asks for")
            .hint("repeat the labels of `selector` there");
    }
}

/// Whether a label selector matches the labels of an object.
pub(in crate::check::rules) fn selects(selector: &At<'_>, labels: &At<'_>) -> bool {
    matches(selector, |key| labels.has_key(key).then(|| labels.field(key).text()))
}

/// Whether a label selector matches labels, given by key. An operator that there is none of is another rule's.
pub(in crate::check::rules) fn matches<'m>(
    selector: &At<'m>,
    label: impl Fn(&str) -> Option<&'m str>,
) -> bool {
    let is_asked = |asked: At<'m>| {
        let value = label(asked.get("key").text());
        let is_in = asked.get("values").items().any(|one| Some(one.text()) == value);
        match asked.get("operator").text() {
            "In" => is_in,
            "NotIn" => !is_in,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => true,
        }
    };
    let mut pairs = selector.get("matchLabels").entries();
    pairs.all(|(key, value)| label(&key.name) == Some(value.text()))
        && selector.get("matchExpressions").items().all(is_asked)
}

/// Pods that are always wanted end neither by themselves nor by a deadline.
fn pods_that_stay(spec: &At<'_>, found: &mut Found) {
    let policy = spec.get("template.spec.restartPolicy");
    if ["OnFailure", "Never"].contains(&policy.text()) {
        found.unsupported(&policy, &["Always"]).hint("use a Job for pods that end");
    }
    let deadline = spec.get("template.spec.activeDeadlineSeconds");
    if deadline.is_set() {
        found.forbidden(&deadline, "may only be set for pods that end").hint("remove it");
    }
}
