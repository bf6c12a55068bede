//! Probes and what runs when containers start and stop.

use super::{At, CodeRule, Found, containers};
use crate::check::rules::grammar::PORT_NAME;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.Probe", judge: probe_has_one_handler },
    CodeRule { on: "core/v1.LifecycleHandler", judge: hook_has_one_handler },
    CodeRule { on: "core/v1.Container", judge: bounds_by_probe },
    CodeRule { on: "core/v1.HTTPGetAction", judge: port_or_name },
    CodeRule { on: "core/v1.TCPSocketAction", judge: port_or_name },
    CodeRule { on: "core/v1.PodSpec", judge: sleep_within_grace },
];

/// `validateHandler`.
fn probe_has_one_handler(probe: &At<'_>, found: &mut Found) {
    one_handler(probe, &["exec", "httpGet", "tcpSocket", "grpc"], found);
}

/// `validateLifecycle`.
fn hook_has_one_handler(hook: &At<'_>, found: &mut Found) {
    match hook.object().version.minor() {
        30.. => one_handler(hook, &["exec", "httpGet", "tcpSocket", "sleep"], found),
        _ => one_handler(hook, &["exec", "httpGet", "tcpSocket"], found),
    }
}

fn one_handler(at: &At<'_>, ways: &[&str], found: &mut Found) {
    let mut set = ways.iter().map(|way| at.get(way)).filter(At::is_set);
    if set.next().is_none() {
        let choices = ways.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", ");
        found.required(at).hint(format!("add one of {choices}"));
    }
    for second in set {
        found.forbidden(&second, "may not stand beside another handler");
    }
}

/// `validateLivenessProbe`, `validateStartupProbe`, `validateReadinessProbe`; 0 successes count as 1.
fn bounds_by_probe(container: &At<'_>, found: &mut Found) {
    for probe in ["livenessProbe", "startupProbe"] {
        let successes = container.get(probe).get("successThreshold");
        if successes.number().is_some_and(|number| number > 1) {
            found.invalid(&successes, "must be 1");
        }
    }
    let grace = container.get("readinessProbe.terminationGracePeriodSeconds");
    if grace.is_set() {
        found.invalid_whole(&grace, "may not be set: a readiness probe ends no container");
    }
}

/// `ValidatePortNumOrName`.
fn port_or_name(action: &At<'_>, found: &mut Found) {
    let port = action.get("port");
    let text = port.node().and_then(|node| node.as_str());
    match text {
        Some(text) if !text.is_empty() && !(PORT_NAME.holds)(text) => {
            found.not_of(&port, &PORT_NAME);
        }
        None if port.number().is_some_and(|number| !(1..=65535).contains(&number)) => {
            found.invalid(&port, "must be between 1 and 65535, or the name of a port");
        }
        _ => {}
    }
}

/// `validateSleepAction`.
fn sleep_within_grace(pod: &At<'_>, found: &mut Found) {
    let minor = pod.object().version.minor();
    let least = i64::from(minor < 33);
    let grace = pod.get("terminationGracePeriodSeconds").number().unwrap_or(30);
    for container in containers(pod).filter(|_| minor >= 30) {
        for hook in ["postStart", "preStop"].map(|name| container.get("lifecycle").get(name)) {
            let sleep = hook.get("sleep");
            let seconds = sleep.get("seconds").number().unwrap_or(0);
            if sleep.is_set() && !(least..=grace).contains(&seconds) {
                let what = format!(
                    "must be between {least} and the pod's `terminationGracePeriodSeconds`, {grace} seconds"
                );
                found.invalid_whole(&sleep, &what);
            }
        }
    }
}
