//! Where the bytes of a volume are: one of many sources, each with fields of its own.
//!
//! Source: the functions `validateXVolumeSource` and `validateXPersistentVolumeSource` that `ValidatePersistentVolumeSpec` calls.

use super::super::grammar::is_dns_label;
use super::{At, DNS_LABEL, Found, is_of, names_a_driver, names_a_secret};

/// A source: its field, the fields that it must have, and what else is asked of it.
struct Source {
    name: &'static str,
    asked: &'static [&'static str],
    judge: fn(&At<'_>, &mut Found),
}

const fn source(name: &'static str, asked: &'static [&'static str]) -> Source {
    Source { name, asked, judge: |_, _| () }
}

/// In a server's order: the first that is there is the one that counts.
const SOURCES: [Source; 22] = [
    Source { judge: host_path, ..source("hostPath", &["path"]) },
    Source { judge: partition, ..source("gcePersistentDisk", &["pdName"]) },
    Source { judge: partition, ..source("awsElasticBlockStore", &["volumeID"]) },
    Source { judge: glusterfs, ..source("glusterfs", &["endpoints", "path"]) },
    Source { judge: flocker, ..source("flocker", &[]) },
    Source { judge: nfs, ..source("nfs", &["server", "path"]) },
    source("rbd", &["monitors", "image"]),
    Source { judge: quobyte, ..source("quobyte", &["registry", "volume"]) },
    source("cephfs", &["monitors"]),
    Source { judge: iscsi, ..source("iscsi", &["targetPortal", "iqn"]) },
    Source { judge: cinder, ..source("cinder", &["volumeID"]) },
    Source { judge: fibre_channel, ..source("fc", &[]) },
    Source { judge: flex, ..source("flexVolume", &["driver"]) },
    Source { judge: azure_file, ..source("azureFile", &["secretName", "shareName"]) },
    source("vsphereVolume", &["volumePath"]),
    source("photonPersistentDisk", &["pdID"]),
    source("portworxVolume", &["volumeID"]),
    Source { judge: azure_disk, ..source("azureDisk", &["diskName", "diskURI"]) },
    source("scaleIO", &["gateway", "system", "volumeName"]),
    Source { judge: path_goes_down, ..source("local", &["path"]) },
    Source { judge: storage_os, ..source("storageos", &["volumeName"]) },
    Source { judge: csi, ..source("csi", &["driver", "volumeHandle"]) },
];

/// Holds a volume to have one source, and that to have what it needs.
pub(super) fn one_source(spec: &At<'_>, found: &mut Found) {
    let mut set = SOURCES.iter().filter(|source| spec.get(source.name).is_set());
    let Some(first) = set.next() else {
        found.required(spec).hint("say where the volume is, such as with `csi` or `nfs`");
        return;
    };
    let at = spec.get(first.name);
    for field in first.asked.iter().map(|name| at.get(name)) {
        if field.is_empty() {
            found.required(&field);
        }
    }
    (first.judge)(&at, found);
    for second in set {
        found
            .forbidden(&spec.get(second.name), "may not stand beside another source")
            .hint(format!("keep it or `{}`", first.name));
    }
}

fn host_path(source: &At<'_>, found: &mut Found) {
    const TYPES: [&str; 8] = [
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    path_goes_down(source, found);
    let kind = source.get("type");
    if !TYPES.contains(&kind.text()) {
        found.unsupported(&kind, &TYPES);
    }
}

/// Source: `validatePathNoBacksteps`.
fn path_goes_down(source: &At<'_>, found: &mut Found) {
    let path = source.get("path");
    if path.text().split('/').any(|part| part == "..") {
        found.invalid(&path, "must not contain `..`");
    }
}

fn partition(source: &At<'_>, found: &mut Found) {
    is_between(&source.get("partition"), 0, 255, found);
}

fn is_between(at: &At<'_>, least: i64, most: i64, found: &mut Found) {
    if at.number().is_some_and(|number| !(least..=most).contains(&number)) {
        found.invalid(at, &format!("must be between {least} and {most}"));
    }
}

fn glusterfs(source: &At<'_>, found: &mut Found) {
    is_of(&DNS_LABEL, &source.get("endpointsNamespace"), found);
}

fn flocker(source: &At<'_>, found: &mut Found) {
    let (name, uuid) = (source.get("datasetName"), source.get("datasetUUID"));
    match (name.is_empty(), uuid.is_empty()) {
        (true, true) => {
            found.required(source).hint("add `datasetName` or `datasetUUID`");
        }
        (false, false) => {
            found.invalid_whole(source, "may have `datasetName` or `datasetUUID`, not both");
        }
        _ => {}
    }
    if name.text().contains('/') {
        found.invalid(&name, "must not contain `/`");
    }
}

fn nfs(source: &At<'_>, found: &mut Found) {
    let path = source.get("path");
    if !path.is_empty() && !path.text().starts_with('/') {
        found.invalid(&path, "must begin with `/`");
    }
}

fn quobyte(source: &At<'_>, found: &mut Found) {
    let registry = source.get("registry");
    let is_pair = |pair: &str| pair.bytes().filter(|b| *b == b':').count() == 1;
    if !registry.is_empty() && !registry.text().split(',').all(is_pair) {
        found.invalid(&registry, "must be `host:port` pairs with commas between them");
    }
}

fn iscsi(source: &At<'_>, found: &mut Found) {
    const FORM: &str = "must be a name of iSCSI, `iqn.…`, `eui.…` or `naa.…`";
    const HINT: &str = "write it as `iqn.2001-04.com.example:storage`";
    is_between(&source.get("lun"), 0, 255, found);
    let (target, initiator) = (source.get("iqn"), source.get("initiatorName"));
    for (name, is_judged) in [(&target, !target.is_empty()), (&initiator, initiator.is_set())] {
        if is_judged && !is_iscsi_name(name.text()) {
            found.invalid(name, FORM).hint(HINT);
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

/// Source: `validateISCSIPersistentVolumeSource` and the patterns beside it.
fn is_iscsi_name(text: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    match text.split_once('.') {
        Some(("iqn", rest)) => is_iqn(rest),
        Some(("eui", rest)) => rest.len() == 16 && is_hex(rest),
        Some(("naa", rest)) => rest.len() == 32 && is_hex(rest),
        _ => false,
    }
}

fn is_iqn(text: &str) -> bool {
    let Some((date_and_host, name)) = text.split_once(':') else { return false };
    let Some((date, host)) = date_and_host.split_once('.') else { return false };
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let is_date = date.split_once('-').is_some_and(|(y, m)| digits(y, 4) && digits(m, 2));
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let is_name = !name.is_empty() && !name.bytes().any(|b| b.is_ascii_whitespace());
    is_date && host.split('.').all(is_part) && is_name
}

fn cinder(source: &At<'_>, found: &mut Found) {
    has_secret_fields(&source.get("secretRef"), found);
}

fn has_secret_fields(secret: &At<'_>, found: &mut Found) {
    for field in ["name", "namespace"].map(|name| secret.get(name)) {
        if secret.is_set() && field.is_empty() {
            found.required(&field);
        }
    }
}

fn fibre_channel(source: &At<'_>, found: &mut Found) {
    let (targets, ids, lun) = (source.get("targetWWNs"), source.get("wwids"), source.get("lun"));
    match (targets.is_empty(), ids.is_empty()) {
        (true, true) => {
            found.required(&targets).hint("add `targetWWNs` with `lun`, or `wwids`");
        }
        (false, false) => {
            found.invalid_whole(&targets, "may not stand beside `wwids`");
        }
        _ => {}
    }
    if !targets.is_empty() {
        if !lun.is_set() {
            found.required(&lun).hint("`targetWWNs` need it");
        }
        is_between(&lun, 0, 255, found);
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

fn azure_disk(source: &At<'_>, found: &mut Found) {
    let (caching, kind) = (source.get("cachingMode"), source.get("kind"));
    for (at, choices) in
        [(&caching, ["None", "ReadOnly", "ReadWrite"]), (&kind, ["Dedicated", "Managed", "Shared"])]
    {
        if at.is_set() && !choices.contains(&at.text()) {
            found.unsupported(at, &choices);
        }
    }
    let uri = source.get("diskURI");
    let start = if kind.text() == "Managed" { "/subscriptions/" } else { "https://" };
    if !uri.is_empty() && !uri.text().starts_with(start) {
        found.invalid(&uri, &format!("must begin with `{start}`"));
    }
}

fn storage_os(source: &At<'_>, found: &mut Found) {
    for name in ["volumeName", "volumeNamespace"].map(|name| source.get(name)) {
        if !name.is_empty() && !is_dns_label(name.text()) {
            found.not_of(&name, &DNS_LABEL);
        }
    }
    has_secret_fields(&source.get("secretRef"), found);
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
