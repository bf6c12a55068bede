//! What containers may do: profiles, privileges, kernel parameters.

use super::{At, CodeRule, Found, containers, is_false, is_true};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.SeccompProfile", judge: seccomp },
    CodeRule { on: "core/v1.AppArmorProfile", judge: app_armor },
    CodeRule { on: "core/v1.SecurityContext", judge: privileges },
    CodeRule { on: "core/v1.PodSpec", judge: host_users },
    CodeRule { on: "core/v1.PodSpec", judge: kernel_parameters },
    CodeRule { on: "core/v1.PodSpec", judge: processes_of_one_space },
];

/// `validateSeccompProfileField`.
fn seccomp(profile: &At<'_>, found: &mut Found) {
    let local = profile.get("localhostProfile");
    match profile.get("type").text() {
        "Localhost" if !local.is_set() => {
            found.required(&local).hint("`type: Localhost` names a file on the node");
        }
        "Localhost" => {}
        _ if local.is_set() => {
            found.invalid_whole(&local, "may only stand beside `type: Localhost`");
        }
        _ => {}
    }
}

/// `ValidateAppArmorProfileField`.
fn app_armor(profile: &At<'_>, found: &mut Found) {
    let local = profile.get("localhostProfile");
    match profile.get("type").text() {
        "Localhost" if local.text().is_empty() => {
            found.required(&local).hint("`type: Localhost` names a profile on the node");
        }
        "Localhost" if local.text().trim() != local.text() => {
            found.invalid(&local, "must not begin or end with blanks");
        }
        "RuntimeDefault" | "Unconfined" if local.is_set() => {
            found.invalid_whole(&local, "may only stand beside `type: Localhost`");
        }
        _ => {}
    }
}

/// `ValidateSecurityContext`.
fn privileges(context: &At<'_>, found: &mut Found) {
    if !is_false(&context.get("allowPrivilegeEscalation")) {
        return;
    }
    if is_true(&context.get("privileged")) {
        let what = "may not have `allowPrivilegeEscalation: false` beside `privileged: true`";
        found.invalid_whole(context, what);
    }
    if context.get("capabilities.add").items().any(|one| one.text() == "CAP_SYS_ADMIN") {
        let what = "may not have `allowPrivilegeEscalation: false` beside `CAP_SYS_ADMIN`";
        found.invalid_whole(context, what);
    }
}

/// `validateHostUsers`, and what `ValidateSecurityContext` asks of a pod without users of its own.
fn host_users(pod: &At<'_>, found: &mut Found) {
    if pod.object().version.minor() < 33 {
        return;
    }
    let has_own = is_false(&pod.get("hostUsers"));
    for field in ["hostNetwork", "hostPID", "hostIPC"].map(|name| pod.get(name)) {
        if has_own && is_true(&field) {
            found.forbidden(&field, "may not be `true` beside `hostUsers: false`");
        }
    }
    for container in containers(pod) {
        let (devices, mount) =
            (container.get("volumeDevices"), container.get("securityContext.procMount"));
        if has_own && !devices.is_empty() && pod.object().version.minor() >= 35 {
            found.forbidden(&devices, "may not stand beside `hostUsers: false`");
        }
        if !has_own && mount.text() == "Unmasked" {
            found.invalid(&mount, "must not be `Unmasked` without `hostUsers: false`");
        }
    }
}

/// `ValidateHostSysctl`.
fn kernel_parameters(pod: &At<'_>, found: &mut Found) {
    const OF_IPC: [&str; 3] = ["fs.mqueue.", "kernel.msg", "kernel.shm"];
    for name in pod.get("securityContext.sysctls").items().map(|one| one.get("name")) {
        let text = name.text().replace('/', ".");
        let is_ipc = text == "kernel.sem" || OF_IPC.iter().any(|start| text.starts_with(start));
        if text.starts_with("net.") && is_true(&pod.get("hostNetwork")) {
            found.invalid(&name, "must not be of the network, as the pod has `hostNetwork`");
        }
        if is_ipc && is_true(&pod.get("hostIPC")) {
            found.invalid(&name, "must not be of IPC, as the pod has `hostIPC`");
        }
    }
}

/// `validatePodSpecSecurityContext`.
fn processes_of_one_space(pod: &At<'_>, found: &mut Found) {
    let share = pod.get("shareProcessNamespace");
    if is_true(&share) && is_true(&pod.get("hostPID")) {
        found.invalid_whole(&share, "may not be `true` beside `hostPID: true`");
    }
}
