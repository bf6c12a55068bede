//! Webhooks: where they are and what they understand.

use super::url;
use crate::check::rules::grammar::is_dns_subdomain;
use crate::check::rules::{At, Found};

/// The versions of reviews that servers send.
pub(in crate::check::rules) const SENT: &[&str] = &["v1", "v1beta1"];

/// Source: `validateAdmissionReviewVersions`.
pub(super) fn versions(webhook: &At<'_>, found: &mut Found) {
    let versions = webhook.get("admissionReviewVersions");
    if !versions.is_empty() && !versions.items().any(|version| SENT.contains(&version.text())) {
        let what = format!("must have one of {}, which servers send", SENT.join(", "));
        found.invalid_whole(&versions, &what).hint("add `v1`");
    }
}

/// Source: `validateValidatingWebhook`.
pub(in crate::check::rules) fn client(webhook: &At<'_>, found: &mut Found) {
    let client = webhook.get("clientConfig");
    let (address, service) = (client.get("url"), client.get("service"));
    match (address.is_set(), service.is_set()) {
        (true, false) => is_address(&address, found),
        (false, true) => is_path(&service.get("path"), found),
        _ => {
            found.required(&client).hint("give it `url` or `service`, one of the two");
        }
    }
}

/// Source: apiserver `ValidateWebhookURL`.
fn is_address(at: &At<'_>, found: &mut Found) {
    let hint = "write `https://HOST/PATH`";
    let url = match url::read(at.text()) {
        Ok(url) => url,
        Err(what) => {
            found.invalid(at, &format!("must be a URL: {what}")).hint(hint);
            return;
        }
    };
    if url.scheme != "https" {
        found.invalid(at, "must begin with `https://`").hint(hint);
    } else if url.host.is_empty() {
        found.invalid(at, "must have a host").hint(hint);
    }
    let parts =
        [(url.has_user, "a user"), (url.has_query, "a query"), (url.has_fragment, "a fragment")];
    for (_, part) in parts.iter().filter(|(has, _)| *has) {
        found.invalid(at, &format!("must not have {part}")).hint(hint);
    }
}

/// Source: apiserver `ValidateWebhookService`.
fn is_path(at: &At<'_>, found: &mut Found) {
    let text = at.text();
    if matches!(text, "" | "/") {
        return;
    }
    let steps = text.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    if !steps.is_some_and(|steps| steps.split('/').all(is_dns_subdomain)) {
        found
            .invalid(at, "must be small letters, digits, `-` and `.` behind each `/`")
            .hint("write it as `/check/pods`");
    }
}
