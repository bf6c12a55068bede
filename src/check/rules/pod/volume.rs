//! Volumes: one type each, and what types ask of several fields.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{DNS_SUBDOMAIN, is_dns_subdomain};
use crate::check::rules::quantity::Quantity;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Volume", judge: one_type },
    CodeRule { on: "core/v1.Volume", judge: names_that_are_joined },
    CodeRule { on: "core/v1.PodSpec", judge: claims_of_others },
    CodeRule { on: "core/v1.EmptyDirVolumeSource", judge: size_is_an_amount },
    CodeRule { on: "core/v1.FCVolumeSource", judge: fibre_channel },
    CodeRule { on: "core/v1.ISCSIVolumeSource", judge: iscsi_secret },
    CodeRule { on: "core/v1.FlockerVolumeSource", judge: flocker },
    CodeRule { on: "core/v1.FlexVolumeSource", judge: flex_options },
    CodeRule { on: "core/v1.AzureDiskVolumeSource", judge: azure_disk },
    CodeRule { on: "core/v1.CinderVolumeSource", judge: secret_has_a_name },
    CodeRule { on: "core/v1.StorageOSVolumeSource", judge: secret_has_a_name },
    CodeRule { on: "core/v1.CSIVolumeSource", judge: csi_secret },
    CodeRule { on: "core/v1.ProjectedVolumeSource", judge: projected },
    CodeRule { on: "core/v1.Pod", judge: image_of_pod },
    CodeRule { on: "core/v1.PersistentVolumeClaimTemplate", judge: metadata_of_claim },
];

/// The types in the order in which the server looks at them, and the names that it has for them.
const TYPES: [&str; 30] = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// `validateVolumeSource`; a volume without a type becomes an `emptyDir`.
fn one_type(volume: &At<'_>, found: &mut Found) {
    let is_served = |name: &&&str| **name != "image" || volume.object().version.minor() >= 35;
    let types = TYPES.iter().filter(is_served).map(|name| volume.get(name));
    for second in types.filter(At::is_set).skip(1) {
        found
            .forbidden(&second, "may not stand beside another type of volume")
            .hint("keep one of them");
    }
}

/// `validateVolumeSource`: names that are put together from the volume's.
fn names_that_are_joined(volume: &At<'_>, found: &mut Found) {
    let name = volume.get("name");
    let portal = volume.get("iscsi.targetPortal").text();
    if volume.get("iscsi.initiatorName").is_set() && name.text().len() + 1 + portal.len() > 64 {
        found.invalid(&name, "must have at most 64 bytes together with `iscsi.targetPortal`");
    }
    let object = volume.object();
    let pod = At::root(object).get("metadata.name").text();
    let is_of_pod = object.kind == "Pod" && !pod.is_empty() && !name.text().is_empty();
    if is_of_pod
        && volume.get("ephemeral").is_set()
        && !is_dns_subdomain(&format!("{pod}-{}", name.text()))
    {
        found.invalid(&name, "must make a name for a claim, behind the pod's name and `-`");
    }
}

/// `ValidateVolumes`.
fn claims_of_others(pod: &At<'_>, found: &mut Found) {
    let name = At::root(pod.object()).get("metadata.name").text();
    if pod.object().kind != "Pod" || name.is_empty() {
        return;
    }
    let ephemeral = pod.get("volumes").items().filter(|volume| volume.get("ephemeral").is_set());
    let made: Vec<String> =
        ephemeral.map(|volume| format!("{name}-{}", volume.get("name").text())).collect();
    for claim in
        pod.get("volumes").items().map(|volume| volume.get("persistentVolumeClaim.claimName"))
    {
        if made.iter().any(|made| made == claim.text()) {
            found.invalid(&claim, "must not be the claim of an `ephemeral` volume");
        }
    }
}

/// `validateVolumeSource`.
fn size_is_an_amount(directory: &At<'_>, found: &mut Found) {
    let size = directory.get("sizeLimit");
    if size.quantity() < Quantity::ZERO {
        found.forbidden(&size, "may not be negative");
    }
}

/// `validateFCVolumeSource`.
fn fibre_channel(volume: &At<'_>, found: &mut Found) {
    let (targets, lun) = (volume.get("targetWWNs"), volume.get("lun"));
    match (targets.is_empty(), volume.get("wwids").is_empty()) {
        (true, true) => {
            found.required(&targets).hint("or add `wwids`");
        }
        (false, false) => {
            found.invalid_whole(&targets, "may not stand beside `wwids`");
        }
        _ => {}
    }
    if !targets.is_empty() && !lun.is_set() {
        found.required(&lun);
    } else if !targets.is_empty() && lun.number().is_some_and(|lun| !(0..=255).contains(&lun)) {
        found.invalid(&lun, "must be between 0 and 255");
    }
}

/// `validateISCSIVolumeSource`.
fn iscsi_secret(volume: &At<'_>, found: &mut Found) {
    let asks = ["chapAuthDiscovery", "chapAuthSession"]
        .iter()
        .any(|name| super::is_true(&volume.get(name)));
    if asks && !volume.get("secretRef").is_set() {
        found.required(&volume.get("secretRef"));
    }
}

/// `validateFlockerVolumeSource`.
fn flocker(volume: &At<'_>, found: &mut Found) {
    let (name, uuid) = (volume.get("datasetName"), volume.get("datasetUUID"));
    match (name.text().is_empty(), uuid.text().is_empty()) {
        (true, true) => {
            found.required(volume).hint("add `datasetName` or `datasetUUID`");
        }
        (false, false) => {
            found.invalid_whole(volume, "must have `datasetName` or `datasetUUID`, not both");
        }
        _ => {}
    }
    if name.text().contains('/') {
        found.invalid(&name, "must not contain `/`");
    }
}

/// `validateFlexVolumeSource`.
fn flex_options(volume: &At<'_>, found: &mut Found) {
    for (key, option) in volume.get("options").entries() {
        let domain = format!(".{}", key.name.split('/').next().unwrap_or_default().to_lowercase());
        if domain.ends_with(".kubernetes.io") || domain.ends_with(".k8s.io") {
            found.bad_key(&option, "of another domain than `kubernetes.io` and `k8s.io`");
        }
    }
}

/// `validateAzureDisk`; without a kind it is `Shared`.
fn azure_disk(volume: &At<'_>, found: &mut Found) {
    let (kind, uri) = (volume.get("kind"), volume.get("diskURI"));
    let start = if kind.text() == "Managed" { "/subscriptions/" } else { "https://" };
    if !uri.text().is_empty() && !uri.text().starts_with(start) {
        found.invalid(&uri, &format!("must begin with `{start}`, as `kind` is `{}`", kind.text()));
    }
}

fn secret_has_a_name(volume: &At<'_>, found: &mut Found) {
    let secret = volume.get("secretRef");
    if secret.is_set() && secret.get("name").text().is_empty() {
        found.required(&secret.get("name"));
    }
}

/// `validateCSIVolumeSource`.
fn csi_secret(volume: &At<'_>, found: &mut Found) {
    let name = volume.get("nodePublishSecretRef.name");
    if volume.get("nodePublishSecretRef").is_set() && name.text().is_empty() {
        found.required(&name);
    } else if !name.text().is_empty() && !is_dns_subdomain(name.text()) {
        found.invalid(&name, &format!("must be {}", DNS_SUBDOMAIN.what)).hint(DNS_SUBDOMAIN.hint);
    }
}

/// `validateProjectionSources`.
fn projected(volume: &At<'_>, found: &mut Found) {
    let mut seen: Vec<&str> = Vec::new();
    for source in volume.get("sources").items() {
        let types = ["secret", "configMap", "downwardAPI", "serviceAccountToken"]
            .map(|name| source.get(name));
        if types.iter().filter(|one| one.is_set()).count() > 1 {
            found
                .forbidden(&source, "may not have more than one type")
                .hint("make an item of each");
        }
        for path in
            types.iter().flat_map(|one| one.get("items").items()).map(|item| item.get("path"))
        {
            if !path.text().is_empty() && seen.contains(&path.text()) {
                found.invalid_whole(volume, &format!("has two files at `{}`", path.text()));
            }
            seen.push(path.text());
        }
    }
}

/// `validateImageVolumeSource`: what a pod has must be there; a template may leave it to others.
fn image_of_pod(pod: &At<'_>, found: &mut Found) {
    for image in pod.get("spec.volumes").items().map(|volume| volume.get("image")) {
        let is_served = pod.object().version.minor() >= 35;
        if is_served && image.is_set() && image.get("reference").text().is_empty() {
            found.required(&image.get("reference"));
        }
    }
}

/// `ValidateTemplateObjectMeta`.
fn metadata_of_claim(claim: &At<'_>, found: &mut Found) {
    let metadata = claim.get("metadata");
    for (key, field) in metadata.entries() {
        if field.is_set() && !field.is_empty() && !["annotations", "labels"].contains(&&*key.name) {
            found.forbidden(&field, "may not be set: only `annotations` and `labels` may");
        }
    }
}
