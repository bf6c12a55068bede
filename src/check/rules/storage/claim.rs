//! Claims of volumes: by themselves, of a pod, and those that a StatefulSet makes.
//!
//! Source: `ValidatePersistentVolumeClaimSpec`.

use super::super::grammar::{DNS_SUBDOMAIN, is_dns_subdomain};
use super::{At, CodeRule, Found, MODES, VOLUME_MODES, is_more_than_zero, one_pod_stands_alone};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PersistentVolumeClaim", judge: claim },
    CodeRule { on: "core/v1.PersistentVolumeClaimTemplate", judge: claim },
];

/// The claims of a StatefulSet are looked at since Kubernetes 1.35.
fn claim(claim: &At<'_>, found: &mut Found) {
    let object = claim.object();
    if object.kind == "StatefulSet" && object.version.minor() < 35 {
        return;
    }
    let spec = claim.get("spec");
    access(&spec, found);
    size(&spec, found);
    classes(&spec, found);
    sources(&spec, found);
}

fn access(spec: &At<'_>, found: &mut Found) {
    let modes = spec.get("accessModes");
    if modes.is_empty() {
        found.required(&modes).hint("write one, such as `[ReadWriteOnce]`");
    }
    for mode in modes.items().filter(|mode| !MODES.contains(&mode.text())) {
        found.unsupported_item(&modes, mode.text(), &MODES);
    }
    one_pod_stands_alone(&modes, found);
    let mode = spec.get("volumeMode");
    if mode.is_set() && !VOLUME_MODES.contains(&mode.text()) {
        found.unsupported(&mode, &VOLUME_MODES);
    }
}

fn size(spec: &At<'_>, found: &mut Found) {
    let size = spec.get("resources.requests.storage");
    match spec.get("resources.requests").has_key("storage") {
        true => is_more_than_zero(&size, found),
        false => {
            found.required(&size).hint("write how much space is claimed, such as `10Gi`");
        }
    }
}

/// What a class of volumes is named by counts as absent when it is empty; classes of attributes count since Kubernetes 1.34.
fn classes(spec: &At<'_>, found: &mut Found) {
    let has_attributes = spec.object().version.minor() >= 34;
    let names: &[&str] = match has_attributes {
        true => &["storageClassName", "volumeAttributesClassName"],
        false => &["storageClassName"],
    };
    for name in names.iter().map(|name| spec.get(name)) {
        if !name.is_empty() && !is_dns_subdomain(name.text()) {
            found.not_of(&name, &DNS_SUBDOMAIN);
        }
    }
}

/// What the volume is filled from. Of a claim by itself a server takes one of the two fields as both, and both must be equal.
fn sources(spec: &At<'_>, found: &mut Found) {
    let (source, reference) = (spec.get("dataSource"), spec.get("dataSourceRef"));
    let is_template = spec.object().kind != "PersistentVolumeClaim";
    let is_elsewhere = !reference.get("namespace").is_empty();
    if is_elsewhere && !is_template {
        return;
    }
    if source.is_set() && (is_template || reference.is_set() || is_kept(&source)) {
        is_a_source(&source, found);
    }
    if reference.is_set() {
        is_a_source(&reference, found);
    }
    let both = source.is_set() && reference.is_set();
    if both && (is_elsewhere || !is_same(&source, &reference)) {
        found
            .invalid_whole(spec, "must have the same in `dataSource` and `dataSourceRef`")
            .hint("keep `dataSourceRef` alone");
    }
}

/// What a server does not know as a source it forgets. Source: `EnforceDataSourceBackwardsCompatibility`.
fn is_kept(source: &At<'_>) -> bool {
    matches!(
        (source.get("apiGroup").text(), source.get("kind").text()),
        ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
    )
}

/// Source: `validateDataSource`.
fn is_a_source(source: &At<'_>, found: &mut Found) {
    for field in ["name", "kind"].map(|name| source.get(name)) {
        if field.is_empty() {
            found.required(&field);
        }
    }
    let (group, kind) = (source.get("apiGroup"), source.get("kind"));
    if group.is_empty() && !matches!(kind.text(), "" | "PersistentVolumeClaim") {
        found
            .invalid_whole(source, "must be a `PersistentVolumeClaim` where it names no `apiGroup`")
            .hint("write the `apiGroup` of its `kind`, such as `snapshot.storage.k8s.io`");
    } else if !group.is_empty() && !is_dns_subdomain(group.text()) {
        found.not_of(&group, &DNS_SUBDOMAIN);
    }
}

fn is_same(one: &At<'_>, other: &At<'_>) -> bool {
    let same = |name| one.get(name).text() == other.get(name).text();
    let is_set = |at: &At<'_>| at.get("apiGroup").is_set();
    ["apiGroup", "kind", "name"].into_iter().all(same) && is_set(one) == is_set(other)
}
