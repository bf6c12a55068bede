//! What serves a version of an API group beside the API server itself.
//!
//! Source: kube-aggregator's `pkg/apis/apiregistration/validation/validation.go`.

use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] =
    &[CodeRule { on: "apiregistration/v1.APIService", judge: service }];

/// `ValidateAPIService`; its name is judged with the other names.
fn service(service: &At<'_>, found: &mut Found) {
    let spec = service.get("spec");
    let (certificates, insecure) = (spec.get("caBundle"), spec.get("insecureSkipTLSVerify"));
    if !spec.get("service").is_set() {
        let is_insecure = Some(&insecure).filter(|insecure| insecure.is_true());
        for at in Some(&certificates).filter(|at| !at.is_empty()).into_iter().chain(is_insecure) {
            found.invalid_whole(at, "may not be there without `service`");
        }
    } else if insecure.is_true() && !certificates.is_empty() {
        found
            .invalid_whole(&insecure, "may not be `true` beside a `caBundle`")
            .hint("remove it: the `caBundle` says whom to trust");
    }
    let version = spec.get("version");
    if version.text().starts_with(|c: char| c.is_ascii_digit()) {
        found.invalid(&version, "must begin with a letter");
    }
    if spec.get("group").is_empty() && version.text() != "v1" {
        found.required(&spec.get("group"));
    }
}
