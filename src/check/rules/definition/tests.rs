//! Definitions of custom resources by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::brief;

/// A definition with these keys in its `spec`, and these in its version.
fn check(spec: &str, version: &str, expect: &str) {
    let own = spec.strip_prefix("group: ");
    let (name, group) =
        (own.unwrap_or("example.com"), if own.is_some() { "" } else { "group: example.com, " });
    let text = format!(
        "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: webs.{name}}}, spec: {{{group}{spec}, scope: Cluster, names: {{plural: webs, kind: Web}}, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object}}}}, {version}}}]}}}}"
    );
    assert_eq!(brief(&text, "1.35"), expect, "of {spec} {version}");
}

const CLIENT: &str = "clientConfig: {url: 'https://a.b/c'}";

#[test]
fn a_conversion_by_webhook_says_where_and_which_reviews() {
    let webhook = |keys: &str, expect: &str| {
        check(&format!("conversion: {{strategy: Webhook, webhook: {{{keys}}}}}"), "", expect);
    };
    let at = "spec.conversion.webhook";
    webhook(&format!("{CLIENT}, conversionReviewVersions: [v1]"), "");
    webhook(
        "",
        &format!("[api/required] {at}.clientConfig\n[api/required] {at}.conversionReviewVersions"),
    );
    webhook(
        "clientConfig: {url: 'http://a'}, conversionReviewVersions: [v1]",
        &format!("[api/invalid] {at}.clientConfig.url"),
    );
    webhook(
        "clientConfig: {service: {name: a, namespace: b, port: 0}}, conversionReviewVersions: [v1]",
        &format!("[api/invalid] {at}.clientConfig.service.port"),
    );
    let versions = |list: &str, expect: &str| {
        let expect = format!("{expect} {at}.conversionReviewVersions");
        let keys = format!("{CLIENT}, conversionReviewVersions: {list}");
        webhook(&keys, &expect);
    };
    versions("[]", "[api/required]");
    versions("[v2]", "[api/invalid]");
}

#[test]
fn a_conversion_that_is_none_has_no_webhook() {
    let at = "spec.conversion.webhook";
    check("conversion: {strategy: None, webhook: {}}", "", "");
    check("conversion: {strategy: Nine}", "", "[api/enum] spec.conversion.strategy");
    check(
        &format!(
            "conversion: {{strategy: None, webhook: {{{CLIENT}, conversionReviewVersions: [v1]}}}}"
        ),
        "",
        &format!(
            "[api/forbidden] {at}.clientConfig\n[api/forbidden] {at}.conversionReviewVersions"
        ),
    );
}

#[test]
fn a_warning_belongs_to_a_deprecated_version() {
    let at = "[api/invalid] spec.versions[0].deprecationWarning";
    check("preserveUnknownFields: false", "deprecated: true, deprecationWarning: use v2", "");
    check("preserveUnknownFields: false", "deprecationWarning: use v2", at);
    check("preserveUnknownFields: false", "deprecated: true, deprecationWarning: ''", at);
    check("preserveUnknownFields: false", "deprecated: true, deprecationWarning: \"a\\tb\"", at);
}

#[test]
fn paths_of_columns_and_scale_begin_with_a_dot() {
    let column = |keys: &str, expect: &str| {
        check(
            "preserveUnknownFields: false",
            &format!("additionalPrinterColumns: [{{{keys}}}]"),
            expect,
        );
    };
    let at = "spec.versions[0].additionalPrinterColumns[0]";
    column("name: a, type: date, jsonPath: .a", "");
    column("name: a, type: text, jsonPath: .a", &format!("[api/enum] {at}.type"));
    column("name: a, type: string, format: x, jsonPath: .a", &format!("[api/enum] {at}.format"));
    column("name: a, type: string, jsonPath: a", &format!("[api/invalid] {at}.jsonPath"));
    let scale = "subresources: {scale: {specReplicasPath: .status.a, statusReplicasPath: .status.a, labelSelectorPath: .spec.a}}";
    check(
        "preserveUnknownFields: false",
        scale,
        "[api/invalid] spec.versions[0].subresources.scale.specReplicasPath",
    );
}

#[test]
fn groups_of_kubernetes_itself_are_given_out() {
    let at = "[api/required] metadata.annotations[api-approved.kubernetes.io]";
    check("group: a.k8s.io", "", at);
    check("group: k8s.io.example.com", "", "");
}

#[test]
fn unknown_fields_are_dropped_unless_the_schema_keeps_them() {
    check("preserveUnknownFields: true", "", "[api/invalid] spec.preserveUnknownFields");
}
