//! Addresses and ranges that are written in a way that Kubernetes will not read for ever.
//!
//! Source: `GetWarningsForIP`, `GetWarningsForCIDR` of apimachinery's `pkg/util/validation/ip.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::ip;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: of_pods },
    CodeRule { on: "core/v1.Service", judge: of_services },
    CodeRule { on: "core/v1.Endpoints", judge: of_endpoints },
    CodeRule { on: "discovery/v1.EndpointSlice", judge: of_slices },
    CodeRule { on: "networking/v1.IPBlock", judge: of_blocks },
    CodeRule { on: "core/v1.NodeSpec", judge: of_nodes },
];

fn address(at: &At<'_>, found: &mut Found) {
    if let Some(odd) = ip::odd_address(at.text()) {
        told(at, &odd, found);
    }
}

fn range(at: &At<'_>, found: &mut Found) {
    for odd in ip::odd_range(at.text()) {
        told(at, &odd, found);
    }
}

fn told(at: &At<'_>, odd: &ip::Odd, found: &mut Found) {
    let what = match odd {
        ip::Odd::Refused(_) => "is written in a way that Kubernetes will refuse one day",
        ip::Odd::Spelling(_) => "is not written in the usual way",
        ip::Odd::Ambiguous(_, _) => "is both an address and a range",
    };
    let what = format!("{what}: `{}`", at.text());
    found.warn(at, &what).hint(match odd {
        ip::Odd::Refused(usual) | ip::Odd::Spelling(usual) => format!("write `{usual}`"),
        ip::Odd::Ambiguous(range, address) => format!("write `{range}` or `{address}`"),
    });
}

fn of_pods(pod: &At<'_>, found: &mut Found) {
    for server in pod.get("dnsConfig.nameservers").items() {
        address(&server, found);
    }
    for alias in pod.get("hostAliases").items() {
        address(&alias.get("ip"), found);
    }
}

/// The server puts `clusterIP` into `clusterIPs` where these are absent.
fn of_services(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let addresses = spec.get("clusterIPs");
    if spec.get("type").text() != "ExternalName" && !addresses.is_set() {
        address(&spec.get("clusterIP"), found);
    }
    for at in addresses.items().chain(spec.get("externalIPs").items()) {
        address(&at, found);
    }
    address(&spec.get("loadBalancerIP"), found);
    for at in spec.get("loadBalancerSourceRanges").items() {
        range(&at, found);
    }
}

/// What controllers make is in order.
fn is_made_by(object: &At<'_>, label: &str, makers: &[&str]) -> bool {
    makers.contains(&object.get("metadata.labels").field(label).text())
}

fn of_endpoints(endpoints: &At<'_>, found: &mut Found) {
    if is_made_by(endpoints, "endpoints.kubernetes.io/managed-by", &["endpoint-controller"]) {
        return;
    }
    for subset in endpoints.get("subsets").items() {
        let lists = ["addresses", "notReadyAddresses"].map(|name| subset.get(name));
        for entry in lists.iter().flat_map(At::items) {
            address(&entry.get("ip"), found);
        }
    }
}

fn of_slices(slice: &At<'_>, found: &mut Found) {
    const MAKERS: [&str; 2] =
        ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];
    if is_made_by(slice, "endpointslice.kubernetes.io/managed-by", &MAKERS) {
        return;
    }
    for at in slice.get("endpoints").items().flat_map(|endpoint| endpoint.get("addresses").items())
    {
        address(&at, found);
    }
}

fn of_blocks(block: &At<'_>, found: &mut Found) {
    range(&block.get("cidr"), found);
    for at in block.get("except").items() {
        range(&at, found);
    }
}

/// `podCIDR` is the first of `podCIDRs`.
fn of_nodes(node: &At<'_>, found: &mut Found) {
    let ranges = node.get("podCIDRs");
    if !ranges.is_set() {
        range(&node.get("podCIDR"), found);
    }
    for at in ranges.items() {
        range(&at, found);
    }
}
