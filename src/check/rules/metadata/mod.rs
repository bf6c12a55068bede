//! Names, labels and the rest of an object's metadata.
//!
//! Metadata stands at the root of an object and in templates. A server judges less of a template's: its labels and
//! annotations, and of some templates nothing ([`is_judged`]).

mod names;
mod owners;
mod selectors;

#[cfg(test)]
mod tests;

pub(super) use names::is_custom;

use super::grammar::{LABEL_KEY, LABEL_VALUE, is_label_key, is_label_value};
pub(super) use names::{is_group_version, is_kind};

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "object", judge: names::suits_kind },
    CodeRule { on: "object", judge: names::prefix_suits_kind },
    CodeRule { on: "object", judge: finalizers },
    CodeRule { on: "object", judge: owners::references },
    CodeRule { on: "object", judge: owners::managed_fields },
    CodeRule { on: "core/v1.Namespace", judge: security_of_pods },
    CodeRule { on: "meta/v1.LabelSelector", judge: selectors::labels },
    CodeRule { on: "meta/v1.LabelSelectorRequirement", judge: selectors::requirement },
    CodeRule { on: "meta/v1.ObjectMeta", judge: labels },
    CodeRule { on: "meta/v1.ObjectMeta", judge: annotations },
];

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

fn labels(metadata: &At<'_>, found: &mut Found) {
    if is_judged(metadata) {
        judge_labels(&metadata.get("labels"), found);
    }
}

/// Source: apimachinery `ValidateLabels`: the map is named, not its entry.
pub(super) fn judge_labels(labels: &At<'_>, found: &mut Found) {
    for (key, value) in labels.entries() {
        if !is_label_key(&key.name) {
            bad_key(labels, &key.name, found);
        }
        if !is_label_value(value.text()) {
            let (what, given) = (LABEL_VALUE.what, value.text());
            let what = format!("must have {what} at `{}`, but there is `{given}`", key.name);
            found.invalid_whole(labels, &what).hint(LABEL_VALUE.hint);
        }
    }
}

fn bad_key(map: &At<'_>, key: &str, found: &mut Found) {
    let what = format!("must not have the key `{key}`: it must be {}", LABEL_KEY.what);
    found.invalid_whole(map, &what).hint(LABEL_KEY.hint);
}

/// The most bytes that keys and values of annotations may have together.
const ANNOTATIONS: usize = 256 * 1024;

/// Source: apimachinery `ValidateAnnotations`: keys as those of labels, but in any case.
fn annotations(metadata: &At<'_>, found: &mut Found) {
    if !is_judged(metadata) {
        return;
    }
    let annotations = metadata.get("annotations");
    for (key, _) in annotations.entries().filter(|(key, _)| !is_label_key(&key.name.to_lowercase()))
    {
        bad_key(&annotations, &key.name, found);
    }
    let sizes = annotations.entries().map(|(key, value)| key.name.len() + value.text().len());
    if sizes.sum::<usize>() > ANNOTATIONS {
        found
            .too_long(&annotations, ANNOTATIONS, "bytes, keys and values together")
            .hint("put what is long into a ConfigMap");
    }
}

/// Finalizers that need no domain before them.
const FINALIZERS: &[&str] = &["foregroundDeletion", "kubernetes", "orphan"];

/// Source: apimachinery `ValidateFinalizers`, and of most built-in kinds `ValidateFinalizerName` of `pkg/apis/core`.
fn finalizers(object: &At<'_>, found: &mut Found) {
    let finalizers = object.get("metadata.finalizers");
    for finalizer in finalizers.items() {
        let text = finalizer.text();
        if !is_label_key(text) {
            let what = format!("must have names with a domain, but has `{text}`");
            found.invalid_whole(&finalizers, &what).hint("write `example.com/name`");
        } else if has_strict_finalizers(object)
            && !text.contains('/')
            && !FINALIZERS.contains(&text)
        {
            let what =
                format!("must have a domain before it or be one of {}", FINALIZERS.join(", "));
            found.invalid(&finalizer, &what).hint(format!("write `example.com/{text}`"));
        }
    }
    let has = |name| finalizers.items().any(|finalizer| finalizer.text() == name);
    if has("orphan") && has("foregroundDeletion") {
        found
            .invalid_whole(&finalizers, "may have `orphan` or `foregroundDeletion`, not both")
            .hint("remove one of the two");
    }
}

/// Groups whose kinds are judged by apimachinery alone.
const OTHER_GROUPS: &[&str] = &[
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "coordination.k8s.io",
    "node.k8s.io",
    "policy",
];

fn has_strict_finalizers(object: &At<'_>) -> bool {
    let (group, kind) = (object.object().group, object.object().kind);
    !is_custom(object) && !OTHER_GROUPS.contains(&group) && (group, kind) != ("", "Event")
}

/// The start of the labels that tell how strict a namespace is with its pods.
const POD_SECURITY: &str = "pod-security.kubernetes.io/";

/// Source: `ValidateNamespace` of the admission plugin PodSecurity.
fn security_of_pods(namespace: &At<'_>, found: &mut Found) {
    let labels = namespace.get("metadata.labels");
    for mode in ["enforce", "audit", "warn"] {
        let (level, version) =
            (format!("{POD_SECURITY}{mode}"), format!("{POD_SECURITY}{mode}-version"));
        let levels = ["privileged", "baseline", "restricted"];
        let at = labels.field(&level);
        if labels.has_key(&level) && !levels.contains(&at.text()) {
            found.unsupported(&at, &levels);
        }
        let at = labels.field(&version);
        if labels.has_key(&version) && !is_minor(at.text()) {
            found.invalid(&at, "must be `latest` or a version such as `v1.35`");
        }
    }
}

fn is_minor(text: &str) -> bool {
    let minor = text.strip_prefix("v1.").unwrap_or_default();
    let is_number = minor.bytes().all(|b| b.is_ascii_digit()) && !minor.is_empty();
    text == "latest" || (is_number && (minor == "0" || !minor.starts_with('0')))
}
