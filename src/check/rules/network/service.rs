//! Services.
//!
//! Source: `validateService` of `pkg/apis/core/validation/validation.go`, `pkg/apis/core/v1/defaults.go`, and for the families of
//! addresses `initIPFamilyFields` of `pkg/registry/core/service/storage/alloc.go`.

use super::{At, CodeRule, Found, address, labels, or, port, range, reachable};
use crate::check::rules::grammar::{DNS_SUBDOMAIN, LABEL_KEY};
use crate::check::rules::ip;

const SERVICE: &str = "core/v1.Service";

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: SERVICE, judge: ports_are_there },
    CodeRule { on: SERVICE, judge: several_ports_have_names },
    CodeRule { on: SERVICE, judge: ports_lead_somewhere },
    CodeRule { on: SERVICE, judge: node_ports_differ },
    CodeRule { on: SERVICE, judge: headless_is_of_the_cluster },
    CodeRule { on: SERVICE, judge: outside_name },
    CodeRule { on: SERVICE, judge: selector },
    CodeRule { on: SERVICE, judge: affinity },
    CodeRule { on: SERVICE, judge: cluster_addresses },
    CodeRule { on: SERVICE, judge: families },
    CodeRule { on: SERVICE, judge: families_of_addresses },
    CodeRule { on: SERVICE, judge: outside_addresses },
    CodeRule { on: SERVICE, judge: source_ranges },
    CodeRule { on: SERVICE, judge: of_load_balancers },
    CodeRule { on: SERVICE, judge: outside_traffic },
    CodeRule { on: SERVICE, judge: health_check },
    CodeRule { on: SERVICE, judge: hints_agree },
];

fn type_of<'m>(spec: &At<'m>) -> &'m str {
    or(&spec.get("type"), "ClusterIP")
}

/// The addresses of a service, `clusterIP` alone or all of `clusterIPs`.
fn addresses<'m>(spec: &At<'m>) -> Vec<At<'m>> {
    let (one, all) = (spec.get("clusterIP"), spec.get("clusterIPs"));
    match all.is_empty() && !one.is_empty() {
        true => vec![one],
        false => all.items().collect(),
    }
}

fn is_headless(spec: &At<'_>) -> bool {
    matches!(addresses(spec).as_slice(), [only] if only.text() == "None")
}

fn ports_are_there(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let ports = spec.get("ports");
    if ports.is_empty() && !is_headless(&spec) && type_of(&spec) != "ExternalName" {
        found.required(&ports).hint("write the ports it listens on, such as `[{port: 80}]`");
    }
}

fn several_ports_have_names(service: &At<'_>, found: &mut Found) {
    let ports: Vec<At<'_>> = service.get("spec.ports").items().collect();
    for name in ports.iter().map(|port| port.get("name")) {
        if ports.len() > 1 && name.is_empty() {
            found.required(&name).hint("where there are several ports, each has a name");
        }
    }
}

/// Without a target, or with 0 or `""`, it is the port itself.
fn ports_lead_somewhere(service: &At<'_>, found: &mut Found) {
    let targets = service.get("spec.ports").items().map(|port| port.get("targetPort"));
    for target in targets.filter(|target| !target.is_empty() && target.number() != Some(0)) {
        port(&target, found);
    }
}

fn node_ports_differ(service: &At<'_>, found: &mut Found) {
    let is_inside = type_of(&service.get("spec")) == "ClusterIP";
    let mut seen = Vec::new();
    for port in service.get("spec.ports").items() {
        let node_port = port.get("nodePort");
        let Some(number) = node_port.number().filter(|number| *number != 0) else { continue };
        if is_inside {
            found
                .forbidden(&node_port, "may not be set where `type` is `ClusterIP`")
                .hint("remove it, or set `type` to `NodePort` or `LoadBalancer`");
        }
        let key = (number, or(&port.get("protocol"), "TCP").to_owned());
        if seen.contains(&key) {
            found.duplicate(&node_port);
        }
        seen.push(key);
    }
}

fn headless_is_of_the_cluster(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let kind = type_of(&spec);
    if is_headless(&spec)
        && matches!(kind, "LoadBalancer" | "NodePort")
        && let [address] = addresses(&spec).as_slice()
    {
        found.invalid(address, &format!("must not be `None` where `type` is `{kind}`"));
    }
}

fn outside_name(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    if type_of(&spec) != "ExternalName" {
        return;
    }
    if let [address, ..] = addresses(&spec).as_slice() {
        let list = spec.get("clusterIPs");
        let at = if list.is_empty() { address } else { &list };
        found.forbidden(at, "may not be set where `type` is `ExternalName`");
    }
    let policy = spec.get("ipFamilyPolicy");
    let families = spec.get("ipFamilies");
    for (at, is_there) in [(&policy, policy.is_set()), (&families, !families.is_empty())] {
        if is_there {
            found.forbidden(at, "may not be set where `type` is `ExternalName`");
        }
    }
    let name = spec.get("externalName");
    match name.text().strip_suffix('.').unwrap_or(name.text()) {
        "" => {
            found.required(&name).hint("write the DNS name that it stands for");
        }
        text if !(DNS_SUBDOMAIN.holds)(text) => {
            found.not_of(&name, &DNS_SUBDOMAIN);
        }
        _ => {}
    }
}

fn selector(service: &At<'_>, found: &mut Found) {
    labels(&service.get("spec.selector"), found);
}

fn affinity(service: &At<'_>, found: &mut Found) {
    let timeout = service.get("spec.sessionAffinityConfig.clientIP.timeoutSeconds");
    let is_used = service.get("spec.sessionAffinity").text() == "ClientIP";
    if is_used && timeout.number().is_some_and(|seconds| !(1..=86400).contains(&seconds)) {
        found.invalid(&timeout, "must be between 1 and 86400");
    }
}

/// Source: `ValidateServiceClusterIPsRelatedFields`.
fn cluster_addresses(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    if type_of(&spec) == "ExternalName" {
        return;
    }
    let (one, list) = (spec.get("clusterIP"), spec.get("clusterIPs"));
    let all = addresses(&spec);
    if one.is_empty() && !all.is_empty() {
        found
            .invalid_whole(&list, "must be empty where there is no `clusterIP`")
            .hint("write the first of them in `clusterIP`, too");
    } else if all.first().is_some_and(|first| first.text() != one.text()) {
        found.invalid_whole(&list, "must begin with what `clusterIP` is");
    }
    if all.len() > 1 && all.first().is_some_and(|first| first.text() == "None") {
        found.invalid_whole(&list, "must have `None` alone, if at all");
    }
    if all.len() > 2 {
        found.invalid_whole(&list, "must have 2 addresses at most");
    }
    let skip = usize::from(all.first().is_some_and(|first| first.text() == "None"));
    let judged: Vec<_> = all.iter().skip(skip).map(|at| address(at, found)).collect();
    if let [Some(first), Some(second)] = judged.as_slice()
        && first.is_ipv4() == second.is_ipv4()
    {
        found.invalid_whole(&list, "must have one address of each family at most");
    }
}

/// Source: `ValidateServiceClusterIPsRelatedFields`, `initIPFamilyFields`: without a policy, a service has one family, unless it
/// has neither addresses nor pods.
fn families(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let (policy, families) = (spec.get("ipFamilyPolicy"), spec.get("ipFamilies"));
    if type_of(&spec) == "ExternalName" {
        return;
    }
    let mut seen = Vec::new();
    for family in families.items() {
        if !matches!(family.text(), "IPv4" | "IPv6") {
            found.unsupported(&family, &["IPv4", "IPv6"]);
        }
        if seen.contains(&family.text()) {
            found.duplicate(&family);
        }
        seen.push(family.text());
    }
    let choices = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    if policy.is_set() && !choices.contains(&policy.text()) {
        found.unsupported(&policy, &choices);
    }
    let is_bare = spec.get("clusterIP").text() == "None" && spec.get("selector").is_empty();
    let is_single = policy.text() == "SingleStack" || (!policy.is_set() && !is_bare);
    let several = [("addresses", addresses(&spec).len()), ("families", seen.len())];
    if is_single && let Some((what, _)) = several.iter().find(|(_, count)| *count == 2) {
        let what =
            format!("must be `PreferDualStack` or `RequireDualStack` where there are two {what}");
        found.invalid(&policy, &what);
    }
}

fn families_of_addresses(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    if is_headless(&spec) || type_of(&spec) == "ExternalName" {
        return;
    }
    let families = spec.get("ipFamilies");
    for (address, family) in addresses(&spec).iter().zip(families.items()) {
        let is_other = match (family.text(), ip::parse(address.text())) {
            ("IPv4", Some(ip)) => ip.is_ipv6(),
            ("IPv6", Some(ip)) => ip.is_ipv4(),
            _ => false,
        };
        if is_other {
            let what = format!("must be an {} address, as `{}` says", family.text(), family.path());
            found.invalid(address, &what);
        }
    }
}

fn outside_addresses(service: &At<'_>, found: &mut Found) {
    for at in service.get("spec.externalIPs").items() {
        if let Some(ip) = address(&at, found) {
            reachable(&at, ip, found);
        }
    }
}

const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

/// Blanks around a range are no mistake there.
fn source_ranges(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let ranges = spec.get("loadBalancerSourceRanges");
    let annotations = service.get("metadata.annotations");
    let at = if ranges.is_empty() { annotations.field(SOURCE_RANGES) } else { ranges.clone() };
    let is_there = !ranges.is_empty() || annotations.has_key(SOURCE_RANGES);
    if is_there && type_of(&spec) != "LoadBalancer" {
        found.forbidden(&at, "may not be set where `type` is not `LoadBalancer`");
    }
    for item in ranges.items() {
        range(&item, item.text().trim(), found);
    }
    if ranges.is_empty() && !at.text().trim().is_empty() {
        for text in at.text().split(',') {
            range(&at, text.trim(), found);
        }
    }
}

fn of_load_balancers(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let class = spec.get("loadBalancerClass");
    if type_of(&spec) == "LoadBalancer" {
        if class.is_set() && !(LABEL_KEY.holds)(class.text()) {
            found.not_of(&class, &LABEL_KEY);
        }
        return;
    }
    for at in [class, spec.get("allocateLoadBalancerNodePorts")] {
        if at.is_set() {
            found.forbidden(&at, "may not be set where `type` is not `LoadBalancer`");
        }
    }
}

/// Source: `validateServiceExternalTrafficPolicy`, `ExternallyAccessible` of `pkg/api/service/util.go`.
fn outside_traffic(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let policy = spec.get("externalTrafficPolicy");
    let is_reached = match type_of(&spec) {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => !spec.get("externalIPs").is_empty(),
        _ => false,
    };
    if policy.is_empty() {
        return;
    }
    if !is_reached {
        found
            .invalid(&policy, "must not be set for a service that is not reached from outside")
            .hint("remove it, or set `type` to `NodePort` or `LoadBalancer`");
    } else if !matches!(policy.text(), "Cluster" | "Local") {
        found.unsupported(&policy, &["Cluster", "Local"]);
    }
}

fn health_check(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let port = spec.get("healthCheckNodePort");
    let is_used =
        type_of(&spec) == "LoadBalancer" && spec.get("externalTrafficPolicy").text() == "Local";
    match port.number() {
        None | Some(0) => {}
        Some(_) if !is_used => {
            let what = "must not be set unless `type` is `LoadBalancer` and `externalTrafficPolicy` is `Local`";
            found.invalid(&port, what);
        }
        Some(1..=65535) => {}
        Some(_) => {
            found.invalid(&port, "must be between 1 and 65535");
        }
    }
}

const MODE_OF_TOPOLOGY: &str = "service.kubernetes.io/topology-mode";
const HINTS_OF_TOPOLOGY: &str = "service.kubernetes.io/topology-aware-hints";

/// Both are names of one switch; the first is known since 1.27.
fn hints_agree(service: &At<'_>, found: &mut Found) {
    let annotations = service.get("metadata.annotations");
    let are_there =
        [MODE_OF_TOPOLOGY, HINTS_OF_TOPOLOGY].iter().all(|key| annotations.has_key(key));
    let (mode, hints) = (annotations.field(MODE_OF_TOPOLOGY), annotations.field(HINTS_OF_TOPOLOGY));
    if are_there && mode.text() != hints.text() && service.object().version.minor() >= 27 {
        found.invalid(&mode, &format!("must be what the annotation `{HINTS_OF_TOPOLOGY}` is"));
    }
}
