//! What containers mount: volumes by name, paths that differ.

use super::{At, CodeRule, Found, containers, is_true};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: mounts_have_volumes },
    CodeRule { on: "core/v1.PodSpec", judge: devices_have_claims },
    CodeRule { on: "core/v1.Container", judge: mounts_and_devices_differ },
    CodeRule { on: "core/v1.Container", judge: mounts_reach_the_host },
    CodeRule { on: "core/v1.VolumeMount", judge: one_path_inside },
    CodeRule { on: "core/v1.VolumeMount", judge: read_only_all_the_way },
];

/// The claims of a StatefulSet become volumes of its pods.
fn claims<'m>(pod: &At<'m>) -> Vec<&'m str> {
    let claims = At::root(pod.object()).get("spec.volumeClaimTemplates");
    claims.items().map(|claim| claim.get("metadata.name").text()).collect()
}

/// `ValidateVolumeMounts`.
fn mounts_have_volumes(pod: &At<'_>, found: &mut Found) {
    let volumes = pod.get("volumes").items().map(|volume| volume.get("name").text());
    let volumes: Vec<&str> = volumes.chain(claims(pod)).collect();
    for mount in containers(pod).flat_map(|container| container.get("volumeMounts").items()) {
        let name = mount.get("name");
        if !name.text().is_empty() && !volumes.contains(&name.text()) {
            found.not_found(&name, "no volume").hint("add it to the pod's `volumes`");
        }
    }
}

/// `ValidateVolumeDevices`.
fn devices_have_claims(pod: &At<'_>, found: &mut Found) {
    let claims = claims(pod);
    for device in containers(pod).flat_map(|container| container.get("volumeDevices").items()) {
        let name = device.get("name");
        let mut volumes = pod.get("volumes").items();
        let is_claim = |volume: &At<'_>| {
            volume.get("persistentVolumeClaim").is_set() || volume.get("ephemeral").is_set()
        };
        match volumes.find(|volume| volume.get("name").text() == name.text()) {
            _ if name.text().is_empty() || claims.contains(&name.text()) => {}
            None => {
                found.not_found(&name, "no volume").hint("add it to the pod's `volumes`");
            }
            Some(volume) if !is_claim(&volume) => {
                found
                    .invalid(&name, "must be a volume with `persistentVolumeClaim` or `ephemeral`");
            }
            Some(_) => {}
        }
    }
}

/// `ValidateVolumeMounts`, `ValidateVolumeDevices`.
fn mounts_and_devices_differ(container: &At<'_>, found: &mut Found) {
    for device in container.get("volumeDevices").items() {
        let (name, path) = (device.get("name"), device.get("devicePath"));
        for mount in container.get("volumeMounts").items() {
            if !name.text().is_empty() && mount.get("name").text() == name.text() {
                found.invalid(&name, "must not stand in `volumeMounts`, too");
            }
            if !path.text().is_empty() && mount.get("mountPath").text() == path.text() {
                found.invalid(&path, "must not be the path of a mount, too");
            }
        }
    }
}

/// `validateMountPropagation`; the server names the list.
fn mounts_reach_the_host(container: &At<'_>, found: &mut Found) {
    if is_true(&container.get("securityContext.privileged")) {
        return;
    }
    for mount in container.get("volumeMounts").items() {
        let propagation = mount.get("mountPropagation");
        if propagation.text() == "Bidirectional" {
            found.forbidden(&propagation, "may be `Bidirectional` in a privileged container only");
        }
    }
}

/// `ValidateVolumeMounts`.
fn one_path_inside(mount: &At<'_>, found: &mut Found) {
    let expression = mount.get("subPathExpr");
    if !expression.text().is_empty() && !mount.get("subPath").text().is_empty() {
        found.invalid_whole(&expression, "may not stand beside `subPath`");
    }
}

/// `validateMountRecursiveReadOnly`.
fn read_only_all_the_way(mount: &At<'_>, found: &mut Found) {
    let recursive = mount.get("recursiveReadOnly");
    let is_asked = ["Enabled", "IfPossible"].contains(&recursive.text());
    if !is_asked || mount.object().version.minor() < 31 {
        return;
    }
    if !is_true(&mount.get("readOnly")) {
        found.forbidden(&recursive, "may not stand without `readOnly: true`");
    }
    if !["", "None"].contains(&mount.get("mountPropagation").text()) {
        found.forbidden(&recursive, "may not stand beside a `mountPropagation` other than `None`");
    }
}
