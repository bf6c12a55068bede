//! Pods by example: which fields a server refuses. A real API server of version 1.35 was asked.

use crate::check::rules::tests::refused;

pub(super) const NONE: &[&str] = &[];

fn pod(spec: &str) -> String {
    format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a, labels: {{x: y}}}}, spec: {spec}}}")
}

/// Fields below `spec` that are refused of a pod.
pub(super) fn check(spec: &str, expect: &[&str]) {
    check_version(spec, "1.35", expect);
}

fn check_version(spec: &str, version: &str, expect: &[&str]) {
    let found = refused(&pod(spec), version);
    let short: Vec<&str> = found.iter().map(|path| path.trim_start_matches("spec.")).collect();
    assert_eq!(short, expect, "of {spec} in {version}");
}

/// The same of a pod whose only container has these fields.
pub(super) fn check_container(fields: &str, expect: &[&str]) {
    check_container_version(fields, "1.35", expect);
}

pub(super) fn check_container_version(fields: &str, version: &str, expect: &[&str]) {
    let spec = format!("{{containers: [{{name: a, image: b, {fields}}}]}}");
    let expect: Vec<String> = expect.iter().map(|path| format!("containers[0].{path}")).collect();
    let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
    check_version(&spec, version, &expect);
}

/// The same of a pod that has these fields beside a container.
pub(super) fn check_beside(fields: &str, expect: &[&str]) {
    check(&format!("{{containers: [{{name: a, image: b}}], {fields}}}"), expect);
}

pub(super) fn check_beside_version(fields: &str, version: &str, expect: &[&str]) {
    check_version(&format!("{{containers: [{{name: a, image: b}}], {fields}}}"), version, expect);
}

#[test]
fn a_port_has_a_name_with_a_letter_and_at_most_15_bytes() {
    for name in ["'8080'", "http-admin-server", "a--b", "-a", "A"] {
        check_container(
            &format!("ports: [{{containerPort: 1, name: {name}}}]"),
            &["ports[0].name"],
        );
    }
    check_container("ports: [{containerPort: 1, name: ''}, {containerPort: 2, name: a-1}]", NONE);
    check_container(
        "ports: [{containerPort: 1, name: a}, {containerPort: 2, name: a}]",
        &["ports[1].name"],
    );
}

#[test]
fn a_host_port_is_of_one_container() {
    let two = |host| {
        format!(
            "{{hostNetwork: {host}, containers: [{{name: a, image: b, ports: [{{containerPort: 80}}]}}, {{name: c, image: b, ports: [{{containerPort: 80}}]}}]}}"
        )
    };
    check(&two("false"), NONE);
    check(&two("true"), &["containers[1].ports[0].hostPort"]);
    check_container(
        "ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5}]",
        &["ports[1].hostPort"],
    );
    check(
        "{hostNetwork: true, containers: [{name: a, image: b, ports: [{containerPort: 1, hostPort: 5}]}]}",
        &["containers[0].ports[0].hostPort"],
    );
}

#[test]
fn an_init_container_has_a_name_of_its_own_and_no_probes() {
    check_beside("initContainers: [{name: a, image: b}]", &["initContainers[0].name"]);
    let init = |policy| {
        format!(
            "initContainers: [{{name: i, image: b, {policy} livenessProbe: {{exec: {{command: [x]}}}}}}]"
        )
    };
    check_beside(&init(""), &["initContainers[0].livenessProbe"]);
    check_beside(&init("restartPolicy: Always,"), NONE);
}

#[test]
fn containers_have_restart_policies_of_their_own_since_1_35() {
    check_container("restartPolicy: Always", NONE);
    check_container("restartPolicy: Foo", &["restartPolicy"]);
    check_container_version("restartPolicy: Always", "1.34", &["restartPolicy"]);
    check_container(
        "restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}]",
        &["restartPolicyRules[0].action"],
    );
    check_container(
        "restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]",
        &["restartPolicy"],
    );
}

#[test]
fn an_init_container_restarts_always_or_not_before_1_35() {
    let init = |fields: &str| format!("initContainers: [{{name: i, image: b, {fields}}}]");
    check_beside_version(
        &init("restartPolicy: Never"),
        "1.34",
        &["initContainers[0].restartPolicy"],
    );
    check_beside_version(&init("restartPolicy: Never"), "1.35", NONE);
    let rules = "restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]";
    check_beside(
        &init(&format!("restartPolicy: Always, {rules}")),
        &["initContainers[0].restartPolicyRules"],
    );
}

#[test]
fn a_variable_has_one_source() {
    check_container("env: [{name: A, valueFrom: {}}]", &["env[0].valueFrom"]);
    check_container(
        "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}, configMapKeyRef: {name: a, key: b}}}]",
        &["env[0].valueFrom"],
    );
    check_container(
        "env: [{name: A, value: x, valueFrom: {secretKeyRef: {name: a, key: b}}}]",
        &["env[0].valueFrom"],
    );
    check_container(
        "env: [{name: A, valueFrom: {secretKeyRef: {name: A, key: a/b}}}]",
        &["env[0].valueFrom.secretKeyRef.name", "env[0].valueFrom.secretKeyRef.key"],
    );
    check_container("envFrom: [{prefix: a=b, secretRef: {name: abc-}}]", &["envFrom[0].prefix"]);
    check_container("envFrom: [{}]", &["envFrom[0]"]);
}

#[test]
fn a_variable_is_filled_from_some_fields_of_its_pod() {
    let field =
        |path| format!("env: [{{name: A, valueFrom: {{fieldRef: {{fieldPath: {path}}}}}}}]");
    for path in ["status.podIP", "spec.host", "\"metadata.labels['a']\""] {
        check_container(&field(path), NONE);
    }
    for path in ["spec.foo", "metadata.labels", "\"spec.nodeName['a']\""] {
        check_container(&field(path), &["env[0].valueFrom.fieldRef.fieldPath"]);
    }
    check_container(&field("\"metadata.labels['a b']\""), &["env[0].valueFrom.fieldRef"]);
}

#[test]
fn a_divisor_is_one_of_a_unit_in_any_writing() {
    let of = |resource, divisor| {
        format!(
            "env: [{{name: A, valueFrom: {{resourceFieldRef: {{resource: {resource}, divisor: {divisor}}}}}}}]"
        )
    };
    check_container(&of("limits.cpu", "1000m"), NONE);
    check_container(&of("limits.memory", "1Mi"), NONE);
    check_container(&of("limits.memory", "0"), NONE);
    let path = "env[0].valueFrom.resourceFieldRef";
    check_container(&of("limits.cpu", "2"), &[&format!("{path}.divisor")]);
    check_container(&of("limits.foo", "1"), &[&format!("{path}.resource")]);
}

#[test]
fn a_port_of_a_probe_is_a_number_or_a_name() {
    let probe = |port| format!("readinessProbe: {{httpGet: {{port: {port}}}}}");
    for port in ["1", "65535", "http"] {
        check_container(&probe(port), NONE);
    }
    for port in ["0", "65536", "'8080'", "''"] {
        check_container(&probe(port), &["readinessProbe.httpGet.port"]);
    }
}

#[test]
fn liveness_takes_one_success() {
    check_container(
        "livenessProbe: {successThreshold: 2, exec: {command: [x]}}",
        &["livenessProbe.successThreshold"],
    );
    check_container("livenessProbe: {successThreshold: 0, exec: {command: [x]}}", NONE);
    check_container("readinessProbe: {successThreshold: 2, exec: {command: [x]}}", NONE);
    check_container(
        "readinessProbe: {terminationGracePeriodSeconds: 2, exec: {command: [x]}}",
        &["readinessProbe.terminationGracePeriodSeconds"],
    );
    check_container(
        "livenessProbe: {initialDelaySeconds: -1, exec: {command: []}}",
        &["livenessProbe.initialDelaySeconds", "livenessProbe.exec.command"],
    );
}

#[test]
fn a_container_sleeps_no_longer_than_it_may_take_to_end() {
    let sleep = |seconds| format!("lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}}");
    check_container(&sleep("30"), NONE);
    check_container(&sleep("31"), &["lifecycle.preStop.sleep"]);
    check_container_version(&sleep("0"), "1.33", NONE);
    check_container_version(&sleep("0"), "1.32", &["lifecycle.preStop.sleep"]);
}

#[test]
fn mounts_differ_and_stay_inside() {
    let mounts = |mounts| {
        format!(
            "{{containers: [{{name: a, image: b, volumeMounts: [{mounts}]}}], volumes: [{{name: v}}]}}"
        )
    };
    check(
        &mounts("{name: v, mountPath: /x}, {name: v, mountPath: /x}"),
        &["containers[0].volumeMounts[1].mountPath"],
    );
    check(
        &mounts("{name: v, mountPath: /x, subPath: ../y}"),
        &["containers[0].volumeMounts[0].subPath"],
    );
    check(
        &mounts("{name: v, mountPath: /x, subPath: a, subPathExpr: b}"),
        &["containers[0].volumeMounts[0].subPathExpr"],
    );
    check(
        &mounts("{name: v, mountPath: /x, mountPropagation: Bidirectional}"),
        &["containers[0].volumeMounts[0].mountPropagation"],
    );
    check(
        &mounts("{name: v, mountPath: /x, recursiveReadOnly: Enabled}"),
        &["containers[0].volumeMounts[0].recursiveReadOnly"],
    );
}

#[test]
fn a_device_is_of_a_claim() {
    let device = |volume| {
        format!(
            "{{containers: [{{name: a, image: b, volumeDevices: [{{name: v, devicePath: /d}}]}}], volumes: [{volume}]}}"
        )
    };
    check(&device("{name: v, persistentVolumeClaim: {claimName: c}}"), NONE);
    check(&device("{name: v, emptyDir: {}}"), &["containers[0].volumeDevices[0].name"]);
    check(&device("{name: w}"), &["containers[0].volumeDevices[0].name"]);
}

#[test]
fn a_volume_has_one_type() {
    check_beside("volumes: [{name: v}]", NONE);
    check_beside(
        "volumes: [{name: v, emptyDir: {}, secret: {secretName: s}}]",
        &["volumes[0].secret"],
    );
    check_beside(
        "volumes: [{name: a.b, emptyDir: {sizeLimit: '-1'}}]",
        &["volumes[0].name", "volumes[0].emptyDir.sizeLimit"],
    );
}

#[test]
fn files_of_a_volume_stay_inside_and_have_modes() {
    check_beside(
        "volumes: [{name: v, configMap: {name: c, defaultMode: 644}}]",
        &["volumes[0].configMap.defaultMode"],
    );
    check_beside(
        "volumes: [{name: v, configMap: {name: c, items: [{key: k, path: /a}]}}]",
        &["volumes[0].configMap.items[0].path"],
    );
    check_beside(
        "volumes: [{name: v, projected: {sources: [{configMap: {name: c, items: [{key: k, path: a}]}}, {secret: {name: c, items: [{key: k, path: a}]}}]}}]",
        &["volumes[0].projected"],
    );
    check_beside(
        "volumes: [{name: v, hostPath: {path: /a/../b, type: Dir}}]",
        &["volumes[0].hostPath.path", "volumes[0].hostPath.type"],
    );
    check_beside(
        "volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.labels}}, {path: b}]}}]",
        &["volumes[0].downwardAPI.items[1]"],
    );
}

#[test]
fn volumes_of_the_network_have_what_reaches_them() {
    check_beside("volumes: [{name: v, nfs: {server: s, path: a}}]", &["volumes[0].nfs.path"]);
    check_beside("volumes: [{name: v, fc: {targetWWNs: [a]}}]", &["volumes[0].fc.lun"]);
    check_beside("volumes: [{name: v, fc: {}}]", &["volumes[0].fc.targetWWNs"]);
    check_beside(
        "volumes: [{name: v, iscsi: {targetPortal: p, iqn: iqn.2001-04.com.example:a, lun: 0}}]",
        NONE,
    );
    check_beside(
        "volumes: [{name: v, iscsi: {targetPortal: p, iqn: iqn.x, lun: 256}}]",
        &["volumes[0].iscsi.iqn", "volumes[0].iscsi.lun"],
    );
    check_beside(
        "volumes: [{name: v, quobyte: {registry: a, volume: v}}]",
        &["volumes[0].quobyte.registry"],
    );
}

#[test]
fn a_disk_of_azure_is_shared_if_it_does_not_say() {
    check_beside(
        "volumes: [{name: v, azureDisk: {diskName: d, diskURI: x}}]",
        &["volumes[0].azureDisk.diskURI"],
    );
    check_beside(
        "volumes: [{name: v, azureDisk: {diskName: d, diskURI: 'https://a', kind: Managed}}]",
        &["volumes[0].azureDisk.diskURI"],
    );
    check_beside("volumes: [{name: v, azureDisk: {diskName: d, diskURI: 'https://a'}}]", NONE);
}

#[test]
fn a_pod_names_the_image_of_a_volume() {
    check_beside("volumes: [{name: v, image: {}}]", &["volumes[0].image.reference"]);
    check_beside(
        "volumes: [{name: v, image: {reference: r, pullPolicy: Foo}}]",
        &["volumes[0].image.pullPolicy"],
    );
    check("{containers: [{name: a, image: ' b'}]}", &["containers[0].image"]);
}

#[test]
fn requests_stay_within_limits() {
    check_container("resources: {limits: {cpu: 1}, requests: {cpu: 1000m}}", NONE);
    check_container(
        "resources: {limits: {cpu: 500m}, requests: {cpu: 1}}",
        &["resources.requests"],
    );
    check_container(
        "resources: {limits: {cpu: null}, requests: {cpu: 1}}",
        &["resources.requests"],
    );
    check_container("resources: {requests: {example.com/gpu: 1}}", &["resources.limits"]);
    check_container(
        "resources: {limits: {example.com/gpu: 500m}}",
        &["resources.limits[example.com/gpu]"],
    );
    check_container(
        "resources: {limits: {gpu: 1, memory: '-1'}}",
        &["resources.limits.gpu", "resources.limits.memory"],
    );
}

#[test]
fn huge_pages_come_whole_and_with_memory() {
    check_container("resources: {limits: {hugepages-2Mi: 4Mi, cpu: 1}}", NONE);
    check_container(
        "resources: {limits: {hugepages-2Mi: 3Mi, cpu: 1}}",
        &["resources.limits.hugepages-2Mi"],
    );
    check_container("resources: {limits: {hugepages-2Mi: 4Mi}}", &["resources"]);
}

#[test]
fn a_pod_asks_for_what_its_containers_ask_for() {
    let pod = |request| {
        format!(
            "{{resources: {{requests: {{cpu: {request}}}}}, containers: [{{name: a, image: b, resources: {{requests: {{cpu: 1}}}}}}, {{name: c, image: b, resources: {{limits: {{cpu: 1}}}}}}]}}"
        )
    };
    check(&pod("2"), NONE);
    check(&pod("1"), &["resources.requests.cpu"]);
    check_version(&pod("1"), "1.33", NONE);
    check_beside(
        "resources: {limits: {ephemeral-storage: 1Gi}}",
        &["resources.limits.ephemeral-storage"],
    );
}

#[test]
fn claims_of_containers_are_claims_of_the_pod() {
    let pod = |claims| {
        format!(
            "{{resourceClaims: [{{name: x, resourceClaimName: y}}], containers: [{{name: a, image: b, resources: {{claims: [{claims}]}}}}]}}"
        )
    };
    check(&pod("{name: x}"), NONE);
    check(&pod("{name: x}, {name: x, request: r}"), &["containers[0].resources.claims[1]"]);
    check(&pod("{name: z}"), &["containers[0].resources.claims[0]"]);
    check_beside("resourceClaims: [{name: x}]", &["resourceClaims[0]"]);
}
