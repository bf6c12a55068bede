//! What a server takes and warns of, by example. A real API server of version 1.35 was asked about each; tests/lint/warned.yaml
//! has more of them, beside what it said.

use crate::check::rules::tests::warned;

/// What is warned of in an object, a line each, without the next steps.
fn check(text: &str, expect: &str) {
    let said = warned(text, "1.35");
    let short: Vec<_> =
        said.lines().map(|line| line.split(" (").next().unwrap_or_default()).collect();
    assert_eq!(short.join("\n"), expect, "of {text}");
}

fn check_pod(spec: &str, expect: &str) {
    check(
        &format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{spec}}}}}"),
        expect,
    );
}

fn check_container(fields: &str, expect: &str) {
    check_pod(&format!("containers: [{{name: a, image: b, {fields}}}]"), expect);
}

fn check_spec(kind: &str, spec: &str, expect: &str) {
    let (api, kind) = kind.rsplit_once('/').unwrap_or(("v1", kind));
    check(
        &format!("{{apiVersion: {api}, kind: {kind}, metadata: {{name: a}}, spec: {{{spec}}}}}"),
        expect,
    );
}

#[test]
fn a_variable_hides_the_one_of_its_name_before_it() {
    check_container(
        "env: [{name: A, value: x}, {name: A, value: z}]",
        "`spec.containers[0].env[1]` hides the variable `A` before it",
    );
    check_container(
        "env: [{name: A, value: x}, {name: A, value: '$(A):z'}]",
        "`spec.containers[0].env[1]` is the variable `A` a second time",
    );
    check_container("env: [{name: A, value: x}, {name: B, value: x}]", "");
}

#[test]
fn a_port_is_there_a_second_time_or_overlaps_with_another() {
    let second = "`spec.containers[0].ports[1]`";
    let first = "`spec.containers[0].ports[0]`";
    for (ports, how) in [
        ("{containerPort: 80}, {containerPort: 80, protocol: TCP}", "is the same port as"),
        ("{containerPort: 80, hostPort: 1}, {containerPort: 80}", "overlaps with"),
        (
            "{containerPort: 80, hostPort: 1, hostIP: 1.2.3.4}, {containerPort: 80, hostPort: 1}",
            "cannot be told on the node from",
        ),
        (
            "{containerPort: 80, hostPort: 1}, {containerPort: 80, hostPort: 2}",
            "has the number and protocol of",
        ),
    ] {
        check_container(&format!("ports: [{ports}]"), &format!("{second} {how} {first}"));
    }
    check_container("ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]", "");
    check_container(
        "ports: [{containerPort: 80, hostIP: 1.2.3.4}]",
        "`spec.containers[0].ports[0]` has a `hostIP` without a `hostPort`, which does nothing",
    );
}

#[test]
fn a_port_of_another_container_has_the_same_name() {
    check_pod(
        "containers: [{name: a, image: b, ports: [{name: http, containerPort: 80}]}, {name: b, image: b, ports: [{name: http, containerPort: 81}]}]",
        "`spec.containers[1].ports[0]` has the name `http`, as `spec.containers[0].ports[0]` has",
    );
}

#[test]
fn a_server_warns_only_of_what_it_takes() {
    check_container(
        "env: [{name: A}, {name: A}], ports: [{name: x, containerPort: 1}, {name: x, containerPort: 2}]",
        "",
    );
}

#[test]
fn memory_has_whole_bytes() {
    check_container(
        "resources: {limits: {memory: 100m}, requests: {ephemeral-storage: '0.5'}}",
        "`spec.containers[0].resources.limits.memory` has a part of a byte\n`spec.containers[0].resources.requests.ephemeral-storage` has a part of a byte",
    );
    check_container("resources: {limits: {memory: 1.5Ki, cpu: 100m}}", "");
    let said = warned(
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1500m}}}}",
        "1.35",
    );
    assert_eq!(
        said,
        "`spec.resources.requests.storage` has a part of a byte (`m` are thousandths: for a million bytes write `M`, or `Mi`)"
    );
}

#[test]
fn an_entry_of_host_aliases_or_pull_secrets_is_there_a_second_time() {
    check_pod(
        "containers: [{name: a, image: b}], hostAliases: [{ip: 1.2.3.4}, {ip: 1.2.3.4}], imagePullSecrets: [{name: a}, {name: a}, {}]",
        "`spec.hostAliases[1].ip` is `1.2.3.4` a second time\n`spec.imagePullSecrets[1].name` is `a` a second time\n`spec.imagePullSecrets[2].name` is empty, so it names no Secret",
    );
}

#[test]
fn a_null_label_selector_matches_no_pod() {
    check_pod(
        "containers: [{name: a, image: b}], affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: a}}]}}",
        "`spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector` is absent, so no pod is counted",
    );
}

#[test]
fn labels_of_nodes_are_deprecated() {
    check_pod(
        "containers: [{name: a, image: b}], nodeSelector: {beta.kubernetes.io/os: linux, kubernetes.io/arch: amd64}",
        "`spec.nodeSelector[beta.kubernetes.io/os]` asks for the label `beta.kubernetes.io/os` of nodes, which is deprecated",
    );
}

#[test]
fn annotations_of_pods_do_nothing_any_more() {
    check(
        "{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}, spec: {containers: [{name: a, image: b}]}}",
        "`metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]` is an annotation that is deprecated",
    );
}

#[test]
fn types_of_volumes_are_deprecated() {
    check_pod(
        "containers: [{name: a, image: b}], volumes: [{name: a, gitRepo: {repository: x}}]",
        "`spec.volumes[0].gitRepo` is a type of volume that is deprecated since Kubernetes 1.11, and nothing mounts it by default from 1.33 on",
    );
}

#[test]
fn paths_of_files_overlap() {
    check_pod(
        "containers: [{name: a, image: b}], volumes: [{name: a, projected: {sources: [{secret: {name: s, items: [{key: k, path: p}]}}, {configMap: {name: m, items: [{key: k, path: p/q}]}}, {}]}}]",
        "`spec.volumes[0].projected.sources[1].configMap.items[0].path` lies below the file of `spec.volumes[0].projected.sources[0].secret.items[0].path`\n`spec.volumes[0].projected.sources[2]` is empty, so it adds no file",
    );
}

#[test]
fn addresses_are_not_standard_not_canonical_or_ambiguous() {
    check_spec(
        "Service",
        "type: LoadBalancer, ports: [{port: 80}], externalIPs: [01.2.3.4, '2001:DB8::1', 1.2.3.4], loadBalancerSourceRanges: [10.0.0.1/8]",
        "`spec.externalIPs[0]` is written in a way that Kubernetes will refuse one day: `01.2.3.4`\n`spec.externalIPs[1]` is not written in the usual way: `2001:DB8::1`\n`spec.loadBalancerSourceRanges[0]` is both an address and a range: `10.0.0.1/8`",
    );
}

#[test]
fn fields_of_a_service_are_ignored() {
    check_spec(
        "Service",
        "clusterIP: None, ports: [{port: 80}], sessionAffinity: ClientIP, externalName: a.b",
        "`spec.sessionAffinity` does nothing for a service with `clusterIP: None`\n`spec.externalName` does nothing where `type` is not `ExternalName`",
    );
    check_spec("Service", "clusterIP: None, ports: [{port: 80}], sessionAffinity: None", "");
}

#[test]
fn prefer_close_is_deprecated_since_1_35() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}], trafficDistribution: PreferClose}}";
    assert_eq!(warned(service, "1.34"), "");
    assert!(warned(service, "1.35").contains("`PreferClose`, which is deprecated"));
}

#[test]
fn a_name_with_dots_becomes_the_name_of_hosts() {
    let name = "is a DNS label of at most 63 small letters, digits and `-` at best";
    let deployment = |metadata: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{{metadata}}}, spec: {{selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}}}"
        )
    };
    let expect = format!("`metadata.name` becomes the name of hosts, which {name}");
    check(&deployment("name: a.b"), &expect);
    check(
        &deployment("generateName: a.b-"),
        &expect.replacen("metadata.name", "metadata.generateName", 1),
    );
    check(&deployment("name: a-b"), "");
}

#[test]
fn a_volume_is_recycled_or_of_an_old_type() {
    check_spec(
        "PersistentVolume",
        "capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Recycle, rbd: {monitors: [x], image: x}",
        "`spec.persistentVolumeReclaimPolicy` is `Recycle`, which is deprecated\n`spec.rbd` is a type of volume that is deprecated since Kubernetes 1.28, and nothing mounts it by default from 1.31 on",
    );
}

#[test]
fn a_quota_asks_for_more_than_it_allows() {
    check_spec(
        "ResourceQuota",
        "hard: {memory: 2Gi, limits.memory: 1Gi, requests.cpu: 1, limits.cpu: 1}",
        "`spec.hard.memory` is more than `spec.hard[limits.memory]`",
    );
}

#[test]
fn a_format_of_a_definition_is_not_recognised() {
    let definition = |format: &str| {
        format!(
            "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: shops.example.com}}, spec: {{group: example.com, names: {{kind: Shop, plural: shops}}, scope: Namespaced, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, properties: {{a: {{type: array, items: {{type: string, format: {format}}}}}}}}}}}}}]}}}}"
        )
    };
    check(
        &definition("date-tim"),
        "`spec.versions[0].schema.openAPIV3Schema.properties.a.items.format` is `date-tim`, which no server knows and none checks",
    );
    check(&definition("date-time"), "");
    assert!(warned(&definition("k8s-short-name"), "1.33").contains("k8s-short-name"));
    check(&definition("k8s-short-name"), "");
}

#[test]
fn a_certificate_is_no_pem_file() {
    check(
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/tls, data: {tls.crt: YQ==, tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==}}",
        "`data[tls.crt]` has no line with `-----BEGIN CERTIFICATE-----`, so no server of TLS can use it",
    );
}

#[test]
fn applying_refuses_what_a_create_says_nothing_of() {
    check(
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, secrets: [{name: a}, {name: a}]}",
        "`secrets[1].name` is `a` a second time",
    );
    check(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u}, {apiVersion: v1, kind: Pod, name: b, uid: u}]}}",
        "`metadata.ownerReferences[1]` has the `uid` `u` a second time",
    );
}
