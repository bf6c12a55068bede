//! Ports of a pod's containers, all of them together.

use super::{At, CodeRule, Found, containers_of};
use std::collections::BTreeMap;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: numbers },
    CodeRule { on: "core/v1.PodSpec", judge: names },
];

/// Where a port can be reached on the node; 0 where it cannot.
struct Host<'m> {
    at: At<'m>,
    /// The position of its container.
    container: usize,
    address: &'m str,
    number: i64,
}

impl Host<'_> {
    /// How another port of the same number and protocol is at odds with this one.
    fn conflict(&self, other: &Self) -> Option<&'static str> {
        match self.number == other.number {
            true if self.address == other.address => Some("is the same port as"),
            _ if self.number == 0 || other.number == 0 => Some("overlaps with"),
            true if self.address.is_empty() != other.address.is_empty() => {
                Some("cannot be told on the node from")
            }
            // Of these a create says nothing, but applying refuses them as well.
            _ if self.container == other.container => Some("has the number and protocol of"),
            _ => None,
        }
    }
}

fn numbers(pod: &At<'_>, found: &mut Found) {
    let mut seen: BTreeMap<(i64, &str), Vec<Host<'_>>> = BTreeMap::new();
    let ports = containers_of(pod)
        .enumerate()
        .flat_map(|(container, one)| one.get("ports").items().map(move |port| (container, port)));
    for (container, at) in ports {
        let number = at.get("hostPort").number().unwrap_or(0);
        let host = Host {
            address: at.get("hostIP").text(),
            number: number.max(of_host(&at, pod)),
            at,
            container,
        };
        if !host.address.is_empty() && host.number == 0 {
            found
                .warn(&host.at, "has a `hostIP` without a `hostPort`, which does nothing")
                .hint("add `hostPort`, or remove `hostIP`");
        }
        let inner = host.at.get("containerPort").number().unwrap_or(0);
        let same = seen.entry((inner, host.at.get("protocol").text())).or_default();
        for other in same.iter() {
            if let Some(conflict) = host.conflict(other) {
                found
                    .warn(&host.at, &format!("{conflict} `{}`", other.at.path()))
                    .hint("remove one of the two: applying from the server's side refuses both of one container");
            }
        }
        same.push(host);
    }
}

/// `SetDefaults_Pod`: a Pod on the host's network has its ports there, too.
fn of_host(port: &At<'_>, pod: &At<'_>) -> i64 {
    let is_of_pod = pod.object().kind == "Pod" && pod.get("hostNetwork").is_true();
    port.get("containerPort").number().filter(|_| is_of_pod).unwrap_or(0)
}

/// Of one container, a server refuses it.
fn names<'m>(pod: &At<'m>, found: &mut Found) {
    let mut seen: BTreeMap<&str, At<'m>> = BTreeMap::new();
    for port in containers_of(pod).flat_map(|container| container.get("ports").items()) {
        let name = port.get("name").text();
        match seen.get(name) {
            _ if name.is_empty() => {}
            Some(first) => {
                let what = format!("has the name `{name}`, as `{}` has", first.path());
                found.warn(&port, &what).hint("rename it: who names the port means the first one");
            }
            None => drop(seen.insert(name, port)),
        }
    }
}
