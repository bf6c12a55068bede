//! Pods, and the templates that others make pods from.
//!
//! Source: `warningsForPodSpecAndMeta` of upstream's `pkg/api/pod/warnings.go`.

use super::labels::annotation;
use super::{At, CodeRule, Found, containers_of};
use std::collections::BTreeSet;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: matches_no_pod },
    CodeRule { on: "core/v1.PodSpec", judge: entries_that_are_there_twice },
    CodeRule { on: "core/v1.PodSpec", judge: ends_at_once },
    CodeRule { on: "core/v1.Volume", judge: types_that_are_gone },
    CodeRule { on: "core/v1.Pod", judge: old_annotations },
    CodeRule { on: "core/v1.PodTemplateSpec", judge: old_annotations },
];

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// A selector that is absent selects nothing; an empty one selects all.
fn matches_no_pod(pod: &At<'_>, found: &mut Found) {
    let affinities = ["podAffinity", "podAntiAffinity"].map(|name| pod.get("affinity").field(name));
    let terms = affinities.iter().flat_map(|affinity| {
        let preferred = affinity.get(PREFERRED).items().map(|wish| wish.get("podAffinityTerm"));
        affinity.get(REQUIRED).items().chain(preferred)
    });
    for term in terms.chain(pod.get("topologySpreadConstraints").items()) {
        let selector = term.get("labelSelector");
        if !selector.is_set() {
            found
                .warn(&selector, "is absent, so no pod is counted")
                .hint("add it, with labels that the pods have; `{}` counts every pod");
        }
    }
}

fn entries_that_are_there_twice(pod: &At<'_>, found: &mut Found) {
    let lists = [("hostAliases", "ip"), ("imagePullSecrets", "name")];
    for (list, key) in lists {
        let mut seen = BTreeSet::new();
        for entry in pod.get(list).items() {
            let key = entry.get(key);
            if !seen.insert(key.text()) {
                found
                    .warn(&key, &format!("is `{}` a second time", key.text()))
                    .hint("remove one of the two: applying from the server's side refuses both");
            }
        }
    }
    for secret in pod.get("imagePullSecrets").items().map(|secret| secret.get("name")) {
        if secret.text().is_empty() {
            found.warn(&secret, "is empty, so it names no Secret").hint("name one, or remove it");
        }
    }
}

/// Of a Pod itself the server writes 1 without a word.
fn ends_at_once(pod: &At<'_>, found: &mut Found) {
    let period = pod.get("terminationGracePeriodSeconds");
    if pod.object().kind == "Pod" {
        return;
    }
    if period.number().is_some_and(|seconds| seconds < 0) {
        found
            .warn(&period, "is negative, which counts as 1")
            .hint("write how many seconds, from 0");
    }
}

/// Types of volumes: since when they are deprecated, and since when they do nothing.
pub(super) const OLD_TYPES: [(&str, &str, &str); 9] = [
    ("cephfs", "1.28", "1.31"),
    ("flocker", "1.22", "1.25"),
    ("gitRepo", "1.11", "1.33"),
    ("glusterfs", "1.25", "1.26"),
    ("photonPersistentDisk", "1.11", "1.16"),
    ("quobyte", "1.22", "1.25"),
    ("rbd", "1.28", "1.31"),
    ("scaleIO", "1.16", "1.22"),
    ("storageos", "1.22", "1.25"),
];

/// Warns of a volume's type that is deprecated.
pub(super) fn old_type(volume: &At<'_>, name: &str, found: &mut Found) {
    let Some((_, since, gone)) = OLD_TYPES.iter().find(|(known, _, _)| *known == name) else {
        return;
    };
    let at = volume.field(name);
    if at.is_set() {
        let what = format!(
            "is a type of volume that is deprecated since Kubernetes {since}, and nothing mounts it by default from {gone} on"
        );
        found.warn(&at, &what).hint("name a claim, or write a `csi` volume");
    }
}

fn types_that_are_gone(volume: &At<'_>, found: &mut Found) {
    for (key, _) in volume.entries() {
        old_type(volume, &key.name, found);
    }
}

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";

fn old_annotations(template: &At<'_>, found: &mut Found) {
    let pod = template.get("spec");
    if template.get("metadata.annotations").is_empty() {
        return;
    }
    annotation(
        template,
        "scheduler.alpha.kubernetes.io/critical-pod",
        "write `priorityClassName`",
        found,
    );
    for name in ["sysctls", "unsafe-sysctls"] {
        let name = format!("security.alpha.kubernetes.io/{name}");
        annotation(template, &name, "write `securityContext.sysctls`", found);
    }
    if !pod.get("securityContext.seccompProfile").is_set() {
        annotation(template, SECCOMP_OF_POD, "write `securityContext.seccompProfile`", found);
    }
    for container in containers_of(&pod) {
        let name = container.get("name").text();
        if !container.get("securityContext.seccompProfile").is_set() {
            let key = format!("{SECCOMP_OF_CONTAINER}{name}");
            annotation(
                template,
                &key,
                "write the container's `securityContext.seccompProfile`",
                found,
            );
        }
        if !container.get("securityContext.appArmorProfile").is_set() {
            app_armor(template, &format!("{APP_ARMOR}{name}"), found);
        }
    }
}

/// `applyAppArmorVersionSkew`: what says the same as the pod's own profile is let be.
fn app_armor(template: &At<'_>, key: &str, found: &mut Found) {
    let is_windows = template.get("spec.os.name").text() == "windows";
    let profile = template.get("spec.securityContext.appArmorProfile");
    let said = match profile.get("type").text() {
        "Unconfined" => "unconfined".to_owned(),
        "RuntimeDefault" => "runtime/default".to_owned(),
        "Localhost" => format!("localhost/{}", profile.get("localhostProfile").text()),
        _ => String::new(),
    };
    let is_same =
        profile.is_set() && template.get("metadata.annotations").field(key).text() == said;
    let is_left = template.object().kind == "Pod" && is_windows;
    if !is_same && !is_left {
        annotation(template, key, "write the container's `securityContext.appArmorProfile`", found);
    }
}
