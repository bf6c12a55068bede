//! Workloads by example: which fields a server refuses. A real API server of version 1.35 was asked.

use crate::check::rules::tests::refused;

const NONE: &[&str] = &[];
const TEMPLATE: &str = "{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}";

/// Fields below `spec` that are refused of a workload with these fields beside selector and template.
fn check(kind: &str, fields: &str, expect: &[&str]) {
    check_version(kind, fields, "1.35", expect);
}

fn check_version(kind: &str, fields: &str, version: &str, expect: &[&str]) {
    let spec = format!("{{selector: {{matchLabels: {{a: b}}}}, template: {TEMPLATE}, {fields}}}");
    check_spec("apps/v1", kind, &spec, version, expect);
}

fn check_spec(api: &str, kind: &str, spec: &str, version: &str, expect: &[&str]) {
    let text = format!("{{apiVersion: {api}, kind: {kind}, metadata: {{name: w}}, spec: {spec}}}");
    let found = refused(&text, version);
    let short: Vec<&str> = found.iter().map(|path| path.trim_start_matches("spec.")).collect();
    assert_eq!(short, expect, "of {kind} {spec} in {version}");
}

#[test]
fn a_rollout_needs_a_pod_more_or_less() {
    check(
        "Deployment",
        "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}",
        &["strategy.rollingUpdate.maxUnavailable"],
    );
    check("Deployment", "strategy: {rollingUpdate: {maxSurge: 0}}", NONE);
    check(
        "Deployment",
        "strategy: {rollingUpdate: {maxSurge: x, maxUnavailable: 101%}}",
        &["strategy.rollingUpdate.maxSurge", "strategy.rollingUpdate.maxUnavailable"],
    );
    check(
        "Deployment",
        "strategy: {rollingUpdate: {maxSurge: 200%, maxUnavailable: -1}}",
        &["strategy.rollingUpdate.maxUnavailable"],
    );
    check(
        "Deployment",
        "strategy: {type: Recreate, rollingUpdate: {}}",
        &["strategy.rollingUpdate"],
    );
}

#[test]
fn the_deadline_of_a_rollout_is_after_readiness() {
    check("Deployment", "minReadySeconds: 599", NONE);
    check("Deployment", "minReadySeconds: 600", &["progressDeadlineSeconds"]);
    check(
        "Deployment",
        "minReadySeconds: 5, progressDeadlineSeconds: 5",
        &["progressDeadlineSeconds"],
    );
}

#[test]
fn a_daemon_set_has_a_pod_more_or_less_not_both() {
    let update = |fields: &str| format!("updateStrategy: {{rollingUpdate: {{{fields}}}}}");
    check("DaemonSet", &update("maxSurge: 1, maxUnavailable: 0"), NONE);
    check("DaemonSet", &update("maxSurge: 1"), &["updateStrategy.rollingUpdate.maxSurge"]);
    check(
        "DaemonSet",
        &update("maxUnavailable: 0"),
        &["updateStrategy.rollingUpdate.maxUnavailable"],
    );
    check(
        "DaemonSet",
        "updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: 0}}",
        NONE,
    );
}

#[test]
fn a_stateful_set_is_judged_as_it_is_served() {
    check(
        "StatefulSet",
        "serviceName: s, updateStrategy: {type: OnDelete, rollingUpdate: {}}",
        &["updateStrategy.rollingUpdate"],
    );
    check(
        "StatefulSet",
        "serviceName: s, updateStrategy: {rollingUpdate: {maxUnavailable: 0, partition: -1}}",
        &["updateStrategy.rollingUpdate.partition"],
    );
    check(
        "StatefulSet",
        "serviceName: s, persistentVolumeClaimRetentionPolicy: {whenDeleted: '', whenScaled: x}",
        &["persistentVolumeClaimRetentionPolicy.whenScaled"],
    );
}

#[test]
fn a_stateful_set_goes_on_only_without_some_pods_since_1_37() {
    let refused: &[&str] = &["updateStrategy.rollingUpdate.maxUnavailable"];
    for amount in ["0", "0%", "101%"] {
        let update = format!(
            "serviceName: s, updateStrategy: {{rollingUpdate: {{maxUnavailable: {amount}}}}}"
        );
        check_version("StatefulSet", &update, "1.36", NONE);
        check_version("StatefulSet", &update, "1.37", refused);
    }
    let update = "serviceName: s, updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}";
    check_version("StatefulSet", update, "1.37", NONE);
}

#[test]
fn the_service_of_a_stateful_set_is_a_dns_label_since_1_33() {
    check_version("StatefulSet", "serviceName: a.b", "1.32", NONE);
    check_version("StatefulSet", "serviceName: a.b", "1.33", &["serviceName"]);
}

#[test]
fn pods_of_a_stateful_set_are_judged_since_1_34() {
    let spec = "{serviceName: s, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: A, image: b}]}}}";
    check_spec("apps/v1", "StatefulSet", spec, "1.33", NONE);
    check_spec("apps/v1", "StatefulSet", spec, "1.34", &["template.spec.containers[0].name"]);
}

#[test]
fn a_selector_is_not_empty_and_finds_the_pods() {
    let spec = |selector| format!("{{selector: {selector}, template: {TEMPLATE}}}");
    for kind in ["Deployment", "ReplicaSet", "DaemonSet"] {
        check_spec("apps/v1", kind, &spec("{}"), "1.35", &["selector"]);
        check_spec("apps/v1", kind, &spec("{matchLabels: {}}"), "1.35", &["selector"]);
        check_spec(
            "apps/v1",
            kind,
            &spec("{matchLabels: {a: c}}"),
            "1.35",
            &["template.metadata.labels"],
        );
        check_spec(
            "apps/v1",
            kind,
            &spec("{matchExpressions: [{key: a, operator: In, values: [b, c]}]}"),
            "1.35",
            NONE,
        );
        check_spec(
            "apps/v1",
            kind,
            &spec("{matchExpressions: [{key: a, operator: DoesNotExist}]}"),
            "1.35",
            &["template.metadata.labels"],
        );
    }
}

#[test]
fn a_replication_controller_takes_its_selector_from_the_template() {
    let check =
        |spec: &str, expect| check_spec("v1", "ReplicationController", spec, "1.35", expect);
    check(&format!("{{template: {TEMPLATE}}}"), NONE);
    check(&format!("{{selector: {{a: c}}, template: {TEMPLATE}}}"), &["template.metadata.labels"]);
    check("{template: {spec: {containers: [{name: a, image: b}]}}}", &["selector"]);
    check("{selector: {a: b}}", &["template"]);
}

#[test]
fn pods_that_are_always_wanted_do_not_end() {
    let spec = |fields| {
        format!(
            "{{selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{{fields}, containers: [{{name: a, image: b}}]}}}}}}"
        )
    };
    check_spec(
        "apps/v1",
        "Deployment",
        &spec("restartPolicy: Never"),
        "1.35",
        &["template.spec.restartPolicy"],
    );
    check_spec(
        "apps/v1",
        "DaemonSet",
        &spec("activeDeadlineSeconds: 5"),
        "1.35",
        &["template.spec.activeDeadlineSeconds"],
    );
}

#[test]
fn a_revision_holds_an_object() {
    let text = |data| {
        format!(
            "{{apiVersion: apps/v1, kind: ControllerRevision, metadata: {{name: w}}, revision: 1, data: {data}}}"
        )
    };
    for version in ["1.35", "1.37"] {
        assert_eq!(refused(&text("{}"), version), NONE);
        assert_eq!(refused(&text("null"), version), ["data"]);
    }
}
