//! What concerns a cluster, by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{check, refused};

fn check_event(fields: &str, expect: &str) {
    check(&format!("{{apiVersion: events.k8s.io/v1, kind: Event, {fields}}}"), expect);
}

#[test]
fn an_event_stands_in_the_namespace_of_what_it_is_about() {
    let event = |namespace, object| {
        format!(
            "{{apiVersion: v1, kind: Event, metadata: {{name: a, namespace: {namespace}}}, involvedObject: {object}}}"
        )
    };
    check(&event("shop", "{namespace: shop}"), "");
    check(&event("default", "{}"), "");
    check(
        &event("shop", "{namespace: other}"),
        "[api/invalid] `involvedObject.namespace` must be the event's namespace `shop`, but is the string `other` (an event stands in the namespace of what it is about)",
    );
}

#[test]
fn a_new_event_says_who_reports_what_and_when() {
    check_event(
        "metadata: {name: a, namespace: x}, type: Normal, regarding: {namespace: x}",
        "[api/required] `eventTime` is missing",
    );
    check_event(
        "metadata: {name: a, namespace: x}, type: Normal, regarding: {namespace: x}, eventTime: '2024-05-01T10:00:00.000000Z', reportingController: a b",
        "[api/required] `action` is missing\n[api/required] `reason` is missing\n[api/required] `reportingInstance` is missing\n[api/invalid] `reportingController` must be the key of a label, but is the string `a b` (write at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` before them if they are not yours alone: `example.com/name`)",
    );
    check_event(
        "metadata: {name: a}, type: other, deprecatedCount: 1, series: {count: 1}, eventTime: '2024-05-01T10:00:00.000000Z', reportingController: a, reportingInstance: b, action: c, reason: d",
        "[api/enum] `type` must be one of `Normal`, `Warning`, but is the string `other`\n[api/invalid] `deprecatedCount` may not be there in this version of the API\n[api/required] `series.lastObservedTime` is missing\n[api/invalid] `series.count` must be 2 at least, but is the integer `1`",
    );
}

#[test]
fn a_lease_lasts_a_second_at_least() {
    check(
        "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a}, spec: {leaseDurationSeconds: 0, leaseTransitions: -1}}",
        "[api/invalid] `spec.leaseDurationSeconds` must be 1 at least, but is the integer `0`\n[api/invalid] `spec.leaseTransitions` must be 0 at least, but is the integer `-1`",
    );
}

#[test]
fn a_taint_has_a_key_and_an_effect_and_is_there_once() {
    check(
        "{apiVersion: v1, kind: Node, metadata: {name: a}, spec: {taints: [{key: a, effect: NoSchedule}, {key: a, value: b, effect: NoSchedule}, {key: a b, effect: Noschedule}]}}",
        "[api/duplicate] `spec.taints[1]` is there a second time (remove or rename one of the two)\n[api/invalid] `spec.taints[2].key` must be the key of a label, but is the string `a b` (write at most 63 letters, digits, `-`, `_` and `.`, with a DNS name and `/` before them if they are not yours alone: `example.com/name`)\n[api/enum] `spec.taints[2].effect` must be one of `NoExecute`, `NoSchedule`, `PreferNoSchedule`, but is the string `Noschedule` (did you mean `NoSchedule`?)",
    );
}

#[test]
fn a_node_has_a_range_of_pods_of_each_family() {
    let node = |fields| {
        format!("{{apiVersion: v1, kind: Node, metadata: {{name: a}}, spec: {{{fields}}}}}")
    };
    check(&node("podCIDR: 10.0.0.0/8, podCIDRs: [10.0.0.0/8, 'fd00::/64']"), "");
    check(
        &node("podCIDR: 10.0.0.0, podCIDRs: [10.0.0.0/8, 'fd00::/64']"),
        "[api/invalid] `spec.podCIDR` must be a range of IP addresses, but is the string `10.0.0.0` (write an address, `/` and how many of its bits count, such as `10.9.8.0/24`)",
    );
    check(
        &node("podCIDRs: [10.0.0.0/8, 11.0.0.0/8]"),
        "[api/invalid] `spec.podCIDRs` may have one range of IPv4 and one of IPv6",
    );
}

#[test]
fn a_finalizer_is_the_servers_or_has_a_domain() {
    check(
        "{apiVersion: v1, kind: Namespace, metadata: {name: a}, spec: {finalizers: [kubernetes, example.com/audit, audit]}}",
        "[api/invalid] `spec.finalizers` has the item `audit` without a domain (write whose it is, such as `example.com/audit`)",
    );
}

#[test]
fn a_revision_has_data() {
    let revision = |data| {
        format!(
            "{{apiVersion: apps/v1, kind: ControllerRevision, metadata: {{name: a}}, revision: 0, data: {data}}}"
        )
    };
    check(&revision("{}"), "");
    check(&revision("null"), "[api/required] `data` is missing (write a map there)");
}

#[test]
fn a_service_of_the_api_is_told_whom_to_trust() {
    let service = |fields| {
        format!(
            "{{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {{name: v1.a}}, spec: {{group: a, version: v1, versionPriority: 1, {fields}}}}}"
        )
    };
    check(&service("groupPriorityMinimum: 20000"), "");
    check(
        &service("groupPriorityMinimum: 20001, caBundle: LS0="),
        "[api/invalid] `spec.groupPriorityMinimum` must be between 1 and 20000, but is the integer `20001`\n[api/invalid] `spec.caBundle` may not be there without `service`",
    );
    check(
        &service(
            "groupPriorityMinimum: 1, caBundle: LS0=, insecureSkipTLSVerify: true, service: {name: b}",
        ),
        "[api/invalid] `spec.insecureSkipTLSVerify` may not be `true` beside a `caBundle` (remove it: the `caBundle` says whom to trust)\n[api/required] `spec.service.namespace` is missing",
    );
}

#[test]
fn a_request_for_a_certificate_has_one_and_names_a_signer() {
    let request = |signer, usages| {
        format!(
            "{{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {{name: a}}, spec: {{request: LS0t, signerName: {signer}, usages: {usages}}}}}"
        )
    };
    check(
        &request("example.com/signer", "[any]"),
        "[api/invalid] `spec.request` must be a `CERTIFICATE REQUEST` in PEM, encoded in base64 (write what `openssl req -new` prints, through `base64`)",
    );
    check(
        &request("signer", "[any, any, all]"),
        "[api/invalid] `spec.request` must be a `CERTIFICATE REQUEST` in PEM, encoded in base64 (write what `openssl req -new` prints, through `base64`)\n[api/invalid] `spec.signerName` must be a domain, `/` and a name, but is the string `signer` (write it as `example.com/signer-name`)\n[api/duplicate] `spec.usages[1]` is the string `any` a second time (remove or rename one of the two)\n[api/enum] `spec.usages[2]` must be one of `any`, `cert sign`, `client auth`, `code signing`, `content commitment`, `crl sign`, `data encipherment`, `decipher only`, `digital signature`, `email protection`, `encipher only`, `ipsec end system`, `ipsec tunnel`, `ipsec user`, `key agreement`, `key encipherment`, `microsoft sgc`, `netscape sgc`, `ocsp signing`, `s/mime`, `server auth`, `signing`, `timestamping`, but is the string `all`",
    );
}

fn check_schema(spec: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {{name: a}}, spec: {{{spec}}}}}"
        ),
        expect,
    );
}

#[test]
fn a_flow_schema_names_a_level_and_only_exempt_is_first() {
    check_schema(
        "matchingPrecedence: 1",
        "[api/required] `spec.priorityLevelConfiguration.name` is missing\n[api/invalid] `spec.matchingPrecedence` must be 2 at least: 1 is for the schema `exempt`, but is the integer `1`",
    );
}

#[test]
fn a_subject_has_what_its_kind_is() {
    let rules = |subject| {
        format!(
            "priorityLevelConfiguration: {{name: b}}, rules: [{{subjects: [{subject}], nonResourceRules: [{{verbs: [get], nonResourceURLs: [/a]}}]}}]"
        )
    };
    check_schema(&rules("{kind: User, user: {name: a}}"), "");
    check_schema(
        &rules("{kind: User, group: {name: a}}"),
        "[api/required] `spec.rules[0].subjects[0].user` is missing\n[api/forbidden] `spec.rules[0].subjects[0].group` may not be there where `kind` is `User`",
    );
    check_schema(
        &rules("{kind: Users}"),
        "[api/enum] `spec.rules[0].subjects[0].kind` must be one of `Group`, `ServiceAccount`, `User`, but is the string `Users`",
    );
    check_schema(
        &rules("{kind: ServiceAccount, serviceAccount: {name: A, namespace: b}}"),
        "[api/invalid] `spec.rules[0].subjects[0].serviceAccount.name` must be a DNS name of at most 253 small letters, digits, `-` and `.`, but is the string `A` (write small letters and digits, with `-` and `.` only between them, such as `my-name`)",
    );
}

#[test]
fn a_rule_of_requests_names_verbs_and_what_they_are_for() {
    let rules = |rules| {
        format!(
            "priorityLevelConfiguration: {{name: b}}, rules: [{{subjects: [{{kind: User, user: {{name: a}}}}], {rules}}}]"
        )
    };
    check_schema(
        &rules("resourceRules: []"),
        "[api/required] `spec.rules[0]` must not be empty (add `resourceRules` or `nonResourceRules`)",
    );
    check_schema(
        &rules("resourceRules: [{verbs: ['*', get], apiGroups: ['*'], resources: [pods]}]"),
        "[api/required] `spec.rules[0].resourceRules[0].namespaces` is missing (name some, or write `clusterScope: true`)\n[api/invalid] `spec.rules[0].resourceRules[0].verbs` may not have others beside `*` (keep `*` alone)",
    );
    check_schema(
        &rules(
            "nonResourceRules: [{verbs: [read], nonResourceURLs: [/a/*, /a*, a, '/a b', /a//b]}]",
        ),
        "[api/enum] `spec.rules[0].nonResourceRules[0].verbs` has the item `read`, but each must be one of `create`, `delete`, `deletecollection`, `get`, `list`, `patch`, `proxy`, `update`, `watch`\n[api/invalid] `spec.rules[0].nonResourceRules[0].nonResourceURLs[1]` may have `*` only as its end, behind `/`, but is the string `/a*`\n[api/invalid] `spec.rules[0].nonResourceRules[0].nonResourceURLs[2]` must begin with `/`, but is the string `a`\n[api/invalid] `spec.rules[0].nonResourceRules[0].nonResourceURLs[3]` must not have blanks, but is the string `/a b`\n[api/invalid] `spec.rules[0].nonResourceRules[0].nonResourceURLs[4]` must not have `//`, but is the string `/a//b`",
    );
}

fn check_level(spec: &str, expect: &str) {
    check(
        &format!(
            "{{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {{name: a}}, spec: {{{spec}}}}}"
        ),
        expect,
    );
}

#[test]
fn a_level_has_what_its_type_is() {
    check_level("type: Limited", "[api/required] `spec.limited` is missing");
    check_level(
        "type: Exempt, limited: {limitResponse: {type: Queue}}",
        "[api/invalid] `spec.type` must be `Exempt` for the level `exempt` and no other, but is the string `Exempt`\n[api/forbidden] `spec.limited` may not be there where `type` is `Exempt`\n[api/required] `spec.limited.limitResponse.queuing` is missing",
    );
    check_level(
        "type: Limited, limited: {limitResponse: {type: Reject, queuing: {}}}",
        "[api/forbidden] `spec.limited.limitResponse.queuing` may not be there where `type` is `Reject`",
    );
}

#[test]
fn a_hand_of_queues_takes_at_most_60_bits() {
    let queues = |queues, hand| {
        format!(
            "type: Limited, limited: {{limitResponse: {{type: Queue, queuing: {{queues: {queues}, handSize: {hand}}}}}}}"
        )
    };
    check_level(&queues(512, 6), "");
    check_level(
        &queues(512, 10),
        "[api/invalid] `spec.limited.limitResponse.queuing.handSize` must be less for 512 queues, but is the integer `10` (lower `handSize` or `queues`: a hand of `handSize` from `queues` may take 60 bits)",
    );
    check_level(
        &queues(7, 8),
        "[api/invalid] `spec.limited.limitResponse.queuing.handSize` must be 7 at most, as `queues` is, but is the integer `8`",
    );
}

#[test]
fn requests_are_sorted_alike_in_every_version_of_the_api() {
    let text = |api_version: &str, kind: &str, spec: &str| {
        format!(
            "{{apiVersion: flowcontrol.apiserver.k8s.io/{api_version}, kind: {kind}, metadata: {{name: a}}, spec: {{{spec}}}}}"
        )
    };
    let schema = "matchingPrecedence: 10001, priorityLevelConfiguration: {name: b}, rules: [{subjects: [{kind: Users}], nonResourceRules: [{verbs: [get], nonResourceURLs: [a]}]}]";
    let level = "type: Limited, limited: {limitResponse: {type: Queue}}";
    for (api_version, version) in
        [("v1beta1", "1.25"), ("v1beta2", "1.28"), ("v1beta3", "1.31"), ("v1", "1.29")]
    {
        assert_eq!(
            refused(&text(api_version, "FlowSchema", schema), version),
            [
                "spec.matchingPrecedence",
                "spec.rules[0].subjects[0].kind",
                "spec.rules[0].nonResourceRules[0].nonResourceURLs[0]",
            ],
            "{api_version}"
        );
        let level = text(api_version, "PriorityLevelConfiguration", level);
        assert_eq!(refused(&level, version), ["spec.limited.limitResponse.queuing"]);
    }
}

#[test]
fn shares_are_called_otherwise_before_the_third_beta() {
    let shares = |api_version: &str, name: &str| {
        format!(
            "{{apiVersion: flowcontrol.apiserver.k8s.io/{api_version}, kind: PriorityLevelConfiguration, metadata: {{name: a}}, \
             spec: {{type: Limited, limited: {{limitResponse: {{type: Reject}}, {name}: -1}}}}}}"
        )
    };
    let refused = |api_version, name, version| refused(&shares(api_version, name), version);
    let assured = "assuredConcurrencyShares";
    assert_eq!(refused("v1beta2", assured, "1.28"), [format!("spec.limited.{assured}")]);
    let nominal = "nominalConcurrencyShares";
    for (api_version, version) in [("v1beta3", "1.31"), ("v1", "1.31")] {
        assert_eq!(refused(api_version, nominal, version), [format!("spec.limited.{nominal}")]);
    }
}
