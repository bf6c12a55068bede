//! Pods by example, where they run and what they may do there. A real API server of version 1.35 was asked.

use super::tests::{
    NONE, check, check_beside, check_beside_version, check_container, check_container_version,
};
use crate::check::rules::tests::{check_pod, refused};

#[test]
fn a_toleration_without_a_key_tolerates_all() {
    check_beside("tolerations: [{operator: Exists}, {key: a, value: b}]", NONE);
    check_beside("tolerations: [{value: b}]", &["tolerations[0].operator"]);
    check_beside(
        "tolerations: [{key: a, operator: Exists, value: b}]",
        &["tolerations[0].operator"],
    );
    check_beside("tolerations: [{key: a, operator: Lt, value: '1'}]", &["tolerations[0].operator"]);
    check_beside(
        "tolerations: [{key: a, effect: NoSchedule, tolerationSeconds: 1}]",
        &["tolerations[0].effect"],
    );
}

#[test]
fn labels_of_nodes_are_labels_where_they_are_required() {
    let asked = "matchExpressions: [{key: a, operator: In, values: [b c]}]";
    check_beside(
        &format!(
            "affinity: {{nodeAffinity: {{preferredDuringSchedulingIgnoredDuringExecution: [{{weight: 1, preference: {{{asked}}}}}]}}}}"
        ),
        NONE,
    );
    let required =
        "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let check = |terms: &str, expect: &str| {
        let fields = format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: {terms}}}}}}}"
        );
        check_beside(&fields, &[&format!("{required}{expect}")]);
    };
    check(&format!("[{{{asked}}}]"), "[0].matchExpressions[0].values[0]");
    check("[]", "");
    check(
        "[{matchExpressions: [{key: a, operator: Gt, values: []}]}]",
        "[0].matchExpressions[0].values",
    );
    check("[{matchFields: [{key: a, operator: In, values: [x]}]}]", "[0].matchFields[0].key");
}

#[test]
fn a_key_of_affinity_stands_in_one_place() {
    let term = |fields| {
        format!(
            "affinity: {{podAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: a, {fields}}}]}}}}"
        )
    };
    let at = |name| {
        format!("affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].{name}")
    };
    check_beside(&term("labelSelector: {matchLabels: {z: y}}, matchLabelKeys: [z]"), NONE);
    check_beside(
        &term("labelSelector: {matchLabels: {x: y}}, matchLabelKeys: [x]"),
        &[&at("matchLabelKeys[0]")],
    );
    check_beside(&term("matchLabelKeys: [x]"), &[&at("matchLabelKeys")]);
}

#[test]
fn pods_are_spread_one_way_by_each_key() {
    let spread = "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}";
    check_beside(
        &format!("topologySpreadConstraints: [{spread}, {spread}]"),
        &["topologySpreadConstraints[1]"],
    );
    check_beside(
        "topologySpreadConstraints: [{maxSkew: 0, topologyKey: a, whenUnsatisfiable: Foo}]",
        &["topologySpreadConstraints[0].maxSkew", "topologySpreadConstraints[0].whenUnsatisfiable"],
    );
    check_beside(
        "topologySpreadConstraints: [{maxSkew: 1, minDomains: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway}]",
        &["topologySpreadConstraints[0].minDomains"],
    );
}

#[test]
fn a_gate_keeps_a_pod_from_nodes() {
    check_beside("schedulingGates: [{name: a}, {name: a}]", &["schedulingGates[1]"]);
    check_beside("schedulingGates: [{name: a b}]", &["schedulingGates[0]"]);
    check_beside("nodeName: node, schedulingGates: [{name: a}]", &["nodeName"]);
}

#[test]
fn dns_without_a_policy_needs_servers() {
    check_beside("dnsPolicy: None", &["dnsConfig"]);
    check_beside("dnsPolicy: None, dnsConfig: {}", &["dnsConfig.nameservers"]);
    check_beside(
        "dnsConfig: {nameservers: [010.0.0.1, x], options: [{value: v}]}",
        &["dnsConfig.nameservers[1]", "dnsConfig.options[0]"],
    );
    check_beside(
        "dnsConfig: {searches: ['', _a.b, a_b.c., ., a..b]}",
        &["dnsConfig.searches[0]", "dnsConfig.searches[4]"],
    );
    let searches = "dnsConfig: {searches: [_a.b, .]}";
    check_beside_version(searches, "1.32", &["dnsConfig.searches[0]", "dnsConfig.searches[1]"]);
    check_beside_version(searches, "1.33", NONE);
}

#[test]
fn numbers_of_an_address_begin_with_zeros_before_1_36() {
    let aliases = "hostAliases: [{ip: 010.0.0.1}, {ip: '::ffff:1.2.3.4'}, {ip: '::1'}]";
    check_beside_version(aliases, "1.35", NONE);
    check_beside_version(aliases, "1.36", &["hostAliases[0].ip", "hostAliases[1].ip"]);
    check_beside(
        "hostAliases: [{ip: 1.2.3.4.5}, {ip: ''}, {ip: 1.2.3.4, hostnames: [A]}]",
        &["hostAliases[0].ip", "hostAliases[1].ip", "hostAliases[2].hostnames[0]"],
    );
}

#[test]
fn names_that_a_pod_refers_to_are_dns_names() {
    for field in [
        "nodeName",
        "priorityClassName",
        "runtimeClassName",
        "serviceAccountName",
        "hostname",
        "subdomain",
    ] {
        check_beside(&format!("{field}: A"), &[field]);
    }
}

#[test]
fn a_profile_of_the_node_is_named() {
    check_beside(
        "securityContext: {seccompProfile: {type: Localhost}}",
        &["securityContext.seccompProfile.localhostProfile"],
    );
    check_beside(
        "securityContext: {seccompProfile: {type: Unconfined, localhostProfile: a}}",
        &["securityContext.seccompProfile.localhostProfile"],
    );
    check_container(
        "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: ' a'}}",
        &["securityContext.appArmorProfile.localhostProfile"],
    );
    check_container(
        "securityContext: {appArmorProfile: {type: Foo}}",
        &["securityContext.appArmorProfile.type"],
    );
}

#[test]
fn a_privileged_container_may_escalate() {
    check_container(
        "securityContext: {privileged: true, allowPrivilegeEscalation: false}",
        &["securityContext"],
    );
    check_container(
        "securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}, allowPrivilegeEscalation: false}",
        &["securityContext"],
    );
    check_container("securityContext: {runAsUser: -1}", &["securityContext.runAsUser"]);
    check_container("securityContext: {procMount: Unmasked}", &["securityContext.procMount"]);
    let unmasked = "securityContext: {procMount: Unmasked}";
    check_container_version(unmasked, "1.32", NONE);
    check_container_version(unmasked, "1.33", &["securityContext.procMount"]);
}

#[test]
fn users_of_its_own_keep_a_pod_from_the_host() {
    check_beside("hostUsers: false, hostPID: true", &["hostPID"]);
    check_beside("hostPID: true, shareProcessNamespace: true", &["shareProcessNamespace"]);
    check_beside(
        "securityContext: {supplementalGroups: [-1, null]}",
        &["securityContext.supplementalGroups[0]"],
    );
    check_beside(
        "hostIPC: true, securityContext: {sysctls: [{name: kernel.sem, value: a}]}",
        &["securityContext.sysctls[0].name"],
    );
}

#[test]
fn volumes_are_labelled_recursively_only_before_1_36() {
    let policy = "securityContext: {seLinuxChangePolicy: MountOption}";
    check_beside_version(policy, "1.35", &["securityContext.seLinuxChangePolicy"]);
    check_beside_version(policy, "1.36", NONE);
}

#[test]
fn a_pod_of_windows_has_no_users_by_number() {
    check_beside(
        "os: {name: windows}, hostPID: false, securityContext: {sysctls: [], runAsUser: 1}",
        &["securityContext.runAsUser"],
    );
    check_beside(
        "os: {name: linux}, securityContext: {windowsOptions: {}}",
        &["securityContext.windowsOptions"],
    );
    check_beside("securityContext: {windowsOptions: {hostProcess: true}}", &["hostNetwork"]);
    for name in ["'a\\b\\c'", "''", "'..'", "'a:b'"] {
        check_beside(
            &format!("securityContext: {{windowsOptions: {{runAsUserName: {name}}}}}"),
            &["securityContext.windowsOptions.runAsUserName"],
        );
    }
    check_beside(
        "securityContext: {windowsOptions: {runAsUserName: 'NT AUTHORITY\\SYSTEM'}}",
        NONE,
    );
}

#[test]
fn an_annotation_of_a_profile_names_a_container() {
    let pod = |annotation: &str, fields: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a, annotations: {{{annotation}}}}}, spec: {{containers: [{{name: a, image: b, {fields}}}]}}}}"
        )
    };
    let armor = "container.apparmor.security.beta.kubernetes.io";
    let check = |annotation: &str, fields: &str, expect: &[&str]| {
        assert_eq!(refused(&pod(annotation, fields), "1.35"), expect, "of {annotation}")
    };
    check(&format!("{armor}/a: unconfined"), "", NONE);
    check(&format!("{armor}/q: unconfined"), "", &[&format!("metadata.annotations[{armor}/q]")]);
    check(
        "controller.kubernetes.io/pod-deletion-cost: '+1'",
        "",
        &["metadata.annotations[controller.kubernetes.io/pod-deletion-cost]"],
    );
    check(
        &format!("{armor}/a: unconfined"),
        "securityContext: {appArmorProfile: {type: RuntimeDefault}}",
        &["spec.containers[0].securityContext.appArmorProfile.type"],
    );
}

#[test]
fn a_pod_begins_without_ephemeral_containers() {
    check_pod(
        "{containers: [{name: a, image: b}], ephemeralContainers: [{name: e, image: f}]}",
        "[api/forbidden] `spec.ephemeralContainers` may only be added to a pod that runs (remove it)",
    );
}

#[test]
fn resizing_restarts_no_container_of_a_pod_that_never_restarts() {
    let resize = |policy| {
        format!(
            "{{restartPolicy: {policy}, containers: [{{name: a, image: b, resizePolicy: [{{resourceName: cpu, restartPolicy: RestartContainer}}]}}]}}"
        )
    };
    check(&resize("Always"), NONE);
    check(&resize("Never"), &["containers[0].resizePolicy"]);
}

#[test]
fn files_of_variables_lie_in_an_empty_directory_since_1_35() {
    let pod = |volume: &str| {
        format!(
            "{{containers: [{{name: a, image: b, env: [{{name: A, valueFrom: {{fileKeyRef: {{key: k, path: p, volumeName: v}}}}}}]}}], volumes: [{volume}]}}"
        )
    };
    check(&pod("{name: v, emptyDir: {}}"), NONE);
    check(&pod("{name: v}"), NONE);
    check(
        &pod("{name: v, secret: {secretName: s}}"),
        &["containers[0].env[0].valueFrom.fileKeyRef.volumeName"],
    );
    check(&pod("{name: w}"), &["containers[0].env[0].valueFrom.fileKeyRef.volumeName"]);
    let from_file = "env: [{name: A, valueFrom: {fileKeyRef: {key: k, path: p, volumeName: v}}}]";
    check_container_version(from_file, "1.34", &["env[0].valueFrom"]);
}
