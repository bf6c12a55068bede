//! Names, labels and the rest of an object's metadata.

use super::grammar::{LABEL_KEY, LABEL_VALUE, is_label_key, is_label_value, named};
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "object", judge: name_suits_kind },
    CodeRule { on: "meta/v1.ObjectMeta", judge: labels },
    CodeRule { on: "meta/v1.LabelSelectorRequirement", judge: key_of_selector },
];

/// Kinds by the grammar of their names.
///
/// Source: `ValidateXName` of each kind in upstream's `pkg/apis/*/validation`.
const NAMES: &[(&str, &[(&str, &str)])] = &[
    ("dns-label", &[("", "Namespace")]),
    (
        "dns-subdomain",
        &[
            ("", "ConfigMap"),
            ("", "LimitRange"),
            ("", "Node"),
            ("", "PersistentVolume"),
            ("", "PersistentVolumeClaim"),
            ("", "Pod"),
            ("", "PodTemplate"),
            ("", "ReplicationController"),
            ("", "ResourceQuota"),
            ("", "Secret"),
            ("", "ServiceAccount"),
            ("apps", "ControllerRevision"),
            ("apps", "DaemonSet"),
            ("apps", "Deployment"),
            ("apps", "ReplicaSet"),
            ("networking.k8s.io", "Ingress"),
            ("networking.k8s.io", "IngressClass"),
            ("scheduling.k8s.io", "PriorityClass"),
            ("storage.k8s.io", "StorageClass"),
        ],
    ),
];

fn name_suits_kind(object: &At<'_>, found: &mut Found) {
    let this = (object.object().group, object.object().kind);
    let grammar = NAMES.iter().find(|(_, kinds)| kinds.contains(&this));
    let Some(grammar) = grammar.and_then(|(name, _)| named(name)) else { return };
    let name = object.get("metadata.name");
    if !name.text().is_empty() && !(grammar.holds)(name.text()) {
        found.invalid(&name, &format!("must be {}", grammar.what)).hint(grammar.hint);
    }
}

/// Metadata and selectors that a server takes as they are, by the kind that they stand in and the beginning of their path.
const NOT_JUDGED: &[(&str, &str)] = &[
    ("CronJob", "spec.jobTemplate.metadata"),
    ("HorizontalPodAutoscaler", "spec.metrics"),
    ("StatefulSet", "spec.volumeClaimTemplates"),
];

fn is_judged(at: &At<'_>) -> bool {
    let (kind, path) = (at.object().kind, at.path().to_string());
    !NOT_JUDGED.iter().any(|(other, start)| *other == kind && path.starts_with(start))
}

/// Source: apimachinery `ValidateLabels`: the map is named, not its entry.
fn labels(metadata: &At<'_>, found: &mut Found) {
    if !is_judged(metadata) {
        return;
    }
    judge_labels(&metadata.get("labels"), found);
}

/// What is asked of labels, and of what selects by them.
pub(super) fn judge_labels(labels: &At<'_>, found: &mut Found) {
    for (key, value) in labels.entries() {
        if !is_label_key(&key.name) {
            let what =
                format!("must not have the key `{}`: it must be {}", key.name, LABEL_KEY.what);
            found.invalid_whole(labels, &what).hint(LABEL_KEY.hint);
        }
        if !is_label_value(value.text()) {
            let what = format!(
                "must have {} at `{}`, but there is `{}`",
                LABEL_VALUE.what,
                key.name,
                value.text()
            );
            found.invalid_whole(labels, &what).hint(LABEL_VALUE.hint);
        }
    }
}

/// Source: apimachinery `ValidateLabelSelectorRequirement`.
fn key_of_selector(asked: &At<'_>, found: &mut Found) {
    let key = asked.get("key");
    if is_judged(asked) && !is_label_key(key.text()) {
        found.invalid(&key, &format!("must be {}", LABEL_KEY.what)).hint(LABEL_KEY.hint);
    }
}
