//! What the objects of a kind may be called.

use crate::api::Shapes;
use crate::check::rules::grammar::{
    DNS_1035, DNS_LABEL, DNS_SUBDOMAIN, Grammar, PATH_SEGMENT, is_dns_1035, is_dns_label,
};
use crate::check::rules::{At, Found};
use std::net::IpAddr;

/// Groups all of whose kinds have DNS names, but for those named below.
const OF_DNS: &[&str] = &[
    "",
    "admissionregistration.k8s.io",
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Groups whose objects are questions and are never kept.
const ASKED: &[&str] = &["authentication.k8s.io", "authorization.k8s.io"];

/// Whether an object is of a kind that Kubernetes itself does not have.
pub(in crate::check::rules) fn is_custom(object: &At<'_>) -> bool {
    object.object().compiled.shapes.get(Shapes::ROOT).name == "custom"
}

/// The grammar of a kind's names. Source: the name function that each kind's validation, upstream's `pkg/apis/*/validation`,
/// gives to `ValidateObjectMeta`; what has none is held to `ValidatePathSegmentName` of `BeforeCreate`.
fn grammar(object: &At<'_>) -> &'static Grammar {
    let this = object.object();
    let minor = this.version.minor();
    match (this.group, this.kind) {
        ("", "Namespace") => &DNS_LABEL,
        ("", "Service") if minor < 36 => &DNS_1035,
        ("", "Service") => &DNS_LABEL,
        ("apps", "StatefulSet") if minor >= 27 => &DNS_LABEL,
        ("", "Event" | "Binding" | "ComponentStatus") => &PATH_SEGMENT,
        _ if is_custom(object) => &DNS_SUBDOMAIN,
        (group, _) if OF_DNS.contains(&group) => &DNS_SUBDOMAIN,
        _ => &PATH_SEGMENT,
    }
}

/// Source: `ValidateObjectMeta`.
pub(super) fn suits_kind(object: &At<'_>, found: &mut Found) {
    let name = object.get("metadata.name");
    if name.text().is_empty() || ASKED.contains(&object.object().group) {
        return;
    }
    match (object.object().group, object.object().kind) {
        ("networking.k8s.io", "IPAddress") => is_address(&name, found),
        ("apiregistration.k8s.io", "APIService") => {
            is_joined(&name, &[object.get("spec.version"), object.get("spec.group")], found);
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            is_joined(&name, &[object.get("spec.names.plural"), object.get("spec.group")], found);
        }
        _ => is_of_grammar(object, &name, found),
    }
}

fn is_of_grammar(object: &At<'_>, name: &At<'_>, found: &mut Found) {
    let grammar = grammar(object);
    if !(grammar.holds)(name.text()) {
        found.invalid(name, &format!("must be {}", grammar.what)).hint(grammar.hint);
    } else if object.object().kind == "CronJob" && name.text().len() > 52 {
        found.too_long(name, 52, "bytes").hint("its jobs have longer names than itself");
    }
}

/// Source: `ValidateIPAddressName`.
fn is_address(name: &At<'_>, found: &mut Found) {
    let written = match name.text().parse() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => None,
        Ok(address) => Some(address.to_string()),
        Err(_) => None,
    };
    match written {
        None => {
            found
                .invalid(name, "must be an IP address")
                .hint("write it as `10.9.8.7` or `2001:db8::1`");
        }
        Some(written) if written != name.text() => {
            found.invalid(name, &format!("must be written as `{written}`"));
        }
        Some(_) => {}
    }
}

/// Source: `ValidateAPIService`, `ValidateCustomResourceDefinition`.
fn is_joined(name: &At<'_>, parts: &[At<'_>; 2], found: &mut Found) {
    let expect = parts.each_ref().map(At::text).join(".");
    if name.text() != expect {
        let [first, second] = parts.each_ref().map(|part| part.path().to_string());
        let what = format!("must be `{expect}`: `{first}`, a dot and `{second}`");
        found.invalid(name, &what);
    }
}

/// Kinds whose prefix alone is not judged.
const ANY_PREFIX: &[&str] = &[
    "APIService",
    "CertificateSigningRequest",
    "CustomResourceDefinition",
    "DeviceClass",
    "IPAddress",
    "ReplicationController",
];

/// What a name is made from. Source: `maskTrailingDash` of apimachinery: a dash at the end is followed by letters.
pub(super) fn prefix_suits_kind(object: &At<'_>, found: &mut Found) {
    let (prefix, this) = (object.get("metadata.generateName"), object.object());
    let text = prefix.text();
    if text.is_empty() || ANY_PREFIX.contains(&this.kind) || ASKED.contains(&this.group) {
        return;
    }
    let grammar = grammar(object);
    let holds = match text.strip_suffix('-').filter(|rest| !rest.is_empty()) {
        _ if grammar.name == PATH_SEGMENT.name => !text.contains(['/', '%']),
        Some(rest) => {
            let kept = rest.char_indices().next_back().map_or("", |(at, _)| &rest[..at]);
            (grammar.holds)(&format!("{kept}a"))
        }
        None => (grammar.holds)(text),
    };
    if !holds {
        found
            .invalid(&prefix, &format!("must be the beginning of {}", grammar.what))
            .hint(grammar.hint);
    }
}

/// Whether a text is `VERSION` or `GROUP/VERSION`, as types of objects are told.
pub(in crate::check::rules) fn is_group_version(text: &str) -> bool {
    let (group, version) = text.split_once('/').unwrap_or(("", text));
    (group.is_empty() || (DNS_SUBDOMAIN.holds)(group)) && is_dns_1035(version)
}

/// Whether a text is a kind: a label, in large letters too. Source: `validateParamKind`.
pub(in crate::check::rules) fn is_kind(text: &str) -> bool {
    let small = text.to_lowercase();
    is_dns_label(&small) && is_dns_1035(&small)
}
