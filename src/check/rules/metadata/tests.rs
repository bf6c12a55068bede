//! Metadata by example. A real API server of version 1.35 was asked; older and newer versions follow their sources.

use crate::check::rules::tests::{brief, check, said};

fn config_map(metadata: &str) -> String {
    format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a, {metadata}}}}}")
}

fn check_metadata(metadata: &str, expect: &str) {
    assert_eq!(brief(&config_map(metadata), "1.35"), expect, "of {metadata}");
}

fn named(kind: &str, name: &str) -> String {
    let (version, kind) = kind.rsplit_once('/').expect("a version and a kind");
    format!("{{apiVersion: {version}, kind: {kind}, metadata: {{name: '{name}'}}}}")
}

/// Whether the name alone is refused.
fn refuses_name(kind: &str, name: &str, version: &str) -> bool {
    said(&named(kind, name), version).contains("`metadata.name`")
}

#[test]
fn most_kinds_have_dns_names_and_some_nearly_any() {
    for kind in [
        "batch/v1/Job",
        "v1/Endpoints",
        "resource.k8s.io/v1/DeviceClass",
        "storage.k8s.io/v1/CSINode",
    ] {
        assert!(refuses_name(kind, "a_b", "1.35"), "{kind}");
        assert!(!refuses_name(kind, "a.b", "1.35"), "{kind}");
    }
    for kind in ["rbac.authorization.k8s.io/v1/Role", "policy/v1/PodDisruptionBudget", "v1/Event"] {
        assert!(!refuses_name(kind, "system:A b", "1.35"), "{kind}");
        assert!(refuses_name(kind, "a/b", "1.35"), "{kind}");
    }
}

#[test]
fn a_service_may_begin_with_a_digit_since_1_36() {
    assert!(refuses_name("v1/Service", "1a", "1.35"));
    assert!(!refuses_name("v1/Service", "1a", "1.36"));
    assert!(refuses_name("v1/Service", "a.b", "1.36"));
}

#[test]
fn a_stateful_set_has_no_dots_since_1_27() {
    assert!(!refuses_name("apps/v1/StatefulSet", "a.b", "1.26"));
    assert!(refuses_name("apps/v1/StatefulSet", "a.b", "1.27"));
}

#[test]
fn a_cron_job_leaves_room_for_the_names_of_its_jobs() {
    assert!(!refuses_name("batch/v1/CronJob", &"a".repeat(52), "1.35"));
    assert!(refuses_name("batch/v1/CronJob", &"a".repeat(53), "1.35"));
}

#[test]
fn an_address_is_called_as_it_is_written_shortest() {
    let kind = "networking.k8s.io/v1/IPAddress";
    for name in ["1", "::ffff:10.0.0.1", "010.0.0.1", "2001:DB8::1", "2001:db8:0::1"] {
        assert!(refuses_name(kind, name, "1.35"), "{name}");
    }
    assert!(!refuses_name(kind, "192.168.1.5", "1.35"));
    assert!(!refuses_name(kind, "2001:db8::1", "1.35"));
}

#[test]
fn some_names_are_made_of_fields() {
    check(
        "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: a}, spec: {group: b.c, version: v1, groupPriorityMinimum: 1, versionPriority: 1}}",
        "[api/invalid] `metadata.name` must be `v1.b.c`: `spec.version`, a dot and `spec.group`, but is the string `a`",
    );
    assert!(refuses_name("apiextensions.k8s.io/v1/CustomResourceDefinition", "a.b", "1.35"));
}

#[test]
fn a_prefix_is_the_beginning_of_a_name() {
    for prefix in ["A", "a.", "-a", "a/", "a_"] {
        check_metadata(&format!("generateName: '{prefix}'"), "[api/invalid] metadata.generateName");
    }
    check_metadata("generateName: a-", "");
}

#[test]
fn labels_and_annotations_differ_in_the_case_of_their_domains() {
    check_metadata("labels: {A.b/c: d}", "[api/invalid] metadata.labels");
    check_metadata("annotations: {A.b/c: d}", "");
    check_metadata("annotations: {a//c: d}", "[api/invalid] metadata.annotations");
    check_metadata("labels: {a: null}", "");
}

#[test]
fn annotations_have_a_size_together() {
    let of = |size| format!("annotations: {{a: {}}}", "x".repeat(size));
    check_metadata(&of(262_143), "");
    check_metadata(&of(262_144), "[api/length] metadata.annotations");
}

#[test]
fn a_finalizer_has_a_domain_where_kubernetes_itself_has_the_kind() {
    check_metadata("finalizers: [foregroundDeletion, kubernetes, a.b/c]", "");
    check_metadata("finalizers: [foo]", "[api/invalid] metadata.finalizers[0]");
    check_metadata("finalizers: [a/b/c]", "[api/invalid] metadata.finalizers");
    check_metadata("finalizers: [orphan, foregroundDeletion]", "[api/invalid] metadata.finalizers");
    let lease =
        "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a, finalizers: [foo]}}";
    assert_eq!(said(lease, "1.35"), "");
}

#[test]
fn an_owner_is_named_in_full_and_one_controls() {
    let owner = |more| format!("{{apiVersion: v1, kind: Pod, name: a, uid: b, {more}}}");
    check_metadata(&format!("ownerReferences: [{}]", owner("")), "");
    check_metadata(
        "ownerReferences: [{apiVersion: apps/, kind: '', name: a, uid: b}]",
        "[api/invalid] metadata.ownerReferences[0].apiVersion\n[api/required] metadata.ownerReferences[0].kind",
    );
    let both = owner("controller: true");
    check_metadata(
        &format!("ownerReferences: [{both}, {both}]"),
        "[api/invalid] metadata.ownerReferences",
    );
    check_metadata(
        "ownerReferences: [{apiVersion: v1, kind: Event, name: a, uid: b}]",
        "[api/invalid] metadata.ownerReferences[0]",
    );
}

#[test]
fn owners_and_finalizers_of_templates_are_not_judged() {
    check(
        "{apiVersion: v1, kind: PodTemplate, metadata: {name: a}, template: {metadata: {finalizers: [x], labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}",
        "",
    );
}

#[test]
fn what_a_server_wrote_of_managers_is_held_to_its_length() {
    let entry = |manager: &str| {
        format!(
            "managedFields: [{{manager: {manager}, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {{}}}}]"
        )
    };
    check_metadata(&entry("kubectl"), "");
    check_metadata(&entry(&"x".repeat(129)), "[api/length] metadata.managedFields[0].manager");
    check_metadata(&format!("managedFields: [{{manager: {}}}]", "x".repeat(129)), "");
}

#[test]
fn a_namespace_says_how_strict_it_is_in_known_words() {
    let namespace = |labels| {
        format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: a, labels: {{{labels}}}}}}}")
    };
    check(
        &namespace("pod-security.kubernetes.io/enforce: Baseline"),
        "[api/enum] `metadata.labels[pod-security.kubernetes.io/enforce]` must be one of `privileged`, `baseline`, `restricted`, but is the string `Baseline`",
    );
    check(&namespace("pod-security.kubernetes.io/warn-version: v1.35"), "");
    check(&namespace("pod-security.kubernetes.io/audit-version: latest"), "");
    assert_eq!(
        brief(&namespace("pod-security.kubernetes.io/warn-version: v1.01"), "1.35"),
        "[api/invalid] metadata.labels[pod-security.kubernetes.io/warn-version]"
    );
}

fn check_selector(selector: &str, expect: &str) {
    let policy = format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: a}}, spec: {{podSelector: {selector}}}}}"
    );
    assert_eq!(brief(&policy, "1.35"), expect, "of {selector}");
}

#[test]
fn a_selector_asks_what_labels_can_be() {
    check_selector("{matchLabels: {a: null}}", "");
    check_selector("{matchLabels: {a: '-'}}", "[api/invalid] spec.podSelector.matchLabels");
    check_selector("{matchLabels: {a/b/c: d}}", "[api/invalid] spec.podSelector.matchLabels");
    let asks = |asked: &str| format!("{{matchExpressions: [{{key: a, {asked}}}]}}");
    let at = "spec.podSelector.matchExpressions[0]";
    check_selector(&asks("operator: In, values: [b, null]"), "");
    check_selector(&asks("operator: In"), &format!("[api/required] {at}.values"));
    check_selector(&asks("operator: In, values: ['-']"), &format!("[api/invalid] {at}.values[0]"));
    check_selector(&asks("operator: Exists, values: [b]"), &format!("[api/forbidden] {at}.values"));
    check_selector(&asks("operator: in, values: [b]"), &format!("[api/invalid] {at}.operator"));
}

#[test]
fn a_metric_selects_what_it_likes() {
    check(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {maxReplicas: 1, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, \
         metrics: [{type: External, external: {metric: {name: a, selector: {matchLabels: {a/b/c: '-'}}}, target: {type: Value, value: 1}}}]}}",
        "",
    );
}
