//! Containers among each other: names, host ports, those that run first.

use super::{At, CodeRule, Found, containers, is_true};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: names_differ },
    CodeRule { on: "core/v1.PodSpec", judge: host_ports_differ },
    CodeRule { on: "core/v1.PodSpec", judge: host_ports_of_the_host_network },
    CodeRule { on: "core/v1.PodSpec", judge: only_sidecars_live_on },
    CodeRule { on: "core/v1.PodSpec", judge: restart_policies },
    CodeRule { on: "core/v1.PodSpec", judge: resizes_without_restart },
    CodeRule { on: "core/v1.Pod", judge: images_without_blanks },
];

/// `validateInitContainers`: their names differ from those of the other containers, too.
fn names_differ(pod: &At<'_>, found: &mut Found) {
    let mut seen: Vec<&str> =
        pod.get("containers").items().map(|one| one.get("name").text()).collect();
    for container in pod.get("initContainers").items() {
        let name = container.get("name");
        if !name.text().is_empty() && seen.contains(&name.text()) {
            found.duplicate(&name);
        }
        seen.push(name.text());
    }
}

/// `checkHostPortConflicts`: of all containers together, and of each one that runs first by itself.
fn host_ports_differ(pod: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for container in pod.get("containers").items() {
        host_ports_of(&container, pod, &mut seen, found);
    }
    for container in pod.get("initContainers").items() {
        host_ports_of(&container, pod, &mut Vec::new(), found);
    }
}

/// A protocol, an address and a number.
type HostPort<'m> = (&'m str, &'m str, i64);

fn host_ports_of<'m>(
    container: &At<'m>,
    pod: &At<'m>,
    seen: &mut Vec<HostPort<'m>>,
    found: &mut Found,
) {
    for port in container.get("ports").items() {
        let host_port = port.get("hostPort");
        let written = host_port.number().filter(|number| *number != 0);
        let Some(number) = written.or_else(|| default_host_port(&port, pod)) else { continue };
        let key = (port.get("protocol").text(), port.get("hostIP").text(), number);
        if seen.contains(&key) {
            found.duplicate(&host_port).hint("a port of the host is of one container");
        }
        seen.push(key);
    }
}

/// `SetDefaults_Pod`: a Pod on the host's network has its ports there, too. A template's ports are left as they are.
fn default_host_port(port: &At<'_>, pod: &At<'_>) -> Option<i64> {
    let is_set = pod.object().kind == "Pod" && is_true(&pod.get("hostNetwork"));
    port.get("containerPort").number().filter(|number| is_set && *number != 0)
}

/// `validatePodHostNetworkDeps`. A Pod's host ports are set to the ports of the containers where they are absent.
fn host_ports_of_the_host_network(pod: &At<'_>, found: &mut Found) {
    if !is_true(&pod.get("hostNetwork")) {
        return;
    }
    for port in pod.get("containers").items().flat_map(|one| one.get("ports").items()) {
        let (host, inner) = (port.get("hostPort"), port.get("containerPort"));
        let number = host.number().filter(|number| *number != 0);
        if number.is_some() && number != inner.number() {
            found
                .invalid(&host, "must be `containerPort`, as the pod has `hostNetwork`")
                .hint("remove `hostPort`");
        }
    }
}

/// `validateInitContainers`: a container that ends before the others begin is not probed.
fn only_sidecars_live_on(pod: &At<'_>, found: &mut Found) {
    const OF_SIDECARS: [&str; 4] = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
    for container in pod.get("initContainers").items() {
        if container.get("restartPolicy").text() == "Always" {
            continue;
        }
        for field in OF_SIDECARS.map(|name| container.get(name)).iter().filter(|it| it.is_set()) {
            found
                .forbidden(field, "may not stand in an init container that ends")
                .hint("remove it, or make the container a sidecar with `restartPolicy: Always`");
        }
    }
}

/// `validateContainerRestartPolicy`, `validateInitContainerRestartPolicy`.
fn restart_policies(pod: &At<'_>, found: &mut Found) {
    let minor = pod.object().version.minor();
    for container in pod.get("containers").items().filter(|_| minor >= 29) {
        let policy = container.get("restartPolicy");
        if policy.is_set() && minor < 35 {
            found.forbidden(&policy, "may only stand in an init container");
        }
    }
    for container in containers(pod).filter(|_| minor >= 35) {
        restart_rules(&container, found);
    }
    for container in pod.get("initContainers").items() {
        match minor {
            35.. => always_without_rules(&container, found),
            29.. => restarts_always(&container.get("restartPolicy"), found),
            _ => {}
        }
    }
}

fn restarts_always(policy: &At<'_>, found: &mut Found) {
    if policy.is_set() && policy.text() != "Always" {
        found.unsupported(policy, &["Always"]);
    }
}

fn restart_rules(container: &At<'_>, found: &mut Found) {
    let (policy, rules) = (container.get("restartPolicy"), container.get("restartPolicyRules"));
    if policy.is_set() && !["Always", "Never", "OnFailure"].contains(&policy.text()) {
        found.unsupported(&policy, &["Always", "Never", "OnFailure"]);
    }
    if !policy.is_set() && !rules.is_empty() {
        found.required(&policy).hint("`restartPolicyRules` need one");
    }
}

fn always_without_rules(container: &At<'_>, found: &mut Found) {
    let rules = container.get("restartPolicyRules");
    if container.get("restartPolicy").text() == "Always" && !rules.is_empty() {
        found.forbidden(&rules, "may not stand in an init container that always restarts");
    }
}

/// `validateResizePolicy`.
fn resizes_without_restart(pod: &At<'_>, found: &mut Found) {
    if pod.get("restartPolicy").text() != "Never" || pod.object().version.minor() < 33 {
        return;
    }
    for policies in containers(pod).map(|container| container.get("resizePolicy")) {
        if policies.items().any(|one| one.get("restartPolicy").text() == "RestartContainer") {
            let what = "must have `restartPolicy: NotRequired` only, as the pod never restarts";
            found.invalid_whole(&policies, what);
        }
    }
}

/// `validateContainerOnlyForPod`.
fn images_without_blanks(pod: &At<'_>, found: &mut Found) {
    for image in containers(&pod.get("spec")).map(|container| container.get("image")) {
        if image.text().trim() != image.text() {
            found.invalid(&image, "must not begin or end with blanks");
        }
    }
}
