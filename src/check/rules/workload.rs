//! Deployments and the other kinds that make pods from a template.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "apps/v1.DaemonSetSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.DeploymentSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.ReplicaSetSpec", judge: labels_are_selected },
    CodeRule { on: "apps/v1.StatefulSetSpec", judge: labels_are_selected },
];

/// Source: `ValidatePodTemplateSpecForReplicaSet` and its like.
fn labels_are_selected(spec: &At<'_>, found: &mut Found) {
    let (selector, labels) = (spec.get("selector"), spec.get("template.metadata.labels"));
    if selector.is_set() && !selects(&selector, &labels) {
        found
            .invalid_whole(&labels, "must have all that `selector` asks for")
            .hint("repeat the labels of `selector.matchLabels` there");
    }
}

/// Whether a label selector matches labels. An operator that there is none of is another rule's.
fn selects(selector: &At<'_>, labels: &At<'_>) -> bool {
    let has = |key: &str| labels.has_key(key);
    let all_match = selector
        .get("matchLabels")
        .entries()
        .all(|(key, value)| has(&key.name) && labels.field(&key.name).text() == value.text());
    all_match
        && selector.get("matchExpressions").items().all(|asked| {
            let key = asked.get("key").text();
            let value = labels.field(key);
            let is_in = asked.get("values").items().any(|one| one.text() == value.text());
            match asked.get("operator").text() {
                "In" => has(key) && is_in,
                "NotIn" => !has(key) || !is_in,
                "Exists" => has(key),
                "DoesNotExist" => !has(key),
                _ => true,
            }
        })
}
