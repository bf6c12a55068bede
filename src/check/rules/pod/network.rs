//! How pods find and are found: DNS, aliases of hosts, host names.

use super::{At, CodeRule, Found, is_true};
use crate::check::rules::grammar::pods::is_search_domain;
use crate::check::rules::grammar::{DNS_LABEL, DNS_SUBDOMAIN, is_dns_label, is_dns_subdomain};
use std::net::{Ipv4Addr, Ipv6Addr};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.PodSpec", judge: dns_without_policy },
    CodeRule { on: "core/v1.PodDNSConfig", judge: dns },
    CodeRule { on: "core/v1.HostAlias", judge: address_of_alias },
    CodeRule { on: "core/v1.PodSpec", judge: host_names },
];

/// `validatePodDNSConfig`.
fn dns_without_policy(pod: &At<'_>, found: &mut Found) {
    if pod.get("dnsPolicy").text() != "None" {
        return;
    }
    let dns = pod.get("dnsConfig");
    let missing = if dns.is_set() { dns.get("nameservers") } else { dns };
    if missing.is_empty() {
        found.required(&missing).hint("`dnsPolicy: None` leaves it to `dnsConfig` alone");
    }
}

/// `validatePodDNSConfig`.
fn dns(dns: &At<'_>, found: &mut Found) {
    for server in dns.get("nameservers").items() {
        address(&server, found);
    }
    let searches = dns.get("searches");
    let length: usize = searches.items().map(|search| search.text().len() + 1).sum();
    if length > 2049 {
        found.too_long(&searches, 2048, "bytes together");
    }
    for search in searches.items() {
        let name = search.text().strip_suffix('.').unwrap_or(search.text());
        let is_domain = match dns.object().version.minor() {
            33.. => search.text() == "." || is_search_domain(name),
            _ => is_dns_subdomain(name),
        };
        if !is_domain {
            found.invalid(&search, "must be a DNS name").hint(DNS_SUBDOMAIN.hint);
        }
    }
    for option in dns.get("options").items().filter(|option| option.get("name").is_empty()) {
        found.required(&option).hint("give it a `name`");
    }
}

fn address_of_alias(alias: &At<'_>, found: &mut Found) {
    let ip = alias.get("ip");
    if ip.is_empty() {
        found.required(&ip);
    } else {
        address(&ip, found);
    }
}

/// `IsValidIPForLegacyField`: numbers may begin with zeros before Kubernetes 1.36.
fn address(at: &At<'_>, found: &mut Found) {
    let is_address = match at.object().version.minor() {
        36.. => is_strict_address(at.text()),
        _ => is_loose_address(at.text()),
    };
    if !is_address {
        found
            .invalid(at, "must be an IP address")
            .hint("write one such as `10.0.0.1` or `2001:db8::1`");
    }
}

fn is_strict_address(text: &str) -> bool {
    let is_mapped = |address: Ipv6Addr| address.to_ipv4_mapped().is_some();
    text.parse::<Ipv4Addr>().is_ok() || text.parse().is_ok_and(|address| !is_mapped(address))
}

fn is_loose_address(text: &str) -> bool {
    let start = text.rfind(':').map_or(0, |at| at + 1);
    let (first, last) = text.split_at(start);
    let is_dotted = last.contains('.');
    let part = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        rest => rest.to_owned(),
    };
    let last = last.split('.').map(part).collect::<Vec<_>>().join(".");
    match (is_dotted, first.is_empty()) {
        (true, true) => last.parse::<Ipv4Addr>().is_ok(),
        (true, false) => format!("{first}{last}").parse::<Ipv6Addr>().is_ok(),
        _ => text.parse::<Ipv6Addr>().is_ok(),
    }
}

/// `ValidatePodSpec`, `validatePodHostName`; a StatefulSet gives its pods names of its own.
fn host_names(pod: &At<'_>, found: &mut Found) {
    let is_own = pod.object().kind != "StatefulSet";
    for name in ["hostname", "subdomain"].map(|name| pod.get(name)) {
        if is_own && !name.text().is_empty() && !is_dns_label(name.text()) {
            found.invalid(&name, &format!("must be {}", DNS_LABEL.what)).hint(DNS_LABEL.hint);
        }
    }
    let override_ = pod.get("hostnameOverride");
    for other in ["setHostnameAsFQDN", "hostNetwork"] {
        if override_.is_set() && is_true(&pod.get(other)) && pod.object().version.minor() >= 35 {
            found.forbidden(&override_, &format!("may not stand beside `{other}: true`"));
        }
    }
    let account = match pod.get("serviceAccountName") {
        name if name.text().is_empty() => pod.get("serviceAccount"),
        name => name,
    };
    if !account.text().is_empty() && !is_dns_subdomain(account.text()) {
        found
            .invalid(&account, &format!("must be {}", DNS_SUBDOMAIN.what))
            .hint(DNS_SUBDOMAIN.hint);
    }
}
