//! Where the bytes of a volume are: one of many sources. Those that pods have too are judged as theirs are.
//!
//! Source: the functions `validateXPersistentVolumeSource` that `ValidatePersistentVolumeSpec` calls.

use super::super::grammar::is_dns_label;
use super::super::grammar::pods::ISCSI_NAME;
use super::{At, CodeRule, DNS_LABEL, Found, names_a_driver, names_a_secret};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.CinderPersistentVolumeSource", judge: secret_is_named },
    CodeRule { on: "core/v1.CSIPersistentVolumeSource", judge: csi },
    CodeRule { on: "core/v1.FlexPersistentVolumeSource", judge: flex },
    CodeRule { on: "core/v1.AzureFilePersistentVolumeSource", judge: azure_file },
    CodeRule { on: "core/v1.ISCSIPersistentVolumeSource", judge: iscsi },
    CodeRule { on: "core/v1.LocalVolumeSource", judge: path_goes_down },
    CodeRule { on: "core/v1.StorageOSPersistentVolumeSource", judge: storage_os },
];

/// In a server's order: the first that is there is the one that counts.
const SOURCES: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// Holds a volume to have one source.
pub(super) fn one_source(spec: &At<'_>, found: &mut Found) {
    let mut set = SOURCES.iter().filter(|name| spec.get(name).is_set());
    let Some(first) = set.next() else {
        found.required(spec).hint("say where the volume is, such as with `csi` or `nfs`");
        return;
    };
    for second in set {
        found
            .forbidden(&spec.get(second), "may not stand beside another source")
            .hint(format!("keep it or `{first}`"));
    }
}

/// Source: `validatePathNoBacksteps`.
fn path_goes_down(source: &At<'_>, found: &mut Found) {
    let path = source.get("path");
    if path.text().split('/').any(|part| part == "..") {
        found.invalid(&path, "must not contain `..`");
    }
}

/// Source: `validateISCSIPersistentVolumeSource`.
fn iscsi(source: &At<'_>, found: &mut Found) {
    let (target, initiator) = (source.get("iqn"), source.get("initiatorName"));
    for (name, is_judged) in [(&target, !target.is_empty()), (&initiator, initiator.is_set())] {
        if is_judged && !(ISCSI_NAME.holds)(name.text()) {
            found.not_of(name, &ISCSI_NAME);
        }
    }
    let secret = source.get("secretRef");
    let needs_secret =
        source.get("chapAuthDiscovery").is_true() || source.get("chapAuthSession").is_true();
    if needs_secret && !secret.is_set() {
        found.required(&secret).hint("CHAP takes its password from a Secret");
    } else if secret.is_set() && secret.get("name").is_empty() {
        found.required(&secret.get("name"));
    }
}

fn secret_is_named(source: &At<'_>, found: &mut Found) {
    let secret = source.get("secretRef");
    for field in ["name", "namespace"].map(|name| secret.get(name)) {
        if secret.is_set() && field.is_empty() {
            found.required(&field);
        }
    }
}

/// Source: `validateFlexVolumeSource`.
fn flex(source: &At<'_>, found: &mut Found) {
    let is_reserved = |key: &str| {
        let prefix = key.split('/').next().unwrap_or_default().to_ascii_lowercase();
        ["kubernetes.io", "k8s.io"].iter().any(|name| {
            prefix.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    for (_, option) in source.get("options").entries().filter(|(key, _)| is_reserved(&key.name)) {
        found.bad_key(&option, "outside of `kubernetes.io` and `k8s.io`, which are reserved");
    }
}

fn azure_file(source: &At<'_>, found: &mut Found) {
    let namespace = source.get("secretNamespace");
    if namespace.is_set() && namespace.is_empty() {
        found.required(&namespace);
    }
}

fn storage_os(source: &At<'_>, found: &mut Found) {
    for name in ["volumeName", "volumeNamespace"].map(|name| source.get(name)) {
        if !name.is_empty() && !is_dns_label(name.text()) {
            found.not_of(&name, &DNS_LABEL);
        }
    }
    secret_is_named(source, found);
}

/// The Secret for staging is not looked at. Source: `validateCSIPersistentVolumeSource`.
fn csi(source: &At<'_>, found: &mut Found) {
    names_a_driver(&source.get("driver"), found);
    let secrets = [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ];
    for secret in secrets.map(|name| source.get(name)) {
        if secret.is_set() {
            names_a_secret(&secret, found);
        }
    }
}
