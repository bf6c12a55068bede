//! Volumes by themselves, and those that an attachment brings along.
//!
//! Source: `ValidatePersistentVolumeSpec`.

use super::source::one_source;
use super::{At, CodeRule, Found, is_more_than_zero, one_pod_stands_alone};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PersistentVolume", judge: volume },
    CodeRule { on: "storage/v1.VolumeAttachment", judge: attachment },
];

fn volume(volume: &At<'_>, found: &mut Found) {
    let spec = volume.get("spec");
    one_pod_stands_alone(&spec.get("accessModes"), found);
    capacity(&spec.get("capacity"), found);
    one_source(&spec, found);
    affinity(&spec, found);
    let attributes = spec.get("volumeAttributesClassName");
    let has_attributes = attributes.is_set() && spec.object().version.minor() >= 34;
    if has_attributes && !spec.get("csi").is_set() {
        found.required(&spec.get("csi")).hint("`volumeAttributesClassName` is for CSI volumes");
    }
    root_is_not_emptied(&spec, found);
}

fn affinity(spec: &At<'_>, found: &mut Found) {
    let (nodes, required) = (spec.get("nodeAffinity"), spec.get("nodeAffinity.required"));
    if spec.get("local").is_set() && !nodes.is_set() {
        found.required(&nodes).hint("say which node has the folder of a `local` volume");
    } else if nodes.is_set() && !required.is_set() {
        found.required(&required);
    }
}

/// Only `storage`, and some of it.
fn capacity(capacity: &At<'_>, found: &mut Found) {
    let mut others = capacity.entries().filter(|(key, _)| &*key.name != "storage").peekable();
    if !capacity.is_empty() && (others.peek().is_some() || !capacity.has_key("storage")) {
        found.invalid_whole(capacity, "must have `storage` and nothing else");
    }
    capacity.entries().for_each(|(_, amount)| is_more_than_zero(&amount, found));
}

fn root_is_not_emptied(spec: &At<'_>, found: &mut Found) {
    let (path, policy) = (spec.get("hostPath.path"), spec.get("persistentVolumeReclaimPolicy"));
    let is_root = path.text().starts_with('/') && path.text().bytes().all(|b| b == b'/');
    if is_root && policy.text() == "Recycle" {
        found.forbidden(&policy, "may not be `Recycle` where `hostPath` is the root folder");
    }
}

/// Source: `validateVolumeAttachmentSource`.
fn attachment(attachment: &At<'_>, found: &mut Found) {
    super::names_a_driver(&attachment.get("spec.attacher"), found);
    let source = attachment.get("spec.source");
    let (inline, name) = (source.get("inlineVolumeSpec"), source.get("persistentVolumeName"));
    match (inline.is_set(), name.is_set()) {
        (false, false) => {
            found.required(&source).hint("add `persistentVolumeName`");
        }
        (true, true) => {
            found.forbidden(
                &source,
                "may have `inlineVolumeSpec` or `persistentVolumeName`, not both",
            );
        }
        (true, false) => inline_volume(&inline, found),
        (false, true) if name.is_empty() => {
            found.required(&name);
        }
        (false, true) => super::is_of(&super::DNS_SUBDOMAIN, &name, found),
    }
}

/// What only a volume by itself has may not be there.
fn inline_volume(spec: &At<'_>, found: &mut Found) {
    one_pod_stands_alone(&spec.get("accessModes"), found);
    one_source(spec, found);
    if !spec.get("csi").is_set() {
        found.required(&spec.get("csi")).hint("only CSI volumes can stand in an attachment");
    }
    for name in ["capacity", "claimRef", "nodeAffinity", "storageClassName"] {
        let at = spec.get(name);
        let is_there = match name {
            "capacity" | "storageClassName" => !at.is_empty(),
            _ => at.is_set(),
        };
        if is_there {
            found.forbidden(&at, "may not be there for a volume in an attachment");
        }
    }
    for (name, only) in [("persistentVolumeReclaimPolicy", "Retain"), ("volumeMode", "Filesystem")]
    {
        let at = spec.get(name);
        let is_other = !at.is_empty() || (name == "volumeMode" && at.is_set());
        if is_other && at.text() != only {
            let what = format!("may only be `{only}` for a volume in an attachment");
            found.forbidden(&at, &what);
        }
    }
}
