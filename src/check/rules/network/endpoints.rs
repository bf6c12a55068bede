//! Endpoints and slices of them.
//!
//! Source: `pkg/apis/discovery/validation/validation.go`, `ValidateEndpoints` of `pkg/apis/core/validation/validation.go`.

use super::{At, CodeRule, Found, address, one_meaning, reachable};
use crate::check::rules::grammar::{DNS_LABEL, DNS_SUBDOMAIN, IP};
use crate::check::rules::ip;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "discovery/v1.EndpointSlice", judge: addresses_of_slice },
    CodeRule { on: "discovery/v1.EndpointSlice", judge: ports_of_slice },
    CodeRule { on: "core/v1.EndpointSubset", judge: addresses_of_subset },
    CodeRule { on: "core/v1.EndpointSubset", judge: ports_of_subset },
];

/// Source: `validateEndpoints`: a type that is none is told elsewhere, and its addresses are taken as they are.
fn addresses_of_slice(slice: &At<'_>, found: &mut Found) {
    let judge = match slice.get("addressType").text() {
        "IPv4" => four,
        "IPv6" => six,
        "FQDN" => name,
        _ => return,
    };
    for endpoint in slice.get("endpoints").items() {
        endpoint.get("addresses").items().for_each(|at| judge(&at, found));
    }
}

fn four(at: &At<'_>, found: &mut Found) {
    let Some(address) = address(at, found) else { return };
    if address.is_ipv6() {
        found.invalid(at, "must be an IPv4 address, as `addressType` says");
    }
    reachable(at, address, found);
}

/// Stricter than others, since 1.33. Source: `IsValidIP`.
fn six(at: &At<'_>, found: &mut Found) {
    let Some(address) = ip::parse(at.text()) else {
        found.not_of(at, &IP);
        return;
    };
    let is_free = at.object().version.minor() < 33;
    if !is_free && !ip::is_strict(at.text()) {
        one_meaning(at, found);
    } else if !is_free && address.to_string() != at.text() {
        found.invalid(at, &format!("must be written `{address}`"));
    } else if address.is_ipv4() {
        found.invalid(at, "must be an IPv6 address, as `addressType` says");
    } else {
        reachable(at, address, found);
    }
}

/// Source: apimachinery `IsFullyQualifiedDomainName`.
fn name(at: &At<'_>, found: &mut Found) {
    let text = at.text().strip_suffix('.').unwrap_or(at.text());
    if at.text().is_empty() {
        found.required(at);
    } else if !(DNS_SUBDOMAIN.holds)(text) || !text.split('.').all(DNS_LABEL.holds) {
        found.not_of(at, &DNS_SUBDOMAIN);
    } else if !text.contains('.') {
        found.invalid(at, "must be a DNS name of two labels at least").hint("write it in full");
    }
}

/// Source: `validatePorts`; a port without a name has the name `""`.
fn ports_of_slice(slice: &At<'_>, found: &mut Found) {
    let mut seen = Vec::new();
    for name in slice.get("ports").items().map(|port| port.get("name")) {
        if seen.contains(&name.text()) {
            found.duplicate(&name);
        }
        seen.push(name.text());
    }
}

/// Source: `validateEndpointSubsets`, `validateEndpointAddress`.
fn addresses_of_subset(subset: &At<'_>, found: &mut Found) {
    let lists = [subset.get("addresses"), subset.get("notReadyAddresses")];
    if lists.iter().all(At::is_empty) {
        found.required(subset).hint("write `addresses` or `notReadyAddresses`");
    }
    for at in lists.iter().flat_map(At::items).map(|item| item.get("ip")) {
        if at.is_empty() {
            found.required(&at);
        } else if let Some(address) = address(&at, found) {
            reachable(&at, address, found);
        }
    }
}

/// Source: `validateEndpointPort`.
fn ports_of_subset(subset: &At<'_>, found: &mut Found) {
    let ports: Vec<At<'_>> = subset.get("ports").items().collect();
    for name in ports.iter().map(|port| port.get("name")) {
        if ports.len() > 1 && name.is_empty() {
            found.required(&name).hint("where there are several ports, each has a name");
        }
    }
}
