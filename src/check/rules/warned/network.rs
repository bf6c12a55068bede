//! Services and endpoints: fields that do nothing beside others.
//!
//! Source: `GetWarningsForService` of upstream's `pkg/api/service/warnings.go`.

use super::{At, CodeRule, Found};

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "core/v1.ServiceSpec", judge: ignored_without_an_address },
    CodeRule { on: "core/v1.ServiceSpec", judge: ignored_by_type },
    CodeRule { on: "core/v1.ServiceSpec", judge: old_distribution },
    CodeRule { on: "discovery/v1.EndpointSlice", judge: names_for_addresses },
];

fn type_of<'m>(spec: &At<'m>) -> &'m str {
    match spec.get("type").text() {
        "" => "ClusterIP",
        written => written,
    }
}

fn ignored_without_an_address(spec: &At<'_>, found: &mut Found) {
    if type_of(spec) != "ClusterIP" || spec.get("clusterIP").text() != "None" {
        return;
    }
    let fields = ["loadBalancerIP", "externalIPs", "sessionAffinity"].map(|name| spec.get(name));
    for field in fields.iter().filter(|field| field.is_set() && !field.is_empty()) {
        if field.text() != "None" {
            found
                .warn(field, "does nothing for a service with `clusterIP: None`")
                .hint("remove one of the two");
        }
    }
}

fn ignored_by_type(spec: &At<'_>, found: &mut Found) {
    let (addresses, name) = (spec.get("externalIPs"), spec.get("externalName"));
    match type_of(spec) {
        "ExternalName" if !addresses.is_empty() => {
            found.warn(&addresses, "does nothing where `type` is `ExternalName`").hint("remove it");
        }
        "ExternalName" => {}
        _ if !name.text().is_empty() => {
            found
                .warn(&name, "does nothing where `type` is not `ExternalName`")
                .hint("remove it, or set `type`");
        }
        _ => {}
    }
}

fn old_distribution(spec: &At<'_>, found: &mut Found) {
    let distribution = spec.get("trafficDistribution");
    if distribution.text() == "PreferClose" && spec.object().version.minor() >= 35 {
        found
            .warn(&distribution, "is `PreferClose`, which is deprecated")
            .hint("write `PreferSameZone`, which means the same");
    }
}

/// `warnOnDeprecatedAddressType`.
fn names_for_addresses(slice: &At<'_>, found: &mut Found) {
    let kind = slice.get("addressType");
    if kind.text() == "FQDN" {
        found
            .warn(&kind, "is `FQDN`, which is deprecated")
            .hint("a service of `type: ExternalName` stands for a name");
    }
}
