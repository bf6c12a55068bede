//! Custom resource definitions, beside the schemas that they hold: those are read where kinds are made of them, in
//! `api/definition`.
//!
//! Source: upstream's apiextensions `pkg/apis/apiextensions/validation/validation.go`.

#[cfg(test)]
mod tests;

use super::admission::{url, webhook};
use super::grammar::DNS_1035;
use super::{At, CodeRule, Found};

pub(super) const RULES: &[CodeRule] = &[
    CodeRule { on: "apiextensions/v1.CustomResourceDefinition", judge: approval },
    CodeRule { on: "apiextensions/v1.CustomResourceDefinitionSpec", judge: pruning },
    CodeRule { on: "apiextensions/v1.CustomResourceConversion", judge: conversion },
    CodeRule { on: "apiextensions/v1.CustomResourceDefinitionVersion", judge: deprecation },
    CodeRule { on: "apiextensions/v1.CustomResourceColumnDefinition", judge: column },
    CodeRule { on: "apiextensions/v1.CustomResourceSubresourceScale", judge: scale },
];

/// Groups of Kubernetes itself are given out. Source: `validateAPIApproval`, `GetAPIApprovalState`.
fn approval(definition: &At<'_>, found: &mut Found) {
    let group = definition.get("spec.group").text();
    let is_within =
        |of: &str| group.strip_suffix(of).is_some_and(|it| it.is_empty() || it.ends_with('.'));
    if !is_within("k8s.io") && !is_within("kubernetes.io") {
        return;
    }
    let at = definition.get("metadata.annotations").field("api-approved.kubernetes.io");
    let hint = "name the pull request that approves the API, or a group that is yours";
    let text = at.text();
    if text.is_empty() {
        found.required(&at).hint(hint);
    } else if !text.starts_with("unapproved") {
        let url = url::read(text);
        if !url.is_ok_and(|url| !url.host.is_empty() && !url.scheme.is_empty()) {
            found.invalid(&at, "must be a URL, or begin with `unapproved`").hint(hint);
        }
    }
}

/// Source: `validatePreserveUnknownFields`.
fn pruning(spec: &At<'_>, found: &mut Found) {
    let at = spec.get("preserveUnknownFields");
    if at.is_true() {
        found.invalid_whole(&at, "must be false or absent").hint(
            "write `x-kubernetes-preserve-unknown-fields: true` in the schemas that take any field",
        );
    }
}

/// Source: `validateCustomResourceConversion`.
fn conversion(conversion: &At<'_>, found: &mut Found) {
    let at = conversion.get("webhook");
    let versions = at.get("conversionReviewVersions");
    if conversion.get("strategy").text() == "Webhook" {
        webhook::client(&at, found);
        reviews(&versions, found);
        return;
    }
    let client = Some(at.get("clientConfig")).filter(At::is_set);
    let versions = Some(versions).filter(|versions| !versions.is_empty());
    for unused in client.into_iter().chain(versions) {
        found
            .forbidden(&unused, "may not be there, because the strategy is not `Webhook`")
            .hint("write `strategy: Webhook`, or remove `webhook`");
    }
}

/// Source: `validateConversionReviewVersions`.
fn reviews(versions: &At<'_>, found: &mut Found) {
    if versions.is_empty() {
        found.required(versions).hint("write `[v1]`");
        return;
    }
    let mut known = Vec::new();
    for version in versions.items() {
        if known.contains(&version.text()) {
            found.duplicate(&version);
        } else if !(DNS_1035.holds)(version.text()) {
            found.not_of(&version, &DNS_1035);
        }
        known.push(version.text());
    }
    if !known.iter().any(|version| webhook::SENT.contains(version)) {
        let what = format!("must have one of {}, which servers send", webhook::SENT.join(", "));
        found.invalid_whole(versions, &what).hint("add `v1`");
    }
}

/// Source: `validateDeprecationWarning`.
fn deprecation(version: &At<'_>, found: &mut Found) {
    let at = version.get("deprecationWarning");
    if !at.is_set() {
        return;
    }
    if !version.get("deprecated").is_true() {
        found
            .invalid(&at, "must not be there, because the version is not deprecated")
            .hint("write `deprecated: true`, or remove it");
        return;
    }
    let text = at.text();
    if text.is_empty() {
        found
            .invalid_whole(&at, "must not be empty")
            .hint("remove it: servers have words of their own");
    }
    if text.len() > 256 {
        found.invalid_whole(&at, "must have at most 256 bytes");
    }
    if text.chars().any(|c| c.is_control() || (c.is_whitespace() && c != ' ')) {
        found.invalid_whole(&at, "must be one line of characters that can be seen");
    }
}

/// Source: `ValidateCustomResourceColumnDefinition`.
fn column(column: &At<'_>, found: &mut Found) {
    path(&column.get("jsonPath"), &["."], found);
}

/// Source: `ValidateCustomResourceDefinitionSubresources`.
fn scale(scale: &At<'_>, found: &mut Found) {
    path(&scale.get("specReplicasPath"), &[".spec."], found);
    path(&scale.get("statusReplicasPath"), &[".status."], found);
    path(&scale.get("labelSelectorPath"), &[".spec.", ".status."], found);
}

/// That an empty one must be there is said elsewhere.
fn path(at: &At<'_>, begins: &[&str], found: &mut Found) {
    let text = at.text();
    if !text.is_empty() && !begins.iter().any(|begin| text.starts_with(begin)) {
        let all = begins.join("` or `");
        found
            .invalid(at, &format!("must be a path that begins with `{all}`"))
            .hint("write the names of fields with a `.` before each");
    }
}
