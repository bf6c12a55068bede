//! Rules of what scales and limits, by example. A real API server of version 1.35 was asked.

use crate::check::rules::tests::{check, paths, said};

fn check_paths(text: &str, expect: &str) {
    assert_eq!(paths(text, "1.35"), expect, "of {text}");
}

fn object(kind: &str, spec: &str) -> String {
    format!("{{{kind}, metadata: {{name: a}}, {spec}}}")
}

fn autoscaler(rest: &str) -> String {
    let target = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}";
    object(
        "apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler",
        &format!("spec: {{{target}, {rest}}}"),
    )
}

#[test]
fn replicas_are_at_least_one_and_in_order() {
    check_paths(&autoscaler(""), "[api/required] spec.maxReplicas");
    check_paths(&autoscaler("maxReplicas: 0"), "[api/invalid] spec.maxReplicas");
    check_paths(&autoscaler("minReplicas: 3, maxReplicas: 2"), "[api/invalid] spec.maxReplicas");
    check_paths(&autoscaler("minReplicas: 2, maxReplicas: 2"), "");
}

#[test]
fn no_replicas_at_all_are_allowed_since_1_37_with_a_metric_from_outside() {
    let metrics = "metrics: [{type: External, external: {metric: {name: a}, target: {type: Value, value: 1}}}]";
    let with = autoscaler(&format!("minReplicas: 0, maxReplicas: 2, {metrics}"));
    assert_eq!(paths(&with, "1.36"), "[api/invalid] spec.minReplicas");
    assert_eq!(paths(&with, "1.37"), "");
    let without = autoscaler("minReplicas: 0, maxReplicas: 2");
    assert_eq!(paths(&without, "1.37"), "[api/forbidden] spec.metrics");
}

#[test]
fn what_is_scaled_has_a_group_since_1_34() {
    let scales = |version: &str, kind: &str| {
        object(
            "apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler",
            &format!(
                "spec: {{maxReplicas: 1, scaleTargetRef: {{apiVersion: '{version}', kind: {kind}, name: web}}}}"
            ),
        )
    };
    assert_eq!(paths(&scales("v1", "Deployment"), "1.33"), "");
    assert_eq!(
        said(&scales("v1", "Deployment"), "1.34"),
        "[api/invalid] `spec.scaleTargetRef.apiVersion` must have a group, but is the string `v1` (write such as `apps/v1` for a Deployment or a StatefulSet)"
    );
    check_paths(&scales("", "ReplicationController"), "");
    check_paths(&scales("a/b/c", "Deployment"), "[api/invalid] spec.scaleTargetRef.apiVersion");
    check_paths(&scales("apps/v1", "a/b"), "[api/invalid] spec.scaleTargetRef.kind");
    check_paths(
        &object("apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler", "spec: null"),
        "[api/required] spec.maxReplicas; [api/invalid] spec.scaleTargetRef.apiVersion; [api/required] spec.scaleTargetRef.kind; [api/required] spec.scaleTargetRef.name",
    );
}

#[test]
fn a_share_of_the_processor_is_more_than_nothing() {
    check_paths(
        &object(
            "apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler",
            "spec: {maxReplicas: 1, targetCPUUtilizationPercentage: 0, scaleTargetRef: {apiVersion: apps/v1, kind: A, name: a}}",
        ),
        "[api/invalid] spec.targetCPUUtilizationPercentage",
    );
}

#[test]
fn a_metric_has_the_source_of_its_type_alone() {
    let metric = |metric: &str| autoscaler(&format!("maxReplicas: 2, metrics: [{metric}]"));
    check_paths(&metric("{}"), "[api/required] spec.metrics[0].type");
    check_paths(&metric("{type: x}"), "[api/enum] spec.metrics[0].type");
    check_paths(&metric("{type: Pods}"), "[api/required] spec.metrics[0].pods");
    let two = "resource: {name: cpu, target: {type: Utilization, averageUtilization: 1}}, containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 1}}";
    check_paths(
        &metric(&format!("{{type: ContainerResource, {two}}}")),
        "[api/forbidden] spec.metrics[0].resource",
    );
    check_paths(
        &metric(&format!("{{type: Resource, {two}}}")),
        "[api/forbidden] spec.metrics[0].containerResource",
    );
}

#[test]
fn each_source_has_what_it_measures_and_a_target() {
    let metric = |kind: &str, field: &str| {
        autoscaler(&format!("maxReplicas: 2, metrics: [{{type: {kind}, {field}: {{}}}}]"))
    };
    for (kind, field, missing) in [
        ("Pods", "pods", ["metric.name", "target.averageValue", "target.type"].as_slice()),
        ("External", "external", &["metric.name", "target.averageValue", "target.type"]),
        (
            "Object",
            "object",
            &[
                "describedObject.kind",
                "describedObject.name",
                "metric.name",
                "target.averageValue",
                "target.type",
            ],
        ),
        ("Resource", "resource", &["name", "target.averageUtilization", "target.type"]),
        (
            "ContainerResource",
            "containerResource",
            &["container", "name", "target.averageUtilization", "target.type"],
        ),
    ] {
        let missing: Vec<_> = missing
            .iter()
            .map(|way| format!("[api/required] spec.metrics[0].{field}.{way}"))
            .collect();
        check_paths(&metric(kind, field), &missing.join("; "));
    }
}

#[test]
fn a_target_is_one_amount_of_more_than_nothing() {
    let target = |target: &str| {
        autoscaler(&format!(
            "maxReplicas: 2, metrics: [{{type: Resource, resource: {{name: cpu, target: {target}}}}}]"
        ))
    };
    let path = "spec.metrics[0].resource.target";
    check_paths(&target("{type: Value, averageValue: 1m}"), "");
    check_paths(&target("{type: value, averageValue: 1m}"), &format!("[api/invalid] {path}.type"));
    check_paths(
        &target("{type: Value, averageValue: 0}"),
        &format!("[api/invalid] {path}.averageValue"),
    );
    check_paths(
        &target("{type: Utilization, averageUtilization: 0}"),
        &format!("[api/invalid] {path}.averageUtilization"),
    );
    check_paths(
        &target("{type: Value, averageValue: 1, averageUtilization: 1}"),
        &format!("[api/forbidden] {path}.averageValue"),
    );
}

#[test]
fn a_container_is_measured_by_what_it_uses() {
    let name = |name: &str| {
        autoscaler(&format!(
            "maxReplicas: 2, metrics: [{{type: ContainerResource, containerResource: {{name: '{name}', container: app, target: {{type: Utilization, averageUtilization: 1}}}}}}]"
        ))
    };
    for taken in ["cpu", "hugepages-2Mi", "example.com/gpu", "kubernetes.io/x"] {
        check_paths(&name(taken), "");
    }
    for refused in ["storage", "pods", "CPU", "requests.example.com/gpu", "a b/c"] {
        check_paths(&name(refused), "[api/invalid] spec.metrics[0].containerResource.name");
    }
}

#[test]
fn behaviour_has_bounds_and_a_list_of_policies_is_not_empty() {
    let behavior =
        |rules: &str| autoscaler(&format!("maxReplicas: 2, behavior: {{scaleUp: {rules}}}"));
    check_paths(&behavior("{policies: null}"), "");
    check_paths(&behavior("{policies: []}"), "[api/required] spec.behavior.scaleUp.policies");
    check_paths(
        &behavior("{stabilizationWindowSeconds: 3601, selectPolicy: '', tolerance: -1}"),
        "[api/invalid] spec.behavior.scaleUp.stabilizationWindowSeconds; [api/enum] spec.behavior.scaleUp.selectPolicy; [api/invalid] spec.behavior.scaleUp.tolerance",
    );
    check_paths(
        &behavior("{policies: [{type: pods, value: 0, periodSeconds: 1801}]}"),
        "[api/enum] spec.behavior.scaleUp.policies[0].type; [api/invalid] spec.behavior.scaleUp.policies[0].value; [api/invalid] spec.behavior.scaleUp.policies[0].periodSeconds",
    );
    assert_eq!(paths(&behavior("{tolerance: -1}"), "1.34"), "");
}

#[test]
fn a_budget_is_a_number_or_a_share() {
    let budget = |bound: &str| {
        object(
            "apiVersion: policy/v1, kind: PodDisruptionBudget",
            &format!("spec: {{minAvailable: {bound}}}"),
        )
    };
    for taken in ["0", "100%", "007%", "null"] {
        check_paths(&budget(taken), "");
    }
    for refused in ["-1", "'5'", "''", "101%", "-1%", "1.5%", "99999999999999999999%"] {
        check_paths(&budget(refused), "[api/invalid] spec.minAvailable");
    }
    check_paths(&budget("1, maxUnavailable: 1"), "[api/invalid] spec");
}

#[test]
fn unhealthy_pods_are_looked_at_since_1_27() {
    let budget = object(
        "apiVersion: policy/v1, kind: PodDisruptionBudget",
        "spec: {unhealthyPodEvictionPolicy: ''}",
    );
    assert_eq!(paths(&budget, "1.26"), "");
    assert_eq!(paths(&budget, "1.27"), "[api/enum] spec.unhealthyPodEvictionPolicy");
}

fn quota(spec: &str) -> String {
    object("apiVersion: v1, kind: ResourceQuota", &format!("spec: {spec}"))
}

#[test]
fn a_quota_names_resources_that_it_knows_and_whole_numbers_of_some() {
    let hard = |name: &str, amount: &str| quota(&format!("{{hard: {{'{name}': {amount}}}}}"));
    for (name, amount) in [
        ("cpu", "1500m"),
        ("requests.hugepages-2Mi", "1Gi"),
        ("kubernetes.io/x", "1.5"),
        ("requests.example.com/gpu", "0.5"),
        ("fast.storageclass.storage.k8s.io/requests.storage", "1Gi"),
        ("count/jobs.batch", "1"),
    ] {
        check_paths(&hard(name, amount), "");
    }
    for (name, amount) in [
        ("cpu", "-1"),
        ("pods", "1500m"),
        ("count/jobs.batch", "1.5"),
        ("example.com/gpu", "1m"),
        ("storage", "1"),
        ("Pods", "1"),
        ("hugepages-", "1"),
        ("/a", "1"),
    ] {
        let said = said(&hard(name, amount), "1.35");
        assert!(said.starts_with("[api/invalid] `spec.hard"), "{name} {amount}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn scopes_reach_the_resources_that_are_limited() {
    check(
        &quota("{hard: {cpu: 1, count/x: 1}, scopes: [BestEffort]}"),
        "[api/invalid] `spec.scopes` must not have `BestEffort` beside a limit of `cpu` (that scope has `pods`)",
    );
    check_paths(&quota("{hard: {pods: 1}, scopes: [BestEffort, BestEffort]}"), "");
    check_paths(&quota("{scopes: [Terminating, NotTerminating]}"), "[api/invalid] spec.scopes");
    check_paths(&quota("{scopes: [x]}"), "[api/invalid] spec.scopes");
    check_paths(
        &quota(
            "{scopes: [Terminating], scopeSelector: {matchExpressions: [{scopeName: NotTerminating, operator: Exists}]}}",
        ),
        "",
    );
}

#[test]
fn a_selected_scope_has_values_if_its_operator_has() {
    let asked =
        |asked: &str| quota(&format!("{{scopeSelector: {{matchExpressions: [{{{asked}}}]}}}}"));
    let path = "spec.scopeSelector.matchExpressions[0]";
    check_paths(&asked("scopeName: PriorityClass, operator: In, values: [a]"), "");
    for (wrong, code, field) in [
        ("scopeName: PriorityClass, operator: In", "required", "values"),
        ("scopeName: PriorityClass, operator: Exists, values: [a]", "invalid", "values"),
        ("scopeName: PriorityClass, operator: x", "invalid", "operator"),
        ("scopeName: Terminating, operator: In, values: [a]", "invalid", "operator"),
        ("scopeName: x, operator: Exists", "invalid", "scopeName"),
        ("operator: Exists", "required", "scopeName"),
    ] {
        check_paths(&asked(wrong), &format!("[api/{code}] {path}.{field}"));
    }
}

fn limits(items: &str) -> String {
    object("apiVersion: v1, kind: LimitRange", &format!("spec: {{limits: [{items}]}}"))
}

#[test]
fn limits_are_of_a_type_once() {
    check_paths(&limits("{type: Pod}, {type: example.com/Image}, {type: Container}"), "");
    check_paths(&limits("{type: Pod}, {type: Pod}"), "[api/duplicate] spec.limits[1].type");
    check_paths(&limits("{type: pod}"), "[api/invalid] spec.limits[0].type");
    check_paths(&limits("{type: ''}"), "[api/required] spec.limits[0].type");
    check_paths(
        &limits("{type: Pod, default: {cpu: 1}}"),
        "[api/forbidden] spec.limits[0].default",
    );
    check_paths(
        &limits("{type: PersistentVolumeClaim, max: {cpu: 1}}"),
        "[api/required] spec.limits[0].max.storage",
    );
}

#[test]
fn limits_of_containers_are_of_what_containers_use() {
    check_paths(
        &limits("{type: Container, max: {storage: 1}}"),
        "[api/invalid] spec.limits[0].max.storage",
    );
    check_paths(&limits("{type: example.com/Image, max: {storage: 1}}"), "");
    check_paths(
        &limits("{type: example.com/Image, max: {store: 1}}"),
        "[api/invalid] spec.limits[0].max.store",
    );
}

#[test]
fn amounts_of_a_limit_are_in_order() {
    let item = |amounts: &str| limits(&format!("{{type: Container, {amounts}}}"));
    check_paths(
        &item("min: {cpu: 1}, max: {cpu: 1000m}, default: {cpu: 1}, defaultRequest: {cpu: 1}"),
        "",
    );
    for (amounts, named) in [
        ("min: {cpu: 2}, max: {cpu: 1}", "min"),
        ("min: {memory: 1Gi}, max: {memory: 1G}", "min"),
        ("min: {cpu: 2}, defaultRequest: {cpu: 1}", "defaultRequest"),
        ("max: {cpu: 1}, defaultRequest: {cpu: 2}", "defaultRequest"),
        ("default: {cpu: 1}, defaultRequest: {cpu: 2}", "defaultRequest"),
        ("min: {cpu: 2}, default: {cpu: 1}", "default"),
        ("max: {cpu: 1}, default: {cpu: 2}", "default"),
        ("max: {cpu: -5}, default: {cpu: null}", "default"),
    ] {
        let key = if amounts.contains("memory") { "memory" } else { "cpu" };
        check_paths(&item(amounts), &format!("[api/invalid] spec.limits[0].{named}.{key}"));
    }
}

#[test]
fn a_ratio_can_be_reached() {
    let ratio = |bounds: &str, ratio: &str| {
        limits(&format!("{{type: Pod, {bounds}, maxLimitRequestRatio: {{cpu: {ratio}}}}}"))
    };
    check_paths(&ratio("min: {cpu: 250m}, max: {cpu: 1}", "4"), "");
    check_paths(&ratio("min: {cpu: 0}, max: {cpu: 1}", "999"), "");
    let path = "[api/invalid] spec.limits[0].maxLimitRequestRatio.cpu";
    check_paths(&ratio("min: {cpu: 250m}, max: {cpu: 1}", "4.001"), path);
    check_paths(&ratio("max: {cpu: 1}", "0.5"), path);
}

#[test]
fn what_cannot_be_promised_twice_is_asked_for_in_full() {
    for limit in ["default", "max"] {
        check_paths(
            &limits(&format!(
                "{{type: Container, {limit}: {{hugepages-2Mi: 4Mi}}, defaultRequest: {{hugepages-2Mi: 2Mi}}}}"
            )),
            "[api/invalid] spec.limits[0].defaultRequest.hugepages-2Mi",
        );
    }
}

#[test]
fn priorities_above_a_thousand_millions_are_of_the_system() {
    let class = |name: &str, rest: &str| {
        format!(
            "{{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {{name: {name}}}, {rest}}}"
        )
    };
    check_paths(&class("a", "value: 1000000000"), "");
    check_paths(&class("a", "value: 1000000001"), "[api/forbidden] value");
    check_paths(&class("system-a", "value: 1"), "[api/forbidden] metadata.name");
    check_paths(&class("system-node-critical", "value: 2000001000"), "");
    check_paths(
        &class("system-node-critical", "value: 2000001000, globalDefault: true"),
        "[api/forbidden] metadata.name",
    );
    check_paths(&class("a", "value: 1, preemptionPolicy: ''"), "[api/required] preemptionPolicy");
    check_paths(&class("a", "value: 1, preemptionPolicy: never"), "[api/enum] preemptionPolicy");
}

#[test]
fn a_runtime_has_a_handler_and_costs_what_containers_use() {
    let class = |rest: &str| object("apiVersion: node.k8s.io/v1, kind: RuntimeClass", rest);
    check_paths(&class("overhead: null"), "[api/required] handler");
    check_paths(&class("handler: a.b"), "[api/invalid] handler");
    let cost = |cost: &str| class(&format!("handler: a, overhead: {{podFixed: {{{cost}}}}}"));
    check_paths(&cost("cpu: 0.1m, hugepages-2Mi: 4Mi"), "");
    for (wrong, name) in [
        ("cpu: -1", "cpu"),
        ("storage: 1", "storage"),
        ("cpu: 1, hugepages-2Mi: 3Mi", "hugepages-2Mi"),
        ("cpu: 1, hugepages-x: 3Mi", "hugepages-x"),
    ] {
        check_paths(&cost(wrong), &format!("[api/invalid] overhead.podFixed.{name}"));
    }
    check_paths(&cost("hugepages-2Mi: 2Mi"), "[api/forbidden] overhead");
}

#[test]
fn tolerations_of_a_runtime_differ_in_more_than_their_seconds() {
    let class = |tolerations: &str| {
        object(
            "apiVersion: node.k8s.io/v1, kind: RuntimeClass",
            &format!(
                "handler: a, scheduling: {{nodeSelector: {{a: b}}, tolerations: [{tolerations}]}}"
            ),
        )
    };
    check_paths(
        &class("{key: a, operator: Exists}, {key: a, operator: Exists, effect: NoExecute}"),
        "",
    );
    check_paths(
        &class(
            "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 1}, {key: a, operator: Exists, effect: NoExecute}",
        ),
        "[api/duplicate] scheduling.tolerations[1]",
    );
    check_paths(
        &object(
            "apiVersion: node.k8s.io/v1, kind: RuntimeClass",
            "handler: a, scheduling: {nodeSelector: {a: b c}}",
        ),
        "[api/invalid] scheduling.nodeSelector",
    );
}
