//! Ingresses and their classes.
//!
//! Source: `pkg/apis/networking/validation/validation.go`.

use super::{At, CodeRule, Found};
use crate::check::rules::grammar::{
    DNS_1035, DNS_LABEL, DNS_SUBDOMAIN, Grammar, PATH_SEGMENT, PORT_NAME,
};
use crate::check::rules::ip;

pub(in crate::check::rules) const RULES: &[CodeRule] = &[
    CodeRule { on: "networking/v1.Ingress", judge: leads_somewhere },
    CodeRule { on: "networking/v1.Ingress", judge: one_class },
    CodeRule { on: "networking/v1.IngressRule", judge: host },
    CodeRule { on: "networking/v1.IngressTLS", judge: hosts_of_certificate },
    CodeRule { on: "networking/v1.IngressSpec", judge: backend_of_all_else },
    CodeRule { on: "networking/v1.HTTPIngressPath", judge: path },
    CodeRule { on: "networking/v1.HTTPIngressPath", judge: backend_of_path },
    CodeRule { on: "networking/v1.IngressClass", judge: controller },
    CodeRule { on: "networking/v1.IngressClassParametersReference", judge: scope },
];

/// Source: `ValidateIngressSpec`.
fn leads_somewhere(ingress: &At<'_>, found: &mut Found) {
    let spec = ingress.get("spec");
    if spec.get("rules").is_empty() && !spec.get("defaultBackend").is_set() {
        found.invalid_whole(&spec, "must have `rules` or a `defaultBackend`");
    }
}

const CLASS: &str = "kubernetes.io/ingress.class";

/// Source: `ValidateIngressCreate`.
fn one_class(ingress: &At<'_>, found: &mut Found) {
    let annotations = ingress.get("metadata.annotations");
    let (old, new) = (annotations.field(CLASS), ingress.get("spec.ingressClassName"));
    if annotations.has_key(CLASS) && new.is_set() && old.text() != new.text() {
        found
            .invalid(&old, "must be what `spec.ingressClassName` is")
            .hint("remove the annotation, which is older");
    }
}

/// Source: `validateIngressRules`.
fn host(rule: &At<'_>, found: &mut Found) {
    let host = rule.get("host");
    if host.is_empty() {
        return;
    }
    if ip::parse(host.text()).is_some() {
        found.invalid(&host, "must be a DNS name, not an IP address");
    } else {
        host_name(&host, found);
    }
}

/// Source: `validateIngressTLS`.
fn hosts_of_certificate(tls: &At<'_>, found: &mut Found) {
    for host in tls.get("hosts").items() {
        host_name(&host, found);
    }
}

const WILDCARD: Grammar = Grammar {
    name: "wildcard",
    what: "a DNS name, whose first label alone may be `*`",
    holds: |text| text.len() <= 253 && text.strip_prefix("*.").is_some_and(DNS_SUBDOMAIN.holds),
    hint: "write it such as `*.example.com`",
};

fn host_name(host: &At<'_>, found: &mut Found) {
    let grammar = if host.text().contains('*') { &WILDCARD } else { &DNS_SUBDOMAIN };
    if !(grammar.holds)(host.text()) {
        found.not_of(host, grammar);
    }
}

/// Source: `validateHTTPIngressPath`.
fn path(rule: &At<'_>, found: &mut Found) {
    let (path, text) = (rule.get("path"), rule.get("path").text());
    let is_plain = matches!(rule.get("pathType").text(), "Exact" | "Prefix");
    let is_free = rule.get("pathType").text() == "ImplementationSpecific";
    if (is_plain || (is_free && !text.is_empty())) && !text.starts_with('/') {
        found.invalid(&path, "must begin with `/`");
    }
    if !is_plain {
        return;
    }
    for part in ["//", "/./", "/../", "%2f", "%2F"] {
        if text.contains(part) {
            found.invalid(&path, &format!("must not have `{part}` in it"));
        }
    }
    for end in ["/..", "/."] {
        if text.ends_with(end) {
            found.invalid(&path, &format!("must not end with `{end}`"));
        }
    }
}

const BACKEND: &str = "write `service: {name: NAME, port: {number: PORT}}`";

fn backend_of_all_else(spec: &At<'_>, found: &mut Found) {
    let backend = spec.get("defaultBackend");
    if backend.is_set() {
        judge_backend(&backend, found);
    }
}

fn backend_of_path(path: &At<'_>, found: &mut Found) {
    let backend = path.get("backend");
    match backend.is_set() {
        true => judge_backend(&backend, found),
        false => {
            found.required(&backend).hint(BACKEND);
        }
    }
}

/// Source: `validateIngressBackend`.
fn judge_backend(backend: &At<'_>, found: &mut Found) {
    let service = backend.get("service");
    match (service.is_set(), backend.get("resource").is_set()) {
        (true, true) => {
            let what = "may have a `service` or a `resource`, not both";
            found.invalid_whole(backend, what).hint("remove one of the two");
        }
        (true, false) => {
            service_name(&service.get("name"), found);
            service_port(backend, found);
        }
        (false, true) => resource(&backend.get("resource"), found),
        (false, false) => {
            found.invalid_whole(backend, "must have a `service` or a `resource`").hint(BACKEND);
        }
    }
}

/// Source: `validateIngressTypedLocalObjectReference`.
fn resource(resource: &At<'_>, found: &mut Found) {
    let group = resource.get("apiGroup");
    if group.is_set() && !(DNS_SUBDOMAIN.holds)(group.text()) {
        found.not_of(&group, &DNS_SUBDOMAIN);
    }
    for at in [resource.get("kind"), resource.get("name")] {
        if at.is_empty() {
            found.required(&at);
        } else if !(PATH_SEGMENT.holds)(at.text()) {
            found.not_of(&at, &PATH_SEGMENT);
        }
    }
}

/// Since 1.36 a service's name may begin with a digit.
fn service_name(name: &At<'_>, found: &mut Found) {
    let grammar = if name.object().version.minor() < 36 { &DNS_1035 } else { &DNS_LABEL };
    if name.is_empty() {
        found.required(name);
    } else if !(grammar.holds)(name.text()) {
        found.not_of(name, grammar);
    }
}

/// A server names the backend where it has no port, or two.
fn service_port(backend: &At<'_>, found: &mut Found) {
    let port = backend.get("service.port");
    let (name, number) = (port.get("name"), port.get("number"));
    match (name.text(), number.number().unwrap_or(0)) {
        ("", 0) => {
            found
                .invalid_whole(backend, "must have the name or the number of a port of its service")
                .hint("write `service.port.number` or `service.port.name`");
        }
        ("", 1..=65535) => {}
        ("", _) => {
            found.invalid(&number, "must be between 1 and 65535");
        }
        (text, 0) => {
            if !(PORT_NAME.holds)(text) {
                found.not_of(&name, &PORT_NAME);
            }
        }
        _ => {
            found
                .invalid_whole(backend, "may have a port's name or its number, not both")
                .hint("remove one of the two");
        }
    }
}

/// Source: apimachinery `IsDomainPrefixedPath`.
fn controller(class: &At<'_>, found: &mut Found) {
    let controller = class.get("spec.controller");
    let is_of_path = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&b);
    let is_right = controller.text().split_once('/').is_some_and(|(domain, path)| {
        (DNS_SUBDOMAIN.holds)(domain) && !path.is_empty() && path.bytes().all(is_of_path)
    });
    if controller.is_empty() {
        found.required(&controller);
    } else if !is_right {
        let what = "must be a DNS name, `/` and a path of letters, digits and some marks";
        found.invalid(&controller, what).hint("write it such as `example.com/controller`");
    }
    if controller.text().len() > 250 {
        found.too_long(&controller, 250, "bytes");
    }
}

/// Source: `validateIngressClassParametersReference`.
fn scope(parameters: &At<'_>, found: &mut Found) {
    let namespace = parameters.get("namespace");
    match parameters.get("scope").text() {
        "Cluster" if namespace.is_set() => {
            found.forbidden(&namespace, "may not be set where `scope` is `Cluster`");
        }
        "Namespace" if !namespace.is_set() => {
            found.required(&namespace).hint("`scope` is `Namespace`");
        }
        "Namespace" if !(DNS_LABEL.holds)(namespace.text()) => {
            found.not_of(&namespace, &DNS_LABEL);
        }
        _ => {}
    }
}
