//! Pods of an operating system: what does not exist there, and the users of Windows.

use super::{At, CodeRule, Found, containers, is_true};
use crate::check::rules::grammar::is_dns_label;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: fields_of_the_system },
    CodeRule { on: "core/v1.PodSpec", judge: host_processes },
    CodeRule { on: "core/v1.WindowsSecurityContextOptions", judge: options },
];

/// What a pod of Windows has not.
const NOT_OF_PODS: [&str; 15] = [
    "hostIPC",
    "hostPID",
    "hostUsers",
    "shareProcessNamespace",
    "securityContext.appArmorProfile",
    "securityContext.fsGroup",
    "securityContext.fsGroupChangePolicy",
    "securityContext.runAsGroup",
    "securityContext.runAsUser",
    "securityContext.seLinuxChangePolicy",
    "securityContext.seLinuxOptions",
    "securityContext.seccompProfile",
    "securityContext.supplementalGroups",
    "securityContext.supplementalGroupsPolicy",
    "securityContext.sysctls",
];

const NOT_OF_CONTAINERS: [&str; 10] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
];

/// `validateLinux`, `validateWindows`.
fn fields_of_the_system(pod: &At<'_>, found: &mut Found) {
    let contexts = || containers(pod).map(|container| container.get("securityContext"));
    match pod.get("os.name").text() {
        "linux" => {
            let all = contexts().chain([pod.get("securityContext")]);
            for options in all.map(|context| context.get("windowsOptions")).filter(At::is_set) {
                found.forbidden(&options, "may not be set for a Linux pod");
            }
        }
        "windows" => {
            let of_pod = NOT_OF_PODS.map(|name| pod.get(name));
            let of_containers =
                contexts().flat_map(|context| NOT_OF_CONTAINERS.map(|name| context.get(name)));
            for field in of_pod.into_iter().chain(of_containers).filter(is_there) {
                found.forbidden(&field, "may not be set for a Windows pod");
            }
        }
        _ => {}
    }
}

/// What is false or empty counts as absent where Go has no pointer.
fn is_there(field: &At<'_>) -> bool {
    let path = field.path().to_string();
    match path.rsplit('.').next() {
        Some("hostIPC" | "hostPID") => is_true(field),
        Some("sysctls") => !field.is_empty(),
        _ => field.is_set(),
    }
}

/// `validateWindowsHostProcessPod`.
fn host_processes(pod: &At<'_>, found: &mut Found) {
    const WAY: &str = "securityContext.windowsOptions.hostProcess";
    let of_pod = pod.get(WAY);
    let (mut all, mut of_host) = (0, 0);
    for own in containers(pod).map(|container| container.get(WAY)) {
        if own.is_set() && of_pod.is_set() && is_true(&own) != is_true(&of_pod) {
            found.invalid(&own, "must be what the pod's `hostProcess` is");
        }
        all += 1;
        of_host += usize::from(is_true(if own.is_set() { &own } else { &of_pod }));
    }
    if of_host > 0 && of_host != all {
        found.invalid_whole(pod, "must have `hostProcess` in all containers or in none");
    }
    if of_host > 0 && !is_true(&pod.get("hostNetwork")) {
        found.invalid_whole(&pod.get("hostNetwork"), "must be `true` beside `hostProcess: true`");
    }
}

/// `validateWindowsSecurityContextOptions`.
fn options(options: &At<'_>, found: &mut Found) {
    let credentials = options.get("gmsaCredentialSpec");
    if credentials.is_set() && credentials.text().is_empty() {
        found.invalid(&credentials, "must not be empty");
    }
    let name = options.get("runAsUserName");
    if let Some(what) = name.node().and_then(|_| wrong_user(name.text())) {
        found.invalid(&name, what);
    }
}

/// What is wrong with `USER` or `DOMAIN\USER`.
fn wrong_user(name: &str) -> Option<&'static str> {
    let (domain, user) = match name.split_once('\\') {
        Some((domain, user)) => (Some(domain), user),
        None => (None, name),
    };
    let is_domain = |domain: &str| domain.len() < 256 && (is_net_bios(domain) || is_dns(domain));
    if name.is_empty() || user.is_empty() {
        Some("must name a user")
    } else if name.chars().any(|c| c.is_ascii_control()) {
        Some("must not have control characters")
    } else if !domain.is_none_or(is_domain) {
        Some("must have a NetBIOS or DNS name before `\\`")
    } else if user.len() > 104 {
        Some("must have a user of at most 104 bytes")
    } else if user.chars().all(|c| matches!(c, '.' | ' ')) {
        Some("must have a user that is more than dots and blanks")
    } else if user.contains(|c: char| "\"/\\:;|=,+*?<>@[]".contains(c)) {
        Some("must have a user without any of `\"/\\:;|=,+*?<>@[]`")
    } else {
        None
    }
}

fn is_net_bios(text: &str) -> bool {
    let is_inside = |c: char| !"\\/:*?\"<>|".contains(c);
    (1..=15).contains(&text.chars().count())
        && text.chars().all(is_inside)
        && !text.starts_with('.')
}

fn is_dns(text: &str) -> bool {
    text.split('.').all(|part| is_dns_label(&part.to_ascii_lowercase()))
}
